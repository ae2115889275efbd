//! What a plan says field by field: each refusal is one sentence with the line or the field.

use tuf_ceremony::limits::{LINE, NAME, PLAN, REASON};
use tuf_ceremony::plan::Kind::{FirstRoot, Renewal, Rotation, TargetsRelease, TokenLost};
use tuf_ceremony::plan::{CardRef, KeySource, Plan, PlanFault};
use tuf_ceremony::strict::TomlFault;

use super::{example, refusal, refused, refused_before, with};

#[test]
fn an_unknown_field_is_refused_with_its_line_and_name() {
    let sentence = refusal(&with(FirstRoot, "countersign =", "countersing ="));
    assert!(
        sentence.starts_with("line 5, `countersing`: unknown field `countersing`, expected one of"),
        "{sentence}"
    );
    let deep = refusal(&with(Rotation, "part = \"officer\"", "part = \"officer\", phone = \"1\""));
    assert!(deep.starts_with("line 25, `people.olga`: unknown field `phone`"), "{deep}");
}

#[test]
fn a_field_that_stands_twice_is_refused_with_its_line_and_name() {
    refused(FirstRoot, "kind =", "title = \"x\"\nkind =", "line 4, `title`: duplicate key");
    let people = with(FirstRoot, "wim =", "anna =");
    assert!(refusal(&people).ends_with("`anna`: duplicate key"), "{}", refusal(&people));
}

#[test]
fn a_missing_field_and_a_field_of_another_kind_are_refused_with_their_line() {
    let missing = refusal(&with(FirstRoot, "version = 1\n", ""));
    assert!(missing.contains("`root`: missing field `version`"), "{missing}");
    let kind = refusal(&with(FirstRoot, "version = 1\n", "version = \"1\"\n"));
    assert!(kind.contains("`root.version`: invalid type: string"), "{kind}");
    let negative = refusal(&with(FirstRoot, "version = 1\n", "version = -1\n"));
    assert!(negative.contains("`root.version`: invalid value"), "{negative}");
}

#[test]
fn another_format_version_is_refused_before_its_fields() {
    let sentence = "it has the format 2, and this version reads format 1";
    refused(FirstRoot, "format = 1\n", "format = 2\nnew-field = true\n", sentence);
    let none = refusal(&with(FirstRoot, "format = 1\n", ""));
    assert!(none.contains("missing field `format`"), "{none}");
}

#[test]
fn what_is_no_toml_or_no_utf8_is_refused_with_its_line() {
    assert!(
        refusal("format = 1\ntitle = \"\n").starts_with("line 2"),
        "{}",
        refusal("format = 1\ntitle = \"\n")
    );
    let broken = [b"format = 1\n# ".as_slice(), &[0xff], b"\n"].concat();
    assert_eq!(Plan::read(&broken).unwrap_err().to_string(), "line 2 is not UTF-8");
}

#[test]
fn a_plan_as_large_as_the_cap_is_read_and_a_larger_one_is_refused() {
    let text = example(FirstRoot);
    let padded = |size: usize| format!("{text}# {}", "x".repeat(size - text.len() - 2));
    assert!(Plan::read(padded(PLAN.most).as_bytes()).is_ok());
    let past = Plan::read(padded(PLAN.most + 1).as_bytes()).unwrap_err();
    assert_eq!(past, PlanFault::Toml(TomlFault::Past(PLAN)));
}

#[test]
fn a_title_as_long_as_the_cap_is_read_and_a_longer_one_is_refused() {
    let title = |n: usize| with(FirstRoot, "The first root of the app repository", &"é".repeat(n));
    assert!(Plan::read(title(LINE.most).as_bytes()).is_ok());
    assert_eq!(refusal(&title(LINE.most + 1)), format!("`title` is past a limit: {LINE}"));
}

#[test]
fn a_reason_as_long_as_the_cap_is_read_and_a_longer_one_is_refused() {
    let lost = "The token did not come back from the repair shop.";
    let reason = |n: usize| with(TokenLost, lost, &"x".repeat(n));
    assert!(Plan::read(reason(REASON.most).as_bytes()).is_ok());
    assert_eq!(refusal(&reason(REASON.most + 1)), format!("`keys.bela.lost` is past a limit: {REASON}"));
}

#[test]
fn a_name_as_long_as_the_cap_is_read_and_a_longer_one_is_refused() {
    let name = |n: usize| with(FirstRoot, "wim =", &format!("{} =", "w".repeat(n)));
    assert!(Plan::read(name(NAME.most).as_bytes()).is_ok());
    assert!(refusal(&name(NAME.most + 1)).contains("is no name: 1 to 40 lower-case letters"));
}

#[test]
fn a_name_that_is_no_file_name_on_every_medium_is_refused() {
    for name in ["Wim", "\"\"", "-wim", "wim_", "\"w m\"", "\"w/m\"", "\"wïm\"", "\"..\"", "\"w\\u0000\""] {
        for old in ["wim =", "bela = { holders = [\"bela\"], card"] {
            let new = old.replacen(old.split(' ').next().unwrap(), name, 1);
            let sentence = refusal(&with(FirstRoot, old, &new));
            assert!(sentence.contains("is no name: 1 to 40 lower-case letters"), "{sentence}");
        }
    }
}

#[test]
fn a_text_that_nobody_could_read_aloud_is_refused() {
    let title = "title = \"The first root of the app repository\"";
    refused(FirstRoot, title, "title = \"\"", "`title` is empty");
    refused(FirstRoot, title, "title = \" x\"", "`title` begins or ends with a space");
    refused(FirstRoot, title, "title = \"a\\u001bb\"", "`title` holds a control character");
    refused(FirstRoot, "\"Wim Grote\"", "\"Wim\\nGrote\"", "`people.wim.name` holds a control character");
}

#[test]
fn two_people_of_one_name_are_refused() {
    refused(FirstRoot, "\"Wim Grote\"", "\"Anna Berg\"", "`people` lists \"Anna Berg\" twice");
}

#[test]
fn a_kind_or_a_part_that_nobody_knows_is_refused() {
    let kind = refusal(&with(FirstRoot, "\"first-root\"", "\"root\""));
    assert!(kind.contains("`kind`: unknown variant `root`, expected one of `first-root`"), "{kind}");
    let part = refusal(&with(FirstRoot, "\"witness\"", "\"guest\""));
    assert!(part.contains("`people.wim.part`: unknown variant `guest`"), "{part}");
}

#[test]
fn a_date_that_is_not_whole_seconds_in_utc_is_refused() {
    for date in [
        "2028-03-05",
        "2028-03-05T00:00:00+00:00",
        "2028-03-05T01:00:00+01:00",
        "2028-03-05T00:00:00.5Z",
        "2028-02-30T00:00:00Z",
        "soon",
    ] {
        let sentence = refusal(&with(FirstRoot, "2028-03-05T00:00:00Z", date));
        assert!(sentence.contains("`root.expires`: "), "{sentence}");
        assert!(sentence.contains("is not a date like 2027-03-05T00:00:00Z"), "{sentence}");
    }
    let unquoted = refusal(&with(FirstRoot, "\"2028-03-05T00:00:00Z\"", "2028-03-05T00:00:00Z"));
    assert!(unquoted.contains("`root.expires`: a date stands in quotes"), "{unquoted}");
}

#[test]
fn a_window_out_of_order_is_refused() {
    let order = "lies outside the order of the window: opens, then replies-by, then closes";
    let closes = format!("`window.closes` {order}");
    refused(FirstRoot, "opens = \"2027-03-01\"", "opens = \"2027-03-14\"", &closes);
    for early_or_late in ["2027-02-28", "2027-03-14T00:00:01Z"] {
        let sentence = format!("`window.replies-by` {order}");
        refused(FirstRoot, "2027-03-12T17:00:00Z", early_or_late, &sentence);
    }
}

#[test]
fn a_window_may_be_days_or_instants() {
    let plan = Plan::read(example(FirstRoot).as_bytes()).unwrap();
    let window = plan.window.unwrap();
    assert_eq!(window.opens.written(), "2027-03-01T00:00:00Z");
    assert_eq!(window.replies_by.unwrap().written(), "2027-03-12T17:00:00Z");
    let without =
        Plan::read(with(FirstRoot, "replies-by = \"2027-03-12T17:00:00Z\"\n", "").as_bytes()).unwrap();
    assert!(without.window.unwrap().replies_by.is_none());
}

#[test]
fn a_file_that_is_not_inside_the_plans_folder_is_refused() {
    let cases = [
        ("", "it is empty"),
        ("/etc/1.root.json", "it is absolute"),
        ("../1.root.json", "it leads out"),
        ("inputs/../../1.root.json", "it leads out"),
        ("inputs\\\\1.root.json", "it holds a backslash"),
        ("c:1.root.json", "it holds a colon"),
        ("inputs//1.root.json", "it holds an empty name or a dot for one"),
        ("./1.root.json", "it holds an empty name or a dot for one"),
        ("1.root\\u0007.json", "it holds a control character"),
    ];
    for (path, why) in cases {
        let sentence = format!("`predecessor.root.file` must be a file inside the plan's folder: {why}");
        refused(Rotation, "inputs/1.root.json", path, &sentence);
    }
    let public = "`keys.online.public.file` must be a file inside the plan's folder: it leads out";
    refused(FirstRoot, "inputs/online.pem", "../online.pem", public);
    let card = "`keys.anna.card.file` must be a file inside the plan's folder: it is absolute";
    refused(FirstRoot, "inputs/anna.key.json", "/anna.key.json", card);
    let added = "`targets.add.app-1.1.txt` must be a file inside the plan's folder: it leads out";
    refused(TargetsRelease, "\"inputs/app-1.1.txt\"", "\"../app-1.1.txt\"", added);
    let long = format!("inputs/{}", "x".repeat(LINE.most));
    let sentence = format!("`predecessor.root.file` is past a limit: {LINE}");
    refused(Rotation, "inputs/1.root.json", &long, &sentence);
}

#[test]
fn a_digest_that_is_none_is_refused() {
    let sentence = refusal(&with(Rotation, "sha256 = \"", "sha256 = \"A"));
    assert!(sentence.contains("a SHA-256 digest is 64 lower-case hex digits"), "{sentence}");
}

#[test]
fn one_file_with_two_digests_is_refused() {
    let zeros = "0".repeat(64);
    let second = format!("chain = [{{ file = \"inputs/1.root.json\", sha256 = \"{zeros}\" }}]\n[seen]");
    let sentence = "`predecessor.root` names the file \"inputs/1.root.json\" with another SHA-256 than another field does";
    refused(Rotation, "\n[seen]", &second, sentence);
}

#[test]
fn a_key_is_known_in_exactly_one_way() {
    let none = "`keys.online` must have exactly one of keyid, card and public";
    let text = example(FirstRoot);
    let line = text.lines().find(|line| line.starts_with("online =")).unwrap();
    refused(FirstRoot, line, "online = { holders = [] }", none);
    refused(FirstRoot, "online = {", "online = { card = \"to be made\",", none);
    refused(
        Rotation,
        "dora = { holders = [\"dora\"],",
        "dora = { holders = [\"dora\"], keyid = \"00\",",
        "`keys.dora` must have exactly one of keyid, card and public",
    );
}

#[test]
fn a_card_may_be_to_be_made_and_nothing_else_in_words() {
    let text = example(Rotation);
    let card = text.lines().find(|line| line.starts_with("dora = { holders")).unwrap();
    let plan =
        |words: &str| with(Rotation, card, &format!("dora = {{ holders = [\"dora\"], card = {words} }}"));
    let read = Plan::read(plan("\"to be made\"").as_bytes()).unwrap();
    assert_eq!(read.keys["dora"].source(), KeySource::Card(&CardRef::ToBeMade));
    let other = refusal(&plan("\"later\""));
    assert!(other.contains("expected a card's file and sha256, or \"to be made\""), "{other}");
    let field = refusal(&plan("{ file = \"a\", sha256 = \"b\", size = 1 }"));
    assert!(field.contains("keys.dora.card"), "{field}");
}

#[test]
fn holders_are_people_of_the_plan_and_each_stands_once() {
    let unknown = "`keys.anna.holders` names \"nobody\", who is none of the plan's people";
    refused(FirstRoot, "holders = [\"anna\"]", "holders = [\"nobody\"]", unknown);
    let twice = "`keys.anna.holders` lists \"anna\" twice";
    refused(FirstRoot, "holders = [\"anna\"]", "holders = [\"anna\", \"anna\"]", twice);
}

#[test]
fn one_key_under_two_names_is_refused() {
    let text = example(Rotation);
    let anna = text.lines().find(|line| line.starts_with("anna = { holders")).unwrap();
    let again = format!("{anna}\n{}", anna.replacen("anna", "anna-too", 1));
    refused(Rotation, anna, &again, "`keys.anna-too` is the same key as `keys.anna`");
    let text = example(FirstRoot);
    let card = text.lines().find(|line| line.starts_with("carla = { holders")).unwrap();
    let again = format!("{card}\n{}", card.replacen("carla", "carla-too", 1));
    refused(FirstRoot, card, &again, "`keys.carla-too` is the same key as `keys.carla`");
}

#[test]
fn a_key_id_needs_a_document_in_which_it_stands() {
    let text = example(FirstRoot);
    let card = text.lines().find(|line| line.starts_with("anna = { holders")).unwrap();
    let sentence =
        "`keys.anna.keyid` names a key id, and the plan has no predecessor in which it could stand";
    refused(FirstRoot, card, "anna = { holders = [\"anna\"], keyid = \"00\" }", sentence);
}

#[test]
fn fields_of_a_dialect_are_for_new_keys_and_never_the_specifications_own() {
    let kept = "`keys.anna.fields` keeps a key as it stands, so it may set no fields";
    refused(
        Rotation,
        "anna = { holders = [\"anna\"],",
        "anna = { holders = [\"anna\"], fields = { x = \"y\" },",
        kept,
    );
    let new = "dora = { holders = [\"dora\"],";
    let own = "`keys.dora.fields` sets \"scheme\", which every key has of its own";
    refused(Rotation, new, "dora = { holders = [\"dora\"], fields = { scheme = \"y\" },", own);
    let owner = "dora = { holders = [\"dora\"], fields = { x-tuf-on-ci-keyowner = \"@dora\" },";
    let plan = Plan::read(with(Rotation, new, owner).as_bytes()).unwrap();
    assert_eq!(plan.keys["dora"].fields["x-tuf-on-ci-keyowner"], "@dora");
}

#[test]
fn a_scheme_that_new_keys_do_not_get_is_refused() {
    for scheme in ["rsa-pkcs1v15-sha256", "ecdsa", "none"] {
        let sentence = refusal(&with(FirstRoot, "ecdsa-sha2-nistp256", scheme));
        assert!(sentence.contains("is no scheme that new keys are written with"), "{sentence}");
    }
}

#[test]
fn a_layout_needs_something_to_follow_and_a_spec_version_is_a_version() {
    refused_before(
        FirstRoot,
        "[root]",
        "[style]\nlayout = \"as-predecessor\"",
        "`style.layout` follows a predecessor, and the plan names none",
    );
    for odd in ["", "1", "1.0.x", "1.0.0.0", "v1.0", "1..0", "1.0000000000"] {
        let style = format!("[style]\nspec-version = \"{odd}\"");
        refused_before(FirstRoot, "[root]", &style, "`style.spec-version` is not a version like 1.0.31");
    }
    let plan = with(Renewal, "layout =", "spec-version = \"1.0.31\"\nlayout =");
    assert_eq!(Plan::read(plan.as_bytes()).unwrap().style.spec_version.as_deref(), Some("1.0.31"));
}

#[test]
fn an_exception_names_a_control_and_gives_a_reason_once() {
    let asks = |control: &str, reason: &str| {
        format!("[[exceptions]]\ncontrol = \"{control}\"\nabout = \"bela\"\nreason = \"{reason}\"\n")
    };
    let unknown = refusal(&with(FirstRoot, "[root]", &(asks("no-such", "x") + "[root]")));
    assert!(unknown.contains("`exceptions.control`: \"no-such\" is no control of this version"), "{unknown}");
    refused_before(FirstRoot, "[root]", &asks("key-shared", ""), "`exceptions[0].reason` is empty");
    let twice = asks("key-shared", "x") + &asks("key-shared", "y");
    refused_before(FirstRoot, "[root]", &twice, "`exceptions` lists \"key-shared of bela\" twice");
    let plan = with(FirstRoot, "[root]", &(asks("key-shared", "x") + "[root]"));
    assert_eq!(Plan::read(plan.as_bytes()).unwrap().exceptions.len(), 1);
}

#[test]
fn a_refusal_is_one_short_line_whatever_the_plan_is_named_by() {
    for name in ["a\\nb\\u001b", &"n".repeat(100_000)] {
        for old in ["wim =", "timestamp = {", "[root]", "countersign"] {
            let sentence = refusal(&with(
                FirstRoot,
                old,
                &old.replacen(['w', 't', 'r', 'c'], &format!("\"{name}\"."), 1),
            ));
            assert!(!sentence.contains(char::is_control), "{sentence}");
            assert!(sentence.len() < 2000, "{}", sentence.len());
        }
    }
}

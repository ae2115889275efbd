//! Plans that may not go on, and what a plan names that cannot be used: each is refused with one sentence, its cause and one
//! thing to do, before anything is written.

use crate::refusal::refused;
use crate::room::{DATE, Room, because, now};
use crate::stage::read;

const NOT_A_PLAN: &str = "\"new.plan.toml\" is refused as a plan.";
const NOT_ALLOWED: &str = "This plan may not go on.";

/// Opening the changed example is refused with this cause and this advice.
#[track_caller]
fn refuses(example: &str, changes: &[(&str, &str)], sentence: &str, cause: &str, advice: &str) {
    let room = Room::new();
    let told = room.opens_not(room.plan(example, changes), sentence);
    because(&told, cause);
    now(&told, advice);
}

#[test]
fn a_predecessor_that_is_missing_another_or_not_the_published_one_is_refused() {
    let room = Room::new();
    let gone = room.plan("rotation", &[("inputs/1.root.json", "inputs/no.root.json")]);
    for arguments in [&["open", "--date", DATE, gone, "folder"][..], &["plan", "check", gone]] {
        let told = room.refuses(arguments, 5, "There is no file or folder \"inputs/no.root.json\".");
        now(&told, "Check the name and that the right medium is inserted");
    }
    let other = room.plan("rotation", &[("\"db438cd8", "\"db438cd9")]);
    let told = room.opens_not(other, "\"inputs/1.root.json\" is not the file that the plan names.");
    because(&told, "the plan says SHA-256 db438cd9");
    now(&told, "Find the file that was reviewed");
    let kind = (room.named("inputs/1.root.json"), room.named("inputs/1.targets.json"));
    refuses(
        "rotation",
        &[(&kind.0, &kind.1)],
        NOT_ALLOWED,
        "the trusted root cannot be read as a root: it is targets metadata",
        "Mend the plan",
    );
    let version = "the plan makes root version 3, and version 2 follows the trusted root";
    refuses("rotation", &[("version = 2", "version = 3")], NOT_ALLOWED, version, "Mend the plan");
    let seen = "the predecessor is root version 1, and version 2 was seen: it is not the published one";
    refuses("rotation", &[("root = 1\n", "root = 2\n")], NOT_ALLOWED, seen, "Find the published version");
}

#[test]
fn a_plan_above_version_1_that_names_no_predecessor_is_refused() {
    let room = Room::new();
    let named = format!("[predecessor]\nroot = {}\n", room.named("inputs/1.root.json"));
    refuses("rotation", &[(&named, "")], NOT_A_PLAN, "no predecessor", "Mend the plan");
}

#[test]
fn a_chain_that_does_not_walk_to_the_trusted_root_is_refused() {
    let room = Room::new();
    let root = String::from_utf8(read(&room.desk.path("inputs/1.root.json"))).unwrap();
    room.desk.put("inputs/0.root.json", root.replace("\"threshold\":2", "\"threshold\":3"));
    let chain = format!("[predecessor]\nchain = [{}]", room.named("inputs/0.root.json"));
    let told = room.opens_not(room.plan("rotation", &[("[predecessor]", &chain)]), NOT_ALLOWED);
    because(&told, "of the chain to the trusted root does not hold");
}

#[test]
fn what_no_reader_of_plans_knows_is_refused() {
    for (from, to, cause) in [
        ("threshold = 2", "threshold = 4", "`root.roles.root.threshold` is 4, and only 3 keys are named"),
        ("threshold = 2", "threshold = 0", "`root.roles.root.threshold` is 0: at least one key must sign"),
        ("title =", "tiltle =", "line 3, `tiltle`: unknown field"),
        ("kind =", "title = \"again\"\nkind =", "line 4, `title`: duplicate key"),
        ("format = 1", "format = 2", "it has the format 2, and this version reads format 1"),
        ("format = 1\n", "", "missing field `format`"),
        ("kind = \"rotation\"", "kind = \"surprise\"", "surprise"),
        ("expires = \"2028-03-05T00:00:00Z\"", "expires = \"next year\"", "next year"),
        ("opens = \"2027-03-01\"", "opens = \"2027-02-30\"", "2027-02-30"),
        ("opens = \"2027-03-01\"", "opens = \"2027-04-01\"", "lies outside the order of the window"),
        ("\"anna\", \"carla\", \"dora\"]", "\"anna\", \"carla\", \"nobody\"]", "names \"nobody\""),
        ("version = 2", "version = 0", "is 0: versions start at 1"),
        ("title =", "title = \"", "line 3"),
    ] {
        refuses("rotation", &[(from, to)], NOT_A_PLAN, cause, "docs/spec/plan.md says every field");
    }
}

#[test]
fn a_plan_whose_kind_is_not_true_is_refused() {
    let comes = "comes to the role \"root\"";
    for (example, claimed, betrayed_by) in [
        ("rotation", "renewal", comes),
        ("rotation", "revocation", comes),
        ("rotation", "first-root", "draft A follows a published document"),
        ("rotation", "targets-release", "draft A is a root"),
        (
            "rotation",
            "token-replaced",
            "does not give the key that goes and the one that comes to the same people",
        ),
        ("token-replaced", "token-lost", "the plan does not call the key that goes lost"),
        ("token-lost", "token-replaced", "the plan calls the key that goes lost"),
        ("renewal", "rotation", "no key and no threshold changes"),
        ("first-root", "bootstrap", "it makes no targets"),
        ("revocation", "renewal", "leaves the role \"root\""),
    ] {
        let room = Room::new();
        let (from, to) = (format!("kind = \"{example}\""), format!("kind = \"{claimed}\""));
        let plan = room.plan(example, &[(&from, &to)]);
        let cause = format!("the plan says that it is a {claimed}, and it is not: ");
        let told = room.opens_not(plan, NOT_ALLOWED);
        because(&told, &cause);
        because(&told, betrayed_by);
        let (refusals, page) = room.checks_not(plan);
        assert!(refusals["kind"].contains(betrayed_by), "{refusals:?}");
        assert!(page.contains("This plan may NOT go on as it is."), "{page}");
    }
}

const SOON: (&str, &str) = ("expires = \"2028-03-05T00:00:00Z\"", "expires = \"2027-03-20T00:00:00Z\"");

fn asking(expires: &str) -> String {
    let wish = "[[exceptions]]\ncontrol = \"expiry-soon\"\nabout = \"root\"\nreason = \"a bridge\"\n";
    format!("{expires}\n\n{wish}")
}

#[test]
fn an_exception_that_nobody_asked_for_or_nothing_needs_is_refused() {
    let room = Room::new();
    let plan = room.plan("renewal", &[SOON]);
    let told = room.opens_not(plan, NOT_ALLOWED);
    because(&told, "nobody asked for an exception: root: it expires at 2027-03-20T00:00:00Z");
    now(&told, "let it ask for this one under [[exceptions]]");
    let (refusals, page) = room.checks_not(plan);
    assert!(refusals.contains_key("exception-unasked") && page.contains("[expiry-soon]"), "{page}");
    let needless = asking(SOON.0);
    let plan = room.plan("renewal", &[(SOON.0, &needless)]);
    because(&room.opens_not(plan, NOT_ALLOWED), "and nothing needs one");
    assert!(room.checks_not(plan).0.contains_key("exception-needless"));
    let unknown = needless.replace("expiry-soon", "expiry-now");
    refuses("renewal", &[(SOON.0, &unknown)], NOT_A_PLAN, "no control of this version", "Mend the plan");
}

#[test]
fn an_exception_that_a_signer_has_not_granted_keeps_her_signature_from_counting() {
    let room = Room::new();
    let asked = asking(SOON.1);
    room.open(room.plan("renewal", &[(SOON.0, &asked)]), "folder");
    let (anna, bela) = (crate::room::anna(), crate::room::bela());
    room.sign_into("folder", "0-a", &[&anna, &bela]).good();
    for arguments in [&["finalize", "folder"][..], &["finalize", "--draft", "a", "folder"]] {
        let told = room.refuses(arguments, 1, "This draft cannot become final yet.");
        because(&told, "without 2 of signers who have not granted what it needs");
        now(&told, "`conclave status` names who has not");
    }
    let missing = room.status("folder")["drafts"][0]["missing_grants"].clone();
    let people: Vec<&str> =
        missing.as_array().unwrap().iter().map(|grant| grant["person"].as_str().unwrap()).collect();
    assert_eq!(people, ["anna", "bela", "carla"]);
    let page = room.desk.run(["status", "folder"]).good().out();
    assert!(page.contains("\"bela\" has not granted the exception that [expiry-soon] needs"), "{page}");
    assert!(!page.contains("finalize it"), "it is not ready: {page}");
}

#[test]
fn what_is_expired_at_the_stated_date_and_a_date_that_is_none_are_refused() {
    let room = Room::new();
    let open = |date| ["open", "--date", date, "--one-device", "a test", "rotation.plan.toml", "folder"];
    let told = room.refuses(&open("2028-03-05"), 1, NOT_ALLOWED);
    because(&told, "root expires at 2028-03-05T00:00:00Z, and the date is 2028-03-05T00:00:00Z");
    now(&told, "Check the date that you stated");
    for date in ["soon", "2027-02-30", "", "5.3.2027"] {
        let told = room.refuses(&open(date), 2, &format!("\"{date}\" is not a date."));
        now(&told, "Type a date like 2027-03-05");
        room.refuses(&["plan", "check", "--date", date, "rotation.plan.toml"], 2, &told.error);
    }
}

#[test]
fn one_device_is_explained_for_a_real_root_and_for_nothing_else() {
    let room = Room::new();
    let alone = ["open", "--date", DATE, "rotation.plan.toml", "folder"];
    let told = room.refuses(&alone, 1, "A real root ceremony is kept on two devices.");
    now(&told, "--mirror");
    let needless = ["open", "--date", DATE, "--one-device", "x", "targets-release.plan.toml", "folder"];
    let told = room.refuses(&needless, 1, "This ceremony needs no reason for one device.");
    now(&told, "Leave --one-device out.");
}

#[test]
fn a_card_that_is_not_its_holders_own_is_refused() {
    let card = |change: fn(String) -> String| {
        let room = Room::new();
        let named = room.named("inputs/dora.key.json");
        let text = String::from_utf8(read(&room.desk.path("inputs/dora.key.json"))).unwrap();
        room.desk.put("inputs/dora.key.json", change(text));
        let named_now = room.named("inputs/dora.key.json");
        let plan = room.plan("rotation", &[(&named, &named_now)]);
        let check = room.refuses(&["plan", "check", plan], 1, "\"new.plan.toml\" gives no drafts.");
        let told = room.opens_not(plan, NOT_ALLOWED);
        assert_eq!((&check.because, &check.now), (&told.because, &told.now));
        told
    };
    let told = card(|text| text.replace("Dora Engel", "Dora Angel"));
    because(&told, "the card of \"dora\" is refused: its key has not signed it");
    now(&told, "Ask the key's holder for a card that is right");
    let told = card(|text| text + &" ".repeat(2_000_000));
    because(&told, "a small input file may have at most 1048576 bytes");
    now(&told, "Ask the key's holder");
    let room = Room::new();
    let plan = room.plan("rotation", &[("name = \"Dora Engel\"", "name = \"Dora Angel\"")]);
    let told = room.opens_not(plan, NOT_ALLOWED);
    because(&told, "the card of \"dora\" names [\"Dora Engel\"] as its holders");
    now(&told, "Ask the key's holder");
}

#[test]
fn practice_and_reality_are_kept_apart() {
    let room = Room::new();
    let marked = ("kind = ", "rehearsal = true\nkind = ");
    for (example, cause) in [
        ("rotation", "is real, and the plan is a rehearsal"),
        ("first-root", "the card of \"anna\" is real, and the plan is a rehearsal"),
    ] {
        let plan = room.plan(example, &[marked]);
        let open = ["open", "--date", DATE, plan, "folder"];
        let told = room.refuses(&open, 1, NOT_ALLOWED);
        because(&told, cause);
        now(&told, "Keep practice apart");
        now(&room.refuses(&["plan", "check", plan], 1, "\"new.plan.toml\" gives no drafts."), "practice");
    }
    // A card of practice in a real plan.
    let named = room.named("inputs/dora.key.json");
    room.desk.put("inputs/dora.key.json", crate::room::card(&crate::room::dora(), "Dora Engel", true));
    let now_named = room.named("inputs/dora.key.json");
    let told = room.opens_not(room.plan("rotation", &[(&named, &now_named)]), NOT_ALLOWED);
    because(&told, "the card of \"dora\" carries the mark of a rehearsal, and the plan is none");
    now(&told, "Keep practice apart");
}

#[test]
fn target_files_that_are_gone_linked_or_named_twice_are_refused() {
    let release = |add: &str, room: &Room| {
        room.plan("targets-release", &[("add = { \"app-1.1.txt\" = \"inputs/app-1.1.txt\" }", add)])
    };
    let room = Room::new();
    std::fs::create_dir(room.desk.path("inputs/d")).unwrap();
    room.desk.put("inputs/d/x.txt", "x");
    std::os::unix::fs::symlink("../1.root.json", room.desk.path("inputs/link")).unwrap();
    let open = ["open", "--date", DATE, "new.plan.toml", "folder"];
    let check = ["plan", "check", "new.plan.toml"];
    let refuses = |add: &str, code: i32, sentence: &str| {
        release(add, &room);
        room.refuses(&check, code, sentence);
        room.refuses(&open, code, sentence)
    };
    let told = refuses("add = { a = \"inputs/no\" }", 5, "There is no file or folder \"inputs/no\".");
    now(&told, "Check the name");
    let linked = "\"inputs/link\" is a symbolic link, not a regular file.";
    now(&refuses("add = { a = \"inputs/link\" }", 5, linked), "Put the file itself in its place");
    std::os::unix::fs::symlink("x.txt", room.desk.path("inputs/d/link")).unwrap();
    let linked = "\"inputs/d/link\" is a symbolic link, not a regular file.";
    now(&refuses("add = { d = \"inputs/d\" }", 5, linked), "links and devices are not followed");
    std::fs::remove_file(room.desk.path("inputs/d/link")).unwrap();
    let twice = "add = { d = \"inputs/d\", \"d/x.txt\" = \"inputs/app-1.1.txt\" }";
    refuses(twice, 1, "The plan adds \"d/x.txt\" twice.");
    for (add, cause) in [
        ("add = { \"/a\" = \"inputs/app-1.1.txt\" }", "the path starts with a slash"),
        ("add = { a = \"../x\" }", "must be a file inside the plan's folder: it leads out"),
        ("add = { a = \"/etc/passwd\" }", "must be a file inside the plan's folder"),
    ] {
        because(&refuses(add, 1, NOT_A_PLAN), cause);
    }
    release("remove = [\"nope.txt\"]", &room);
    let told = room.refuses(&open, 1, NOT_ALLOWED);
    because(&told, "\"nope.txt\" is to be removed from targets, and it is not there");
}

#[test]
fn a_plan_of_two_megabytes_is_refused_before_it_is_read() {
    let room = Room::new();
    room.desk.put("new.plan.toml", "#".repeat(2_000_000));
    let large = "\"new.plan.toml\" has 2,000,000 bytes; at most 1,048,576 are read.";
    for arguments in
        [&["plan", "check", "new.plan.toml"][..], &["open", "--date", DATE, "new.plan.toml", "f"]]
    {
        now(&room.refuses(arguments, 5, large), "Check that this is the file you meant");
    }
}

#[test]
fn a_folder_that_holds_something_or_cannot_be_made_is_not_opened() {
    let room = Room::new();
    std::fs::create_dir(room.desk.path("full")).unwrap();
    room.desk.put("full/photo.jpg", "");
    let open = |folder| ["open", "--date", DATE, "--one-device", "x", "rotation.plan.toml", folder];
    now(&room.refuses(&open("full"), 1, "\"full\" is not empty: \"photo.jpg\"."), "does not exist yet");
    let told = room.refuses(
        &open("rotation.plan.toml"),
        5,
        "\"rotation.plan.toml\", or a part of that path, is not a folder.",
    );
    now(&told, "a name that does not exist yet");
    room.refuses(&open("no/such"), 5, "There is no file or folder \"no/such\".");
    let told = room.refuses(
        &open("")[..6],
        2,
        "A ceremony is opened from a plan, in a new folder: two names are needed.",
    );
    now(&told, "conclave open PLAN FOLDER");
    room.open("rotation.plan.toml", "folder");
    let again = room.desk.run(open("folder"));
    assert!(refused(&again, 1).error.starts_with("\"folder\" is not empty: "));
}

#[test]
fn somebody_who_is_absent_is_named_as_the_plan_names_her() {
    let room = Room::new();
    let check = ["plan", "check", "--absent", "anna,nobody", "rotation.plan.toml"];
    let told = room.refuses(&check, 2, "The plan knows nobody of that name.");
    now(&told, "Name one of: anna, bela, carla, dora, olga, wim.");
}

#[test]
fn roles_that_the_plan_makes_no_document_of_are_forecast_under_the_new_root_and_decide_nothing() {
    let room = Room::new();
    let page = room.desk.run(["plan", "check", "--date", DATE, "rotation.plan.toml"]).good().out();
    let page = page.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        page.contains("targets: 2 signatures are needed, 2 keys can sign; margin 0: NOBODY may fail."),
        "{page}"
    );
    let facts =
        room.desk.run(["plan", "check", "--json", "--date", DATE, "rotation.plan.toml"]).good().json();
    let roles: Vec<&str> =
        facts["later"].as_array().unwrap().iter().map(|it| it["role"].as_str().unwrap()).collect();
    assert_eq!((roles, &facts["allowed"]), (vec!["targets"], &true.into()), "machines sign the others");
    // Without Carla both roots can be signed and targets cannot, which is no reason to refuse the root.
    let plan = String::from_utf8(read(&room.desk.path("rotation.plan.toml"))).unwrap();
    let carla = "name = \"Carla Dietz\", part = \"keyholder\"";
    assert!(plan.contains(carla));
    room.desk.put("new.plan.toml", plan.replacen(carla, &format!("{carla}, announced = false"), 1));
    let facts = room.desk.run(["plan", "check", "--json", "--date", DATE, "new.plan.toml"]).good().json();
    assert_eq!((&facts["later"][0]["can_be_met"], &facts["allowed"]), (&false.into(), &true.into()));
}

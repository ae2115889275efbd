//! What a plan makes: versions, predecessors, roles, what is added and to whom is delegated. Each refusal is one sentence.

use tuf_ceremony::plan::Kind::{
    Bootstrap, FirstRoot, Renewal, Revocation, Rotation, TargetsRelease, TokenLost,
};
use tuf_ceremony::plan::Plan;

use super::{example, refusal, refused, refused_before, with};

/// The line of an example that begins so, with its newline.
fn line(kind: tuf_ceremony::plan::Kind, begins: &str) -> String {
    let text = example(kind);
    let line = text.lines().find(|line| line.starts_with(begins)).unwrap();
    format!("{line}\n")
}

#[test]
fn a_plan_that_makes_nothing_is_refused() {
    let text = example(Renewal);
    let (before, _) = text.split_once("[root]").unwrap();
    assert_eq!(
        refusal(before),
        "the plan makes nothing: it has no root, targets, delegated, snapshot or timestamp"
    );
}

#[test]
fn version_zero_is_refused() {
    refused(Renewal, "version = 2", "version = 0", "`root.version` is 0: versions start at 1");
    refused(
        TargetsRelease,
        "[targets]\nversion = 2",
        "[targets]\nversion = 0",
        "`targets.version` is 0: versions start at 1",
    );
    refused(Renewal, "root = 1", "root = 0", "`seen.root` is 0: versions start at 1");
}

#[test]
fn a_version_above_one_needs_its_predecessor() {
    refused(
        FirstRoot,
        "version = 1\n",
        "version = 2\n",
        "`root.version` is 2, and the plan names no `predecessor.root`, which every version above 1 needs",
    );
    for role in ["targets", "snapshot", "timestamp"] {
        let sentence = format!(
            "`{role}.version` is 2, and the plan names no `predecessor.{role}`, which every version above 1 needs"
        );
        refused(TargetsRelease, &line(TargetsRelease, &format!("{role} = {{ file")), "", &sentence);
    }
}

#[test]
fn a_first_root_has_no_predecessor() {
    refused(
        Renewal,
        "version = 2",
        "version = 1",
        "`root.version` is 1, and the plan names a predecessor: a first root has none",
    );
}

#[test]
fn a_first_root_gives_keys_to_all_four_roles() {
    let timestamp = line(FirstRoot, "timestamp =");
    refused(
        FirstRoot,
        &timestamp,
        "",
        "`root.roles` leaves out \"timestamp\": a first root gives keys to all four roles",
    );
}

#[test]
fn a_root_speaks_for_the_four_roles_only() {
    refused(
        FirstRoot,
        "timestamp = {",
        "mirrors = {",
        "`root.roles.mirrors` is none of root, targets, snapshot and timestamp",
    );
}

#[test]
fn documents_without_any_root_are_refused() {
    let root = line(TargetsRelease, "root = { file");
    let sentence = refusal(&with(TargetsRelease, &root, ""));
    assert_eq!(sentence, "`predecessor.targets` needs the trusted root, here or as a predecessor");
    let first = "format = 1\ntitle = \"t\"\nkind = \"targets-release\"\n[targets]\nversion = 1\nexpires = \"2028-03-05T00:00:00Z\"\n";
    assert_eq!(refusal(first), "`predecessor` needs a root that names the keys, here or as a predecessor");
}

#[test]
fn a_chain_leads_to_a_trusted_root_and_holds_each_root_once() {
    let chain = |digits: &str| {
        format!(
            "chain = [{{ file = \"a.json\", sha256 = \"{0}\" }}, {{ file = \"b.json\", sha256 = \"{0}\" }}]",
            digits.repeat(32)
        )
    };
    let twice = format!("`predecessor.chain` lists \"{}\" twice", "0a".repeat(32));
    refused(Renewal, "[predecessor]\n", &format!("[predecessor]\n{}\n", chain("0a")), &twice);
    let one = format!(
        "[predecessor]\nchain = [{{ file = \"a.json\", sha256 = \"{}\" }}]\n[window]",
        "0a".repeat(32)
    );
    refused(
        FirstRoot,
        "[window]",
        &one,
        "`predecessor.chain` needs the trusted root, here or as a predecessor",
    );
}

#[test]
fn published_delegated_targets_need_the_published_targets() {
    let delegated = format!(
        "[predecessor]\ndelegated.app = {{ file = \"app.json\", sha256 = \"{}\" }}\n",
        "0b".repeat(32)
    );
    refused(
        Renewal,
        "[predecessor]\n",
        &delegated,
        "`predecessor.delegated` needs the top-level targets, here or as a predecessor",
    );
}

#[test]
fn a_snapshot_needs_targets_and_a_timestamp_needs_a_snapshot() {
    let text = example(Bootstrap);
    let start = text.find("[targets]").unwrap();
    let end = text.find("[snapshot]").unwrap();
    let without = format!("{}{}", &text[..start], &text[end..]);
    assert_eq!(
        refusal(&without),
        "`snapshot` needs the top-level targets that it lists, here or as a predecessor"
    );
    let (before, after) = (text.find("[snapshot]").unwrap(), text.find("[timestamp]").unwrap());
    let without = format!("{}{}", &text[..before], &text[after..]);
    assert_eq!(refusal(&without), "`timestamp` needs the snapshot that it lists, here or as a predecessor");
}

#[test]
fn a_role_names_known_keys_once() {
    let keys = "keys = [\"anna\", \"carla\", \"dora\"]";
    refused(
        Rotation,
        keys,
        "keys = [\"anna\", \"emil\"]",
        "`root.roles.root.keys` names \"emil\", which is none of the plan's keys",
    );
    refused(Rotation, keys, "keys = [\"anna\", \"anna\"]", "`root.roles.root.keys` lists \"anna\" twice");
}

#[test]
fn a_lost_key_signs_for_no_role() {
    refused(
        TokenLost,
        "\"bela-2\", \"carla\"]",
        "\"bela\", \"carla\"]",
        "`root.roles.root.keys` names \"bela\", which the plan calls lost",
    );
}

#[test]
fn a_threshold_is_at_least_one_and_never_above_the_keys() {
    let threshold = "threshold = 2 }";
    refused(
        Revocation,
        threshold,
        "threshold = 0 }",
        "`root.roles.root.threshold` is 0: at least one key must sign",
    );
    refused(
        Revocation,
        threshold,
        "threshold = 3 }",
        "`root.roles.root.threshold` is 3, and only 2 keys are named",
    );
    let none = with(Revocation, "keys = [\"anna\", \"carla\"], threshold = 2", "keys = [], threshold = 1");
    assert_eq!(refusal(&none), "`root.roles.root.threshold` is 1, and only 0 keys are named");
}

#[test]
fn what_is_added_is_said_in_one_way_and_under_paths_that_every_client_takes() {
    let add = line(TargetsRelease, "add =");
    let delta = format!("{add}delta = {{ file = \"d.json\", sha256 = \"{}\" }}\n", "0c".repeat(32));
    refused(TargetsRelease, &add, &delta, "`targets` has both add and delta: one of them says what is added");
    let odd = "`targets.add` adds \"../app\", which is no path of a target: the path holds a dot name";
    refused(TargetsRelease, "\"app-1.1.txt\" =", "\"../app\" =", odd);
}

#[test]
fn what_is_removed_stands_once_and_is_not_added() {
    let add = line(TargetsRelease, "add =");
    let twice = "`targets.remove` lists \"a\" twice";
    refused(TargetsRelease, &add, &format!("{add}remove = [\"a\", \"a\"]\n"), twice);
    let both = "`targets.remove` names \"app-1.1.txt\", which add names as well";
    refused(TargetsRelease, &add, &format!("{add}remove = [\"app-1.1.txt\"]\n"), both);
}

#[test]
fn only_a_delegated_role_is_delegated_by_something() {
    let sentence = "`targets.by` is for delegated roles; the root names the keys of the top-level targets";
    refused(TargetsRelease, "[targets]\n", "[targets]\nby = \"app\"\n", sentence);
}

/// The release with one more delegation of this text, and these lines of the targets.
fn delegating(delegation: &str, more: &str) -> String {
    let added = format!("{more}\n[targets.delegations.app]\n{delegation}\n\n[snapshot]");
    with(TargetsRelease, "\n[snapshot]", &added)
}

const APP: &str = "keys = [\"anna\"]\nthreshold = 1\npaths = [\"app/*\"]\nterminating = true";

#[test]
fn a_delegation_with_keys_threshold_and_paths_is_read() {
    let plan = Plan::read(delegating(APP, "delegation-order = [\"app\"]").as_bytes()).unwrap();
    let app = &plan.targets.unwrap().delegations["app"];
    assert_eq!((app.threshold, app.terminating), (1, true));
}

#[test]
fn a_delegation_covers_something_in_exactly_one_way() {
    let reach = "`targets.delegations.app` must have exactly one of paths and path-hash-prefixes";
    assert_eq!(refusal(&delegating(&APP.replace("paths = [\"app/*\"]\n", ""), "")), reach);
    assert_eq!(refusal(&delegating(&format!("{APP}\npath-hash-prefixes = [\"0\"]"), "")), reach);
    let paths = |list: &str| refusal(&delegating(&APP.replace("[\"app/*\"]", list), ""));
    assert_eq!(paths("[]"), "`targets.delegations.app.paths` lists nothing");
    assert_eq!(paths("[\"a\", \"a\"]"), "`targets.delegations.app.paths` lists \"a\" twice");
    assert_eq!(paths("[\"a\\u0000\"]"), "`targets.delegations.app.paths` holds a control character");
    let bins = |list: &str| {
        refusal(&delegating(&APP.replace("paths = [\"app/*\"]", &format!("path-hash-prefixes = {list}")), ""))
    };
    let place = "`targets.delegations.app.path-hash-prefixes`";
    assert_eq!(bins("[]"), format!("{place} lists nothing"));
    for odd in ["", "0G", "AB", &"0".repeat(65)] {
        let wanted = format!("{place} lists {odd:?}, which is not 1 to 64 lower-case hex digits");
        assert_eq!(bins(&format!("[{odd:?}]")), wanted);
    }
}

#[test]
fn a_delegation_names_known_keys_and_a_possible_threshold() {
    let unknown = refusal(&delegating(&APP.replace("\"anna\"", "\"emil\""), ""));
    assert_eq!(unknown, "`targets.delegations.app.keys` names \"emil\", which is none of the plan's keys");
    let above = refusal(&delegating(&APP.replace("threshold = 1", "threshold = 2"), ""));
    assert_eq!(above, "`targets.delegations.app.threshold` is 2, and only 1 keys are named");
}

#[test]
fn a_delegated_role_that_is_made_can_be_kept_as_a_final_file_beside_all_others() {
    let made = |names: &[&str]| {
        let wish = |name: &&str| {
            format!(
                "\n[delegated.{name:?}]\nversion = 1\nexpires = \"2028-03-05T00:00:00Z\"\nadd = {{ \"a\" = \"a\" }}\n"
            )
        };
        example(TargetsRelease) + &names.iter().map(wish).collect::<String>()
    };
    assert!(Plan::read(made(&["apps", "app 2"]).as_bytes()).is_ok());
    for odd in ["\u{fc}n\u{ef}", "app.", "app "] {
        assert!(refusal(&made(&[odd])).contains("is a name that no final file can have"), "{odd:?}");
    }
    for names in [["Targets", "apps"], ["apps", "APPS"]] {
        assert!(refusal(&made(&names)).contains("differ in case alone"), "{names:?}");
    }
}

#[test]
fn a_delegated_role_has_a_name_of_its_own_that_can_be_a_file() {
    let named = |name: &str| {
        refusal(&delegating(APP, "").replace("delegations.app", &format!("delegations.\"{name}\"")))
    };
    assert!(named("snapshot").ends_with("is a top-level role, not a delegated one"));
    for odd in ["", ".app", "a/b", "a\\\\b", "a:b", "a\\u0007"] {
        assert!(named(odd).contains("is no name of a role"), "{}", named(odd));
    }
    assert!(named(&"r".repeat(201)).contains("is no name of a role"));
    let seen = refusal(&with(Renewal, "root = 1\n", "\"a/b\" = 1\n"));
    assert!(seen.contains("is no name of a role"), "{seen}");
}

#[test]
fn the_order_of_delegations_names_each_new_one_once_and_none_that_goes() {
    let ordered = |more: &str| refusal(&delegating(APP, more));
    let place = "`targets.delegation-order`";
    assert_eq!(
        ordered("delegation-order = [\"web\"]"),
        format!("{place} leaves out \"app\", which is delegated to here")
    );
    assert_eq!(ordered("delegation-order = [\"app\", \"app\"]"), format!("{place} lists \"app\" twice"));
    let goes = ordered("undelegate = [\"web\"]\ndelegation-order = [\"app\", \"web\"]");
    assert_eq!(goes, format!("{place} names \"web\", which undelegate names as well"));
    let both = ordered("undelegate = [\"app\"]");
    assert_eq!(both, "`targets.undelegate` names \"app\", which delegations names as well");
    assert_eq!(ordered("undelegate = [\"web\", \"web\"]"), "`targets.undelegate` lists \"web\" twice");
    assert_eq!(
        ordered("undelegate = [\"root\"]"),
        "`targets.undelegate` is a top-level role, not a delegated one"
    );
}

/// The release with these tables of delegated targets.
fn delegated(tables: &str) -> String {
    with(TargetsRelease, "\n[snapshot]", &format!("\n{tables}\n[snapshot]"))
}

fn table(role: &str, by: &str) -> String {
    format!("[delegated.{role}]\nversion = 1\nexpires = \"2028-03-05T00:00:00Z\"\n{by}\n")
}

#[test]
fn a_delegated_role_leads_to_the_top_level_targets() {
    assert!(Plan::read(delegated(&table("app", "")).as_bytes()).is_ok());
    let two = table("app", "") + &table("part", "by = \"app\"");
    assert!(Plan::read(delegated(&two).as_bytes()).is_ok());
    let unknown =
        "`delegated.app.by` names \"web\", and the plan neither makes it nor has it as a predecessor";
    assert_eq!(refusal(&delegated(&table("app", "by = \"web\""))), unknown);
    let circle = table("app", "by = \"web\"") + &table("web", "by = \"app\"");
    assert_eq!(
        refusal(&delegated(&circle)),
        "`delegated.app.by` leads in a circle and never to the top-level targets"
    );
    let itself = refusal(&delegated(&table("app", "by = \"app\"")));
    assert_eq!(itself, "`delegated.app.by` leads in a circle and never to the top-level targets");
}

#[test]
fn delegated_targets_without_top_level_targets_are_refused() {
    let app = with(Renewal, "[root]\n", &(table("app", "") + "[root]\n"));
    let sentence =
        "`delegated.app.by` names \"targets\", and the plan neither makes it nor has it as a predecessor";
    assert_eq!(refusal(&app), sentence);
}

#[test]
fn a_delegated_version_above_one_needs_its_predecessor() {
    let second = delegated(&table("app", "").replace("version = 1", "version = 2"));
    let sentence = "`delegated.app.version` is 2, and the plan names no `predecessor.delegated.app`, which every version above 1 needs";
    assert_eq!(refusal(&second), sentence);
    refused_before(
        TargetsRelease,
        "[snapshot]",
        &table("root", ""),
        "`delegated.root` is a top-level role, not a delegated one",
    );
}

//! What each kind of ceremony is about, in the words that its people read when it is opened.

use tuf_conclave::report::guidance;

use crate::stage::{Stage, example, is};

fn about(plan: &str) -> String {
    Stage::told(&guidance(Stage::of(plan).state()))
}

#[test]
fn a_first_root_begins_everything() {
    is(
        &about(&example("first-root")),
        r#"
This ceremony makes the first root: everything that anybody trusts later begins
    with it.
Look for each holder's name beside her key, how many of them must sign, and the
    day on which it expires.
Nothing stands before it that it could be compared with. So hear the words of
    each key from its holder herself.
"#,
    );
}

#[test]
fn a_bootstrap_is_a_root_and_what_stands_under_it() {
    is(
        &about(&example("bootstrap")),
        r#"
This ceremony makes a whole repository: the first root, and the first targets,
    snapshot and timestamp under it.
Look for each holder's name beside her key, how many of them must sign for what,
    the files that targets lists, and when each document expires.
The other documents count by the keys that the root names, so the root becomes
    final first. Hear the words of each key from its holder herself.
"#,
    );
}

#[test]
fn a_rotation_names_who_comes_and_who_goes() {
    is(
        &about(&example("rotation")),
        r#"
This ceremony changes whose keys count, or how many of them must sign.
New: "Dora Engel" (key dora).
They go: "Bela Costa" (key bela).
Look for every NEW KEY, and hear its words from its holder; for everybody who
    should still be there; and for how many must sign.
It needs enough signatures of the old root and of the new one. One signature
    counts for both where a key stands in both.
"#,
    );
}

#[test]
fn a_replaced_token_stays_with_its_person() {
    is(
        &about(&example("token-replaced")),
        r#"
This ceremony gives one person another token; nobody comes and nobody goes.
"Bela Costa" stays with another token: her key bela goes, and her key bela-2
    comes.
Look for exactly one NEW KEY, in her name; hear its words from herself. The
    people and the number that must sign stay as they are.
Her old token still counts for the old root, and only the new one for the new
    root: she may be asked for both.
"#,
    );
}

#[test]
fn a_lost_token_is_named_and_the_old_side_counted_without_it() {
    is(
        &about(&example("token-lost")),
        r#"
This ceremony takes a lost token out of the root; nobody goes.
"Bela Costa" stays with another token: her key bela goes, and her key bela-2
    comes.
Look for the lost key among those that go, and for one NEW KEY in the same name;
    hear its words from herself.
Until the new root is published, whoever finds the lost token and knows its PIN
    can still sign for the old one: publish soon.
The key bela cannot sign any more:
    "The token did not come back from the repair shop."
The old root needs 2 signatures, counted without the key bela; who can give
    them: "Anna Berg" (key anna), "Carla Dietz" (key carla). Nobody of them may
    fail.
"#,
    );
}

#[test]
fn a_revocation_names_whose_key_goes() {
    is(
        &about(&example("revocation")),
        r#"
This ceremony takes keys away, and nobody comes for them.
They go: "Bela Costa" (key bela).
Look for the keys that go: these and no others. Look for how many must sign from
    now on, and whether those who stay are enough.
What such a key signs counts for nothing for whoever has the new root, and still
    counts for whoever has not: publish soon.
"#,
    );
}

#[test]
fn a_renewal_changes_nothing_else() {
    is(
        &about(&example("renewal")),
        r#"
This ceremony changes versions and days of expiry, and nothing else.
Look for what should not be there: if a key, a name or a number that must sign
    has changed, stop and ask.
It is the easiest ceremony to sign without reading. Read the version and the new
    day aloud.
"#,
    );
}

#[test]
fn a_targets_release_leaves_the_root() {
    is(
        &about(&example("targets-release")),
        r#"
This ceremony releases files: targets lists them, and the root stays as it is.
Look for the name of each file, and compare its digest with the one from those
    who built it, not with the file beside the plan.
Whatever is signed here, clients install. A file that nobody can account for is
    a reason to decline.
Snapshot and timestamp are signed by the key of a machine.
"#,
    );
}

/// The example with a card that is still to be made.
fn to_be_made(kind: &str, key: &str) -> String {
    let card = |line: &str| match line.split_once("card = {") {
        Some((start, _)) if line.starts_with(&format!("{key} = ")) => {
            format!("{start}card = \"to be made\" }}\n")
        }
        _ => format!("{line}\n"),
    };
    example(kind).lines().map(card).collect()
}

#[test]
fn the_same_person_with_another_token_is_noticed_before_her_new_key_is_made() {
    let told = about(&to_be_made("token-replaced", "bela-2"));
    assert!(
        told.contains("\"Bela Costa\" stays with another token: her key bela goes, and her key bela-2"),
        "{told}"
    );
}

#[test]
fn a_person_whose_key_is_still_to_be_made_is_new_already() {
    let told = about(&to_be_made("rotation", "dora"));
    assert!(told.contains("New: \"Dora Engel\" (key dora).") && !told.contains("They go"), "{told}");
}

#[test]
fn the_same_person_with_another_token_is_noticed_in_a_rotation_too() {
    let plan = example("token-replaced").replace("kind = \"token-replaced\"", "kind = \"rotation\"");
    let told = about(&plan);
    assert!(told.contains("\"Bela Costa\" stays with another token"), "{told}");
    assert!(!told.contains("New:") && !told.contains("They go:"), "{told}");
}

#[test]
fn the_old_side_without_a_lost_key_is_counted_as_it_stands_now() {
    let mut stage = Stage::of(&example("token-lost"));
    stage.sign("A", "anna", "anna").decline("A", "carla");
    let told = guidance(stage.state()).join(" ");
    assert!(
        told.contains("who can give them: \"Anna Berg\"") && told.contains("That is NOT enough."),
        "{told}"
    );
}

#[test]
fn keys_that_the_plan_gives_to_nobody_go_too_and_are_counted() {
    let plan = example("rotation");
    let without = plan.lines().filter(|line| !line.starts_with("bela = { holders")).map(|l| format!("{l}\n"));
    let told = about(&without.collect::<String>());
    assert!(told.contains("They go: 1 key that the plan gives to nobody."), "{told}");
}

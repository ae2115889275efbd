//! What comes after: the boxes behind a close, and the words of a keyholder far away.

use tuf_conclave::report::{by_phone, publication};

use crate::stage::{Stage, example, is, rotation, shown};

fn boxes(stage: &Stage) -> String {
    shown(|screen| publication(screen, stage.state()))
}

fn signed(plan: &str, letters: &[&str]) -> Stage {
    let mut stage = Stage::of(plan);
    stage.come(&["anna", "olga"]);
    for letter in letters {
        for name in ["anna", "carla"] {
            stage.sign(letter, name, name);
        }
        stage.finalize(letter);
    }
    stage
}

#[test]
fn before_the_close_there_are_no_boxes() {
    assert_eq!(boxes(&signed(&rotation(), &["A", "B"])), "");
}

#[test]
fn a_root_and_targets_are_published_in_that_order_and_the_machine_lists_them() {
    let mut stage = signed(&rotation(), &["A", "B"]);
    stage.close();
    is(
        &boxes(&stage),
        r#"
What comes next: tick each box
------------------------------
[ ] Write the whole head of the close on paper (it begins with 924257d7), and
    let those who are here sign the page.
[ ] Copy final/ to two media. On each copy, `sha256sum -c` must find these lines
    true:
673145f1130792ff5004f376111bcd9bd351018fb361f5b230fc3bbad74ea880  2.root.json
28a0bd4f6550bbe66ef58e418d9a9383775c1bf947fb06fcdaa6d4f9f17b42a5  2.targets.json
[ ] Publish 2.root.json first, beside the older roots; they all stay where they
    are.
[ ] Then publish 2.targets.json.
[ ] Let the online machine make snapshot and timestamp anew; before that is
    published, clients see nothing of the new targets.
[ ] Tell the head to those who are not here, by phone or on paper: "Bela Costa",
    "Carla Dietz", "Dora Engel".
[ ] Let somebody who had no part in it run `conclave replay --head 'WORDS'
    FOLDER`, with the words from the paper.
[ ] Store the folder on both media, apart from each other, beyond 2028-03-05 and
    as long as your rules say. Delete nothing in it.
[ ] What is scanned, filmed or published, write down: `conclave note
    --addendum`.
"#,
    );
}

#[test]
fn a_root_alone_leaves_the_rest_as_it_is() {
    let mut stage = signed(&example("renewal"), &["A"]);
    stage.close();
    let boxes = boxes(&stage);
    assert!(
        boxes.contains("[ ] Publish 2.root.json first,") && boxes.contains("[ ] Nothing else is published"),
        "{boxes}"
    );
}

#[test]
fn a_whole_repository_ends_with_the_timestamp_and_owed_countersignatures_are_named() {
    let mut stage = Stage::of(&example("bootstrap"));
    stage.sign("A", "anna", "anna").sign("A", "bela", "bela").finalize("A");
    stage.sign("B", "anna", "anna").sign("B", "carla", "carla").finalize("B");
    for letter in ["C", "D"] {
        stage.sign(letter, "olga", "online").finalize(letter);
    }
    stage.close().countersign("bela", "bela");
    is(
        &boxes(&stage),
        r#"
What comes next: tick each box
------------------------------
[ ] Write the whole head of the close on paper (it begins with 1b442b2e), and
    let those who are here sign the page.
[ ] Have the head countersigned by anna, carla: `conclave countersign`.
[ ] Copy final/ to two media. On each copy, `sha256sum -c` must find these lines
    true:
a04bc837109f6f3345d703e6e75d2bd8889e65257c30829a31d3de7386a70b78  1.root.json
4f7f12bcfb148a565b2bf55f8a5df7144c1b0b374a07d6631afcf87b2d193789  1.targets.json
10576e46e2f1a111fa12d08ccbbf901327965bfba0ae796be34abeb6d224922c  1.snapshot.json
b315beb3690452420f73a68e96ddb20948bc6d7d56a817374cac3e1f07052819  timestamp.json
[ ] Publish 1.root.json first, and give it to whoever builds the clients: they
    trust nothing else yet.
[ ] Then publish 1.targets.json.
[ ] Then publish 1.snapshot.json.
[ ] Publish timestamp.json last of all: only then do clients look for the rest.
[ ] Tell the head to those who are not here, by phone or on paper: "Anna Berg",
    "Bela Costa", "Carla Dietz".
[ ] Let somebody who had no part in it run `conclave replay --head 'WORDS'
    FOLDER`, with the words from the paper.
[ ] Store the folder on both media, apart from each other, beyond 2028-03-05 and
    as long as your rules say. Delete nothing in it.
[ ] What is scanned, filmed or published, write down: `conclave note
    --addendum`.
"#,
    );
}

#[test]
fn without_consistent_snapshots_targets_are_published_under_a_bare_name() {
    let plan = example("bootstrap").replace("consistent-snapshot = true", "consistent-snapshot = false");
    let asked = "[[exceptions]]\ncontrol = \"consistent-snapshot\"\nabout = \"consistent_snapshot\"\nreason = \"r\"\n";
    let mut stage = Stage::of(&(plan + asked));
    for (letter, name) in [("A", "anna"), ("A", "bela"), ("B", "anna"), ("B", "carla")] {
        stage.grant("A", name).sign(letter, name, name);
    }
    stage.finalize("A").finalize("B").close();
    let boxes = boxes(&stage);
    assert!(boxes.contains("[ ] Publish 1.targets.json under the name targets.json"), "{boxes}");
    assert!(boxes.contains("Let the online machine make snapshot and timestamp anew"), "{boxes}");
}

#[test]
fn where_nothing_became_final_nothing_is_published() {
    let mut stage = Stage::of(&rotation());
    stage.sign("A", "anna", "anna").close();
    let boxes = boxes(&stage);
    assert!(!boxes.contains("ublish ") && boxes.contains("[ ] Store the folder, as long as"), "{boxes}");
}

#[test]
fn a_keyholder_far_away_says_the_first_line_of_all_that_she_signed_and_of_her_head() {
    let mut stage = Stage::of(&rotation());
    stage.sign("A", "carla", "carla").decline("B", "carla");
    is(
        &Stage::told(&by_phone(stage.state(), "carla")),
        r#"
This is "Carla Dietz", in the ceremony "Dora takes over from Bela".
I signed draft A, "root" version 2. Line 1 of its digest: snowcap quantity
    glitter hamburger.
I declined draft B, "targets" version 2.
The head of my folder after line 6, which the file holds: line 1 is bedlamp
    savagery drumbeat insincere.
Then the officer reads line 2 of each to you. Say yes only if it stands so on
    your own screen or paper, word by word.
If one word differs, say so, send nothing, and keep your folder as it is.
"#,
    );
    // The words are those of the numbered lines on her screen.
    let digest = shown(|screen| tuf_conclave::report::digest(screen, stage.draft("A").payload()));
    let line = digest.lines().find(|line| line.starts_with("  1  ")).unwrap();
    let words = line.split_whitespace().skip(1).collect::<Vec<_>>().join(" ");
    let told = by_phone(stage.state(), "carla");
    assert!(told[1].ends_with(&format!("Line 1 of its digest: {words}.")), "{told:?}");
}

#[test]
fn what_somebody_else_signed_is_not_hers_to_say() {
    let mut stage = Stage::of(&rotation());
    stage.sign("A", "anna", "anna").fail("A", "carla", "carla", "the PIN is wrong");
    let told = by_phone(stage.state(), "carla");
    assert_eq!(told[1], "I have signed nothing.");
}

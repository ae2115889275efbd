//! The board while drafts gather signatures: nothing, half, all of them, and what went wrong on the way.

use tuf_ceremony::transcript::event::*;

use crate::stage::{Stage, example, rotation, text};

fn opened() -> Stage {
    Stage::of(&rotation())
}

#[test]
fn nobody_has_come_and_nothing_is_signed() {
    opened().says(
        r#"
Ceremony: "Dora takes over from Bela"
  kind         rotation, a real ceremony; line 2, head 116b0777...
  done         machine and clock
  now          people
  to do        reading and signing, final files, close, publish
  said here    nobody yet
A  root version 2: not enough signatures yet
   old root: 0 of 2 signed; can sign: anna, bela, carla; margin 1: one may fail
   new root: 0 of 2 signed; can sign: anna, carla, dora; margin 1: one may fail
B  targets version 2: 0 of 2 signed; can sign: anna, carla; margin 0
"#,
    );
}

#[test]
fn a_rotation_of_two_drafts_leaves_twelve_lines_for_a_question() {
    let mut stage = opened();
    stage.come(&["anna", "bela", "carla", "dora", "olga", "wim"]).sign("A", "anna", "anna");
    stage.sign("B", "anna", "anna").decline("A", "bela");
    assert!(stage.board().lines().count() <= 12, "{}", stage.board());
}

#[test]
fn a_rehearsal_is_told_as_one() {
    let plan = example("first-root").replace("kind = ", "rehearsal = true\nkind = ");
    let plan = plan.replace("card = { file", "card_ = { file");
    // Cards of practice are made in the key phase; those of the example are real.
    let cards = |line: &str| match line.split_once("card_ = ") {
        Some((key, _)) => format!("{key}card = \"to be made\" }}\n"),
        None => format!("{line}\n"),
    };
    Stage::of(&plan.lines().map(cards).collect::<String>()).says(
        r#"
Ceremony: "The first root of the app repository"
  kind         first-root, a REHEARSAL; line 1, head 0079d738...
  done         machine and clock
  now          people
  to do        keys, reading and signing, final files, close, countersign
  said here    nobody yet
  no key yet   anna, bela, carla
"#,
    );
}

#[test]
fn one_signature_counts_on_both_sides() {
    let mut stage = opened();
    stage.come(&["anna", "olga", "wim"]).sign("A", "anna", "anna");
    stage.says(
        r#"
Ceremony: "Dora takes over from Bela"
  kind         rotation, a real ceremony; line 8, head f4cd6cdc...
  done         machine and clock, people
  now          reading and signing
  to do        final files, close, publish
  said here    Anna Berg (anna), Olga Fries (olga), Wim Grote (wim)
A  root version 2: not enough signatures yet
   old root: 1 of 2 signed (anna); can sign: bela, carla; margin 1: one may fail
   new root: 1 of 2 signed (anna); can sign: carla, dora; margin 1: one may fail
B  targets version 2: 0 of 2 signed; can sign: anna, carla; margin 0
"#,
    );
}

#[test]
fn enough_is_enough_before_it_is_final() {
    let mut stage = opened();
    stage.come(&["anna", "carla"]);
    stage.sign("A", "anna", "anna").sign("A", "dora", "dora").sign("A", "carla", "carla");
    stage.sign("B", "carla", "carla").sign("B", "anna", "anna");
    stage.says(
        r#"
Ceremony: "Dora takes over from Bela"
  kind         rotation, a real ceremony; line 19, head badd0bb5...
  done         machine and clock, people, reading and signing
  now          final files
  to do        close, publish
  said here    Anna Berg (anna), Carla Dietz (carla)
A  root version 2: enough signatures, not final yet
   old root: 2 of 2 signed (anna, carla); enough
   new root: 3 signed, 2 needed (anna, carla, dora); enough
B  targets version 2: 2 of 2 signed (anna, carla); enough, not final yet
"#,
    );
    stage.finalize("A");
    stage.says(
        r#"
Ceremony: "Dora takes over from Bela"
  kind         rotation, a real ceremony; line 20, head 67639fdf...
  done         machine and clock, people, reading and signing
  now          final files
  to do        close, publish
  said here    Anna Berg (anna), Carla Dietz (carla)
B  targets version 2: 2 of 2 signed (anna, carla); enough, not final yet
Final: A root 2
"#,
    );
    stage.finalize("B");
    stage.says(
        r#"
Ceremony: "Dora takes over from Bela"
  kind         rotation, a real ceremony; line 21, head 30a6264a...
  done         machine and clock, people, reading and signing, final files
  now          close
  to do        publish
  said here    Anna Berg (anna), Carla Dietz (carla)
Final: A root 2, B targets 2
"#,
    );
}

#[test]
fn a_new_token_of_one_person_is_hers_on_the_new_side() {
    let mut stage = Stage::of(&example("token-replaced"));
    stage.come(&["bela"]).sign("A", "bela", "bela-2");
    stage.says(
        r#"
Ceremony: "A new token for Bela"
  kind         token-replaced, a real ceremony; line 6, head 65308aa6...
  done         machine and clock, people
  now          reading and signing
  to do        final files, close, publish
  said here    Bela Costa (bela)
A  root version 2: not enough signatures yet
   old root: 0 of 2 signed; can sign: anna, bela, carla; margin 1: one may fail
   new root: 1 of 2 signed (bela); can sign: anna, carla; margin 1: one may fail
"#,
    );
}

#[test]
fn two_keys_of_one_person_on_one_side_are_told_apart() {
    let plan = example("token-replaced")
        .replace("[\"anna\", \"bela-2\", \"carla\"]", "[\"anna\", \"bela\", \"bela-2\"]");
    let plan = plan.replace("kind = \"token-replaced\"", "kind = \"rotation\"");
    let asked = "[[exceptions]]\ncontrol = \"one-holder\"\nabout = \"root\"\nreason = \"for a week\"\n";
    let mut stage = Stage::of(&(plan + asked));
    stage.decline("A", "anna");
    stage.says(
        r#"
Ceremony: "A new token for Bela"
  kind         rotation, a real ceremony; line 3, head ce416bb9...
  done         machine and clock, people
  now          reading and signing
  to do        final files, close, publish
  said here    nobody yet
A  root version 2: not enough signatures yet
   old root: 0 of 2 signed; can sign: bela, carla; margin 0: nobody may fail
   new root: 0 of 2 signed; can sign: bela (bela), bela (bela-2); margin 0
   not counted on: anna (DECLINED)
"#,
    );
}

#[test]
fn an_attempt_that_gave_nothing_is_told_until_it_is_made_good() {
    let mut stage = opened();
    stage.fail("A", "carla", "carla", "the token says that the PIN is wrong, and two tries are left");
    stage.says(
        r#"
Ceremony: "Dora takes over from Bela"
  kind         rotation, a real ceremony; line 5, head 94c7796c...
  done         machine and clock, people
  now          reading and signing
  to do        final files, close, publish
  said here    nobody yet
A  root version 2: not enough signatures yet
   old root: 0 of 2 signed; can sign: anna, bela, carla; margin 1: one may fail
   new root: 0 of 2 signed; can sign: anna, carla, dora; margin 1: one may fail
B  targets version 2: 0 of 2 signed; can sign: anna, carla; margin 0
! Line 4: no signature of carla on draft A: the token says that the PIN is wr...
"#,
    );
    stage.sign("A", "carla", "carla");
    assert!(!stage.board().contains("no signature of carla"));
}

#[test]
fn an_attempt_in_doubt_is_told_until_its_key_has_signed() {
    let mut stage = opened();
    stage.begin("B", "anna", "anna");
    assert!(stage.board().contains("! Line 4: anna's token was asked to sign draft B: outcome not known.\n"));
    let (begun, outcome) = (stage.state().lines(), Failure::Unknown);
    stage.take(Event::SigningFailed(SigningFailed { begun, outcome, why: text("it hung") }));
    stage.sign("B", "anna", "anna");
    stage.says(
        r#"
Ceremony: "Dora takes over from Bela"
  kind         rotation, a real ceremony; line 8, head 89f23056...
  done         machine and clock, people
  now          reading and signing
  to do        final files, close, publish
  said here    nobody yet
A  root version 2: not enough signatures yet
   old root: 0 of 2 signed; can sign: anna, bela, carla; margin 1: one may fail
   new root: 0 of 2 signed; can sign: anna, carla, dora; margin 1: one may fail
B  targets version 2: 1 of 2 signed (anna); can sign: carla; margin 0
"#,
    );
}

#[test]
fn a_key_that_the_plan_does_not_name_is_told_apart_and_counts_once_it_signed() {
    let plan = rotation();
    let bela = plan.lines().filter(|line| !line.starts_with("bela = { holders")).map(|l| format!("{l}\n"));
    let mut stage = Stage::of(&bela.collect::<String>());
    stage.says(
        r#"
Ceremony: "Dora takes over from Bela"
  kind         rotation, a real ceremony; line 2, head d1ca3f16...
  done         machine and clock
  now          people
  to do        reading and signing, final files, close, publish
  said here    nobody yet
A  root version 2: not enough signatures yet
   old root: 0 of 2 signed; can sign: anna, carla; margin 0: nobody may fail
   new root: 0 of 2 signed; can sign: anna, carla, dora; margin 1: one may fail
   not counted on: 1 key that the plan gives to nobody
B  targets version 2: 0 of 2 signed; can sign: anna, carla; margin 0
"#,
    );
    stage.sign("A", "bela", "bela");
    stage.says(
        r#"
Ceremony: "Dora takes over from Bela"
  kind         rotation, a real ceremony; line 5, head 41f7e135...
  done         machine and clock, people
  now          reading and signing
  to do        final files, close, publish
  said here    nobody yet
A  root version 2: not enough signatures yet
   old root: 1 of 2 signed (90788c89...); can sign: anna, carla; margin 1
   new root: 0 of 2 signed; can sign: anna, carla, dora; margin 1: one may fail
B  targets version 2: 0 of 2 signed; can sign: anna, carla; margin 0
"#,
    );
}

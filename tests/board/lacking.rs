//! The board where somebody is missing: refusals, absence, locked and lost tokens, and thresholds beyond reach.

use crate::stage::{Stage, example, rotation};

fn half() -> Stage {
    let mut stage = Stage::of(&rotation());
    stage.come(&["anna", "carla", "olga"]).sign("A", "anna", "anna").sign("B", "anna", "anna");
    stage
}

#[test]
fn a_refusal_takes_one_from_the_margin() {
    let mut stage = half();
    stage.decline("A", "carla");
    stage.says(
        r#"
Ceremony: "Dora takes over from Bela"
  kind         rotation, a real ceremony; line 12, head b73b872c...
  done         machine and clock, people
  now          reading and signing
  to do        final files, close, publish
  said here    Anna Berg (anna), Carla Dietz (carla), Olga Fries (olga)
A  root version 2: not enough signatures yet
   old root: 1 of 2 signed (anna); can sign: bela; margin 0: nobody may fail
   new root: 1 of 2 signed (anna); can sign: dora; margin 0: nobody may fail
   not counted on: carla (DECLINED)
B  targets version 2: 1 of 2 signed (anna); can sign: carla; margin 0
"#,
    );
}

#[test]
fn whoever_left_is_not_counted_on_and_what_she_signed_stays() {
    let mut stage = half();
    stage.leave("anna").leave("carla");
    stage.says(
        r#"
Ceremony: "Dora takes over from Bela"
  kind         rotation, a real ceremony; line 13, head db65d392...
  done         machine and clock, people
  now          reading and signing
  to do        final files, close, publish
  said here    Olga Fries (olga)
  gone         Anna Berg (anna), Carla Dietz (carla)
A  root version 2: not enough signatures yet
   old root: 1 of 2 signed (anna); can sign: bela; margin 0: nobody may fail
   new root: 1 of 2 signed (anna); can sign: dora; margin 0: nobody may fail
   not counted on: carla (left)
B  targets version 2: 1 of 2 signed (anna); CANNOT BE MET: 1 missing
   not counted on: carla (left)
   What helps: one of these after all, or another plan, or abort.
   Signatures that another plan or abort loses: anna
"#,
    );
}

#[test]
fn what_cannot_be_met_any_more_says_what_helps_and_what_it_costs() {
    let mut stage = half();
    stage.come(&["bela"]).leave("bela").decline("A", "carla");
    stage.says(
        r#"
Ceremony: "Dora takes over from Bela"
  kind         rotation, a real ceremony; line 14, head 3f8b78aa...
  done         machine and clock, people
  now          reading and signing
  to do        final files, close, publish
  said here    Anna Berg (anna), Carla Dietz (carla), Olga Fries (olga)
  gone         Bela Costa (bela)
A  root version 2: CANNOT BE COMPLETED by those who are left
   old root: 1 of 2 signed (anna); CANNOT BE MET: 1 missing
   new root: 1 of 2 signed (anna); can sign: dora; margin 0: nobody may fail
   not counted on: bela (left), carla (DECLINED)
   What helps: one of these after all, or another plan, or abort.
   Signatures that another plan or abort loses: anna
B  targets version 2: 1 of 2 signed (anna); can sign: carla; margin 0
"#,
    );
}

#[test]
fn with_nothing_signed_another_plan_costs_nothing() {
    let mut stage = Stage::of(&example("renewal"));
    stage.decline("A", "anna").decline("A", "bela");
    stage.says(
        r#"
Ceremony: "The root of 2028"
  kind         renewal, a real ceremony; line 4, head 131a5546...
  done         machine and clock, people
  now          reading and signing
  to do        final files, close, publish
  said here    nobody yet
A  root version 2: CANNOT BE COMPLETED by those who are left
   old root: 0 of 2 signed; can sign: carla; CANNOT BE MET: 1 missing
   new root: 0 of 2 signed; can sign: carla; CANNOT BE MET: 1 missing
   not counted on: anna (DECLINED), bela (DECLINED)
   What helps: one of these after all, or another plan, or abort.
   Nobody has signed it, so another plan or abort loses nothing.
"#,
    );
}

#[test]
fn a_locked_token_is_not_counted_on() {
    let mut stage = half();
    stage.fail("A", "carla", "carla", "the token is locked").lock("carla", "carla");
    stage.says(
        r#"
Ceremony: "Dora takes over from Bela"
  kind         rotation, a real ceremony; line 15, head f4213378...
  done         machine and clock, people
  now          reading and signing
  to do        final files, close, publish
  said here    Anna Berg (anna), Carla Dietz (carla), Olga Fries (olga)
A  root version 2: not enough signatures yet
   old root: 1 of 2 signed (anna); can sign: bela; margin 0: nobody may fail
   new root: 1 of 2 signed (anna); can sign: dora; margin 0: nobody may fail
   not counted on: carla (token locked)
B  targets version 2: 1 of 2 signed (anna); CANNOT BE MET: 1 missing
   not counted on: carla (token locked)
   What helps: one of these after all, or another plan, or abort.
   Signatures that another plan or abort loses: anna
! Line 13: no signature of carla on draft A: the token is locked
"#,
    );
}

#[test]
fn a_lost_key_is_told_beside_the_key_that_takes_its_place() {
    Stage::of(&example("token-lost")).says(
        r#"
Ceremony: "Bela lost her token"
  kind         token-lost, a real ceremony; line 2, head 9cdf8796...
  done         machine and clock
  now          people
  to do        reading and signing, final files, close, publish
  said here    nobody yet
A  root version 2: not enough signatures yet
   old root: 0 of 2 signed; can sign: anna, carla; margin 0: nobody may fail
   new root: 0 of 2 signed; can sign: anna, bela, carla; margin 1: one may fail
   not counted on: the key bela (lost)
"#,
    );
}

#[test]
fn a_lost_key_alone_leaves_no_hope_but_another_plan() {
    let plan = example("token-lost")
        .replace("carla = { holders = [\"carla\"], ", "carla = { lost = \"too\", holders = [\"carla\"], ");
    let plan = plan.replace("[\"anna\", \"bela-2\", \"carla\"]", "[\"anna\", \"bela-2\"]");
    let mut stage = Stage::of(&plan.replace("kind = \"token-lost\"", "kind = \"rotation\""));
    stage.sign("A", "anna", "anna");
    stage.says(
        r#"
Ceremony: "Bela lost her token"
  kind         rotation, a real ceremony; line 5, head bfe2c3d5...
  done         machine and clock, people
  now          reading and signing
  to do        final files, close, publish
  said here    nobody yet
A  root version 2: CANNOT BE COMPLETED by those who are left
   old root: 1 of 2 signed (anna); CANNOT BE MET: 1 missing
   new root: 1 of 2 signed (anna); can sign: bela; margin 0: nobody may fail
   not counted on: the key bela (lost), the key carla (lost)
   What helps: another plan, or abort.
   Signatures that another plan or abort loses: anna
"#,
    );
}

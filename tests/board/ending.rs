//! The board before the drafts are made, on a break, and when it is over.

use tuf_ceremony::transcript::event::*;

use crate::stage::{Stage, example, rotation, text};

/// A first root whose people get their tokens in the ceremony.
fn new_keys() -> Stage {
    let cards = |line: &str| match line.split_once("card = { file = \"inputs/") {
        Some((key, _)) => format!("{key}card = \"to be made\" }}\n"),
        None => format!("{line}\n"),
    };
    Stage::of(&example("first-root").lines().map(cards).collect::<String>())
}

#[test]
fn before_the_keys_are_made_there_are_no_drafts() {
    new_keys().says(
        r#"
Ceremony: "The first root of the app repository"
  kind         first-root, a real ceremony; line 1, head 0a9c82e1...
  done         machine and clock
  now          people
  to do        keys, reading and signing, final files, close, countersign,
               publish
  said here    nobody yet
  no key yet   anna, bela, carla
"#,
    );
}

#[test]
fn in_the_key_phase_the_keys_that_are_missing_are_named() {
    let mut stage = new_keys();
    stage.come(&["anna", "olga"]).compare("anna").generate("bela");
    stage.says(
        r#"
Ceremony: "The first root of the app repository"
  kind         first-root, a real ceremony; line 5, head 036d0a30...
  done         machine and clock, people
  now          keys
  to do        reading and signing, final files, close, countersign, publish
  said here    Anna Berg (anna), Olga Fries (olga)
  no card yet  bela
  no key yet   carla
"#,
    );
    stage.compare("bela").compare("carla");
    stage.seal();
    stage.says(
        r#"
Ceremony: "The first root of the app repository"
  kind         first-root, a real ceremony; line 8, head ad011550...
  done         machine and clock, people, keys
  now          reading and signing
  to do        final files, close, countersign, publish
  said here    Anna Berg (anna), Olga Fries (olga)
A  root version 1: 0 of 2 signed; can sign: anna, bela, carla; margin 1
"#,
    );
}

#[test]
fn a_break_is_told_with_who_said_it() {
    let mut stage = Stage::of(&rotation());
    stage.come(&["olga"]).take(Event::BreakBegan(Stage::note("olga", "lunch until two")));
    stage.says(
        r#"
Ceremony: "Dora takes over from Bela"
  kind         rotation, a real ceremony; line 4, head 0a8c3f85...
  done         machine and clock, people
  now          reading and signing
  to do        final files, close, publish
  said here    Olga Fries (olga)
ON A BREAK since line 4, says olga: lunch until two
A  root version 2: not enough signatures yet
   old root: 0 of 2 signed; can sign: anna, bela, carla; margin 1: one may fail
   new root: 0 of 2 signed; can sign: anna, carla, dora; margin 1: one may fail
B  targets version 2: 0 of 2 signed; can sign: anna, carla; margin 0
"#,
    );
    stage.take(Event::BreakEnded(BreakEnded { by: text("olga"), watched_by: Some(text("wim")) }));
    assert!(!stage.board().contains("BREAK"));
}

fn finished() -> Stage {
    let mut stage = Stage::of(&example("first-root"));
    stage.come(&["anna", "bela"]).sign("A", "anna", "anna").sign("A", "bela", "bela").finalize("A");
    stage
}

#[test]
fn a_close_that_is_to_be_countersigned_names_who_has_not() {
    let mut stage = finished();
    stage.close();
    stage.says(
        r#"
Ceremony: "The first root of the app repository"
  kind         first-root, a real ceremony; line 12, head 7a0ed2e3...
  done         machine and clock, people, reading and signing, final files,
               close
  now          countersign
  to do        publish
Final: A root 1
Still to countersign: anna, bela
"#,
    );
    stage.countersign("bela", "bela");
    stage.says(
        r#"
Ceremony: "The first root of the app repository"
  kind         first-root, a real ceremony; line 13, head a3bd079b...
  done         machine and clock, people, reading and signing, final files,
               close
  now          countersign
  to do        publish
Final: A root 1
Still to countersign: anna
"#,
    );
    stage.countersign("anna", "anna");
    stage.says(
        r#"
Ceremony: "The first root of the app repository"
  kind         first-root, a real ceremony; line 14, head e26b7eb9...
  done         machine and clock, people, reading and signing, final files,
               close, countersign
  now          publish
Final: A root 1
"#,
    );
}

#[test]
fn what_the_close_cut_short_never_became_final() {
    let mut stage = Stage::of(&rotation());
    stage.come(&["anna"]).sign("A", "anna", "anna").close();
    stage.says(
        r#"
Ceremony: "Dora takes over from Bela"
  kind         rotation, a real ceremony; line 7, head 9ba7fed8...
  done         machine and clock, people, close
  now          nothing
A  root version 2: it never became final
B  targets version 2: it never became final
"#,
    );
}

#[test]
fn an_aborted_ceremony_says_so_and_nothing_else_is_to_do() {
    let mut stage = Stage::of(&rotation());
    stage.sign("A", "anna", "anna").take(Event::Aborted(Stage::note("olga", "two tokens are broken")));
    stage.says(
        r#"
Ceremony: "Dora takes over from Bela"
  kind         rotation, a real ceremony; line 6, head e605e081...
  The ceremony was ABORTED: nothing of it may be published. Keep this folder.
A  root version 2: it never became final
B  targets version 2: it never became final
"#,
    );
}

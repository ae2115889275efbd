//! The board of large ceremonies and of hostile ones: every draft that lacks something has its line, long lists say how much of
//! them is missing, and every line fits.

use tuf_ceremony::card::{Card, Claims};
use tuf_ceremony::digest::Digest;
use tuf_ceremony::signable::Signable;
use tuf_ceremony::transcript::event::*;

use crate::mint::Key;
use crate::stage::{Stage, example, text};

/// A card that proves its key.
fn card(key: &Key, holder: &str) -> String {
    let claims = Claims { holders: vec![text(holder)], token: None, evidence: None, rehearsal: false };
    let unsigned = Card::unsigned(&key.public(), claims).unwrap();
    let proof = key.sign(&Signable::card(&unsigned).message(), 0);
    unsigned.prove(&proof).unwrap().written()
}

/// A first root of so many holders, three of whom must sign.
fn holders(count: usize) -> Stage {
    let (mut people, mut keys, mut names, mut files) = (String::new(), String::new(), Vec::new(), Vec::new());
    for n in 1..=count {
        let name = format!("keyholder-{n}");
        let holder = format!("Person Number {n}");
        let card = card(&Key::p256(&name), &holder);
        let sha256 = Digest::of(card.as_bytes());
        people += &format!("{name} = {{ name = \"{holder}\", part = \"keyholder\" }}\n");
        keys += &format!(
            "{name} = {{ holders = [\"{name}\"], card = {{ file = \"{n}.json\", sha256 = \"{sha256}\" }} }}\n"
        );
        names.push(name);
        files.push(card);
    }
    let plan = example("first-root").replace("[people]\n", &format!("[people]\n{people}"));
    let plan = plan.replace("[keys]\n", &format!("[keys]\n{keys}"));
    let plan = plan.replace(
        "root = { keys = [\"anna\", \"bela\", \"carla\"], threshold = 2 }",
        &format!("root = {{ keys = {names:?}, threshold = 3 }}"),
    );
    Stage::with(&plan, &files)
}

#[test]
fn of_twelve_holders_those_that_fit_are_named_and_the_rest_is_counted() {
    let mut stage = holders(12);
    let people: Vec<String> = (1..=12).map(|n| format!("keyholder-{n}")).collect();
    stage.come(&people.iter().map(String::as_str).collect::<Vec<_>>());
    stage.says(
        r#"
Ceremony: "The first root of the app repository"
  kind         first-root, a real ceremony; line 14, head 580cce64...
  done         machine and clock, people
  now          reading and signing
  to do        final files, close, countersign, publish
  said here    Person Number 1 (keyholder-1), Person Number 10 (keyholder-10),
               Person Number 11 (keyholder-11) and 9 more
A  root version 1: 0 of 3 signed; can sign: keyholder-1 and 11 more; margin 9
"#,
    );
    for person in &people[..9] {
        stage.decline("A", person);
    }
    assert!(stage.board().contains("; margin 0\n"), "{}", stage.board());
    stage.decline("A", &people[9]);
    stage.says(
        r#"
Ceremony: "The first root of the app repository"
  kind         first-root, a real ceremony; line 24, head 4b7077d6...
  done         machine and clock, people
  now          reading and signing
  to do        final files, close, countersign, publish
  said here    Person Number 1 (keyholder-1), Person Number 10 (keyholder-10),
               Person Number 11 (keyholder-11) and 9 more
A  root version 1: 0 of 3 signed; can sign: 2 in all; CANNOT BE MET: 1 missing
   not counted on: keyholder-1 (DECLINED), keyholder-10 (DECLINED) and 8 more
   What helps: one of these after all, or another plan, or abort.
   Nobody has signed it, so another plan or abort loses nothing.
"#,
    );
}

#[test]
fn of_forty_drafts_each_that_lacks_something_has_its_line() {
    let mut plan = example("bootstrap");
    let (mut delegations, mut order) = (String::new(), Vec::new());
    for n in 1..=40 {
        let role = format!("a-delegated-role-with-a-long-name-{n}");
        delegations += &format!(
            "[targets.delegations.{role}]\nkeys = [\"anna\", \"bela\", \"carla\"]\nthreshold = 2\nterminating = false\npaths = [\"{n}/*\"]\n"
        );
        order.push(role.clone());
        delegations += &format!("[delegated.{role}]\nversion = 1\nexpires = \"2027-09-05T00:00:00Z\"\n");
    }
    plan = plan.replace("[targets]\n", &format!("[targets]\ndelegation-order = {order:?}\n")) + &delegations;
    let mut stage = Stage::of(&plan);
    let letters: Vec<String> = stage.state().drafts().map(|draft| draft.letter().to_owned()).collect();
    assert_eq!(letters.len(), 44);
    let board = stage.board();
    for letter in &letters {
        assert_eq!(
            board.lines().filter(|line| line.starts_with(&format!("{letter}  "))).count(),
            1,
            "{board}"
        );
    }
    assert_eq!(board.matches("0 of ").count(), 44);
    // Those that are final share a line.
    for letter in &letters[..2] {
        stage.sign(letter, "anna", "anna");
        let second = if letter == "A" { "bela" } else { "carla" };
        stage.sign(letter, second, second).finalize(letter);
    }
    let board = stage.board();
    assert!(board.contains("\nFinal: A root 1, B targets 1\n"), "{board}");
    assert_eq!(board.matches("0 of ").count(), 42);
}

#[test]
fn what_others_wrote_commands_no_terminal_and_begins_no_line() {
    let title = "A title that goes on and on to the very end of what a plan may say, and is cut";
    let mut stage = Stage::of(&example("renewal").replace("The root of 2028", title));
    let name = "eve\u{1b}[2J\n  now          nothing\u{202e}";
    stage.take(Event::PersonPresent(PersonPresent { person: text(name), role: text("x") }));
    stage.take(Event::BreakBegan(Stage::note(name, name)));
    let board = stage.board();
    assert!(board.chars().all(|c| c == '\n' || !c.is_control()) && !board.contains('\u{202e}'), "{board}");
    assert_eq!(board.lines().filter(|line| line.starts_with("  now  ")).count(), 1, "{board}");
}

//! Texts of the command line that are kept as they were given: a key that is no character is refused before anything is stored, as
//! it is at a prompt.

use crate::refusal::harmless;
use crate::room::{DATE, Room, now};

/// What an arrow key, a paste of two lines, and an escape code look like.
const NOT_CHARACTERS: [&str; 4] = ["ill\u{1b}[D", "one\ntwo", "a\tb", "\u{9b}2J"];

#[test]
fn a_reason_a_note_a_reference_and_a_name_with_a_key_that_is_no_character_are_refused() {
    let room = Room::new();
    room.open("renewal.plan.toml", "folder");
    for text in NOT_CHARACTERS {
        for (option, arguments) in [
            ("--reason", &["decline", "--draft", "A", "--as", "anna", "--reason", text, "folder"][..]),
            ("--reason", &["abort", "--as", "olga", "--reason", text, "folder"]),
            ("--reason", &["replan", "--as", "olga", "--reason", text, "folder", "renewal.plan.toml"]),
            ("the note", &["note", "--as", "olga", text, "folder"]),
            ("the note", &["note", "--incident", "--as", "olga", text, "folder"]),
            ("--as", &["note", "--as", text, "the power failed", "folder"]),
            ("--one-device", &["close", "--as", "olga", "--one-device", text, "folder"]),
            ("--one-device", &["open", "--date", DATE, "--one-device", text, "renewal.plan.toml", "new"]),
            ("--reference", &["sign", "--as", "anna", "--reference", text, "--module", "no.so", "folder"]),
            (
                "--heard",
                &[
                    "grant",
                    "--as",
                    "anna",
                    "--draft",
                    "A",
                    "--control",
                    "expiry-soon",
                    "--heard",
                    text,
                    "--by",
                    "olga",
                    "folder",
                ],
            ),
        ] {
            let sentence = format!("The text of {option} holds a key that is no character.");
            let told = room.refuses(arguments, 2, &sentence);
            now(&told, "Type it again in one line");
            harmless(&room.desk.run(arguments).err());
        }
    }
    // Letters of any language are characters.
    room.desk.run(["note", "--as", "olga", "Stromausfall in K\u{f6}ln, \u{6f22}\u{5b57}", "folder"]).good();
}

#[test]
fn opening_says_what_comes_next() {
    let room = Room::new();
    let said =
        room.desk.run(["open", "--date", DATE, "--one-device", "a test", "renewal.plan.toml", "folder"]);
    assert!(said.good().out().trim_end().ends_with("Next: collect the signatures that are missing."));
}

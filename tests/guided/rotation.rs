//! A whole rotation at a small screen, from the plan to the head on paper, and what others say of it.

use std::path::{Path, PathBuf};

use conclave_softhsm::PIN;

use crate::manual;
use crate::player::{Answer, Rules, choice};
use crate::room::{self, FOLDER, NEXT, Room};

/// Whether these bytes hold the PIN; within a longer number in hex it is none.
pub fn holds_the_pin(bytes: &[u8]) -> bool {
    let is_hex = |at: Option<&u8>| at.is_some_and(u8::is_ascii_hexdigit);
    (0..bytes.len()).filter(|at| bytes[*at..].starts_with(PIN.as_bytes())).any(|at| {
        !is_hex(at.checked_sub(1).and_then(|before| bytes.get(before))) && !is_hex(bytes.get(at + PIN.len()))
    })
}

/// Files under a folder that hold the PIN.
pub fn with_the_pin(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(with_the_pin(&path));
        } else if holds_the_pin(&std::fs::read(&path).unwrap()) {
            found.push(path);
        }
    }
    found
}

#[test]
fn a_whole_rotation_is_led_from_the_plan_to_the_head_on_paper() {
    let room = Room::new();
    let mut player = room.begin();
    let acts = [
        ("Dora's key is made", choice("Make the key dora")),
        ("Anna reads and signs", choice("Anna Berg reads and signs")),
        ("Bela reads and signs", choice("Bela Costa reads and signs")),
        ("Dora reads and signs", choice("Dora Engel reads and signs")),
        ("The final file", choice("Write the final files (A complete)")),
        ("The close", choice("Close the ceremony")),
        ("The end", choice("That is all")),
    ];
    let mut rules = room::beginning(&["anna", "bela", "dora", "wim"])
        .each("Wait for more signatures?", [choice("No: write")])
        .each("Has everybody said what belongs into the record?", [choice("Yes: close")])
        .and(room::key_phase())
        .and(room::visit(&room));
    let mut headings = vec!["The beginning"];
    for (heading, act) in acts {
        let asked = player.until(NEXT, &mut rules);
        headings.push(heading);
        player.type_in(&asked, &act);
    }
    player.finish(&mut rules);
    assert!(!player.pty.bytes.contains(&0x1b), "with --plain nothing commands the terminal");
    assert!(!holds_the_pin(&player.pty.bytes), "{}", player.pty.text());
    assert_eq!(with_the_pin(&room.path("play")), [] as [PathBuf; 0]);
    assert_eq!(with_the_pin(&room.path("tokens")).len(), 5, "the search finds the five that are there");

    let signed = ["TokenSeen", "Consented", "SigningBegun", "SignatureAdmitted"];
    let wanted: Vec<&str> = ["Opened"]
        .into_iter()
        .chain(["PersonPresent"; 5])
        .chain(["KeyGenerated", "CardCompared", "Sealed"])
        .chain([signed; 3].concat())
        .chain(["Finalized", "Closed"])
        .collect();
    assert_eq!(room.events(), wanted);
    let replayed = room.run(["replay", "--json", "--head", &player.head(), FOLDER]).good();
    let replayed: serde_json::Value = serde_json::from_str(&replayed.out).unwrap();
    assert_eq!(replayed["folders"][0]["verdict"], "proved", "{replayed}");
    let said = room.run(["replay", "--head", &player.head(), FOLDER]).good().out;
    assert!(said.contains("PROVED"), "{said}");
    let mut slip = player.paper.clone();
    slip.swap(0, 1);
    assert_eq!(room.run(["replay", "--head", &slip.join(" "), FOLDER]).code, Some(1));
    room::judged(&room, "play/room/1.root.json", &format!("{FOLDER}/final/2.root.json"));
    manual::compare(&room, &player.steps, &headings);
}

#[test]
fn a_pin_within_a_longer_number_is_no_pin() {
    assert!(holds_the_pin(format!("x{PIN}y").as_bytes()) && holds_the_pin(PIN.as_bytes()));
    assert!(!holds_the_pin(format!("a{PIN}").as_bytes()) && !holds_the_pin(format!("{PIN}0").as_bytes()));
}

#[test]
fn a_rule_knows_its_question_and_no_other() {
    use crate::player::fits;
    assert!(fits("PIN of token *", "PIN of token \"dora\", to sign") && fits("a*c*e", "abcde"));
    assert!(!fits("PIN", "PIN of token") && !fits("a*b", "abc") && fits("Line 1 of 2", "Line 1 of 2"));
    let mut rules = Rules::default().each("Why", [Answer::Phrase]);
    assert_eq!(rules.left().len(), 1);
    assert!(rules.answer("Why").is_some() && rules.answer("Why").is_none() && rules.left().is_empty());
}

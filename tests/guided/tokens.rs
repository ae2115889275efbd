//! Tokens that are not the right ones, PINs that are wrong, and keys that were pressed too early.

use conclave_softhsm::PIN;

use crate::player::{Answer, Rules, choice};
use crate::room::{self, NEXT, PROFILE, Room, proved};

const WRONG_PIN: &str = "135791";

/// Leaves only these people's tokens in.
pub fn plugged_in(room: &Room, tokens: &[&str]) -> String {
    let profile = std::fs::read_to_string(room.path(PROFILE)).unwrap();
    let (head, modules) = profile.split_once("drivers = ").unwrap();
    let (_, modules) = modules.split_once('\n').unwrap();
    let kept: Vec<&str> = modules
        .split("\n[module.")
        .skip(1)
        .filter(|module| tokens.iter().any(|token| module.starts_with(&format!("{token}]"))))
        .collect();
    assert_eq!(kept.len(), tokens.len());
    let text = format!("{head}drivers = {tokens:?}\n\n[module.{}", kept.join("\n[module."));
    std::fs::write(room.path(PROFILE), text).unwrap();
    profile
}

#[test]
fn a_wrong_pin_is_told_and_the_right_one_signs() {
    let room = Room::new();
    let mut player = room.begin();
    let mut rules = Rules::default()
        .each(
            "PIN of token \"anna\"*to sign*",
            [Answer::Pin(WRONG_PIN.to_owned()), Answer::Pin(PIN.to_owned())],
        )
        .each("What do you want to do?", [choice("Type it again")])
        .and(room::whole(&room));
    assert_eq!(player.play(&mut rules), 0, "{}", player.pty.text());
    let said = player.pty.text();
    assert_eq!(said.matches("The token refused the PIN. One PIN try was used.").count(), 1, "{said}");
    let failed = room.told("SigningFailed");
    assert_eq!(failed.len(), 1, "{:?}", room.events());
    assert_eq!(failed[0]["outcome"], "not-signed", "{failed:?}");
    assert_eq!(room.count("SignatureAdmitted"), 3, "{:?}", room.events());
    for pin in [WRONG_PIN, PIN] {
        assert!(!said.contains(pin), "{said}");
    }
    proved(&room, &player);
}

#[test]
fn somebody_elses_token_is_told_costs_no_try_and_leads_back_to_the_board() {
    let room = Room::new();
    let mut rules = room::whole(&room);
    let mut player = room.begin();
    let key = player.until(NEXT, &mut rules);
    player.type_in(&key, &choice("Make the key dora"));
    let at_anna = player.until(NEXT, &mut rules);
    let all = plugged_in(&room, &["bela"]);
    player.type_in(&at_anna, &choice("Anna Berg"));
    let before = player.pty.bytes.len();
    let at_board = player.until(NEXT, &mut rules);
    let said = String::from_utf8_lossy(&player.pty.bytes[before..]).replace('\r', "");
    println!("{said}");
    assert!(at_board.number("Anna Berg").is_ok(), "{said}");
    assert!(!said.contains("PIN of token"), "nothing was asked of a token: {said}");
    assert!(said.contains("Nothing was signed"), "{said}");
    assert_eq!(room.count("SigningBegun"), 0);
    std::fs::write(room.path(PROFILE), all).unwrap();
    player.type_in(&at_board, &choice("Anna Berg"));
    assert_eq!(player.play(&mut rules), 0, "{}", player.pty.text());
    proved(&room, &player);
}

#[test]
fn what_was_typed_before_a_question_answers_nothing() {
    let room = Room::new();
    let mut rules = room::whole(&room);
    let mut player = room.begin();
    // Numbers, Enter, words, and what could be a PIN.
    player.early = "1\n\nyes\nno\n2468\n";
    assert_eq!(player.play(&mut rules), 0, "{}", player.pty.text());
    assert!(player.steps.len() > 40);
    assert!(!player.pty.text().contains("is not the phrase"), "{}", player.pty.text());
    let wanted = ["Opened", "PersonPresent", "KeyGenerated", "CardCompared", "Sealed"];
    assert_eq!(room.events()[..5], wanted);
    assert_eq!((room.count("SignatureAdmitted"), room.count("SigningFailed")), (3, 0), "{:?}", room.events());
    assert_eq!((room.count("Consented"), room.count("Declined")), (3, 0), "{:?}", room.events());
    proved(&room, &player);
}

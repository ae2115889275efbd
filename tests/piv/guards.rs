//! What is refused or said before a PIN is asked for, and before anything on a card changes.

use std::path::Path;
use std::process::Command;

use virtual_piv::{Algorithm, Card, Firmware, PinPolicy, Station, TouchPolicy};

use crate::homes::Room;
use crate::stage::{SERIAL, card, program};
use crate::talk::{Talk, run};

const PREPARE: [&str; 4] = ["token", "prepare", "--token", "piv:serial=12345678"];

#[track_caller]
fn holds(text: &str, wanted: &[&str]) {
    for words in wanted {
        assert!(text.contains(words), "{words:?} in {text}");
    }
}

/// What a verb without anybody at a terminal says, if it ends with this code; spaces and line breaks count as one space.
#[track_caller]
fn said(station: &Station, code: i32, words: &[&str]) -> String {
    let done = run(station, words);
    let said = String::from_utf8([done.stdout, done.stderr].concat()).unwrap();
    assert_eq!(done.status.code(), Some(code), "{words:?}: {said}");
    said.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A ceremony in `a` that waits for the key in 9c of the card.
fn opened(firmware: Firmware) -> Room {
    let room = Room::with(firmware, false);
    room.carded(&[]);
    room.planned();
    room.said(0, &["open", "--date", "2027-03-05", "--one-device", "a test", "one.plan.toml", "a"]);
    room
}

#[test]
fn a_card_that_shows_another_key_than_its_key_card_says_is_refused_before_consent_and_pin() {
    for firmware in [Firmware::V4_3_5, Firmware::V5_7_1] {
        let room = opened(firmware);
        let (verified, signed) = (room.card.calls("VERIFY"), room.card.calls("SIGN"));
        room.card.generate(0x9c, Algorithm::P256, PinPolicy::Once, TouchPolicy::Never);
        let words = ["sign", "--as", "anna", "--module", "piv:", "--module-env", "PCSCLITE_CSOCK_NAME", "a"];
        // Nobody is at a terminal: whatever asked would end with another code.
        let told = room.said(4, &words);
        holds(
            &told,
            &[
                "error: This token shows another key than its card says, so no PIN is asked for.",
                "on the token \"YubiKey PIV #12345678\" (serial 12345678), and there it shows ECDSA P-256 key",
                "now: Ask the security officer whether the key was replaced",
                "Nothing was signed",
            ],
        );
        assert!(!told.contains("UNPROVEN") && !told.contains("U+0022"), "{firmware}: {told}");
        assert_eq!((room.card.calls("VERIFY"), room.card.calls("SIGN")), (verified, signed), "{firmware}");
        let lines = std::fs::read_to_string(room.path().join("a/transcript.jsonl")).unwrap();
        assert!(!lines.contains("SigningBegun") && !lines.contains("TokenSeen"), "{firmware}: {lines}");
    }
}

#[test]
fn a_card_that_shows_its_slot_empty_is_refused_as_well() {
    let room = opened(Firmware::V5_7_1);
    // The same card, as it is after somebody reset it.
    let emptied = card(Firmware::V5_7_1);
    emptied.generate(0x9a, Algorithm::P256, PinPolicy::Once, TouchPolicy::Never);
    let station = Station::start(std::slice::from_ref(&emptied)).unwrap();
    let words = ["sign", "--as", "anna", "--module", "piv:", "--module-env", "PCSCLITE_CSOCK_NAME", "a"];
    let mut command = Command::new(program());
    let done = command.args(words).current_dir(room.path()).envs(station.environment()).output().unwrap();
    let told = String::from_utf8(done.stderr).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(done.status.code(), Some(4), "{told}");
    holds(&told, &["shows another key than its card says", "there it shows no key"]);
    assert_eq!(emptied.calls("VERIFY"), 0);
}

#[test]
fn a_slot_that_is_named_and_empty_is_told_with_the_keys_that_are_there() {
    let room = opened(Firmware::V5_7_1);
    let verified = room.card.calls("VERIFY");
    let words = ["sign", "--as", "anna", "--token", "piv:serial=12345678;slot=9a"];
    let told = room.said(4, &[&words[..], &["--module-env", "PCSCLITE_CSOCK_NAME", "a"]].concat());
    holds(&told, &["No token here holds a key that may sign this.", "here is: ECDSA P-256 key \"9c\""]);
    assert!(!told.contains("without a PIN") && !told.contains("another key"), "{told}");
    assert_eq!(room.card.calls("VERIFY"), verified);
}

#[test]
fn a_card_whose_pin_and_puk_are_locked_is_sent_nowhere_that_cannot_help() {
    let card = card(Firmware::V5_7_1);
    card.leave_pin_tries(0);
    card.leave_puk_tries(0);
    let station = Station::start(std::slice::from_ref(&card)).unwrap();
    let nothing = "nothing unblocks this card any more";
    for (code, words) in [
        (4, &PREPARE[..]),
        (4, &["token", "unblock", "--token", "piv:serial=12345678"]),
        (0, &["tokens", "--module", "piv:"]),
    ] {
        let told = said(&station, code, words);
        holds(&told, &[nothing]);
        assert!(!told.contains("`conclave token unblock`"), "{words:?}: {told}");
    }
    // With a PUK that is open it is the way out.
    card.leave_puk_tries(3);
    holds(&said(&station, 4, &PREPARE), &["`conclave token unblock`"]);
    holds(&said(&station, 0, &["tokens", "--module", "piv:"]), &["`conclave token unblock`"]);
}

#[test]
fn a_preparation_that_is_not_agreed_to_or_fails_says_what_of_the_card_is_as_it_was() {
    let new = Card::new(Firmware::V4_3_5, SERIAL);
    let station = Station::start(std::slice::from_ref(&new)).unwrap();
    let talk = || Talk::start(&station, Path::new("/"), &PREPARE);
    let mut declined = talk();
    declined.hear("type: prepare 12345678");
    declined.answer("Your answer", "no");
    let (code, told) = declined.end();
    assert_eq!((code, new.calls("CHANGE")), (3, 0), "{told}");
    holds(
        &told,
        &["so nothing on the card was changed", "PIN, PUK and management key of the card are as they were"],
    );
    assert!(!told.contains("asked of the key"), "{told}");
    // The PIN is changed; the PUK is another one than was said.
    new.set_puk("11223344");
    let mut wrong = talk();
    wrong.agree();
    for question in ["Which PIN", "Which PUK"] {
        wrong.hear(question);
        wrong.answer("Number (1 to 2)", "1");
    }
    for (question, secret) in [("New PIN", "482616"), ("New PUK", "90817263")] {
        wrong.answer(question, secret);
        wrong.answer("The same again", secret);
    }
    let (code, told) = wrong.end();
    assert_eq!(code, 4, "{told}");
    holds(&told, &["these were changed and stay so: PIN; as before: PUK, management key."]);
    assert!(new.has_pin("482616") && new.has_puk("11223344"));
    // Now the PIN is another one than was said: nothing is changed.
    let mut wrong = talk();
    wrong.agree();
    for (question, answer) in [("Which PIN", "1"), ("Which PUK", "2")] {
        wrong.hear(question);
        wrong.answer("Number (1 to 2)", answer);
    }
    wrong.answer("New PIN", "975310");
    wrong.answer("The same again", "975310");
    let (code, told) = wrong.end();
    assert_eq!(code, 4, "{told}");
    holds(&told, &["One PIN try was used", "PIN, PUK and management key of the card are as they were"]);
}

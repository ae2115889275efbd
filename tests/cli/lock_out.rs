//! A token that locks its PIN for good, which kryoptic does at the tenth wrong one: what a keyholder is told on the way, the
//! guard before the last try, and a locked token that is sent nothing any more.

use conclave_softhsm::{Curve, Software, TokenDir};

use crate::chairs::Chairs;
use crate::holder::{PIN, Talk, WRONG_PIN, fault};
use crate::keyroom::Keyroom;
use crate::refusal::Told;
use crate::scene::key;

/// A rehearsal in `a` with anna's token of kryoptic; so many wrong PINs were typed elsewhere before.
fn after(wrong: usize) -> Chairs {
    let mut chairs = Chairs::rehearsal();
    chairs.tokens = TokenDir::of(Software::Kryoptic).unwrap();
    chairs.token("anna", &key("anna"));
    waste(&chairs, wrong);
    chairs
}

fn waste(chairs: &Chairs, wrong: usize) {
    for _ in 0..wrong {
        chairs.tokens.generate("anna", WRONG_PIN, "no key", &[9], Curve::P256).unwrap_err();
    }
}

/// What `conclave tokens` says is wrong with anna's.
fn tries(chairs: &Chairs) -> String {
    let said = chairs.tokens_said();
    said.iter().find(|(label, _)| label.contains("anna")).unwrap_or_else(|| panic!("{said:?}")).1.clone()
}

fn ended(talk: Talk, code: i32) -> (Told, String) {
    let (found, said) = talk.end();
    assert_eq!(found, code, "{said}");
    (fault(&said), said)
}

#[test]
fn the_token_warns_late_and_its_words_are_passed_on() {
    let chairs = after(6);
    let mut talk = chairs.sits("anna", "a");
    talk.consent();
    talk.line(WRONG_PIN);
    let (told, said) = ended(talk, 4);
    assert!(said.contains("the token reports no failed try"), "six were wrong, and it says nothing: {said}");
    assert!(told.because[0].contains("at least one failed try"), "{told:?}");
}

#[test]
fn before_the_last_try_she_must_type_that_she_uses_it_and_declining_sends_nothing() {
    let chairs = after(9);
    let mut talk = chairs.sits("anna", "a");
    let phrase = talk.phrase();
    talk.line(&phrase);
    let said = talk.until("To go on, type: ");
    assert!(said.contains("one try is left"), "{said}");
    talk.until("Your answer: ");
    talk.line("no");
    let (code, said) = talk.end();
    assert_eq!(code, 3, "{said}");
    assert!(!said.contains("\nPIN of token"), "{said}");
    assert_eq!(tries(&chairs), "the token reports that one try is left");
}

#[test]
fn a_wrong_last_try_locks_it_and_the_next_visit_ends_before_any_pin() {
    let chairs = after(9);
    let mut talk = chairs.sits("anna", "a");
    guarded(&mut talk);
    talk.line(WRONG_PIN);
    let (told, _) = ended(talk, 4);
    assert!(told.because[0].contains("is locked"), "{told:?}");
    assert!(told.now.contains("The security officer can unblock the token"), "{told:?}");
    assert_eq!(tries(&chairs), "the token reports that its PIN is locked");

    let mut talk = chairs.sits("anna", "a");
    let phrase = talk.phrase();
    talk.line(&phrase);
    let (told, said) = ended(talk, 4);
    assert!(told.because[0].contains("is locked"), "{told:?}");
    assert!(!said.contains("\nPIN of token"), "{said}");
    assert!(told.error.contains("No PIN try was used"), "{told:?}");
    let kinds: Vec<String> = chairs.scene.events("a");
    assert_eq!(kinds.iter().filter(|kind| *kind == "TokenLocked").count(), 2, "{kinds:?}");
}

#[test]
fn a_locked_token_makes_and_cards_no_key_and_is_asked_for_no_pin() {
    let room = Keyroom::of(Software::Kryoptic, &["anna"]);
    room.generate("anna", "ed25519", "root", &[]);
    for _ in 0..10 {
        room.tokens.generate("anna", WRONG_PIN, "no key", &[9], Curve::P256).unwrap_err();
    }
    let mut make = room.talk("key generate --token pkcs11:token=anna --scheme ed25519 --label new", &[]);
    make.agree("To make the key, type: ");
    let card = room.talk("key card --token pkcs11:token=anna --holder Anna --out anna.key.json", &[]);
    for talk in [make, card] {
        let (told, said) = ended(talk, 4);
        assert!(told.says("is locked"), "{told:?}");
        assert!(!said.contains("\nPIN of token"), "{said}");
    }
    assert!(!room.scene.path("anna.key.json").exists());
}

#[test]
fn the_right_pin_at_the_last_try_signs_and_gives_all_tries_back() {
    let chairs = after(9);
    let mut talk = chairs.sits("anna", "a --draft A");
    guarded(&mut talk);
    talk.line(PIN);
    let (code, said) = talk.end();
    assert_eq!(code, 0, "{said}");
    assert_eq!(tries(&chairs), "the token reports no failed try");
}

/// Consents, and types that the last try is used.
fn guarded(talk: &mut Talk) {
    let phrase = talk.phrase();
    talk.line(&phrase);
    talk.agree("To go on, type: ");
    talk.until("PIN of token ");
    talk.until(": ");
}

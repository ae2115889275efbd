//! Signatures: of each kind, with each policy, and with what else can happen between PIN and signature.

use std::time::Duration;

use tuf_ceremony::signable::Signable;
use tuf_conclave::token::{Call, Impatient, KeyKind, SignScheme, Spent, TokenFault};
use virtual_piv::{Algorithm, Firmware, PinPolicy, Touch, TouchPolicy};

use crate::stage::{Desk, PIN, WRONG_PIN, long_draft, verifies};

const KINDS: [Algorithm; 4] = [Algorithm::P256, Algorithm::P384, Algorithm::Rsa2048, Algorithm::Ed25519];

#[test]
fn each_kind_of_key_signs_what_the_engine_verifies() {
    for algorithm in KINDS {
        let mut desk = Desk::with_key(Firmware::V5_7_1, algorithm, PinPolicy::Once, TouchPolicy::Never);
        let key = desk.opened();
        for _ in 0..2 {
            let signature = desk.sign(&key, None).unwrap();
            assert!(verifies(&key, &signature), "{algorithm:?}");
        }
        assert_eq!((desk.card.calls("VERIFY"), desk.card.calls("SIGN")), (1, 2), "{algorithm:?}");
        assert_eq!(desk.host.evidence(&key).unwrap().local, Some(true));
        desk.host.close().unwrap();
    }
}

#[test]
fn old_firmware_signs_too() {
    for firmware in [Firmware::V4_3_5, Firmware::V5_2_4, Firmware::V5_4_3] {
        let mut desk = Desk::with_key(firmware, Algorithm::P256, PinPolicy::Once, TouchPolicy::Never);
        let key = desk.opened();
        let signature = desk.sign(&key, None).unwrap();
        assert!(verifies(&key, &signature), "{firmware}");
    }
}

#[test]
fn ed25519_signs_1014_bytes_and_no_more_and_says_so_before_the_pin() {
    let mut desk = Desk::with_key(Firmware::V5_7_1, Algorithm::Ed25519, PinPolicy::Once, TouchPolicy::Never);
    let slot = desk.slot();
    let shortest = Signable::of(&long_draft(0)).length();
    let room = 1014 - usize::try_from(shortest).unwrap();
    let [fits, too_long] = [long_draft(room), long_draft(room + 1)];
    slot.takes(SignScheme::Ed25519, &Signable::of(&fits)).unwrap();
    let told = TokenFault::TooLongForToken { length: 1015, most: Some(1014) };
    assert_eq!(slot.takes(SignScheme::Ed25519, &Signable::of(&too_long)), Err(told.clone()));
    let key = desk.opened();
    let mut sign =
        |draft| desk.host.sign(&key, SignScheme::Ed25519, &Signable::of(draft), None, &mut Impatient);
    let signature = sign(&fits).unwrap();
    key.public_key().unwrap().verify(&Signable::of(&fits).message(), &signature).unwrap();
    assert_eq!(sign(&too_long), Err(told));
    assert_eq!(desk.card.calls("SIGN"), 1);
}

#[test]
fn a_key_that_wants_its_pin_each_time_gets_the_one_that_was_typed_for_it() {
    for firmware in [Firmware::V5_2_4, Firmware::V5_7_1] {
        let mut desk = Desk::with_key(firmware, Algorithm::P256, PinPolicy::Always, TouchPolicy::Never);
        let key = desk.opened();
        for _ in 0..2 {
            let signature = desk.sign(&key, Some(PIN)).unwrap();
            assert!(verifies(&key, &signature), "{firmware}");
        }
        assert_eq!(desk.card.calls("VERIFY"), 3, "{firmware}: once for the card, once for each signature");
        let fault = desk.sign(&key, None).unwrap_err();
        assert!(matches!(fault, TokenFault::NotLoggedIn { .. }), "{firmware}: {fault}");
        assert!(!fault.may_have_signed());
        let fault = desk.sign(&key, Some(WRONG_PIN)).unwrap_err();
        assert_eq!(
            (fault.tries_spent(), fault.may_have_signed()),
            (Spent::Yes, false),
            "{firmware}: {fault}"
        );
        assert!(verifies(&key, &desk.sign(&key, Some(PIN)).unwrap()), "{firmware}");
        assert_eq!(desk.card.calls("VERIFY"), 5, "{firmware}");
    }
}

#[test]
fn the_pin_that_opens_the_card_serves_the_first_signature_of_such_a_key_and_nothing_comes_between_them() {
    for firmware in [Firmware::V5_2_4, Firmware::V5_7_1] {
        let mut desk = Desk::with_key(firmware, Algorithm::P256, PinPolicy::Always, TouchPolicy::Never);
        let key = desk.opened();
        assert_eq!(key.always_authenticate, Some(true), "{firmware}");
        assert!(verifies(&key, &desk.sign(&key, None).unwrap()), "{firmware}");
        assert!(desk.card.log().ends_with(&["VERIFY".to_owned(), "SIGN".to_owned()]), "{firmware}");
        assert!(
            matches!(desk.sign(&key, None), Err(TokenFault::NotLoggedIn { .. })),
            "{firmware}: once only"
        );
        // The card itself forgets the PIN over any other question.
        let key = desk.opened();
        desk.host.evidence(&key).unwrap();
        let fault = desk.sign(&key, None).unwrap_err();
        assert!(matches!(fault, TokenFault::NotLoggedIn { .. }), "{firmware}: {fault}");
        assert!(verifies(&key, &desk.sign(&key, Some(PIN)).unwrap()), "{firmware}");
        assert_eq!((desk.card.calls("VERIFY"), desk.card.pin_tries()), (3, 3), "{firmware}");
    }
}

#[test]
fn a_missed_touch_right_after_the_card_was_opened_is_no_missing_pin() {
    for firmware in [Firmware::V5_2_4, Firmware::V5_7_1] {
        let mut desk = Desk::with_key(firmware, Algorithm::P256, PinPolicy::Always, TouchPolicy::Always);
        let key = desk.opened();
        assert_eq!(key.touch, Some(true), "{firmware}");
        desk.card.touch(Touch::Never);
        assert_eq!(desk.sign(&key, None), Err(TokenFault::TouchMissed), "{firmware}");
        desk.card.touch(Touch::Immediately);
        assert!(verifies(&key, &desk.sign(&key, Some(PIN)).unwrap()), "{firmware}");
        assert_eq!((desk.card.calls("VERIFY"), desk.card.pin_tries()), (2, 3), "{firmware}");
    }
}

#[test]
fn long_rsa_keys_sign_too() {
    for (algorithm, bits) in [(Algorithm::Rsa3072, 3072), (Algorithm::Rsa4096, 4096)] {
        let mut desk = Desk::with_key(Firmware::V5_7_1, algorithm, PinPolicy::Always, TouchPolicy::Never);
        let key = desk.opened();
        assert_eq!(key.kind, KeyKind::Rsa { bits });
        let signature = desk.sign(&key, None).unwrap();
        assert!(signature.len() * 8 == bits && verifies(&key, &signature), "{algorithm:?}");
        assert!(desk.host.attestation(&key).unwrap().is_some(), "{algorithm:?}");
        desk.card.obey("SIGN corrupt");
        assert!(!verifies(&key, &desk.sign(&key, Some(PIN)).unwrap()), "{algorithm:?}");
    }
}

#[test]
fn a_touch_that_did_not_come_is_no_missing_pin_and_is_made_up_for_without_one() {
    let mut desk = Desk::with_key(Firmware::V5_7_1, Algorithm::P256, PinPolicy::Once, TouchPolicy::Always);
    let key = desk.opened();
    desk.card.touch(Touch::Never);
    let fault = desk.sign(&key, None).unwrap_err();
    assert_eq!(fault, TokenFault::TouchMissed);
    assert_eq!((fault.tries_spent(), fault.may_have_signed()), (Spent::No, false));
    desk.card.touch(Touch::After(Duration::from_millis(50)));
    let signature = desk.sign(&key, None).unwrap();
    assert!(verifies(&key, &signature));
    assert_eq!((desk.card.calls("VERIFY"), desk.card.pin_tries()), (1, 3));
}

#[test]
fn a_missed_touch_after_a_pin_of_its_own_costs_no_try() {
    for firmware in [Firmware::V5_2_4, Firmware::V5_7_1] {
        let mut desk = Desk::with_key(firmware, Algorithm::P256, PinPolicy::Always, TouchPolicy::Always);
        let key = desk.opened();
        desk.card.touch(Touch::Never);
        assert_eq!(desk.sign(&key, Some(PIN)), Err(TokenFault::TouchMissed), "{firmware}");
        assert_eq!(desk.card.pin_tries(), 3);
        desk.card.touch(Touch::Immediately);
        assert!(verifies(&key, &desk.sign(&key, Some(PIN)).unwrap()), "{firmware}");
    }
}

#[test]
fn after_another_program_reset_the_card_the_pin_is_asked_for_and_not_sent_again() {
    let mut desk = Desk::plain();
    let key = desk.opened();
    desk.station.disturb(0).unwrap();
    let fault = desk.sign(&key, None).unwrap_err();
    assert_eq!(fault, TokenFault::NotLoggedIn { during: Call::Sign, always_authenticate: None });
    assert_eq!(desk.card.calls("VERIFY"), 1);
    let signature = desk.sign(&key, Some(PIN)).unwrap();
    assert!(verifies(&key, &signature));
    desk.station.disturb(0).unwrap();
    assert!(verifies(&key, &desk.sign(&key, Some(PIN)).unwrap()), "also with a PIN at once");
    assert_eq!(desk.card.calls("VERIFY"), 3);
}

#[test]
fn a_card_that_is_taken_out_between_pin_and_signature_is_missed() {
    let mut desk = Desk::plain();
    let key = desk.opened();
    desk.station.remove(0).unwrap();
    let fault = desk.sign(&key, None).unwrap_err();
    assert!(matches!(fault, TokenFault::TokenRemoved { .. }), "{fault}");
    desk.station.insert(0).unwrap();
    let key = desk.opened();
    assert!(verifies(&key, &desk.sign(&key, None).unwrap()));
}

#[test]
fn a_card_that_vanishes_while_it_signs_may_have_signed() {
    for rule in ["SIGN vanish", "SIGN then-vanish"] {
        let mut desk = Desk::plain();
        let key = desk.opened();
        desk.card.obey(rule);
        let fault = desk.sign(&key, None).unwrap_err();
        assert_eq!(fault, TokenFault::TokenRemoved { during: Call::Sign }, "{rule}");
        assert!(fault.may_have_signed());
    }
}

#[test]
fn a_signature_that_is_wrong_in_whatever_way_does_not_verify() {
    let mut desk = Desk::plain();
    let key = desk.opened();
    for rule in ["SIGN corrupt", "SIGN other-key", "SIGN other-message"] {
        desk.card.obey(rule);
        let signature = desk.sign(&key, None).unwrap();
        assert!(!verifies(&key, &signature), "{rule}");
    }
    for rule in ["SIGN short", "SIGN empty"] {
        desk.card.obey(rule);
        let fault = desk.sign(&key, None).unwrap_err();
        assert!(fault.may_have_signed(), "{rule}: {fault}");
    }
    desk.card.obey("");
    assert!(verifies(&key, &desk.sign(&key, None).unwrap()), "and the next one does");
}

#[test]
fn a_key_that_is_not_in_its_slot_any_more_is_missed() {
    let mut desk = Desk::plain();
    let key = desk.opened();
    desk.card.generate(0x9c, Algorithm::P384, PinPolicy::Once, TouchPolicy::Never);
    let fault = desk.sign(&key, None).unwrap_err();
    assert!(matches!(fault, TokenFault::NoKey { .. }), "{fault}");
    let mut elsewhere = key.clone();
    elsewhere.id = vec![0xf9];
    let fault = desk.sign(&elsewhere, None).unwrap_err();
    assert!(matches!(fault, TokenFault::NoKey { .. }), "the card's own key signs nothing: {fault}");
    assert_eq!(key.kind, KeyKind::EcP256);
}

//! What is known of a card before any PIN.

use tuf_conclave::token::{
    Deadlines, Entry, Impatient, KeyEvidence, KeyKind, OwnPin, PinTries, Preparation, TokenUri, choose,
};
use virtual_piv::{Algorithm, Card, Firmware, PinPolicy, Station, TouchPolicy};

use crate::stage::{Desk, PIN, SERIAL, card, host, pin, verifies};

#[test]
fn a_card_tells_its_serial_firmware_and_tries_and_no_pin_goes_to_it() {
    for firmware in Firmware::ALL {
        let mut desk = Desk::with_key(firmware, Algorithm::P256, PinPolicy::Once, TouchPolicy::Never);
        let slot = desk.slot();
        let token = slot.token.as_ref().unwrap();
        assert_eq!(token.serial, SERIAL.to_string(), "{firmware}");
        assert_eq!(token.model, format!("YubiKey {firmware}"));
        assert_eq!((token.tries, token.pin_min, token.pin_max), (PinTries::Left(3), 6, 8), "{firmware}");
        assert!(token.initialized && token.login_required && !token.keypad && !token.pin_to_be_changed);
        assert_eq!((slot.trouble, slot.keys.len()), (None, 1), "{firmware}");
        assert_eq!(slot.keys[0].label, "9c");
        assert_eq!((desk.card.calls("VERIFY"), desk.card.pin_tries()), (0, 3), "{firmware}");
        desk.host.close().unwrap();
    }
}

#[test]
fn keys_of_each_kind_and_slot_are_told_with_their_public_halves() {
    let card = card(Firmware::V5_7_1);
    for (slot, algorithm, pin) in [
        (0x9e, Algorithm::Rsa2048, PinPolicy::Never),
        (0x9c, Algorithm::Ed25519, PinPolicy::Always),
        (0x95, Algorithm::P384, PinPolicy::Once),
        (0x82, Algorithm::P256, PinPolicy::Once),
    ] {
        card.generate(slot, algorithm, pin, TouchPolicy::Never);
    }
    let mut desk = Desk::with(card);
    let keys = desk.slot().keys;
    let told: Vec<(&str, &KeyKind, Option<bool>)> =
        keys.iter().map(|key| (key.label.as_str(), &key.kind, key.always_authenticate)).collect();
    let rsa = KeyKind::Rsa { bits: 2048 };
    assert_eq!(
        told,
        [
            ("9c", &KeyKind::Ed25519, Some(true)),
            ("9e", &rsa, Some(false)),
            ("82", &KeyKind::EcP256, Some(false)),
            ("95", &KeyKind::EcP384, Some(false)),
        ]
    );
    for key in &keys {
        let public = key.public_key().unwrap();
        let spki = desk.card.spki(key.id[0]).unwrap();
        // Each kind of public key ends its SubjectPublicKeyInfo with its own bytes.
        assert!(spki.ends_with(&key.public), "{}", key.label);
        assert_eq!(Some(public.fingerprint()), key.fingerprint());
    }
}

#[test]
fn old_firmware_shows_what_it_attests_and_certificates_for_the_rest() {
    let card = card(Firmware::V4_3_5);
    card.generate(0x9c, Algorithm::P256, PinPolicy::Once, TouchPolicy::Never);
    card.import(0x9a, Algorithm::P384, PinPolicy::Once, TouchPolicy::Never);
    card.certify(0x9a);
    card.import(0x9d, Algorithm::P256, PinPolicy::Once, TouchPolicy::Never);
    let mut desk = Desk::with(card);
    let keys = desk.slot().keys;
    let told: Vec<(&str, Option<bool>)> =
        keys.iter().map(|key| (key.label.as_str(), key.has_private)).collect();
    assert_eq!(told, [("9c", Some(true)), ("9a", None)], "an imported key without a certificate is not seen");
    assert!(desk.card.spki(0x9c).unwrap().ends_with(&keys[0].public));
    assert!(desk.card.spki(0x9a).unwrap().ends_with(&keys[1].public));
}

#[test]
fn a_slot_that_cannot_be_read_hides_no_other_and_counts_as_taken() {
    let mut desk = Desk::plain();
    // Its PIN is asked about first, then 9c, then 9a.
    let rule = "METADATA nth=3 sw=6f00";
    desk.card.obey(rule);
    let slot = desk.slot();
    let told: Vec<(&str, Option<bool>, bool)> = slot
        .keys
        .iter()
        .map(|key| (key.label.as_str(), key.has_private, key.fingerprint().is_some()))
        .collect();
    assert_eq!(told, [("9c", Some(true), true), ("9a", Some(true), false)]);
    assert_eq!(slot.trouble, None);
    desk.card.obey(rule);
    let login = desk.host.login(&slot, Entry::Pin(pin(PIN)), &mut Impatient).unwrap();
    let signature = desk.sign(&login.keys[0], None).unwrap();
    assert!(verifies(&login.keys[0], &signature));
}

#[test]
fn the_state_of_the_pin_is_told_on_new_and_old_firmware() {
    for firmware in [Firmware::V5_2_4, Firmware::V5_7_1] {
        let card = card(firmware);
        let mut desk = Desk::with(card.clone());
        for (left, told) in
            [(2, PinTries::Left(2)), (1, PinTries::Last), (0, PinTries::Locked), (3, PinTries::Left(3))]
        {
            card.set_pin(PIN);
            card.leave_pin_tries(left);
            assert_eq!(desk.slot().token.unwrap().tries, told, "{firmware}, {left} left");
            assert_eq!(card.pin_tries(), left, "{firmware}");
        }
    }
}

#[test]
fn a_default_pin_is_noticed_and_never_tried() {
    let card = Card::new(Firmware::V5_7_1, SERIAL);
    let mut desk = Desk::with(card);
    assert!(desk.slot().token.unwrap().pin_to_be_changed);
    assert_eq!((desk.card.calls("VERIFY"), desk.card.calls("MANAGE")), (0, 0));
}

#[test]
fn two_cards_are_told_apart_by_serial() {
    let cards = [7, 8].map(|serial| Card::new(Firmware::V5_7_1, serial));
    let station = Station::start(&cards).unwrap();
    let mut host = host(&station, Deadlines::default());
    let slots = host.list().unwrap();
    assert_eq!(slots.len(), 2);
    for serial in ["7", "8"] {
        let wanted = TokenUri::from_document(&format!("piv:serial={serial}")).unwrap();
        let found = choose(&wanted, host.module(), &slots).unwrap();
        assert_eq!(found.token.as_ref().unwrap().serial, serial);
        assert_eq!(TokenUri::naming(found, None), wanted);
    }
    assert!(choose(&TokenUri::from_document("piv:").unwrap(), host.module(), &slots).is_err());
}

#[test]
fn a_look_that_fails_before_a_secret_is_sent_does_not_reset_the_card() {
    let mut desk = Desk::plain();
    let slot = desk.slot();
    desk.card.obey("METADATA sw=6f00");
    let changed = desk.host.unblock(&slot, &pin("12345678"), &pin("975310"), &mut Impatient);
    assert!(changed.is_err_and(|fault| !fault.may_have_changed_a_card()));
    let preparation = Preparation { pin: OwnPin::Kept(pin(PIN)), puk: None };
    let prepared = desk.host.prepare(&slot, preparation, &mut Impatient);
    assert!(prepared.is_err_and(|fault| !fault.may_have_changed_a_card()));
    assert_eq!((desk.card.resets(), desk.card.calls("UNBLOCK"), desk.card.calls("VERIFY")), (0, 0, 0));
    // Firmware that tells its keys by attestations: none of them can be read.
    let mut desk = Desk::with_key(Firmware::V5_2_4, Algorithm::P256, PinPolicy::Once, TouchPolicy::Never);
    let slot = desk.slot();
    desk.card.obey("ATTEST sw=6110");
    assert!(desk.host.login(&slot, Entry::Pin(pin(PIN)), &mut Impatient).is_err());
    assert_eq!((desk.card.resets(), desk.card.calls("VERIFY")), (0, 0));
}

#[test]
fn a_card_that_was_only_looked_at_is_not_reset() {
    let mut desk = Desk::plain();
    for _ in 0..3 {
        desk.slot();
    }
    assert_eq!(desk.card.resets(), 0);
    desk.opened();
    desk.host.close().unwrap();
    assert_eq!(desk.card.resets(), 1, "one that was opened does not stay open for others");
}

#[test]
fn old_firmware_tells_of_pin_and_touch_by_its_attestations() {
    for firmware in [Firmware::V4_3_5, Firmware::V5_2_4] {
        let card = card(firmware);
        card.generate(0x9c, Algorithm::P256, PinPolicy::Always, TouchPolicy::Cached);
        card.generate(0x9a, Algorithm::P256, PinPolicy::Once, TouchPolicy::Never);
        card.import(0x9d, Algorithm::P256, PinPolicy::Once, TouchPolicy::Always);
        card.certify(0x9d);
        let mut desk = Desk::with(card);
        let keys = desk.opened_keys();
        let told: Vec<_> =
            keys.iter().map(|key| (key.label.as_str(), key.always_authenticate, key.touch)).collect();
        let expected = [("9c", Some(true), Some(true)), ("9a", Some(false), Some(false)), ("9d", None, None)];
        assert_eq!(told, expected, "{firmware}");
        let words = |key| {
            let told: KeyEvidence = desk.host.evidence(key).unwrap();
            (told.local, told.pin_policy, told.touch_policy)
        };
        let told: Vec<_> = keys.iter().map(words).collect();
        let said = |pin: &str, touch: &str| (Some(true), Some(pin.to_owned()), Some(touch.to_owned()));
        assert_eq!(told, [said("always", "cached"), said("once", "never"), (None, None, None)], "{firmware}");
    }
}

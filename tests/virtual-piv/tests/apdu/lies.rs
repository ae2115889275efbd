//! How the card misbehaves when rules say so: each rule does what it says and nothing else.

use std::time::{Duration, Instant};

use p256::ecdsa::signature::hazmat::PrehashVerifier as _;
use p256::pkcs8::DecodePublicKey as _;
use virtual_piv::tlv::find;
use virtual_piv::{Algorithm, Card, Cipher, Firmware, PinPolicy, Touch, TouchPolicy};

use crate::client::{ask, manage, select, sign, tries, verify};

const DIGEST: [u8; 32] = [0x5a; 32];

fn card() -> Card {
    let card = Card::new(Firmware::V5_7_1, 1);
    card.generate(0x9c, Algorithm::P256, PinPolicy::Once, TouchPolicy::Never);
    select(&card);
    assert_eq!(verify(&card, "123456"), 0x9000);
    card
}

/// Whether the signature is one over this digest by the key that is in the slot.
fn verifies(card: &Card, digest: &[u8], signature: &[u8]) -> bool {
    let key = p256::ecdsa::VerifyingKey::from_public_key_der(&card.spki(0x9c).unwrap()).unwrap();
    let Ok(signature) = p256::ecdsa::Signature::from_der(signature) else { return false };
    key.verify_prehash(digest, &signature).is_ok()
}

fn signed(card: &Card) -> Vec<u8> {
    sign(card, Algorithm::P256, 0x9c, &DIGEST).unwrap()
}

#[test]
fn only_the_signature_that_a_rule_names_is_wrong() {
    let card = card();
    card.obey("SIGN nth=2 corrupt");
    let signatures = [signed(&card), signed(&card), signed(&card)];
    let good = signatures.map(|signature| verifies(&card, &DIGEST, &signature));
    assert_eq!(good, [true, false, true]);
    assert_eq!(card.calls("SIGN"), 3);
}

#[test]
fn signatures_are_short_by_another_key_or_over_something_else() {
    let card = card();
    card.obey("SIGN short");
    assert!(!verifies(&card, &DIGEST, &signed(&card)));
    card.obey("SIGN other-key");
    let signature = signed(&card);
    assert!(p256::ecdsa::Signature::from_der(&signature).is_ok(), "a fine signature");
    assert!(!verifies(&card, &DIGEST, &signature));
    card.obey("SIGN other-message");
    let mut other = DIGEST;
    other[0] ^= 1;
    assert!(verifies(&card, &other, &signed(&card)));
}

#[test]
fn another_key_is_told_by_metadata_attestation_and_generation() {
    let card = card();
    let real = card.spki(0x9c).unwrap();
    let point = &real[real.len() - 65..];
    let tells = |instruction: u8, p1: u8, p2: u8| {
        let (told, status) = ask(&card, instruction, p1, p2, &[]);
        assert_eq!(status, 0x9000);
        told.windows(65).any(|window| window == point)
    };
    assert!(tells(0xf7, 0, 0x9c) && tells(0xf9, 0x9c, 0));
    card.obey("METADATA other-key\nATTEST other-key\nGENERATE other-key");
    assert!(!tells(0xf7, 0, 0x9c) && !tells(0xf9, 0x9c, 0));
    manage(&card, Cipher::Aes192);
    let (told, _) = ask(&card, 0x47, 0, 0x9c, &[0xac, 3, 0x80, 1, 0x11]);
    let real = card.spki(0x9c).unwrap();
    assert!(!told.ends_with(&real[real.len() - 65..]), "told is not made");
}

#[test]
fn the_tries_that_are_told_are_not_those_that_are_left() {
    let card = card();
    select(&card);
    card.obey("TRIES tries=3\nVERIFY tries=3\nMETADATA tries=3");
    assert_eq!([verify(&card, "000000"), verify(&card, "000000")], [0x63c3, 0x63c3]);
    assert_eq!((tries(&card), card.pin_tries()), (0x63c3, 1));
    assert_eq!(find(&ask(&card, 0xf7, 0, 0x80, &[]).0, 6), Some(&[3, 3][..]));
    assert_eq!(verify(&card, "123456"), 0x9000, "a right PIN is a right PIN");
}

#[test]
fn a_status_instead_of_an_answer_means_that_nothing_was_done() {
    let card = card();
    select(&card);
    card.obey("VERIFY nth=1 sw=6983\nSERIAL empty");
    assert_eq!(verify(&card, "000000"), 0x6983);
    assert_eq!(card.pin_tries(), 3);
    assert_eq!(verify(&card, "000000"), 0x63c2, "the second is judged");
    assert_eq!(ask(&card, 0xf8, 0, 0, &[]), (vec![], 0x9000));
}

#[test]
fn a_card_that_vanishes_answers_nothing_until_it_is_put_back() {
    let card = card();
    card.obey("SIGN vanish");
    assert_eq!(card.transmit(&[0, 0x87, 0x11, 0x9c, 0]), None);
    assert_eq!(card.transmit(&[0, 0xfd, 0, 0, 0]), None);
    card.set_inserted(true);
    select(&card);
    card.obey("VERIFY then-vanish");
    assert_eq!(card.transmit(&[0, 0x20, 0, 0x80, 8, 0x30, 0x30, 0x30, 0x30, 0x30, 0x30, 0xff, 0xff]), None);
    assert_eq!(card.pin_tries(), 2, "the PIN was judged before it left");
}

#[test]
fn a_card_that_is_taken_out_while_it_waits_for_a_touch_answers_nothing() {
    let card = card();
    card.generate(0x9a, Algorithm::P256, PinPolicy::Never, TouchPolicy::Always);
    card.touch(Touch::Never);
    let signing = std::thread::spawn({
        let card = card.clone();
        let inner = [&[0x7c, 36, 0x82, 0, 0x81, 32][..], &DIGEST].concat();
        move || card.transmit(&[&[0, 0x87, 0x11, 0x9a, 38][..], &inner].concat())
    });
    assert!(card.asks_for_touch_within(Duration::from_secs(10)));
    card.set_inserted(false);
    assert_eq!(signing.join().unwrap(), None);
}

#[test]
fn a_slow_card_answers_well_in_the_end() {
    let card = card();
    card.obey("SIGN hang=60");
    let begun = Instant::now();
    assert!(verifies(&card, &DIGEST, &signed(&card)));
    assert!(begun.elapsed() >= Duration::from_millis(60));
}

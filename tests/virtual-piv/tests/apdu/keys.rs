//! Keys: made, told, attested, used, under each policy.

use std::time::{Duration, Instant};

use ed25519_dalek::Verifier as _;
use p256::ecdsa::signature::hazmat::PrehashVerifier as _;
use p256::pkcs8::DecodePublicKey as _;
use sha2::{Digest as _, Sha256, Sha384};
use virtual_piv::tlv::{find, tlv};
use virtual_piv::{Algorithm, Card, Cipher, Firmware, PinPolicy, Touch, TouchPolicy};

use crate::client::{ask, manage, select, sign, tries, verify};

fn card() -> Card {
    let card = Card::new(Firmware::V5_7_1, 12_345_678);
    select(&card);
    card
}

fn generate(card: &Card, slot: u8, template: &[u8]) -> (Vec<u8>, u16) {
    ask(card, 0x47, 0, slot, &tlv(&[0xac], template))
}

fn p256(spki: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let key = p256::ecdsa::VerifyingKey::from_public_key_der(spki).unwrap();
    let Ok(signature) = p256::ecdsa::Signature::from_der(signature) else { return false };
    key.verify_prehash(&Sha256::digest(message), &signature).is_ok()
}

#[test]
fn each_kind_of_key_signs_what_its_public_half_verifies() {
    let card = card();
    verify(&card, "123456");
    let message = b"a root of trust";
    let made = |slot, algorithm| card.generate(slot, algorithm, PinPolicy::Once, TouchPolicy::Never);

    let spki = made(0x9c, Algorithm::P256);
    let signature = sign(&card, Algorithm::P256, 0x9c, &Sha256::digest(message)).unwrap();
    assert!(p256(&spki, message, &signature));
    assert!(!p256(&spki, b"another", &signature));

    let spki = made(0x9a, Algorithm::P384);
    let signature = sign(&card, Algorithm::P384, 0x9a, &Sha384::digest(message)).unwrap();
    let key = p384::ecdsa::VerifyingKey::from_public_key_der(&spki).unwrap();
    key.verify_prehash(&Sha384::digest(message), &p384::ecdsa::Signature::from_der(&signature).unwrap())
        .unwrap();

    let spki = made(0x82, Algorithm::Ed25519);
    let long = [7; 1000];
    let signature = sign(&card, Algorithm::Ed25519, 0x82, &long).unwrap();
    let key = ed25519_dalek::VerifyingKey::from_public_key_der(&spki).unwrap();
    key.verify(&long, &ed25519_dalek::Signature::from_slice(&signature).unwrap()).unwrap();

    let spki = made(0x95, Algorithm::Rsa2048);
    let key = rsa::RsaPublicKey::from_public_key_der(&spki).unwrap();
    let block = [&[0][..], &[0x55; 255]].concat();
    let signature = sign(&card, Algorithm::Rsa2048, 0x95, &block).unwrap();
    let signature = rsa::BoxedUint::from_be_slice(&signature, 2048).unwrap();
    let opened = rsa::hazmat::rsa_encrypt(&key, &signature).unwrap();
    assert_eq!(opened.to_be_bytes().to_vec(), block);
}

#[test]
fn a_digest_of_another_length_and_a_key_of_another_kind_are_refused() {
    let card = card();
    card.generate(0x9c, Algorithm::P256, PinPolicy::Never, TouchPolicy::Never);
    assert_eq!(sign(&card, Algorithm::P256, 0x9c, &[1; 31]), Err(0x6a80));
    assert_eq!(sign(&card, Algorithm::P384, 0x9c, &[1; 48]), Err(0x6a80));
    assert_eq!(sign(&card, Algorithm::P256, 0x9a, &[1; 32]), Err(0x6a80), "an empty slot");
}

#[test]
fn a_key_is_made_only_with_the_management_key_and_told_in_the_answer_and_by_metadata() {
    let card = card();
    assert_eq!(generate(&card, 0x9c, &[0x80, 1, 0x11]).1, 0x6982);
    manage(&card, Cipher::Aes192);
    let (told, status) = generate(&card, 0x9c, &[0x80, 1, 0x11, 0xaa, 1, 2, 0xab, 1, 3]);
    assert_eq!((status, &told[..5]), (0x9000, &[0x7f, 0x49, 0x43, 0x86, 0x41][..]));
    let (metadata, _) = ask(&card, 0xf7, 0, 0x9c, &[]);
    assert_eq!(metadata[..11], [1, 1, 0x11, 2, 2, 2, 3, 3, 1, 1, 4]);
    assert_eq!(find(&metadata, 4), Some(&told[3..]));
    assert_eq!(generate(&card, 0x9f, &[0x80, 1, 0x11]).1, 0x6b00, "no such slot");
    assert_eq!(generate(&card, 0x9c, &[0x80, 1, 0x99]).1, 0x6a80, "no such kind");
    assert_eq!(generate(&card, 0x9c, &[0x80, 1, 0x11, 0xaa, 1, 9]).1, 0x6a80, "no such policy");
}

#[test]
fn slots_have_the_usual_policies_when_none_is_asked_for() {
    let card = card();
    manage(&card, Cipher::Aes192);
    for (slot, pin) in [(0x9a, 2), (0x9c, 3), (0x9d, 2), (0x9e, 1), (0x82, 2), (0x95, 2)] {
        assert_eq!(generate(&card, slot, &[0x80, 1, 0x11]).1, 0x9000);
        let (metadata, _) = ask(&card, 0xf7, 0, slot, &[]);
        assert_eq!(find(&metadata, 2), Some(&[pin, 1][..]), "{slot:02x}");
    }
}

#[test]
fn only_firmware_5_7_makes_ed25519_keys() {
    for firmware in Firmware::ALL {
        let card = Card::new(firmware, 1);
        select(&card);
        manage(&card, firmware.cipher);
        let status = generate(&card, 0x9c, &[0x80, 1, 0xe0]).1;
        assert_eq!(status, if firmware == Firmware::V5_7_1 { 0x9000 } else { 0x6a80 }, "{firmware}");
    }
}

#[test]
fn the_pin_is_wanted_as_the_slot_says() {
    let card = card();
    for (slot, policy) in [(0x9e, PinPolicy::Never), (0x9a, PinPolicy::Once), (0x9c, PinPolicy::Always)] {
        card.generate(slot, Algorithm::P256, policy, TouchPolicy::Never);
    }
    let signs = |slot| sign(&card, Algorithm::P256, slot, &[1; 32]).map(|_| ());
    assert_eq!([signs(0x9e), signs(0x9a), signs(0x9c)], [Ok(()), Err(0x6982), Err(0x6982)]);
    verify(&card, "123456");
    assert_eq!([signs(0x9c), signs(0x9c)], [Ok(()), Err(0x6982)], "always means for each");
    assert_eq!([signs(0x9a), signs(0x9a)], [Ok(()), Ok(())]);
    verify(&card, "123456");
    ask(&card, 0xfd, 0, 0, &[]);
    assert_eq!(signs(0x9c), Err(0x6982), "and right before it");
}

#[test]
fn a_touch_that_does_not_come_ends_like_a_missing_pin_but_costs_no_try() {
    let card = card();
    card.generate(0x9c, Algorithm::P256, PinPolicy::Once, TouchPolicy::Always);
    card.wait_for_touch(Duration::from_millis(50));
    card.touch(Touch::Never);
    verify(&card, "123456");
    assert_eq!(sign(&card, Algorithm::P256, 0x9c, &[1; 32]), Err(0x6982));
    assert_eq!(tries(&card), 0x9000, "the PIN still counts");
    card.touch(Touch::Immediately);
    assert!(sign(&card, Algorithm::P256, 0x9c, &[1; 32]).is_ok(), "so it can be tried again without one");
}

#[test]
fn a_touch_may_come_while_the_card_waits() {
    let card = card();
    card.generate(0x9c, Algorithm::P256, PinPolicy::Never, TouchPolicy::Always);
    card.touch(Touch::Never);
    let signing = std::thread::spawn({
        let card = card.clone();
        move || sign(&card, Algorithm::P256, 0x9c, &[1; 32])
    });
    assert!(card.asks_for_touch_within(Duration::from_secs(10)));
    assert_eq!(card.pin_tries(), 3, "a look at the card is not kept waiting");
    card.touch(Touch::Immediately);
    assert!(signing.join().unwrap().is_ok());

    let begun = Instant::now();
    card.touch(Touch::After(Duration::from_millis(80)));
    assert!(sign(&card, Algorithm::P256, 0x9c, &[1; 32]).is_ok());
    assert!(begun.elapsed() >= Duration::from_millis(80));
}

#[test]
fn a_cached_touch_holds_for_the_next_signature() {
    let card = card();
    card.generate(0x9a, Algorithm::P256, PinPolicy::Never, TouchPolicy::Cached);
    card.wait_for_touch(Duration::from_millis(50));
    let signs = || sign(&card, Algorithm::P256, 0x9a, &[1; 32]).map(|_| ());
    assert_eq!(signs(), Ok(()));
    card.touch(Touch::Never);
    assert_eq!(signs(), Ok(()), "nobody touched it now");
    card.set_inserted(false);
    card.set_inserted(true);
    select(&card);
    assert_eq!(signs(), Err(0x6982), "out of the reader it forgets");
}

#[test]
fn objects_are_read_by_anyone_and_written_with_the_management_key() {
    let card = card();
    let put = [tlv(&[0x5c], &[0x5f, 0xc1, 0x0a]), tlv(&[0x53], &[0x5a; 2000])].concat();
    let name = tlv(&[0x5c], &[0x5f, 0xc1, 0x0a]);
    assert_eq!(ask(&card, 0xcb, 0x3f, 0xff, &name).1, 0x6a82);
    assert_eq!(ask(&card, 0xdb, 0x3f, 0xff, &put).1, 0x6982);
    manage(&card, Cipher::Aes192);
    assert_eq!(ask(&card, 0xdb, 0x3f, 0xff, &put).1, 0x9000, "in nine parts");
    let (told, status) = ask(&card, 0xcb, 0x3f, 0xff, &name);
    assert_eq!((find(&told, 0x53).map(<[u8]>::len), status), (Some(2000), 0x9000), "in eight parts");
    let gone = [name.clone(), tlv(&[0x53], &[])].concat();
    assert_eq!(ask(&card, 0xdb, 0x3f, 0xff, &gone).1, 0x9000);
    assert_eq!(ask(&card, 0xcb, 0x3f, 0xff, &name).1, 0x6a82);
}

#[test]
fn a_generated_key_is_attested_and_an_imported_one_is_not() {
    let card = card();
    let spki = card.generate(0x9c, Algorithm::P256, PinPolicy::Once, TouchPolicy::Always);
    let (certificate, status) = ask(&card, 0xf9, 0x9c, 0, &[]);
    assert_eq!(status, 0x9000);
    let holds = |bytes: &[u8]| certificate.windows(bytes.len()).any(|window| window == bytes);
    assert!(holds(&spki), "its public key");
    assert!(holds(b"\x2b\x06\x01\x04\x01\x82\xc4\x0a\x03\x03\x04\x03\x05\x07\x01"), "the firmware");
    assert!(holds(b"\x82\xc4\x0a\x03\x07\x04\x06\x02\x04\x00\xbc\x61\x4e"), "the serial");
    assert!(holds(b"\x82\xc4\x0a\x03\x08\x04\x02\x02\x02"), "both policies");
    card.import(0x9a, Algorithm::P256, PinPolicy::Once, TouchPolicy::Never);
    assert_eq!(ask(&card, 0xf9, 0x9a, 0, &[]).1, 0x6a80);
    assert_eq!(ask(&card, 0xf9, 0x9d, 0, &[]).1, 0x6a88, "an empty slot");
}

//! kryoptic, a module by other people than SoftHSM2's: what it does differently, and that nothing here depends on it.

use conclave_softhsm::{Curve, Software, TokenDir};
use ed25519_dalek::pkcs8::EncodePrivateKey as _;
use pkcs8::LineEnding;
use tuf_ceremony::key::tap21_message;
use tuf_ceremony::signable::Signable;
use tuf_conclave::token::{Call, Entry, Impatient, KeyKind, PinTries, SignScheme, Spent, TokenFault};

use crate::stage::{
    Faulty, PIN, WRONG_PIN, alice_by_kryoptic, draft, find, host, key_of, log_in, pin, signs,
};

/// Each kind of key that kryoptic makes, and what it is told as.
const KEYS: [(Curve, KeyKind); 7] = [
    (Curve::Ed25519, KeyKind::Ed25519),
    (Curve::P256, KeyKind::EcP256),
    (Curve::P384, KeyKind::EcP384),
    (Curve::Rsa2048, KeyKind::Rsa { bits: 2048 }),
    (Curve::MlDsa44, KeyKind::MlDsa44),
    (Curve::MlDsa65, KeyKind::MlDsa65),
    (Curve::MlDsa87, KeyKind::MlDsa87),
];

const ML_DSA: [(Curve, SignScheme); 3] = [
    (Curve::MlDsa44, SignScheme::MlDsa44),
    (Curve::MlDsa65, SignScheme::MlDsa65),
    (Curve::MlDsa87, SignScheme::MlDsa87),
];

#[test]
fn each_key_is_listed_before_the_pin_and_signs_after_it() {
    let dir = alice_by_kryoptic(&KEYS.each_ref().map(|(curve, _)| *curve));
    let mut host = host(&dir);
    let slot = find(&mut host, "alice");
    let token = slot.token.as_ref().unwrap();
    assert_eq!((token.manufacturer.as_str(), token.tries), ("Kryoptic Project", PinTries::Unsaid));
    log_in(&mut host);
    for (_, kind) in KEYS {
        signs(&mut host, &key_of(&slot.keys, &kind));
    }
    host.close().unwrap();
}

/// The longest signatures and keys that there are, over more than one socket buffer and over a message as large as that.
#[test]
fn an_ml_dsa_signature_stands_over_the_tap_21_message_and_no_flipped_bit_is_taken() {
    for (curve, scheme) in ML_DSA {
        let dir = alice_by_kryoptic(&[curve]);
        let mut host = host(&dir);
        let slot = log_in(&mut host);
        let [key] = slot.keys.as_slice() else { panic!("one key in {:?}", slot.keys) };
        let draft = draft(300_000);
        let signable = Signable::of(&draft);
        let signature = host.sign(key, scheme, &signable, None, &mut Impatient).unwrap();
        let public = key.public_key().unwrap();
        assert_eq!(public.scheme(), scheme.in_metadata());
        public.verify(&signable, &signature).unwrap();
        let bare = signable.message();
        assert!(public.verify(&tap21_message(&bare.as_slice()).as_slice(), &signature).is_err());
        for at in [0, signature.len() / 2, signature.len() - 1] {
            let mut flipped = signature.clone();
            flipped[at] ^= 1;
            assert!(public.verify(&signable, &flipped).is_err(), "{scheme}: byte {at}");
        }
        assert!(public.verify(&signable, &signature[1..]).is_err());
    }
}

#[test]
fn a_token_that_is_not_set_up_has_no_pin_to_try() {
    let dir = alice_by_kryoptic(&[]);
    let mut host = host(&dir);
    let slots = host.list().unwrap();
    let empty = slots.iter().find(|slot| slot.token.as_ref().is_some_and(|token| !token.initialized));
    let empty = empty.unwrap_or_else(|| panic!("no empty slot in {slots:?}"));
    assert_eq!((empty.keys.len(), &empty.trouble), (0, &None));
    let fault = host.login(empty, Entry::Pin(pin(PIN)), &mut Impatient).unwrap_err();
    assert!(matches!(fault, TokenFault::PinNotSet { .. }), "{fault}");
}

/// Ten tries, of which the token says nothing before the seventh wrong one; then for good no more.
#[test]
fn the_tenth_wrong_pin_locks_the_token_and_none_is_sent_after_it() {
    let faulty = Faulty::before(alice_by_kryoptic(&[Curve::P256]), "");
    let mut host = faulty.host();
    let mut said = Vec::new();
    for _ in 1..10 {
        let slot = find(&mut host, "alice");
        let fault = host.login(&slot, Entry::Pin(pin(WRONG_PIN)), &mut Impatient).unwrap_err();
        let TokenFault::PinIncorrect { after, .. } = &fault else { panic!("{fault}") };
        assert_eq!(fault.tries_spent(), Spent::Yes);
        said.push(*after);
    }
    let [early @ .., seventh, eighth, ninth] = said.as_slice() else { panic!("{said:?}") };
    assert!(early.iter().all(|tries| *tries == PinTries::Unsaid), "{said:?}");
    assert_eq!((seventh, eighth, ninth), (&PinTries::Low, &PinTries::Low, &PinTries::Last));
    assert_eq!(find(&mut host, "alice").token.unwrap().tries, PinTries::Last, "read again, it is the same");

    let slot = find(&mut host, "alice");
    let fault = host.login(&slot, Entry::Pin(pin(WRONG_PIN)), &mut Impatient).unwrap_err();
    assert!(matches!(fault, TokenFault::PinLocked { sent: true, .. }), "{fault}");
    assert_eq!(fault.tries_spent(), Spent::Unknown, "a token locked by another program would say the same");
    assert_eq!(faulty.calls("C_Login"), 10);

    for text in [PIN, WRONG_PIN] {
        let slot = find(&mut host, "alice");
        assert_eq!(slot.token.as_ref().unwrap().tries, PinTries::Locked);
        let fault = host.login(&slot, Entry::Pin(pin(text)), &mut Impatient).unwrap_err();
        assert!(matches!(fault, TokenFault::PinLocked { sent: false, .. }), "{fault}");
        assert_eq!(fault.tries_spent(), Spent::No);
    }
    assert_eq!(faulty.calls("C_Login"), 10, "nothing was sent any more");
}

#[test]
fn a_right_pin_after_nine_wrong_ones_gives_all_tries_back() {
    let dir = alice_by_kryoptic(&[Curve::P256]);
    let mut host = host(&dir);
    let slot = find(&mut host, "alice");
    for _ in 1..10 {
        host.login(&slot, Entry::Pin(pin(WRONG_PIN)), &mut Impatient).unwrap_err();
    }
    let login = host.login(&slot, Entry::Pin(pin(PIN)), &mut Impatient).unwrap();
    assert_eq!(login.before, Some(PinTries::Last));
    assert_eq!(find(&mut host, "alice").token.unwrap().tries, PinTries::Unsaid);
}

#[test]
fn each_kind_of_key_signs_with_a_pin_of_its_own_and_not_without() {
    for (curve, kind) in KEYS {
        let dir = alice_by_kryoptic(&[]);
        dir.generate_always_authenticate("alice", PIN, "again", &[7], curve).unwrap();
        let mut host = host(&dir);
        log_in(&mut host);
        let slot = find(&mut host, "alice");
        let key = key_of(&slot.keys, &kind);
        let scheme = SignScheme::of(&kind).unwrap();
        let draft = draft(2000);
        let signable = Signable::of(&draft);
        for _ in 0..2 {
            let fault = host.sign(&key, scheme, &signable, None, &mut Impatient).unwrap_err();
            let wanted = TokenFault::NotLoggedIn { during: Call::Sign, always_authenticate: Some(true) };
            assert_eq!(fault, wanted, "{kind}");
            let again = Some(Entry::Pin(pin(PIN)));
            let raw = host.sign(&key, scheme, &signable, again, &mut Impatient).unwrap();
            let signature = scheme.as_in_metadata(raw).unwrap();
            key.public_key().unwrap().verify(&signable, &signature).unwrap();
        }
        let again = Some(Entry::Pin(pin(WRONG_PIN)));
        let fault = host.sign(&key, scheme, &signable, again, &mut Impatient).unwrap_err();
        assert!(matches!(fault, TokenFault::PinIncorrect { .. }), "{kind}: {fault}");
        assert_eq!((fault.tries_spent(), fault.may_have_signed()), (Spent::Yes, false), "{kind}");
    }
}

/// Keys whose 32 bytes begin as a DER OCTET STRING would, of 30 bytes (exactly what follows) and of 32. kryoptic gives them
/// bare, SoftHSM2 wrapped: the same key is the same key.
#[test]
fn a_bare_point_that_begins_like_a_wrapper_is_the_same_key_as_the_wrapped_one() {
    for (seed, start) in [
        ("4c85fba68ce6ab43b7f831f2c1c4a9d652806d7a8413bdf4a5ae874da985706e", [0x04, 0x1e]),
        ("b064802c49f97e8d1556edeb4b6f601eae47e52b8592f158216022c2ff94fb11", [0x04, 0x20]),
    ] {
        let seed = hex::decode(seed).unwrap();
        let secret = ed25519_dalek::SigningKey::from_bytes(&seed.try_into().unwrap());
        let public = secret.verifying_key().to_bytes();
        assert_eq!(public[..2], start);
        let pem = secret.to_pkcs8_pem(LineEnding::LF).unwrap();
        for software in [Software::Kryoptic, Software::SoftHsm] {
            let dir = TokenDir::of(software).unwrap();
            dir.add_token("alice", "so-pin-1", PIN).unwrap();
            dir.import("alice", PIN, "key", &[1], &pem).unwrap();
            let mut host = host(&dir);
            let slot = log_in(&mut host);
            let key = key_of(&slot.keys, &KeyKind::Ed25519);
            assert_eq!(key.public, public, "{software}");
            signs(&mut host, &key);
        }
    }
}

/// What kryoptic answers of an empty slot to calls that we do not make, at the ones that we do make: a code of PKCS#11 3.2,
/// which the crate below does not know.
#[test]
fn the_code_of_a_token_that_is_not_set_up_has_its_name_and_costs_no_try() {
    let faulty = Faulty::before(alice_by_kryoptic(&[Curve::P256]), "C_OpenSession rv=0x208");
    let mut host = faulty.host();
    let slot = find(&mut host, "alice");
    let trouble = slot.trouble.as_deref().unwrap_or_default();
    assert!(trouble.contains("CKR_TOKEN_NOT_INITIALIZED"), "{slot:?}");
    let fault = host.login(&slot, Entry::Pin(pin(PIN)), &mut Impatient).unwrap_err();
    assert!(fault.to_string().contains("CKR_TOKEN_NOT_INITIALIZED"), "{fault}");
    assert_eq!((fault.tries_spent(), faulty.calls("C_Login")), (Spent::No, 0));
}

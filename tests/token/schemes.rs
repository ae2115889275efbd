//! Every scheme, judged by the engine; keys that a token makes when it is asked; and what it says of them.

use tuf_ceremony::signable::Signable;
use tuf_conclave::token::{Impatient, KeyEvidence, KeyKind, SignScheme, TokenFault};

use crate::stage::{Faulty, PIN, alice, alice_by_kryoptic, draft, find, host, key_of, log_in, signs};
use conclave_softhsm::{Curve, TokenDir};

const CLASSICAL: [SignScheme; 4] =
    [SignScheme::Ed25519, SignScheme::EcdsaP256Sha256, SignScheme::EcdsaP384Sha384, SignScheme::RsaPssSha256];

#[test]
fn a_token_makes_a_key_for_each_scheme_and_signs_with_it() {
    makes_and_signs(&alice(), &CLASSICAL);
}

#[test]
fn kryoptic_makes_a_key_for_each_scheme_with_ml_dsa_too_and_signs_with_it() {
    makes_and_signs(&alice_by_kryoptic(&[]), &SignScheme::ALL);
}

#[test]
fn a_token_that_knows_no_ml_dsa_says_so_and_makes_nothing() {
    let dir = alice();
    let mut host = host(&dir);
    log_in(&mut host);
    let fault = host.generate(SignScheme::MlDsa65, "new", &[9], &mut Impatient).unwrap_err();
    let why = "it does not make keys of this kind (CKR_MECHANISM_INVALID)".to_owned();
    assert_eq!(fault, TokenFault::NoNewKey { why });
}

fn makes_and_signs(dir: &TokenDir, schemes: &[SignScheme]) {
    let mut host = host(dir);
    log_in(&mut host);
    for (number, scheme) in (10_u8..).zip(schemes.iter().copied()) {
        let label = format!("new {scheme}");
        let key = host.generate(scheme, &label, &[number], &mut Impatient).unwrap();
        assert_eq!((key.label.as_str(), key.id.as_slice()), (label.as_str(), [number].as_slice()));
        assert_eq!((SignScheme::of(&key.kind), key.has_private), (Some(scheme), Some(true)));
        signs(&mut host, &key);
        let said = host.evidence(&key).unwrap();
        let mechanism = match scheme {
            SignScheme::Ed25519 => "CKM_EC_EDWARDS_KEY_PAIR_GEN",
            SignScheme::RsaPssSha256 => "CKM_RSA_PKCS_KEY_PAIR_GEN",
            SignScheme::MlDsa44 | SignScheme::MlDsa65 | SignScheme::MlDsa87 => "CKM_ML_DSA_KEY_PAIR_GEN",
            _ => "CKM_EC_KEY_PAIR_GEN",
        };
        let expected = KeyEvidence {
            local: Some(true),
            sensitive: Some(true),
            always_sensitive: Some(true),
            extractable: Some(false),
            never_extractable: Some(true),
            always_authenticate: Some(false),
            mechanism: Some(mechanism.to_owned()),
            ..KeyEvidence::default()
        };
        assert_eq!(said, expected, "{scheme}");
    }
    let rsa = key_of(&find(&mut host, "alice").keys, &KeyKind::Rsa { bits: 3072 });
    assert!(rsa.fingerprint().is_some(), "it stays on the token, with a fingerprint");
}

#[test]
fn keys_that_were_there_before_sign_under_p384_and_rsa_too() {
    let dir = alice();
    dir.generate("alice", PIN, "p384", &[3], Curve::P384).unwrap();
    dir.generate("alice", PIN, "rsa", &[4], Curve::Rsa2048).unwrap();
    let mut host = host(&dir);
    let slot = log_in(&mut host);
    for kind in [KeyKind::EcP384, KeyKind::Rsa { bits: 2048 }] {
        signs(&mut host, &key_of(&slot.keys, &kind));
    }
}

#[test]
fn an_rsa_key_that_is_too_short_to_count_neither_signs_nor_has_a_fingerprint() {
    let dir = alice();
    dir.generate("alice", PIN, "short", &[5], Curve::Rsa1024).unwrap();
    let mut host = host(&dir);
    let slot = log_in(&mut host);
    let key = key_of(&slot.keys, &KeyKind::Rsa { bits: 1024 });
    assert_eq!(key.fingerprint(), None);
    let draft = draft(0);
    let signed =
        host.sign(&key, SignScheme::RsaPssSha256, &Signable::of(&draft), None, &mut Impatient).unwrap_err();
    assert!(matches!(signed, TokenFault::SchemeMismatch { .. }), "{signed}");
}

#[test]
fn a_module_that_knows_rsa_pss_only_with_its_hash_signs_the_same() {
    // 0xd is CKM_RSA_PKCS_PSS, 0x70 CKR_MECHANISM_INVALID.
    let faulty = Faulty::new("C_SignInit mechanism=0xd rv=0x70");
    faulty.dir.generate("alice", PIN, "rsa", &[4], Curve::Rsa2048).unwrap();
    let mut host = faulty.host();
    let slot = log_in(&mut host);
    signs(&mut host, &key_of(&slot.keys, &KeyKind::Rsa { bits: 2048 }));
    assert_eq!((faulty.calls("C_SignInit"), faulty.calls("C_Sign")), (2, 1), "the second way was the one");
}

#[test]
fn a_new_key_never_stands_over_another_label_or_id() {
    let dir = alice();
    let mut host = host(&dir);
    log_in(&mut host);
    let before = find(&mut host, "alice").keys;
    for (label, id, word) in [("root ed", &[0x77][..], "label"), ("new", &[0xed][..], "id ed")] {
        let fault = host.generate(SignScheme::Ed25519, label, id, &mut Impatient).unwrap_err();
        assert!(matches!(&fault, TokenFault::KeyTaken { what } if what.contains(word)), "{fault}");
    }
    assert_eq!(find(&mut host, "alice").keys, before, "and nothing was made");
    host.generate(SignScheme::Ed25519, "new", &[0x77], &mut Impatient).unwrap();
}

#[test]
fn nothing_is_made_before_a_login() {
    let dir = alice();
    let mut host = host(&dir);
    let key = key_of(&find(&mut host, "alice").keys, &KeyKind::Ed25519);
    let fault = host.generate(SignScheme::Ed25519, "new", &[9], &mut Impatient).unwrap_err();
    assert!(matches!(fault, TokenFault::NotLoggedIn { .. }), "{fault}");
    assert!(matches!(host.evidence(&key).unwrap_err(), TokenFault::NotLoggedIn { .. }));
    assert_eq!(find(&mut host, "alice").keys.len(), 2);
}

#[test]
fn a_token_that_makes_no_key_says_why() {
    for (code, words) in [
        ("0x31", "no room"),
        ("0xe2", "write-protected"),
        ("0x70", "does not make keys of this kind"),
        ("0x6", "memory is full"),
    ] {
        let faulty = Faulty::new(&format!("C_GenerateKeyPair rv={code}"));
        let mut host = faulty.host();
        log_in(&mut host);
        let fault = host.generate(SignScheme::EcdsaP256Sha256, "new", &[9], &mut Impatient).unwrap_err();
        assert!(matches!(&fault, TokenFault::NoNewKey { why } if why.contains(words)), "{code}: {fault}");
        assert!(!fault.may_have_signed());
        faulty.rule("");
        let key = host.generate(SignScheme::EcdsaP256Sha256, "new", &[9], &mut Impatient).unwrap();
        signs(&mut host, &key);
    }
}

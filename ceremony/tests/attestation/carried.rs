//! What a key card carries.

use p256::ecdsa::signature::hazmat::PrehashSigner as _;
use sha2::{Digest as _, Sha256};
use tuf_ceremony::attestation::{Attested, Unproven, Verdict, about};
use tuf_ceremony::card::{Card, Claims, Evidence};

use crate::{at, p256, press, roots};

/// A card of the press's key with this evidence, proven by that key.
pub fn card(token: Option<&str>, evidence: Option<&str>) -> Card {
    let claims = Claims {
        holders: vec!["Anna Berg".into()],
        token: token.map(str::to_owned),
        evidence: evidence.map(|text| Evidence::read(text.as_bytes()).unwrap()),
        rehearsal: false,
    };
    let unsigned = Card::unsigned(&p256(&press::spki("key")), claims).unwrap();
    let proof: p256::ecdsa::Signature =
        press::signing_key("key").sign_prehash(&Sha256::digest(unsigned.signed())).unwrap();
    unsigned.prove(proof.to_der().as_bytes()).unwrap()
}

pub const TOKEN: &str = "piv:serial=12345678;slot=9c";

/// Evidence with the press's two certificates.
pub fn evidence() -> String {
    let (key, card) = (hex::encode(press::key()), hex::encode(press::card()));
    format!(
        r#"{{"piv":{{"attestation":{{"card":"{card}","key":"{key}"}},"firmware":"5.7.1","local":true}}}}"#
    )
}

fn judged(token: Option<&str>, evidence: Option<&str>) -> Option<Attested> {
    about(&card(token, evidence), &roots(), Some(&at("2027-03-05")))
}

fn why(token: Option<&str>, evidence: Option<&str>) -> Unproven {
    crate::unproven(judged(token, evidence).unwrap().verdict)
}

#[test]
fn the_attestation_in_a_key_card_is_judged_with_the_cards_own_key_and_token() {
    let attested = judged(Some(TOKEN), Some(&evidence())).unwrap();
    assert!(attested.proof().is_some(), "{attested:?}");
    assert_eq!(why(Some("piv:serial=12345679;slot=9c"), Some(&evidence())).word(), "other-serial");
    assert_eq!(why(None, Some(&evidence())).word(), "other-serial");
    // The same card by its name through a module.
    let through = judged(Some("pkcs11:serial=12345678;object=x"), Some(&evidence())).unwrap();
    assert!(matches!(through.verdict, Verdict::Proven(_)));
}

#[test]
fn a_key_on_a_piv_card_without_attestation_is_unproven_and_others_are_not_spoken_of() {
    assert_eq!(judged(Some("pkcs11:serial=1"), Some(r#"{"pkcs11":{"local":true}}"#)), None);
    assert_eq!(judged(None, None), None);
    for evidence in
        [None, Some("{}"), Some(r#"{"pkcs11":{"local":true}}"#), Some(r#"{"piv":{"local":true}}"#)]
    {
        assert_eq!(why(Some(TOKEN), evidence), Unproven::Absent, "{evidence:?}");
    }
    assert_eq!(why(Some(TOKEN), Some(r#"{"piv":{"local":false}}"#)), Unproven::Imported);
    assert_eq!(why(Some("pkcs11:serial=1"), Some(r#"{"piv":{}}"#)), Unproven::Absent);
}

#[test]
fn evidence_that_is_not_written_as_a_piv_cards_is_unreadable() {
    for attestation in ["1", r#"{}"#, r#"{"key":1}"#, r#"{"key":"xy"}"#, r#"{"key":"0"}"#, r#"{"card":"00"}"#]
    {
        let evidence = format!(r#"{{"piv":{{"attestation":{attestation}}}}}"#);
        assert_eq!(why(Some(TOKEN), Some(&evidence)), Unproven::Unreadable, "{attestation}");
    }
    assert_eq!(why(Some(TOKEN), Some(r#"{"piv":1}"#)), Unproven::Absent);
    let (key, long) = (hex::encode(press::key()), "00".repeat(400_000));
    let no_card = format!(r#"{{"piv":{{"attestation":{{"key":"{key}"}}}}}}"#);
    assert_eq!(why(Some(TOKEN), Some(&no_card)), Unproven::NoCardCertificate);
    let long = format!(r#"{{"piv":{{"attestation":{{"card":"{long}","key":"{key}"}}}}}}"#);
    assert_eq!(why(Some(TOKEN), Some(&long)).word(), "too-long");
}

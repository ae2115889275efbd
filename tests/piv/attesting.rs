//! What a card certifies of its keys: read as it came, leading to the root, and nothing where there is nothing.

use p256::ecdsa::signature::Verifier as _;
use p256::ecdsa::{Signature, VerifyingKey};
use p256::pkcs8::DecodePublicKey as _;
use pkcs8::der::{Reader as _, SliceReader, Tag};
use tuf_conclave::token::TokenFault;
use virtual_piv::{Algorithm, Firmware, PinPolicy, TouchPolicy, root_certificate};

use crate::stage::{Desk, card};

/// The first P-256 key in a certificate.
fn key_in(certificate: &[u8]) -> VerifyingKey {
    let begin = b"\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00";
    let at = certificate.windows(begin.len()).position(|window| window == begin).unwrap();
    VerifyingKey::from_public_key_der(&certificate[at..at + begin.len() + 65]).unwrap()
}

/// Whether `issuer` signed the certificate.
fn is_signed_by(certificate: &[u8], issuer: &VerifyingKey) -> bool {
    let mut reader = SliceReader::new(certificate).unwrap();
    let parts = reader.sequence(|inner| {
        let body = inner.tlv_bytes()?;
        inner.tlv_bytes()?;
        pkcs8::der::Header::peek(inner)?.tag().assert_eq(Tag::BitString)?;
        Ok::<_, pkcs8::der::Error>((body.to_vec(), inner.tlv_bytes()?.to_vec()))
    });
    let (body, bits) = parts.unwrap();
    // Tag, length and the number of unused bits stand before the signature.
    issuer.verify(&body, &Signature::from_der(&bits[3..]).unwrap()).is_ok()
}

#[test]
fn a_generated_key_is_certified_up_to_the_root_on_every_firmware() {
    for firmware in Firmware::ALL {
        let mut desk = Desk::with_key(firmware, Algorithm::P384, PinPolicy::Once, TouchPolicy::Always);
        let key = desk.opened();
        let told = desk.host.attestation(&key).unwrap().unwrap();
        let spki = desk.card.spki(0x9c).unwrap();
        assert!(told.key.windows(spki.len()).any(|window| window == spki), "{firmware}: of another key");
        assert!(is_signed_by(&told.key, &key_in(&told.card)), "{firmware}");
        assert!(is_signed_by(&told.card, &key_in(&root_certificate())), "{firmware}");
        assert!(
            !is_signed_by(&told.key, &key_in(&root_certificate())),
            "{firmware}: the card's own key signed it"
        );
        assert_eq!(desk.card.calls("VERIFY"), 1, "{firmware}: it wants no PIN of its own");
    }
}

#[test]
fn an_imported_key_is_not_certified() {
    let card = card(Firmware::V5_7_1);
    card.import(0x9c, Algorithm::P256, PinPolicy::Once, TouchPolicy::Never);
    let mut desk = Desk::with(card);
    let key = desk.opened();
    assert_eq!(desk.host.attestation(&key), Ok(None));
    assert_eq!(desk.host.evidence(&key).unwrap().local, Some(false));
}

#[test]
fn what_a_card_certifies_is_passed_on_as_it_came() {
    let mut desk = Desk::with_key(Firmware::V5_7_1, Algorithm::P256, PinPolicy::Once, TouchPolicy::Never);
    let key = desk.opened();
    desk.card.obey("ATTEST other-key");
    let told = desk.host.attestation(&key).unwrap().unwrap();
    assert!(!told.key.windows(65).any(|window| window == key.public), "whose key it is, others judge");
    desk.card.obey("ATTEST empty");
    let fault = desk.host.attestation(&key).unwrap_err();
    assert!(matches!(fault, TokenFault::Protocol { .. }), "the crate panics over it: {fault}");
    desk.card.obey("GET_DATA sw=6a82");
    assert_eq!(desk.host.attestation(&key).unwrap().unwrap().card, b"", "the card's own certificate is gone");
}

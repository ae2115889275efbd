//! A public key out of a SubjectPublicKeyInfo (RFC 5280 4.1.2.7), and that out of a certificate. Nothing of a certificate but its key is read: it
//! is no proof of anything, and whoever may write to a token may put one there. A signature proves the key.

use pkcs8::ObjectIdentifier;
use pkcs8::der::asn1::{AnyRef, UintRef};
use pkcs8::der::{self, Decode as _, Reader as _, SliceReader, Tagged as _};
use pkcs8::spki::SubjectPublicKeyInfoRef;

use super::facts::KeyKind;
use super::point::Spelling;

const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// Kind and bytes of the key in a certificate, as a token's key has them.
pub(super) fn of_certificate(certificate: &[u8]) -> Option<(KeyKind, Vec<u8>)> {
    key_of(certificate).ok().flatten()
}

/// The same of a key by itself.
pub(super) fn of_spki(spki: &[u8]) -> Option<(KeyKind, Vec<u8>)> {
    SubjectPublicKeyInfoRef::try_from(spki).ok().and_then(|spki| read(&spki))
}

fn key_of(certificate: &[u8]) -> der::Result<Option<(KeyKind, Vec<u8>)>> {
    // Some tools pad what they store.
    let whole = AnyRef::decode(&mut SliceReader::new(certificate)?)?;
    let body = AnyRef::decode(&mut SliceReader::new(whole.value())?)?;
    let mut fields = SliceReader::new(body.value())?;
    // The version may be left out; then serial, algorithm, issuer, validity and subject.
    let first = AnyRef::decode(&mut fields)?;
    let before = if first.tag().is_context_specific() { 5 } else { 4 };
    for _ in 0..before {
        AnyRef::decode(&mut fields)?;
    }
    SubjectPublicKeyInfoRef::decode(&mut fields).map(|spki| read(&spki))
}

fn read(spki: &SubjectPublicKeyInfoRef<'_>) -> Option<(KeyKind, Vec<u8>)> {
    let bytes = spki.subject_public_key.as_bytes()?;
    let curve = spki.algorithm.parameters.and_then(|told| told.decode_as().ok());
    Some(match (spki.algorithm.oid, curve) {
        (EC, Some(P256)) => (KeyKind::EcP256, bytes.to_vec()),
        (EC, Some(P384)) => (KeyKind::EcP384, bytes.to_vec()),
        (ED25519, _) => (KeyKind::Ed25519, bytes.to_vec()),
        (RSA, _) => {
            let (modulus, exponent) = modulus_and_exponent(bytes).ok()?;
            Spelling::Rsa { modulus, exponent }.read()
        }
        _ => return None,
    })
}

/// The two numbers of an `RSAPublicKey` (RFC 8017 A.1.1).
fn modulus_and_exponent(der: &[u8]) -> der::Result<(Vec<u8>, Vec<u8>)> {
    let number = |reader: &mut SliceReader<'_>| UintRef::decode(reader).map(|read| read.as_bytes().to_vec());
    SliceReader::new(der)?.sequence(|reader| Ok((number(reader)?, number(reader)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_no_certificate_gives_no_key() {
        for text in [&b""[..], b"\x30\x00", b"\x30\x02\x30\x00", &[0x30; 400], b"-----BEGIN CERTIFICATE-----"]
        {
            assert_eq!(of_certificate(text), None, "{text:02x?}");
            assert_eq!(of_spki(text), None, "{text:02x?}");
        }
    }

    #[test]
    fn an_rsa_key_is_read_with_its_bits() {
        let modulus = [&[0x02, 0x82, 0x01, 0x01, 0x00, 0xc5][..], &[1; 255]].concat();
        let body = [modulus, vec![0x02, 0x03, 1, 0, 1]].concat();
        let der = [&[0x30, 0x82, 0x01, 0x0a][..], &body].concat();
        let (modulus, exponent) = modulus_and_exponent(&der).unwrap();
        assert_eq!((modulus.len(), exponent), (256, vec![1, 0, 1]));
        assert!(modulus_and_exponent(&der[..20]).is_err());
    }
}

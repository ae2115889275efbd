//! Public keys as PKCS#11 attributes spell them, turned into the bytes that verifiers take.
//!
//! Modules differ in the spelling: `CKA_EC_POINT` comes wrapped in a DER OCTET STRING (SoftHSM) or raw
//! (kryoptic, for Ed25519), and `CKA_EC_PARAMS` names Edwards 25519 by OID or by PrintableString (PKCS#11 v3.0
//! 2.3.3 and 2.3.10). The length decides. Whether a point lies on its curve is the verifier's question.

use super::facts::KeyKind;

pub(super) const P256_OID: &[u8] = &[0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
pub(super) const P384_OID: &[u8] = &[0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22];
pub(super) const ED25519_OID: &[u8] = &[0x06, 0x03, 0x2b, 0x65, 0x70];
pub(super) const ED25519_NAME: &[u8] = b"\x13\x0cedwards25519";

/// A public key's attributes as they came.
pub(super) enum Spelling {
    /// `CKK_EC` and `CKK_EC_EDWARDS`.
    Ec { parameters: Vec<u8>, point: Vec<u8> },
    /// `CKK_RSA`.
    Rsa { modulus: Vec<u8>, exponent: Vec<u8> },
    /// Any other key type, by its name.
    Other(String),
}

impl Spelling {
    /// The kind of key and its bytes; a key that cannot be read has no bytes and says why in its kind.
    pub(super) fn read(self) -> (KeyKind, Vec<u8>) {
        let unknown = |what: String| (KeyKind::Other(what), Vec::new());
        match self {
            Self::Ec { parameters, point: attribute } => match curve(&parameters) {
                KeyKind::Other(what) => unknown(what),
                kind => match point(&kind, &attribute) {
                    Some(point) => (kind, point),
                    None => unknown(format!("{kind} with an unreadable point")),
                },
            },
            Self::Rsa { modulus, exponent } => {
                rsa(&modulus, &exponent).unwrap_or_else(|| unknown("RSA with an unreadable modulus".into()))
            }
            Self::Other(what) => unknown(what),
        }
    }
}

/// The kind named by `CKA_EC_PARAMS`; unknown curves keep their parameters as hex, cut to a readable length.
fn curve(parameters: &[u8]) -> KeyKind {
    match parameters {
        P256_OID => KeyKind::EcP256,
        P384_OID => KeyKind::EcP384,
        ED25519_OID | ED25519_NAME => KeyKind::Ed25519,
        other => KeyKind::Other(format!("EC parameters {}", hex::encode(&other[..other.len().min(32)]))),
    }
}

/// The public point in `CKA_EC_POINT` for a key of `kind`, or `None` when the attribute fits neither spelling.
fn point(kind: &KeyKind, attribute: &[u8]) -> Option<Vec<u8>> {
    let (length, uncompressed) = match kind {
        KeyKind::Ed25519 => (32_u8, false),
        KeyKind::EcP256 => (65, true),
        KeyKind::EcP384 => (97, true),
        KeyKind::Rsa { .. } | KeyKind::Other(_) => return None,
    };
    let point = match attribute {
        [0x04, told, rest @ ..] if *told == length && rest.len() == usize::from(length) => rest,
        raw if raw.len() == usize::from(length) => raw,
        _ => return None,
    };
    (!uncompressed || point.first() == Some(&0x04)).then(|| point.to_vec())
}

/// DER `RSAPublicKey` (RFC 8017 A.1.1) from big-endian modulus and exponent, with the modulus' bits.
fn rsa(modulus: &[u8], exponent: &[u8]) -> Option<(KeyKind, Vec<u8>)> {
    let modulus = without_leading_zeros(modulus)?;
    let exponent = without_leading_zeros(exponent)?;
    let unused = usize::try_from(modulus[0].leading_zeros()).ok()?;
    let body = [integer(modulus)?, integer(exponent)?].concat();
    Some((KeyKind::Rsa { bits: modulus.len() * 8 - unused }, tagged(0x30, &body)?))
}

fn without_leading_zeros(number: &[u8]) -> Option<&[u8]> {
    let start = number.iter().position(|byte| *byte != 0)?;
    Some(&number[start..])
}

fn integer(number: &[u8]) -> Option<Vec<u8>> {
    // A leading zero keeps a DER INTEGER positive.
    let sign: &[u8] = if number[0] & 0x80 != 0 { &[0] } else { &[] };
    tagged(0x02, &[sign, number].concat())
}

/// Tag, DER length and body; bodies over 65,535 bytes are no key.
fn tagged(tag: u8, body: &[u8]) -> Option<Vec<u8>> {
    let [high, low] = u16::try_from(body.len()).ok()?.to_be_bytes();
    let mut out = match (high, low) {
        (0, 0..=0x7f) => vec![tag, low],
        (0, _) => vec![tag, 0x81, low],
        _ => vec![tag, 0x82, high, low],
    };
    out.extend_from_slice(body);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_of_edwards_25519_are_read() {
        assert_eq!(curve(ED25519_OID), KeyKind::Ed25519);
        assert_eq!(curve(ED25519_NAME), KeyKind::Ed25519);
        assert_eq!(curve(P256_OID), KeyKind::EcP256);
        assert_eq!(curve(P384_OID), KeyKind::EcP384);
        let secp256k1 = [0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x0a];
        assert_eq!(curve(&secp256k1), KeyKind::Other("EC parameters 06052b8104000a".into()));
        assert!(curve(&[7; 5000]).to_string().len() < 120, "a long claim is cut");
    }

    #[test]
    fn a_point_is_read_raw_and_wrapped() {
        for (kind, length) in [(KeyKind::Ed25519, 32_u8), (KeyKind::EcP256, 65), (KeyKind::EcP384, 97)] {
            let mut raw = vec![0x04; usize::from(length)];
            raw[1] = length; // the worst case: raw bytes that begin like a wrapper
            assert_eq!(point(&kind, &raw), Some(raw.clone()), "{kind} raw");
            let wrapped = [&[0x04, length], raw.as_slice()].concat();
            assert_eq!(point(&kind, &wrapped), Some(raw), "{kind} wrapped");
        }
    }

    #[test]
    fn a_key_that_cannot_be_read_has_no_bytes_and_says_why() {
        let broken = Spelling::Ec { parameters: P256_OID.to_vec(), point: vec![1, 2, 3] };
        let (kind, bytes) = broken.read();
        assert_eq!(kind, KeyKind::Other("ECDSA P-256 with an unreadable point".into()));
        assert!(bytes.is_empty());
        let (kind, bytes) = Spelling::Rsa { modulus: vec![], exponent: vec![3] }.read();
        assert_eq!(kind, KeyKind::Other("RSA with an unreadable modulus".into()));
        assert!(bytes.is_empty());
        assert_eq!(Spelling::Other("CKK_DSA".into()).read().0, KeyKind::Other("CKK_DSA".into()));
        let good = Spelling::Ec { parameters: ED25519_OID.to_vec(), point: vec![7; 32] };
        assert_eq!(good.read(), (KeyKind::Ed25519, vec![7; 32]));
    }

    #[test]
    fn a_point_of_any_other_shape_is_refused() {
        for (kind, attribute) in [
            (KeyKind::Ed25519, vec![1; 31]),
            (KeyKind::Ed25519, vec![1; 34]),
            (KeyKind::Ed25519, vec![]),
            (KeyKind::EcP256, vec![0x02; 33]),
            (KeyKind::EcP256, vec![0x02; 65]),
            (KeyKind::EcP256, [&[0x04, 0x40], [0x04; 65].as_slice()].concat()),
            (KeyKind::EcP384, vec![0x04; 98]),
            (KeyKind::Other("x".into()), vec![0x04; 65]),
        ] {
            assert_eq!(point(&kind, &attribute), None, "{kind} {} bytes", attribute.len());
        }
    }

    #[test]
    fn an_rsa_key_becomes_its_der_with_its_bits() {
        let (kind, der) = rsa(&[0, 0xc5, 0x01], &[0, 1, 0, 1]).unwrap();
        assert_eq!(kind, KeyKind::Rsa { bits: 16 });
        assert_eq!(der, [0x30, 10, 0x02, 3, 0, 0xc5, 0x01, 0x02, 3, 1, 0, 1]);
        let (kind, der) = rsa(&[0x7f; 256], &[3]).unwrap();
        assert_eq!(kind, KeyKind::Rsa { bits: 2047 });
        assert_eq!(der[..8], [0x30, 0x82, 0x01, 0x07, 0x02, 0x82, 0x01, 0x00]);
        assert!(rsa(&[0, 0], &[3]).is_none(), "zero is no modulus");
        assert!(rsa(&[], &[]).is_none());
        assert!(rsa(&[1; 70_000], &[3]).is_none());
    }
}

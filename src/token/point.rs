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
    /// `CKK_ML_DSA`: the number of the parameter set, and the public key.
    MlDsa { set: Option<u64>, value: Vec<u8> },
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
            Self::MlDsa { set, value } => match ml_dsa(set) {
                Some((kind, length)) if value.len() == length => (kind, value),
                Some((kind, _)) => unknown(format!("{kind} with an unreadable public key")),
                None => unknown("ML-DSA with an unknown parameter set".into()),
            },
            Self::Other(what) => unknown(what),
        }
    }
}

/// The kind under the number in `CKA_PARAMETER_SET` (PKCS#11 v3.2, `CKP_ML_DSA_44` and on), and the bytes of its public keys.
fn ml_dsa(set: Option<u64>) -> Option<(KeyKind, usize)> {
    match set {
        Some(1) => Some((KeyKind::MlDsa44, 1312)),
        Some(2) => Some((KeyKind::MlDsa65, 1952)),
        Some(3) => Some((KeyKind::MlDsa87, 2592)),
        _ => None,
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
        _ => return None,
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

    /// Points of the generator times 111, 37, 94 and 84, whose first bytes say "OCTET STRING" and then exactly what is left, or
    /// the length of a whole point.
    #[test]
    fn a_point_of_its_curve_that_begins_like_a_wrapper_is_read_raw_and_wrapped() {
        for (parameters, kind, x, y) in [
            (
                P256_OID,
                KeyKind::EcP256,
                "3fc424067a1f679b0fe2c0ae1093724f6233002be8063cb1cad2cccdb85b089e",
                "5bb243009e581be52aedbb47eda98d26cf9fc800f7934c9466aaaef8c6629ecf",
            ),
            (
                P256_OID,
                KeyKind::EcP256,
                "419a6a646ddb817dd6b0978611a826aae0d21379246bfd4473a92894502b3348",
                "332544cf1102f584545c9fb1954c2fd513c6d072f3dee1e2db1d6c81b09214b2",
            ),
            (
                P384_OID,
                KeyKind::EcP384,
                "5f1220584a5e3287e86d9a4af0b7c7e5e82a4d262ef7f92a632cf3b163e47ea878b217d6601c4090f28b25bffa0f1079",
                "65ff5d3ba436b7ca0f1f33b5472f2a267b4472268c10f6a40c0fc60703795c09ab48c514504e741566a513acd1509173",
            ),
            (
                P384_OID,
                KeyKind::EcP384,
                "61a224cf57d2e4cd9b4ff34b58431ae59ed9011cb1bac55dbb81184aff20d290d8a598874f3e752fac722128d132e3a3",
                "72d6a8e221c4453e8c051aebcf797a141dd09243874ffcab98bd0e55f8dc072285b09db011cc229720d3fadd65349658",
            ),
        ] {
            let raw = hex::decode(format!("04{x}{y}")).unwrap();
            let wrapped = tagged(0x04, &raw).unwrap();
            for point in [raw.clone(), wrapped] {
                let (found, public) = Spelling::Ec { parameters: parameters.to_vec(), point }.read();
                assert_eq!((&found, &public), (&kind, &raw));
                let scheme = crate::token::SignScheme::of(&found).unwrap().in_metadata();
                tuf_ceremony::key::PublicKey::from_ec_point(scheme, &public).unwrap();
            }
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
    fn an_ml_dsa_key_is_as_long_as_its_parameter_set_says() {
        let read = |set, length| Spelling::MlDsa { set, value: vec![7; length] }.read();
        for (set, length, kind) in
            [(1, 1312, KeyKind::MlDsa44), (2, 1952, KeyKind::MlDsa65), (3, 2592, KeyKind::MlDsa87)]
        {
            let (found, bytes) = read(Some(set), length);
            assert_eq!((found, bytes.len()), (kind.clone(), length));
            let (found, bytes) = read(Some(set), length - 1);
            assert_eq!(found, KeyKind::Other(format!("{kind} with an unreadable public key")));
            assert!(bytes.is_empty());
        }
        for set in [None, Some(0), Some(4)] {
            let unknown = KeyKind::Other("ML-DSA with an unknown parameter set".into());
            assert_eq!(read(set, 1952), (unknown, Vec::new()));
        }
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

//! A private key from a file, as the attributes of the two objects that it becomes on a token. TEST ONLY keys come this way.

use cryptoki::object::{Attribute, KeyType};
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::DecodePrivateKey as _;
use p256::elliptic_curve::sec1::ToSec1Point as _;
use p256::pkcs8::der::{Decode as _, Reader as _, SliceReader, asn1::UintRef};
use p256::pkcs8::{PrivateKeyInfoRef, SecretDocument};

/// DER of the curves' names, for `CKA_EC_PARAMS`; SoftHSM2 takes the PrintableString for Edwards 25519.
pub(crate) const P256_PARAMETERS: &[u8] = &[0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
pub(crate) const P384_PARAMETERS: &[u8] = &[0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22];
pub(crate) const ED25519_PARAMETERS: &[u8] = b"\x13\x0cedwards25519";

/// rsaEncryption (RFC 8017 A.1).
const RSA: &str = "1.2.840.113549.1.1.1";

/// What a token needs to hold a key.
pub(crate) struct Material {
    pub(crate) kind: KeyType,
    pub(crate) public: Vec<Attribute>,
    pub(crate) private: Vec<Attribute>,
}

impl Material {
    /// Reads PKCS#8 PEM; `None` for what is none, or another kind of key.
    pub(crate) fn read(pkcs8_pem: &str) -> Option<Self> {
        if let Ok(key) = SigningKey::from_pkcs8_pem(pkcs8_pem) {
            let public = key.verifying_key().to_bytes();
            return Some(Self::on_curve(KeyType::EC_EDWARDS, ED25519_PARAMETERS, &key.to_bytes(), &public));
        }
        if let Ok(key) = p256::SecretKey::from_pkcs8_pem(pkcs8_pem) {
            let point = key.public_key().to_sec1_point(false);
            return Some(Self::on_curve(KeyType::EC, P256_PARAMETERS, &key.to_bytes(), point.as_bytes()));
        }
        let (_, document) = SecretDocument::from_pem(pkcs8_pem).ok()?;
        let info = PrivateKeyInfoRef::from_der(document.as_bytes()).ok()?;
        if info.algorithm.oid.to_string() != RSA { None } else { Self::rsa(info.private_key.as_bytes()) }
    }

    fn on_curve(kind: KeyType, parameters: &[u8], private: &[u8], point: &[u8]) -> Self {
        let named = Attribute::EcParams(parameters.to_vec());
        Self {
            kind,
            public: vec![named.clone(), Attribute::EcPoint(octet_string(point))],
            private: vec![named, Attribute::Value(private.to_vec())],
        }
    }

    /// RSAPrivateKey (RFC 8017 A.1.2): a version, then eight numbers.
    fn rsa(der: &[u8]) -> Option<Self> {
        let numbers = SliceReader::new(der).ok()?.sequence(|inside| {
            let _version = UintRef::decode(inside)?;
            let mut numbers = Vec::new();
            while !inside.is_finished() {
                numbers.push(UintRef::decode(inside)?.as_bytes().to_vec());
            }
            Ok::<_, p256::pkcs8::der::Error>(numbers)
        });
        let [n, e, d, p, q, dp, dq, qi] = <[Vec<u8>; 8]>::try_from(numbers.ok()?).ok()?;
        let both = [Attribute::Modulus(n), Attribute::PublicExponent(e)];
        let secret = [
            Attribute::PrivateExponent(d),
            Attribute::Prime1(p),
            Attribute::Prime2(q),
            Attribute::Exponent1(dp),
            Attribute::Exponent2(dq),
            Attribute::Coefficient(qi),
        ];
        let private = both.iter().cloned().chain(secret).collect();
        Some(Self { kind: KeyType::RSA, public: both.to_vec(), private })
    }
}

/// DER OCTET STRING of at most 127 bytes, the form SoftHSM2 wants for `CKA_EC_POINT`.
fn octet_string(bytes: &[u8]) -> Vec<u8> {
    let length = u8::try_from(bytes.len()).expect("points here have at most 65 bytes");
    [&[0x04, length], bytes].concat()
}

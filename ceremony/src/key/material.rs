//! The public key itself: read from DER, from a token's raw bytes or from the text of a TUF key object, checked
//! once, and written back in the one DER form that fingerprints are taken of. A `Material` that exists is sound
//! enough to judge signatures with; weak keys never become one. It knows no hashes or paddings: `verify` does.

use ml_dsa::{EncodedVerifyingKey, MlDsa44, MlDsa65, MlDsa87, MlDsaParams};
use rsa::BoxedUint;
use rsa::traits::PublicKeyParts;
use spki::der::asn1::{AnyRef, BitStringRef, UintRef};
use spki::der::{Decode, Encode, Tag, Tagged};
use spki::{AlgorithmIdentifierRef, ObjectIdentifier, SubjectPublicKeyInfoRef};

use super::pem;
use super::scheme::Algorithm;
use super::strength;
use crate::limits::PUBLIC_KEY_TEXT;

const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const NIST_P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const NIST_P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const ML_DSA_44: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.17");
const ML_DSA_65: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.18");
const ML_DSA_87: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.19");

/// A public key that passed every check of its algorithm.
#[derive(Clone)]
pub(super) enum Material {
    Ed25519(ed25519_dalek::VerifyingKey),
    P256(p256::ecdsa::VerifyingKey),
    P384(p384::ecdsa::VerifyingKey),
    Rsa(Box<rsa::RsaPublicKey>),
    MlDsa44(Box<ml_dsa::VerifyingKey<MlDsa44>>),
    MlDsa65(Box<ml_dsa::VerifyingKey<MlDsa65>>),
    MlDsa87(Box<ml_dsa::VerifyingKey<MlDsa87>>),
}

/// Why bytes are not a usable public key of the algorithm that was asked for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unfit {
    /// A key of another algorithm.
    Other(String),
    /// A key that anyone, or anyone with money, can sign for.
    Weak(String),
    /// No key at all.
    Malformed(String),
}

fn malformed(why: impl Into<String>) -> Unfit {
    Unfit::Malformed(why.into())
}

impl Material {
    /// Reads `keyval.public` as TUF writes it for this algorithm (TUF 4.2; the hex point is a legacy form).
    pub(super) fn from_text(algorithm: Algorithm, text: &str) -> Result<Self, Unfit> {
        if !PUBLIC_KEY_TEXT.allows(text.len()) {
            return Err(malformed(format!("the public key is longer than {} bytes", PUBLIC_KEY_TEXT.most)));
        }
        match algorithm {
            Algorithm::Ed25519 => {
                let mut bytes = [0; 32];
                hex::decode_to_slice(text, &mut bytes)
                    .map_err(|_| malformed("an Ed25519 public key is 64 hexadecimal digits"))?;
                Self::ed25519(&bytes)
            }
            Algorithm::P256 | Algorithm::P384 if !text.contains("-----") => {
                let point = hex::decode(text).map_err(|_| {
                    malformed("the public key is neither PEM text nor a point in hexadecimal")
                })?;
                Self::uncompressed_point(algorithm, &point)
            }
            _ => {
                let (label, der) = pem::open(text).map_err(malformed)?;
                match (label, algorithm) {
                    ("PUBLIC KEY", _) => Self::from_spki(algorithm, &der),
                    ("RSA PUBLIC KEY", Algorithm::Rsa) => Self::rsa(&der),
                    _ => Err(malformed("the PEM text does not hold a public key")),
                }
            }
        }
    }

    /// Reads a DER `SubjectPublicKeyInfo` (RFC 5280 4.1.2.7), strictly.
    pub(super) fn from_spki(algorithm: Algorithm, der: &[u8]) -> Result<Self, Unfit> {
        let spki = SubjectPublicKeyInfoRef::from_der(der)
            .map_err(|_| malformed("the public key is not a DER SubjectPublicKeyInfo"))?;
        let bytes = (spki.subject_public_key.as_bytes())
            .ok_or_else(|| malformed("the public key bits are not whole bytes"))?;
        let found = algorithm_of(&spki.algorithm)?;
        if found != algorithm {
            return Err(Unfit::Other(format!("the key is {}, not {}", found.name(), algorithm.name())));
        }
        match algorithm {
            Algorithm::Ed25519 => {
                let bytes = bytes.try_into().map_err(|_| malformed("an Ed25519 public key has 32 bytes"))?;
                Self::ed25519(bytes)
            }
            // Compressed points are legal in an SPKI (RFC 5480 2.2); hybrid and compact ones are not.
            Algorithm::P256 | Algorithm::P384 => match bytes.first() {
                Some(2..=4) => Self::point(algorithm, bytes),
                _ => Err(malformed("the public key bits are not a point of the curve")),
            },
            Algorithm::Rsa => Self::rsa(bytes),
            Algorithm::MlDsa44 | Algorithm::MlDsa65 | Algorithm::MlDsa87 => Self::ml_dsa(algorithm, bytes),
        }
    }

    /// Reads the encoded public key of an ML-DSA parameter set (FIPS 204 algorithm 22).
    pub(super) fn ml_dsa(algorithm: Algorithm, bytes: &[u8]) -> Result<Self, Unfit> {
        match algorithm {
            Algorithm::MlDsa44 => Ok(Self::MlDsa44(ml_dsa_key(bytes)?)),
            Algorithm::MlDsa65 => Ok(Self::MlDsa65(ml_dsa_key(bytes)?)),
            Algorithm::MlDsa87 => Ok(Self::MlDsa87(ml_dsa_key(bytes)?)),
            other => Err(Unfit::Other(format!("an ML-DSA key is no {} key", other.name()))),
        }
    }

    /// Refuses points of small order, under which one signature fits every message, and encodings that are not
    /// the shortest one (RFC 8032 5.1.3), which would give one key two fingerprints.
    pub(super) fn ed25519(bytes: &[u8; 32]) -> Result<Self, Unfit> {
        let key = ed25519_dalek::VerifyingKey::from_bytes(bytes)
            .map_err(|_| malformed("the public key is not a point of Ed25519"))?;
        if key.is_weak() {
            return Err(Unfit::Weak(
                "it is a point of small order, and one signature fits every message".into(),
            ));
        }
        if key.to_edwards().compress().as_bytes() != bytes {
            return Err(malformed("the Ed25519 public key is not in its canonical encoding"));
        }
        Ok(Self::Ed25519(key))
    }

    /// A point as PKCS#11 `CKA_EC_POINT` and old metadata give it: `04`, x, y (SEC 1 2.3.3).
    pub(super) fn uncompressed_point(algorithm: Algorithm, bytes: &[u8]) -> Result<Self, Unfit> {
        let length = match algorithm {
            Algorithm::P256 => 65,
            Algorithm::P384 => 97,
            _ => return Err(Unfit::Other(format!("a point is no {} key", algorithm.name()))),
        };
        match bytes.first() {
            Some(4) if bytes.len() == length => Self::point(algorithm, bytes),
            Some(4) if matches!(bytes.len(), 65 | 97 | 133) => {
                Err(Unfit::Other(format!("the point is of another curve than {}", algorithm.name())))
            }
            _ => Err(malformed(format!("the public key is not an uncompressed point of {length} bytes"))),
        }
    }

    fn point(algorithm: Algorithm, sec1: &[u8]) -> Result<Self, Unfit> {
        let key = match algorithm {
            Algorithm::P256 => p256::ecdsa::VerifyingKey::from_sec1_bytes(sec1).map(Self::P256),
            _ => p384::ecdsa::VerifyingKey::from_sec1_bytes(sec1).map(Self::P384),
        };
        key.map_err(|_| malformed(format!("the public key is not a point of {}", algorithm.name())))
    }

    /// Reads a PKCS#1 `RSAPublicKey` for an algorithm that must be RSA.
    pub(super) fn from_rsa_der(algorithm: Algorithm, der: &[u8]) -> Result<Self, Unfit> {
        match algorithm {
            Algorithm::Rsa => Self::rsa(der),
            other => Err(Unfit::Other(format!("an RSA key is no {} key", other.name()))),
        }
    }

    /// Reads a PKCS#1 `RSAPublicKey`, a sequence of exactly two integers (RFC 8017 A.1.1), and holds it against the limits in `strength`.
    fn rsa(der: &[u8]) -> Result<Self, Unfit> {
        let numbers =
            Vec::<UintRef<'_>>::from_der(der).ok().and_then(|numbers| <[_; 2]>::try_from(numbers).ok());
        let [modulus, exponent] =
            numbers.ok_or_else(|| malformed("the RSA public key is not a DER modulus and exponent"))?;
        let modulus = BoxedUint::from_be_slice_vartime(modulus.as_bytes());
        let bits = modulus.bits_vartime();
        if bits < strength::RSA_MODULUS_BITS_MIN {
            return Err(Unfit::Weak(format!(
                "an RSA key of {bits} bits is too short; {} is the least",
                strength::RSA_MODULUS_BITS_MIN
            )));
        }
        if bits > strength::RSA_MODULUS_BITS_MAX {
            return Err(malformed(format!(
                "an RSA key of {bits} bits is too long; {} is the most",
                strength::RSA_MODULUS_BITS_MAX
            )));
        }
        // Here the PSS block is a byte shorter than the modulus, and the rsa crate ignores that byte.
        if bits % 8 == 1 {
            return Err(malformed(format!(
                "an RSA key of {bits} bits has an unusual length that is not read"
            )));
        }
        let exponent = BoxedUint::from_be_slice_vartime(exponent.as_bytes());
        if exponent == BoxedUint::one() {
            return Err(Unfit::Weak("its exponent is 1, and anyone can sign".into()));
        }
        if exponent > BoxedUint::from(strength::RSA_EXPONENT_MAX) {
            return Err(malformed("the RSA public exponent has more than 33 bits"));
        }
        let key = rsa::RsaPublicKey::new(modulus, exponent)
            .map_err(|_| malformed("the RSA modulus and exponent must both be odd"))?;
        Ok(Self::Rsa(Box::new(key)))
    }

    /// Length of the RSA modulus or of the curve's field, in bits; `None` where no such number is in use.
    pub(super) fn bits(&self) -> Option<u32> {
        match self {
            Self::Ed25519(_) | Self::P256(_) => Some(256),
            Self::P384(_) => Some(384),
            Self::Rsa(key) => Some(key.n().bits_vartime()),
            Self::MlDsa44(_) | Self::MlDsa65(_) | Self::MlDsa87(_) => None,
        }
    }

    /// The canonical `SubjectPublicKeyInfo`: uncompressed points, NULL parameters for RSA (RFC 3279 2.3.1), none
    /// for Ed25519 (RFC 8410 3) and ML-DSA (RFC 9881 2).
    pub(super) fn to_spki(&self) -> Vec<u8> {
        match self {
            Self::Ed25519(key) => spki(ED25519, None, key.as_bytes()),
            Self::P256(key) => {
                spki(EC_PUBLIC_KEY, Some(AnyRef::from(&NIST_P256)), key.to_sec1_point(false).as_bytes())
            }
            Self::P384(key) => {
                spki(EC_PUBLIC_KEY, Some(AnyRef::from(&NIST_P384)), key.to_sec1_point(false).as_bytes())
            }
            Self::Rsa(key) => {
                let (modulus, exponent) = (key.n_bytes(), key.e_bytes());
                let body = UintRef::new(&modulus)
                    .and_then(|modulus| [modulus, UintRef::new(&exponent)?].to_der())
                    .expect("an RSA key within the caps is encodable");
                spki(RSA_ENCRYPTION, Some(AnyRef::NULL), &body)
            }
            Self::MlDsa44(key) => spki(ML_DSA_44, None, &key.encode()),
            Self::MlDsa65(key) => spki(ML_DSA_65, None, &key.encode()),
            Self::MlDsa87(key) => spki(ML_DSA_87, None, &key.encode()),
        }
    }
}

/// Which algorithm an SPKI names. Parameters are checked here, so that nothing rides along in them.
fn algorithm_of(id: &AlgorithmIdentifierRef<'_>) -> Result<Algorithm, Unfit> {
    let bare = |algorithm| match id.parameters {
        None => Ok(algorithm),
        Some(_) => Err(malformed("the key's algorithm has parameters where none belong")),
    };
    match id.oid {
        ED25519 => bare(Algorithm::Ed25519),
        ML_DSA_44 => bare(Algorithm::MlDsa44),
        ML_DSA_65 => bare(Algorithm::MlDsa65),
        ML_DSA_87 => bare(Algorithm::MlDsa87),
        // RFC 3279 asks for NULL; some encoders leave it out, and both name the same key.
        RSA_ENCRYPTION => match id.parameters {
            None => Ok(Algorithm::Rsa),
            Some(any) if any.tag() == Tag::Null => Ok(Algorithm::Rsa),
            Some(_) => Err(malformed("the RSA key's algorithm has parameters that are not NULL")),
        },
        EC_PUBLIC_KEY => match id.parameters.map(|any| any.decode_as::<ObjectIdentifier>()) {
            Some(Ok(NIST_P256)) => Ok(Algorithm::P256),
            Some(Ok(NIST_P384)) => Ok(Algorithm::P384),
            Some(Ok(curve)) => Err(Unfit::Other(format!("the key is of another curve ({curve})"))),
            _ => Err(malformed("the key does not name its curve")),
        },
        other => Err(Unfit::Other(format!("the key is of another algorithm ({other})"))),
    }
}

/// Every byte string of the right length decodes (FIPS 204 algorithm 23). One that is zero after the seed makes
/// the public part vanish from the verification equation: anyone can sign for it.
fn ml_dsa_key<P: MlDsaParams>(bytes: &[u8]) -> Result<Box<ml_dsa::VerifyingKey<P>>, Unfit> {
    let encoded = EncodedVerifyingKey::<P>::try_from(bytes)
        .map_err(|_| malformed("the ML-DSA public key has the wrong length"))?;
    if bytes.iter().skip(32).all(|byte| *byte == 0) {
        return Err(Unfit::Weak("it is zero after its seed, and anyone can sign".into()));
    }
    Ok(Box::new(ml_dsa::VerifyingKey::decode(&encoded)))
}

fn spki(oid: ObjectIdentifier, parameters: Option<AnyRef<'_>>, bytes: &[u8]) -> Vec<u8> {
    let subject_public_key = BitStringRef::from_bytes(bytes);
    subject_public_key
        .and_then(|subject_public_key| {
            let algorithm = AlgorithmIdentifierRef { oid, parameters };
            SubjectPublicKeyInfoRef { algorithm, subject_public_key }.to_der()
        })
        .expect("a public key is far below the size at which DER encoding fails")
}

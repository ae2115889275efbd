//! Private keys in slots: how they are made, told and used.

use ed25519_dalek::Signer as _;
use p256::ecdsa::signature::hazmat::PrehashSigner as _;
use rsa::pkcs8::{DecodePrivateKey as _, EncodePublicKey as _};
use rsa::traits::PublicKeyParts as _;

use crate::apdu::{Answer, Status};
use crate::tlv::tlv;

/// Kinds of keys that the card knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// NIST P-256.
    P256,
    /// NIST P-384.
    P384,
    /// RSA with 2,048 bits.
    Rsa2048,
    /// RSA with 3,072 bits.
    Rsa3072,
    /// RSA with 4,096 bits.
    Rsa4096,
    /// Edwards 25519.
    Ed25519,
}

/// When a slot wants the PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum PinPolicy {
    /// Never.
    Never = 1,
    /// Once after the card was selected.
    Once = 2,
    /// Right before every signature.
    Always = 3,
}

/// When a slot wants a touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum TouchPolicy {
    /// Never.
    Never = 1,
    /// For every signature.
    Always = 2,
    /// For a signature, and then for none during 15 seconds.
    Cached = 3,
}

/// Where a key came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Origin {
    /// The card made it.
    Generated = 1,
    /// It was put there.
    Imported = 2,
}

impl Algorithm {
    /// Its number in commands.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::P256 => 0x11,
            Self::P384 => 0x14,
            Self::Rsa2048 => 0x07,
            Self::Rsa3072 => 0x05,
            Self::Rsa4096 => 0x16,
            Self::Ed25519 => 0xe0,
        }
    }

    pub(crate) fn of(number: u8) -> Option<Self> {
        [Self::P256, Self::P384, Self::Rsa2048, Self::Rsa3072, Self::Rsa4096, Self::Ed25519]
            .into_iter()
            .find(|a| a.number() == number)
    }

    /// Bits of the modulus, of RSA.
    fn bits(self) -> usize {
        match self {
            Self::Rsa3072 => 3072,
            Self::Rsa4096 => 4096,
            _ => 2048,
        }
    }
}

impl PinPolicy {
    pub(crate) fn of(number: u8) -> Option<Self> {
        [Self::Never, Self::Once, Self::Always].into_iter().find(|policy| *policy as u8 == number)
    }
}

impl TouchPolicy {
    pub(crate) fn of(number: u8) -> Option<Self> {
        [Self::Never, Self::Always, Self::Cached].into_iter().find(|policy| *policy as u8 == number)
    }
}

/// A private key.
#[derive(Clone)]
pub(crate) enum PrivateKey {
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
    Rsa(Algorithm, Box<rsa::RsaPrivateKey>),
    Ed25519(ed25519_dalek::SigningKey),
}

/// Bytes that nobody can foretell.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::fill(&mut bytes);
    bytes
}

impl PrivateKey {
    pub(crate) fn generate(algorithm: Algorithm) -> Result<Self, Status> {
        Ok(match algorithm {
            // One draw in 2^32 or fewer is no scalar of the curve.
            Algorithm::P256 => {
                Self::P256(drawn(|| p256::ecdsa::SigningKey::from_slice(&random::<32>()).ok()))
            }
            Algorithm::P384 => {
                Self::P384(drawn(|| p384::ecdsa::SigningKey::from_slice(&random::<48>()).ok()))
            }
            Algorithm::Ed25519 => Self::Ed25519(ed25519_dalek::SigningKey::from_bytes(&random())),
            Algorithm::Rsa2048 => {
                let key = rsa::RsaPrivateKey::new(&mut rand::rng(), 2048).map_err(|_| Status::ABORTED)?;
                Self::Rsa(algorithm, Box::new(key))
            }
            Algorithm::Rsa3072 => Self::Rsa(algorithm, fixed(include_bytes!("keys/rsa-3072.test-only.der"))),
            Algorithm::Rsa4096 => Self::Rsa(algorithm, fixed(include_bytes!("keys/rsa-4096.test-only.der"))),
        })
    }

    pub(crate) fn algorithm(&self) -> Algorithm {
        match self {
            Self::P256(_) => Algorithm::P256,
            Self::P384(_) => Algorithm::P384,
            Self::Rsa(algorithm, _) => *algorithm,
            Self::Ed25519(_) => Algorithm::Ed25519,
        }
    }

    /// The public half as GENERATE and GET METADATA tell it: a point, or modulus and exponent.
    pub(crate) fn told(&self) -> Vec<u8> {
        match self {
            Self::P256(key) => tlv(&[0x86], &key.verifying_key().to_sec1_bytes()),
            Self::P384(key) => tlv(&[0x86], &key.verifying_key().to_sec1_bytes()),
            Self::Ed25519(key) => tlv(&[0x86], key.verifying_key().as_bytes()),
            Self::Rsa(_, key) => [
                tlv(&[0x81], &key.n().to_be_bytes_trimmed_vartime()),
                tlv(&[0x82], &key.e().to_be_bytes_trimmed_vartime()),
            ]
            .concat(),
        }
    }

    /// The public half as certificates hold it: DER `SubjectPublicKeyInfo`.
    pub(crate) fn spki(&self) -> Vec<u8> {
        let told = match self {
            Self::P256(key) => key.verifying_key().to_public_key_der(),
            Self::P384(key) => key.verifying_key().to_public_key_der(),
            Self::Ed25519(key) => key.verifying_key().to_public_key_der(),
            Self::Rsa(_, key) => key.to_public_key().to_public_key_der(),
        };
        told.expect("a public key of a kind that we make can be written").into_vec()
    }

    /// What the card makes of the bytes in GENERAL AUTHENTICATE: EC keys take a digest of the curve's length, RSA keys a
    /// block that the host padded, Ed25519 keys the whole message.
    pub(crate) fn sign(&self, given: &[u8]) -> Answer {
        let wrong = |_| Status::BAD_DATA;
        match self {
            Self::P256(key) if given.len() == 32 => {
                let signature: p256::ecdsa::Signature = key.sign_prehash(given).map_err(wrong)?;
                Ok(signature.to_der().as_bytes().to_vec())
            }
            Self::P384(key) if given.len() == 48 => {
                let signature: p384::ecdsa::Signature = key.sign_prehash(given).map_err(wrong)?;
                Ok(signature.to_der().as_bytes().to_vec())
            }
            Self::Rsa(algorithm, key) if given.len() * 8 == algorithm.bits() => {
                let bits = u32::try_from(algorithm.bits()).expect("a few thousand");
                let block = rsa::BoxedUint::from_be_slice(given, bits).map_err(|_| Status::BAD_DATA)?;
                let done = rsa::hazmat::rsa_decrypt_and_check(key.as_ref(), Some(&mut rand::rng()), &block);
                Ok(done.map_err(|_| Status::BAD_DATA)?.to_be_bytes().to_vec())
            }
            Self::Ed25519(key) => Ok(key.sign(given).to_bytes().to_vec()),
            _ => Err(Status::BAD_DATA),
        }
    }
}

/// A key that everybody has: made once with OpenSSL, because making one here would take minutes. TEST ONLY.
fn fixed(der: &[u8]) -> Box<rsa::RsaPrivateKey> {
    Box::new(rsa::RsaPrivateKey::from_pkcs8_der(der).expect("a key in PKCS#8"))
}

fn drawn<K>(mut draw: impl FnMut() -> Option<K>) -> K {
    loop {
        if let Some(key) = draw() {
            return key;
        }
    }
}

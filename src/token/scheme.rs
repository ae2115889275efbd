//! How a token signs: the schemes, each with its kind of key and the length of its signature.

use serde::{Deserialize, Serialize};
use tuf_ceremony::key::encoding::ecdsa_raw_to_der;
use tuf_ceremony::key::strength::RSA_MODULUS_BITS_MIN;
use tuf_ceremony::key::{Scheme, SignatureProblem};

use super::facts::KeyKind;

/// Bits of an RSA key that a token is asked to make.
pub(super) const NEW_RSA_BITS: usize = 3072;

/// How a message is signed. The hash is computed by us; a token hashes only where it has no other way to sign with RSA-PSS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SignScheme {
    /// `CKM_EDDSA` without parameters over the whole message; 64 bytes.
    Ed25519,
    /// `CKM_ECDSA` over our SHA-256 digest; r and s, 32 bytes each.
    EcdsaP256Sha256,
    /// `CKM_ECDSA` over our SHA-384 digest; r and s, 48 bytes each.
    EcdsaP384Sha384,
    /// `CKM_RSA_PKCS_PSS` over our SHA-256 digest, MGF1 with SHA-256, 32 bytes of salt; as long as the modulus.
    RsaPssSha256,
    /// `CKM_ML_DSA` without parameters, so pure and with an empty context, over the 68 bytes of TAP 21, which hold our
    /// SHA-512 digest; 2,420 bytes.
    MlDsa44,
    /// The same with ML-DSA-65; 3,309 bytes.
    MlDsa65,
    /// The same with ML-DSA-87; 4,627 bytes.
    MlDsa87,
}

impl SignScheme {
    /// Every scheme.
    pub const ALL: [SignScheme; 7] = [
        Self::Ed25519,
        Self::EcdsaP256Sha256,
        Self::EcdsaP384Sha384,
        Self::RsaPssSha256,
        Self::MlDsa44,
        Self::MlDsa65,
        Self::MlDsa87,
    ];

    /// The scheme for a kind of key, where there is one.
    #[must_use]
    pub fn of(kind: &KeyKind) -> Option<Self> {
        match kind {
            KeyKind::Ed25519 => Some(Self::Ed25519),
            KeyKind::EcP256 => Some(Self::EcdsaP256Sha256),
            KeyKind::EcP384 => Some(Self::EcdsaP384Sha384),
            KeyKind::Rsa { bits } if *bits >= usize::try_from(RSA_MODULUS_BITS_MIN).unwrap_or(usize::MAX) => {
                Some(Self::RsaPssSha256)
            }
            KeyKind::MlDsa44 => Some(Self::MlDsa44),
            KeyKind::MlDsa65 => Some(Self::MlDsa65),
            KeyKind::MlDsa87 => Some(Self::MlDsa87),
            KeyKind::Rsa { .. } | KeyKind::Attestation | KeyKind::Other(_) => None,
        }
    }

    /// The same scheme as TUF metadata knows it.
    #[must_use]
    pub fn in_metadata(self) -> Scheme {
        match self {
            Self::Ed25519 => Scheme::Ed25519,
            Self::EcdsaP256Sha256 => Scheme::EcdsaP256Sha256,
            Self::EcdsaP384Sha384 => Scheme::EcdsaP384Sha384,
            Self::RsaPssSha256 => Scheme::RsaPssSha256,
            Self::MlDsa44 => Scheme::MlDsa44,
            Self::MlDsa65 => Scheme::MlDsa65,
            Self::MlDsa87 => Scheme::MlDsa87,
        }
    }

    /// A token's signature in the form in which metadata holds it: of ECDSA the DER of r and s.
    ///
    /// # Errors
    /// It has no shape of such a signature.
    pub fn as_in_metadata(self, raw: Vec<u8>) -> Result<Vec<u8>, SignatureProblem> {
        match self {
            Self::EcdsaP256Sha256 | Self::EcdsaP384Sha384 => ecdsa_raw_to_der(&raw),
            Self::Ed25519 | Self::RsaPssSha256 | Self::MlDsa44 | Self::MlDsa65 | Self::MlDsa87 => Ok(raw),
        }
    }

    /// Whether it withstands quantum computers, and is new to many clients.
    #[must_use]
    pub fn is_post_quantum(self) -> bool {
        matches!(self, Self::MlDsa44 | Self::MlDsa65 | Self::MlDsa87)
    }

    /// Bytes of a signature by a key of this kind.
    #[must_use]
    pub fn signature_length(self, kind: &KeyKind) -> usize {
        match (self, kind) {
            (Self::RsaPssSha256, KeyKind::Rsa { bits }) => bits.div_ceil(8),
            (Self::EcdsaP384Sha384, _) => 96,
            (Self::MlDsa44, _) => 2420,
            (Self::MlDsa65, _) => 3309,
            (Self::MlDsa87, _) => 4627,
            _ => 64,
        }
    }

    /// The kind of key that the token is asked to make for it.
    pub(super) fn new_kind(self) -> KeyKind {
        match self {
            Self::Ed25519 => KeyKind::Ed25519,
            Self::EcdsaP256Sha256 => KeyKind::EcP256,
            Self::EcdsaP384Sha384 => KeyKind::EcP384,
            Self::RsaPssSha256 => KeyKind::Rsa { bits: NEW_RSA_BITS },
            Self::MlDsa44 => KeyKind::MlDsa44,
            Self::MlDsa65 => KeyKind::MlDsa65,
            Self::MlDsa87 => KeyKind::MlDsa87,
        }
    }
}

impl std::fmt::Display for SignScheme {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Ed25519 => "Ed25519",
            Self::EcdsaP256Sha256 => "ECDSA P-256 with SHA-256",
            Self::EcdsaP384Sha384 => "ECDSA P-384 with SHA-384",
            Self::RsaPssSha256 => "RSA-PSS with SHA-256",
            Self::MlDsa44 => "ML-DSA-44",
            Self::MlDsa65 => "ML-DSA-65",
            Self::MlDsa87 => "ML-DSA-87",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_key_has_the_scheme_under_which_it_is_made() {
        for scheme in SignScheme::ALL {
            assert_eq!(SignScheme::of(&scheme.new_kind()), Some(scheme));
        }
        assert_eq!(SignScheme::of(&KeyKind::Rsa { bits: 2048 }), Some(SignScheme::RsaPssSha256));
        assert_eq!(SignScheme::of(&KeyKind::Rsa { bits: 2047 }), None, "too short to count");
        assert_eq!(SignScheme::of(&KeyKind::Other("x".into())), None);
    }

    #[test]
    fn a_signature_is_as_long_as_its_key_says() {
        let length = |scheme: SignScheme, kind| scheme.signature_length(&kind);
        assert_eq!(length(SignScheme::Ed25519, KeyKind::Ed25519), 64);
        assert_eq!(length(SignScheme::EcdsaP256Sha256, KeyKind::EcP256), 64);
        assert_eq!(length(SignScheme::EcdsaP384Sha384, KeyKind::EcP384), 96);
        assert_eq!(length(SignScheme::RsaPssSha256, KeyKind::Rsa { bits: 3072 }), 384);
        assert_eq!(length(SignScheme::RsaPssSha256, KeyKind::Rsa { bits: 2049 }), 257);
        assert_eq!(length(SignScheme::MlDsa44, KeyKind::MlDsa44), 2420);
        assert_eq!(length(SignScheme::MlDsa65, KeyKind::MlDsa65), 3309);
        assert_eq!(length(SignScheme::MlDsa87, KeyKind::MlDsa87), 4627);
    }
}

//! How a token signs: the schemes of this version, each with its kind of key and the length of its signature.

use serde::{Deserialize, Serialize};

use super::facts::KeyKind;

/// How a message is signed. The hash is always computed by us, never by the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SignScheme {
    /// `CKM_EDDSA` without parameters over the whole message; 64 bytes.
    Ed25519,
    /// `CKM_ECDSA` over our SHA-256 digest; r and s, 32 bytes each.
    EcdsaP256Sha256,
}

impl SignScheme {
    /// The scheme for a kind of key, where this version has one.
    #[must_use]
    pub fn of(kind: &KeyKind) -> Option<Self> {
        match kind {
            KeyKind::Ed25519 => Some(Self::Ed25519),
            KeyKind::EcP256 => Some(Self::EcdsaP256Sha256),
            KeyKind::EcP384 | KeyKind::Rsa { .. } | KeyKind::Other(_) => None,
        }
    }

    /// Bytes of a signature.
    #[must_use]
    pub fn signature_length(self) -> usize {
        match self {
            Self::Ed25519 | Self::EcdsaP256Sha256 => 64,
        }
    }
}

impl std::fmt::Display for SignScheme {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Ed25519 => "Ed25519",
            Self::EcdsaP256Sha256 => "ECDSA P-256 with SHA-256",
        })
    }
}

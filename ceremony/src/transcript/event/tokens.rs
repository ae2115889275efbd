//! What happens with tokens and keys.

use serde::{Deserialize, Serialize};

use super::Stored;
use crate::digest::Digest;
use crate::key::Fingerprint;

/// See [`Event::TokenPrepared`](super::Event::TokenPrepared).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenPrepared {
    /// The plan's name of the key that will live on it.
    pub key: String,
    /// The token's URI.
    pub token: String,
}

/// See [`Event::KeyGenerated`](super::Event::KeyGenerated).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyGenerated {
    /// The fingerprint of its public half.
    pub fingerprint: Fingerprint,
    /// The plan's name of the key.
    pub key: String,
    /// Its scheme.
    pub scheme: String,
    /// The token's URI.
    pub token: String,
}

/// See [`Event::CardCompared`](super::Event::CardCompared).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardCompared {
    /// The card.
    pub card: Stored,
    /// The plan's name of the key.
    pub key: String,
}

/// See [`Event::TokenSeen`](super::Event::TokenSeen).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenSeen {
    /// The keys on it that may sign a draft, by fingerprint.
    pub keys: Vec<Fingerprint>,
    /// The token's URI.
    pub token: String,
}

/// See [`Event::SigningBegun`](super::Event::SigningBegun).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SigningBegun {
    /// Payload of the draft.
    pub draft: Digest,
    /// The key that is asked.
    pub key: Fingerprint,
    /// Whose key it is.
    pub person: String,
    /// Its scheme.
    pub scheme: String,
    /// The token's URI.
    pub token: String,
}

/// See [`Event::SignatureAdmitted`](super::Event::SignatureAdmitted).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignatureAdmitted {
    /// The line of its [`Event::SigningBegun`](super::Event::SigningBegun).
    pub begun: u64,
    /// The signature in hex.
    pub sig: String,
}

/// See [`Event::SigningFailed`](super::Event::SigningFailed).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SigningFailed {
    /// The line of its [`Event::SigningBegun`](super::Event::SigningBegun).
    pub begun: u64,
    /// What is known.
    pub outcome: Failure,
    /// What went wrong.
    pub why: String,
}

/// What is known after a token gave no signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Failure {
    /// No signature was made.
    NotSigned,
    /// A signature may exist, or a try may be spent (MODEL 23).
    Unknown,
}

/// See [`Event::TokenLocked`](super::Event::TokenLocked).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenLocked {
    /// Whose it is.
    pub person: String,
    /// The token's URI.
    pub token: String,
}

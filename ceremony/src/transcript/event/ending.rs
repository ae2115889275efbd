//! How drafts become final and a ceremony ends.

use serde::{Deserialize, Serialize};

use super::{External, Stored};
use crate::digest::Digest;
use crate::key::Fingerprint;

/// See [`Event::Finalized`](super::Event::Finalized).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finalized {
    /// Payload of the draft.
    pub draft: Digest,
    /// The final file.
    pub file: Stored,
}

/// See [`Event::Closed`](super::Event::Closed).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closed {
    /// Who closes.
    pub by: String,
    /// Payloads of drafts that did not become final, sorted.
    pub unfinished: Vec<Digest>,
}

/// See [`Event::Countersigned`](super::Event::Countersigned).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Countersigned {
    /// The key.
    pub key: Fingerprint,
    /// Whose it is.
    pub person: String,
    /// The signature over the close document, in hex.
    pub sig: String,
}

/// See [`Event::Addendum`](super::Event::Addendum).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Addendum {
    /// Who says it.
    pub by: String,
    /// What was kept, if something was.
    pub external: Option<External>,
    /// What it is.
    pub text: String,
}

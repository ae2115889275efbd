//! What a ceremony starts from: the plan and its inputs, the drafts made of them, and how both change.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{ChainHead, External, Stored};
use crate::digest::Digest;
use crate::policy::Control;

/// See [`Event::Opened`](super::Event::Opened).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opened {
    /// The key cards and public keys that the plan names, by the plan's name of the key.
    pub cards: BTreeMap<String, Stored>,
    /// The ceremony: see [`crate::transcript::ceremony_id`].
    pub ceremony: Digest,
    /// The date that a person stated.
    pub date: String,
    /// What was added to targets: names, lengths and hashes. None where the plan adds none.
    pub delta: Option<Stored>,
    /// How many devices hold the folder, 1 or 2.
    pub devices: u64,
    /// The format of the transcript.
    pub format: u64,
    /// How often the plan was changed before.
    pub generation: u64,
    /// The documents that the plan names, in its order: the chain of roots, then the predecessors.
    pub inputs: Vec<Stored>,
    /// Chance of this machine's own, so that its first line is no other's.
    pub nonce: Digest,
    /// Why one device is enough, where a real root ceremony is kept on one.
    pub one_device: Option<String>,
    /// Where the ceremony came from, on every machine but its first.
    pub origin: Option<Origin>,
    /// The plan.
    pub plan: Stored,
    /// The machine profile: it stays with its machine.
    pub profile: Option<External>,
    /// Whether everything is marked as a rehearsal.
    pub rehearsal: bool,
    /// Which set of rules judges (DESIGN 16).
    pub rules: u64,
    /// Chance, so that the same plan twice is two ceremonies.
    pub salt: Digest,
    /// The specification that new documents follow where the plan does not say.
    pub spec_version: String,
    /// The program that wrote this, and its version.
    pub tool: String,
}

/// Where a ceremony came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// The bundle that it was opened from.
    pub bundle: Stored,
    /// The chains in it, sorted by machine.
    pub chains: Vec<ChainHead>,
    /// The opener's own copy of the trusted root; none where the ceremony makes version 1.
    pub trust: Option<Stored>,
}

/// See [`Event::Sealed`](super::Event::Sealed).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sealed {
    /// The drafts, A first.
    pub drafts: Vec<SealedDraft>,
    /// What the rules noticed, sorted.
    pub findings: Vec<SealedFinding>,
}

/// One draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedDraft {
    /// Payload digests of the documents that judge it, its own first where it judges itself.
    pub authorities: Vec<Digest>,
    /// Its file.
    pub file: Stored,
    /// Its letter on screen and paper: A to Z, then AA.
    pub letter: String,
    /// SHA-256 of what is signed.
    pub payload: Digest,
    /// Length of what is signed.
    pub payload_bytes: u64,
    /// Its role.
    pub role: String,
    /// Its version.
    pub version: u64,
}

/// One finding about a draft.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedFinding {
    /// What it is about.
    pub about: String,
    /// The control that noticed.
    pub control: Control,
    /// The letter of the draft; empty for the ceremony as a whole.
    pub draft: String,
    /// Whether signatures are blocked until each signer grants the exception.
    pub needs_exception: bool,
    /// What was found.
    pub says: String,
}

/// See [`Event::Replanned`](super::Event::Replanned).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replanned {
    /// Who decided it.
    pub by: String,
    /// As in [`Opened`].
    pub cards: BTreeMap<String, Stored>,
    /// As in [`Opened`].
    pub delta: Option<Stored>,
    /// One more than before.
    pub generation: u64,
    /// As in [`Opened`].
    pub inputs: Vec<Stored>,
    /// The new plan.
    pub plan: Stored,
    /// Why.
    pub reason: String,
}

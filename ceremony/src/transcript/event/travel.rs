//! What leaves and reaches a machine, and where its folder is kept.

use serde::{Deserialize, Serialize};

use super::{ChainHead, External, Stored};
use crate::digest::Digest;
use crate::key::Fingerprint;

/// See [`Event::MachineChanged`](super::Event::MachineChanged).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MachineChanged {
    /// Who says it.
    pub by: String,
    /// The chain that goes on here.
    pub from: ChainHead,
    /// Why.
    pub reason: String,
    /// Who watched the folder meanwhile; none is said as none.
    pub watched_by: Option<String>,
}

/// See [`Event::BundleExported`](super::Event::BundleExported).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundleExported {
    /// The bundle: it left the folder.
    pub bundle: External,
    /// How many signatures it holds.
    pub signatures: u64,
}

/// See [`Event::BundleImported`](super::Event::BundleImported).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundleImported {
    /// The chains in it that this machine knows now, sorted by machine. A chain that is told in two ways is not among them.
    pub chains: Vec<ChainHead>,
    /// Chains that are told in two ways: named here and not believed further.
    pub equivocations: Vec<Equivocation>,
    /// The file, kept whole.
    pub file: Stored,
    /// What kind of file it is.
    pub form: Form,
    /// What counts in it, sorted by draft, key, scheme and bytes; also what was known already.
    pub signatures: Vec<Arrived>,
}

/// What kind of file was imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// A bundle of this ceremony.
    Bundle,
    /// A partially signed document or loose signatures, as any peer writes them.
    Foreign,
}

/// A signature that came from elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arrived {
    /// Payload of the draft.
    pub draft: Digest,
    /// The key.
    pub key: Fingerprint,
    /// Its scheme.
    pub scheme: String,
    /// The signature in hex.
    pub sig: String,
    /// Where it was met, as the file says, sorted.
    pub sources: Vec<String>,
}

/// One machine's chain, told in two ways.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Equivocation {
    /// SHA-256 of the line that came.
    pub found: Digest,
    /// SHA-256 of the line that was known.
    pub known: Digest,
    /// The first line that differs, counted from 1.
    pub line: u64,
    /// The machine.
    pub machine: Digest,
}

/// See [`Event::SetAside`](super::Event::SetAside).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetAside {
    /// The files, sorted by path.
    pub files: Vec<Stored>,
}

/// See [`Event::DevicesChanged`](super::Event::DevicesChanged).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DevicesChanged {
    /// How many hold the folder now, 1 or 2.
    pub devices: u64,
    /// Why.
    pub reason: String,
}

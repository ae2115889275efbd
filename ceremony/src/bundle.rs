//! A bundle carries drafts, the documents that judge them, and verified signatures between machines (MODEL 5, 11,
//! 13). It has no state of its own and is never a trust anchor. A [`Bundle`] in memory is checked: every signature
//! in it was verified over its draft by a key of one of the draft's authorities.

mod assemble;
mod merge;
mod part;
mod read;
mod signatures;
mod write;

use std::collections::BTreeMap;

pub use assemble::{Dropped, Final, FinalizeFault};
pub use merge::MergeFault;
pub use part::{Admission, Part, PartFault};
pub use read::{BundleFault, Unchecked};
pub use signatures::{NotASource, Signature, Signatures, Source};
pub use write::{Beside, Written};

use crate::digest::Digest;

/// The `_type` of a bundle; every TUF client refuses it as metadata.
pub const TYPE: &str = "tuf-ceremony-bundle";
/// The format version that this engine reads and writes.
pub const FORMAT: u64 = 1;

/// Drafts with their authorities and signatures, by payload digest.
#[derive(Debug, Clone)]
pub struct Bundle {
    parts: BTreeMap<Digest, Part>,
}

impl Bundle {
    /// A bundle of one draft.
    #[must_use]
    pub fn of(part: Part) -> Bundle {
        Bundle { parts: BTreeMap::from([(part.draft().metadata().payload(), part)]) }
    }

    /// The drafts, by payload digest.
    pub fn parts(&self) -> impl Iterator<Item = &Part> {
        self.parts.values()
    }

    /// The drafts, to admit signatures into.
    pub fn parts_mut(&mut self) -> impl Iterator<Item = &mut Part> {
        self.parts.values_mut()
    }

    /// The draft with this payload.
    #[must_use]
    pub fn part(&self, payload: Digest) -> Option<&Part> {
        self.parts.get(&payload)
    }
}

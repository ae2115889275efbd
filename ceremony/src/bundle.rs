//! A bundle carries drafts, the documents that judge them, and verified signatures between machines (MODEL 5, 11,
//! 13). It has no state of its own and is never a trust anchor. A [`Bundle`] in memory is checked: every signature
//! in it was verified over its draft by a key of one of the draft's authorities, and the lines of a ceremony that it
//! carries hold together and tell of these drafts.

mod assemble;
mod merge;
mod part;
mod read;
mod record;
mod signatures;
mod write;

use std::collections::BTreeMap;

pub use assemble::{Dropped, Final, FinalizeFault};
pub use merge::MergeFault;
pub use part::{Admission, Part, PartFault};
pub use read::{BundleFault, Unchecked};
pub use record::{Compared, Edition, Record, RecordFault, compare};
pub use signatures::{NotASource, Signature, Signatures, Source};
pub use write::{Beside, Written};

use crate::digest::Digest;

/// The `_type` of a bundle; every TUF client refuses it as metadata.
pub const TYPE: &str = "tuf-ceremony-bundle";
/// The format version that this engine reads and writes.
pub const FORMAT: u64 = 1;

/// Drafts with their authorities and signatures, by payload digest; and the ceremony they are of, if they are of one.
#[derive(Debug, Clone)]
pub struct Bundle {
    parts: BTreeMap<Digest, Part>,
    record: Option<Record>,
}

impl Bundle {
    /// A plain bundle of one draft.
    #[must_use]
    pub fn of(part: Part) -> Bundle {
        Bundle::plain([part])
    }

    /// A plain bundle of several drafts.
    pub(crate) fn plain(parts: impl IntoIterator<Item = Part>) -> Bundle {
        let parts = parts.into_iter().map(|part| (part.draft().metadata().payload(), part)).collect();
        Bundle { parts, record: None }
    }

    /// A bundle of a ceremony: all its drafts, and its record.
    ///
    /// # Errors
    /// When these are not the drafts that the record's lines tell.
    pub fn of_ceremony(parts: impl IntoIterator<Item = Part>, record: Record) -> Result<Bundle, RecordFault> {
        let bundle = Bundle::plain(parts);
        record.check_drafts(bundle.parts())?;
        Ok(Bundle { record: Some(record), ..bundle })
    }

    /// The drafts and signatures alone: what a peer needs who takes no part in the ceremony.
    #[must_use]
    pub fn without_record(self) -> Bundle {
        Bundle { record: None, ..self }
    }

    /// The ceremony that the drafts are of; none in a plain bundle.
    #[must_use]
    pub fn record(&self) -> Option<&Record> {
        self.record.as_ref()
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

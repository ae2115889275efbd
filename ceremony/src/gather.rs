//! Gathering: foreign files of one payload become one bundle (MODEL 10). Every signature in them is verified; what
//! counts for nothing is noted, never kept.

use crate::bundle::{Admission, Bundle, Part, PartFault, Source};
use crate::dialect::Foreign;
use crate::digest::Digest;
use crate::draft::{Draft, DraftFault};
use crate::keyset::Verdict;
use crate::limits::FILES;
use crate::metadata::{Entry, Metadata, ShapeFault, SignaturesShape};

/// One foreign file: what it holds, and the SHA-256 of its bytes.
#[derive(Debug, Clone)]
pub struct Gathered {
    /// What it holds.
    pub foreign: Foreign,
    /// SHA-256 of the file.
    pub sha256: Digest,
}

/// What was met in one file and is worth saying.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Which file, counted from 0 in the order given.
    pub file: usize,
    /// What was met.
    pub what: Oddity,
}

/// Something odd, or something that counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Oddity {
    /// A valid signature: new, or met before.
    Admitted {
        /// Its key id in the file.
        keyid: String,
        /// Whether it is new.
        admission: Admission,
    },
    /// An entry that counts for nothing.
    NotCounted {
        /// Its key id.
        keyid: String,
        /// Why.
        why: Verdict,
    },
    /// One key id in two entries.
    KeyIdTwice {
        /// The key id.
        keyid: String,
    },
    /// `signatures` is null or missing.
    NoArray,
    /// An entry has members beside `keyid` and `sig`; they are not kept.
    MoreMembers {
        /// Its key id.
        keyid: String,
    },
}

/// Files do not make a bundle.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GatherFault {
    /// No file holds a document.
    #[error("none of the files holds a document, only signatures")]
    NoDocument,
    /// Two payloads.
    #[error("the files hold two different documents: {first} and {second}")]
    TwoPayloads {
        /// The first file, counted from 0.
        first_file: usize,
        /// The other file.
        second_file: usize,
        /// The first payload.
        first: Digest,
        /// The other payload.
        second: Digest,
    },
    /// A loose signature for another role.
    #[error("a signature is for the role {found:?}, and the document is {wanted:?}")]
    OtherRole {
        /// The file, counted from 0.
        file: usize,
        /// The role it names.
        found: String,
        /// The document's role.
        wanted: String,
    },
    /// The document cannot be a draft.
    #[error(transparent)]
    Draft(#[from] DraftFault),
    /// Its authorities cannot be told.
    #[error(transparent)]
    Part(#[from] PartFault),
    /// A file's signatures have another shape.
    #[error(transparent)]
    Shape(#[from] ShapeFault),
}

/// Makes one bundle of files that hold one payload.
///
/// # Errors
/// When they hold none or two, are more than [`FILES`], or the draft cannot be judged by what was given.
pub fn gather(
    files: &[Gathered],
    role: Option<&str>,
    trusted: Option<Metadata>,
    predecessor: Option<Metadata>,
) -> Result<(Bundle, Vec<Note>), GatherFault> {
    if !FILES.allows(files.len()) {
        return Err(ShapeFault::Past(FILES).into());
    }
    let held: Vec<(usize, &Metadata)> =
        files.iter().enumerate().filter_map(|(i, f)| Some((i, f.foreign.metadata.as_ref()?))).collect();
    let &(first_file, first) = held.first().ok_or(GatherFault::NoDocument)?;
    if let Some(&(second_file, other)) = held.iter().find(|(_, m)| m.payload() != first.payload()) {
        let (first, second) = (first.payload(), other.payload());
        return Err(GatherFault::TwoPayloads { first_file, second_file, first, second });
    }
    let metadata = held.iter().fold(first.clone(), |smallest, (_, m)| smallest.with_smaller_text(m));
    let mut part = Part::of(Draft::of(metadata, role)?, trusted, predecessor)?;
    let mut notes = Vec::new();
    for (file, gathered) in files.iter().enumerate() {
        let source = Source::of(&format!("file:{}", gathered.sha256)).expect("a digest is printable ASCII");
        let mut note = |what| notes.push(Note { file, what });
        if let Some(metadata) = &gathered.foreign.metadata {
            admit_document(&mut part, metadata, &source, &mut note)?;
        }
        if let Some(loose) = &gathered.foreign.loose {
            if let Some(found) = loose.role.as_ref().filter(|r| *r != part.draft().role()) {
                let wanted = part.draft().role().to_owned();
                return Err(GatherFault::OtherRole {
                    file,
                    found: found.chars().take(200).collect(),
                    wanted,
                });
            }
            admit_all(&mut part, &loose.entries(), &source, &mut note);
        }
    }
    Ok((Bundle::of(part), notes))
}

/// Admits what counts in a document's own entries.
pub(crate) fn admit_document(
    part: &mut Part,
    metadata: &Metadata,
    source: &Source,
    note: &mut impl FnMut(Oddity),
) -> Result<(), ShapeFault> {
    if metadata.signatures_shape() != SignaturesShape::Array {
        note(Oddity::NoArray);
    }
    admit_all(part, &metadata.entries()?, source, note);
    Ok(())
}

pub(crate) fn admit_all(
    part: &mut Part,
    entries: &[Entry<'_>],
    source: &Source,
    note: &mut impl FnMut(Oddity),
) {
    for (at, entry) in entries.iter().enumerate() {
        let keyid = || entry.keyid.clone().into_owned();
        if entries[..at].iter().any(|e| e.keyid == entry.keyid) {
            note(Oddity::KeyIdTwice { keyid: keyid() });
        }
        if entry.has_more {
            note(Oddity::MoreMembers { keyid: keyid() });
        }
        note(match part.admit_entry(entry, source.clone()) {
            Ok(admission) => Oddity::Admitted { keyid: keyid(), admission },
            Err(why) => Oddity::NotCounted { keyid: keyid(), why },
        });
    }
}

//! A delta (`docs/spec/delta.md`): the target files that a ceremony adds, as names, lengths and hashes. It is made once from
//! the files and stands for them from then on (MODEL 4). A million entries stay one text and its tape.

mod found;
mod write;

use std::borrow::Cow;

use crate::digest::{Digest, NotADigest};
use crate::document::{Document, Object, ReadFault, View};
use crate::draft::is_file_name;
use crate::metadata::shape::{self, ShapeFault};

pub use found::{Found, TargetDifference};
pub use write::{WriteFault, Writer};

/// The `_type` of a delta.
pub const TYPE: &str = "tuf-ceremony-delta";
/// The format version.
pub const FORMAT: u64 = 1;

/// A delta that was read: every entry is whole, sorted, and written as a [`Writer`] writes it.
#[derive(Debug)]
pub struct Delta {
    document: Document,
}

/// One file to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Added<'d> {
    /// Its path in the repository.
    pub path: Cow<'d, str>,
    /// Its length in bytes.
    pub length: u64,
    /// Its SHA-256.
    pub sha256: Digest,
    /// Its SHA-512 in 128 lower-case hex digits, where the targets shall have it.
    pub sha512: Option<Cow<'d, str>>,
}

/// A delta is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeltaFault {
    /// No JSON that we read.
    #[error(transparent)]
    Read(#[from] ReadFault),
    /// A field is missing or of another kind.
    #[error(transparent)]
    Shape(#[from] ShapeFault),
    /// Its `_type` is another.
    #[error("it is no delta: its `_type` is {found:?}")]
    NotADelta {
        /// What it is.
        found: String,
    },
    /// Another format version.
    #[error("it is a delta of format {found}, and this version reads format {FORMAT}")]
    Format {
        /// The version.
        found: String,
    },
    /// A SHA-256 that is none.
    #[error("the SHA-256 of {path:?} is refused: {fault}")]
    Sha256 {
        /// The path.
        path: String,
        /// What is wrong.
        fault: NotADigest,
    },
    /// What a delta may not hold, written or read.
    #[error(transparent)]
    Entry(WriteFault),
    /// It says more or otherwise than this version would write.
    #[error("it is not written as a delta is written: it holds something unknown or in another layout")]
    NotOurText,
}

/// Characters of a path that a fault repeats.
const REPEATED: usize = 200;

impl Delta {
    /// Reads a delta, capped as metadata is.
    ///
    /// # Errors
    /// A [`DeltaFault`]: make it again from the files.
    pub fn read(bytes: impl Into<Vec<u8>>) -> Result<Delta, DeltaFault> {
        let document = Document::read(bytes)?;
        let whole = shape::object(document.root(), "the delta")?;
        let found = shape::string(shape::member(whole, "_type", "the delta")?, "_type")?;
        if found != TYPE {
            return Err(DeltaFault::NotADelta { found: found.chars().take(80).collect() });
        }
        let format = shape::member(whole, "format", "the delta")?;
        if format.integer().and_then(|n| n.as_u64()) != Some(FORMAT) {
            return Err(DeltaFault::Format { found: format.text().chars().take(80).collect() });
        }
        compare(&document, shape::object(shape::member(whole, "roles", "the delta")?, "roles")?)?;
        Ok(Delta { document })
    }

    /// The text and its tape.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The roles that get files, sorted.
    pub fn roles(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.members("roles").into_iter().flat_map(|roles| roles.sorted().map(|(name, _)| name))
    }

    /// The files that a role gets, sorted by path; none for a role that the delta does not name.
    ///
    /// # Panics
    /// Never: every entry was read when the delta was.
    pub fn added(&self, role: &str) -> impl Iterator<Item = Added<'_>> {
        let entries = self.entries(role).into_iter().flat_map(Object::sorted);
        entries.map(|(path, view)| added(path, view).expect("read with the delta"))
    }

    /// The files that a role gets as they stand in the text, which is how targets hold them.
    pub(crate) fn entries(&self, role: &str) -> Option<Object<'_>> {
        let role = self.members("roles").and_then(|roles| roles.member(role)?.object());
        role.and_then(|role| role.member("targets")?.object())
    }

    fn members(&self, name: &str) -> Option<Object<'_>> {
        self.document.root().object()?.member(name)?.object()
    }
}

/// Writes what was read and compares as it goes, so that a large delta needs no second copy.
fn compare(document: &Document, roles: Object<'_>) -> Result<(), DeltaFault> {
    let mut writer = Writer::into(Expected { rest: document.text() })?;
    for (name, view) in roles.sorted() {
        let place = format!("roles.{}", name.chars().take(REPEATED).collect::<String>());
        let role = shape::object(view, &place)?;
        writer.role(&name)?;
        for (path, entry) in shape::object(shape::member(role, "targets", &place)?, &place)?.sorted() {
            writer.add(&added(path, entry)?)?;
        }
    }
    let expected = writer.finish()?;
    if expected.rest.is_empty() { Ok(()) } else { Err(DeltaFault::NotOurText) }
}

struct Expected<'t> {
    rest: &'t str,
}

impl std::fmt::Write for Expected<'_> {
    fn write_str(&mut self, piece: &str) -> std::fmt::Result {
        self.rest = self.rest.strip_prefix(piece).ok_or(std::fmt::Error)?;
        Ok(())
    }
}

fn added<'d>(path: Cow<'d, str>, entry: View<'d>) -> Result<Added<'d>, DeltaFault> {
    let entry = shape::object(entry, "an entry")?;
    let hashes = shape::object(shape::member(entry, "hashes", "an entry")?, "hashes")?;
    let sha256 = shape::string(shape::member(hashes, "sha256", "hashes")?, "sha256")?;
    let sha256 = Digest::from_hex(&sha256)
        .map_err(|fault| DeltaFault::Sha256 { path: path.chars().take(REPEATED).collect(), fault })?;
    let sha512 = hashes.member("sha512").map(|view| shape::string(view, "sha512")).transpose()?;
    let length = shape::number(shape::member(entry, "length", "an entry")?, "length")?;
    Ok(Added { path, length, sha256, sha512 })
}

fn is_role(name: &str) -> bool {
    is_file_name(name) && !["root", "snapshot", "timestamp"].contains(&name)
}

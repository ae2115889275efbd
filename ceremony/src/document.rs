//! A document is the file's own text plus a tape over it (MODEL 26). Nothing is copied, rounded, reordered or
//! dropped: views borrow from the text, objects keep the order of the file beside an index sorted by name. It knows
//! JSON, not TUF. Reading is strict and lives in [`read`]; nothing here changes a text.

mod fault;
mod read;
mod view;

pub use fault::{Position, ReadFault, ReadProblem};
pub use view::{Array, Integer, Kind, Object, View};

use crate::digest::Digest;
use crate::limits::{DOCUMENT, Limit};

/// One value of the text: where it starts, how long it is, and the tape index behind it and all that it holds.
/// An object with an index has one more node behind its members: `start` is its place in `order`, `length` its number
/// of members. A small object whose names stand sorted in the file needs none: most objects of most files.
#[derive(Clone, Copy)]
struct Node {
    start: u32,
    length: u32,
    next: u32,
}

/// Mark in the `length` of a string node: the string holds at least one escape.
const ESCAPED: u32 = 1 << 31;

/// Mark in the `length` of an object node: the object has an index.
const INDEXED: u32 = 1 << 31;

/// Objects up to this many members go without an index if their names stand sorted.
const SMALL: usize = 16;

/// A strictly read JSON text.
pub struct Document {
    text: String,
    tape: Vec<Node>,
    /// For each object with an index, the tape indices of its names, sorted by their decoded bytes.
    order: Vec<u32>,
}

impl Document {
    /// Reads a metadata document, capped by [`DOCUMENT`].
    ///
    /// # Errors
    /// A [`ReadFault`] says what is wrong and where; the caller shows it and changes nothing.
    pub fn read(text: impl Into<Vec<u8>>) -> Result<Document, ReadFault> {
        Document::read_within(text, DOCUMENT)
    }

    /// Reads a document capped by another size.
    ///
    /// # Errors
    /// As [`Document::read`].
    pub fn read_within(text: impl Into<Vec<u8>>, size: Limit) -> Result<Document, ReadFault> {
        let text = read::text_of(text.into(), size)?;
        let (tape, order) = read::tape_over(&text)?;
        Ok(Document { text, tape, order })
    }

    /// The text as it was given.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// SHA-256 of the text: what `sha256sum` says of the file.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(self.text.as_bytes())
    }

    /// The outermost value.
    #[must_use]
    pub fn root(&self) -> View<'_> {
        View::new(self, 0)
    }
}

impl std::fmt::Debug for Document {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Document({} bytes, {})", self.text.len(), self.digest())
    }
}

//! What a token says of a key: any JSON object, carried whole and bound by the SHA-256 of its canonical form. It is not
//! read here.

use std::sync::Arc;

use super::{CardFault, digest_of};
use crate::digest::Digest;
use crate::document::{Document, Kind, View};
use crate::layout::Plain;
use crate::limits::SMALL_FILE;

/// A JSON object that we can write again with the same meaning.
#[derive(Debug, Clone)]
pub struct Evidence {
    document: Arc<Document>,
}

impl Evidence {
    /// Takes a text as evidence.
    ///
    /// # Errors
    /// When it is no JSON object, or holds a number that is negative or beyond 64 bits.
    pub fn read(text: &[u8]) -> Result<Evidence, CardFault> {
        let document = Document::read_within(text, SMALL_FILE)?;
        if document.root().kind() != Kind::Object || again(document.root()).is_none() {
            return Err(CardFault::Evidence);
        }
        Ok(Evidence { document: Arc::new(document) })
    }

    /// The object, as it was given.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// SHA-256 of its canonical form: what the key signs.
    #[must_use]
    pub fn digest(&self) -> Digest {
        digest_of(&self.document)
    }

    pub(super) fn plain(&self) -> Plain {
        again(self.document.root()).expect("checked when it was read")
    }
}

/// A value to be written anew; none for a number that we do not write. Never deeper than the reader goes.
fn again(view: View<'_>) -> Option<Plain> {
    Some(match view.kind() {
        Kind::Null => Plain::Null,
        Kind::Bool => Plain::Bool(view.boolean()?),
        Kind::Integer => Plain::Number(view.integer()?.as_u64()?),
        Kind::String => Plain::text(view.string()?),
        Kind::Array => Plain::List(view.array()?.map(again).collect::<Option<_>>()?),
        Kind::Object => {
            let members = view.object()?.members();
            Plain::Object(members.map(|(k, v)| Some((k.into_owned(), again(v)?))).collect::<Option<_>>()?)
        }
    })
}

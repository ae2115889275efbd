//! The entries of `signatures` (TUF 4.2.1), read with everything that foreign files hold there: strangers,
//! placeholders, `null`, one key id twice (MODEL 10). Nothing is judged here.

use std::borrow::Cow;

use super::shape::{self, ShapeFault};
use crate::document::{Kind, View};
use crate::limits::{SIGNATURE_HEX, SIGNATURES};

/// How `signatures` stands in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignaturesShape {
    /// An array.
    Array,
    /// `null`, as some signers write an empty list.
    Null,
    /// Not there at all.
    Absent,
    /// Something else: the file is refused.
    Other,
}

/// One entry of `signatures`.
#[derive(Debug, Clone)]
pub struct Entry<'d> {
    /// The key id, if there is one.
    pub keyid: Cow<'d, str>,
    /// The signature bytes, empty for a placeholder.
    pub signature: Result<Vec<u8>, EntryFault>,
    /// Whether it has members beside `keyid` and `sig`.
    pub has_more: bool,
}

/// Why an entry holds no signature at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryFault {
    /// Not an object with `keyid` and `sig` texts.
    #[error("the entry is not an object with the texts keyid and sig")]
    Shape,
    /// Not hex.
    #[error("the signature is not written as pairs of hex digits")]
    NotHex,
    /// Longer than any signature.
    #[error("the signature has more than {} hex digits", SIGNATURE_HEX.most)]
    TooLong,
}

impl Entry<'_> {
    /// Whether this is a placeholder: `"sig": ""`.
    #[must_use]
    pub fn is_placeholder(&self) -> bool {
        self.signature.as_ref().is_ok_and(Vec::is_empty)
    }
}

pub(super) fn shape_of(envelope: View<'_>) -> SignaturesShape {
    match envelope.object().and_then(|o| o.member("signatures")).map(View::kind) {
        None => SignaturesShape::Absent,
        Some(Kind::Null) => SignaturesShape::Null,
        Some(Kind::Array) => SignaturesShape::Array,
        Some(_) => SignaturesShape::Other,
    }
}

pub(super) fn entries(envelope: View<'_>) -> Result<Vec<Entry<'_>>, ShapeFault> {
    match envelope.object().and_then(|o| o.member("signatures")) {
        None => Ok(Vec::new()),
        Some(view) if view.is_null() => Ok(Vec::new()),
        Some(view) => {
            let array = shape::array(view, "signatures")?;
            Ok(shape::within(array, SIGNATURES)?.into_iter().map(Entry::of).collect())
        }
    }
}

impl<'d> Entry<'d> {
    /// Reads one entry; whatever is wrong with it becomes part of the value.
    #[must_use]
    pub fn of(view: View<'d>) -> Entry<'d> {
        let member = |name| view.object().and_then(|o| o.member(name)).and_then(View::string);
        let has_more = view.object().is_some_and(|o| o.len() > 2);
        let (keyid, sig) = (member("keyid"), member("sig"));
        let signature = match (&keyid, &sig) {
            (Some(_), Some(sig)) if !SIGNATURE_HEX.allows(sig.len()) => Err(EntryFault::TooLong),
            (Some(_), Some(sig)) => hex::decode(sig.as_bytes()).map_err(|_| EntryFault::NotHex),
            _ => Err(EntryFault::Shape),
        };
        Entry { keyid: keyid.unwrap_or_default(), signature, has_more }
    }
}

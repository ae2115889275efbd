//! TUF metadata as typed views over a document (TUF 4.3 to 4.6): the envelope with its signature entries, the four
//! roles and delegated targets. Views check shapes and keep everything: unknown fields, spellings, foreign key ids.
//! Whether a rule of the specification holds is judged in [`crate::policy`], who signed in [`crate::keyset`].

mod entry;
mod keys;
mod listing;
mod root;
pub(crate) mod shape;
mod targets;

use std::sync::Arc;

pub use entry::{Entry, EntryFault, SignaturesShape};
pub(crate) use keys::read as key_of_object;
pub use keys::{KeyEntry, RoleKeys, key_of_document, keyid_preimages};
pub use listing::{Listed, Listing};
pub use root::Root;
pub use shape::ShapeFault;
pub use targets::{Delegations, Reach, Target, Targets};

use crate::canonical;
use crate::digest::Digest;
use crate::document::{Document, Object, View};
use crate::key::Message;
use crate::time::{Moment, NotAMoment};

/// The `_type` of a document (TUF 4.3 to 4.6). Delegated roles are targets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RoleType {
    /// `root`
    Root,
    /// `targets`
    Targets,
    /// `snapshot`
    Snapshot,
    /// `timestamp`
    Timestamp,
}

impl RoleType {
    /// The four, in the order in which people speak of them.
    pub const ALL: [RoleType; 4] =
        [RoleType::Root, RoleType::Targets, RoleType::Snapshot, RoleType::Timestamp];

    /// The word in `_type` and, for all but delegated roles, the role's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            RoleType::Root => "root",
            RoleType::Targets => "targets",
            RoleType::Snapshot => "snapshot",
            RoleType::Timestamp => "timestamp",
        }
    }

    /// The type with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<RoleType> {
        RoleType::ALL.into_iter().find(|t| t.name() == name)
    }
}

impl std::fmt::Display for RoleType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// One metadata document: its text, and what is read from it once.
#[derive(Debug, Clone)]
pub struct Metadata {
    document: Arc<Document>,
    role_type: RoleType,
    version: u64,
    payload: Digest,
    payload_bytes: u64,
}

impl Metadata {
    /// Takes a document as metadata: `signed` with a known `_type` and a `version`.
    ///
    /// # Errors
    /// A [`ShapeFault`] when the document is something else.
    pub fn of(document: Arc<Document>) -> Result<Metadata, ShapeFault> {
        let envelope = shape::object(document.root(), "the document")?;
        let signed = shape::object(shape::member(envelope, "signed", "the document")?, "signed")?;
        let found = shape::string(shape::member(signed, "_type", "signed")?, "signed._type")?;
        let role_type = RoleType::named(&found)
            .ok_or_else(|| ShapeFault::UnknownType { found: found.chars().take(80).collect() })?;
        let version = shape::number(shape::member(signed, "version", "signed")?, "signed.version")?;
        let (payload, payload_bytes) = canonical::digest(signed.view());
        Ok(Metadata { document, role_type, version, payload, payload_bytes })
    }

    /// The document's text and tape.
    #[must_use]
    pub fn document(&self) -> &Arc<Document> {
        &self.document
    }

    /// Its `_type`.
    #[must_use]
    pub fn role_type(&self) -> RoleType {
        self.role_type
    }

    /// Its version. Zero is read (real signing events have it) and never made final.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version
    }

    /// SHA-256 of the canonical form of `signed`: what people compare and every other record names it by.
    #[must_use]
    pub fn payload(&self) -> Digest {
        self.payload
    }

    /// Length of the canonical form of `signed`, in bytes.
    #[must_use]
    pub fn payload_bytes(&self) -> u64 {
        self.payload_bytes
    }

    /// The signed part.
    #[must_use]
    pub fn signed(&self) -> Object<'_> {
        let signed = self.document.root().object().and_then(|o| o.member("signed"));
        signed.and_then(View::object).expect("checked when it was made")
    }

    /// Of two texts of one payload, the one with the smallest SHA-256 (MODEL 2).
    #[must_use]
    pub fn with_smaller_text(self, other: &Metadata) -> Metadata {
        debug_assert_eq!(self.payload, other.payload);
        if other.document.digest() < self.document.digest() { other.clone() } else { self }
    }

    /// `expires`, or what stands there instead.
    ///
    /// # Errors
    /// The text that is no date; an empty one if there is no text at all.
    pub fn expires(&self) -> Result<Moment, NotAMoment> {
        let text = self.signed().member("expires").and_then(View::string).unwrap_or_default();
        Moment::parse(&text)
    }

    /// `spec_version`, if it is a text.
    #[must_use]
    pub fn spec_version(&self) -> Option<String> {
        self.signed().member("spec_version").and_then(View::string).map(|s| s.into_owned())
    }

    /// The signature entries in the order of the file, whatever is wrong with them.
    ///
    /// # Errors
    /// Only when there are more than the cap allows, or `signatures` is neither an array nor null.
    pub fn entries(&self) -> Result<Vec<Entry<'_>>, ShapeFault> {
        entry::entries(self.document.root())
    }

    /// How `signatures` stands in the file.
    #[must_use]
    pub fn signatures_shape(&self) -> SignaturesShape {
        entry::shape_of(self.document.root())
    }

    /// The root role.
    ///
    /// # Errors
    /// When this is no root, or its keys, roles or thresholds have not the shape of TUF 4.3.
    pub fn root(&self) -> Result<Root<'_>, ShapeFault> {
        self.expect_type(RoleType::Root)?;
        Root::of(self.signed())
    }

    /// The targets role, top level or delegated.
    ///
    /// # Errors
    /// When this is no targets document or has not the shape of TUF 4.5.
    pub fn targets(&self) -> Result<Targets<'_>, ShapeFault> {
        self.expect_type(RoleType::Targets)?;
        Targets::of(self.signed())
    }

    /// The files that a snapshot or timestamp lists.
    ///
    /// # Errors
    /// When this is neither, or has not the shape of TUF 4.4 and 4.6.
    pub fn listing(&self) -> Result<Listing<'_>, ShapeFault> {
        if !matches!(self.role_type, RoleType::Snapshot | RoleType::Timestamp) {
            return Err(ShapeFault::AnotherType { found: self.role_type, wanted: RoleType::Snapshot });
        }
        Listing::of(self.signed())
    }

    /// Checks the whole shape of whichever role it is.
    ///
    /// # Errors
    /// The first thing that has another shape than the specification gives it.
    pub fn check_shape(&self) -> Result<(), ShapeFault> {
        self.entries()?;
        match self.role_type {
            RoleType::Root => self.root().map(drop),
            RoleType::Targets => self.targets()?.check_shape(),
            RoleType::Snapshot | RoleType::Timestamp => self.listing()?.check_shape(),
        }
    }

    fn expect_type(&self, wanted: RoleType) -> Result<(), ShapeFault> {
        if self.role_type == wanted {
            return Ok(());
        }
        Err(ShapeFault::AnotherType { found: self.role_type, wanted })
    }
}

/// The message that is signed: the canonical form of `signed`, fed in pieces.
impl Message for Metadata {
    fn feed(&self, sink: &mut dyn FnMut(&[u8])) {
        canonical::feed(self.signed().view(), sink);
    }
}

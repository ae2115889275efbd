//! The forms in which peers write partially signed metadata (TUF-INTEROP 6). A dialect is recognised by shape and
//! said aloud; it never decides what counts.

use std::sync::Arc;

use crate::document::{Document, Object, ReadFault, View};
use crate::limits::SIGNATURES;
use crate::metadata::shape::{self, ShapeFault};
use crate::metadata::{Entry, Metadata, RoleType};

/// Who writes like this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dialect {
    /// Indent 1, sorted names, no final newline: tuf-on-ci, python-tuf's own pretty form.
    TufOnCi,
    /// Indent 2 with a final newline: tuftool.
    Tuftool,
    /// Any other metadata file: python-tuf, go-tuf and the rest.
    Plain,
    /// RSTUF's answer with a pending document inside `data.metadata`.
    RstufPending,
    /// RSTUF's single signature with a role.
    RstufSignature,
    /// go-tuf's payload: the signed part alone.
    GoTufPayload,
    /// go-tuf's list of signatures.
    GoTufSignatures,
}

impl Dialect {
    /// What it is called when it is said aloud.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Dialect::TufOnCi => "metadata file as tuf-on-ci and python-tuf write it (indent 1)",
            Dialect::Tuftool => "metadata file as tuftool writes it (indent 2, final newline)",
            Dialect::Plain => "metadata file",
            Dialect::RstufPending => "RSTUF answer with a pending document",
            Dialect::RstufSignature => "RSTUF signature",
            Dialect::GoTufPayload => "go-tuf payload without signatures",
            Dialect::GoTufSignatures => "go-tuf list of signatures",
        }
    }
}

/// What a foreign file holds.
#[derive(Debug, Clone)]
pub struct Foreign {
    /// Its form.
    pub dialect: Dialect,
    /// The document, if it holds one.
    pub metadata: Option<Metadata>,
    /// The document whose entries are signatures without a document.
    pub loose: Option<Loose>,
}

/// Signature entries that stand without the document they sign.
#[derive(Debug, Clone)]
pub struct Loose {
    /// The role they say they are for.
    pub role: Option<String>,
    /// A document of the form `{"signatures": […]}` that holds them.
    pub document: Arc<Document>,
}

impl Loose {
    /// The entries.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry<'_>> {
        let signatures = self.document.root().object().and_then(|o| o.member("signatures"));
        signatures.and_then(View::array).into_iter().flatten().map(Entry::of).collect()
    }
}

/// A file is in no form that we know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ForeignFault {
    /// It is no JSON that we read.
    #[error(transparent)]
    Read(#[from] ReadFault),
    /// It holds no metadata of a known shape.
    #[error(transparent)]
    Shape(#[from] ShapeFault),
    /// It holds something else.
    #[error("it holds neither TUF metadata nor a list of signatures")]
    Unknown,
}

impl Foreign {
    /// Recognises what a document holds.
    ///
    /// # Errors
    /// When it is in none of the forms, or the metadata in it has another shape.
    pub fn of(document: Document) -> Result<Foreign, ForeignFault> {
        if let Some(array) = document.root().array() {
            let entries = shape::within(array, SIGNATURES)?;
            let all = entries.iter().all(|e| e.object().is_some_and(|o| o.member("keyid").is_some()));
            if entries.is_empty() || !all {
                return Err(ForeignFault::Unknown);
            }
            let text = format!("{{\"signatures\":{}}}", document.root().text());
            return Ok(Foreign::loose(Dialect::GoTufSignatures, None, Document::read(text.into_bytes())?));
        }
        let object = document.root().object().ok_or(ForeignFault::Unknown)?;
        if object.member("signed").is_some() {
            let dialect = by_layout(&document);
            return Ok(Foreign::metadata(dialect, Metadata::of(document.into())?));
        }
        if let Some(pending) = pending(object) {
            let inner = Document::read(pending.text().as_bytes())?;
            return Ok(Foreign::metadata(Dialect::RstufPending, Metadata::of(inner.into())?));
        }
        if let (Some(signature), Some(role)) =
            (object.member("signature"), object.member("role").and_then(View::string))
        {
            let text = format!("{{\"signatures\":[{}]}}", signature.text());
            let role = Some(role.into_owned());
            return Ok(Foreign::loose(Dialect::RstufSignature, role, Document::read(text.into_bytes())?));
        }
        if object.member("_type").is_some() {
            let text = format!("{{\"signatures\":[],\"signed\":{}}}", document.root().text());
            return Ok(Foreign::metadata(
                Dialect::GoTufPayload,
                Metadata::of(Document::read(text.into_bytes())?.into())?,
            ));
        }
        Err(ForeignFault::Unknown)
    }

    fn metadata(dialect: Dialect, metadata: Metadata) -> Foreign {
        Foreign { dialect, metadata: Some(metadata), loose: None }
    }

    fn loose(dialect: Dialect, role: Option<String>, document: Document) -> Foreign {
        Foreign { dialect, metadata: None, loose: Some(Loose { role, document: document.into() }) }
    }
}

fn by_layout(document: &Document) -> Dialect {
    let text = document.text();
    if text.starts_with("{\n \"") && !text.ends_with('\n') {
        Dialect::TufOnCi
    } else if text.starts_with("{\n  \"") && text.ends_with('\n') {
        Dialect::Tuftool
    } else {
        Dialect::Plain
    }
}

/// The document under `data.metadata`, beside which RSTUF repeats the trusted one: that copy decides nothing here.
fn pending(object: Object<'_>) -> Option<View<'_>> {
    let metadata = object.member("data").and_then(View::object)?.member("metadata").and_then(View::object)?;
    let known = RoleType::ALL.into_iter().find_map(|t| metadata.member(t.name()));
    let other = || metadata.members().find(|(name, _)| !name.starts_with("trusted_")).map(|(_, view)| view);
    known.or_else(other)
}

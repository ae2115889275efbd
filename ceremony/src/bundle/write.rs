//! The one text of a bundle. The same bundle always gives the same bytes; `docs/spec/bundle.md` tells the format.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Bundle, FORMAT, Part, Signature, TYPE};
use crate::canonical;
use crate::digest::Digest;
use crate::document::Document;
use crate::layout::Plain;
use crate::limits::{BUNDLE, EMBEDDED, Limit};
use crate::metadata::Metadata;

/// A bundle as text, and the large documents that travel beside it.
#[derive(Debug, Clone)]
pub struct Written {
    /// The bundle file.
    pub text: Vec<u8>,
    /// Documents over [`EMBEDDED`], each a file of its own.
    pub beside: Vec<Beside>,
}

/// A text that travels beside a bundle.
#[derive(Debug, Clone)]
pub struct Beside {
    /// `SHA256.payload`, the digest being that of the file's bytes.
    pub name: String,
    text: Text,
}

#[derive(Debug, Clone)]
enum Text {
    Document(Arc<Document>),
    File(Arc<str>),
}

impl Beside {
    /// The file name of a document beside a bundle.
    #[must_use]
    pub fn name_of(digest: Digest) -> String {
        format!("{digest}.payload")
    }

    /// What the file holds.
    #[must_use]
    pub fn text(&self) -> &str {
        match &self.text {
            Text::Document(document) => document.text(),
            Text::File(text) => text,
        }
    }

    pub(super) fn file(digest: Digest, text: &Arc<str>) -> Beside {
        Beside { name: Beside::name_of(digest), text: Text::File(text.clone()) }
    }
}

/// Where a text of so many bytes that lies beside is written to be.
pub(super) fn outside(digest: Digest, bytes: usize) -> Plain {
    Plain::object([("beside", Plain::text(digest)), ("bytes", Plain::Number(bytes as u64))])
}

impl Bundle {
    /// Writes it.
    ///
    /// # Errors
    /// When the text would be past the cap of a bundle.
    pub fn write(&self) -> Result<Written, Limit> {
        let mut documents: BTreeMap<Digest, &Metadata> = BTreeMap::new();
        for part in self.parts() {
            for metadata in part.documents() {
                documents
                    .entry(metadata.payload())
                    .and_modify(|kept| {
                        if metadata.document().digest() < kept.document().digest() {
                            *kept = metadata;
                        }
                    })
                    .or_insert(metadata);
            }
        }
        let mut beside = Vec::new();
        let mut place = |metadata: &Metadata| {
            let document = metadata.document();
            if EMBEDDED.allows(document.text().len()) {
                let text = document.text();
                return Plain::object([("text", Plain::text(text))]);
            }
            let digest = document.digest();
            beside.push(Beside { name: Beside::name_of(digest), text: Text::Document(document.clone()) });
            outside(digest, document.text().len())
        };
        let documents = documents.into_iter().map(|(payload, m)| (payload.to_string(), place(m))).collect();
        let drafts = self.parts().map(Part::plain).collect();
        let ceremony = self.record.as_ref().map_or(Plain::Null, |record| record.plain(&mut beside));
        // One file can be a draft's predecessor and a file of its plan.
        beside.sort_by(|a, b| a.name.cmp(&b.name));
        beside.dedup_by(|a, b| a.name == b.name);
        let body = Plain::object([
            ("ceremony", ceremony),
            ("documents", Plain::Object(documents)),
            ("drafts", Plain::List(drafts)),
        ]);
        let read = Document::read_within(body.written().into_bytes(), BUNDLE).map_err(|_| BUNDLE)?;
        let (sha256, _) = canonical::digest(read.root());
        let whole = Plain::object([
            ("_type", Plain::text(TYPE)),
            ("body", body),
            ("format", Plain::Number(FORMAT)),
            ("sha256", Plain::text(sha256)),
        ]);
        let text = (whole.written() + "\n").into_bytes();
        if BUNDLE.allows(text.len()) { Ok(Written { text, beside }) } else { Err(BUNDLE) }
    }
}

impl Part {
    fn documents(&self) -> impl Iterator<Item = &Metadata> {
        [Some(self.draft.metadata()), self.trusted.as_ref(), self.predecessor.as_ref()].into_iter().flatten()
    }

    fn plain(&self) -> Plain {
        let payload =
            |metadata: &Option<Metadata>| metadata.as_ref().map_or(Plain::Null, |m| Plain::text(m.payload()));
        let metadata = self.draft.metadata();
        Plain::object([
            ("payload", Plain::text(metadata.payload())),
            ("payload_bytes", Plain::Number(metadata.payload_bytes())),
            ("predecessor", payload(&self.predecessor)),
            ("role", Plain::text(self.draft.role())),
            ("signatures", Plain::List(self.signatures.all().map(Signature::plain).collect())),
            ("trusted", payload(&self.trusted)),
            ("version", Plain::Number(metadata.version())),
        ])
    }
}

impl Signature {
    fn plain(&self) -> Plain {
        let sources = self.sources.iter().map(|s| Plain::text(s.as_str())).collect();
        Plain::object([
            ("key", Plain::text(self.verified.fingerprint())),
            ("scheme", Plain::text(self.verified.key().scheme())),
            ("sig", Plain::text(hex::encode(self.verified.bytes()))),
            ("sources", Plain::List(sources)),
        ])
    }
}

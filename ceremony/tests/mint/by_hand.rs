//! TEST ONLY: writes the text of a bundle without the engine's own writer, so that it can be wrong.

#![allow(dead_code, reason = "each test binary takes what it needs")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

use tuf_ceremony::canonical;
use tuf_ceremony::digest::Digest;
use tuf_ceremony::document::Document;
use tuf_ceremony::layout::Plain;
use tuf_ceremony::metadata::Metadata;

use super::mint::Key;

/// A document's place inside the bundle.
pub fn inside(metadata: &Metadata) -> (String, Plain) {
    let text = metadata.document().text();
    (metadata.payload().to_string(), Plain::object([("text", Plain::text(text))]))
}

/// A document's place beside the bundle, under the name that these bytes have.
pub fn outside(metadata: &Metadata, bytes: &[u8]) -> (String, Plain) {
    let length = Plain::Number(metadata.document().text().len() as u64);
    let place = Plain::object([("beside", Plain::text(Digest::of(bytes))), ("bytes", length)]);
    (metadata.payload().to_string(), place)
}

pub fn draft(
    document: &Metadata,
    role: &str,
    trusted: Option<&Metadata>,
    predecessor: Option<&Metadata>,
    signatures: Vec<Plain>,
) -> Plain {
    let named = |m: Option<&Metadata>| m.map_or(Plain::Null, |m| Plain::text(m.payload()));
    Plain::object([
        ("payload", named(Some(document))),
        ("payload_bytes", Plain::Number(document.payload_bytes())),
        ("predecessor", named(predecessor)),
        ("role", Plain::text(role)),
        ("signatures", Plain::List(signatures)),
        ("trusted", named(trusted)),
        ("version", Plain::Number(document.version())),
    ])
}

pub fn signature(key: &Key, bytes: &[u8], sources: &[&str]) -> Plain {
    Plain::object([
        ("key", Plain::text(key.public().fingerprint())),
        ("scheme", Plain::text(key.public().scheme())),
        ("sig", Plain::text(hex::encode(bytes))),
        ("sources", Plain::List(sources.iter().map(Plain::text).collect())),
    ])
}

/// A whole plain bundle of these parts, with the checksum that they have.
pub fn whole(documents: Vec<(String, Plain)>, drafts: Vec<Plain>) -> String {
    whole_of(Plain::Null, documents, drafts)
}

/// The same with a ceremony.
pub fn whole_of(ceremony: Plain, documents: Vec<(String, Plain)>, drafts: Vec<Plain>) -> String {
    let body = Plain::object([
        ("ceremony", ceremony),
        ("documents", Plain::Object(documents.into_iter().collect())),
        ("drafts", Plain::List(drafts)),
    ]);
    let read = Document::read(body.written().into_bytes()).unwrap();
    let sha256 = canonical::digest(read.root()).0;
    let whole = Plain::object([
        ("_type", Plain::text("tuf-ceremony-bundle")),
        ("body", body),
        ("format", Plain::Number(1)),
        ("sha256", Plain::text(sha256)),
    ]);
    whole.written() + "\n"
}

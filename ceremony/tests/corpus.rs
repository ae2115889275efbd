//! The real chains, signing events and partially signed drafts of the corpus, judged as it records.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test stops at the first surprise")]

#[path = "corpus/chains.rs"]
mod chains;
#[path = "corpus/events.rs"]
mod events;
#[path = "corpus/keyids.rs"]
mod keyids;
#[path = "corpus/partial.rs"]
mod partial;

use std::path::{Path, PathBuf};

use serde_json::Value;
use tuf_ceremony::dialect::{Foreign, ForeignFault};
use tuf_ceremony::digest::Digest;
use tuf_ceremony::document::Document;
use tuf_ceremony::gather::Gathered;
use tuf_ceremony::metadata::Metadata;

fn corpus(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/corpus").join(path)
}

fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn expectations(path: &Path) -> Value {
    serde_json::from_slice(&read(path)).unwrap()
}

fn folders(kind: &str, count: usize) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir(corpus(kind)).unwrap().map(|e| e.unwrap().path()).collect();
    folders.sort();
    assert_eq!(folders.len(), count, "{kind}");
    folders
}

fn metadata(path: &Path) -> Metadata {
    let document = Document::read(read(path)).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    Metadata::of(document.into()).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn foreign(path: &Path) -> Result<Gathered, ForeignFault> {
    let bytes = read(path);
    let sha256 = Digest::of(&bytes);
    Ok(Gathered { foreign: Foreign::of(Document::read(bytes)?)?, sha256 })
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|v| v.as_str().unwrap().to_owned()).collect()
}

#[test]
fn documents_outside_tuf_1_are_refused_with_a_reason_and_never_crash() {
    let fault = foreign(&corpus("odd/tuf-0.9-python-rsa-ed25519.json")).unwrap_err();
    assert_eq!(fault.to_string(), "signed._type is \"Root\", not root, targets, snapshot or timestamp");
}

//! The files of the folder that events name: each path once, where files of its kind are kept. It reads no disk; whether the
//! files are there is seen by whoever has the folder.

use std::collections::BTreeMap;

use super::Illegal;
use crate::digest::Digest;
use crate::transcript::event::Stored;

/// Files by their paths.
#[derive(Debug, Clone, Default)]
pub(super) struct Folder(BTreeMap<String, Stored>);

impl Folder {
    /// Takes a file that must lie at exactly this path.
    pub(super) fn keep(&mut self, file: &Stored, wanted: &str) -> Result<(), Illegal> {
        if file.path != wanted {
            return Err(Illegal::Path { path: file.path.clone(), wanted: wanted.to_owned() });
        }
        self.explain(file)
    }

    /// Takes a file wherever it lies inside the folder.
    pub(super) fn explain(&mut self, file: &Stored) -> Result<(), Illegal> {
        let plain = |part: &str| {
            !part.is_empty()
                && !part.starts_with('.')
                && part.bytes().all(|b| matches!(b, b'!'..=b'~') && b != b'\\' && b != b':')
        };
        if !file.path.split('/').all(plain) {
            let wanted = "a plain path inside the folder".to_owned();
            return Err(Illegal::Path { path: file.path.clone(), wanted });
        }
        match self.0.insert(file.path.clone(), file.clone()) {
            Some(before) if before != *file => Err(Illegal::PathTaken { path: file.path.clone() }),
            _ => Ok(()),
        }
    }

    pub(super) fn files(&self) -> &BTreeMap<String, Stored> {
        &self.0
    }
}

/// The first 16 hex digits: what files are called by.
pub(super) fn short(sha256: Digest) -> String {
    sha256.to_string()[..16].to_owned()
}

/// The path of a document that a plan builds on.
pub(super) fn input(sha256: Digest) -> String {
    format!("inputs/{}.json", short(sha256))
}

/// The path of a text that a person saw.
pub(super) fn shown(sha256: Digest) -> String {
    format!("shown/{}.txt", short(sha256))
}

/// The path of an imported file.
pub(super) fn imported(line: u64, sha256: Digest) -> String {
    format!("imports/{line}-{}.json", short(sha256))
}

/// The path of a draft.
pub(super) fn draft(generation: u64, letter: &str) -> String {
    format!("drafts/{generation}-{}.json", letter.to_ascii_lowercase())
}

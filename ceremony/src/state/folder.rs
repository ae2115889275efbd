//! The files of the folder that events name: each path once, where files of its kind are kept. It reads no disk; whether the
//! files are there is seen by whoever has the folder.

use std::collections::BTreeMap;

use super::Illegal;
use crate::places;
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
        if !places::can_be_named(&file.path) {
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

//! What one ceremony's folder holds, on one device or on two (MODEL 12, DESIGN 14; `docs/spec/folder.md`).
//!
//! The transcript is the truth: a step has happened once its line is on every device, files first, then the line. This room
//! knows which bytes stand where and puts them there; what a line means, and which files it explains, it is told by the
//! engine through [`Explains`]. Not here: what is legal, sentences for people, the clock.

mod chains;
mod create;
mod explained;
mod fault;
mod inventory;
mod load;
mod settle;
mod shelf;
mod store;

use std::path::PathBuf;

use tuf_ceremony::digest::Digest;
use tuf_ceremony::limits;
use tuf_ceremony::transcript::event::Stored;

pub use tuf_ceremony::conduct::NewFile;

pub use fault::{FolderFault, LoadFault, StoreFault};
pub use inventory::Inventory;
pub use load::Loaded;
pub use settle::{Mended, Mending};
pub use shelf::Shelf;
pub use store::Pen;

use crate::files::Lock;

/// Where a ceremony is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// The folder.
    pub folder: PathBuf,
    /// The same folder on a second device.
    pub mirror: Option<PathBuf>,
}

impl Places {
    fn all(&self) -> impl Iterator<Item = &PathBuf> {
        std::iter::once(&self.folder).chain(&self.mirror)
    }
}

/// What the engine says of a ceremony that it resumed from its lines.
pub trait Explains {
    /// Every file of the folder that a line binds.
    fn bound(&self) -> Vec<Stored>;

    /// The bytes of a bound file that can be made again: drafts and final files. None for all others.
    fn derived(&self, file: &Stored) -> Option<Vec<u8>>;
}

/// A ceremony's folder with the right to add to it.
#[derive(Debug)]
pub struct Dossier {
    devices: Vec<Lock>,
    shelf: Shelf,
    text: Vec<u8>,
    stopped: bool,
}

impl Dossier {
    /// The files of the folder, by digest.
    pub fn shelf(&self) -> &Shelf {
        &self.shelf
    }

    /// The transcript.
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// SHA-256 of the transcript (MODEL 15).
    pub fn head(&self) -> Digest {
        Digest::of(&self.text)
    }

    /// Whether two devices hold the folder and they are one medium, so that losing it loses both.
    pub fn shares_a_medium(&self) -> bool {
        let media: Vec<_> = self
            .devices
            .iter()
            .map(|device| device.folder().identity().map(|(medium, _)| medium).ok())
            .collect();
        media.len() == 2 && media[0] == media[1]
    }
}

/// The largest transcript that is read.
fn transcript_cap() -> u64 {
    limits::TRANSCRIPT.most as u64
}

/// The largest file that is read.
fn file_cap() -> u64 {
    limits::DOCUMENT.most as u64
}

#[cfg(test)]
mod tests;

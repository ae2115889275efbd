//! TEST ONLY: a ceremony's folder in memory, kept by the engine's own steps, and gone through again.

#![allow(dead_code, reason = "each test binary and example takes what it needs")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

use std::borrow::Cow;
use std::collections::BTreeMap;

use tuf_ceremony::conduct::{Ceremony, NewFile, Step, TakeFault};
use tuf_ceremony::digest::Digest;
use tuf_ceremony::materials::Materials;
use tuf_ceremony::paper::PaperDigest;
use tuf_ceremony::places::TRANSCRIPT;
use tuf_ceremony::replay::{Evidence, Lying, Replay, Verdict, replay};
use tuf_ceremony::state::Illegal;
use tuf_ceremony::transcript::event::Event;

pub const CLOCK: &str = "2027-03-05T09:00:00Z";

/// Files by their path, the transcript among them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folder(pub BTreeMap<String, Vec<u8>>);

/// Its files by their digest.
pub struct Shelf<'f>(BTreeMap<Digest, &'f [u8]>);

impl Materials for Shelf<'_> {
    fn kept(&self, sha256: Digest) -> Option<Cow<'_, [u8]>> {
        self.0.get(&sha256).map(|bytes| Cow::Borrowed(*bytes))
    }
}

impl Folder {
    pub fn transcript(&self) -> &[u8] {
        &self.0[TRANSCRIPT]
    }

    /// As many lines, with their newlines.
    pub fn lines(&self) -> Vec<Vec<u8>> {
        self.transcript().split_inclusive(|b| *b == b'\n').map(<[u8]>::to_vec).collect()
    }

    /// The folder with these lines in place of its own.
    pub fn with_lines(&self, lines: &[Vec<u8>]) -> Folder {
        self.with(TRANSCRIPT, lines.concat())
    }

    pub fn with(&self, path: &str, bytes: Vec<u8>) -> Folder {
        let mut other = self.clone();
        other.0.insert(path.to_owned(), bytes);
        other
    }

    pub fn without(&self, path: &str) -> Folder {
        let mut other = self.clone();
        assert!(other.0.remove(path).is_some(), "{path}");
        other
    }

    /// What `sha256sum transcript.jsonl` says.
    pub fn head(&self) -> Digest {
        Digest::of(self.transcript())
    }

    /// Every file but the transcript.
    pub fn paths(&self) -> Vec<String> {
        self.0.keys().filter(|path| *path != TRANSCRIPT).cloned().collect()
    }

    pub fn shelf(&self) -> Shelf<'_> {
        let others = self.0.iter().filter(|(path, _)| *path != TRANSCRIPT);
        Shelf(others.map(|(_, bytes)| (Digest::of(bytes), bytes.as_slice())).collect())
    }

    pub fn replay(&self, head: Option<Digest>) -> Replay {
        let paper = head.map(PaperDigest::from);
        let others = self.0.iter().filter(|(path, _)| *path != TRANSCRIPT);
        let lying = |bytes: &[u8]| Lying { bytes: bytes.len() as u64, sha256: Digest::of(bytes) };
        let files = others.map(|(path, bytes)| (path.clone(), lying(bytes))).collect();
        replay(&Evidence {
            transcript: self.transcript(),
            files: &files,
            materials: &self.shelf(),
            paper: paper.as_ref(),
        })
    }

    pub fn verdict(&self, head: Option<Digest>) -> Verdict {
        self.replay(head).verdict()
    }

    fn store(&mut self, files: &[NewFile], line: &str) {
        for file in files {
            let before = self.0.insert(file.path.clone(), file.bytes.clone());
            assert!(before.is_none_or(|before| before == file.bytes), "{} was overwritten", file.path);
        }
        self.0.entry(TRANSCRIPT.to_owned()).or_default().extend_from_slice(line.as_bytes());
    }
}

/// A machine with its folder.
#[derive(Clone)]
pub struct Machine {
    pub ceremony: Ceremony,
    pub folder: Folder,
}

impl Machine {
    /// Opens a folder with the first step, then seals.
    pub fn begin(step: &Step) -> Result<Machine, Illegal> {
        let mut folder = Folder::default();
        let nothing: BTreeMap<Digest, Vec<u8>> = BTreeMap::new();
        let stored = |files: &[NewFile], line: &str| -> Result<(), ()> {
            folder.store(files, line);
            Ok(())
        };
        let ceremony = Ceremony::begin(step, CLOCK, &nothing, stored).map_err(illegal)?;
        Ok(Machine { ceremony, folder })
    }

    /// Takes a step; an illegal one leaves nothing behind.
    pub fn take(&mut self, step: impl Into<Step>) -> Result<(), Illegal> {
        let (step, mut folder) = (step.into(), self.folder.clone());
        let stored = |files: &[NewFile], line: &str| -> Result<(), ()> {
            folder.store(files, line);
            Ok(())
        };
        let taken = self.ceremony.take(&step, CLOCK, &self.folder.shelf(), stored);
        taken.map_err(illegal)?;
        self.folder = folder;
        Ok(())
    }

    pub fn say(&mut self, event: Event) {
        self.take(event).unwrap();
    }

    pub fn payload(&self, role: &str) -> Digest {
        let drafts = self.ceremony.state().drafts();
        drafts.into_iter().find(|draft| draft.part().draft().role() == role).unwrap().payload()
    }
}

fn illegal(fault: TakeFault<()>) -> Illegal {
    match fault {
        TakeFault::Illegal(why) => *why,
        TakeFault::Store(()) => unreachable!("a map takes everything"),
    }
}

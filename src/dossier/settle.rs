//! What must be put right in a folder before its ceremony goes on, judged without changing anything, and then done in an
//! order in which it can be stopped anywhere and begun again: what is set aside, what is missing, the transcript last.

use std::collections::BTreeMap;
use std::path::PathBuf;

use tuf_ceremony::digest::Digest;
use tuf_ceremony::limits;
use tuf_ceremony::materials::Materials;
use tuf_ceremony::places::{self, TRANSCRIPT};
use tuf_ceremony::transcript::event::Stored;

use super::inventory::Inventory;
use super::{Explains, FolderFault, Shelf, chains};
use crate::files::{self, FilesFault, Folder, Kept, Lock};

/// A device that was asked for; without a lock its folder does not exist.
#[derive(Debug)]
pub(super) struct Device {
    pub(super) path: PathBuf,
    pub(super) lock: Option<Lock>,
    pub(super) inventory: Inventory,
}

/// Something that was put right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mended {
    /// On which device.
    pub folder: PathBuf,
    /// What.
    pub what: Mending,
}

/// What was put right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mending {
    /// A file of a killed process that was not in place is removed.
    Swept(PathBuf),
    /// A file that no line explains has another name now.
    SetAside {
        /// Its name before.
        from: String,
        /// Its name now.
        to: String,
    },
    /// A file that was missing is there.
    Added(String),
    /// What a crash left of a line is cut off; it is kept aside.
    CutOff {
        /// How many bytes.
        bytes: u64,
    },
    /// Lines that only the other device had are there.
    CaughtUp {
        /// How many.
        lines: u64,
    },
}

/// What is to be done.
#[derive(Debug, Default)]
pub(super) struct Settlement {
    /// For each device the files that get another name.
    moves: Vec<Vec<(String, String)>>,
    /// Files that no line explains, by the name that they get.
    left: BTreeMap<String, Stored>,
    /// Torn lines, and files that a device lacks: each is on every device in the end.
    needed: BTreeMap<String, Source>,
}

/// Where missing bytes come from.
#[derive(Debug)]
enum Source {
    Bytes(Vec<u8>),
    /// The device where it stands, by number, under the name it has once the moves are made.
    Device(usize),
}

impl Settlement {
    pub(super) fn judged(
        devices: &[Device],
        text: &[u8],
        ceremony: &impl Explains,
        shelf: &Shelf,
    ) -> Result<Self, FolderFault> {
        let bound = ceremony.bound();
        let mut settlement = Self::default();
        for file in &bound {
            settlement.judge_bound(devices, file, ceremony, shelf)?;
        }
        let bound: BTreeMap<&str, &Stored> = bound.iter().map(|file| (file.path.as_str(), file)).collect();
        for (at, device) in devices.iter().enumerate() {
            settlement.judge_left(at, device, &bound)?;
            settlement.judge_torn(device, text, &bound);
        }
        Ok(settlement)
    }

    /// A file that a line binds is on every device with its own bytes, or can be put there.
    fn judge_bound(
        &mut self,
        devices: &[Device],
        file: &Stored,
        ceremony: &impl Explains,
        shelf: &Shelf,
    ) -> Result<(), FolderFault> {
        let mut missing = None;
        for device in devices {
            match device.inventory.files.get(&file.path) {
                Some(found) if found.sha256 == file.sha256 => {}
                Some(found) => {
                    let path = device.path.join(&file.path);
                    return Err(FolderFault::Altered { path, named: file.sha256, found: found.sha256 });
                }
                None => missing = Some(device),
            }
        }
        let Some(device) = missing else { return Ok(()) };
        let derived = || ceremony.derived(file).filter(|bytes| Digest::of(bytes) == file.sha256);
        let there = devices.iter().position(|other| other.inventory.files.contains_key(&file.path));
        let source = there.map(Source::Device).or_else(|| derived().map(Source::Bytes)).or_else(|| {
            // It may stand under another name, such as a step's second try that was cut off.
            shelf.bytes(file.sha256).map(|bytes| Source::Bytes(bytes.into_owned()))
        });
        let source = source
            .ok_or_else(|| FolderFault::Lost { path: device.path.join(&file.path), named: file.sha256 })?;
        self.needed.insert(file.path.clone(), source);
        Ok(())
    }

    /// A file that no line binds is set aside.
    fn judge_left(
        &mut self,
        at: usize,
        device: &Device,
        bound: &BTreeMap<&str, &Stored>,
    ) -> Result<(), FolderFault> {
        let mut moves = Vec::new();
        for file in device.inventory.files.values().filter(|file| !bound.contains_key(file.path.as_str())) {
            let kept = [places::torn(file.sha256), places::left(file.sha256)];
            // It could be put aside and never copied: every later step would stop at it.
            if file.bytes > super::file_cap() {
                return Err(FolderFault::Huge { path: device.path.join(&file.path), bytes: file.bytes });
            }
            let [_, left] = &kept;
            let name = if kept.contains(&file.path) { &file.path } else { left };
            if *name != file.path {
                moves.push((file.path.clone(), name.clone()));
            }
            self.keep_left(name, file.bytes, file.sha256, Source::Device(at), bound);
        }
        self.moves.push(moves);
        Ok(())
    }

    /// What a crash left of a line is set aside, unless it is the beginning of a line that the other device has.
    fn judge_torn(&mut self, device: &Device, text: &[u8], bound: &BTreeMap<&str, &Stored>) {
        let Some(own) = &device.inventory.transcript else { return };
        if !text.starts_with(own) {
            let torn = chains::whole(own).1;
            let sha256 = Digest::of(torn);
            let source = Source::Bytes(torn.to_vec());
            self.keep_left(&places::torn(sha256), torn.len() as u64, sha256, source, bound);
        }
    }

    fn keep_left(
        &mut self,
        name: &str,
        bytes: u64,
        sha256: Digest,
        source: Source,
        bound: &BTreeMap<&str, &Stored>,
    ) {
        // The same bytes may have been left before, and be bound there.
        if !bound.contains_key(name) {
            self.left.insert(name.to_owned(), Stored { bytes, path: name.to_owned(), sha256 });
            self.needed.entry(name.to_owned()).or_insert(source);
        }
    }

    /// The files that a line is to bind, sorted by path.
    pub(super) fn left(&self) -> Vec<Stored> {
        self.left.values().cloned().collect()
    }

    /// Puts everything right.
    pub(super) fn made(
        &self,
        devices: Vec<Device>,
        text: &[u8],
    ) -> Result<(Vec<Lock>, Vec<Mended>), FilesFault> {
        let (mut locks, mut owns, mut mended) = (Vec::new(), Vec::new(), Vec::new());
        for device in devices {
            let lock = match device.lock {
                Some(lock) => lock,
                None => {
                    files::create_dir_new(&device.path)?;
                    Lock::take(Folder::open(&device.path)?)?
                }
            };
            locks.push(lock);
            owns.push(device.inventory.transcript);
        }
        let mut told =
            |lock: &Lock, what| mended.push(Mended { folder: lock.folder().path().to_owned(), what });
        for (lock, moves) in locks.iter().zip(&self.moves) {
            for path in lock.sweep(limits::FOLDER.most)? {
                told(lock, Mending::Swept(path));
            }
            for (from, to) in moves {
                lock.put_aside(from, to)?;
                told(lock, Mending::SetAside { from: from.clone(), to: to.clone() });
            }
        }
        for (path, source) in &self.needed {
            let read;
            let bytes = match source {
                Source::Bytes(bytes) => bytes,
                Source::Device(at) => {
                    read = locks[*at].folder().read(path, super::file_cap())?;
                    &read
                }
            };
            for lock in &locks {
                if lock.keep(path, bytes)? == Kept::New {
                    told(lock, Mending::Added(path.clone()));
                }
            }
        }
        for (lock, own) in locks.iter().zip(&owns) {
            for what in transcribed(lock, own.as_deref(), text)? {
                told(lock, what);
            }
        }
        Ok((locks, mended))
    }
}

/// Brings the transcript of a device, which holds `own`, to `text`.
fn transcribed(lock: &Lock, own: Option<&[u8]>, text: &[u8]) -> Result<Vec<Mending>, FilesFault> {
    let Some(mut own) = own else {
        lock.keep(TRANSCRIPT, text)?;
        return Ok(vec![Mending::CaughtUp { lines: chains::lines(text) }]);
    };
    let mut done = Vec::new();
    if !text.starts_with(own) {
        let (whole, torn) = chains::whole(own);
        lock.cut_off(TRANSCRIPT, own, whole.len())?;
        done.push(Mending::CutOff { bytes: torn.len() as u64 });
        own = whole;
    }
    let missing = &text[own.len()..];
    if !missing.is_empty() {
        lock.append(TRANSCRIPT, own, missing)?;
        done.push(Mending::CaughtUp { lines: chains::lines(missing) });
    }
    Ok(done)
}

#[cfg(test)]
mod tests;

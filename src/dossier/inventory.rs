//! What stands in a ceremony's folder, as found: nothing is changed, locked or judged. An auditor's medium may be
//! write-protected.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tuf_ceremony::digest::Digest;
use tuf_ceremony::limits;
use tuf_ceremony::places::{LOCK, ROOMS, TRANSCRIPT, stays_inside};
use tuf_ceremony::transcript::event::Stored;

use super::transcript_cap;
use crate::files::{FilesFault, Folder, Found, Standing};

/// What stands in a folder.
#[derive(Debug, Default)]
pub struct Inventory {
    /// The transcript, with a torn line if it has one.
    pub transcript: Option<Vec<u8>>,
    /// The files in the folders of a ceremony, by path.
    pub files: BTreeMap<String, Stored>,
    /// Everything that has no place in the folder of a ceremony.
    pub strange: Vec<Found>,
    /// Files of a killed or living process that are not in place.
    pub temporary: Vec<PathBuf>,
}

impl Inventory {
    /// Looks through `folder` and hashes each of its files.
    ///
    /// # Errors
    /// `TooMany`, `TooLarge` for the transcript, or as the medium says.
    pub fn of(folder: &Folder) -> Result<Self, FilesFault> {
        let (mut inventory, listed) = Self::at_a_glance(folder)?;
        for path in listed {
            let (sha256, bytes) = folder.digest(&path)?;
            let sha256 = digest(sha256);
            inventory.files.insert(path.clone(), Stored { bytes, path, sha256 });
        }
        if inventory.transcript.is_some() {
            inventory.transcript = Some(folder.read(TRANSCRIPT, transcript_cap())?);
        }
        Ok(inventory)
    }

    /// Without reading any file: the paths of the files stand beside, and an empty transcript stands for one.
    pub(super) fn at_a_glance(folder: &Folder) -> Result<(Self, Vec<String>), FilesFault> {
        let (mut inventory, mut files) = (Self::default(), Vec::new());
        for found in folder.list(limits::FOLDER.most)? {
            match place_of(&found) {
                Place::Transcript => inventory.transcript = Some(Vec::new()),
                Place::File(path) => files.push(path),
                Place::LockOrRoom => {}
                Place::Temporary => inventory.temporary.push(found.path),
                Place::None => inventory.strange.push(found),
            }
        }
        Ok((inventory, files))
    }
}

enum Place {
    Transcript,
    File(String),
    LockOrRoom,
    Temporary,
    None,
}

fn place_of(found: &Found) -> Place {
    let (path, is_file) = (found.path.as_path(), matches!(found.standing, Standing::File { .. }));
    let in_a_room = path.parent().is_some_and(is_room);
    match found.standing {
        Standing::Folder if is_room(path) => Place::LockOrRoom,
        Standing::Temporary { .. } if in_a_room || path.components().count() == 1 => Place::Temporary,
        _ if is_file && path == Path::new(TRANSCRIPT) => Place::Transcript,
        _ if is_file && path == Path::new(LOCK) => Place::LockOrRoom,
        _ => match path.to_str().filter(|path| is_file && in_a_room && stays_inside(path)) {
            Some(path) => Place::File(path.to_owned()),
            None => Place::None,
        },
    }
}

fn is_room(path: &Path) -> bool {
    ROOMS.iter().any(|room| path == Path::new(room))
}

fn digest(bytes: [u8; 32]) -> Digest {
    Digest::from_hex(&hex::encode(bytes)).expect("hex of 32 bytes is a digest")
}

#[cfg(test)]
mod tests;

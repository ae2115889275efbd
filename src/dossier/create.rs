//! A new folder: it must not exist or be empty, but for what an earlier try with the same files left behind.

use std::path::{Path, PathBuf};

use tuf_ceremony::limits;
use tuf_ceremony::places::TRANSCRIPT;

use super::inventory::Inventory;
use super::store::is_one_line;
use super::{Dossier, FolderFault, NewFile, Places, Shelf};
use crate::files::{self, FilesFault, Folder, Found, Lock, Standing};

impl Dossier {
    /// Opens a new ceremony's folder with its first line and the files that it binds, on every device.
    ///
    /// # Errors
    /// [`FolderFault`]; no ceremony was opened, unless the transcript is on the first device already: then loading it
    /// goes on. A folder that could not be finished takes the same files again.
    pub fn create(places: &Places, new: &[NewFile], line: &str) -> Result<Self, FolderFault> {
        if !is_one_line(line) {
            return Err(FolderFault::NotALine);
        }
        for path in places.all() {
            refuse_used(path, new)?;
            refuse_nested(path, places)?;
        }
        let mut devices = Vec::new();
        for path in places.all() {
            files::ensure_dir(path)?;
            devices.push(Folder::open(path)?);
        }
        refuse_one_folder(&devices)?;
        let devices = devices.into_iter().map(Lock::take).collect::<Result<Vec<_>, _>>()?;
        for (path, device) in places.all().zip(&devices) {
            // Somebody may have come between the first look and the lock.
            refuse_used(path, new)?;
            device.sweep(limits::FOLDER.most)?;
            for file in new {
                device.keep(&file.path, &file.bytes)?;
            }
        }
        let shelf = Shelf::default();
        for device in &devices {
            device.keep(TRANSCRIPT, line.as_bytes())?;
            shelf.add(device.folder(), &Inventory::of(device.folder())?);
        }
        Ok(Self { devices, shelf, text: line.as_bytes().to_vec(), stopped: false })
    }
}

fn refuse_used(path: &Path, new: &[NewFile]) -> Result<(), FolderFault> {
    let folder = match Folder::open(path) {
        Err(FilesFault::NotFound { .. }) => return Ok(()),
        other => other?,
    };
    let (glance, paths) = Inventory::at_a_glance(&folder)?;
    let mut found = glance.strange;
    if glance.transcript.is_some() {
        found.push(Found { path: TRANSCRIPT.into(), standing: Standing::File { bytes: 0 } });
    }
    for path in paths {
        let ours = new.iter().find(|file| file.path == path);
        let same = ours.is_some_and(|file| {
            folder.read(&path, file.bytes.len() as u64).is_ok_and(|bytes| bytes == file.bytes)
        });
        if !same {
            found.push(Found { path: path.into(), standing: Standing::File { bytes: 0 } });
        }
    }
    if found.is_empty() { Ok(()) } else { Err(FolderFault::NotEmpty { folder: path.to_owned(), found }) }
}

/// A ceremony's folder holds only what its lines name: a folder inside it would keep that ceremony from going on. One device
/// inside the other is the same.
pub(super) fn refuse_nested(path: &Path, places: &Places) -> Result<(), FolderFault> {
    let above = files::folders_above(path);
    let absolute = |path: &PathBuf| std::path::absolute(path).unwrap_or_else(|_| path.clone());
    let lies = absolute(&path.to_owned());
    let others = places.all().filter(|other| absolute(other) != lies && lies.starts_with(absolute(other)));
    let around = above.iter().filter(|folder| files::is_file(&folder.join(TRANSCRIPT))).chain(others).next();
    match around {
        Some(around) => Err(FolderFault::Nested { folder: path.to_owned(), around: around.clone() }),
        None => Ok(()),
    }
}

/// Two paths to one folder are no two devices.
pub(super) fn refuse_one_folder(devices: &[Folder]) -> Result<(), FolderFault> {
    if let [one, other] = devices
        && one.identity()? == other.identity()?
    {
        return Err(FolderFault::OneFolder {
            folder: one.path().to_owned(),
            mirror: other.path().to_owned(),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests;

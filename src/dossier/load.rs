//! Resuming a ceremony from its folder: everything is looked at and judged first, only then is anything mended.

use std::path::PathBuf;

use tuf_ceremony::materials::Materials;
use tuf_ceremony::paper::PaperDigest;
use tuf_ceremony::transcript::event::Stored;

use super::create::{refuse_nested, refuse_one_folder};
use super::inventory::Inventory;
use super::settle::{Device, Mended, Settlement};
use super::{Dossier, Explains, FolderFault, LoadFault, Places, Shelf, chains};
use crate::files::{FilesFault, Folder, Lock};

/// A ceremony that goes on.
#[derive(Debug)]
pub struct Loaded<C> {
    /// The folder, on every device that was asked for.
    pub dossier: Dossier,
    /// What the engine made of the lines.
    pub ceremony: C,
    /// Files that no line explains, sorted by path: the rest of a step that was cut off. They are on every device; a line
    /// is to bind them where they are.
    pub left: Vec<Stored>,
    /// What was put right.
    pub mended: Vec<Mended>,
    /// How many lines stand behind the known head: somebody went on since, or put them there. None without a head.
    pub behind_head: Option<u64>,
}

impl Dossier {
    /// Loads a ceremony. `resume` is the engine: it reads the lines, one after the other, and asks for files. Of two devices
    /// the one that tells more is believed if it continues the other; a device that is gone or lacks something gets it
    /// from the other. With `head`, a folder that does not hold the line behind which it is the head is refused.
    ///
    /// # Errors
    /// [`LoadFault`]. Nothing was changed, unless the disk failed while something was mended: that can be repeated.
    pub fn load<C: Explains, E>(
        places: &Places,
        head: Option<&PaperDigest>,
        resume: impl FnOnce(&[u8], &dyn Materials) -> Result<C, E>,
    ) -> Result<Loaded<C>, LoadFault<E>> {
        let devices = looked_through(places)?;
        let shelf = Shelf::default();
        for device in &devices {
            if let Some(lock) = &device.lock {
                shelf.add(lock.folder(), &device.inventory);
            }
        }
        let text = told(&devices)?.to_vec();
        let lines = chains::lines(&text);
        let behind_head = match head.map(|head| chains::line_of(head, &text)) {
            None => None,
            Some(Some(line)) => Some(lines - line),
            Some(None) => return Err(FolderFault::Behind { folder: places.folder.clone(), lines }.into()),
        };
        let ceremony = resume(&text, &shelf).map_err(LoadFault::Lines)?;
        let settlement = Settlement::judged(&devices, &text, &ceremony, &shelf)?;
        let (devices, mended) = settlement.made(devices, &text)?;
        let shelf = Shelf::default();
        for device in &devices {
            shelf.add(device.folder(), &Inventory::of(device.folder())?);
        }
        let left = settlement.left();
        let dossier = Self { devices, shelf, text, stopped: false };
        Ok(Loaded { dossier, ceremony, left, mended, behind_head })
    }
}

/// Each device, locked if it is there, with all that it holds.
fn looked_through(places: &Places) -> Result<Vec<Device>, FolderFault> {
    let mut folders: Vec<(PathBuf, Option<Folder>)> = Vec::new();
    let (mut holds_a_ceremony, mut missing, mut strange) = (false, None, Vec::new());
    let mut fresh = Vec::new();
    for path in places.all() {
        match Folder::open(path) {
            Ok(folder) => {
                // Before the lock is taken, so that a wrong path gets no file.
                let (glance, _) = Inventory::at_a_glance(&folder)?;
                strange.push((path, glance.strange));
                if glance.transcript.is_none() {
                    fresh.push(path);
                }
                holds_a_ceremony |= glance.transcript.is_some();
                folders.push((path.clone(), Some(folder)));
            }
            Err(fault @ FilesFault::NotFound { .. }) => {
                missing = Some(fault);
                fresh.push(path);
                folders.push((path.clone(), None));
            }
            Err(fault) => return Err(fault.into()),
        }
    }
    if !holds_a_ceremony {
        let there = folders.into_iter().find(|(_, folder)| folder.is_some());
        return Err(match (there, missing) {
            (None, Some(fault)) => fault.into(),
            (there, _) => {
                FolderFault::NoCeremony { folder: there.map_or_else(PathBuf::new, |(path, _)| path) }
            }
        });
    }
    // Only now: a folder of something else is no ceremony's, whatever it holds.
    strange.into_iter().try_for_each(|(path, found)| refuse_strange(path, found))?;
    fresh.into_iter().try_for_each(|path| refuse_nested(path, places))?;
    refuse_one_folder(&folders.iter().filter_map(|(_, folder)| folder.clone()).collect::<Vec<_>>())?;
    let mut devices = Vec::new();
    for (path, folder) in folders {
        let lock = folder.map(Lock::take).transpose()?;
        devices.push((path, lock));
    }
    devices
        .into_iter()
        .map(|(path, lock)| {
            let inventory = lock.as_ref().map(|lock| Inventory::of(lock.folder())).transpose()?;
            let mut inventory = inventory.unwrap_or_default();
            refuse_strange(&path, std::mem::take(&mut inventory.strange))?;
            Ok(Device { path, lock, inventory })
        })
        .collect()
}

fn refuse_strange(path: &std::path::Path, found: Vec<crate::files::Found>) -> Result<(), FolderFault> {
    if found.is_empty() { Ok(()) } else { Err(FolderFault::Strange { folder: path.to_owned(), found }) }
}

/// What the devices tell: the whole lines of the one that tells more.
fn told(devices: &[Device]) -> Result<&[u8], FolderFault> {
    let mut all = devices.iter().filter_map(|device| {
        device.inventory.transcript.as_deref().map(|text| (device, chains::whole(text).0))
    });
    let no_ceremony = || FolderFault::NoCeremony { folder: devices[0].path.clone() };
    let (first, mut text) = all.next().ok_or_else(no_ceremony)?;
    for (device, other) in all {
        text = chains::longer(text, other).map_err(|line| FolderFault::Fork {
            folder: first.path.clone(),
            mirror: device.path.clone(),
            line,
        })?;
    }
    if text.is_empty() { Err(no_ceremony()) } else { Ok(text) }
}

#[cfg(test)]
mod tests;

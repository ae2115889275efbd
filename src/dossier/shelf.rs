//! The files of a folder by their digest, for the engine: read when asked for, never kept in memory here. The engine hashes
//! what it gets; a file that is gone or altered since is one that nobody keeps.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;

use tuf_ceremony::digest::Digest;
use tuf_ceremony::materials::Materials;

use super::file_cap;
use super::inventory::Inventory;
use crate::files::Folder;

/// The files of a folder, or of the same folder on two devices.
#[derive(Debug, Default)]
pub struct Shelf {
    places: RefCell<BTreeMap<Digest, Vec<(Folder, String)>>>,
}

impl Shelf {
    /// The files of one folder, for reading alone.
    pub fn of(folder: &Folder, inventory: &Inventory) -> Self {
        let shelf = Self::default();
        shelf.add(folder, inventory);
        shelf
    }

    pub(super) fn add(&self, folder: &Folder, inventory: &Inventory) {
        for file in inventory.files.values() {
            self.add_one(folder, &file.path, file.sha256);
        }
    }

    pub(super) fn add_one(&self, folder: &Folder, path: &str, sha256: Digest) {
        self.places.borrow_mut().entry(sha256).or_default().push((folder.clone(), path.to_owned()));
    }
}

impl Materials for Shelf {
    fn kept(&self, sha256: Digest) -> Option<Cow<'_, [u8]>> {
        // Asked with no borrow held: reading takes a while.
        let places = self.places.borrow().get(&sha256)?.clone();
        let read = |(folder, path): &(Folder, String)| folder.read(path, file_cap()).ok();
        places.iter().filter_map(read).find(|bytes| Digest::of(bytes) == sha256).map(Cow::Owned)
    }
}

//! Where modules usually lie: the folders of libraries, whatever the machine's architecture calls them, p11-kit's folder in
//! each, and what makers say of theirs.

use std::path::{Path, PathBuf};

use super::known::KNOWN;
use crate::files::image::Image;

/// Under each of these are folders by architecture, such as `x86_64-linux-gnu`.
const LIBRARIES: [&str; 4] = ["/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/local/lib64"];

/// Folders in a folder of libraries that hold modules.
const INSIDE: [&str; 5] = ["", "pkcs11", "softhsm", "opencryptoki", "nss"];

/// The folders of libraries; those by architecture first, since a distribution that has them uses them.
pub(super) fn library_folders(image: &Image) -> Vec<PathBuf> {
    let mut folders = Vec::new();
    for folder in LIBRARIES.map(Path::new) {
        let names = image.names(folder).unwrap_or_default();
        let by_architecture = names.iter().filter(|name| name.to_string_lossy().contains("-linux-"));
        folders.extend(by_architecture.map(|name| folder.join(name)));
    }
    folders.extend(LIBRARIES.map(PathBuf::from));
    folders
}

/// Every path at which a module may lie.
pub(super) fn candidates(image: &Image, folders: &[PathBuf]) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    for inside in folders.iter().flat_map(|folder| INSIDE.map(|inside| folder.join(inside))) {
        let names = image.names(&inside).unwrap_or_default();
        // Whatever lies in p11-kit's folder is a module; elsewhere a name must be known.
        let all = inside.ends_with("pkcs11");
        let fits = |name: &str| {
            KNOWN.iter().any(|known| known.files.contains(&name)) || all && name.ends_with(".so")
        };
        let found = names.iter().filter(|name| name.to_str().is_some_and(fits));
        paths.extend(found.map(|name| inside.join(name)));
    }
    for known in KNOWN {
        let places = known.folders.iter().map(Path::new);
        paths.extend(places.flat_map(|folder| known.files.iter().map(|file| folder.join(file))));
    }
    paths
}

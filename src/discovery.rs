//! The PKCS#11 modules of a machine, found by their files: as p11-kit's configuration names them (pkcs11.conf(5)), and where
//! they usually lie.
//!
//! Promises: nothing of theirs is loaded or run, nothing is changed; one file under several names is one module; what a
//! configuration says and cannot be followed is told, never dropped. What is found is no better for it: a module is loaded only
//! once a person names it or a profile pins it (MODEL 25).

mod config;
mod known;
mod library;
mod usual;

use std::path::{Path, PathBuf};

use tuf_ceremony::digest::Digest;

use crate::files::image::Image;
use crate::files::{FilesFault, MODULE_FILE};
use config::Configured;
pub use known::{Known, Nature, name_for};
pub use library::Fit;

/// What `enable-in` and `disable-in` call this program.
const PROGRAM: &str = "conclave";

/// What was found on a machine.
#[derive(Debug, Default)]
pub struct Discovery {
    /// The modules, those that are configured first.
    pub found: Vec<Found>,
    /// Modules behind another program, which p11-kit would start. It is never run here.
    pub remote: Vec<Remote>,
    /// Configuration that could not be followed.
    pub unread: Vec<Unread>,
}

/// A module's file.
#[derive(Debug)]
pub struct Found {
    /// Its path, as a profile names it.
    pub path: PathBuf,
    /// Other paths that lead to the same file.
    pub also: Vec<PathBuf>,
    /// Where it was found.
    pub by: Vec<Origin>,
    /// What is known of a module of this name.
    pub known: Option<&'static Known>,
    /// The file itself.
    pub file: Result<ModuleFile, FilesFault>,
}

/// A file that could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModuleFile {
    /// SHA-256 of its bytes, as a profile pins it.
    pub sha256: Digest,
    /// Whether this program could load it, by what its first bytes say.
    pub fit: Fit,
    identity: (u64, u64),
}

/// Where a module was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// In a file of p11-kit's configuration.
    Configured {
        /// The file.
        file: PathBuf,
        /// Whether it is meant for this program: `enable-in` and `disable-in` may say that it is for others only.
        for_us: bool,
    },
    /// In the machine's profile.
    Profile,
    /// In a place where such modules usually lie.
    Usual,
}

/// A module that another program stands for (`remote:`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remote {
    /// The file of the configuration.
    pub file: PathBuf,
    /// What p11-kit would run or connect to; untrusted text.
    pub command: String,
}

/// A file of the configuration that cannot be followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// The file or folder.
    pub file: PathBuf,
    /// Why.
    pub why: String,
}

/// Where the modules of a machine are looked for.
pub struct Search<'s> {
    /// Its files.
    pub image: &'s Image,
    /// The home of the person who asks, whose own configuration counts as well.
    pub home: Option<&'s Path>,
    /// Files that a profile names.
    pub profile: &'s [PathBuf],
}

impl Search<'_> {
    /// Looks.
    #[must_use]
    pub fn look(&self) -> Discovery {
        let mut found = Discovery::default();
        let ours = library::of_this_program(self.image);
        let folders = usual::library_folders(self.image);
        let configured = config::all(self.image, self.home, &mut found.unread);
        for entry in configured {
            match entry.leads_to(self.home) {
                None => {}
                Some(Ok(module)) => {
                    let path = self.absolute(&module, &folders);
                    found.add(self.image, &ours, path, origin(&entry));
                }
                Some(Err(command)) => found.remote.push(Remote { file: entry.file.clone(), command }),
            }
        }
        for path in self.profile {
            found.add(self.image, &ours, path.clone(), Origin::Profile);
        }
        for path in usual::candidates(self.image, &folders) {
            found.add(self.image, &ours, path, Origin::Usual);
        }
        found
    }

    /// p11-kit looks for a relative path in the folder that it was built with; that is one of these.
    fn absolute(&self, module: &Path, folders: &[PathBuf]) -> PathBuf {
        if module.is_absolute() {
            return module.to_owned();
        }
        let mut places = folders.iter().map(|folder| folder.join("pkcs11").join(module));
        let first = places.clone().next().unwrap_or_else(|| Path::new("/usr/lib/pkcs11").join(module));
        places.find(|path| self.image.look(path, MODULE_FILE, 0).is_ok()).unwrap_or(first)
    }
}

fn origin(entry: &Configured) -> Origin {
    Origin::Configured { file: entry.file.clone(), for_us: entry.is_for(PROGRAM) }
}

impl Discovery {
    /// One more path; what is not there is only worth a line where somebody wrote it down.
    fn add(&mut self, image: &Image, ours: &[u8], path: PathBuf, by: Origin) {
        let file = image.look(&path, MODULE_FILE, library::HEAD).map(|look| ModuleFile {
            sha256: Digest::from_bytes(look.sha256),
            fit: Fit::of(&look.head, ours),
            identity: look.identity,
        });
        if by == Origin::Usual && file.as_ref().map_or(true, |file| file.fit == Fit::NoLibrary) {
            return;
        }
        let same = |known: &&mut Found| match (&known.file, &file) {
            (Ok(known), Ok(file)) => known.identity == file.identity,
            _ => known.path == path,
        };
        match self.found.iter_mut().find(same) {
            Some(known) => {
                if known.path != path && !known.also.contains(&path) {
                    known.also.push(path);
                }
                if !known.by.contains(&by) {
                    known.by.push(by);
                }
            }
            None => {
                self.found.push(Found { known: Known::of(&path), path, also: Vec::new(), by: vec![by], file })
            }
        }
    }
}

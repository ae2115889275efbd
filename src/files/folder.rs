//! A ceremony's folder, open for reading: files by their path inside it, and a list of everything that stands there.
//!
//! The way to the folder is a person's and may lead over symbolic links; inside it none is followed, neither in the middle
//! of a path nor at its end. Two levels and no deeper: files, and folders of files. Nothing here changes the disk, so an
//! auditor's write-protected medium serves. Not here: what the files mean.

use std::ffi::OsStr;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::fs::{self as disk, AtFlags, Dir, FileType, Mode, OFlags};
use rustix::io::Errno;
use tuf_ceremony::places::stays_inside;

use super::fault::{Act, FileKind, FilesFault};
use super::place::left_by;
use super::{digest_of, read_open, regular, size_of};

const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);
const FILE: OFlags = OFlags::RDONLY
    .union(OFlags::NONBLOCK)
    .union(OFlags::NOFOLLOW)
    .union(OFlags::NOCTTY)
    .union(OFlags::CLOEXEC);

/// A folder that is open. It stays the same folder if somebody moves another one to its path.
#[derive(Debug, Clone)]
pub struct Folder {
    pub(super) fd: Arc<OwnedFd>,
    path: PathBuf,
}

/// Something in a folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// Its path from the folder.
    pub path: PathBuf,
    /// What it is.
    pub standing: Standing,
}

/// What something in a folder is; a symbolic link is one, whatever it leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// A regular file.
    File {
        /// Its size in bytes.
        bytes: u64,
    },
    /// A regular file under the name that a new file has until it is in place.
    Temporary {
        /// The number of the process that made it.
        process: i32,
    },
    /// A folder. What is in it is in the list too, unless it stands in another folder of the list.
    Folder,
    /// Anything else; it was not opened.
    Other(FileKind),
}

impl Folder {
    /// Opens the folder at `path`.
    ///
    /// # Errors
    /// `NotFound`, `NotAFolder`, or as the system says.
    pub fn open(path: &Path) -> Result<Self, FilesFault> {
        let fd = disk::open(path, FOLDER, Mode::empty())
            .map_err(|errno| FilesFault::of(errno, path, Act::Read))?;
        Ok(Self { fd: Arc::new(fd), path: path.to_owned() })
    }

    /// The path by which it was opened.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The path by which a person finds a file of the folder.
    pub fn path_of(&self, name: impl AsRef<Path>) -> PathBuf {
        self.path.join(name)
    }

    /// Which medium and which folder on it: equal for two paths to the same one.
    ///
    /// # Errors
    /// As the system says.
    pub fn identity(&self) -> Result<(u64, u64), FilesFault> {
        let stat = disk::fstat(&self.fd).map_err(|errno| FilesFault::of(errno, &self.path, Act::Read))?;
        Ok((stat.st_dev, stat.st_ino))
    }

    /// The bytes of the regular file `name`, a path from the folder, at most `cap`.
    ///
    /// # Errors
    /// [`FilesFault`]; nothing was read that could be used.
    pub fn read(&self, name: &str, cap: u64) -> Result<Vec<u8>, FilesFault> {
        read_open(&self.opened(name)?, &self.path_of(name), cap)
    }

    /// The SHA-256 and the length of the regular file `name`, of any size.
    ///
    /// # Errors
    /// [`FilesFault`]; the digest is not known.
    pub fn digest(&self, name: &str) -> Result<([u8; 32], u64), FilesFault> {
        let (path, file) = (self.path_of(name), self.opened(name)?);
        let stat = disk::fstat(&file).map_err(|errno| FilesFault::of(errno, &path, Act::Read))?;
        regular(&stat, &path)?;
        Ok((digest_of(&file.into(), &path)?, size_of(&stat)))
    }

    fn opened(&self, name: &str) -> Result<OwnedFd, FilesFault> {
        let (folder, last) = self.inside(name, Act::Read)?;
        let failed = |errno| FilesFault::of(errno, &self.path_of(name), Act::Read);
        // Asked before opening too, because opening a device can already do something.
        let stat = disk::statat(&folder, last, AtFlags::SYMLINK_NOFOLLOW).map_err(failed)?;
        regular(&stat, &self.path_of(name))?;
        disk::openat(&folder, last, FILE, Mode::empty()).map_err(failed)
    }

    /// The open folder in which `name` lies, and its last part.
    pub(super) fn inside<'n>(&self, name: &'n str, act: Act) -> Result<(Level<'_>, &'n str), FilesFault> {
        let outside = || FilesFault::Outside { path: self.path.clone(), name: name.to_owned() };
        if !stays_inside(name) || left_by(name.as_bytes()).is_some() {
            return Err(outside());
        }
        match name.split_once('/') {
            None => Ok((Level::Top(self.fd.as_fd()), name)),
            Some((folder, last)) if !last.contains('/') => {
                let path = self.path_of(folder);
                let fd = open_inside(&self.fd, OsStr::new(folder))
                    .map_err(|errno| FilesFault::of(errno, &path, act))?;
                Ok((Level::Below(fd), last))
            }
            Some(_) => Err(outside()),
        }
    }

    /// Everything that stands in the folder and in its folders, sorted by path.
    ///
    /// # Errors
    /// `TooMany` when it is more than `most`, otherwise as the system says.
    pub fn list(&self, most: usize) -> Result<Vec<Found>, FilesFault> {
        let mut all = Vec::new();
        self.list_into(&mut all, self.fd.as_fd(), Path::new(""), most)?;
        let folders: Vec<PathBuf> = all
            .iter()
            .filter(|found| found.standing == Standing::Folder)
            .map(|found| found.path.clone())
            .collect();
        for folder in folders {
            let fd = open_inside(&self.fd, folder.as_os_str())
                .map_err(|errno| FilesFault::of(errno, &self.path_of(&folder), Act::Read))?;
            self.list_into(&mut all, fd.as_fd(), &folder, most)?;
        }
        all.sort();
        Ok(all)
    }

    fn list_into(
        &self,
        all: &mut Vec<Found>,
        fd: BorrowedFd<'_>,
        level: &Path,
        most: usize,
    ) -> Result<(), FilesFault> {
        let failed = |errno| FilesFault::of(errno, &self.path_of(level), Act::Read);
        for entry in Dir::read_from(fd).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name().to_bytes();
            if [&b"."[..], b".."].contains(&name) {
                continue;
            }
            let stat = match disk::statat(fd, entry.file_name(), AtFlags::SYMLINK_NOFOLLOW) {
                Err(Errno::NOENT) => continue,
                other => other.map_err(failed)?,
            };
            if all.len() == most {
                return Err(FilesFault::TooMany { path: self.path.clone(), cap: most });
            }
            let standing = match FileKind::other_than_regular(FileType::from_raw_mode(stat.st_mode)) {
                Some(FileKind::Folder) => Standing::Folder,
                Some(other) => Standing::Other(other),
                None => left_by(name).map_or(Standing::File { bytes: size_of(&stat) }, |process| {
                    Standing::Temporary { process }
                }),
            };
            all.push(Found { path: level.join(OsStr::from_bytes(name)), standing });
        }
        Ok(())
    }
}

/// The folder itself, or one of its folders.
pub(super) enum Level<'f> {
    Top(BorrowedFd<'f>),
    Below(OwnedFd),
}

impl AsFd for Level<'_> {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match self {
            Self::Top(fd) => *fd,
            Self::Below(fd) => fd.as_fd(),
        }
    }
}

/// Opens a folder in a folder, unless it is a link.
pub(super) fn open_inside(parent: impl AsFd, name: &OsStr) -> Result<OwnedFd, Errno> {
    match disk::openat(parent, name, FOLDER | OFlags::NOFOLLOW, Mode::empty()) {
        // Where it says this a link stands there.
        Err(Errno::LOOP) => Err(Errno::NOTDIR),
        other => other,
    }
}

#[cfg(test)]
mod tests;

//! What can go wrong between us and a file, as facts; each reads as one sentence that is safe to show.
//!
//! No advice (that is `fault` and `wording`) and no disk.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use rustix::fs::FileType;
use rustix::io::Errno;

use crate::operator::clean::{quoted, quoted_path};
use crate::operator::wording::grouped;

/// What stands where a regular file belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileKind {
    /// A folder.
    Folder,
    /// A symbolic link, where none is followed.
    Symlink,
    /// A named pipe.
    Fifo,
    /// A socket.
    Socket,
    /// A character or block device.
    Device,
    /// Nothing that the system names.
    Unknown,
}

impl FileKind {
    /// What `file_type` is, unless it is a regular file.
    pub(super) fn other_than_regular(file_type: FileType) -> Option<Self> {
        match file_type {
            FileType::RegularFile => None,
            FileType::Directory => Some(Self::Folder),
            FileType::Symlink => Some(Self::Symlink),
            FileType::Fifo => Some(Self::Fifo),
            FileType::Socket => Some(Self::Socket),
            FileType::CharacterDevice | FileType::BlockDevice => Some(Self::Device),
            FileType::Unknown => Some(Self::Unknown),
        }
    }
}

impl fmt::Display for FileKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Folder => "a folder",
            Self::Symlink => "a symbolic link",
            Self::Fifo => "a named pipe",
            Self::Socket => "a socket",
            Self::Device => "a device",
            Self::Unknown => "something unknown",
        })
    }
}

/// What was to be done with the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Reading.
    Read,
    /// Writing, making, renaming, removing.
    Write,
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Read => "read",
            Self::Write => "written",
        })
    }
}

/// Why a file could not be read or written. The path is the one that was asked for; `-` stands for standard input.
#[derive(Debug, thiserror::Error)]
pub enum FilesFault {
    /// Nothing has that name, or its folder does not exist.
    #[error("There is no file or folder {}.", shown(path))]
    NotFound {
        /// What was asked for.
        path: PathBuf,
    },
    /// Something else stands there.
    #[error("{} is {found}, not a regular file.", shown(path))]
    NotRegular {
        /// What was asked for.
        path: PathBuf,
        /// What it is.
        found: FileKind,
    },
    /// A folder was needed: the path itself, or a part of it.
    #[error("{}, or a part of that path, is not a folder.", shown(path))]
    NotAFolder {
        /// What was asked for.
        path: PathBuf,
    },
    /// More than may be read.
    #[error("{} has {} bytes; at most {} are read.", shown(path), at_least(*size, *cap), grouped(*cap))]
    TooLarge {
        /// What was asked for.
        path: PathBuf,
        /// Its size in bytes, where the system tells it beforehand.
        size: Option<u64>,
        /// The cap in bytes.
        cap: u64,
    },
    /// The output is there already; it was left alone.
    #[error("The file {} exists already.", shown(path))]
    Exists {
        /// What was to be made.
        path: PathBuf,
    },
    /// The system forbids it.
    #[error("The system does not allow {} to be {act}.", shown(path))]
    Denied {
        /// What was asked for.
        path: PathBuf,
        /// What was to be done.
        act: Act,
    },
    /// The medium takes no writing.
    #[error("The medium of {} is write-protected.", shown(path))]
    ReadOnly {
        /// What was to be made.
        path: PathBuf,
    },
    /// The medium is full; what had been written of the new file was removed.
    #[error("There is no room for {} on its medium.", shown(path))]
    NoSpace {
        /// What was to be made.
        path: PathBuf,
    },
    /// The file is not the one that was read before, or changed while it was read.
    #[error("The file {} was changed by someone else in the meantime.", shown(path))]
    Changed {
        /// What was asked for.
        path: PathBuf,
    },
    /// Another process of ours is at work there: it replaces the file, or holds the lock of the folder.
    #[error("Another conclave is at work in {}.", shown(path))]
    Busy {
        /// The file or the folder.
        path: PathBuf,
    },
    /// A path that does not stay inside its folder, or goes deeper than files in folders.
    #[error("{} is no place in the folder {}.", quoted(name, 80), shown(path))]
    Outside {
        /// The folder.
        path: PathBuf,
        /// What was asked for in it.
        name: String,
    },
    /// A file with a secret that others than its owner may read or write.
    #[error("{} holds a secret, and others than its owner may open it (mode {mode:o}).", shown(path))]
    NotPrivate {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// A folder with more in it than is looked through.
    #[error("{} holds more than {} files.", shown(path), grouped(u64::try_from(*cap).unwrap_or(u64::MAX)))]
    TooMany {
        /// The folder.
        path: PathBuf,
        /// How many are looked through.
        cap: usize,
    },
    /// What was written reads back differently; the file was removed.
    #[error("{} does not read back as it was written.", shown(path))]
    NotAsWritten {
        /// What was to be made.
        path: PathBuf,
    },
    /// The filesystem can put no file in place without the risk of overwriting another.
    #[error("The filesystem of {} cannot add a file without overwriting.", shown(path))]
    NoSafeRename {
        /// What was to be made.
        path: PathBuf,
    },
    /// The file is in place under its name, but the folder could not be synced: a power cut may undo it.
    #[error("{} is in place, but whether it would outlive a power cut is not known.", shown(path))]
    Unsynced {
        /// What was made.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// Anything else that the system reports.
    #[error("{} could not be {act}.", shown(path))]
    Failed {
        /// What was asked for.
        path: PathBuf,
        /// What was to be done.
        act: Act,
        /// What the system says.
        #[source]
        source: io::Error,
    },
}

impl FilesFault {
    /// The fault that `errno` means for `path`.
    pub(super) fn of(errno: Errno, path: &Path, act: Act) -> Self {
        let path = path.to_owned();
        match errno {
            Errno::NOENT => Self::NotFound { path },
            Errno::NOTDIR => Self::NotAFolder { path },
            Errno::ISDIR => Self::NotRegular { path, found: FileKind::Folder },
            Errno::EXIST => Self::Exists { path },
            Errno::ACCESS | Errno::PERM => Self::Denied { path, act },
            Errno::ROFS => Self::ReadOnly { path },
            Errno::NOSPC | Errno::DQUOT => Self::NoSpace { path },
            other => Self::Failed { path, act, source: other.into() },
        }
    }

    /// The fault that `source` means for `path`.
    pub(super) fn of_io(source: io::Error, path: &Path, act: Act) -> Self {
        match Errno::from_io_error(&source) {
            Some(errno) => Self::of(errno, path, act),
            None => Self::Failed { path: path.to_owned(), act, source },
        }
    }
}

pub(super) fn shown(path: &Path) -> String {
    if path.as_os_str() == "-" { "Standard input".to_owned() } else { quoted_path(path) }
}

fn at_least(size: Option<u64>, cap: u64) -> String {
    size.map_or_else(|| format!("more than {}", grouped(cap)), grouped)
}

//! A name in an open folder, and the way a new file gets there: written under a name of ours, synced, read back, put in
//! place without overwriting, the folder synced. Not here: which paths are followed to reach the folder.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use rustix::fs::{self as disk, Advice, AtFlags, Mode, OFlags, Stat};
use rustix::io::Errno;

use super::fault::{Act, FileKind, FilesFault};
use super::{CHUNK, deed};

/// How many leftovers of killed processes with our number a folder may hold.
const TEMPORARY_NAMES: u32 = 1000;

/// What a new file is called until it is in place: this, the process' number, `-` and a count.
const TEMPORARY: &str = ".conclave-";

/// The number of the process that left a file of this name behind.
pub(super) fn left_by(name: &[u8]) -> Option<i32> {
    let (process, count) = std::str::from_utf8(name).ok()?.strip_prefix(TEMPORARY)?.split_once('-')?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if digits(process) && digits(count) { process.parse().ok() } else { None }
}

/// A folder that is open, and a name in it.
pub(super) struct Place {
    pub(super) folder: OwnedFd,
    pub(super) name: OsString,
    pub(super) path: PathBuf,
}

impl Place {
    /// The place of a path that a person gave: links on the way are followed.
    pub(super) fn of(path: &Path) -> Result<Self, FilesFault> {
        let names_a_folder = path.as_os_str().as_bytes().ends_with(b"/");
        let Some(name) = path.file_name().filter(|_| !names_a_folder) else {
            return Err(FilesFault::NotRegular { path: path.to_owned(), found: FileKind::Folder });
        };
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let parent = parent_of(path);
        let folder = disk::open(parent, flags, Mode::empty())
            .map_err(|errno| FilesFault::of(errno, parent, Act::Write))?;
        Ok(Self { folder, name: name.to_owned(), path: path.to_owned() })
    }

    /// What stands under the name; a symbolic link as itself.
    pub(super) fn standing(&self) -> Result<Stat, Errno> {
        disk::statat(&self.folder, &self.name, AtFlags::SYMLINK_NOFOLLOW)
    }

    pub(super) fn refuse_existing(&self) -> Result<(), FilesFault> {
        match self.standing() {
            Err(Errno::NOENT) => Ok(()),
            Ok(_) => Err(FilesFault::Exists { path: self.path.clone() }),
            Err(errno) => Err(self.failed(errno)),
        }
    }

    pub(super) fn failed(&self, errno: Errno) -> FilesFault {
        FilesFault::of(errno, &self.path, Act::Write)
    }

    pub(super) fn sync(&self) -> Result<(), FilesFault> {
        sync_folder(&self.folder, &self.path)
    }

    /// Puts a new file with these bytes here.
    pub(super) fn put(&self, bytes: &[u8]) -> Result<(), FilesFault> {
        self.put_with(bytes, Mode::from_raw_mode(0o666))
    }

    /// As [`Place::put`], with these permission bits, of which the umask takes some away.
    pub(super) fn put_with(&self, bytes: &[u8], mode: Mode) -> Result<(), FilesFault> {
        self.refuse_existing()?;
        Temporary::written(self, bytes, mode)?.put_in_place()?;
        self.sync()
    }
}

/// A new file under a name of ours, removed again unless it is put in place.
pub(super) struct Temporary<'p> {
    place: &'p Place,
    pub(super) name: String,
    pub(super) file: File,
    stays: bool,
}

impl<'p> Temporary<'p> {
    pub(super) fn written(place: &'p Place, bytes: &[u8], mode: Mode) -> Result<Self, FilesFault> {
        let new = Self::opened(place, mode)?;
        deed::write(&new.file, bytes).map_err(|errno| place.failed(errno))?;
        deed::sync(&new.file).map_err(|errno| place.failed(errno))?;
        // Best effort: lets the reading back come from the medium and not from memory.
        let _ = disk::fadvise(&new.file, 0, None, Advice::DontNeed);
        if holds(&new.file, bytes).map_err(|errno| place.failed(errno))? {
            Ok(new)
        } else {
            Err(FilesFault::NotAsWritten { path: place.path.clone() })
        }
    }

    pub(super) fn opened(place: &'p Place, mode: Mode) -> Result<Self, FilesFault> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        for _ in 0..TEMPORARY_NAMES {
            let count = NEXT.fetch_add(1, Ordering::Relaxed);
            let name = format!("{TEMPORARY}{}-{count}", std::process::id());
            match deed::create(&place.folder, &name, mode) {
                Ok(file) => return Ok(Self { place, name, file: file.into(), stays: false }),
                Err(Errno::EXIST) => {}
                Err(errno) => return Err(place.failed(errno)),
            }
        }
        Err(place.failed(Errno::EXIST))
    }

    /// The file is under its own name.
    pub(super) fn in_place(mut self) {
        self.stays = true;
    }

    /// Gives the file its own name, which must be new.
    pub(super) fn put_in_place(self) -> Result<(), FilesFault> {
        let Place { folder, name, .. } = self.place;
        match deed::rename_new(folder, &self.name, folder, name) {
            Ok(()) => {
                self.in_place();
                Ok(())
            }
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => self.link_into_place(),
            Err(errno) => Err(self.place.failed(errno)),
        }
    }

    /// For filesystems without a rename that refuses to overwrite: a second name, which must be new, then without the
    /// first one. FAT over FUSE has neither and is refused.
    fn link_into_place(self) -> Result<(), FilesFault> {
        let Place { folder, name, path } = self.place;
        match deed::link(folder, &self.name, folder, name) {
            // Dropping self takes the first name away.
            Ok(()) => Ok(()),
            Err(Errno::PERM | Errno::NOSYS | Errno::NOTSUP) => {
                Err(FilesFault::NoSafeRename { path: path.clone() })
            }
            Err(errno) => Err(self.place.failed(errno)),
        }
    }
}

impl Drop for Temporary<'_> {
    fn drop(&mut self) {
        if !self.stays {
            // Nothing better can be done about a leftover than to leave it.
            let _ = deed::unlink(&self.place.folder, &self.name);
        }
    }
}

/// Whether the file holds these bytes and no more.
pub(super) fn holds(file: &File, bytes: &[u8]) -> Result<bool, Errno> {
    let of_io = |source: std::io::Error| Errno::from_io_error(&source).unwrap_or(Errno::IO);
    let mut buffer = vec![0; CHUNK];
    let mut offset = 0;
    for expected in bytes.chunks(CHUNK) {
        let found = &mut buffer[..expected.len()];
        match file.read_exact_at(found, offset) {
            Err(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(false),
            other => other.map_err(of_io)?,
        }
        if found != expected {
            return Ok(false);
        }
        offset = offset.saturating_add(u64::try_from(expected.len()).unwrap_or(u64::MAX));
    }
    Ok(file.metadata().map_err(of_io)?.len() == offset)
}

pub(super) fn parent_of(path: &Path) -> &Path {
    path.parent().filter(|parent| parent.as_os_str() != OsStr::new("")).unwrap_or_else(|| Path::new("."))
}

pub(super) fn sync_folder(folder: impl AsFd, made: &Path) -> Result<(), FilesFault> {
    deed::sync_folder(folder)
        .map_err(|errno| FilesFault::Unsynced { path: made.to_owned(), source: errno.into() })
}

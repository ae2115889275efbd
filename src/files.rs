//! The only file that touches the disk.
//!
//! Reading: one bounded read of a regular file into one vector of exactly its size. Named pipes, devices, sockets and
//! folders are refused without waiting on them; a file that changes meanwhile is noticed. Paths come from the operator's
//! command line, so a symbolic link is followed, to a regular file or not at all.
//!
//! Writing: a temporary file in the same folder, written, synced, read back and compared, then put in place without
//! overwriting anything, and the folder synced. A failure leaves nothing behind; a killed process leaves at most a file
//! named `.conclave-PID-N`, never half a file under the name asked for. [`replace`] is the one exception to "never
//! overwrite": it demands the digest of what it replaces.
//!
//! Deliberately not here: what the bytes mean, which names are good (`name`), advice (`fault`), the time.

mod fault;
pub mod name;
pub mod tree;

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{Read, Write as _};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use rustix::buffer::spare_capacity;
use rustix::fs::{
    self as disk, Advice, AtFlags, CWD, FileType, FlockOperation, Mode, OFlags, RenameFlags, Stat,
};
use rustix::io::{Errno, read, retry_on_intr};
use sha2::{Digest, Sha256};

pub use fault::{Act, FileKind, FilesFault};

/// How much is compared or hashed at a time, in bytes.
const CHUNK: usize = 64 * 1024;

/// How many leftovers of killed processes with our number a folder may hold.
const TEMPORARY_NAMES: u32 = 1000;

/// The bytes of a regular file of at most `cap` bytes.
///
/// # Errors
/// [`FilesFault`]; nothing was read that could be used. `Changed` is worth another try.
pub fn read_capped(path: &Path, cap: u64) -> Result<Vec<u8>, FilesFault> {
    let failed = |errno| FilesFault::of(errno, path, Act::Read);
    // Asked before opening too, because opening a device can already do something.
    regular(&disk::stat(path).map_err(failed)?, path)?;
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let file = disk::open(path, flags, Mode::empty()).map_err(failed)?;
    let before = disk::fstat(&file).map_err(failed)?;
    regular(&before, path)?;
    let size = size_of(&before);
    let too_large = || FilesFault::TooLarge { path: path.to_owned(), size: Some(size), cap };
    if size > cap {
        return Err(too_large());
    }
    let length = usize::try_from(size).map_err(|_| too_large())?;
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(length).map_err(|_| failed(Errno::NOMEM))?;
    while bytes.len() < length {
        if retry_on_intr(|| read(&file, spare_capacity(&mut bytes))).map_err(failed)? == 0 {
            break;
        }
    }
    let beyond = retry_on_intr(|| read(&file, &mut [0_u8; 1])).map_err(failed)?;
    let after = disk::fstat(&file).map_err(failed)?;
    if bytes.len() == length && beyond == 0 && written_at(&before) == written_at(&after) {
        Ok(bytes)
    } else {
        Err(FilesFault::Changed { path: path.to_owned() })
    }
}

/// All of standard input, at most `cap` bytes. It may be a pipe or a terminal: the reader asked for it with `-`.
///
/// # Errors
/// `TooLarge` as soon as one byte more has come, `Failed` as the system says.
pub fn read_stdin_capped(cap: u64) -> Result<Vec<u8>, FilesFault> {
    read_stream_capped(std::io::stdin().lock(), cap)
}

fn read_stream_capped(stream: impl Read, cap: u64) -> Result<Vec<u8>, FilesFault> {
    let path = Path::new("-");
    let mut bytes = Vec::new();
    let room = cap.saturating_add(1);
    stream.take(room).read_to_end(&mut bytes).map_err(|source| FilesFault::of_io(source, path, Act::Read))?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length <= cap) {
        Ok(bytes)
    } else {
        Err(FilesFault::TooLarge { path: path.to_owned(), size: None, cap })
    }
}

/// Makes the file `path` with `bytes`, readable as the umask says. When this returns, the bytes are on the medium.
///
/// # Errors
/// `Exists` when anything has that name, even a broken link; it is left alone. `Unsynced` when the file is in place and
/// only the last sync of the folder failed. Otherwise as the medium says, and nothing is left behind.
pub fn create_new(path: &Path, bytes: &[u8]) -> Result<(), FilesFault> {
    let place = Place::of(path)?;
    place.refuse_existing()?;
    let new = Temporary::written(&place, bytes, Mode::from_raw_mode(0o666))?;
    match disk::renameat_with(&place.folder, &new.name, &place.folder, &place.name, RenameFlags::NOREPLACE) {
        Ok(()) => new.in_place(),
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => new.link_into_place()?,
        Err(errno) => return Err(place.failed(errno)),
    }
    place.sync()
}

/// Refuses a name that is taken, so that a command with several outputs can look before it writes the first.
///
/// # Errors
/// [`FilesFault::Exists`], or why the folder cannot be looked into.
pub fn refuse_existing(path: &Path) -> Result<(), FilesFault> {
    Place::of(path)?.refuse_existing()
}

/// Replaces the file `path`, whose bytes have the SHA-256 `expected_old`, by `bytes`: a reader sees the old file or the
/// new one, never a part. The permission bits stay; owner and times are the writer's. A lock on the old file keeps two
/// of us from replacing it at once; a foreign writer is noticed up to the moment before the rename.
///
/// # Errors
/// `Changed` when the file is not the expected one any more, `Busy` when another conclave holds it, `NotRegular` for a
/// symbolic link (the link would be replaced, not the file). The old file stands in every case but `Unsynced`.
pub fn replace(path: &Path, expected_old: [u8; 32], bytes: &[u8]) -> Result<(), FilesFault> {
    Held::of(path)?.replaced_by(bytes, expected_old)
}

/// Makes the folder `path`, which must not exist, inside one that does.
///
/// # Errors
/// `Exists` when anything has that name, otherwise as the medium says.
pub fn create_dir_new(path: &Path) -> Result<(), FilesFault> {
    let failed = |errno| FilesFault::of(errno, path, Act::Write);
    disk::mkdirat(CWD, path, Mode::from_raw_mode(0o777)).map_err(failed)?;
    let parent =
        disk::open(parent_of(path), OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty());
    sync_folder(parent.map_err(failed)?, path)
}

/// Makes the folder `path` unless it exists.
///
/// # Errors
/// `NotAFolder` when something else has that name, otherwise as the medium says.
pub fn ensure_dir(path: &Path) -> Result<(), FilesFault> {
    match create_dir_new(path) {
        Err(FilesFault::Exists { .. }) => match disk::stat(path) {
            Ok(stat) if FileType::from_raw_mode(stat.st_mode) == FileType::Directory => Ok(()),
            Ok(_) => Err(FilesFault::NotAFolder { path: path.to_owned() }),
            Err(errno) => Err(FilesFault::of(errno, path, Act::Write)),
        },
        other => other,
    }
}

/// A folder that is open, and a name in it.
struct Place {
    folder: OwnedFd,
    name: OsString,
    path: PathBuf,
}

impl Place {
    fn of(path: &Path) -> Result<Self, FilesFault> {
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
    fn standing(&self) -> Result<Stat, Errno> {
        disk::statat(&self.folder, &self.name, AtFlags::SYMLINK_NOFOLLOW)
    }

    fn refuse_existing(&self) -> Result<(), FilesFault> {
        match self.standing() {
            Err(Errno::NOENT) => Ok(()),
            Ok(_) => Err(FilesFault::Exists { path: self.path.clone() }),
            Err(errno) => Err(self.failed(errno)),
        }
    }

    fn failed(&self, errno: Errno) -> FilesFault {
        FilesFault::of(errno, &self.path, Act::Write)
    }

    fn failed_io(&self, source: std::io::Error) -> FilesFault {
        FilesFault::of_io(source, &self.path, Act::Write)
    }

    fn sync(&self) -> Result<(), FilesFault> {
        sync_folder(&self.folder, &self.path)
    }
}

/// A regular file that is to be replaced: open, and locked against others of us until this is dropped.
struct Held {
    place: Place,
    old: File,
    stat: Stat,
}

impl Held {
    fn of(path: &Path) -> Result<Self, FilesFault> {
        let place = Place::of(path)?;
        let failed = |errno| place.failed(errno);
        regular(&place.standing().map_err(failed)?, path)?;
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::NOCTTY | OFlags::CLOEXEC;
        let old = disk::openat(&place.folder, &place.name, flags, Mode::empty()).map_err(failed)?;
        let stat = disk::fstat(&old).map_err(failed)?;
        regular(&stat, path)?;
        match disk::flock(&old, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Self { place, old: old.into(), stat }),
            Err(Errno::WOULDBLOCK) => Err(FilesFault::Busy { path: path.to_owned() }),
            Err(errno) => Err(failed(errno)),
        }
    }

    fn replaced_by(self, bytes: &[u8], expected_old: [u8; 32]) -> Result<(), FilesFault> {
        let Self { place, old, stat } = self;
        let mode = Mode::from_raw_mode(stat.st_mode) & (Mode::RWXU | Mode::RWXG | Mode::RWXO);
        let new = Temporary::written(&place, bytes, mode)?;
        // The umask may have taken bits away.
        disk::fchmod(&new.file, mode).map_err(|errno| place.failed(errno))?;
        // Judged last, so that the time in which a foreign writer goes unnoticed is the shortest.
        let still_there =
            place.standing().is_ok_and(|now| (now.st_dev, now.st_ino) == (stat.st_dev, stat.st_ino));
        if !still_there || digest_of(&old, &place.path)? != expected_old {
            return Err(FilesFault::Changed { path: place.path.clone() });
        }
        disk::renameat(&place.folder, &new.name, &place.folder, &place.name)
            .map_err(|errno| place.failed(errno))?;
        new.in_place();
        place.sync()
    }
}

/// A new file under a name of ours, removed again unless it is put in place.
struct Temporary<'p> {
    place: &'p Place,
    name: String,
    file: File,
    stays: bool,
}

impl<'p> Temporary<'p> {
    fn written(place: &'p Place, bytes: &[u8], mode: Mode) -> Result<Self, FilesFault> {
        let mut new = Self::opened(place, mode)?;
        new.file.write_all(bytes).map_err(|e| place.failed_io(e))?;
        new.file.sync_all().map_err(|e| place.failed_io(e))?;
        // Best effort: lets the reading back come from the medium and not from memory.
        let _ = disk::fadvise(&new.file, 0, None, Advice::DontNeed);
        if new.reads_back_as(bytes)? {
            Ok(new)
        } else {
            Err(FilesFault::NotAsWritten { path: place.path.clone() })
        }
    }

    fn opened(place: &'p Place, mode: Mode) -> Result<Self, FilesFault> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        for _ in 0..TEMPORARY_NAMES {
            let name = format!(".conclave-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
            match disk::openat(&place.folder, &name, flags, mode) {
                Ok(file) => return Ok(Self { place, name, file: file.into(), stays: false }),
                Err(Errno::EXIST) => {}
                Err(errno) => return Err(place.failed(errno)),
            }
        }
        Err(place.failed(Errno::EXIST))
    }

    fn reads_back_as(&self, bytes: &[u8]) -> Result<bool, FilesFault> {
        let failed = |e| self.place.failed_io(e);
        let mut buffer = vec![0; CHUNK];
        let mut offset = 0;
        for expected in bytes.chunks(CHUNK) {
            let found = &mut buffer[..expected.len()];
            match self.file.read_exact_at(found, offset) {
                Err(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(false),
                other => other.map_err(failed)?,
            }
            if found != expected {
                return Ok(false);
            }
            offset = offset.saturating_add(u64::try_from(expected.len()).unwrap_or(u64::MAX));
        }
        Ok(self.file.metadata().map_err(failed)?.len() == offset)
    }

    fn in_place(mut self) {
        self.stays = true;
    }

    /// For filesystems without a rename that refuses to overwrite: a second name, which must be new, then without the
    /// first one. FAT over FUSE has neither and is refused.
    fn link_into_place(self) -> Result<(), FilesFault> {
        let Place { folder, name, path } = self.place;
        match disk::linkat(folder, &self.name, folder, name, AtFlags::empty()) {
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
            let _ = disk::unlinkat(&self.place.folder, &self.name, AtFlags::empty());
        }
    }
}

fn regular(stat: &Stat, path: &Path) -> Result<(), FilesFault> {
    match FileKind::other_than_regular(FileType::from_raw_mode(stat.st_mode)) {
        None => Ok(()),
        Some(found) => Err(FilesFault::NotRegular { path: path.to_owned(), found }),
    }
}

fn size_of(stat: &Stat) -> u64 {
    u64::try_from(stat.st_size).unwrap_or(0)
}

fn written_at(stat: &Stat) -> (u64, i128, i128) {
    (size_of(stat), i128::from(stat.st_mtime), i128::from(stat.st_mtime_nsec))
}

fn digest_of(mut file: &File, path: &Path) -> Result<[u8; 32], FilesFault> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; CHUNK];
    loop {
        match file.read(&mut buffer).map_err(|source| FilesFault::of_io(source, path, Act::Read))? {
            0 => return Ok(hasher.finalize().into()),
            length => hasher.update(&buffer[..length]),
        }
    }
}

fn parent_of(path: &Path) -> &Path {
    path.parent().filter(|parent| parent.as_os_str() != OsStr::new("")).unwrap_or_else(|| Path::new("."))
}

/// Some network and FUSE filesystems cannot sync a folder and say so with EINVAL; they order names themselves.
fn sync_folder(folder: impl AsFd, made: &Path) -> Result<(), FilesFault> {
    match disk::fsync(folder) {
        Ok(()) | Err(Errno::INVAL | Errno::NOTSUP) => Ok(()),
        Err(errno) => Err(FilesFault::Unsynced { path: made.to_owned(), source: errno.into() }),
    }
}

#[cfg(test)]
mod tests;

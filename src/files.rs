//! The only room that touches the disk: this file for paths that a person gives, [`Folder`] and [`Lock`] for a ceremony's
//! folder, `deed` for every change.
//!
//! Reading: one bounded read of a regular file into one vector of exactly its size. Named pipes, devices, sockets and
//! folders are refused without waiting on them; a file that changes meanwhile is noticed. Paths come from the operator's
//! command line, so a symbolic link is followed, to a regular file or not at all; inside a ceremony's folder none is.
//!
//! Writing: a temporary file in the same folder, written, synced, read back and compared, then put in place without
//! overwriting anything, and the folder synced. A failure leaves nothing behind; a killed process leaves at most a file
//! named `.conclave-PID-N`, never half a file under the name asked for. [`replace`] demands the digest
//! of what it replaces, and [`Lock::append`] the bytes that it appends to.
//!
//! Deliberately not here: what the bytes mean, which names are good (`name`), advice (`fault`), the time.

mod deed;
mod fault;
mod folder;
pub mod image;
pub mod kernel;
mod lock;
pub mod media;
pub mod name;
mod place;
pub mod tree;

use std::fs::File;
use std::io::Read;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use rustix::buffer::spare_capacity;
use rustix::fs::{self as disk, CWD, FileType, FlockOperation, Mode, OFlags, Stat};
use rustix::io::{Errno, read, retry_on_intr};
use sha2::{Digest, Sha256};

#[cfg(test)]
pub(crate) use deed::faults;
pub use fault::{Act, FileKind, FilesFault};
pub use folder::{Folder, Found, Standing};
pub use lock::{Kept, Lock};

use place::{Place, Temporary, parent_of, sync_folder};

/// How much is compared or hashed at a time, in bytes.
const CHUNK: usize = 64 * 1024;

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
    read_open(&file, path, cap)
}

/// The bytes of an open file, if it is regular and has at most `cap`.
fn read_open(file: &OwnedFd, path: &Path, cap: u64) -> Result<Vec<u8>, FilesFault> {
    let failed = |errno| FilesFault::of(errno, path, Act::Read);
    let before = disk::fstat(file).map_err(failed)?;
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
        if retry_on_intr(|| read(file, spare_capacity(&mut bytes))).map_err(failed)? == 0 {
            break;
        }
    }
    let beyond = retry_on_intr(|| read(file, &mut [0_u8; 1])).map_err(failed)?;
    let after = disk::fstat(file).map_err(failed)?;
    if bytes.len() == length && beyond == 0 && written_at(&before) == written_at(&after) {
        Ok(bytes)
    } else {
        Err(FilesFault::Changed { path: path.to_owned() })
    }
}

/// Reads a file that holds a secret, and that its owner alone may open, straight to where `place` says: it is given the length and
/// a reader that fills a buffer once, so that no copy stays here.
///
/// # Errors
/// `NotPrivate` where anybody else may open it; otherwise as [`read_capped`]. `place` says what it takes.
pub fn read_secret<T>(
    path: &Path,
    cap: u64,
    place: impl FnOnce(usize, &mut dyn FnMut(&mut [u8]) -> std::io::Result<()>) -> std::io::Result<T>,
) -> Result<T, FilesFault> {
    let failed = |errno| FilesFault::of(errno, path, Act::Read);
    regular(&disk::stat(path).map_err(failed)?, path)?;
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let file = disk::open(path, flags, Mode::empty()).map_err(failed)?;
    let stat = disk::fstat(&file).map_err(failed)?;
    regular(&stat, path)?;
    let mode = stat.st_mode & 0o7777;
    if mode & 0o077 != 0 {
        return Err(FilesFault::NotPrivate { path: path.to_owned(), mode });
    }
    let size = size_of(&stat);
    let length = usize::try_from(size).ok().filter(|_| size <= cap);
    let length =
        length.ok_or_else(|| FilesFault::TooLarge { path: path.to_owned(), size: Some(size), cap })?;
    let mut file = File::from(file);
    place(length, &mut |buffer| file.read_exact(buffer))
        .map_err(|source| FilesFault::of_io(source, path, Act::Read))
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

/// What another program left at the open descriptor `number` of ours, into `take` piece by piece until it ends. It may be a
/// pipe: whoever started us put it there.
///
/// # Errors
/// As the system says, or what `take` reports.
pub fn read_descriptor<T>(
    number: u32,
    take: impl FnOnce(&mut dyn FnMut(&mut [u8]) -> std::io::Result<usize>) -> std::io::Result<T>,
) -> std::io::Result<T> {
    let path = format!("/proc/self/fd/{number}");
    let flags = OFlags::RDONLY | OFlags::NOCTTY | OFlags::CLOEXEC;
    let file = disk::open(path.as_str(), flags, Mode::empty())?;
    take(&mut |room| Ok(retry_on_intr(|| read(&file, &mut *room))?))
}

/// Makes the file `path` with `bytes`, for its owner alone (0600). When this returns, the bytes are on the medium.
///
/// # Errors
/// As [`create_new`].
pub fn create_new_private(path: &Path, bytes: &[u8]) -> Result<(), FilesFault> {
    Place::of(path)?.put_with(bytes, Mode::RUSR | Mode::WUSR)
}

/// Makes the file `path` with `bytes`, readable as the umask says. When this returns, the bytes are on the medium.
///
/// # Errors
/// `Exists` when anything has that name, even a broken link; it is left alone. `Unsynced` when the file is in place and
/// only the last sync of the folder failed. Otherwise as the medium says, and nothing is left behind.
pub fn create_new(path: &Path, bytes: &[u8]) -> Result<(), FilesFault> {
    Place::of(path)?.put(bytes)
}

/// Most bytes of a PKCS#11 module's file.
pub const MODULE_FILE: u64 = 256 << 20;

/// Whether nothing has this name; what cannot be looked at is not said to be missing.
#[must_use]
pub fn is_missing(path: &Path) -> bool {
    std::fs::metadata(path).is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound)
}

/// Whether a regular file, or a link to one, has this name.
#[must_use]
pub fn is_file(path: &Path) -> bool {
    path.is_file()
}

/// Refuses a name that is taken, so that a command with several outputs can look before it writes the first.
///
/// # Errors
/// [`FilesFault::Exists`], or why the folder cannot be looked into.
pub fn refuse_existing(path: &Path) -> Result<(), FilesFault> {
    Place::of(path)?.refuse_existing()
}

/// The folders in which `path` lies or would lie, the nearest first, by where links lead. What is not there yet lies where
/// its nearest folder does.
#[must_use]
pub fn folders_above(path: &Path) -> Vec<PathBuf> {
    let Ok(path) = std::path::absolute(path) else { return Vec::new() };
    let mut above = path.ancestors().skip(1);
    let found = above.find_map(|folder| folder.canonicalize().ok());
    found.iter().flat_map(|folder| folder.ancestors()).map(Path::to_owned).collect()
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
    deed::make_folder(CWD, path).map_err(failed)?;
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
        deed::set_mode(&new.file, mode).map_err(|errno| place.failed(errno))?;
        // Judged last, so that the time in which a foreign writer goes unnoticed is the shortest.
        let still_there =
            place.standing().is_ok_and(|now| (now.st_dev, now.st_ino) == (stat.st_dev, stat.st_ino));
        if !still_there || digest_of(&old, &place.path)? != expected_old {
            return Err(FilesFault::Changed { path: place.path.clone() });
        }
        deed::rename_over(&place.folder, &new.name, &place.name).map_err(|errno| place.failed(errno))?;
        new.in_place();
        place.sync()
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

#[cfg(test)]
mod tests;

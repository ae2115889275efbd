//! Every change of the disk, one function each, and one door through which all of them pass.
//!
//! The door is where the tests of this crate stand: they make the n-th change fail, do half of it, or kill the process
//! before or after it (`faults`, which exists in tests only). In the product the door is open and nothing is asked.
//! Not here: what a change is for, and what its failure means.

use std::os::fd::{AsFd, OwnedFd};

use rustix::fs::{self as disk, AtFlags, Mode, OFlags, RenameFlags};
use rustix::io::{Errno, retry_on_intr};

#[cfg(test)]
pub(crate) mod faults;

/// The kinds of changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deed {
    /// A file is made.
    Create,
    /// Bytes are written at a file's end.
    Write,
    /// A file is synced.
    Sync,
    /// A folder is synced.
    SyncFolder,
    /// A file gets another name.
    Rename,
    /// A file gets a second name.
    Link,
    /// A name is removed.
    Unlink,
    /// A folder is made.
    MakeFolder,
    /// A file is cut off.
    Cut,
    /// A file's mode is set.
    SetMode,
}

#[cfg(test)]
fn door<T>(deed: Deed, act: impl FnOnce() -> Result<T, Errno>) -> Result<T, Errno> {
    faults::around(deed, act)
}

#[cfg(not(test))]
fn door<T>(_: Deed, act: impl FnOnce() -> Result<T, Errno>) -> Result<T, Errno> {
    act()
}

/// Makes the file `name`, which must be new, open for reading and writing.
pub(super) fn create(folder: impl AsFd, name: &str, mode: Mode) -> Result<OwnedFd, Errno> {
    let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    door(Deed::Create, || disk::openat(folder, name, flags, mode))
}

/// Opens the file `name` for reading and writing, and makes it where it is not there.
pub(super) fn open_or_create(folder: impl AsFd, name: &str, mode: Mode) -> Result<OwnedFd, Errno> {
    let flags = OFlags::RDWR | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    match disk::openat(&folder, name, flags, Mode::empty()) {
        Err(Errno::NOENT) => door(Deed::Create, || disk::openat(folder, name, flags | OFlags::CREATE, mode)),
        other => other,
    }
}

/// Writes all the bytes where the file stands.
pub(super) fn write(file: impl AsFd, bytes: &[u8]) -> Result<(), Errno> {
    #[cfg(test)]
    if let Some(answer) = faults::half(bytes, |half| write_all(&file, half)) {
        return answer;
    }
    door(Deed::Write, || write_all(&file, bytes))
}

fn write_all(file: impl AsFd, mut bytes: &[u8]) -> Result<(), Errno> {
    while !bytes.is_empty() {
        match retry_on_intr(|| rustix::io::write(&file, bytes))? {
            0 => return Err(Errno::IO),
            written => bytes = &bytes[written..],
        }
    }
    Ok(())
}

/// What was written is on the medium when this returns.
pub(super) fn sync(file: impl AsFd) -> Result<(), Errno> {
    door(Deed::Sync, || retry_on_intr(|| disk::fsync(&file)))
}

/// The folder's names are on the medium when this returns. Some network and FUSE filesystems cannot do it and say so with
/// EINVAL; they order names themselves.
pub(super) fn sync_folder(folder: impl AsFd) -> Result<(), Errno> {
    match door(Deed::SyncFolder, || retry_on_intr(|| disk::fsync(&folder))) {
        Err(Errno::INVAL | Errno::NOTSUP) => Ok(()),
        other => other,
    }
}

/// Gives a file another name, which must be new.
pub(super) fn rename_new(
    from: impl AsFd,
    old: impl rustix::path::Arg,
    to: impl AsFd,
    new: impl rustix::path::Arg,
) -> Result<(), Errno> {
    door(Deed::Rename, || disk::renameat_with(from, old, to, new, RenameFlags::NOREPLACE))
}

/// Gives a file another name in its folder, and takes it away from whatever has it.
pub(super) fn rename_over(
    folder: impl AsFd,
    old: impl rustix::path::Arg,
    new: impl rustix::path::Arg,
) -> Result<(), Errno> {
    door(Deed::Rename, || disk::renameat(&folder, old, &folder, new))
}

/// Gives a file a second name, which must be new.
pub(super) fn link(
    from: impl AsFd,
    old: impl rustix::path::Arg,
    to: impl AsFd,
    new: impl rustix::path::Arg,
) -> Result<(), Errno> {
    door(Deed::Link, || disk::linkat(from, old, to, new, AtFlags::empty()))
}

/// Removes a name that is not a folder's.
pub(super) fn unlink(folder: impl AsFd, name: impl rustix::path::Arg) -> Result<(), Errno> {
    door(Deed::Unlink, || disk::unlinkat(folder, name, AtFlags::empty()))
}

/// Makes a folder, which must be new.
pub(super) fn make_folder(parent: impl AsFd, name: impl rustix::path::Arg) -> Result<(), Errno> {
    door(Deed::MakeFolder, || disk::mkdirat(parent, name, Mode::from_raw_mode(0o777)))
}

/// Cuts a file off at `length` bytes.
pub(super) fn cut(file: impl AsFd, length: u64) -> Result<(), Errno> {
    door(Deed::Cut, || disk::ftruncate(file, length))
}

/// Sets a file's mode, whatever the umask says.
pub(super) fn set_mode(file: impl AsFd, mode: Mode) -> Result<(), Errno> {
    door(Deed::SetMode, || disk::fchmod(file, mode))
}

//! The right to change a ceremony's folder: whoever holds the [`Lock`] is the only conclave in it. The system takes it back
//! when the process ends, however it ends; the file `lock` stays and says nothing.
//!
//! Through it files are added and never changed, but for the one that only grows ([`Lock::append`]) and loses what a crash
//! left half written ([`Lock::cut_off`]). Every function can be repeated after it was stopped anywhere. Links are not
//! followed inside the folder. Not here: which files belong there.

use std::fs::File;
use std::os::fd::{AsFd, OwnedFd};
use std::path::PathBuf;

use rustix::fs::{self as disk, AtFlags, FlockOperation, Mode, OFlags, SeekFrom};
use rustix::io::Errno;
use rustix::process::{Pid, test_kill_process};
use tuf_ceremony::places::LOCK;

use super::fault::{Act, FilesFault};
use super::folder::{Folder, Level, Standing, open_inside};
use super::place::{Place, holds, sync_folder};
use super::{deed, regular};

/// A folder that nobody else of us changes meanwhile.
#[derive(Debug)]
pub struct Lock {
    folder: Folder,
    held: OwnedFd,
}

/// How a file came to stand where it should.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// It was made.
    New,
    /// It was there with the same bytes, from a step that was cut off.
    Adopted,
}

impl Lock {
    /// Takes the lock of `folder`, and makes its file where there is none.
    ///
    /// # Errors
    /// `Busy` names the folder in which another conclave is at work; otherwise as the medium says. Nothing was changed.
    pub fn take(folder: Folder) -> Result<Self, FilesFault> {
        let path = folder.path_of(LOCK);
        let failed = |errno| FilesFault::of(errno, &path, Act::Write);
        // Asked before opening, because opening a device can already do something; and a link is told as one.
        match disk::statat(&folder.fd, LOCK, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => regular(&stat, &path)?,
            Err(Errno::NOENT) => {}
            Err(errno) => return Err(failed(errno)),
        }
        let held = deed::open_or_create(&folder.fd, LOCK, Mode::from_raw_mode(0o666)).map_err(failed)?;
        regular(&disk::fstat(&held).map_err(failed)?, &path)?;
        match disk::flock(&held, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(Errno::WOULDBLOCK) => return Err(FilesFault::Busy { path: folder.path().to_owned() }),
            Err(errno) => return Err(failed(errno)),
        }
        let lock = Self { folder, held };
        lock.still_held()?;
        Ok(lock)
    }

    /// The folder, for reading.
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// Somebody who removes the file of the lock lets a second conclave in; noticed before each step.
    fn still_held(&self) -> Result<(), FilesFault> {
        let own = disk::fstat(&self.held).map(|stat| (stat.st_dev, stat.st_ino));
        let there = disk::statat(&self.folder.fd, LOCK, AtFlags::SYMLINK_NOFOLLOW)
            .map(|stat| (stat.st_dev, stat.st_ino));
        if own.is_ok() && own == there {
            Ok(())
        } else {
            Err(FilesFault::Changed { path: self.folder.path_of(LOCK) })
        }
    }

    /// Makes the file `name` with `bytes`, and the folder that it stands in. Bytes that are there already are adopted.
    /// When this returns they are on the medium.
    ///
    /// # Errors
    /// `Exists` when something else has that name; it is left alone. Otherwise as the medium says; to be repeated.
    pub fn keep(&self, name: &str, bytes: &[u8]) -> Result<Kept, FilesFault> {
        self.still_held()?;
        self.ensure_folder_of(name)?;
        let place = self.place(name)?;
        match place.standing() {
            Err(Errno::NOENT) => place.put(bytes).map(|()| Kept::New),
            Err(errno) => Err(place.failed(errno)),
            Ok(stat) => {
                regular(&stat, &place.path).map_err(|_| FilesFault::Exists { path: place.path.clone() })?;
                let file = self.opened(name, OFlags::RDONLY)?;
                if !holds(&file, bytes).map_err(|errno| place.failed(errno))? {
                    return Err(FilesFault::Exists { path: place.path });
                }
                // Whoever made it may have been killed before the medium had it.
                deed::sync(&file).map_err(|errno| place.failed(errno))?;
                place.sync().map(|()| Kept::Adopted)
            }
        }
    }

    /// Appends `line` to the file `name`, which must hold exactly `before`. When this returns it is on the medium.
    ///
    /// # Errors
    /// `Changed` when the file holds something else; it is left alone. Otherwise as the medium says: the line is taken
    /// back as far as the medium lets that happen, and whether it stands is known after the next look.
    pub fn append(&self, name: &str, before: &[u8], line: &[u8]) -> Result<(), FilesFault> {
        let file = self.opened_as(name, before, OFlags::RDWR | OFlags::APPEND)?;
        let path = self.folder.path_of(name);
        let length = length_of(before);
        let appended = deed::write(&file, line)
            .and_then(|()| deed::sync(&file))
            .and_then(|()| ends_with(&file, length, line))
            .map_err(|errno| FilesFault::of(errno, &path, Act::Write));
        match appended {
            Ok(true) => return Ok(()),
            Ok(false) => {}
            Err(fault) => {
                let _ = deed::cut(&file, length).and_then(|()| deed::sync(&file));
                return Err(fault);
            }
        }
        let _ = deed::cut(&file, length).and_then(|()| deed::sync(&file));
        Err(FilesFault::NotAsWritten { path })
    }

    /// Cuts the file `name`, which must hold exactly `before`, off at `length` bytes.
    ///
    /// # Errors
    /// `Changed` when the file holds something else; otherwise as the medium says; to be repeated.
    pub fn cut_off(&self, name: &str, before: &[u8], length: usize) -> Result<(), FilesFault> {
        let kept = before.get(..length).map_or(length_of(before), length_of);
        let file = self.opened_as(name, before, OFlags::RDWR)?;
        deed::cut(&file, kept)
            .and_then(|()| deed::sync(&file))
            .map_err(|errno| FilesFault::of(errno, &self.folder.path_of(name), Act::Write))
    }

    /// Gives the regular file `from` the name `to`. Where `to` is there already, `from` must be the same bytes, and goes.
    ///
    /// # Errors
    /// `Exists` when something else is called `to`; otherwise as the medium says; to be repeated.
    pub fn put_aside(&self, from: &str, to: &str) -> Result<(), FilesFault> {
        self.still_held()?;
        let digest = self.folder.digest(from)?;
        self.ensure_folder_of(to)?;
        let (old, new) = (self.place(from)?, self.place(to)?);
        match new.standing() {
            Ok(_) if self.folder.digest(to)? == digest => {
                deed::unlink(&old.folder, &old.name).map_err(|errno| old.failed(errno))?;
            }
            Ok(_) => return Err(FilesFault::Exists { path: new.path }),
            Err(Errno::NOENT) => {
                match deed::rename_new(&old.folder, &old.name, &new.folder, &new.name) {
                    Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {
                        deed::link(&old.folder, &old.name, &new.folder, &new.name)
                            .and_then(|()| new_name_first(&new, &old))
                    }
                    other => other,
                }
                .map_err(|errno| new.failed(errno))?;
            }
            Err(errno) => return Err(new.failed(errno)),
        }
        new.sync()?;
        old.sync()
    }

    /// Removes what killed processes left under names of ours; nothing was promised of it.
    ///
    /// # Errors
    /// As [`Folder::list`], or as the medium says; to be repeated.
    pub fn sweep(&self, most: usize) -> Result<Vec<PathBuf>, FilesFault> {
        self.still_held()?;
        let mut swept = Vec::new();
        for found in self.folder.list(most)? {
            let Standing::Temporary { process } = found.standing else { continue };
            if lives(process) {
                continue;
            }
            let path = self.folder.path_of(&found.path);
            let failed = |errno| FilesFault::of(errno, &path, Act::Write);
            let level = match found.path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
                None => Level::Top(self.folder.fd.as_fd()),
                Some(parent) => {
                    Level::Below(open_inside(&self.folder.fd, parent.as_os_str()).map_err(failed)?)
                }
            };
            deed::unlink(&level, found.path.file_name().unwrap_or_default()).map_err(failed)?;
            swept.push(found.path);
        }
        Ok(swept)
    }

    fn ensure_folder_of(&self, name: &str) -> Result<(), FilesFault> {
        let Some((folder, _)) = name.split_once('/') else { return Ok(()) };
        let path = self.folder.path_of(folder);
        match self.folder.inside(name, Act::Write) {
            Err(FilesFault::NotFound { .. }) => {}
            // It may have been made just before a kill.
            other => return other.and_then(|_| sync_folder(&self.folder.fd, &path)),
        }
        deed::make_folder(&self.folder.fd, folder)
            .map_err(|errno| FilesFault::of(errno, &path, Act::Write))?;
        sync_folder(&self.folder.fd, &path)
    }

    fn place(&self, name: &str) -> Result<Place, FilesFault> {
        let path = self.folder.path_of(name);
        let (level, last) = self.folder.inside(name, Act::Write)?;
        let folder = match level {
            Level::Below(fd) => fd,
            Level::Top(fd) => {
                fd.try_clone_to_owned().map_err(|source| FilesFault::of_io(source, &path, Act::Write))?
            }
        };
        Ok(Place { folder, name: last.into(), path })
    }

    fn opened(&self, name: &str, how: OFlags) -> Result<File, FilesFault> {
        let (level, last) = self.folder.inside(name, Act::Write)?;
        let path = self.folder.path_of(name);
        let failed = |errno| FilesFault::of(errno, &path, Act::Write);
        let flags = how | OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::NOCTTY | OFlags::CLOEXEC;
        regular(&disk::statat(&level, last, AtFlags::SYMLINK_NOFOLLOW).map_err(failed)?, &path)?;
        let file = disk::openat(&level, last, flags, Mode::empty()).map_err(failed)?;
        regular(&disk::fstat(&file).map_err(failed)?, &path)?;
        Ok(file.into())
    }

    fn opened_as(&self, name: &str, before: &[u8], how: OFlags) -> Result<File, FilesFault> {
        self.still_held()?;
        let file = self.opened(name, how)?;
        let path = self.folder.path_of(name);
        match holds(&file, before) {
            Ok(true) => Ok(file),
            Ok(false) => Err(FilesFault::Changed { path }),
            Err(errno) => Err(FilesFault::of(errno, &path, Act::Read)),
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Said aloud, because a child that is just being started still shares the open file.
        let _ = disk::flock(&self.held, FlockOperation::Unlock);
    }
}

/// The old name goes once the medium has the new one.
fn new_name_first(new: &Place, old: &Place) -> Result<(), Errno> {
    deed::sync_folder(&new.folder)?;
    deed::unlink(&old.folder, &old.name)
}

fn ends_with(file: &File, at: u64, line: &[u8]) -> Result<bool, Errno> {
    let mut found = vec![0; line.len() + 1];
    disk::seek(file, SeekFrom::Start(at))?;
    let mut length = 0;
    loop {
        match rustix::io::retry_on_intr(|| rustix::io::read(file, &mut found[length..]))? {
            0 => return Ok(&found[..length] == line),
            more => length += more,
        }
    }
}

fn length_of(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

/// Whether somebody else's process has this number. Our own has nothing in flight while it sweeps.
fn lives(process: i32) -> bool {
    let own = i32::try_from(std::process::id()).is_ok_and(|own| own == process);
    !own && Pid::from_raw(process).is_some_and(|pid| test_kill_process(pid) != Err(Errno::SRCH))
}

#[cfg(test)]
mod tests;

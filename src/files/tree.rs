//! The files of a folder and of all folders in it, and what they hash to: what a release adds to targets. Nothing is followed
//! out of it: a symbolic link, a device or a pipe in it refuses the whole.

use std::ffi::OsStr;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{self as disk, AtFlags, Dir, FileType, Mode, OFlags};

use super::fault::{Act, FileKind, FilesFault};
use super::{digest_of, regular, size_of};

/// Folders in folders.
const DEPTH: usize = 64;

/// Length and SHA-256 of a file that was read whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hashed {
    /// Its length in bytes.
    pub bytes: u64,
    /// SHA-256 of its bytes.
    pub sha256: [u8; 32],
}

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
}

/// Whether `path` is a file or a folder; a symbolic link is neither.
///
/// # Errors
/// `NotFound`, `NotRegular` for anything else, or as the system says.
pub fn kind(path: &Path) -> Result<Kind, FilesFault> {
    let stat = disk::lstat(path).map_err(|errno| FilesFault::of(errno, path, Act::Read))?;
    match FileType::from_raw_mode(stat.st_mode) {
        FileType::Directory => Ok(Kind::Folder),
        other => match FileKind::other_than_regular(other) {
            None => Ok(Kind::File),
            Some(found) => Err(FilesFault::NotRegular { path: path.to_owned(), found }),
        },
    }
}

/// Reads a regular file of any size and hashes it.
///
/// # Errors
/// `Changed` when somebody wrote to it meanwhile, otherwise as the system says.
pub fn hashed(path: &Path) -> Result<Hashed, FilesFault> {
    let failed = |errno| FilesFault::of(errno, path, Act::Read);
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::NOCTTY | OFlags::CLOEXEC;
    regular(&disk::lstat(path).map_err(failed)?, path)?;
    let file = disk::open(path, flags, Mode::empty()).map_err(failed)?;
    let before = disk::fstat(&file).map_err(failed)?;
    regular(&before, path)?;
    let file = std::fs::File::from(file);
    let sha256 = digest_of(&file, path)?;
    let after = disk::fstat(&file).map_err(failed)?;
    if super::written_at(&before) == super::written_at(&after) {
        Ok(Hashed { bytes: size_of(&before), sha256 })
    } else {
        Err(FilesFault::Changed { path: path.to_owned() })
    }
}

/// Every file under `folder`, by its path from there with `/`, sorted.
///
/// # Errors
/// `NotRegular` for anything that is neither a file nor a folder, `TooMany` past `most`, otherwise as the system says.
pub fn files_under(folder: &Path, most: usize) -> Result<Vec<PathBuf>, FilesFault> {
    let mut found = Vec::new();
    walk(folder, Path::new(""), most, &mut found)?;
    found.sort();
    Ok(found)
}

fn walk(folder: &Path, below: &Path, most: usize, found: &mut Vec<PathBuf>) -> Result<(), FilesFault> {
    let here = folder.join(below);
    let failed = |errno| FilesFault::of(errno, &here, Act::Read);
    if below.components().count() > DEPTH {
        return Err(FilesFault::TooMany { path: here, cap: DEPTH });
    }
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let open: OwnedFd = disk::open(&here, flags, Mode::empty()).map_err(failed)?;
    for entry in Dir::read_from(&open).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name().to_bytes();
        if name == b"." || name == b".." {
            continue;
        }
        let inside = below.join(OsStr::from_bytes(name));
        let stat = disk::statat(&open, entry.file_name(), AtFlags::SYMLINK_NOFOLLOW).map_err(failed)?;
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::Directory => walk(folder, &inside, most, found)?,
            _ => {
                regular(&stat, &folder.join(&inside))?;
                found.push(inside);
            }
        }
        if found.len() > most {
            return Err(FilesFault::TooMany { path: folder.to_owned(), cap: most });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_a_tree_is_listed_and_hashed_and_a_link_refuses_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::create_dir_all(path("b/c")).unwrap();
        std::fs::write(path("b/c/z"), "abc").unwrap();
        std::fs::write(path("a"), "").unwrap();
        let found = files_under(folder.path(), 2).unwrap();
        assert_eq!(found, [PathBuf::from("a"), PathBuf::from("b/c/z")]);
        let abc = hashed(&path("b/c/z")).unwrap();
        assert_eq!((abc.bytes, abc.sha256[0]), (3, 0xba));
        assert_eq!((kind(&path("a")).unwrap(), kind(&path("b")).unwrap()), (Kind::File, Kind::Folder));
        assert!(matches!(files_under(folder.path(), 1), Err(FilesFault::TooMany { .. })));
        std::os::unix::fs::symlink("/etc/passwd", path("b/link")).unwrap();
        assert!(matches!(files_under(folder.path(), 9), Err(FilesFault::NotRegular { .. })));
        assert!(kind(&path("b/link")).is_err() && hashed(&path("b/link")).is_err());
    }
}

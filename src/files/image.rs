//! A machine's files for whoever looks for something on it: those of this machine, or of another one's system under a folder,
//! such as a boot image that is mounted. There, links lead where they would lead on that machine, and never out of it.
//!
//! For looking only; what the files mean is for others.

use std::ffi::{OsStr, OsString};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{self as disk, CWD, Dir, Mode, OFlags, ResolveFlags};
use rustix::io::Errno;

use super::fault::{Act, FilesFault};
use super::{digest_of, read_open, regular, size_of, written_at};

/// Most names of one folder that are looked at; a folder of libraries has some thousands.
const NAMES: usize = 65_536;

/// Where paths begin.
#[derive(Debug)]
pub struct Image {
    /// The folder that stands for `/`; none for this machine itself.
    root: Option<(OwnedFd, PathBuf)>,
}

/// A regular file, as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// Which file it is, whatever leads to it: device and number.
    pub identity: (u64, u64),
    /// SHA-256 of its bytes.
    pub sha256: [u8; 32],
    /// Its first bytes, at most as many as were asked for.
    pub head: Vec<u8>,
}

impl Image {
    /// This machine.
    #[must_use]
    pub fn ours() -> Image {
        Image { root: None }
    }

    /// The system under `folder`.
    ///
    /// # Errors
    /// `NotFound`, `NotAFolder`, or as the system says.
    pub fn under(folder: &Path) -> Result<Image, FilesFault> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let root = disk::open(folder, flags, Mode::empty());
        let root = root.map_err(|errno| FilesFault::of(errno, folder, Act::Read))?;
        Ok(Image { root: Some((root, folder.to_owned())) })
    }

    /// Whether it is this machine's.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        self.root.is_none()
    }

    /// The names in a folder, sorted, without the two dots.
    ///
    /// # Errors
    /// `NotFound`, `TooMany`, or as the system says.
    pub fn names(&self, folder: &Path) -> Result<Vec<OsString>, FilesFault> {
        let failed = |errno| FilesFault::of(errno, folder, Act::Read);
        let open = self.open(folder, OFlags::DIRECTORY).map_err(failed)?;
        let mut names = Vec::new();
        for entry in Dir::read_from(&open).map_err(failed)? {
            let name = OsStr::from_bytes(entry.map_err(failed)?.file_name().to_bytes()).to_owned();
            if name != "." && name != ".." {
                names.push(name);
            }
            if names.len() > NAMES {
                return Err(FilesFault::TooMany { path: folder.to_owned(), cap: NAMES });
            }
        }
        names.sort();
        Ok(names)
    }

    /// The bytes of a regular file of at most `cap` bytes.
    ///
    /// # Errors
    /// As [`super::read_capped`].
    pub fn read(&self, path: &Path, cap: u64) -> Result<Vec<u8>, FilesFault> {
        let file = self.file(path)?;
        read_open(&file, path, cap)
    }

    /// Hashes a regular file of at most `cap` bytes, and gives the first `head` of them.
    ///
    /// # Errors
    /// As [`super::read_capped`].
    pub fn look(&self, path: &Path, cap: u64, head: usize) -> Result<Look, FilesFault> {
        let failed = |errno| FilesFault::of(errno, path, Act::Read);
        let file = self.file(path)?;
        let before = disk::fstat(&file).map_err(failed)?;
        regular(&before, path)?;
        if size_of(&before) > cap {
            return Err(FilesFault::TooLarge { path: path.to_owned(), size: Some(size_of(&before)), cap });
        }
        let mut first = vec![0; head];
        let got = rustix::io::pread(&file, &mut first, 0).map_err(failed)?;
        first.truncate(got);
        let file = std::fs::File::from(file);
        let sha256 = digest_of(&file, path)?;
        if written_at(&before) != written_at(&disk::fstat(&file).map_err(failed)?) {
            return Err(FilesFault::Changed { path: path.to_owned() });
        }
        Ok(Look { identity: (before.st_dev, before.st_ino), sha256, head: first })
    }

    fn file(&self, path: &Path) -> Result<OwnedFd, FilesFault> {
        let failed = |errno| FilesFault::of(errno, path, Act::Read);
        // Asked before it is opened, because opening a device can already do something.
        let seen = self.open(path, OFlags::PATH).map_err(failed)?;
        regular(&disk::fstat(&seen).map_err(failed)?, path)?;
        self.open(path, OFlags::NONBLOCK | OFlags::NOCTTY).map_err(failed)
    }

    fn open(&self, path: &Path, more: OFlags) -> Result<OwnedFd, Errno> {
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | more;
        match &self.root {
            None => disk::openat(CWD, path, flags, Mode::empty()),
            Some((root, _)) => {
                let inside = ResolveFlags::IN_ROOT | ResolveFlags::NO_MAGICLINKS;
                disk::openat2(root, path, flags, Mode::empty(), inside)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn links_lead_where_they_would_on_that_machine_and_never_out_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir_all(at("usr/lib")).unwrap();
        std::fs::create_dir_all(at("etc")).unwrap();
        std::fs::write(at("usr/lib/real.so"), "theirs").unwrap();
        symlink("/usr/lib/real.so", at("usr/lib/absolute.so")).unwrap();
        symlink("../../../../../../../../etc/hostname", at("usr/lib/out.so")).unwrap();
        let image = Image::under(folder.path()).unwrap();
        let real = image.look(Path::new("/usr/lib/real.so"), 100, 4).unwrap();
        assert_eq!(real.head, b"thei");
        assert_eq!(image.look(Path::new("/usr/lib/absolute.so"), 100, 4).unwrap(), real);
        assert!(matches!(image.read(Path::new("/usr/lib/out.so"), 100), Err(FilesFault::NotFound { .. })));
        std::fs::write(at("etc/hostname"), "inside").unwrap();
        assert_eq!(image.read(Path::new("/usr/lib/out.so"), 100).unwrap(), b"inside");
        assert_eq!(image.names(Path::new("/usr/lib")).unwrap(), ["absolute.so", "out.so", "real.so"]);
        assert!(image.look(Path::new("/usr/lib/real.so"), 5, 4).is_err(), "past the cap");
        assert!(image.read(Path::new("/usr/lib"), 100).is_err() && image.names(Path::new("/no")).is_err());
        assert!(!image.is_ours() && Image::under(&at("no")).is_err());
    }

    #[test]
    fn this_machine_is_read_by_its_own_paths_and_devices_are_not_opened() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, "abc").unwrap();
        let ours = Image::ours();
        let look = ours.look(&path, 3, 20).unwrap();
        assert_eq!((look.head.as_slice(), look.sha256[0]), (b"abc".as_slice(), 0xba));
        assert!(matches!(ours.look(Path::new("/dev/null"), 3, 1), Err(FilesFault::NotRegular { .. })));
    }
}

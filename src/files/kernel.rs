//! What the kernel says of this machine: short texts and folders of names under `/proc` and `/sys`, which have no length, and where its
//! links lead. Nothing there is believed further than it is shown, and what is not told is not there.

use std::path::{Path, PathBuf};

use rustix::buffer::spare_capacity;
use rustix::fs::{self as disk, Dir, FileType, Mode, OFlags};
use rustix::io::{read, retry_on_intr};

/// Most names of one folder; a machine has fewer processes.
const NAMES: usize = 65_536;

/// The kernel's files, under a root that tests put another in the place of.
#[derive(Debug, Clone)]
pub struct Kernel {
    root: PathBuf,
}

impl Kernel {
    /// Of this machine.
    #[must_use]
    pub fn here() -> Kernel {
        Kernel::under(Path::new("/"))
    }

    /// Of files under another root.
    #[must_use]
    pub fn under(root: &Path) -> Kernel {
        Kernel { root: root.to_owned() }
    }

    /// A text, without the blanks at its end, and no more than `cap` bytes of it; none where it cannot be read.
    #[must_use]
    pub fn says(&self, path: &str, cap: usize) -> Option<String> {
        let flags = OFlags::RDONLY | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = disk::open(self.root.join(path), flags, Mode::empty()).ok()?;
        let mut bytes = Vec::with_capacity(cap);
        while bytes.len() < cap && retry_on_intr(|| read(&file, spare_capacity(&mut bytes))).ok()? > 0 {}
        bytes.truncate(cap);
        Some(String::from_utf8_lossy(&bytes).trim_end().to_owned())
    }

    /// The names in a folder, in order; none where it cannot be read.
    #[must_use]
    pub fn names(&self, path: &str) -> Vec<String> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let Ok(folder) = disk::open(self.root.join(path), flags, Mode::empty()) else { return Vec::new() };
        let Ok(entries) = Dir::read_from(&folder) else { return Vec::new() };
        let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
        let mut names: Vec<String> = names.filter(|name| name != "." && name != "..").take(NAMES).collect();
        names.sort();
        names
    }

    /// Whether there is a socket; none where there is nothing.
    #[must_use]
    pub fn is_socket(&self, path: &Path) -> Option<bool> {
        let path = path.strip_prefix("/").unwrap_or(path);
        let stat = disk::stat(self.root.join(path)).ok()?;
        Some(FileType::from_raw_mode(stat.st_mode) == FileType::Socket)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_length_is_read_as_far_as_the_cap() {
        let ours = format!("proc/{}/comm", std::process::id());
        assert!(!Kernel::here().says(&ours, 100).unwrap().is_empty());
        assert_eq!(Kernel::here().says(&ours, 1).unwrap().len(), 1);
        assert_eq!(Kernel::here().says("proc/no/such/file", 1), None);
    }

    #[test]
    fn names_are_listed_and_what_is_not_there_is_not_there() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b", "a"] {
            std::fs::write(folder.path().join(name), "x\n").unwrap();
        }
        let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("s")).unwrap();
        let kernel = Kernel::under(folder.path());
        assert_eq!(kernel.names(""), ["a", "b", "s"]);
        assert_eq!(kernel.names("a"), [""; 0]);
        assert_eq!(kernel.says("a", 10).as_deref(), Some("x"));
        let is_socket = |path: &str| kernel.is_socket(Path::new(path));
        assert_eq!((is_socket("/s"), is_socket("/a"), is_socket("/no")), (Some(true), Some(false), None));
    }
}

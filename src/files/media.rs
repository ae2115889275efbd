//! What is asked of a medium before anybody relies on it: how much room it has, which one it is, and whether it gives back what is
//! written. Nothing is left behind.

use std::path::Path;

use rustix::fs::{self as disk, Mode, OFlags, StatVfsMountFlags};

use super::fault::{Act, FilesFault};
use super::place::{Place, Temporary};

/// A medium, as a folder on it shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Medium {
    /// Bytes that we may still write.
    pub free: u64,
    /// Which it is: equal for two folders on the same one.
    pub device: u64,
    /// Whether nothing can be written.
    pub read_only: bool,
}

/// The medium on which this folder lies.
///
/// # Errors
/// As the system says, `NotFound` among it.
pub fn medium(folder: &Path) -> Result<Medium, FilesFault> {
    let failed = |errno| FilesFault::of(errno, folder, Act::Read);
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let open = disk::open(folder, flags, Mode::empty()).map_err(failed)?;
    let (stat, room) = (disk::fstat(&open).map_err(failed)?, disk::fstatvfs(&open).map_err(failed)?);
    Ok(Medium {
        free: room.f_bavail.saturating_mul(room.f_frsize),
        device: stat.st_dev,
        read_only: room.f_flag.contains(StatVfsMountFlags::RDONLY),
    })
}

/// Writes these bytes to a file of ours in the folder, syncs it, reads it back, compares, and removes it.
///
/// # Errors
/// `NotAsWritten` when the medium gives back something else, otherwise as it says.
pub fn try_out(folder: &Path, bytes: &[u8]) -> Result<(), FilesFault> {
    let place = Place::of(&folder.join("conclave-doctor"))?;
    drop(Temporary::written(&place, bytes, Mode::RUSR | Mode::WUSR)?);
    place.sync()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_medium_that_is_tried_out_is_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        try_out(folder.path(), b"conclave").unwrap();
        let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(left.len(), 0);
        let found = medium(folder.path()).unwrap();
        assert!(found.free > 0 && !found.read_only);
        std::fs::create_dir(folder.path().join("inside")).unwrap();
        assert_eq!(medium(&folder.path().join("inside")).unwrap().device, found.device);
    }

    #[test]
    fn a_medium_that_cannot_be_written_or_is_not_there_says_so() {
        assert!(try_out(Path::new("/proc"), b"x").is_err());
        assert!(matches!(medium(Path::new("/no/such/folder")), Err(FilesFault::NotFound { .. })));
        assert_ne!(medium(Path::new("/proc")).unwrap().device, medium(Path::new("/")).unwrap().device);
    }
}

//! A folder full of good and bad things, looked into.

use std::fs;
use std::os::unix::fs::symlink;

use rustix::fs::CWD;

use super::*;

fn folder() -> (tempfile::TempDir, Folder) {
    let temp = tempfile::tempdir().unwrap();
    let folder = Folder::open(temp.path()).unwrap();
    (temp, folder)
}

fn fifo(path: &Path) {
    disk::mknodat(CWD, path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
}

#[test]
fn everything_is_listed_as_what_it_is_and_nothing_is_followed() {
    let (temp, folder) = folder();
    let at = |name: &str| temp.path().join(name);
    fs::create_dir_all(at("plan/deep/deeper")).unwrap();
    fs::write(at("plan/0.plan.toml"), "abc").unwrap();
    fs::write(at("plan/deep/hidden"), "x").unwrap();
    fs::write(at("plan/.conclave-12-3"), "x").unwrap();
    fs::write(at(".conclave-x-3"), "").unwrap();
    symlink("/", at("root")).unwrap();
    fifo(&at("pipe"));
    let found: Vec<(String, Standing)> = folder
        .list(100)
        .unwrap()
        .into_iter()
        .map(|found| (found.path.to_str().unwrap().to_owned(), found.standing))
        .collect();
    let expected = [
        (".conclave-x-3", Standing::File { bytes: 0 }),
        ("pipe", Standing::Other(FileKind::Fifo)),
        ("plan", Standing::Folder),
        ("plan/.conclave-12-3", Standing::Temporary { process: 12 }),
        ("plan/0.plan.toml", Standing::File { bytes: 3 }),
        ("plan/deep", Standing::Folder),
        ("root", Standing::Other(FileKind::Symlink)),
    ];
    assert_eq!(found, expected.map(|(path, standing)| (path.to_owned(), standing)));
}

#[test]
fn a_folder_with_more_than_is_looked_through_is_refused() {
    let (temp, folder) = folder();
    fs::create_dir(temp.path().join("plan")).unwrap();
    (0..9).for_each(|n| fs::write(temp.path().join(format!("plan/{n}")), "").unwrap());
    assert_eq!(folder.list(10).unwrap().len(), 10);
    assert!(matches!(folder.list(9), Err(FilesFault::TooMany { cap: 9, .. })));
}

#[test]
fn a_file_is_read_and_hashed_by_its_path_from_the_folder() {
    let (temp, folder) = folder();
    fs::create_dir(temp.path().join("plan")).unwrap();
    fs::write(temp.path().join("plan/a"), "abc").unwrap();
    assert_eq!(folder.read("plan/a", 3).unwrap(), b"abc");
    assert!(matches!(folder.read("plan/a", 2), Err(FilesFault::TooLarge { .. })));
    let (digest, length) = folder.digest("plan/a").unwrap();
    assert_eq!((hex::encode(digest), length), (tuf_ceremony::digest::Digest::of(b"abc").to_string(), 3));
    assert!(matches!(folder.read("plan/b", 3), Err(FilesFault::NotFound { .. })));
    assert!(matches!(folder.read("plan", 3), Err(FilesFault::NotRegular { found: FileKind::Folder, .. })));
}

#[test]
fn no_link_is_followed_at_the_end_or_in_the_middle_of_a_path() {
    let (temp, folder) = folder();
    fs::create_dir(temp.path().join("elsewhere")).unwrap();
    fs::write(temp.path().join("elsewhere/a"), "secret").unwrap();
    symlink("elsewhere", temp.path().join("plan")).unwrap();
    symlink("elsewhere/a", temp.path().join("a")).unwrap();
    assert!(matches!(folder.read("plan/a", 9), Err(FilesFault::NotAFolder { .. })));
    let fault = folder.read("a", 9).unwrap_err();
    assert!(matches!(fault, FilesFault::NotRegular { found: FileKind::Symlink, .. }));
}

#[test]
fn a_pipe_and_a_device_are_refused_without_waiting() {
    let (temp, folder) = folder();
    fifo(&temp.path().join("pipe"));
    assert!(matches!(folder.read("pipe", 9), Err(FilesFault::NotRegular { found: FileKind::Fifo, .. })));
    let dev = Folder::open(Path::new("/dev")).unwrap();
    assert!(matches!(dev.read("zero", 9), Err(FilesFault::NotRegular { found: FileKind::Device, .. })));
    assert!(matches!(dev.digest("zero"), Err(FilesFault::NotRegular { .. })));
}

#[test]
fn a_path_that_leaves_the_folder_goes_deeper_or_is_a_temporary_one_is_no_place() {
    let (_temp, folder) = folder();
    for name in ["../a", "/etc/passwd", "a/b/c", "", "a//b", ".conclave-1-1", "a/../../b", "a\0b"] {
        assert!(matches!(folder.read(name, 9), Err(FilesFault::Outside { .. })), "{name}");
    }
}

#[test]
fn a_folder_stays_the_same_when_another_takes_its_path() {
    let temp = tempfile::tempdir().unwrap();
    let at = |name: &str| temp.path().join(name);
    fs::create_dir(at("one")).unwrap();
    fs::write(at("one/a"), "first").unwrap();
    let folder = Folder::open(&at("one")).unwrap();
    fs::rename(at("one"), at("two")).unwrap();
    fs::create_dir(at("one")).unwrap();
    fs::write(at("one/a"), "other").unwrap();
    assert_eq!(folder.read("a", 9).unwrap(), b"first");
    assert_eq!(folder.identity().unwrap(), Folder::open(&at("two")).unwrap().identity().unwrap());
    assert_ne!(folder.identity().unwrap(), Folder::open(&at("one")).unwrap().identity().unwrap());
}

#[test]
fn only_a_folder_is_opened() {
    let (temp, _) = folder();
    fs::write(temp.path().join("a"), "").unwrap();
    assert!(matches!(Folder::open(&temp.path().join("a")), Err(FilesFault::NotAFolder { .. })));
    assert!(matches!(Folder::open(&temp.path().join("b")), Err(FilesFault::NotFound { .. })));
}

//! The disk room against real files, pipes, devices and folders.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::os::unix::net::UnixListener;

use super::faults::{Deed, Fate};
use super::place::holds;
use super::*;

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

fn kind_found(path: &Path) -> FileKind {
    match read_capped(path, 1 << 20) {
        Err(FilesFault::NotRegular { found, .. }) => found,
        other => panic!("expected something that is not regular, got {other:?}"),
    }
}

#[test]
fn a_file_is_read_into_one_vector_of_its_size() {
    let folder = folder();
    let path = folder.path().join("a");
    let bytes: Vec<u8> = (0..3_000_000_u32).map(|n| n.to_le_bytes()[1]).collect();
    fs::write(&path, &bytes).unwrap();
    let read = read_capped(&path, 3_000_000).unwrap();
    assert!(read == bytes);
    assert_eq!(read.capacity(), bytes.len());
}

#[test]
fn an_empty_file_is_empty() {
    let folder = folder();
    fs::write(folder.path().join("a"), "").unwrap();
    assert_eq!(read_capped(&folder.path().join("a"), 0).unwrap(), b"");
}

#[test]
fn a_file_one_byte_over_the_cap_is_refused() {
    let folder = folder();
    let path = folder.path().join("a");
    fs::write(&path, [0; 1001]).unwrap();
    assert_eq!(read_capped(&path, 1001).unwrap().len(), 1001);
    let fault = read_capped(&path, 1000).unwrap_err();
    assert!(matches!(fault, FilesFault::TooLarge { size: Some(1001), cap: 1000, .. }));
    assert_eq!(
        fault.to_string(),
        format!("{} has 1,001 bytes; at most 1,000 are read.", fault::shown(&path))
    );
}

#[test]
fn a_missing_file_is_not_found() {
    let fault = read_capped(Path::new("no/such/file"), 10).unwrap_err();
    assert!(matches!(fault, FilesFault::NotFound { .. }));
    assert_eq!(fault.to_string(), "There is no file or folder \"no/such/file\".");
}

#[test]
fn a_path_through_a_file_is_told_as_such() {
    let folder = folder();
    fs::write(folder.path().join("a"), "x").unwrap();
    let path = folder.path().join("a/b");
    assert!(matches!(read_capped(&path, 10), Err(FilesFault::NotAFolder { .. })));
    assert!(matches!(create_new(&path, b""), Err(FilesFault::NotAFolder { .. })));
}

#[test]
fn a_folder_a_pipe_a_socket_and_a_device_are_refused_without_waiting() {
    let folder = folder();
    let (pipe, socket) = (folder.path().join("pipe"), folder.path().join("socket"));
    disk::mknodat(CWD, &pipe, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    let _listener = UnixListener::bind(&socket).unwrap();
    assert_eq!(kind_found(folder.path()), FileKind::Folder);
    assert_eq!(kind_found(&pipe), FileKind::Fifo);
    assert_eq!(kind_found(&socket), FileKind::Socket);
    assert_eq!(kind_found(Path::new("/dev/zero")), FileKind::Device);
}

#[test]
fn a_link_is_followed_to_a_regular_file_only() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("a"), "x").unwrap();
    symlink("a", at("good")).unwrap();
    symlink(".", at("folder")).unwrap();
    symlink("gone", at("broken")).unwrap();
    symlink("loop", at("loop")).unwrap();
    assert_eq!(read_capped(&at("good"), 10).unwrap(), b"x");
    assert_eq!(kind_found(&at("folder")), FileKind::Folder);
    assert!(matches!(read_capped(&at("broken"), 10), Err(FilesFault::NotFound { .. })));
    assert!(matches!(read_capped(&at("loop"), 10), Err(FilesFault::Failed { act: Act::Read, .. })));
}

#[test]
fn a_file_that_holds_more_than_its_size_has_changed() {
    // The files of procfs are regular, say that they are empty, and are not.
    assert!(matches!(read_capped(Path::new("/proc/self/status"), 1 << 20), Err(FilesFault::Changed { .. })));
}

#[test]
fn a_stream_is_read_to_the_cap_and_not_beyond() {
    assert_eq!(read_stream_capped(&b"12345"[..], 5).unwrap(), b"12345");
    let fault = read_stream_capped(std::io::repeat(0), 5).unwrap_err();
    assert_eq!(fault.to_string(), "Standard input has more than 5 bytes; at most 5 are read.");
}

#[test]
fn a_new_file_holds_the_bytes_and_nothing_else_is_left() {
    let folder = folder();
    let path = folder.path().join("3.root.json");
    let bytes = vec![7; CHUNK * 2 + 1];
    create_new(&path, &bytes).unwrap();
    assert!(fs::read(&path).unwrap() == bytes);
    assert_eq!(names(folder.path()), ["3.root.json"]);
}

#[test]
fn an_output_that_exists_is_left_alone() {
    let folder = folder();
    let path = folder.path().join("a");
    fs::write(&path, "old").unwrap();
    assert!(matches!(create_new(&path, b"new"), Err(FilesFault::Exists { .. })));
    assert_eq!(fs::read(&path).unwrap(), b"old");
    assert_eq!(names(folder.path()), ["a"]);
}

#[test]
fn a_broken_link_or_a_folder_under_the_name_is_left_alone() {
    let folder = folder();
    symlink("elsewhere", folder.path().join("link")).unwrap();
    fs::create_dir(folder.path().join("folder")).unwrap();
    for name in ["link", "folder"] {
        assert!(matches!(create_new(&folder.path().join(name), b"new"), Err(FilesFault::Exists { .. })));
    }
    assert_eq!(names(folder.path()), ["folder", "link"]);
}

/// A rename that refuses to overwrite, and what is done where the filesystem has none.
const WAYS: [Option<Errno>; 4] = [None, Some(Errno::INVAL), Some(Errno::NOSYS), Some(Errno::NOTSUP)];

fn put_in_place(new: Temporary<'_>, way: Option<Errno>) -> Result<(), FilesFault> {
    faults::count();
    if let Some(errno) = way {
        faults::arm(0, Fate::Fails(errno));
    }
    let put = new.put_in_place();
    assert_eq!(faults::disarm()[0], Deed::Rename);
    put
}

#[test]
fn a_name_taken_after_the_first_look_is_not_overwritten() {
    for way in WAYS {
        let folder = folder();
        let path = folder.path().join("a");
        let place = Place::of(&path).unwrap();
        let new = Temporary::written(&place, b"new", Mode::from_raw_mode(0o600)).unwrap();
        fs::write(&path, "old").unwrap();
        assert!(matches!(put_in_place(new, way), Err(FilesFault::Exists { .. })), "{way:?}");
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(names(folder.path()), ["a"]);
    }
}

#[test]
fn where_rename_cannot_refuse_a_link_puts_the_file_in_place() {
    for way in WAYS {
        let folder = folder();
        let path = folder.path().join("a");
        let place = Place::of(&path).unwrap();
        let new = Temporary::written(&place, b"new", Mode::from_raw_mode(0o600)).unwrap();
        put_in_place(new, way).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!((fs::metadata(&path).unwrap().nlink(), names(folder.path())), (1, vec!["a".to_owned()]));
    }
}

#[test]
fn a_missing_folder_is_named_and_not_made() {
    let folder = folder();
    let missing = folder.path().join("missing");
    let fault = create_new(&missing.join("a"), b"").unwrap_err();
    assert!(matches!(fault, FilesFault::NotFound { path } if path == missing));
    assert_eq!(names(folder.path()), [""; 0]);
}

#[test]
fn a_name_that_can_only_be_a_folder_is_refused() {
    for path in ["out/", "..", "/"] {
        assert!(matches!(
            create_new(Path::new(path), b""),
            Err(FilesFault::NotRegular { found: FileKind::Folder, .. })
        ));
    }
}

#[test]
fn a_full_medium_is_told_as_such() {
    // /dev/full stands in for the new file: it opens, and every write says that there is no room.
    let folder = folder();
    let place = Place::of(&folder.path().join("a")).unwrap();
    let mut new = Temporary::opened(&place, Mode::from_raw_mode(0o600)).unwrap();
    new.file = File::options().write(true).open("/dev/full").unwrap();
    let fault = deed::write(&new.file, b"x").map_err(|e| place.failed(e)).unwrap_err();
    assert!(matches!(fault, FilesFault::NoSpace { .. }));
    drop(new);
    assert_eq!(names(folder.path()), [""; 0]);
}

#[test]
fn bytes_that_read_back_differently_are_noticed() {
    let folder = folder();
    let place = Place::of(&folder.path().join("a")).unwrap();
    let new = Temporary::written(&place, b"bytes", Mode::from_raw_mode(0o600)).unwrap();
    assert!(holds(&new.file, b"bytes").unwrap());
    for other in [&b"bytez"[..], b"byte", b"bytes and more"] {
        assert!(!holds(&new.file, other).unwrap());
    }
}

#[test]
fn each_answer_of_the_system_has_its_fault() {
    let of = |errno| FilesFault::of(errno, Path::new("a"), Act::Write);
    assert!(matches!(of(Errno::ACCESS), FilesFault::Denied { act: Act::Write, .. }));
    assert!(matches!(of(Errno::PERM), FilesFault::Denied { .. }));
    assert!(matches!(of(Errno::ROFS), FilesFault::ReadOnly { .. }));
    assert!(matches!(of(Errno::NOSPC), FilesFault::NoSpace { .. }));
    assert!(matches!(of(Errno::DQUOT), FilesFault::NoSpace { .. }));
    assert!(matches!(of(Errno::IO), FilesFault::Failed { source, .. } if source.raw_os_error() == Some(5)));
}

#[test]
fn a_replacement_takes_the_place_and_the_mode_of_the_old_file() {
    let folder = folder();
    let path = folder.path().join("a.bundle.json");
    fs::write(&path, "old").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
    replace(&path, digest(b"old"), b"new").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"new");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o666);
    assert_eq!(names(folder.path()), ["a.bundle.json"]);
}

#[test]
fn a_file_that_changed_in_between_is_not_replaced() {
    let folder = folder();
    let path = folder.path().join("a");
    fs::write(&path, "someone else's").unwrap();
    assert!(matches!(replace(&path, digest(b"old"), b"new"), Err(FilesFault::Changed { .. })));
    assert_eq!(fs::read(&path).unwrap(), b"someone else's");
    assert_eq!(names(folder.path()), ["a"]);
}

#[test]
fn a_file_that_another_conclave_holds_is_not_replaced() {
    let folder = folder();
    let path = folder.path().join("a");
    fs::write(&path, "old").unwrap();
    let other = File::open(&path).unwrap();
    disk::flock(&other, FlockOperation::LockExclusive).unwrap();
    assert!(matches!(replace(&path, digest(b"old"), b"new"), Err(FilesFault::Busy { .. })));
    drop(other);
    replace(&path, digest(b"old"), b"new").unwrap();
}

#[test]
fn a_file_that_another_took_the_place_of_is_not_replaced() {
    // The file that is held and locked is the expected one, but it stands there no more.
    let folder = folder();
    let path = folder.path().join("a");
    fs::write(&path, "old").unwrap();
    let held = Held::of(&path).unwrap();
    fs::write(folder.path().join("b"), "someone else's").unwrap();
    fs::rename(folder.path().join("b"), &path).unwrap();
    assert!(matches!(held.replaced_by(b"new", digest(b"old")), Err(FilesFault::Changed { .. })));
    assert_eq!(fs::read(&path).unwrap(), b"someone else's");
    assert_eq!(names(folder.path()), ["a"]);
}

#[test]
fn a_link_or_nothing_is_not_replaced() {
    let folder = folder();
    let path = folder.path().join("link");
    fs::write(folder.path().join("a"), "old").unwrap();
    symlink("a", &path).unwrap();
    let fault = replace(&path, digest(b"old"), b"new").unwrap_err();
    assert!(matches!(fault, FilesFault::NotRegular { found: FileKind::Symlink, .. }));
    assert!(matches!(replace(&folder.path().join("b"), [0; 32], b""), Err(FilesFault::NotFound { .. })));
    assert_eq!(names(folder.path()), ["a", "link"]);
}

#[test]
fn of_many_replacements_at_once_exactly_one_is_made() {
    let folder = folder();
    let path = folder.path().join("a");
    fs::write(&path, "old").unwrap();
    let made = std::thread::scope(|scope| {
        let tries: Vec<_> = (0..8_u8)
            .map(|n| {
                let path = &path;
                scope.spawn(move || replace(path, digest(b"old"), &[n]).map(|()| n))
            })
            .collect();
        tries.into_iter().filter_map(|one| one.join().unwrap().ok()).collect::<Vec<u8>>()
    });
    assert_eq!(made.len(), 1);
    assert_eq!(fs::read(&path).unwrap(), made);
    assert_eq!(names(folder.path()), ["a"]);
}

#[test]
fn a_new_folder_is_made_once_and_ensured_twice() {
    let folder = folder();
    let path = folder.path().join("out");
    create_dir_new(&path).unwrap();
    assert!(matches!(create_dir_new(&path), Err(FilesFault::Exists { .. })));
    ensure_dir(&path).unwrap();
    ensure_dir(&folder.path().join("other")).unwrap();
    assert_eq!(names(folder.path()), ["other", "out"]);
}

#[test]
fn a_folder_is_not_made_over_a_file_or_in_nothing() {
    let folder = folder();
    fs::write(folder.path().join("a"), "x").unwrap();
    assert!(matches!(ensure_dir(&folder.path().join("a")), Err(FilesFault::NotAFolder { .. })));
    assert!(matches!(ensure_dir(&folder.path().join("b/c")), Err(FilesFault::NotFound { .. })));
}

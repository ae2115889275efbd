//! One conclave at a time in a folder, files that are only added, and every change of the disk going wrong.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use super::deed::Deed;
use super::deed::faults::{self, Fate, kill_everywhere};
use super::*;
use crate::files::FileKind;

fn locked(path: &Path) -> Lock {
    Lock::take(Folder::open(path).unwrap()).unwrap()
}

fn names(folder: &Folder) -> Vec<String> {
    folder.list(100).unwrap().iter().map(|found| found.path.to_str().unwrap().to_owned()).collect()
}

#[test]
fn a_second_conclave_is_told_which_folder_is_busy() {
    let temp = tempfile::tempdir().unwrap();
    let first = locked(temp.path());
    let fault = Lock::take(Folder::open(temp.path()).unwrap()).unwrap_err();
    assert!(matches!(&fault, FilesFault::Busy { path } if path == temp.path()));
    drop(first);
    locked(temp.path());
}

#[test]
fn the_lock_dies_with_its_process() {
    // Killed after it took the lock and was about to make a file, whichever way.
    let kills = kill_everywhere(
        "files::lock::tests::the_lock_dies_with_its_process",
        |_| {},
        |folder| {
            locked(folder).keep("a", b"bytes").unwrap();
        },
        |folder, at| {
            let lock = locked(folder);
            lock.sweep(100).unwrap();
            lock.keep("a", b"bytes").unwrap();
            assert_eq!(names(lock.folder()), ["a", "lock"], "{at:?}");
            assert_eq!(lock.folder().read("a", 9).unwrap(), b"bytes", "{at:?}");
        },
    );
    assert!(kills >= 13, "{kills}");
}

#[test]
fn a_lock_that_is_no_file_is_refused() {
    for kind in 0..2 {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("lock");
        let expected = if kind == 0 {
            symlink("elsewhere", &path).unwrap();
            FileKind::Symlink
        } else {
            fs::create_dir(&path).unwrap();
            FileKind::Folder
        };
        let fault = Lock::take(Folder::open(temp.path()).unwrap()).unwrap_err();
        assert!(matches!(fault, FilesFault::NotRegular { found, .. } if found == expected));
        assert!(!temp.path().join("elsewhere").exists());
    }
}

#[test]
fn nothing_is_written_once_somebody_removed_the_file_of_the_lock() {
    let temp = tempfile::tempdir().unwrap();
    let lock = locked(temp.path());
    lock.keep("a", b"one\n").unwrap();
    fs::remove_file(temp.path().join("lock")).unwrap();
    let second = locked(temp.path());
    assert!(matches!(lock.keep("b", b""), Err(FilesFault::Changed { .. })));
    assert!(matches!(lock.append("a", b"one\n", b"two\n"), Err(FilesFault::Changed { .. })));
    assert!(matches!(lock.put_aside("a", "b"), Err(FilesFault::Changed { .. })));
    assert!(matches!(lock.cut_off("a", b"one\n", 1), Err(FilesFault::Changed { .. })));
    second.append("a", b"one\n", b"two\n").unwrap();
}

#[test]
fn a_file_is_made_once_adopted_with_equal_bytes_and_refused_with_others() {
    let temp = tempfile::tempdir().unwrap();
    let lock = locked(temp.path());
    assert_eq!(lock.keep("plan/0.plan.toml", b"bytes").unwrap(), Kept::New);
    assert_eq!(lock.keep("plan/0.plan.toml", b"bytes").unwrap(), Kept::Adopted);
    for other in [&b"bytez"[..], b"byte", b"bytes and more", b""] {
        assert!(matches!(lock.keep("plan/0.plan.toml", other), Err(FilesFault::Exists { .. })));
    }
    assert_eq!(fs::read(temp.path().join("plan/0.plan.toml")).unwrap(), b"bytes");
    assert_eq!(names(lock.folder()), ["lock", "plan", "plan/0.plan.toml"]);
}

#[test]
fn a_link_where_a_file_or_a_folder_belongs_is_neither_followed_nor_adopted() {
    let temp = tempfile::tempdir().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let lock = locked(temp.path());
    fs::write(elsewhere.path().join("a"), "bytes").unwrap();
    symlink(elsewhere.path(), temp.path().join("plan")).unwrap();
    symlink(elsewhere.path().join("a"), temp.path().join("a")).unwrap();
    assert!(matches!(lock.keep("plan/b", b"bytes"), Err(FilesFault::NotAFolder { .. })));
    assert!(matches!(lock.keep("a", b"bytes"), Err(FilesFault::Exists { .. })));
    assert!(matches!(lock.append("a", b"bytes", b"!"), Err(FilesFault::NotRegular { .. })));
    assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 1);
    assert_eq!(fs::read(elsewhere.path().join("a")).unwrap(), b"bytes");
}

#[test]
fn a_line_is_appended_only_to_what_is_expected() {
    let temp = tempfile::tempdir().unwrap();
    let lock = locked(temp.path());
    lock.keep("t", b"one\n").unwrap();
    lock.append("t", b"one\n", b"two\n").unwrap();
    for before in [&b"one\n"[..], b"one\ntwo\nthree\n", b"One\ntwo\n", b""] {
        assert!(matches!(lock.append("t", before, b"x\n"), Err(FilesFault::Changed { .. })));
    }
    assert!(matches!(lock.append("gone", b"", b"x\n"), Err(FilesFault::NotFound { .. })));
    assert_eq!(fs::read(temp.path().join("t")).unwrap(), b"one\ntwo\n");
}

#[test]
fn a_tail_is_cut_off_only_from_what_is_expected() {
    let temp = tempfile::tempdir().unwrap();
    let lock = locked(temp.path());
    lock.keep("t", b"one\ntor").unwrap();
    assert!(matches!(lock.cut_off("t", b"one\ntorn", 4), Err(FilesFault::Changed { .. })));
    lock.cut_off("t", b"one\ntor", 4).unwrap();
    assert_eq!(fs::read(temp.path().join("t")).unwrap(), b"one\n");
}

#[test]
fn a_file_is_put_aside_and_never_over_another() {
    let temp = tempfile::tempdir().unwrap();
    let lock = locked(temp.path());
    lock.keep("plan/a", b"bytes").unwrap();
    lock.put_aside("plan/a", "aside/x").unwrap();
    assert_eq!(names(lock.folder()), ["aside", "aside/x", "lock", "plan"]);
    lock.keep("plan/a", b"bytes").unwrap();
    lock.put_aside("plan/a", "aside/x").unwrap();
    assert_eq!(names(lock.folder()), ["aside", "aside/x", "lock", "plan"]);
    lock.keep("plan/a", b"others").unwrap();
    assert!(matches!(lock.put_aside("plan/a", "aside/x"), Err(FilesFault::Exists { .. })));
    assert_eq!(fs::read(temp.path().join("aside/x")).unwrap(), b"bytes");
}

#[test]
fn leftovers_of_dead_processes_are_swept_and_those_of_living_ones_stay() {
    let temp = tempfile::tempdir().unwrap();
    let lock = locked(temp.path());
    let at = |name: &str| temp.path().join(name);
    fs::create_dir(at("plan")).unwrap();
    // No process has the highest number; the first one lives as long as the system.
    let dead = format!(".conclave-{}-0", i32::MAX);
    fs::write(at(&dead), "half").unwrap();
    fs::write(at("plan").join(&dead), "half").unwrap();
    fs::write(at(".conclave-1-0"), "half").unwrap();
    symlink("lock", at(".conclave-99-1")).unwrap();
    fs::write(at(".conclave-about-it"), "mine").unwrap();
    assert_eq!(lock.sweep(100).unwrap(), [Path::new(&dead).to_owned(), Path::new("plan").join(&dead)]);
    assert_eq!(
        names(lock.folder()),
        [".conclave-1-0", ".conclave-99-1", ".conclave-about-it", "lock", "plan"]
    );
}

/// Appending `two` to `one`, with every change of the disk failing in turn: it is never half there.
#[test]
fn an_append_that_fails_leaves_what_was_there() {
    for errno in [Errno::NOSPC, Errno::ROFS, Errno::IO] {
        for (index, deed) in [Deed::Write, Deed::Sync].into_iter().enumerate() {
            for fate in [Fate::Fails(errno), Fate::HalfThenFails(errno)] {
                let temp = tempfile::tempdir().unwrap();
                let lock = locked(temp.path());
                lock.keep("t", b"one\n").unwrap();
                faults::arm(index, fate);
                let fault = lock.append("t", b"one\n", b"two\n").unwrap_err();
                assert_eq!(faults::disarm()[index], deed);
                let right = match errno {
                    Errno::NOSPC => matches!(fault, FilesFault::NoSpace { .. }),
                    Errno::ROFS => matches!(fault, FilesFault::ReadOnly { .. }),
                    _ => matches!(fault, FilesFault::Failed { .. }),
                };
                assert!(right, "{fault:?}");
                assert_eq!(fs::read(temp.path().join("t")).unwrap(), b"one\n", "{deed:?} {fate:?}");
            }
        }
    }
}

#[test]
fn a_file_whose_making_fails_anywhere_is_not_there_and_can_be_made_again() {
    let making = |folder: &Path| Lock::take(Folder::open(folder)?)?.keep("plan/a", b"bytes");
    faults::count();
    making(tempfile::tempdir().unwrap().path()).unwrap();
    let deeds = faults::disarm();
    let expected = [
        Deed::Create, // the lock
        Deed::MakeFolder,
        Deed::SyncFolder,
        Deed::Create,
        Deed::Write,
        Deed::Sync,
        Deed::Rename,
        Deed::SyncFolder,
    ];
    assert_eq!(deeds, expected);
    for errno in [Errno::NOSPC, Errno::ROFS, Errno::IO] {
        for index in 0..deeds.len() {
            let temp = tempfile::tempdir().unwrap();
            faults::arm(index, Fate::HalfThenFails(errno));
            let fault = making(temp.path()).unwrap_err();
            faults::disarm();
            let path = temp.path().join("plan/a");
            // Only behind the rename, when the folder cannot be synced, the file stands.
            assert_eq!(path.exists(), index == 7, "{index} {fault:?}");
            assert_eq!(matches!(fault, FilesFault::Unsynced { .. }), [2, 7].contains(&index), "{index}");
            making(temp.path()).unwrap();
            assert_eq!(names(locked(temp.path()).folder()), ["lock", "plan", "plan/a"]);
        }
    }
}

#[test]
fn where_rename_cannot_refuse_a_file_is_put_aside_by_a_second_name() {
    let temp = tempfile::tempdir().unwrap();
    let lock = locked(temp.path());
    lock.keep("plan/a", b"bytes").unwrap();
    lock.keep("aside/y", b"").unwrap();
    // The folder's sync is first, then the rename.
    faults::arm(1, Fate::Fails(Errno::INVAL));
    lock.put_aside("plan/a", "aside/x").unwrap();
    let deeds = faults::disarm();
    assert_eq!(deeds[1..5], [Deed::Rename, Deed::Link, Deed::SyncFolder, Deed::Unlink]);
    assert_eq!(names(lock.folder()), ["aside", "aside/x", "aside/y", "lock", "plan"]);
}

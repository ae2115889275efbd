//! A new folder, and what stands in its way.

use std::fs;
use std::os::unix::fs::symlink;

use rustix::io::Errno;

use super::super::tests::{create, file, load, load_and_settle, places, steps, tree};
use super::*;
use crate::files::faults::{self, Fate, kill_everywhere};

fn opened(places: &Places) -> Result<Dossier, FolderFault> {
    let step = steps().remove(0);
    Dossier::create(places, &step.files, &step.line)
}

#[test]
fn an_empty_folder_will_do_and_a_used_one_is_left_alone() {
    let temp = tempfile::tempdir().unwrap();
    let places = places(temp.path(), 1);
    fs::create_dir(&places.folder).unwrap();
    drop(opened(&places).unwrap());
    let before = tree(&places.folder);
    let fault = opened(&places).unwrap_err();
    assert!(matches!(fault, FolderFault::NotEmpty { .. }), "{fault:?}");
    assert_eq!(tree(&places.folder), before);
}

#[test]
fn a_folder_with_anything_else_in_it_is_left_alone_on_either_device() {
    for device in ["a", "b"] {
        for kind in 0..4 {
            let temp = tempfile::tempdir().unwrap();
            let folder = temp.path().join(device);
            fs::create_dir_all(folder.join("plan")).unwrap();
            match kind {
                0 => fs::write(folder.join("letter.txt"), "dear").unwrap(),
                1 => fs::write(folder.join("plan/0.plan.toml"), "another plan").unwrap(),
                2 => fs::write(folder.join("plan/9.plan.toml"), "a plan").unwrap(),
                _ => symlink("/etc/passwd", folder.join("plan/0.plan.toml")).unwrap(),
            }
            let fault = opened(&places(temp.path(), 2)).unwrap_err();
            assert!(
                matches!(&fault, FolderFault::NotEmpty { folder: named, .. } if *named == folder),
                "{fault:?}"
            );
            let other = temp.path().join(if device == "a" { "b" } else { "a" });
            assert!(!other.exists() && !folder.join("lock").exists());
        }
    }
}

#[test]
fn one_folder_by_two_paths_is_no_two_devices() {
    let temp = tempfile::tempdir().unwrap();
    fs::create_dir(temp.path().join("a")).unwrap();
    symlink("a", temp.path().join("b")).unwrap();
    assert!(matches!(opened(&places(temp.path(), 2)), Err(FolderFault::OneFolder { .. })));
    fs::remove_file(temp.path().join("b")).unwrap();
    drop(create(&places(temp.path(), 1)));
    symlink("a", temp.path().join("b")).unwrap();
    let fault = load(&places(temp.path(), 2)).unwrap_err();
    assert!(fault.to_string().contains("are one folder"), "{fault}");
}

#[test]
fn what_is_no_line_or_no_place_opens_nothing() {
    let temp = tempfile::tempdir().unwrap();
    let places = places(temp.path(), 1);
    for line in ["", "\n", "two\nlines\n", "torn"] {
        assert!(matches!(Dossier::create(&places, &[], line), Err(FolderFault::NotALine)), "{line:?}");
    }
    assert!(!places.folder.exists());
    let fault = Dossier::create(&places, &[file("../b", "")], "{}\n").unwrap_err();
    assert!(matches!(fault, FolderFault::Files(FilesFault::Outside { .. })), "{fault:?}");
    assert_eq!(tree(&places.folder), [].into());
    assert!(!temp.path().join("b").exists());
}

#[test]
fn a_kill_anywhere_while_a_folder_is_opened_loses_nothing_and_blocks_nothing() {
    let kills = kill_everywhere(
        "dossier::create::tests::a_kill_anywhere_while_a_folder_is_opened_loses_nothing_and_blocks_nothing",
        |_| {},
        |temp| drop(opened(&places(temp, 2)).unwrap()),
        |temp, at| {
            let places = places(temp, 2);
            if temp.join("a/transcript.jsonl").exists() {
                assert!(matches!(opened(&places), Err(FolderFault::NotEmpty { .. })), "{at:?}");
            } else {
                assert!(!temp.join("b/transcript.jsonl").exists(), "{at:?}");
                drop(opened(&places).unwrap());
            }
            assert_eq!(load_and_settle(&places).ceremony.lines, 1, "{at:?}");
        },
    );
    assert!(kills > 60, "{kills}");
}

#[test]
fn a_disk_that_fails_anywhere_while_a_folder_is_opened_blocks_nothing() {
    let temp = tempfile::tempdir().unwrap();
    faults::count();
    drop(opened(&places(temp.path(), 2)).unwrap());
    let deeds = faults::disarm().len();
    for index in 0..deeds {
        let errno = [Errno::NOSPC, Errno::ROFS, Errno::IO][index % 3];
        let temp = tempfile::tempdir().unwrap();
        let places = places(temp.path(), 2);
        faults::arm(index, Fate::HalfThenFails(errno));
        let fault = opened(&places).unwrap_err();
        faults::disarm();
        if !temp.path().join("a/transcript.jsonl").exists() {
            drop(opened(&places).unwrap_or_else(|again| panic!("{index} {fault:?}: {again:?}")));
        }
        assert_eq!(load_and_settle(&places).ceremony.lines, 1, "{index} {fault:?}");
    }
}

#[test]
fn no_folder_lies_in_that_of_another_ceremony_whatever_leads_there() {
    let temp = tempfile::tempdir().unwrap();
    drop(create(&places(temp.path(), 1)));
    let around = temp.path().join("a");
    symlink(around.join("plan"), temp.path().join("link")).unwrap();
    for inside in ["a/new", "a/plan/new", "link/new", "link/deep/new"] {
        for places in [
            Places { folder: temp.path().join(inside), mirror: None },
            Places { folder: temp.path().join("c"), mirror: Some(temp.path().join(inside)) },
        ] {
            let before = tree(&around);
            assert!(matches!(opened(&places), Err(FolderFault::Nested { .. })), "{inside}");
            assert_eq!(tree(&around), before, "{inside}");
            assert!(!temp.path().join("c").exists(), "{inside}");
        }
    }
    let nested = Places { folder: temp.path().join("d"), mirror: Some(temp.path().join("d/second")) };
    assert!(matches!(opened(&nested), Err(FolderFault::Nested { .. })));
    // A second device is not made inside the first one either when the ceremony goes on.
    let nested = Places { folder: around.clone(), mirror: Some(around.join("second")) };
    let before = tree(&around);
    assert!(load(&nested).is_err());
    assert_eq!(tree(&around), before);
}

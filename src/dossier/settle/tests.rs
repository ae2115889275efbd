//! Killed at every change of the disk, on either device: what was stored is there, and the ceremony goes on.

use std::fs;
use std::path::Path;

use rustix::io::Errno;

use super::super::tests::{create, load, load_and_settle, next_step, places, steps, store};
use super::super::{LoadFault, Places};
use super::*;
use crate::files::faults::{self, Fate, kill_everywhere};

#[test]
fn a_kill_anywhere_in_a_step_resumes_with_both_devices_or_either() {
    let kills = kill_everywhere(
        "dossier::settle::tests::a_kill_anywhere_in_a_step_resumes_with_both_devices_or_either",
        |temp| drop(create(&places(temp, 2))),
        |temp| {
            let mut loaded = load(&places(temp, 2)).unwrap();
            store(&mut loaded.dossier, &next_step("another plan")).unwrap();
        },
        |temp, at| {
            let whole_lines =
                |device: &str| chains::lines(&fs::read(temp.join(device).join(TRANSCRIPT)).unwrap());
            let (on_a, on_b) = (whole_lines("a"), whole_lines("b"));
            assert!(on_a == on_b || on_a == on_b + 1, "{at:?}");
            for (there, lines) in [("a", on_a), ("b", on_b)] {
                let copy = tempfile::tempdir().unwrap();
                copy_folder(&temp.join(there), &copy.path().join(there));
                goes_on(&places(copy.path(), 2), lines, at);
            }
            goes_on(&places(temp, 2), on_a, at);
        },
    );
    assert!(kills > 60, "{kills}");
}

/// The ceremony has every whole line that is there, and takes the step again, or the next one.
fn goes_on(places: &Places, lines: u64, at: (usize, Fate)) {
    let mut loaded = load_and_settle(places);
    assert_eq!(loaded.ceremony.lines as u64, lines, "{at:?}");
    let next = if lines == 4 { next_step("in another way") } else { steps().remove(2) };
    store(&mut loaded.dossier, &next).unwrap();
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// Everything there is to mend at once: a torn line and a missing draft on one device, the rest of a step on each, a
/// half-made file, and one line that only the other device has.
fn in_need(temp: &Path) {
    let both = places(temp, 2);
    drop(create(&both));
    let mut alone = load(&Places { folder: both.folder.clone(), mirror: None }).unwrap();
    store(&mut alone.dossier, &next_step("another plan")).unwrap();
    drop(alone);
    let at = |path: &str| temp.join(path);
    let mut text = fs::read(at("b/transcript.jsonl")).unwrap();
    text.extend_from_slice(b"another try");
    fs::write(at("b/transcript.jsonl"), text).unwrap();
    fs::remove_file(at("a/drafts/0-a.json")).unwrap();
    fs::remove_file(at("b/drafts/0-a.json")).unwrap();
    fs::create_dir_all(at("a/imports")).unwrap();
    fs::write(at("a/imports/6-0123456789abcdef.json"), "a bundle").unwrap();
    fs::write(at("b/plan/2.plan.toml"), "a plan of later").unwrap();
    fs::write(at(&format!("b/.conclave-{}-0", i32::MAX)), "half").unwrap();
}

#[test]
fn everything_is_mended_at_once_and_told() {
    let temp = tempfile::tempdir().unwrap();
    in_need(temp.path());
    let loaded = load_and_settle(&places(temp.path(), 2));
    assert_eq!((loaded.ceremony.lines, loaded.left.len()), (5, 3));
    let on = |device: &str| {
        let folder = temp.path().join(device);
        loaded
            .mended
            .iter()
            .filter(|mended| mended.folder == folder)
            .map(|mended| &mended.what)
            .collect::<Vec<_>>()
    };
    assert!(matches!(
        on("a")[..],
        [Mending::SetAside { .. }, Mending::Added(_), Mending::Added(_), Mending::Added(_)]
    ));
    let [swept, aside, added @ .., cut, caught_up] = &on("b")[..] else { panic!("{:?}", on("b")) };
    assert!(matches!((swept, aside), (Mending::Swept(_), Mending::SetAside { .. })));
    assert!(added.iter().all(|what| matches!(what, Mending::Added(_))) && added.len() == 5, "{added:?}");
    assert_eq!((cut, caught_up), (&&Mending::CutOff { bytes: 11 }, &&Mending::CaughtUp { lines: 1 }));
}

#[test]
fn a_kill_anywhere_while_a_folder_is_mended_is_mended_too() {
    let kills = kill_everywhere(
        "dossier::settle::tests::a_kill_anywhere_while_a_folder_is_mended_is_mended_too",
        in_need,
        |temp| drop(load(&places(temp, 2)).unwrap()),
        |temp, at| {
            let loaded = load_and_settle(&places(temp, 2));
            assert_eq!((loaded.ceremony.lines, loaded.left.len()), (5, 3), "{at:?}");
        },
    );
    assert!(kills > 80, "{kills}");
}

#[test]
fn a_kill_anywhere_while_a_lost_device_comes_back_is_mended_too() {
    let kills = kill_everywhere(
        "dossier::settle::tests::a_kill_anywhere_while_a_lost_device_comes_back_is_mended_too",
        |temp| {
            drop(create(&places(temp, 2)));
            fs::remove_dir_all(temp.join("a")).unwrap();
        },
        |temp| drop(load(&places(temp, 2)).unwrap()),
        |temp, at| {
            let loaded = load_and_settle(&places(temp, 2));
            assert_eq!((loaded.ceremony.lines, loaded.left.len()), (steps().len(), 0), "{at:?}");
        },
    );
    assert!(kills > 50, "{kills}");
}

#[test]
fn a_disk_that_fails_anywhere_while_a_folder_is_mended_lets_it_be_mended_later() {
    let temp = tempfile::tempdir().unwrap();
    in_need(temp.path());
    faults::count();
    drop(load(&places(temp.path(), 2)).unwrap());
    let deeds = faults::disarm().len();
    for index in 0..deeds {
        let temp = tempfile::tempdir().unwrap();
        in_need(temp.path());
        faults::arm(index, Fate::HalfThenFails(Errno::NOSPC));
        let fault = load(&places(temp.path(), 2)).unwrap_err();
        faults::disarm();
        assert!(matches!(fault, LoadFault::Folder(FolderFault::Files(_))), "{index} {fault:?}");
        assert_eq!(load_and_settle(&places(temp.path(), 2)).ceremony.lines, 5, "{index}");
    }
}

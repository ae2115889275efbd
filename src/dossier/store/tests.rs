//! Steps that are stored, and steps that are not.

use std::fs;
use std::path::Path;

use rustix::io::Errno;

use super::super::tests::{create, file, load, load_and_settle, next_step, places, store, tree};
use super::*;
use crate::files::FilesFault;
use crate::files::faults::{self, Deed, Fate, elsewhere};

#[test]
fn what_is_not_one_line_is_not_stored() {
    let temp = tempfile::tempdir().unwrap();
    let mut dossier = create(&places(temp.path(), 1));
    let before = tree(&temp.path().join("a"));
    for line in ["", "\n", "torn", "two\nlines\n"] {
        let files = [file("plan/1.plan.toml", "x")];
        assert!(matches!(dossier.step(&files).1.store(line), Err(StoreFault::NotALine)), "{line:?}");
    }
    assert_eq!(tree(&temp.path().join("a")), before);
}

#[test]
fn a_file_in_the_way_stops_the_step_and_no_more() {
    let temp = tempfile::tempdir().unwrap();
    let mut dossier = create(&places(temp.path(), 1));
    let before = dossier.text().to_vec();
    fs::write(temp.path().join("a/plan/1.plan.toml"), "in the way").unwrap();
    let fault = store(&mut dossier, &next_step("another plan")).unwrap_err();
    assert!(matches!(fault, StoreFault::Files(FilesFault::Exists { .. })), "{fault:?}");
    assert_eq!(dossier.text(), before);
    fs::remove_file(temp.path().join("a/plan/1.plan.toml")).unwrap();
    store(&mut dossier, &next_step("another plan")).unwrap();
}

#[test]
fn a_transcript_that_somebody_else_changed_takes_no_line() {
    for device in ["a", "b"] {
        let temp = tempfile::tempdir().unwrap();
        let places = places(temp.path(), 2);
        let mut dossier = create(&places);
        let path = temp.path().join(device).join("transcript.jsonl");
        let mut text = fs::read(&path).unwrap();
        text[5] ^= 1;
        fs::write(&path, &text).unwrap();
        let fault = store(&mut dossier, &next_step("x")).unwrap_err();
        assert_eq!(matches!(fault, StoreFault::Line(FilesFault::Changed { .. })), device == "a", "{fault:?}");
        assert_eq!(fs::read(&path).unwrap(), text);
        assert!(matches!(store(&mut dossier, &next_step("x")), Err(StoreFault::Stopped)));
    }
}

/// Each change of the disk fails in turn, on either device; whatever the step said, the folder goes on, with the lines of
/// before, and with the step where it may have happened.
#[test]
fn a_disk_that_fails_anywhere_in_a_step_leaves_a_folder_that_goes_on() {
    let step = next_step("another plan");
    let temp = tempfile::tempdir().unwrap();
    let mut dossier = create(&places(temp.path(), 2));
    faults::count();
    store(&mut dossier, &step).unwrap();
    let deeds = faults::disarm().len();
    let (mut untouched, mut on_one_device) = (0, 0);
    for index in 0..deeds {
        let errno = [Errno::NOSPC, Errno::ROFS, Errno::IO][index % 3];
        let temp = tempfile::tempdir().unwrap();
        let places = places(temp.path(), 2);
        let mut dossier = create(&places);
        faults::arm(index, Fate::HalfThenFails(errno));
        let fault = store(&mut dossier, &step).unwrap_err();
        faults::disarm();
        let again = store(&mut dossier, &step);
        match fault {
            // A file: the same step can be taken again.
            StoreFault::Files(_) => again.unwrap(),
            _ => assert!(matches!(again, Err(StoreFault::Stopped)), "{index} {again:?}"),
        }
        drop(dossier);
        let expected = match &fault {
            StoreFault::Files(_) => 5,
            StoreFault::Line(_) => {
                untouched += 1;
                4
            }
            StoreFault::OnOneDevice { stored, missing, .. } => {
                assert_eq!((stored, Some(missing)), (&places.folder, places.mirror.as_ref()));
                on_one_device += 1;
                5
            }
            other => panic!("{other:?}"),
        };
        assert_eq!(load_and_settle(&places).ceremony.lines, expected, "{index} {fault:?}");
    }
    assert!(untouched >= 2 && on_one_device >= 2);
}

/// What a power cut may take is what was not synced: the files of a step are on both media before its line is on the first.
#[test]
fn every_file_is_synced_on_both_devices_before_the_line_is_written() {
    let temp = tempfile::tempdir().unwrap();
    let mut dossier = create(&places(temp.path(), 2));
    faults::count();
    let files = [file("plan/1.plan.toml", "another plan"), file("imports/5-0123456789abcdef.json", "{}")];
    dossier.step(&files).1.store("{}\n").unwrap();
    let in_place = [Deed::Create, Deed::Write, Deed::Sync, Deed::Rename, Deed::SyncFolder];
    let one_device: Vec<Deed> =
        [&[Deed::SyncFolder], &in_place[..], &[Deed::MakeFolder, Deed::SyncFolder], &in_place].concat();
    let line = [Deed::Write, Deed::Sync];
    assert_eq!(faults::disarm(), [&one_device[..], &one_device, &line, &line].concat());
}

#[test]
fn another_process_finds_the_folder_busy() {
    let temp = tempfile::tempdir().unwrap();
    let places_of = |temp: &Path| places(temp, 2);
    let held = create(&places_of(temp.path()));
    elsewhere("dossier::store::tests::another_process_finds_the_folder_busy", temp.path(), |temp| {
        let fault = load(&places_of(temp)).unwrap_err();
        assert!(fault.to_string().starts_with("Another conclave is at work in"), "{fault}");
    });
    drop(held);
    load_and_settle(&places_of(temp.path()));
}

#[test]
fn a_second_conclave_finds_the_folder_busy_on_either_device() {
    let temp = tempfile::tempdir().unwrap();
    let both = places(temp.path(), 2);
    let dossier = create(&both);
    for device in ["a", "b"] {
        let alone = super::super::Places { folder: temp.path().join(device), mirror: None };
        let fault = load(&alone).unwrap_err();
        assert_eq!(
            fault.to_string(),
            format!("Another conclave is at work in \"{}\".", alone.folder.display())
        );
    }
    drop(dossier);
    load(&both).unwrap();
}

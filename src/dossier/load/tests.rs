//! Folders that go on, and folders that are refused with nothing touched.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use rustix::fs::{CWD, FileType, Mode, mknodat};
use tuf_ceremony::digest::Digest;

use super::super::tests::{
    create, line_of, load, load_and_settle, load_knowing, next_step, places, steps, store, tree,
};
use super::*;
use crate::dossier::settle::Mending;

fn refused(places: &Places) -> FolderFault {
    let before: Vec<_> = places.all().filter(|path| path.exists()).map(|path| tree(path)).collect();
    let Err(LoadFault::Folder(fault)) = load(places) else { panic!("it was loaded") };
    let after: Vec<_> = places.all().filter(|path| path.exists()).map(|path| tree(path)).collect();
    assert_eq!(before, after, "{fault:?}");
    fault
}

fn alone(folder: &Path) -> Places {
    Places { folder: folder.to_owned(), mirror: None }
}

fn append(path: &Path, text: &str) {
    let mut all = fs::read(path).unwrap();
    all.extend_from_slice(text.as_bytes());
    fs::write(path, all).unwrap();
}

#[test]
fn either_device_deleted_after_any_line_comes_back_from_the_other() {
    for lines in 1..=steps().len() {
        for gone in ["a", "b"] {
            let temp = tempfile::tempdir().unwrap();
            let places = places(temp.path(), 2);
            let steps = steps();
            let mut dossier = Dossier::create(&places, &steps[0].files, &steps[0].line).unwrap();
            steps[1..lines].iter().for_each(|step| store(&mut dossier, step).unwrap());
            drop(dossier);
            fs::remove_dir_all(temp.path().join(gone)).unwrap();
            let mut loaded = load_and_settle(&places);
            assert_eq!((loaded.ceremony.lines, loaded.left.len()), (lines, 0));
            assert!(!loaded.mended.is_empty());
            steps[lines..].iter().for_each(|step| store(&mut loaded.dossier, step).unwrap());
            drop(loaded);
            let again = load_and_settle(&places);
            assert_eq!((again.ceremony.lines, again.mended), (steps.len(), vec![]));
        }
    }
}

#[test]
fn either_device_goes_on_alone_and_the_other_catches_up() {
    for stays in ["a", "b"] {
        let temp = tempfile::tempdir().unwrap();
        let places = places(temp.path(), 2);
        drop(create(&places));
        let mut loaded = load(&alone(&temp.path().join(stays))).unwrap();
        store(&mut loaded.dossier, &next_step("another plan")).unwrap();
        drop(loaded);
        let both = load_and_settle(&places);
        assert_eq!(both.ceremony.lines, 5);
        let behind = temp.path().join(if stays == "a" { "b" } else { "a" });
        assert!(both.mended.iter().all(|mended| mended.folder == behind));
        assert!(both.mended.iter().any(|mended| mended.what == Mending::CaughtUp { lines: 1 }));
    }
}

#[test]
fn a_ceremony_that_went_on_twice_is_refused_with_the_line() {
    let temp = tempfile::tempdir().unwrap();
    let both = places(temp.path(), 2);
    drop(create(&both));
    for (device, said) in [("a", "one plan"), ("b", "another plan")] {
        let mut loaded = load(&alone(&temp.path().join(device))).unwrap();
        store(&mut loaded.dossier, &next_step(said)).unwrap();
    }
    let fault = refused(&both);
    assert!(matches!(&fault, FolderFault::Fork { line: 5, .. }));
    let sentence = fault.to_string();
    assert!(
        sentence.contains("/a\" and \"") && sentence.contains("/b\" differ from line 5 on"),
        "{sentence}"
    );
}

#[test]
fn a_folder_that_does_not_hold_a_known_head_is_refused() {
    let temp = tempfile::tempdir().unwrap();
    let places = places(temp.path(), 1);
    let mut dossier = create(&places);
    let old = tree(&places.folder)["transcript.jsonl"].clone();
    store(&mut dossier, &next_step("x")).unwrap();
    let head = dossier.head();
    drop(dossier);
    // The last head, and every one before it, is in the folder.
    assert_eq!(load_knowing(&places, head).unwrap().ceremony.lines, 5);
    load_knowing(&places, Digest::of(&old)).unwrap();
    fs::write(places.folder.join("transcript.jsonl"), old).unwrap();
    let before = tree(&places.folder);
    for unknown in [head, Digest::of(b"another")] {
        let fault = load_knowing(&places, unknown).unwrap_err();
        assert!(matches!(fault, LoadFault::Folder(FolderFault::Behind { lines: 4, .. })), "{fault:?}");
    }
    assert_eq!(tree(&places.folder), before);
}

#[test]
fn a_torn_line_is_kept_aside_on_both_devices_and_cut_off() {
    for device in ["a", "b"] {
        let temp = tempfile::tempdir().unwrap();
        let places = places(temp.path(), 2);
        drop(create(&places));
        append(&temp.path().join(device).join("transcript.jsonl"), "{\"half\":");
        let loaded = load_and_settle(&places);
        assert_eq!(loaded.ceremony.lines, 4);
        assert!(loaded.mended.iter().any(|mended| mended.what == Mending::CutOff { bytes: 8 }));
        let torn = &loaded.left[0];
        assert!(torn.path.starts_with("aside/") && torn.path.ends_with(".torn"), "{}", torn.path);
        assert_eq!(tree(&temp.path().join("b"))[&torn.path], b"{\"half\":");
    }
}

#[test]
fn a_half_line_that_the_other_device_has_whole_is_completed() {
    let temp = tempfile::tempdir().unwrap();
    let places = places(temp.path(), 2);
    drop(create(&places));
    let mut loaded = load(&alone(&places.folder)).unwrap();
    let step = next_step("x");
    store(&mut loaded.dossier, &step).unwrap();
    drop(loaded);
    append(&temp.path().join("b/transcript.jsonl"), &step.line[..9]);
    let both = load_and_settle(&places);
    assert_eq!((both.ceremony.lines, both.left.len()), (5, 0));
}

#[test]
fn the_rest_of_a_step_is_set_aside_and_the_step_taken_again_in_another_way() {
    for device in ["a", "b"] {
        let temp = tempfile::tempdir().unwrap();
        let places = places(temp.path(), 2);
        drop(create(&places));
        fs::write(temp.path().join(device).join("plan/1.plan.toml"), "first try").unwrap();
        let mut loaded = load_and_settle(&places);
        assert_eq!(loaded.left.len(), 1);
        assert!(loaded.left[0].path.ends_with(".left"));
        assert_eq!(loaded.left[0].sha256, Digest::of(b"first try"));
        store(&mut loaded.dossier, &next_step("second try")).unwrap();
        drop(loaded);
        // The same rest once more is known already.
        fs::write(temp.path().join(device).join("plan/2.plan.toml"), "first try").unwrap();
        let again = load_and_settle(&places);
        assert_eq!((again.left, again.ceremony.lines), (vec![], 6));
    }
}

#[test]
fn a_missing_draft_is_made_again_and_any_other_missing_file_is_named() {
    let temp = tempfile::tempdir().unwrap();
    let places = places(temp.path(), 1);
    drop(create(&places));
    let at = |name: &str| places.folder.join(name);
    fs::remove_file(at("drafts/0-a.json")).unwrap();
    let loaded = load_and_settle(&places);
    let added = Mending::Added("drafts/0-a.json".to_owned());
    assert_eq!(loaded.mended.iter().map(|mended| &mended.what).collect::<Vec<_>>(), [&added]);
    drop(loaded);
    fs::remove_file(at("inputs/0123456789abcdef.json")).unwrap();
    let fault = refused(&places);
    let expected = at("inputs/0123456789abcdef.json");
    assert!(matches!(fault, FolderFault::Lost { path, .. } if path == expected));
    fs::remove_file(at("plan/0.plan.toml")).unwrap();
    assert!(matches!(load(&places), Err(LoadFault::Lines(_))));
}

#[test]
fn a_file_that_is_missing_on_one_device_is_copied_from_the_other() {
    for device in ["a", "b"] {
        for step in steps() {
            for file in step.files {
                let temp = tempfile::tempdir().unwrap();
                let places = places(temp.path(), 2);
                drop(create(&places));
                fs::remove_file(temp.path().join(device).join(&file.path)).unwrap();
                let loaded = load_and_settle(&places);
                let mended = loaded.mended.iter().map(|mended| (&mended.folder, &mended.what));
                let expected = (&temp.path().join(device), &Mending::Added(file.path));
                assert_eq!(mended.collect::<Vec<_>>(), [expected]);
            }
        }
    }
}

#[test]
fn an_altered_file_is_refused_by_name_on_either_device() {
    for device in ["a", "b"] {
        for step in steps() {
            for file in step.files {
                let temp = tempfile::tempdir().unwrap();
                let places = places(temp.path(), 2);
                drop(create(&places));
                let path = temp.path().join(device).join(&file.path);
                append(&path, " ");
                let fault = refused(&places);
                assert!(matches!(fault, FolderFault::Altered { path: named, .. } if named == path));
            }
        }
    }
}

#[test]
fn what_no_ceremony_puts_there_is_refused_and_nothing_behind_a_link_is_touched() {
    let elsewhere = tempfile::tempdir().unwrap();
    fs::write(elsewhere.path().join("0-c.json"), "secret").unwrap();
    for device in ["a", "b"] {
        for kind in 0..6 {
            let temp = tempfile::tempdir().unwrap();
            let places = places(temp.path(), 2);
            drop(create(&places));
            let at = |name: &str| temp.path().join(device).join(name);
            match kind {
                0 => symlink(elsewhere.path().join("0-c.json"), at("drafts/0-c.json")).unwrap(),
                1 => symlink(elsewhere.path(), at("final")).unwrap(),
                2 => mknodat(CWD, at("final"), FileType::Fifo, Mode::RUSR, 0).unwrap(),
                3 => fs::write(at("report.html"), "a report").unwrap(),
                4 => fs::create_dir(at("drafts/old")).unwrap(),
                _ => {
                    fs::remove_file(at("drafts/0-a.json")).unwrap();
                    symlink(at("drafts/0-b.json"), at("drafts/0-a.json")).unwrap();
                }
            }
            let fault = refused(&places);
            assert!(matches!(fault, FolderFault::Strange { .. }), "{fault:?}");
        }
    }
    assert_eq!(fs::read(elsewhere.path().join("0-c.json")).unwrap(), b"secret");
}

#[test]
fn a_folder_without_a_ceremony_gets_no_file_from_us() {
    let temp = tempfile::tempdir().unwrap();
    assert!(matches!(refused(&places(temp.path(), 1)), FolderFault::Files(_)));
    fs::create_dir(temp.path().join("a")).unwrap();
    assert!(matches!(refused(&places(temp.path(), 2)), FolderFault::NoCeremony { .. }));
    fs::write(temp.path().join("a/letter.txt"), "dear").unwrap();
    assert!(matches!(refused(&places(temp.path(), 1)), FolderFault::NoCeremony { .. }));
    assert_eq!(fs::read_dir(temp.path().join("a")).unwrap().count(), 1);
    assert!(!temp.path().join("b").exists());
}

#[test]
fn a_mirror_with_something_else_in_it_is_not_written_to() {
    let temp = tempfile::tempdir().unwrap();
    drop(create(&places(temp.path(), 1)));
    fs::create_dir_all(temp.path().join("b")).unwrap();
    fs::write(temp.path().join("b/letter.txt"), "dear").unwrap();
    assert!(matches!(refused(&places(temp.path(), 2)), FolderFault::Strange { .. }));
    assert_eq!(fs::read_dir(temp.path().join("b")).unwrap().count(), 1);
}

#[test]
fn a_transcript_without_a_whole_line_is_no_ceremony() {
    let temp = tempfile::tempdir().unwrap();
    let places = places(temp.path(), 1);
    drop(create(&places));
    for text in ["", "{\"half\":"] {
        fs::write(places.folder.join("transcript.jsonl"), text).unwrap();
        assert!(matches!(refused(&places), FolderFault::NoCeremony { .. }));
    }
}

#[test]
fn lines_that_the_engine_does_not_accept_are_refused_before_anything_is_mended() {
    let temp = tempfile::tempdir().unwrap();
    let places = places(temp.path(), 2);
    drop(create(&places));
    fs::write(temp.path().join("a/plan/1.plan.toml"), "left").unwrap();
    for device in ["a", "b"] {
        append(&temp.path().join(device).join("transcript.jsonl"), "no line of ours\n");
    }
    let before = tree(&temp.path().join("a"));
    assert!(matches!(load(&places), Err(LoadFault::Lines(_))));
    assert_eq!(tree(&temp.path().join("a")), before);
    assert!(line_of("x", &[]).ends_with('\n'));
}

#[test]
fn a_file_too_large_to_be_one_of_a_ceremony_is_refused_where_it_stands() {
    let temp = tempfile::tempdir().unwrap();
    let places = places(temp.path(), 1);
    drop(create(&places));
    let planted = places.folder.join("imports/9-0000000000000000.json");
    fs::create_dir_all(planted.parent().unwrap()).unwrap();
    let bytes = crate::dossier::file_cap() + 1;
    fs::File::create(&planted).unwrap().set_len(bytes).unwrap();
    let Err(LoadFault::Folder(fault)) = load(&places) else { panic!("it was loaded") };
    assert!(matches!(fault, FolderFault::Huge { bytes: found, .. } if found == bytes), "{fault:?}");
    assert!(planted.exists() && !places.folder.join("aside").exists());
}

//! What has a place in a ceremony's folder, and what has none.

use std::fs;
use std::os::unix::fs::symlink;

use super::*;

#[test]
fn each_thing_is_found_in_its_place_or_called_strange() {
    let temp = tempfile::tempdir().unwrap();
    let at = |name: &str| temp.path().join(name);
    for room in ROOMS {
        fs::create_dir(at(room)).unwrap();
    }
    fs::create_dir_all(at("photos")).unwrap();
    fs::create_dir_all(at("plan/old")).unwrap();
    for file in ["lock", "transcript.jsonl", "plan/0.plan.toml", "final/2.Team A.json", "photos/1.jpg"] {
        fs::write(at(file), "abc").unwrap();
    }
    for file in ["report.html", "plan/b\u{f6}se", "plan/.conclave-7-7", ".conclave-8-8"] {
        fs::write(at(file), "abc").unwrap();
    }
    symlink("0.plan.toml", at("plan/link")).unwrap();
    let inventory = Inventory::of(&Folder::open(temp.path()).unwrap()).unwrap();
    assert_eq!(inventory.transcript.as_deref(), Some(&b"abc"[..]));
    assert_eq!(inventory.files.keys().collect::<Vec<_>>(), ["final/2.Team A.json", "plan/0.plan.toml"]);
    let plan = &inventory.files["plan/0.plan.toml"];
    assert_eq!((plan.bytes, plan.sha256), (3, Digest::of(b"abc")));
    let strange: Vec<&str> = inventory.strange.iter().map(|found| found.path.to_str().unwrap()).collect();
    assert_eq!(strange, ["photos", "photos/1.jpg", "plan/b\u{f6}se", "plan/link", "plan/old", "report.html"]);
    assert_eq!(inventory.temporary.len(), 2);
}

#[test]
fn a_transcript_or_a_lock_that_is_no_file_is_strange() {
    let temp = tempfile::tempdir().unwrap();
    symlink("lock", temp.path().join("transcript.jsonl")).unwrap();
    fs::create_dir(temp.path().join("lock")).unwrap();
    let inventory = Inventory::of(&Folder::open(temp.path()).unwrap()).unwrap();
    assert_eq!((inventory.transcript, inventory.strange.len()), (None, 2));
}

#[test]
fn a_folder_with_more_files_than_a_ceremony_has_is_refused() {
    let temp = tempfile::tempdir().unwrap();
    fs::create_dir(temp.path().join("shown")).unwrap();
    // With the folder itself one more than allowed.
    for n in 1..limits::FOLDER.most {
        fs::File::create(temp.path().join(format!("shown/{n}.txt"))).unwrap();
    }
    let folder = Folder::open(temp.path()).unwrap();
    assert_eq!(Inventory::of(&folder).unwrap().files.len(), limits::FOLDER.most - 1);
    fs::File::create(temp.path().join("shown/0.txt")).unwrap();
    assert!(matches!(Inventory::of(&folder), Err(FilesFault::TooMany { .. })));
}

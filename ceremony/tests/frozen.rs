//! The frozen folders (`tests/frozen/`) replay to the verdict that they had when they were frozen: every format's, for ever.
//! What writes the current format's writes the same bytes.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test stops at the first surprise")]

#[path = "replaying/folder.rs"]
mod folder;
#[path = "mint/mint.rs"]
mod mint;
#[path = "replaying/stage.rs"]
mod stage;
#[path = "../examples/frozen_folders/stories.rs"]
mod stories;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use folder::Folder;
use tuf_ceremony::digest::Digest;
use tuf_ceremony::document::Document;
use tuf_ceremony::replay::{Verdict, across};
use tuf_ceremony::transcript::FORMAT;

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/frozen")
}

/// Every file under a folder, by its path from there.
fn read(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let (mut files, mut folders) = (BTreeMap::new(), vec![folder.to_owned()]);
    while let Some(inside) = folders.pop() {
        for entry in std::fs::read_dir(&inside).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                files.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    files
}

/// The folders of one format, and what was said of each, by its path.
struct Frozen {
    folders: BTreeMap<String, Folder>,
    said: BTreeMap<String, String>,
}

fn frozen(format: u64) -> Frozen {
    let top = top().join(format!("format-{format}"));
    let document = Document::read(std::fs::read(top.join("expected.json")).unwrap()).unwrap();
    let rows = document.root().object().unwrap().member("folders").unwrap().array().unwrap();
    let (mut folders, mut said) = (BTreeMap::new(), BTreeMap::new());
    for row in rows {
        let path = row.object().unwrap().member("folder").unwrap().string().unwrap().into_owned();
        folders.insert(path.clone(), Folder(read(&top.join(&path))));
        said.insert(path, row.text().to_owned());
    }
    Frozen { folders, said }
}

/// The value of a member, as it is written.
fn member(row: &str, name: &str) -> String {
    let document = Document::read(row.as_bytes()).unwrap();
    document.root().object().unwrap().member(name).unwrap().text().to_owned()
}

#[test]
fn every_frozen_folder_replays_to_what_was_said_of_it() {
    for format in 1..=FORMAT {
        let Frozen { folders, said } = frozen(format);
        assert!(folders.len() >= 4, "format {format}");
        for (path, folder) in &folders {
            let was = &said[path];
            let what = member(was, "what");
            let now = stories::expected(path, what.trim_matches('"'), folder).written();
            let names = ["drafts", "finals", "findings", "head", "in-doubt", "lines", "other-lines", "phase"];
            for name in names.into_iter().chain(["verdict", "verdict-without-head", "what"]) {
                // Indented as deep as they stand, and nothing else.
                let flat = |text: String| text.split_whitespace().collect::<String>();
                assert_eq!(flat(member(&now, name)), flat(member(was, name)), "{name} of {path}");
            }
            assert_eq!(member(was, "verdict"), "\"proved\"");
        }
    }
}

#[test]
fn machines_of_one_frozen_ceremony_agree_and_those_of_two_do_not_belong_together() {
    for format in 1..=FORMAT {
        let folders = frozen(format).folders;
        let replays: Vec<_> = folders.values().map(|folder| folder.replay(None)).collect();
        let ceremony = |path: &String| path.split('/').next().unwrap().to_owned();
        let paths: Vec<String> = folders.keys().map(ceremony).collect();
        for (at, other) in (0..paths.len()).flat_map(|at| (0..at).map(move |other| (at, other))) {
            let found = across(&[&replays[at], &replays[other]]);
            assert_eq!(found.contradictions.is_empty(), paths[at] == paths[other]);
            assert_eq!(found.seen.is_empty(), paths[at] != paths[other]);
        }
    }
}

#[test]
fn a_frozen_folder_that_was_changed_is_noticed() {
    let folders = frozen(FORMAT).folders;
    for folder in folders.values() {
        let head: Digest = folder.head();
        for path in folder.paths() {
            let mut bytes = folder.0[&path].clone();
            bytes[0] ^= 1;
            assert_eq!(folder.with(&path, bytes).verdict(Some(head)), Verdict::FilesDiffer, "{path}");
            assert_eq!(folder.without(&path).verdict(Some(head)), Verdict::Incomplete, "{path}");
        }
    }
}

#[test]
fn what_writes_the_current_format_writes_these_very_folders() {
    let written = stories::files();
    let found = read(&top().join(format!("format-{FORMAT}")));
    let (written_names, names): (Vec<_>, Vec<_>) = (written.keys().collect(), found.keys().collect());
    assert_eq!(written_names, names);
    for (name, bytes) in &written {
        assert!(found[name] == *bytes, "{name} is another");
    }
}

//! The stage of this room's tests: a made-up ceremony whose lines say only which files they bind, in a folder on one device
//! or on two. The engine is not asked, so what is proven here is the folder and nothing else.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use tuf_ceremony::materials::Materials;
use tuf_ceremony::paper::PaperDigest;

use super::*;
use crate::files::Folder;

/// What the made-up engine makes of the lines.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) lines: usize,
    bound: Vec<Stored>,
}

impl Explains for Told {
    fn bound(&self) -> Vec<Stored> {
        self.bound.clone()
    }

    fn derived(&self, file: &Stored) -> Option<Vec<u8>> {
        file.path.starts_with("drafts/").then(|| made_again(&file.path))
    }
}

fn made_again(path: &str) -> Vec<u8> {
    format!("made of the plan: {path}").into_bytes()
}

/// One step: its line, and its files.
pub(super) struct Step {
    pub(super) line: String,
    pub(super) files: Vec<NewFile>,
}

fn stored(file: &NewFile) -> Stored {
    Stored { bytes: file.bytes.len() as u64, path: file.path.clone(), sha256: Digest::of(&file.bytes) }
}

/// A line that binds these files.
pub(super) fn line_of(said: &str, files: &[Stored]) -> String {
    format!("{}\n", serde_json::to_string(&(said, files)).unwrap())
}

pub(super) fn file(path: &str, text: &str) -> NewFile {
    NewFile { path: path.to_owned(), bytes: text.as_bytes().to_vec() }
}

fn step_of(said: &str, files: Vec<NewFile>) -> Step {
    let bound: Vec<Stored> = files.iter().map(stored).collect();
    Step { line: line_of(said, &bound), files }
}

/// The steps of the made-up ceremony, in order.
pub(super) fn steps() -> Vec<Step> {
    let draft = |path: &str| NewFile { path: path.to_owned(), bytes: made_again(path) };
    vec![
        step_of(
            "opened",
            vec![file("plan/0.plan.toml", "a plan"), file("inputs/0123456789abcdef.json", "{}")],
        ),
        step_of("sealed", vec![draft("drafts/0-a.json"), draft("drafts/0-b.json")]),
        step_of("present", vec![]),
        step_of("consented", vec![file("shown/0123456789abcdef.txt", "what she saw")]),
    ]
}

/// The step after all of [`steps`], with another try of the same that says something else.
pub(super) fn next_step(said: &str) -> Step {
    step_of("replanned", vec![file("plan/1.plan.toml", said), file("cards/key.1.json", "a card")])
}

pub(super) fn places(temp: &Path, devices: usize) -> Places {
    Places { folder: temp.join("a"), mirror: (devices == 2).then(|| temp.join("b")) }
}

pub(super) fn create(places: &Places) -> Dossier {
    let steps = steps();
    let mut dossier = Dossier::create(places, &steps[0].files, &steps[0].line).unwrap();
    steps[1..].iter().for_each(|step| store(&mut dossier, step).unwrap());
    dossier
}

pub(super) fn store(dossier: &mut Dossier, step: &Step) -> Result<(), StoreFault> {
    dossier.step(&step.files).1.store(&step.line)
}

fn resume(text: &[u8], materials: &dyn Materials) -> Result<Told, String> {
    let mut told = Told { lines: 0, bound: Vec::new() };
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let (_, files): (String, Vec<Stored>) = serde_json::from_slice(line).map_err(|e| e.to_string())?;
        // The engine seals again, and needs what it seals from.
        for file in files.iter().filter(|file| file.path.starts_with("plan/")) {
            materials.bytes(file.sha256).ok_or_else(|| format!("{} is missing", file.path))?;
        }
        told.bound.extend(files);
        told.lines += 1;
    }
    Ok(told)
}

pub(super) fn load(places: &Places) -> Result<Loaded<Told>, LoadFault<String>> {
    Dossier::load(places, None, resume)
}

pub(super) fn load_knowing(places: &Places, head: Digest) -> Result<Loaded<Told>, LoadFault<String>> {
    Dossier::load(places, Some(&PaperDigest::from(head)), resume)
}

/// Loads, binds what was left, and makes sure that then every file of every device is explained and the same.
pub(super) fn load_and_settle(places: &Places) -> Loaded<Told> {
    let mut loaded = load(places).unwrap();
    if !loaded.left.is_empty() {
        let line = line_of("set aside", &loaded.left);
        loaded.dossier.step(&[]).1.store(&line).unwrap();
    }
    let told = resume(loaded.dossier.text(), loaded.dossier.shelf()).unwrap();
    let expected: BTreeMap<String, Stored> =
        told.bound.iter().map(|file| (file.path.clone(), file.clone())).collect();
    for place in places.all() {
        let inventory = Inventory::of(&Folder::open(place).unwrap()).unwrap();
        assert_eq!(inventory.files, expected, "{}", place.display());
        assert_eq!(inventory.transcript.as_deref(), Some(loaded.dossier.text()), "{}", place.display());
        assert_eq!((inventory.strange, inventory.temporary), (vec![], vec![]), "{}", place.display());
    }
    loaded
}

/// Every file of a folder but the lock, with its bytes.
pub(super) fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    for found in Folder::open(folder).unwrap().list(1000).unwrap() {
        let path = found.path.to_str().unwrap().to_owned();
        if path != "lock" && folder.join(&path).is_file() {
            all.insert(path.clone(), fs::read(folder.join(path)).unwrap());
        }
    }
    all
}

#[test]
fn a_ceremony_is_on_both_devices_when_a_step_returns() {
    let temp = tempfile::tempdir().unwrap();
    let places = places(temp.path(), 2);
    let steps = steps();
    let mut dossier = Dossier::create(&places, &steps[0].files, &steps[0].line).unwrap();
    for step in &steps[1..] {
        store(&mut dossier, step).unwrap();
        let (one, other) = (tree(&temp.path().join("a")), tree(&temp.path().join("b")));
        assert_eq!(one, other);
        assert_eq!(one["transcript.jsonl"], dossier.text());
        assert!(step.files.iter().all(|file| one[&file.path] == file.bytes));
    }
    assert_eq!(dossier.head(), Digest::of(&fs::read(temp.path().join("a/transcript.jsonl")).unwrap()));
    assert!(dossier.shares_a_medium());
}

#[test]
fn a_steps_files_are_there_once_it_is_stored_beside_those_of_all_before() {
    let temp = tempfile::tempdir().unwrap();
    let mut dossier = create(&places(temp.path(), 1));
    let step = next_step("another plan");
    let own = Digest::of(b"another plan");
    let (materials, pen) = dossier.step(&step.files);
    assert_eq!(materials.bytes(own), None);
    assert_eq!(materials.bytes(Digest::of(b"a plan")).as_deref(), Some(&b"a plan"[..]));
    assert_eq!(materials.bytes(Digest::of(b"nothing")), None);
    pen.store(&step.line).unwrap();
    assert_eq!(dossier.shelf().bytes(own).as_deref(), Some(&b"another plan"[..]));
    fs::write(temp.path().join("a/plan/1.plan.toml"), "altered plan").unwrap();
    assert_eq!(dossier.shelf().bytes(own), None);
}

#[test]
fn a_file_that_is_altered_on_one_device_is_read_from_the_other() {
    let temp = tempfile::tempdir().unwrap();
    let dossier = create(&places(temp.path(), 2));
    fs::write(temp.path().join("a/plan/0.plan.toml"), "another").unwrap();
    assert_eq!(dossier.shelf().bytes(Digest::of(b"a plan")).as_deref(), Some(&b"a plan"[..]));
}

#[test]
fn an_auditor_reads_a_folder_without_writing_into_it() {
    let temp = tempfile::tempdir().unwrap();
    drop(create(&places(temp.path(), 1)));
    fs::remove_file(temp.path().join("a/lock")).unwrap();
    let folder = Folder::open(&temp.path().join("a")).unwrap();
    let inventory = Inventory::of(&folder).unwrap();
    let told = resume(inventory.transcript.as_ref().unwrap(), &Shelf::of(&folder, &inventory)).unwrap();
    assert_eq!(told.lines, 4);
    assert!(!temp.path().join("a/lock").exists());
}

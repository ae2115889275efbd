//! One example plan per kind: it reads, says its kind, and names the files that are there.

use std::collections::BTreeSet;

use tuf_ceremony::card::Card;
use tuf_ceremony::delta::Delta;
use tuf_ceremony::digest::Digest;
use tuf_ceremony::document::Document;
use tuf_ceremony::key::{PublicKey, Scheme};
use tuf_ceremony::metadata::Metadata;
use tuf_ceremony::plan::{CardRef, FileRef, KeySource, Kind, Plan};

use super::{example, folder, scene};

fn files_of(plan: &Plan) -> Vec<FileRef> {
    let named = &plan.predecessor;
    let single = [&named.root, &named.targets, &named.snapshot, &named.timestamp];
    let mut files: Vec<FileRef> = single.into_iter().flatten().cloned().collect();
    for key in plan.keys.values() {
        match key.source() {
            KeySource::Card(CardRef::File(file)) => files.push(file.clone()),
            KeySource::Public(public) => {
                files.push(FileRef { file: public.file.clone(), sha256: public.sha256 });
            }
            KeySource::Card(CardRef::ToBeMade) | KeySource::Kept(_) => {}
        }
    }
    files.extend(plan.targets.iter().filter_map(|wish| wish.delta.clone()));
    files
}

#[test]
fn there_is_an_example_of_every_kind_and_each_reads_and_says_its_kind() {
    for kind in Kind::ALL {
        let plan = Plan::read(example(kind).as_bytes()).unwrap_or_else(|e| panic!("{}: {e}", kind.name()));
        assert_eq!(plan.kind, kind);
    }
    let plans = std::fs::read_dir(folder()).unwrap().filter(|entry| entry.as_ref().unwrap().path().is_file());
    // And the one whose keys are made in the room.
    assert_eq!(plans.count(), Kind::ALL.len() + 1);
}

#[test]
fn every_file_that_an_example_names_is_there_with_its_digest() {
    let mut named = BTreeSet::new();
    for kind in Kind::ALL {
        let plan = Plan::read(example(kind).as_bytes()).unwrap();
        for file in files_of(&plan) {
            let bytes = std::fs::read(folder().join(&file.file)).unwrap();
            assert_eq!(Digest::of(&bytes), file.sha256, "{} in {}", file.file, kind.name());
            named.insert(file.file);
        }
        for path in plan.targets.iter().flat_map(|wish| wish.add.values()) {
            assert!(folder().join(path).is_file(), "{path}");
            named.insert(path.clone());
        }
    }
    let there = std::fs::read_dir(folder().join("inputs")).unwrap();
    let there: BTreeSet<String> =
        there.map(|entry| format!("inputs/{}", entry.unwrap().file_name().to_str().unwrap())).collect();
    assert_eq!(named, there);
}

#[test]
fn the_inputs_of_the_examples_are_the_ones_that_their_program_writes() {
    for (name, text) in scene::files() {
        let there = std::fs::read_to_string(folder().join("inputs").join(name)).unwrap();
        assert_eq!(there, text, "{name}");
    }
    assert_eq!(scene::files().len(), std::fs::read_dir(folder().join("inputs")).unwrap().count());
}

#[test]
fn every_card_of_an_example_names_the_people_that_the_plan_gives_it_to() {
    let mut cards = 0;
    for kind in Kind::ALL {
        let plan = Plan::read(example(kind).as_bytes()).unwrap();
        for key in plan.keys.values() {
            let KeySource::Card(CardRef::File(file)) = key.source() else { continue };
            let card = Card::read(&std::fs::read(folder().join(&file.file)).unwrap()).unwrap();
            let holders: Vec<&str> = key.holders.iter().map(|h| plan.people[h].name.as_str()).collect();
            assert_eq!(card.holders(), holders);
            assert!(!card.is_rehearsal());
            cards += 1;
        }
    }
    assert_eq!(cards, 3 + 3 + 1 + 1 + 1);
}

#[test]
fn every_key_id_of_an_example_stands_in_its_root() {
    let mut kept = 0;
    for kind in Kind::ALL {
        let plan = Plan::read(example(kind).as_bytes()).unwrap();
        let Some(root) = &plan.predecessor.root else { continue };
        let text = std::fs::read(folder().join(&root.file)).unwrap();
        let root = Metadata::of(Document::read(text).unwrap().into()).unwrap();
        for key in plan.keys.values() {
            if let KeySource::Kept(keyid) = key.source() {
                assert!(root.root().unwrap().key(keyid).is_some(), "{keyid}");
                kept += 1;
            }
        }
    }
    assert_eq!(kept, 6 * 3);
}

#[test]
fn the_public_key_and_the_delta_of_the_examples_read() {
    let read = |name: &str| std::fs::read_to_string(folder().join("inputs").join(name)).unwrap();
    assert!(PublicKey::from_spki_pem(&read("online.pem"), Scheme::EcdsaP256Sha256).is_ok());
    let delta = Delta::read(read("app.delta.json")).unwrap();
    let added: Vec<_> = delta.added("targets").collect();
    let file = std::fs::read(folder().join("inputs/app-1.1.txt")).unwrap();
    assert_eq!((added[0].length, added[0].sha256), (file.len() as u64, Digest::of(&file)));
}

/// The page shows an example in full, and the files that it quotes are the ones in the folder.
#[test]
fn the_pages_show_the_files_as_they_are() {
    let page = |path: &str| std::fs::read_to_string(folder().join("..").join(path)).unwrap();
    let block = |page: &str, language: &str| {
        page.split(&format!("```{language}\n")).nth(1).unwrap().split("```").next().unwrap().to_owned()
    };
    let input = |name: &str| std::fs::read_to_string(folder().join("inputs").join(name)).unwrap();
    assert_eq!(block(&page("spec/plan.md"), "toml"), example(Kind::Rotation));
    assert_eq!(block(&page("spec/card.md"), "json"), input("anna.key.json"));
    assert_eq!(block(&page("spec/delta.md"), "json"), input("app.delta.json"));
}

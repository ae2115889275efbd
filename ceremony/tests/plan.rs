//! Plans (`docs/spec/plan.md`): each refusal is a sentence, every example reads, and no input panics.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test stops at the first surprise")]

#[path = "plan/chance.rs"]
mod chance;
#[path = "plan/documents.rs"]
mod documents;
#[path = "plan/examples.rs"]
mod examples;
#[path = "plan/fields.rs"]
mod fields;
#[path = "mint/mint.rs"]
mod mint;
#[path = "../examples/plan_inputs/scene.rs"]
mod scene;
#[path = "plan/sealing.rs"]
mod sealing;

use std::path::{Path, PathBuf};

use tuf_ceremony::plan::{CardRef, KeySource, Kind, Plan};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/plans")
}

fn example(kind: Kind) -> String {
    let path = folder().join(format!("{}.plan.toml", kind.name()));
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The example with one text in the place of another, which must be there.
fn with(kind: Kind, old: &str, new: &str) -> String {
    let text = example(kind);
    assert!(text.contains(old), "{old:?} is not in the plan");
    text.replacen(old, new, 1)
}

fn refusal(text: &str) -> String {
    Plan::read(text.as_bytes()).unwrap_err().to_string()
}

/// Whether the changed example is refused with exactly this sentence.
#[track_caller]
fn refused(kind: Kind, old: &str, new: &str, sentence: &str) {
    assert_eq!(refusal(&with(kind, old, new)), sentence);
}

/// Whether the example is refused with this sentence once these lines stand before the table of this name.
#[track_caller]
fn refused_before(kind: Kind, table: &str, lines: &str, sentence: &str) {
    refused(kind, table, &format!("{lines}\n{table}"), sentence);
}

#[test]
fn the_example_whose_keys_are_made_in_the_room_is_the_first_root_but_for_its_cards() {
    let text = std::fs::read_to_string(folder().join("first-root-keys.plan.toml")).unwrap();
    let plan = Plan::read(text.as_bytes()).unwrap();
    let to_be_made = plan.keys.iter().filter(|(_, key)| key.source() == KeySource::Card(&CardRef::ToBeMade));
    assert_eq!(to_be_made.map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["anna", "bela", "carla"]);
    let carded = example(Kind::FirstRoot);
    let other = |(one, other): &(&str, &str)| one != other;
    let differ: Vec<&str> = text.lines().zip(carded.lines()).filter(other).map(|(line, _)| line).collect();
    assert!(
        differ[0].starts_with("# ") && differ[1..].iter().all(|line| line.contains("\"to be made\"")),
        "{differ:?}"
    );
    assert_eq!((differ.len(), text.lines().count()), (4, carded.lines().count()));
}

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

use tuf_ceremony::plan::{Kind, Plan};

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

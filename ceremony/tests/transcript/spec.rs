//! `docs/spec/transcript.md` says what is so: its example is a vector, and its tables name every event and every field.

use std::collections::BTreeSet;
use std::path::Path;

use tuf_ceremony::document::Document;
use tuf_ceremony::transcript::Transcript;

use super::samples::{self, CLOCK};

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

pub fn page() -> String {
    read("docs/spec/transcript.md")
}

/// The rows of the table under this heading, in cells.
fn table(heading: &str) -> Vec<Vec<String>> {
    let page = page();
    let section = page.split(&format!("\n## {heading}\n")).nth(1).unwrap_or_else(|| panic!("{heading}"));
    let rows = section.split("\n## ").next().unwrap().lines().filter(|l| l.starts_with("| `"));
    let cells = |row: &str| row.trim_matches('|').split('|').map(|c| c.trim().to_owned()).collect();
    rows.map(cells).collect()
}

/// The texts between backticks.
fn names(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn the_example_of_the_page_is_the_beginning_of_a_vector() {
    let page = page();
    let example = page.split("```json\n").nth(1).unwrap().split("```").next().unwrap();
    let whole = read("tests/vectors/transcript/every-event.transcript.jsonl");
    let lines: Vec<&str> = whole.split_inclusive('\n').collect();
    assert_eq!(example, [lines[3], lines[4], lines[16]].concat());
}

#[test]
fn the_table_of_events_names_every_event_and_exactly_its_fields() {
    let rows = table("Events");
    let events = samples::events();
    assert_eq!(rows.len(), events.len());
    for (row, event) in rows.iter().zip(events) {
        assert_eq!(names(&row[0]), [event.name()]);
        let name = event.name();
        let line = Transcript::default().next(CLOCK, event).written();
        let document = Document::read(line.as_bytes()).unwrap();
        let entry = document.root().object().unwrap();
        let event = entry.member("event").and_then(|e| e.object()?.member(name)).unwrap();
        let fields = event.object().unwrap().members().map(|(field, _)| field.into_owned());
        assert_eq!(names(&row[1]), fields.collect::<Vec<_>>(), "{name}");
        assert!(row[2].len() > 20, "{name} is explained");
    }
}

#[test]
fn the_vectors_have_one_failure_each_at_every_layer_of_the_page() {
    let index = read("tests/vectors/transcript/vectors.json");
    let index: serde_json::Value = serde_json::from_str(&index).unwrap();
    let vectors = index["vectors"].as_array().unwrap().iter();
    let told: BTreeSet<String> = table("Reading").iter().map(|row| names(&row[0]).concat()).collect();
    let seen: BTreeSet<String> = vectors.map(|v| v["layer"].as_str().unwrap().to_owned()).collect();
    let caps = BTreeSet::from([String::new(), "caps".to_owned()]);
    assert_eq!(told, seen.symmetric_difference(&caps).cloned().collect());
}

//! How a line is spelled: sorted, compact, ASCII; and every event reads back as it was written.

use std::path::Path;
use std::process::Command;

use tuf_ceremony::document::{Document, Kind, View};
use tuf_ceremony::transcript::event::Event;
use tuf_ceremony::transcript::{Entry, Transcript};

use super::samples::{self, CLOCK};

fn entries() -> Vec<Entry> {
    let mut events = samples::events();
    events.push(Event::Opened(samples::bare().into()));
    let place = |event| Transcript::default().next(CLOCK, event);
    events.into_iter().map(place).collect()
}

fn assert_sorted(view: View<'_>, line: &str) {
    match view.kind() {
        Kind::Object => {
            let members: Vec<_> = view.object().unwrap().members().collect();
            let names: Vec<&str> = members.iter().map(|(name, _)| name.as_ref()).collect();
            assert!(names.is_sorted(), "{names:?} in {line}");
            members.into_iter().for_each(|(_, member)| assert_sorted(member, line));
        }
        Kind::Array => view.array().unwrap().for_each(|element| assert_sorted(element, line)),
        _ => {}
    }
}

#[test]
fn the_fields_of_every_event_are_written_sorted() {
    for entry in entries() {
        let line = entry.written();
        assert_sorted(Document::read(line.as_bytes()).unwrap().root(), &line);
    }
}

#[test]
fn every_event_reads_back_as_it_was_written() {
    for entry in entries() {
        let line = entry.written();
        assert_eq!(Entry::read(line.as_bytes()), Ok(entry), "{line}");
    }
}

#[test]
fn there_is_a_sample_of_every_event_and_each_is_called_what_its_line_says() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/transcript/event.rs");
    let source = std::fs::read_to_string(source).unwrap();
    let body = source.split("pub enum Event {").nth(1).unwrap().split("\n}").next().unwrap();
    let lines = body.lines().map(str::trim).filter(|l| !l.starts_with("//"));
    let variants: Vec<&str> = lines.filter_map(|l| Some(l.split_once('(')?.0)).collect();
    let samples = samples::events();
    let names: Vec<&str> = samples.iter().map(Event::name).collect();
    assert_eq!((variants.len(), &variants), (31, &names));
    for event in samples {
        let name = event.name();
        let line = Transcript::default().next(CLOCK, event).written();
        assert!(line.contains(&format!("\"event\":{{\"{name}\":{{")), "{line}");
    }
}

#[test]
fn a_line_has_the_bytes_that_the_rule_of_the_page_gives() {
    let rule = "json.dumps(o, separators=(\",\", \":\"), sort_keys=True)";
    let page = super::spec::page();
    assert!(page.contains(rule));
    let text: String = entries().iter().map(Entry::written).collect();
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("spelling.transcript.jsonl");
    std::fs::write(&file, &text).unwrap();
    let script = format!("import json,sys\nfor line in sys.stdin:\n o = json.loads(line)\n print({rule})");
    let input = std::fs::File::open(&file).unwrap();
    let out = Command::new("python3").args(["-c", &script]).stdin(input).output().expect("python3 is there");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    assert_eq!(String::from_utf8(out.stdout).unwrap(), text);
}

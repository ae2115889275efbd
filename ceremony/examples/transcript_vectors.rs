//! Writes the vectors of the transcript format:
//! `cargo run -p tuf-ceremony --example transcript_vectors -- tests/vectors/transcript`. The same bytes every time. What each
//! must give is written here by hand; only the whole ones are made by the engine. Run it when a vector is added; those of a
//! released format never change.

#![allow(clippy::unwrap_used, reason = "a tool for the people who write tests")]
#![allow(
    clippy::disallowed_methods,
    reason = "an example is no part of the engine, and this one writes files"
)]

#[path = "transcript_vectors/refused.rs"]
mod refused;
#[path = "../tests/transcript/samples.rs"]
mod samples;

use std::path::Path;

use samples::CLOCK;
use tuf_ceremony::digest::Digest;
use tuf_ceremony::layout::Plain;
use tuf_ceremony::transcript::Transcript;
use tuf_ceremony::transcript::event::Event;

/// One file and what reading it must give.
pub struct Vector {
    /// The file, without its ending.
    pub name: &'static str,
    /// Its bytes.
    pub text: Vec<u8>,
    /// `whole`, `torn` or `refuse`.
    pub expect: &'static str,
    /// Where it is refused; empty for the others.
    pub layer: &'static str,
    /// What is special about it.
    pub what: &'static str,
    /// Words of the refusal.
    pub refusal: &'static str,
    /// Its whole lines; for a refused one, the line that is refused.
    pub lines: u64,
}

/// The lines of these events.
pub fn lines(events: Vec<Event>) -> String {
    let mut transcript = Transcript::default();
    for event in events {
        let entry = transcript.next(CLOCK, event);
        transcript.push(entry).unwrap();
    }
    transcript.text().to_owned()
}

fn accepted() -> Vec<Vector> {
    let row =
        |name, expect, lines, what, text| Vector { name, text, expect, layer: "", what, refusal: "", lines };
    let every = lines(samples::events());
    let first = lines(samples::events()[..1].to_vec());
    let bare = Event::Opened(samples::bare().into());
    let second = every.lines().nth(1).unwrap().to_owned();
    let torn = |piece: &str| format!("{first}{piece}").into_bytes();
    vec![
        row(
            "every-event",
            "whole",
            31,
            "one line of each event, every field filled",
            every.clone().into_bytes(),
        ),
        row(
            "bare",
            "whole",
            1,
            "a first line with everything absent that may be",
            lines(vec![bare]).into_bytes(),
        ),
        row("empty", "whole", 0, "no line yet", vec![]),
        row("torn-first", "torn", 0, "cut off inside its first line", first.as_bytes()[..40].to_vec()),
        row("torn-last", "torn", 1, "cut off inside its second line", torn(&second[..second.len() / 2])),
        row("torn-newline", "torn", 1, "its second line lacks the newline and nothing else", torn(&second)),
        row("torn-zeros", "torn", 1, "a file system left zeros behind the first line", torn("\0\0\0\0")),
    ]
}

fn main() {
    let folder = std::env::args_os().nth(1).expect("name the folder to write into");
    let folder = Path::new(&folder);
    let mut vectors = accepted();
    vectors.extend(refused::all());
    let head = |v: &Vector| {
        let whole = v.text.split_inclusive(|b| *b == b'\n').take(usize::try_from(v.lines).unwrap());
        Digest::of(&whole.collect::<Vec<_>>().concat())
    };
    let row = |v: &Vector| {
        Plain::object([
            ("expect", Plain::text(v.expect)),
            ("file", Plain::text(format!("{}.transcript.jsonl", v.name))),
            ("head", if v.expect == "refuse" { Plain::Null } else { Plain::text(head(v)) }),
            ("layer", Plain::text(v.layer)),
            ("lines", Plain::Number(v.lines)),
            ("refusal", Plain::text(v.refusal)),
            ("what", Plain::text(v.what)),
        ])
    };
    let index = Plain::object([
        ("count", Plain::Number(vectors.len() as u64)),
        ("vectors", Plain::List(vectors.iter().map(row).collect())),
    ]);
    std::fs::write(folder.join("vectors.json"), index.written() + "\n").unwrap();
    for vector in &vectors {
        std::fs::write(folder.join(format!("{}.transcript.jsonl", vector.name)), &vector.text).unwrap();
    }
}

//! Every vector, flipped bytes, and every place at which a file can be cut.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use tuf_ceremony::digest::Digest;
use tuf_ceremony::transcript::{Found, Transcript, TranscriptFault};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/transcript")
}

fn read(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn layer(fault: &TranscriptFault) -> &'static str {
    use tuf_ceremony::transcript::LineFault;
    match fault {
        TranscriptFault::Past(_) => "caps",
        TranscriptFault::Number { .. } | TranscriptFault::Chain { .. } => "chain",
        TranscriptFault::Line { why, .. } => match why {
            LineFault::Past(_) => "caps",
            LineFault::NotALine | LineFault::NotAscii => "text",
            LineFault::Shape { .. } | LineFault::Clock { .. } => "shape",
            LineFault::Spelling => "spelling",
        },
    }
}

fn line_of(fault: &TranscriptFault) -> u64 {
    match fault {
        TranscriptFault::Past(_) => 0,
        TranscriptFault::Line { line, .. }
        | TranscriptFault::Number { line, .. }
        | TranscriptFault::Chain { line, .. } => *line,
    }
}

#[test]
fn every_vector_is_whole_torn_or_refused_as_it_records() {
    let index: serde_json::Value = serde_json::from_slice(&read("vectors.json")).unwrap();
    let vectors = index["vectors"].as_array().unwrap();
    assert_eq!((vectors.len(), index["count"].as_u64().unwrap()), (43, 43));
    let mut seen = BTreeSet::new();
    for vector in vectors {
        let word = |name: &str| vector[name].as_str().unwrap();
        let file = word("file");
        assert!(seen.insert(file), "{file} twice");
        let lines = vector["lines"].as_u64().unwrap();
        let text = read(file);
        let found = match (word("expect"), Transcript::read(&text)) {
            ("whole", Ok(Found::Whole(whole))) => {
                assert_eq!(whole.text().as_bytes(), text, "{file} reads back");
                whole
            }
            ("torn", Ok(Found::Torn { whole, torn })) => {
                assert_eq!([whole.text().as_bytes(), &torn].concat(), text, "{file} loses nothing");
                whole
            }
            ("refuse", Err(fault)) => {
                let refusal = word("refusal");
                assert!(!refusal.is_empty() && fault.to_string().contains(refusal), "{file}: {fault}");
                assert_eq!((layer(&fault), line_of(&fault)), (word("layer"), lines), "{file}: {fault}");
                continue;
            }
            (_, Ok(_)) => panic!("{file} was read: {}", word("what")),
            (_, Err(fault)) => panic!("{file} was refused: {fault}"),
        };
        assert_eq!((found.count(), found.head().to_string().as_str()), (lines, word("head")), "{file}");
    }
}

#[test]
fn no_vector_lies_in_the_folder_that_the_index_does_not_name() {
    let index = String::from_utf8(read("vectors.json")).unwrap();
    let files = std::fs::read_dir(folder()).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
    let transcripts: Vec<String> = files.filter(|f| f != "vectors.json").collect();
    assert_eq!(transcripts.len(), 43);
    for file in transcripts {
        assert!(index.contains(&format!("\"{file}\"")), "{file}");
    }
}

#[test]
fn wherever_a_file_is_cut_the_whole_lines_stand_and_the_rest_is_torn() {
    let text = read("every-event.transcript.jsonl");
    for at in (0..text.len()).filter(|at| at % 11 == 0 || text[at.saturating_sub(2)..*at].contains(&b'\n')) {
        let lines = text[..at].iter().filter(|b| **b == b'\n').count() as u64;
        let (whole, torn) = match Transcript::read(&text[..at]).unwrap() {
            Found::Whole(whole) => (whole, vec![]),
            Found::Torn { whole, torn } => (whole, torn),
        };
        assert_eq!(whole.count(), lines, "cut to {at}");
        assert_eq!([whole.text().as_bytes(), &torn].concat(), text[..at]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn one_changed_byte_anywhere_is_refused_or_changes_the_head(at in any::<prop::sample::Index>(), to in any::<u8>()) {
        let mut text = read("every-event.transcript.jsonl");
        let head = Digest::of(&text);
        let at = at.index(text.len());
        prop_assume!(text[at] != to);
        text[at] = to;
        if let Ok(Found::Whole(other)) = Transcript::read(&text) {
            // Only the last line can change unnoticed by the chain itself: that is what the head on paper is for.
            prop_assert!(text[..at].iter().filter(|b| **b == b'\n').count() == 30);
            prop_assert_ne!(other.head(), head);
        }
    }
}

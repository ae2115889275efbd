//! The chain: heads, the lines that may be added, the names of ceremonies, and the caps.

use std::path::Path;
use std::process::Command;

use tuf_ceremony::digest::Digest;
use tuf_ceremony::limits::{TRANSCRIPT, TRANSCRIPT_LINE, TRANSCRIPT_LINES};
use tuf_ceremony::transcript::event::Event;
use tuf_ceremony::transcript::{Entry, Found, LineFault, Transcript, TranscriptFault, ceremony_id};

use super::samples::{self, CLOCK, digest, note};

fn of(events: Vec<Event>) -> Transcript {
    let mut transcript = Transcript::default();
    for event in events {
        transcript.push(transcript.next(CLOCK, event)).unwrap();
    }
    transcript
}

fn whole(text: &str) -> Transcript {
    match Transcript::read(text.as_bytes()).unwrap() {
        Found::Whole(whole) => whole,
        Found::Torn { .. } => panic!("torn"),
    }
}

#[test]
fn any_head_is_what_head_and_sha256sum_say() {
    let transcript = of(samples::events());
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("heads.transcript.jsonl");
    std::fs::write(&file, transcript.text()).unwrap();
    for lines in [1, 2, 17, 31] {
        let command = format!("head -n {lines} '{}' | sha256sum", file.display());
        let out = Command::new("sh").args(["-c", &command]).output().unwrap();
        let said = String::from_utf8(out.stdout).unwrap();
        assert_eq!(said.split(' ').next().unwrap(), transcript.head_after(lines).unwrap().to_string());
    }
    assert_eq!(transcript.head_after(31), Some(transcript.head()));
    assert_eq!(transcript.machine(), transcript.head_after(1));
    assert_eq!(transcript.machine(), Some(Digest::of(transcript.line(1).unwrap().as_bytes())));
    for (line, entry) in (1..).zip(transcript.entries()) {
        assert_eq!((entry.n, Some(entry.prev)), (line, transcript.head_after(line - 1)));
    }
}

#[test]
fn lines_and_heads_beyond_the_last_are_none_and_before_the_first_nothing() {
    let transcript = of(samples::events());
    assert_eq!((transcript.line(0), transcript.line(32)), (None, None));
    assert_eq!((transcript.first(32), transcript.head_after(32)), (None, None));
    assert_eq!((transcript.first(0), transcript.head_after(0)), (Some(""), Some(Digest::of(b""))));
    assert_eq!((1..=31).map(|n| transcript.line(n).unwrap()).collect::<String>(), transcript.text());
    let empty = Transcript::default();
    assert_eq!((empty.head(), empty.machine(), empty.count()), (Digest::of(b""), None, 0));
}

#[test]
fn a_transcript_built_line_by_line_is_the_one_that_is_read() {
    let built = of(samples::events());
    let read = whole(built.text());
    assert_eq!((read.entries(), read.text()), (built.entries(), built.text()));
    assert_eq!((read.head(), read.machine()), (built.head(), built.machine()));
}

#[test]
fn a_line_that_is_not_the_next_is_not_added() {
    let mut transcript = of(samples::events());
    let before = transcript.text().to_owned();
    let good = transcript.next(CLOCK, Event::Remarked(note("x")));
    let number = Entry { n: 31, ..good.clone() };
    assert_eq!(transcript.push(number), Err(TranscriptFault::Number { line: 32, found: 31 }));
    let elsewhere = Entry { prev: digest("elsewhere"), ..good.clone() };
    let fault = TranscriptFault::Chain { line: 32, before: transcript.head(), claims: digest("elsewhere") };
    assert_eq!(transcript.push(elsewhere), Err(fault));
    let clock = Entry { clock: "2027-03-05 09:00".to_owned(), ..good.clone() };
    let why = LineFault::Clock { clock: "2027-03-05 09:00".to_owned() };
    assert_eq!(transcript.push(clock), Err(TranscriptFault::Line { line: 32, why }));
    assert_eq!(transcript.text(), before);
    assert_eq!(transcript.push(good), Ok(()));
}

/// A remark whose line is so long.
fn long(transcript: &Transcript, bytes: usize) -> Entry {
    let empty = transcript.next(CLOCK, Event::Remarked(note("")));
    let words = "x".repeat(bytes - empty.written().len());
    transcript.next(CLOCK, Event::Remarked(note(&words)))
}

#[test]
fn a_line_as_long_as_the_cap_is_added_and_read_and_a_longer_one_is_neither() {
    let mut transcript = Transcript::default();
    let past = long(&transcript, TRANSCRIPT_LINE.most + 1);
    let why = LineFault::Past(TRANSCRIPT_LINE);
    assert_eq!(Entry::read(past.written().as_bytes()), Err(why.clone()));
    assert_eq!(transcript.push(past), Err(TranscriptFault::Line { line: 1, why }));
    transcript.push(long(&transcript, TRANSCRIPT_LINE.most)).unwrap();
    assert_eq!(whole(transcript.text()).count(), 1);
}

#[test]
fn a_transcript_as_large_as_the_cap_is_read_and_a_larger_one_is_neither_written_nor_read() {
    let mut transcript = Transcript::default();
    while transcript.text().len() + TRANSCRIPT_LINE.most <= TRANSCRIPT.most {
        transcript.push(long(&transcript, TRANSCRIPT_LINE.most)).unwrap();
    }
    assert_eq!(transcript.text().len(), TRANSCRIPT.most);
    let one_more = transcript.next(CLOCK, Event::Remarked(note("x")));
    assert_eq!(transcript.push(one_more), Err(TranscriptFault::Past(TRANSCRIPT)));
    assert_eq!(whole(transcript.text()).head(), transcript.head());
    let past = transcript.text().to_owned() + "x";
    assert_eq!(Transcript::read(past.as_bytes()).unwrap_err(), TranscriptFault::Past(TRANSCRIPT));
}

#[test]
fn as_many_lines_as_the_cap_are_read_and_one_more_is_neither_written_nor_read() {
    let mut transcript = Transcript::default();
    for _ in 0..TRANSCRIPT_LINES.most {
        transcript.push(transcript.next(CLOCK, Event::Remarked(note("x")))).unwrap();
    }
    let one_more = transcript.next(CLOCK, Event::Remarked(note("x")));
    let past = transcript.text().to_owned() + &one_more.written();
    assert_eq!(transcript.push(one_more), Err(TranscriptFault::Past(TRANSCRIPT_LINES)));
    assert_eq!(usize::try_from(whole(transcript.text()).count()), Ok(TRANSCRIPT_LINES.most));
    assert_eq!(Transcript::read(past.as_bytes()).unwrap_err(), TranscriptFault::Past(TRANSCRIPT_LINES));
}

#[test]
fn a_ceremony_is_called_by_its_plan_its_root_whether_it_counts_and_chance() {
    let (plan, root, salt) = (digest("plan"), Some(digest("root")), digest("salt"));
    let text = format!(
        "tuf-ceremony\nplan {plan}\nroot {}\nrehearsal\nsalt {salt}\n",
        "4813494d137e1631bba301d5acab6e7bb7aa74ce1185d456565ef51d737677b2"
    );
    assert_eq!(ceremony_id(plan, root, true, salt), Digest::of(text.as_bytes()));
    let text = format!("tuf-ceremony\nplan {plan}\nroot none\nreal\nsalt {salt}\n");
    assert_eq!(ceremony_id(plan, None, false, salt), Digest::of(text.as_bytes()));
    assert!(super::spec::page().contains("tuf-ceremony\nplan HEX\nroot HEX\nreal\nsalt HEX\n"));
}

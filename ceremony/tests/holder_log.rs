//! The holder's log: what it remembers, every vector, and its cap.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test stops at the first surprise")]

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use tuf_ceremony::digest::Digest;
use tuf_ceremony::holder_log::{HolderLog, HolderLogFault, Intent};
use tuf_ceremony::key::Fingerprint;
use tuf_ceremony::limits::HOLDER_LOG;

const CLOCK: &str = "2027-03-05T09:00:00Z";

fn intent(key: &str, role: &str, version: u64, payload: &str) -> Intent {
    let key = Fingerprint::from_hex(&Digest::of(key.as_bytes()).to_string()).unwrap();
    let payload = Digest::of(payload.as_bytes());
    Intent { ceremony: None, key, payload, role: role.to_owned(), title: None, version }
}

fn log_of(intents: &[Intent]) -> HolderLog {
    let mut log = HolderLog::default();
    for intent in intents {
        log.append(CLOCK, intent.clone(), None).unwrap();
    }
    log
}

#[test]
fn a_second_payload_for_the_same_key_role_and_version_is_a_conflict() {
    let first = intent("k", "root", 2, "one");
    let mut log = log_of(std::slice::from_ref(&first));
    let second = intent("k", "root", 2, "two");
    let earlier = Digest::of(b"one");
    let found = log.conflict(second.key, "root", 2, second.payload).unwrap();
    assert_eq!((found.payload, found.n), (earlier, 1));
    let before = log.text().to_owned();
    let conflict = HolderLogFault::Conflict { role: "root".to_owned(), version: 2, earlier };
    assert_eq!(log.append(CLOCK, second.clone(), None).unwrap_err(), conflict);
    assert_eq!(log.append(CLOCK, second.clone(), Some(second.payload)).unwrap_err(), conflict);
    assert_eq!(log.text(), before, "nothing was added");
    assert_eq!(log.append(CLOCK, second.clone(), Some(earlier)).unwrap().over, Some(earlier));
    let again = log.conflict(first.key, "root", 2, first.payload).unwrap();
    assert_eq!(again.payload, second.payload, "the one before is a conflict too, now");
}

#[test]
fn the_same_payload_again_and_other_keys_roles_and_versions_are_none() {
    let log = log_of(&[intent("k", "root", 2, "one")]);
    let fine = [
        intent("k", "root", 2, "one"),
        intent("l", "root", 2, "two"),
        intent("k", "targets", 2, "two"),
        intent("k", "root", 3, "two"),
    ];
    for other in fine {
        assert_eq!(log.conflict(other.key, &other.role, other.version, other.payload), None);
        log.clone().append(CLOCK, other.clone(), None).unwrap();
        let nothing = log.clone().append(CLOCK, other, Some(Digest::of(b"x"))).unwrap_err();
        assert_eq!(nothing, HolderLogFault::Over { line: 2 });
    }
}

#[test]
fn what_is_written_is_read_and_gone_on_with() {
    let written = log_of(&[intent("k", "root", 2, "one"), intent("k", "targets", 9, "two")]);
    let mut read = HolderLog::read(written.text().as_bytes()).unwrap();
    assert_eq!((read.entries(), read.head()), (written.entries(), written.head()));
    assert_eq!(read.head(), Digest::of(written.text().as_bytes()));
    read.append(CLOCK, intent("k", "root", 3, "three"), None).unwrap();
    assert_eq!(HolderLog::read(read.text().as_bytes()).unwrap().entries().len(), 3);
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/holder-log")
}

#[test]
fn every_vector_is_accepted_or_refused_as_it_records() {
    let index: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder().join("vectors.json")).unwrap()).unwrap();
    let vectors = index["vectors"].as_array().unwrap();
    assert_eq!(vectors.len(), 18);
    let files = std::fs::read_dir(folder()).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
    assert_eq!(files.filter(|f| f.ends_with(".log.jsonl")).count(), 18);
    for vector in vectors {
        let file = vector["file"].as_str().unwrap();
        let text = std::fs::read(folder().join(file)).unwrap();
        match (HolderLog::read(&text), vector["refusal"].as_str().unwrap()) {
            (Ok(log), "") => assert_eq!(log.text().as_bytes(), text, "{file}"),
            (Err(fault), words) => {
                assert!(!words.is_empty() && fault.to_string().contains(words), "{file}: {fault}")
            }
            (Ok(_), words) => panic!("{file} was accepted: {words}"),
        }
    }
}

#[test]
fn the_example_of_the_page_is_a_vector() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/spec/holder-log.md");
    let page = std::fs::read_to_string(page).unwrap();
    let example = page.split("```json\n").nth(1).unwrap().split("```").next().unwrap();
    assert_eq!(example, std::fs::read_to_string(folder().join("two.log.jsonl")).unwrap());
}

#[test]
fn a_log_at_its_cap_is_read_and_one_past_it_is_not() {
    let long = |bytes: usize| Intent { title: Some("t".repeat(bytes)), ..intent("k", "root", 1, "one") };
    let fixed = log_of(&[long(0)]).text().len();
    let mut full = log_of(&[long(HOLDER_LOG.most - fixed)]);
    assert_eq!(full.text().len(), HOLDER_LOG.most);
    assert!(HolderLog::read(full.text().as_bytes()).is_ok());
    let past = HolderLogFault::Past(HOLDER_LOG);
    assert_eq!(full.append(CLOCK, intent("k", "root", 2, "one"), None).unwrap_err(), past);
    let over = HolderLog::default().append(CLOCK, long(HOLDER_LOG.most - fixed + 1), None).map(|_| ());
    assert_eq!(over, Err(past.clone()));
    assert_eq!(HolderLog::read(&vec![b' '; HOLDER_LOG.most + 1]).unwrap_err(), past);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn a_changed_byte_before_the_last_line_is_noticed(at in any::<prop::sample::Index>(), to in any::<u8>()) {
        let mut text = std::fs::read(folder().join("two.log.jsonl")).unwrap();
        let first = text.iter().position(|b| *b == b'\n').unwrap();
        let at = at.index(first);
        prop_assume!(text[at] != to);
        text[at] = to;
        prop_assert!(HolderLog::read(&text).is_err());
    }
}

//! Deltas (`docs/spec/delta.md`): one delta has one text, and each refusal is a sentence.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test stops at the first surprise")]

use std::borrow::Cow;
use std::collections::BTreeMap;

use proptest::prelude::*;
use tuf_ceremony::delta::{Added, Delta, DeltaFault, Found, TargetDifference, WriteFault, Writer};
use tuf_ceremony::digest::Digest;

fn file(path: &str) -> Added<'_> {
    let sha512 = Some(Cow::Owned("0f".repeat(64)));
    Added { path: path.into(), length: path.len() as u64, sha256: Digest::of(path.as_bytes()), sha512 }
}

fn written(roles: &[(&str, &[&str])]) -> Result<String, WriteFault> {
    let mut writer = Writer::into(String::new())?;
    for (role, paths) in roles {
        writer.role(role)?;
        paths.iter().try_for_each(|path| writer.add(&file(path)))?;
    }
    writer.finish()
}

fn text() -> String {
    // A quote sorts before a slash, and both before what is no ASCII.
    written(&[("app", &["a"]), ("targets", &["a\"b", "a/b", "é"])]).unwrap()
}

#[track_caller]
fn refused(old: &str, new: &str, sentence: &str) {
    let text = text();
    assert!(text.contains(old), "{old:?} is not in {text}");
    assert_eq!(Delta::read(text.replacen(old, new, 1)).unwrap_err().to_string(), sentence);
}

const NOT_OURS: &str =
    "it is not written as a delta is written: it holds something unknown or in another layout";

#[test]
fn a_delta_reads_back_what_was_written() {
    let text = text();
    let delta = Delta::read(text.clone()).unwrap();
    assert_eq!(delta.roles().collect::<Vec<_>>(), ["app", "targets"]);
    let paths: Vec<_> = delta.added("targets").collect();
    assert_eq!(paths, [file("a\"b"), file("a/b"), file("é")]);
    assert_eq!(delta.added("none").count(), 0);
    assert_eq!(delta.document().text(), text);
}

#[test]
fn a_delta_may_leave_out_the_longer_hash() {
    let mut writer = Writer::into(String::new()).unwrap();
    writer.role("targets").unwrap();
    writer.add(&Added { sha512: None, ..file("a") }).unwrap();
    let text = writer.finish().unwrap();
    assert!(!text.contains("sha512"));
    assert_eq!(Delta::read(text).unwrap().added("targets").next().unwrap().sha512, None);
}

#[test]
fn a_delta_has_the_layout_that_python_writes() {
    let text = text();
    let script = "import json,sys; print(json.dumps(json.load(sys.stdin), indent=1, sort_keys=True))";
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("delta.json");
    std::fs::write(&path, &text).unwrap();
    let out = std::process::Command::new("python3")
        .args(["-c", script])
        .stdin(std::fs::File::open(&path).unwrap())
        .output()
        .expect("python3 is there");
    assert_eq!(String::from_utf8(out.stdout).unwrap(), text);
}

#[test]
fn roles_and_paths_are_written_in_order_and_once() {
    let out_of_order = |roles: &[(&str, &[&str])]| written(roles).unwrap_err().to_string();
    assert_eq!(out_of_order(&[("b", &["x"]), ("a", &["x"])]), "the role \"a\" is not in order");
    assert_eq!(out_of_order(&[("a", &["x"]), ("a", &["y"])]), "the role \"a\" is not in order");
    assert_eq!(out_of_order(&[("a", &["y", "x"])]), "the path \"x\" is not in order");
    assert_eq!(out_of_order(&[("a", &["x", "x"])]), "the path \"x\" is not in order");
    let before_a_role = Writer::into(String::new()).unwrap().add(&file("x")).unwrap_err();
    assert_eq!(before_a_role, WriteFault::NoRole);
}

#[test]
fn a_delta_or_a_role_that_adds_nothing_is_refused() {
    assert_eq!(written(&[]).unwrap_err().to_string(), "it adds nothing");
    assert_eq!(written(&[("a", &[])]).unwrap_err().to_string(), "it adds nothing to \"a\"");
    assert_eq!(written(&[("a", &[]), ("b", &["x"])]).unwrap_err().to_string(), "it adds nothing to \"a\"");
    let empty = r#"{"_type":"tuf-ceremony-delta","format":1,"roles":{}}"#;
    assert!(matches!(Delta::read(empty), Err(DeltaFault::NotOurText | DeltaFault::Entry(_))));
}

#[test]
fn a_role_that_gets_no_files_is_refused() {
    for role in ["root", "snapshot", "timestamp", "", ".a", "a/b", "a\\b"] {
        let sentence = written(&[(role, &["x"])]).unwrap_err().to_string();
        assert_eq!(sentence, format!("{role:?} is no role that files can be added to"));
    }
}

#[test]
fn a_path_that_clients_do_not_take_alike_is_refused() {
    for path in ["", "/a", "a//b", "a/", "../a", "a/./b", "a\\b", "a\nb"] {
        let sentence = written(&[("targets", &[path])]).unwrap_err().to_string();
        assert!(sentence.starts_with(&format!("{path:?} is no path of a target: ")), "{sentence}");
    }
}

#[test]
fn a_hash_that_is_none_is_refused() {
    let digest = Digest::of(b"a").to_string();
    refused(
        &digest,
        &digest.to_uppercase(),
        "the SHA-256 of \"a\" is refused: a SHA-256 digest is 64 lower-case hex digits",
    );
    let long = "0f".repeat(64);
    for odd in [long[1..].to_owned(), long.to_uppercase(), String::new()] {
        refused(&long, &odd, "the SHA-512 of \"a\" is not 128 lower-case hex digits");
    }
}

#[test]
fn another_type_or_format_is_refused() {
    refused("tuf-ceremony-delta", "root", "it is no delta: its `_type` is \"root\"");
    refused("\"format\": 1", "\"format\": 2", "it is a delta of format 2, and this version reads format 1");
}

#[test]
fn anything_unknown_or_in_another_layout_is_refused() {
    refused("\"length\": 1\n", "\"length\": 1,\n     \"custom\": {}\n", NOT_OURS);
    refused("{\n \"_type\"", "{\n  \"_type\"", NOT_OURS);
    refused("\"format\": 1,", "\"format\": 1,\n \"more\": 1,", NOT_OURS);
    refused("\\u00e9", "é", NOT_OURS);
    let text = text();
    for odd in [text.trim_end().to_owned(), format!("{text}\n")] {
        assert_eq!(Delta::read(odd).unwrap_err(), DeltaFault::NotOurText);
    }
}

#[test]
fn a_missing_member_and_one_of_another_kind_are_named() {
    refused("\"roles\"", "\"role\"", "the delta has no \"roles\"");
    refused("\"length\": 1", "\"size\": 1", "an entry has no \"length\"");
    refused("\"length\": 1", "\"length\": -1", "length is -1, not a whole number from 0 up");
    let entry = r#"{"_type":"tuf-ceremony-delta","format":1,"roles":{"a":{"targets":{"x":1}}}}"#;
    assert!(matches!(Delta::read(entry), Err(DeltaFault::NotOurText | DeltaFault::Shape(_))));
}

#[test]
fn a_hundred_thousand_entries_are_read_without_a_second_copy() {
    let mut writer = Writer::into(String::new()).unwrap();
    writer.role("targets").unwrap();
    let paths: Vec<String> = (0..100_000).map(|n| format!("folder/{n:06}.bin")).collect();
    paths.iter().try_for_each(|path| writer.add(&file(path))).unwrap();
    let delta = Delta::read(writer.finish().unwrap()).unwrap();
    assert!(delta.added("targets").map(|added| added.path.into_owned()).eq(paths));
}

proptest! {
    #[test]
    fn what_is_written_reads_back(
        roles in proptest::collection::btree_map("[a-z]{1,4}", proptest::collection::btree_map("[a-zé\"]{1,6}", any::<u64>(), 1..4), 1..4)
    ) {
        let mut writer = Writer::into(String::new()).unwrap();
        for (role, files) in &roles {
            writer.role(role).unwrap();
            for (path, length) in files {
                writer.add(&Added { length: *length, ..file(path) }).unwrap();
            }
        }
        let delta = Delta::read(writer.finish().unwrap()).unwrap();
        let read: BTreeMap<String, BTreeMap<String, u64>> = delta
            .roles()
            .map(|role| (role.to_string(), delta.added(&role).map(|a| (a.path.into_owned(), a.length)).collect()))
            .collect();
        prop_assert_eq!(read, roles);
    }

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(Delta::read(bytes).is_err());
    }

    #[test]
    fn one_byte_changed_is_refused_or_another_delta(at in any::<prop::sample::Index>(), put in any::<u8>()) {
        let mut bytes = text().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = put;
        if let Ok(delta) = Delta::read(bytes.clone()) {
            prop_assert_eq!(delta.document().text().as_bytes(), bytes);
        }
    }
}

#[test]
fn files_that_were_found_are_compared_with_what_each_role_gets() {
    let delta =
        Delta::read(written(&[("app", &["a", "both"]), ("targets", &["both", "c"])]).unwrap()).unwrap();
    let found = |path: &str| Found { length: path.len() as u64, sha256: Digest::of(path.as_bytes()) };
    let mut there: BTreeMap<String, Found> =
        ["a", "both", "c"].map(|path| (path.to_owned(), found(path))).into();
    assert_eq!(delta.differences(&there), []);
    let (longer, other) =
        (Found { length: 5, ..found("both") }, Found { sha256: Digest::of(b"x"), ..found("c") });
    there.remove("a");
    there.extend([("both".to_owned(), longer), ("c".to_owned(), other), ("d".to_owned(), other)]);
    let altered = |role: &str, path: &str, now: Found| TargetDifference::Altered {
        role: role.to_owned(),
        path: path.to_owned(),
        added: found(path),
        found: now,
    };
    assert_eq!(
        delta.differences(&there),
        [
            TargetDifference::Missing { role: "app".to_owned(), path: "a".to_owned() },
            altered("app", "both", longer),
            altered("targets", "both", longer),
            altered("targets", "c", other),
            TargetDifference::NotAdded { path: "d".to_owned() },
        ]
    );
}

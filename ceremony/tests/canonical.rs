//! Every canonical-JSON vector of the corpus, and the caps of the reader at and past their value.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test stops at the first surprise")]

use std::path::PathBuf;

use tuf_ceremony::canonical;
use tuf_ceremony::document::{Document, ReadProblem};
use tuf_ceremony::limits::{DEPTH, DOCUMENT, INTEGER_DIGITS, Limit};

fn vectors() -> Vec<serde_json::Value> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/corpus/canonical-json/vectors.json");
    let text = std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut file: serde_json::Value = serde_json::from_slice(&text).unwrap();
    let count = usize::try_from(file["count"].as_u64().unwrap()).unwrap();
    let vectors: Vec<_> = file["vectors"].as_array_mut().unwrap().drain(..).collect();
    assert_eq!((vectors.len(), count), (167, 167));
    vectors
}

fn input(vector: &serde_json::Value) -> Vec<u8> {
    if let Some(hex) = vector["input_hex"].as_str() {
        return hex::decode(hex).unwrap();
    }
    let parts = vector["input_repeat"].as_array().unwrap();
    let parts =
        parts.chunks(2).map(|p| (p[0].as_str().unwrap(), usize::try_from(p[1].as_u64().unwrap()).unwrap()));
    parts.flat_map(|(hex, times)| hex::decode(hex).unwrap().repeat(times)).collect()
}

/// The class of a refusal, in the corpus' words.
fn class(problem: &ReadProblem) -> &'static str {
    match problem {
        ReadProblem::Float => "float",
        ReadProblem::NotANumber => "nan",
        ReadProblem::DuplicateName { .. } => "duplicate-key",
        ReadProblem::LoneSurrogate => "lone-surrogate",
        ReadProblem::NotUtf8 | ReadProblem::OtherEncoding => "not-utf8",
        ReadProblem::Past(DEPTH) => "too-deep",
        ReadProblem::Past(_) => "past another limit",
        ReadProblem::Empty
        | ReadProblem::ByteOrderMark
        | ReadProblem::CutOff { .. }
        | ReadProblem::Unexpected { .. }
        | ReadProblem::ControlByte { .. }
        | ReadProblem::BadEscape => "not-json",
    }
}

#[test]
fn every_accepted_vector_has_the_same_canonical_bytes() {
    let mut seen = 0;
    for vector in vectors() {
        let Some(want) = vector["expect"]["canonical_hex"].as_str() else { continue };
        let document = Document::read(input(&vector)).unwrap_or_else(|e| panic!("{}: {e}", vector["id"]));
        let bytes = canonical::bytes(document.root());
        assert_eq!(hex::encode(&bytes), want, "{}", vector["id"]);
        let (digest, length) = canonical::digest(document.root());
        assert_eq!(digest.to_string(), vector["expect"]["sha256"].as_str().unwrap());
        assert_eq!(length, bytes.len() as u64);
        seen += 1;
    }
    assert_eq!(seen, 126);
}

#[test]
fn every_rejected_vector_is_refused_for_its_reason_and_with_a_place() {
    let mut seen = 0;
    for vector in vectors() {
        let Some(want) = vector["expect"]["reject"].as_str() else { continue };
        let fault = Document::read(input(&vector)).expect_err(vector["id"].as_str().unwrap());
        assert_eq!(class(&fault.problem), want, "{}: {fault}", vector["id"]);
        assert!(fault.at.line >= 1 && fault.at.column >= 1);
        seen += 1;
    }
    assert_eq!(seen, 41);
}

#[test]
fn a_refusal_names_line_column_and_byte() {
    let fault = Document::read(&b"{\"\xc3\xa9\": 1,\n \"b\": 2.5}"[..]).unwrap_err();
    assert_eq!(fault.problem, ReadProblem::Float);
    assert_eq!((fault.at.byte, fault.at.line, fault.at.column), (16, 2, 7));
    let fault = Document::read(&b"{\"a\": 1, \"b\": 2, \"\\u0061\": 3}"[..]).unwrap_err();
    assert_eq!(fault.problem, ReadProblem::DuplicateName { name: "a".into() });
    assert_eq!(fault.at.byte, 17);
}

#[test]
fn depth_digits_and_size_are_read_at_the_cap_and_refused_past_it() {
    let nested = |n: usize| [b"[".repeat(n), b"]".repeat(n)].concat();
    assert!(Document::read(nested(DEPTH.most)).is_ok());
    assert_eq!(Document::read(nested(DEPTH.most + 1)).unwrap_err().problem, ReadProblem::Past(DEPTH));
    let objects = |n: usize| [b"{\"a\":".repeat(n), b"1".to_vec(), b"}".repeat(n)].concat();
    assert!(Document::read(objects(DEPTH.most)).is_ok());
    assert_eq!(Document::read(objects(DEPTH.most + 1)).unwrap_err().problem, ReadProblem::Past(DEPTH));
    let digits = |n: usize| b"9".repeat(n);
    assert!(Document::read(digits(INTEGER_DIGITS.most)).is_ok());
    let past = Document::read(digits(INTEGER_DIGITS.most + 1)).unwrap_err();
    assert_eq!(past.problem, ReadProblem::Past(INTEGER_DIGITS));
    let small = Limit { most: 4, ..DOCUMENT };
    assert!(Document::read_within(&b"1234"[..], small).is_ok());
    assert_eq!(Document::read_within(&b"12345"[..], small).unwrap_err().problem, ReadProblem::Past(small));
}

#[test]
fn members_keep_the_order_of_the_file_and_are_found_by_decoded_name() {
    let document = Document::read(&br#"{"b":1,"a\n":2,"":{"x":[1,"\u00e9"]},"a":3}"#[..]).unwrap();
    let object = document.root().object().unwrap();
    let names: Vec<_> = object.members().map(|(name, _)| name.into_owned()).collect();
    assert_eq!(names, ["b", "a\n", "", "a"]);
    let sorted: Vec<_> = object.sorted().map(|(name, _)| name.into_owned()).collect();
    assert_eq!(sorted, ["", "a", "a\n", "b"]);
    assert_eq!(object.member("a\n").unwrap().text(), "2");
    assert!(object.member("c").is_none());
    let inner = object.member("").unwrap();
    assert_eq!(inner.text(), "{\"x\":[1,\"\\u00e9\"]}");
    let elements: Vec<_> = inner.object().unwrap().member("x").unwrap().array().unwrap().collect();
    assert_eq!(elements[1].string().unwrap(), "é");
}

#[test]
fn same_ignores_layout_and_escapes_and_nothing_else() {
    let same = |a: &str, b: &str| {
        let (a, b) = (Document::read(a.as_bytes()).unwrap(), Document::read(b.as_bytes()).unwrap());
        let same = a.root().same(b.root());
        assert_eq!(same, canonical::bytes(a.root()) == canonical::bytes(b.root()));
        same
    };
    assert!(same(r#"{"a":[1,-0],"b":"\u00e9"}"#, r#"{ "b" : "é", "a" : [ 1 , 0 ] }"#));
    for other in
        [r#"{"a":[1,0],"b":"e"}"#, r#"{"a":[1],"b":"é"}"#, r#"{"a":[1,0,0],"b":"é"}"#, r#"{"a":[1,0]}"#]
    {
        assert!(!same(r#"{"a":[1,0],"b":"é"}"#, other), "{other}");
    }
    assert!(!same("true", "false"));
    assert!(!same("1", "\"1\""));
}

#[test]
fn the_example_of_the_page_has_the_canonical_form_that_stands_there() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/spec/canonical.md");
    let page = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let block = |kind: &str| {
        let after = page.split(&format!("```{kind}\n")).nth(1).unwrap();
        after.split("\n```").next().unwrap().to_owned()
    };
    let document = Document::read(block("json").into_bytes()).unwrap();
    assert_eq!(String::from_utf8(canonical::bytes(document.root())).unwrap(), block("text"));
    assert!(page.contains(&format!("\n{} bytes: ", block("text").len())));
}

#[test]
fn every_member_is_found_whether_or_not_an_object_needs_an_index() {
    for count in [0, 1, 2, 15, 16, 17, 40] {
        let sorted: Vec<String> = (0..count).map(|n| format!("k{n:03}")).collect();
        let reversed: Vec<String> = sorted.iter().rev().cloned().collect();
        for order in [&sorted, &reversed] {
            // Each value holds an object of its own, so that stepping over members is tried too.
            let members: Vec<String> =
                order.iter().map(|k| format!("\"{k}\":{{\"z\":1,\"a\":\"{k}\"}}")).collect();
            let document = Document::read(format!("[{{{}}},7]", members.join(",")).into_bytes()).unwrap();
            let object = document.root().array().unwrap().next().unwrap().object().unwrap();
            assert_eq!((object.len(), object.is_empty()), (count, count == 0));
            for name in order {
                let inner = object.member(name).unwrap().object().unwrap();
                assert_eq!(inner.member("a").unwrap().string().unwrap(), name.as_str());
            }
            for absent in ["", "k", "k0000", "zzz"] {
                assert!(object.member(absent).is_none(), "{absent}");
            }
            assert_eq!(object.sorted().map(|(k, _)| k.into_owned()).collect::<Vec<_>>(), sorted);
            assert_eq!(&object.members().map(|(k, _)| k.into_owned()).collect::<Vec<_>>(), order);
            assert_eq!(document.root().array().unwrap().last().unwrap().text(), "7");
        }
    }
}

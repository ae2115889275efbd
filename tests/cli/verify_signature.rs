//! `verify signature` over every vector, with key objects and with PEM files.

use serde_json::Value;

use crate::refusal::refused;
use crate::stage::{Desk, Done, corpus, expectations};

/// What was decided where the vectors leave it open; `docs/spec/keys.md` says why.
const DECISIONS: [(&str, &str); 5] = [
    ("sig-017", "malformed"), // hex with spaces
    ("sig-025", "weak-key"),  // Ed25519 key of small order
    ("sig-055", "ok"),        // the point in hex, keytype ecdsa
    ("sig-075", "ok"),        // a salt of 20 bytes
    ("sig-085", "weak-key"),  // 1024 bits
];

/// The key of `sig-020` as OpenSSL writes it.
const ED25519_PEM: &str = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAHuGCHvbL0NGCjtB5inVPoAXOszqz+LOn90jdl9Lmu3E=\n-----END PUBLIC KEY-----\n";

fn vectors() -> Vec<Value> {
    let vectors = expectations(&corpus("signatures/vectors.json"))["vectors"].as_array().unwrap().clone();
    assert_eq!(vectors.len(), 40);
    vectors
}

fn vector(id: &str) -> Value {
    vectors().into_iter().find(|v| v["id"] == id).unwrap()
}

fn verify(desk: &Desk, key: &str, scheme: &str, vector: &Value, options: &[&str]) -> Done {
    desk.put("message", hex::decode(vector["message_hex"].as_str().unwrap()).unwrap());
    let sig = vector["sig"].as_str().unwrap();
    let fixed =
        ["verify", "signature", "--key", key, "--scheme", scheme, "--message", "message", "--sig", sig];
    desk.run(fixed.iter().chain(options))
}

fn by_its_key_object(desk: &Desk, vector: &Value, options: &[&str]) -> Done {
    desk.put("key.json", vector["key"].to_string());
    verify(desk, "key.json", vector["key"]["scheme"].as_str().unwrap(), vector, options)
}

#[test]
fn every_vector_is_accepted_or_refused_as_recorded_or_decided() {
    let (desk, mut open) = (Desk::new(), 0);
    for vector in vectors() {
        let id = vector["id"].as_str().unwrap();
        let done = by_its_key_object(&desk, &vector, &["--json"]);
        assert_eq!(done.err(), "", "{id}: a judgement is a result, not a fault");
        let facts = done.json();
        let verdict = facts["verdict"].as_str().unwrap();
        match vector["expect"].as_str().unwrap() {
            "accept" => assert_eq!(verdict, "ok", "{id}: {facts}"),
            "reject" => assert!(["bad-signature", "malformed"].contains(&verdict), "{id}: {facts}"),
            "either" => {
                assert_eq!(DECISIONS.iter().find(|(other, _)| *other == id), Some(&(id, verdict)));
                open += 1;
            }
            other => panic!("{id} expects {other}"),
        }
        assert_eq!(facts["ok"], verdict == "ok", "{id}");
        assert_eq!(facts["why"].is_null(), verdict == "ok", "{id}: a refusal has its reason");
        assert_eq!(done.code, Some(i32::from(verdict != "ok")), "{id}");
    }
    assert_eq!(open, DECISIONS.len());
}

#[test]
fn people_read_one_sentence() {
    let desk = Desk::new();
    assert_eq!(by_its_key_object(&desk, &vector("sig-020"), &[]).good().out(), "The signature is valid.\n");
    let bad = by_its_key_object(&desk, &vector("sig-002"), &[]);
    assert_eq!((bad.code, bad.err().as_str()), (Some(1), ""));
    assert!(bad.out().starts_with("The signature does NOT count (bad-signature): "), "{}", bad.out());
    assert_eq!(bad.out().lines().count(), 1);
}

#[test]
fn a_pem_file_serves_as_well_and_is_the_same_key() {
    let desk = Desk::new();
    for (id, scheme) in [
        ("sig-054", "ecdsa-sha2-nistp256"),
        ("sig-058", "ecdsa-sha2-nistp256"),
        ("sig-064", "ecdsa-sha2-nistp384"),
        ("sig-071", "rsassa-pss-sha256"),
        ("sig-020", "ed25519"),
    ] {
        let vector = vector(id);
        let by_object = by_its_key_object(&desk, &vector, &["--json"]).good().json();
        let in_object = vector["key"]["keyval"]["public"].as_str().unwrap();
        desk.put("key.pem", if scheme == "ed25519" { ED25519_PEM } else { in_object });
        let by_pem = verify(&desk, "key.pem", scheme, &vector, &["--json"]).good().json();
        assert_eq!(by_pem, by_object, "{id}: fingerprint and all");
        let mut other = vector.clone();
        other["message_hex"] = "00".into();
        assert_eq!(verify(&desk, "key.pem", scheme, &other, &[]).code, Some(1), "{id}: over other bytes");
    }
}

#[test]
fn a_pem_of_another_kind_than_the_scheme_does_not_count() {
    let desk = Desk::new();
    desk.put("key.pem", ED25519_PEM);
    let done = verify(&desk, "key.pem", "ecdsa-sha2-nistp256", &vector("sig-020"), &["--json"]);
    assert_eq!((done.code, &done.json()["verdict"]), (Some(1), &"malformed".into()));
}

#[test]
fn a_scheme_that_nobody_knows_is_a_question_of_usage() {
    let desk = Desk::new();
    desk.put("key.json", vector("sig-020")["key"].to_string());
    for scheme in ["ed25518", "", "rsa", "ED25519", "\u{1b}[2J"] {
        let done = verify(&desk, "key.json", scheme, &vector("sig-020"), &[]);
        let fault = refused(&done, 2);
        assert!(fault.error.contains("is not a scheme"), "{}", fault.error);
        assert!(fault.now.contains("ecdsa-sha2-nistp256"), "the advice lists them: {}", fault.now);
    }
}

#[test]
fn the_scheme_must_be_the_key_files_own() {
    let desk = Desk::new();
    desk.put("key.json", vector("sig-071")["key"].to_string());
    let done = verify(&desk, "key.json", "rsassa-pss-sha512", &vector("sig-071"), &[]);
    let fault = refused(&done, 1);
    assert!(fault.error.contains("is for rsassa-pss-sha256, not for rsassa-pss-sha512"), "{}", fault.error);
}

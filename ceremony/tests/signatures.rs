//! Every vector of `tests/corpus/signatures` at the level of one key and one signature. The vectors come from
//! other implementations; where they say `either`, `DECISIONS` says what we do and `docs/spec/keys.md` why.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

use std::path::Path;

use serde_json::Value;
use tuf_ceremony::key::encoding::signature_from_hex;
use tuf_ceremony::key::{KeyProblem, PublicKey, SignatureProblem};

/// What we decided where the specification leaves it open: the vector, its note, and the outcome.
const DECISIONS: [(&str, &str, &str); 5] = [
    ("sig-017", "hex with spaces", "malformed"),
    ("sig-025", "small-order public key (identity), R = identity, S = 0", "weak-key"),
    ("sig-055", "public key as hex of the uncompressed point", "ok"),
    ("sig-075", "salt of 20", "ok"),
    ("sig-085", "1024-bit key", "weak-key"),
];

/// Refusals that must happen before any arithmetic on the message, and the word each gets. All other refusals of
/// the corpus are `bad-signature`.
const NOT_EVEN_SIGNATURES: [(&str, &str); 14] = [
    ("sig-004", "malformed"), // 63 bytes
    ("sig-006", "malformed"), // R is a point of small order
    ("sig-013", "malformed"), // odd number of digits
    ("sig-015", "malformed"), // 0x
    ("sig-028", "malformed"), // scheme of another keytype
    ("sig-032", "malformed"), // raw r || s
    ("sig-034", "malformed"), // long-form length
    ("sig-036", "malformed"), // leading zero
    ("sig-038", "malformed"), // r = 0
    ("sig-040", "malformed"), // r = s = 0
    ("sig-042", "malformed"), // s = n
    ("sig-044", "malformed"), // one integer
    ("sig-067", "malformed"), // P-384 key under the P-256 scheme
    ("sig-081", "malformed"), // one byte short of the modulus
];

enum Problem {
    Key(KeyProblem),
    Signature(SignatureProblem),
}

impl Problem {
    fn verdict(&self) -> &'static str {
        match self {
            Self::Key(problem) => problem.verdict(),
            Self::Signature(problem) => problem.verdict(),
        }
    }
}

fn vectors() -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/corpus/signatures/vectors.json");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let file: Value = serde_json::from_str(&text).unwrap();
    file["vectors"].as_array().unwrap().clone()
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_else(|| panic!("{field} in {value}"))
}

fn judge(vector: &Value) -> Result<(), Problem> {
    let key = &vector["key"];
    let key = PublicKey::read(text(key, "keytype"), key["scheme"].as_str(), text(&key["keyval"], "public"))
        .map_err(Problem::Key)?;
    let signature = signature_from_hex(text(vector, "sig")).map_err(Problem::Signature)?;
    let message = hex::decode(text(vector, "message_hex")).unwrap();
    key.verify(&message, &signature).map_err(Problem::Signature)
}

fn expected(vector: &Value) -> &'static str {
    let id = text(vector, "id");
    match text(vector, "expect") {
        "accept" => "ok",
        "reject" => NOT_EVEN_SIGNATURES
            .iter()
            .find(|(other, _)| *other == id)
            .map_or("bad-signature", |(_, word)| word),
        "either" => {
            let (_, note, word) = DECISIONS
                .iter()
                .find(|(other, ..)| *other == id)
                .unwrap_or_else(|| panic!("nothing is decided for {id}"));
            assert_eq!(text(vector, "note"), *note, "{id}");
            word
        }
        other => panic!("{id} expects {other}"),
    }
}

#[test]
fn every_vector_is_judged_as_recorded_or_as_decided() {
    let vectors = vectors();
    assert_eq!(vectors.len(), 40);
    for vector in &vectors {
        let verdict = judge(vector).map_or_else(|problem| problem.verdict(), |()| "ok");
        assert_eq!(verdict, expected(vector), "{}: {}", text(vector, "id"), text(vector, "note"));
    }
}

#[test]
fn each_decision_is_about_an_open_vector_and_each_open_vector_has_one() {
    let vectors = vectors();
    let mut open: Vec<&str> = vectors
        .iter()
        .filter(|vector| text(vector, "expect") == "either")
        .map(|vector| text(vector, "id"))
        .collect();
    open.sort_unstable();
    assert_eq!(open, DECISIONS.map(|(id, ..)| id));
}

#[test]
fn an_accepted_signature_is_refused_once_any_byte_of_the_message_or_of_itself_is_flipped() {
    for vector in vectors().iter().filter(|vector| text(vector, "expect") == "accept") {
        let mut changed = vector.clone();
        let flip = |text: &str, at: usize| {
            let mut bytes = hex::decode(text).unwrap();
            let at = at % bytes.len();
            bytes[at] ^= 1;
            Value::String(hex::encode(bytes))
        };
        for at in [0, 1, 7, 40, usize::MAX] {
            for field in ["message_hex", "sig"] {
                changed[field] = flip(text(vector, field), at);
                assert!(judge(&changed).is_err(), "{} with {field} flipped at {at}", text(vector, "id"));
                changed[field] = vector[field].clone();
            }
        }
        assert!(judge(&changed).is_ok());
    }
}

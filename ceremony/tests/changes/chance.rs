//! Whatever single value of the signed part changes, at least one change is told; and none where nothing differs. The
//! documents are read, changed at one random place, and written anew: as JSON values, which only a test may do.

use std::path::Path;

use proptest::prelude::*;
use serde_json::{Value, json};
use tuf_ceremony::changes::changes;
use tuf_ceremony::document::Document;
use tuf_ceremony::metadata::Metadata;

use super::mint::{self, Key};
use super::rooting;

/// Signed parts of every kind, with all that a change could hide in.
fn bases() -> Vec<Value> {
    let [a, b, c] = ["a", "b", "c"].map(|name| Key::ed25519(name).called(name));
    let tables = mint::table(&[&a, &b, &c]);
    let delegated = |name: &str, more: &str| {
        format!(
            r#"{{{},"name":"{name}",{more},"terminating":false,"x-n":{{"k":[1,2]}}}}"#,
            mint::role(&[&a, &b], 2)
        )
    };
    let roles = [
        delegated("p", "\"paths\":[\"p/*\",\"q/*\"]"),
        delegated("h", "\"path_hash_prefixes\":[\"00\",\"01\"]"),
    ];
    let rich = |delegations: &str| {
        let targets = mint::targets(4, &["x", "y/z"]).replacen(
            "\"length\":1}",
            "\"length\":1,\"custom\":{\"c\":[0,\"t\",null]}}",
            1,
        );
        targets.replacen(
            "{\"_type\"",
            &format!("{{\"delegations\":{{{delegations}}},\"x-free\":[true],\"_type\""),
            1,
        )
    };
    let root =
        rooting::plain(3).replacen("\"root\":{\"keyids\"", "\"root\":{\"x-note\":{\"n\":1},\"keyids\"", 1);
    let snapshot = r#"{"_type":"snapshot","expires":"2031-01-01T00:00:00Z","meta":{"a.json":{"version":1,"hashes":{"sha256":"00"}},"b.json":{"version":2}},"spec_version":"1.0.31","version":3}"#;
    let sigstore =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/corpus/chains/sigstore-v1-v5/5.root.json");
    let sigstore: Value = serde_json::from_slice(&std::fs::read(sigstore).unwrap()).unwrap();
    let texts = [
        root,
        rich(&format!("\"keys\":{tables},\"roles\":[{}],\"x-d\":{{\"e\":1}}", roles.join(","))),
        rich(&format!(
            r#""keys":{tables},"succinct_roles":{{"bit_length":4,{},"name_prefix":"bin","x-s":[1]}}"#,
            mint::role(&[&a, &b], 1)
        )),
        snapshot.to_owned(),
    ];
    let mut all: Vec<Value> = texts.iter().map(|t| serde_json::from_str(t).unwrap()).collect();
    all.push(sigstore["signed"].clone());
    all
}

fn places(value: &Value) -> usize {
    1 + match value {
        Value::Array(list) => list.iter().map(places).sum(),
        Value::Object(members) => members.values().map(places).sum(),
        _ => 0,
    }
}

/// Changes the value at place `at`, counted depth first, in way `how`.
fn change(value: &mut Value, at: &mut usize, how: u8) -> bool {
    if *at == 0 {
        *value = match (&*value, how % 6) {
            (Value::Number(n), 0..4) => json!(n.as_u64().unwrap() + 1),
            (Value::String(s), 0..3) => json!(format!("{s}0")),
            (Value::String(_), 3) => json!(""),
            (Value::Bool(b), 0..4) => json!(!b),
            (Value::Array(list), 0 | 1) if list.len() > 1 => {
                Value::Array(list.iter().rev().cloned().collect())
            }
            (Value::Array(list), 0..3) => Value::Array(list[..list.len().saturating_sub(1)].to_vec()),
            (Value::Array(list), _) => Value::Array([&list[..], &[json!("new")]].concat()),
            (Value::Object(members), 0 | 1) => {
                Value::Object(members.iter().skip(1).map(|(k, v)| (k.clone(), v.clone())).collect())
            }
            (Value::Object(members), 2..5) => {
                let (first, value) =
                    members.iter().next().map_or(("", json!({})), |(k, v)| (k.as_str(), v.clone()));
                let copy = Value::Object([(format!("{first}x"), value)].into_iter().collect());
                let mut members = members.clone();
                members.extend(copy.as_object().unwrap().clone());
                Value::Object(members)
            }
            _ => Value::Null,
        };
        return true;
    }
    *at -= 1;
    match value {
        Value::Array(list) => list.iter_mut().any(|v| change(v, at, how)),
        Value::Object(members) => members.values_mut().any(|v| change(v, at, how)),
        _ => false,
    }
}

fn metadata(signed: &Value) -> Option<Metadata> {
    let text = format!("{{\"signatures\":[],\"signed\":{signed}}}");
    Metadata::of(Document::read(text.into_bytes()).ok()?.into()).ok()
}

/// The changes from one to the other, if both have the shape of their role.
fn told(old: &Metadata, new: &Metadata) -> Option<usize> {
    old.check_shape().and(new.check_shape()).ok()?;
    let mut count = 0;
    changes(old, new, &mut |_| count += 1).ok().map(|()| count)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) })]

    #[test]
    fn changes_are_told_exactly_where_the_signed_parts_differ(
        which in 0..5_usize, at in any::<prop::sample::Index>(), then in any::<prop::sample::Index>(), how in any::<[u8; 2]>()
    ) {
        let base = bases().swap_remove(which);
        let (mut one, mut two) = (base.clone(), base.clone());
        change(&mut one, &mut at.index(places(&base)), how[0]);
        change(&mut two, &mut then.index(places(&base)), how[1]);
        let [base, one, two] = [&base, &one, &two].map(metadata);
        let pairs = [(&base, &one), (&one, &base), (&one, &two), (&one, &one)];
        for (old, new) in pairs {
            let (Some(old), Some(new)) = (old, new) else { continue };
            if let Some(count) = told(old, new) {
                prop_assert_eq!(count == 0, old.payload() == new.payload(), "{:?}\n{:?}", old.document().text().escape_ascii().to_string(), new.document().text().escape_ascii().to_string());
            }
        }
    }
}

/// Not a matter of luck: every place, every way, once.
#[test]
fn every_place_of_every_document_is_changed_in_every_way_and_told() {
    let (mut compared, mut refused) = (0, 0);
    for base in bases() {
        let old = metadata(&base).unwrap();
        for place in 0..places(&base) {
            for how in 0..6 {
                let mut new = base.clone();
                assert!(change(&mut new, &mut place.clone(), how));
                let Some(count) = metadata(&new).and_then(|new| told(&old, &new)) else {
                    refused += 1;
                    continue;
                };
                assert_eq!(count == 0, new == base, "{base}\n{new}");
                compared += 1;
            }
        }
    }
    assert_eq!((compared, refused), (1339, 245), "compared, and without the shape of their role");
}

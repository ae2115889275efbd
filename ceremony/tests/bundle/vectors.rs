//! Every stored vector of the bundle format is accepted, or refused in the words that it records.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use tuf_ceremony::bundle::{Bundle, BundleFault, Unchecked};

use super::mint;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/bundle")
}

fn read(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn judged(text: Vec<u8>) -> Result<Bundle, BundleFault> {
    Unchecked::read(text)?.check(|name| std::fs::read(folder().join(name)).ok())
}

#[test]
fn every_vector_is_accepted_or_refused_as_it_records() {
    let index: serde_json::Value = serde_json::from_slice(&read("vectors.json")).unwrap();
    let vectors = index["vectors"].as_array().unwrap();
    assert_eq!((vectors.len(), index["count"].as_u64().unwrap()), (111, 111));
    let mut seen = BTreeSet::new();
    for vector in vectors {
        let file = vector["file"].as_str().unwrap();
        assert!(seen.insert(file), "{file} twice");
        let text = read(file);
        match (vector["expect"].as_str().unwrap(), judged(text.clone())) {
            ("accept", Ok(bundle)) => assert_eq!(bundle.write().unwrap().text, text, "{file} reads back"),
            ("refuse", Err(fault)) => {
                let refusal = vector["refusal"].as_str().unwrap();
                assert!(!refusal.is_empty() && fault.to_string().contains(refusal), "{file}: {fault}");
            }
            (_, Ok(_)) => panic!("{file} was accepted: {}", vector["what"]),
            (_, Err(fault)) => panic!("{file} was refused: {fault}"),
        }
    }
}

#[test]
fn no_vector_lies_in_the_folder_that_the_index_does_not_name() {
    let index = String::from_utf8(read("vectors.json")).unwrap();
    let files = std::fs::read_dir(folder()).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
    let bundles: Vec<String> = files.filter(|f| f.ends_with(".bundle.json")).collect();
    assert_eq!(bundles.len(), 111);
    for file in bundles {
        assert!(index.contains(&format!("\"{file}\"")), "{file}");
    }
}

#[test]
fn every_cut_of_a_bundle_is_refused() {
    let text = read("first-2of3.bundle.json");
    for length in (0..text.len()).step_by(7).chain([text.len() - 1]) {
        assert!(judged(text[..length].to_vec()).is_err(), "cut to {length}");
    }
}

proptest! {
    // Most bytes stand in lines that may change: more of those than cases are drawn and left out.
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        max_global_rejects: 100_000,
        ..ProptestConfig::with_cases(400)
    })]

    #[test]
    fn one_changed_byte_anywhere_is_refused(at in any::<prop::sample::Index>(), to in any::<u8>()) {
        let mut text = read("rotation.bundle.json");
        let at = at.index(text.len());
        prop_assume!(text[at] != to);
        text[at] = to;
        prop_assert!(judged(text).is_err(), "byte {} to {:#04x}", at, to);
    }

    #[test]
    fn one_changed_byte_is_refused_with_the_checksum_put_right_too(at in any::<prop::sample::Index>(), to in any::<u8>()) {
        let text = String::from_utf8(read("rotation.bundle.json")).unwrap();
        // Whoever puts the checksum right can claim other sources, and another layout around a signed part.
        let at = at.index(text.len());
        let start = text[..at].rfind('\n').map_or(0, |n| n + 1);
        let line = text[start..].lines().next().unwrap();
        prop_assume!(text.as_bytes()[at] != to && !line.contains("TEST-ONLY") && !line.contains("\"text\":"));
        let mut bytes = text.clone().into_bytes();
        bytes[at] = to;
        if let Some(resealed) = String::from_utf8(bytes).ok().and_then(|text| mint::resealed(&text))
            && resealed != text
        {
            prop_assert!(judged(resealed.into_bytes()).is_err(), "byte {} to {:#04x}", at, to);
        }
    }
}

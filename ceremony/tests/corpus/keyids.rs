//! Key ids of generated and real keys: which preimage gives the one in the file.

use tuf_ceremony::document::Document;
use tuf_ceremony::key::keyid::Preimage;
use tuf_ceremony::metadata::keyid_preimages;

use super::{corpus, expectations};

fn key_of(vector: &serde_json::Value) -> Document {
    Document::read(serde_json::to_vec(&vector["key"]).unwrap()).unwrap()
}

#[test]
fn generated_keys_have_the_recorded_key_ids() {
    let file = expectations(&corpus("keyids/generated.json"));
    let vectors = file["vectors"].as_array().unwrap();
    assert_eq!(vectors.len(), 25);
    for vector in vectors {
        let key = key_of(vector);
        let object = key.root().object().unwrap();
        let whole = keyid_preimages(object, vector["keyid_as_is"].as_str().unwrap());
        assert!(whole.contains(&Preimage::Whole), "{}", vector["id"]);
        if let Some(three) = vector["keyid_securesystemslib"].as_str() {
            assert!(keyid_preimages(object, three).contains(&Preimage::Three), "{}", vector["id"]);
        }
        assert!(keyid_preimages(object, &"0".repeat(64)).is_empty());
    }
}

#[test]
fn real_keys_match_exactly_the_recorded_preimages() {
    let file = expectations(&corpus("keyids/real.json"));
    let vectors = file["vectors"].as_array().unwrap();
    assert_eq!(vectors.len(), 41);
    for vector in vectors {
        let key = key_of(vector);
        let found = keyid_preimages(key.root().object().unwrap(), vector["keyid_in_file"].as_str().unwrap());
        let names: Vec<String> = found.iter().map(|p| p.name().to_owned()).collect();
        assert_eq!(
            names,
            super::texts(&vector["preimages_that_give_the_keyid"]),
            "{}",
            vector["keyid_in_file"]
        );
    }
}

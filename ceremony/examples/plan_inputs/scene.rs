//! TEST ONLY: a small published repository, the key cards of its people, and a release to come. Anna, Bela and Carla hold
//! the root's keys, Anna and Carla the targets'; one machine holds the key of snapshot and timestamp.

use std::borrow::Cow;
use std::collections::BTreeMap;

use tuf_ceremony::card::{Card, Claims, Evidence};
use tuf_ceremony::delta::{Added, Writer};
use tuf_ceremony::digest::Digest;
use tuf_ceremony::metadata::Metadata;
use tuf_ceremony::signable::Signable;

use super::mint::{self, Key};

/// The files by their names.
pub fn files() -> BTreeMap<&'static str, String> {
    let (anna, bela, carla, online) = (anna(), bela(), carla(), online());
    let (root, targets, snapshot, timestamp) = published();
    BTreeMap::from([
        ("1.root.json", signed(&root, &[&anna, &bela])),
        ("1.targets.json", signed(&targets, &[&anna, &carla])),
        ("1.snapshot.json", signed(&snapshot, &[&online])),
        ("timestamp.json", signed(&timestamp, &[&online])),
        ("anna.key.json", card(&anna, "Anna Berg")),
        ("bela.key.json", card(&bela, "Bela Costa")),
        ("bela-2.key.json", card(&Key::p256("plan bela 2"), "Bela Costa")),
        ("carla.key.json", card(&carla, "Carla Dietz")),
        ("dora.key.json", card(&Key::ed25519("plan dora"), "Dora Engel")),
        ("online.pem", pem(&online)),
        ("app-1.1.txt", APP.to_owned()),
        ("app.delta.json", delta()),
    ])
}

const APP: &str = "The second release.\n";

fn anna() -> Key {
    Key::ed25519("plan anna")
}

fn bela() -> Key {
    Key::p256("plan bela")
}

fn carla() -> Key {
    Key::ed25519("plan carla")
}

fn online() -> Key {
    Key::p256("plan online")
}

fn published() -> (Metadata, Metadata, Metadata, Metadata) {
    let (anna, bela, carla, online) = (anna(), bela(), carla(), online());
    let table = mint::table(&[&anna, &bela, &carla, &online]);
    let root = mint::role(&[&anna, &bela, &carla], 2);
    let targets = mint::role(&[&anna, &carla], 2);
    let root = mint::root_of(1, &table, &root, &targets, &mint::role(&[&online], 1));
    let listing = |kind: &str, listed: &str| {
        mint::metadata(&format!(
            r#"{{"_type":"{kind}","expires":"2031-01-01T00:00:00Z","meta":{{"{listed}.json":{{"version":1}}}},"spec_version":"1.0.31","version":1}}"#
        ))
    };
    let targets = mint::metadata(&mint::targets(1, &["app-1.0.txt"]));
    (mint::metadata(&root), targets, listing("snapshot", "targets"), listing("timestamp", "snapshot"))
}

fn signed(metadata: &Metadata, keys: &[&Key]) -> String {
    let message = tuf_ceremony::canonical::bytes(metadata.signed().view());
    let entry =
        |key: &&Key| format!(r#"{{"keyid":"{}","sig":"{}"}}"#, key.id, hex::encode(key.sign(&message, 0)));
    let entries: Vec<String> = keys.iter().map(entry).collect();
    format!("{{\"signatures\":[{}],\n\"signed\":{}}}\n", entries.join(","), metadata.signed().view().text())
}

fn card(key: &Key, holder: &str) -> String {
    let evidence = br#"{"pkcs11":{"always-sensitive":true,"local":true,"never-extractable":true}}"#;
    let serial = &key.public().fingerprint().to_string()[..8];
    let claims = Claims {
        holders: vec![holder.to_owned()],
        token: Some(format!("pkcs11:token=TEST%20ONLY;serial={serial}")),
        evidence: Some(Evidence::read(evidence).unwrap()),
        rehearsal: false,
    };
    let unsigned = Card::unsigned(&key.public(), claims).unwrap();
    let proof = key.sign(&Signable::card(&unsigned).message(), 0);
    unsigned.prove(&proof).unwrap().written()
}

fn pem(key: &Key) -> String {
    key.public().public_text()
}

fn delta() -> String {
    let mut writer = Writer::into(String::new()).unwrap();
    writer.role("targets").unwrap();
    let (length, sha256) = (APP.len() as u64, Digest::of(APP.as_bytes()));
    writer.add(&Added { path: Cow::Borrowed("app-1.1.txt"), length, sha256, sha512: None }).unwrap();
    writer.finish().unwrap()
}

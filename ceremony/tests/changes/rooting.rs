//! Roots: keys, thresholds, roles, and two real ones.

use std::path::Path;

use tuf_ceremony::changes::{Change, changes};
use tuf_ceremony::metadata::Metadata;

use super::mint::{self, Key};
use super::{between, told};

fn keys() -> [Key; 4] {
    ["a", "b", "c", "o"].map(|name| Key::ed25519(name).called(name))
}

pub fn plain(version: u64) -> String {
    let [a, b, c, o] = keys();
    mint::root(version, &[&a, &b, &c], 2, &o)
}

#[test]
fn thresholds_and_keys_are_told_by_role() {
    let [a, b, c, o] = keys();
    let d = Key::p256("d").called("d");
    let new = mint::root(2, &[&a, &d, &c], 3, &o);
    assert_eq!(
        between(&plain(1), &new),
        ["version 1 > 2", "threshold root 2 > 3", "key + root d", "key - root b"]
    );
    let online = mint::root(1, &[&a, &b, &c], 2, &d);
    let of = |role: &str| [format!("key + {role} d"), format!("key - {role} o")];
    assert_eq!(between(&plain(1), &online), ["snapshot", "targets", "timestamp"].map(of).concat());
}

#[test]
fn another_key_under_the_same_key_id_is_a_key_removed_and_a_key_added() {
    let [a, b, c, o] = keys();
    let swapped = Key::ed25519("somebody else").called("b");
    let new = mint::root(1, &[&a, &swapped, &c], 2, &o);
    assert_eq!(between(&plain(1), &new), ["key + root b", "key - root b", "object b"]);
    drop(b);
}

#[test]
fn the_same_key_under_another_key_id_is_renamed() {
    let [a, _, c, o] = keys();
    let renamed = Key::ed25519("b").called("b2");
    let new = mint::root(1, &[&a, &renamed, &c], 2, &o);
    assert_eq!(between(&plain(1), &new), ["key ~ root b > b2"]);
}

#[test]
fn the_order_of_key_ids_is_told() {
    let [a, b, c, o] = keys();
    let new = mint::root(1, &[&b, &a, &c], 2, &o);
    let ids = "inside roles/root/keyids [\"a\",\"b\",\"c\"] > [\"b\",\"a\",\"c\"]";
    assert_eq!(between(&plain(1), &new), [ids]);
}

#[test]
fn unknown_fields_of_roles_and_keys_are_told() {
    let old = plain(1);
    let role = old.replacen("\"root\":{\"keyids\"", "\"root\":{\"x-note\":{\"n\":1},\"keyids\"", 1);
    assert_eq!(between(&old, &role), ["inside roles/root/x-note . > {\"n\":1}"]);
    let deeper = role.replacen("\"n\":1", "\"n\":2", 1);
    assert_eq!(between(&role, &deeper), ["inside roles/root/x-note {\"n\":1} > {\"n\":2}"]);
    let key = old.replacen("\"a\":{", "\"a\":{\"x-owner\":\"@alice\",", 1);
    assert_eq!(between(&old, &key), ["object a"]);
}

#[test]
fn keys_that_no_role_lists_are_told_when_they_come_and_go() {
    let (old, spare) = (plain(1), Key::ed25519("s").called("s"));
    let new = old.replacen("\"keys\":{", &format!("\"keys\":{{\"s\":{},", spare.object()), 1);
    let come = format!("inside keys/s . > {}", spare.object());
    assert_eq!(between(&old, &new), [come]);
    let gone = format!("inside keys/s {} > .", spare.object());
    assert_eq!(between(&new, &old), [gone]);
}

#[test]
fn a_listed_key_that_vanishes_from_the_table_is_told() {
    let old = plain(1);
    let object = format!("\"b\":{},", keys()[1].object());
    assert!(old.contains(&object));
    let new = old.replacen(&object, "", 1);
    assert_eq!(between(&old, &new), ["key + root bnot in the key table", "key - root b"]);
}

#[test]
fn roles_beyond_the_four_come_and_go_with_all_that_they_say() {
    let old = plain(1);
    let mirrors = "\"roles\":{\"mirrors\":{\"keyids\":[\"a\"],\"threshold\":1,\"x\":null},";
    let new = old.replacen("\"roles\":{", mirrors, 1);
    let come = ["role + mirrors 1", "key + mirrors a", "inside roles/mirrors/x . > null"];
    assert_eq!(between(&old, &new), come);
    assert_eq!(between(&new, &old), ["role - mirrors", "key - mirrors a"]);
}

fn sigstore(version: u64) -> Metadata {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(format!("../tests/corpus/chains/sigstore-v1-v5/{version}.root.json"));
    let text = std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    mint::text(std::str::from_utf8(&text).unwrap())
}

/// In version 5 the hex points became PEM under new key ids: the same five people, and nobody else.
#[test]
fn the_keys_that_sigstore_wrote_anew_in_version_5_are_renamed_and_nobody_came_or_went() {
    let (old, new) = (sigstore(4), sigstore(5));
    let lines = told(&old, &new);
    let count = |what: &str| lines.iter().filter(|l| l.starts_with(what)).count();
    let root = old.root().unwrap();
    let holders: Vec<_> = root.role("root").unwrap().keyids.iter().collect();
    assert_eq!(lines[0], "version 4 > 5");
    assert_eq!(count("key ~ root"), 5, "{lines:#?}");
    assert_eq!((count("key + root"), count("key - root"), holders.len()), (0, 0, 5), "{lines:#?}");
    changes(&old, &new, &mut |change| {
        if let Change::KeyRenamed { from, to, .. } = change {
            assert!(from.fingerprint.is_some() && from.fingerprint == to.fingerprint);
            assert_ne!(from.keyid, to.keyid);
        }
    })
    .unwrap();
}

#[test]
fn every_step_of_sigstore_tells_its_version_and_no_root_differs_from_itself() {
    for version in 1..5 {
        let lines = told(&sigstore(version), &sigstore(version + 1));
        assert_eq!(lines[0], format!("version {version} > {}", version + 1));
        assert_eq!(told(&sigstore(version), &sigstore(version)), [""; 0]);
    }
}

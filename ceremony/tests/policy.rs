//! Findings: each control notices its own spoiled document, and a sound one is quiet. The page
//! `docs/controls.md` says what the sources say.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test stops at the first surprise")]

#[path = "mint/mint.rs"]
mod mint;
#[path = "policy/pages.rs"]
mod pages;

use mint::Key;
use ml_dsa::pkcs8::EncodePublicKey as _;
use ml_dsa::{ExpandedSigningKey, MlDsa65};
use tuf_ceremony::key::{PublicKey, Scheme};
use tuf_ceremony::metadata::Metadata;
use tuf_ceremony::policy::{clients, findings, shown};

fn key(name: &str) -> Key {
    Key::ed25519(name)
}

fn sound_root() -> String {
    mint::root(1, &[&key("a"), &Key::p256("b")], 2, &key("o"))
}

fn sound_targets() -> String {
    let a = key("a");
    let role = mint::role(&[&a], 1);
    let delegations = format!(
        r#""delegations":{{"keys":{},"roles":[{{{role},"name":"bin","paths":["bin/*"],"terminating":false}}]}}"#,
        mint::table(&[&a])
    );
    mint::targets(1, &["app"]).replacen("{\"_type\"", &format!("{{{delegations},\"_type\""), 1)
}

fn codes(metadata: &Metadata) -> Vec<String> {
    findings(metadata).unwrap().iter().map(|f| f.control.code().to_owned()).collect()
}

/// What is found after one place was changed; a place that is not there fails.
fn spoiled(signed: &str, from: &str, to: &str) -> Vec<String> {
    assert!(signed.contains(from), "{from}");
    codes(&mint::metadata(&signed.replacen(from, to, 1)))
}

fn in_targets(from: &str, to: &str) -> Vec<String> {
    spoiled(&sound_targets(), from, to)
}

fn in_root(from: &str, to: &str) -> Vec<String> {
    spoiled(&sound_root(), from, to)
}

#[test]
fn a_sound_root_and_sound_targets_have_no_findings() {
    assert_eq!(codes(&mint::metadata(&sound_root())), [""; 0]);
    assert_eq!(codes(&mint::metadata(&sound_targets())), [""; 0]);
}

#[test]
fn version_zero_is_found() {
    assert_eq!(in_root("\"version\":1", "\"version\":0"), ["version"]);
}

#[test]
fn an_expiry_that_is_missing_no_date_or_spelled_oddly_is_found() {
    let stands = "\"expires\":\"2031-01-01T00:00:00Z\",";
    for other in [
        "",
        "\"expires\":\"soon\",",
        "\"expires\":7,",
        "\"expires\":\"2031-01-01T00:00:00+01:00\",",
        "\"expires\":\"2031-01-01T00:00:00.5Z\",",
    ] {
        assert_eq!(in_root(stands, other), ["expiry"], "{other}");
    }
}

#[test]
fn a_specification_version_that_is_missing_or_not_1_is_found() {
    let stands = "\"spec_version\":\"1.0.31\",";
    for other in ["", "\"spec_version\":\"2.0.0\",", "\"spec_version\":\"1.x\",", "\"spec_version\":1,"] {
        assert_eq!(in_root(stands, other), ["spec-version"], "{other}");
    }
}

#[test]
fn a_field_that_the_specification_does_not_know_is_found() {
    assert_eq!(in_root("{\"_type\"", "{\"x-note\":1,\"_type\""), ["unknown-field"]);
}

#[test]
fn the_mark_of_a_rehearsal_is_told_as_one_and_anything_else_in_its_place_is_not() {
    let fact = |mark: &str| {
        let marked = sound_root().replacen("{\"_type\"", &format!("{{\"x-rehearsal\":{mark},\"_type\""), 1);
        let found = findings(&mint::metadata(&marked)).unwrap();
        assert_eq!(found.len(), 1, "{found:?}");
        found[0].fact.clone()
    };
    assert!(fact("true").starts_with("it marks a rehearsal"));
    assert!(fact("false").contains("does not know this field"));
}

#[test]
fn entries_that_are_placeholders_or_stand_twice_or_are_no_list_are_found() {
    let with = |signatures: &str| codes(&mint::text(&format!("{{{signatures}\"signed\":{}}}", sound_root())));
    let entry = |sig: &str| format!("{{\"keyid\":\"k\",\"sig\":\"{sig}\"}}");
    assert_eq!(with("\"signatures\":null,"), ["signature-entries"]);
    assert_eq!(with(""), ["signature-entries"]);
    assert_eq!(with(&format!("\"signatures\":[{}],", entry(""))), ["signature-entries"]);
    assert_eq!(with(&format!("\"signatures\":[{},{}],", entry("00"), entry("01"))), ["signature-entries"]);
    assert_eq!(with(&format!("\"signatures\":[{}],", entry("00"))), [""; 0]);
}

#[test]
fn a_root_without_one_of_the_four_roles_is_found() {
    let role = format!("\"snapshot\":{{{}}},", mint::role(&[&key("o")], 1));
    assert_eq!(in_root(&role, ""), ["four-roles"]);
}

#[test]
fn consistent_snapshots_that_are_off_or_not_said_are_found() {
    assert_eq!(
        in_root("\"consistent_snapshot\":true", "\"consistent_snapshot\":false"),
        ["consistent-snapshot"]
    );
    assert_eq!(in_root("\"consistent_snapshot\":true,", ""), ["consistent-snapshot"]);
}

#[test]
fn a_threshold_above_the_keys_is_found() {
    assert_eq!(in_root("\"threshold\":2", "\"threshold\":3"), ["threshold"]);
}

#[test]
fn a_listed_key_that_the_table_does_not_hold_is_found() {
    let b = Key::p256("b");
    let object = format!("\"{}\":{},", b.id, b.object());
    assert_eq!(in_root(&object, ""), ["key-missing", "threshold"]);
}

#[test]
fn a_key_that_no_role_lists_is_found() {
    let spare = key("spare");
    let object = format!("\"keys\":{{\"{}\":{},", spare.id, spare.object());
    assert_eq!(in_root("\"keys\":{", &object), ["key-unreferenced"]);
}

#[test]
fn one_public_key_under_two_key_ids_of_a_role_is_found() {
    let (a, again, o) = (key("a"), key("a").called("again"), key("o"));
    let root = mint::root(1, &[&a, &again, &Key::p256("b")], 2, &o);
    assert_eq!(codes(&mint::metadata(&root)), ["key-id", "key-two-ids"]);
}

#[test]
fn a_key_that_signs_root_and_an_online_role_is_found() {
    let a = key("a");
    let root = mint::root(1, &[&a, &Key::p256("b")], 2, &a);
    assert_eq!(codes(&mint::metadata(&root)), ["key-shared", "key-shared"]);
    let (online, other) = (key("a").called("other"), key("a"));
    let root = mint::root(1, &[&other, &Key::p256("b")], 2, &online);
    assert_eq!(codes(&mint::metadata(&root)), ["key-id", "key-shared", "key-shared"], "under another key id");
}

#[test]
fn a_key_that_cannot_count_is_found() {
    let hex = key("a").public().public_text();
    let weak = format!("01{}", "00".repeat(31));
    assert_eq!(in_root(&hex, &weak), ["key-unfit", "key-id", "threshold"]);
    assert_eq!(in_root(&hex, "no hex"), ["key-unfit", "key-id", "threshold"]);
}

#[test]
fn a_scheme_that_is_not_known_is_found() {
    assert_eq!(
        in_root("\"scheme\":\"ed25519\"", "\"scheme\":\"ed448\""),
        ["key-scheme", "key-id", "threshold"]
    );
}

#[test]
fn a_key_id_that_is_no_hash_or_not_of_the_whole_key_is_found() {
    let (a, o) = (key("a").called("a"), key("o"));
    assert_eq!(codes(&mint::metadata(&mint::root(1, &[&a], 1, &o))), ["key-id"]);
    assert_eq!(in_root("{\"keytype\":\"ed25519\"", "{\"x-owner\":\"a\",\"keytype\":\"ed25519\""), ["key-id"]);
}

#[test]
fn a_target_without_a_hash_is_found() {
    let hashes = format!("\"sha256\":\"{}\"", tuf_ceremony::digest::Digest::of(b"app"));
    assert_eq!(in_targets(&hashes, ""), ["target-hashes"]);
}

#[test]
fn a_target_path_that_clients_refuse_is_found() {
    for path in ["", "/app", "a\\\\b", "a/../b", "a//b", "a/./b", "a\\u0085b"] {
        let found = in_targets("\"app\":", &format!("\"{path}\":"));
        assert!(found.contains(&"target-path".to_owned()), "{path}: {found:?}");
    }
}

#[test]
fn a_delegated_role_whose_name_is_no_file_name_is_found() {
    for name in ["", ".bin", "a/b", "a\\\\b", "a:b", "a?b", "a#b", "a%2fb", "root", "a\\u0085b"] {
        let found = in_targets("\"name\":\"bin\"", &format!("\"name\":\"{name}\""));
        assert!(found.contains(&"role-name".to_owned()), "{name}: {found:?}");
    }
}

#[test]
fn a_path_pattern_that_clients_read_differently_is_found() {
    for pattern in ["bin/[ab]", "bin/{a,b}", "!bin"] {
        assert_eq!(in_targets("\"bin/*\"", &format!("\"{pattern}\"")), ["path-pattern"], "{pattern}");
    }
    assert_eq!(in_targets("\"bin/*\"", "\"bin/*/a?.bin\""), [""; 0]);
}

#[test]
fn content_that_clients_canonicalize_differently_is_found_once_for_each_kind() {
    assert_eq!(in_targets("\"app\":", "\"an app\":"), ["clients-differ"]);
    assert_eq!(in_targets("\"app\":", "\"cafe\\u0301\":"), ["clients-differ"]);
    assert_eq!(in_targets("\"app\":", "\"\\ud83d\\udd11\":"), ["clients-differ"]);
    assert_eq!(in_targets("\"bin/*\"", "\"bin/\\u0001\""), ["clients-differ"]);
    assert_eq!(
        in_targets("\"app\":", "\"an app\":{\"length\":0,\"hashes\":{\"x\":\"\"}},\"one more\":"),
        ["clients-differ"]
    );
}

/// An ML-DSA key's entry in a table, under this id.
fn ml_dsa(id: &str, seed: u8) -> String {
    let signing = ExpandedSigningKey::<MlDsa65>::from_seed(&[seed; 32].into());
    let spki = signing.verifying_key().to_public_key_der().unwrap();
    let public = PublicKey::from_spki_der(spki.as_bytes(), Scheme::MlDsa65).unwrap().public_text();
    format!(r#"{id:?}:{{"keytype":"ml-dsa","keyval":{{"public":{public:?}}},"scheme":"ml-dsa-65/1"}}"#)
}

#[test]
fn a_document_with_ml_dsa_keys_names_the_clients_that_it_shuts_out_and_each_threshold() {
    let of = |signed: &str| clients::findings(&mint::metadata(signed)).unwrap();
    assert_eq!((of(&sound_root()), of(&sound_targets())), (Vec::new(), Vec::new()));
    let (a, o) = (key("a"), key("o"));
    let table = mint::table(&[&a, &o]);
    let table = format!("{},{},{}}}", table.strip_suffix('}').unwrap(), ml_dsa("p", 1), ml_dsa("q", 2));
    let ids = |threshold: u64| {
        let role = mint::role(&[&a], threshold);
        role.replacen("\"keyids\":[", "\"keyids\":[\"p\",\"q\",", 1)
    };
    let root = mint::root_of(1, &table, &ids(2), &ids(1), &mint::role(&[&o], 1));
    let found = of(&root);
    let about: Vec<(&str, &str)> = found.iter().map(|f| (f.control.code(), f.about.as_str())).collect();
    let code = "clients-too-old";
    assert_eq!(about, [(code, "root"), (code, "root"), (code, "targets")]);
    for words in ["2 of the keys", "refuses the whole document", "tough", "securesystemslib"] {
        assert!(found[0].fact.contains(words), "{}", found[0]);
    }
    assert!(
        found[1].fact.contains("2 must sign, and 1 of its keys") && found[1].fact.contains("cannot be met")
    );
    assert!(found[2].fact.contains("the threshold can be met"), "{}", found[2]);
    let recorded = findings(&mint::metadata(&root)).unwrap();
    assert!(recorded.iter().all(|f| f.control.code() != code), "it is shown and not recorded");
    assert_eq!(shown(&mint::metadata(&root)).unwrap().len(), recorded.len() + 3);
    // A delegating document is shut out in the same way.
    let delegating = sound_targets().replacen("\"keys\":{", &format!("\"keys\":{{{},", ml_dsa("p", 1)), 1);
    assert_eq!(of(&delegating).len(), 1, "no role lists it");
    assert_eq!(of(&delegating)[0].about, "targets");
}

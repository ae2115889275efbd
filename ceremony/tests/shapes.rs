//! Documents that have not the shape of their role are refused with the field that is wrong (TUF 4.3 to 4.6).
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "mint/mint.rs"]
mod mint;

use mint::Key;
use tuf_ceremony::bundle::{Part, PartFault};
use tuf_ceremony::document::{Document, ReadProblem};
use tuf_ceremony::draft::Draft;
use tuf_ceremony::metadata::Metadata;

fn root() -> String {
    let [a, b, o] = ["a", "b", "o"].map(|name| Key::ed25519(name).called(name));
    mint::root(1, &[&a, &b], 2, &o)
}

/// A targets document that delegates `p` to one key.
fn targets() -> String {
    let a = Key::ed25519("a").called("a");
    let role = mint::role(&[&a], 1);
    let delegations = format!(
        r#""delegations":{{"keys":{},"roles":[{{{role},"name":"p","paths":["*"],"terminating":false}}]}}"#,
        mint::table(&[&a])
    );
    mint::targets(1, &["app"]).replacen("{\"_type\"", &format!("{{{delegations},\"_type\""), 1)
}

fn snapshot() -> String {
    r#"{"_type":"snapshot","expires":"2031-01-01T00:00:00Z","meta":{"targets.json":{"version":1}},"spec_version":"1.0.31","version":1}"#.to_owned()
}

fn fault_of(signed: &str) -> String {
    let document = Document::read(format!("{{\"signatures\":[],\"signed\":{signed}}}").into_bytes()).unwrap();
    let read = Metadata::of(document.into()).and_then(|m| m.check_shape());
    read.map_or_else(|fault| fault.to_string(), |()| "none".to_owned())
}

/// Each row: a place, what stands there instead, and the refusal.
fn each(signed: &str, rows: &[(&str, &str, &str)]) {
    assert_eq!(fault_of(signed), "none");
    for (from, to, refusal) in rows {
        assert!(signed.contains(from), "{from}");
        assert_eq!(&fault_of(&signed.replacen(from, to, 1)), refusal, "{from} as {to}");
    }
}

#[test]
fn a_threshold_is_a_whole_number_from_1_up() {
    let place = "signed.roles.root.threshold";
    let least = |found: &str| format!("{place} is {found}, not a whole number from 1 up");
    let kind = |found: &str| format!("{place} is {found}, not a whole number");
    let huge = "18446744073709551616";
    for (to, refusal) in [
        ("0", least("0")),
        ("-0", least("0")),
        ("-1", least("-1")),
        (huge, least(huge)),
        ("\"3\"", kind("a string")),
        ("null", kind("null")),
        ("[2]", kind("an array")),
        ("true", kind("true or false")),
    ] {
        each(&root(), &[("\"threshold\":2", &format!("\"threshold\":{to}"), &refusal)]);
    }
    each(&root(), &[("],\"threshold\":2", "]", "signed.roles.root has no \"threshold\"")]);
    for float in ["3.0", "2e0", "0.5"] {
        let text = root().replacen("\"threshold\":2", &format!("\"threshold\":{float}"), 1);
        assert_eq!(Document::read(text.into_bytes()).unwrap_err().problem, ReadProblem::Float);
    }
}

#[test]
fn a_threshold_above_the_distinct_keys_is_read_and_never_becomes_a_draft() {
    let part = |signed: &str| Part::of(Draft::of(mint::metadata(signed), None).unwrap(), None, None);
    let steep = root().replacen("\"threshold\":2", "\"threshold\":3", 1);
    assert_eq!(fault_of(&steep), "none");
    let unreachable =
        |keys: usize| PartFault::Unreachable { role: "root".into(), threshold: keys as u64 + 1, keys };
    assert_eq!(part(&steep).unwrap_err(), unreachable(2));
    let (a, again, o) = (Key::ed25519("a").called("a"), Key::ed25519("a").called("b"), Key::ed25519("o"));
    assert_eq!(
        part(&mint::root(1, &[&a, &again], 2, &o)).unwrap_err(),
        unreachable(1),
        "one key under two ids"
    );
}

#[test]
fn a_key_id_stands_once_in_a_role() {
    let twice = "signed.roles.root.keyids lists the key id \"a\" twice";
    each(
        &root(),
        &[("[\"a\",\"b\"]", "[\"a\",\"a\"]", twice), ("[\"a\",\"b\"]", "[\"a\",\"\\u0061\"]", twice)],
    );
    let delegated = "the delegated role \"p\".keyids lists the key id \"a\" twice";
    each(&targets(), &[("\"keyids\":[\"a\"]", "\"keyids\":[\"a\",\"a\"]", delegated)]);
}

#[test]
fn what_every_role_has_is_missed_by_name() {
    each(
        &root(),
        &[
            ("\"_type\":\"root\",", "", "signed has no \"_type\""),
            (
                "\"_type\":\"root\"",
                "\"_type\":\"Root\"",
                "signed._type is \"Root\", not root, targets, snapshot or timestamp",
            ),
            ("\"_type\":\"root\"", "\"_type\":7", "signed._type is an integer, not a string"),
            (",\"version\":1", "", "signed has no \"version\""),
            ("\"version\":1", "\"version\":-1", "signed.version is -1, not a whole number from 0 up"),
            ("\"version\":1", "\"version\":\"1\"", "signed.version is a string, not a whole number"),
        ],
    );
    for (text, refusal) in [
        ("[]", "the document is an array, not an object"),
        ("{}", "the document has no \"signed\""),
        ("{\"signed\":[]}", "signed is an array, not an object"),
    ] {
        let fault = Metadata::of(Document::read(text.as_bytes()).unwrap().into()).unwrap_err();
        assert_eq!(fault.to_string(), refusal);
    }
    let odd = mint::text(&format!("{{\"signatures\":{{}},\"signed\":{}}}", root()));
    assert_eq!(odd.check_shape().unwrap_err().to_string(), "signatures is an object, not an array");
}

#[test]
fn a_root_has_keys_and_roles_of_known_kinds() {
    let keys = mint::table(&["a", "b", "o"].map(|n| Key::ed25519(n).called(n)).each_ref());
    each(
        &root(),
        &[
            (&format!("\"keys\":{keys},"), "", "signed has no \"keys\""),
            (&format!("\"keys\":{keys}"), "\"keys\":[]", "signed.keys is an array, not an object"),
            ("\"keys\":{", "\"keys\":{\"x\":1,", "signed.keys.x is an integer, not an object"),
            ("\"roles\":", "\"rolls\":", "signed has no \"roles\""),
            ("\"roles\":{", "\"roles\":{\"x\":[],", "signed.roles.x is an array, not an object"),
            ("\"root\":{\"keyids\":", "\"root\":{\"ids\":", "signed.roles.root has no \"keyids\""),
            ("[\"a\",\"b\"]", "\"a\"", "signed.roles.root.keyids is a string, not an array"),
            ("[\"a\",\"b\"]", "[\"a\",1]", "signed.roles.root.keyids is an integer, not a string"),
            (
                "\"consistent_snapshot\":true",
                "\"consistent_snapshot\":1",
                "signed.consistent_snapshot is an integer, not true or false",
            ),
        ],
    );
}

#[test]
fn targets_have_lengths_and_hashes() {
    let of = "the target \"app\"";
    each(
        &targets(),
        &[
            ("\"targets\":{", "\"target\":{", "signed has no \"targets\""),
            ("\"app\":{", "\"app\":1,\"b\":{", &format!("{of} is an integer, not an object")),
            (",\"length\":3", "", &format!("{of} has no \"length\"")),
            (
                "\"length\":3",
                "\"length\":-3",
                &format!("the length of {of} is -3, not a whole number from 0 up"),
            ),
            (
                "\"length\":3",
                "\"length\":\"3\"",
                &format!("the length of {of} is a string, not a whole number"),
            ),
            ("\"hashes\":", "\"hash\":", &format!("{of} has no \"hashes\"")),
            (
                "\"hashes\":{",
                "\"hashes\":[],\"h\":{",
                &format!("the hashes of {of} is an array, not an object"),
            ),
        ],
    );
}

#[test]
fn a_delegated_role_stands_once_and_says_in_one_way_what_it_covers() {
    let a = Key::ed25519("a").called("a");
    let bins = |bits: &str| {
        format!("\"succinct_roles\":{{\"bit_length\":{bits},{},\"name_prefix\":\"b\"}}", mint::role(&[&a], 1))
    };
    let entry =
        format!("{{{},\"name\":\"p\",\"paths\":[\"*\"],\"terminating\":false}}", mint::role(&[&a], 1));
    let roles = format!("\"roles\":[{entry}]");
    let either = "signed.delegations (either, not both) has no \"roles\"";
    let reach = "the delegated role \"p\" must have exactly one of paths and path_hash_prefixes";
    each(
        &targets(),
        &[
            (&entry, &format!("{entry},{entry}"), "the delegated role \"p\" stands twice"),
            ("\"paths\":[\"*\"],", "", reach),
            ("\"paths\":[\"*\"]", "\"paths\":[\"*\"],\"path_hash_prefixes\":[]", reach),
            (
                "\"paths\":[\"*\"]",
                "\"paths\":\"*\"",
                "paths of the delegated role \"p\" is a string, not an array",
            ),
            (",\"terminating\":false", "", "the delegated role \"p\" has no \"terminating\""),
            (
                "\"terminating\":false",
                "\"terminating\":0",
                "terminating of the delegated role \"p\" is an integer, not true or false",
            ),
            ("\"name\":\"p\",", "", "a delegated role has no \"name\""),
            (&roles, "\"x\":1", either),
            (&roles, &format!("{roles},{}", bins("4")), either),
            (&roles, &bins("0"), "bit_length is 0, not a whole number from 1 up"),
            (
                &roles,
                &bins("33"),
                "signed.delegations.succinct_roles.bit_length is 33, not a whole number from 1 up",
            ),
            (&roles, &bins("32"), "none"),
        ],
    );
}

#[test]
fn a_snapshot_lists_files_with_versions() {
    each(
        &snapshot(),
        &[
            ("\"meta\":", "\"mata\":", "signed has no \"meta\""),
            ("{\"version\":1}", "7", "signed.meta.targets.json is an integer, not an object"),
            ("{\"version\":1}", "{}", "signed.meta.targets.json has no \"version\""),
            ("{\"version\":1}", "{\"version\":-1}", "a listed version is -1, not a whole number from 0 up"),
        ],
    );
}

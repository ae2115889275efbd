//! Delegations: roles, keys, reach, order and hash bins.

use super::between;
use super::mint::{self, Key};

fn key(name: &str) -> Key {
    Key::ed25519(name).called(name)
}

fn entry(name: &str, keys: &[&Key], paths: &str) -> String {
    format!(r#"{{{},"name":"{name}","paths":[{paths}],"terminating":false}}"#, mint::role(keys, 1))
}

fn with(delegations: &str) -> String {
    mint::targets(1, &[]).replacen("{\"_type\"", &format!("{{\"delegations\":{{{delegations}}},\"_type\""), 1)
}

fn listing(keys: &[&Key], roles: &[String]) -> String {
    with(&format!("\"keys\":{},\"roles\":[{}]", mint::table(keys), roles.join(",")))
}

fn plain() -> String {
    let (a, b) = (key("a"), key("b"));
    listing(&[&a, &b], &[entry("p", &[&a], "\"p/*\""), entry("q", &[&b], "\"q/*\"")])
}

#[test]
fn delegations_that_come_tell_their_roles_their_keys_and_all_that_they_cover() {
    let lines = between(&mint::targets(1, &[]), &plain());
    let heads: Vec<&str> = lines.iter().map(|l| l.split(" . > ").next().unwrap()).collect();
    assert_eq!(
        heads,
        [
            "inside delegations",
            "role + p 1",
            "key + p a",
            "role + q 1",
            "key + q b",
            "inside delegations/roles/p/name",
            "inside delegations/roles/p/paths",
            "inside delegations/roles/p/terminating",
            "inside delegations/roles/q/name",
            "inside delegations/roles/q/paths",
            "inside delegations/roles/q/terminating",
        ]
    );
    assert!(lines[6].ends_with(". > [\"p/*\"]"), "{}", lines[6]);
    assert_eq!(
        between(&plain(), &mint::targets(1, &[]))[1..],
        ["role - p", "key - p a", "role - q", "key - q b"]
    );
    let empty = with("\"keys\":{},\"roles\":[]");
    let none = "inside delegations . > {\"keys\":{},\"roles\":[]}";
    assert_eq!(between(&mint::targets(1, &[]), &empty), [none]);
}

#[test]
fn what_a_role_covers_is_told_as_its_reach() {
    let old = plain();
    for (from, to) in [
        ("\"p/*\"", "\"*\""),
        ("\"p/*\"", "\"p/*\",\"r/*\""),
        (
            "\"name\":\"p\",\"paths\":[\"p/*\"],\"terminating\":false",
            "\"name\":\"p\",\"paths\":[\"p/*\"],\"terminating\":true",
        ),
        ("\"name\":\"p\",\"paths\":[\"p/*\"]", "\"name\":\"p\",\"path_hash_prefixes\":[\"00\"]"),
        ("\"name\":\"p\"", "\"name\":\"p\",\"x-note\":1"),
    ] {
        let new = old.replacen(from, to, 1);
        assert_ne!(new, old);
        assert_eq!(between(&old, &new), ["reach p"], "{to}");
    }
    let (a, b) = (key("a"), key("b"));
    let both = |keys: &[&Key]| listing(&[&a, &b], &[entry("p", keys, "")]);
    let order = "inside delegations/roles/p/keyids [\"a\",\"b\"] > [\"b\",\"a\"]";
    assert_eq!(between(&both(&[&a, &b]), &both(&[&b, &a])), [order]);
}

#[test]
fn the_order_in_which_roles_are_tried_is_told() {
    let (a, b) = (key("a"), key("b"));
    let [p, q, r] = [entry("p", &[&a], ""), entry("q", &[&b], ""), entry("r", &[&b], "")];
    let of = |roles: &[&String]| listing(&[&a, &b], &roles.iter().map(|r| (*r).clone()).collect::<Vec<_>>());
    let has_order =
        |old: &[&String], new: &[&String]| between(&of(old), &of(new)).contains(&"order".to_owned());
    assert!(has_order(&[&p, &q], &[&q, &p]));
    assert!(has_order(&[&p, &q], &[&r, &p, &q]), "a new role that is tried first");
    assert!(has_order(&[&p, &q], &[&p, &r, &q]));
    assert!(!has_order(&[&p, &q], &[&p, &q, &r]));
    assert!(!has_order(&[&p, &q, &r], &[&p, &r]));
}

#[test]
fn keys_of_delegations_are_told_as_those_of_a_root() {
    let old = plain();
    let object = old.replacen("\"b\":{", "\"b\":{\"x-owner\":\"bob\",", 1);
    assert_eq!(between(&old, &object), ["object b"]);
    let (a, b) = (key("a"), Key::p256("other").called("b"));
    let swapped = listing(&[&a, &b], &[entry("p", &[&a], "\"p/*\""), entry("q", &[&b], "\"q/*\"")]);
    assert_eq!(between(&old, &swapped), ["key + q b", "key - q b", "object b"]);
    let spare = old.replacen("\"keys\":{", &format!("\"keys\":{{\"s\":{},", key("s").object()), 1);
    assert_eq!(between(&old, &spare), [format!("inside delegations/keys/s . > {}", key("s").object())]);
    let unknown = old.replacen("\"delegations\":{", "\"delegations\":{\"x\":[],", 1);
    assert_eq!(between(&old, &unknown), ["inside delegations/x . > []"]);
}

#[test]
fn hash_bins_tell_their_number_and_never_pass_for_a_role_of_their_name() {
    let a = key("a");
    let bins = |bits: u32, prefix: &str| {
        let role = mint::role(&[&a], 1);
        with(&format!(
            r#""keys":{},"succinct_roles":{{"bit_length":{bits},{role},"name_prefix":"{prefix}"}}"#,
            mint::table(&[&a])
        ))
    };
    assert_eq!(between(&bins(4, "bin"), &bins(5, "bin")), ["reach bin"]);
    assert_eq!(between(&bins(4, "bin"), &bins(4, "box"))[..2], ["role + box 1", "key + box a"]);
    let listed = listing(&[&a], &[entry("bin", &[&a], "")]);
    assert_eq!(between(&bins(4, "bin"), &listed), ["reach bin"]);
}

//! Changes between two versions: role by role, on real roots, and by chance: what differs is told, what is the same is
//! not.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test stops at the first surprise")]

#[path = "changes/chance.rs"]
mod chance;
#[path = "changes/delegating.rs"]
mod delegating;
#[path = "mint/mint.rs"]
mod mint;
#[path = "changes/rooting.rs"]
mod rooting;
#[path = "changes/telling.rs"]
mod telling;

use tuf_ceremony::changes::{Change, changes};
use tuf_ceremony::metadata::{Metadata, RoleType, ShapeFault};

/// Every change in one short line: what a test compares.
fn told(old: &Metadata, new: &Metadata) -> Vec<String> {
    let mut lines = Vec::new();
    changes(old, new, &mut |change| lines.push(telling::line(&change))).unwrap();
    lines
}

fn between(old: &str, new: &str) -> Vec<String> {
    told(&mint::metadata(old), &mint::metadata(new))
}

#[test]
fn documents_of_different_types_are_not_compared() {
    let (old, new) = (mint::metadata(&mint::targets(1, &[])), mint::metadata(&rooting::plain(1)));
    let fault = changes(&old, &new, &mut |_: Change<'_>| panic!("nothing to tell")).unwrap_err();
    assert_eq!(fault, ShapeFault::AnotherType { found: RoleType::Targets, wanted: RoleType::Root });
}

#[test]
fn targets_that_come_go_and_change_are_told_each() {
    let old = mint::targets(1, &["a", "b", "c/d"]);
    let new = mint::targets(2, &["b", "c/d", "e"]);
    let custom = new.replacen("\"length\":1}", "\"length\":1,\"custom\":{\"note\":[1,{\"x\":null}]}}", 1);
    assert_eq!(between(&old, &new), ["version 1 > 2", "- a", "+ e"]);
    assert_eq!(between(&old, &custom), ["version 1 > 2", "- a", "~ b", "+ e"]);
    let deeper = custom.replacen("\"x\":null", "\"x\":true", 1);
    assert_eq!(between(&custom, &deeper), ["~ b"]);
    let longer = new.replacen("\"length\":1}", "\"length\":2}", 1);
    assert_eq!(between(&new, &longer), ["~ b"]);
}

#[test]
fn fields_without_a_meaning_of_their_own_are_told_by_name_with_both_texts() {
    let old = mint::targets(1, &[]);
    let new = old.replacen("2031-01-01", "2032-01-01", 1).replacen("1.0.31", "1.0.34", 1).replacen(
        "{\"_type\"",
        "{\"x\":{\"y\":[1]},\"_type\"",
        1,
    );
    assert_eq!(
        between(&old, &new),
        [
            "field expires \"2031-01-01T00:00:00Z\" > \"2032-01-01T00:00:00Z\"",
            "field spec_version \"1.0.31\" > \"1.0.34\"",
            "field x . > {\"y\":[1]}",
        ]
    );
    let nested = new.replacen("\"y\":[1]", "\"y\":[2]", 1);
    assert_eq!(between(&new, &nested), ["field x {\"y\":[1]} > {\"y\":[2]}"]);
}

#[test]
fn a_snapshot_and_a_timestamp_tell_each_listed_file() {
    for role in ["snapshot", "timestamp"] {
        let of = |meta: &str| {
            format!(
                r#"{{"_type":"{role}","expires":"2031-01-01T00:00:00Z","meta":{{{meta}}},"spec_version":"1.0.31","version":3}}"#
            )
        };
        let old = of(r#""a.json":{"version":1},"b.json":{"version":1}"#);
        let new = of(r#""b.json":{"version":1,"length":5},"c.json":{"version":1}"#);
        assert_eq!(between(&old, &new), ["- a.json", "~ b.json", "+ c.json"]);
        assert_eq!(between(&new, &new), [""; 0]);
    }
}

#[test]
fn another_layout_order_or_escape_is_no_change() {
    let old = mint::text(
        r#"{"signatures":[],"signed":{"_type":"targets","expires":"x","spec_version":"1.0","targets":{"a":{"hashes":{},"length":0}},"version":1}}"#,
    );
    let new = mint::text(
        "{\"signed\": {\"version\": 1, \"targets\": {\"\\u0061\": {\"length\": -0, \"hashes\": {}}},\n\"spec_version\": \"1.0\", \"_type\": \"targ\\u0065ts\", \"expires\": \"x\"}}",
    );
    assert_eq!(old.payload(), new.payload());
    assert_eq!(told(&old, &new), [""; 0]);
}

#[test]
fn of_ten_thousand_targets_the_one_that_changed_is_told() {
    let paths: Vec<String> = (0..10_000).map(|n| format!("bin/{n:05}")).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let old = mint::targets(1, &paths);
    let at = old.find("bin/07777").unwrap();
    let new = format!("{}{}", &old[..at], old[at..].replacen("\"length\":9", "\"length\":8", 1));
    assert_eq!(between(&old, &new), ["~ bin/07777"]);
    assert_eq!(between(&old, &old), [""; 0]);
}

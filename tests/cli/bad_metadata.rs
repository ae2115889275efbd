//! Metadata that reads as JSON and still says what no root may say: refused as a draft, as an authority, as a root.

use crate::bad_input::{desk, refuses};
use crate::stage::{Desk, corpus, read};

/// The verbs that judge metadata, the changed one being `bad.json`.
const VERBS: [&[&str]; 3] = [
    &["import", "--out", "out.json", "--trust", "previous.root.json", "@"],
    &["import", "--out", "out.json", "--trust", "@", "draft.json"],
    &["import", "--out", "out.json", "--predecessor", "@", "draft.json"],
];

/// `file` of the rotation with the first `from` after the role root's key ids turned into `to`.
fn changed(file: &str, from: &str, to: &str) -> String {
    let text = String::from_utf8(read(&corpus(&format!("partial/rotate-overlap-overlap-2/{file}")))).unwrap();
    let at = text.find("\"roles\"").unwrap();
    let at = at + text[at..].find("\"root\"").unwrap();
    let place = at + text[at..].find(from).unwrap_or_else(|| panic!("no {from}"));
    format!("{}{to}{}", &text[..place], &text[place + from.len()..])
}

fn first_keyid(file: &str) -> String {
    let text = changed(file, "{", "{");
    let at = text.find("\"roles\"").unwrap();
    let at = at + text[at..].find("\"root\"").unwrap();
    let at = at + text[at..].find('[').unwrap();
    text[at + 1..].trim_start()[..66].to_owned()
}

/// What no role may say, as a change of `threshold` or of the first key id, and what is said of it.
fn oddities(file: &str, threshold: &str) -> Vec<(String, &'static str)> {
    let was = format!("\"threshold\": {threshold}");
    let with = |to: &str| changed(file, &was, &format!("\"threshold\": {to}"));
    let keyid = first_keyid(file);
    vec![
        (with("0"), "roles.root.threshold is 0, not a whole number from 1 up"),
        (with("-1"), "roles.root.threshold is -1, not a whole number from 1 up"),
        (with("3.0"), "fraction or exponent"),
        (with("\"3\""), "roles.root.threshold is a string, not a whole number"),
        (with("null"), "roles.root.threshold is null"),
        (with("99999999999999999999"), "threshold"),
        (changed(file, &keyid, &format!("{keyid}, {keyid}")), "twice"),
        (changed(file, "\"keyids\"", "\"keyid\""), "keyids"),
    ]
}

#[test]
fn a_role_that_no_one_can_fill_is_refused_wherever_it_is_read() {
    let desk = desk();
    for (text, says) in oddities("draft.json", "3") {
        desk.put("bad.json", text);
        refuses(&desk, VERBS[0], "bad.json", 1, says);
        chain_refuses(&desk, "bad.json", says);
    }
    for (text, says) in oddities("previous.root.json", "2") {
        desk.put("bad.json", text);
        for verb in &VERBS[1..] {
            refuses(&desk, verb, "bad.json", 1, says);
        }
        chain_refuses(&desk, "bad.json", says);
    }
}

#[test]
fn a_threshold_above_the_keys_is_refused() {
    let desk = desk();
    desk.put("bad.json", changed("draft.json", "\"threshold\": 3", "\"threshold\": 6"));
    refuses(&desk, VERBS[0], "bad.json", 1, "6 keys must sign \"root\", and only 5 distinct keys can");
    desk.put("bad.json", changed("previous.root.json", "\"threshold\": 2", "\"threshold\": 4"));
    for verb in &VERBS[1..] {
        refuses(&desk, verb, "bad.json", 1, "4 keys must sign \"root\", and only 3 distinct keys can");
    }
}

#[test]
fn another_type_is_refused() {
    let desk = desk();
    let draft = String::from_utf8(read(&desk.path("draft.json"))).unwrap();
    for (to, says) in [
        ("\"_type\": \"mirrors\"", "signed._type is \"mirrors\""),
        ("\"_type\": \"Root\"", "signed._type is \"Root\""),
        ("\"_type\": 1", "_type"),
        ("\"x-type\": \"root\"", "_type"),
    ] {
        desk.put("bad.json", draft.replacen("\"_type\": \"root\"", to, 1));
        for verb in &VERBS {
            refuses(&desk, verb, "bad.json", 1, says);
        }
        chain_refuses(&desk, "bad.json", says);
    }
    desk.put("bad.json", draft.replacen("\"_type\": \"root\"", "\"_type\": \"timestamp\"", 1));
    refuses(&desk, VERBS[0], "bad.json", 1, "signed has no \"meta\"");
    chain_refuses(&desk, "bad.json", "it is a timestamp document, not a root");
    for text in ["[]", "{}", "1", "\"root\"", "{\"signed\": []}", "{\"signed\": {}, \"signatures\": []}"] {
        desk.put("bad.json", text);
        for verb in &VERBS {
            refuses(&desk, verb, "bad.json", 1, "");
        }
    }
}

#[test]
fn a_predecessor_that_does_not_come_directly_before_is_refused() {
    let desk = desk();
    let first = corpus("partial/first-3of5-ed25519-2sigs/draft.json");
    let first = first.to_str().unwrap();
    refuses(
        &desk,
        &["import", "--out", "out.json", "@"],
        "draft.json",
        1,
        "judged by the trusted root version 1",
    );
    refuses(
        &desk,
        &["import", "--out", "out.json", "--trust", "previous.root.json", "@"],
        first,
        1,
        "first root",
    );
    refuses(
        &desk,
        &["import", "--out", "out.json", "--trust", "draft.json", "@"],
        "draft.json",
        1,
        "version",
    );
    let targets = corpus("partial/targets-3of5-2sigs");
    let (draft, root) = (targets.join("draft.json"), targets.join("authorising.root.json"));
    refuses(&desk, &["import", "--out", "out.json", "@"], draft.to_str().unwrap(), 1, "trusted");
    let other = ["import", "--out", "out.json", "--trust", draft.to_str().unwrap(), "@"];
    refuses(&desk, &other, draft.to_str().unwrap(), 1, "targets");
    let both =
        ["import", "--out", "out.json", "--trust", "previous.root.json", "--predecessor", "@", "draft.json"];
    refuses(&desk, &both, root.to_str().unwrap(), 1, "two different documents");
}

#[test]
fn two_documents_in_one_import_are_refused_by_name() {
    let desk = desk();
    let folder = corpus("partial/parts-differ-in-version");
    for file in ["a.json", "b.json"] {
        desk.put(file, read(&folder.join(file)));
    }
    let verb = ["import", "--out", "out.json", "a.json", "@"];
    refuses(&desk, &verb, "b.json", 1, "\"a.json\" and \"b.json\" hold two different documents.");
}

#[test]
fn signatures_without_a_document_are_refused() {
    let desk = desk();
    let lone = corpus("partial/rstuf-sign-payload/sign-payload.json");
    refuses(&desk, &["import", "--out", "out.json", "@"], lone.to_str().unwrap(), 1, "only signatures");
    let other =
        String::from_utf8(read(&lone)).unwrap().replace("\"role\": \"root\"", "\"role\": \"targets\"");
    desk.put("other.json", other);
    let verb = ["import", "--out", "out.json", "--trust", "previous.root.json", "draft.json", "@"];
    refuses(&desk, &verb, "other.json", 1, "a signature is for the role \"targets\"");
}

fn chain_refuses(desk: &Desk, file: &str, says: &str) {
    let done = desk.run(["verify", "chain", "--json", file]);
    assert_eq!((done.code, done.err().as_str()), (Some(1), ""), "a chain is judged");
    let reasons = done.json()[0]["reasons"].to_string().replace("\\\"", "\"");
    assert!(reasons.contains(says), "{reasons} does not say {says}");
}

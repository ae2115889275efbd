//! The pages as somebody reads them: who says whose a key is, and what is said where two disagree.

use serde::Deserialize;
use tuf_ceremony::document::Document;
use tuf_ceremony::draft::Draft;

use super::NameSource::{CardWithProof, FileClaims, OwnRecord, PlanOnly};
use super::*;
use crate::operator::clean::visible;
use crate::report::Sheet;

/// Public keys of RFC 8032.
const ONE: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
const TWO: &str = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
const THREE: &str = "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025";

/// A key of a role, and what the file claims.
type Claimed<'c> = (&'c str, Option<&'c str>);

fn metadata(version: u64, expires: &str, keys: &[Claimed<'_>], more: &str) -> Metadata {
    let (mut objects, mut ids) = (Vec::new(), Vec::new());
    for (public, claim) in keys {
        let claim = claim.map_or(String::new(), |claim| {
            format!(r#""x-tuf-on-ci-keyowner":{},"#, serde_json::to_string(claim).unwrap())
        });
        let of = format!(r#""keytype":"ed25519","scheme":"ed25519","keyval":{{"public":"{public}"}}"#);
        objects.push(format!(r#""id-{}":{{{claim}{of}}}"#, &public[..8]));
        ids.push(format!(r#""id-{}""#, &public[..8]));
    }
    let role = format!(r#"{{"keyids":[{}],"threshold":1}}"#, ids.join(","));
    let signed = format!(
        r#"{{"_type":"root","expires":"{expires}","keys":{{{}}},"roles":{{"root":{role},"targets":{role}}},{more}"version":{version}}}"#,
        objects.join(",")
    );
    let text = format!(r#"{{"signatures":[],"signed":{signed}}}"#);
    Metadata::of(Document::read(text.into_bytes()).unwrap().into()).unwrap()
}

fn root(version: u64, keys: &[Claimed<'_>]) -> Metadata {
    metadata(version, "2040-01-02T03:04:05Z", keys, "")
}

fn print(public: &str) -> Fingerprint {
    claimed(&root(1, &[(public, None)]))[0].0
}

fn names(said: &[(&str, NameSource, &[&str])]) -> Names {
    let mut names = Names::default();
    for (public, source, holders) in said {
        names.say(print(public), *source, holders.iter().copied());
    }
    names
}

/// All pages of a step from `old`, each line of them.
fn pages(old: Option<&Metadata>, new: Metadata, names: &Names) -> String {
    let draft = Draft::of(new, None).unwrap();
    let mut sink = Vec::new();
    let sheet = Sheet::of_file(&draft, old, None, names).unwrap();
    sheet.show(&mut Screen::onto(&mut sink, false), false).unwrap();
    String::from_utf8(sink).unwrap()
}

/// The same with its lines joined.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn says(shown: &str, text: &str) {
    assert!(flat(shown).contains(text), "{text:?} is not in:\n{shown}");
}

#[test]
fn the_best_source_names_a_key_and_each_source_is_said_on_every_page() {
    let sources: [(&[NameSource], &str); 4] = [
        (&[PlanOnly, OwnRecord, CardWithProof], "\"Alice\" (by your record)"),
        (&[PlanOnly, CardWithProof], "\"Alice\" (by a card with proof)"),
        (&[PlanOnly], "\"Alice\" (only the plan says so)"),
        (&[], "\"Alice\" (only the file says so)"),
    ];
    for (sources, expected) in sources {
        let said: Vec<(&str, NameSource, &[&str])> =
            sources.iter().map(|s| (ONE, *s, ["Alice"].as_slice())).collect();
        // Another key has another source, so that the tallies say each.
        let mut names = names(&said);
        names.say(print(TWO), if sources.is_empty() { PlanOnly } else { FileClaims }, ["Bob"]);
        let old = root(1, &[(TWO, None)]);
        let shown = pages(Some(&old), root(2, &[(ONE, Some("Alice")), (TWO, None)]), &names);
        says(
            &shown,
            &format!("can sign id-d75a98 (fingerprint {}...) {expected}", &print(ONE).to_string()[..8])
                .replace("id-d75a98", "\"id-d75a9801\""),
        );
        says(&shown, &format!("KEY ADDED for {expected} in root, targets"));
        let on_the_keys_page = if sources.is_empty() { "the file says \"Alice\"" } else { expected };
        says(&shown[..shown.find("decide trust").unwrap()], on_the_keys_page);
        assert!(!shown.contains(holders_disagree()), "{shown}");
    }
}

fn holders_disagree() -> &'static str {
    said::DISAGREE
}

#[test]
fn without_any_source_one_sentence_says_that_names_are_claims() {
    let shown = pages(None, root(1, &[(ONE, Some("@alice"))]), &Names::default());
    says(&shown, "the file says \"@alice\"");
    says(&shown, "Holders' names are what the file says; nothing proves them.");
    assert!(!shown.contains("(only the file says so)"), "{shown}");
}

#[test]
fn a_key_that_goes_and_one_that_comes_for_the_same_holder_are_one_new_key_with_words_to_hear() {
    let names = names(&[(ONE, OwnRecord, &["Alice Example"]), (TWO, CardWithProof, &["alice  example"])]);
    let shown = pages(Some(&root(1, &[(ONE, None)])), root(2, &[(TWO, None)]), &names);
    says(&shown, "! NEW KEY FOR \"Alice Example\" in root, targets");
    says(
        &shown,
        "The name of the old key: \"Alice Example\" (by your record). Of the new key: \"alice example\" (by a card with proof).",
    );
    says(&shown, "Call \"Alice Example\" at a number that you know. Do not read this out: hear it.");
    let words = tuf_ceremony::words::words_of(print(TWO).as_bytes());
    let page = &shown[shown.find("NEW KEY FOR").unwrap()..];
    let lines: Vec<&str> = page.lines().skip_while(|line| !line.starts_with("      1  ")).take(8).collect();
    let heard: Vec<&str> = lines.iter().flat_map(|line| line.split_whitespace().skip(1)).collect();
    assert_eq!(heard, words, "{page}");
    let groups: Vec<String> = print(TWO).as_bytes().chunks(4).map(hex::encode).collect();
    says(page, &groups.join(" "));
    assert!(!shown.contains("KEY ADDED") && !shown.contains("KEY REMOVED"), "{shown}");
    assert!(shown.lines().all(|line| line.chars().count() <= 80), "{shown}");
}

#[test]
fn a_new_key_whose_name_only_the_file_claims_is_told_with_both_sources() {
    let names = names(&[(ONE, OwnRecord, &["Alice Example"])]);
    let (old, new) = (root(1, &[(ONE, Some("@alice"))]), root(2, &[(TWO, Some("@alice"))]));
    let shown = pages(Some(&old), new, &names);
    says(&shown, "! NEW KEY FOR \"Alice Example\" in root, targets");
    says(&shown, "Of the new key: \"@alice\" (only the file says so).");
    says(&shown, "Call \"Alice Example\"");
}

#[test]
fn keys_that_better_sources_give_to_two_people_are_no_replacement_whatever_the_file_claims() {
    let names = names(&[(ONE, OwnRecord, &["Alice"]), (TWO, PlanOnly, &["Mallory"])]);
    let (old, new) = (root(1, &[(ONE, Some("Alice"))]), root(2, &[(TWO, Some("Alice"))]));
    let shown = pages(Some(&old), new, &names);
    says(&shown, "KEY ADDED for \"Mallory\" (only the plan says so) in root, targets");
    says(&shown, "KEY REMOVED, that of \"Alice\" (by your record), in root, targets");
    says(&shown, "HOLDER UNCLEAR: the plan says \"Mallory\"; the file says \"Alice\". Ask before you go on.");
    assert!(!shown.contains("NEW KEY FOR"), "{shown}");
}

#[test]
fn a_key_of_one_custodian_is_not_replaced_by_a_key_of_two() {
    let names = names(&[(ONE, PlanOnly, &["Alice"]), (TWO, PlanOnly, &["Alice", "Bob"])]);
    let shown = pages(Some(&root(1, &[(ONE, None)])), root(2, &[(TWO, None)]), &names);
    says(&shown, "KEY ADDED for \"Alice\", \"Bob\" (only the plan says so)");
}

#[test]
fn two_keys_that_go_and_two_that_come_are_paired_by_holder() {
    let names =
        names(&[(ONE, OwnRecord, &["Alice"]), (TWO, OwnRecord, &["Alice"]), (THREE, OwnRecord, &["Bob"])]);
    let shown = pages(Some(&root(1, &[(ONE, None)])), root(2, &[(TWO, None), (THREE, None)]), &names);
    says(&shown, "NEW KEY FOR \"Alice\" (by your record) in root, targets");
    says(&shown, "KEY ADDED for \"Bob\" (by your record) in root, targets");
    assert!(!shown.contains("KEY REMOVED"), "{shown}");
}

#[test]
fn sources_that_contradict_each_other_are_a_danger_with_the_whole_fingerprint() {
    let names = names(&[(ONE, OwnRecord, &["Alice"]), (ONE, PlanOnly, &["Mallory"])]);
    let expected =
        "! HOLDER UNCLEAR: your record says \"Alice\"; the plan says \"Mallory\". Ask before you go on.";
    let old = root(1, &[(ONE, None)]);
    for shown in
        [pages(Some(&old), root(2, &[(ONE, None)]), &names), pages(None, root(1, &[(ONE, None)]), &names)]
    {
        says(&shown, expected);
        says(&shown, &print(ONE).to_string());
        assert_eq!(
            shown.matches(said::DISAGREE).count(),
            if shown.contains("old root") { 4 } else { 3 },
            "{shown}"
        );
        assert!(!shown.contains("None of it"), "{shown}");
    }
}

#[test]
fn a_claim_that_changes_is_a_danger_even_where_nobody_else_names_the_key() {
    let (old, new) = (root(1, &[(ONE, Some("@alice"))]), root(2, &[(ONE, Some("@bob"))]));
    says(&pages(Some(&old), new, &Names::default()), "HOLDER UNCLEAR: the file says \"@alice\", \"@bob\".");
}

#[test]
fn an_account_in_a_file_does_not_contradict_the_name_of_a_person() {
    let key = print(ONE);
    let record = |holders: &[&str]| names(&[(ONE, OwnRecord, holders)]);
    assert_eq!(record(&["Alice Example"]).unclear(key, ["@alice"]), None);
    assert_eq!(record(&["Alice Example"]).unclear(key, ["gcpkms:projects/x"]), None);
    assert_eq!(record(&["Alice Example", "@alice"]).unclear(key, ["@alice"]), None);
    assert_eq!(record(&["Alice Example"]).unclear(key, ["ALICE  example"]), None);
    assert!(record(&["Alice Example", "@alice"]).unclear(key, ["@mallory"]).is_some());
    assert!(record(&["Alice Example"]).unclear(key, ["Mallory"]).is_some());
}

#[test]
fn a_weaker_source_may_say_less_and_not_more() {
    let said = |record: &[&str], plan: &[&str]| names(&[(ONE, OwnRecord, record), (ONE, PlanOnly, plan)]);
    assert_eq!(said(&["Alice", "Bob"], &["Alice"]).unclear(print(ONE), []), None);
    assert!(said(&["Alice"], &["Alice", "Bob"]).unclear(print(ONE), []).is_some());
    assert!(
        said(&["Alice"], &["@alice"]).unclear(print(ONE), []).is_some(),
        "a plan names people as the record does"
    );
}

#[test]
fn a_key_that_another_role_had_already_needs_no_call() {
    let text = |keys: [&str; 2], version: u64| {
        let role = |public: &str| format!(r#"{{"keyids":["{}"],"threshold":1}}"#, &public[..8]);
        let object = |public: &str| {
            format!(
                r#""{}":{{"keytype":"ed25519","scheme":"ed25519","keyval":{{"public":"{public}"}}}}"#,
                &public[..8]
            )
        };
        format!(
            r#"{{"signatures":[],"signed":{{"_type":"root","keys":{{{},{}}},"roles":{{"root":{},"targets":{}}},"version":{version}}}}}"#,
            object(ONE),
            object(TWO),
            role(keys[0]),
            role(keys[1])
        )
    };
    let read = |text: String| Metadata::of(Document::read(text.into_bytes()).unwrap().into()).unwrap();
    let shown = pages(Some(&read(text([ONE, TWO], 1))), read(text([TWO, TWO], 2)), &Names::default());
    says(
        &shown,
        "KEY ADDED in root; nobody names its holder The older version has this key already, for other roles.",
    );
    let shown = pages(Some(&read(text([ONE, ONE], 1))), read(text([TWO, ONE], 2)), &Names::default());
    says(&shown, "Do not read this out: hear it.");
}

#[test]
fn the_danger_page_goes_from_thresholds_over_keys_to_unknown_fields() {
    let old =
        metadata(1, "2040-01-02T03:04:05Z", &[(ONE, None)], r#""a-first":1,"consistent_snapshot":true,"#);
    let more = r#""a-first":2,"consistent_snapshot":false,"#;
    let new = metadata(2, "2039-01-02T03:04:05Z", &[(TWO, None), (THREE, None)], more);
    let new = new.document().text().to_owned().replacen("\"threshold\":1", "\"threshold\":2", 1);
    let new = Metadata::of(Document::read(new.into_bytes()).unwrap().into()).unwrap();
    let names = names(&[(TWO, OwnRecord, &["Alice"]), (TWO, PlanOnly, &["Mallory"])]);
    let shown = pages(Some(&old), new, &names);
    let page = &shown[shown.find("decide trust").unwrap()..];
    let order = [
        "HIGHER THRESHOLD",
        "HOLDER UNCLEAR",
        "KEY ADDED",
        "KEY REMOVED",
        "EXPIRES EARLIER",
        "FIELD consistent_snapshot",
        "FIELD \"a-first\"",
    ];
    let places: Vec<usize> =
        order.iter().map(|item| page.find(item).unwrap_or_else(|| panic!("{item}:\n{page}"))).collect();
    assert!(places.is_sorted(), "{page}");
}

#[derive(Deserialize)]
struct Vectors {
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    name: String,
    text: Option<String>,
    times: Option<usize>,
}

#[test]
fn hostile_names_from_any_source_command_no_terminal_and_forge_no_line() {
    let file: Vectors = serde_json::from_str(include_str!("../../../tests/hostile/strings.json")).unwrap();
    let mut shown_count = 0;
    for vector in file.vectors {
        let Some(text) = vector.text else { continue };
        let text = text.repeat(vector.times.unwrap_or(1).min(1 << 14));
        for source in [OwnRecord, CardWithProof, PlanOnly] {
            let names =
                names(&[(ONE, source, &[&text]), (TWO, source, &[&text]), (ONE, FileClaims, &["Bob"])]);
            let shown = pages(Some(&root(1, &[(ONE, None)])), root(2, &[(TWO, Some("Carol"))]), &names);
            for line in shown.lines() {
                assert_eq!(visible(line), line, "{}", vector.name);
                assert!(line.chars().count() < 600, "{}: {line}", vector.name);
            }
            let quoted = quoted(&text, NAME);
            says(&shown, &flat(&format!("NEW KEY FOR {quoted} (")));
            says(&shown, &flat(&format!("Call {quoted} at a number")));
            shown_count += 1;
        }
    }
    assert!(shown_count > 150, "{shown_count}");
    let forged = "Alice\" (by your record)";
    let shown = pages(None, root(1, &[(ONE, Some(forged))]), &Names::default());
    says(&shown, "\"Alice<U+0022> (by your record)\"");
}

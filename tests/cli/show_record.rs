//! `conclave show --record`: whose key is whose by the keyholder's own word, for people and for scripts.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::play::{Desk, Played, corpus, play};
use crate::refusal::harmless;
use crate::stage::{expectations, top};

/// Keys 7 and 1 of Sigstore's root 5, which root 4 has under other key ids.
const SEVENTH: &str = "5330d64c5e6be93dd8d118433cffec9a079aa7260706502b352f3f88ce8d03ff";
const FIRST: &str = "0673582046e91a71682393136788cb919fec710ff32f0405f8d6c1c4e353b32a";

fn event() -> [PathBuf; 2] {
    let folder = "events/sigstore-root-v5-07aa80d9";
    ["previous.root.json", "04-2of20.json"].map(|file| corpus(&format!("{folder}/{file}")))
}

fn show(record: &Path, more: &[&str], [trust, file]: &[PathBuf; 2]) -> Played {
    let options = ["show", "--record"].iter().map(Path::new).chain([record]);
    let more = more.iter().map(Path::new);
    play(options.chain(more).chain([Path::new("--trust"), trust, file]))
}

fn record(desk: &Desk, keys: &[(&str, &str)]) -> PathBuf {
    let lines: Vec<String> = keys.iter().map(|(key, value)| format!("{key} = {value}\n")).collect();
    desk.file("names.toml", format!("format = 1\n[keys]\n{}", lines.concat()))
}

#[test]
fn the_record_names_who_signed_who_can_and_whose_key_changes_its_id() {
    let desk = Desk::new();
    let file =
        record(&desk, &[(SEVENTH, "\"Alice Example\""), (FIRST, "[\"Bob Example\", \"Carol Example\"]")]);
    let shown = show(&file, &[], &event())
        .ended(0)
        .says("ECDSA P-256 5330d64c... \"Alice Example\" (by your record)")
        .says("SAME KEY, OTHER KEY ID for \"Alice Example\" (by your record) in root, targets")
        .says("\"Bob Example\", \"Carol Example\" (by your record)")
        .says_not("HOLDER UNCLEAR");
    let tallies = &shown.stdout[shown.stdout.find("Who signed").unwrap()..];
    assert_eq!(
        tallies.matches("\"Alice Example\" (by your record)").count(),
        2,
        "on either side:\n{tallies}"
    );
    let wide = shown.stdout.lines().filter(|line| !line.contains("file  ") && line.chars().count() > 80);
    assert_eq!(wide.collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn scripts_get_each_holder_with_its_source() {
    let desk = Desk::new();
    let file = record(&desk, &[(SEVENTH, "\"Alice Example\"")]);
    let facts = show(&file, &["--json"], &event()).ended(0).json();
    let draft = &facts["drafts"][0];
    let of = |list: &Value, what: &str| -> Value {
        let found = list.as_array().unwrap().iter().find(|key| key["fingerprint"] == SEVENTH);
        found.unwrap_or_else(|| panic!("{what}: {list}")).clone()
    };
    let (key, voice) = (of(&draft["keys"], "keys"), of(&draft["tallies"][1]["voices"], "voices"));
    for named in [&key, &voice] {
        assert_eq!(named["holders"], json!(["Alice Example"]));
        assert_eq!(named["source"], "own-record");
    }
    let changes = draft["changes"].as_array().unwrap();
    let renamed = changes.iter().find(|c| c["to"]["fingerprint"] == SEVENTH).unwrap();
    assert_eq!(renamed["from"]["source"], "own-record");
    let added = changes.iter().find(|c| c["kind"] == "key-added").unwrap();
    assert_eq!((&added["key"]["holders"], &added["key"]["source"]), (&json!([]), &Value::Null));
    assert_eq!(draft["unclear"], json!([]));
}

#[test]
fn a_claim_against_the_record_is_told_to_people_and_scripts() {
    let desk = Desk::new();
    let folder = "events/staging-root-v5-3be215d0";
    let files = ["previous.root.json", "02-2of2.json"].map(|file| corpus(&format!("{folder}/{file}")));
    let key = "15317a613ab6989aade70faf7bdd9e10115c6674956da4a3d12db78df8d76ba8";
    let file = record(&desk, &[(key, "[\"Alice Example\", \"@alice\"]")]);
    show(&file, &[], &files)
        .ended(0)
        .says("! HOLDER UNCLEAR: your record says \"Alice Example\", \"@alice\"; the file says \"@jku\". Ask before you go on.")
        .says("KEY ADDED for \"Alice Example\", \"@alice\" (by your record) in root, targets")
        .says("Where only the file says a name, nothing proves it.");
    let facts = show(&file, &["--json"], &files).ended(0).json();
    let unclear = &facts["drafts"][0]["unclear"][0];
    assert_eq!(unclear["fingerprint"], key);
    let said = json!([
        { "holders": ["Alice Example", "@alice"], "source": "own-record" },
        { "holders": ["@jku"], "source": "file-claims" },
    ]);
    assert_eq!(unclear["said"], said);
}

#[test]
fn a_plan_announces_a_new_key_by_its_card_and_the_old_one_by_its_own_word() {
    let plan = top().join("docs/plans/token-lost.plan.toml");
    play([Path::new("plan"), Path::new("check"), &plan])
        .ended(0)
        .says("! NEW KEY FOR \"Bela Costa\" in root")
        .says("The name of the old key: \"Bela Costa\" (only the plan says so). Of the new key: \"Bela Costa\" (by a card with proof).")
        .says("Call \"Bela Costa\" at a number that you know.")
        .says("beaming backwater stapler bottomless");
}

#[test]
fn a_bundle_is_shown_with_the_record() {
    let desk = Desk::new();
    let ([trust, draft], bundle) = (event(), desk.path("b.json"));
    play([Path::new("import"), Path::new("--trust"), &trust, Path::new("--out"), &bundle, &draft]).ended(0);
    let file = record(&desk, &[(SEVENTH, "\"Alice Example\"")]);
    show(&file, &[], &[trust, bundle]).ended(0).says("\"Alice Example\" (by your record)");
}

#[test]
fn hostile_names_in_a_record_command_no_terminal() {
    let file = expectations(&top().join("tests/hostile/strings.json"));
    let (desk, event, mut taken) = (Desk::new(), event(), 0);
    for vector in file["vectors"].as_array().unwrap() {
        let Some(text) = vector["text"].as_str() else { continue };
        // TOML takes every escape of JSON but that of a slash and halves of characters, which are not here.
        let shown = show(&record(&desk, &[(SEVENTH, &Value::from(text).to_string())]), &[], &event);
        harmless(&shown.stdout);
        harmless(&shown.stderr);
        assert!(matches!(shown.code, 0 | 1), "{}", vector["name"]);
        taken += usize::from(shown.code == 0);
    }
    assert!(taken > 50, "only {taken} were taken as names");
}

#[test]
fn a_record_that_is_none_is_refused_in_one_sentence() {
    let desk = Desk::new();
    let bad: [(&str, String, &str); 6] = [
        ("unknown", "format = 1\nowner = \"me\"\n[keys]\n".to_owned(), "line 2: unknown field `owner`"),
        ("fingerprint", "format = 1\n[keys]\nabc = \"Alice\"\n".to_owned(), "\"abc\" names no key"),
        ("twice", format!("format = 1\n[keys]\n{FIRST} = \"A\"\n{FIRST} = \"B\"\n"), "line 4: duplicate key"),
        ("format", "format = 9\n".to_owned(), "it has format 9"),
        ("nameless", format!("format = 1\n[keys]\n{FIRST} = \"\"\n"), "has no name, or an empty one"),
        ("hostile", "format = 1\n\"\\u001b[2J\" = 1\n[keys]\n".to_owned(), "line 2: "),
    ];
    for (name, text, said) in bad {
        let shown = show(&desk.file(name, text), &[], &event())
            .ended(1)
            .says("is refused as a record of names.")
            .says(said)
            .says("now: Mend that line, or leave out --record")
            .says("Nothing was signed");
        harmless(&shown.stderr);
        assert_eq!(shown.stdout, "");
    }
    show(&desk.path("missing"), &[], &event()).ended(5).says("There is no file or folder");
    let most = 1 << 20;
    let padded = |length: usize| format!("format = 1\n[keys]\n#{}", "x".repeat(length - 19));
    show(&desk.file("full", padded(most)), &[], &event()).ended(0);
    show(&desk.file("large", padded(most + 1)), &[], &event()).ended(5).says("at most 1,048,576 are read");
}

//! `conclave show`: what people and scripts see of real files, hostile files and large ones.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::play::{Desk, Played, corpus, play};

fn show(arguments: &[&Path]) -> Played {
    play([Path::new("show")].iter().chain(arguments))
}

/// With `--trust`.
fn show_trusting(trust: &Path, file: &Path) -> Played {
    show(&[Path::new("--trust"), trust, file])
}

fn root_of(signed: &Value) -> String {
    json!({ "signatures": [], "signed": signed }).to_string()
}

/// A root whose four roles share one key.
fn root(version: u64) -> Value {
    let keys = json!({ "alice": {
        "keytype": "ed25519", "scheme": "ed25519", "x-tuf-on-ci-keyowner": "@alice",
        "keyval": { "public": "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a" } } });
    let role = json!({ "keyids": ["alice"], "threshold": 1 });
    json!({ "_type": "root", "spec_version": "1.0.31", "version": version, "consistent_snapshot": true,
        "expires": "2040-01-02T03:04:05Z", "keys": keys,
        "roles": { "root": role, "targets": role, "snapshot": role, "timestamp": role } })
}

fn targets(version: u64, files: Value) -> Value {
    json!({ "_type": "targets", "spec_version": "1.0.31", "version": version,
        "expires": "2040-01-02T03:04:05Z", "targets": files })
}

/// Only ids, digests and the texts of others may be longer than a screen.
#[track_caller]
fn fits(shown: &Played) {
    for line in shown.stdout.lines().filter(|line| line.chars().count() > 80) {
        let words = line.split_whitespace().filter(|word| word.len() < 60).count();
        assert!(line.contains('"') || words <= 2, "too wide:\n{line}");
    }
}

#[test]
fn a_rotation_shows_its_changes_and_both_tallies() {
    let of = |n: u8| corpus(&format!("chains/sigstore-v1-v5/{n}.root.json"));
    let shown = show_trusting(&of(4), &of(5))
        .ended(0)
        .says("root, version 5")
        .says("2023-04-18 (18 April 2023), 18:13:43 UTC")
        .says("SAME KEY, OTHER KEY ID in root, targets")
        .says("FIELD consistent_snapshot is now true; was false.")
        .says("new root: 4 keys have signed, 3 needed. Enough.")
        .says("old root (version 4): 4 keys have signed, 3 needed. Enough.")
        .says("one signature by such a key counts for both the old and the new root");
    fits(&shown);
    let trusting = |path: &Path| show(&[Path::new("--json"), Path::new("--trust"), &of(4), path]);
    let facts = trusting(&of(5)).ended(0).json();
    let tallies = facts["drafts"][0]["tallies"].as_array().unwrap();
    let sides: Vec<_> = tallies.iter().map(|t| (t["side"].as_str().unwrap(), t["valid"].as_u64())).collect();
    assert_eq!(sides, [("new", Some(4)), ("old", Some(4))]);
    assert!(tallies.iter().all(|t| t["met"] == true));
    let kinds =
        |kind| facts["drafts"][0]["changes"].as_array().unwrap().iter().filter(move |c| c["kind"] == kind);
    assert_eq!(kinds("key-renamed").count(), 10, "five keys, for root and for targets");
}

#[test]
fn a_root_without_its_predecessor_is_shown_as_a_draft_and_not_as_verified() {
    let file = corpus("chains/sigstore-v1-v5/5.root.json");
    let shown =
        show(&[&file]).ended(0).says("This is a draft shown, not a root verified.").says_not("old root (");
    fits(&shown);
    let facts = show(&[Path::new("--json"), &file]).ended(0).json();
    assert_eq!(facts["drafts"][0]["tallies"].as_array().unwrap().len(), 1);
    assert_eq!(facts["drafts"][0]["changes"], Value::Null);
    assert!(facts["drafts"][0]["not_judged"].is_string());
}

#[test]
fn a_first_root_judges_itself_and_all_of_it_is_new() {
    let shown = show(&[&corpus("partial/first-3of5-ed25519-2sigs/draft.json")])
        .ended(0)
        .says("This is a first root: all of it is new.")
        .says("this root: 2 of 3 needed keys have signed; 1 more is needed.");
    fits(&shown);
}

#[test]
fn a_root_that_does_not_follow_the_trusted_one_is_not_judged_by_it() {
    let of = |n: u8| corpus(&format!("chains/sigstore-v1-v5/{n}.root.json"));
    show_trusting(&of(3), &of(5))
        .ended(0)
        .says("cannot judge this: root version 5 does not follow the trusted root, which has version 3")
        .says("VERSION is 5 after 3; 4 would follow.")
        .says_not("old root (");
}

#[test]
fn the_trusted_root_itself_is_recognised() {
    let file = corpus("chains/sigstore-v1-v5/5.root.json");
    show_trusting(&file, &file).ended(0).says("This is the very document that you gave with --trust.");
}

#[test]
fn targets_show_files_delegations_and_who_signed() {
    let folder = "partial/targets-3of5-2sigs";
    let (draft, root) =
        (corpus(&format!("{folder}/draft.json")), corpus(&format!("{folder}/authorising.root.json")));
    let shown = show_trusting(&root, &draft)
        .ended(0)
        .says("lists 2 files")
        .says("\"releases\": 2 of 3 keys must sign: 1, 2, 3")
        .says("terminating: the search ends there")
        .says("trusted root (version 1): 2 of 3 needed keys have signed; 1 more is needed.");
    fits(&shown);
    show(&[&draft]).ended(0).says("Nothing can be judged without --trust").says("a signature, not judged");
    show(&[Path::new("--role"), Path::new("root"), &draft]).ended(1).says("cannot be shown for that role");
}

#[test]
fn a_listing_that_goes_back_is_pointed_out() {
    let desk = Desk::new();
    let listing = |version: u64, meta: Value| {
        root_of(&json!({ "_type": "snapshot", "spec_version": "1.0.31", "version": version,
            "expires": "2040-01-02T03:04:05Z", "meta": meta }))
    };
    let old = json!({ "targets.json": { "version": 7 }, "gone.json": { "version": 1 }, "up.json": { "version": 1 } });
    let new = json!({ "targets.json": { "version": 6 }, "new.json": { "version": 1 }, "up.json": { "version": 2 } });
    let (old, new) = (desk.file("old", listing(1, old)), desk.file("new", listing(2, new)));
    let shown = show(&[Path::new("--against"), &old, &new])
        .ended(0)
        .says("FILE \"targets.json\" goes back to version 6; was 7.")
        .says("FILE \"gone.json\" is not listed any more.")
        .says("4 files change: 1 new, 2 changed, 1 gone")
        .says("changed \"up.json\" version 2; was 1");
    fits(&shown);
}

#[test]
fn a_timestamp_is_shown() {
    let desk = Desk::new();
    let signed = json!({ "_type": "timestamp", "spec_version": "1.0.31", "version": 3,
        "expires": "2040-01-02T03:04:05Z", "meta": { "snapshot.json": { "version": 2 } } });
    let file = desk.file("timestamp.json", root_of(&signed));
    show(&[&file]).ended(0).says("timestamp, version 3").says("\"snapshot.json\" version 2");
}

#[test]
fn dangerous_changes_stand_before_three_thousand_files() {
    let desk = Desk::new();
    let files = |from: usize, length: usize| -> Value {
        let file = |n: usize| {
            (format!("dist/{n:06}.bin"), json!({ "length": length, "hashes": { "sha256": "00" } }))
        };
        Value::Object((from..from + 3000).map(file).collect())
    };
    let mut new = targets(2, files(1000, 8));
    new["x-danger"] = json!("look here");
    new["expires"] = json!("2039-01-02T03:04:05Z");
    let (old, new) = (desk.file("old", root_of(&targets(1, files(0, 7)))), desk.file("new", root_of(&new)));
    let shown = show(&[Path::new("--against"), &old, &new])
        .ended(0)
        .says("EXPIRES EARLIER: 2039-01-02T03:04:05Z; was 2040-01-02T03:04:05Z.")
        .says("FIELD \"x-danger\" is new: \"look here\".")
        .says("4,000 files change: 1,000 new, 2,000 changed, 1,000 gone")
        .says("3,980 more; --all shows them.");
    fits(&shown);
    assert!(shown.stdout.lines().count() < 120, "{}", shown.stdout);
    let place = |text: &str| shown.stdout.find(text).unwrap();
    assert!(place("x-danger") < place("4,000 files change"));
    let all = show(&[Path::new("--all"), Path::new("--against"), &old, &new]).ended(0);
    assert_eq!(all.stdout.lines().filter(|l| l.trim_start().starts_with("gone ")).count(), 1000);
    let facts = show(&[Path::new("--json"), Path::new("--against"), &old, &new]).ended(0).json();
    let changes = facts["drafts"][0]["changes"].as_array().unwrap();
    assert_eq!(changes.iter().filter(|c| c["kind"] == "entry-changed").count(), 2000);
    assert_eq!(facts["drafts"][0]["targets"], 3000);
}

#[test]
fn scripts_get_no_path_that_did_not_change() {
    let desk = Desk::new();
    let file = |length: u8| json!({ "length": length, "hashes": { "sha256": "00" } });
    let old = desk.file("old", root_of(&targets(1, json!({ "same.bin": file(1), "other.bin": file(1) }))));
    let new = desk.file("new", root_of(&targets(2, json!({ "same.bin": file(1), "other.bin": file(2) }))));
    show(&[Path::new("--json"), Path::new("--against"), &old, &new])
        .ended(0)
        .says("other.bin")
        .says_not("same.bin");
}

#[test]
fn a_key_in_place_of_another_of_the_same_claimed_holder_is_announced() {
    let desk = Desk::new();
    let mut new = root(2);
    new["keys"]["alice"]["keyval"]["public"] =
        json!("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
    new["roles"]["root"]["threshold"] = json!(2);
    let (old, new) = (desk.file("1", root_of(&root(1))), desk.file("2", root_of(&new)));
    let shown = show_trusting(&old, &new)
        .ended(0)
        .says("NEW KEY FOR \"@alice\" (only the file says so) in root, snapshot, targets, timestamp")
        .says("HIGHER THRESHOLD for root: 2 keys must sign; was 1.")
        .says("It can never be enough")
        .says("No key stands in both the old and the new root");
    fits(&shown);
}

#[test]
fn the_expiry_that_moves_far_is_dangerous_and_the_usual_one_is_not() {
    let desk = Desk::new();
    let old = desk.file("1", root_of(&root(1)));
    let expiring = |at: &str| {
        let mut new = root(2);
        new["expires"] = json!(at);
        show_trusting(&old, &desk.file("2", root_of(&new))).ended(0)
    };
    expiring("2043-01-02T03:04:05Z").says("EXPIRES FAR LATER");
    expiring("2041-01-02T03:04:05Z").says_not("EXPIRES").says("None of it: thresholds, keys");
    expiring("never").says("EXPIRY is now never; was 2040-01-02T03:04:05Z.");
}

fn hostile_texts() -> Vec<String> {
    let nasty = [
        "\u{1b}]8;;https://evil.example/\u{1b}\\good\u{1b}]8;;\u{1b}\\",
        "\u{1b}]52;c;AAAA\u{7}",
        "\u{1b}[2J\u{1b}[1;1H",
        "\u{9b}2J\r\u{8}\u{7f}",
        "invoice\u{202e}gpj.exe",
        "zero\u{200b}width\u{feff}",
        "line\nbreak\u{2028}",
    ];
    nasty.iter().map(|text| (*text).to_owned()).chain(["\u{1b}x".repeat(1 << 19)]).collect()
}

#[track_caller]
fn is_harmless(shown: &Played) {
    for c in shown.stdout.chars().chain(shown.stderr.chars()) {
        let moves = matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
        assert!(c == '\n' || !c.is_control() && !moves, "a raw {c:?} reached the screen");
    }
}

#[test]
fn hostile_names_command_no_terminal() {
    let desk = Desk::new();
    let old = desk.file("1", root_of(&root(1)));
    for text in hostile_texts() {
        let mut signed = root(2);
        signed["keys"]["alice"]["x-tuf-on-ci-keyowner"] = json!(text);
        // A longer name of a role is refused.
        signed["roles"][text.get(..254).unwrap_or(&text)] = json!({ "keyids": [], "threshold": 1 });
        // The long one everywhere would only take time.
        let text = text.get(..200).unwrap_or(&text).to_owned();
        signed["keys"][&text] = json!({ "keytype": text, "scheme": text, "keyval": { "public": text } });
        signed["roles"]["root"]["keyids"] = json!(["alice", text]);
        signed["roles"][&text] = json!({ "keyids": [text], "threshold": 1 });
        signed["spec_version"] = json!(text);
        signed["expires"] = json!(text);
        signed[&text] = json!({ &text: text });
        let entry = json!({ "keyid": text, "sig": text });
        let file = desk.file("2", json!({ "signatures": [entry], "signed": signed }).to_string());
        let shown = show_trusting(&old, &file).ended(0);
        is_harmless(&shown);
        assert!(shown.stdout.len() < 60_000, "{} bytes for one screen", shown.stdout.len());
        is_harmless(&show(&[Path::new("--all"), &file]).ended(0));
        assert!(show(&[Path::new("--json"), &file]).ended(0).json()["drafts"].is_array());
    }
}

#[test]
fn hostile_targets_command_no_terminal() {
    let desk = Desk::new();
    let old = desk.file("1", root_of(&targets(1, json!({}))));
    for text in hostile_texts() {
        let mut signed = targets(2, json!({ &text: { "length": 1, "hashes": {}, "custom": text } }));
        let text = text.get(..200).unwrap_or(&text).to_owned();
        signed["targets"]["hashes"] = json!({ "length": 1, "hashes": { &text: text } });
        let role =
            json!({ "name": text, "keyids": [text], "threshold": 1, "terminating": true, "paths": [text] });
        signed["delegations"] = json!({ "keys": {}, "roles": [role] });
        let file = desk.file("2", root_of(&signed));
        let shown = show(&[Path::new("--against"), &old, &file]).ended(0);
        is_harmless(&shown);
        assert!(shown.stdout.len() < 60_000, "{} bytes for one screen", shown.stdout.len());
        is_harmless(&show(&[Path::new("--role"), Path::new(text.get(..60).unwrap_or(&text)), &file]));
    }
}

#[test]
fn refusals_of_hostile_files_command_no_terminal() {
    let desk = Desk::new();
    for text in hostile_texts() {
        let bad: [Value; 3] = [
            json!({ "signatures": [], "signed": { "_type": text, "version": 1 } }),
            json!({ "signatures": [], "signed": { "_type": "root", "version": 1, "keys": { &text: 1 }, "roles": {} } }),
            json!({ "signatures": [], "signed": targets(1, json!({ &text: { "length": "1" } })) }),
        ];
        for (number, bad) in bad.iter().enumerate() {
            let shown = show(&[&desk.file(&format!("bad-{number}"), bad.to_string())]).ended(1);
            is_harmless(&shown);
        }
    }
}

#[test]
fn files_of_peers_are_shown_with_their_dialect() {
    let folder = "partial/rstuf-sign-payload";
    show(&[&corpus(&format!("{folder}/in.json"))])
        .ended(0)
        .says("form RSTUF answer with a pending document")
        .says("\"Kurt Cöbain\"")
        .says("Holders' names are what the file says; nothing proves them.");
    let lone = corpus(&format!("{folder}/sign-payload.json"));
    show(&[&lone]).ended(0).says("It holds 1 signature for the role \"root\" and no document");
    assert_eq!(show(&[Path::new("--json"), &lone]).ended(0).json()["loose"].as_array().unwrap().len(), 1);
}

#[test]
fn every_document_of_the_corpus_is_shown_or_refused() {
    let mut folders = vec![corpus("chains"), corpus("events"), corpus("partial"), corpus("odd")];
    let mut shown = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "json") {
                let played = show(&[&path]);
                assert!(matches!(played.code, 0 | 1), "{}: {}", path.display(), played.code);
                fits(&played);
                shown += usize::from(played.code == 0);
            }
        }
    }
    assert!(shown > 100, "only {shown} were shown");
}

fn bundle(desk: &Desk) -> PathBuf {
    let folder = "partial/rotate-overlap-overlap-2";
    let (draft, root) =
        (corpus(&format!("{folder}/draft.json")), corpus(&format!("{folder}/previous.root.json")));
    let bundle = desk.path("root.bundle.json");
    let import = [Path::new("import"), Path::new("--trust"), &root, Path::new("--out"), &bundle, &draft];
    play(import).ended(0);
    bundle
}

#[test]
fn a_bundle_shows_its_lettered_drafts_and_whose_copy_judges() {
    let desk = Desk::new();
    let bundle = bundle(&desk);
    let shown = show(&[&bundle])
        .ended(0)
        .says("Draft A: root, version 2")
        .says("Judged by the trusted document inside the bundle.")
        .says("old root (version 1): 2 of 2 needed keys have signed. Enough.");
    fits(&shown);
    let own = corpus("partial/rotate-overlap-overlap-2/previous.root.json");
    show_trusting(&own, &bundle).ended(0).says("The bundle's trusted document is the one that you gave");
    let facts = show(&[Path::new("--json"), &bundle]).ended(0).json();
    assert_eq!(facts["kind"], "bundle");
    assert_eq!(facts["drafts"][0]["tallies"][1]["met"], true);
    show(&[Path::new("--role"), Path::new("targets"), &bundle]).ended(1).says("holds no draft of the role");
}

#[test]
fn a_bundle_with_another_root_than_mine_is_judged_by_mine() {
    let desk = Desk::new();
    let (bundle, mine) = (bundle(&desk), desk.file("mine", root_of(&root(1))));
    show_trusting(&mine, &bundle)
        .ended(0)
        .says("DANGER: the bundle carries another trusted document than the one that you gave with --trust.")
        .says("Stop and ask the security officer which root is current")
        .says("old root (version 1): 0 of 1 needed key has signed; 1 more is needed.")
        .says(
            "KEY REMOVED, that of \"@alice\" (only the file says so), in root, snapshot, targets, timestamp",
        );
}

#[test]
fn what_is_no_metadata_is_refused_in_one_sentence() {
    let desk = Desk::new();
    let cases: [(&str, &[u8], &str); 6] = [
        ("text", b"hello", "cannot be read"),
        ("empty", b"", "cannot be read"),
        ("list", b"[]", "nothing that conclave can show"),
        ("other", b"{\"a\": 1}", "nothing that conclave can show"),
        ("twice", b"{\"a\": 1, \"a\": 2}", "cannot be read"),
        ("torn", b"{\"signed\": {", "cannot be read"),
    ];
    for (name, text, said) in cases {
        show(&[&desk.file(name, text)]).ended(1).says(said).says("now:").says("Nothing was signed");
    }
    let mut three = root(1);
    three["roles"]["root"]["threshold"] = json!("3");
    show(&[&desk.file("three", root_of(&three))]).ended(1).says("nothing that conclave can show");
    show(&[&desk.path("missing")]).ended(5);
    show(&[&desk.path("")]).ended(1).says("holds no ceremony");
}

#[test]
fn versions_of_different_roles_are_not_compared() {
    let desk = Desk::new();
    let (old, new) = (desk.file("old", root_of(&targets(1, json!({})))), desk.file("new", root_of(&root(1))));
    show(&[Path::new("--against"), &old, &new])
        .ended(1)
        .says("cannot be compared")
        .says("it is targets metadata, not root");
}

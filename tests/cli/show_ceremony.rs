//! `conclave show` and `status` of a ceremony: its folder and its bundle are shown alike, with the same letters, names and
//! pages, against the keyholder's own root.

use serde_json::{Value, json};

use crate::refusal::harmless;
use crate::room::{DATE, Room, anna};
use crate::stage::Done;

const PLACES: [&str; 2] = ["folder", "a.bundle.json"];
const OWN: &str = "inputs/1.root.json";

/// A ceremony of `example` in its folder and as a bundle.
fn room(example: &str) -> Room {
    let room = Room::new();
    let device: &[&str] = if example == "targets-release" { &[] } else { &["--one-device", "a test"] };
    let plan = format!("{example}.plan.toml");
    room.desk.run([&["open", "--date", DATE][..], device, &[&plan, "folder"]].concat()).good();
    room.desk.run(["export", "--out", "a.bundle.json", "folder"]).good();
    room
}

fn flat(done: &Done) -> String {
    harmless(&done.out());
    done.out().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_folder_and_its_bundle_show_the_same_pages() {
    for example in ["bootstrap", "rotation", "targets-release"] {
        let room = room(example);
        let [folder, bundle] = PLACES.map(|place| room.desk.run(["show", "--json", place]).good().json());
        assert_eq!(folder["drafts"], bundle["drafts"], "{example}");
        assert_eq!(folder["ceremony"], bundle["ceremony"]);
        assert_eq!((&folder["kind"], &folder["sha256"]), (&json!("folder"), &Value::Null));
        assert_eq!(bundle["kind"], "bundle");
        let letters: Vec<&str> =
            folder["drafts"].as_array().unwrap().iter().map(|d| d["letter"].as_str().unwrap()).collect();
        assert_eq!(letters, ["A", "B", "C", "D"][..letters.len()]);
        let pages = PLACES.map(|place| {
            let page = flat(&room.desk.run(["show", place]).good());
            page[page.find("draft A").unwrap()..].to_owned()
        });
        assert_eq!(pages[0], pages[1], "{example}");
        let states = PLACES.map(|place| room.status(place)["drafts"].clone());
        for (of_folder, of_bundle) in states[0].as_array().unwrap().iter().zip(states[1].as_array().unwrap())
        {
            for field in ["letter", "role", "version", "payload", "complete", "tallies"] {
                assert_eq!(of_folder[field], of_bundle[field], "{example} {field}");
            }
        }
    }
}

#[test]
fn danger_stands_first_and_every_name_says_where_it_comes_from() {
    let room = room("rotation");
    room.desk.put("names.toml", "format = 1\n[keys]\n61ae2c06693d2184c09e902610fd72f4bbd7ad5d08ee634d22138e8f1ca1bd86 = \"Bela from the choir\"\n");
    for place in PLACES {
        let page = flat(&room.desk.run(["show", "--trust", OWN, "--record", "names.toml", place]).good());
        let danger = page.find("Check each one").unwrap();
        assert!(danger < page.find("Other changes").unwrap() && danger < page.find("Who signed").unwrap());
        for says in [
            "\"Dora takes over from Bela\"",
            "rotation; a real ceremony",
            "KEY ADDED for \"Dora Engel\" (by a card with proof) in root",
            "\"Bela from the choir\" (by your record)",
            "HOLDER UNCLEAR",
            "\"Carla Dietz\" (only the plan says so)",
        ] {
            assert!(page.contains(says), "{place}: {says} is not in {page}");
        }
    }
}

#[test]
fn the_holders_own_root_judges_a_folder_too() {
    let room = room("rotation");
    for place in PLACES {
        let facts = room.desk.run(["show", "--json", "--trust", OWN, place]).good().json();
        assert_eq!(facts["drafts"][0]["trusted"], "given-and-same", "{place}");
        let own = String::from_utf8(crate::stage::read(&room.desk.path(OWN))).unwrap();
        room.desk.put("other.json", own.replace("2031-", "2032-"));
        let facts = room.desk.run(["show", "--json", "--trust", "other.json", place]).good().json();
        assert_eq!(facts["drafts"][0]["trusted"], "given-and-other", "{place}");
        let page = flat(&room.desk.run(["show", "--trust", "other.json", place]).good());
        assert!(page.contains("Stop"), "{page}");
    }
}

#[test]
fn one_draft_is_picked_by_its_letter() {
    let room = room("bootstrap");
    for place in PLACES {
        for (letter, role) in [("a", "root"), ("B", "targets"), ("c", "snapshot"), ("D", "timestamp")] {
            let facts = room.desk.run(["show", "--json", "--draft", letter, place]).good().json();
            let drafts = facts["drafts"].as_array().unwrap();
            assert_eq!(drafts.len(), 1);
            assert_eq!(
                (&drafts[0]["role"], &drafts[0]["letter"]),
                (&json!(role), &json!(letter.to_uppercase()))
            );
        }
    }
}

#[test]
fn a_bundle_tells_who_signed_and_who_declined_as_its_lines_do() {
    let room = room("rotation");
    room.sign_into("folder", "0-a", &[&anna()]).good();
    let why = "the expiry is not what we agreed";
    room.desk.run(["decline", "--draft", "A", "--as", "carla", "--reason", why, "folder"]).good();
    room.desk.run(["export", "--out", "b.bundle.json", "folder"]).good();
    let draft = &room.status("b.bundle.json")["drafts"][0];
    assert_eq!(draft["letter"], "A");
    let decision = &draft["decisions"][0];
    assert_eq!(
        (&decision["person"], &decision["decision"], &decision["reason"]),
        (&json!("carla"), &json!("declined"), &json!(why))
    );
    assert_eq!(decision["machine"], room.status("folder")["machine"]);
    let page = flat(&room.desk.run(["status", "b.bundle.json"]).good());
    for says in
        ["\"carla\" has DECLINED: \"the expiry", "\"Anna Berg\" (only the plan says so)", "Dora takes over"]
    {
        assert!(page.contains(says), "{page}");
    }
}

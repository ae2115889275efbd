//! Exceptions across machines: what another machine's lines tell is shown and does not count until somebody here writes it
//! down, typed, with who heard it and how.

use serde_json::Value;

use crate::holder::Talk;
use crate::refusal::refused;
use crate::room::{Room, anna, because, bela, now};

const SOON: (&str, &str) = ("expires = \"2028-03-05T00:00:00Z\"", "expires = \"2027-03-20T00:00:00Z\"");
const ASK: &str = "\n\n[[exceptions]]\ncontrol = \"expiry-soon\"\nabout = \"root\"\nreason = \"a bridge\"\n";

/// `a` from a plan that asks for an exception, with Anna's signature and grant; `b`, Bela's own folder, with hers.
fn two_machines() -> Room {
    let room = Room::new();
    room.open(room.plan("renewal", &[(SOON.0, &format!("{}{ASK}", SOON.1))]), "a");
    room.desk.run(["export", "--out", "out.bundle.json", "a"]).good();
    room.visit("out.bundle.json", "inputs/1.root.json", "b").good();
    for (folder, person, key) in [("a", "anna", anna()), ("b", "bela", bela())] {
        grants(&room, folder, person, &[]);
        room.sign_into(folder, "0-a", &[&key]).good();
    }
    room.desk.run(["export", "--out", "home.bundle.json", "b"]).good();
    room
}

fn arguments<'a>(folder: &'a str, person: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["grant", "--as", person, "--draft", "a", "--control", "expiry-soon"][..], more, &[folder]].concat()
}

fn asks(room: &Room, folder: &str, person: &str, more: &[&str]) -> (Talk, String) {
    let mut talk = Talk::of(&room.desk, &arguments(folder, person, more), &[]);
    let phrase = talk.phrase_after("To write it down, type: ");
    (talk, phrase)
}

fn grants(room: &Room, folder: &str, person: &str, more: &[&str]) -> String {
    let (mut talk, phrase) = asks(room, folder, person, more);
    talk.line(&phrase);
    let (code, said) = talk.end();
    assert_eq!(code, 0, "{said}");
    said
}

fn page(room: &Room, verb: &str, place: &str) -> String {
    let told = room.desk.run([verb, place]).good().out();
    told.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn events(room: &Room, folder: &str) -> Vec<Value> {
    let lines = std::fs::read_to_string(room.desk.path(folder).join("transcript.jsonl")).unwrap();
    lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["event"].clone()).collect()
}

#[test]
fn a_grant_that_another_machine_tells_counts_once_it_is_written_down_here() {
    let room = two_machines();
    let machine = room.status("b")["machine"].as_str().unwrap().to_owned();
    room.desk.run(["import", "--into", "a", "home.bundle.json"]).good();
    let heard_next = "Next: hear from each signer what another machine tells of her";
    let told = "\"bela\" granted the exception that [expiry-soon] needs for \"root\" by the word of another machine; it counts when this machine writes it down.";
    for verb in ["status", "show"] {
        let page = page(&room, verb, "a");
        assert!(page.contains(&format!("{told} on machine {machine}")), "{verb}: {page}");
        assert_eq!(page.contains(heard_next), verb == "status", "{page}");
    }
    let shown = room.desk.run(["show", "--json", "a"]).good().json();
    assert_eq!(shown["drafts"][0]["told_grants"][0]["told_by"][0], machine.as_str());
    let missing = room.status("a")["drafts"][0]["missing_grants"].clone();
    let told_by: Vec<(&str, usize)> = missing
        .as_array()
        .unwrap()
        .iter()
        .map(|grant| (grant["person"].as_str().unwrap(), grant["told_by"].as_array().unwrap().len()))
        .collect();
    assert_eq!(told_by, [("bela", 1), ("carla", 0)]);

    for arguments in [&["finalize", "a"][..], &["finalize", "--draft", "a", "a"]] {
        let told = room.refuses(arguments, 1, "This draft cannot become final yet.");
        because(&told, "without 1 of signers who have not granted what it needs");
        now(&told, "`conclave grant --heard`");
    }
    let heard = ["--heard", "by telephone, with the words of her head", "--by", "olga"];
    let said = grants(&room, "a", "bela", &heard);
    assert!(said.contains("plan's reason  \"a bridge\"") && said.contains(&machine), "{said}");
    let events = events(&room, "a");
    let [.., remark, grant] = events.as_slice() else { panic!() };
    assert_eq!(remark["Remarked"]["by"], "olga");
    let text = remark["Remarked"]["text"].as_str().unwrap();
    assert!(text.starts_with("bela granted [expiry-soon] root for the draft ") && text.ends_with(heard[1]));
    assert_eq!(
        (&grant["ExceptionGranted"]["person"], &grant["ExceptionGranted"]["reason"]),
        (&"bela".into(), &"a bridge".into())
    );
    assert!(!page(&room, "status", "a").contains("by the word of another machine"));
    room.desk.run(["finalize", "a"]).good();
    room.desk.run(["close", "--as", "anna", "a"]).good();
    let verdict = room.desk.run(["replay", "--json", "a"]).good().json();
    assert_eq!(verdict["folders"][0]["verdict"], "consistent", "{verdict}");
}

#[test]
fn a_bundle_alone_is_nobodys_word_that_an_exception_was_granted() {
    let room = two_machines();
    room.desk.run(["import", "--into", "a", "home.bundle.json"]).good();
    room.desk.run(["export", "--out", "all.bundle.json", "a"]).good();
    let told = room.refuses(
        &["finalize", "--out", "final", "all.bundle.json"],
        1,
        "The drafts in \"all.bundle.json\" need exceptions, and a bundle alone is nobody's word that they were granted.",
    );
    now(&told, "Finalize in the ceremony's folder");
}

#[test]
fn what_is_granted_is_typed_and_anything_else_writes_nothing() {
    let room = two_machines();
    let lines = || room.status("a")["lines"].clone();
    let before = lines();
    let (mut talk, phrase) = asks(&room, "a", "carla", &[]);
    let payload = room.status("a")["drafts"][0]["payload"].as_str().unwrap().to_owned();
    assert_eq!(phrase, format!("grant expiry-soon {}", &payload[..8]));
    talk.line("");
    talk.until("That is not the phrase.");
    talk.until("Your answer: ");
    talk.line("no");
    let (code, said) = talk.end();
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("Nothing was written down: the exception is not granted."), "{said}");
    let (mut talk, _) = asks(&room, "a", "carla", &[]);
    talk.control('c');
    assert_eq!(talk.end().0, 3);
    let unattended = room.desk.run(arguments("a", "carla", &["--json"]));
    assert_eq!((unattended.code, unattended.json()["error"]["exit"].clone()), (Some(3), 3.into()));
    assert!(unattended.err().contains("now: Run `conclave grant` at a terminal"), "{}", unattended.err());
    assert_eq!(lines(), before);
}

#[test]
fn what_cannot_be_granted_is_refused_before_anybody_is_asked() {
    let room = two_machines();
    let with = |person, more: &[&'static str]| arguments("a", person, more);
    let other = |control| ["grant", "--as", "carla", "--draft", "a", "--control", control, "a"];
    let told = room.refuses(
        &other("threshold-one"),
        1,
        "Draft A needs no exception from the control \"threshold-one\".",
    );
    now(&told, "What needs one is: [expiry-soon] \"root\".");
    room.refuses(
        &with("carla", &["--about", "targets"]),
        1,
        "Draft A needs no exception from the control \"expiry-soon\".",
    );
    let told = room.refuses(
        &with("anna", &[]),
        1,
        "That \"anna\" grants [expiry-soon] for \"root\" is written down already.",
    );
    now(&told, "Nothing is left to do");
    let told =
        room.refuses(&with("mallory", &[]), 2, "The plan of this ceremony knows nobody called \"mallory\".");
    now(&told, "anna");
    let herself = ["--heard", "by telephone", "--by", "carla"];
    room.refuses(&with("carla", &herself), 2, "Whoever grants cannot be the one who heard it from her.");
    let alone = room.desk.run(with("carla", &["--heard", "by telephone"]));
    because(&refused(&alone, 2), "--by <NAME>");
    let letter = ["grant", "--as", "carla", "--draft", "C", "--control", "expiry-soon", "a"];
    room.refuses(&letter, 2, "There is no draft \"C\".");
    room.desk.run(["abort", "--as", "anna", "--reason", "a test", "a"]).good();
    room.refuses(&with("carla", &[]), 1, "This step is not possible now.");
}

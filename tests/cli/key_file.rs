//! Keys in files, at a real terminal: made, carded, tested; where their passphrases come from; who may not use one.

use std::os::unix::fs::PermissionsExt as _;

use crate::holder::{Talk, holding};
use crate::keyroom::{Keyroom, bad, good};
use crate::led::{Led, PRACTICE, SOURCE, THAT_WAS_IT};
use crate::refusal::refused;
use crate::stage::{corpus, read};

const PASSPHRASE: &str = "right-horse-battery";

/// `conclave key` at a terminal, started by `run`.
fn talk(room: &Keyroom, run: &str, words: &str, more: &[&str]) -> Talk {
    let arguments =
        words.split_whitespace().chain(more.iter().copied()).map(str::to_owned).collect::<Vec<_>>();
    Talk::begin(run, &arguments, &room.scene.path("."), &[])
}

fn plainly(room: &Keyroom, words: &str, more: &[&str]) -> Talk {
    talk(room, "exec \"$@\"", words, more)
}

fn types(talk: &mut Talk, question: &str, text: &str) {
    talk.until(question);
    talk.until(": ");
    talk.line(text);
}

/// The file `online.key.pem` of this scheme.
fn made(room: &Keyroom, scheme: &str) -> String {
    let words = format!("key generate --file online.key.pem --public-out new.pem --scheme {scheme}");
    let mut talk = plainly(room, &words, &[]);
    assert_eq!(talk.agree("To make the key, type: "), "make key file");
    types(&mut talk, "A passphrase for the new key file", PASSPHRASE);
    types(&mut talk, "The same passphrase again", PASSPHRASE);
    good(talk)
}

/// Consents to a card of the file, up to the passphrase.
fn card(room: &Keyroom, more: &[&str]) -> Talk {
    let mut talk = plainly(room, "key card --file online.key.pem --out online.key.json", more);
    talk.agree("To let the key sign this card, type: ");
    talk
}

#[test]
fn a_key_file_is_made_for_its_owner_alone_carded_and_tested() {
    for scheme in ["ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384"] {
        let room = Keyroom::with(&[]);
        let said = made(&room, scheme);
        assert!(!said.contains(PASSPHRASE), "{said}");
        let path = room.scene.path("online.key.pem");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let text = String::from_utf8(read(&path)).unwrap();
        assert!(text.starts_with(&String::from_utf8(read(&room.scene.path("new.pem"))).unwrap()));
        let mut talk = card(&room, &["--machine"]);
        types(&mut talk, "Passphrase of the key file", PASSPHRASE);
        good(talk);
        let card = room.read_card("online.key.json");
        assert_eq!((card.token(), card.holders().len(), card.key().scheme().name()), (None, 0, scheme));
        let mut talk = plainly(&room, "key check --file online.key.pem online.key.json", &[]);
        talk.agree("To let the key sign this test, type: ");
        types(&mut talk, "Passphrase of the key file", PASSPHRASE);
        assert!(good(talk).contains("holds this key and signs with it"));
    }
}

#[test]
fn a_passphrase_that_is_wrong_short_or_typed_in_two_ways_leads_nowhere() {
    let room = Keyroom::with(&[]);
    let words = "key generate --file online.key.pem --scheme ed25519";
    for (first, second, code, cause) in
        [("short", "short", 1, "fewer than 8"), (PASSPHRASE, "right-horse", 3, "passphrases differ")]
    {
        let mut talk = plainly(&room, words, &[]);
        talk.agree("To make the key, type: ");
        types(&mut talk, "A passphrase", first);
        types(&mut talk, "The same passphrase again", second);
        let told = bad(talk, code);
        assert!(told.says(cause), "{told:?}");
        assert!(!room.scene.path("online.key.pem").exists());
    }
    made(&room, "ed25519");
    let mut talk = card(&room, &["--machine"]);
    types(&mut talk, "Passphrase of the key file", "wrong-horse-battery");
    let told = bad(talk, 1);
    assert!(told.error.contains("stays closed") && told.says("does not open it"), "{told:?}");
    assert!(!room.scene.path("online.key.json").exists());
}

#[test]
fn a_file_that_is_cut_or_open_is_refused_before_any_question() {
    let room = Keyroom::with(&[]);
    made(&room, "ed25519");
    let text = String::from_utf8(read(&room.scene.path("online.key.pem"))).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let half = [&lines[..lines.len() - 2], &lines[lines.len() - 1..]].concat().join("\n");
    for (file, cause, advice) in [
        (half, "cut off or damaged", "whole copy"),
        (text.replace("ENCRYPTED ", ""), "is not encrypted", "has the key"),
        (lines[..lines.len() / 3].join("\n"), "no key file", "whole copy"),
    ] {
        room.scene.desk.put("broken.pem", file);
        let told = refused(&room.scene.run("key card --machine --file broken.pem --out c.json"), 1);
        assert!(told.says(cause) && told.now.contains(advice), "{told:?}");
        refused(&room.scene.run("key card --machine --file broken.pem --out c.json --json"), 1);
    }
    room.scene.desk.put("old.pem", "kept");
    refused(&room.scene.run("key generate --file old.pem --scheme ed25519"), 5);
    assert_eq!(read(&room.scene.path("old.pem")), b"kept");
}

#[test]
fn a_real_card_of_a_person_is_never_about_a_file() {
    let room = Keyroom::with(&[]);
    made(&room, "ed25519");
    let words = "key card --file online.key.pem --out c.json --holder";
    let told = refused(&room.scene.run_and(words, &["Anna Berg"]), 1);
    assert!(told.says("machines and rehearsals") && told.now.contains("on a token"), "{told:?}");
    let mut talk = card(&room, &["--rehearsal", "--holder", "Anna Berg"]);
    types(&mut talk, "Passphrase of the key file", PASSPHRASE);
    good(talk);
    assert!(room.read_card("online.key.json").is_rehearsal());
}

#[test]
fn a_key_of_a_real_root_is_never_in_a_file() {
    let room = crate::key_phase::opened(false);
    made(&room, "ed25519");
    let told = refused(&room.scene.run("key card --file online.key.pem --mirror m --into a --key anna"), 1);
    assert!(told.error.contains("signs a real root or real targets"), "{told:?}");
    let practice = crate::key_phase::opened(true);
    made(&practice, "ed25519");
    let mut talk = plainly(&practice, "key card --file online.key.pem --mirror m --into a --key anna", &[]);
    talk.agree("To let the key sign this card, type: ");
    types(&mut talk, "Passphrase of the key file", PASSPHRASE);
    talk.agree("If every word agrees, type: ");
    good(talk);
    assert_eq!(practice.scene.events("a"), ["Opened", "CardCompared"]);
}

#[test]
fn a_passphrase_comes_from_a_descriptor_or_a_command_too() {
    let room = Keyroom::with(&[]);
    made(&room, "ed25519");
    let consented = |run: &str, more: &[&str]| {
        let mut talk = talk(&room, run, "key check --file online.key.pem online.key.json", more);
        talk.agree("To let the key sign this test, type: ");
        talk
    };
    let mut talk = card(&room, &["--machine"]);
    types(&mut talk, "Passphrase of the key file", PASSPHRASE);
    good(talk);
    let run = format!("exec \"$@\" 7<<'END'\n{PASSPHRASE}\nEND\n");
    good(consented(&run, &["--passphrase-fd", "7"]));
    let echo = format!("echo {PASSPHRASE}");
    good(consented("exec \"$@\"", &["--passphrase-command", &echo]));
    for (option, value) in [
        ("--passphrase-command", "false"),
        ("--passphrase-command", "no-such-program-anywhere"),
        ("--passphrase-fd", "9"),
    ] {
        // Descriptors of other tests may be handed on to this one.
        let told = bad(consented("exec \"$@\" 9<&-", &[option, value]), 3);
        assert!(told.says("no passphrase came from"), "{told:?}");
    }
    let told = bad(consented("exec \"$@\"", &["--passphrase-command", "echo other-passphrase"]), 1);
    assert!(told.says("does not open it"), "{told:?}");
    let told = refused(&room.scene.run("key check --passphrase-fd 7 online.key.json"), 2);
    assert!(told.error.contains("opens a key file"), "{told:?}");
}

#[test]
fn the_command_for_a_passphrase_sees_no_more_of_our_environment_than_it_needs() {
    let room = Keyroom::with(&[]);
    made(&room, "ed25519");
    let script = room.scene.desk.put("client", "#!/bin/sh\nenv >seen\necho \"$1-horse-battery\"\n");
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
    let run = "export SECRET_THING=1 HOME=/nowhere; exec \"$@\"";
    let words = "key card --machine --file online.key.pem --out c.json";
    let mut talk = talk(&room, run, words, &["--passphrase-command", "./client right"]);
    talk.agree("To let the key sign this card, type: ");
    good(talk);
    let seen = String::from_utf8(read(&room.scene.path("seen"))).unwrap();
    assert!(seen.contains("HOME=/nowhere") && !seen.contains("SECRET_THING"), "{seen}");
}

#[test]
fn the_passphrase_stands_in_no_file() {
    let room = Keyroom::with(&[]);
    made(&room, "ecdsa-sha2-nistp256");
    let mut talk = card(&room, &["--machine"]);
    types(&mut talk, "Passphrase of the key file", PASSPHRASE);
    let said = good(talk);
    assert!(!said.contains(PASSPHRASE), "{said}");
    let search = || holding(&room.scene.path("."), PASSPHRASE);
    assert_eq!(search().len(), 0, "{:?}", search());
    let planted = room.scene.desk.put("planted", format!("so the search\0{PASSPHRASE}\0can find"));
    assert_eq!(search(), [planted]);
}

#[test]
fn a_card_is_tested_with_its_own_file_alone() {
    let room = Keyroom::with(&[]);
    made(&room, "ed25519");
    let told = refused(&room.scene.run("key check --json --file online.key.pem inputs/anna.json"), 1);
    assert!(told.error.contains("holds another key than the card"), "{told:?}");
}

/// A rehearsal in which Anna's key is in a file and the others' on tokens, sealed in `a` and `m`.
fn sealed_rehearsal() -> Keyroom {
    let room = crate::key_phase::opened(true);
    made(&room, "ed25519");
    let mut talk = plainly(&room, "key card --file online.key.pem --mirror m --into a --key anna", &[]);
    talk.agree("To let the key sign this card, type: ");
    types(&mut talk, "Passphrase of the key file", PASSPHRASE);
    talk.agree("If every word agrees, type: ");
    good(talk);
    for (name, token) in [("bela", "bela"), ("carla", "anna")] {
        crate::key_phase::made_on(&room, name, token);
    }
    room
}

#[test]
fn a_key_file_signs_in_a_rehearsal_and_the_folder_replays() {
    let room = sealed_rehearsal();
    let words = "sign --as anna --draft A --key-file online.key.pem --mirror m a";
    let mut talk = plainly(&room, words, &[]);
    let phrase = talk.phrase();
    talk.line(&phrase);
    types(&mut talk, "Passphrase of the key file \"online.key.pem\", to sign root 1 ", "wrong-horse-battery");
    let told = bad(talk, 1);
    assert!(told.error.contains("stays closed"), "{told:?}");
    let echo = format!("echo {PASSPHRASE}");
    let mut talk = plainly(&room, words, &["--passphrase-command", &echo]);
    let phrase = talk.phrase();
    talk.line(&phrase);
    let said = good(talk);
    assert!(said.contains("root"), "{said}");
    let status = room.scene.status("a");
    assert_eq!(crate::scene::tallies(&status)[0], ("A".to_owned(), vec![(1, 2)]), "{status}");
    room.scene.replays("a");
}

#[test]
fn a_key_file_signs_for_somebody_who_is_led_and_a_wrong_passphrase_may_be_typed_again() {
    let room = sealed_rehearsal();
    let consented = |options: &[&str]| {
        let words = "sign --guided --as anna --key-file online.key.pem --mirror m a --draft";
        let mut led = Led { talk: plainly(&room, words, options) };
        led.acknowledges(1);
        led.takes(THAT_WAS_IT, "Go on");
        led.takes(SOURCE, "I have no source of my own");
        let phrase = led.talk.phrase();
        led.talk.line(&phrase);
        led
    };
    let mut led = consented(&["A"]);
    led.answers("Practice line", PRACTICE);
    types(
        &mut led.talk,
        "Passphrase of the key file \"online.key.pem\", to sign root 1 ",
        "wrong-horse-battery",
    );
    led.talk.until("The key file stays closed.");
    led.takes("What do you want to do?", "Type it again");
    types(&mut led.talk, "Passphrase of the key file \"online.key.pem\", to sign root 1 ", PASSPHRASE);
    let said = good(led.talk);
    assert!(said.contains("Signed: draft A") && !said.contains("Take your token out"), "{said}");
    // A program gives it: nothing is typed, and nothing is practised.
    let echo = format!("echo {PASSPHRASE}");
    let said = good(consented(&["B", "--passphrase-command", &echo]).talk);
    assert!(said.contains("Signed: draft B") && !said.contains("Practice line"), "{said}");
    room.scene.replays("a");
}

#[test]
fn a_key_file_signs_no_real_root_and_no_foreign_document() {
    let room = Keyroom::with(&[]);
    made(&room, "ed25519");
    room.scene.first_plan();
    room.scene.open_on_two("first", "a", "m").good();
    let told = refused(&room.scene.run("sign --as anna --key-file online.key.pem --mirror m a"), 1);
    assert!(told.error.contains("no key file signs those"), "{told:?}");
    let case = corpus("partial/first-3of5-ed25519-0sigs");
    room.scene.desk.import("foreign.json", &[case.join("draft.json")], None).good();
    let before = room.scene.desk.listing();
    let told = refused(&room.scene.run("sign --key-file online.key.pem foreign.json"), 2);
    assert!(told.error.contains("signs in a ceremony, and this bundle is of none"), "{told:?}");
    assert!(told.now.contains("--token URI"), "{told:?}");
    assert!(room.scene.desk.listing() == before, "the bundle is as it was");
}

#[test]
fn a_key_file_signs_the_online_roles_of_a_real_ceremony_and_not_its_root() {
    let room = Keyroom::with(&[]);
    made(&room, "ecdsa-sha2-nistp256");
    room.scene.desk.put("inputs/online.pem", read(&room.scene.path("new.pem")));
    room.scene.first_plan();
    room.scene.with_online_drafts();
    room.scene.open_on_two("first", "a", "m").good();
    let words = |person: &str, draft: &str| {
        format!("sign --as {person} --draft {draft} --key-file online.key.pem --mirror m a")
    };
    let mut talk = plainly(&room, &words("olga", "C"), &[]);
    let phrase = talk.phrase();
    talk.line(&phrase);
    types(&mut talk, "Passphrase of the key file \"online.key.pem\", to sign snapshot 1 ", PASSPHRASE);
    let said = good(talk);
    assert!(!said.contains("PIN of") && said.contains("Signed: draft C, snapshot version 1."), "{said}");
    let mut talk =
        plainly(&room, &words("olga", "D"), &["--passphrase-command", &format!("echo {PASSPHRASE}")]);
    let phrase = talk.phrase();
    talk.line(&phrase);
    good(talk);
    let counted = crate::scene::tallies(&room.scene.status("a"));
    let of = |letter: &str| counted.iter().find(|(known, _)| known == letter).unwrap().1.clone();
    assert_eq!((of("C"), of("D")), (vec![(1, 1)], vec![(1, 1)]), "{counted:?}");
    let lines = room.scene.events("a").len();
    for words in [words("anna", "A"), words("anna", "B")] {
        let told = refused(&room.scene.run(&words), 1);
        assert!(told.error.contains("no key file signs those"), "{told:?}");
    }
    assert_eq!(room.scene.events("a").len(), lines);
    room.scene.replays("a");
}

//! A ceremony that begins without keys: they are made and carded in its folder, until its drafts can be sealed and replayed.

use serde_json::Value;
use tuf_ceremony::plan::Plan;

use crate::keyroom::{Keyroom, bad, carded, good, pin};
use crate::refusal::refused;
use crate::scene::TODAY;
use crate::stage::{expectations, read};

/// The first plan with Anna's and Bela's cards still to be made, as a rehearsal or not, open in `a` and its mirror `m`.
pub fn opened(rehearsal: bool) -> Keyroom {
    let room = Keyroom::with(&["anna", "bela"]);
    room.scene.first_plan();
    let text = String::from_utf8(read(&room.scene.path("first.plan.toml"))).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for line in &mut lines {
        for name in ["anna", "bela"] {
            if line.starts_with(&format!("{name} = {{ holders")) {
                *line = format!("{name} = {{ holders = [{name:?}], card = \"to be made\" }}");
            }
        }
    }
    let mut plan = lines.join("\n");
    if rehearsal {
        plan = plan.replace("format = 1\n", "format = 1\nrehearsal = true\n");
        // A real card has no place in a rehearsal.
        plan = plan
            .lines()
            .map(|line| match line.starts_with("carla = { holders") {
                true => "carla = { holders = [\"carla\"], card = \"to be made\" }\n".to_owned(),
                false => format!("{line}\n"),
            })
            .collect();
    }
    Plan::read(plan.as_bytes()).unwrap();
    room.scene.desk.put("keys.plan.toml", plan);
    room.scene.run(&format!("open --date {TODAY} --mirror m keys.plan.toml a")).good();
    room
}

const INTO: &str = "--mirror m --into a --key";

fn generate(room: &Keyroom, name: &str, scheme: &str) {
    room.generate(name, scheme, "root", &["--mirror", "m", "--into", "a", "--key", name]);
}

/// The card into the folder, compared.
fn card(room: &Keyroom, name: &str, more: &[&str]) -> String {
    let mut talk = room.talk(&format!("key card --token pkcs11:token={name} {INTO} {name}"), more);
    carded(&mut talk);
    talk.agree("If every word agrees, type: ");
    good(talk)
}

/// The key of this name made and carded on a token.
pub fn made_on(room: &Keyroom, name: &str, token: &str) {
    room.generate(token, "ed25519", name, &["--mirror", "m", "--into", "a", "--key", name]);
    let mut talk = room.talk(&format!("key card --token pkcs11:token={token} {INTO} {name}"), &[]);
    carded(&mut talk);
    talk.agree("If every word agrees, type: ");
    good(talk);
}

#[test]
fn a_key_phase_leads_to_sealed_drafts_and_replays() {
    let room = opened(false);
    assert_eq!(room.scene.status("a")["phase"], "keys");
    generate(&room, "anna", "ed25519");
    let said = card(&room, "anna", &["--out", "anna.key.json"]);
    assert!(said.contains("Written down in \"a\"") && said.contains("bela"), "{said}");
    assert_eq!(room.read_card("anna.key.json").holders(), ["Anna Berg"]);
    assert_eq!(room.scene.status("a")["phase"], "keys");
    generate(&room, "bela", "ecdsa-sha2-nistp256");
    let said = card(&room, "bela", &[]);
    assert!(said.contains("Draft A") || said.contains("A: "), "{said}");
    let status = room.scene.status("a");
    assert_eq!(status["phase"], "collecting", "{status}");
    let events = room.scene.events("a");
    assert_eq!(events, ["Opened", "KeyGenerated", "CardCompared", "KeyGenerated", "CardCompared", "Sealed"]);
    room.scene.equal("a", "m");
    room.scene.replays("a");
    let stored = std::fs::read(room.scene.path("a/cards/0-anna.key.json"));
    if let Ok(stored) = stored {
        assert_eq!(stored, read(&room.scene.path("anna.key.json")));
    }
}

#[test]
fn what_scripts_are_told_of_the_key_phase() {
    let room = opened(false);
    let words =
        format!("key generate --json --token pkcs11:token=anna --scheme ed25519 --label r {INTO} anna");
    let mut talk = room.talk_into_file(&words, &[]);
    talk.agree("To make the key, type: ");
    pin(&mut talk);
    good(talk);
    let facts: Value = expectations(&room.scene.path("out.json"));
    let ceremony = &facts["ceremony"];
    assert_eq!(ceremony["to_be_made"], serde_json::json!(["anna", "bela"]));
    assert_eq!((&ceremony["phase"], &ceremony["lines"]), (&"keys".into(), &2.into()));
    assert_eq!(ceremony["head"], room.scene.status("a")["head"]);
}

#[test]
fn a_fingerprint_that_nobody_compared_goes_into_no_folder() {
    let room = opened(false);
    generate(&room, "anna", "ed25519");
    let said = room.scene.run("status a").good().out();
    assert!(said.contains("The key anna is made; its card is still to be made."), "{said}");
    assert!(said.contains("The key bela and its card are still to be made."), "{said}");
    let before = room.scene.transcript("a");
    for (typed, more, signed) in [
        (&["no"][..], &[][..], "which was thrown away"),
        (&["\u{3}"], &[], "which was thrown away"),
        (&["compared", "yes", "it agrees"], &[], "which was thrown away"),
        (&["no"], &["--out", "anna.key.json"], "which is in \"anna.key.json\""),
    ] {
        let mut talk = room.talk(&format!("key card --token pkcs11:token=anna {INTO} anna"), more);
        carded(&mut talk);
        talk.until("If every word agrees, type: ");
        for words in typed {
            talk.until("Your answer: ");
            talk.line(words);
        }
        let told = bad(talk, 3);
        assert!(told.error.contains("Nobody said that the fingerprint agrees"), "{told:?}");
        assert!(!told.says("consent") && !told.says("nothing was asked"), "{told:?}");
        assert!(told.signed.contains(signed), "{told:?}");
        assert_eq!(room.scene.transcript("a"), before);
    }
}

#[test]
fn another_key_than_the_one_that_was_made_for_it_is_not_carded() {
    let room = opened(false);
    generate(&room, "anna", "ed25519");
    room.generate("bela", "ed25519", "stranger", &[]);
    let told = refused(&room.run(&format!("key card --token pkcs11:token=bela {INTO} anna"), &["--json"]), 4);
    assert!(told.error.contains("does not show that key"), "{told:?}");
}

#[test]
fn only_a_key_that_the_plan_waits_for_is_made_in_its_folder() {
    let room = opened(false);
    let words = "--token pkcs11:token=anna --scheme ed25519 --label r --mirror m --into a --key";
    for name in ["carla", "nobody"] {
        let told = refused(&room.run(&format!("key generate {words} {name}"), &[]), 1);
        assert!(
            told.error.contains("does not wait for a key") && told.now.contains("anna, bela"),
            "{told:?}"
        );
        let told = refused(&room.run(&format!("token prepare --token piv: {INTO} {name}"), &[]), 1);
        assert!(told.error.contains("does not wait for a key"), "before any card is looked at: {told:?}");
    }
    room.scene.first_plan();
    room.scene.open_on_two("first", "b", "n").good();
    let told =
        refused(&room.run("key card --token pkcs11:token=anna --mirror n --into b --key anna", &[]), 1);
    assert!(told.error.contains("not in its key phase"), "{told:?}");
    let told = refused(&room.run("key card --token pkcs11:token=anna --mirror n --out x --machine", &[]), 2);
    assert!(told.now.contains("Leave"), "{told:?}");
}

#[test]
fn a_rehearsals_cards_carry_its_mark() {
    let room = opened(true);
    generate(&room, "anna", "ed25519");
    let said = card(&room, "anna", &["--out", "anna.key.json"]);
    assert!(said.contains("REHEARSAL: practice"), "{said}");
    assert!(room.read_card("anna.key.json").is_rehearsal());
}

#[test]
fn a_token_that_holds_anothers_key_is_refused_before_its_pin() {
    let room = opened(false);
    generate(&room, "anna", "ed25519");
    // It was made and is not carded yet; then it stands in the folder.
    for made in [false, true] {
        if made {
            card(&room, "anna", &[]);
        }
        let before = room.scene.transcript("a");
        let told = refused(&room.run(&format!("key card --token pkcs11:token=anna {INTO} bela"), &[]), 1);
        assert!(told.error.contains("holds the key \"anna\" of the plan already. No PIN"), "{told:?}");
        assert!(told.now.contains("Insert the token of \"Bela Costa\""), "{told:?}");
        assert_eq!(room.scene.transcript("a"), before);
    }
}

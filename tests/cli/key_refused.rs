//! Cards that prove nothing, tokens that do not hold the key, and modules that lie: no card is made, and a sentence says why.

use conclave_softhsm::Curve;

use crate::holder::PIN;
use crate::keyroom::{Keyroom, bad, carded, pin};
use crate::refusal::refused;
use crate::stage::read;

#[test]
fn a_token_without_the_key_of_the_card_is_told_before_the_pin() {
    let room = Keyroom::with(&["anna", "bela"]);
    room.generate("anna", "ed25519", "root", &[]);
    room.card("anna", &["--machine", "--out", "a.json"]);
    room.generate("bela", "ed25519", "root", &[]);
    let told = refused(&room.run("key check --token pkcs11:token=bela", &["a.json", "--json"]), 4);
    assert!(told.error.contains("does not show that key") && told.says("here is: "), "{told:?}");
    let told = refused(&room.run("key check --token pkcs11:token=carla", &["a.json", "--json"]), 4);
    assert!(told.says("no token fits"), "{told:?}");
}

#[test]
fn a_token_with_several_keys_is_asked_which() {
    let room = Keyroom::with(&["anna"]);
    for (label, id) in [("one", 1), ("two", 2)] {
        room.tokens.generate("anna", PIN, label, &[id], Curve::Ed25519).unwrap();
    }
    let told = refused(&room.run("key card --machine --out a.json --token pkcs11:token=anna", &[]), 4);
    assert!(told.says("\"one\"") && told.says("\"two\"") && told.now.contains("object=LABEL"), "{told:?}");
    room.card("anna;object=two", &["--machine", "--out", "a.json"]);
    assert!(room.read_card("a.json").token().unwrap().contains("object=two"));
}

#[test]
fn a_token_without_keys_and_a_card_without_a_holder_are_refused() {
    let room = Keyroom::with(&["anna"]);
    let told = refused(&room.run("key card --machine --out a.json --token pkcs11:token=anna", &[]), 4);
    assert!(told.says("no key that was asked for shows without a PIN"), "{told:?}");
    let told = refused(&room.run("key card --out a.json --token pkcs11:token=anna", &[]), 2);
    assert!(told.error.contains("whose key") && told.now.contains("--machine"), "{told:?}");
    let told = refused(
        &room.run("key generate --token pkcs11:token=anna --scheme ed25519 --label r --id xyz", &[]),
        2,
    );
    assert!(told.error.contains("\"xyz\" is no id"), "{told:?}");
    let told =
        refused(&room.run("key generate --token pkcs11:token=anna --scheme ed25519", &["--label", " "]), 2);
    assert!(told.error.contains("needs a label"), "{told:?}");
}

#[test]
fn a_lying_module_makes_no_card() {
    for (rules, words) in
        [("C_Sign corrupt", "no signature over what you were shown"), ("C_Sign short", "No PIN try")]
    {
        let mut room = Keyroom::with(&["anna"]);
        room.generate("anna", "ed25519", "root", &[]);
        let before = room.scene.desk.listing();
        room.failing(rules);
        let mut talk = room.talk("key card --machine --out a.json --token pkcs11:token=anna", &[]);
        carded(&mut talk);
        let told = bad(talk, 4);
        assert!(told.error.contains(words), "{told:?}");
        assert!(told.signed.starts_with("Whether the token signed is not known"), "{told:?}");
        assert_eq!(room.scene.desk.listing(), before);
    }
}

#[test]
fn a_lying_module_passes_no_test() {
    let mut room = Keyroom::with(&["anna"]);
    room.generate("anna", "ecdsa-sha2-nistp256", "root", &[]);
    room.card("anna", &["--machine", "--out", "a.json"]);
    room.failing("C_Sign corrupt");
    let mut talk = room.talk("key check --token pkcs11:token=anna", &["a.json"]);
    talk.agree("To let the key sign this test, type: ");
    pin(&mut talk);
    let told = bad(talk, 4);
    assert!(told.error.contains("no signature over what you were shown"), "{told:?}");
}

#[test]
fn a_card_that_was_changed_proves_nothing() {
    let room = Keyroom::with(&[]);
    let text = String::from_utf8(read(&room.scene.path("inputs/anna.json"))).unwrap();
    room.scene.desk.put("forged.json", text.replace("Anna Berg", "Eve Moor"));
    let told = refused(&room.scene.run("key check inputs/anna.json forged.json"), 1);
    assert!(told.error.contains("proves nothing") && told.says("has not signed it"), "{told:?}");
    refused(&room.scene.run("key check --json forged.json"), 1);
    let told =
        refused(&room.scene.run("key check --token pkcs11:token=a inputs/anna.json inputs/bela.json"), 2);
    assert!(told.error.contains("one card at a time"), "{told:?}");
}

#[test]
fn what_a_card_says_is_shown_to_people() {
    let room = Keyroom::with(&[]);
    let said = room.scene.run("key check inputs/anna.json inputs/bela.json").good().out();
    for words in [
        "\"Anna Berg\"",
        "\"Bela Costa\"",
        "the key itself signed this card",
        "ODD: the card carries nothing",
    ] {
        assert!(said.contains(words), "{words} in {said}");
    }
}

#[test]
fn a_module_that_dies_while_a_key_is_made_leaves_open_whether_one_is_there() {
    let mut room = Keyroom::with(&["anna"]);
    for rules in ["C_GenerateKeyPair abort", "C_GenerateKeyPair rv=0x5"] {
        room.failing(rules);
        let words = "key generate --token pkcs11:token=anna --scheme ed25519 --label root";
        let mut talk = room.talk(words, &[]);
        talk.agree("To make the key, type: ");
        pin(&mut talk);
        let told = bad(talk, 4);
        assert!(told.signed.contains("whether a key was made is not known"), "{rules}: {told:?}");
    }
}

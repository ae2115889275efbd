//! Keys made on a token and their cards, at a real terminal: every scheme, what is written, what is never replaced.

use tuf_ceremony::digest::Digest;
use tuf_ceremony::key::{PublicKey, Scheme};

use crate::holder::{PIN, WRONG_PIN, fault, holding};
use crate::keyroom::{Keyroom, SCHEMES, bad, carded, good, pin};
use crate::refusal::refused;
use crate::stage::{expectations, read};

#[test]
fn a_key_of_each_scheme_is_made_carded_and_tested() {
    for scheme in SCHEMES {
        let room = Keyroom::with(&["anna"]);
        let said = room.generate("anna", scheme, "root", &["--public-out", "anna.pem"]);
        assert!(said.contains("The token shows no keys without a PIN."), "{said}");
        assert!(said.contains("  token        \"anna\", serial \""), "the word stands there once: {said}");
        let pem = String::from_utf8(read(&room.scene.path("anna.pem"))).unwrap();
        let public = PublicKey::from_spki_pem(&pem, scheme.parse::<Scheme>().unwrap()).unwrap();
        let print = public.fingerprint().to_string();
        assert!(said.replace([' ', '\n'], "").contains(&print), "{said}");

        let said = room.card("anna", &["--holder", "Anna Berg", "--out", "anna.key.json"]);
        let card = room.read_card("anna.key.json");
        assert_eq!(card.key().fingerprint(), public.fingerprint());
        assert_eq!((card.holders(), card.key().scheme().name()), (&["Anna Berg".to_owned()][..], scheme));
        assert!(card.token().unwrap().contains("token=anna") && !card.is_rehearsal());
        let sha256 = Digest::of(&read(&room.scene.path("anna.key.json"))).to_string();
        assert!(said.contains(&format!("sha256 = \"{sha256}\"")), "{said}");
        assert!(said.contains("ODD: this token is a program"), "{said}");
        assert_eq!(said.matches("ODD:").count(), 1, "{said}");
        let told = String::from_utf8(read(&room.scene.path("anna.key.json"))).unwrap();
        for fact in ["\"local\": true", "\"never-extractable\": true", "\"hardware-slot\": false", "SoftHSM"]
        {
            assert!(told.contains(fact), "{fact} in {told}");
        }

        let checked = room.scene.run("key check --json anna.key.json").good().json();
        assert_eq!(checked["cards"][0]["fingerprint"], print);
        assert_eq!(checked["cards"][0]["odd"], serde_json::json!(["software-token"]));
        let mut talk = room.talk("key check --token pkcs11:token=anna", &["anna.key.json"]);
        assert!(talk.agree("To let the key sign this test, type: ").starts_with("test "));
        pin(&mut talk);
        let said = good(talk);
        assert!(said.contains("holds this key and signs with it"), "{said}");
    }
}

#[test]
fn what_scripts_are_told_of_a_new_key_and_its_card() {
    let room = Keyroom::with(&["anna"]);
    let words = "key generate --json --token pkcs11:token=anna --scheme ed25519 --label root --id 0a0b";
    let mut talk = room.talk_into_file(words, &[]);
    talk.agree("To make the key, type: ");
    pin(&mut talk);
    good(talk);
    let made = expectations(&room.scene.path("out.json"));
    assert_eq!(
        (&made["scheme"], &made["id"], &made["label"]),
        (&"ed25519".into(), &"0a0b".into(), &"root".into())
    );
    let pem = made["public"].as_str().unwrap();
    let public = PublicKey::from_spki_pem(pem, Scheme::Ed25519).unwrap();
    assert_eq!(made["fingerprint"], public.fingerprint().to_string());
    let uri = made["token"].as_str().unwrap().to_owned();
    std::fs::remove_file(room.scene.path("out.json")).unwrap();
    let mut talk = room
        .talk_into_file("key card --json --machine --rehearsal --out online.key.json", &["--token", &uri]);
    carded(&mut talk);
    good(talk);
    let card = expectations(&room.scene.path("out.json"));
    assert_eq!(card["fingerprint"], made["fingerprint"]);
    assert_eq!((&card["rehearsal"], &card["holders"]), (&true.into(), &serde_json::json!([])));
    assert_eq!(card["sha256"], Digest::of(&read(&room.scene.path("online.key.json"))).to_string());
    assert!(room.read_card("online.key.json").is_rehearsal());
}

#[test]
fn a_label_or_id_that_is_taken_is_refused_before_the_pin() {
    let room = Keyroom::with(&["anna"]);
    room.generate("anna", "ed25519", "root", &["--id", "07"]);
    let words = "key generate --token pkcs11:token=anna --scheme ecdsa-sha2-nistp256 --label";
    let told = refused(&room.run(&format!("{words} root"), &[]), 4);
    assert!(told.says("already holds something with the label \"root\""), "{told:?}");
    let told = refused(&room.run(&format!("{words} other --id 07"), &["--json"]), 4);
    assert!(told.says("already holds something with the id 07"), "{told:?}");
    assert!(told.error.contains("No PIN try was used"), "{told:?}");
}

#[test]
fn without_consent_or_a_terminal_nothing_is_made() {
    let room = Keyroom::with(&["anna"]);
    let words = "key generate --token pkcs11:token=anna --scheme ed25519 --label root";
    let mut talk = room.talk(words, &[]);
    talk.until("Your answer: ");
    talk.line("no");
    let told = bad(talk, 3);
    assert!(told.error.contains("did not consent"), "{told:?}");
    let done = room.run(words, &["--json"]);
    let told = fault(&done.err());
    assert_eq!((done.code, &done.json()["error"]["exit"]), (Some(3), &3.into()));
    assert!(told.now.contains("at a terminal"), "{told:?}");
    let listed = room.run("tokens --json", &[]).json();
    assert!(!listed.to_string().contains("root"), "{listed}");
    // The same visit with consent makes it.
    room.generate("anna", "ed25519", "root", &[]);
    let listed = room.run("tokens --json", &[]).json();
    assert!(listed.to_string().contains("root"), "{listed}");
}

#[test]
fn the_evidence_is_shown_before_the_key_signs_its_card() {
    let room = Keyroom::with(&["anna"]);
    room.generate("anna", "ed25519", "root", &[]);
    let before = room.scene.desk.listing();
    let mut talk = room.talk("key card --token pkcs11:token=anna --machine --out c.json", &[]);
    pin(&mut talk);
    let shown = talk.until("To let the key sign this card, type: ");
    assert!(shown.contains("never-extractable: true") && shown.contains("ODD: "), "{shown}");
    talk.until("Your answer: ");
    talk.line("stop");
    let told = bad(talk, 3);
    assert_eq!(told.signed, "Nothing was signed, nothing was written.");
    assert_eq!(room.scene.desk.listing(), before);
}

#[test]
fn a_card_is_never_written_over_another_file() {
    let room = Keyroom::with(&["anna"]);
    room.generate("anna", "ed25519", "root", &[]);
    room.scene.desk.put("there.json", "kept");
    let told = refused(&room.run("key card --machine --token pkcs11:token=anna --out there.json", &[]), 5);
    assert!(told.now.contains("does not exist yet"), "{told:?}");
    let words = "key generate --token pkcs11:token=anna --scheme ed25519 --label b --public-out there.json";
    refused(&room.run(words, &[]), 5);
    assert_eq!(read(&room.scene.path("there.json")), b"kept");
}

#[test]
fn the_pin_stands_in_no_file_after_a_key_and_its_card() {
    let room = Keyroom::with(&["anna"]);
    let said = room.generate("anna", "ed25519", "root", &["--public-out", "a.pem"])
        + &room.card("anna", &["--machine", "--out", "a.json"]);
    assert!(!said.contains(PIN), "{said}");
    let folders = [room.scene.path("."), room.tokens.path().to_owned()];
    let search = || folders.iter().flat_map(|folder| holding(folder, PIN)).collect::<Vec<_>>();
    assert_eq!(search().len(), 0, "{:?}", search());
    for folder in &folders {
        std::fs::write(folder.join("planted"), format!("so the search\0{PIN}\0can find")).unwrap();
        assert_eq!(search(), [folder.join("planted")]);
        std::fs::remove_file(folder.join("planted")).unwrap();
    }
}

#[test]
fn a_wrong_pin_makes_no_key_and_no_card() {
    let room = Keyroom::with(&["anna"]);
    let mut talk = room.talk("key generate --token pkcs11:token=anna --scheme ed25519 --label root", &[]);
    talk.agree("To make the key, type: ");
    talk.until("PIN of token ");
    talk.until(": ");
    talk.line(WRONG_PIN);
    let told = bad(talk, 4);
    assert!(told.error.contains("One PIN try was used"), "{told:?}");
    room.generate("anna", "ed25519", "root", &[]);
    let mut talk = room.talk("key card --machine --token pkcs11:token=anna --out a.json", &[]);
    talk.until("PIN of token ");
    talk.until(": ");
    talk.line(WRONG_PIN);
    let told = bad(talk, 4);
    assert!(told.error.contains("One PIN try was used"), "{told:?}");
    assert!(!room.scene.path("a.json").exists());
}

//! What leads on where a card is named wrongly, held by another program, or behind a pcscd that is not reached.

use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;

use virtual_piv::{Algorithm, Card, Firmware, PinPolicy, Station, TouchPolicy};

use crate::stage::{PIN, SERIAL, card, program};
use crate::talk::Talk;

const PASS_ON: [&str; 2] = ["--module-env", "PCSCLITE_CSOCK_NAME"];

/// Words of `conclave key card` for this URI.
fn carding(uri: &str) -> Vec<&str> {
    vec!["key", "card", "--holder", "Anna Berg", "--token", uri, "--out", "anna.key.json"]
}

/// What the program says with these words, if it ends with this code; spaces and line breaks count as one space.
#[track_caller]
fn said(station: &Station, code: i32, words: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(program());
    let done = command.args(words).current_dir(folder.path()).envs(station.environment()).output().unwrap();
    let said = String::from_utf8([done.stdout, done.stderr].concat()).unwrap();
    assert_eq!(done.status.code(), Some(code), "{words:?}: {said}");
    said.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn holds(text: &str, wanted: &[&str]) {
    for words in wanted {
        assert!(text.contains(words), "{words:?} in {text}");
    }
}

/// A card with keys in 9c and 9a.
fn two_keys() -> (Card, Station) {
    let card = card(Firmware::V5_7_1);
    for slot in [0x9c, 0x9a] {
        card.generate(slot, Algorithm::P256, PinPolicy::Once, TouchPolicy::Never);
    }
    let station = Station::start(std::slice::from_ref(&card)).unwrap();
    (card, station)
}

#[test]
fn whoever_names_a_card_wrongly_is_shown_how_cards_are_named() {
    let (card, station) = two_keys();
    for uri in ["piv:serial=12345678;object=root", "piv:slot=9b", "PIV:serial=x"] {
        let told = said(&station, 2, &[&carding(uri)[..], &PASS_ON].concat());
        holds(&told, &["now: Write it like piv:serial=12345678 or piv:serial=12345678;slot=9c."]);
    }
    let told = said(&station, 2, &[&carding("pkcs11:token")[..], &PASS_ON].concat());
    holds(&told, &["now: Write it like pkcs11:token=alice"]);
    let told = said(&station, 4, &[&carding("piv:serial=12345679")[..], &PASS_ON].concat());
    holds(&told, &["No token fits that name", "now: Insert the card with that serial"]);
    assert!(!told.contains("label") && !told.contains("variable"), "{told}");
    let told = said(&station, 4, &[&carding("piv:serial=12345678")[..], &PASS_ON].concat());
    holds(&told, &["piv:serial=...;slot=9c"]);
    assert_eq!(card.calls("VERIFY"), 0);
}

#[test]
fn a_profile_without_cards_says_so_and_one_that_names_them_prepares_a_card() {
    let new = Card::new(Firmware::V5_7_1, SERIAL);
    let station = Station::start(std::slice::from_ref(&new)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let profile = folder.path().join("machine.toml");
    let sha256 = "ab".repeat(32);
    let without = format!(
        "format = 1\ndrivers = [\"one\"]\n\n[module.one]\npath = \"/nowhere.so\"\nsha256 = \"{sha256}\"\n"
    );
    std::fs::write(&profile, without).unwrap();
    let words = ["token", "prepare", "--token", "piv:", "--profile", profile.to_str().unwrap()];
    let told = said(&station, 1, &words);
    holds(&told, &["This profile has no PIV cards.", "Add \"piv\" to its drivers", "docs/spec/profile.md"]);
    let (name, value) = station.environment().remove(0);
    let (name, value) = (name.into_string().unwrap(), value.into_string().unwrap());
    let with =
        format!("format = 1\ndrivers = [\"piv\"]\n\n[piv]\nenvironment = {{ {name} = \"{value}\" }}\n");
    std::fs::write(&profile, with).unwrap();
    let mut talk = Talk::plain(&station, Path::new("/"), &words);
    assert_eq!(talk.agree(), "prepare 12345678");
    for (question, secret) in [("New PIN", PIN), ("New PUK", "90817263")] {
        talk.answer(question, secret);
        talk.answer("The same again", secret);
    }
    let (code, told) = talk.end();
    assert_eq!(code, 0, "{told}");
    assert!(new.has_pin(PIN) && new.has_puk("90817263"));
}

#[test]
fn a_pcscd_whose_place_was_not_passed_on_is_told_so_with_one_thing_to_do() {
    let (_card, station) = two_keys();
    let kept_back = "PCSCLITE_CSOCK_NAME is set here, and was not passed on";
    let pass_it_on = "Pass it on: --module-env PCSCLITE_CSOCK_NAME";
    for words in [&["tokens", "--module", "piv:"][..], &carding("piv:serial=12345678;slot=9c")] {
        let told = said(&station, 4, words);
        holds(&told, &[kept_back, pass_it_on]);
        assert!(!told.contains("Start the service"), "{told}");
    }
    let told = said(&station, 1, &["doctor", "--plain", "--module", "piv:"]);
    holds(&told, &[kept_back, pass_it_on, "See the line of pcscd."]);
    assert!(!told.contains("restart pcscd") && !told.contains("systemctl start"), "{told}");
}

#[test]
fn a_pcscd_that_hangs_is_named_and_no_module_is_blamed() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("pcscd.comm");
    let _deaf = UnixListener::bind(&socket).unwrap();
    let mut command = Command::new(program());
    command.args(["tokens", "--module", "piv:"]).args(PASS_ON).env("PCSCLITE_CSOCK_NAME", &socket);
    let refused = command.output().unwrap();
    let told = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(4), "{told}");
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    holds(
        &told,
        &[
            "the smart card service pcscd gave no answer within",
            "it hangs, or another program keeps a card busy",
            "now: `conclave doctor` tells which",
        ],
    );
    assert!(!told.contains("module"), "{told}");
}

#[test]
fn a_card_that_tells_no_serial_is_never_opened_by_its_readers_number() {
    let (card, station) = two_keys();
    card.obey("SERIAL empty");
    let told = said(&station, 0, &[&["tokens", "--module", "piv:"], &PASS_ON[..]].concat());
    holds(&told, &["Take it out and put it in again"]);
    assert!(!told.contains("slot-id"), "{told}");
    let by_number = ["--module", "piv:"];
    let told = said(&station, 4, &[&carding("pkcs11:slot-id=0;id=%9C")[..], &by_number, &PASS_ON].concat());
    holds(&told, &["No token fits that name. No PIN try was used."]);
    assert_eq!(card.calls("VERIFY"), 0);
}

#[test]
fn a_card_that_another_program_holds_is_named_by_its_reader_and_leads_to_the_doctor() {
    let (card, station) = two_keys();
    let held = station.hold(0).unwrap();
    for words in [
        &["token", "prepare", "--token", "piv:serial=12345678"][..],
        &["token", "unblock", "--token", "piv:"],
        &carding("piv:serial=12345678;slot=9c"),
    ] {
        let told = said(&station, 4, &[words, &PASS_ON].concat());
        holds(
            &told,
            &["the card in the reader \"", "is held by another program", "now: `conclave doctor` names"],
        );
        assert!(!told.contains("No token fits") && !told.contains("variable"), "{told}");
    }
    drop(held);
    let told = said(&station, 4, &[&carding("piv:serial=12345678")[..], &PASS_ON].concat());
    holds(&told, &["piv:serial=...;slot=9c"]);
    assert_eq!(card.calls("VERIFY"), 0);
}

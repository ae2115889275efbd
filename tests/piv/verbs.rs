//! The commands with a card: listed, looked at, and a card of a key made with it at a real terminal.

use std::path::Path;
use std::process::{Command, Output};

use rexpect::process::WaitStatus;
use rexpect::session::{Options, PtySession, spawn_with_options};
use virtual_piv::{Algorithm, Firmware, PinPolicy, Station, Touch, TouchPolicy};

use crate::stage::{PIN, WRONG_PIN, card, program};

const SLOT: &str = "piv:serial=12345678;slot=9c";

/// Words of `conclave key card` for the key in 9c; the URI is all that says where the key is.
const CARD: [&str; 8] = ["key", "card", "--holder", "Anna Berg", "--token", SLOT, "--out", "anna.key.json"];

fn run(station: &Station, words: &[&str]) -> Output {
    let mut command = Command::new(program());
    command.args(words).args(["--module-env", "PCSCLITE_CSOCK_NAME"]).envs(station.environment());
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// `conclave key card` at a terminal in this folder.
fn talk(station: &Station, folder: &Path) -> PtySession {
    talk_with(station, folder, &[&CARD[..], &["--module-env", "PCSCLITE_CSOCK_NAME"]].concat())
}

/// The program with these words at a terminal in this folder.
pub fn talk_with(station: &Station, folder: &Path, words: &[&str]) -> PtySession {
    let mut command = Command::new(program());
    command.args(words).envs(station.environment());
    command.current_dir(folder).env("NO_COLOR", "1").env("TERM", "dumb");
    spawn_with_options(command, Options::new().timeout_ms(Some(120_000))).unwrap()
}

/// Types the phrase that agrees.
fn agree(talk: &mut PtySession) {
    talk.exp_string("type: ").unwrap();
    let phrase = talk.read_line().unwrap();
    talk.exp_string("Your answer: ").unwrap();
    talk.send_line(&phrase).unwrap();
}

/// Types a PIN where one is asked for.
pub fn give(talk: &mut PtySession, pin: &str) {
    talk.exp_string("PIN of token \"YubiKey PIV #12345678\"").unwrap();
    talk.exp_string(": ").unwrap();
    talk.send_line(pin).unwrap();
}

/// How it ended, and the rest of what was said.
pub fn end(mut talk: PtySession) -> (i32, String) {
    let said = talk.exp_eof().unwrap();
    match talk.process().wait().unwrap() {
        WaitStatus::Exited(_, code) => (code, said.replace('\r', "")),
        other => panic!("{other:?} after {said}"),
    }
}

#[test]
fn cards_are_listed_with_the_uri_that_names_them() {
    let card = card(Firmware::V5_7_1);
    card.generate(0x9c, Algorithm::P256, PinPolicy::Once, TouchPolicy::Never);
    let station = Station::start(std::slice::from_ref(&card)).unwrap();
    let listed = run(&station, &["tokens", "--module", "piv:"]);
    let said = text(&listed.stdout);
    assert!(listed.status.success(), "{}", text(&listed.stderr));
    for wanted in ["YubiKey PIV #12345678", "YubiKey 5.7.1", "ECDSA P-256 key \"9c\"", "piv:serial=12345678"]
    {
        assert!(said.contains(wanted), "{wanted} in {said}");
    }
    let looked = text(&run(&station, &["doctor", "--module", "piv:"]).stdout);
    assert!(looked.contains("PIV cards through pcscd") && !looked.contains("no file"), "{looked}");
    assert_eq!((card.calls("VERIFY"), card.pin_tries()), (0, 3));
}

#[test]
fn without_pcscd_it_is_told_what_to_start() {
    let nowhere = [("PCSCLITE_CSOCK_NAME", "/nonexistent")];
    let words = ["tokens", "--module", "piv:", "--module-env", "PCSCLITE_CSOCK_NAME"];
    let refused = Command::new(program()).args(words).envs(nowhere).output().unwrap();
    let said = text(&refused.stderr);
    assert_eq!(refused.status.code(), Some(4), "{said}");
    for wanted in
        ["No PIN try was used", "pcscd does not answer", "now: Start the service pcscd", "Nothing was signed"]
    {
        assert!(said.contains(wanted), "{wanted} in {said}");
    }
}

#[test]
fn a_key_that_wants_pin_and_touch_each_time_gets_its_card() {
    let card = card(Firmware::V5_7_1);
    card.generate(0x9c, Algorithm::P256, PinPolicy::Always, TouchPolicy::Always);
    let station = Station::start(std::slice::from_ref(&card)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut talk = talk(&station, folder.path());
    // What the card says of the key was read and shown without a PIN; that is typed once, right before the signature.
    agree(&mut talk);
    give(&mut talk, PIN);
    let (code, said) = end(talk);
    assert_eq!(code, 0, "{said}");
    let written = std::fs::read_to_string(folder.path().join("anna.key.json")).unwrap();
    assert!(written.contains(SLOT), "{written}");
    let checked =
        Command::new(program()).args(["key", "check", "anna.key.json"]).current_dir(folder.path()).output();
    assert!(checked.unwrap().status.success());
    assert_eq!((card.calls("VERIFY"), card.calls("SIGN"), card.pin_tries()), (1, 1, 3));
}

#[test]
fn a_missed_touch_and_a_wrong_pin_are_told_apart_at_the_terminal() {
    let card = card(Firmware::V5_7_1);
    card.generate(0x9c, Algorithm::P256, PinPolicy::Once, TouchPolicy::Always);
    card.touch(Touch::Never);
    let station = Station::start(std::slice::from_ref(&card)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for (pin, code, wanted) in [
        (PIN, 4, ["waited for a touch", "touch the token when it blinks"]),
        (WRONG_PIN, 4, ["2 tries are left", "One PIN try was used"]),
    ] {
        let mut talk = talk(&station, folder.path());
        give(&mut talk, pin);
        if pin == PIN {
            agree(&mut talk);
            talk.exp_string("type: again").unwrap();
            talk.exp_string("Your answer: ").unwrap();
            talk.send_line("no").unwrap();
        }
        let (ended, said) = end(talk);
        assert_eq!(ended, code, "{said}");
        let flat = said.split_whitespace().collect::<Vec<_>>().join(" ");
        for words in wanted {
            assert!(flat.contains(words), "{words} in {said}");
        }
    }
    assert_eq!((card.calls("VERIFY"), card.pin_tries()), (2, 2));
}

#[test]
fn a_missed_touch_is_made_up_for_without_a_pin_where_the_key_allows_and_with_one_where_it_does_not() {
    for (policy, pins) in [(PinPolicy::Once, 1), (PinPolicy::Always, 2)] {
        let card = card(Firmware::V5_7_1);
        card.generate(0x9c, Algorithm::P256, policy, TouchPolicy::Always);
        card.touch(Touch::Never);
        let station = Station::start(std::slice::from_ref(&card)).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let mut talk = talk(&station, folder.path());
        if policy == PinPolicy::Once {
            give(&mut talk, PIN);
        }
        agree(&mut talk);
        if policy == PinPolicy::Always {
            give(&mut talk, PIN);
        }
        talk.exp_string("TOUCH the token now").unwrap();
        talk.exp_string("signed nothing; no PIN try was used").unwrap();
        talk.exp_string("type: again").unwrap();
        talk.exp_string("Your answer: ").unwrap();
        card.touch(Touch::Immediately);
        talk.send_line("again").unwrap();
        if policy == PinPolicy::Always {
            give(&mut talk, PIN);
        }
        let (code, said) = end(talk);
        assert_eq!(code, 0, "{said}");
        assert!(folder.path().join("anna.key.json").exists());
        assert_eq!((card.calls("VERIFY"), card.calls("SIGN"), card.pin_tries()), (pins, 2, 3));
    }
}

#[test]
fn the_pin_that_every_card_comes_with_is_sent_to_no_card_to_sign() {
    let card = card(Firmware::V5_7_1);
    card.set_pin("123456");
    card.generate(0x9c, Algorithm::P256, PinPolicy::Once, TouchPolicy::Never);
    let station = Station::start(std::slice::from_ref(&card)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut talk = talk(&station, folder.path());
    give(&mut talk, "123456");
    let (code, said) = end(talk);
    assert_eq!(code, 4, "{said}");
    let flat = said.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in
        ["it was not sent. No PIN try was used", "out of the box", "Type the card's own PIN; if it has none"]
    {
        assert!(flat.contains(words), "{words} in {said}");
    }
    assert_eq!((card.calls("VERIFY"), card.calls("SIGN"), card.pin_tries()), (0, 0, 3));
}

#[test]
fn the_seconds_are_counted_down_while_a_card_waits_for_a_touch() {
    let card = card(Firmware::V5_7_1);
    card.generate(0x9c, Algorithm::P256, PinPolicy::Once, TouchPolicy::Cached);
    card.wait_for_touch(std::time::Duration::from_secs(60));
    card.touch(Touch::Never);
    let station = Station::start(std::slice::from_ref(&card)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut talk = talk(&station, folder.path());
    give(&mut talk, PIN);
    agree(&mut talk);
    talk.exp_string("waits 15 seconds").unwrap();
    let before = talk.exp_string("10 seconds are left.").unwrap();
    assert!(!before.contains("left"), "not every second is told: {before}");
    card.touch(Touch::Immediately);
    let (code, said) = end(talk);
    assert_eq!(code, 0, "{said}");
    assert_eq!((card.calls("VERIFY"), card.calls("SIGN")), (1, 1));
}

//! Keys that a card makes: where, under which conditions, and never over another one that nobody agreed to lose.

use std::path::Path;

use tuf_conclave::token::{Impatient, InSlot, OwnPin, PinUse, Preparation, SignScheme, TokenFault, TouchUse};
use virtual_piv::{Algorithm, Card, Firmware, PinPolicy, Station, TouchPolicy};

use crate::stage::{Desk, PIN, card, pin, verifies};
use crate::talk::{Talk, run};

const CARD: &str = "piv:serial=12345678";

/// A card that was prepared.
fn prepared(firmware: Firmware) -> Desk {
    let mut desk = Desk::with(card(firmware));
    let slot = desk.slot();
    let preparation = Preparation { pin: OwnPin::Kept(pin(PIN)), puk: None };
    let done = desk.host.prepare(&slot, preparation, &mut Impatient).unwrap();
    assert_eq!(done.stopped, None);
    desk
}

fn new(over: bool) -> InSlot {
    InSlot { slot: 0x9c, pin: PinUse::Once, touch: TouchUse::Never, over }
}

fn talk(station: &Station, folder: &Path, more: &[&str]) -> Talk {
    let words = ["key", "generate", "--token", CARD, "--scheme", "ecdsa-sha2-nistp256"];
    Talk::start(station, folder, &[&words[..], more].concat())
}

/// The card alone, without a host that holds it.
fn alone(firmware: Firmware) -> (Card, Station) {
    let Desk { card, station, host } = prepared(firmware);
    host.close().unwrap();
    (card, station)
}

#[test]
fn each_kind_of_key_is_made_told_and_signs() {
    for (scheme, firmware) in [
        (SignScheme::EcdsaP256Sha256, Firmware::V4_3_5),
        (SignScheme::EcdsaP256Sha256, Firmware::V5_4_3),
        (SignScheme::EcdsaP384Sha384, Firmware::V5_7_1),
        (SignScheme::RsaPssSha256, Firmware::V5_7_1),
        (SignScheme::Ed25519, Firmware::V5_7_1),
    ] {
        let mut desk = prepared(firmware);
        desk.login(PIN).unwrap();
        let over = firmware == Firmware::V4_3_5;
        let made = desk.host.make(scheme, new(over), &mut Impatient).unwrap();
        assert_eq!(made.id, [0x9c], "{scheme:?}");
        let signature = desk.sign(&made, None).unwrap();
        assert!(verifies(&made, &signature), "{scheme:?} on {firmware}");
        assert_eq!(desk.card.calls("GENERATE"), 1);
    }
}

#[test]
fn at_the_terminal_a_new_key_wants_pin_and_touch_each_time_unless_told_otherwise() {
    let (card, station) = alone(Firmware::V5_7_1);
    let folder = tempfile::tempdir().unwrap();
    let mut first = talk(&station, folder.path(), &["--public-out", "anna.pem"]);
    let shown = first.hear("To make the key");
    assert!(shown.contains("before each signature") && shown.contains("for each signature"), "{shown}");
    assert!(shown.contains("Yubico, YubiKey 5.7.1, by its own word"), "{shown}");
    assert_eq!(first.agree(), "make key 9c");
    first.answer("PIN of token", PIN);
    let (code, said) = first.end();
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("piv:serial=12345678;slot=9c"), "{said}");
    assert_eq!(card.policies(0x9c), Some((PinPolicy::Always, TouchPolicy::Always)));
    assert!(folder.path().join("anna.pem").exists());
    let options = ["--slot", "9a", "--pin-policy", "once", "--touch-policy", "cached"];
    let mut second = talk(&station, folder.path(), &options);
    assert_eq!(second.agree(), "make key 9a");
    second.answer("PIN of token", PIN);
    assert_eq!(second.end().0, 0);
    assert_eq!(card.policies(0x9a), Some((PinPolicy::Once, TouchPolicy::Cached)));
}

#[test]
fn a_key_in_the_slot_is_lost_only_where_that_was_typed() {
    let (card, station) = alone(Firmware::V5_7_1);
    card.generate(0x9c, Algorithm::P384, PinPolicy::Once, TouchPolicy::Never);
    let before = card.spki(0x9c);
    let mut first = talk(&station, Path::new("/"), &[]);
    let warned = first.hear("type: replace key 9c");
    let warned = warned.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(warned.contains("...: it would be lost for ever."), "{warned}");
    first.answer("Your answer", "make key 9c");
    first.answer("Your answer", "no");
    let (code, said) = first.end();
    assert_eq!((code, card.calls("GENERATE")), (3, 0), "{said}");
    assert_eq!(card.spki(0x9c), before);
    let mut second = talk(&station, Path::new("/"), &[]);
    assert_eq!(second.agree(), "replace key 9c");
    second.answer("PIN of token", PIN);
    let (code, said) = second.end();
    assert_eq!(code, 0, "{said}");
    assert_ne!(card.spki(0x9c), before);
}

#[test]
fn a_certificate_does_not_outlive_the_key_that_it_was_for() {
    let (card, station) = alone(Firmware::V5_7_1);
    for slot in [0x9c, 0x9a] {
        card.generate(slot, Algorithm::P384, PinPolicy::Once, TouchPolicy::Never);
        card.certify(slot);
    }
    card.lose_key(0x9a);
    // A card that keeps it is asked for no key.
    card.obey("PUT_DATA sw=6a84");
    let before = card.spki(0x9c);
    let mut kept = talk(&station, Path::new("/"), &["--slot", "9c"]);
    kept.agree();
    kept.answer("PIN of token", PIN);
    let (code, said) = kept.end();
    assert_eq!((code, card.calls("GENERATE")), (4, 0), "{said}");
    assert!(said.contains("Nothing was signed") && card.spki(0x9c) == before, "{said}");
    card.obey("");
    for (slot, shown) in
        [("9c", "certificate is taken out with it."), ("9a", "holds a certificate and no key.")]
    {
        let number = u8::from_str_radix(slot, 16).unwrap();
        let mut talk = talk(&station, Path::new("/"), &["--slot", slot]);
        let before = talk.hear("To make the key").split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(before.contains(shown), "{before}");
        assert_eq!(talk.agree(), format!("replace key {slot}"));
        talk.answer("PIN of token", PIN);
        let (code, said) = talk.end();
        assert_eq!(code, 0, "{said}");
        // Other programs would show it as this slot's public key.
        assert!(card.spki(number).is_some() && !card.is_certified(number), "{slot}");
    }
}

#[test]
fn a_management_key_that_another_program_replaced_is_not_sent_to_be_prepared_in_a_circle() {
    let (card, station) = alone(Firmware::V5_7_1);
    // Its PUK is still the factory's, and locked: nothing is left to be done about it.
    card.leave_puk_tries(0);
    card.hide_management();
    let prepare = || run(&station, &["token", "prepare", "--token", CARD]);
    let said = String::from_utf8(prepare().stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("This card is prepared, but for its PUK, which is locked"), "{said}");
    let mut talk = talk(&station, Path::new("/"), &[]);
    talk.agree();
    talk.answer("PIN of token", PIN);
    let (code, said) = talk.end();
    assert_eq!((code, card.calls("GENERATE")), (4, 0), "{said}");
    assert!(
        said.contains("another one than the card keeps") && said.contains("put the kept one back"),
        "{said}"
    );
    assert!(!said.contains("token prepare"), "{said}");
}

#[test]
fn weak_firmware_is_told_before_a_key_is_made_and_a_key_that_everybody_can_compute_is_not() {
    let (card, station) = alone(Firmware { version: [4, 3, 4], ..Firmware::V4_3_5 });
    let verified = card.calls("VERIFY");
    let mut ecdsa = talk(&station, Path::new("/"), &[]);
    let shown = ecdsa.hear("To make the key");
    assert!(shown.contains("Warning: firmware 4.3.4 is under YSA-2024-03"), "{shown}");
    ecdsa.answer("Your answer", "no");
    assert_eq!(ecdsa.end().0, 3);
    let rsa = run(&station, &["key", "generate", "--token", CARD, "--scheme", "rsassa-pss-sha256"]);
    let said = String::from_utf8(rsa.stderr).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(rsa.status.code(), Some(4), "{said}");
    assert!(said.contains("YSA-2017-01") && said.contains("--scheme"), "{said}");
    assert_eq!((card.calls("VERIFY"), card.calls("GENERATE")), (verified, 0));
}

#[test]
fn the_card_side_refuses_an_occupied_slot_too() {
    let mut desk = prepared(Firmware::V5_7_1);
    desk.card.import(0x9c, Algorithm::P256, PinPolicy::Once, TouchPolicy::Never);
    desk.login(PIN).unwrap();
    let fault = desk.host.make(SignScheme::EcdsaP256Sha256, new(false), &mut Impatient).unwrap_err();
    assert!(matches!(fault, TokenFault::SlotRefused { .. }), "{fault}");
    assert_eq!(desk.card.calls("GENERATE"), 0);
}

#[test]
fn a_slot_of_which_old_firmware_tells_nothing_counts_as_perhaps_taken() {
    let (card, station) = alone(Firmware::V4_3_5);
    // Imported and without a certificate: nothing shows it.
    card.import(0x9c, Algorithm::P256, PinPolicy::Once, TouchPolicy::Never);
    let mut talk = talk(&station, Path::new("/"), &[]);
    talk.hear("does not tell whether the slot holds a key");
    talk.hear("type: replace key 9c");
    talk.answer("Your answer", "no");
    assert_eq!((talk.end().0, card.calls("GENERATE")), (3, 0));
}

#[test]
fn a_card_that_is_not_prepared_is_sent_to_be_before_any_pin() {
    let card = card(Firmware::V5_7_1);
    let station = Station::start(std::slice::from_ref(&card)).unwrap();
    let (code, said) = talk(&station, Path::new("/"), &[]).end();
    assert_eq!(code, 4, "{said}");
    assert!(said.contains("conclave token prepare"), "{said}");
    assert_eq!(["VERIFY", "MANAGE", "GENERATE"].map(|word| card.calls(word)), [0; 3], "no default is sent");
}

#[test]
fn what_an_ed25519_key_cannot_sign_is_said_before_it_is_chosen_and_old_firmware_makes_none() {
    for (firmware, makes) in [(Firmware::V5_7_1, true), (Firmware::V5_4_3, false)] {
        let (card, station) = alone(firmware);
        let verified = card.calls("VERIFY");
        let words = ["key", "generate", "--token", CARD, "--scheme", "ed25519"];
        let mut talk = Talk::start(&station, Path::new("/"), &words);
        if makes {
            talk.hear("1,014 bytes");
            talk.answer("Your answer", "no");
            assert_eq!(talk.end().0, 3);
        } else {
            let (code, said) = talk.end();
            assert_eq!(code, 4, "{said}");
            assert!(said.contains("firmware 5.4.3 makes no Ed25519 keys"), "{said}");
        }
        assert_eq!((card.calls("VERIFY"), card.calls("GENERATE")), (verified, 0));
    }
}

#[test]
fn an_answer_that_makes_no_sense_and_another_key_are_told_and_a_key_may_be_there() {
    for rule in ["GENERATE empty", "GENERATE other-key", "GENERATE then-vanish"] {
        let mut desk = prepared(Firmware::V5_7_1);
        desk.login(PIN).unwrap();
        desk.card.obey(rule);
        let fault = desk.host.make(SignScheme::EcdsaP256Sha256, new(false), &mut Impatient).unwrap_err();
        assert!(fault.may_have_made_a_key(), "{rule}: {fault}");
    }
}

#[test]
fn a_profile_has_cards_among_its_drivers() {
    let (_, station) = alone(Firmware::V5_7_1);
    let folder = tempfile::tempdir().unwrap();
    let [(name, value)] = &station.environment()[..] else { panic!("one variable") };
    let (name, value) = (name.to_str().unwrap(), value.to_str().unwrap());
    let profile = folder.path().join("machine.toml");
    let text =
        format!("format = 1\ndrivers = [\"piv\"]\n\n[piv]\nenvironment = {{ {name} = \"{value}\" }}\n");
    std::fs::write(&profile, text).unwrap();
    let listed = std::process::Command::new(crate::stage::program())
        .args(["tokens", "--profile"])
        .arg(&profile)
        .output()
        .unwrap();
    let said = String::from_utf8(listed.stdout).unwrap();
    assert!(listed.status.success() && said.contains("YubiKey PIV #12345678"), "{said}");
    let refused =
        run(&station, &["key", "generate", "--token", "piv:", "--slot", "f9", "--scheme", "ed25519"]);
    assert_eq!(refused.status.code(), Some(2), "F9 is the card's own");
    for option in [["--label", "root"], ["--id", "05"]] {
        let words = [&["key", "generate", "--token", "piv:", "--scheme", "ed25519"][..], &option].concat();
        assert_eq!(run(&station, &words).status.code(), Some(2), "{option:?} would be ignored");
    }
}

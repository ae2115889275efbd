//! `conclave token prepare`: what is the factory's is replaced, once, and nothing else; what was done before it was cut off is told
//! and not done again.

use std::path::Path;

use tuf_conclave::token::{Impatient, OwnPin, Preparation};
use virtual_piv::{Algorithm, Card, Firmware, PinPolicy, Station, TouchPolicy};

use crate::stage::{Desk, PIN as OWN_PIN, SERIAL, card, pin};
use crate::talk::{Talk, run};

const WORDS: [&str; 4] = ["token", "prepare", "--token", "piv:serial=12345678"];
const PIN: &str = "482616";
const PUK: &str = "90817263";

fn factory_new(firmware: Firmware) -> (Card, Station) {
    let card = Card::new(firmware, SERIAL);
    let station = Station::start(std::slice::from_ref(&card)).unwrap();
    (card, station)
}

fn talk(station: &Station) -> Talk {
    Talk::start(station, Path::new("/"), &WORDS)
}

fn type_twice(talk: &mut Talk, question: &str, secret: &str) {
    talk.answer(question, secret);
    talk.answer("The same again", secret);
}

#[test]
fn a_card_out_of_the_box_gets_its_own_pin_puk_and_management_key() {
    for firmware in [Firmware::V5_4_3, Firmware::V5_7_1] {
        let (card, station) = factory_new(firmware);
        let mut talk = talk(&station);
        let shown = talk.hear("To be done:");
        assert_eq!(shown.matches("the factory's, which everybody knows").count(), 3, "{firmware}: {shown}");
        assert_eq!(talk.agree(), "prepare 12345678");
        assert_eq!(card.calls("CHANGE"), 0, "nothing was sent before it was agreed to");
        type_twice(&mut talk, "New PIN", PIN);
        talk.hear("Write it on paper, then type it.");
        type_twice(&mut talk, "New PUK", PUK);
        let (code, said) = talk.end();
        assert_eq!(code, 0, "{firmware}: {said}");
        for wanted in ["has your PIN", "has your PUK", "management key of its own", "conclave key generate"] {
            assert!(said.contains(wanted), "{firmware}: {wanted} in {said}");
        }
        assert!(card.has_pin(PIN) && card.has_puk(PUK) && !card.has_factory_management(), "{firmware}");
        assert_eq!((card.calls("CHANGE"), card.calls("SET_MANAGEMENT"), card.calls("RESET")), (2, 1, 0));
        assert_eq!((card.pin_tries(), card.puk_tries()), (3, 3));
        let again = run(&station, &WORDS);
        let said = String::from_utf8(again.stdout).unwrap();
        assert!(again.status.success() && said.contains("nothing on it is the factory's"), "{said}");
        assert_eq!(card.calls("CHANGE"), 2, "{firmware}: and nobody was asked");
    }
}

#[test]
fn the_new_management_key_is_on_the_card_before_the_card_uses_it() {
    let (card, station) = factory_new(Firmware::V5_7_1);
    let mut talk = talk(&station);
    talk.agree();
    type_twice(&mut talk, "New PIN", PIN);
    type_twice(&mut talk, "New PUK", PUK);
    assert_eq!(talk.end().0, 0);
    let log = card.log();
    let kept = log.iter().position(|met| met == "PUT_DATA").unwrap();
    let read_back = kept + log[kept..].iter().position(|met| met == "GET_DATA").unwrap();
    let used = log.iter().position(|met| met == "SET_MANAGEMENT").unwrap();
    assert!(kept < read_back && read_back < used, "{log:?}");
}

#[test]
fn a_card_that_was_cut_off_anywhere_goes_on_from_there() {
    // Each leaves the reader at another moment; what was sent before is not sent again.
    for (rule, left_to_do) in [
        ("CHANGE nth=1 then-vanish", "PUK"),
        ("CHANGE nth=2 vanish", "PUK"),
        ("CHANGE nth=2 then-vanish", "management"),
        ("PUT_DATA nth=1 then-vanish", "management"),
        ("SET_MANAGEMENT vanish", "management"),
        ("SET_MANAGEMENT then-vanish", "management"),
        ("PUT_DATA nth=3 vanish", "management"),
    ] {
        let (card, station) = factory_new(Firmware::V5_7_1);
        card.obey(rule);
        let mut first = talk(&station);
        first.agree();
        type_twice(&mut first, "New PIN", PIN);
        type_twice(&mut first, "New PUK", PUK);
        let (code, said) = first.end();
        assert_eq!(code, 4, "{rule}: {said}");
        assert!(card.has_pin(PIN), "{rule}: {said}");
        let told = said.contains("these were changed and stay so: PIN") || said.contains("is not known");
        assert!(told, "{rule}: {said}");
        card.obey("");
        station.remove(0).unwrap();
        station.insert(0).unwrap();
        let mut second = talk(&station);
        let shown = second.hear("To be done:");
        assert!(shown.contains("not the factory's; 3 tries left"), "{rule}: {shown}");
        second.agree();
        second.answer("PIN of token", PIN);
        if left_to_do == "PUK" {
            type_twice(&mut second, "New PUK", PUK);
        }
        let (code, said) = second.end();
        assert_eq!(code, 0, "{rule}: {said}");
        assert!(card.has_pin(PIN) && card.has_puk(PUK) && !card.has_factory_management(), "{rule}");
        assert_eq!((card.pin_tries(), card.puk_tries(), card.calls("RESET")), (3, 3, 0), "{rule}");
        let last = run(&station, &WORDS);
        assert!(String::from_utf8(last.stdout).unwrap().contains("nothing on it is the factory's"), "{rule}");
    }
}

#[test]
fn what_will_not_do_as_a_new_pin_or_puk_is_not_sent() {
    let (card, station) = factory_new(Firmware::V5_7_1);
    let mut talk = talk(&station);
    talk.agree();
    talk.answer("New PIN", "12345");
    talk.hear("has 6 to 8 characters");
    talk.hear("2 entries are left; then this step stops.");
    talk.answer("New PIN", "123456");
    talk.hear("the factory's, which everybody knows");
    talk.hear("One entry is left");
    talk.answer("New PIN", PIN);
    talk.answer("The same again", "482617");
    talk.hear("not the same");
    talk.hear("That was the last entry, so this step stops here.");
    // Whoever types on types it here, unseen, and not to the shell.
    talk.answer("Press Enter to end", PIN);
    let (code, said) = talk.end();
    assert_eq!((code, card.calls("CHANGE")), (3, 0), "{said}");
    for wanted in [
        "Nothing was changed on the card. Still the factory's, which everybody knows: PIN, PUK, management key.",
        "The next run goes on from here.",
        "what was typed as PIN or PUK was refused three times",
        "now: Start this step again",
        "PIN, PUK and management key of the card are as they were",
    ] {
        assert!(said.contains(wanted), "{wanted} in {said}");
    }
    assert!(!said.contains(PIN), "{said}");
    let mut talk = self::talk(&station);
    talk.agree();
    type_twice(&mut talk, "New PIN", PUK);
    talk.answer("New PUK", PUK);
    talk.hear("another one than the PIN");
    talk.answer("New PUK", "1234567");
    talk.hear("has 8 characters");
    type_twice(&mut talk, "New PUK", "70605040");
    assert_eq!(talk.end().0, 0);
    assert!(card.has_pin(PUK) && card.has_puk("70605040"));
}

#[test]
fn without_typed_words_nothing_is_sent() {
    let (card, station) = factory_new(Firmware::V5_7_1);
    let mut talk = talk(&station);
    talk.hear("type: prepare 12345678");
    talk.answer("Your answer", "");
    talk.answer("Your answer", "yes");
    talk.answer("Your answer", "no");
    let (code, said) = talk.end();
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("did not consent"), "{said}");
    let sent =
        ["CHANGE", "VERIFY", "MANAGE", "SET_MANAGEMENT", "UNBLOCK", "RESET"].map(|word| card.calls(word));
    assert_eq!(sent, [0; 6]);
    let nobody = run(&station, &WORDS);
    assert_eq!((nobody.status.code(), card.calls("CHANGE")), (Some(3), 0));
}

#[test]
fn keys_on_a_card_stay() {
    let (card, station) = factory_new(Firmware::V5_7_1);
    card.generate(0x9c, Algorithm::P256, PinPolicy::Once, TouchPolicy::Never);
    let before = card.spki(0x9c);
    let mut talk = talk(&station);
    let shown = talk.hear("To be done:");
    assert!(shown.contains("ECDSA P-256 key"), "{shown}");
    talk.agree();
    type_twice(&mut talk, "New PIN", PIN);
    type_twice(&mut talk, "New PUK", PUK);
    assert_eq!(talk.end().0, 0);
    assert_eq!((card.spki(0x9c), card.calls("RESET")), (before, 0));
}

#[test]
fn old_firmware_that_does_not_tell_asks_its_person_and_a_wrong_answer_costs_one_try() {
    for firmware in [Firmware::V4_3_5, Firmware::V5_2_4] {
        let (card, station) = factory_new(firmware);
        let mut first = talk(&station);
        let shown = first.hear("To be done:");
        assert!(shown.contains("does not tell whether it is the factory's"), "{firmware}: {shown}");
        first.agree();
        first.hear("Which PIN");
        first.answer("Number (1 to 2)", "1");
        first.hear("Which PUK");
        first.answer("Number (1 to 2)", "1");
        type_twice(&mut first, "New PIN", PIN);
        type_twice(&mut first, "New PUK", PUK);
        let (code, said) = first.end();
        assert_eq!(code, 0, "{firmware}: {said}");
        assert!(card.has_pin(PIN) && card.has_puk(PUK) && !card.has_factory_management(), "{firmware}");
        let mut second = talk(&station);
        second.agree();
        second.hear("Which PIN");
        second.answer("Number (1 to 2)", "1");
        second.hear("Which PUK");
        second.answer("Number (1 to 2)", "2");
        type_twice(&mut second, "New PIN", "975310");
        let (code, said) = second.end();
        assert_eq!((code, card.pin_tries()), (4, 2), "{firmware}: {said}");
        assert!(said.contains("One PIN try was used") && card.has_pin(PIN), "{firmware}: {said}");
        let mut third = talk(&station);
        third.agree();
        third.hear("Which PIN");
        third.answer("Number (1 to 2)", "2");
        third.hear("Which PUK");
        third.answer("Number (1 to 2)", "2");
        third.answer("PIN of token", PIN);
        let (code, said) = third.end();
        assert_eq!((code, card.calls("SET_MANAGEMENT")), (0, 1), "{firmware}: {said}");
        assert!(said.contains("the card's own already"), "{firmware}: {said}");
    }
}

#[test]
fn a_management_key_that_somebody_else_holds_is_told_and_left() {
    let (card, station) = factory_new(Firmware::V5_7_1);
    card.hide_management();
    let mut talk = talk(&station);
    let shown = talk.hear("To be done:");
    assert!(shown.contains("not noted as kept"), "{shown}");
    talk.agree();
    type_twice(&mut talk, "New PIN", PIN);
    type_twice(&mut talk, "New PUK", PUK);
    let (code, said) = talk.end();
    assert_eq!((code, card.calls("SET_MANAGEMENT")), (1, 0), "{said}");
    assert!(said.contains("somebody else holds it") && card.has_pin(PIN), "{said}");
}

#[test]
fn what_lies_where_the_management_key_would_be_kept_and_cannot_be_read_is_not_written_over() {
    let mut desk = Desk::with(card(Firmware::V5_7_1));
    let slot = desk.slot();
    desk.card.obey("GET_DATA sw=6982");
    let preparation = Preparation { pin: OwnPin::Kept(pin(OWN_PIN)), puk: None };
    let fault = desk.host.prepare(&slot, preparation, &mut Impatient).unwrap_err();
    assert_eq!(desk.card.calls("PUT_DATA"), 0, "{fault}");
    assert!(desk.card.has_factory_management() && fault.may_have_changed_a_card(), "{fault}");
}

#[test]
fn a_locked_pin_leads_to_its_puk() {
    let (card, station) = factory_new(Firmware::V5_7_1);
    card.leave_pin_tries(0);
    let (code, said) = talk(&station).end();
    assert_eq!((code, card.calls("CHANGE")), (4, 0), "{said}");
    assert!(said.contains("conclave token unblock") && said.contains("No PIN try was used"), "{said}");
}

#[test]
fn a_token_behind_a_module_is_not_prepared() {
    let (_, station) = factory_new(Firmware::V5_7_1);
    let words =
        ["token", "prepare", "--token", "pkcs11:", "--module", "/usr/lib/x86_64-linux-gnu/libykcs11.so.2"];
    let refused = run(&station, &words);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(4), "{said}");
    assert!(said.contains("no PIV card") && said.contains("piv:serial="), "{said}");
}

#[test]
fn ctrl_c_at_a_question_says_how_the_card_stands_and_while_the_card_works_it_waits_until_that_is_done() {
    let (card, station) = factory_new(Firmware::V5_7_1);
    for question in ["Your answer: ", "New PIN, 6 to 8 characters: ", "The same again: "] {
        let mut talk = talk(&station);
        if question != "Your answer: " {
            talk.agree();
        }
        if question == "The same again: " {
            talk.answer("New PIN", PIN);
        }
        talk.hear(question);
        talk.control('c');
        let (code, said) = talk.end();
        assert_eq!((code, card.calls("CHANGE")), (3, 0), "{question}: {said}");
        assert!(
            said.contains("PIN, PUK and management key of the card are as they were"),
            "{question}: {said}"
        );
        let still =
            "Still the factory's, which everybody knows: PIN, PUK, management key. The next run goes on";
        assert_eq!(said.contains(still), question != "Your answer: ", "{question}: {said}");
    }
    // Long enough for the key to arrive while the card is at its first change.
    card.obey("CHANGE nth=1 hang=3000");
    let mut talk = talk(&station);
    talk.agree();
    type_twice(&mut talk, "New PIN", PIN);
    type_twice(&mut talk, "New PUK", PUK);
    talk.hear("Leave the card in");
    while card.calls("CHANGE") == 0 {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    talk.control('c');
    let (code, said) = talk.end();
    assert_eq!(code, 0, "{said}");
    for wanted in ["You pressed Ctrl-C while the card was being changed.", "has your PIN", "has your PUK"] {
        assert!(said.contains(wanted), "{wanted} in {said}");
    }
    assert!(card.has_pin(PIN) && card.has_puk(PUK) && !card.has_factory_management());
}

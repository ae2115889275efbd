//! `conclave token unblock`: a new PIN by the PUK, whose tries are told and guarded as those of a PIN.

use std::path::Path;

use virtual_piv::{Card, Firmware, Station};

use crate::stage::card;
use crate::talk::Talk;

const PUK: &str = "12345678";
const OWN_PUK: &str = "90817263";
const NEW: &str = "975310";

fn locked(firmware: Firmware) -> (Card, Station) {
    let card = card(firmware);
    card.leave_pin_tries(0);
    let station = Station::start(std::slice::from_ref(&card)).unwrap();
    (card, station)
}

fn talk(station: &Station) -> Talk {
    Talk::start(station, Path::new("/"), &["token", "unblock", "--token", "piv:serial=12345678"])
}

fn give(talk: &mut Talk, puk: &str) {
    talk.answer("PUK of token", puk);
    talk.answer("New PIN", NEW);
    talk.answer("The same again", NEW);
}

#[test]
fn a_locked_pin_gets_a_new_one_and_the_puk_tries_are_told_before_and_after() {
    let (card, station) = locked(Firmware::V5_7_1);
    let mut talk = talk(&station);
    talk.hear("PUK has 3 tries left");
    assert_eq!(talk.agree(), "unblock 12345678");
    give(&mut talk, PUK);
    let (code, said) = talk.end();
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("has your new PIN") && said.contains("PUK has 3 tries left"), "{said}");
    assert!(card.has_pin(NEW));
    assert_eq!((card.pin_tries(), card.calls("UNBLOCK")), (3, 1));
}

#[test]
fn a_wrong_puk_costs_one_of_its_tries_and_the_last_one_is_guarded() {
    let (card, station) = locked(Firmware::V5_7_1);
    for left in [2, 1] {
        let mut talk = talk(&station);
        talk.agree();
        give(&mut talk, "00000000");
        let (code, said) = talk.end();
        assert_eq!((code, card.puk_tries()), (4, left), "{said}");
        let told = if left == 1 { "one try is left" } else { "2 tries are left" };
        assert!(said.contains("One PUK try was used") && said.contains(told), "{said}");
    }
    let mut stopped = talk(&station);
    stopped.hear("One PUK try is left");
    stopped.answer("Your answer", "no");
    let (code, said) = stopped.end();
    assert_eq!((code, card.calls("UNBLOCK")), (3, 2), "{said}");
    let mut last = talk(&station);
    last.hear("One PUK try is left");
    assert_eq!(last.agree(), "use the last try");
    last.agree();
    give(&mut last, "00000000");
    let (code, said) = last.end();
    assert_eq!((code, card.puk_tries()), (4, 0), "{said}");
    assert!(said.contains("nothing unblocks this card any more"), "{said}");
    let (code, said) = talk(&station).end();
    assert_eq!((code, card.calls("UNBLOCK")), (4, 3), "a locked PUK is not sent: {said}");
}

#[test]
fn old_firmware_does_not_tell_its_puk_tries_before_but_after() {
    let (card, station) = locked(Firmware::V4_3_5);
    let mut first = talk(&station);
    first.hear("does not tell how many tries its PUK has left");
    first.agree();
    give(&mut first, "00000000");
    let (code, said) = first.end();
    assert_eq!((code, card.puk_tries()), (4, 2), "{said}");
    assert!(said.contains("2 tries are left"), "{said}");
    let mut second = talk(&station);
    second.agree();
    give(&mut second, PUK);
    assert_eq!(second.end().0, 0);
    assert!(card.has_pin(NEW));
}

#[test]
fn a_puk_that_cannot_be_right_is_not_sent() {
    let (card, station) = locked(Firmware::V5_7_1);
    let mut short = talk(&station);
    short.agree();
    for _ in 0..3 {
        short.answer("PUK of token", "12345");
        short.hear("A PUK has 6 to 8 characters. Nothing was sent.");
    }
    short.hear("That was the last entry");
    short.answer("Press Enter to end", "");
    let (code, said) = short.end();
    assert_eq!((code, card.calls("UNBLOCK"), card.puk_tries()), (3, 0, 3), "{said}");
    assert!(said.contains("so nothing was sent"), "{said}");
}

#[test]
fn the_factorys_puk_is_not_sent_to_a_card_that_says_it_has_another() {
    let (card, station) = locked(Firmware::V5_7_1);
    card.set_puk(OWN_PUK);
    let mut talk = talk(&station);
    talk.agree();
    talk.answer("PUK of token", PUK);
    talk.hear("That is the factory's, and this card has one of its own.");
    assert_eq!((card.calls("UNBLOCK"), card.puk_tries()), (0, 3));
    give(&mut talk, OWN_PUK);
    assert_eq!(talk.end().0, 0);
    assert!(card.has_pin(NEW));
}

#[test]
fn a_card_that_goes_with_the_puk_leaves_open_what_became_of_it() {
    let (card, station) = locked(Firmware::V5_7_1);
    card.obey("UNBLOCK then-vanish");
    let mut talk = talk(&station);
    talk.agree();
    give(&mut talk, PUK);
    let (code, said) = talk.end();
    assert_eq!((code, card.calls("UNBLOCK")), (4, 1), "{said}");
    assert!(said.contains("were changed is not known"), "{said}");
}

#[test]
fn a_card_that_tells_no_more_after_its_puk_has_the_new_pin_all_the_same() {
    let (card, station) = locked(Firmware::V5_7_1);
    let mut talk = talk(&station);
    talk.agree();
    talk.hear("PUK of token");
    // It tells of PIN, PUK and management key once more before it is sent anything.
    card.obey("METADATA nth=4 sw=6f00");
    talk.hear(": ");
    talk.say(PUK);
    talk.answer("New PIN", NEW);
    talk.answer("The same again", NEW);
    let (code, said) = talk.end();
    assert_eq!((code, card.calls("UNBLOCK")), (0, 1), "{said}");
    assert!(card.has_pin(NEW) && said.contains("has your new PIN"), "{said}");
    assert!(said.contains("did not tell how it stands now") && !said.contains("as they were"), "{said}");
}

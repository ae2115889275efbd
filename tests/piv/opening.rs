//! PINs: what each costs, and when none is sent.

use tuf_conclave::token::{Entry, Impatient, PinTries, Spent, TokenFault};
use virtual_piv::{Algorithm, Firmware, PinPolicy, TouchPolicy};

use crate::stage::{Desk, PIN, SERIAL, WRONG_PIN, pin};

#[test]
fn each_wrong_pin_costs_one_try_and_is_told_until_the_card_is_locked() {
    for firmware in [Firmware::V4_3_5, Firmware::V5_7_1] {
        let mut desk = Desk::with_key(firmware, Algorithm::P256, PinPolicy::Once, TouchPolicy::Never);
        let states = [PinTries::Left(3), PinTries::Left(2), PinTries::Last, PinTries::Locked];
        for (sent, told) in states.windows(2).enumerate() {
            let fault = desk.login(WRONG_PIN).unwrap_err();
            let TokenFault::PinIncorrect { before, after, .. } = &fault else {
                panic!("{firmware}: {fault}")
            };
            assert_eq!((*before, *after), (told[0], told[1]), "{firmware}");
            assert_eq!(fault.tries_spent(), Spent::Yes);
            assert_eq!(desk.card.calls("VERIFY"), sent + 1, "{firmware}");
        }
        let fault = desk.login(PIN).unwrap_err();
        assert!(matches!(fault, TokenFault::PinLocked { sent: false, .. }), "{firmware}: {fault}");
        assert_eq!(desk.card.calls("VERIFY"), 3, "{firmware}: a locked card gets no PIN");
    }
}

#[test]
fn a_pin_that_no_card_takes_is_not_sent() {
    let mut desk = Desk::plain();
    for impossible in ["", "48261", "482616482"] {
        let fault = desk.login(impossible).unwrap_err();
        assert!(matches!(fault, TokenFault::PinLength { min: 6, max: 8, sent: false, .. }), "{fault}");
    }
    let slot = desk.slot();
    let fault = desk.host.login(&slot, Entry::Keypad, &mut Impatient).unwrap_err();
    assert!(matches!(fault, TokenFault::NoKeypad { .. }), "{fault}");
    assert_eq!((desk.card.calls("VERIFY"), desk.card.pin_tries()), (0, 3));
}

#[test]
fn the_factorys_pin_opens_no_card() {
    for firmware in [Firmware::V4_3_5, Firmware::V5_7_1] {
        for own in [true, false] {
            let card = virtual_piv::Card::new(firmware, SERIAL);
            card.generate(0x9c, Algorithm::P256, PinPolicy::Once, TouchPolicy::Never);
            if own {
                card.set_pin(PIN);
            }
            let mut desk = Desk::with(card);
            let fault = desk.login("123456").unwrap_err();
            assert!(matches!(fault, TokenFault::FactoryPin { .. }), "{firmware}: {fault}");
            assert_eq!(fault.tries_spent(), Spent::No);
            assert_eq!((desk.card.calls("VERIFY"), desk.card.pin_tries()), (0, 3), "{firmware}");
        }
    }
}

#[test]
fn a_right_pin_is_sent_once_and_gives_the_tries_back() {
    let mut desk = Desk::plain();
    desk.login(WRONG_PIN).unwrap_err();
    let login = desk.login(PIN).unwrap();
    assert_eq!((login.before, login.already), (Some(PinTries::Left(2)), false));
    assert_eq!((desk.card.calls("VERIFY"), desk.card.pin_tries()), (2, 3));
    assert_eq!(desk.slot().token.unwrap().tries, PinTries::Left(3));
}

#[test]
fn another_card_in_the_reader_does_not_get_the_pin() {
    let mut desk = Desk::plain();
    let mut slot = desk.slot();
    slot.token.as_mut().unwrap().serial = "87654321".into();
    let fault = desk.host.login(&slot, Entry::Pin(pin(PIN)), &mut Impatient).unwrap_err();
    assert!(matches!(fault, TokenFault::TokenChanged { .. }), "{fault}");
    assert_eq!(desk.card.calls("VERIFY"), 0);
}

#[test]
fn of_two_counts_the_worse_is_believed() {
    let mut desk = Desk::plain();
    desk.card.leave_pin_tries(2);
    desk.card.obey("METADATA tries=3");
    let fault = desk.login(WRONG_PIN).unwrap_err();
    assert!(matches!(fault, TokenFault::PinIncorrect { after: PinTries::Last, .. }), "{fault}");
    // It says that all tries are there, and answers as one that is locked: nobody knows what became of this PIN.
    let fault = desk.login(WRONG_PIN).unwrap_err();
    assert!(matches!(fault, TokenFault::PinLocked { sent: true, .. }), "{fault}");
    assert_eq!(fault.tries_spent(), Spent::Unknown);
    desk.card.set_pin(PIN);
    desk.card.obey("VERIFY tries=3");
    let fault = desk.login(WRONG_PIN).unwrap_err();
    assert!(matches!(fault, TokenFault::PinIncorrect { after: PinTries::Left(2), .. }), "{fault}");
}

#[test]
fn a_card_that_goes_with_the_pin_leaves_open_what_it_cost() {
    let mut desk = Desk::plain();
    desk.card.obey("VERIFY then-vanish");
    let fault = desk.login(WRONG_PIN).unwrap_err();
    assert!(matches!(fault, TokenFault::TokenRemoved { .. }), "{fault}");
    assert_eq!(fault.tries_spent(), Spent::Unknown);
    assert_eq!(desk.card.calls("VERIFY"), 1, "it is not sent again");
    desk.station.remove(0).unwrap();
    desk.card.obey("");
    desk.station.insert(0).unwrap();
    assert_eq!(desk.slot().token.unwrap().tries, PinTries::Left(2));
}

//! Cards, readers and services that do not work: each is told, costs nothing, and hides nothing else.

use std::time::Duration;

use tuf_conclave::token::{Call, Deadlines, Driver, Entry, Host, Impatient, TokenFault, TokenUri, choose};
use virtual_piv::{Algorithm, Card, Firmware, PinPolicy, Station, TouchPolicy};

use crate::stage::{Desk, PIN, card, driver, host, pin, program};

#[test]
fn a_card_without_a_serial_is_shown_and_gets_no_pin() {
    let mut desk = Desk::plain();
    desk.card.obey("SERIAL empty");
    let slot = desk.slot();
    assert!(slot.token.is_none(), "{slot:?}");
    assert!(slot.trouble.as_ref().unwrap().contains("no serial"), "{slot:?}");
    let wanted = TokenUri::from_document("piv:serial=12345678").unwrap();
    assert!(choose(&wanted, desk.host.module(), std::slice::from_ref(&slot)).is_err());
    let fault = desk.host.login(&slot, Entry::Pin(pin(PIN)), &mut Impatient).unwrap_err();
    assert!(matches!(fault, TokenFault::NoSuchToken { .. }), "{fault}");
    assert_eq!(desk.card.calls("VERIFY"), 0);
}

#[test]
fn an_answer_on_which_the_crate_panics_does_not_hide_the_other_card() {
    let broken = Card::new(Firmware::V4_3_5, 7);
    broken.generate(0x9c, Algorithm::P256, PinPolicy::Once, TouchPolicy::Never);
    broken.obey("ATTEST empty");
    let station = Station::start(&[broken, card(Firmware::V5_7_1)]).unwrap();
    let mut host = host(&station, Deadlines::default());
    let slots = host.list().unwrap();
    assert_eq!(slots.len(), 2);
    assert!(slots[0].trouble.as_ref().unwrap().contains("makes no sense"), "{:?}", slots[0]);
    assert_eq!(slots[1].trouble, None);
    let login = host.login(&slots[1], Entry::Pin(pin(PIN)), &mut Impatient);
    assert!(login.is_ok(), "{login:?}");
}

#[test]
fn a_card_that_another_program_holds_is_told_as_held() {
    let mut desk = Desk::plain();
    let held = desk.station.hold(0).unwrap();
    let slot = desk.slot();
    assert!(slot.token.is_none());
    assert!(slot.trouble.as_ref().unwrap().contains("in use by something else"), "{slot:?}");
    let fault = desk.host.login(&slot, Entry::Pin(pin(PIN)), &mut Impatient).unwrap_err();
    assert!(matches!(fault, TokenFault::TokenBusy { .. }), "{fault}");
    drop(held);
    assert!(desk.slot().token.is_some());
    assert_eq!(desk.card.calls("VERIFY"), 0);
}

#[test]
fn a_machine_without_pcscd_is_told_so() {
    let nowhere = Driver::piv().with_environment(&[("PCSCLITE_CSOCK_NAME".into(), "/nonexistent".into())]);
    let mut host = Host::spawn(program(), &nowhere, Deadlines::default()).unwrap();
    let fault = host.list().unwrap_err();
    assert!(matches!(fault, TokenFault::NoCardService { .. }), "{fault}");
    host.close().unwrap();
}

#[test]
fn readers_without_cards_are_no_tokens() {
    let absent = card(Firmware::V5_7_1);
    absent.set_inserted(false);
    let station = Station::start(std::slice::from_ref(&absent)).unwrap();
    let mut host = host(&station, Deadlines::default());
    assert_eq!(host.list().unwrap(), vec![]);
}

#[test]
fn another_kind_of_card_is_shown_with_its_trouble() {
    let mut desk = Desk::plain();
    desk.card.obey("SELECT sw=6a82");
    let slot = desk.slot();
    assert!(slot.token.is_none() && slot.trouble.as_ref().unwrap().contains("no PIV applet"), "{slot:?}");
}

#[test]
fn a_card_that_hangs_over_a_signature_leaves_the_outcome_unknown() {
    let mut desk = Desk::plain();
    let deadlines = Deadlines { sign: Duration::from_millis(300), ..Deadlines::default() };
    desk.host = Host::spawn(program(), &driver(&desk.station), deadlines).unwrap();
    let key = desk.opened();
    desk.card.obey("SIGN hang=1500");
    let fault = desk.sign(&key, None).unwrap_err();
    assert!(matches!(fault, TokenFault::UnknownOutcome { during: Call::Sign, .. }), "{fault}");
    assert!(fault.may_have_signed());
}

#[test]
fn keys_are_not_made_yet_and_nothing_is_sent_for_it() {
    let mut desk = Desk::plain();
    desk.opened();
    let scheme = tuf_conclave::token::SignScheme::EcdsaP256Sha256;
    let fault = desk.host.generate(scheme, "9a", &[0x9a], &mut Impatient).unwrap_err();
    assert!(matches!(fault, TokenFault::NoNewKey { .. }), "{fault}");
    assert_eq!((desk.card.calls("GENERATE"), desk.card.calls("MANAGE")), (0, 0));
}

//! kryoptic, a module by other people than SoftHSM2's: what it does differently, and that nothing here depends on it.

use conclave_softhsm::Curve;
use tuf_conclave::token::{Entry, Impatient, KeyKind, PinTries, TokenFault};

use crate::stage::{PIN, alice_by_kryoptic, find, host, key_of, log_in, pin, signs};

const CLASSICAL: [Curve; 4] = [Curve::Ed25519, Curve::P256, Curve::P384, Curve::Rsa2048];

#[test]
fn each_classical_key_is_listed_before_the_pin_and_signs_after_it() {
    let dir = alice_by_kryoptic(&CLASSICAL);
    let mut host = host(&dir);
    let slot = find(&mut host, "alice");
    let token = slot.token.as_ref().unwrap();
    assert_eq!((token.manufacturer.as_str(), token.tries), ("Kryoptic Project", PinTries::Unsaid));
    log_in(&mut host);
    for kind in [KeyKind::Ed25519, KeyKind::EcP256, KeyKind::EcP384, KeyKind::Rsa { bits: 2048 }] {
        signs(&mut host, &key_of(&slot.keys, &kind));
    }
    host.close().unwrap();
}

#[test]
fn a_token_that_is_not_set_up_has_no_pin_to_try() {
    let dir = alice_by_kryoptic(&[]);
    let mut host = host(&dir);
    let slots = host.list().unwrap();
    let empty = slots.iter().find(|slot| slot.token.as_ref().is_some_and(|token| !token.initialized));
    let empty = empty.unwrap_or_else(|| panic!("no empty slot in {slots:?}"));
    assert_eq!((empty.keys.len(), &empty.trouble), (0, &None));
    let fault = host.login(empty, Entry::Pin(pin(PIN)), &mut Impatient).unwrap_err();
    assert!(matches!(fault, TokenFault::PinNotSet { .. }), "{fault}");
}

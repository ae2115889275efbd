//! The same card through PKCS#11 modules that others wrote: ykcs11 and OpenSC's.

use std::path::Path;

use tuf_conclave::token::{
    Call, Deadlines, Driver, Drivers, Entry, Host, Impatient, KeyKind, PinTries, Spent, TokenFault, TokenUri,
};
use virtual_piv::{Algorithm, Card, Firmware, PinPolicy, Station, TouchPolicy};

use crate::stage::{Desk, PIN, WRONG_PIN, card, driver, pin, program, verifies};

const YKCS11: &str = "/usr/lib/x86_64-linux-gnu/libykcs11.so.2";
const OPENSC: &str = "/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so";

fn of(station: &Station, module: &str) -> Driver {
    assert!(
        Path::new(module).is_file(),
        "{module} is missing: it is in the packages ykcs11 and opensc-pkcs11"
    );
    Driver::of_file(Path::new(module)).with_environment(&station.environment())
}

/// A card with a certificate, without which OpenSC's module shows no token.
fn certified() -> Card {
    let card = card(Firmware::V5_4_3);
    card.generate(0x9c, Algorithm::P256, PinPolicy::Once, TouchPolicy::Never);
    card.certify(0x9c);
    card
}

fn desk(module: &str) -> Desk {
    let mut desk = Desk::with(certified());
    desk.host = Host::spawn(program(), &of(&desk.station, module), Deadlines::default()).unwrap();
    desk
}

#[test]
fn ykcs11_and_the_card_without_a_module_show_one_candidate() {
    let card = certified();
    let station = Station::start(std::slice::from_ref(&card)).unwrap();
    let both = vec![driver(&station), of(&station, YKCS11)];
    let mut drivers = Drivers::run_by(program().to_owned(), both, Deadlines::default());
    let listing = drivers.list();
    assert!(listing.silent.is_empty(), "{:?}", listing.silent);
    let candidates = listing.candidates(&TokenUri::from_document("pkcs11:").unwrap());
    let told: Vec<(&str, &str, usize)> = candidates
        .iter()
        .map(|found| (found.driver.as_str(), found.key.label.as_str(), found.also.len()))
        .collect();
    // The module also shows the card's own key in F9, with which nobody but the card signs.
    assert_eq!(told, [("piv", "9c", 1), ("libykcs11.so.2", "Public key for PIV Attestation", 0)]);
    assert_eq!(candidates[0].also, ["libykcs11.so.2"]);
    assert_eq!((card.calls("VERIFY"), card.pin_tries()), (0, 3));
    drivers.close().unwrap();
}

#[test]
fn a_key_signs_through_each_module() {
    for module in [YKCS11, OPENSC] {
        let mut desk = desk(module);
        let slot = desk.host.list().unwrap().into_iter().find(|slot| !slot.keys.is_empty());
        let slot = slot.unwrap_or_else(|| panic!("{module} shows no key"));
        let login = desk.host.login(&slot, Entry::Pin(pin(PIN)), &mut Impatient).unwrap();
        let spki = desk.card.spki(0x9c).unwrap();
        let key = login.keys.iter().find(|key| spki.ends_with(&key.public) && key.kind == KeyKind::EcP256);
        let key = key.unwrap_or_else(|| panic!("{module}: {:?}", login.keys)).clone();
        let signature = match desk.sign(&key, None) {
            Err(TokenFault::NotLoggedIn { during: Call::Sign, .. }) => desk.sign(&key, Some(PIN)),
            made => made,
        };
        assert!(verifies(&key, &signature.unwrap()), "{module}");
        assert_eq!(desk.card.pin_tries(), 3, "{module}");
    }
}

#[test]
fn each_wrong_pin_through_a_module_costs_exactly_one_try() {
    for module in [YKCS11, OPENSC] {
        let mut desk = desk(module);
        for left in [2, 1] {
            let slot = desk.host.list().unwrap().into_iter().find(|slot| !slot.keys.is_empty()).unwrap();
            let fault = desk.host.login(&slot, Entry::Pin(pin(WRONG_PIN)), &mut Impatient).unwrap_err();
            assert_eq!((fault.tries_spent(), desk.card.pin_tries()), (Spent::Yes, left), "{module}: {fault}");
            if left == 1 {
                assert!(
                    matches!(fault, TokenFault::PinIncorrect { after: PinTries::Last, .. }),
                    "{module}: {fault}"
                );
            }
        }
    }
}

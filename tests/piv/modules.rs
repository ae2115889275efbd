//! The same card through PKCS#11 modules that others wrote: ykcs11 and OpenSC's.

use tuf_conclave::discovery::Search;
use tuf_conclave::files::image::Image;
use tuf_conclave::token::{
    Call, Deadlines, Driver, Drivers, Entry, Host, Impatient, KeyKind, PinTries, SignScheme, Spent,
    TokenFault, TokenKey, TokenUri,
};
use virtual_piv::{Algorithm, Card, Firmware, PinPolicy, Station, TouchPolicy};

use crate::stage::{Desk, PIN, SERIAL, WRONG_PIN, card, driver, pin, program, verifies};
use crate::talk::{Talk, run};

/// What the modules are called where this program finds them, whatever the machine's architecture.
pub const YKCS11: &str = "ykcs11";
const OPENSC: &str = "opensc";

/// The driver of a module.
pub fn of(station: &Station, module: &str) -> Driver {
    let image = Image::ours();
    let found = Search { image: &image, home: None, profile: &[] }.look().found;
    let file = found.into_iter().find(|found| found.known.is_some_and(|known| known.name == module));
    let file =
        file.unwrap_or_else(|| panic!("{module} is missing: it is in the packages ykcs11 and opensc-pkcs11"));
    let driver = Driver::of_file(&file.path).with_environment(&station.environment());
    Driver { name: module.to_owned(), ..driver }
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
    // The module also shows the card's own key in F9, with which nobody but the card signs: that is no candidate.
    assert_eq!(told, [("piv", "9c", 1)]);
    let shown = listing.seen.iter().find(|seen| seen.driver == YKCS11).unwrap();
    let own = shown.slot.keys.iter().find(|key| key.kind == KeyKind::Attestation).unwrap();
    assert_eq!((own.label.as_str(), own.id.as_slice()), ("Public key for PIV Attestation", &[25][..]));
    assert_eq!(candidates[0].also, ["ykcs11"]);
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

/// The key in 9c as the module shows it to who opened the token.
fn in_9c(desk: &mut Desk) -> TokenKey {
    let slot = desk.host.list().unwrap().into_iter().find(|slot| !slot.keys.is_empty()).unwrap();
    let login = desk.host.login(&slot, Entry::Pin(pin(PIN)), &mut Impatient).unwrap();
    let spki = desk.card.spki(0x9c).unwrap();
    let key = login.keys.iter().find(|key| !key.public.is_empty() && spki.ends_with(&key.public));
    key.unwrap_or_else(|| panic!("{:?}", login.keys)).clone()
}

#[test]
fn a_key_from_outside_is_told_by_its_certificate_signs_and_only_ykcs11_says_where_it_is_from() {
    for module in [YKCS11, OPENSC] {
        let card = card(Firmware::V5_4_3);
        card.import(0x9c, Algorithm::P256, PinPolicy::Once, TouchPolicy::Never);
        card.certify(0x9c);
        let mut desk = Desk::with(card);
        desk.host = Host::spawn(program(), &of(&desk.station, module), Deadlines::default()).unwrap();
        let key = in_9c(&mut desk);
        let local = desk.host.evidence(&key).unwrap().local;
        // Known of OpenSC's module, and judged so (report::evidence).
        assert_eq!(local, Some(module == OPENSC), "{module}");
        let signature = match desk.sign(&key, None) {
            Err(TokenFault::NotLoggedIn { during: Call::Sign, .. }) => desk.sign(&key, Some(PIN)),
            made => made,
        };
        assert!(verifies(&key, &signature.unwrap()), "{module}");
    }
}

#[test]
fn other_kinds_of_keys_sign_through_each_module_or_are_refused_in_words() {
    for (module, algorithm) in
        [(YKCS11, Algorithm::P384), (OPENSC, Algorithm::P384), (YKCS11, Algorithm::Rsa2048)]
    {
        let card = card(Firmware::V5_4_3);
        card.generate(0x9c, algorithm, PinPolicy::Once, TouchPolicy::Never);
        card.certify(0x9c);
        let mut desk = Desk::with(card);
        desk.host = Host::spawn(program(), &of(&desk.station, module), Deadlines::default()).unwrap();
        let key = in_9c(&mut desk);
        let signature = match desk.sign(&key, None) {
            Err(TokenFault::NotLoggedIn { during: Call::Sign, .. }) => desk.sign(&key, Some(PIN)),
            made => made,
        };
        let signature = signature.unwrap_or_else(|fault| panic!("{module} {algorithm:?}: {fault}"));
        assert!(verifies(&key, &signature), "{module} {algorithm:?}");
    }
}

#[test]
fn a_module_that_makes_no_keys_for_a_user_says_so_and_a_locked_pin_is_told_before_one_is_sent() {
    for module in [YKCS11, OPENSC] {
        let mut desk = desk(module);
        let slot = desk.host.list().unwrap().into_iter().find(|slot| !slot.keys.is_empty()).unwrap();
        desk.host.login(&slot, Entry::Pin(pin(PIN)), &mut Impatient).unwrap();
        let made = desk.host.generate(SignScheme::EcdsaP256Sha256, "new", &[0x77], &mut Impatient);
        let fault = made.unwrap_err();
        assert!(!fault.to_string().is_empty() && fault.tries_spent() == Spent::No, "{module}: {fault}");
        assert_eq!((desk.card.calls("GENERATE"), desk.card.pin_tries()), (0, 3), "{module}: {fault}");
        desk.host = Host::spawn(program(), &of(&desk.station, module), Deadlines::default()).unwrap();
        desk.card.leave_pin_tries(0);
        let before = desk.card.calls("VERIFY");
        let slot = desk.host.list().unwrap().into_iter().find(|slot| !slot.keys.is_empty()).unwrap();
        let fault = desk.host.login(&slot, Entry::Pin(pin(PIN)), &mut Impatient).unwrap_err();
        assert!(matches!(fault, TokenFault::PinLocked { .. }), "{module}: {fault}");
        assert!(desk.card.calls("VERIFY") <= before + 2, "{module}");
    }
}

#[test]
fn through_ykcs11_the_cards_own_key_is_told_as_that_and_the_factorys_pin_is_not_sent() {
    let card = Card::new(Firmware::V5_4_3, SERIAL);
    card.generate(0x9c, Algorithm::P256, PinPolicy::Once, TouchPolicy::Never);
    card.certify(0x9c);
    let station = Station::start(std::slice::from_ref(&card)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let module = of(&station, YKCS11).module;
    let module = ["--module", module.to_str().unwrap()];
    let listed = run(&station, &[&["tokens"], &module[..]].concat());
    let said = flat(&listed.stdout);
    for words in [
        "attestation key \"Public key for PIV Attestation\"",
        "note the card's own attestation key, not for signing",
    ] {
        assert!(said.contains(words), "{words} in {said}");
    }
    assert!(!said.contains("cannot sign"), "{said}");
    // Named outright it is refused before any PIN.
    let named = ["key", "card", "--holder", "Anna Berg", "--out", "a.json", "--token"];
    let uri = format!("pkcs11:serial={SERIAL};id=%19");
    let refused = run(&station, &[&named[..], &[&uri], &module].concat());
    let said = flat(&refused.stderr);
    assert_eq!(refused.status.code(), Some(4), "{said}");
    assert!(said.contains("attestation key") && said.contains("Nothing was signed"), "{said}");
    let uri = format!("pkcs11:serial={SERIAL};id=%02");
    let mut talk = Talk::start(&station, folder.path(), &[&named[..], &[&uri], &module].concat());
    talk.answer("PIN of token", "123456");
    let (code, said) = talk.end();
    assert_eq!(code, 4, "{said}");
    for words in ["it was not sent. No PIN try was used", "out of the box", "token prepare"] {
        assert!(said.contains(words), "{words} in {said}");
    }
    assert_eq!((card.calls("VERIFY"), card.calls("SIGN"), card.pin_tries()), (0, 0, 3));
}

fn flat(text: &[u8]) -> String {
    String::from_utf8_lossy(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

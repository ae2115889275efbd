//! Keys that want the PIN before each signature, whatever their module claims about them.

use conclave_softhsm::Curve;
use tuf_ceremony::signable::Signable;
use tuf_conclave::token::{
    Call, Entry, Host, Impatient, PinTries, SignScheme, SlotFacts, Spent, TokenFault, TokenKey,
};

use crate::stage::{Faulty, PIN, WRONG_PIN, draft, find, pin};

const KINDS: [(Curve, SignScheme); 4] = [
    (Curve::Ed25519, SignScheme::Ed25519),
    (Curve::P256, SignScheme::EcdsaP256Sha256),
    (Curve::P384, SignScheme::EcdsaP384Sha384),
    (Curve::Rsa2048, SignScheme::RsaPssSha256),
];

/// A module in front of a token with one key, which wants the PIN again; logged in.
fn logged_in(curve: Curve, rules: &str) -> (Faulty, Host, SlotFacts, TokenKey) {
    let faulty = Faulty::new(rules);
    faulty.dir.generate_always_authenticate("alice", PIN, "again", &[7], curve).unwrap();
    let mut host = faulty.host();
    let slot = find(&mut host, "alice");
    let login = host.login(&slot, Entry::Pin(pin(PIN)), &mut Impatient).unwrap();
    let key = login.keys.into_iter().find(|key| key.label == "again").unwrap();
    (faulty, host, slot, key)
}

fn sign(
    host: &mut Host,
    key: &TokenKey,
    scheme: SignScheme,
    again: Option<&str>,
) -> Result<Vec<u8>, TokenFault> {
    let again = again.map(|text| Entry::Pin(pin(text)));
    host.sign(key, scheme, &Signable::of(&draft(2000)), again, &mut Impatient)
}

fn verifies(key: &TokenKey, scheme: SignScheme, raw: Vec<u8>) -> bool {
    let signature = scheme.as_in_metadata(raw).unwrap();
    key.public_key().unwrap().verify(&Signable::of(&draft(2000)).message(), &signature).is_ok()
}

#[test]
fn each_kind_of_key_signs_with_a_pin_of_its_own_and_not_without() {
    for (curve, scheme) in KINDS {
        let (faulty, mut host, _, key) = logged_in(curve, "");
        assert_eq!(key.always_authenticate, Some(true), "{scheme}");
        for _ in 0..2 {
            let fault = sign(&mut host, &key, scheme, None).unwrap_err();
            let expected = TokenFault::NotLoggedIn { during: Call::Sign, always_authenticate: Some(true) };
            assert_eq!(fault, expected, "{scheme}");
            let signature = sign(&mut host, &key, scheme, Some(PIN)).unwrap();
            assert!(verifies(&key, scheme, signature), "{scheme}");
        }
        assert_eq!(faulty.calls("C_Login"), 3, "{scheme}: once for the token, once for each signature");
    }
}

#[test]
fn a_wrong_pin_for_the_signature_is_a_try_and_the_next_one_can_be_right() {
    let (faulty, mut host, _, key) = logged_in(Curve::P256, "");
    let scheme = SignScheme::EcdsaP256Sha256;
    let fault = sign(&mut host, &key, scheme, Some(WRONG_PIN)).unwrap_err();
    let TokenFault::PinIncorrect { token, before, after } = &fault else { panic!("{fault}") };
    assert_eq!((token.label.as_str(), *before, *after), ("alice", PinTries::Unsaid, PinTries::Low));
    assert_eq!((fault.tries_spent(), fault.may_have_signed()), (Spent::Yes, false));
    assert_eq!(faulty.calls("C_Sign"), 0, "nothing was signed with it");
    let signature = sign(&mut host, &key, scheme, Some(PIN)).unwrap();
    assert!(verifies(&key, scheme, signature));
    assert_eq!(faulty.calls("C_Login"), 3);
}

#[test]
fn an_impossible_pin_for_the_signature_is_not_sent() {
    let (faulty, mut host, _, key) = logged_in(Curve::P256, "");
    let fault = sign(&mut host, &key, SignScheme::EcdsaP256Sha256, Some("123")).unwrap_err();
    assert!(matches!(fault, TokenFault::PinLength { sent: false, .. }), "{fault}");
    assert_eq!((fault.tries_spent(), faulty.calls("C_Login")), (Spent::No, 1));
}

#[test]
fn a_key_that_hides_what_it_wants_still_signs_when_it_is_asked_again() {
    // The module says that the key wants no PIN of its own, and wants it.
    let (_faulty, mut host, _, key) = logged_in(Curve::Ed25519, "C_GetAttributeValue claims=0x202:0");
    assert_eq!(key.always_authenticate, Some(false));
    let fault = sign(&mut host, &key, SignScheme::Ed25519, None).unwrap_err();
    assert!(matches!(fault, TokenFault::NotLoggedIn { always_authenticate: Some(false), .. }), "{fault}");
    let signature = sign(&mut host, &key, SignScheme::Ed25519, Some(PIN)).unwrap();
    assert!(verifies(&key, SignScheme::Ed25519, signature));
}

#[test]
fn a_key_that_wants_no_pin_of_its_own_signs_with_one_all_the_same() {
    let faulty = Faulty::new("");
    let mut host = faulty.host();
    let slot = find(&mut host, "alice");
    let login = host.login(&slot, Entry::Pin(pin(PIN)), &mut Impatient).unwrap();
    let key = login.keys.into_iter().find(|key| key.label == "root p256").unwrap();
    let signature = sign(&mut host, &key, SignScheme::EcdsaP256Sha256, Some(PIN)).unwrap();
    assert!(verifies(&key, SignScheme::EcdsaP256Sha256, signature));
}

#[test]
fn a_module_that_forgets_the_login_is_given_the_pin_that_was_asked_for_anew_and_once() {
    let faulty = Faulty::new("");
    let mut host = faulty.host();
    let slot = find(&mut host, "alice");
    let login = host.login(&slot, Entry::Pin(pin(PIN)), &mut Impatient).unwrap();
    let key = login.keys.into_iter().find(|key| key.label == "root ed").unwrap();
    faulty.rule("C_SignInit nth=1 rv=0x101");
    let signature = sign(&mut host, &key, SignScheme::Ed25519, Some(PIN)).unwrap();
    assert!(verifies(&key, SignScheme::Ed25519, signature));
    assert_eq!(faulty.calls("C_Login"), 2);
}

#[test]
fn a_crash_between_the_pin_and_the_signature_leaves_both_open() {
    let (_faulty, mut host, _, key) = logged_in(Curve::P256, "C_Sign abort");
    let fault = sign(&mut host, &key, SignScheme::EcdsaP256Sha256, Some(PIN)).unwrap_err();
    assert!(matches!(fault, TokenFault::ModuleCrashed { during: Call::SignWithPin, .. }), "{fault}");
    assert_eq!((fault.tries_spent(), fault.may_have_signed()), (Spent::Unknown, true));
}

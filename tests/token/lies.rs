//! A module that answers what is not so: about its flags, its keys, and what it signed.

use tuf_ceremony::signable::Signable;
use tuf_conclave::token::{
    Call, Entry, Host, Impatient, KeyKind, PinTries, SignScheme, SlotFacts, Spent, TokenFault,
};

use crate::stage::{Faulty, PIN, WRONG_PIN, draft, find, key_of, pin};
use conclave_softhsm::Curve;

fn log_in(host: &mut Host, with: &str) -> Result<SlotFacts, TokenFault> {
    let slot = find(host, "alice");
    host.login(&slot, Entry::Pin(pin(with)), &mut Impatient).map(|_| slot)
}

fn sign(host: &mut Host, slot: &SlotFacts) -> Result<Vec<u8>, TokenFault> {
    let key = key_of(&slot.keys, &KeyKind::Ed25519);
    host.sign(&key, SignScheme::Ed25519, &Signable::of(&draft(0)), None, &mut Impatient)
}

fn verifies(slot: &SlotFacts, message: &[u8], signature: &[u8]) -> bool {
    let key = key_of(&slot.keys, &KeyKind::Ed25519).public_key().unwrap();
    key.verify(&message, signature).is_ok()
}

#[test]
fn a_good_signature_over_something_else_is_none_over_the_payload() {
    let faulty = Faulty::new("C_Sign other-message");
    let mut host = faulty.host();
    let slot = log_in(&mut host, PIN).unwrap();
    let signature = sign(&mut host, &slot).unwrap();
    let mut message = Signable::of(&draft(0)).message();
    assert!(!verifies(&slot, &message, &signature));
    message[0] ^= 1;
    assert!(verifies(&slot, &message, &signature), "it is a good one, by the key, over another message");
}

#[test]
fn another_keys_signature_is_none_of_this_key() {
    let faulty = Faulty::new("C_SignInit other-key");
    faulty.dir.generate("alice", PIN, "other ed", &[0x0e], Curve::Ed25519).unwrap();
    let mut host = faulty.host();
    let slot = log_in(&mut host, PIN).unwrap();
    let message = Signable::of(&draft(0)).message();
    let by = |label: &str| slot.keys.iter().find(|key| key.label == label).unwrap();
    let scheme = SignScheme::Ed25519;
    let signature = host.sign(by("root ed"), scheme, &Signable::of(&draft(0)), None, &mut Impatient).unwrap();
    let judged = |label: &str| by(label).public_key().unwrap().verify(&message, &signature).is_ok();
    assert!(!judged("root ed"));
    assert!(judged("other ed"), "it is a good one by the other key");
}

#[test]
fn a_token_that_says_that_no_login_is_needed_is_logged_in_to_all_the_same() {
    // 0x4 is CKF_LOGIN_REQUIRED.
    let faulty = Faulty::new("C_GetTokenInfo flags=+0x0-0x4");
    let mut host = faulty.host();
    let slot = find(&mut host, "alice");
    assert!(!slot.token.as_ref().unwrap().login_required);
    let before = sign(&mut host, &slot).unwrap_err();
    assert!(matches!(before, TokenFault::NotLoggedIn { .. }), "{before}");
    let slot = log_in(&mut host, PIN).unwrap();
    assert!(verifies(&slot, &Signable::of(&draft(0)).message(), &sign(&mut host, &slot).unwrap()));
}

#[test]
fn flags_that_hide_a_used_try_do_not_hide_it_from_the_person() {
    // 0x10000 is CKF_USER_PIN_COUNT_LOW.
    let faulty = Faulty::new("C_GetTokenInfo flags=+0x0-0x10000");
    let mut host = faulty.host();
    let fault = log_in(&mut host, WRONG_PIN).unwrap_err();
    assert!(matches!(fault, TokenFault::PinIncorrect { after: PinTries::Unsaid, .. }), "{fault}");
    assert_eq!(fault.tries_spent(), Spent::Yes);
}

#[test]
fn a_flag_of_the_last_try_or_of_a_locked_pin_is_believed_where_it_warns() {
    let faulty = Faulty::new("C_GetTokenInfo flags=+0x20000-0x0");
    let mut host = faulty.host();
    assert_eq!(find(&mut host, "alice").token.unwrap().tries, PinTries::Last);
    faulty.rule("C_GetTokenInfo flags=+0x40000-0x0");
    let fault = log_in(&mut host, PIN).unwrap_err();
    assert!(matches!(fault, TokenFault::PinLocked { sent: false, .. }), "{fault}");
    assert_eq!((fault.tries_spent(), faulty.calls("C_Login")), (Spent::No, 0));
}

#[test]
fn a_token_pulled_between_the_pin_and_the_signature_is_told() {
    let faulty = Faulty::new("C_SignInit rv=0x32");
    let mut host = faulty.host();
    let slot = log_in(&mut host, PIN).unwrap();
    let fault = sign(&mut host, &slot).unwrap_err();
    assert_eq!(fault, TokenFault::TokenRemoved { during: Call::Sign });
    assert_eq!((fault.tries_spent(), faulty.calls("C_Login"), faulty.calls("C_Sign")), (Spent::No, 1, 0));
}

#[test]
fn a_wrong_pin_touches_no_other_token() {
    let faulty = Faulty::new("");
    faulty.dir.add_token("bob", "so-pin-1", PIN).unwrap();
    let mut host = faulty.host();
    log_in(&mut host, WRONG_PIN).unwrap_err();
    assert_eq!(faulty.calls("C_Login"), 1, "one attempt a prompt");
    assert_eq!(find(&mut host, "alice").token.unwrap().tries, PinTries::Low);
    assert_eq!(find(&mut host, "bob").token.unwrap().tries, PinTries::Unsaid);
}

#[test]
fn a_message_that_a_piv_card_has_no_room_for_is_noticed_before_any_pin() {
    let faulty = Faulty::new("C_GetTokenInfo model=YubiKey-YK5");
    let mut host = faulty.host();
    let slot = find(&mut host, "alice");
    let bare = Signable::of(&draft(0)).message().len();
    let (fits, longer) = (draft(1014 - bare), draft(1015 - bare));
    assert_eq!(slot.takes(SignScheme::Ed25519, &Signable::of(&fits)), Ok(()));
    let fault = slot.takes(SignScheme::Ed25519, &Signable::of(&longer)).unwrap_err();
    assert_eq!(fault, TokenFault::TooLongForToken { length: 1015, most: Some(1014) });
    for scheme in [SignScheme::EcdsaP256Sha256, SignScheme::EcdsaP384Sha384, SignScheme::RsaPssSha256] {
        assert_eq!(slot.takes(scheme, &Signable::of(&longer)), Ok(()), "{scheme} is given a digest");
    }
    faulty.rule("");
    let other = find(&mut host, "alice");
    assert_eq!(other.takes(SignScheme::Ed25519, &Signable::of(&longer)), Ok(()));
}

#[test]
fn a_token_that_finds_a_message_too_long_says_so_itself() {
    // CKR_DATA_LEN_RANGE.
    let faulty = Faulty::new("C_Sign rv=0x21");
    let mut host = faulty.host();
    let slot = log_in(&mut host, PIN).unwrap();
    let fault = sign(&mut host, &slot).unwrap_err();
    assert!(matches!(fault, TokenFault::TooLongForToken { most: None, .. }), "{fault}");
    assert!(!fault.may_have_signed(), "{fault}");
}

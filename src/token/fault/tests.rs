//! What each fault costs and hides.

use super::*;

fn token() -> TokenName {
    TokenName { label: "alice".into(), serial: "01".into() }
}

#[test]
fn each_fault_around_a_pin_says_what_it_cost() {
    let (min, max, token) = (4, 8, token());
    let t = || token.clone();
    let (before, after) = (PinTries::Unsaid, PinTries::Low);
    for (fault, cost) in [
        (TokenFault::PinIncorrect { token: t(), before, after }, Spent::Yes),
        (TokenFault::PinLocked { token: t(), sent: false }, Spent::No),
        (TokenFault::PinLocked { token: t(), sent: true }, Spent::Unknown),
        (TokenFault::PinLength { token: t(), min, max, sent: false }, Spent::No),
        (TokenFault::PinLength { token: t(), min, max, sent: true }, Spent::Unknown),
        (TokenFault::PinNotSet { token: t() }, Spent::No),
        (TokenFault::UnknownOutcome { during: Call::Login, seconds: 30 }, Spent::Unknown),
        (TokenFault::ModuleCrashed { during: Call::Login, ending: Ending::Signal(6) }, Spent::Unknown),
        (TokenFault::TokenRemoved { during: Call::Login }, Spent::Unknown),
        (TokenFault::TokenRemoved { during: Call::Sign }, Spent::No),
        (TokenFault::ModuleHung { during: Call::List, seconds: 10 }, Spent::No),
    ] {
        assert_eq!(fault.tries_spent(), cost, "{fault}");
    }
}

#[test]
fn only_faults_during_a_signature_may_hide_one() {
    assert!(TokenFault::UnknownOutcome { during: Call::Sign, seconds: 90 }.may_have_signed());
    assert!(TokenFault::ModuleCrashed { during: Call::Sign, ending: Ending::Exit(1) }.may_have_signed());
    assert!(TokenFault::SignatureLength { expected: 64, got: 63 }.may_have_signed());
    assert!(!TokenFault::UnknownOutcome { during: Call::Login, seconds: 30 }.may_have_signed());
    assert!(!TokenFault::PinLocked { token: token(), sent: true }.may_have_signed());
    let wants_pin = TokenFault::NotLoggedIn { during: Call::Sign, always_authenticate: None };
    assert!(!wants_pin.may_have_signed());
}

#[test]
fn an_unnamed_code_is_told_by_its_number() {
    let fault = TokenFault::Other {
        during: Call::Sign,
        name: "CKR_VENDOR_DEFINED".into(),
        number: Some(0x8000_0001),
    };
    let words = "the module answered CKR_VENDOR_DEFINED (0x80000001) during the signature: only its maker knows what this code means";
    assert_eq!(fault.to_string(), words);
}

#[test]
fn a_code_is_told_in_words_and_a_number_that_is_none_of_them_is_not() {
    let told = |name: &str, number| {
        TokenFault::Other { during: Call::Sign, name: name.into(), number: Some(number) }.to_string()
    };
    let words =
        "the module answered CKR_DEVICE_ERROR (0x30) during the signature: the token itself has a fault";
    assert_eq!(told("CKR_DEVICE_ERROR", 0x30), words);
    assert_eq!(
        told("a reader's words", 0x30),
        "the module answered a reader's words (0x30) during the signature"
    );
}

#[test]
fn a_module_that_refuses_a_pin_at_the_signature_may_have_used_a_try() {
    for (number, cost) in [(0xa0, Spent::Unknown), (0xa4, Spent::Unknown), (0x30, Spent::No)] {
        let fault =
            TokenFault::Other { during: Call::Sign, name: meaning(number).name.into(), number: Some(number) };
        assert_eq!(fault.tries_spent(), cost, "{fault}");
    }
}

//! A module that is not sure which token it speaks for, and texts that are none: no PIN goes to another token than the one that
//! was shown, and whatever stands in a field comes across as text.

use conclave_softhsm::Curve;
use tuf_ceremony::signable::Signable;
use tuf_conclave::token::{
    Entry, Host, Impatient, KeyKind, LoginFacts, PinTries, SignScheme, SlotFacts, Spent, TokenFault, TokenUri,
};

use crate::stage::{Faulty, PIN, draft, find, key_of, pin};

fn log_in(host: &mut Host, slot: &SlotFacts) -> Result<LoginFacts, TokenFault> {
    host.login(slot, Entry::Pin(pin(PIN)), &mut Impatient)
}

#[test]
fn a_token_that_changes_its_name_between_list_and_pin_gets_none() {
    let faulty = Faulty::new("");
    let mut host = faulty.host();
    let slot = find(&mut host, "alice");
    for field in ["label:626f62", "serial:30303031", "label:616c69636500"] {
        faulty.rule(&format!("C_GetTokenInfo text={field}"));
        let fault = log_in(&mut host, &slot).unwrap_err();
        assert!(matches!(fault, TokenFault::TokenChanged { .. }), "{field}: {fault}");
        assert_eq!((fault.tries_spent(), faulty.calls("C_Login")), (Spent::No, 0));
    }
    // One that cannot be read any more may be any.
    faulty.rule("C_GetTokenInfo text=time:78");
    let fault = log_in(&mut host, &slot).unwrap_err();
    assert!(matches!(fault, TokenFault::TokenChanged { .. }), "{fault}");
    assert_eq!(faulty.calls("C_Login"), 0);
}

#[test]
fn no_module_passes_for_a_card_that_is_reached_without_one() {
    let faulty = Faulty::new("");
    let mut host = faulty.host();
    assert!(!find(&mut host, "alice").is_card());
    let maker = hex::encode("PIV without a module");
    faulty.rule(&format!("C_GetSlotInfo text=maker:{maker}\nC_GetTokenInfo text=serial:3132333435363738"));
    let slot = find(&mut host, "alice");
    assert_eq!(slot.manufacturer, "PIV without a module, as a module says");
    assert!(!slot.is_card(), "{slot:?}");
    let card = TokenUri::from_command_line("piv:serial=12345678").unwrap();
    assert!(!card.fits_slot(host.module(), &slot), "a PIN that is meant for a card would go into the module");
    assert!(!TokenUri::naming(&slot, None).is_piv());
}

#[test]
fn a_session_that_is_opened_on_another_token_gets_no_pin() {
    let faulty = Faulty::new("");
    faulty.dir.add_token("bob", "so-pin-1", PIN).unwrap();
    let mut host = faulty.host();
    let slot = find(&mut host, "alice");
    faulty.rule("C_OpenSession other-slot");
    let fault = log_in(&mut host, &slot).unwrap_err();
    assert!(matches!(fault, TokenFault::TokenChanged { .. }), "{fault}");
    assert_eq!((fault.tries_spent(), faulty.calls("C_Login")), (Spent::No, 0));
    faulty.rule("");
    log_in(&mut host, &slot).unwrap();
    assert_eq!(find(&mut host, "bob").token.unwrap().tries, PinTries::Unsaid);
}

#[test]
fn a_session_that_goes_to_another_token_after_the_pin_signs_nothing() {
    // Its number of the slot cannot be read either, so that nothing tells before the PIN.
    let faulty = Faulty::new("");
    faulty.dir.add_token("bob", "so-pin-1", PIN).unwrap();
    faulty.dir.generate("bob", PIN, "of bob", &[0xbb], Curve::Ed25519).unwrap();
    let mut host = faulty.host();
    let slot = find(&mut host, "alice");
    faulty.rule("C_OpenSession other-slot\nC_GetSessionInfo rv=0x54");
    log_in(&mut host, &slot).unwrap();
    let key = key_of(&slot.keys, &KeyKind::Ed25519);
    let draft = draft(0);
    let fault =
        host.sign(&key, SignScheme::Ed25519, &Signable::of(&draft), None, &mut Impatient).unwrap_err();
    assert!(matches!(fault, TokenFault::NoKey { .. }), "{fault}");
    assert_eq!((faulty.calls("C_Login"), faulty.calls("C_Sign")), (1, 0));
}

#[test]
fn flags_and_limits_that_contradict_each_other_are_taken_for_the_worse() {
    let faulty = Faulty::new("");
    let mut host = faulty.host();
    let slot = find(&mut host, "alice");
    type Expected = fn(&TokenFault) -> bool;
    let cases: [(&str, Expected); 5] = [
        // Few tries, one try and locked, all at once.
        ("flags=+0x70000-0x0", |fault| matches!(fault, TokenFault::PinLocked { sent: false, .. })),
        // Initialised, and without a PIN.
        ("flags=+0x400-0x8", |fault| matches!(fault, TokenFault::PinNotSet { .. })),
        ("flags=+0x100-0x0", |fault| matches!(fault, TokenFault::KeypadOnly { .. })),
        ("pins=0x1:0x4", |fault| matches!(fault, TokenFault::PinLength { max: 4, sent: false, .. })),
        ("pins=0x40:0xffffffffffffffff", |fault| {
            matches!(fault, TokenFault::PinLength { min: 64, sent: false, .. })
        }),
    ];
    for (told, expected) in cases {
        faulty.rule(&format!("C_GetTokenInfo {told}"));
        let fault = log_in(&mut host, &slot).unwrap_err();
        assert!(expected(&fault) && fault.tries_spent() == Spent::No, "{told}: {fault}");
    }
    assert_eq!(faulty.calls("C_Login"), 0);
    // Limits that no PIN can keep are none.
    faulty.rule("C_GetTokenInfo pins=0x8:0x4");
    log_in(&mut host, &slot).unwrap();
}

#[test]
fn texts_that_are_none_come_across_as_text_and_hide_nothing() {
    let faulty = Faulty::new("");
    // NUL, no UTF-8, an escape sequence, a change of direction, nothing at all, and a whole field of it.
    for bytes in ["00", "ff", "c3", "1b5b324a", "e280ae", "", &"1b".repeat(64)] {
        for rule in [
            "C_GetInfo text=maker:",
            "C_GetInfo text=description:",
            "C_GetSlotInfo text=description:",
            "C_GetSlotInfo text=maker:",
            "C_GetTokenInfo text=label:",
            "C_GetTokenInfo text=serial:",
            "C_GetTokenInfo text=model:",
            "C_GetTokenInfo text=maker:",
            "C_GetAttributeValue bytes=0x3:",
            "C_GetAttributeValue bytes=0x102:",
        ] {
            faulty.rule(&format!("{rule}{bytes}"));
            let mut host = faulty.host();
            let slots = host.list().unwrap();
            let slot = slots.iter().find(|slot| !slot.keys.is_empty()).unwrap_or_else(|| panic!("{rule}"));
            assert_eq!(slot.keys.iter().filter(|key| key.public_key().is_some()).count(), 2, "{rule}{bytes}");
            // It can be chosen and opened all the same.
            log_in(&mut host, slot).unwrap_or_else(|fault| panic!("{rule}{bytes}: {fault}"));
        }
    }
}

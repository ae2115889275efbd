//! A module that lies about lengths, counts and bits: whatever it claims, nothing false counts and nothing is sent twice.

use conclave_softhsm::{Curve, Shown};
use tuf_ceremony::key::encoding::ecdsa_raw_to_der;
use tuf_ceremony::signable::Signable;
use tuf_conclave::token::{
    Call, Deadlines, Entry, Host, Impatient, KeyKind, SignScheme, SlotFacts, Spent, TokenFault,
};

use crate::stage::{Faulty, PIN, SHORT, draft, find, key_of, pin};

/// A host in which the token is open, with the rules to come.
fn open(faulty: &Faulty) -> (Host, SlotFacts) {
    let mut host = faulty.host();
    let slot = find(&mut host, "alice");
    host.login(&slot, Entry::Pin(pin(PIN)), &mut Impatient).unwrap();
    (host, slot)
}

fn sign(host: &mut Host, slot: &SlotFacts, kind: &KeyKind) -> Result<Vec<u8>, TokenFault> {
    let key = key_of(&slot.keys, kind);
    host.sign(&key, SignScheme::of(kind).unwrap(), &Signable::of(&draft(0)), None, &mut Impatient)
}

fn counts(slot: &SlotFacts, kind: &KeyKind, raw: &[u8]) -> bool {
    let key = key_of(&slot.keys, kind).public_key().unwrap();
    let read = if *kind == KeyKind::EcP256 { ecdsa_raw_to_der(raw).ok() } else { Some(raw.to_vec()) };
    read.is_some_and(|signature| key.verify(&Signable::of(&draft(0)).message(), &signature).is_ok())
}

#[test]
fn no_bit_of_a_signature_can_be_another_one() {
    let faulty = Faulty::new("");
    faulty.dir.generate("alice", PIN, "root rsa", &[0x0a], Curve::Rsa2048).unwrap();
    let (mut host, slot) = open(&faulty);
    // Every bit of the short ones; of RSA, in which each is in the same number, every nineteenth.
    for (kind, bits, step) in
        [(KeyKind::Ed25519, 512, 1), (KeyKind::EcP256, 512, 1), (KeyKind::Rsa { bits: 2048 }, 2048, 19)]
    {
        faulty.rule("");
        assert!(counts(&slot, &kind, &sign(&mut host, &slot, &kind).unwrap()), "{kind}: the good one");
        for bit in (0..bits).step_by(step) {
            faulty.rule(&format!("C_Sign flip={bit}"));
            let raw = sign(&mut host, &slot, &kind).unwrap();
            assert!(!counts(&slot, &kind, &raw), "{kind}: bit {bit}");
        }
    }
}

#[test]
fn a_length_that_lies_is_a_fault_or_does_no_harm() {
    let faulty = Faulty::new("");
    let (mut host, slot) = open(&faulty);
    let kind = KeyKind::Ed25519;
    let short = |got| TokenFault::SignatureLength { expected: 64, got };
    for (rules, expected) in [
        ("C_Sign told=0x0", Some(short(0))),
        ("C_Sign told=0x1", Some(short(1))),
        ("C_Sign short", Some(short(63))),
        // More than there was room for: what stands in the room is taken, and is the signature.
        ("C_Sign told=0x41", None),
        ("C_Sign told=0xffffffffffffffff", None),
        // Asked beforehand, it says more than it needs.
        ("C_Sign-length size=0x41", None),
        ("C_Sign-length size=0x800", None),
    ] {
        faulty.rule(rules);
        faulty.forget();
        match (sign(&mut host, &slot, &kind), expected) {
            (Ok(raw), None) => assert!(counts(&slot, &kind, &raw), "{rules}"),
            (Err(fault), Some(expected)) => {
                assert_eq!(fault, expected, "{rules}");
                assert!(fault.may_have_signed(), "{rules}");
            }
            (came, _) => panic!("{rules}: {came:?}"),
        }
        assert_eq!((faulty.calls("C_Sign"), faulty.calls("C_Login")), (1, 0), "{rules}");
    }
    // Less than it needs, or so much that no computer has it.
    for (rules, word) in [
        ("C_Sign-length size=0x0", "CKR_BUFFER_TOO_SMALL"),
        ("C_Sign-length size=0x10", "CKR_BUFFER_TOO_SMALL"),
        ("C_Sign-length size=0xffffffffffffffff", "makes no sense"),
    ] {
        faulty.rule(rules);
        let fault = sign(&mut host, &slot, &kind).unwrap_err();
        assert!(fault.to_string().contains(word) && fault.tries_spent() == Spent::No, "{rules}: {fault}");
        faulty.rule("");
        assert!(
            counts(&slot, &kind, &sign(&mut host, &slot, &kind).unwrap()),
            "the next one counts: {rules}"
        );
    }
}

#[test]
fn a_length_that_no_memory_has_ends_the_modules_process_and_no_other() {
    let faulty = Faulty::new("");
    let (mut host, slot) = open(&faulty);
    faulty.rule("C_Sign-length size=0x7ffffffffffffff0");
    faulty.forget();
    let fault = sign(&mut host, &slot, &KeyKind::Ed25519).unwrap_err();
    assert!(matches!(fault, TokenFault::ModuleCrashed { during: Call::Sign, .. }), "{fault}");
    assert_eq!((fault.tries_spent(), faulty.calls("C_Sign"), faulty.calls("C_Login")), (Spent::No, 0, 0));
    faulty.rule("C_GetAttributeValue length=0x3:0x7ffffffffffffff0");
    let fault = faulty.host().list().unwrap_err();
    assert!(matches!(fault, TokenFault::ModuleCrashed { during: Call::List, .. }), "{fault}");
    faulty.rule("");
    let (mut host, slot) = open(&faulty);
    assert!(counts(&slot, &KeyKind::Ed25519, &sign(&mut host, &slot, &KeyKind::Ed25519).unwrap()));
}

#[test]
fn a_length_that_lies_at_a_key_with_its_own_pin_costs_that_one_pin() {
    let faulty = Faulty::new("");
    faulty.dir.generate_always_authenticate("alice", PIN, "again", &[7], Curve::P384).unwrap();
    let (mut host, slot) = open(&faulty);
    let key = key_of(&slot.keys, &KeyKind::EcP384);
    // The last is more than there is room for, of which everything is taken.
    for (told, length) in [(0x0, Some(0)), (0x5f, Some(95)), (0x61, Some(97)), (0x7fff_ffff, None)] {
        faulty.rule(&format!("C_Sign told={told:#x}"));
        faulty.forget();
        let entry = Some(Entry::Pin(pin(PIN)));
        let draft = draft(0);
        let scheme = SignScheme::EcdsaP384Sha384;
        let fault = host.sign(&key, scheme, &Signable::of(&draft), entry, &mut Impatient).unwrap_err();
        let TokenFault::SignatureLength { expected: 96, got } = fault else { panic!("{told:#x}: {fault}") };
        assert!(length.map_or(got > 96, |length| got == length), "{told:#x}: {got}");
        assert_eq!((fault.tries_spent(), faulty.calls("C_Login"), faulty.calls("C_Sign")), (Spent::No, 1, 1));
    }
}

#[test]
fn an_attribute_whose_length_lies_hides_no_token_and_makes_no_key() {
    let faulty = Faulty::new("");
    let mut host = faulty.host();
    // Label, id, kind of key, curve, point.
    for attribute in ["0x3", "0x102", "0x100", "0x180", "0x181"] {
        for length in ["0x0", "0x1", "0xffffffffffffffff", "0xfffffffffffffff0"] {
            faulty.rule(&format!("C_GetAttributeValue length={attribute}:{length}"));
            let slots = host.list().unwrap_or_else(|fault| panic!("{attribute}:{length}: {fault}"));
            let slot = slots.iter().find(|slot| slot.name().label == "alice").unwrap();
            let good = slot.keys.iter().filter(|key| key.public_key().is_some()).count();
            // Without a label, an id or even a kind a key may stand there, but no false one.
            assert!(good <= 2, "{attribute}:{length}: {slot:?}");
            if matches!(attribute, "0x180" | "0x181") {
                assert_eq!(good, 0, "{attribute}:{length}: {slot:?}");
            }
        }
    }
    faulty.rule("");
    assert_eq!(find(&mut host, "alice").keys.iter().filter(|key| key.public_key().is_some()).count(), 2);
    assert_eq!(faulty.calls("C_Login"), 0);
}

#[test]
fn a_certificate_whose_length_lies_hides_no_token() {
    let faulty = Faulty::new("");
    faulty.dir.show_public("alice", PIN, "root p256", &[0x01, 0x02], Shown::Certificate).unwrap();
    let mut host = faulty.host();
    for length in ["0x0", "0xffffffffffffffff", "0xfffffffffffffff0"] {
        faulty.rule(&format!("C_GetAttributeValue length=0x11:{length}"));
        let slots = host.list().unwrap_or_else(|fault| panic!("{length}: {fault}"));
        assert!(slots.iter().any(|slot| slot.name().label == "alice"), "{length}: {slots:?}");
    }
}

#[test]
fn objects_without_end_are_cut_and_none_of_them_signs() {
    let faulty = Faulty::new("");
    let (mut host, slot) = open(&faulty);
    faulty.rule("C_FindObjects endless");
    assert_eq!(find(&mut host, "alice").keys.len(), 256, "more are not looked at");
    let fault = sign(&mut host, &slot, &KeyKind::Ed25519).unwrap_err();
    assert!(matches!(fault, TokenFault::AmbiguousKey { count: 256, .. }), "{fault}");
    assert_eq!((fault.tries_spent(), faulty.calls("C_Sign")), (Spent::No, 0));
}

#[test]
fn a_count_of_objects_that_lies_is_told_and_ends_nothing() {
    let faulty = Faulty::new("");
    let (mut host, slot) = open(&faulty);
    for (size, word) in [
        ("0xb", "makes no sense"),
        ("0x989680", "makes no sense"),
        ("0xffffffffffffffff", "makes no sense"),
        ("0x0", "no private key"),
    ] {
        faulty.rule(&format!("C_FindObjects size={size}"));
        faulty.forget();
        let listed = find(&mut host, "alice");
        assert_eq!(listed.trouble.is_some(), size != "0x0", "{size}: {listed:?}");
        let fault = host.login(&slot, Entry::Pin(pin(PIN)), &mut Impatient);
        assert_eq!(faulty.calls("C_Login"), 1, "{size}");
        let fault = match fault {
            Err(fault) => fault,
            Ok(_) => sign(&mut host, &slot, &KeyKind::Ed25519).unwrap_err(),
        };
        assert!(fault.to_string().contains(word), "{size}: {fault}");
        // The PIN was right, and it was sent once.
        assert_eq!((fault.tries_spent(), fault.may_have_signed()), (Spent::No, false), "{size}: {fault}");
        faulty.rule("");
        host.login(&slot, Entry::Pin(pin(PIN)), &mut Impatient).unwrap();
        let raw = sign(&mut host, &slot, &KeyKind::Ed25519).unwrap();
        assert!(counts(&slot, &KeyKind::Ed25519, &raw));
    }
}

#[test]
fn a_count_of_slots_that_lies_is_told_and_one_that_never_ends_is_a_hang() {
    let faulty = Faulty::new("");
    let mut host = faulty.host();
    faulty.rule("C_GetSlotList size=0xfffffffffffffff0");
    let fault = host.list().unwrap_err();
    assert!(fault.to_string().contains("makes no sense"), "{fault}");
    faulty.rule("C_GetSlotList size=0x300");
    let slots = host.list().unwrap();
    assert_eq!(slots.len(), 256, "more are not looked at");
    assert!(slots.iter().all(|slot| slot.keys.is_empty() && slot.trouble.is_some()));
    faulty.rule("C_GetSlotList grows");
    host.set_deadlines(Deadlines { list: SHORT, ..Deadlines::default() });
    let fault = host.list().unwrap_err();
    assert!(matches!(fault, TokenFault::ModuleHung { during: Call::List, .. }), "{fault}");
}

//! A module that hangs, crashes, lies and forgets: each is a typed outcome, and this process lives on.

use std::time::{Duration, Instant};

use tuf_ceremony::signable::Signable;
use tuf_conclave::token::{
    Call, Deadlines, Ending, Entry, Host, Impatient, KeyKind, PinTries, SignScheme, SlotFacts, Spent,
    TokenFault,
};

use crate::stage::{Faulty, PIN, SHORT, WRONG_PIN, draft, find, key_of, pin};

const ABORT: Ending = Ending::Signal(6);

fn logged_in(faulty: &Faulty) -> (Host, SlotFacts) {
    let mut host = faulty.host();
    let slot = find(&mut host, "alice");
    host.login(&slot, Entry::Pin(pin(PIN)), &mut Impatient).unwrap();
    (host, slot)
}

fn sign(host: &mut Host, slot: &SlotFacts) -> Result<Vec<u8>, TokenFault> {
    host.sign(
        &key_of(&slot.keys, &KeyKind::Ed25519),
        SignScheme::Ed25519,
        &Signable::of(&draft(0)),
        None,
        &mut Impatient,
    )
}

#[test]
fn a_hang_while_listing_ends_at_the_deadline() {
    let faulty = Faulty::new("C_GetSlotList hang=60000");
    let mut host = faulty.host();
    host.set_deadlines(Deadlines { list: SHORT, ..Deadlines::default() });
    let begin = Instant::now();
    let fault = host.list().unwrap_err();
    assert_eq!(fault, TokenFault::ModuleHung { during: Call::List, seconds: SHORT.as_secs() });
    assert!(begin.elapsed() < Duration::from_secs(30), "the hang itself was not waited for");
    let after = host.list().unwrap_err();
    assert!(matches!(after, TokenFault::HostFailed { .. }), "a killed module is not asked again: {after}");
}

#[test]
fn a_hang_while_loading_ends_at_the_deadline() {
    let faulty = Faulty::new("C_Initialize hang=60000");
    let fault = faulty.spawn(Deadlines { list: SHORT, ..Deadlines::default() }).err().unwrap();
    assert!(matches!(fault, TokenFault::ModuleHung { during: Call::Load, .. }), "{fault}");
}

#[test]
fn a_hang_in_a_signature_leaves_the_outcome_unknown() {
    let faulty = Faulty::new("C_Sign hang=60000");
    let (mut host, slot) = logged_in(&faulty);
    host.set_deadlines(Deadlines { sign: SHORT, ..Deadlines::default() });
    let fault = sign(&mut host, &slot).unwrap_err();
    assert_eq!(fault, TokenFault::UnknownOutcome { during: Call::Sign, seconds: SHORT.as_secs() });
    assert!(fault.may_have_signed());
    assert_eq!(fault.tries_spent(), Spent::No);
}

#[test]
fn a_hang_in_a_login_leaves_the_outcome_unknown() {
    let faulty = Faulty::new("C_Login hang=60000");
    let mut host = faulty.host();
    let slot = find(&mut host, "alice");
    host.set_deadlines(Deadlines { login: SHORT, ..Deadlines::default() });
    let fault = host.login(&slot, Entry::Pin(pin(PIN)), &mut Impatient).unwrap_err();
    assert!(matches!(fault, TokenFault::UnknownOutcome { during: Call::Login, .. }), "{fault}");
    assert_eq!((fault.tries_spent(), fault.may_have_signed()), (Spent::Unknown, false));
}

#[test]
fn a_slow_answer_before_the_deadline_is_an_answer() {
    let faulty = Faulty::new("C_Sign hang=700");
    let (mut host, slot) = logged_in(&faulty);
    assert_eq!(sign(&mut host, &slot).unwrap().len(), 64);
}

#[test]
fn a_crash_in_each_call_is_told_with_its_signal() {
    for (rules, during) in [
        ("C_Initialize abort", Call::Load),
        ("C_GetTokenInfo abort", Call::List),
        ("C_Login abort", Call::Login),
        ("C_Sign abort", Call::Sign),
    ] {
        let faulty = Faulty::new(rules);
        let fault = faulty
            .spawn(Deadlines::default())
            .and_then(|mut host| {
                let slots = host.list()?;
                let slot = slots.iter().find(|slot| slot.name().label == "alice").unwrap();
                host.login(slot, Entry::Pin(pin(PIN)), &mut Impatient)?;
                sign(&mut host, slot)
            })
            .unwrap_err();
        assert_eq!(fault, TokenFault::ModuleCrashed { during, ending: ABORT }, "{rules}");
        let spent = if during == Call::Login { Spent::Unknown } else { Spent::No };
        assert_eq!((fault.tries_spent(), fault.may_have_signed()), (spent, during == Call::Sign));
    }
}

#[test]
fn what_a_module_prints_is_kept_and_not_shown() {
    let faulty = Faulty::new("C_GetSlotList abort");
    let mut host = faulty.host();
    host.list().unwrap_err();
    assert!(host.chatter().contains("a rule says abort"), "{:?}", host.chatter());
}

#[test]
fn a_token_pulled_while_it_signs_is_told() {
    let faulty = Faulty::new("C_Sign rv=0x32");
    let (mut host, slot) = logged_in(&faulty);
    let fault = sign(&mut host, &slot).unwrap_err();
    assert_eq!(fault, TokenFault::TokenRemoved { during: Call::Sign });
    faulty.rule("");
    host.login(&slot, Entry::Pin(pin(PIN)), &mut Impatient).expect("the host outlives a fault of the token");
    assert_eq!(sign(&mut host, &slot).unwrap().len(), 64);
}

#[test]
fn a_corrupt_signature_comes_back_for_the_desk_to_refuse() {
    let faulty = Faulty::new("C_Sign nth=1 corrupt");
    let (mut host, slot) = logged_in(&faulty);
    let (corrupt, good) = (sign(&mut host, &slot).unwrap(), sign(&mut host, &slot).unwrap());
    let public = key_of(&slot.keys, &KeyKind::Ed25519).public;
    let key = ed25519_dalek::VerifyingKey::from_bytes(public.as_slice().try_into().unwrap()).unwrap();
    let message = Signable::of(&draft(0)).message();
    let verifies = |signature: &[u8]| {
        key.verify_strict(&message, &ed25519_dalek::Signature::from_slice(signature).unwrap()).is_ok()
    };
    assert!(!verifies(&corrupt) && verifies(&good));
}

#[test]
fn a_short_signature_is_a_fault() {
    let faulty = Faulty::new("C_Sign short");
    let (mut host, slot) = logged_in(&faulty);
    let fault = sign(&mut host, &slot).unwrap_err();
    assert_eq!(fault, TokenFault::SignatureLength { expected: 64, got: 63 });
    assert!(fault.may_have_signed());
}

#[test]
fn a_key_that_wants_the_pin_again_is_told_and_nothing_is_sent_twice() {
    let faulty = Faulty::new("C_Sign rv=0x101");
    let (mut host, slot) = logged_in(&faulty);
    let fault = sign(&mut host, &slot).unwrap_err();
    assert_eq!(fault, TokenFault::NotLoggedIn { during: Call::Sign, always_authenticate: Some(false) });
    assert_eq!((faulty.calls("C_Login"), faulty.calls("C_Sign")), (1, 1));
}

#[test]
fn each_refusal_of_a_pin_is_told_apart() {
    type Expected = fn(&TokenFault) -> bool;
    let cases: [(&str, Expected, Spent); 7] = [
        ("0xa0", |f| matches!(f, TokenFault::PinIncorrect { after: PinTries::Unsaid, .. }), Spent::Yes),
        ("0xa2", |f| matches!(f, TokenFault::PinLength { sent: true, .. }), Spent::Unknown),
        ("0xa3", |f| matches!(f, TokenFault::PinExpired { .. }), Spent::Unknown),
        ("0xa4", |f| matches!(f, TokenFault::PinLocked { sent: true, .. }), Spent::Unknown),
        ("0x102", |f| matches!(f, TokenFault::PinNotSet { .. }), Spent::No),
        ("0x104", |f| matches!(f, TokenFault::TokenBusy { during: Call::Login, .. }), Spent::Unknown),
        ("0x30", |f| matches!(f, TokenFault::Other { number: Some(0x30), .. }), Spent::Unknown),
    ];
    let faulty = Faulty::new("");
    let mut host = faulty.host();
    let slot = find(&mut host, "alice");
    for (code, expected, spent) in cases {
        faulty.rule(&format!("C_Login rv={code}"));
        let fault = host.login(&slot, Entry::Pin(pin(PIN)), &mut Impatient).unwrap_err();
        assert!(expected(&fault), "{code}: {fault:?}");
        assert_eq!(fault.tries_spent(), spent, "{code}");
    }
    assert_eq!(faulty.calls("C_Login"), 7, "each PIN was sent once");
}

#[test]
fn an_impossible_pin_never_reaches_the_module() {
    let faulty = Faulty::new("");
    let mut host = faulty.host();
    let slot = find(&mut host, "alice");
    host.login(&slot, Entry::Pin(pin("123")), &mut Impatient).unwrap_err();
    assert_eq!(faulty.calls("C_Login"), 0);
    host.login(&slot, Entry::Pin(pin(WRONG_PIN)), &mut Impatient).unwrap_err();
    assert_eq!(faulty.calls("C_Login"), 1, "the log does see logins");
}

#[test]
fn a_session_that_is_logged_in_already_can_sign() {
    let faulty = Faulty::new("");
    let mut host = faulty.host();
    let slot = find(&mut host, "alice");
    host.login(&slot, Entry::Pin(pin(PIN)), &mut Impatient).unwrap();
    faulty.rule("C_Login rv=0x100");
    let login = host.login(&slot, Entry::Pin(pin(PIN)), &mut Impatient).unwrap();
    assert!(login.already, "the PIN was not judged, and that is said");
}

#[test]
fn a_token_whose_facts_cannot_be_read_is_still_listed() {
    let faulty = Faulty::new("C_GetTokenInfo nth=1 rv=0x30");
    let mut host = faulty.host();
    let slots = host.list().unwrap();
    let silent = slots.iter().find(|slot| !slot.readable()).unwrap();
    assert!(silent.trouble.as_deref().unwrap().contains("CKR_DEVICE_ERROR"), "{silent:?}");
    assert!(slots.iter().any(SlotFacts::readable), "one silent token does not hide the others");
}

#[test]
fn keys_that_cannot_be_read_do_not_hide_their_token() {
    let faulty = Faulty::new("C_OpenSession rv=0xb1");
    let mut host = faulty.host();
    let slot = find(&mut host, "alice");
    assert!(slot.keys.is_empty());
    assert!(slot.trouble.as_deref().unwrap().contains("CKR_SESSION_COUNT"), "{slot:?}");
}

#[test]
fn a_crash_at_the_end_is_only_a_warning() {
    let faulty = Faulty::new("C_Finalize abort");
    let (mut host, slot) = logged_in(&faulty);
    sign(&mut host, &slot).unwrap();
    let warning = host.close().unwrap_err();
    assert_eq!(warning.cause, TokenFault::ModuleCrashed { during: Call::Close, ending: ABORT });
    assert!(warning.chatter.contains("a rule says abort"), "{warning:?}");
}

#[test]
fn a_misspelt_rule_cannot_let_a_test_pass() {
    let faulty = Faulty::new("C_Sing rv=0x32");
    let fault = faulty.spawn(Deadlines::default()).err().unwrap();
    assert!(matches!(fault, TokenFault::ModuleCrashed { during: Call::Load, .. }), "{fault}");
}

#[test]
fn a_module_has_no_terminal_of_the_person_and_may_not_look_into_this_process() {
    let host = Faulty::new("").spawn(Deadlines::default()).unwrap();
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", host.process_id())).unwrap();
    // Behind the name in brackets: state, parent, group, session, terminal (proc(5)).
    let fields: Vec<&str> = stat.rsplit_once(") ").unwrap().1.split(' ').collect();
    assert_eq!(
        fields[3],
        host.process_id().to_string(),
        "its own session, which no terminal controls: {stat}"
    );
    assert_eq!(fields[4], "0", "{stat}");
    let own = rustix::process::dumpable_behavior().unwrap();
    assert_eq!(own, rustix::process::DumpableBehavior::NotDumpable);
}

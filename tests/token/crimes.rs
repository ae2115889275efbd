//! What a module does to the process that it runs in: it ends there, and what was signed before is safe.

use std::time::{Duration, Instant};

use tuf_ceremony::signable::Signable;
use tuf_conclave::token::{
    Call, Deadlines, Driver, Ending, Entry, Host, Impatient, KeyKind, SignScheme, SlotFacts, Spent,
    TokenFault,
};

use crate::stage::{Faulty, PIN, SHORT, draft, find, key_of, pin, program};

fn open(faulty: &Faulty) -> (Host, SlotFacts) {
    let mut host = faulty.host();
    let slot = find(&mut host, "alice");
    host.login(&slot, Entry::Pin(pin(PIN)), &mut Impatient).unwrap();
    (host, slot)
}

fn sign(host: &mut Host, slot: &SlotFacts) -> Result<Vec<u8>, TokenFault> {
    let key = key_of(&slot.keys, &KeyKind::Ed25519);
    host.sign(&key, SignScheme::Ed25519, &Signable::of(&draft(0)), None, &mut Impatient)
}

fn counts(slot: &SlotFacts, signature: &[u8]) -> bool {
    let key = key_of(&slot.keys, &KeyKind::Ed25519).public_key().unwrap();
    key.verify(&Signable::of(&draft(0)).message(), signature).is_ok()
}

#[test]
fn leaving_in_a_signature_is_a_crash_even_with_the_code_of_success() {
    for (crime, ending) in
        [("exit=0", Ending::Exit(0)), ("exit=7", Ending::Exit(7)), ("segfault", Ending::Signal(11))]
    {
        let faulty = Faulty::new("");
        let (mut host, slot) = open(&faulty);
        faulty.rule(&format!("C_Sign {crime}"));
        let fault = sign(&mut host, &slot).unwrap_err();
        assert_eq!(fault, TokenFault::ModuleCrashed { during: Call::Sign, ending }, "{crime}");
        assert_eq!((fault.tries_spent(), fault.may_have_signed()), (Spent::No, true), "{crime}");
        faulty.rule("");
        let (mut host, slot) = open(&faulty);
        assert!(counts(&slot, &sign(&mut host, &slot).unwrap()), "a new one signs after {crime}");
    }
}

#[test]
fn taking_the_way_to_us_away_is_a_crash() {
    let faulty = Faulty::new("");
    let (mut host, slot) = open(&faulty);
    faulty.rule("C_Sign close-descriptors");
    let fault = sign(&mut host, &slot).unwrap_err();
    // Our own code leaves, or stumbles over a file that is gone; which of them depends on where it was.
    assert!(matches!(fault, TokenFault::ModuleCrashed { during: Call::Sign, .. }), "{fault}");
    assert!(fault.may_have_signed(), "{fault}");
}

#[test]
fn leaving_while_the_file_is_loaded_is_a_crash_before_anything_was_asked() {
    for (crime, ending) in [("exit=0", Ending::Exit(0)), ("segfault", Ending::Signal(11))] {
        let faulty = Faulty::new("");
        let mut driver = faulty.driver();
        driver.environment.push(("FAULTY_PKCS11_AT_LOAD".into(), crime.into()));
        let fault = Host::spawn(program(), &driver, Deadlines::default()).err().unwrap();
        assert_eq!(fault, TokenFault::ModuleCrashed { during: Call::Load, ending }, "{crime}");
        assert_eq!((fault.tries_spent(), faulty.log().len()), (Spent::No, 0), "{crime}");
    }
}

#[test]
fn what_it_writes_to_us_instead_of_an_answer_is_nonsense() {
    let faulty = Faulty::new("");
    let (mut host, slot) = open(&faulty);
    faulty.rule("C_Sign speak");
    let fault = sign(&mut host, &slot).unwrap_err();
    assert!(matches!(fault, TokenFault::Protocol { during: Call::Sign, .. }), "{fault}");
    assert!(fault.may_have_signed() && host.is_over());
}

#[test]
fn a_process_that_it_leaves_behind_does_not_outlive_the_host() {
    for close in [true, false] {
        let faulty = Faulty::new("");
        let (mut host, slot) = open(&faulty);
        faulty.rule("C_Sign fork");
        assert!(counts(&slot, &sign(&mut host, &slot).unwrap()));
        let child = loop {
            let log = faulty.log();
            if let Some(found) = log.iter().find_map(|line| line.strip_prefix("forked ")) {
                break found.to_owned();
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        assert!(lives(&child), "it holds every descriptor, this side's end too");
        if close {
            host.close().unwrap();
        } else {
            drop(host);
        }
        let begun = Instant::now();
        while lives(&child) && begun.elapsed() < Duration::from_secs(60) {
            std::thread::sleep(Duration::from_millis(5));
        }
        assert!(!lives(&child), "closed: {close}");
    }
}

/// Whether a process is there and no mere entry that nobody asked for yet.
fn lives(process: &str) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with('Z'))
}

#[test]
fn what_it_prints_neither_blocks_it_nor_reaches_anybody_whole() {
    let faulty = Faulty::new("");
    let (mut host, slot) = open(&faulty);
    faulty.rule("C_Sign print");
    assert!(counts(&slot, &sign(&mut host, &slot).unwrap()));
    assert!(host.chatter().len() <= 4096 + 4, "{}", host.chatter().len());
    assert!(host.chatter().contains("type your PIN here"), "it is kept, to be told as the module's words");
    host.close().unwrap();
}

#[test]
fn neither_signals_nor_threads_keep_it_alive() {
    for crime in ["signals", "threads"] {
        let faulty = Faulty::new("");
        let (mut host, slot) = open(&faulty);
        faulty.rule(&format!("C_Sign {crime}"));
        assert!(counts(&slot, &sign(&mut host, &slot).unwrap()), "{crime}");
        host.close().unwrap_or_else(|warning| panic!("{crime}: {warning}"));
        // And one that then hangs is ended.
        let faulty = Faulty::new("");
        let (mut host, slot) = open(&faulty);
        host.set_deadlines(Deadlines { sign: SHORT, ..Deadlines::default() });
        faulty.rule(&format!("C_SignInit {crime}\nC_Sign hang=60000"));
        let fault = sign(&mut host, &slot).unwrap_err();
        assert!(matches!(fault, TokenFault::UnknownOutcome { during: Call::Sign, .. }), "{crime}: {fault}");
        assert!(!lives(&host.process_id().to_string()), "{crime}");
    }
}

#[test]
fn it_opens_neither_the_terminal_nor_the_network_while_it_signs() {
    let faulty = Faulty::new("");
    let (mut host, slot) = open(&faulty);
    faulty.rule("C_SignInit terminal\nC_Sign sockets");
    assert!(counts(&slot, &sign(&mut host, &slot).unwrap()));
    let log = faulty.log();
    assert!(log.contains(&"terminal refused".to_owned()), "{log:?}");
    assert!(log.contains(&"socket inet refused 13".to_owned()), "{log:?}");
}

#[test]
fn a_crash_or_a_code_at_the_end_leaves_what_was_signed_as_it_is() {
    for (rule, clean) in [
        ("C_Finalize exit=3", false),
        ("C_Finalize segfault", false),
        ("C_Logout abort", false),
        ("C_CloseSession segfault", false),
        ("C_Finalize rv=0x5", true),
        ("C_Logout rv=0x30", true),
    ] {
        let faulty = Faulty::new("");
        let (mut host, slot) = open(&faulty);
        let signature = sign(&mut host, &slot).unwrap();
        faulty.rule(rule);
        let closed = host.close();
        assert_eq!(closed.is_ok(), clean, "{rule}: {closed:?}");
        if let Err(warning) = closed {
            assert!(matches!(warning.cause, TokenFault::ModuleCrashed { during: Call::Close, .. }), "{rule}");
        }
        assert!(counts(&slot, &signature), "{rule}");
    }
}

#[test]
fn a_driver_gives_its_module_nothing_but_its_variables() {
    let faulty = Faulty::new("");
    let bare = Driver { environment: Vec::new(), ..faulty.driver() };
    let fault = Host::spawn(program(), &bare, Deadlines::default()).err().unwrap();
    assert!(matches!(fault, TokenFault::ModuleRefused { .. }), "without its target it refuses: {fault}");
}

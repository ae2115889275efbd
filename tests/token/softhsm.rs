//! SoftHSM2 through the host, from listing to a verified signature.

use std::path::Path;

use p256::ecdsa::signature::Verifier as _;
use tuf_ceremony::signable::Signable;
use tuf_conclave::token::{
    Call, Deadlines, Driver, Ending, Entry, Host, Impatient, KeyKind, PinTries, SignScheme, Spent,
    TokenFault, TokenUri, choose,
};

use crate::stage::{PIN, WRONG_PIN, alice, draft, find, host, key_of, pin, program};

fn ed25519_verifies(public: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let key = ed25519_dalek::VerifyingKey::from_bytes(public.try_into().unwrap()).unwrap();
    key.verify_strict(message, &ed25519_dalek::Signature::from_slice(signature).unwrap()).is_ok()
}

fn p256_verifies(public: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(public).unwrap();
    key.verify(message, &p256::ecdsa::Signature::from_slice(signature).unwrap()).is_ok()
}

#[test]
fn a_token_and_its_public_keys_are_known_before_any_pin() {
    let dir = alice();
    let mut host = host(&dir);
    assert!(host.module().description.contains("PKCS11"), "{:?}", host.module());
    let slot = find(&mut host, "alice");
    let token = slot.token.as_ref().unwrap();
    assert_eq!(token.model, "SoftHSM v2");
    assert!(token.initialized && token.login_required && token.pin_initialized && !token.keypad);
    assert_eq!(token.tries, PinTries::Unsaid);
    assert_eq!((token.pin_min, token.pin_max), (4, 255));
    assert_eq!(slot.keys.len(), 2);
    let ed = key_of(&slot.keys, &KeyKind::Ed25519);
    assert_eq!((ed.label.as_str(), ed.id.as_slice(), ed.public.len()), ("root ed", [0xed].as_slice(), 32));
    let ec = key_of(&slot.keys, &KeyKind::EcP256);
    assert_eq!((ec.label.as_str(), ec.public.len(), ec.public[0]), ("root p256", 65, 4));
    assert_eq!(ed.has_private, None, "private keys are not seen before the login");
    let uri = TokenUri::naming(&slot, Some(&ed));
    let slots = host.list().unwrap();
    assert_eq!(
        choose(&TokenUri::from_document(&uri.to_string()).unwrap(), host.module(), &slots).unwrap(),
        &slot
    );
    host.close().unwrap();
}

#[test]
fn both_schemes_sign_and_verify_elsewhere() {
    let dir = alice();
    let mut host = host(&dir);
    let slot = find(&mut host, "alice");
    let login = host.login(&slot, Entry::Pin(pin(PIN)), &mut Impatient).unwrap();
    assert_eq!((login.before, login.already), (Some(PinTries::Unsaid), false));
    assert!(login.keys.iter().all(|key| key.has_private == Some(true)), "{:?}", login.keys);
    assert!(login.keys.iter().all(|key| key.always_authenticate == Some(false)), "{:?}", login.keys);
    // The longer one never fits one socket buffer.
    for filler in [0, 300_000] {
        let draft = draft(filler);
        let message = Signable::of(&draft).message();
        let ed = key_of(&login.keys, &KeyKind::Ed25519);
        let signature =
            host.sign(&ed, SignScheme::Ed25519, &Signable::of(&draft), None, &mut Impatient).unwrap();
        assert!(ed25519_verifies(&ed.public, &message, &signature));
        let ec = key_of(&login.keys, &KeyKind::EcP256);
        let signature =
            host.sign(&ec, SignScheme::EcdsaP256Sha256, &Signable::of(&draft), None, &mut Impatient).unwrap();
        assert!(p256_verifies(&ec.public, &message, &signature));
        assert!(!p256_verifies(&ec.public, b"other", &signature), "the verifier can say no");
    }
    host.close().unwrap();
}

/// An Ed25519 key as python-tuf's users keep it, and a P-256 key with a known scalar.
#[test]
fn imported_keys_sign_as_the_keys_they_are() {
    const ED25519: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIDBKvRM0J/+tpVaoaQqTTWy1LgCPYAeDUgNsI3FKuCs4\n-----END PRIVATE KEY-----\n";
    let ed_public = hex::decode("db27808c1afefa5ce8048b7ceedbb7eb4df4ee07b79a593e73ba52dfd1e331d4").unwrap();
    let p256_pem = {
        use p256::pkcs8::{EncodePrivateKey as _, LineEnding};
        let secret = p256::SecretKey::from_slice(&[7; 32]).unwrap();
        secret.to_pkcs8_pem(LineEnding::LF).unwrap()
    };
    let dir = conclave_softhsm::TokenDir::new().unwrap();
    dir.add_token("k1", "so-pin-1", PIN).unwrap();
    dir.import("k1", PIN, "k1", &[1], ED25519).unwrap();
    dir.import("k1", PIN, "k2", &[2], &p256_pem).unwrap();
    let mut host = host(&dir);
    let slot = find(&mut host, "k1");
    let ed = key_of(&slot.keys, &KeyKind::Ed25519);
    assert_eq!(ed.public, ed_public);
    let ec = key_of(&slot.keys, &KeyKind::EcP256);
    host.login(&slot, Entry::Pin(pin(PIN)), &mut Impatient).unwrap();
    let draft = draft(0);
    let message = Signable::of(&draft).message();
    let signature = host.sign(&ed, SignScheme::Ed25519, &Signable::of(&draft), None, &mut Impatient).unwrap();
    assert!(ed25519_verifies(&ed_public, &message, &signature));
    let signature =
        host.sign(&ec, SignScheme::EcdsaP256Sha256, &Signable::of(&draft), None, &mut Impatient).unwrap();
    assert!(p256_verifies(&ec.public, &message, &signature));
}

#[test]
fn a_wrong_pin_is_named_and_the_flags_are_read_again() {
    let dir = alice();
    let mut host = host(&dir);
    let slot = find(&mut host, "alice");
    let fault = host.login(&slot, Entry::Pin(pin(WRONG_PIN)), &mut Impatient).unwrap_err();
    let TokenFault::PinIncorrect { token, before, after } = &fault else { panic!("{fault}") };
    assert_eq!(token.label, "alice");
    assert_eq!((*before, *after), (PinTries::Unsaid, PinTries::Low));
    assert_eq!(fault.tries_spent(), Spent::Yes);
    assert!(!fault.to_string().contains(WRONG_PIN));
    assert_eq!(find(&mut host, "alice").token.unwrap().tries, PinTries::Low);
    let ed = key_of(&slot.keys, &KeyKind::Ed25519);
    let refused =
        host.sign(&ed, SignScheme::Ed25519, &Signable::of(&draft(0)), None, &mut Impatient).unwrap_err();
    assert!(matches!(refused, TokenFault::NotLoggedIn { .. }), "{refused}");
    host.login(&slot, Entry::Pin(pin(PIN)), &mut Impatient).unwrap();
    assert_eq!(find(&mut host, "alice").token.unwrap().tries, PinTries::Unsaid);
}

#[test]
fn an_impossible_length_costs_no_try() {
    let dir = alice();
    let mut host = host(&dir);
    let slot = find(&mut host, "alice");
    for impossible in ["", "123", &"1".repeat(256)] {
        let fault = host.login(&slot, Entry::Pin(pin(impossible)), &mut Impatient).unwrap_err();
        assert!(matches!(fault, TokenFault::PinLength { min: 4, max: 255, sent: false, .. }), "{fault}");
        assert_eq!(fault.tries_spent(), Spent::No);
        assert_eq!(find(&mut host, "alice").token.unwrap().tries, PinTries::Unsaid);
    }
    host.login(&slot, Entry::Pin(pin(PIN)), &mut Impatient).unwrap();
}

#[test]
fn a_pin_is_not_sent_to_another_token_than_the_one_that_was_looked_at() {
    let dir = alice();
    dir.add_token("bob", "so-pin-1", PIN).unwrap();
    let mut host = host(&dir);
    let mut swapped = find(&mut host, "alice");
    swapped.slot = find(&mut host, "bob").slot;
    let fault = host.login(&swapped, Entry::Pin(pin(WRONG_PIN)), &mut Impatient).unwrap_err();
    let TokenFault::TokenChanged { expected, found } = &fault else { panic!("{fault}") };
    assert_eq!((expected.label.as_str(), found.label.as_str()), ("alice", "bob"));
    assert_eq!(fault.tries_spent(), Spent::No);
    assert_eq!(find(&mut host, "bob").token.unwrap().tries, PinTries::Unsaid);
}

#[test]
fn the_empty_slot_of_softhsm_has_no_pin_to_try() {
    let dir = alice();
    let mut host = host(&dir);
    let slots = host.list().unwrap();
    let empty =
        slots.iter().find(|slot| slot.token.as_ref().is_some_and(|token| !token.initialized)).unwrap();
    assert_eq!((empty.keys.len(), &empty.trouble), (0, &None));
    let fault = host.login(empty, Entry::Pin(pin(PIN)), &mut Impatient).unwrap_err();
    assert!(matches!(fault, TokenFault::PinNotSet { .. }), "{fault}");
}

#[test]
fn a_key_that_is_not_on_the_token_is_named() {
    let dir = alice();
    let mut host = host(&dir);
    let slot = find(&mut host, "alice");
    host.login(&slot, Entry::Pin(pin(PIN)), &mut Impatient).unwrap();
    let mut key = key_of(&slot.keys, &KeyKind::Ed25519);
    key.id = vec![0xaa];
    let fault =
        host.sign(&key, SignScheme::Ed25519, &Signable::of(&draft(0)), None, &mut Impatient).unwrap_err();
    assert!(matches!(&fault, TokenFault::NoKey { wanted } if wanted.contains("aa")), "{fault}");
    assert!(!fault.may_have_signed());
    let ec = key_of(&slot.keys, &KeyKind::EcP256);
    let fault =
        host.sign(&ec, SignScheme::Ed25519, &Signable::of(&draft(0)), None, &mut Impatient).unwrap_err();
    assert!(matches!(fault, TokenFault::SchemeMismatch { .. }), "{fault}");
}

#[test]
fn two_private_keys_under_one_id_are_an_error() {
    let dir = alice();
    dir.generate("alice", PIN, "root ed", &[0xed], conclave_softhsm::Curve::Ed25519).unwrap();
    let mut host = host(&dir);
    let slot = find(&mut host, "alice");
    let login = host.login(&slot, Entry::Pin(pin(PIN)), &mut Impatient).unwrap();
    let key = key_of(&login.keys, &KeyKind::Ed25519);
    assert_eq!(key.has_private, Some(false), "which of the two belongs to it is not known");
    let fault =
        host.sign(&key, SignScheme::Ed25519, &Signable::of(&draft(0)), None, &mut Impatient).unwrap_err();
    assert!(matches!(fault, TokenFault::AmbiguousKey { count: 2, .. }), "{fault}");
}

/// The most memory that a process ever had, in bytes.
fn peak(process: u32) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().strip_suffix(" kB").unwrap().parse::<usize>().unwrap() * 1024
}

#[test]
fn a_message_of_a_hundred_megabytes_is_signed_and_not_copied() {
    const LENGTH: usize = 100 << 20;
    let dir = alice();
    let mut host = host(&dir);
    let slot = find(&mut host, "alice");
    host.login(&slot, Entry::Pin(pin(PIN)), &mut Impatient).unwrap();
    let draft = draft(LENGTH);
    let signable = Signable::of(&draft);
    let ec = key_of(&slot.keys, &KeyKind::EcP256);
    let before = peak(host.process_id());
    let signature = host.sign(&ec, SignScheme::EcdsaP256Sha256, &signable, None, &mut Impatient).unwrap();
    let message = signable.message();
    assert!(message.len() > LENGTH && p256_verifies(&ec.public, &message, &signature));
    // The file itself counts once while it is looked at.
    let grown = peak(host.process_id()) - before;
    assert!(grown > LENGTH / 2 && grown < LENGTH * 5 / 4, "the process grew by {grown} bytes");
    let ed = key_of(&slot.keys, &KeyKind::Ed25519);
    let signature = host.sign(&ed, SignScheme::Ed25519, &signable, None, &mut Impatient).unwrap();
    assert!(ed25519_verifies(&ed.public, &message, &signature));
    assert_eq!(tuf_conclave::token::MESSAGE_CAP, tuf_ceremony::limits::DOCUMENT.most);
}

#[test]
fn a_module_that_is_not_there_is_missing() {
    let fault =
        Host::spawn(program(), &Driver::of_file(Path::new("/nowhere/libtoken.so")), Deadlines::default())
            .err()
            .unwrap();
    assert_eq!(fault, TokenFault::ModuleMissing { module: "/nowhere/libtoken.so".into() });
}

#[test]
fn a_library_or_a_text_that_is_no_module_is_refused_with_the_reason() {
    for (file, reason) in
        [("/lib/x86_64-linux-gnu/libc.so.6", "C_GetFunctionList"), ("/etc/hostname", "/etc/hostname")]
    {
        let fault =
            Host::spawn(program(), &Driver::of_file(Path::new(file)), Deadlines::default()).err().unwrap();
        let TokenFault::ModuleRefused { module, reason: said } = &fault else { panic!("{fault}") };
        assert_eq!(module, file);
        assert!(said.contains(reason), "{said}");
    }
}

/// A script in the module's place, because the child itself tells nobody what it sees.
#[test]
fn the_child_sees_only_the_variables_that_were_given() {
    assert!(
        std::env::var_os("CARGO_MANIFEST_DIR").is_some(),
        "cargo gives every test a variable that could leak"
    );
    let dir = tempfile::tempdir().unwrap();
    let (text, script) = (dir.path().join("text"), dir.path().join("child"));
    let report = dir.path().join("report");
    std::fs::write(
        &text,
        format!("#!/bin/sh\necho \"[$CARGO_MANIFEST_DIR][$GIVEN]\" > {}\nexit 7\n", report.display()),
    )
    .unwrap();
    // Written by another process: what is executed must be open for writing nowhere, not even in a child that another test is
    // just starting.
    let installed = std::process::Command::new("install").args(["-m", "700"]).args([&text, &script]).status();
    assert!(installed.unwrap().success());
    let given = [("GIVEN".into(), "yes".into())];
    let fault = Host::spawn(
        &script,
        &Driver::of_file(Path::new("/m.so")).with_environment(&given),
        Deadlines::default(),
    )
    .err()
    .unwrap();
    assert_eq!(fault, TokenFault::ModuleCrashed { during: Call::Load, ending: Ending::Exit(7) });
    assert_eq!(std::fs::read_to_string(report).unwrap(), "[][yes]\n");
}

#[test]
fn the_child_has_this_programs_name_in_a_list_of_processes() {
    let host = host(&alice());
    let name = std::fs::read_to_string(format!("/proc/{}/comm", host.process_id())).unwrap();
    assert_eq!(name, "conclave\n", "the doctor names whoever uses cards so");
}

#[test]
fn the_child_leaves_no_core_dump_and_dies_with_its_parent() {
    let dir = alice();
    let host = std::thread::spawn(move || {
        let host = host(&dir);
        let limits = std::fs::read_to_string(format!("/proc/{}/limits", host.process_id())).unwrap();
        let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
        assert_eq!(core.split_whitespace().skip(4).take(2).collect::<Vec<_>>(), ["0", "0"], "{core}");
        host
    })
    .join()
    .unwrap();
    // The thread that made it is gone, while this side still holds the socket and never reaped the child.
    let state = || {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", host.process_id())).unwrap();
        stat.rsplit(") ").next().unwrap().chars().next().unwrap()
    };
    for _ in 0..12_000 {
        if state() == 'Z' {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    panic!("the child outlived the thread that made it: {}", state());
}

#[test]
fn the_child_is_refused_to_people() {
    let status = std::process::Command::new(program())
        .arg(tuf_conclave::token::HIDDEN_ARGUMENT)
        .stdin(std::process::Stdio::null())
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(2));
}

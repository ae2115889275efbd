//! Several drivers on one machine: SoftHSM2 and a copy of its file, which loads as a module of its own.

use std::path::PathBuf;

use conclave_softhsm::TokenDir;
use tuf_ceremony::signable::Signable;
use tuf_conclave::token::{
    Deadlines, Driver, Drivers, Entry, Impatient, KeyKind, SignScheme, TokenFault, TokenUri,
};

use crate::stage::{Faulty, PIN, alice, draft, pin, program};

fn named(name: &str, driver: Driver) -> Driver {
    Driver { name: name.to_owned(), ..driver }
}

/// The module itself as "first", a copy of its file as "second", both on the same tokens.
fn twice(dir: &TokenDir) -> Drivers {
    let copy = dir.path().join("copy-of-softhsm.so");
    std::fs::copy(dir.module_path(), &copy).unwrap();
    let driver = |name, file: &std::path::Path| {
        named(name, Driver::of_file(file).with_environment(&dir.environment()))
    };
    run(vec![driver("first", dir.module_path()), driver("second", &copy)])
}

fn run(drivers: Vec<Driver>) -> Drivers {
    Drivers::run_by(PathBuf::from(program()), drivers, Deadlines::default())
}

fn any() -> TokenUri {
    TokenUri::from_command_line("pkcs11:").unwrap()
}

fn called(text: &str) -> TokenUri {
    TokenUri::from_command_line(text).unwrap()
}

#[test]
fn one_key_through_two_drivers_is_one_candidate_and_signs_through_either() {
    let dir = alice();
    let mut drivers = twice(&dir);
    let listing = drivers.list();
    assert!(listing.silent.is_empty() && listing.warnings.is_empty(), "{listing:?}");
    let tokens = listing.seen.iter().filter(|seen| seen.slot.name().label == "alice").count();
    assert_eq!(tokens, 2, "each driver shows the token");
    let candidates = listing.candidates(&any());
    assert_eq!(candidates.len(), 2, "one for each key: {candidates:?}");
    for candidate in &candidates {
        assert_eq!(
            (candidate.driver.as_str(), candidate.also.as_slice()),
            ("first", ["second".to_owned()].as_slice())
        );
    }
    assert_eq!(listing.choose(&called("pkcs11:token=alice")).unwrap().driver, "first");
    let mut ed = candidates.into_iter().find(|candidate| candidate.key.kind == KeyKind::Ed25519).unwrap();
    assert_eq!(listing.holding(&any(), ed.fingerprint).unwrap().key, ed.key);
    for driver in ["first", "second"] {
        ed.driver = driver.to_owned();
        let host = drivers.reach(&mut ed).unwrap();
        host.login(&ed.slot, Entry::Pin(pin(PIN)), &mut Impatient).unwrap();
        let draft = draft(0);
        let signable = Signable::of(&draft);
        let signature = host.sign(&ed.key, SignScheme::Ed25519, &signable, None, &mut Impatient).unwrap();
        ed.key.public_key().unwrap().verify(&signable.message(), &signature).unwrap();
    }
    drivers.close().unwrap();
}

#[test]
fn one_key_on_two_tokens_is_ambiguous_until_a_serial_is_named() {
    const ED25519: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIDBKvRM0J/+tpVaoaQqTTWy1LgCPYAeDUgNsI3FKuCs4\n-----END PRIVATE KEY-----\n";
    let dir = TokenDir::new().unwrap();
    for label in ["alice", "bob"] {
        dir.add_token(label, "so-pin-1", PIN).unwrap();
        dir.import(label, PIN, "shared", &[1], ED25519).unwrap();
    }
    let listing = twice(&dir).list();
    let candidates = listing.candidates(&any());
    assert_eq!(candidates.len(), 2, "one for each token: {candidates:?}");
    let key = candidates[0].fingerprint;
    let fault = listing.holding(&any(), key).unwrap_err();
    let TokenFault::KeyOnSeveralTokens { tokens, .. } = &fault else { panic!("{fault}") };
    let mut labels: Vec<&str> = tokens.iter().map(|token| token.label.as_str()).collect();
    labels.sort_unstable();
    assert_eq!(labels, ["alice", "bob"], "{fault}");
    let serial = format!("pkcs11:serial={}", candidates[1].slot.name().serial);
    assert_eq!(listing.holding(&called(&serial), key).unwrap().slot, candidates[1].slot);
    assert!(matches!(
        listing.choose(&called("pkcs11:object=shared")),
        Err((TokenFault::AmbiguousToken { .. }, _))
    ));
}

#[test]
fn a_key_that_no_token_holds_is_told_with_the_tokens_that_are_there() {
    let dir = alice();
    let mut drivers = twice(&dir);
    let listing = drivers.list();
    let other = alice();
    let foreign = twice(&other).list().candidates(&any())[0].fingerprint;
    let fault = listing.holding(&any(), foreign).unwrap_err();
    assert!(
        fault.to_string().contains("alice") && fault.to_string().contains(&foreign.to_string()),
        "{fault}"
    );
    assert!(matches!(fault, TokenFault::KeyNowhere { .. }));
}

#[test]
fn a_driver_that_crashes_does_not_hide_the_others() {
    let faulty = Faulty::new("C_GetSlotList abort");
    let good = Driver::of_file(faulty.dir.module_path()).with_environment(&faulty.dir.environment());
    let gone = Driver::of_file(std::path::Path::new("/nowhere/libtoken.so"));
    let mut drivers = run(vec![named("bad", faulty.driver()), named("gone", gone), named("good", good)]);
    let listing = drivers.list();
    let silent: Vec<&str> = listing.silent.iter().map(|silent| silent.driver.as_str()).collect();
    assert_eq!(silent, ["bad", "gone"]);
    assert!(listing.silent[0].chatter.contains("a rule says abort"), "{:?}", listing.silent[0]);
    assert_eq!(listing.candidates(&any()).len(), 2);
    assert_eq!(listing.choose(&called("pkcs11:token=alice")).unwrap().driver, "good");
    let (fault, chatter) = listing.choose(&called("pkcs11:token=carol")).unwrap_err();
    assert!(matches!(fault, TokenFault::ModuleCrashed { .. }), "what is missing may be behind it: {fault}");
    assert!(chatter.contains("a rule says abort"), "{chatter}");
}

#[test]
fn only_one_driver_runs_at_a_time() {
    let dir = alice();
    let mut drivers = twice(&dir);
    let first = drivers.host_mut("first").unwrap().process_id();
    let second = drivers.host_mut("second").unwrap().process_id();
    assert!(!std::path::Path::new(&format!("/proc/{first}")).exists(), "the first has ended");
    assert!(std::path::Path::new(&format!("/proc/{second}")).exists());
    assert_eq!(drivers.host_mut("second").unwrap().process_id(), second, "and the second stays");
    let fault = drivers.host_mut("third").err().unwrap();
    assert!(matches!(fault, TokenFault::NoDriver { .. }), "{fault}");
}

#[test]
fn a_token_is_read_again_in_a_new_process_after_its_module_was_ended() {
    let faulty = Faulty::new("C_Sign abort");
    let mut drivers = run(vec![named("hsm", faulty.driver())]);
    let mut key = drivers.list().candidates(&any()).remove(0);
    let scheme = SignScheme::of(&key.key.kind).unwrap();
    let sign = |drivers: &mut Drivers, key: &mut tuf_conclave::token::Candidate| {
        let host = drivers.reach(key)?;
        host.login(&key.slot, Entry::Pin(pin(PIN)), &mut Impatient)?;
        host.sign(&key.key, scheme, &Signable::of(&draft(0)), None, &mut Impatient)
    };
    assert!(matches!(sign(&mut drivers, &mut key), Err(TokenFault::ModuleCrashed { .. })));
    faulty.rule("");
    assert_eq!(sign(&mut drivers, &mut key).unwrap().len(), 64);
}

#[test]
fn a_token_that_is_not_there_any_more_is_noticed_before_a_pin() {
    let dir = alice();
    let mut drivers = twice(&dir);
    let mut key = drivers.list().candidates(&any()).remove(0);
    let store = dir.path().join("tokens");
    std::fs::rename(&store, dir.path().join("pulled")).unwrap();
    std::fs::create_dir(&store).unwrap();
    drivers.host_mut("second").unwrap();
    let fault = drivers.reach(&mut key).err().unwrap();
    assert!(matches!(&fault, TokenFault::NoSuchToken { wanted, .. } if wanted.contains("alice")), "{fault}");
}

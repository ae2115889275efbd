//! Deadlines: who is asked before a module is ended, what is counted down, and tokens with a keypad.

use std::time::{Duration, Instant};

use conclave_softhsm::Curve;
use tuf_ceremony::signable::Signable;
use tuf_conclave::token::{
    Call, Deadlines, Entry, Host, Impatient, KeyKind, Patience, SignScheme, SlotFacts, Spent, TokenFault,
};

use crate::stage::{Faulty, PIN, SHORT, WRONG_PIN, draft, find, key_of, pin};

/// A person who is asked, and what she was told.
#[derive(Default)]
struct Person {
    answers: Vec<bool>,
    /// How long she takes to answer.
    thinks: Duration,
    asked: Vec<(Call, Duration)>,
    countdown: Vec<(Call, Duration)>,
}

impl Patience for Person {
    fn waiting(&mut self, call: Call, left: Duration) {
        self.countdown.push((call, left));
    }

    fn overdue(&mut self, call: Call, waited: Duration) -> bool {
        self.asked.push((call, waited));
        std::thread::sleep(self.thinks);
        self.answers.remove(0)
    }
}

fn answering(answers: &[bool]) -> Person {
    Person { answers: answers.to_vec(), ..Person::default() }
}

fn of(time: Duration) -> Deadlines {
    Deadlines { login: time, sign: time, generate: time, ..Deadlines::default() }
}

/// Opened in whatever time that takes, and with these deadlines then.
fn logged_in(faulty: &Faulty, deadlines: Deadlines) -> (Host, SlotFacts) {
    let mut host = faulty.host();
    let slot = find(&mut host, "alice");
    host.login(&slot, Entry::Pin(pin(PIN)), &mut Impatient).unwrap();
    host.set_deadlines(deadlines);
    (host, slot)
}

fn sign(host: &mut Host, slot: &SlotFacts, person: &mut Person) -> Result<Vec<u8>, TokenFault> {
    let key = key_of(&slot.keys, &KeyKind::Ed25519);
    host.sign(&key, SignScheme::Ed25519, &Signable::of(&draft(0)), None, person)
}

#[test]
fn the_person_is_asked_before_a_module_is_ended_and_may_wait_on() {
    let faulty = Faulty::new("C_Sign hang=2500");
    let (mut host, slot) = logged_in(&faulty, of(SHORT));
    let mut person = answering(&[true; 100]);
    assert_eq!(sign(&mut host, &slot, &mut person).unwrap().len(), 64);
    assert!(!person.asked.is_empty(), "the deadline was over");
    assert_eq!(person.asked[0], (Call::Sign, SHORT));
    assert!(person.asked.get(1).is_none_or(|(_, waited)| *waited >= SHORT * 2), "{:?}", person.asked);
    assert_eq!(faulty.calls("C_Sign"), 1, "it was asked once and waited for");
}

#[test]
fn each_call_that_leaves_a_trace_is_counted_down_and_ended_only_on_her_word() {
    // All at once, because they wait.
    std::thread::scope(|scope| {
        for during in [Call::Login, Call::Sign, Call::Generate] {
            scope.spawn(move || is_counted_down_and_ended_on_her_word(during));
        }
    });
}

fn is_counted_down_and_ended_on_her_word(during: Call) {
    // Long enough for a second that is told, though the machine may sleep for most of one.
    let time = Duration::from_secs(3);
    let faulty = Faulty::new("");
    let mut person = answering(&[true, false]);
    let (host, fault) = if during == Call::Login {
        let mut host = faulty.host();
        let slot = find(&mut host, "alice");
        host.set_deadlines(of(time));
        faulty.rule("C_Login hang=600000");
        let fault = host.login(&slot, Entry::Pin(pin(PIN)), &mut person).unwrap_err();
        (host, fault)
    } else {
        let (mut host, slot) = logged_in(&faulty, of(time));
        faulty.rule("C_Sign hang=600000\nC_GenerateKeyPair hang=600000");
        let fault = match during {
            Call::Sign => sign(&mut host, &slot, &mut person).unwrap_err(),
            _ => host.generate(SignScheme::Ed25519, "new", &[9], &mut person).unwrap_err(),
        };
        (host, fault)
    };
    assert_eq!(person.asked.len(), 2, "{during}");
    assert!(person.countdown.len() >= 2, "{during}: {:?}", person.countdown);
    assert!(person.countdown.iter().all(|(call, left)| *call == during && *left < time), "{during}");
    let TokenFault::UnknownOutcome { during: told, seconds } = fault else { panic!("{fault}") };
    assert_eq!(told, during);
    assert!(seconds >= 6, "both times were waited: {seconds}");
    let spent = if during == Call::Login { Spent::Unknown } else { Spent::No };
    assert_eq!((fault.tries_spent(), fault.may_have_signed()), (spent, during == Call::Sign));
    assert!(host.is_over());
}

#[test]
fn an_answer_that_comes_while_she_is_asked_counts() {
    let faulty = Faulty::new("C_Sign hang=2500");
    let (mut host, slot) = logged_in(&faulty, of(SHORT));
    let mut person = Person { thinks: Duration::from_secs(4), ..answering(&[false]) };
    assert_eq!(sign(&mut host, &slot, &mut person).unwrap().len(), 64);
    assert_eq!(person.asked.len(), 1);
}

#[test]
fn an_answer_at_once_says_nothing_to_her() {
    let faulty = Faulty::new("");
    let (mut host, slot) = logged_in(&faulty, Deadlines::default());
    let mut person = Person::default();
    sign(&mut host, &slot, &mut person).unwrap();
    assert_eq!((person.asked.len(), person.countdown.len()), (0, 0));
}

/// `CKF_PROTECTED_AUTHENTICATION_PATH` in what the token tells, and what is typed on it.
fn keypad(typed: &str) -> String {
    format!("C_GetTokenInfo flags=+0x100-0x0\nC_Login keypad={typed}")
}

#[test]
fn a_keypad_takes_the_pin_and_nothing_is_sent() {
    let faulty = Faulty::new(&keypad(PIN));
    let mut host = faulty.host();
    let slot = find(&mut host, "alice");
    assert!(slot.token.as_ref().unwrap().keypad);
    let fault = host.login(&slot, Entry::Pin(pin(PIN)), &mut Impatient).unwrap_err();
    assert!(matches!(fault, TokenFault::KeypadOnly { .. }), "{fault}");
    assert_eq!((fault.tries_spent(), faulty.calls("C_Login")), (Spent::No, 0));
    host.login(&slot, Entry::Keypad, &mut Impatient).unwrap();
    assert_eq!(sign(&mut host, &slot, &mut Person::default()).unwrap().len(), 64);
}

#[test]
fn a_wrong_pin_on_the_keypad_is_a_try() {
    let faulty = Faulty::new(&keypad(WRONG_PIN));
    let mut host = faulty.host();
    let slot = find(&mut host, "alice");
    let fault = host.login(&slot, Entry::Keypad, &mut Impatient).unwrap_err();
    assert!(matches!(fault, TokenFault::PinIncorrect { .. }), "{fault}");
    assert_eq!(fault.tries_spent(), Spent::Yes);
}

#[test]
fn a_key_that_wants_the_pin_again_takes_it_from_the_keypad() {
    let faulty = Faulty::new(&keypad(PIN));
    faulty.dir.generate_always_authenticate("alice", PIN, "again", &[7], Curve::P256).unwrap();
    let mut host = faulty.host();
    let slot = find(&mut host, "alice");
    let login = host.login(&slot, Entry::Keypad, &mut Impatient).unwrap();
    let key = login.keys.into_iter().find(|key| key.label == "again").unwrap();
    let draft = draft(0);
    let signable = Signable::of(&draft);
    let scheme = SignScheme::EcdsaP256Sha256;
    let fault = host.sign(&key, scheme, &signable, None, &mut Impatient).unwrap_err();
    assert!(matches!(fault, TokenFault::NotLoggedIn { always_authenticate: Some(true), .. }), "{fault}");
    let signature = host.sign(&key, scheme, &signable, Some(Entry::Keypad), &mut Impatient).unwrap();
    assert_eq!(signature.len(), 64);
    assert_eq!(faulty.calls("C_Login"), 2);
}

#[test]
fn a_token_without_a_keypad_is_not_asked_to_use_one() {
    let faulty = Faulty::new("");
    let mut host = faulty.host();
    let slot = find(&mut host, "alice");
    let fault = host.login(&slot, Entry::Keypad, &mut Impatient).unwrap_err();
    assert!(matches!(fault, TokenFault::NoKeypad { .. }), "{fault}");
    assert_eq!((fault.tries_spent(), faulty.calls("C_Login")), (Spent::No, 0));
}

#[test]
fn a_keypad_has_a_deadline_of_its_own() {
    let faulty = Faulty::new("C_GetTokenInfo flags=+0x100-0x0\nC_Login hang=60000");
    let mut host = faulty.host();
    let slot = find(&mut host, "alice");
    host.set_deadlines(Deadlines { keypad: SHORT, ..Deadlines::default() });
    let begun = Instant::now();
    let fault = host.login(&slot, Entry::Keypad, &mut Impatient).unwrap_err();
    assert!(matches!(fault, TokenFault::UnknownOutcome { during: Call::Login, .. }), "{fault}");
    assert!(begun.elapsed() < Deadlines::default().login, "not the one of a PIN that is typed here");
    assert_eq!(Deadlines::default().keypad, Duration::from_secs(120));
}

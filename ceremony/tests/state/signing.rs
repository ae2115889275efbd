//! Consent, exceptions, attempts and signatures.

use tuf_ceremony::key::SignatureProblem;
use tuf_ceremony::policy::Control;
use tuf_ceremony::policy::ceremony::PlanRefusal;
use tuf_ceremony::state::{Illegal, Outcome};
use tuf_ceremony::transcript::event::*;

use crate::scene::{Scene, Wish, key, text};

fn collecting() -> Scene {
    Scene::sealed(&Wish::default())
}

fn begun(scene: &Scene, letter: &str, person: &str, name: &str) -> Event {
    Event::SigningBegun(scene.begun(letter, person, name))
}

fn declined(scene: &mut Scene, letter: &str, person: &str) -> Event {
    let (draft, shown) = (scene.payload(letter), scene.shown());
    Event::Declined(Declined { draft, person: text(person), reason: text("not my key"), shown })
}

fn with_exception() -> Wish {
    Wish {
        root: text("consistent-snapshot = false"),
        tail: text(
            "[[exceptions]]\ncontrol = \"consistent-snapshot\"\nabout = \"consistent_snapshot\"\nreason = \"the mirror cannot\"\n",
        ),
        ..Wish::default()
    }
}

fn grant(scene: &Scene, person: &str) -> ExceptionGranted {
    let found = scene.state.findings().iter().find(|f| f.control == Control::ConsistentSnapshot).unwrap();
    ExceptionGranted {
        about: found.about.clone(),
        control: found.control,
        draft: scene.payload("A"),
        person: text(person),
        reason: text("the mirror cannot"),
    }
}

#[test]
fn a_token_is_asked_only_after_its_person_consented_to_this_draft() {
    let mut scene = collecting();
    let no = |declined| Illegal::NoConsent { person: text("anna"), declined };
    assert_eq!(scene.refused(begun(&scene, "A", "anna", "anna-1")), no(false));
    let other = scene.consented("B", "anna");
    scene.take(other).unwrap();
    let somebody = scene.consented("A", "bela");
    scene.take(somebody).unwrap();
    assert_eq!(scene.refused(begun(&scene, "A", "anna", "anna-1")), no(false));
    let consented = scene.consented("A", "anna");
    scene.take(consented.clone()).unwrap();
    let declined = declined(&mut scene, "A", "anna");
    scene.take(declined).unwrap();
    assert_eq!(scene.refused(begun(&scene, "A", "anna", "anna-1")), no(true));
    scene.take(consented).unwrap();
    scene.take(begun(&scene, "A", "anna", "anna-1")).unwrap();
}

#[test]
fn nobody_decides_on_a_draft_that_is_not_there_or_without_the_text_she_saw() {
    let mut scene = collecting();
    let Event::Consented(good) = scene.consented("A", "anna") else { unreachable!() };
    let elsewhere = Consented { draft: crate::samples::digest("x"), ..good.clone() };
    let fault = Illegal::NoSuchDraft { draft: elsewhere.draft };
    assert_eq!(scene.refused(Event::Consented(elsewhere)), fault);
    let shown = Stored { path: text("shown/other.txt"), ..good.shown.clone() };
    let wanted = good.shown.path.clone();
    let fault = Illegal::Path { path: text("shown/other.txt"), wanted };
    assert_eq!(scene.refused(Event::Consented(Consented { shown, ..good })), fault);
}

#[test]
fn a_key_signs_what_it_may_for_whom_it_belongs_to_and_by_its_scheme() {
    let mut scene = collecting();
    for (letter, person) in [("A", "anna"), ("B", "carla"), ("A", "bela"), ("C", "anna")] {
        let consented = scene.consented(letter, person);
        scene.take(consented).unwrap();
    }
    let fingerprint = |name: &str| key(name).public().fingerprint();
    let stranger = Illegal::NotASigner { key: fingerprint("carla-1") };
    assert_eq!(scene.refused(begun(&scene, "B", "carla", "carla-1")), stranger);
    let hers =
        Illegal::NotHers { key: fingerprint("anna-1"), holders: vec![text("anna")], person: text("bela") };
    assert_eq!(scene.refused(begun(&scene, "A", "bela", "anna-1")), hers);
    let by = SigningBegun { scheme: text("ed25519"), ..scene.begun("A", "anna", "anna-1") };
    let fault = Illegal::NotItsScheme { key: fingerprint("anna-1"), scheme: text("ed25519") };
    assert_eq!(scene.refused(Event::SigningBegun(by)), fault);
    for token in [
        "",
        "serial=1",
        "key-file:",
        "key-file:anna.pem",
        "pkcs11:serial=1;pin-value=1234",
        "pkcs11:module-path=/x.so",
        "pkcs11:a b",
    ] {
        let by = SigningBegun { token: text(token), ..scene.begun("A", "anna", "anna-1") };
        assert_eq!(scene.refused(Event::SigningBegun(by)), Illegal::Token { token: text(token) });
    }
    let nowhere = SigningBegun { draft: crate::samples::digest("x"), ..scene.begun("A", "anna", "anna-1") };
    let fault = Illegal::NoSuchDraft { draft: nowhere.draft };
    assert_eq!(scene.refused(Event::SigningBegun(nowhere)), fault);
    // A key that a machine holds is used by whoever consented.
    scene.take(begun(&scene, "C", "anna", "online")).unwrap();
}

#[test]
fn one_attempt_at_a_time_and_each_ends_once() {
    let mut scene = collecting();
    let consented = scene.consented("A", "anna");
    scene.take(consented).unwrap();
    scene.take(begun(&scene, "A", "anna", "anna-1")).unwrap();
    let line = scene.state.lines();
    assert_eq!(scene.refused(begun(&scene, "A", "anna", "anna-1")), Illegal::AttemptOpen(line));
    let failed = |begun| {
        let (outcome, why) = (Failure::Unknown, text("no answer"));
        Event::SigningFailed(SigningFailed { begun, outcome, why })
    };
    assert_eq!(scene.refused(failed(line - 1)), Illegal::NoAttempt(line - 1));
    assert_eq!(scene.state.in_doubt().map(|a| a.line).collect::<Vec<_>>(), [line]);
    scene.take(failed(line)).unwrap();
    assert_eq!(scene.refused(failed(line)), Illegal::NoAttempt(line));
    let sig = scene.signature("A", "anna-1");
    let late = Event::SignatureAdmitted(SignatureAdmitted { begun: line, sig });
    assert_eq!(scene.refused(late), Illegal::NoAttempt(line));
    // Nobody knows whether there is a signature: that is remembered.
    scene.sign("A", "anna", "anna-1");
    let outcomes: Vec<_> = scene.state.attempts().iter().map(|a| a.outcome.unwrap()).collect();
    assert_eq!(outcomes, [Outcome::Failed(Failure::Unknown), Outcome::Signed]);
    assert_eq!(scene.state.in_doubt().map(|a| a.line).collect::<Vec<_>>(), [line]);
}

#[test]
fn an_attempt_without_an_outcome_is_remembered_to_the_end() {
    let mut scene = collecting();
    let consented = scene.consented("A", "anna");
    scene.take(consented).unwrap();
    scene.take(begun(&scene, "A", "anna", "anna-1")).unwrap();
    scene.take(scene.closed()).unwrap();
    assert_eq!(scene.state.in_doubt().count(), 1);
    assert!(scene.state.open_attempt().is_some());
}

#[test]
fn only_a_signature_over_the_draft_by_the_key_that_was_asked_is_admitted() {
    let mut scene = collecting();
    let consented = scene.consented("A", "anna");
    scene.take(consented).unwrap();
    scene.take(begun(&scene, "A", "anna", "anna-1")).unwrap();
    let admitted = |sig| Event::SignatureAdmitted(SignatureAdmitted { begun: scene.state.lines(), sig });
    let fingerprint = key("anna-1").public().fingerprint();
    let wrong = [scene.signature("A", "bela-1"), scene.signature("B", "anna-1")];
    for sig in wrong {
        let why = SignatureProblem::Wrong;
        assert_eq!(scene.refused(admitted(sig)), Illegal::Signature { key: fingerprint, why });
    }
    let good = scene.signature("A", "anna-1");
    for sig in [good.to_uppercase(), text("zz"), good[1..].to_owned()] {
        let fault = scene.refused(admitted(sig));
        assert!(fault.to_string().contains("lower-case hex"), "{fault}");
    }
    assert!(matches!(scene.refused(admitted(String::new())), Illegal::Signature { .. }));
    let admitted = admitted(good);
    scene.take(admitted).unwrap();
    let held: Vec<_> = scene.draft("A").part().signatures().all().map(|s| s.verified.fingerprint()).collect();
    assert_eq!(held, [fingerprint]);
}

#[test]
fn a_signer_grants_what_the_plan_asks_for_in_its_words_before_her_token_is_asked() {
    let mut scene = Scene::sealed(&with_exception());
    let consented = scene.consented("A", "anna");
    scene.take(consented).unwrap();
    let good = grant(&scene, "anna");
    let not_granted = Illegal::NotGranted {
        person: text("anna"),
        control: Control::ConsistentSnapshot,
        about: good.about.clone(),
    };
    assert_eq!(scene.refused(begun(&scene, "A", "anna", "anna-1")), not_granted);
    let none = |g: &ExceptionGranted| Illegal::NoSuchException { control: g.control, about: g.about.clone() };
    let others = [
        ExceptionGranted { reason: text("because"), ..good.clone() },
        ExceptionGranted { about: text("else"), ..good.clone() },
        ExceptionGranted { control: Control::Expiry, ..good.clone() },
        ExceptionGranted { draft: scene.payload("B"), ..good.clone() },
    ];
    for other in others {
        assert_eq!(scene.refused(Event::ExceptionGranted(other.clone())), none(&other));
    }
    let nowhere = ExceptionGranted { draft: crate::samples::digest("x"), ..good.clone() };
    let fault = Illegal::NoSuchDraft { draft: nowhere.draft };
    assert_eq!(scene.refused(Event::ExceptionGranted(nowhere)), fault);
    // Somebody else's grant is not hers.
    scene.take(Event::ExceptionGranted(grant(&scene, "bela"))).unwrap();
    assert_eq!(scene.refused(begun(&scene, "A", "anna", "anna-1")), not_granted);
    scene.take(Event::ExceptionGranted(good)).unwrap();
    scene.take(begun(&scene, "A", "anna", "anna-1")).unwrap();
    // Drafts without such a finding need none.
    assert_eq!(scene.draft("B").exceptions().count(), 0);
    assert_eq!(scene.draft("A").exceptions().count(), 1);
}

#[test]
fn a_finding_that_needs_an_exception_nobody_asks_for_lets_no_drafts_be_made() {
    let scene = Scene::opened(&Wish { tail: String::new(), ..with_exception() });
    let fault = scene.state.to_seal(&scene.shelf.0).map(drop).unwrap_err();
    let unasked =
        |r: &PlanRefusal| matches!(r, PlanRefusal::Unasked { control: Control::ConsistentSnapshot, .. });
    assert!(matches!(&fault, Illegal::Rule(refusal) if unasked(refusal)), "{fault}");
}

#[test]
fn of_the_keys_on_a_token_only_those_that_may_sign_are_written_down() {
    let mut scene = collecting();
    let seen = |name: &str| {
        let keys = vec![key(name).public().fingerprint()];
        Event::TokenSeen(TokenSeen { keys, token: text("pkcs11:serial=1") })
    };
    let stranger = Illegal::NotASigner { key: key("dora-1").public().fingerprint() };
    assert_eq!(scene.refused(seen("dora-1")), stranger);
    scene.take(seen("anna-1")).unwrap();
}

#[test]
fn signatures_by_one_key_made_twice_are_both_kept_and_seen() {
    let mut scene = collecting();
    scene.sign("A", "anna", "anna-1");
    let consented = scene.consented("A", "anna");
    scene.take(consented).unwrap();
    scene.take(begun(&scene, "A", "anna", "anna-1")).unwrap();
    let other = key("anna-1").sign_draft(scene.draft("A").part().draft(), 2);
    let (begun, sig) = (scene.state.lines(), hex::encode(other));
    scene.take(Event::SignatureAdmitted(SignatureAdmitted { begun, sig })).unwrap();
    assert_eq!(scene.draft("A").part().signatures().signed_twice().count(), 1);
}

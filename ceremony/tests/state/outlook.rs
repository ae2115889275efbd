//! The forecast of a ceremony under way: from its lines alone.

use std::collections::BTreeMap;

use tuf_ceremony::forecast::{Out, Outlook, now};
use tuf_ceremony::transcript::event::*;

use crate::scene::{Scene, Wish, key, text};

fn collecting() -> Scene {
    Scene::sealed(&Wish::default())
}

/// The outlook of a draft that one document judges.
fn of(scene: &Scene, letter: &str) -> Outlook {
    let mut all = now(&scene.state).into_iter().filter(|outlook| outlook.letter == letter);
    let outlook = all.next().unwrap();
    assert!(all.next().is_none());
    outlook
}

fn out(scene: &Scene, letter: &str) -> BTreeMap<String, Out> {
    of(scene, letter).out.into_iter().collect()
}

fn come(scene: &mut Scene, person: &str) {
    let present = PersonPresent { person: text(person), role: text("keyholder") };
    scene.take(Event::PersonPresent(present)).unwrap();
}

fn leave(scene: &mut Scene, person: &str) {
    scene.take(Event::PersonLeft(PersonLeft { person: text(person) })).unwrap();
}

fn decline(scene: &mut Scene, letter: &str, person: &str) {
    let (draft, shown) = (scene.payload(letter), scene.shown());
    let declined = Declined { draft, person: text(person), reason: text("not my key"), shown };
    scene.take(Event::Declined(declined)).unwrap();
}

fn locked(person: &str, name: &str) -> Event {
    Event::TokenLocked(TokenLocked { person: text(person), token: format!("pkcs11:serial={name}") })
}

#[test]
fn before_anybody_signs_it_is_the_forecast_of_the_plan() {
    let scene = collecting();
    let told: Vec<(String, u64, u64, i64)> =
        now(&scene.state).iter().map(|o| (o.letter.clone(), o.valid, o.available, o.margin())).collect();
    let wanted = [("A", 0, 3, 1), ("B", 0, 2, 0), ("C", 0, 1, 0), ("D", 0, 1, 0)];
    assert_eq!(told, wanted.map(|(letter, valid, can, margin)| (text(letter), valid, can, margin)));
}

#[test]
fn before_the_drafts_are_made_there_is_nothing_to_forecast() {
    let scene = Scene::opened(&Wish { to_be_made: vec!["anna-1"], ..Wish::default() });
    assert!(now(&scene.state).is_empty());
    assert_eq!(scene.state.plan_keys().keys().collect::<Vec<_>>(), ["bela-1", "carla-1", "online"]);
}

#[test]
fn a_signature_stays_though_its_signer_left_and_others_who_left_are_not_counted_on() {
    let mut scene = collecting();
    ["anna", "bela"].into_iter().for_each(|person| come(&mut scene, person));
    scene.sign("A", "anna", "anna-1");
    ["anna", "bela"].into_iter().for_each(|person| leave(&mut scene, person));
    let root = of(&scene, "A");
    assert_eq!((root.valid, root.available, root.margin()), (1, 2, 0));
    assert_eq!((root.signed, root.keys), (vec![text("anna-1")], vec![text("carla-1")]));
    assert_eq!((root.out, root.single_people), (vec![(text("bela-1"), Out::Left)], vec![text("carla")]));
    assert!(!of(&scene, "B").can_be_met);
    come(&mut scene, "bela");
    assert_eq!(of(&scene, "A").margin(), 1);
}

#[test]
fn a_refusal_concerns_one_draft_and_lasts_until_she_agrees() {
    let mut scene = collecting();
    decline(&mut scene, "B", "bela");
    assert_eq!(out(&scene, "B"), [(text("bela-1"), Out::Declined)].into());
    assert_eq!((of(&scene, "B").margin(), of(&scene, "A").margin()), (-1, 1));
    let agreed = scene.consented("B", "bela");
    scene.take(agreed).unwrap();
    assert!(out(&scene, "B").is_empty());
}

#[test]
fn the_keys_that_were_seen_on_a_locked_token_are_not_counted_on_until_one_signs() {
    let mut scene = collecting();
    let keys = vec![key("anna-1").public().fingerprint()];
    scene.take(Event::TokenSeen(TokenSeen { keys, token: text("pkcs11:serial=anna-1") })).unwrap();
    scene.take(locked("anna", "another")).unwrap();
    assert!(out(&scene, "A").is_empty());
    scene.take(locked("anna", "anna-1")).unwrap();
    assert_eq!(out(&scene, "A"), [(text("anna-1"), Out::Locked)].into());
    scene.sign("B", "anna", "anna-1");
    assert!(out(&scene, "A").is_empty());
}

#[test]
fn the_key_that_was_asked_last_is_on_the_token_that_locked() {
    let mut scene = collecting();
    let agreed = scene.consented("A", "anna");
    scene.take(agreed).unwrap();
    scene.take(Event::SigningBegun(scene.begun("A", "anna", "anna-1"))).unwrap();
    let (begun, why) = (scene.state.lines(), text("the PIN is locked"));
    scene.take(Event::SigningFailed(SigningFailed { begun, outcome: Failure::NotSigned, why })).unwrap();
    scene.take(locked("bela", "other-text")).unwrap();
    assert!(out(&scene, "A").is_empty());
    scene.take(locked("anna", "other-text")).unwrap();
    assert_eq!(out(&scene, "A"), [(text("anna-1"), Out::Locked)].into());
}

#[test]
fn a_signature_that_needs_a_grant_does_not_count_and_its_holder_still_can() {
    let wish = Wish {
        root: text("consistent-snapshot = false"),
        tail: text(
            "[[exceptions]]\ncontrol = \"consistent-snapshot\"\nabout = \"consistent_snapshot\"\nreason = \"the mirror cannot\"\n",
        ),
        ..Wish::default()
    };
    let mut scene = Scene::sealed(&wish);
    let arrived = Arrived {
        draft: scene.payload("A"),
        key: key("anna-1").public().fingerprint(),
        scheme: text("ecdsa-sha2-nistp256"),
        sig: scene.signature("A", "anna-1"),
        sources: vec![text("token:pkcs11:serial=1")],
    };
    let mut file = crate::scene::Shelf::default().put("", "a file");
    file.path = format!("imports/{}-{}.json", scene.state.lines() + 1, crate::scene::short(file.sha256));
    let import = BundleImported {
        chains: vec![],
        equivocations: vec![],
        file,
        form: Form::Bundle,
        signatures: vec![arrived],
    };
    scene.take(Event::BundleImported(import)).unwrap();
    let root = of(&scene, "A");
    assert_eq!((root.valid, root.available), (0, 3));
    assert!(root.keys.contains(&text("anna-1")));
}

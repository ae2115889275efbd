//! Another plan in the place of the one before: what dies, what lives, and what is remembered.

use tuf_ceremony::state::{Illegal, Phase};
use tuf_ceremony::transcript::event::*;

use crate::samples::note;
use crate::scene::{Scene, Wish, card, key, text};

fn replanned(scene: &mut Scene, wish: &Wish) -> Replanned {
    let generation = scene.state.generation() + 1;
    let plan = wish.text(&mut scene.shelf);
    Replanned {
        by: text("anna"),
        cards: wish.cards(&mut scene.shelf, generation),
        delta: None,
        generation,
        inputs: vec![],
        plan: scene.shelf.put(&format!("plan/{generation}.plan.toml"), plan),
        reason: text("Carla is ill"),
    }
}

fn replan(scene: &mut Scene, wish: &Wish) {
    let replanned = replanned(scene, wish);
    scene.take(Event::Replanned(replanned)).unwrap();
    scene.seal();
}

/// Carla is gone from the root.
fn without_carla() -> Wish {
    Wish { root_keys: vec!["anna-1", "bela-1"], ..Wish::default() }
}

/// Another plan for the same drafts.
fn the_same_drafts() -> Wish {
    Wish { top: text("countersign = \"keys\""), ..Wish::default() }
}

#[test]
fn a_draft_that_comes_out_the_same_keeps_its_signatures_and_the_others_die() {
    let mut scene = Scene::sealed(&Wish::default());
    scene.sign("A", "anna", "anna-1");
    scene.sign("B", "anna", "anna-1");
    let (root, targets) = (scene.payload("A"), scene.payload("B"));
    replan(&mut scene, &without_carla());
    assert_eq!((scene.state.generation(), scene.state.phase()), (1, Phase::Collecting));
    assert_ne!(scene.payload("A"), root);
    assert_eq!(scene.payload("B"), targets);
    // The targets' bytes are the same, and the new root lists the key too.
    assert_eq!(scene.draft("A").part().signatures().all().count(), 0);
    assert_eq!(scene.draft("B").part().signatures().all().count(), 1);
    let dead = scene.state.dead();
    assert_eq!(dead.len(), 1);
    assert_eq!((dead[0].letter.as_str(), dead[0].generation), ("A", 0));
    assert_eq!(dead[0].part.draft().metadata().payload(), root);
    assert!(dead[0].signers.contains(&key("anna-1").public().fingerprint()));
    assert_eq!(scene.state.attempts().len(), 2);
}

#[test]
fn consent_is_for_one_plan_and_is_asked_again() {
    let mut scene = Scene::sealed(&Wish::default());
    let consented = scene.consented("A", "anna");
    scene.take(consented).unwrap();
    let root = scene.payload("A");
    replan(&mut scene, &the_same_drafts());
    assert_eq!(scene.payload("A"), root);
    let begun = Event::SigningBegun(scene.begun("A", "anna", "anna-1"));
    assert_eq!(scene.refused(begun), Illegal::NoConsent { person: text("anna"), declined: false });
}

#[test]
fn a_signature_for_a_draft_that_died_meanwhile_is_not_admitted_and_its_attempt_can_end() {
    let mut scene = Scene::sealed(&Wish::default());
    let consented = scene.consented("A", "anna");
    scene.take(consented).unwrap();
    scene.take(Event::SigningBegun(scene.begun("A", "anna", "anna-1"))).unwrap();
    let (begun, sig, draft) = (scene.state.lines(), scene.signature("A", "anna-1"), scene.payload("A"));
    replan(&mut scene, &without_carla());
    let admitted = Event::SignatureAdmitted(SignatureAdmitted { begun, sig });
    assert_eq!(scene.refused(admitted), Illegal::NoSuchDraft { draft });
    let (outcome, why) = (Failure::Unknown, text("the plan changed"));
    scene.take(Event::SigningFailed(SigningFailed { begun, outcome, why })).unwrap();
}

#[test]
fn generations_rise_by_one_and_practice_stays_practice() {
    let mut scene = Scene::sealed(&Wish::default());
    let good = replanned(&mut scene, &without_carla());
    for generation in [0, 2] {
        let other = Event::Replanned(Replanned { generation, ..good.clone() });
        assert_eq!(scene.refused(other), Illegal::Generation { found: generation, wanted: 1 });
    }
    let practice = replanned(&mut scene, &Wish { rehearsal: true, ..Wish::default() });
    let fault = Illegal::Rehearsal { what: text("the plan"), marked: true };
    assert_eq!(scene.refused(Event::Replanned(practice)), fault);
    let old = Stored { path: text("plan/0.plan.toml"), ..good.plan.clone() };
    let old = Event::Replanned(Replanned { plan: old, ..good });
    assert!(matches!(scene.refused(old), Illegal::Path { .. }));
}

#[test]
fn a_final_draft_stays_in_every_later_plan() {
    let mut scene = Scene::sealed(&Wish::default());
    scene.sign("A", "anna", "anna-1");
    scene.sign("A", "bela", "bela-1");
    scene.finalize("A");
    let payload = scene.payload("A");
    let mut other = scene.clone();
    let event = replanned(&mut other, &without_carla());
    other.take(Event::Replanned(event)).unwrap();
    let sealed = other.state.to_seal(&other.shelf.0).unwrap().1;
    assert_eq!(other.refused(Event::Sealed(sealed)), Illegal::FinalGone { payload });
    replan(&mut scene, &the_same_drafts());
    assert!(scene.draft("A").final_file().is_some());
}

#[test]
fn a_card_that_was_made_stays_for_the_next_plan_and_another_takes_no_place_of_it() {
    let wish = Wish { to_be_made: vec!["carla-1"], ..Wish::default() };
    let mut scene = Scene::opened(&wish);
    let made = scene.shelf.put("cards/carla-1.0.json", card("carla-1", "Carla C.", false));
    scene.take(Event::CardCompared(CardCompared { card: made.clone(), key: text("carla-1") })).unwrap();
    scene.seal();
    let mut again = replanned(&mut scene, &Wish { threshold: 1, ..wish });
    // Without its card the key is to be made once more.
    let mut anew = scene.clone();
    anew.take(Event::Replanned(again.clone())).unwrap();
    assert_eq!(anew.state.phase(), Phase::Keys);
    let other = scene.shelf.put("cards/carla-1.1.json", card("dora-1", "Carla C.", false));
    again.cards.insert(text("carla-1"), other);
    let fault = Illegal::NotThePlans { what: text("the file of the key \"carla-1\"") };
    assert_eq!(scene.refused(Event::Replanned(again.clone())), fault);
    again.cards.insert(text("carla-1"), made);
    scene.take(Event::Replanned(again)).unwrap();
    assert_eq!(scene.state.phase(), Phase::Sealing);
}

#[test]
fn two_plans_in_a_row_forget_nothing() {
    let mut scene = Scene::sealed(&Wish::default());
    scene.sign("A", "anna", "anna-1");
    scene.sign("B", "anna", "anna-1");
    let first = replanned(&mut scene, &without_carla());
    scene.take(Event::Replanned(first)).unwrap();
    scene.take(Event::Remarked(note("no, otherwise"))).unwrap();
    replan(&mut scene, &Wish::default());
    assert_eq!(scene.state.generation(), 2);
    assert_eq!(scene.draft("A").part().signatures().all().count(), 1);
    assert_eq!(scene.draft("B").part().signatures().all().count(), 1);
    assert!(scene.state.dead().iter().all(|dead| dead.signers.is_empty()));
}

#[test]
fn a_signature_whose_key_the_new_authority_does_not_list_dies_though_the_draft_lives() {
    let mut scene = Scene::sealed(&Wish::default());
    scene.sign("C", "bela", "online");
    let snapshot = scene.payload("C");
    let wish = without_carla();
    let mut event = replanned(&mut scene, &wish);
    // Another machine key signs snapshots from now on.
    let text_of_plan = wish.text(&mut scene.shelf);
    let with_dora =
        text_of_plan.replace("snapshot = { keys = [\"online\"]", "snapshot = { keys = [\"carla-1\"]");
    assert_ne!(text_of_plan, with_dora);
    event.plan = scene.shelf.put("plan/1.plan.toml", with_dora);
    scene.take(Event::Replanned(event)).unwrap();
    scene.seal();
    assert_eq!(scene.payload("C"), snapshot);
    assert_eq!(scene.draft("C").part().signatures().all().count(), 0);
    let online = key("online").public().fingerprint();
    let dead: Vec<_> = scene.state.dead().iter().filter(|d| d.letter == "C").collect();
    assert_eq!(dead.len(), 1);
    assert!(dead[0].signers.contains(&online));
}

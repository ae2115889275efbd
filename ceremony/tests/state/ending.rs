//! Final files, the end, and what may still be said after it.

use tuf_ceremony::bundle::FinalizeFault;
use tuf_ceremony::key::SignatureProblem;
use tuf_ceremony::state::{Illegal, Phase};
use tuf_ceremony::transcript::event::*;

use crate::samples::{digest, note};
use crate::scene::{Scene, Wish, key, text};

#[test]
fn drafts_become_final_with_the_bytes_that_their_signatures_give() {
    let scene = Scene::finished(&Wish::default());
    assert_eq!(scene.state.unfinished(), []);
    let paths: Vec<&str> = scene.state.finals().values().map(|file| file.path.as_str()).collect();
    for path in ["final/1.root.json", "final/1.targets.json", "final/1.snapshot.json", "final/timestamp.json"]
    {
        assert!(paths.contains(&path), "{path}");
    }
}

#[test]
fn a_draft_without_its_signatures_is_not_final() {
    let mut scene = Scene::sealed(&Wish::default());
    scene.sign("A", "anna", "anna-1");
    let file = Stored { bytes: 1, path: text("final/1.root.json"), sha256: digest("x") };
    let finalized = Event::Finalized(Finalized { draft: scene.payload("A"), file });
    let fault = scene.refused(finalized);
    let missing = |fault: &FinalizeFault| matches!(fault, FinalizeFault::NoQuorum(_));
    assert!(matches!(&fault, Illegal::Finalize { fault, .. } if missing(fault)), "{fault}");
    let nowhere = Stored { bytes: 1, path: text("final/1.x.json"), sha256: digest("x") };
    let nowhere = Finalized { draft: digest("x"), file: nowhere };
    assert_eq!(scene.refused(Event::Finalized(nowhere)), Illegal::NoSuchDraft { draft: digest("x") });
}

#[test]
fn a_final_file_is_the_one_that_comes_out_in_its_place_and_once() {
    let mut scene = Scene::sealed(&Wish::default());
    scene.sign("A", "anna", "anna-1");
    scene.sign("A", "bela", "bela-1");
    let Event::Finalized(good) = scene.finalized("A") else { unreachable!() };
    let refused = |file: Stored| scene.refused(Event::Finalized(Finalized { file, ..good.clone() }));
    let other = Illegal::OtherFinal { path: good.file.path.clone(), wanted: good.file.sha256 };
    assert_eq!(refused(Stored { sha256: digest("x"), ..good.file.clone() }), other);
    assert_eq!(refused(Stored { bytes: good.file.bytes + 1, ..good.file.clone() }), other);
    let elsewhere = refused(Stored { path: text("final/2.root.json"), ..good.file.clone() });
    assert!(matches!(elsewhere, Illegal::Path { .. }), "{elsewhere}");
    scene.take(Event::Finalized(good.clone())).unwrap();
    assert_eq!(scene.refused(Event::Finalized(good.clone())), Illegal::AlreadyFinal { draft: good.draft });
    // A late signature lives in the record only.
    scene.sign("A", "carla", "carla-1");
    assert_eq!(scene.draft("A").final_file(), Some(&good.file));
}

#[test]
fn a_draft_that_is_over_at_the_date_stated_since_is_not_final() {
    let mut scene = Scene::sealed(&Wish::default());
    scene.sign("A", "anna", "anna-1");
    scene.sign("A", "bela", "bela-1");
    let finalized = scene.finalized("A");
    let stated = |date: &str| Event::DateStated(DateStated { by: text("olga"), date: text(date) });
    scene.take(stated("2199-01-01")).unwrap();
    let fault = scene.refused(finalized.clone());
    assert!(matches!(&fault, Illegal::Expired { draft, .. } if *draft == scene.payload("A")), "{fault}");
    scene.take(stated("2027-03-06")).unwrap();
    scene.take(finalized).unwrap();
}

#[test]
fn no_draft_is_final_before_the_draft_that_judges_it() {
    let mut scene = Scene::sealed(&Wish::default());
    scene.sign("B", "anna", "anna-1");
    scene.sign("B", "bela", "bela-1");
    let (draft, authority) = (scene.payload("B"), scene.payload("A"));
    let file = Stored { bytes: 1, path: text("final/1.targets.json"), sha256: digest("x") };
    let early = Event::Finalized(Finalized { draft, file });
    assert_eq!(scene.refused(early), Illegal::AuthorityFirst { draft, authority });
    scene.sign("A", "anna", "anna-1");
    scene.sign("A", "bela", "bela-1");
    scene.finalize("A");
    scene.finalize("B");
}

#[test]
fn the_end_says_what_did_not_become_final() {
    let mut scene = Scene::sealed(&Wish::default());
    let wanted = scene.state.unfinished();
    assert_eq!(wanted.len(), 4);
    let closed = |unfinished| Event::Closed(Closed { by: text("anna"), unfinished });
    let mut turned = wanted.clone();
    turned.reverse();
    for bad in [vec![], wanted[1..].to_vec(), turned] {
        assert_eq!(scene.refused(closed(bad)), Illegal::Unfinished { wanted: wanted.clone() });
    }
    scene.take(closed(wanted)).unwrap();
    assert_eq!(scene.state.phase(), Phase::Closed);
    assert_eq!(scene.state.closed_head(), Some(scene.transcript.head()));
}

fn countersigning() -> Wish {
    Wish { top: text("countersign = \"keys\""), ..Wish::default() }
}

fn countersigned(scene: &Scene, person: &str, name: &str) -> Countersigned {
    let close = scene.state.close_document().unwrap();
    let sig = hex::encode(key(name).sign(close.signed(), 1));
    Countersigned { key: key(name).public().fingerprint(), person: text(person), sig }
}

#[test]
fn keys_countersign_the_head_behind_the_close_each_once() {
    let mut scene = Scene::finished(&countersigning());
    scene.take(scene.closed()).unwrap();
    let head = scene.transcript.head();
    assert_eq!(scene.state.close_document().unwrap().head(), head);
    let good = countersigned(&scene, "anna", "anna-1");
    let refused = |signed: Countersigned| scene.refused(Event::Countersigned(signed));
    let stranger = countersigned(&scene, "dora", "dora-1");
    assert_eq!(refused(stranger.clone()), Illegal::NotASigner { key: stranger.key });
    let hers = Illegal::NotHers { key: good.key, holders: vec![text("anna")], person: text("bela") };
    assert_eq!(refused(Countersigned { person: text("bela"), ..good.clone() }), hers);
    let why = SignatureProblem::Wrong;
    let other = Countersigned { key: good.key, ..countersigned(&scene, "anna", "bela-1") };
    assert_eq!(refused(other), Illegal::Signature { key: good.key, why });
    let draft = hex::encode(key("anna-1").sign_draft(scene.draft("A").part().draft(), 1));
    let over_a_draft = Countersigned { sig: draft, ..good.clone() };
    assert_eq!(refused(over_a_draft), Illegal::Signature { key: good.key, why });
    scene.take(Event::Countersigned(good.clone())).unwrap();
    assert_eq!(
        scene.refused(Event::Countersigned(good.clone())),
        Illegal::CountersignedTwice { key: good.key }
    );
    // The head on paper stays the one behind the close.
    let second = countersigned(&scene, "bela", "bela-1");
    scene.take(Event::Countersigned(second)).unwrap();
    assert_eq!((scene.state.closed_head(), scene.state.countersignatures().len()), (Some(head), 2));
}

#[test]
fn a_plan_that_asks_for_no_countersignature_gets_none() {
    let mut scene = Scene::finished(&Wish::default());
    scene.take(scene.closed()).unwrap();
    let signed = Event::Countersigned(countersigned(&scene, "anna", "anna-1"));
    assert_eq!(scene.refused(signed), Illegal::NoCountersigning);
}

#[test]
fn after_the_end_only_what_was_kept_is_added() {
    for end in [Event::Aborted(note("nobody came")), Scene::sealed(&Wish::default()).closed()] {
        let mut scene = Scene::sealed(&Wish::default());
        scene.take(end).unwrap();
        assert!(scene.state.phase().is_over());
        let phase = scene.state.phase();
        let remarked = Event::Remarked(note("late"));
        assert_eq!(scene.refused(remarked), Illegal::Phase { event: "Remarked", phase });
        let external = Some(External { kept: text("the safe"), sha256: digest("video") });
        let addendum = Addendum { by: text("anna"), external, text: text("the video") };
        scene.take(Event::Addendum(addendum)).unwrap();
    }
}

#[test]
fn a_chain_that_is_replayed_line_by_line_gives_the_same_state() {
    let mut scene = Scene::finished(&countersigning());
    scene.take(scene.closed()).unwrap();
    let signed = Event::Countersigned(countersigned(&scene, "anna", "anna-1"));
    scene.take(signed).unwrap();
    let mut entries = scene.transcript.entries().iter();
    let first = tuf_ceremony::state::State::begin(entries.next().unwrap(), &scene.shelf.0).unwrap();
    let replayed = entries.try_fold(first, |state, entry| state.then(entry, &scene.shelf.0)).unwrap();
    assert_eq!(format!("{replayed:?}"), format!("{:?}", scene.state));
}

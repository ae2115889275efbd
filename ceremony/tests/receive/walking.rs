//! The way from the reader's own root to the one that a bundle builds on, and drafts made anew.

use std::collections::BTreeMap;

use tuf_ceremony::bundle::{Bundle, Record};
use tuf_ceremony::chain::Reason;
use tuf_ceremony::metadata::{Metadata, RoleType};
use tuf_ceremony::receive::reseal::{ResealFault, reseal};
use tuf_ceremony::receive::walk::{WalkFault, walk};
use tuf_ceremony::transcript::Transcript;
use tuf_ceremony::transcript::event::{Event, Sealed};

use super::ceremony::{self, World, say};
use super::mint::{self, Key};

fn bundle() -> (World, Bundle) {
    let world = ceremony::world("Renewal", false);
    let bundle = world.bundle(&[&world.first()], &[]);
    (world, bundle)
}

fn roots() -> [Metadata; 2] {
    ceremony::roots(false)
}

#[test]
fn from_the_root_before_and_from_an_older_one_the_way_is_walked() {
    let (_, bundle) = bundle();
    for trust in roots() {
        assert_eq!(walk(Some(&trust), &bundle), Ok(()));
    }
}

#[test]
fn above_version_1_no_trust_is_a_refusal() {
    let (_, bundle) = bundle();
    assert_eq!(walk(None, &bundle), Err(WalkFault::NoTrust { version: 2 }));
    assert_eq!(walk(None, &bundle.without_record()), Err(WalkFault::NoTrust { version: 2 }));
}

#[test]
fn a_first_root_needs_no_trust_and_takes_none() {
    let key = Key::ed25519("k");
    let first = Bundle::of(mint::part(mint::metadata(&mint::root(1, &[&key], 1, &key)), None, None));
    assert_eq!(walk(None, &first), Ok(()));
    assert_eq!(walk(Some(&roots()[0]), &first), Err(WalkFault::FirstRoot));
}

#[test]
fn another_root_of_her_version_is_refused_whether_it_is_the_last_or_on_the_way() {
    let (_, bundle) = bundle();
    let k = ceremony::keys();
    for version in [1, 2] {
        let other = mint::metadata(&mint::root(version, &[&k.alice, &k.carol], 2, &k.online));
        let fault = walk(Some(&other), &bundle).unwrap_err();
        assert!(matches!(fault, WalkFault::Another { version: v, .. } if v == version), "{fault}");
    }
}

#[test]
fn a_bundle_that_builds_on_an_older_root_than_hers_is_refused() {
    let (_, bundle) = bundle();
    let k = ceremony::keys();
    let newer = mint::metadata(&mint::root(3, &[&k.alice], 1, &k.online));
    assert_eq!(walk(Some(&newer), &bundle), Err(WalkFault::Older { yours: 3, theirs: 2 }));
}

#[test]
fn what_is_no_root_is_refused_as_trust() {
    let (_, bundle) = bundle();
    let targets = mint::metadata(&mint::targets(1, &["a"]));
    assert_eq!(walk(Some(&targets), &bundle), Err(WalkFault::NotARoot { found: RoleType::Targets }));
}

/// A plain bundle of root `version` + 1 upon `trusted`.
fn upon(trusted: &Metadata) -> Bundle {
    let k = ceremony::keys();
    let next = mint::metadata(&mint::root(trusted.version() + 1, &[&k.alice], 1, &k.online));
    Bundle::of(mint::part(next, Some(trusted.clone()), None))
}

#[test]
fn a_root_on_the_way_that_hers_does_not_ask_for_or_that_is_missing_is_refused() {
    let k = ceremony::keys();
    let [first, second] = roots();
    assert_eq!(walk(Some(&first), &upon(&second)), Ok(()), "a plain bundle may be one root ahead");
    let forged = mint::metadata(&mint::root(2, &[&k.online], 1, &k.online));
    let fault = walk(Some(&first), &upon(&forged)).unwrap_err();
    assert!(matches!(fault, WalkFault::Step { version: 2, reason: Reason::NewThreshold { .. } }), "{fault}");
    let third = mint::metadata(&mint::root(3, &[&k.alice, &k.bob, &k.carol], 2, &k.online));
    let third = mint::signed(mint::part(third, Some(second), None), &[&k.alice, &k.bob]).finalize().unwrap();
    let third = mint::text(&String::from_utf8(third.text).unwrap());
    let fault = walk(Some(&first), &upon(&third)).unwrap_err();
    let gap = Reason::Version { found: 3, wanted: 2 };
    assert_eq!(fault, WalkFault::Step { version: 3, reason: gap });
}

#[test]
fn a_draft_that_is_judged_by_another_root_than_its_plan_says_is_refused() {
    let (world, bundle) = bundle();
    let k = ceremony::keys();
    let other = mint::metadata(&mint::root(2, &[&k.alice], 1, &k.online));
    let parts = world.parts.iter().map(|part| match part.draft().role() {
        "root" => mint::part(part.draft().metadata().clone(), Some(other.clone()), None),
        _ => part.clone(),
    });
    let forged = Bundle::of_ceremony(parts, bundle.record().unwrap().clone()).unwrap();
    let fault = walk(Some(&roots()[1]), &forged).unwrap_err();
    assert_eq!(fault, WalkFault::Elsewhere { role: "root".to_owned() });
    assert_eq!(reseal(&forged).unwrap_err(), ResealFault::Draft { role: "root".to_owned() });
}

#[test]
fn the_drafts_of_a_bundle_are_made_anew_of_its_plan() {
    let (world, bundle) = bundle();
    let made = reseal(&bundle).unwrap();
    let letters: Vec<&str> = made.iter().map(|s| s.letter.as_str()).collect();
    assert_eq!(letters, ["A", "B"]);
    assert_eq!(made.len(), world.parts.len());
    assert_eq!(reseal(&bundle.without_record()).unwrap_err(), ResealFault::Plain);
}

#[test]
fn drafts_that_the_lines_tell_and_the_plan_does_not_make_are_refused() {
    let world = ceremony::world("Renewal", false);
    let other = mint::metadata(&mint::targets(2, &["a", "evil"]));
    let root = world.part("root").draft().metadata().clone();
    let parts = [world.part("root").clone(), mint::part(other.clone(), Some(root), None)];
    let mut sealed: Sealed = world.sealed.clone();
    let targets = sealed.drafts.iter_mut().find(|d| d.role == "targets").unwrap();
    targets.payload = other.payload();
    let mut chain = Transcript::default();
    say(&mut chain, Event::Opened(Box::new(world.opened.clone())));
    say(&mut chain, Event::Sealed(sealed));
    let record = Record::of([chain], &world.files).unwrap();
    let forged = Bundle::of_ceremony(parts, record).unwrap();
    assert_eq!(reseal(&forged).unwrap_err(), ResealFault::Draft { role: "targets".to_owned() });
}

#[test]
fn files_that_are_gone_make_no_record() {
    let world = ceremony::world("Renewal", false);
    let empty: BTreeMap<_, Vec<u8>> = BTreeMap::new();
    assert!(Record::of([world.first()], &empty).is_err());
}

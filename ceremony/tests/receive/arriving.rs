//! What a bundle or a foreign file brings to a machine, decided and judged again by one function.

use std::collections::{BTreeMap, BTreeSet};

use tuf_ceremony::bundle::{Bundle, MergeFault};
use tuf_ceremony::dialect::Foreign;
use tuf_ceremony::digest::Digest;
use tuf_ceremony::document::Document;
use tuf_ceremony::gather::{Gathered, Oddity};
use tuf_ceremony::policy::Control;
use tuf_ceremony::receive::arrivals::{ArrivalFault, Arrivals, Known};
use tuf_ceremony::transcript::Transcript;
use tuf_ceremony::transcript::event::{Event, ExceptionGranted};

use super::ceremony::{self, Keys, World, cut, say, with};
use super::mint::Key;

/// Machine A, which knows what is given, and machine B, opened from A's bundle.
struct Room {
    world: World,
    keys: Keys,
    a: Transcript,
    b: Transcript,
    chains: BTreeMap<Digest, Transcript>,
    broken: BTreeSet<Digest>,
}

fn room() -> Room {
    let world = ceremony::world("Renewal", false);
    let first = world.first();
    let b = with(&world.other("b", &first), &["b one", "b two"]);
    let a = with(&first, &["one", "two"]);
    let (chains, broken) = (BTreeMap::new(), BTreeSet::new());
    Room { world, keys: ceremony::keys(), a, b, chains, broken }
}

impl Room {
    fn knows(mut self, chain: &Transcript) -> Room {
        self.chains.insert(machine(chain), chain.clone());
        self
    }

    fn known(&self) -> Known<'_> {
        let edition = self.world.record(&[&self.a]).unwrap().edition();
        let Room { world, a, chains, broken, .. } = self;
        Known { edition, parts: &world.parts, own: a, chains, broken }
    }

    fn of(&self, bundle: &Bundle) -> Result<Arrivals, ArrivalFault> {
        Arrivals::of_bundle(&self.known(), bundle)
    }

    fn foreign(&self, text: &str) -> Result<Arrivals, ArrivalFault> {
        let foreign = Foreign::of(Document::read(text.as_bytes()).unwrap()).unwrap();
        let sha256 = Digest::of(text.as_bytes());
        Arrivals::of_foreign(&self.known(), &Gathered { foreign, sha256 })
    }
}

fn machine(chain: &Transcript) -> Digest {
    chain.machine().unwrap()
}

fn heads(arrivals: &Arrivals) -> Vec<(Digest, u64, Digest)> {
    arrivals.chains.iter().map(|c| (c.machine, c.lines, c.head)).collect()
}

#[test]
fn signatures_and_lines_of_a_reply_arrive_sorted() {
    let room = room();
    let by: [&Key; 3] = [&room.keys.carol, &room.keys.alice, &room.keys.online];
    let arrivals = room.of(&room.world.bundle(&[&cut(&room.a, 2), &room.b], &by)).unwrap();
    assert_eq!(heads(&arrivals), [(machine(&room.b), 4, room.b.head())], "one's own lines are no news");
    assert!(arrivals.signatures.is_sorted() && arrivals.signatures.len() == 3);
    assert!(arrivals.signatures.iter().all(|s| s.sources == ["token:pkcs11:serial=TEST-ONLY"]));
    assert!(arrivals.equivocations.is_empty());
    assert_eq!(arrivals.lines[&machine(&room.b)].text(), room.b.text());
}

#[test]
fn of_a_chain_that_is_known_the_longer_stands() {
    for (known, come, wanted) in [(2, 4, 4), (4, 2, 4), (3, 3, 3)] {
        let room = room();
        let (known, come) = (cut(&room.b, known), cut(&room.b, come));
        let room = room.knows(&known);
        let arrivals = room.of(&room.world.bundle(&[&room.a, &come], &[])).unwrap();
        assert_eq!(heads(&arrivals)[0].1, wanted);
    }
}

#[test]
fn a_chain_told_in_two_ways_is_named_and_not_believed_and_both_sides_signatures_are_kept() {
    let room = room();
    let (known, other) = (room.b.clone(), with(&cut(&room.b, 3), &["b another two"]));
    let room = room.knows(&known);
    let arrivals = room.of(&room.world.bundle(&[&room.a, &other], &[&room.keys.alice])).unwrap();
    let digest = |c: &Transcript| Digest::of(c.line(4).unwrap().as_bytes());
    let [told] = &arrivals.equivocations[..] else { panic!("one") };
    assert_eq!((told.machine, told.line), (machine(&known), 4));
    assert_eq!((told.known, told.found), (digest(&known), digest(&other)));
    assert!(arrivals.chains.is_empty() && arrivals.lines.is_empty());
    assert_eq!(arrivals.signatures.len(), 1);
    assert!(arrivals.own_fork(&room.a).is_none());
}

#[test]
fn a_chain_that_was_told_in_two_ways_before_is_believed_no_more() {
    let mut room = room();
    room.broken.insert(machine(&room.b));
    let b = cut(&room.b, 3);
    let room = room.knows(&b);
    let arrivals = room.of(&room.world.bundle(&[&room.a, &room.b], &[])).unwrap();
    assert!(arrivals.chains.is_empty() && arrivals.lines.is_empty() && arrivals.equivocations.is_empty());
}

#[test]
fn a_bundle_with_more_of_this_machines_lines_than_the_folder_says_that_the_folder_is_an_older_copy() {
    let room = room();
    let bundle = room.world.bundle(&[&with(&room.a, &["three"])], &[]);
    assert_eq!(room.of(&bundle).unwrap_err(), ArrivalFault::OlderCopy { ours: 4, theirs: 5 });
}

#[test]
fn a_folder_that_was_copied_and_went_on_twice_is_named_as_a_fork_with_its_signatures_kept() {
    let room = room();
    let copy = with(&cut(&room.a, 3), &["in the copy", "and on"]);
    let arrivals = room.of(&room.world.bundle(&[&copy], &[&room.keys.bob])).unwrap();
    let fork = arrivals.own_fork(&room.a).unwrap();
    assert_eq!((fork.machine, fork.line), (machine(&room.a), 4));
    assert_eq!(arrivals.signatures.len(), 1);
}

#[test]
fn exceptions_granted_elsewhere_are_seen() {
    let room = room();
    let draft = room.world.part("root").draft().metadata().payload();
    let granted = ExceptionGranted {
        about: "root".to_owned(),
        control: Control::KeyId,
        draft,
        person: "bob".to_owned(),
        reason: "the plan says".to_owned(),
    };
    let mut b = room.b.clone();
    say(&mut b, Event::ExceptionGranted(granted.clone()));
    let arrivals = room.of(&room.world.bundle(&[&room.a, &b], &[])).unwrap();
    let seen: Vec<_> = arrivals
        .events()
        .filter_map(|(machine, event)| match event {
            Event::ExceptionGranted(granted) => Some((machine, granted)),
            _ => None,
        })
        .collect();
    assert_eq!(seen, [(machine(&b), &granted)]);
}

#[test]
fn a_plain_bundle_of_the_same_drafts_brings_signatures_and_no_lines() {
    let room = room();
    let plain = room.world.bundle(&[&room.a], &[&room.keys.alice]).without_record();
    let arrivals = room.of(&plain).unwrap();
    assert_eq!((arrivals.signatures.len(), arrivals.chains.len()), (1, 0));
}

#[test]
fn bundles_of_another_ceremony_generation_mark_or_of_other_drafts_are_refused_by_name() {
    let room = room();
    let fault = |bundle: &Bundle| match room.of(bundle) {
        Err(ArrivalFault::Merge(fault)) => fault,
        other => panic!("{other:?}"),
    };
    let elsewhere = ceremony::world("Another renewal", false);
    let fork = fault(&elsewhere.bundle(&[&elsewhere.first()], &[]));
    assert!(matches!(fork, MergeFault::DifferentCeremony { .. }), "{fork}");
    let practice = ceremony::world("Renewal", true);
    assert_eq!(fault(&practice.bundle(&[&practice.first()], &[])), MergeFault::RehearsalAndReal);
    let later = room.world.replanned("2033");
    let mut on = room.a.clone();
    say(&mut on, later.replan());
    say(&mut on, Event::Sealed(later.sealed.clone()));
    let generation = fault(&later.bundle(&[&on], &[]));
    assert!(matches!(generation, MergeFault::DifferentGeneration { .. }), "{generation}");
    let drafts = fault(&later.bundle(&[&on], &[]).without_record());
    assert!(matches!(drafts, MergeFault::DifferentPayload { .. }), "{drafts}");
}

#[test]
fn a_foreign_file_of_a_draft_brings_what_counts_in_it() {
    let room = room();
    let part = room.world.signed(&[&room.keys.alice, &room.keys.bob]).remove(0);
    let text = String::from_utf8(part.finalize().unwrap().text).unwrap();
    let arrivals = room.foreign(&text).unwrap();
    assert_eq!(arrivals.signatures.len(), 2);
    let source = format!("file:{}", Digest::of(text.as_bytes()));
    assert!(arrivals.signatures.iter().all(|s| s.sources == [source.clone()]));
    assert!(arrivals.signatures.is_sorted());
    let admitted = |o: &&Oddity| matches!(o, Oddity::Admitted { .. });
    assert_eq!(arrivals.oddities.iter().filter(admitted).count(), 2);
}

#[test]
fn a_signature_in_a_foreign_file_that_does_not_verify_is_noted_and_does_not_arrive() {
    let room = room();
    let part = room.world.signed(&[&room.keys.alice, &room.keys.bob]).remove(0);
    let text = String::from_utf8(part.finalize().unwrap().text).unwrap();
    let at = text.find("\"sig\": \"").unwrap() + 20;
    let digit = if &text[at..=at] == "0" { "1" } else { "0" };
    let arrivals = room.foreign(&format!("{}{digit}{}", &text[..at], &text[at + 1..])).unwrap();
    assert_eq!(arrivals.signatures.len(), 1);
    assert!(arrivals.oddities.iter().any(|o| matches!(o, Oddity::NotCounted { .. })));
}

#[test]
fn loose_signatures_find_their_draft_by_role_or_by_verifying() {
    let room = room();
    let part = room.world.part("targets");
    let sig = hex::encode(room.keys.online.sign_draft(part.draft(), 0));
    let entry = format!("{{\"keyid\":\"{}\",\"sig\":\"{sig}\"}}", room.keys.online.id);
    let list = room.foreign(&format!("[{entry}]")).unwrap();
    let found: Vec<Digest> = list.signatures.iter().map(|s| s.draft).collect();
    assert_eq!(found, [part.draft().metadata().payload()]);
    let named = |role: &str| room.foreign(&format!("{{\"role\":\"{role}\",\"signature\":{entry}}}"));
    assert_eq!(named("targets").unwrap().signatures[0].sig, sig);
    assert_eq!(named("root").unwrap().signatures, []);
    assert_eq!(named("elsewhere").unwrap_err(), ArrivalFault::OtherRole { role: "elsewhere".to_owned() });
}

#[test]
fn a_foreign_document_that_is_no_draft_is_refused() {
    let room = room();
    let [_, published] = ceremony::roots(false);
    let fault = room.foreign(published.document().text()).unwrap_err();
    assert_eq!(fault, ArrivalFault::OtherDocument { payload: published.payload() });
}

//! Several machines: what each says of the others, and folders held against each other.

use tuf_ceremony::bundle::{Bundle, Record};
use tuf_ceremony::digest::Digest;
use tuf_ceremony::replay::{Across, Contradiction, Copied, Gap, Instead, Seen, Verdict, across};
use tuf_ceremony::transcript::event::*;
use tuf_ceremony::transcript::{Entry, Transcript};

use crate::folder::{CLOCK, Folder, Machine};
use crate::stage::{self, Plan, note};

fn held(folders: &[&Folder]) -> Across {
    let replays: Vec<_> = folders.iter().map(|folder| folder.replay(None)).collect();
    across(&replays.iter().collect::<Vec<_>>())
}

/// A sends to B, B signs and answers.
fn two(plan: &Plan) -> (Machine, Machine) {
    let mut a = stage::sealed(plan, "a");
    let sent = a.export();
    let mut b = Machine::from_bundle(&sent, plan.trust.as_deref(), "b");
    b.sign("root", "bela", "bela-1", 1).unwrap();
    a.import(Form::Bundle, &b.export()).unwrap();
    (a, b)
}

fn cut(folder: &Folder, lines: usize) -> Folder {
    folder.with_lines(&folder.lines()[..lines])
}

#[test]
fn what_each_saw_of_the_other_is_told_with_the_line_that_says_so() {
    for plan in [stage::first(), stage::next()] {
        let (a, b) = two(&plan);
        let found = held(&[&a.folder, &b.folder]);
        assert_eq!((&found.contradictions, &found.copies), (&vec![], &vec![]));
        let lines = |machine: &Machine| machine.folder.lines().len();
        // B knew two lines of A when it was opened and when it imported; A knows all of B but the export.
        let expected = [
            Seen { witness: 0, at: lines(&a) as u64, of: 1, lines: lines(&b) as u64 - 1 },
            Seen { witness: 1, at: 1, of: 0, lines: 2 },
            Seen { witness: 1, at: 3, of: 0, lines: 2 },
        ];
        assert_eq!(found.seen, expected);
    }
}

#[test]
fn a_chain_that_was_cut_behind_what_another_saw_is_a_contradiction() {
    let (a, b) = two(&stage::first());
    let found = held(&[&a.folder, &cut(&b.folder, 4)]);
    let [Contradiction::Seen { witness: 0, of: 1, has: Instead::Shorter(4), seen, at }] =
        &found.contradictions[..]
    else {
        panic!("{found:?}")
    };
    assert_eq!((seen.lines, *at), (b.folder.lines().len() as u64 - 1, a.folder.lines().len() as u64));
}

#[test]
fn a_chain_that_was_written_anew_behind_what_another_saw_is_a_contradiction() {
    let (a, b) = two(&stage::first());
    let other = crate::mutations::forged(&b.folder, 1, &|event| {
        let Event::Opened(opened) = event else { panic!() };
        opened.date = "2027-03-07".to_owned();
    });
    // Another first line is another machine.
    let found = held(&[&a.folder, &other]);
    assert_eq!(found.contradictions, []);
    assert!(found.seen.iter().all(|seen| seen.of == 0));
    let other = crate::mutations::forged(&b.folder, 5, &|event| {
        let Event::Consented(consented) = event else { panic!("{event:?}") };
        consented.reference = None;
    });
    let found = held(&[&a.folder, &other]);
    let [Contradiction::Seen { witness: 0, of: 1, has: Instead::Other(_), .. }] = &found.contradictions[..]
    else {
        panic!("{found:?}")
    };
}

#[test]
fn the_same_folder_twice_is_a_copy_and_one_with_less_an_older_one() {
    let (a, b) = two(&stage::first());
    let copies = |folders: &[&Folder]| {
        let found = held(folders);
        assert_eq!(found.contradictions, []);
        found.copies
    };
    let copy = |older, newer, behind| vec![Copied { older, newer, behind }];
    assert_eq!(copies(&[&a.folder, &a.folder]), copy(0, 1, 0));
    let older = cut(&b.folder, 3);
    let behind = b.folder.lines().len() as u64 - 3;
    // That A saw more than the older copy has is no contradiction: the newer one has it.
    assert_eq!(copies(&[&a.folder, &older, &b.folder]), copy(1, 2, behind));
    assert_eq!(copies(&[&b.folder, &older, &a.folder]), copy(1, 0, behind));
}

#[test]
fn a_folder_that_was_copied_and_went_on_twice_is_told_in_two_ways() {
    let (a, _) = two(&stage::first());
    let (mut one, mut other) = (a.clone(), a.clone());
    one.say(Event::Remarked(note("one")));
    other.say(Event::Remarked(note("other")));
    let line = a.folder.lines().len() as u64 + 1;
    let machine = a.ceremony.state().machine();
    let expected = [Contradiction::TwoWays { machine, line, first: 0, second: 1 }];
    assert_eq!(held(&[&one.folder, &other.folder]).contradictions, expected);
}

#[test]
fn two_folders_that_met_a_third_machine_in_two_ways_are_noticed_without_its_folder() {
    let plan = stage::first();
    let mut a = stage::sealed(&plan, "a");
    let sent = a.export();
    let mut b = Machine::from_bundle(&sent, None, "b");
    let mut c = Machine::from_bundle(&sent, None, "c");
    let mut d = c.clone();
    c.say(Event::Remarked(note("one")));
    d.say(Event::Remarked(note("other")));
    a.import(Form::Bundle, &c.export()).unwrap();
    b.import(Form::Bundle, &d.export()).unwrap();
    let machine = c.ceremony.state().machine();
    let expected = [Contradiction::TwoWays { machine, line: 4, first: 0, second: 1 }];
    assert_eq!(held(&[&a.folder, &b.folder]).contradictions, expected);
    // Once one of them meets the other, its own lines say so.
    a.import(Form::Bundle, &d.export()).unwrap();
    let replay = a.folder.replay(Some(a.folder.head()));
    let told: Vec<(u64, Digest, u64)> = replay.equivocations().map(|(n, e)| (n, e.machine, e.line)).collect();
    assert_eq!(told, [(a.folder.lines().len() as u64, machine, 4)]);
    assert_eq!(replay.verdict(), Verdict::Proved, "that it met them is what happened");
}

#[test]
fn folders_of_two_ceremonies_do_not_belong_together() {
    let (a, _) = two(&stage::first());
    let (other, _) = two(&stage::next());
    let expected = [Contradiction::Ceremonies { first: 0, second: 1 }];
    assert_eq!(held(&[&a.folder, &other.folder]).contradictions, expected);
}

/// B's chain with a line that B's own program would have refused: a token is asked without consent.
fn lawless(b: &Machine) -> Transcript {
    let mut chain = Transcript::default();
    for line in b.folder.lines() {
        chain.push(Entry::read(&line).unwrap()).unwrap();
    }
    let public = stage::key("anna-1").public();
    let begun = SigningBegun {
        draft: b.payload("root"),
        key: public.fingerprint(),
        person: "anna".to_owned(),
        scheme: public.scheme().name().to_owned(),
        token: "pkcs11:serial=x".to_owned(),
    };
    chain.push(chain.next(CLOCK, Event::SigningBegun(begun))).unwrap();
    chain
}

#[test]
fn the_chain_of_another_machine_is_judged_too() {
    let (mut a, b) = two(&stage::first());
    let told = |a: &Machine| {
        let replay = a.folder.replay(Some(a.folder.head()));
        let [other] = &replay.others[..] else { panic!("{:?}", replay.others) };
        assert_eq!(other.machine, b.ceremony.state().machine());
        (replay.verdict(), other.clone())
    };
    let (verdict, other) = told(&a);
    assert_eq!((verdict, other.lines), (Verdict::Proved, b.folder.lines().len() as u64 - 1));
    // The bundle that B was opened from stayed on B: what it told is a gap there, and no fault here.
    assert_eq!(other.walked.judged(), other.lines);
    assert!(!other.walked.state.as_ref().unwrap().not_recomputed().is_empty());
    let chain = lawless(&b);
    let record =
        Record::of([chain.clone(), a.ceremony.state().transcript().clone()], &a.folder.shelf()).unwrap();
    let parts = b.ceremony.state().drafts().map(|draft| draft.part().clone());
    let bundle = Bundle::of_ceremony(parts, record).unwrap().write().unwrap().text;
    a.import(Form::Bundle, &bundle).unwrap();
    let (verdict, other) = told(&a);
    assert_eq!(verdict, Verdict::OtherMachineDiverges);
    let divergence = other.walked.divergence.unwrap();
    assert_eq!(divergence.line, chain.count());
    assert!(divergence.why.contains("has not consented"), "{}", divergence.why);
}

#[test]
fn the_chain_of_a_machine_whose_first_plan_is_not_here_is_a_chain_and_nothing_more() {
    let plan = stage::first();
    let mut a = stage::sealed(&plan, "a");
    a.replan(&plan.changed(2030)).unwrap();
    a.seal();
    let sent = a.export();
    let b = Machine::from_bundle(&sent, None, "b");
    let replay = b.folder.replay(Some(b.folder.head()));
    let [other] = &replay.others[..] else { panic!() };
    let stopped = other.walked.stopped.as_ref().unwrap();
    assert_eq!((stopped.line, replay.verdict()), (1, Verdict::Proved));
    let first = Digest::of(plan.text.as_bytes());
    assert!(matches!(&stopped.why, Gap::Gone { sha256, .. } if *sha256 == first), "{stopped:?}");
}

//! Bundles of ceremonies: they read back, chains merge by prefix, and whatever is not of one ceremony is refused by name.

use std::sync::OnceLock;

use proptest::prelude::*;
use tuf_ceremony::bundle::{Beside, Bundle, BundleFault, MergeFault, Record, RecordFault, Unchecked};
use tuf_ceremony::digest::Digest;
use tuf_ceremony::limits::{BUNDLE_FILES, CHAINS, EMBEDDED};
use tuf_ceremony::transcript::Transcript;
use tuf_ceremony::transcript::event::{Event, Stored};

use super::ceremony::{self, World, cut, say, with};
use super::mint::{self, Key};

struct Scene {
    world: World,
    keys: [Key; 4],
    /// The first machine and two that were opened from its bundle, each with remarks behind.
    chains: [Transcript; 3],
}

fn scene() -> &'static Scene {
    static SCENE: OnceLock<Scene> = OnceLock::new();
    SCENE.get_or_init(|| {
        let world = ceremony::world("Renewal", false);
        let first = world.first();
        let chains = [
            with(&first, &["one", "two", "three"]),
            with(&world.other("b", &first), &["b one", "b two", "b three"]),
            with(&world.other("c", &first), &["c one", "c two", "c three"]),
        ];
        let k = ceremony::keys();
        Scene { world, keys: [k.alice, k.bob, k.carol, k.online], chains }
    })
}

fn read(text: &str) -> Result<Bundle, BundleFault> {
    Unchecked::read(text.as_bytes())?.check(|_| None)
}

fn record_fault(text: &str) -> RecordFault {
    match read(text) {
        Err(BundleFault::Record(fault)) => fault,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_bundle_of_a_ceremony_reads_back_to_the_same_bytes_and_facts() {
    let Scene { world, keys, chains } = scene();
    let bundle = world.bundle(&[&chains[0], &chains[1]], &[&keys[0], &keys[3]]);
    let text = mint::written(&bundle);
    let back = read(&text).unwrap();
    assert_eq!(mint::written(&back), text);
    let record = back.record().unwrap();
    assert_eq!((record.id(), record.generation()), (world.opened.ceremony, 0));
    assert_eq!(record.plan().title, "Renewal");
    assert_eq!(record.heads(), bundle.record().unwrap().heads());
    assert_eq!(record.files().count(), 5, "plan, two roots, targets, delta");
    assert_eq!(back.parts().map(|p| p.signatures().all().count()).sum::<usize>(), 2);
}

/// Which lines each machine's copy has (none: the machine was not met), and which keys signed.
#[derive(Debug, Clone)]
struct Copy {
    lines: [Option<u64>; 3],
    keys: [bool; 4],
    plain: bool,
}

fn copy() -> impl Strategy<Value = Copy> {
    let other = || prop::option::of(1_u64..=5);
    ((2_u64..=5).prop_map(Some), other(), other(), any::<[bool; 4]>(), prop::bool::weighted(0.2))
        .prop_map(|(a, b, c, keys, plain)| Copy { lines: [a, b, c], keys, plain })
}

impl Copy {
    fn bundle(&self) -> Bundle {
        let Scene { world, keys, chains } = scene();
        let chains: Vec<Transcript> =
            chains.iter().zip(self.lines).filter_map(|(c, lines)| Some(cut(c, lines?))).collect();
        let by: Vec<&Key> = keys.iter().zip(self.keys).filter_map(|(k, signs)| signs.then_some(k)).collect();
        let whole = world.bundle(&chains.iter().collect::<Vec<_>>(), &by);
        if self.plain { whole.without_record() } else { whole }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    #[test]
    fn merging_ceremonies_commutes_is_associative_and_idempotent(a in copy(), b in copy(), c in copy()) {
        let longest: Vec<Option<u64>> = (0..3)
            .map(|at| [&a, &b, &c].iter().filter(|copy| !copy.plain).filter_map(|copy| copy.lines[at]).max())
            .collect();
        let (a, b, c) = (a.bundle(), b.bundle(), c.bundle());
        let merged = |a: &Bundle, b: &Bundle| a.clone().merge(b).unwrap();
        let left = merged(&merged(&a, &b), &c);
        let text = mint::written(&left);
        for other in [merged(&a, &merged(&b, &c)), merged(&merged(&c, &a), &b), merged(&c, &merged(&b, &a))] {
            prop_assert_eq!(&mint::written(&other), &text);
        }
        prop_assert_eq!(&mint::written(&merged(&left, &left)), &text);
        prop_assert_eq!(&mint::written(&merged(&left, &b)), &text);
        prop_assert_eq!(&mint::written(&read(&text).unwrap()), &text);
        for (chain, lines) in scene().chains.iter().zip(longest) {
            let found = left.record().and_then(|r| Some(r.chains().get(&chain.machine()?)?.count()));
            prop_assert_eq!(found, lines, "the longest copy of each chain stands");
        }
    }

    #[test]
    fn one_changed_byte_of_a_ceremony_is_refused_with_the_checksum_put_right_too(at in any::<prop::sample::Index>(), to in any::<u8>()) {
        static TEXT: OnceLock<String> = OnceLock::new();
        let text = TEXT.get_or_init(|| {
            let Scene { world, keys, chains } = scene();
            mint::written(&world.bundle(&[&chains[0], &chains[1]], &[&keys[0]]))
        });
        let end = text.find("\n  \"documents\"").unwrap();
        let at = at.index(end);
        prop_assume!(text.as_bytes()[at] != to);
        let mut bytes = text.clone().into_bytes();
        bytes[at] = to;
        if let Some(resealed) = String::from_utf8(bytes).ok().and_then(|text| mint::resealed(&text))
            && resealed != *text
        {
            prop_assume!(!last_line_changed(text, &resealed));
            prop_assert!(read(&resealed).is_err(), "byte {} to {:#04x}", at, to);
        }
    }
}

/// Nothing binds the last line of a chain, but what it may say: whoever writes bundles can write another. The head on paper
/// tells.
fn last_line_changed(before: &str, after: &str) -> bool {
    let mut lines = before.lines().zip(after.lines()).zip(before.lines().skip(1));
    let changed = lines.find(|((b, a), _)| b != a);
    changed.is_some_and(|((line, _), next)| line.trim_start().starts_with("\"{") && next.trim() == "],")
        || changed.is_some_and(|((line, _), next)| line.trim_start().starts_with("\"{") && next.trim() == "]")
}

/// Bundles that do and do not belong together.
fn strangers() -> Vec<(&'static str, Bundle)> {
    let Scene { world, keys, chains } = scene();
    let [a, b, _] = chains;
    let forked = with(&world.first(), &["one", "another two"]);
    let elsewhere = ceremony::world("Another renewal", false);
    let practice = ceremony::world("Renewal", true);
    let later = world.replanned("2033");
    let mut on = a.clone();
    say(&mut on, later.replan());
    say(&mut on, Event::Sealed(later.sealed.clone()));
    vec![
        ("ours", world.bundle(&[&cut(a, 3)], &[&keys[0]])),
        ("longer", world.bundle(&[a, b], &[&keys[1]])),
        ("forked", world.bundle(&[&forked], &[])),
        ("plain", world.bundle(&[a], &[&keys[2]]).without_record()),
        ("elsewhere", elsewhere.bundle(&[&elsewhere.first()], &[])),
        ("practice", practice.bundle(&[&practice.first()], &[])),
        ("later", later.bundle(&[&on, b], &[])),
    ]
}

#[test]
fn what_is_refused_in_one_order_is_refused_in_all() {
    let all = strangers();
    let (mut merged, mut refused) = (0, 0);
    for (_, a) in &all {
        for (_, b) in &all {
            assert_eq!(a.clone().merge(b).err(), b.clone().merge(a).err(), "the same words in both orders");
            for (_, c) in &all {
                let text = |r: Result<Bundle, MergeFault>| r.ok().map(|bundle| mint::written(&bundle));
                let left = text(a.clone().merge(b).and_then(|ab| ab.merge(c)));
                let right = text(b.clone().merge(c).and_then(|bc| a.clone().merge(&bc)));
                let turned = text(c.clone().merge(b).and_then(|cb| cb.merge(a)));
                assert!(left == right && left == turned);
                if left.is_some() { merged += 1 } else { refused += 1 }
            }
        }
    }
    // Every mix of ours, plain and one of longer and forked (27 each, 8 of them in both), every further one of elsewhere and
    // plain (the drafts of both ceremonies are the same), and the last two each with itself.
    assert_eq!((merged, refused), (27 + 27 - 8 + 7 + 2, 343 - 55));
}

#[test]
fn each_refusal_to_merge_names_what_differs() {
    let all = strangers();
    let get = |name: &str| all.iter().find(|(n, _)| *n == name).unwrap().1.clone();
    let fault = |a: &str, b: &str| get(a).merge(&get(b)).unwrap_err();
    let Scene { world, chains, .. } = scene();
    let MergeFault::Equivocation { machine, line, first, second } = fault("longer", "forked") else {
        panic!()
    };
    let forked = with(&world.first(), &["one", "another two"]);
    let mut lines = [&chains[0], &forked].map(|c| Digest::of(c.line(4).unwrap().as_bytes()));
    lines.sort();
    assert_eq!((machine, line, [first, second]), (chains[0].machine().unwrap(), 4, lines));
    assert!(matches!(fault("ours", "elsewhere"), MergeFault::DifferentCeremony { .. }));
    assert!(matches!(fault("ours", "practice"), MergeFault::RehearsalAndReal));
    let generations = fault("ours", "later");
    assert!(
        matches!(generations, MergeFault::DifferentGeneration { first: 0, second: 1, .. }),
        "{generations}"
    );
    assert!(matches!(fault("plain", "practice"), MergeFault::DifferentPayload { .. }));
}

#[test]
fn two_plans_of_one_generation_are_refused() {
    let Scene { world, chains: [a, b, _], .. } = scene();
    let later = world.replanned("2033");
    let other = world.replanned("2034");
    let mut on_a = a.clone();
    say(&mut on_a, later.replan());
    let mut on_b = b.clone();
    say(&mut on_b, other.replan());
    let files = later.files.clone();
    let fault = Record::of([on_a, on_b], &files).unwrap_err();
    assert!(matches!(fault, RecordFault::Disagree { what: "plan", .. }), "{fault}");
}

#[test]
fn a_bundle_holds_the_files_of_its_generation_and_no_other() {
    let Scene { world, chains: [a, ..], .. } = scene();
    let later = world.replanned("2033");
    let mut on = a.clone();
    say(&mut on, later.replan());
    say(&mut on, Event::Sealed(later.sealed.clone()));
    let text = mint::written(&later.bundle(&[&on], &[]));
    assert_eq!(read(&text).unwrap().record().unwrap().generation(), 1);
    assert!(
        !text.contains(&format!("\"{}\": {{", world.opened.plan.sha256)),
        "the plan before is not carried"
    );
    let inside = format!("\"{}\": {{", later.opened.plan.sha256);
    let stowed = Digest::of(b"stowed away");
    let with_more = text.replacen(
        &inside,
        &format!("\"{stowed}\": {{\n     \"text\": \"stowed away\"\n    }},\n    {inside}"),
        1,
    );
    assert_ne!(with_more, text);
    assert!(matches!(read(&mint::resealed(&with_more).unwrap()), Err(BundleFault::NotOurText)));
}

#[test]
fn a_ceremony_whose_id_is_not_made_of_its_plan_is_refused() {
    let Scene { world, chains: [a, ..], .. } = scene();
    let text = mint::written(&world.bundle(&[a], &[]));
    let other = Digest::of(b"another ceremony");
    let claimed =
        text.replacen(&format!("\"id\": \"{}\"", world.opened.ceremony), &format!("\"id\": \"{other}\""), 1);
    let fault = record_fault(&mint::resealed(&claimed).unwrap());
    assert!(matches!(&fault, RecordFault::Id { claimed, .. } if *claimed == other));
    let mut opened = world.opened.clone();
    opened.ceremony = other;
    let mut chain = Transcript::default();
    say(&mut chain, Event::Opened(Box::new(opened)));
    assert!(matches!(world.record(&[&chain]), Err(RecordFault::Id { .. })));
}

/// The first machine and as many others.
fn machines(others: usize) -> Result<Record, RecordFault> {
    let Scene { world, chains: [a, ..], .. } = scene();
    let other = |n: usize| cut(&world.other(&n.to_string(), a), 1);
    let all = (0..others).map(other).chain([world.first()]);
    Record::of(all, &world.files)
}

#[test]
fn as_many_machines_as_the_cap_are_carried_and_one_more_is_refused() {
    assert_eq!(machines(CHAINS.most - 1).unwrap().chains().len(), CHAINS.most);
    assert_eq!(machines(CHAINS.most).unwrap_err(), RecordFault::Past(CHAINS));
    let Scene { world, chains: [a, b, _], .. } = scene();
    let full = Bundle::of_ceremony(world.signed(&[]), machines(CHAINS.most - 1).unwrap()).unwrap();
    let more = world.bundle(&[a, b], &[]);
    let past = MergeFault::Record(RecordFault::Past(CHAINS));
    assert_eq!(full.clone().merge(&more).unwrap_err(), past);
    assert_eq!(more.merge(&full).unwrap_err(), past);
}

#[test]
fn as_many_files_as_the_cap_are_carried_and_one_more_is_refused() {
    let world = &scene().world;
    let with_cards = |files: usize| {
        let (mut opened, mut files_of) = (world.opened.clone(), world.files.clone());
        for n in 0..files - world.files.len() {
            let card = format!("card {n}").into_bytes();
            let sha256 = Digest::of(&card);
            let stored = Stored { bytes: card.len() as u64, path: format!("cards/{n}.0.json"), sha256 };
            opened.cards.insert(format!("k{n}"), stored);
            files_of.insert(sha256, card);
        }
        let mut chain = Transcript::default();
        say(&mut chain, Event::Opened(Box::new(opened)));
        Record::of([chain], &files_of)
    };
    assert_eq!(with_cards(BUNDLE_FILES.most).unwrap().files().count(), BUNDLE_FILES.most);
    assert_eq!(with_cards(BUNDLE_FILES.most + 1).unwrap_err(), RecordFault::Past(BUNDLE_FILES));
}

#[test]
fn a_large_file_of_the_plan_travels_beside_once_and_comes_back() {
    let world = &scene().world;
    let mut opened = world.opened.clone();
    let card = vec![b'c'; EMBEDDED.most + 1];
    let sha256 = Digest::of(&card);
    let stored = Stored { bytes: card.len() as u64, path: "cards/k.0.json".to_owned(), sha256 };
    opened.cards = [("k".to_owned(), stored.clone()), ("l".to_owned(), stored)].into();
    let mut files = world.files.clone();
    files.insert(sha256, card.clone());
    let mut chain = Transcript::default();
    say(&mut chain, Event::Opened(Box::new(opened)));
    say(&mut chain, Event::Sealed(world.sealed.clone()));
    let bundle = Bundle::of_ceremony(world.signed(&[]), Record::of([chain], &files).unwrap()).unwrap();
    let written = bundle.write().unwrap();
    let [file] = &written.beside[..] else { panic!("one file beside") };
    assert_eq!((file.name.clone(), file.text().len()), (Beside::name_of(sha256), card.len()));
    let unchecked = Unchecked::read(written.text.clone()).unwrap();
    assert_eq!(unchecked.beside().collect::<Vec<_>>(), std::slice::from_ref(&file.name));
    assert_eq!(unchecked.check(|_| Some(card.clone())).unwrap().write().unwrap().text, written.text);
    assert!(matches!(unchecked.check(|_| None), Err(BundleFault::NoBeside { .. })));
    assert!(matches!(unchecked.check(|_| Some(vec![])), Err(BundleFault::WrongBeside { .. })));
}

#[test]
fn a_file_that_is_no_text_cannot_travel() {
    let world = &scene().world;
    let (mut opened, mut files) = (world.opened.clone(), world.files.clone());
    let card = vec![0xff_u8, 0xfe];
    let sha256 = Digest::of(&card);
    let stored = Stored { bytes: 2, path: "cards/k.0.json".to_owned(), sha256 };
    opened.cards.insert("k".to_owned(), stored);
    files.insert(sha256, card);
    let mut chain = Transcript::default();
    say(&mut chain, Event::Opened(Box::new(opened)));
    assert_eq!(Record::of([chain], &files).unwrap_err(), RecordFault::NotText { sha256 });
}

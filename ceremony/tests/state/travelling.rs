//! Bundles, signatures from elsewhere, other machines' chains, and a machine that goes on for another.

use tuf_ceremony::key::SignatureProblem;
use tuf_ceremony::policy::Control;
use tuf_ceremony::state::Illegal;
use tuf_ceremony::transcript::event::*;

use crate::samples::digest;
use crate::scene::{Scene, Shelf, Wish, key, short, text};

fn arrived(scene: &Scene, letter: &str, name: &str) -> Arrived {
    Arrived {
        draft: scene.payload(letter),
        key: key(name).public().fingerprint(),
        scheme: text("ecdsa-sha2-nistp256"),
        sig: scene.signature(letter, name),
        sources: vec![text("token:pkcs11:serial=1")],
    }
}

fn import(scene: &Scene, chains: Vec<ChainHead>, mut signatures: Vec<Arrived>) -> BundleImported {
    signatures.sort();
    let bytes = format!("a file {}", signatures.len());
    let mut file = Shelf::default().put("", bytes);
    file.path = format!("imports/{}-{}.json", scene.state.lines() + 1, short(file.sha256));
    BundleImported { chains, equivocations: vec![], file, form: Form::Bundle, signatures }
}

fn chain(machine: &str, lines: u64) -> ChainHead {
    ChainHead { head: digest(&format!("{machine} {lines}")), lines, machine: digest(machine) }
}

#[test]
fn signatures_that_arrive_are_verified_again_and_count() {
    let mut scene = Scene::sealed(&Wish::default());
    let both = vec![arrived(&scene, "A", "anna-1"), arrived(&scene, "A", "bela-1")];
    let good = import(&scene, vec![], both);
    scene.take(Event::BundleImported(good.clone())).unwrap();
    assert_eq!(scene.draft("A").part().signatures().all().count(), 2);
    scene.finalize("A");
    // What could not be read again is remembered.
    assert_eq!(scene.state.not_recomputed()[0].file, good.file);
}

#[test]
fn a_signature_that_arrives_and_does_not_hold_refuses_the_import() {
    let scene = Scene::sealed(&Wish::default());
    let refused =
        |arrived: Arrived| scene.refused(Event::BundleImported(import(&scene, vec![], vec![arrived])));
    let good = arrived(&scene, "A", "anna-1");
    let why = SignatureProblem::Wrong;
    let wrong = Arrived { sig: scene.signature("B", "anna-1"), ..good.clone() };
    assert_eq!(refused(wrong), Illegal::Signature { key: good.key, why });
    let stranger = arrived(&scene, "A", "dora-1");
    assert_eq!(refused(stranger.clone()), Illegal::NotASigner { key: stranger.key });
    let scheme = Arrived { scheme: text("ed25519"), ..good.clone() };
    assert_eq!(refused(scheme), Illegal::NotItsScheme { key: good.key, scheme: text("ed25519") });
    let nowhere = Arrived { draft: digest("x"), ..good.clone() };
    assert_eq!(refused(nowhere), Illegal::NoSuchDraft { draft: digest("x") });
    let sourceless = Arrived { sources: vec![], ..good.clone() };
    assert_eq!(refused(sourceless), Illegal::Unsorted { what: "the sources of a signature" });
    let odd = Arrived { sources: vec![text("http://x")], ..good };
    assert_eq!(refused(odd), Illegal::Source { source_text: text("http://x") });
}

#[test]
fn what_arrives_stands_in_one_order_and_once() {
    let scene = Scene::sealed(&Wish::default());
    let refused = |imported: BundleImported| scene.refused(Event::BundleImported(imported));
    let both = vec![arrived(&scene, "A", "anna-1"), arrived(&scene, "A", "bela-1")];
    let mut turned = import(&scene, vec![], both.clone());
    turned.signatures.reverse();
    assert_eq!(refused(turned), Illegal::Unsorted { what: "the signatures" });
    let mut twice = import(&scene, vec![], both);
    twice.signatures[1] = twice.signatures[0].clone();
    assert_eq!(refused(twice), Illegal::Unsorted { what: "the signatures" });
    let mut chains = vec![chain("b", 2), chain("c", 2)];
    chains.sort_by(|a, b| b.machine.cmp(&a.machine));
    assert_eq!(refused(import(&scene, chains, vec![])), Illegal::Unsorted { what: "the chains" });
    let mut elsewhere = import(&scene, vec![], vec![]);
    elsewhere.file.path = text("imports/9-x.json");
    assert!(matches!(refused(elsewhere), Illegal::Path { .. }));
}

#[test]
fn other_chains_only_grow() {
    let mut scene = Scene::sealed(&Wish::default());
    let told = |scene: &Scene, chain| Event::BundleImported(import(scene, vec![chain], vec![]));
    let first = told(&scene, chain("b", 5));
    scene.take(first).unwrap();
    assert_eq!(scene.state.known_chains()[&digest("b")], chain("b", 5));
    let cannot = |fault: Illegal, words: &str| {
        assert!(matches!(&fault, Illegal::Chain { machine, .. } if *machine == digest("b")), "{fault}");
        assert!(fault.to_string().contains(words), "{fault}");
    };
    cannot(scene.refused(told(&scene, chain("b", 4))), "more of it was known");
    let other = ChainHead { head: digest("else"), ..chain("b", 5) };
    cannot(scene.refused(told(&scene, other)), "in another way before");
    cannot(scene.refused(told(&scene, chain("b", 0))), "no line");
    cannot(scene.refused(told(&scene, chain("b", 1))), "its name");
    let same = told(&scene, chain("b", 5));
    scene.take(same).unwrap();
    let more = told(&scene, chain("b", 9));
    scene.take(more).unwrap();
    assert_eq!(scene.state.known_chains()[&digest("b")].lines, 9);
}

#[test]
fn of_its_own_chain_a_machine_believes_only_what_it_wrote() {
    let mut scene = Scene::sealed(&Wish::default());
    let machine = scene.state.machine();
    let own = |lines: u64, head| ChainHead { head, lines, machine };
    let told = |scene: &Scene, chain| Event::BundleImported(import(scene, vec![chain], vec![]));
    let longer = scene.refused(told(&scene, own(3, digest("x"))));
    assert!(longer.to_string().contains("this folder is an older copy"), "{longer}");
    let other = scene.refused(told(&scene, own(2, digest("x"))));
    assert!(other.to_string().contains("in another way"), "{other}");
    let good = told(&scene, own(2, scene.transcript.head()));
    scene.take(good).unwrap();
}

#[test]
fn a_chain_told_in_two_ways_is_named_and_not_believed() {
    let mut scene = Scene::sealed(&Wish::default());
    let split = Equivocation { found: digest("f"), known: digest("k"), line: 3, machine: digest("b") };
    let with = |scene: &Scene, told: Vec<Equivocation>, chains| {
        let imported = BundleImported { equivocations: told, ..import(scene, chains, vec![]) };
        Event::BundleImported(imported)
    };
    let refused = |event| scene.refused(event).to_string();
    let believed = refused(with(&scene, vec![split.clone()], vec![chain("b", 5)]));
    assert!(believed.contains("told in two ways and believed"), "{believed}");
    let same = Equivocation { found: digest("k"), ..split.clone() };
    assert!(refused(with(&scene, vec![same], vec![])).contains("the two are one"));
    let first = Equivocation { line: 1, ..split.clone() };
    assert!(refused(with(&scene, vec![first], vec![])).contains("its first line is its name"));
    let twice = vec![split.clone(), split.clone()];
    let unsorted = Illegal::Unsorted { what: "the equivocations" };
    assert_eq!(scene.refused(with(&scene, twice, vec![])), unsorted);
    let own = Equivocation { machine: scene.state.machine(), line: 2, ..split.clone() };
    assert!(refused(with(&scene, vec![own.clone()], vec![])).contains("this machine's own"));
    let line = tuf_ceremony::digest::Digest::of(scene.transcript.line(2).unwrap().as_bytes());
    let fork = with(&scene, vec![Equivocation { known: line, ..own }], vec![]);
    scene.take(fork).unwrap();
    let event = with(&scene, vec![split], vec![]);
    scene.take(event).unwrap();
    assert_eq!(scene.state.split_chains().len(), 2);
}

#[test]
fn a_signature_from_elsewhere_counts_only_once_its_holder_granted_what_the_draft_needs() {
    let tail = "[[exceptions]]\ncontrol = \"consistent-snapshot\"\nabout = \"consistent_snapshot\"\nreason = \"r\"\n";
    let wish = Wish { root: text("consistent-snapshot = false"), tail: text(tail), ..Wish::default() };
    let mut scene = Scene::sealed(&wish);
    let about = scene.draft("A").exceptions().next().unwrap().about.clone();
    let grant = |scene: &Scene, person: &str| {
        let (control, draft) = (Control::ConsistentSnapshot, scene.payload("A"));
        let (about, person) = (about.clone(), text(person));
        Event::ExceptionGranted(ExceptionGranted { about, control, draft, person, reason: text("r") })
    };
    let both = vec![arrived(&scene, "A", "anna-1"), arrived(&scene, "A", "bela-1")];
    let event = Event::BundleImported(import(&scene, vec![], both));
    scene.take(event).unwrap();
    let granted = grant(&scene, "anna");
    scene.take(granted).unwrap();
    let fault = scene.state.final_of(scene.payload("A")).unwrap_err();
    assert!(matches!(fault, Illegal::Finalize { ungranted: 1, .. }), "{fault}");
    let bela = key("bela-1").public().fingerprint();
    assert_eq!(scene.draft("A").ungranted_keys().into_iter().collect::<Vec<_>>(), [bela]);
    let granted = grant(&scene, "bela");
    scene.take(granted).unwrap();
    scene.finalize("A");
    // A third signature without a grant does not count and is not in the file.
    let mut other = scene.clone();
    let carla = vec![arrived(&other, "A", "carla-1")];
    let event = Event::BundleImported(import(&other, vec![], carla));
    other.take(event).unwrap();
    let before = scene.state.final_of(scene.payload("A")).unwrap().text;
    assert_eq!(other.state.final_of(other.payload("A")).unwrap().text, before);
}

#[test]
fn an_export_says_how_many_signatures_left() {
    let mut scene = Scene::sealed(&Wish::default());
    scene.sign("A", "anna", "anna-1");
    let bundle = || External { kept: text("on the stick"), sha256: digest("bundle") };
    let exported = |signatures| Event::BundleExported(BundleExported { bundle: bundle(), signatures });
    assert_eq!(scene.refused(exported(2)), Illegal::Count { claimed: 2, found: 1 });
    scene.take(exported(1)).unwrap();
}

fn from_a_bundle(shelf: &mut Shelf) -> Opened {
    // It is not at hand: what it says is its own word.
    let bundle = Shelf::default().put("", "a bundle");
    let bundle = Stored { path: format!("imports/1-{}.json", short(bundle.sha256)), ..bundle };
    let origin = Origin { bundle, chains: vec![chain("a", 7)], trust: None };
    Opened { origin: Some(origin), ..Wish::default().opened(shelf) }
}

#[test]
fn a_machine_takes_over_right_after_it_was_opened_from_the_others_bundle() {
    let changed = |from| {
        let (reason, watched_by) = (text("its screen died"), None);
        Event::MachineChanged(MachineChanged { by: text("anna"), from, reason, watched_by })
    };
    let mut shelf = Shelf::default();
    let opened = from_a_bundle(&mut shelf);
    let mut scene = Scene::of(shelf, opened).unwrap();
    assert_eq!(scene.refused(changed(chain("b", 7))), Illegal::NotATakeover);
    let mut later = scene.clone();
    scene.take(changed(chain("a", 7))).unwrap();
    assert_eq!(scene.refused(changed(chain("a", 7))), Illegal::NotATakeover);
    later.seal();
    assert_eq!(later.refused(changed(chain("a", 7))), Illegal::NotATakeover);
    assert_eq!(Scene::opened(&Wish::default()).refused(changed(chain("a", 7))), Illegal::NotATakeover);
}

#[test]
fn what_a_bundle_says_where_it_came_from_is_sorted_and_in_its_place() {
    let refused = |change: &dyn Fn(&mut Origin, &mut Shelf)| {
        let mut shelf = Shelf::default();
        let mut opened = from_a_bundle(&mut shelf);
        change(opened.origin.as_mut().unwrap(), &mut shelf);
        Scene::of(shelf, opened).map(drop).unwrap_err()
    };
    let twice = refused(&|o, _| o.chains.push(chain("a", 7)));
    assert_eq!(twice, Illegal::Unsorted { what: "the chains" });
    let place = refused(&|o, _| o.bundle.path = text("imports/2-x.json"));
    assert!(matches!(place, Illegal::Path { .. }), "{place}");
    // A first root builds on none, so any root of the opener's is none of the plan's.
    let trust = refused(&|o, shelf| {
        let root = crate::mint::root(1, &[&key("anna-1")], 1, &key("online"));
        let file = shelf.put("", format!("{{\"signatures\":[],\"signed\":{root}}}"));
        o.trust = Some(Stored { path: format!("inputs/{}.json", short(file.sha256)), ..file });
    });
    assert_eq!(trust, Illegal::Trust { given: true });
    let no_root = refused(&|o, shelf| {
        let file = shelf.put("", "{}");
        o.trust = Some(Stored { path: format!("inputs/{}.json", short(file.sha256)), ..file });
    });
    assert!(matches!(no_root, Illegal::NotARoot { .. }), "{no_root}");
    let gone = refused(&|o, _| {
        let sha256 = digest("gone");
        o.trust = Some(Stored { bytes: 1, path: format!("inputs/{}.json", short(sha256)), sha256 });
    });
    assert!(matches!(gone, Illegal::Missing { .. }), "{gone}");
}

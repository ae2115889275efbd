//! Two machines and the bundles between them: what a file brings is worked out again, and a line that says otherwise is
//! refused.

use tuf_ceremony::bundle::{Bundle, Part, Record};
use tuf_ceremony::digest::Digest;
use tuf_ceremony::forecast::{Out, now};
use tuf_ceremony::materials::Materials as _;
use tuf_ceremony::policy::Control;
use tuf_ceremony::receive::arrivals::ArrivalFault;
use tuf_ceremony::state::{Illegal, ImportFault};
use tuf_ceremony::transcript::Transcript;
use tuf_ceremony::transcript::event::*;

use crate::samples::{digest, note};
use crate::scene::{Scene, Shelf, Wish, key, short, text};

/// A root without consistent snapshots, for which each signer grants an exception.
fn wish() -> Wish {
    let tail = "[[exceptions]]\ncontrol = \"consistent-snapshot\"\nabout = \"consistent_snapshot\"\nreason = \"r\"\n";
    Wish { root: text("consistent-snapshot = false"), tail: text(tail), ..Wish::default() }
}

/// The bundle that a machine writes: its drafts with their signatures, its lines, and those of others.
fn bundle(scene: &Scene) -> Vec<u8> {
    let own: &Transcript = scene.state.transcript();
    let chains = scene.state.others().values().cloned().chain([own.clone()]);
    let record = Record::of(chains, &scene.shelf.0).unwrap();
    let parts = scene.state.drafts().map(|draft| draft.part().clone());
    Bundle::of_ceremony(parts, record).unwrap().write().unwrap().text
}

/// Another machine, with nothing but the bundle.
fn opened(text_of_bundle: &[u8]) -> (Shelf, Opened) {
    let checked = tuf_ceremony::bundle::Unchecked::read(text_of_bundle).unwrap().check(|_| None).unwrap();
    let record = checked.record().unwrap();
    let mut shelf = Shelf::default();
    for (_, file) in record.files() {
        shelf.put("", file);
    }
    let file = shelf.put("", text_of_bundle);
    let bundle = Stored { path: format!("imports/1-{}.json", short(file.sha256)), ..file };
    let first = record.chains().values().next().unwrap().entries()[0].clone();
    let Event::Opened(first) = first.event else { unreachable!() };
    let origin = Origin { bundle, chains: record.heads(), trust: None };
    (shelf, Opened { nonce: digest("another machine"), origin: Some(origin), ..*first })
}

fn arrive(scene: &mut Scene, form: Form, file: &[u8]) -> Result<BundleImported, Illegal> {
    let read = scene.state.arrivals(form, file.to_vec(), &scene.shelf.0)?;
    let stored = scene.shelf.put("", file);
    let path = format!("imports/{}-{}.json", scene.state.lines() + 1, short(stored.sha256));
    Ok(BundleImported {
        chains: read.chains,
        equivocations: read.equivocations,
        file: Stored { path, ..stored },
        form,
        signatures: read.signatures,
    })
}

fn import(scene: &mut Scene, file: &[u8]) {
    let imported = arrive(scene, Form::Bundle, file).unwrap();
    scene.take(Event::BundleImported(imported)).unwrap();
}

fn granted(scene: &mut Scene, person: &str) {
    let about = scene.draft("A").exceptions().next().unwrap().about.clone();
    let (control, draft) = (Control::ConsistentSnapshot, scene.payload("A"));
    let event = ExceptionGranted { about, control, draft, person: text(person), reason: text("r") };
    scene.take(Event::ExceptionGranted(event)).unwrap();
}

/// A, with anna's signature on the root; and B, which knows only what A sent.
fn two_machines() -> (Scene, Scene) {
    let mut a = Scene::sealed(&wish());
    granted(&mut a, "anna");
    a.sign("A", "anna", "anna-1");
    let sent = bundle(&a);
    let (shelf, opened) = opened(&sent);
    let mut b = Scene::of(shelf, opened).unwrap();
    b.seal();
    import(&mut b, &sent);
    (a, b)
}

#[test]
fn a_second_machine_starts_from_the_bundle_alone_and_its_lines_and_signatures_come_home() {
    let (mut a, mut b) = two_machines();
    assert_eq!(b.state.not_recomputed(), []);
    assert_ne!(a.state.machine(), b.state.machine());
    assert_eq!(b.state.others()[&a.state.machine()].text(), a.transcript.text());
    assert_eq!(b.draft("A").part().signatures().all().count(), 1);
    granted(&mut b, "bela");
    b.sign("A", "bela", "bela-1");
    let home = bundle(&b);
    import(&mut a, &home);
    assert_eq!(a.state.known_chains()[&b.state.machine()].head, b.transcript.head());
    let bela = key("bela-1").public().fingerprint();
    assert_eq!(a.draft("A").signers_of(bela).into_iter().collect::<Vec<_>>(), ["bela"]);
    // What each granted on her own machine, the other hears from her, and writes down.
    granted(&mut a, "bela");
    a.finalize("A");
    granted(&mut b, "anna");
    b.finalize("A");
    assert_eq!(a.state.finals(), b.state.finals());
}

/// Who is not counted on for the root, and why.
fn out(scene: &Scene) -> Vec<(String, Out)> {
    now(&scene.state).swap_remove(0).out
}

#[test]
fn a_refusal_far_away_is_not_waited_for_until_she_agrees_here() {
    let (mut a, mut b) = two_machines();
    let (draft, shown) = (b.payload("A"), b.shown());
    let declined = Declined { draft, person: text("bela"), reason: text("not my key"), shown };
    b.take(Event::Declined(declined)).unwrap();
    assert_eq!(out(&b), [(text("bela-1"), Out::Declined)]);
    let home = bundle(&b);
    assert_eq!(out(&a), []);
    import(&mut a, &home);
    assert_eq!(out(&a), [(text("bela-1"), Out::Declined)]);
    let agreed = a.consented("A", "bela");
    a.take(agreed).unwrap();
    assert_eq!(out(&a), []);
}

fn told(scene: &Scene) -> Vec<(String, Vec<Digest>)> {
    let draft = scene.draft("A");
    draft.told_grants().map(|(grant, by)| (grant.person.clone(), by.into_iter().collect())).collect()
}

#[test]
fn a_grant_of_another_machine_is_told_and_counts_only_once_it_is_written_down_here() {
    let (mut a, mut b) = two_machines();
    assert_eq!(told(&b), [(text("anna"), vec![a.state.machine()])]);
    granted(&mut b, "bela");
    b.sign("A", "bela", "bela-1");
    import(&mut a, &bundle(&b));
    let (draft, bela) = (a.payload("A"), key("bela-1").public().fingerprint());
    assert_eq!(told(&a), [(text("bela"), vec![b.state.machine()])]);
    assert_eq!(a.draft("A").ungranted_keys().into_iter().collect::<Vec<_>>(), [bela]);
    let fault = a.state.final_of(draft).unwrap_err();
    assert!(matches!(fault, Illegal::Finalize { ungranted: 1, .. }), "{fault}");
    assert!(a.state.grants().all(|grant| grant.person == "anna"));
    granted(&mut a, "bela");
    assert_eq!((told(&a), a.draft("A").ungranted_keys().len()), (vec![], 0));
    a.finalize("A");
}

#[test]
fn whoever_makes_a_bundle_grants_in_nobodys_name() {
    // Anna and Bela signed, as their holders by the plan, and granted nothing; a machine that nobody had says they did.
    let mut a = Scene::sealed(&wish());
    let draft = a.payload("A");
    let about = a.draft("A").exceptions().next().unwrap().about.clone();
    let control = Control::ConsistentSnapshot;
    let grant = |person: &str, reason: &str| {
        let (about, person, reason) = (about.clone(), text(person), text(reason));
        Event::ExceptionGranted(ExceptionGranted { about, control, draft, person, reason })
    };
    for name in ["anna-1", "bela-1"] {
        let foreign = peers(&a, name);
        let imported = arrive(&mut a, Form::Foreign, foreign.as_bytes()).unwrap();
        a.take(Event::BundleImported(imported)).unwrap();
    }
    let sent = forged(&a, &[grant("anna", "r"), grant("bela", "r"), grant("carla", "in other words")]);
    import(&mut a, &sent);
    let people: Vec<String> = told(&a).into_iter().map(|(person, _)| person).collect();
    assert_eq!(people, ["anna", "bela"], "what the plan does not ask for is not even told");
    let fault = a.state.final_of(draft).unwrap_err();
    assert!(matches!(fault, Illegal::Finalize { ungranted: 2, .. }), "{fault}");
}

/// The root as a peer's tool writes it, with the signature of this key.
fn peers(scene: &Scene, name: &str) -> String {
    let part: Part = scene.draft("A").part().clone();
    let (keyid, sig) = (&key(name).id, scene.signature("A", name));
    let entry = format!("[\n  {{\n   \"keyid\": \"{keyid}\",\n   \"sig\": \"{sig}\"\n  }}\n ]");
    part.draft().metadata().document().text().replacen("[]", &entry, 1)
}

#[test]
fn what_a_line_says_of_a_file_is_what_the_file_brings() {
    let (mut a, mut b) = two_machines();
    granted(&mut b, "bela");
    b.sign("A", "bela", "bela-1");
    let good = arrive(&mut a, Form::Bundle, &bundle(&b)).unwrap();
    let brought = |imported: &BundleImported, what| {
        let other = Illegal::Brought { path: good.file.path.clone(), what };
        assert_eq!(a.refused(Event::BundleImported(imported.clone())), other);
    };
    let mut fewer = good.clone();
    fewer.signatures.pop();
    brought(&fewer, "signatures");
    let mut shorter = good.clone();
    let machine = b.state.machine();
    let head = b.transcript.head_after(2).unwrap();
    shorter.chains = vec![ChainHead { head, lines: 2, machine }];
    brought(&shorter, "chains");
    let told = Equivocation { found: digest("f"), known: digest("k"), line: 2, machine: digest("c") };
    brought(&BundleImported { equivocations: vec![told], ..good.clone() }, "equivocations");
    a.take(Event::BundleImported(good)).unwrap();
}

#[test]
fn a_file_that_does_not_belong_here_is_not_imported() {
    let (mut a, b) = two_machines();
    let refused = |scene: &mut Scene, form, file: &[u8]| match arrive(scene, form, file).unwrap_err() {
        Illegal::Import(fault) => fault,
        other => panic!("{other}"),
    };
    let other = Scene::sealed(&Wish::default());
    let fault = refused(&mut a, Form::Bundle, &bundle(&other));
    assert!(matches!(fault, ImportFault::Arrival(ArrivalFault::Merge(_))), "{fault}");
    assert!(matches!(refused(&mut a, Form::Bundle, b"{}"), ImportFault::Bundle(_)));
    assert!(matches!(refused(&mut a, Form::Foreign, b"{}"), ImportFault::Foreign(_)));
    // The same from a line, for whoever did not ask before.
    let stored = a.shelf.put("", "{}");
    let path = format!("imports/{}-{}.json", a.state.lines() + 1, short(stored.sha256));
    let file = Stored { path, ..stored };
    let (chains, equivocations, signatures) = (vec![], vec![], vec![]);
    let line = BundleImported { chains, equivocations, file, form: Form::Bundle, signatures };
    assert!(matches!(a.refused(Event::BundleImported(line)), Illegal::Import(_)));
    // An older copy of A's folder meets A's own later lines.
    let mut old = Scene::sealed(&wish());
    let fault = refused(&mut old, Form::Bundle, &bundle(&b));
    assert!(matches!(fault, ImportFault::Arrival(ArrivalFault::OlderCopy { .. })), "{fault}");
}

#[test]
fn a_copied_folder_that_went_on_is_a_fork_that_is_named_with_its_signatures_kept() {
    let mut copy = Scene::sealed(&wish());
    let (mut a, _) = two_machines();
    copy.take(Event::Remarked(note("the copy goes on"))).unwrap();
    granted(&mut copy, "bela");
    copy.sign("A", "bela", "bela-1");
    let sent = bundle(&copy);
    import(&mut a, &sent);
    assert_eq!(a.state.split_chains().iter().collect::<Vec<_>>(), [&a.state.machine()]);
    assert_eq!(a.draft("A").part().signatures().all().count(), 2);
}

#[test]
fn a_partially_signed_file_of_a_peer_brings_its_signatures() {
    let mut a = Scene::sealed(&Wish::default());
    let foreign = peers(&a, "bela-1");
    let imported = arrive(&mut a, Form::Foreign, foreign.as_bytes()).unwrap();
    assert_eq!(imported.signatures.len(), 1);
    let not_a_bundle = BundleImported { form: Form::Bundle, ..imported.clone() };
    assert!(matches!(a.refused(Event::BundleImported(not_a_bundle)), Illegal::Import(_)));
    a.take(Event::BundleImported(imported)).unwrap();
    assert_eq!(a.draft("A").part().signatures().all().count(), 1);
}

#[test]
fn the_bundle_that_a_folder_was_opened_from_is_of_its_ceremony_and_holds_the_chains_that_it_says() {
    let a = Scene::sealed(&wish());
    let sent = bundle(&a);
    let refused = |change: &dyn Fn(&mut Opened, &mut Shelf)| {
        let (mut shelf, mut opened) = opened(&sent);
        change(&mut opened, &mut shelf);
        Scene::of(shelf, opened).map(drop).unwrap_err()
    };
    let chains = refused(&|o, _| o.origin.as_mut().unwrap().chains[0].head = digest("x"));
    assert!(matches!(chains, Illegal::Brought { what: "chains", .. }), "{chains}");
    let spec = refused(&|o, _| o.spec_version = text("1.0.0"));
    assert!(matches!(spec, Illegal::Brought { what: "salt or spec_version", .. }), "{spec}");
    let put = |o: &mut Opened, shelf: &mut Shelf, bytes: Vec<u8>| {
        let file = shelf.put("", bytes);
        let path = format!("imports/1-{}.json", short(file.sha256));
        o.origin.as_mut().unwrap().bundle = Stored { path, ..file };
    };
    let other = bundle(&Scene::sealed(&Wish::default()));
    let other = refused(&|o, shelf| put(o, shelf, other.clone()));
    assert!(matches!(other, Illegal::Import(ImportFault::Edition(_))), "{other}");
    let parts = || a.state.drafts().map(|d| d.part().clone());
    let plain = Bundle::of(parts().next().unwrap()).write().unwrap().text;
    let plain = refused(&|o, shelf| put(o, shelf, plain.clone()));
    assert_eq!(plain, Illegal::Import(ImportFault::NoRecord));
}

#[test]
fn an_import_whose_file_is_gone_is_said_and_its_signatures_are_verified_all_the_same() {
    let (_, b) = two_machines();
    let mut shelf = b.shelf.clone();
    let Event::BundleImported(line) = &b.transcript.entries()[2].event else { unreachable!() };
    assert!(shelf.0.bytes(line.file.sha256).is_some());
    // Origin and import are one file here.
    shelf.0.remove(&line.file.sha256);
    let mut entries = b.transcript.entries().iter();
    let first = tuf_ceremony::state::State::begin(entries.next().unwrap(), &shelf.0).unwrap();
    let replayed = entries.try_fold(first, |state, entry| state.then(entry, &shelf.0)).unwrap();
    let lines: Vec<u64> = replayed.not_recomputed().iter().map(|gap| gap.line).collect();
    assert_eq!(lines, [1, 3]);
    assert_eq!(replayed.draft(b.payload("A")).unwrap().part().signatures().all().count(), 1);
}

/// A bundle that somebody made by hand: the signatures that `scene` has, and a machine that nobody ever had, with these lines
/// behind its first two.
fn forged(scene: &Scene, lines: &[Event]) -> Vec<u8> {
    let mut chain = Transcript::default();
    let Event::Opened(first) = &scene.transcript.entries()[0].event else { unreachable!() };
    let first = Opened { nonce: digest("nobody's machine"), ..(**first).clone() };
    let said = [Event::Opened(first.into()), scene.transcript.entries()[1].event.clone()];
    for event in said.iter().chain(lines) {
        chain.push(chain.next(crate::scene::CLOCK, event.clone())).unwrap();
    }
    let record = Record::of([scene.state.transcript().clone(), chain], &scene.shelf.0).unwrap();
    let parts = scene.state.drafts().map(|draft| draft.part().clone());
    Bundle::of_ceremony(parts, record).unwrap().write().unwrap().text
}

#[test]
fn nobody_signs_for_another_or_grants_in_her_place_because_a_foreign_chain_says_so() {
    // Anna and Bela signed elsewhere, and granted nothing.
    let mut a = Scene::sealed(&wish());
    let mut lines = Vec::new();
    let about = a.draft("A").exceptions().next().unwrap().about.clone();
    let (control, draft) = (Control::ConsistentSnapshot, a.payload("A"));
    let granted = |person| ExceptionGranted {
        about: about.clone(),
        control,
        draft,
        person: text(person),
        reason: text("r"),
    };
    lines.push(Event::ExceptionGranted(granted("mallory")));
    for name in ["anna-1", "bela-1"] {
        let begun = a.begun("A", "mallory", name);
        lines.push(Event::SigningBegun(begun));
        lines.push(Event::SignatureAdmitted(SignatureAdmitted {
            begun: 2 + lines.len() as u64,
            sig: a.signature("A", name),
        }));
    }
    for name in ["anna-1", "bela-1"] {
        let foreign = peers(&a, name);
        let imported = arrive(&mut a, Form::Foreign, foreign.as_bytes()).unwrap();
        a.take(Event::BundleImported(imported)).unwrap();
    }
    assert!(a.state.final_of(draft).is_err());
    let sent = forged(&a, &lines);
    import(&mut a, &sent);
    let anna = key("anna-1").public().fingerprint();
    assert_eq!(a.draft("A").signers_of(anna).into_iter().collect::<Vec<_>>(), ["anna"]);
    assert!(a.state.final_of(draft).is_err());
}

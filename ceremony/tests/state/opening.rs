//! The first line, the key phase, and the drafts: nothing is believed because it stands there.

use tuf_ceremony::seal::SealFault;
use tuf_ceremony::state::{Illegal, Phase};
use tuf_ceremony::transcript::event::*;

use crate::samples::digest;
use crate::scene::{Scene, Shelf, Wish, card, key, text};

/// Why a first line is refused that differs from a good one like this.
fn refused(wish: &Wish, change: impl FnOnce(&mut Opened, &mut Shelf)) -> Illegal {
    let mut shelf = Shelf::default();
    let mut opened = wish.opened(&mut shelf);
    Scene::of(shelf.clone(), opened.clone()).unwrap();
    change(&mut opened, &mut shelf);
    Scene::of(shelf, opened).map(drop).unwrap_err()
}

fn plain(change: impl FnOnce(&mut Opened, &mut Shelf)) -> Illegal {
    refused(&Wish::default(), change)
}

fn not_the_plans(what: &str) -> Illegal {
    Illegal::NotThePlans { what: text(what) }
}

#[test]
fn a_ceremony_opens_with_its_plan_and_waits_for_its_drafts() {
    let mut scene = Scene::opened(&Wish::default());
    assert_eq!((scene.state.phase(), scene.state.drafts().count()), (Phase::Sealing, 0));
    scene.seal();
    assert_eq!(scene.state.phase(), Phase::Collecting);
    let letters: Vec<(&str, &str)> =
        scene.state.drafts().map(|d| (d.letter(), d.part().draft().role())).collect();
    assert_eq!(letters, [("A", "root"), ("B", "targets"), ("C", "snapshot"), ("D", "timestamp")]);
    let paths: Vec<&str> = scene.state.files().keys().map(String::as_str).collect();
    let cards = ["cards/anna-1.0.json", "cards/bela-1.0.json", "cards/carla-1.0.json", "cards/online.0.pem"];
    let drafts = ["drafts/0-a.json", "drafts/0-b.json", "drafts/0-c.json", "drafts/0-d.json"];
    assert_eq!(paths, [&cards[..], &drafts, &["plan/0.plan.toml"]].concat());
}

#[test]
fn another_format_or_other_rules_are_for_another_version() {
    assert_eq!(plain(|o, _| o.format = 2), Illegal::Version { format: 2, rules: 1 });
    assert_eq!(plain(|o, _| o.rules = 0), Illegal::Version { format: 1, rules: 0 });
}

#[test]
fn the_ceremony_is_called_by_what_it_is_made_of() {
    let fault = plain(|o, _| o.salt = digest("other"));
    assert!(matches!(fault, Illegal::Ceremony { .. }), "{fault}");
    let fault = plain(|o, _| o.ceremony = digest("other"));
    assert!(matches!(fault, Illegal::Ceremony { claimed, .. } if claimed == digest("other")), "{fault}");
    // Another plan under the same name.
    let fault = plain(|o, shelf| {
        let other = Wish { threshold: 1, ..Wish::default() }.text(shelf);
        o.plan = shelf.put("plan/0.plan.toml", other);
    });
    assert!(matches!(fault, Illegal::Ceremony { .. }), "{fault}");
}

#[test]
fn the_plan_is_there_whole_readable_and_in_its_place() {
    let missing = plain(|o, shelf| drop(shelf.0.remove(&o.plan.sha256)));
    assert!(matches!(&missing, Illegal::Missing { what, .. } if what == "the plan"), "{missing}");
    let length = plain(|o, _| o.plan.bytes += 1);
    assert!(matches!(length, Illegal::Length { .. }), "{length}");
    let unreadable = plain(|o, shelf| o.plan = shelf.put("plan/0.plan.toml", "format = 1"));
    assert!(matches!(unreadable, Illegal::Plan(_)), "{unreadable}");
    let place = plain(|o, _| o.plan.path = text("plan/1.plan.toml"));
    let wanted = text("plan/0.plan.toml");
    assert_eq!(place, Illegal::Path { path: text("plan/1.plan.toml"), wanted });
}

#[test]
fn practice_and_reality_do_not_mix() {
    let fault = plain(|o, _| o.rehearsal = true);
    assert_eq!(fault, Illegal::Rehearsal { what: text("the plan"), marked: false });
    let practice = Wish { rehearsal: true, ..Wish::default() };
    let fault = refused(&practice, |o, _| o.rehearsal = false);
    assert_eq!(fault, Illegal::Rehearsal { what: text("the plan"), marked: true });
}

#[test]
fn the_first_machine_opens_the_first_generation() {
    assert_eq!(
        plain(|o, _| {
            o.generation = 1;
            o.plan.path = text("plan/1.plan.toml");
            o.cards.values_mut().for_each(|card| card.path = card.path.replace(".0.", ".1."));
        }),
        Illegal::Generation { found: 1, wanted: 0 }
    );
}

#[test]
fn the_files_of_keys_are_those_of_the_plan_in_their_places() {
    let of = |name: &str| not_the_plans(&format!("the file of the key {name:?}"));
    assert_eq!(plain(|o, _| drop(o.cards.remove("bela-1"))), of("bela-1"));
    let other = plain(|o, shelf| {
        let file = shelf.put("cards/bela-1.0.pem", key("dora-1").public().public_text());
        o.cards.insert(text("bela-1"), file);
    });
    assert_eq!(other, of("bela-1"));
    assert_eq!(plain(|o, _| drop(o.cards.insert(text("dora-1"), o.cards["bela-1"].clone()))), of("dora-1"));
    let elsewhere = plain(|o, _| o.cards.get_mut("bela-1").unwrap().path = text("cards/bela-1.0.pem"));
    assert!(matches!(elsewhere, Illegal::Path { .. }), "{elsewhere}");
    let gone = plain(|o, shelf| drop(shelf.0.remove(&o.cards["bela-1"].sha256)));
    assert!(matches!(gone, Illegal::Seal(SealFault::Missing { .. })), "{gone}");
    let early = Wish { to_be_made: vec!["bela-1"], ..Wish::default() };
    let early = refused(&early, |o, shelf| {
        let file = shelf.put("cards/bela-1.0.json", card("bela-1", "Bela B.", false));
        o.cards.insert(text("bela-1"), file);
    });
    assert_eq!(early, of("bela-1"));
}

#[test]
fn documents_and_deltas_that_the_plan_does_not_name_are_refused() {
    let more = plain(|o, shelf| o.inputs.push(shelf.put("inputs/x.json", "{}")));
    assert_eq!(more, not_the_plans("the document inputs/x.json"));
    let delta = plain(|o, shelf| o.delta = Some(shelf.put("inputs/x.delta.json", "{}")));
    assert_eq!(delta, not_the_plans("the delta of the targets"));
    let adds = Wish { tail: text("[targets.add]\n\"a.txt\" = \"a.txt\"\n"), ..Wish::default() };
    let mut shelf = Shelf::default();
    let opened = adds.opened(&mut shelf);
    assert_eq!(Scene::of(shelf, opened).map(drop), Err(not_the_plans("the delta of the targets")));
}

#[test]
fn dates_and_devices_of_the_first_line_are_possible_and_one_device_is_explained() {
    assert_eq!(plain(|o, _| o.date = text("today")), Illegal::Date { text: text("today") });
    assert_eq!(plain(|o, _| o.devices = 3), Illegal::Devices(3));
    assert_eq!(plain(|o, _| o.devices = 1), Illegal::OneDevice { needed: true });
    assert_eq!(
        plain(|o, _| (o.devices, o.one_device) = (1, Some(text(" ")))).to_string(),
        Illegal::OneDevice { needed: true }.to_string()
    );
    assert_eq!(plain(|o, _| o.one_device = Some(text("why"))), Illegal::OneDevice { needed: false });
    let mut shelf = Shelf::default();
    let explained =
        Opened { devices: 1, one_device: Some(text("it broke")), ..Wish::default().opened(&mut shelf) };
    assert_eq!(Scene::of(shelf, explained).unwrap().state.devices(), 1);
    let practice = Wish { rehearsal: true, ..Wish::default() };
    let mut shelf = Shelf::default();
    let practice = Opened { devices: 1, ..practice.opened(&mut shelf) };
    assert!(Scene::of(shelf, practice).is_ok());
}

fn with_cards() -> Wish {
    Wish { to_be_made: vec!["bela-1", "carla-1"], ..Wish::default() }
}

fn compared(scene: &mut Scene, name: &str, text_of_card: String) -> Event {
    let card = scene.shelf.put(&format!("cards/{name}.0.json"), text_of_card);
    Event::CardCompared(CardCompared { card, key: text(name) })
}

#[test]
fn drafts_wait_until_every_card_was_compared() {
    let mut scene = Scene::opened(&with_cards());
    assert_eq!(scene.state.cards_to_make().collect::<Vec<_>>(), ["bela-1", "carla-1"]);
    scene
        .take(Event::TokenPrepared(TokenPrepared { key: text("bela-1"), token: text("pkcs11:serial=1") }))
        .unwrap();
    let bela = compared(&mut scene, "bela-1", card("bela-1", "Bela B.", false));
    scene.take(bela.clone()).unwrap();
    assert_eq!(scene.state.phase(), Phase::Keys);
    assert_eq!(scene.refused(bela), Illegal::NotToBeMade { key: text("bela-1") });
    let carla = compared(&mut scene, "carla-1", card("carla-1", "Carla C.", false));
    scene.take(carla).unwrap();
    assert_eq!(scene.state.phase(), Phase::Sealing);
    scene.seal();
    scene.sign("A", "carla", "carla-1");
}

#[test]
fn a_card_is_whole_about_the_key_that_was_made_and_about_its_holder() {
    let mut scene = Scene::opened(&with_cards());
    let unknown = Event::TokenPrepared(TokenPrepared { key: text("anna-1"), token: text("pkcs11:serial=1") });
    assert_eq!(scene.refused(unknown), Illegal::NotToBeMade { key: text("anna-1") });
    let generated = |name: &str, of: &str| {
        let (fingerprint, scheme) = (key(of).public().fingerprint(), text("ecdsa-sha2-nistp256"));
        Event::KeyGenerated(KeyGenerated {
            fingerprint,
            key: text(name),
            scheme,
            token: text("pkcs11:serial=1"),
        })
    };
    assert_eq!(scene.refused(generated("anna-1", "x")), Illegal::NotToBeMade { key: text("anna-1") });
    scene.take(generated("bela-1", "other")).unwrap();
    let good = compared(&mut scene, "bela-1", card("bela-1", "Bela B.", false));
    let (found, made) = (key("bela-1").public().fingerprint(), key("other").public().fingerprint());
    assert_eq!(scene.refused(good.clone()), Illegal::OtherKeyMade { key: text("bela-1"), card: found, made });
    scene.take(generated("bela-1", "bela-1")).unwrap();
    let bad = [
        card("bela-1", "Bela B.", true),
        card("bela-1", "Carla C.", false),
        card("bela-1", "Bela B.", false).replace("Bela", "Anna"),
        text("{}"),
    ];
    for bad in bad {
        let event = compared(&mut scene, "bela-1", bad);
        let fault = scene.refused(event);
        assert!(matches!(fault, Illegal::Seal(SealFault::Roles(_))), "{fault}");
    }
    let Event::CardCompared(mut elsewhere) = good.clone() else { unreachable!() };
    elsewhere.card.path = text("cards/carla-1.0.json");
    assert!(matches!(scene.refused(Event::CardCompared(elsewhere)), Illegal::Path { .. }));
    let gone = Stored { sha256: digest("gone"), ..scene.state.plan_file().clone() };
    let gone = Stored { path: text("cards/bela-1.0.json"), ..gone };
    let gone = Event::CardCompared(CardCompared { card: gone, key: text("bela-1") });
    assert!(matches!(scene.refused(gone), Illegal::Seal(SealFault::Missing { .. })));
    scene.take(good).unwrap();
}

#[test]
fn drafts_are_those_that_the_plan_gives_to_the_last_field() {
    let scene = Scene::opened(&Wish::default());
    let good = scene.state.to_seal(&scene.shelf.0).unwrap().1;
    let refused = |change: &dyn Fn(&mut Sealed)| {
        let mut sealed = good.clone();
        change(&mut sealed);
        scene.refused(Event::Sealed(sealed))
    };
    let differs = |letter: &str, what| Illegal::Draft { letter: text(letter), what };
    assert_eq!(refused(&|s| drop(s.drafts.pop())), differs("", "number"));
    assert_eq!(refused(&|s| s.drafts.swap(2, 3)), differs("C", "letter"));
    assert_eq!(refused(&|s| s.drafts[0].role = text("targets")), differs("A", "role"));
    assert_eq!(refused(&|s| s.drafts[1].version = 2), differs("B", "version"));
    assert_eq!(refused(&|s| s.drafts[1].payload = digest("x")), differs("B", "payload"));
    assert_eq!(refused(&|s| s.drafts[1].payload_bytes += 1), differs("B", "length of the payload"));
    assert_eq!(refused(&|s| s.drafts[1].authorities[0] = digest("x")), differs("B", "authority"));
    assert_eq!(refused(&|s| s.drafts[3].file.sha256 = digest("x")), differs("D", "file"));
    assert_eq!(refused(&|s| s.drafts[3].file.path = text("drafts/0-e.json")), differs("D", "file"));
}

#[test]
fn findings_are_those_that_the_rules_give() {
    let tail = "[[exceptions]]\ncontrol = \"consistent-snapshot\"\nabout = \"consistent_snapshot\"\nreason = \"r\"\n";
    let wish = Wish { root: text("consistent-snapshot = false"), tail: text(tail), ..Wish::default() };
    let scene = Scene::opened(&wish);
    let good = scene.state.to_seal(&scene.shelf.0).unwrap().1;
    assert!(good.findings.iter().any(|f| f.needs_exception));
    let refused =
        |findings: Vec<SealedFinding>| scene.refused(Event::Sealed(Sealed { findings, ..good.clone() }));
    assert!(matches!(refused(vec![]), Illegal::Findings { .. }));
    let mut more = good.findings.clone();
    more.push(SealedFinding { about: text("x"), ..more[0].clone() });
    assert!(matches!(refused(more), Illegal::Findings { .. }));
    let mut tame = good.findings.clone();
    tame.iter_mut().for_each(|f| f.needs_exception = false);
    assert!(matches!(refused(tame), Illegal::Findings { .. }));
}

#[test]
fn drafts_that_cannot_be_made_are_not_sealed() {
    let mut scene = Scene::opened(&with_cards());
    let bela = compared(&mut scene, "bela-1", card("bela-1", "Bela B.", false));
    scene.take(bela).unwrap();
    // One key for two of them.
    let carla = compared(&mut scene, "carla-1", card("bela-1", "Carla C.", false));
    scene.take(carla).unwrap();
    let sealed = Sealed { drafts: vec![], findings: vec![] };
    assert!(matches!(scene.refused(Event::Sealed(sealed)), Illegal::Seal(SealFault::Roles(_))));
}

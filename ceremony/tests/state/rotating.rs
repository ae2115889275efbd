//! A ceremony on a published root: its documents, the opener's own copy of a root, kept keys, and root 2 to the end.

use tuf_ceremony::bundle::Part;
use tuf_ceremony::digest::Digest;
use tuf_ceremony::seal::{SPEC_VERSION, SealFault};
use tuf_ceremony::state::Illegal;
use tuf_ceremony::transcript::ceremony_id;
use tuf_ceremony::transcript::event::*;

use crate::mint::{self, Key};
use crate::samples::digest;
use crate::scene::{Scene, Shelf, card, key, short, text};

/// A published root, signed by its first key.
fn published(version: u64, holders: &[&Key], before: Option<&str>) -> String {
    let draft = mint::metadata(&mint::root(version, holders, 1, &key("online")));
    let part: Part = mint::part(draft, before.map(mint::text), None);
    let signed = mint::signed(part, &holders[..1]);
    String::from_utf8(signed.finalize().unwrap().text).unwrap()
}

/// Two roots, both published: the second is the trusted one.
fn roots() -> [String; 2] {
    let (anna, bela) = (key("anna-1"), key("bela-1"));
    let first = published(1, &[&anna], None);
    let second = published(2, &[&anna, &bela], Some(&first));
    [first, second]
}

fn input(shelf: &mut Shelf, bytes: &str) -> Stored {
    let stored = shelf.put("", bytes);
    Stored { path: format!("inputs/{}.json", short(stored.sha256)), ..stored }
}

/// Carla joins anna, whose key stands in the root; bela's is on its way out and the plan does not speak of it.
fn plan(shelf: &mut Shelf, roots: &[String; 2]) -> String {
    let [first, second] = roots.each_ref().map(|root| Digest::of(root.as_bytes()));
    let carla = shelf.put("", card("carla-1", "Carla C.", false)).sha256;
    format!(
        r#"format = 1
title = "Carla joins"
kind = "rotation"
[predecessor]
chain = [{{ file = "1.root.json", sha256 = "{first}" }}]
root = {{ file = "2.root.json", sha256 = "{second}" }}
[people.anna]
name = "Anna A."
part = "keyholder"
[people.carla]
name = "Carla C."
part = "keyholder"
[keys.anna-1]
holders = ["anna"]
keyid = "{anna}"
[keys.carla-1]
holders = ["carla"]
card = {{ file = "carla.json", sha256 = "{carla}" }}
[root]
version = 3
expires = "2027-12-01T00:00:00Z"
[root.roles]
root = {{ keys = ["anna-1", "carla-1"], threshold = 2 }}
"#,
        anna = key("anna-1").id
    )
}

fn opened(shelf: &mut Shelf) -> Opened {
    let roots = roots();
    let inputs = roots.iter().map(|root| input(shelf, root)).collect();
    let plan = plan(shelf, &roots);
    let plan = shelf.put("plan/0.plan.toml", plan);
    let carla = shelf.put("cards/carla-1.0.json", card("carla-1", "Carla C.", false));
    let root = mint::text(&roots[1]).payload();
    Opened {
        cards: [(text("carla-1"), carla)].into(),
        ceremony: ceremony_id(plan.sha256, Some(root), false, digest("salt")),
        date: text("2027-03-05"),
        delta: None,
        devices: 2,
        format: 1,
        generation: 0,
        inputs,
        nonce: digest("nonce"),
        one_device: None,
        origin: None,
        plan,
        profile: None,
        rehearsal: false,
        rules: 1,
        salt: digest("salt"),
        spec_version: text(SPEC_VERSION),
        tool: text("conclave 0.1.0"),
    }
}

fn refused(change: impl FnOnce(&mut Opened, &mut Shelf)) -> Illegal {
    let mut shelf = Shelf::default();
    let mut opened = opened(&mut shelf);
    change(&mut opened, &mut shelf);
    Scene::of(shelf, opened).map(drop).unwrap_err()
}

fn scene() -> Scene {
    let mut shelf = Shelf::default();
    let opened = opened(&mut shelf);
    let mut scene = Scene::of(shelf, opened).unwrap();
    scene.seal();
    scene
}

#[test]
fn a_rotation_is_final_when_the_old_root_and_the_new_are_satisfied() {
    let mut scene = scene();
    assert_eq!(scene.draft("A").part().authorities().len(), 2);
    scene.sign("A", "carla", "carla-1");
    assert!(scene.state.final_of(scene.payload("A")).is_err());
    scene.sign("A", "anna", "anna-1");
    scene.finalize("A");
    assert_eq!(scene.draft("A").final_file().unwrap().path, "final/3.root.json");
}

#[test]
fn a_kept_key_belongs_to_whom_the_plan_says_and_one_it_does_not_name_to_whoever_comes_with_it() {
    let mut scene = scene();
    for person in ["anna", "carla", "bela"] {
        let consented = scene.consented("A", person);
        scene.take(consented).unwrap();
    }
    let begun = |person: &str, name: &str| Event::SigningBegun(scene.begun("A", person, name));
    let fault = scene.refused(begun("carla", "anna-1"));
    assert!(matches!(&fault, Illegal::NotHers { holders, .. } if holders == &["anna"]), "{fault}");
    let event = begun("bela", "bela-1");
    scene.take(event).unwrap();
    assert_eq!(scene.state.holders(key("bela-1").public().fingerprint()).len(), 0);
}

#[test]
fn the_documents_are_those_of_the_plan_in_its_order_and_place() {
    let not = |what: &str| Illegal::NotThePlans { what: text(what) };
    assert_eq!(refused(|o, _| o.inputs.reverse()), not("root 1 of the chain"));
    assert_eq!(refused(|o, _| drop(o.inputs.pop())), not("the published root"));
    let elsewhere = refused(|o, _| o.inputs[0].path = text("inputs/root.json"));
    assert!(matches!(elsewhere, Illegal::Path { .. }), "{elsewhere}");
    let longer = refused(|o, _| o.inputs[1].bytes += 1);
    assert!(matches!(longer, Illegal::Length { .. }), "{longer}");
    let gone = refused(|o, shelf| drop(shelf.0.remove(&o.inputs[1].sha256)));
    assert!(matches!(&gone, Illegal::Missing { what, .. } if what == "the trusted root"), "{gone}");
}

#[test]
fn without_an_earlier_root_the_way_to_the_trusted_one_cannot_be_judged() {
    let mut shelf = Shelf::default();
    let opened = opened(&mut shelf);
    shelf.0.remove(&opened.inputs[0].sha256);
    let scene = Scene::of(shelf, opened).unwrap();
    let fault = scene.state.to_seal(&scene.shelf.0).map(drop).unwrap_err();
    assert!(matches!(fault, Illegal::Seal(SealFault::Missing { .. })), "{fault}");
}

fn from_a_bundle(shelf: &mut Shelf, trust: Option<&str>) -> Opened {
    // It is not at hand: what it says is its own word.
    let bundle = Shelf::default().put("", "a bundle");
    let bundle = Stored { path: format!("imports/1-{}.json", short(bundle.sha256)), ..bundle };
    let trust = trust.map(|root| input(shelf, root));
    Opened { origin: Some(Origin { bundle, chains: vec![], trust }), ..opened(shelf) }
}

#[test]
fn above_version_1_the_opener_of_a_bundle_has_a_root_of_her_own_on_the_way() {
    let open = |trust: Option<&str>| {
        let mut shelf = Shelf::default();
        let opened = from_a_bundle(&mut shelf, trust);
        Scene::of(shelf, opened).map(drop)
    };
    let [first, second] = roots();
    assert_eq!(open(None), Err(Illegal::Trust { given: false }));
    assert_eq!(open(Some(&first)), Ok(()));
    assert_eq!(open(Some(&second)), Ok(()));
    let other = published(1, &[&key("dora-1")], None);
    assert_eq!(open(Some(&other)), Err(Illegal::Trust { given: true }));
    let targets = format!("{{\"signatures\":[],\"signed\":{}}}", mint::targets(1, &[]));
    assert!(matches!(open(Some(&targets)), Err(Illegal::NotARoot { .. })));
}

#[test]
fn a_plan_on_another_root_is_another_ceremonys() {
    let mut scene = scene();
    let (anna, dora) = (key("anna-1"), key("dora-1"));
    let [first, _] = roots();
    let other = [first.clone(), published(2, &[&anna, &dora], Some(&first))];
    let plan = plan(&mut scene.shelf, &other);
    let replanned = Replanned {
        by: text("anna"),
        cards: scene.state.cards().clone(),
        delta: None,
        generation: 1,
        inputs: other.iter().map(|root| input(&mut scene.shelf, root)).collect(),
        plan: scene.shelf.put("plan/1.plan.toml", plan),
        reason: text("it was published meanwhile"),
    };
    assert_eq!(scene.refused(Event::Replanned(replanned)), Illegal::OtherRoot);
}

#[test]
fn a_bundles_generation_may_be_a_later_one_and_then_its_name_is_its_own_word() {
    let mut shelf = Shelf::default();
    let mut opened = from_a_bundle(&mut shelf, Some(&roots()[0]));
    opened.generation = 2;
    opened.plan.path = text("plan/2.plan.toml");
    opened.cards.get_mut("carla-1").unwrap().path = text("cards/carla-1.2.json");
    opened.ceremony = digest("told by the bundle");
    let mut scene = Scene::of(shelf, opened).unwrap();
    assert_eq!(scene.state.generation(), 2);
    assert_eq!(scene.state.not_recomputed().len(), 1);
    scene.seal();
}

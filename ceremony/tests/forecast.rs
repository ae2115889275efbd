//! The forecast: whether those who come can meet every threshold, on the old and on the new side.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test stops at the first surprise")]

#[path = "mint/mint.rs"]
mod mint;

use std::collections::{BTreeMap, BTreeSet};

use mint::Key;
use tuf_ceremony::forecast::{Needed, Out, Outlook, Side, SoFar, forecast};
use tuf_ceremony::key::Fingerprint;
use tuf_ceremony::keyset::Authority;
use tuf_ceremony::metadata::Metadata;
use tuf_ceremony::plan::Plan;

fn key(name: &str) -> Key {
    Key::p256(name)
}

/// A rotation from ada, bob, cyd (2) to ada, bob, dan (2); `keys` and `people` are lines of the plan.
struct Scene {
    plan: Plan,
    old: Metadata,
    new: Metadata,
}

const PEOPLE: &str = r#"
ada = { name = "Ada", part = "keyholder" }
bob = { name = "Bob", part = "keyholder" }
cyd = { name = "Cyd", part = "keyholder" }
dan = { name = "Dan", part = "keyholder" }
"#;

const KEYS: &str = r#"
ada = { holders = ["ada"], card = "to be made" }
bob = { holders = ["bob"], card = "to be made" }
cyd = { holders = ["cyd"], card = "to be made" }
dan = { holders = ["dan"], card = "to be made" }
online = { card = "to be made" }
"#;

fn scene(people: &str, keys: &str) -> Scene {
    let zeros = "0".repeat(64);
    let text = format!(
        "format = 1\ntitle = \"t\"\nkind = \"rotation\"\n[predecessor]\nroot = {{ file = \"r.json\", sha256 = \"{zeros}\" }}\n[people]\n{people}\n[keys]\n{keys}\n[root]\nversion = 2\nexpires = \"2028-03-05T00:00:00Z\"\n"
    );
    let plan = Plan::read(text.as_bytes()).unwrap();
    let root = |version, last: &str| {
        mint::metadata(&mint::root(version, &[&key("ada"), &key("bob"), &key(last)], 2, &key("online")))
    };
    Scene { plan, old: root(1, "cyd"), new: root(2, "dan") }
}

fn prints(plan: &Plan) -> BTreeMap<String, Fingerprint> {
    // A second key of the plan may be the same public key.
    plan.keys.keys().map(|n| (n.clone(), key(n.trim_end_matches("-too")).public().fingerprint())).collect()
}

impl Scene {
    fn outlooks(&self, role: &str, absent: &[&str]) -> Vec<Outlook> {
        self.so_far(role, absent, SoFar::default())
    }

    fn so_far(&self, role: &str, absent: &[&str], so_far: SoFar) -> Vec<Outlook> {
        let authorities = [&self.new, &self.old].map(|root| Authority::in_document(root, role).unwrap());
        let draft = Needed { letter: "A", payload: self.new.payload(), authorities: &authorities, so_far };
        let absent: BTreeSet<String> = absent.iter().map(|&name| name.to_owned()).collect();
        forecast(&self.plan, &[draft], &prints(&self.plan), &absent).unwrap()
    }

    /// needed, available, margin and the single people of the new side, then of the old.
    fn told(&self, absent: &[&str]) -> [(u64, u64, i64, Vec<String>); 2] {
        let told = |o: &Outlook| (o.needed, o.available, o.margin(), o.single_people.clone());
        let all = self.outlooks("root", absent);
        assert_eq!([all[0].side, all[1].side], [Side::New, Side::Old]);
        [told(&all[0]), told(&all[1])]
    }
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

#[test]
fn with_everybody_there_each_side_has_one_to_spare_and_nobody_is_single() {
    let all = scene(PEOPLE, KEYS).told(&[]);
    assert_eq!(all, [(2, 3, 1, vec![]), (2, 3, 1, vec![])]);
}

#[test]
fn one_absent_person_may_cost_one_side_only() {
    let all = scene(PEOPLE, KEYS).told(&["cyd"]);
    assert_eq!(all, [(2, 3, 1, vec![]), (2, 2, 0, names(&["ada", "bob"]))]);
}

#[test]
fn below_the_threshold_the_margin_says_how_many_are_missing_and_nobody_is_single() {
    let scene = scene(PEOPLE, KEYS);
    assert_eq!(scene.told(&["cyd", "ada", "bob"])[1], (2, 0, -2, vec![]));
    let outlook = &scene.outlooks("root", &["ada", "bob"])[0];
    assert_eq!((outlook.can_be_met, outlook.margin()), (false, -1));
}

#[test]
fn a_person_who_has_not_announced_herself_is_not_counted_on() {
    let people = PEOPLE.replace("name = \"Bob\",", "name = \"Bob\", announced = false,");
    assert_eq!(scene(&people, KEYS).told(&[])[0], (2, 2, 0, names(&["ada", "dan"])));
}

#[test]
fn a_lost_key_cannot_sign_though_its_holder_comes() {
    let keys = KEYS.replace("cyd = {", "cyd = { lost = \"broken\",");
    assert_eq!(scene(PEOPLE, &keys).told(&[])[1], (2, 2, 0, names(&["ada", "bob"])));
}

#[test]
fn a_key_with_two_custodians_needs_one_of_them() {
    let keys = KEYS.replace("holders = [\"ada\"]", "holders = [\"ada\", \"cyd\"]");
    let scene = scene(PEOPLE, &keys);
    assert_eq!(scene.told(&["ada"])[0], (2, 3, 1, vec![]));
    let alone = &scene.outlooks("root", &["dan"])[0];
    assert_eq!(
        (alone.single_people.clone(), alone.single_keys.clone()),
        (names(&["bob"]), names(&["ada", "bob"]))
    );
}

#[test]
fn a_person_with_two_keys_is_single_though_there_is_a_margin() {
    let keys = KEYS.replace("holders = [\"bob\"]", "holders = [\"ada\"]");
    let outlook = &scene(PEOPLE, &keys).outlooks("root", &[])[0];
    assert_eq!(outlook.margin(), 1);
    assert_eq!(outlook.single_people, names(&["ada"]));
    assert!(outlook.single_keys.is_empty());
}

#[test]
fn one_public_key_under_two_names_counts_once() {
    let keys = KEYS.to_owned() + "bob-too = { holders = [\"dan\"], card = \"to be made\" }\n";
    let outlook = &scene(PEOPLE, &keys).outlooks("root", &["cyd"])[1];
    assert_eq!((outlook.available, outlook.keys.clone()), (2, names(&["ada", "bob", "bob-too"])));
    // Either custodian can sign with it, so neither is single; the key is.
    assert_eq!(outlook.single_people, names(&["ada"]));
    assert_eq!(outlook.single_keys, names(&["ada", "bob", "bob-too"]));
}

#[test]
fn a_key_of_a_machine_depends_on_nobody() {
    let everybody = ["ada", "bob", "cyd", "dan"];
    let outlook = &scene(PEOPLE, KEYS).outlooks("snapshot", &everybody)[0];
    assert_eq!((outlook.needed, outlook.available, outlook.single_keys.clone()), (1, 1, names(&["online"])));
}

#[test]
fn keys_that_the_plan_gives_to_nobody_are_named_and_not_counted() {
    let keys: String =
        KEYS.lines().filter(|line| !line.starts_with("cyd")).map(|l| format!("{l}\n")).collect();
    let outlook = &scene(PEOPLE, &keys).outlooks("root", &[])[1];
    assert_eq!((outlook.available, outlook.unknown.clone()), (2, vec![key("cyd").id]));
}

#[test]
fn somebody_absent_whom_the_plan_does_not_know_is_refused() {
    let scene = scene(PEOPLE, KEYS);
    let absent = BTreeSet::from(["adda".to_owned()]);
    let fault = forecast(&scene.plan, &[], &BTreeMap::new(), &absent).unwrap_err();
    assert_eq!(fault.to_string(), "\"adda\" is none of the plan's people");
}

/// What `names` have signed on both sides.
fn signed(scene: &Scene, names: &[&str]) -> SoFar {
    let prints: BTreeSet<Fingerprint> = names.iter().map(|name| key(name).public().fingerprint()).collect();
    let signed = [&scene.old, &scene.new].map(|root| (root.payload(), prints.clone())).into();
    SoFar { signed, ..SoFar::default() }
}

#[test]
fn what_is_signed_counts_though_its_signer_is_gone_and_her_key_lost() {
    let keys = KEYS.replace("cyd = {", "cyd = { lost = \"broken\",");
    let scene = scene(PEOPLE, &keys);
    let old = &scene.so_far("root", &["ada"], signed(&scene, &["ada", "cyd"]))[1];
    assert_eq!((old.valid, old.available, old.margin()), (2, 3, 1));
    assert_eq!((old.signed.clone(), old.keys.clone()), (names(&["ada", "cyd"]), names(&["bob"])));
    assert!(old.single_people.is_empty() && old.single_keys.is_empty() && old.out.is_empty());
}

#[test]
fn a_signature_by_a_key_that_only_one_side_lists_counts_there_alone() {
    let scene = scene(PEOPLE, KEYS);
    let all = scene.so_far("root", &["ada", "bob"], signed(&scene, &["cyd"]));
    assert_eq!([all[0].valid, all[1].valid], [0, 1]);
    assert_eq!([all[0].margin(), all[1].margin()], [-1, -1]);
}

#[test]
fn whoever_has_signed_is_not_single_and_whoever_is_still_needed_is() {
    let scene = scene(PEOPLE, KEYS);
    let old = &scene.so_far("root", &["cyd"], signed(&scene, &["ada"]))[1];
    assert_eq!((old.single_people.clone(), old.single_keys.clone()), (names(&["bob"]), names(&["bob"])));
}

#[test]
fn nobody_is_counted_on_who_declined_or_left_or_whose_token_is_locked() {
    let scene = scene(PEOPLE, KEYS);
    let out = [("ada".to_owned(), Out::Declined), ("bob".to_owned(), Out::Left)].into();
    let locked = [key("cyd").public().fingerprint()].into();
    let old = &scene.so_far("root", &[], SoFar { out, locked, ..SoFar::default() })[1];
    assert_eq!((old.available, old.can_be_met, old.margin()), (0, false, -2));
    let told: Vec<(&str, Out)> = old.out.iter().map(|(key, why)| (key.as_str(), *why)).collect();
    assert_eq!(told, [("ada", Out::Declined), ("bob", Out::Left), ("cyd", Out::Locked)]);
}

#[test]
fn a_key_with_two_custodians_is_out_only_when_both_are() {
    let keys = KEYS.replace("holders = [\"ada\"]", "holders = [\"ada\", \"cyd\"]");
    let scene = scene(PEOPLE, &keys);
    let out = |people: &[(&str, Out)]| {
        let out = people.iter().map(|(name, why)| ((*name).to_owned(), *why)).collect();
        scene.so_far("root", &[], SoFar { out, ..SoFar::default() })[0].out.clone()
    };
    assert_eq!(out(&[("ada", Out::Left)]), []);
    let both = out(&[("ada", Out::Left), ("cyd", Out::Declined)]);
    assert_eq!(both, [("ada".to_owned(), Out::Left)]);
}

#[test]
fn whoever_is_here_is_counted_on_though_she_announced_nothing() {
    let people = PEOPLE.replace("name = \"Bob\",", "name = \"Bob\", announced = false,");
    let scene = scene(&people, KEYS);
    let told = |here: &[&str]| {
        let here = names(here).into_iter().collect();
        let all = scene.so_far("root", &[], SoFar { here, ..SoFar::default() });
        (all[0].available, all[0].out.clone())
    };
    assert_eq!(told(&[]), (2, vec![("bob".to_owned(), Out::Unannounced)]));
    assert_eq!(told(&["bob"]), (3, vec![]));
}

#[test]
fn a_key_that_the_plan_gives_to_nobody_counts_once_it_has_signed() {
    let keys: String =
        KEYS.lines().filter(|line| !line.starts_with("cyd")).map(|l| format!("{l}\n")).collect();
    let scene = scene(PEOPLE, &keys);
    let old = &scene.so_far("root", &[], signed(&scene, &["cyd"]))[1];
    assert_eq!((old.valid, old.available), (1, 3));
    assert_eq!((old.strangers.clone(), old.unknown.clone()), (vec![key("cyd").id], vec![]));
}

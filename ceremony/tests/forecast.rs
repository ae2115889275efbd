//! The forecast: whether those who come can meet every threshold, on the old and on the new side.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test stops at the first surprise")]

#[path = "mint/mint.rs"]
mod mint;

use std::collections::{BTreeMap, BTreeSet};

use mint::Key;
use tuf_ceremony::forecast::{Needed, Outlook, Side, forecast};
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
        let authorities = [&self.new, &self.old].map(|root| Authority::in_document(root, role).unwrap());
        let draft = Needed { letter: "A", payload: self.new.payload(), authorities: &authorities };
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

//! What a ceremony is about, in a few sentences by its kind: what the signers must look for, and what is special about this one.
//! The names in them come from the plan and its drafts; the kind is a claim that was checked when the drafts were made.

use std::collections::{BTreeMap, BTreeSet};

use tuf_ceremony::forecast::{self, Outlook, Side};
use tuf_ceremony::key::Fingerprint;
use tuf_ceremony::plan::{KeySource, Kind, Plan, PlanKey};
use tuf_ceremony::state::State;

use super::{CLAUSE, NAME};
use crate::operator::clean::{cell, quoted};
use crate::operator::wording::{board, kinds as said};
use crate::report::columns::few;

/// The sentences, in the order in which they are read.
#[must_use]
pub fn guidance(state: &State) -> Vec<String> {
    let plan = state.plan();
    let (about, look, special) = by_kind(plan.kind);
    let mut told = vec![about.to_owned()];
    let replaced = replaced(plan);
    told.extend(
        replaced.iter().map(|one| {
            said::another_token(&full(plan, one.person), &cell(one.old, NAME), &cell(one.new, NAME))
        }),
    );
    told.extend(moves(state, &replaced));
    told.push(look.to_owned());
    told.push(special.to_owned());
    told.extend(lost(state));
    if plan.kind == Kind::TargetsRelease && (plan.snapshot.is_some() || plan.timestamp.is_some()) {
        told.push(said::MACHINE_SIGNS_THE_REST.to_owned());
    }
    told
}

fn by_kind(kind: Kind) -> (&'static str, &'static str, &'static str) {
    match kind {
        Kind::FirstRoot => (said::FIRST_ROOT, said::FIRST_ROOT_LOOK, said::FIRST_ROOT_SPECIAL),
        Kind::Bootstrap => (said::BOOTSTRAP, said::BOOTSTRAP_LOOK, said::BOOTSTRAP_SPECIAL),
        Kind::Rotation => (said::ROTATION, said::ROTATION_LOOK, said::ROTATION_SPECIAL),
        Kind::TokenReplaced => {
            (said::TOKEN_REPLACED, said::TOKEN_REPLACED_LOOK, said::TOKEN_REPLACED_SPECIAL)
        }
        Kind::TokenLost => (said::TOKEN_LOST, said::TOKEN_LOST_LOOK, said::TOKEN_LOST_SPECIAL),
        Kind::Revocation => (said::REVOCATION, said::REVOCATION_LOOK, said::REVOCATION_SPECIAL),
        Kind::Renewal => (said::RENEWAL, said::RENEWAL_LOOK, said::RENEWAL_SPECIAL),
        Kind::TargetsRelease => {
            (said::TARGETS_RELEASE, said::TARGETS_RELEASE_LOOK, said::TARGETS_RELEASE_SPECIAL)
        }
    }
}

/// A key of a person in the place of another of hers.
struct Replaced<'p> {
    person: &'p str,
    old: &'p str,
    new: &'p str,
}

/// Who stays in the root with another key: by the plan, since in the key phase there are no drafts yet.
fn replaced(plan: &Plan) -> Vec<Replaced<'_>> {
    let Some(wish) = root_keys(plan) else { return Vec::new() };
    let pair = |(name, key): (&'_ String, &'_ PlanKey)| {
        let mut goes = plan.keys.iter().filter(|(old, _)| !wish.contains(*old));
        let (old, before) = goes
            .find(|(_, before)| is_kept(before) && before.holders.iter().any(|h| key.holders.contains(h)))?;
        let person = before.holders.iter().find(|holder| key.holders.contains(*holder))?;
        let (person, _) = plan.people.get_key_value(person)?;
        let (new, _) = plan.keys.get_key_value(name)?;
        Some(Replaced { person, old, new })
    };
    new_keys(plan).filter_map(pair).collect()
}

/// The keys that the plan gives to the root, where it speaks of them.
fn root_keys(plan: &Plan) -> Option<&[String]> {
    Some(&plan.root.as_ref()?.roles.get("root")?.keys)
}

fn is_kept(key: &PlanKey) -> bool {
    matches!(key.source(), KeySource::Kept(_))
}

/// Those of them that stand in no document yet.
fn new_keys(plan: &Plan) -> impl Iterator<Item = (&String, &PlanKey)> {
    let wished = root_keys(plan).unwrap_or_default();
    wished.iter().filter_map(|name| plan.keys.get_key_value(name)).filter(|(_, key)| !is_kept(key))
}

/// Whose keys come into the root and whose go, beside those who stay with another key. Before the drafts are made only the plan
/// speaks, and it does not say which of the kept keys the root lists.
fn moves(state: &State, replaced: &[Replaced<'_>]) -> Vec<String> {
    let stays: BTreeSet<&str> = replaced.iter().flat_map(|one| [one.old, one.new]).collect();
    let Some(root) = state.drafts().find(|draft| draft.part().draft().role() == "root") else {
        let plan = state.plan();
        let new = new_keys(plan).filter(|(name, _)| !stays.contains(name.as_str()));
        let names: Vec<String> = new.map(|(name, _)| holder(plan, name)).collect();
        let is_first = plan.predecessor.root.is_none();
        return if names.is_empty() || is_first { Vec::new() } else { vec![said::come(&few(&names, false))] };
    };
    let [new, old] = root.part().authorities() else { return Vec::new() };
    let (new, old) = (new.distinct_keys(), old.distinct_keys());
    let mut told = Vec::new();
    for (keys, sentence) in [(&new - &old, said::come as fn(&str) -> String), (&old - &new, said::go)] {
        let names = named(state, &keys, &stays);
        if !names.is_empty() {
            told.push(sentence(&few(&names, false)));
        }
    }
    told
}

fn named(state: &State, keys: &BTreeSet<Fingerprint>, without: &BTreeSet<&str>) -> Vec<String> {
    let by_name: BTreeMap<String, Fingerprint> = state.plan_keys();
    let known: BTreeSet<&Fingerprint> = by_name.values().collect();
    let hers = by_name.iter().filter(|(name, key)| keys.contains(*key) && !without.contains(name.as_str()));
    let mut names: Vec<String> = hers.map(|(name, _)| holder(state.plan(), name)).collect();
    match keys.iter().filter(|key| !known.contains(key)).count() as u64 {
        0 => {}
        strangers => names.push(said::keys_of_nobody(strangers)),
    }
    names
}

/// A key by its holder and its name in the plan.
fn holder(plan: &Plan, key: &str) -> String {
    let holders = plan.keys.get(key).map(|key| key.holders.as_slice()).unwrap_or_default();
    let people: Vec<String> = holders.iter().map(|person| full(plan, person)).collect();
    if people.is_empty() { cell(key, NAME) } else { said::key_of(&people.join(", "), &cell(key, NAME)) }
}

fn full(plan: &Plan, person: &str) -> String {
    plan.people.get(person).map_or_else(|| cell(person, NAME), |known| quoted(&known.name, NAME))
}

/// Lost keys, and the old side counted without them.
fn lost(state: &State) -> Vec<String> {
    let plan = state.plan();
    let lost = plan.keys.iter().filter_map(|(name, key)| Some((cell(name, NAME), key.lost.as_ref()?)));
    let (names, mut told): (Vec<String>, Vec<String>) =
        lost.map(|(name, why)| (name.clone(), said::lost(&name, &quoted(why, CLAUSE)))).unzip();
    let outlooks = forecast::now(state);
    let old = |outlook: &&Outlook| outlook.side == Side::Old && outlook.role == "root";
    if let Some(old) = outlooks.iter().find(old).filter(|_| !names.is_empty()) {
        let can: Vec<String> = old.signed.iter().chain(&old.keys).map(|key| holder(plan, key)).collect();
        let can = if can.is_empty() { board::NOBODY.to_owned() } else { few(&can, false) };
        told.push(said::old_quorum_without(&names.join(", "), old.needed, &can, old.margin()));
    }
    told
}

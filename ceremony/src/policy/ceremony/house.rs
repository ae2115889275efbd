//! House rules for the roles that a plan sets: what it keeps from a predecessor is not judged again (MODEL 9).

use std::collections::{BTreeMap, BTreeSet};

use super::{Case, Control, Said};
use crate::key::Fingerprint;
use crate::keyset::Authority;
use crate::metadata::{Metadata, RoleType};
use crate::plan::KeySource;
use crate::seal::SealedPart;

pub(super) fn house(case: &Case<'_>, said: &mut Said) {
    if let (Some(part), Some(wish)) = (case.part(RoleType::Root.name()), &case.plan.root) {
        for (role, wish) in &wish.roles {
            let signers = Signers { role, keys: &wish.keys, threshold: wish.threshold };
            of_role(case, part, &signers, said);
        }
    }
    let targets = case.plan.targets.iter().map(|wish| (RoleType::Targets.name(), wish));
    for (by, wish) in targets.chain(case.plan.delegated.iter().map(|(role, wish)| (role.as_str(), wish))) {
        let Some(part) = case.part(by) else { continue };
        for (role, wish) in &wish.delegations {
            let signers = Signers { role, keys: &wish.keys, threshold: wish.threshold };
            of_role(case, part, &signers, said);
        }
    }
}

/// Who shall sign for a role.
struct Signers<'p> {
    role: &'p str,
    keys: &'p [String],
    threshold: u64,
}

fn of_role(case: &Case<'_>, part: &SealedPart, signers: &Signers<'_>, said: &mut Said) {
    let Signers { role, keys, threshold } = *signers;
    let before = part.part.predecessor().and_then(|old: &Metadata| Authority::in_document(old, role).ok());
    let stood = before.as_ref().map(Authority::threshold);
    let top = RoleType::named(role);
    let letter = part.letter.as_str();
    if matches!(top, Some(RoleType::Root | RoleType::Targets)) && threshold == 1 && stood != Some(1) {
        said.find(Control::ThresholdOne, letter, role, "one signature suffices", true);
    }
    if let Some(stood) = stood.filter(|stood| threshold < *stood) {
        let says = format!("the threshold is lowered from {stood} to {threshold}");
        said.find(Control::ThresholdLowered, letter, role, says, true);
    }
    if matches!(top, Some(RoleType::Snapshot | RoleType::Timestamp)) {
        return;
    }
    let known = before.as_ref().map(Authority::distinct_keys).unwrap_or_default();
    for name in keys {
        let Some(key) = case.plan.keys.get(name) else { continue };
        let is_new = case.names.get(name).is_some_and(|print| !known.contains(print));
        // A delegated role may be a machine's.
        let offline = top.is_some() || !key.holders.is_empty();
        if is_new && offline && matches!(key.source(), KeySource::Public(_)) {
            said.find(
                Control::Unproven,
                letter,
                name,
                "the key is new and no card proves that it signs",
                true,
            );
        }
    }
    let mut held: BTreeMap<&str, BTreeSet<Fingerprint>> = BTreeMap::new();
    for name in keys {
        let holders = case.plan.keys.get(name).map(|key| key.holders.as_slice()).unwrap_or_default();
        for holder in holders {
            held.entry(holder).or_default().extend(case.names.get(name).copied());
        }
    }
    for (holder, prints) in held {
        if threshold > 1 && prints.len() as u64 >= threshold {
            let says = format!("{holder} holds {} keys, and {threshold} suffice", prints.len());
            said.find(Control::OneHolder, letter, role, says, true);
        }
    }
}

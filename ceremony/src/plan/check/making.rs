//! The documents that a plan makes: their versions, what they need before them, who shall sign, what is added.

use std::collections::BTreeSet;

use super::texts;
use super::{PlanFault, PlanProblem, at, each_once, refuse};
use crate::metadata::RoleType;
use crate::places;
use crate::plan::{DelegationWish, Plan, RootWish, TargetsWish};
use crate::policy::odd_path;

pub(super) fn documents(plan: &Plan) -> Result<(), PlanFault> {
    let any =
        [plan.root.is_some(), plan.targets.is_some(), plan.snapshot.is_some(), plan.timestamp.is_some()];
    if !any.contains(&true) && plan.delegated.is_empty() {
        return Err(PlanFault::Nothing);
    }
    let named = &plan.predecessor;
    if let Some(root) = &plan.root {
        of_root(plan, root)?;
    } else if named.root.is_none() {
        return refuse("predecessor", PlanProblem::Needs { what: "a root that names the keys" });
    }
    for (place, wish) in targets(plan) {
        of_targets(plan, &place, wish)?;
    }
    if let Some(wish) = &plan.targets {
        if wish.by.is_some() {
            return refuse("targets.by", PlanProblem::ByOfTop);
        }
        follows("targets", wish.version, "targets", named.targets.is_some())?;
    }
    for (role, wish) in &plan.delegated {
        let place = format!("delegated.{role}");
        texts::delegated_role(&place, role)?;
        can_be_final(plan, &place, role)?;
        leads_to_the_top(plan, role)?;
        let has_one = named.delegated.contains_key(role);
        follows(&place, wish.version, &format!("delegated.{role}"), has_one)?;
    }
    if let Some(wish) = &plan.snapshot {
        follows("snapshot", wish.version, "snapshot", named.snapshot.is_some())?;
        if plan.targets.is_none() && named.targets.is_none() {
            return refuse("snapshot", PlanProblem::Needs { what: "the top-level targets that it lists" });
        }
    }
    if let Some(wish) = &plan.timestamp {
        follows("timestamp", wish.version, "timestamp", named.timestamp.is_some())?;
        if plan.snapshot.is_none() && named.snapshot.is_none() {
            return refuse("timestamp", PlanProblem::Needs { what: "the snapshot that it lists" });
        }
    }
    Ok(())
}

/// Every targets document that is made, and the field that describes it.
pub(super) fn targets(plan: &Plan) -> impl Iterator<Item = (String, &TargetsWish)> {
    let top = plan.targets.iter().map(|wish| ("targets".to_owned(), wish));
    top.chain(plan.delegated.iter().map(|(role, wish)| (format!("delegated.{role}"), wish)))
}

pub(super) fn version(place: &str, version: u64) -> Result<(), PlanFault> {
    if version == 0 { refuse(place, PlanProblem::VersionZero) } else { Ok(()) }
}

/// A version above 1 has what comes before it.
fn follows(place: &str, number: u64, role: &str, has_one: bool) -> Result<(), PlanFault> {
    let place = format!("{place}.version");
    version(&place, number)?;
    if number > 1 && !has_one {
        return refuse(place, PlanProblem::NoPredecessor { version: number, role: role.to_owned() });
    }
    Ok(())
}

fn of_root(plan: &Plan, root: &RootWish) -> Result<(), PlanFault> {
    let has_one = plan.predecessor.root.is_some();
    follows("root", root.version, "root", has_one)?;
    if root.version == 1 && has_one {
        return refuse("root.version", PlanProblem::FirstHasPredecessor);
    }
    for (role, wish) in &root.roles {
        let place = format!("root.roles.{role}");
        if RoleType::named(role).is_none() {
            return refuse(place, PlanProblem::NotOfRoot);
        }
        signers(plan, &place, &wish.keys, wish.threshold)?;
    }
    let lacks = RoleType::ALL.into_iter().map(RoleType::name).find(|role| !root.roles.contains_key(*role));
    match lacks {
        Some(role) if !has_one => refuse("root.roles", PlanProblem::RoleMissing { role }),
        _ => Ok(()),
    }
}

fn signers(plan: &Plan, place: &str, keys: &[String], threshold: u64) -> Result<(), PlanFault> {
    let at_keys = format!("{place}.keys");
    each_once(&at_keys, keys)?;
    for name in keys {
        let Some(key) = plan.keys.get(name) else {
            return refuse(at_keys, PlanProblem::UnknownKey { name: name.clone() });
        };
        if key.lost.is_some() {
            return refuse(at_keys, PlanProblem::LostKey { name: name.clone() });
        }
    }
    let at_threshold = format!("{place}.threshold");
    match threshold {
        0 => refuse(at_threshold, PlanProblem::ThresholdZero),
        n if n > keys.len() as u64 => {
            refuse(at_threshold, PlanProblem::ThresholdAbove { threshold, keys: keys.len() })
        }
        _ => Ok(()),
    }
}

/// What is made must end as a file in the ceremony's folder, beside all others: said here, and not after everybody signed.
fn can_be_final(plan: &Plan, place: &str, role: &str) -> Result<(), PlanFault> {
    if !places::can_be_named(&places::final_file(role)) || role.ends_with(['.', ' ']) {
        return refuse(place, PlanProblem::FinalName);
    }
    let top = RoleType::ALL.iter().map(|role| role.name().to_owned());
    let mut others = top.chain(plan.delegated.keys().cloned()).filter(|other| other != role);
    match others.find(|other| other.eq_ignore_ascii_case(role)) {
        Some(other) => refuse(place, PlanProblem::SameButCase { other }),
        None => Ok(()),
    }
}

/// A delegated role is delegated by a role that the plan makes or has as a predecessor, and so on up to the top.
fn leads_to_the_top(plan: &Plan, role: &str) -> Result<(), PlanFault> {
    let place = || format!("delegated.{role}.by");
    let mut passed = BTreeSet::from([role]);
    let mut wish = plan.delegated.get(role);
    while let Some(here) = wish {
        let by = here.delegating();
        if by == "targets" {
            let known = plan.targets.is_some() || plan.predecessor.targets.is_some();
            return if known {
                Ok(())
            } else {
                refuse(place(), PlanProblem::UnknownBy { by: by.to_owned() })
            };
        }
        if !passed.insert(by) {
            return refuse(place(), PlanProblem::Circle);
        }
        wish = plan.delegated.get(by);
        if wish.is_none() && !plan.predecessor.delegated.contains_key(by) {
            return refuse(place(), PlanProblem::UnknownBy { by: by.to_owned() });
        }
    }
    Ok(())
}

fn of_targets(plan: &Plan, place: &str, wish: &TargetsWish) -> Result<(), PlanFault> {
    if wish.delta.is_some() && !wish.add.is_empty() {
        return refuse(place, PlanProblem::AddAndDelta);
    }
    for (path, file) in &wish.add {
        if let Some(why) = odd_path(path) {
            return refuse(format!("{place}.add"), PlanProblem::TargetPath { path: path.clone(), why });
        }
        texts::file(&format!("{place}.add.{path}"), file)?;
    }
    each_once(&format!("{place}.remove"), &wish.remove)?;
    let both = |list: &[String], other: &'static str, holds: &dyn Fn(&str) -> bool, field: &str| {
        let found = list.iter().find(|item| holds(item));
        found.map_or(Ok(()), |what| {
            refuse(format!("{place}.{field}"), PlanProblem::Both { what: what.clone(), other })
        })
    };
    both(&wish.remove, "add", &|path| wish.add.contains_key(path), "remove")?;
    each_once(&format!("{place}.undelegate"), &wish.undelegate)?;
    both(&wish.undelegate, "delegations", &|role| wish.delegations.contains_key(role), "undelegate")?;
    for role in &wish.undelegate {
        texts::delegated_role(&format!("{place}.undelegate"), role)?;
    }
    for (role, delegation) in &wish.delegations {
        of_delegation(plan, &format!("{place}.delegations.{role}"), role, delegation)?;
    }
    let Some(order) = &wish.delegation_order else { return Ok(()) };
    let place = format!("{place}.delegation-order");
    each_once(&place, order)?;
    if let Some(role) = wish.delegations.keys().find(|role| !order.contains(role)) {
        return refuse(place, PlanProblem::OrderLacks { role: role.clone() });
    }
    match order.iter().find(|role| wish.undelegate.contains(role)) {
        Some(what) => refuse(place, PlanProblem::Both { what: what.clone(), other: "undelegate" }),
        None => Ok(()),
    }
}

fn of_delegation(plan: &Plan, place: &str, role: &str, wish: &DelegationWish) -> Result<(), PlanFault> {
    texts::delegated_role(place, role)?;
    signers(plan, place, &wish.keys, wish.threshold)?;
    match (&wish.paths, &wish.path_hash_prefixes) {
        (Some(paths), None) => {
            let place = format!("{place}.paths");
            if paths.is_empty() {
                return refuse(place, PlanProblem::Empty);
            }
            each_once(&place, paths)?;
            paths.iter().try_for_each(|path| texts::reason(&place, path))
        }
        (None, Some(prefixes)) => {
            let place = format!("{place}.path-hash-prefixes");
            if prefixes.is_empty() {
                return refuse(place, PlanProblem::Empty);
            }
            each_once(&place, prefixes)?;
            let hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
            let odd = prefixes.iter().find(|p| !(1..=64).contains(&p.len()) || !p.bytes().all(hex));
            odd.map_or(Ok(()), |p| Err(at(place.clone(), PlanProblem::Prefix { prefix: p.clone() })))
        }
        _ => refuse(place, PlanProblem::Reach),
    }
}

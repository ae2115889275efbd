//! Delegations as the plan wants them (TUF 4.5): roles set, replaced and removed, in an order that somebody has chosen.

use std::collections::{BTreeMap, BTreeSet};

use super::fault::{SealFault, TargetsFault};
use super::keys::{Pool, Table};
use super::{Scene, member};
use crate::document::Object;
use crate::layout::{Edit, Value};
use crate::metadata::Metadata;
use crate::plan::{DelegationWish, TargetsWish};
use crate::policy::odd_role;

/// The new `delegations`; none where the plan says nothing of them.
pub(super) fn delegations<'d>(
    scene: &Scene<'d>,
    by: &str,
    wish: &'d TargetsWish,
    stood: Option<&'d Metadata>,
    pool: &'d Pool,
) -> Result<Option<Edit<'d>>, SealFault> {
    if wish.delegations.is_empty() && wish.undelegate.is_empty() && wish.delegation_order.is_none() {
        return Ok(None);
    }
    let old = stood.map(|m| m.targets().expect("its shape was checked when it was read"));
    let old = old.and_then(|targets| targets.delegations);
    if old.as_ref().is_some_and(|old| old.succinct.is_some()) {
        return Err(TargetsFault::Bins { role: by.to_owned() }.into());
    }
    let old_roles = old.map(|old| old.roles).unwrap_or_default();
    let old_names: Vec<&str> = old_roles.iter().map(|(role, _)| role.name.as_ref()).collect();
    let order = order(by, wish, &old_names)?;
    let object = stood.and_then(|m| member(m.signed(), "delegations"));
    let root = scene.published.root().and_then(|root| member(root.signed(), "keys"));
    let place = format!("the published {by} document (nor the trusted root)");
    let mut table = Table::of(&place, object.and_then(|o| member(o, "keys")), root);
    let entries: BTreeMap<&str, _> =
        old_roles.iter().map(|(role, reach)| (role.name.as_ref(), (role, reach))).collect();
    let mut list = Vec::new();
    for name in order {
        let stands = entries.get(name.as_str());
        match (wish.delegations.get(&name), stands) {
            (Some(wish), stands) => {
                let stands = stands.map(|(_, reach)| reach.object);
                list.push(Value::Edited(delegation(&name, wish, stands, &mut table, pool)?));
            }
            (None, Some((role, reach))) => {
                table.keep(&role.keyids);
                list.push(Value::Kept(reach.object.view()));
            }
            (None, None) => unreachable!("the order names only roles that stay or are set"),
        }
    }
    let before: BTreeSet<String> =
        old_roles.iter().flat_map(|(role, _)| &role.keyids).map(|keyid| keyid.clone().into_owned()).collect();
    let mut edit = Edit::of(object);
    edit.set("keys", table.written(before));
    edit.set("roles", Value::List(list));
    Ok(Some(edit))
}

/// All delegated roles that there will be, in the order in which they are tried.
fn order(by: &str, wish: &TargetsWish, old: &[&str]) -> Result<Vec<String>, TargetsFault> {
    for role in &wish.undelegate {
        if !old.contains(&role.as_str()) {
            return Err(TargetsFault::NotDelegated { role: role.clone() });
        }
    }
    let gone: BTreeSet<&str> = wish.undelegate.iter().map(String::as_str).collect();
    let stays: Vec<&str> = old.iter().filter(|name| !gone.contains(*name)).copied().collect();
    let stood: BTreeSet<&str> = old.iter().copied().collect();
    let is_new = |name: &&str| !stood.contains(name);
    let new: Vec<&str> = wish.delegations.keys().map(String::as_str).filter(is_new).collect();
    let Some(order) = &wish.delegation_order else {
        if !new.is_empty() {
            return Err(TargetsFault::NoOrder { role: by.to_owned() });
        }
        return Ok(stays.into_iter().map(str::to_owned).collect());
    };
    let mut left: BTreeSet<&str> = stays.into_iter().chain(new).collect();
    let wrong = order.iter().map(String::as_str).find(|name| !left.remove(name));
    match wrong.or(left.first().copied()) {
        Some(name) => Err(TargetsFault::Order { role: by.to_owned(), name: name.to_owned() }),
        None => Ok(order.clone()),
    }
}

fn delegation<'d>(
    name: &str,
    wish: &'d DelegationWish,
    stands: Option<Object<'d>>,
    table: &mut Table<'d>,
    pool: &'d Pool,
) -> Result<Edit<'d>, SealFault> {
    let mut edit = Edit::of(stands);
    if stands.is_none() {
        if let Some(fact) = odd_role(name) {
            return Err(TargetsFault::RoleName { role: name.to_owned(), fact }.into());
        }
        edit.set("name", Value::text(name.to_owned()));
    }
    let signers = table.signers(name, (&wish.keys, wish.threshold), stands, pool)?;
    edit.set("keyids", signers.keyids);
    edit.set("threshold", signers.threshold);
    edit.set("terminating", Value::Flag(wish.terminating));
    let texts =
        |list: &'d [String]| Value::List(list.iter().map(|text| Value::text(text.as_str())).collect());
    // A plan that was read has exactly one of the two.
    if let Some(prefixes) = &wish.path_hash_prefixes {
        edit.remove("paths");
        edit.set("path_hash_prefixes", texts(prefixes));
    }
    if let Some(paths) = &wish.paths {
        if let Some((pattern, fact)) = paths.iter().find_map(|path| Some((path, odd_pattern(path)?))) {
            let (role, pattern) = (name.to_owned(), pattern.clone());
            return Err(TargetsFault::Pattern { role, pattern, fact }.into());
        }
        edit.remove("path_hash_prefixes");
        edit.set("paths", texts(paths));
    }
    Ok(edit)
}

fn odd_pattern(pattern: &str) -> Option<&'static str> {
    match () {
        () if pattern.is_empty() => Some("it is empty"),
        () if pattern.starts_with('/') => Some("paths start without a slash"),
        () if pattern.contains(['[', ']', '{', '}', '!']) => Some("clients agree on * and ? only"),
        () if pattern.chars().any(char::is_control) => Some("it holds a control character"),
        () => None,
    }
}

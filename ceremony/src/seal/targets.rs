//! Targets as the plan wants them (TUF 4.5), top level or delegated: entries are added, replaced and removed in one pass, so
//! a million of them cost no more than reading them. Delegations are [`super::delegations`]'s.

use std::collections::BTreeSet;

use super::fault::{SealFault, TargetsFault};
use super::keys::Pool;
use super::{Scene, delegations, member};
use crate::document::{Object, View};
use crate::layout::{Edit, Value};
use crate::metadata::RoleType;
use crate::plan::TargetsWish;

pub(super) fn targets<'d>(
    scene: &Scene<'d>,
    role: &'d str,
    wish: &'d TargetsWish,
    pool: &'d Pool,
) -> Result<Edit<'d>, SealFault> {
    let stood = scene.published.of(role);
    let mut signed = scene.signed(RoleType::Targets, role, (wish.version, &wish.expires));
    let old = stood.and_then(|m| member(m.signed(), "targets"));
    signed.set("targets", Value::Edited(entries(role, wish, old, additions(scene, role, wish)?)?));
    if let Some(delegations) = delegations::delegations(scene, role, wish, stood, pool)? {
        signed.set("delegations", Value::Edited(delegations));
    }
    Ok(signed)
}

/// What the delta adds to a role; it must be what the plan says.
fn additions<'d>(
    scene: &Scene<'d>,
    role: &str,
    wish: &TargetsWish,
) -> Result<Option<Object<'d>>, TargetsFault> {
    let role_name = || role.to_owned();
    let given = scene.delta.and_then(|delta| delta.entries(role));
    if let Some(named) = &wish.delta {
        if scene.delta_digest != Some(named.sha256) {
            return Err(TargetsFault::NoDelta { role: role_name() });
        }
        return Ok(given);
    }
    if wish.add.is_empty() {
        let not_planned = |_| Err(TargetsFault::NotPlanned { role: role_name(), path: None });
        return given.map_or(Ok(None), not_planned);
    }
    let given = given.ok_or_else(|| TargetsFault::NoDelta { role: role_name() })?;
    let planned: BTreeSet<&str> = wish.add.keys().map(|path| path.trim_end_matches('/')).collect();
    let mut met = BTreeSet::new();
    for (path, _) in given.sorted() {
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len(), 0]);
        let by = ends.filter_map(|at| planned.get(&path[..at])).next();
        let Some(by) = by else {
            return Err(TargetsFault::NotPlanned { role: role_name(), path: Some(path.into_owned()) });
        };
        met.insert(*by);
    }
    match planned.iter().find(|path| !met.contains(*path)) {
        Some(path) => Err(TargetsFault::NotInDelta { role: role_name(), path: (*path).to_owned() }),
        None => Ok(Some(given)),
    }
}

/// The entries: a merge-join of what is removed and what is added.
fn entries<'d>(
    role: &str,
    wish: &'d TargetsWish,
    old: Option<Object<'d>>,
    added: Option<Object<'d>>,
) -> Result<Edit<'d>, TargetsFault> {
    let gone: BTreeSet<&'d str> = wish.remove.iter().map(String::as_str).collect();
    let mut gone = gone.into_iter().peekable();
    let mut edit = Edit::of(old);
    let stands = |path: &str| old.and_then(|old| old.member(path));
    let remove = |edit: &mut Edit<'d>, path: &'d str| {
        let missing = || TargetsFault::NotThere { role: role.to_owned(), path: path.to_owned() };
        stands(path).ok_or_else(missing)?;
        edit.remove(path);
        Ok(())
    };
    for (path, view) in added.into_iter().flat_map(Object::sorted) {
        while let Some(other) = gone.next_if(|other| *other < path.as_ref()) {
            remove(&mut edit, other)?;
        }
        if gone.peek().is_some_and(|other| *other == path) {
            return Err(TargetsFault::Both { role: role.to_owned(), path: path.into_owned() });
        }
        let entry = match (stands(&path).and_then(View::object), view.object()) {
            // `custom` and whatever else stands there is kept.
            (Some(stood), Some(new)) => {
                let mut entry = Edit::of(stood);
                new.sorted().for_each(|(name, value)| entry.set(name, Value::Copied(value)));
                Value::Edited(entry)
            }
            _ => Value::Copied(view),
        };
        edit.set(path, entry);
    }
    gone.try_for_each(|path| remove(&mut edit, path))?;
    Ok(edit)
}

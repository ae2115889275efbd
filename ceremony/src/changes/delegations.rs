//! Changes of delegations (TUF 4.5): their roles and keys as everywhere, what each role may speak for, and the order in
//! which they are tried.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{Change, Side, join, object, roles};
use crate::document::{Object, View};
use crate::metadata::Delegations;

/// The members of `delegations` that are compared by their meaning.
const BY_MEANING: [&str; 3] = ["keys", "roles", "succinct_roles"];

pub(super) fn delegations<'d>(
    old_signed: Object<'d>,
    old: Option<Delegations<'d>>,
    new_signed: Object<'d>,
    new: Option<Delegations<'d>>,
    sink: &mut dyn FnMut(Change<'d>),
) {
    let (from, to) = (object(old_signed, "delegations"), object(new_signed, "delegations"));
    if from.is_some() != to.is_some() {
        let text = |o: Option<Object<'d>>| o.map(|o| o.view().text());
        sink(Change::Inside { path: vec!["delegations".into()], from: text(from), to: text(to) });
    } else {
        join(from, to, &mut |name, from, to| {
            if !BY_MEANING.contains(&name.as_ref()) {
                let path = vec!["delegations".into(), name];
                sink(Change::Inside { path, from: from.map(View::text), to: to.map(View::text) });
            }
        });
    }
    let (before, now) = (entries(old.as_ref()), entries(new.as_ref()));
    let sides = (side(old, from), side(new, to));
    roles::roles(&sides, sink);
    roles::keys(&sides, &["delegations", "keys"], sink);
    let by_name: BTreeMap<&str, Object<'d>> = before.iter().map(|(name, o)| (name.as_ref(), *o)).collect();
    for (role, entry) in &now {
        let path = ["delegations".into(), "roles".into(), role.clone()];
        match by_name.get(role.as_ref()) {
            None => roles::inside(&path, None, Some(*entry), sink),
            Some(stood) if !says_the_same(*stood, *entry) => {
                let (from, to) = (stood.view().text(), entry.view().text());
                sink(Change::Reach { role: role.clone(), from, to });
            }
            // Only the order of its key ids can still differ.
            Some(stood) => roles::inside(&path, Some(*stood), Some(*entry), sink),
        }
    }
    let names = |list: &[(Cow<'d, str>, Object<'d>)]| list.iter().map(|(n, _)| n.clone()).collect::<Vec<_>>();
    let (before, now) = (names(&before), names(&now));
    let is_new = |name: &Cow<'d, str>| !by_name.contains_key(name.as_ref());
    let news_come_last = now.iter().skip_while(|n| !is_new(n)).all(is_new);
    if !news_come_last || !roles::in_one_order(&before, &now) {
        sink(Change::DelegationOrder);
    }
}

/// The delegated roles in their order; hash bins are one, under what their names start with.
fn entries<'d>(delegations: Option<&Delegations<'d>>) -> Vec<(Cow<'d, str>, Object<'d>)> {
    let Some(delegations) = delegations else { return Vec::new() };
    let bins = delegations.succinct.iter().map(|s| (s.name_prefix.clone(), s.object));
    delegations.roles.iter().map(|(role, reach)| (role.name.clone(), reach.object)).chain(bins).collect()
}

fn side<'d>(delegations: Option<Delegations<'d>>, whole: Option<Object<'d>>) -> Side<'d> {
    let Some(delegations) = delegations else {
        return Side { roles: Vec::new(), keys: Vec::new(), object: None };
    };
    let bins = delegations.succinct.map(|s| s.role);
    let roles = delegations.roles.into_iter().map(|(role, _)| role).chain(bins).collect();
    Side { roles, keys: delegations.keys, object: whole.and_then(|o| object(o, "keys")) }
}

/// Equal but for keys and threshold, which are compared by their meaning.
fn says_the_same(a: Object<'_>, b: Object<'_>) -> bool {
    let half = |a: Object<'_>, b: Object<'_>| {
        a.sorted().all(|(name, value)| {
            let other = || b.member(&name).is_some_and(|other| other.same(value));
            matches!(name.as_ref(), "keyids" | "threshold") || other()
        })
    };
    half(a, b) && half(b, a)
}

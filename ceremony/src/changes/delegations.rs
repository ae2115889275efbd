//! Changes of delegations (TUF 4.5): their roles and keys as everywhere, and what each role may speak for.

use super::{Change, roles};
use crate::document::Object;
use crate::metadata::{Delegations, KeyEntry, RoleKeys};

pub(super) fn delegations<'d>(
    old: Option<&Delegations<'d>>,
    new: Option<&Delegations<'d>>,
    sink: &mut dyn FnMut(Change<'d>),
) {
    let (old_roles, new_roles) = (listed(old), listed(new));
    roles::roles(&old_roles, keys(old), &new_roles, keys(new), sink);
    let (Some(old), Some(new)) = (old, new) else { return };
    for (role, reach) in &new.roles {
        let before = old.roles.iter().find(|(r, _)| r.name == role.name).map(|(_, reach)| reach.object);
        if let Some(before) = before.filter(|b| !says_the_same(*b, reach.object)) {
            let (from, to) = (before.view().text(), reach.object.view().text());
            sink(Change::Reach { role: role.name.clone(), from, to });
        }
    }
    let kept = |a: &[(RoleKeys<'d>, _)], b: &[RoleKeys<'d>]| {
        let names = a.iter().map(|(r, _)| r.name.clone());
        names.filter(|n| b.iter().any(|r| &r.name == n)).collect::<Vec<_>>()
    };
    if kept(&old.roles, &new_roles) != kept(&new.roles, &old_roles) {
        sink(Change::DelegationOrder);
    }
}

fn listed<'d>(delegations: Option<&Delegations<'d>>) -> Vec<RoleKeys<'d>> {
    let Some(delegations) = delegations else { return Vec::new() };
    let bins = delegations.succinct.iter().map(|s| s.role.clone());
    delegations.roles.iter().map(|(role, _)| role.clone()).chain(bins).collect()
}

fn keys<'a, 'd>(delegations: Option<&'a Delegations<'d>>) -> &'a [KeyEntry<'d>] {
    delegations.map_or(&[], |d| &d.keys)
}

/// Equal but for keys and threshold, which are compared by their meaning.
fn says_the_same(a: Object<'_>, b: Object<'_>) -> bool {
    let others =
        |o: Object<'_>| o.len() - ["keyids", "threshold"].iter().filter(|n| o.member(n).is_some()).count();
    let same = |(name, value): (std::borrow::Cow<'_, str>, crate::document::View<'_>)| {
        matches!(name.as_ref(), "keyids" | "threshold")
            || b.member(&name).is_some_and(|other| other.same(value))
    };
    others(a) == others(b) && a.sorted().all(same)
}

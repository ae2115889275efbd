//! What differs between two versions of one role, as data: a merge-join of two sorted indexes that yields one change
//! at a time, so a million targets need no second copy. Whatever differs in the signed part yields at least one
//! change, and what is the same yields none. It gives no opinion and makes no sentences.

mod delegations;
mod roles;

use std::borrow::Cow;

use crate::document::{Object, View};
use crate::key::Fingerprint;
use crate::metadata::{KeyEntry, Metadata, RoleKeys, RoleType, ShapeFault};

/// One difference. Texts are as the documents have them: untrusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change<'d> {
    /// `version`.
    Version {
        /// Before.
        from: u64,
        /// Now.
        to: u64,
    },
    /// A member of the signed part that has no meaning of its own here: expiry, spec_version, consistent_snapshot and
    /// fields that the specification does not know.
    Field {
        /// Its name.
        name: Cow<'d, str>,
        /// Its text before, if it was there.
        from: Option<&'d str>,
        /// Its text now, if it is there.
        to: Option<&'d str>,
    },
    /// Something deeper in the signed part that has no meaning of its own here: unknown fields of roles and delegations,
    /// the order of a role's key ids, keys that no role lists, what a new delegated role covers.
    Inside {
        /// The names on the way to it, from the signed part down.
        path: Vec<Cow<'d, str>>,
        /// Its text before, if it was there.
        from: Option<&'d str>,
        /// Its text now, if it is there.
        to: Option<&'d str>,
    },
    /// A role of a root, or a delegated role, is new.
    RoleAdded {
        /// Its name.
        role: Cow<'d, str>,
        /// Its threshold.
        threshold: u64,
    },
    /// A role is gone.
    RoleRemoved {
        /// Its name.
        role: Cow<'d, str>,
    },
    /// A threshold.
    Threshold {
        /// The role.
        role: Cow<'d, str>,
        /// Before.
        from: u64,
        /// Now.
        to: u64,
    },
    /// A public key may now sign for a role.
    KeyAdded {
        /// The role.
        role: Cow<'d, str>,
        /// The key.
        key: KeyName<'d>,
    },
    /// A public key may no longer sign for a role.
    KeyRemoved {
        /// The role.
        role: Cow<'d, str>,
        /// The key.
        key: KeyName<'d>,
    },
    /// The same public key stands under another key id.
    KeyRenamed {
        /// The role.
        role: Cow<'d, str>,
        /// The key, as it stood.
        from: KeyName<'d>,
        /// The key, as it stands.
        to: KeyName<'d>,
    },
    /// A key object under the same key id says something else.
    KeyObject {
        /// The key id.
        keyid: Cow<'d, str>,
        /// Its text before.
        from: &'d str,
        /// Its text now.
        to: &'d str,
    },
    /// A delegated role covers something else, ends the search or not, or has other fields.
    Reach {
        /// The role.
        role: Cow<'d, str>,
        /// The entry before.
        from: &'d str,
        /// The entry now.
        to: &'d str,
    },
    /// The delegated roles are tried in another order, or a new one is tried before one that stays (TUF 5.6.7).
    DelegationOrder,
    /// A target or a listed metadata file is new.
    EntryAdded {
        /// Its path or name.
        name: Cow<'d, str>,
        /// Its entry.
        to: &'d str,
    },
    /// It is gone.
    EntryRemoved {
        /// Its path or name.
        name: Cow<'d, str>,
        /// Its entry.
        from: &'d str,
    },
    /// Its entry says something else.
    EntryChanged {
        /// Its path or name.
        name: Cow<'d, str>,
        /// Its entry before.
        from: &'d str,
        /// Its entry now.
        to: &'d str,
    },
}

/// A key as people and records name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyName<'d> {
    /// Its key id.
    pub keyid: Cow<'d, str>,
    /// Its fingerprint, if it is a key that we can read.
    pub fingerprint: Option<Fingerprint>,
    /// Its scheme or why it cannot count.
    pub scheme: String,
    /// The holder's name, where the document claims one.
    pub owner: Option<String>,
}

/// Feeds every difference from `old` to `new`, in a fixed order.
///
/// # Errors
/// When they are of different types, or one of them has not the shape of its type.
pub fn changes<'d>(
    old: &'d Metadata,
    new: &'d Metadata,
    sink: &mut dyn FnMut(Change<'d>),
) -> Result<(), ShapeFault> {
    if old.role_type() != new.role_type() {
        return Err(ShapeFault::AnotherType { found: old.role_type(), wanted: new.role_type() });
    }
    if old.version() != new.version() {
        sink(Change::Version { from: old.version(), to: new.version() });
    }
    let own: &[&str] = match new.role_type() {
        RoleType::Root => &["keys", "roles"],
        RoleType::Targets => &["targets", "delegations"],
        RoleType::Snapshot | RoleType::Timestamp => &["meta"],
    };
    join(Some(old.signed()), Some(new.signed()), &mut |name, from, to| {
        if !own.contains(&name.as_ref()) && name != "version" {
            sink(Change::Field { name, from: from.map(View::text), to: to.map(View::text) });
        }
    });
    match new.role_type() {
        RoleType::Root => {
            let (a, b) = (old.root()?, new.root()?);
            let sides = (
                Side { roles: a.roles, keys: a.keys, object: object(old.signed(), "keys") },
                Side { roles: b.roles, keys: b.keys, object: object(new.signed(), "keys") },
            );
            roles::roles(&sides, sink);
            roles::keys(&sides, &["keys"], sink);
            let roles = |m: &'d Metadata| object(m.signed(), "roles");
            join(roles(old), roles(new), &mut |role, from, to| {
                // A role on one side only was told by its name, its threshold and its keys.
                let from = if to.is_some() { from } else { None };
                let object = |v: Option<View<'d>>| v.and_then(View::object);
                roles::inside(&["roles".into(), role], object(from), object(to), sink);
            });
        }
        RoleType::Targets => {
            let (a, b) = (old.targets()?.delegations, new.targets()?.delegations);
            delegations::delegations(old.signed(), a, new.signed(), b, sink);
            entries(old, new, "targets", sink);
        }
        RoleType::Snapshot | RoleType::Timestamp => {
            old.listing()?;
            new.listing()?;
            entries(old, new, "meta", sink);
        }
    }
    Ok(())
}

/// Roles, keys and the table of keys of one document.
struct Side<'d> {
    roles: Vec<RoleKeys<'d>>,
    keys: Vec<KeyEntry<'d>>,
    object: Option<Object<'d>>,
}

fn object<'d>(of: Object<'d>, name: &str) -> Option<Object<'d>> {
    of.member(name).and_then(View::object)
}

fn entries<'d>(old: &'d Metadata, new: &'d Metadata, name: &str, sink: &mut dyn FnMut(Change<'d>)) {
    join(object(old.signed(), name), object(new.signed(), name), &mut |name, from, to| match (from, to) {
        (None, Some(to)) => sink(Change::EntryAdded { name, to: to.text() }),
        (Some(from), None) => sink(Change::EntryRemoved { name, from: from.text() }),
        (Some(from), Some(to)) => sink(Change::EntryChanged { name, from: from.text(), to: to.text() }),
        (None, None) => {}
    });
}

/// Yields the names whose values differ in meaning, sorted.
fn join<'d>(
    old: Option<Object<'d>>,
    new: Option<Object<'d>>,
    sink: &mut dyn FnMut(Cow<'d, str>, Option<View<'d>>, Option<View<'d>>),
) {
    let mut old = old.into_iter().flat_map(Object::sorted).peekable();
    let mut new = new.into_iter().flat_map(Object::sorted).peekable();
    loop {
        let order = match (old.peek(), new.peek()) {
            (None, None) => return,
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (Some((a, _)), Some((b, _))) => a.cmp(b),
        };
        let from = if order.is_le() { old.next() } else { None };
        let to = if order.is_ge() { new.next() } else { None };
        match (from, to) {
            (Some((name, from)), Some((_, to))) if !from.same(to) => sink(name, Some(from), Some(to)),
            (Some((name, from)), None) => sink(name, Some(from), None),
            (None, Some((name, to))) => sink(name, None, Some(to)),
            _ => {}
        }
    }
}

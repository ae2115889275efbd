//! What differs between two versions of one role, as data: a merge-join of two sorted indexes that yields one change
//! at a time, so a million targets need no second copy. It gives no opinion and makes no sentences.

mod delegations;
mod roles;

use std::borrow::Cow;

use crate::document::{Object, View};
use crate::key::Fingerprint;
use crate::metadata::{Metadata, RoleType, ShapeFault};

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
    /// The delegated roles are tried in another order (TUF 5.6.7).
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
    let (own, delegations): (&[&str], _) = match new.role_type() {
        RoleType::Root => (&["keys", "roles"], false),
        RoleType::Targets => (&["targets", "delegations"], true),
        RoleType::Snapshot | RoleType::Timestamp => (&["meta"], false),
    };
    fields(old.signed(), new.signed(), &[own, &["version", "_type"]].concat(), sink);
    match new.role_type() {
        RoleType::Root => {
            let (old, new) = (old.root()?, new.root()?);
            roles::roles(&old.roles, &old.keys, &new.roles, &new.keys, sink);
        }
        RoleType::Targets => {
            let (a, b) = (old.targets()?, new.targets()?);
            delegations::delegations(a.delegations.as_ref(), b.delegations.as_ref(), sink);
        }
        RoleType::Snapshot | RoleType::Timestamp => {}
    }
    if delegations || own == ["meta"] {
        let entries = |m: &'d Metadata| m.signed().member(own[0]).and_then(View::object);
        join(entries(old), entries(new), &mut |name, from, to| match (from, to) {
            (None, Some(to)) => sink(Change::EntryAdded { name, to: to.text() }),
            (Some(from), None) => sink(Change::EntryRemoved { name, from: from.text() }),
            (Some(from), Some(to)) => sink(Change::EntryChanged { name, from: from.text(), to: to.text() }),
            (None, None) => {}
        });
    } else {
        key_objects(old.signed(), new.signed(), sink);
    }
    Ok(())
}

/// Members other than those that are compared by their meaning.
fn fields<'d>(old: Object<'d>, new: Object<'d>, except: &[&str], sink: &mut dyn FnMut(Change<'d>)) {
    join(Some(old), Some(new), &mut |name, from, to| {
        if !except.contains(&name.as_ref()) {
            sink(Change::Field { name, from: from.map(View::text), to: to.map(View::text) });
        }
    });
}

/// Key objects that stand under the same key id on both sides and differ.
fn key_objects<'d>(old: Object<'d>, new: Object<'d>, sink: &mut dyn FnMut(Change<'d>)) {
    let keys = |o: Object<'d>| o.member("keys").and_then(View::object);
    join(keys(old), keys(new), &mut |keyid, from, to| {
        if let (Some(from), Some(to)) = (from, to) {
            sink(Change::KeyObject { keyid, from: from.text(), to: to.text() });
        }
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

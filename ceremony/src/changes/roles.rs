//! Changes of roles and their keys. Keys are compared as public keys: the same one under a new key id is renamed, not
//! removed and added.

use std::borrow::Cow;

use super::{Change, KeyName};
use crate::key::{Fingerprint, PublicKey};
use crate::metadata::{KeyEntry, RoleKeys};

/// Compares roles of the same names, then those that only one side has.
pub(super) fn roles<'d>(
    old: &[RoleKeys<'d>],
    old_keys: &[KeyEntry<'d>],
    new: &[RoleKeys<'d>],
    new_keys: &[KeyEntry<'d>],
    sink: &mut dyn FnMut(Change<'d>),
) {
    let named = |roles: &[RoleKeys<'d>], name: &str| roles.iter().position(|r| r.name == name);
    for role in new {
        match named(old, &role.name) {
            Some(at) => one(&old[at], old_keys, role, new_keys, sink),
            None => {
                sink(Change::RoleAdded { role: role.name.clone(), threshold: role.threshold });
                for keyid in &role.keyids {
                    sink(Change::KeyAdded { role: role.name.clone(), key: key_name(keyid, new_keys) });
                }
            }
        }
    }
    for role in old.iter().filter(|r| named(new, &r.name).is_none()) {
        sink(Change::RoleRemoved { role: role.name.clone() });
        for keyid in &role.keyids {
            sink(Change::KeyRemoved { role: role.name.clone(), key: key_name(keyid, old_keys) });
        }
    }
}

fn one<'d>(
    old: &RoleKeys<'d>,
    old_keys: &[KeyEntry<'d>],
    new: &RoleKeys<'d>,
    new_keys: &[KeyEntry<'d>],
    sink: &mut dyn FnMut(Change<'d>),
) {
    let role = || new.name.clone();
    if old.threshold != new.threshold {
        sink(Change::Threshold { role: role(), from: old.threshold, to: new.threshold });
    }
    let list = |keyids: &[Cow<'d, str>], table| keyids.iter().map(|k| key_name(k, table)).collect::<Vec<_>>();
    let (before, now) = (list(&old.keyids, old_keys), list(&new.keyids, new_keys));
    let (mut gone, mut come) = (Vec::new(), Vec::new());
    for key in &now {
        if !before.iter().any(|k| is_same(k, key)) {
            come.push(key.clone());
        }
    }
    for key in &before {
        if !now.iter().any(|k| is_same(k, key)) {
            gone.push(key.clone());
        }
    }
    // The same public key under another key id.
    gone.retain(|from| {
        let twin =
            come.iter().position(|to| from.fingerprint.is_some() && from.fingerprint == to.fingerprint);
        let Some(at) = twin else { return true };
        sink(Change::KeyRenamed { role: role(), from: from.clone(), to: come.remove(at) });
        false
    });
    come.into_iter().for_each(|key| sink(Change::KeyAdded { role: role(), key }));
    gone.into_iter().for_each(|key| sink(Change::KeyRemoved { role: role(), key }));
}

/// The same key id with the same public key: a key id alone proves nothing.
fn is_same(a: &KeyName<'_>, b: &KeyName<'_>) -> bool {
    a.keyid == b.keyid && a.fingerprint == b.fingerprint && (a.fingerprint.is_some() || a.scheme == b.scheme)
}

fn key_name<'d>(keyid: &Cow<'d, str>, table: &[KeyEntry<'d>]) -> KeyName<'d> {
    let entry = table.iter().find(|k| &k.keyid == keyid);
    let fingerprint: Option<Fingerprint> =
        entry.and_then(|e| e.key.as_ref().ok()).map(PublicKey::fingerprint);
    let scheme = match entry.map(|e| &e.key) {
        None => "not in the key table".to_owned(),
        Some(Ok(key)) => key.scheme().name().to_owned(),
        Some(Err(problem)) => problem.to_string(),
    };
    KeyName { keyid: keyid.clone(), fingerprint, scheme, owner: entry.and_then(|e| e.owner.clone()) }
}

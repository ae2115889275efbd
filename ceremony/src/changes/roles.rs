//! Changes of roles and their keys. Keys are compared as public keys: the same one under a new key id is renamed, not
//! removed and added. A key id alone proves nothing: another key under it is another key.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{Change, KeyName, Side, join};
use crate::document::{Object, View};
use crate::key::{Fingerprint, PublicKey};
use crate::metadata::{KeyEntry, RoleKeys};

/// The members of a role's object that are compared by their meaning.
const BY_MEANING: [&str; 2] = ["keyids", "threshold"];

type Table<'s, 'd> = BTreeMap<&'s str, &'s KeyEntry<'d>>;

fn table<'s, 'd>(side: &'s Side<'d>) -> Table<'s, 'd> {
    side.keys.iter().map(|k| (k.keyid.as_ref(), k)).collect()
}

fn by_name<'s, 'd>(side: &'s Side<'d>) -> BTreeMap<&'s str, &'s RoleKeys<'d>> {
    side.roles.iter().map(|r| (r.name.as_ref(), r)).collect()
}

/// Compares roles of the same names, then those that only one side has.
pub(super) fn roles<'d>((old, new): &(Side<'d>, Side<'d>), sink: &mut dyn FnMut(Change<'d>)) {
    let (old_keys, new_keys) = (table(old), table(new));
    let (old_names, new_names) = (by_name(old), by_name(new));
    for role in &new.roles {
        match old_names.get(role.name.as_ref()) {
            Some(before) => one(before, &old_keys, role, &new_keys, sink),
            None => {
                sink(Change::RoleAdded { role: role.name.clone(), threshold: role.threshold });
                for keyid in &role.keyids {
                    sink(Change::KeyAdded { role: role.name.clone(), key: key_name(keyid, &new_keys) });
                }
            }
        }
    }
    for role in old.roles.iter().filter(|r| !new_names.contains_key(r.name.as_ref())) {
        sink(Change::RoleRemoved { role: role.name.clone() });
        for keyid in &role.keyids {
            sink(Change::KeyRemoved { role: role.name.clone(), key: key_name(keyid, &old_keys) });
        }
    }
}

/// Compares the tables: objects that differ under one key id, and keys that come or go without a role that says so.
pub(super) fn keys<'d>(
    (old, new): &(Side<'d>, Side<'d>),
    path: &[&'static str],
    sink: &mut dyn FnMut(Change<'d>),
) {
    let listed = |side: &Side<'d>| -> BTreeSet<String> {
        side.roles.iter().flat_map(|r| &r.keyids).map(|k| k.clone().into_owned()).collect()
    };
    let (old_listed, new_listed) = (listed(old), listed(new));
    join(old.object, new.object, &mut |keyid, from, to| {
        if let (Some(from), Some(to)) = (from, to) {
            return sink(Change::KeyObject { keyid, from: from.text(), to: to.text() });
        }
        let told = if to.is_some() { &new_listed } else { &old_listed };
        if !told.contains(keyid.as_ref()) {
            let path = path.iter().map(|name| Cow::Borrowed(*name)).chain([keyid]).collect();
            sink(Change::Inside { path, from: from.map(View::text), to: to.map(View::text) });
        }
    });
}

fn one<'d>(
    old: &RoleKeys<'d>,
    old_keys: &Table<'_, 'd>,
    new: &RoleKeys<'d>,
    new_keys: &Table<'_, 'd>,
    sink: &mut dyn FnMut(Change<'d>),
) {
    let role = || new.name.clone();
    if old.threshold != new.threshold {
        sink(Change::Threshold { role: role(), from: old.threshold, to: new.threshold });
    }
    let list = |keyids: &[Cow<'d, str>], table| keyids.iter().map(|k| key_name(k, table)).collect::<Vec<_>>();
    let (before, now) = (list(&old.keyids, old_keys), list(&new.keyids, new_keys));
    let but = |these: &[KeyName<'d>], those: &[KeyName<'d>]| -> Vec<KeyName<'d>> {
        let those: BTreeSet<_> = those.iter().map(identity).collect();
        these.iter().filter(|key| !those.contains(&identity(key))).cloned().collect()
    };
    let (mut gone, come) = (but(&before, &now), but(&now, &before));
    let mut places: BTreeMap<Fingerprint, VecDeque<usize>> = BTreeMap::new();
    for (at, key) in come.iter().enumerate() {
        if let Some(print) = key.fingerprint {
            places.entry(print).or_default().push_back(at);
        }
    }
    let mut come: Vec<Option<KeyName<'d>>> = come.into_iter().map(Some).collect();
    // The same public key under another key id.
    gone.retain(|from| {
        let at = from.fingerprint.and_then(|print| places.get_mut(&print)?.pop_front());
        let Some(to) = at.and_then(|at| come[at].take()) else { return true };
        sink(Change::KeyRenamed { role: role(), from: from.clone(), to });
        false
    });
    come.into_iter().flatten().for_each(|key| sink(Change::KeyAdded { role: role(), key }));
    gone.into_iter().for_each(|key| sink(Change::KeyRemoved { role: role(), key }));
}

/// The rest of a role's object: members that are not compared by their meaning, and the order of its key ids.
pub(super) fn inside<'d>(
    path: &[Cow<'d, str>],
    from: Option<Object<'d>>,
    to: Option<Object<'d>>,
    sink: &mut dyn FnMut(Change<'d>),
) {
    join(from, to, &mut |name, from, to| {
        let told = match (from, to) {
            (Some(from), Some(to)) if name == "keyids" => in_one_order(&texts(from), &texts(to)),
            _ => BY_MEANING.contains(&name.as_ref()),
        };
        if !told {
            let path = [path, &[name]].concat();
            sink(Change::Inside { path, from: from.map(View::text), to: to.map(View::text) });
        }
    });
}

fn texts(list: View<'_>) -> Vec<Cow<'_, str>> {
    list.array().into_iter().flatten().filter_map(View::string).collect()
}

/// Whether what both lists hold stands in the same order in both.
pub(super) fn in_one_order(old: &[Cow<'_, str>], new: &[Cow<'_, str>]) -> bool {
    let (in_old, in_new): (BTreeSet<_>, BTreeSet<_>) = (old.iter().collect(), new.iter().collect());
    let kept = old.iter().filter(|k| in_new.contains(k));
    kept.eq(new.iter().filter(|k| in_old.contains(k)))
}

/// The same key id with the same public key: a key id alone proves nothing.
fn identity<'k>(key: &'k KeyName<'_>) -> (&'k str, Option<Fingerprint>, Option<&'k str>) {
    let scheme = key.fingerprint.is_none().then_some(key.scheme.as_str());
    (key.keyid.as_ref(), key.fingerprint, scheme)
}

fn key_name<'d>(keyid: &Cow<'d, str>, table: &Table<'_, 'd>) -> KeyName<'d> {
    let entry = table.get(keyid.as_ref());
    let fingerprint: Option<Fingerprint> =
        entry.and_then(|e| e.key.as_ref().ok()).map(PublicKey::fingerprint);
    let scheme = match entry.map(|e| &e.key) {
        None => "not in the key table".to_owned(),
        Some(Ok(key)) => key.scheme().name().to_owned(),
        Some(Err(problem)) => problem.to_string(),
    };
    KeyName { keyid: keyid.clone(), fingerprint, scheme, owner: entry.and_then(|e| e.owner.clone()) }
}

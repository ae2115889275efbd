//! Changes for scripts: every one, none collected. Values are the JSON texts of the two documents.

use std::cell::RefCell;

use serde::ser::{Error as _, SerializeSeq};
use serde::{Serialize, Serializer};
use tuf_ceremony::changes::{Change, KeyName, changes};
use tuf_ceremony::metadata::Metadata;

use super::HeldFacts;
use crate::report::Names;

/// All changes between two versions, written as they are found.
pub struct ChangesFacts<'d> {
    /// The older version.
    pub old: &'d Metadata,
    /// The newer version.
    pub new: &'d Metadata,
    /// Whose key is whose.
    pub names: &'d Names,
}

impl Serialize for ChangesFacts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let list = RefCell::new((serializer.serialize_seq(None)?, Ok(())));
        let shape = changes(self.old, self.new, &mut |change| {
            let (list, written) = &mut *list.borrow_mut();
            if written.is_ok() {
                *written = list.serialize_element(&ChangeFacts::of(&change, self.names));
            }
        });
        shape.map_err(S::Error::custom)?;
        let (list, written) = list.into_inner();
        written.and_then(|()| list.end())
    }
}

/// One change.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[expect(
    missing_docs,
    reason = "each variant is that of tuf_ceremony::changes::Change, which says what it is"
)]
pub enum ChangeFacts<'a> {
    Version { from: u64, to: u64 },
    Field { name: &'a str, from: Option<&'a str>, to: Option<&'a str> },
    Inside { path: Vec<&'a str>, from: Option<&'a str>, to: Option<&'a str> },
    RoleAdded { role: &'a str, threshold: u64 },
    RoleRemoved { role: &'a str },
    Threshold { role: &'a str, from: u64, to: u64 },
    KeyAdded { role: &'a str, key: KeyNameFacts<'a> },
    KeyRemoved { role: &'a str, key: KeyNameFacts<'a> },
    KeyRenamed { role: &'a str, from: KeyNameFacts<'a>, to: KeyNameFacts<'a> },
    KeyObject { keyid: &'a str, from: &'a str, to: &'a str },
    Reach { role: &'a str, from: &'a str, to: &'a str },
    DelegationOrder,
    EntryAdded { name: &'a str, to: &'a str },
    EntryRemoved { name: &'a str, from: &'a str },
    EntryChanged { name: &'a str, from: &'a str, to: &'a str },
}

/// A key, named.
#[derive(Serialize)]
pub struct KeyNameFacts<'a> {
    keyid: &'a str,
    fingerprint: Option<String>,
    scheme: &'a str,
    owner: Option<&'a str>,
    #[serde(flatten)]
    held: HeldFacts,
}

impl<'a> KeyNameFacts<'a> {
    fn of(key: &'a KeyName<'_>, names: &Names) -> KeyNameFacts<'a> {
        KeyNameFacts {
            keyid: &key.keyid,
            fingerprint: key.fingerprint.map(|print| print.to_string()),
            scheme: &key.scheme,
            owner: key.owner.as_deref(),
            held: HeldFacts::of(names, key.fingerprint, key.owner.as_deref()),
        }
    }
}

impl<'a> ChangeFacts<'a> {
    fn of(change: &'a Change<'_>, names: &Names) -> ChangeFacts<'a> {
        let named = |key: &'a KeyName<'_>| KeyNameFacts::of(key, names);
        match change {
            Change::Version { from, to } => ChangeFacts::Version { from: *from, to: *to },
            Change::Field { name, from, to } => ChangeFacts::Field { name, from: *from, to: *to },
            Change::Inside { path, from, to } => {
                let path = path.iter().map(|name| name.as_ref()).collect();
                ChangeFacts::Inside { path, from: *from, to: *to }
            }
            Change::RoleAdded { role, threshold } => ChangeFacts::RoleAdded { role, threshold: *threshold },
            Change::RoleRemoved { role } => ChangeFacts::RoleRemoved { role },
            Change::Threshold { role, from, to } => ChangeFacts::Threshold { role, from: *from, to: *to },
            Change::KeyAdded { role, key } => ChangeFacts::KeyAdded { role, key: named(key) },
            Change::KeyRemoved { role, key } => ChangeFacts::KeyRemoved { role, key: named(key) },
            Change::KeyRenamed { role, from, to } => {
                ChangeFacts::KeyRenamed { role, from: named(from), to: named(to) }
            }
            Change::KeyObject { keyid, from, to } => ChangeFacts::KeyObject { keyid, from, to },
            Change::Reach { role, from, to } => ChangeFacts::Reach { role, from, to },
            Change::DelegationOrder => ChangeFacts::DelegationOrder,
            Change::EntryAdded { name, to } => ChangeFacts::EntryAdded { name, to },
            Change::EntryRemoved { name, from } => ChangeFacts::EntryRemoved { name, from },
            Change::EntryChanged { name, from, to } => ChangeFacts::EntryChanged { name, from, to },
        }
    }
}

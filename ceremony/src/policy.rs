//! Rules with names. A finding says which control noticed what in a document that already exists: it is shown and
//! does not decide, because real chains hold such things and must still be rotated (MODEL 9). What refuses is a
//! shape ([`crate::metadata::ShapeFault`]), a threshold ([`crate::keyset`]) or a draft's standing ([`crate::draft`]).

pub mod attested;
pub mod ceremony;
pub mod clients;
mod control;
mod names;

use std::collections::{BTreeMap, BTreeSet};

pub use control::Control;
pub(crate) use names::{odd_path, odd_role};

use crate::document::{Kind, View};
use crate::key::keyid::Preimage;
use crate::key::{KeyProblem, PublicKey};
use crate::metadata::{
    Delegations, KeyEntry, Metadata, RoleKeys, RoleType, Root, ShapeFault, SignaturesShape,
};
use crate::seal::MARK;

/// Something odd, and the control that noticed it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The control.
    pub control: Control,
    /// What it is about: a role, a key id, a path. Untrusted text.
    pub about: String,
    /// What was found, as a clause. May quote the document.
    pub fact: String,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {} [{}]", self.about, self.fact, self.control.code())
    }
}

/// Everything odd in one document, in a fixed order.
///
/// # Errors
/// When it has not the shape of its role.
pub fn findings(metadata: &Metadata) -> Result<Vec<Finding>, ShapeFault> {
    let mut found = Findings(Vec::new());
    found.of_every_role(metadata);
    found.of_entries(metadata)?;
    match metadata.role_type() {
        RoleType::Root => found.of_root(&metadata.root()?),
        RoleType::Targets => {
            let targets = metadata.targets()?;
            for target in targets.sorted() {
                let target = target?;
                if target.hashes.is_empty() {
                    found.add(Control::TargetHashes, &target.path, "no hash is given for it");
                }
                if let Some(fact) = odd_path(&target.path) {
                    found.add(Control::TargetPath, &target.path, fact);
                }
            }
            if let Some(delegations) = &targets.delegations {
                found.of_delegations(delegations);
            }
        }
        RoleType::Snapshot | RoleType::Timestamp => {}
    }
    names::disagreements(metadata.signed().view(), &mut |about, fact| {
        found.add(Control::Clients, about, fact)
    });
    Ok(found.0)
}

/// What is shown of one document: [`findings`], and which clients it shuts out, which nobody records.
///
/// # Errors
/// When it has not the shape of its role.
pub fn shown(metadata: &Metadata) -> Result<Vec<Finding>, ShapeFault> {
    Ok([findings(metadata)?, clients::findings(metadata)?].concat())
}

struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, control: Control, about: &str, fact: impl Into<String>) {
        self.0.push(Finding { control, about: about.to_owned(), fact: fact.into() });
    }

    fn of_every_role(&mut self, metadata: &Metadata) {
        let about = metadata.role_type().name();
        if metadata.version() == 0 {
            self.add(Control::Version, about, "the version is 0; versions start at 1");
        }
        match metadata.expires() {
            Err(fault) if fault.text.is_empty() => self.add(Control::Expiry, about, "there is no expiry"),
            Err(fault) => self.add(Control::Expiry, about, fault.to_string()),
            Ok(at) if !at.is_plain() => {
                let fact =
                    format!("the expiry is spelled {:?}, which some clients read otherwise", at.spelled());
                self.add(Control::Expiry, about, fact);
            }
            Ok(_) => {}
        }
        match metadata.spec_version() {
            None => self.add(Control::SpecVersion, about, "there is no spec_version"),
            Some(v) if v.split('.').next() != Some("1") || !v.split('.').all(is_number) => {
                self.add(
                    Control::SpecVersion,
                    about,
                    format!("spec_version is {v:?}, which is no version 1"),
                );
            }
            Some(_) => {}
        }
        let known = control::known_members(metadata.role_type());
        for (name, value) in metadata.signed().sorted() {
            if name == MARK && value.boolean() == Some(true) {
                let fact = "it marks a rehearsal: no real ceremony takes this document";
                self.add(Control::UnknownField, &name, fact);
            } else if !known.contains(&name.as_ref()) {
                let fact = "the specification does not know this field; it is kept";
                self.add(Control::UnknownField, &name, fact);
            }
        }
    }

    fn of_entries(&mut self, metadata: &Metadata) -> Result<(), ShapeFault> {
        match metadata.signatures_shape() {
            SignaturesShape::Null => self.add(Control::Entries, "signatures", "it is null, not a list"),
            SignaturesShape::Absent => self.add(Control::Entries, "signatures", "there is no such list"),
            SignaturesShape::Array | SignaturesShape::Other => {}
        }
        let entries = metadata.entries()?;
        for (at, entry) in entries.iter().enumerate() {
            if entries[..at].iter().any(|e| e.keyid == entry.keyid) {
                self.add(Control::Entries, &entry.keyid, "the key id stands in two signature entries");
            }
            if entry.is_placeholder() {
                self.add(Control::Entries, &entry.keyid, "the entry is a placeholder without a signature");
            }
        }
        Ok(())
    }

    fn of_root(&mut self, root: &Root<'_>) {
        for role in RoleType::ALL {
            if root.role(role.name()).is_none() {
                self.add(Control::FourRoles, role.name(), "the root gives this role no keys");
            }
        }
        match root.consistent_snapshot {
            Some(true) => {}
            Some(false) => self.add(Control::ConsistentSnapshot, "consistent_snapshot", "it is false"),
            None => {
                self.add(Control::ConsistentSnapshot, "consistent_snapshot", "it is not said, so it is off")
            }
        }
        self.of_keys(&root.keys, &root.roles.iter().collect::<Vec<_>>());
        self.shared_keys(root);
    }

    fn of_delegations(&mut self, delegations: &Delegations<'_>) {
        let bins = delegations.succinct.as_ref().map(|s| &s.role);
        let roles: Vec<&RoleKeys<'_>> = delegations.roles.iter().map(|(role, _)| role).chain(bins).collect();
        self.of_keys(&delegations.keys, &roles);
        for (role, reach) in &delegations.roles {
            if let Some(fact) = odd_role(&role.name) {
                self.add(Control::RoleName, &role.name, fact);
            }
            if !reach.are_prefixes && reach.patterns.iter().any(|p| p.contains(['[', ']', '{', '}', '!'])) {
                self.add(
                    Control::PathPattern,
                    &role.name,
                    "a path pattern uses more than * and ?, and clients differ on it",
                );
            }
        }
    }

    fn of_keys(&mut self, keys: &[KeyEntry<'_>], roles: &[&RoleKeys<'_>]) {
        let listed: BTreeSet<&str> = roles.iter().flat_map(|r| &r.keyids).map(AsRef::as_ref).collect();
        for entry in keys {
            self.of_key(entry);
            if !listed.contains(entry.keyid.as_ref()) {
                self.add(Control::Unreferenced, &entry.keyid, "no role lists this key");
            }
        }
        let table: BTreeMap<&str, &KeyEntry<'_>> = keys.iter().map(|k| (k.keyid.as_ref(), k)).collect();
        for role in roles {
            let mut seen: BTreeMap<_, &str> = BTreeMap::new();
            for keyid in &role.keyids {
                match table.get(keyid.as_ref()).map(|k| k.key.as_ref().map(PublicKey::fingerprint)) {
                    None => {
                        let fact =
                            format!("the role {:?} lists it and the key table does not hold it", role.name);
                        self.add(Control::KeyMissing, keyid, fact);
                    }
                    Some(Ok(key)) => {
                        if let Some(first) = seen.insert(key, keyid) {
                            let fact = format!(
                                "in the role {:?} the same public key stands under {first} too, and counts once",
                                role.name
                            );
                            self.add(Control::TwoIds, keyid, fact);
                        }
                    }
                    Some(Err(_)) => {}
                }
            }
            if role.threshold > seen.len() as u64 {
                let fact =
                    format!("{} keys must sign and only {} distinct keys can", role.threshold, seen.len());
                self.add(Control::Threshold, &role.name, fact);
            }
        }
    }

    fn of_key(&mut self, entry: &KeyEntry<'_>) {
        match &entry.key {
            Ok(_) => {}
            Err(problem @ KeyProblem::UnknownScheme { .. }) => {
                self.add(Control::Scheme, &entry.keyid, problem.to_string())
            }
            Err(problem) => self.add(Control::Key, &entry.keyid, problem.to_string()),
        }
        match entry.preimages.as_slice() {
            [] => self.add(Control::KeyId, &entry.keyid, "the key id is no hash of the key that we know"),
            held if !held.contains(&Preimage::Whole) => {
                let fact =
                    format!("the key id is the hash of {} only; strict clients refuse it", held[0].name());
                self.add(Control::KeyId, &entry.keyid, fact);
            }
            _ => {}
        }
    }

    /// One key for root and for a role that is online: whoever takes the server takes the root.
    fn shared_keys(&mut self, root: &Root<'_>) {
        let keys = |role: RoleType| root.role(role.name()).map_or(&[][..], |r| &r.keyids);
        let table: BTreeMap<&str, &KeyEntry<'_>> = root.keys.iter().map(|k| (k.keyid.as_ref(), k)).collect();
        let print = |keyid: &str| table.get(keyid)?.key.as_ref().ok().map(PublicKey::fingerprint);
        let root_ids: BTreeSet<&str> = keys(RoleType::Root).iter().map(AsRef::as_ref).collect();
        let root_prints: BTreeSet<_> = root_ids.iter().filter_map(|keyid| print(keyid)).collect();
        for online in [RoleType::Snapshot, RoleType::Timestamp] {
            for keyid in keys(online) {
                let same_key = || print(keyid).is_some_and(|p| root_prints.contains(&p));
                if root_ids.contains(keyid.as_ref()) || same_key() {
                    let fact = format!("the same key signs root and {online}, which is online");
                    self.add(Control::SharedKey, keyid, fact);
                }
            }
        }
    }
}

fn is_number(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit())
}

/// Walks every text of a value, names included.
fn texts(view: View<'_>, sink: &mut dyn FnMut(&str, bool)) {
    match view.kind() {
        Kind::Object => {
            for (name, value) in view.object().into_iter().flat_map(|o| o.sorted()) {
                sink(&name, true);
                texts(value, sink);
            }
        }
        Kind::Array => view.array().into_iter().flatten().for_each(|v| texts(v, sink)),
        Kind::String => sink(&view.string().unwrap_or_default(), false),
        Kind::Integer | Kind::Bool | Kind::Null => {}
    }
}

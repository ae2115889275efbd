//! What a document says, for scripts: keys, roles, delegations, listed files. Of targets only the count: their paths
//! stand in the document.

use serde::Serialize;
use tuf_ceremony::key::PublicKey;
use tuf_ceremony::metadata::{Delegations, KeyEntry, Metadata, RoleKeys, RoleType, ShapeFault};

use super::HeldFacts;
use crate::report::Names;

/// What a document says; members that its type does not have are null.
#[derive(Serialize, Default)]
pub struct SaidFacts {
    /// `consistent_snapshot` of a root.
    pub consistent_snapshot: Option<bool>,
    /// Keys of a root or of delegations.
    pub keys: Option<Vec<KeyFacts>>,
    /// Roles of a root.
    pub roles: Option<Vec<RoleFacts>>,
    /// How many targets there are.
    pub targets: Option<usize>,
    /// Delegated roles in their order; hash bins as one.
    pub delegations: Option<Vec<DelegationFacts>>,
    /// Files that a snapshot or timestamp lists.
    pub listed: Option<Vec<ListedFacts>>,
}

/// One key.
#[derive(Serialize)]
pub struct KeyFacts {
    /// Its key id.
    pub keyid: String,
    /// What kind of key it is.
    pub key: Option<String>,
    /// Its scheme.
    pub scheme: Option<&'static str>,
    /// Its fingerprint.
    pub fingerprint: Option<String>,
    /// The holder's name, as the document claims it.
    pub owner: Option<String>,
    /// Who holds it, by the best source there is.
    #[serde(flatten)]
    pub held: HeldFacts,
    /// Why it cannot count.
    pub problem: Option<String>,
}

/// One role's keys.
#[derive(Serialize)]
pub struct RoleFacts {
    /// Its name.
    pub role: String,
    /// How many distinct public keys must sign.
    pub threshold: u64,
    /// Its key ids.
    pub keyids: Vec<String>,
}

/// One delegated role, or all hash bins.
#[derive(Serialize)]
pub struct DelegationFacts {
    /// Name, threshold and keys; for hash bins the name is their prefix.
    #[serde(flatten)]
    pub role: RoleFacts,
    /// `paths`.
    pub paths: Option<Vec<String>>,
    /// `path_hash_prefixes`.
    pub path_hash_prefixes: Option<Vec<String>>,
    /// Whether the search ends there.
    pub terminating: Option<bool>,
    /// For hash bins: there are 2 to this power.
    pub bit_length: Option<u32>,
}

/// One listed file.
#[derive(Serialize)]
pub struct ListedFacts {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: u64,
}

impl SaidFacts {
    /// What `metadata` says.
    ///
    /// # Errors
    /// When it has not the shape of its role.
    pub fn of(metadata: &Metadata, names: &Names) -> Result<SaidFacts, ShapeFault> {
        let none = SaidFacts::default();
        match metadata.role_type() {
            RoleType::Root => {
                let root = metadata.root()?;
                let keys = Some(root.keys.iter().map(|key| KeyFacts::of(key, names)).collect());
                let roles = Some(root.roles.iter().map(RoleFacts::from).collect());
                Ok(SaidFacts { consistent_snapshot: root.consistent_snapshot, keys, roles, ..none })
            }
            RoleType::Targets => {
                let targets = metadata.targets()?;
                let delegations = targets.delegations.as_ref();
                let keys = delegations.map(|d| d.keys.iter().map(|key| KeyFacts::of(key, names)).collect());
                Ok(SaidFacts {
                    targets: Some(targets.len()),
                    keys,
                    delegations: delegations.map(delegated),
                    ..none
                })
            }
            RoleType::Snapshot | RoleType::Timestamp => {
                let listed = metadata.listing()?.sorted().map(|listed| {
                    listed.map(|l| ListedFacts { name: l.name.into_owned(), version: l.version })
                });
                Ok(SaidFacts { listed: Some(listed.collect::<Result<_, _>>()?), ..none })
            }
        }
    }
}

impl KeyFacts {
    fn of(entry: &KeyEntry<'_>, names: &Names) -> KeyFacts {
        let key = entry.key.as_ref().ok();
        let held = HeldFacts::of(names, key.map(PublicKey::fingerprint), entry.owner.as_deref());
        KeyFacts {
            keyid: entry.keyid.clone().into_owned(),
            key: key.map(PublicKey::kind),
            scheme: key.map(|key| key.scheme().name()),
            fingerprint: key.map(|key| key.fingerprint().to_string()),
            owner: entry.owner.clone(),
            held,
            problem: entry.key.as_ref().err().map(ToString::to_string),
        }
    }
}

impl From<&RoleKeys<'_>> for RoleFacts {
    fn from(role: &RoleKeys<'_>) -> RoleFacts {
        RoleFacts {
            role: role.name.clone().into_owned(),
            threshold: role.threshold,
            keyids: role.keyids.iter().map(|keyid| keyid.clone().into_owned()).collect(),
        }
    }
}

fn delegated(delegations: &Delegations<'_>) -> Vec<DelegationFacts> {
    let bins = delegations.succinct.iter().map(|bins| DelegationFacts {
        role: RoleFacts::from(&bins.role),
        paths: None,
        path_hash_prefixes: None,
        terminating: None,
        bit_length: Some(bins.bit_length),
    });
    let roles = delegations.roles.iter().map(|(role, reach)| {
        let patterns = || Some(reach.patterns.iter().map(|p| p.clone().into_owned()).collect());
        DelegationFacts {
            role: RoleFacts::from(role),
            paths: if reach.are_prefixes { None } else { patterns() },
            path_hash_prefixes: if reach.are_prefixes { patterns() } else { None },
            terminating: Some(reach.terminating),
            bit_length: None,
        }
    });
    roles.chain(bins).collect()
}

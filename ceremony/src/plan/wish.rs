//! What a plan wants made: documents with their versions and expiries, and the exceptions that it asks for.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{FileRef, date};
use crate::policy::Control;
use crate::time::Moment;

/// The root to be made. Roles that are not named stay as they are.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RootWish {
    /// Its version.
    pub version: u64,
    /// Its expiry, `2028-03-05T00:00:00Z`.
    #[serde(deserialize_with = "date::instant")]
    pub expires: Moment,
    /// Kept where it is not given; on for a first root.
    pub consistent_snapshot: Option<bool>,
    /// Roles, by name: whoever shall sign from now on.
    #[serde(default)]
    pub roles: BTreeMap<String, RoleWish>,
}

/// Keys and threshold of a role.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RoleWish {
    /// Names of keys of the plan.
    pub keys: Vec<String>,
    /// How many must sign.
    pub threshold: u64,
}

/// Targets to be made. Entries and delegations that are not named stay as they are.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TargetsWish {
    /// Its version.
    pub version: u64,
    /// Its expiry.
    #[serde(deserialize_with = "date::instant")]
    pub expires: Moment,
    /// For a delegated role: the role that delegates to it; `targets` where it is not given.
    pub by: Option<String>,
    /// Files to add or replace: path in the repository, then file or folder beside the plan.
    #[serde(default)]
    pub add: BTreeMap<String, String>,
    /// Instead of `add`: a delta file that was made before, for files that are elsewhere.
    pub delta: Option<FileRef>,
    /// Paths to remove. One that is not there is refused.
    #[serde(default)]
    pub remove: Vec<String>,
    /// Delegations to set or replace, by role.
    #[serde(default)]
    pub delegations: BTreeMap<String, DelegationWish>,
    /// Delegated roles to remove.
    #[serde(default)]
    pub undelegate: Vec<String>,
    /// The order in which all delegated roles are tried; needed as soon as a role is new (TUF 5.6.7).
    pub delegation_order: Option<Vec<String>>,
}

impl TargetsWish {
    /// For a delegated role: the role that delegates to it.
    #[must_use]
    pub fn delegating(&self) -> &str {
        self.by.as_deref().unwrap_or("targets")
    }
}

/// One delegation.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DelegationWish {
    /// Names of keys of the plan.
    pub keys: Vec<String>,
    /// How many must sign.
    pub threshold: u64,
    /// Path patterns.
    pub paths: Option<Vec<String>>,
    /// Or prefixes of the SHA-256 of paths.
    pub path_hash_prefixes: Option<Vec<String>>,
    /// Whether the search ends here.
    pub terminating: bool,
}

/// Snapshot or timestamp to be made: what they list follows from the other drafts and the predecessors.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OnlineWish {
    /// Its version.
    pub version: u64,
    /// Its expiry.
    #[serde(deserialize_with = "date::instant")]
    pub expires: Moment,
}

/// An exception that each signer is asked to grant.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ExceptionWish {
    /// The control, by its code.
    pub control: Control,
    /// What the finding is about.
    pub about: String,
    /// Why it is right this time.
    pub reason: String,
}

//! What people want, strict and still editable: a reviewed TOML file (`docs/spec/plan.md`). A [`Plan`] comes only from
//! [`Plan::read`], so every name in it is known, every value possible, and every file inside its folder. What bytes come of
//! it, and whether its kind is true, is for those who seal it.

mod check;
mod date;
mod fault;
mod people;
mod wish;

use std::collections::BTreeMap;

use serde::Deserialize;

pub use fault::{PlanFault, PlanProblem};
pub use people::{CardRef, KeySource, Person, PersonPart, PlanKey, PublicRef};
pub use wish::{DelegationWish, ExceptionWish, OnlineWish, RoleWish, RootWish, TargetsWish};

use crate::digest::Digest;
use crate::limits::PLAN;
use crate::strict;
use crate::time::Moment;

/// The format version of plans.
pub const FORMAT: u64 = 1;

/// A reviewed plan.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[non_exhaustive]
pub struct Plan {
    /// The format version, [`FORMAT`].
    pub format: u64,
    /// What the ceremony is called.
    pub title: String,
    /// What kind of ceremony it claims to be; checked against the computed changes (MODEL 6).
    pub kind: Kind,
    /// Whether it is practice: everything made is marked (MODEL 29).
    #[serde(default)]
    pub rehearsal: bool,
    /// Whether keys countersign the head at the end (MODEL 16).
    #[serde(default)]
    pub countersign: Countersign,
    /// When it takes place.
    pub window: Option<Window>,
    /// The documents it builds on.
    #[serde(default)]
    pub predecessor: Predecessors,
    /// The highest version of each role that anybody has ever seen published.
    #[serde(default)]
    pub seen: BTreeMap<String, u64>,
    /// People, by the name that the plan gives them.
    #[serde(default)]
    pub people: BTreeMap<String, Person>,
    /// Keys, by the name that the plan gives them.
    #[serde(default)]
    pub keys: BTreeMap<String, PlanKey>,
    /// How documents are written.
    #[serde(default)]
    pub style: Style,
    /// The root to be made.
    pub root: Option<RootWish>,
    /// The top-level targets to be made.
    pub targets: Option<TargetsWish>,
    /// Delegated targets to be made, by role.
    #[serde(default)]
    pub delegated: BTreeMap<String, TargetsWish>,
    /// The snapshot to be made.
    pub snapshot: Option<OnlineWish>,
    /// The timestamp to be made.
    pub timestamp: Option<OnlineWish>,
    /// Exceptions that each signer is asked for (DESIGN 4).
    #[serde(default)]
    pub exceptions: Vec<ExceptionWish>,
}

impl Plan {
    /// Reads a plan and checks everything that it says about itself. Files that it names are not looked at.
    ///
    /// # Errors
    /// A [`PlanFault`] names the line or the field: the plan is mended and reviewed again.
    pub fn read(text: &[u8]) -> Result<Plan, PlanFault> {
        let plan: Plan = strict::read(text, PLAN, FORMAT)?;
        check::plan(&plan)?;
        Ok(plan)
    }
}

/// What a ceremony claims to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Root version 1, and nothing that needs a predecessor.
    FirstRoot,
    /// Root version 1 with targets, snapshot and timestamp: a whole repository.
    Bootstrap,
    /// Keys or thresholds change.
    Rotation,
    /// The same people, one of them with another key.
    TokenReplaced,
    /// The same people, one of them with another key because the old one cannot sign any more.
    TokenLost,
    /// Keys go and nobody comes for them.
    Revocation,
    /// Versions and expiries, nothing else.
    Renewal,
    /// Targets and what lists them; the root stays.
    TargetsRelease,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Kind; 8] = [
        Kind::FirstRoot,
        Kind::Bootstrap,
        Kind::Rotation,
        Kind::TokenReplaced,
        Kind::TokenLost,
        Kind::Revocation,
        Kind::Renewal,
        Kind::TargetsRelease,
    ];

    /// The word in a plan.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::FirstRoot => "first-root",
            Kind::Bootstrap => "bootstrap",
            Kind::Rotation => "rotation",
            Kind::TokenReplaced => "token-replaced",
            Kind::TokenLost => "token-lost",
            Kind::Revocation => "revocation",
            Kind::Renewal => "renewal",
            Kind::TargetsRelease => "targets-release",
        }
    }
}

/// Who signs the head when the ceremony closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Countersign {
    /// Nobody.
    #[default]
    None,
    /// The keys that signed.
    Keys,
}

/// When a ceremony takes place. Dates or instants, UTC.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Window {
    /// Not before.
    #[serde(deserialize_with = "date::date_or_instant")]
    pub opens: Moment,
    /// Not after.
    #[serde(deserialize_with = "date::date_or_instant")]
    pub closes: Moment,
    /// When remote replies must be back.
    #[serde(default, deserialize_with = "date::maybe")]
    pub replies_by: Option<Moment>,
}

/// A file beside the plan.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FileRef {
    /// Its path from the plan's folder, with `/`, never out of it.
    pub file: String,
    /// SHA-256 of its bytes.
    pub sha256: Digest,
}

/// The documents a plan builds on.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Predecessors {
    /// Roots before the trusted one, oldest first: the way from a keyholder's older copy.
    #[serde(default)]
    pub chain: Vec<FileRef>,
    /// The trusted root: the published one.
    pub root: Option<FileRef>,
    /// The published targets.
    pub targets: Option<FileRef>,
    /// The published snapshot.
    pub snapshot: Option<FileRef>,
    /// The published timestamp.
    pub timestamp: Option<FileRef>,
    /// Published delegated targets, by role.
    #[serde(default)]
    pub delegated: BTreeMap<String, FileRef>,
}

impl Predecessors {
    /// All of them, in the order in which the plan's page lists them.
    pub fn files(&self) -> impl Iterator<Item = &FileRef> {
        let top = [&self.root, &self.targets, &self.snapshot, &self.timestamp];
        self.chain.iter().chain(top.into_iter().flatten()).chain(self.delegated.values())
    }
}

/// How documents are written (MODEL 2, 4).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Style {
    /// Layout of documents that follow a predecessor.
    #[serde(default)]
    pub layout: Layout,
    /// What key ids of new keys are the hash of; without dialect fields all are the same.
    #[serde(default)]
    pub key_ids: KeyIds,
    /// `spec_version` of new documents; kept from the predecessor where this is not given.
    pub spec_version: Option<String>,
}

/// How the text of a draft is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layout {
    /// Ours: indent 1, sorted, ASCII, no final newline.
    #[default]
    Ours,
    /// The predecessor's text, changed only where the plan changes something.
    AsPredecessor,
}

/// What a new key's id is the hash of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyIds {
    /// The whole key object: the specification.
    #[default]
    Whole,
    /// keytype, scheme and keyval only.
    Three,
}

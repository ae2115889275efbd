//! What people want, strict and still editable: a reviewed TOML file (`docs/spec/plan.md`). Unknown and duplicate fields
//! are refused. It says what shall be, in people's names; what bytes come of it is [`crate::seal`]'s.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::digest::Digest;
use crate::policy::Control;

/// The format version of plans.
pub const FORMAT: u64 = 1;

/// A reviewed plan.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
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
    pub opens: String,
    /// Not after.
    pub closes: String,
    /// When remote replies must be back.
    pub replies_by: Option<String>,
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

/// Somebody with a part in the ceremony.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Person {
    /// Her full name.
    pub name: String,
    /// Her part.
    pub part: PersonPart,
    /// Whether she has announced that she takes part; people who have not cannot be counted on.
    #[serde(default = "yes")]
    pub announced: bool,
}

/// What a person is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PersonPart {
    /// Holds a key.
    Keyholder,
    /// Plans and runs the ceremony.
    Officer,
    /// Watches.
    Witness,
    /// Checks afterwards.
    Auditor,
}

/// A key that roles may name.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PlanKey {
    /// Who can sign with it, by the names in [`Plan::people`]; several custodians may hold one HSM key. Empty for a key
    /// that a machine holds.
    #[serde(default)]
    pub holders: Vec<String>,
    /// It stands in the trusted root (or in the delegating targets) under this key id, and is kept as it stands there.
    pub keyid: Option<String>,
    /// Its key card.
    pub card: Option<CardRef>,
    /// Its public half without a card: for keys of machines that cannot make one.
    pub public: Option<PublicRef>,
    /// Why it cannot sign any more, for a key that is on its way out.
    pub lost: Option<String>,
    /// Fields that a dialect wants in the key object, by name; texts only.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
}

/// A key card, or that there is none yet.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum CardRef {
    /// The card's file.
    File(FileRef),
    /// The words `to be made`: a first key phase makes it.
    ToBeMade(ToBeMade),
}

/// The words `to be made`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum ToBeMade {
    /// The words.
    #[serde(rename = "to be made")]
    ToBeMade,
}

/// A public key without a card.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PublicRef {
    /// A PEM SubjectPublicKeyInfo beside the plan.
    pub file: String,
    /// SHA-256 of its bytes.
    pub sha256: Digest,
    /// The scheme, as TUF names it.
    pub scheme: String,
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

/// The root to be made. Roles that are not named stay as they are.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RootWish {
    /// Its version.
    pub version: u64,
    /// Its expiry, `2028-03-05T00:00:00Z`.
    pub expires: String,
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
    pub expires: String,
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
    pub expires: String,
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

fn yes() -> bool {
    true
}

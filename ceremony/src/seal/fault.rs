//! Why a plan gives no drafts: one enum for each thing that is looked at.

use crate::bundle::PartFault;
use crate::card::CardFault;
use crate::chain::Reason;
use crate::delta::DeltaFault;
use crate::digest::Digest;
use crate::document::ReadFault;
use crate::draft::DraftFault;
use crate::key::{KeyProblem, NotForNewKeys};
use crate::limits::Limit;
use crate::metadata::{RoleType, ShapeFault};

/// A plan gives no drafts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealFault {
    /// A file that the plan names is not there, or is another one.
    #[error("{what} is not there: no file with the SHA-256 {sha256} was given")]
    Missing {
        /// What it is.
        what: String,
        /// SHA-256 of its bytes.
        sha256: Digest,
    },
    /// More drafts than a bundle can carry.
    #[error("the plan is past a limit: {0}")]
    Past(Limit),
    /// What the plan builds on.
    #[error(transparent)]
    Predecessor(#[from] PredecessorFault),
    /// Keys and roles.
    #[error(transparent)]
    Roles(#[from] RolesFault),
    /// Targets and delegations.
    #[error(transparent)]
    Targets(#[from] TargetsFault),
    /// A draft came out without the shape of its role.
    #[error("the draft of {role} is refused: {fault}")]
    Draft {
        /// The role.
        role: String,
        /// Why.
        fault: DraftFault,
    },
    /// A draft came out that nobody can judge.
    #[error("the draft of {role} is refused: {fault}")]
    Part {
        /// The role.
        role: String,
        /// Why.
        fault: PartFault,
    },
}

/// What the plan builds on cannot be built on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PredecessorFault {
    /// It is no JSON that we read.
    #[error("{what} cannot be read: {fault}")]
    Read {
        /// What it is.
        what: String,
        /// Why.
        fault: ReadFault,
    },
    /// It has not the shape of its role.
    #[error("{what} has another shape: {fault}")]
    Shape {
        /// What it is.
        what: String,
        /// Why.
        fault: ShapeFault,
    },
    /// It is metadata of another kind.
    #[error("{what} is {found} metadata, not {wanted}")]
    Kind {
        /// What it should be.
        what: String,
        /// What it is.
        found: RoleType,
        /// What it should be.
        wanted: RoleType,
    },
    /// It was made in a rehearsal and the plan is none, or the other way round (MODEL 29).
    #[error("{what} {}", if *.marked { "carries the mark of a rehearsal, and the plan is none" } else { "is real, and the plan is a rehearsal" })]
    Mark {
        /// What it is.
        what: String,
        /// Whether it carries the mark.
        marked: bool,
    },
    /// The roots do not lead to the trusted one (TUF 5.3.4, 5.3.5).
    #[error("root {place} of the chain to the trusted root does not hold: {reason}")]
    Chain {
        /// Which, counted from 1; the trusted root is the last.
        place: usize,
        /// Why.
        reason: Reason,
    },
    /// A newer root was seen.
    #[error(
        "the predecessor is root version {version}, and version {seen} was seen: it is not the published one"
    )]
    NotPublished {
        /// The version of the one that was given.
        version: u64,
        /// The highest version seen.
        seen: u64,
    },
    /// The version does not follow (TUF 5.3.5).
    #[error("the plan makes root version {found}, and version {wanted} follows the trusted root")]
    Version {
        /// What the plan says.
        found: u64,
        /// What follows.
        wanted: u64,
    },
    /// No root that the plan names asks for the signatures that it has.
    #[error(
        "{what} is not signed as any root of the plan asks: {valid} of {threshold} keys of the trusted root have signed it"
    )]
    NotSigned {
        /// What it is.
        what: String,
        /// Distinct public keys of the trusted root that signed.
        valid: u64,
        /// How many it asks for.
        threshold: u64,
    },
    /// Nothing says who signs for a role.
    #[error("nothing says who signs for {role}: the plan neither makes nor names {by}")]
    NoAuthority {
        /// The role.
        role: String,
        /// The document that would say it.
        by: String,
    },
}

/// Keys or roles cannot be written as the plan wants them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RolesFault {
    /// Its card is still to be made.
    #[error("the card of {key:?} is still to be made")]
    NotMade {
        /// The plan's name of it.
        key: String,
    },
    /// Two digests are given for one card.
    #[error("the plan names another file for {key:?} than the ceremony was opened with")]
    OtherFile {
        /// The plan's name of it.
        key: String,
    },
    /// A key is kept that does not stand there.
    #[error("{key:?} is to be kept under the key id {keyid:?}, and {place} has no such key")]
    NotThere {
        /// The plan's name of it.
        key: String,
        /// The key id.
        keyid: String,
        /// Where it should stand.
        place: String,
    },
    /// A file holds no key that can count.
    #[error("the key {key:?} cannot be used: {problem}")]
    Key {
        /// The plan's name of it.
        key: String,
        /// Why.
        problem: KeyProblem,
    },
    /// Its card is refused.
    #[error("the card of {key:?} is refused: {fault}")]
    Card {
        /// The plan's name of it.
        key: String,
        /// Why.
        fault: CardFault,
    },
    /// Its card was made in a rehearsal and the plan is none, or the other way round (MODEL 29).
    #[error("the card of {key:?} {}", if *.marked { "carries the mark of a rehearsal, and the plan is none" } else { "is real, and the plan is a rehearsal" })]
    Mark {
        /// The plan's name of it.
        key: String,
        /// Whether it carries the mark.
        marked: bool,
    },
    /// Its card names other people than the plan.
    #[error("the card of {key:?} names {card:?} as its holders, and the plan {plan:?}")]
    Holders {
        /// The plan's name of it.
        key: String,
        /// Whom the card names.
        card: Vec<String>,
        /// Whom the plan names.
        plan: Vec<String>,
    },
    /// A file holds no key.
    #[error("the file of the key {key:?} cannot be read: {why}")]
    File {
        /// The plan's name of it.
        key: String,
        /// Why.
        why: String,
    },
    /// A scheme that no new key gets.
    #[error("the key {key:?}: {fault}")]
    Scheme {
        /// The plan's name of it.
        key: String,
        /// Why.
        fault: NotForNewKeys,
    },
    /// Another key stands under its key id.
    #[error("another key stands under {keyid}, the key id of {key:?}")]
    Taken {
        /// The plan's name of it.
        key: String,
        /// The key id.
        keyid: String,
    },
    /// One public key twice in one role (MODEL 8).
    #[error("the role {role:?} lists the key {key:?} twice, perhaps under another name")]
    Twice {
        /// The role.
        role: String,
        /// The plan's name of it.
        key: String,
    },
    /// A threshold that is 0 or that the keys can never meet (TUF 4.3).
    #[error("the threshold of {role:?} is {threshold}, and it has {keys} distinct keys that can count")]
    Threshold {
        /// The role.
        role: String,
        /// The threshold.
        threshold: u64,
        /// Distinct public keys that can count.
        keys: u64,
    },
}

/// Targets or delegations cannot be written as the plan wants them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TargetsFault {
    /// The plan adds files and there is no delta, or another one than the plan names.
    #[error(
        "{role} adds files, and the ceremony has no delta that says which, or another one than the plan names"
    )]
    NoDelta {
        /// The role.
        role: String,
    },
    /// There is a delta for something that the plan does not add.
    #[error("the delta adds {} to {role}, and the plan does not", path.as_ref().map_or("files".to_owned(), |path| format!("{path:?}")))]
    NotPlanned {
        /// The role.
        role: String,
        /// The path, where some of the role's are planned.
        path: Option<String>,
    },
    /// The plan adds something that the delta does not have.
    #[error("the plan adds {path:?} to {role}, and the delta does not")]
    NotInDelta {
        /// The role.
        role: String,
        /// The path.
        path: String,
    },
    /// The delta is refused.
    #[error("the delta is refused: {0}")]
    Delta(DeltaFault),
    /// A path is removed that is not there.
    #[error("{path:?} is to be removed from {role}, and it is not there")]
    NotThere {
        /// The role.
        role: String,
        /// The path.
        path: String,
    },
    /// A path is both added and removed.
    #[error("{path:?} is both added to {role} and removed from it")]
    Both {
        /// The role.
        role: String,
        /// The path.
        path: String,
    },
    /// A delegated role's name is no file name (TUF 4.5).
    #[error("{role:?} cannot be the name of a delegated role: {fact}")]
    RoleName {
        /// The role.
        role: String,
        /// Why.
        fact: &'static str,
    },
    /// A path pattern on which clients differ, or a prefix that is no hex (TUF 4.5).
    #[error("the delegation to {role:?} cannot cover {pattern:?}: {fact}")]
    Pattern {
        /// The role.
        role: String,
        /// The pattern or prefix.
        pattern: String,
        /// Why.
        fact: &'static str,
    },
    /// A delegation is removed that is not there.
    #[error("the delegation to {role:?} cannot be removed: it is not there")]
    NotDelegated {
        /// The role.
        role: String,
    },
    /// A role is new and the plan does not say where it is tried (TUF 5.6.7).
    #[error("{role} delegates to a new role, and the plan gives no delegation-order")]
    NoOrder {
        /// The role that delegates.
        role: String,
    },
    /// The order is not one of exactly the delegated roles.
    #[error(
        "the delegation-order of {role} must name each of its delegated roles once: {name:?} is wrong or missing"
    )]
    Order {
        /// The role that delegates.
        role: String,
        /// The first name that is wrong.
        name: String,
    },
    /// Hash bins (TAP 15) beside named delegations.
    #[error("{role} delegates to hash bins, and named delegations cannot stand beside them")]
    Bins {
        /// The role that delegates.
        role: String,
    },
}

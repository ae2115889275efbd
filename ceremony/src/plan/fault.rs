//! Why a plan is refused: each problem is one sentence that begins with the field.

use crate::limits::Limit;
use crate::strict::TomlFault;

/// A plan is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanFault {
    /// It cannot be read as a plan.
    #[error(transparent)]
    Toml(#[from] TomlFault),
    /// It makes no document.
    #[error("the plan makes nothing: it has no root, targets, delegated, snapshot or timestamp")]
    Nothing,
    /// A field says something that cannot be.
    #[error("`{place}` {problem}")]
    At {
        /// The field, by its path.
        place: String,
        /// What is wrong with it.
        problem: PlanProblem,
    },
}

/// What is wrong with one field of a plan: what follows the field's name in a sentence. Texts of the plan are shown escaped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanProblem {
    /// Names become file names.
    #[error("is no name: 1 to {most} lower-case letters, digits and hyphens, the first no hyphen")]
    Name {
        /// The most characters.
        most: usize,
    },
    /// A text is not one that people could read aloud.
    #[error("{0}")]
    Text(&'static str),
    /// A text is longer than a cap allows.
    #[error("is past a limit: {0}")]
    Past(Limit),
    /// A file that is not beside the plan.
    #[error("must be a file inside the plan's folder: {why}")]
    File {
        /// Why it is not.
        why: &'static str,
    },
    /// A file that is named with two digests.
    #[error("names the file {file:?} with another SHA-256 than another field does")]
    TwoDigests {
        /// The file.
        file: String,
    },
    /// Nobody of this name.
    #[error("names {name:?}, who is none of the plan's people")]
    UnknownPerson {
        /// The name.
        name: String,
    },
    /// No key of this name.
    #[error("names {name:?}, which is none of the plan's keys")]
    UnknownKey {
        /// The name.
        name: String,
    },
    /// A key that cannot sign any more.
    #[error("names {name:?}, which the plan calls lost")]
    LostKey {
        /// The name.
        name: String,
    },
    /// One thing twice in a list.
    #[error("lists {what:?} twice")]
    Twice {
        /// The thing.
        what: String,
    },
    /// A list of nothing.
    #[error("lists nothing")]
    Empty,
    /// A key with no source or several.
    #[error("must have exactly one of keyid, card and public")]
    Source,
    /// One key under two names.
    #[error("is the same key as `keys.{other}`")]
    SameKey {
        /// The other name.
        other: String,
    },
    /// A kept key is kept byte for byte.
    #[error("keeps a key as it stands, so it may set no fields")]
    FieldsOfKept,
    /// The specification's own fields.
    #[error("sets {field:?}, which every key has of its own")]
    OwnField {
        /// The field.
        field: String,
    },
    /// A key id that no document can hold.
    #[error("names a key id, and the plan has no predecessor in which it could stand")]
    NoDocumentForKeyId,
    /// A threshold of zero (TUF 4.3).
    #[error("is 0: at least one key must sign")]
    ThresholdZero,
    /// More than there are (TUF 4.3).
    #[error("is {threshold}, and only {keys} keys are named")]
    ThresholdAbove {
        /// The threshold.
        threshold: u64,
        /// How many keys.
        keys: usize,
    },
    /// Version zero.
    #[error("is 0: versions start at 1")]
    VersionZero,
    /// A name that cannot be a role's.
    #[error(
        "is no name of a role: it becomes a file name and may hold no separator, dot name or control character"
    )]
    RoleName,
    /// A role whose final file no folder of a ceremony keeps.
    #[error("is a name that no final file can have: printable ASCII, without a space or dot at its end")]
    FinalName,
    /// Two roles that are made and whose final files have one name where case does not count.
    #[error("and {other:?} differ in case alone, and some media would keep one final file for both")]
    SameButCase {
        /// The other role.
        other: String,
    },
    /// A top-level role where a delegated one belongs.
    #[error("is a top-level role, not a delegated one")]
    TopLevelRole,
    /// A role that no root has.
    #[error("is none of root, targets, snapshot and timestamp")]
    NotOfRoot,
    /// A first root that leaves a role without keys (TUF 4.3).
    #[error("leaves out {role:?}: a first root gives keys to all four roles")]
    RoleMissing {
        /// The role.
        role: &'static str,
    },
    /// A document above version 1 without what came before it (DESIGN 13).
    #[error("is {version}, and the plan names no `predecessor.{role}`, which every version above 1 needs")]
    NoPredecessor {
        /// The version.
        version: u64,
        /// The field of the predecessor.
        role: String,
    },
    /// A first root that has something before it.
    #[error("is 1, and the plan names a predecessor: a first root has none")]
    FirstHasPredecessor,
    /// A document that nothing judges or that lists nothing.
    #[error("needs {what}, here or as a predecessor")]
    Needs {
        /// The other document.
        what: &'static str,
    },
    /// A delegated role whose delegating role is nowhere.
    #[error("names {by:?}, and the plan neither makes it nor has it as a predecessor")]
    UnknownBy {
        /// The role.
        by: String,
    },
    /// Roles that delegate to each other in a circle.
    #[error("leads in a circle and never to the top-level targets")]
    Circle,
    /// Only a delegated role is delegated by something.
    #[error("is for delegated roles; the root names the keys of the top-level targets")]
    ByOfTop,
    /// Two ways to say what is added.
    #[error("has both add and delta: one of them says what is added")]
    AddAndDelta,
    /// One thing both ways.
    #[error("names {what:?}, which {other} names as well")]
    Both {
        /// The thing.
        what: String,
        /// The other field.
        other: &'static str,
    },
    /// A target path that clients do not take alike.
    #[error("adds {path:?}, which is no path of a target: {why}")]
    TargetPath {
        /// The path.
        path: String,
        /// Why.
        why: &'static str,
    },
    /// An order that leaves a role out.
    #[error("leaves out {role:?}, which is delegated to here")]
    OrderLacks {
        /// The role.
        role: String,
    },
    /// A delegation that says in no way or in two what it covers (TUF 4.5).
    #[error("must have exactly one of paths and path-hash-prefixes")]
    Reach,
    /// A prefix of no hash.
    #[error("lists {prefix:?}, which is not 1 to 64 lower-case hex digits")]
    Prefix {
        /// The prefix.
        prefix: String,
    },
    /// A window that ends before it begins, or replies outside of it.
    #[error("lies outside the order of the window: opens, then replies-by, then closes")]
    WindowOrder,
    /// Words that are no version of the specification.
    #[error("is not a version like 1.0.31")]
    SpecVersion,
    /// A layout that follows nothing.
    #[error("follows a predecessor, and the plan names none")]
    NoLayoutToFollow,
}

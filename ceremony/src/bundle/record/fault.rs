//! Why chains and files are no record of one ceremony.

use crate::digest::Digest;
use crate::document::ReadFault;
use crate::limits::Limit;
use crate::metadata::ShapeFault;
use crate::plan::PlanFault;
use crate::transcript::TranscriptFault;

/// Chains and files are no record of one ceremony.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordFault {
    /// No line at all.
    #[error("it names a ceremony and holds no line of it")]
    NoChain,
    /// A chain under another machine's name.
    #[error("it holds the lines of the machine {found} under the name of {named}")]
    Machine {
        /// The name.
        named: Digest,
        /// SHA-256 of the first line.
        found: Digest,
    },
    /// Lines that do not hold together.
    #[error("the lines of the machine {machine} do not hold: {fault}")]
    Transcript {
        /// The machine.
        machine: Digest,
        /// What is wrong.
        fault: TranscriptFault,
    },
    /// A chain begins with opening, and opens once.
    #[error(
        "line {line} of the machine {machine} is an opening where none may stand, or stands where one must"
    )]
    Opened {
        /// The machine.
        machine: Digest,
        /// The line.
        line: u64,
    },
    /// A new plan that skips a generation.
    #[error("line {line} of the machine {machine} does not raise the generation by one")]
    Generation {
        /// The machine.
        machine: Digest,
        /// The line.
        line: u64,
    },
    /// Nobody began it.
    #[error("it does not hold the lines of the machine on which the ceremony began")]
    NoFirst,
    /// Two chains that say different things about one ceremony.
    #[error("the machine {machine} tells another {what} of this ceremony than the others")]
    Disagree {
        /// One of the two.
        machine: Digest,
        /// About what.
        what: &'static str,
    },
    /// Two cards for one key.
    #[error("its lines tell two key cards for the key {key:?}")]
    TwoCards {
        /// The plan's name of the key.
        key: String,
    },
    /// The ceremony's id is not the hash of what it was begun with.
    #[error("it names the ceremony {claimed}, and its first plan, root and salt make {found}")]
    Id {
        /// What it says.
        claimed: Digest,
        /// What it is.
        found: Digest,
    },
    /// A file that its lines name is not there.
    #[error("its lines name the file {sha256} and it does not hold it")]
    NoFile {
        /// SHA-256 of the file.
        sha256: Digest,
    },
    /// A file under the name of another.
    #[error("it holds a file with the digest {found} under the name {named}")]
    WrongFile {
        /// The name.
        named: Digest,
        /// What it is.
        found: Digest,
    },
    /// A file of another length than its lines say.
    #[error("its lines say that the file {sha256} has {claimed} bytes, and it has {found}")]
    Length {
        /// SHA-256 of the file.
        sha256: Digest,
        /// What the lines say.
        claimed: u64,
        /// Its length in bytes.
        found: u64,
    },
    /// A file that cannot travel: plans, cards and metadata are text.
    #[error("the file {sha256} is no text in UTF-8")]
    NotText {
        /// SHA-256 of the file.
        sha256: Digest,
    },
    /// Its plan cannot be read.
    #[error("its plan cannot be read: {0}")]
    Plan(PlanFault),
    /// Lines and plan do not agree whether it is practice.
    #[error("its lines and its plan do not agree whether it is a rehearsal")]
    PlanRehearsal,
    /// The root that its plan builds on cannot be read.
    #[error("the root that its plan builds on cannot be read: {0}")]
    Root(ReadFault),
    /// The root that its plan builds on is no metadata.
    #[error("the root that its plan builds on is none: {0}")]
    RootShape(ShapeFault),
    /// The drafts are not those of its lines.
    #[error("it holds other drafts than its lines say were sealed")]
    OtherDrafts,
    /// A draft's mark.
    #[error("{} and the draft of {role} is not", if *.rehearsal { "the ceremony is marked as a rehearsal" } else { "the ceremony is real" })]
    Mark {
        /// The draft's role.
        role: String,
        /// Whether the ceremony is practice.
        rehearsal: bool,
    },
    /// More than a cap allows.
    #[error("it is past a limit: {0}")]
    Past(Limit),
}

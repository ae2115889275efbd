//! Why a step is illegal: facts, each a sentence. What to do about it is said elsewhere.

mod words;

use super::{ImportFault, Phase};
use crate::bundle::FinalizeFault;
use crate::digest::Digest;
use crate::key::{Fingerprint, SignatureProblem};
use crate::plan::PlanFault;
use crate::policy::Control;
use crate::policy::ceremony::PlanRefusal;
use crate::seal::SealFault;
use crate::transcript::TranscriptFault;

use words::{leaving_out, mark, trust};

/// A step that may not happen, or that cannot have happened.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Illegal {
    /// The line is not the one behind all that happened.
    #[error("line {found} does not follow line {last}: it was written behind other lines")]
    NotNext {
        /// The last line.
        last: u64,
        /// The number of the line.
        found: u64,
    },
    /// The line cannot be written, or the transcript would be past a cap.
    #[error(transparent)]
    Line(#[from] TranscriptFault),
    /// The first line opens, and no other does.
    #[error("{event} cannot be the first line of a chain: that is Opened, and only that")]
    First {
        /// The event's name.
        event: &'static str,
    },
    /// Not in this phase.
    #[error("{event} is not possible {}", .phase.words())]
    Phase {
        /// The event's name.
        event: &'static str,
        /// Where the ceremony stands.
        phase: Phase,
    },
    /// People are on a break.
    #[error("{event} is not possible during a break")]
    OnBreak {
        /// The event's name.
        event: &'static str,
    },
    /// A break ends that did not begin.
    #[error("a break ended that had not begun")]
    NoBreak,
    /// Another version of this program wrote it.
    #[error(
        "the transcript has format {format} and rules {rules}, and this version knows format {} and rules {}",
        crate::transcript::FORMAT,
        crate::transcript::RULES
    )]
    Version {
        /// Its format.
        format: u64,
        /// Its rules.
        rules: u64,
    },
    /// A file that is needed to judge the step is not there.
    #[error("{what} is not there: no file with the SHA-256 {sha256} was given")]
    Missing {
        /// What it is.
        what: String,
        /// SHA-256 of its bytes.
        sha256: Digest,
    },
    /// A file has another length than the line says.
    #[error("the file {path} is said to have {claimed} bytes and has {found}")]
    Length {
        /// The file.
        path: String,
        /// What the line says.
        claimed: u64,
        /// What it has.
        found: u64,
    },
    /// A file lies at another place than files of its kind.
    #[error("{path:?} is not where such a file is kept: {wanted}")]
    Path {
        /// The path.
        path: String,
        /// Where it belongs.
        wanted: String,
    },
    /// One path is given to two files.
    #[error("{path:?} is named a second time, with other bytes")]
    PathTaken {
        /// The path.
        path: String,
    },
    /// The plan cannot be read.
    #[error("the plan is refused: {0}")]
    Plan(#[from] PlanFault),
    /// The drafts cannot be made.
    #[error(transparent)]
    Seal(#[from] SealFault),
    /// Practice and reality are mixed.
    #[error("{what} is {}, and the ceremony is {}", mark(*.marked), mark(!*.marked))]
    Rehearsal {
        /// What it is.
        what: String,
        /// Whether it is marked as practice.
        marked: bool,
    },
    /// The ceremony's name does not follow from what it is made of.
    #[error("the ceremony says that it is {claimed}, and by its plan, root and salt it is {found}")]
    Ceremony {
        /// What the line says.
        claimed: Digest,
        /// What follows.
        found: Digest,
    },
    /// A number of generations that cannot be.
    #[error("the plan is of generation {found}, and {wanted} was due")]
    Generation {
        /// What the line says.
        found: u64,
        /// What was due.
        wanted: u64,
    },
    /// The files that a line names are not those of the plan.
    #[error("{what} is not the one that the plan names")]
    NotThePlans {
        /// What it is.
        what: String,
    },
    /// A plan that builds on another root is another ceremony's.
    #[error("the new plan builds on another root than the ceremony")]
    OtherRoot,
    /// A document of the plan, or the opener's own, is no root.
    #[error("{what} cannot be read as a root: {why}")]
    NotARoot {
        /// What it is.
        what: &'static str,
        /// Why.
        why: String,
    },
    /// The opener's own root is missing, needless, or none of the roots of the plan (MODEL 14).
    #[error("the ceremony was opened from a bundle {}", trust(*.given))]
    Trust {
        /// Whether one was given.
        given: bool,
    },
    /// A card of a key that needs none, or that was not made in this ceremony.
    #[error("the plan has no card to be made for {key:?}")]
    NotToBeMade {
        /// The plan's name of the key.
        key: String,
    },
    /// The card is about another key than was made.
    #[error("the card of {key:?} is about the key {card}, and {made} was made for it")]
    OtherKeyMade {
        /// The plan's name of the key.
        key: String,
        /// The key of the card.
        card: Fingerprint,
        /// The key that was made.
        made: Fingerprint,
    },
    /// One device or two, and a change changes something.
    #[error("a folder is kept on one device or on two, and not anew on {0}")]
    Devices(u64),
    /// A reason that must be given is not, or is given where there is nothing to explain.
    #[error("{}", if *.needed { "nobody says why one device is enough for it" } else { "only a real root on one device needs a reason for that, and one is given" })]
    OneDevice {
        /// Whether a reason is needed.
        needed: bool,
    },
    /// A date that is none.
    #[error("{text:?} is no date like 2027-03-05")]
    Date {
        /// What stands there.
        text: String,
    },
    /// The drafts are not those that the plan gives.
    #[error("the drafts are not those that the plan gives: {letter} has another {what}")]
    Draft {
        /// The draft; empty where their number differs.
        letter: String,
        /// What differs.
        what: &'static str,
    },
    /// The findings are not those that the rules give.
    #[error("the findings are not those that the rules give: {differs}")]
    Findings {
        /// The first that is too much or missing.
        differs: String,
    },
    /// A rule that nobody can waive.
    #[error(transparent)]
    Rule(#[from] PlanRefusal),
    /// A draft is final and the new plan makes another in its place.
    #[error("the draft {payload} is final, and the new plan does not make it any more")]
    FinalGone {
        /// The draft.
        payload: Digest,
    },
    /// A draft that is none of this generation.
    #[error("{draft} is no draft of the plan as it stands")]
    NoSuchDraft {
        /// Payload of the draft.
        draft: Digest,
    },
    /// A person came or left twice.
    #[error("{person:?} is {} already", if *.here { "here" } else { "not here" })]
    Presence {
        /// The person.
        person: String,
        /// Whether she is here.
        here: bool,
    },
    /// Somebody who left decides.
    #[error("{person:?} has left, and cannot take part until she is back")]
    HasLeft {
        /// The person.
        person: String,
    },
    /// An exception that needs none, or in other words than the plan's.
    #[error("the plan asks for no such exception from the signers of this draft: {control} about {about:?}", control = .control.code())]
    NoSuchException {
        /// The control.
        control: Control,
        /// What it is about.
        about: String,
    },
    /// She has not agreed.
    #[error("{person:?} has not consented to this draft{}", if *.declined { ": she declined" } else { "" })]
    NoConsent {
        /// The person.
        person: String,
        /// Whether she declined.
        declined: bool,
    },
    /// She has not granted an exception that the draft needs.
    #[error("{person:?} has not granted the exception that {control} needs for {about:?}", control = .control.code())]
    NotGranted {
        /// The person.
        person: String,
        /// The control.
        control: Control,
        /// What it is about.
        about: String,
    },
    /// A key that cannot count for the draft.
    #[error("the key {key} is none of those that may sign")]
    NotASigner {
        /// The key.
        key: Fingerprint,
    },
    /// Signatures of the key count under another scheme only.
    #[error("the key {key} is listed for signing, and not by the scheme {scheme:?}")]
    NotItsScheme {
        /// The key.
        key: Fingerprint,
        /// The scheme.
        scheme: String,
    },
    /// By the plan the key is somebody else's.
    #[error("by the plan the key {key} belongs to {holders}, not to {person:?}", holders = .holders.join(" and "))]
    NotHers {
        /// The key.
        key: Fingerprint,
        /// Whose it is.
        holders: Vec<String>,
        /// Who claims it.
        person: String,
    },
    /// A token's name that may not travel, or is none.
    #[error("{token:?} is no token's URI that may be written down")]
    Token {
        /// What stands there.
        token: String,
    },
    /// Two attempts at once.
    #[error("the attempt of line {0} has no outcome yet")]
    AttemptOpen(u64),
    /// An outcome of nothing.
    #[error("line {0} begins no attempt that is open")]
    NoAttempt(u64),
    /// A signature does not hold.
    #[error("a signature by the key {key} does not hold: {why}")]
    Signature {
        /// The key.
        key: Fingerprint,
        /// Why.
        why: SignatureProblem,
    },
    /// A list that has one order stands in another, or has something twice.
    #[error("{what} are not sorted, or one stands there twice")]
    Unsorted {
        /// What.
        what: &'static str,
    },
    /// A source that is none.
    #[error("{source_text:?} is no source of a signature")]
    Source {
        /// What stands there.
        source_text: String,
    },
    /// A number of signatures that are not there.
    #[error("the bundle is said to hold {claimed} signatures, and there are {found}")]
    Count {
        /// What the line says.
        claimed: u64,
        /// How many there are.
        found: u64,
    },
    /// What is said of a chain cannot be.
    #[error("what is said of the chain of machine {machine} cannot be: {why}")]
    Chain {
        /// The machine.
        machine: Digest,
        /// Why.
        why: &'static str,
    },
    /// What a line says came with a file is not what the file brings.
    #[error("the file {path} brings other {what} than the line says")]
    Brought {
        /// The file.
        path: String,
        /// What differs.
        what: &'static str,
    },
    /// A file does not belong here.
    #[error(transparent)]
    Import(#[from] ImportFault),
    /// Another machine may be followed by a chain's second line only.
    #[error("a machine takes over right after it was opened from a bundle, from a chain in that bundle")]
    NotATakeover,
    /// It is final.
    #[error("the draft {draft} is final already")]
    AlreadyFinal {
        /// Payload of the draft.
        draft: Digest,
    },
    /// What names its keys is not final (MODEL 3).
    #[error("the draft {draft} is judged by the draft {authority} of this ceremony, which is not final yet")]
    AuthorityFirst {
        /// Payload of the draft.
        draft: Digest,
        /// Payload of what judges it.
        authority: Digest,
    },
    /// It cannot become final.
    #[error("the draft {draft} cannot become final: {fault}{}", leaving_out(*.ungranted))]
    Finalize {
        /// Payload of the draft.
        draft: Digest,
        /// Why.
        fault: Box<FinalizeFault>,
        /// Keys whose signatures do not count, because their signers granted no exception.
        ungranted: usize,
    },
    /// The final file is another.
    #[error(
        "the final file {path} is not the one that the draft and its signatures give: that has the SHA-256 {wanted}"
    )]
    OtherFinal {
        /// Its path.
        path: String,
        /// SHA-256 of what it must be.
        wanted: Digest,
    },
    /// The end does not say what stays behind.
    #[error("the drafts that did not become final are {} in number, and the line names others", .wanted.len())]
    Unfinished {
        /// Their payloads, sorted.
        wanted: Vec<Digest>,
    },
    /// The plan wants no countersignatures.
    #[error("the plan does not ask for countersignatures")]
    NoCountersigning,
    /// A key countersigned before.
    #[error("the key {key} has countersigned already")]
    CountersignedTwice {
        /// The key.
        key: Fingerprint,
    },
}

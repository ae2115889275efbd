//! What can be written down: one event a line. The fields of each stand in alphabetical order, because a line has sorted
//! names (MODEL 15). An event says what was done and carries the raw bytes that prove it; whether it may happen is
//! [`crate::state`]'s, how a line is spelled [`super::line`]'s.

mod bound;
mod ending;
mod opening;
mod people;
mod tokens;
mod travel;

use serde::{Deserialize, Serialize};

pub use ending::{Addendum, Closed, Countersigned, Finalized};
pub use opening::{Opened, Origin, Replanned, Sealed, SealedDraft, SealedFinding};
pub use people::{
    BreakEnded, Consented, DateStated, Declined, ExceptionGranted, Note, PersonLeft, PersonPresent,
};
pub use tokens::{
    CardCompared, Failure, KeyGenerated, SignatureAdmitted, SigningBegun, SigningFailed, TokenLocked,
    TokenPrepared, TokenSeen,
};
pub use travel::{
    Arrived, BundleExported, BundleImported, DevicesChanged, Equivocation, Form, MachineChanged, SetAside,
};

use crate::digest::Digest;

/// A file of the ceremony folder, bound by the event that names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stored {
    /// Its length.
    pub bytes: u64,
    /// Its path from the folder, with `/`.
    pub path: String,
    /// SHA-256 of its bytes.
    pub sha256: Digest,
}

/// Something that is kept elsewhere: the folder does not hold it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct External {
    /// Where it is kept, in words.
    pub kept: String,
    /// SHA-256 of its bytes.
    pub sha256: Digest,
}

/// How far a machine's chain is known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChainHead {
    /// SHA-256 of its first `lines` lines.
    pub head: Digest,
    /// How many lines.
    pub lines: u64,
    /// The machine: SHA-256 of its first line.
    pub machine: Digest,
}

/// One step of a ceremony.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// A folder was opened: the first line of every chain, and only that.
    Opened(Box<Opened>),
    /// The drafts were made of the plan and its inputs.
    Sealed(Sealed),
    /// A person read the date off a clock that she trusts.
    DateStated(DateStated),
    /// Somebody is in the room, by her own claim.
    PersonPresent(PersonPresent),
    /// Somebody left the room.
    PersonLeft(PersonLeft),
    /// A token got its PINs.
    TokenPrepared(TokenPrepared),
    /// A key was made on a token.
    KeyGenerated(KeyGenerated),
    /// A key card was compared with its token and its holder, and belongs to the plan's key from now on.
    CardCompared(CardCompared),
    /// A token was put in.
    TokenSeen(TokenSeen),
    /// A signer saw a finding and grants the exception that the plan asks for.
    ExceptionGranted(ExceptionGranted),
    /// A signer saw a draft and agrees to sign it.
    Consented(Consented),
    /// A signer saw a draft and will not sign it.
    Declined(Declined),
    /// A token is about to be asked; without an outcome after it, a signature may exist.
    SigningBegun(SigningBegun),
    /// A signature was verified over the draft and counts from now on.
    SignatureAdmitted(SignatureAdmitted),
    /// The token gave none, or nobody knows.
    SigningFailed(SigningFailed),
    /// A token has no try left.
    TokenLocked(TokenLocked),
    /// Something happened that should not have.
    IncidentNoted(Note),
    /// Something worth writing down.
    Remarked(Note),
    /// People leave the folder alone for a while.
    BreakBegan(Note),
    /// They are back.
    BreakEnded(BreakEnded),
    /// This machine took over from another.
    MachineChanged(MachineChanged),
    /// A bundle was written.
    BundleExported(BundleExported),
    /// A bundle or a partially signed file was read, and what counts in it was admitted.
    BundleImported(BundleImported),
    /// Another plan takes the place of the one before; signatures on drafts that it changes die.
    Replanned(Replanned),
    /// A draft became final.
    Finalized(Finalized),
    /// The ceremony ended without its goal.
    Aborted(Note),
    /// The ceremony ended; the head behind this line is the one on paper.
    Closed(Closed),
    /// A key signed the head (MODEL 16).
    Countersigned(Countersigned),
    /// Something was kept afterwards.
    Addendum(Addendum),
    /// Files that no step explains were found and stay where they are: the rest of a step that was cut off.
    SetAside(SetAside),
    /// The folder is kept on another number of devices.
    DevicesChanged(DevicesChanged),
}

impl Event {
    /// Its name, as lines and `docs/spec/transcript.md` have it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Event::Opened(_) => "Opened",
            Event::Sealed(_) => "Sealed",
            Event::DateStated(_) => "DateStated",
            Event::PersonPresent(_) => "PersonPresent",
            Event::PersonLeft(_) => "PersonLeft",
            Event::TokenPrepared(_) => "TokenPrepared",
            Event::KeyGenerated(_) => "KeyGenerated",
            Event::CardCompared(_) => "CardCompared",
            Event::TokenSeen(_) => "TokenSeen",
            Event::ExceptionGranted(_) => "ExceptionGranted",
            Event::Consented(_) => "Consented",
            Event::Declined(_) => "Declined",
            Event::SigningBegun(_) => "SigningBegun",
            Event::SignatureAdmitted(_) => "SignatureAdmitted",
            Event::SigningFailed(_) => "SigningFailed",
            Event::TokenLocked(_) => "TokenLocked",
            Event::IncidentNoted(_) => "IncidentNoted",
            Event::Remarked(_) => "Remarked",
            Event::BreakBegan(_) => "BreakBegan",
            Event::BreakEnded(_) => "BreakEnded",
            Event::MachineChanged(_) => "MachineChanged",
            Event::BundleExported(_) => "BundleExported",
            Event::BundleImported(_) => "BundleImported",
            Event::Replanned(_) => "Replanned",
            Event::Finalized(_) => "Finalized",
            Event::Aborted(_) => "Aborted",
            Event::Closed(_) => "Closed",
            Event::Countersigned(_) => "Countersigned",
            Event::Addendum(_) => "Addendum",
            Event::SetAside(_) => "SetAside",
            Event::DevicesChanged(_) => "DevicesChanged",
        }
    }
}

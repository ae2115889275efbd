//! Where a ceremony stands, and which events are possible there: the table of `docs/spec/transcript.md`, which a test compares
//! with this one. What an event must say beside that is with those who take it.

use crate::transcript::event::Event;

/// Where a ceremony stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Some cards of the plan are still to be made.
    Keys,
    /// Every card is there, and the drafts are not made.
    Sealing,
    /// Drafts gather signatures.
    Collecting,
    /// It ended; the head behind `Closed` is the one on paper.
    Closed,
    /// It ended without its goal.
    Aborted,
}

impl Phase {
    /// All of them, in order.
    pub const ALL: [Phase; 5] =
        [Phase::Keys, Phase::Sealing, Phase::Collecting, Phase::Closed, Phase::Aborted];

    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Phase::Keys => "keys",
            Phase::Sealing => "sealing",
            Phase::Collecting => "collecting",
            Phase::Closed => "closed",
            Phase::Aborted => "aborted",
        }
    }

    /// Whether the ceremony has ended.
    #[must_use]
    pub fn is_over(self) -> bool {
        matches!(self, Phase::Closed | Phase::Aborted)
    }

    /// When, as the end of a sentence.
    pub(super) fn words(self) -> &'static str {
        match self {
            Phase::Keys => "while key cards are still to be made",
            Phase::Sealing => "before the drafts are made, while every key is known",
            Phase::Collecting => "once the drafts are made",
            Phase::Closed => "after the ceremony was closed",
            Phase::Aborted => "after the ceremony was aborted",
        }
    }
}

const RUNNING: &[Phase] = &[Phase::Keys, Phase::Sealing, Phase::Collecting];

/// In which phases an event is possible.
#[must_use]
pub fn phases(event: &Event) -> &'static [Phase] {
    match event {
        Event::Opened(_) => &[],
        Event::TokenPrepared(_) | Event::KeyGenerated(_) | Event::CardCompared(_) => &[Phase::Keys],
        Event::Sealed(_) => &[Phase::Sealing],
        Event::TokenSeen(_)
        | Event::ExceptionGranted(_)
        | Event::Consented(_)
        | Event::Declined(_)
        | Event::SigningBegun(_)
        | Event::SignatureAdmitted(_)
        | Event::BundleExported(_)
        | Event::BundleImported(_)
        | Event::Finalized(_)
        | Event::Closed(_) => &[Phase::Collecting],
        Event::Countersigned(_) => &[Phase::Closed],
        Event::Addendum(_) => &[Phase::Closed, Phase::Aborted],
        // A step can be cut off after the end too, and a folder whose files nothing explains would stay so for ever.
        Event::SetAside(_) => &Phase::ALL,
        // An attempt may have begun before the plan was changed.
        Event::SigningFailed(_)
        | Event::DateStated(_)
        | Event::PersonPresent(_)
        | Event::PersonLeft(_)
        | Event::TokenLocked(_)
        | Event::IncidentNoted(_)
        | Event::Remarked(_)
        | Event::BreakBegan(_)
        | Event::BreakEnded(_)
        | Event::MachineChanged(_)
        | Event::Replanned(_)
        | Event::Aborted(_)
        | Event::DevicesChanged(_) => RUNNING,
    }
}

/// What is possible while people are on a break: what keeps the folder, and words.
pub(super) fn during_break(event: &Event) -> bool {
    matches!(
        event,
        Event::BreakEnded(_)
            | Event::IncidentNoted(_)
            | Event::Remarked(_)
            | Event::SetAside(_)
            | Event::DevicesChanged(_)
    )
}

//! What people say and decide: who is there, who agrees, who does not, and what else is worth writing down.

use serde::{Deserialize, Serialize};

use super::Stored;
use crate::digest::Digest;
use crate::policy::Control;

/// See [`Event::DateStated`](super::Event::DateStated).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DateStated {
    /// Who.
    pub by: String,
    /// The date.
    pub date: String,
}

/// See [`Event::PersonPresent`](super::Event::PersonPresent).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonPresent {
    /// The person: the plan's name of her, or the name she gives.
    pub person: String,
    /// What she is here for: a claim.
    pub role: String,
}

/// See [`Event::PersonLeft`](super::Event::PersonLeft).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonLeft {
    /// The person.
    pub person: String,
}

/// See [`Event::ExceptionGranted`](super::Event::ExceptionGranted).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExceptionGranted {
    /// What the finding is about.
    pub about: String,
    /// The control.
    pub control: Control,
    /// Payload of the draft.
    pub draft: Digest,
    /// Who grants it.
    pub person: String,
    /// Why, in the plan's words.
    pub reason: String,
}

/// See [`Event::Consented`](super::Event::Consented).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consented {
    /// Payload of the draft.
    pub draft: Digest,
    /// Another payload of the same role and version that her own log holds, and that she chose to pass over.
    pub earlier: Option<Digest>,
    /// Who.
    pub person: String,
    /// Where she had the digest from, in words; none is recorded as unreferenced (DESIGN 4).
    pub reference: Option<String>,
    /// The exact text that she saw.
    pub shown: Stored,
}

/// See [`Event::Declined`](super::Event::Declined).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declined {
    /// Payload of the draft.
    pub draft: Digest,
    /// Who.
    pub person: String,
    /// Why.
    pub reason: String,
    /// The exact text that she saw.
    pub shown: Stored,
}

/// Words of a person: incidents, remarks, breaks, the reason for an end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// Who says it.
    pub by: String,
    /// What.
    pub text: String,
}

/// See [`Event::BreakEnded`](super::Event::BreakEnded).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BreakEnded {
    /// Who says it.
    pub by: String,
    /// Who watched the folder meanwhile; none is said as none.
    pub watched_by: Option<String>,
}

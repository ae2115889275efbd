//! One document with everything that is said about it, for scripts.

use serde::Serialize;
use tuf_ceremony::keyset::Verdict;
use tuf_ceremony::metadata::ShapeFault;

use super::{ChangesFacts, FindingFacts, SaidFacts, TallyFacts};
use crate::report::Sheet;
use crate::report::names::Unclear;
use crate::report::standing::Trusted;

/// One document.
#[derive(Serialize)]
pub struct DraftFacts<'d> {
    /// The role it is signed for.
    pub role: String,
    /// Its `_type`.
    #[serde(rename = "type")]
    pub role_type: &'static str,
    /// Its version.
    pub version: u64,
    /// SHA-256 of the signed part in canonical form.
    pub payload: String,
    /// Length of that, in bytes.
    pub payload_bytes: u64,
    /// `expires` as it is spelled; null if it is no date.
    pub expires: Option<String>,
    /// The same moment in UTC, as in `2027-03-05T00:00:00Z`.
    pub expires_utc: Option<String>,
    /// `spec_version`.
    pub spec_version: Option<String>,
    /// What it says beside that.
    #[serde(flatten)]
    pub said: SaidFacts,
    /// Whose trusted document judges.
    pub trusted: Trusted,
    /// Why not everything could be judged.
    pub not_judged: Option<String>,
    /// Who signed, judge by judge.
    pub tallies: Vec<TallyFacts>,
    /// The entries of the file.
    pub entries: Vec<EntryFacts>,
    /// Payload digest of what the changes are shown against.
    pub against: Option<String>,
    /// Every change; null if there is nothing to compare with.
    pub changes: Option<ChangesFacts<'d>>,
    /// Keys about whose holder two sources contradict each other.
    pub unclear: Vec<Unclear>,
    /// What is odd.
    pub findings: Vec<FindingFacts>,
}

/// One signature entry.
#[derive(Serialize)]
pub struct EntryFacts {
    /// Its key id.
    pub keyid: String,
    /// What it is worth; null if nothing judges it.
    pub verdict: Option<&'static str>,
}

impl<'d> DraftFacts<'d> {
    /// The facts of a sheet.
    ///
    /// # Errors
    /// When the document has not the shape of its role.
    pub fn of(sheet: &Sheet<'d>) -> Result<DraftFacts<'d>, ShapeFault> {
        let metadata = sheet.draft.metadata();
        let expires = metadata.expires().ok();
        let standing = &sheet.standing;
        let entry = |entry: &crate::report::standing::EntryStanding| EntryFacts {
            keyid: entry.keyid.clone(),
            verdict: entry.verdict.as_ref().map(Verdict::word),
        };
        Ok(DraftFacts {
            role: sheet.draft.role().to_owned(),
            role_type: metadata.role_type().name(),
            version: metadata.version(),
            payload: metadata.payload().to_string(),
            payload_bytes: metadata.payload_bytes(),
            expires: expires.as_ref().map(|at| at.spelled().to_owned()),
            expires_utc: expires.as_ref().map(|at| at.written()),
            spec_version: metadata.spec_version(),
            said: SaidFacts::of(metadata, sheet.names)?,
            trusted: standing.trusted,
            not_judged: standing.gap.as_ref().map(ToString::to_string),
            tallies: standing.sides.iter().map(|side| TallyFacts::of_side(side, sheet.names)).collect(),
            entries: standing.entries.iter().map(entry).collect(),
            against: sheet.old.map(|old| old.payload().to_string()),
            changes: sheet.old.map(|old| ChangesFacts { old, new: metadata, names: sheet.names }),
            unclear: sheet.unclear(),
            findings: sheet.findings.iter().map(FindingFacts::from).collect(),
        })
    }
}

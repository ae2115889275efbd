//! What scripts get: the same facts as the pages, typed, in plain types of our own. Texts stand as the documents have
//! them (the JSON writer makes them ASCII). Metadata itself never passes through here.

mod change;
mod draft;
mod said;

pub use change::{ChangeFacts, ChangesFacts};
pub use draft::{DraftFacts, EntryFacts};
pub use said::{DelegationFacts, KeyFacts, ListedFacts, RoleFacts, SaidFacts};

use serde::Serialize;
use tuf_ceremony::bundle::Part;
use tuf_ceremony::key::Fingerprint;
use tuf_ceremony::keyset::Voice;
use tuf_ceremony::policy::Finding;

use super::names::{NameSource, Names};
use super::standing::{Side, Sided, sides_of};

/// One tally.
#[derive(Debug, Clone, Serialize)]
pub struct TallyFacts {
    /// Payload digest of the document that speaks.
    pub authority: String,
    /// Which document that is.
    pub side: Side,
    /// The role.
    pub role: String,
    /// How many distinct public keys must sign.
    pub threshold: u64,
    /// How many have.
    pub valid: u64,
    /// Key ids of those that have, each key's first.
    pub counted: Vec<String>,
    /// Key ids of those that still can.
    pub waiting: Vec<String>,
    /// Key ids that never can.
    pub unable: Vec<UnableFacts>,
    /// Both of them again, with their holders.
    pub voices: Vec<VoiceFacts>,
    /// Whether it suffices.
    pub met: bool,
}

/// A key that has signed or still can.
#[derive(Debug, Clone, Serialize)]
pub struct VoiceFacts {
    /// Its first key id.
    pub keyid: String,
    /// Its fingerprint.
    pub fingerprint: String,
    /// Whether it has signed.
    pub signed: bool,
    /// Who holds it.
    #[serde(flatten)]
    pub held: HeldFacts,
}

/// Who holds a key, by the best source there is.
#[derive(Debug, Clone, Serialize)]
pub struct HeldFacts {
    /// The names; none where nobody names it.
    pub holders: Vec<String>,
    /// Who says so.
    pub source: Option<NameSource>,
}

impl HeldFacts {
    /// Of a key for which a file claims this name.
    #[must_use]
    pub fn of(names: &Names, key: Option<Fingerprint>, claim: Option<&str>) -> HeldFacts {
        match names.of(key, claim) {
            Some(named) => HeldFacts { holders: named.holders, source: Some(named.source) },
            None => HeldFacts { holders: Vec::new(), source: None },
        }
    }
}

/// A key id that can never count.
#[derive(Debug, Clone, Serialize)]
pub struct UnableFacts {
    /// The key id.
    pub keyid: String,
    /// Why.
    pub why: String,
}

impl TallyFacts {
    /// The tallies of a bundle's draft.
    #[must_use]
    pub fn of(part: &Part, names: &Names) -> Vec<TallyFacts> {
        sides_of(part).iter().map(|sided| TallyFacts::of_side(sided, names)).collect()
    }

    /// One of them.
    #[must_use]
    pub fn of_side(sided: &Sided, names: &Names) -> TallyFacts {
        let tally = &sided.tally;
        let unable = |(keyid, why): &(String, tuf_ceremony::keyset::MemberProblem)| UnableFacts {
            keyid: keyid.clone(),
            why: why.to_string(),
        };
        let voice = |signed| {
            move |voice: &Voice| VoiceFacts {
                keyid: voice.keyid.clone(),
                fingerprint: voice.key.to_string(),
                signed,
                held: HeldFacts::of(names, Some(voice.key), voice.owner.as_deref()),
            }
        };
        TallyFacts {
            authority: tally.authority.to_string(),
            side: sided.side,
            role: tally.role.clone(),
            threshold: tally.threshold,
            valid: tally.valid(),
            counted: tally.counted.iter().map(|v| v.keyid.clone()).collect(),
            waiting: tally.waiting.iter().map(|v| v.keyid.clone()).collect(),
            unable: tally.unable.iter().map(unable).collect(),
            voices: tally
                .counted
                .iter()
                .map(voice(true))
                .chain(tally.waiting.iter().map(voice(false)))
                .collect(),
            met: tally.is_met(),
        }
    }
}

/// One finding.
#[derive(Debug, Clone, Serialize)]
pub struct FindingFacts {
    /// The control's code.
    pub control: &'static str,
    /// What it is about.
    pub about: String,
    /// What was found.
    pub fact: String,
}

impl From<&Finding> for FindingFacts {
    fn from(f: &Finding) -> FindingFacts {
        FindingFacts { control: f.control.code(), about: f.about.clone(), fact: f.fact.clone() }
    }
}

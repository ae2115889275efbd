//! What the rules say of a whole ceremony: the plan, its sealed drafts, and the date that a person stated. Some controls
//! refuse, and nobody can waive that; others are findings, and of those some need an exception that the plan asks for and
//! each signer grants. `docs/controls.md` lists them all. What a plan may not even seal is [`crate::seal`]'s.

mod house;
mod kind;
mod orphans;
mod outlook;
mod software;
mod versions;

use std::collections::{BTreeMap, BTreeSet};

use super::{Control, findings};
use crate::key::Fingerprint;
use crate::metadata::{Metadata, RoleType};
use crate::plan::{Kind, Plan};
use crate::seal::{Inputs, Published, SealFault, SealedPart, fingerprints};
use crate::time::Moment;
use crate::transcript::event::SealedFinding;

/// Everything that the rules say of a ceremony.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// What cannot go on.
    pub refusals: Vec<PlanRefusal>,
    /// What is shown, sorted.
    pub findings: Vec<SealedFinding>,
}

/// A plan that is refused whatever anybody grants.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanRefusal {
    /// The kind is a claim, and the changes say otherwise (MODEL 6).
    #[error("the plan says that it is a {}, and it is not: {betrayed_by}", kind.name())]
    Kind {
        /// What the plan says.
        kind: Kind,
        /// What says otherwise, as a clause.
        betrayed_by: String,
    },
    /// A published document would miss its threshold.
    #[error(
        "under draft {draft} the published {role} has {valid} of the {threshold} signatures that it needs, and nothing replaces it"
    )]
    Orphan {
        /// The letter of the draft.
        draft: String,
        /// The role.
        role: String,
        /// Distinct public keys that signed and still count.
        valid: u64,
        /// How many must.
        threshold: u64,
    },
    /// Keys of the targets go, and nobody knows whether the published targets are still signed.
    #[error(
        "draft {draft} takes keys from {role} or asks for more of them, and the plan neither names the published {role} nor replaces it"
    )]
    PerhapsOrphan {
        /// The letter of the draft.
        draft: String,
        /// The role.
        role: String,
    },
    /// A version that clients have seen a higher one of.
    #[error(
        "{role} version {version} is not above version {seen}, which was seen, and the keys of snapshot and timestamp do not both change"
    )]
    Seen {
        /// The role.
        role: String,
        /// The version that is made.
        version: u64,
        /// The highest that was seen.
        seen: u64,
    },
    /// A version that leaves some out.
    #[error("the plan makes {role} version {version}, and version {wanted} is the next one")]
    NextVersion {
        /// The role.
        role: String,
        /// The version that is made.
        version: u64,
        /// The next one.
        wanted: u64,
    },
    /// Expired when it is made.
    #[error("{role} expires at {expires}, and the date is {at}")]
    Expired {
        /// The role.
        role: String,
        /// When.
        expires: String,
        /// The stated date.
        at: String,
    },
    /// A finding that needs an exception.
    #[error("nobody asked for an exception: {about}: {says} [{}]", control.code())]
    Unasked {
        /// The control.
        control: Control,
        /// What it is about.
        about: String,
        /// What was found.
        says: String,
    },
    /// An exception for nothing.
    #[error("the plan asks for an exception to {} for {about:?}, and nothing needs one", control.code())]
    Needless {
        /// The control.
        control: Control,
        /// What it would be about.
        about: String,
    },
}

impl PlanRefusal {
    /// The control that refuses.
    #[must_use]
    pub fn control(&self) -> Control {
        match self {
            PlanRefusal::Kind { .. } => Control::Kind,
            PlanRefusal::Orphan { .. } | PlanRefusal::PerhapsOrphan { .. } => Control::Orphan,
            PlanRefusal::Seen { .. } => Control::Seen,
            PlanRefusal::NextVersion { .. } => Control::NextVersion,
            PlanRefusal::Expired { .. } => Control::Expired,
            PlanRefusal::Unasked { .. } => Control::Unasked,
            PlanRefusal::Needless { .. } => Control::Needless,
        }
    }
}

impl Judgement {
    /// The findings, if nothing is refused.
    ///
    /// # Errors
    /// The first refusal.
    pub fn allowed(self) -> Result<Vec<SealedFinding>, PlanRefusal> {
        match self.refusals.into_iter().next() {
            Some(refusal) => Err(refusal),
            None => Ok(self.findings),
        }
    }
}

/// Judges the drafts that [`crate::seal::seal`] made of this plan, at the date that a person stated.
///
/// # Errors
/// As [`crate::seal::seal`], where an input is gone.
pub fn judge(
    plan: &Plan,
    inputs: &Inputs<'_>,
    parts: &[SealedPart],
    stated: &Moment,
) -> Result<Judgement, SealFault> {
    let published = Published::read(plan, inputs.materials)?;
    let names = fingerprints(plan, inputs)?;
    let case = Case { plan, published: &published, parts, names: &names, stated };
    let mut said = Said { refusals: Vec::new(), findings: BTreeSet::new() };
    kind::kind(&case, &mut said);
    orphans::orphans(&case, &mut said);
    versions::versions(&case, &mut said);
    house::house(&case, &mut said);
    outlook::margin(&case, &mut said);
    of_documents(&case, &mut said);
    software::software(&case, &mut said);
    said.exceptions(plan);
    Ok(Judgement { refusals: said.refusals, findings: said.findings.into_iter().collect() })
}

/// What every control looks at.
struct Case<'c> {
    plan: &'c Plan,
    published: &'c Published,
    parts: &'c [SealedPart],
    /// Which public key each of the plan's keys is.
    names: &'c BTreeMap<String, Fingerprint>,
    stated: &'c Moment,
}

impl<'c> Case<'c> {
    /// The draft of a role.
    fn part(&self, role: &str) -> Option<&'c SealedPart> {
        self.parts.iter().find(|part| part.part.draft().role() == role)
    }

    /// The draft of a root, and the trusted root before it.
    fn root(&self) -> Option<(&'c SealedPart, Option<&'c Metadata>)> {
        Some((self.part(RoleType::Root.name())?, self.published.root()))
    }

    /// The plan's names of a public key.
    fn names_of(&self, print: Fingerprint) -> impl Iterator<Item = &'c str> {
        self.names.iter().filter(move |(_, other)| **other == print).map(|(name, _)| name.as_str())
    }
}

/// What was said so far.
struct Said {
    refusals: Vec<PlanRefusal>,
    findings: BTreeSet<SealedFinding>,
}

impl Said {
    fn refuse(&mut self, refusal: PlanRefusal) {
        self.refusals.push(refusal);
    }

    fn find(
        &mut self,
        control: Control,
        draft: &str,
        about: &str,
        says: impl Into<String>,
        needs_exception: bool,
    ) {
        let (about, draft) = (about.to_owned(), draft.to_owned());
        self.findings.insert(SealedFinding { about, control, draft, needs_exception, says: says.into() });
    }

    /// Every finding that needs an exception has one in the plan, and the other way round.
    fn exceptions(&mut self, plan: &Plan) {
        let fits = |finding: &SealedFinding, control: Control, about: &str| {
            finding.needs_exception && finding.control == control && finding.about == about
        };
        for finding in self.findings.iter().filter(|f| f.needs_exception) {
            if !plan.exceptions.iter().any(|wish| fits(finding, wish.control, &wish.about)) {
                let SealedFinding { control, about, says, .. } = finding.clone();
                self.refusals.push(PlanRefusal::Unasked { control, about, says });
            }
        }
        for wish in &plan.exceptions {
            if !self.findings.iter().any(|finding| fits(finding, wish.control, &wish.about)) {
                let (control, about) = (wish.control, wish.about.clone());
                self.refusals.push(PlanRefusal::Needless { control, about });
            }
        }
    }
}

/// What each document says of itself. Some of that needs an exception where it did not stand in the predecessor.
fn of_documents(case: &Case<'_>, said: &mut Said) {
    for part in case.parts {
        let draft = part.part.draft().metadata();
        let before = part.part.predecessor().and_then(|old| findings(old).ok()).unwrap_or_default();
        let before: BTreeSet<_> = before.iter().map(|f| (f.control, f.about.as_str())).collect();
        for finding in findings(draft).expect("a draft has the shape of its role") {
            let stood = before.contains(&(finding.control, finding.about.as_str()));
            let binds = matches!(finding.control, Control::SharedKey | Control::ConsistentSnapshot);
            said.find(finding.control, &part.letter, &finding.about, finding.fact, binds && !stood);
        }
    }
}

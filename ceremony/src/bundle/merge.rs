//! Merging two bundles: commutative, associative, idempotent (MODEL 2, 11). What is refused in one order is refused
//! in all: the drafts and their authorities must be the same, two predecessors must not differ, and two records must be
//! of one ceremony and tell it in one way.

use super::{Bundle, Part, RecordFault};
use crate::digest::Digest;
use crate::metadata::Metadata;

/// Two bundles do not belong together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MergeFault {
    /// One is practice.
    #[error("one bundle is of a rehearsal and the other is not")]
    RehearsalAndReal,
    /// Two ceremonies.
    #[error("one bundle is of the ceremony {first} and the other of the ceremony {second}")]
    DifferentCeremony {
        /// The id that sorts first.
        first: Digest,
        /// The other.
        second: Digest,
    },
    /// The plan was changed between them.
    #[error(
        "both bundles are of the ceremony {ceremony}, one of generation {first} and the other of {second}: its plan was changed in between"
    )]
    DifferentGeneration {
        /// The ceremony.
        ceremony: Digest,
        /// The lower generation.
        first: u64,
        /// The higher one.
        second: u64,
    },
    /// Two plans of one generation.
    #[error("the bundles hold two different plans of generation {generation}: {first} and {second}")]
    DifferentPlan {
        /// The generation.
        generation: u64,
        /// SHA-256 of one.
        first: Digest,
        /// SHA-256 of the other.
        second: Digest,
    },
    /// One machine's chain, told in two ways: somebody rewrote it, or an older copy of its folder was used again.
    #[error(
        "the machine {machine} tells its line {line} in two ways: one has the SHA-256 {first}, the other {second}"
    )]
    Equivocation {
        /// The machine.
        machine: Digest,
        /// The first line that differs, counted from 1.
        line: u64,
        /// SHA-256 of one, with its newline.
        first: Digest,
        /// SHA-256 of the other.
        second: Digest,
    },
    /// Together they are no record of one ceremony.
    #[error("together, {0}")]
    Record(RecordFault),
    /// Two payloads for one role.
    #[error(
        "one bundle holds {role} with digest {first} and the other with digest {second}: these are different documents"
    )]
    DifferentPayload {
        /// The role.
        role: String,
        /// The payload here.
        first: Digest,
        /// The payload there.
        second: Digest,
    },
    /// A draft that only one of them has.
    #[error("only one of the bundles holds the draft {role}, digest {payload}")]
    OnlyInOne {
        /// The role.
        role: String,
        /// Its payload.
        payload: Digest,
    },
    /// The same document, to be signed for different roles.
    #[error("one bundle holds the document {payload} for the role {first}, the other for {second}")]
    DifferentRole {
        /// Its payload.
        payload: Digest,
        /// The role that sorts first.
        first: String,
        /// The other.
        second: String,
    },
    /// The same draft, judged by different documents.
    #[error("the bundles judge {role} by different trusted documents: {}, and {}", name(*.first), name(*.second))]
    DifferentAuthority {
        /// The role.
        role: String,
        /// The trusted payload here.
        first: Option<Digest>,
        /// The trusted payload there.
        second: Option<Digest>,
    },
    /// The same draft, shown against different predecessors.
    #[error("the bundles show the changes of {role} against different predecessors: {first}, and {second}")]
    DifferentPredecessor {
        /// The role.
        role: String,
        /// The predecessor here.
        first: Digest,
        /// The predecessor there.
        second: Digest,
    },
}

fn name(digest: Option<Digest>) -> String {
    digest.map_or("none but itself".to_owned(), |d| d.to_string())
}

impl Bundle {
    /// The union of both.
    ///
    /// # Errors
    /// When they are of two ceremonies or tell one in two ways, hold different drafts, or the same drafts with different
    /// authorities or predecessors.
    pub fn merge(mut self, other: &Bundle) -> Result<Bundle, MergeFault> {
        self.record = match (self.record.take(), &other.record) {
            (Some(ours), Some(theirs)) => Some(ours.merge(theirs)?),
            (ours, theirs) => ours.or_else(|| theirs.clone()),
        };
        self.check_drafts(other)?;
        for part in self.parts.values_mut() {
            if let Some(theirs) = other.part(part.draft.metadata().payload()) {
                part.merge(theirs);
            }
        }
        Ok(self)
    }

    /// Whether the other holds the same drafts, judged by the same documents and shown against the same ones.
    ///
    /// # Errors
    /// As [`Bundle::merge`], ceremonies aside.
    pub(crate) fn check_drafts(&self, other: &Bundle) -> Result<(), MergeFault> {
        // Of several drafts that only one of them has, the same is named whichever bundle asks.
        let lone = [(self, other), (other, self)].into_iter().flat_map(|(here, there)| {
            here.parts()
                .filter(|p| there.part(p.draft.metadata().payload()).is_none())
                .map(move |p| (p, there))
        });
        let first = lone.min_by_key(|(p, _)| (p.draft.role().to_owned(), p.draft.metadata().payload()));
        if let Some((part, there)) = first {
            return Err(alone(part, there));
        }
        for part in self.parts() {
            if let Some(theirs) = other.part(part.draft.metadata().payload()) {
                part.check_same(theirs)?;
            }
        }
        Ok(())
    }
}

fn alone(part: &Part, there: &Bundle) -> MergeFault {
    let (role, payload) = (part.draft.role().to_owned(), part.draft.metadata().payload());
    match there.parts().find(|p| p.draft.role() == role) {
        None => MergeFault::OnlyInOne { role, payload },
        Some(other) => {
            let second = other.draft.metadata().payload();
            MergeFault::DifferentPayload { role, first: payload.min(second), second: payload.max(second) }
        }
    }
}

impl Part {
    fn check_same(&self, other: &Part) -> Result<(), MergeFault> {
        let role = || self.draft.role().to_owned();
        if self.draft.role() != other.draft.role() {
            let (first, second) = (role(), other.draft.role().to_owned());
            let payload = self.draft.metadata().payload();
            let (first, second) = if first < second { (first, second) } else { (second, first) };
            return Err(MergeFault::DifferentRole { payload, first, second });
        }
        let (first, second) = (self.trusted_payload(), other.trusted_payload());
        if first != second {
            return Err(MergeFault::DifferentAuthority {
                role: role(),
                first: first.min(second),
                second: first.max(second),
            });
        }
        let payloads = (
            self.predecessor.as_ref().map(Metadata::payload),
            other.predecessor.as_ref().map(Metadata::payload),
        );
        if let (Some(first), Some(second)) = payloads
            && first != second
        {
            return Err(MergeFault::DifferentPredecessor {
                role: role(),
                first: first.min(second),
                second: first.max(second),
            });
        }
        Ok(())
    }

    /// Both must have been found to be the same draft.
    fn merge(&mut self, other: &Part) {
        self.draft = self.draft.clone().with_smaller_text(&other.draft);
        self.trusted = smaller(self.trusted.take(), other.trusted.as_ref());
        self.predecessor = smaller(self.predecessor.take(), other.predecessor.as_ref());
        for signature in other.signatures.all() {
            self.signatures.add(signature.verified.clone(), signature.sources.clone());
        }
    }
}

/// Of two texts of one payload, the one with the smallest SHA-256 stands, so merging commutes.
fn smaller(here: Option<Metadata>, there: Option<&Metadata>) -> Option<Metadata> {
    match (here, there) {
        (Some(a), Some(b)) => Some(a.with_smaller_text(b)),
        (a, b) => a.or_else(|| b.cloned()),
    }
}

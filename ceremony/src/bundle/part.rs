//! One draft in a bundle: who must sign it, and who has. How it becomes final is [`super::assemble`]'s.

use std::collections::BTreeSet;

use super::assemble::Dropped;
use super::signatures::{Signatures, Source};
use crate::digest::Digest;
use crate::draft::{Draft, StandingFault, VerifiedSignature};
use crate::key::{Fingerprint, PublicKey, Scheme, SignatureProblem};
use crate::keyset::{Authority, Tally, Verdict};
use crate::metadata::{Entry, Metadata, RoleType, ShapeFault};

/// A draft, its authorities, and the signatures collected so far.
#[derive(Debug, Clone)]
pub struct Part {
    pub(super) draft: Draft,
    pub(super) trusted: Option<Metadata>,
    pub(super) predecessor: Option<Metadata>,
    pub(super) authorities: Vec<Authority>,
    pub(super) signatures: Signatures,
}

/// A draft cannot be put into a bundle with what was given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PartFault {
    /// Its authorities cannot be told.
    #[error(transparent)]
    Standing(#[from] StandingFault),
    /// An authority that nobody can ever satisfy (TUF 4.3).
    #[error("{threshold} keys must sign {role:?}, and only {keys} distinct keys can")]
    Unreachable {
        /// The role.
        role: String,
        /// The threshold.
        threshold: u64,
        /// Distinct keys that can count.
        keys: usize,
    },
    /// A document that judges itself, or whose changes are shown against itself.
    #[error("the draft of {role:?} itself was given as the document that judges it or came before it")]
    Itself {
        /// The role.
        role: String,
    },
    /// Changes are shown against the same kind of document.
    #[error("the predecessor is {found} metadata, and the draft is {wanted}")]
    Predecessor {
        /// What was given.
        found: RoleType,
        /// What the draft is.
        wanted: RoleType,
    },
    /// A root's changes are shown against the trusted root that judges it: another document in that place would hide
    /// them from the signer.
    #[error(
        "changes of a root are shown against the trusted root before it, and another document was given for that"
    )]
    RootPredecessor,
    /// A document that judges the draft or came before it has not the shape of its role, so nothing can be compared.
    #[error("the document that judges the draft of {role:?} or came before it is malformed: {fault}")]
    Shape {
        /// The draft's role.
        role: String,
        /// What is wrong.
        fault: ShapeFault,
    },
}

/// What became of a signature that was offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// It is new.
    New,
    /// The same bytes were already there.
    Known,
}

impl Part {
    /// A draft without signatures. `trusted` judges it; `predecessor` is what changes are shown against, and for a
    /// root the trusted root is that too.
    ///
    /// # Errors
    /// When its authorities cannot be told, one of them can never be satisfied, the draft was given twice, or a document
    /// was given whose changes nobody could be shown.
    pub fn of(
        draft: Draft,
        trusted: Option<Metadata>,
        predecessor: Option<Metadata>,
    ) -> Result<Part, PartFault> {
        let authorities = draft.authorities(trusted.as_ref())?;
        let own = draft.metadata();
        if [&trusted, &predecessor].into_iter().flatten().any(|m| m.payload() == own.payload()) {
            return Err(PartFault::Itself { role: draft.role().to_owned() });
        }
        let wanted = own.role_type();
        if let Some(other) = predecessor.as_ref().filter(|p| p.role_type() != wanted) {
            return Err(PartFault::Predecessor { found: other.role_type(), wanted });
        }
        let predecessor = predecessor.filter(|p| trusted.as_ref().is_none_or(|t| t.payload() != p.payload()));
        if predecessor.is_some() && wanted == RoleType::Root {
            return Err(PartFault::RootPredecessor);
        }
        for given in [&trusted, &predecessor].into_iter().flatten() {
            let malformed = |fault| PartFault::Shape { role: draft.role().to_owned(), fault };
            given.check_shape().map_err(malformed)?;
        }
        let unreachable = |a: &&Authority| a.threshold() > a.distinct_keys().len() as u64;
        if let Some(a) = authorities.iter().find(unreachable) {
            let keys = a.distinct_keys().len();
            return Err(PartFault::Unreachable { role: a.role().to_owned(), threshold: a.threshold(), keys });
        }
        Ok(Part { draft, trusted, predecessor, authorities, signatures: Signatures::default() })
    }

    /// The same draft without its signatures.
    pub(crate) fn unsigned(&self) -> Part {
        Part { signatures: Signatures::default(), ..self.clone() }
    }

    /// The draft.
    #[must_use]
    pub fn draft(&self) -> &Draft {
        &self.draft
    }

    /// The trusted document that judges it, other than itself.
    #[must_use]
    pub fn trusted(&self) -> Option<&Metadata> {
        self.trusted.as_ref()
    }

    /// What changes are shown against: the predecessor given for it, else the trusted root before it.
    #[must_use]
    pub fn predecessor(&self) -> Option<&Metadata> {
        let root = self.trusted.as_ref().filter(|_| self.draft.metadata().role_type() == RoleType::Root);
        self.predecessor.as_ref().or(root)
    }

    /// Whether what changes are shown against is more than the word of whoever made the bundle: for a root it is the
    /// trusted root; another predecessor must itself be signed as the draft's authority asks. An honest one can miss
    /// that too, when the keys have changed since.
    #[must_use]
    pub fn predecessor_is_proven(&self) -> bool {
        let Some(old) = &self.predecessor else { return true };
        let entries = old.entries().unwrap_or_default();
        self.authorities.iter().all(|a| {
            let signed = entries.iter().filter_map(|entry| a.judge(old, entry).counts()).collect();
            a.tally(&signed).is_met()
        })
    }

    /// The authorities, the draft's own first.
    #[must_use]
    pub fn authorities(&self) -> &[Authority] {
        &self.authorities
    }

    /// The signatures.
    #[must_use]
    pub fn signatures(&self) -> &Signatures {
        &self.signatures
    }

    /// The tally of every authority.
    #[must_use]
    pub fn tallies(&self) -> Vec<Tally> {
        let signed = |a: &Authority| {
            let listed = self.signatures.all().filter(|s| a.lists(s.verified.key()));
            listed.map(|s| s.verified.fingerprint()).collect()
        };
        self.authorities.iter().map(|a| a.tally(&signed(a))).collect()
    }

    /// The keys that can count for any authority, the draft's own first; one may stand there more than once.
    pub(super) fn keys(&self) -> impl Iterator<Item = &PublicKey> {
        self.authorities.iter().flat_map(Authority::members).filter_map(|m| m.key.as_ref().ok())
    }

    /// Verifies a signature by a key of one of the authorities and keeps it.
    ///
    /// # Errors
    /// [`SignatureProblem`] when it does not verify; `None` when the key is none of theirs.
    pub fn admit(
        &mut self,
        key: Fingerprint,
        signature: &[u8],
        source: Source,
    ) -> Result<Admission, Option<SignatureProblem>> {
        let mut problem = None;
        let mut tried: Vec<Scheme> = Vec::new();
        let mut verified = None;
        for key in self.keys().filter(|k| k.fingerprint() == key) {
            if tried.contains(&key.scheme()) {
                continue;
            }
            tried.push(key.scheme());
            match self.draft.verify(key, signature) {
                Ok(good) => {
                    verified = Some(good);
                    break;
                }
                Err(why) => problem = problem.or(Some(why)),
            }
        }
        Ok(self.keep(verified.ok_or(problem)?, source))
    }

    /// Verifies one foreign entry by the keys that stand under its key id, and keeps its signature.
    ///
    /// # Errors
    /// What the entry is worth instead, as [`Part::judge`] says.
    pub fn admit_entry(&mut self, entry: &Entry<'_>, source: Source) -> Result<Admission, Verdict> {
        let members = self.authorities.iter().flat_map(Authority::members);
        let keys = members.filter(|m| m.keyid == entry.keyid).filter_map(|m| m.key.as_ref().ok());
        let signature = entry.signature.as_ref().ok();
        let verified = signature.and_then(|s| keys.clone().find_map(|k| self.draft.verify(k, s).ok()));
        Ok(self.keep(verified.ok_or_else(|| self.judge(entry))?, source))
    }

    fn keep(&mut self, verified: VerifiedSignature, source: Source) -> Admission {
        let known = self.signatures.add(verified, BTreeSet::from([source]));
        if known { Admission::Known } else { Admission::New }
    }

    /// What one foreign entry is worth to the draft: a valid signature for any authority is one for the draft. Where
    /// none says so, the one that comes closest speaks, and of two the draft's own.
    #[must_use]
    pub fn judge(&self, entry: &Entry<'_>) -> Verdict {
        let mut nearest = Verdict::NotInRole;
        for authority in &self.authorities {
            let verdict = authority.judge(self.draft.metadata(), entry);
            if distance(&verdict) < distance(&nearest) {
                nearest = verdict;
            }
            if matches!(nearest, Verdict::Ok(_)) {
                break;
            }
        }
        nearest
    }

    /// The entries of the draft's own text that count for nothing, placeholders aside.
    #[must_use]
    pub fn refused(&self) -> Vec<Dropped> {
        let refused = |d: &Dropped| d.why != Verdict::Empty && d.why.counts().is_none();
        self.judged_entries().into_iter().filter(refused).collect()
    }

    pub(super) fn judged_entries(&self) -> Vec<Dropped> {
        let entries = self.draft.metadata().entries().unwrap_or_default();
        let judged =
            entries.iter().map(|e| Dropped { keyid: e.keyid.clone().into_owned(), why: self.judge(e) });
        judged.collect()
    }

    /// Digest of the document that judges the draft, itself aside.
    pub(super) fn trusted_payload(&self) -> Option<Digest> {
        self.trusted.as_ref().map(Metadata::payload)
    }
}

/// How far a verdict is from a signature that counts.
fn distance(verdict: &Verdict) -> u8 {
    match verdict {
        Verdict::Ok(_) => 0,
        Verdict::BadSignature(_) => 1,
        Verdict::Malformed(_) => 2,
        Verdict::WeakKey(_) => 3,
        Verdict::UnknownScheme(_) => 4,
        Verdict::Empty => 5,
        Verdict::NotInRole => 6,
    }
}

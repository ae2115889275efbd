//! One draft in a bundle: who must sign it, who has, and how it becomes final.

use std::collections::BTreeSet;

use super::signatures::{Signatures, Source};
use crate::digest::Digest;
use crate::document::{Document, ReadFault};
use crate::draft::{Draft, StandingFault};
use crate::key::{Fingerprint, SignatureProblem};
use crate::keyset::{Authority, NoQuorum, Quorum, Tally, Verdict};
use crate::metadata::{Entry, Metadata, RoleType, ShapeFault};
use crate::splice::{self, NewEntry};

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
    /// Changes are shown against the same kind of document.
    #[error("the predecessor is {found} metadata, and the draft is {wanted}")]
    Predecessor {
        /// What was given.
        found: RoleType,
        /// What the draft is.
        wanted: RoleType,
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

/// A final metadata file.
#[derive(Debug, Clone)]
pub struct Final {
    /// Its file name (TUF 6.2.1).
    pub name: String,
    /// Its bytes.
    pub text: Vec<u8>,
    /// Entries of the original file that are not written.
    pub dropped: Vec<Dropped>,
}

/// An entry that stood in the original file and is not in the final one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dropped {
    /// Its key id.
    pub keyid: String,
    /// What it was.
    pub why: Verdict,
}

/// A draft is not made final.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FinalizeFault {
    /// Signatures are missing.
    #[error(transparent)]
    NoQuorum(#[from] NoQuorum),
    /// Version 0 is no version (TUF 4.3: versions are at least 1).
    #[error("version 0 of {role} can never be published: versions start at 1")]
    VersionZero {
        /// The role.
        role: String,
    },
    /// What was assembled was read again and did not hold.
    #[error("the assembled file does not satisfy the {role} threshold when it is read as a client reads it")]
    NotAccepted {
        /// The role.
        role: String,
    },
    /// What was assembled cannot be read.
    #[error("the assembled file cannot be read again: {0}")]
    Read(#[from] ReadFault),
    /// What was assembled has another shape.
    #[error("the assembled file has lost its shape: {0}")]
    Shape(#[from] ShapeFault),
}

impl Part {
    /// A draft without signatures. `trusted` judges it; `predecessor` is what changes are shown against, and for a
    /// root the trusted root is that too.
    ///
    /// # Errors
    /// When its authorities cannot be told, or one of them can never be satisfied.
    pub fn of(
        draft: Draft,
        trusted: Option<Metadata>,
        predecessor: Option<Metadata>,
    ) -> Result<Part, PartFault> {
        let authorities = draft.authorities(trusted.as_ref())?;
        let wanted = draft.metadata().role_type();
        if let Some(other) = predecessor.as_ref().filter(|p| p.role_type() != wanted) {
            return Err(PartFault::Predecessor { found: other.role_type(), wanted });
        }
        let predecessor = predecessor.filter(|p| trusted.as_ref().is_none_or(|t| t.payload() != p.payload()));
        let unreachable = |a: &&Authority| a.threshold() > a.distinct_keys().len() as u64;
        if let Some(a) = authorities.iter().find(unreachable) {
            let keys = a.distinct_keys().len();
            return Err(PartFault::Unreachable { role: a.role().to_owned(), threshold: a.threshold(), keys });
        }
        Ok(Part { draft, trusted, predecessor, authorities, signatures: Signatures::default() })
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
        let signed = self.signatures.keys();
        self.authorities.iter().map(|a| a.tally(&signed)).collect()
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
        let key = self.authorities.iter().find_map(|a| a.key(key)).ok_or(None)?;
        let verified = self.draft.verify(key, signature).map_err(Some)?;
        let known = self.signatures.add(verified, BTreeSet::from([source]));
        Ok(if known { Admission::Known } else { Admission::New })
    }

    /// What one foreign entry is worth to the draft: a valid signature for any authority is one for the draft.
    #[must_use]
    pub fn judge(&self, entry: &Entry<'_>) -> Verdict {
        let mut verdicts = self.authorities.iter().map(|a| a.judge(self.draft.metadata(), entry));
        let first = verdicts.next().unwrap_or(Verdict::NotInRole);
        verdicts.fold(first, |best, next| match (&best, &next) {
            (Verdict::Ok(_), _) | (_, Verdict::NotInRole) => best,
            _ => next,
        })
    }

    /// The entries of the draft's own text that count for nothing, placeholders aside.
    #[must_use]
    pub fn refused(&self) -> Vec<Dropped> {
        self.judged_entries().into_iter().filter(|d| d.why != Verdict::Empty).collect()
    }

    fn judged_entries(&self) -> Vec<Dropped> {
        let entries = self.draft.metadata().entries().unwrap_or_default();
        let judged =
            entries.iter().map(|e| Dropped { keyid: e.keyid.clone().into_owned(), why: self.judge(e) });
        judged.filter(|d| d.why.counts().is_none()).collect()
    }

    /// The final file, if every threshold is met: the original text with only its signatures replaced.
    ///
    /// # Errors
    /// When signatures are missing, the version is 0, or the assembled file does not stand when it is read again.
    pub fn finalize(&self) -> Result<Final, FinalizeFault> {
        if self.draft.metadata().version() == 0 {
            return Err(FinalizeFault::VersionZero { role: self.draft.role().to_owned() });
        }
        self.assemble(Quorum::of(&self.tallies())?)
    }

    fn assemble(&self, _earned: Quorum<'_>) -> Result<Final, FinalizeFault> {
        let entries = self.final_entries();
        let text = splice::with_signatures(self.draft.metadata().document(), &entries);
        let again = Metadata::of(Document::read(text.clone())?.into())?;
        let read = again.entries()?;
        for authority in &self.authorities {
            let signed = read.iter().filter_map(|e| authority.judge(&again, e).counts()).collect();
            if !authority.tally(&signed).is_met() || again.payload() != self.draft.metadata().payload() {
                return Err(FinalizeFault::NotAccepted { role: self.draft.role().to_owned() });
            }
        }
        let written = |d: &Dropped| entries.iter().any(|e| e.keyid == d.keyid);
        let dropped = self.judged_entries().into_iter().filter(|d| !written(d)).collect();
        Ok(Final { name: self.draft.final_name(), text, dropped })
    }

    /// Existing entries in place, then role key order, new before old; one signature under every key id by which its
    /// key stands in any authority (MODEL 8, 11).
    fn final_entries(&self) -> Vec<NewEntry> {
        let mut order: Vec<String> = Vec::new();
        let existing = self.draft.metadata().entries().unwrap_or_default();
        let listed = self.authorities.iter().flat_map(Authority::members).map(|m| m.keyid.clone());
        for keyid in existing.iter().map(|e| e.keyid.clone().into_owned()).chain(listed) {
            if !order.contains(&keyid) {
                order.push(keyid);
            }
        }
        let signature = |keyid: &String| {
            let members = self.authorities.iter().flat_map(Authority::members).filter(|m| &m.keyid == keyid);
            let mut keys = members.filter_map(|m| m.key.as_ref().ok());
            keys.find_map(|key| self.signatures.by(key.fingerprint()).first())
        };
        let entry = |keyid: String| {
            let sig = hex::encode(signature(&keyid)?.verified.bytes());
            Some(NewEntry { keyid, sig })
        };
        order.into_iter().filter_map(entry).collect()
    }

    /// Digest of the document that judges the draft, itself aside.
    pub(super) fn trusted_payload(&self) -> Option<Digest> {
        self.trusted.as_ref().map(Metadata::payload)
    }
}

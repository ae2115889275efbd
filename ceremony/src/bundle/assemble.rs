//! How a draft becomes a final file: the original text with only its signatures replaced, one entry for each key id,
//! read again as a client reads it before anybody gets it. It counts nothing itself.

use std::collections::BTreeSet;

use super::Part;
use crate::document::{Document, ReadFault};
use crate::key::{Fingerprint, PublicKey};
use crate::keyset::{Authority, NoQuorum, Quorum, Verdict};
use crate::metadata::{Metadata, ShapeFault};
use crate::splice::{self, NewEntry};

/// A final metadata file.
#[derive(Debug, Clone)]
pub struct Final {
    /// Its file name (TUF 6.2.1).
    pub name: String,
    /// Its bytes.
    pub text: Vec<u8>,
    /// Entries of the original file whose key ids are not written.
    pub dropped: Vec<Dropped>,
}

/// An entry that stood in the original file and is not in the final one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dropped {
    /// Its key id.
    pub keyid: String,
    /// What it was worth; `Ok` if it is a valid signature that the bundle does not hold.
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
        let mut order: Vec<(String, Vec<Candidate<'_>>)> = Vec::new();
        let existing = self.draft.metadata().entries().unwrap_or_default();
        let listed = self.authorities.iter().flat_map(Authority::members).map(|m| m.keyid.as_str());
        let mut seen = BTreeSet::new();
        for keyid in existing.iter().map(|e| e.keyid.as_ref()).chain(listed) {
            if seen.insert(keyid.to_owned()) {
                order.push((keyid.to_owned(), self.candidates(keyid)));
            }
        }
        let mut voices = vec![BTreeSet::new(); self.authorities.len()];
        for (_, candidates) in order.iter().filter(|(_, candidates)| is_one_key(candidates)) {
            voices_of(candidates).for_each(|(at, key)| {
                voices[at].insert(key);
            });
        }
        let entry = |(keyid, candidates): (String, Vec<Candidate<'_>>)| {
            let key = if is_one_key(&candidates) {
                candidates.first()?.key
            } else {
                self.choice(&candidates, &mut voices)?
            };
            let sig = hex::encode(self.signatures.under(key).first()?.verified.bytes());
            Some(NewEntry { keyid, sig })
        };
        order.into_iter().filter_map(entry).collect()
    }

    /// The keys that authorities list under this key id and that have signed.
    fn candidates(&self, keyid: &str) -> Vec<Candidate<'_>> {
        let members = self.authorities.iter().enumerate().flat_map(|(at, a)| {
            let keys = a.members().iter().filter(|m| m.keyid == keyid).filter_map(|m| m.key.as_ref().ok());
            keys.map(move |key| Candidate { authority: at, key })
        });
        members.filter(|c| !self.signatures.under(c.key).is_empty()).collect()
    }

    /// A key id that means one key to the draft and another to the trusted root has room for one signature only: it
    /// goes to an authority that still needs it, the draft's own first.
    fn choice<'a>(
        &self,
        candidates: &[Candidate<'a>],
        voices: &mut [BTreeSet<Fingerprint>],
    ) -> Option<&'a PublicKey> {
        let needed = |c: &&Candidate<'_>| {
            let has = &voices[c.authority];
            (has.len() as u64) < self.authorities[c.authority].threshold()
                && !has.contains(&c.key.fingerprint())
        };
        let chosen = candidates.iter().find(needed).or(candidates.first())?;
        voices[chosen.authority].insert(chosen.key.fingerprint());
        Some(chosen.key)
    }
}

/// A key that one authority lists under the key id in question.
struct Candidate<'a> {
    authority: usize,
    key: &'a PublicKey,
}

fn voices_of(candidates: &[Candidate<'_>]) -> impl Iterator<Item = (usize, Fingerprint)> {
    candidates.iter().map(|c| (c.authority, c.key.fingerprint()))
}

fn is_one_key(candidates: &[Candidate<'_>]) -> bool {
    let place = |c: &Candidate<'_>| (c.key.fingerprint(), c.key.scheme());
    candidates.windows(2).all(|pair| place(&pair[0]) == place(&pair[1]))
}

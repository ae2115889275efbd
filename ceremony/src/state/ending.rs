//! How drafts become final and a ceremony ends: final files are assembled again, a close is countersigned.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::signing::signature;
use super::{Illegal, Phase, Sealing, State};
use crate::bundle::{Final, Part};
use crate::close::Close;
use crate::digest::Digest;
use crate::key::Fingerprint;
use crate::keyset::Authority;
use crate::places;
use crate::plan::Countersign;
use crate::transcript::event::{Closed, Countersigned, Finalized};

impl State {
    /// The final file of a draft, as the signatures stand. Those of signers who have not granted an exception that the draft
    /// needs are left out.
    ///
    /// # Errors
    /// What is missing: signatures, grants, or what judges it.
    pub fn final_of(&self, draft: Digest) -> Result<Final, Illegal> {
        let sealing = self.sealing(draft)?;
        let expires = sealing.part.draft().metadata().expires().ok();
        if let Some(expires) = expires.filter(|expires| expires.is_over_at(self.date())) {
            let (expires, date) = (expires.spelled().to_owned(), self.date().spelled().to_owned());
            return Err(Illegal::Expired { draft, expires, date });
        }
        let judged_by = sealing.part.authorities().iter().map(Authority::document);
        let waits = |authority: &Digest| {
            *authority != draft && self.sealing(*authority).is_ok() && !self.finals.contains_key(authority)
        };
        if let Some(authority) = judged_by.into_iter().find(waits) {
            return Err(Illegal::AuthorityFirst { draft, authority });
        }
        let without = self.ungranted_keys(sealing);
        let ungranted = without.len();
        let counting = without_keys(&sealing.part, &without);
        counting.finalize().map_err(|fault| Illegal::Finalize { draft, fault: fault.into(), ungranted })
    }

    /// A draft with the signatures that count.
    pub(super) fn counting<'s>(&'s self, sealing: &'s Sealing) -> Cow<'s, Part> {
        without_keys(&sealing.part, &self.ungranted_keys(sealing))
    }

    /// Keys with a signature on a draft that needs an exception which nobody who signed with the key has granted.
    pub(super) fn ungranted_keys(&self, sealing: &Sealing) -> BTreeSet<Fingerprint> {
        let draft = sealing.part.draft().metadata().payload();
        if self.to_grant(sealing).next().is_none() {
            return BTreeSet::new();
        }
        let keys = sealing.part.signatures().all().map(|s| s.verified.fingerprint());
        let granted = |key: &Fingerprint| {
            self.signers_of(draft, *key).iter().any(|person| self.ungranted(sealing, person).next().is_none())
        };
        keys.filter(|key| !granted(key)).collect()
    }

    pub(super) fn finalize(&mut self, finalized: &Finalized) -> Result<(), Illegal> {
        let Finalized { draft, file } = finalized;
        if self.finals.contains_key(draft) {
            return Err(Illegal::AlreadyFinal { draft: *draft });
        }
        let wanted = self.final_of(*draft)?;
        let sha256 = Digest::of(&wanted.text);
        if (file.sha256, file.bytes) != (sha256, wanted.text.len() as u64) {
            return Err(Illegal::OtherFinal { path: file.path.clone(), wanted: sha256 });
        }
        self.folder.keep(file, &places::final_file(&wanted.name))?;
        self.finals.insert(*draft, file.clone());
        Ok(())
    }

    /// Payloads of the drafts that are not final, sorted.
    #[must_use]
    pub fn unfinished(&self) -> Vec<Digest> {
        let payloads = self.drafts.iter().map(|d| d.part.draft().metadata().payload());
        payloads
            .filter(|payload| !self.finals.contains_key(payload))
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect()
    }

    pub(super) fn close(&mut self, closed: &Closed) -> Result<(), Illegal> {
        let wanted = self.unfinished();
        if closed.unfinished != wanted {
            return Err(Illegal::Unfinished { wanted });
        }
        self.phase = Phase::Closed;
        self.closed = Some(self.chain.head());
        Ok(())
    }

    /// What a key countersigns, once the ceremony is closed.
    #[must_use]
    pub fn close_document(&self) -> Option<Close> {
        let head = self.closed?;
        Some(Close::of(self.opened.ceremony, self.machine(), head, self.opened.rehearsal))
    }

    pub(super) fn countersign(&mut self, signed: &Countersigned) -> Result<(), Illegal> {
        let Countersigned { key, person, sig } = signed;
        if self.basis.plan.countersign == Countersign::None {
            return Err(Illegal::NoCountersigning);
        }
        if self.countersigned.iter().any(|before| before.key == *key) {
            return Err(Illegal::CountersignedTwice { key: *key });
        }
        let close = self.close_document().expect("countersigning is possible only once it is closed");
        let public = self.authorities().find_map(|authority| authority.key(*key));
        let public = public.ok_or(Illegal::NotASigner { key: *key })?;
        self.check_holder(*key, person)?;
        let bytes = signature(*key, sig)?;
        close.verify(public, &bytes).map_err(|why| Illegal::Signature { key: *key, why })?;
        self.countersigned.push(signed.clone());
        Ok(())
    }
}

/// The draft with only the signatures of other keys.
fn without_keys<'p>(part: &'p Part, without: &BTreeSet<Fingerprint>) -> Cow<'p, Part> {
    if without.is_empty() {
        return Cow::Borrowed(part);
    }
    let (draft, trusted) = (part.draft().clone(), part.trusted().cloned());
    let bare = Part::of(draft, trusted, part.predecessor().cloned());
    let mut bare = bare.expect("the same draft with the same documents is one again");
    for signature in part.signatures().all() {
        let key = signature.verified.fingerprint();
        if !without.contains(&key) {
            for source in &signature.sources {
                let again = bare.admit(key, signature.verified.bytes(), source.clone());
                again.expect("what was verified over this draft is so again");
            }
        }
    }
    Cow::Owned(bare)
}

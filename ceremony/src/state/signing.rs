//! Consent, exceptions, and one attempt at a time: what a signer must have seen and said before her token is asked, and what
//! came of it.

use std::collections::BTreeSet;

use super::{Illegal, Sealing, State};
use crate::bundle::Source;
use crate::digest::Digest;
use crate::key::{Fingerprint, PublicKey, SignatureProblem};
use crate::keyset::Authority;
use crate::places;
use crate::policy::Control;
use crate::transcript::event::{
    Consented, Declined, ExceptionGranted, Failure, SealedFinding, SignatureAdmitted, SigningBegun,
    SigningFailed, Stored,
};

/// What a person last said of a draft, in this generation of the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// She agrees to sign it.
    Consented(Consented),
    /// She will not.
    Declined(Declined),
}

/// An exception that a person granted for one draft, in the plan's words; it stands as long as they do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grant {
    /// Payload of the draft.
    pub draft: Digest,
    /// The control.
    pub control: Control,
    /// What the finding is about.
    pub about: String,
    /// Who.
    pub person: String,
    /// Why.
    pub reason: String,
}

/// One time that a token was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// The line of its beginning.
    pub line: u64,
    /// What was asked of whom.
    pub begun: SigningBegun,
    /// What came of it; none where the transcript does not say, and a signature may exist.
    pub outcome: Option<Outcome>,
}

/// What came of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// A signature.
    Signed,
    /// None, or nobody knows.
    Failed(Failure),
}

impl From<&ExceptionGranted> for Grant {
    fn from(granted: &ExceptionGranted) -> Grant {
        Grant {
            draft: granted.draft,
            control: granted.control,
            about: granted.about.clone(),
            person: granted.person.clone(),
            reason: granted.reason.clone(),
        }
    }
}

impl State {
    pub(super) fn sealing(&self, draft: Digest) -> Result<&Sealing, Illegal> {
        let found = self.drafts.iter().find(|d| d.part.draft().metadata().payload() == draft);
        found.ok_or(Illegal::NoSuchDraft { draft })
    }

    pub(super) fn sealing_mut(&mut self, draft: Digest) -> Result<&mut Sealing, Illegal> {
        let found = self.drafts.iter_mut().find(|d| d.part.draft().metadata().payload() == draft);
        found.ok_or(Illegal::NoSuchDraft { draft })
    }

    /// All authorities of all drafts.
    pub(super) fn authorities(&self) -> impl Iterator<Item = &Authority> + Clone {
        self.drafts.iter().flat_map(|draft| draft.part.authorities())
    }

    /// What a draft needs exceptions for; findings about the whole ceremony stand before every draft.
    pub(super) fn to_grant<'s>(
        &'s self,
        draft: &Sealing,
    ) -> impl Iterator<Item = &'s SealedFinding> + use<'s> {
        let letter = draft.letter.clone();
        let concerns = move |f: &&SealedFinding| f.draft == letter || f.draft.is_empty();
        self.findings.iter().filter(|f| f.needs_exception).filter(concerns)
    }

    /// What this person has not granted for this draft, by lines of this chain.
    pub(super) fn ungranted<'s>(
        &'s self,
        draft: &Sealing,
        person: &str,
    ) -> impl Iterator<Item = &'s SealedFinding> + use<'s> {
        let payload = draft.part.draft().metadata().payload();
        let person = person.to_owned();
        self.to_grant(draft).filter(move |found| {
            let granted = |reason: &str| Grant {
                draft: payload,
                control: found.control,
                about: found.about.clone(),
                person: person.clone(),
                reason: reason.to_owned(),
            };
            !self.reasons(found).any(|reason| self.grants.contains(&granted(reason)))
        })
    }

    /// The plan's words for an exception.
    pub(super) fn reasons(&self, found: &SealedFinding) -> impl Iterator<Item = &str> + use<'_> {
        let (control, about) = (found.control, found.about.clone());
        let asked = self.basis.plan.exceptions.iter();
        asked.filter(move |w| w.control == control && w.about == about).map(|w| w.reason.as_str())
    }

    /// What believed chains of other machines say was granted for a draft, in the plan's words, and nobody wrote down here.
    pub(super) fn told_grants(
        &self,
        draft: &Sealing,
    ) -> impl Iterator<Item = (&Grant, BTreeSet<Digest>)> + use<'_> {
        let payload = draft.part.draft().metadata().payload();
        let wanted: Vec<&SealedFinding> = self.to_grant(draft).collect();
        let waits = move |grant: &Grant| {
            let is = |found: &&&SealedFinding| found.control == grant.control && found.about == grant.about;
            let found = wanted.iter().find(is);
            let asked = found.is_some_and(|found| self.reasons(found).any(|reason| reason == grant.reason));
            asked && grant.draft == payload && !self.grants.contains(grant)
        };
        let believed = |machines: &BTreeSet<Digest>| machines.difference(&self.split).copied().collect();
        let told = self.told.iter().filter(move |(grant, _)| waits(grant));
        told.map(move |(grant, by)| (grant, believed(by)))
            .filter(|(_, by): &(_, BTreeSet<Digest>)| !by.is_empty())
    }

    pub(super) fn grant(&mut self, granted: &ExceptionGranted) -> Result<(), Illegal> {
        self.room.takes_part(&granted.person)?;
        let draft = self.sealing(granted.draft)?;
        let is = |f: &&SealedFinding| f.control == granted.control && f.about == granted.about;
        let found = self.to_grant(draft).find(is);
        if !found.is_some_and(|found| self.reasons(found).any(|reason| reason == granted.reason)) {
            let (control, about) = (granted.control, granted.about.clone());
            return Err(Illegal::NoSuchException { control, about });
        }
        self.grants.insert(Grant::from(granted));
        Ok(())
    }

    pub(super) fn consent(&mut self, consented: &Consented) -> Result<(), Illegal> {
        let Consented { draft, person, shown, .. } = consented;
        self.decide(*draft, person, shown, Decision::Consented(consented.clone()))
    }

    pub(super) fn decline(&mut self, declined: &Declined) -> Result<(), Illegal> {
        let Declined { draft, person, shown, .. } = declined;
        self.decide(*draft, person, shown, Decision::Declined(declined.clone()))
    }

    /// The last word counts: people may change their mind, and each time is written down.
    fn decide(&mut self, draft: Digest, person: &str, shown: &Stored, said: Decision) -> Result<(), Illegal> {
        self.room.takes_part(person)?;
        self.sealing(draft)?;
        self.folder.keep(shown, &places::shown(shown.sha256))?;
        self.decisions.insert((draft, person.to_owned()), said);
        Ok(())
    }

    pub(super) fn begin_signing(&mut self, begun: &SigningBegun) -> Result<(), Illegal> {
        let SigningBegun { draft, key, person, scheme, token } = begun;
        if let Some(open) = self.open_attempt() {
            return Err(Illegal::AttemptOpen(open.line));
        }
        self.room.takes_part(person)?;
        let sealing = self.sealing(*draft)?;
        listed(sealing.part.authorities().iter(), *key, scheme)?;
        self.check_holder(*key, person)?;
        source(token)?;
        match self.decisions.get(&(*draft, person.clone())) {
            Some(Decision::Consented(_)) => {}
            other => return Err(Illegal::NoConsent { person: person.clone(), declined: other.is_some() }),
        }
        if let Some(found) = self.ungranted(sealing, person).next() {
            let (person, control, about) = (person.clone(), found.control, found.about.clone());
            return Err(Illegal::NotGranted { person, control, about });
        }
        self.attempts.push(Attempt { line: self.chain.count(), begun: begun.clone(), outcome: None });
        Ok(())
    }

    /// A key that the plan gives to nobody is whoever's who comes with it; the line says whose.
    pub(super) fn check_holder(&self, key: Fingerprint, person: &str) -> Result<(), Illegal> {
        let holders = self.basis.holders(key, self.authorities());
        if holders.is_empty() || holders.contains(person) {
            return Ok(());
        }
        let holders = holders.into_iter().map(str::to_owned).collect();
        Err(Illegal::NotHers { key, holders, person: person.to_owned() })
    }

    /// The attempt that has no outcome yet.
    #[must_use]
    pub fn open_attempt(&self) -> Option<&Attempt> {
        self.attempts.last().filter(|attempt| attempt.outcome.is_none())
    }

    fn end_attempt(&mut self, begun: u64, outcome: Outcome) -> Result<SigningBegun, Illegal> {
        let open = self.attempts.last_mut().filter(|a| a.outcome.is_none() && a.line == begun);
        let attempt = open.ok_or(Illegal::NoAttempt(begun))?;
        attempt.outcome = Some(outcome);
        Ok(attempt.begun.clone())
    }

    pub(super) fn admit(&mut self, admitted: &SignatureAdmitted) -> Result<(), Illegal> {
        let begun = self.end_attempt(admitted.begun, Outcome::Signed)?;
        let from = source(&begun.token)?;
        self.take_signature((begun.draft, begun.key), &begun.scheme, &admitted.sig, &[from])
    }

    pub(super) fn fail(&mut self, failed: &SigningFailed) -> Result<(), Illegal> {
        self.end_attempt(failed.begun, Outcome::Failed(failed.outcome)).map(drop)
    }

    /// Verifies a signature over a draft of this ceremony and keeps it.
    pub(super) fn take_signature(
        &mut self,
        (draft, key): (Digest, Fingerprint),
        scheme: &str,
        sig: &str,
        sources: &[Source],
    ) -> Result<(), Illegal> {
        let part = &mut self.sealing_mut(draft)?.part;
        let public = listed(part.authorities().iter(), key, scheme)?.clone();
        let bytes = signature(key, sig)?;
        // One RSA key can be listed by several schemes: the signature must be by the one that the line names.
        part.draft().verify(&public, &bytes).map_err(|why| Illegal::Signature { key, why })?;
        for source in sources {
            let why = |why: Option<SignatureProblem>| Illegal::Signature {
                key,
                why: why.unwrap_or(SignatureProblem::Wrong),
            };
            part.admit(key, &bytes, source.clone()).map_err(why)?;
        }
        Ok(())
    }

    /// Who made the signatures of a key on a draft, as far as chains say it: whoever began with it, or its holders by the
    /// plan. What another chain says of a key that has holders is heard only where it names one of them: such a chain is a
    /// claim that anybody can write, and a key's holder is the plan's to say.
    pub(super) fn signers_of(&self, draft: Digest, key: Fingerprint) -> BTreeSet<&str> {
        let here = self.attempts.iter().filter(|a| a.outcome == Some(Outcome::Signed));
        let here =
            here.filter(|a| a.begun.draft == draft && a.begun.key == key).map(|a| a.begun.person.as_str());
        let there = self.elsewhere.iter().filter(|(d, k, _)| *d == draft && *k == key);
        let there = there.filter(|(_, _, person)| self.check_holder(key, person).is_ok());
        let mut signers: BTreeSet<&str> = here.chain(there.map(|(_, _, person)| person.as_str())).collect();
        if signers.is_empty() {
            signers = self.basis.holders(key, self.authorities());
        }
        signers
    }
}

/// The key of this fingerprint by this scheme, if one of the authorities lists it.
pub(super) fn listed<'a>(
    authorities: impl Iterator<Item = &'a Authority>,
    key: Fingerprint,
    scheme: &str,
) -> Result<&'a PublicKey, Illegal> {
    let keys = authorities.flat_map(Authority::members).filter_map(|member| member.key.as_ref().ok());
    let mut same = keys.filter(|public| public.fingerprint() == key).peekable();
    if same.peek().is_none() {
        return Err(Illegal::NotASigner { key });
    }
    let found = same.find(|public| public.scheme().name() == scheme);
    found.ok_or_else(|| Illegal::NotItsScheme { key, scheme: scheme.chars().take(40).collect() })
}

/// The bytes of a signature in lower-case hex.
pub(super) fn signature(key: Fingerprint, sig: &str) -> Result<Vec<u8>, Illegal> {
    let why = SignatureProblem::Malformed { why: "it is not written in lower-case hex" };
    let upper = sig.bytes().any(|b| b.is_ascii_uppercase());
    hex::decode(sig).ok().filter(|_| !upper).ok_or(Illegal::Signature { key, why })
}

/// A token as the source of a signature: its URI says nothing that stays at home (MODEL 25). A key in a file is named by its
/// fingerprint alone.
fn source(token: &str) -> Result<Source, Illegal> {
    let in_file = |print: &str| Fingerprint::from_hex(print).is_ok();
    let known = token.starts_with("pkcs11:")
        || token.starts_with("piv:")
        || token.strip_prefix("key-file:").is_some_and(in_file);
    let source = Source::of(&format!("token:{token}")).ok().filter(|_| known);
    source.ok_or_else(|| Illegal::Token { token: token.chars().take(80).collect() })
}

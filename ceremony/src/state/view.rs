//! What screens, bundles and replays ask of a state. It decides nothing.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::{Attempt, Dead, Decision, Grant, Illegal, NotRecomputed, Outcome, Phase, Sealing, State};
use crate::bundle::Part;
use crate::digest::Digest;
use crate::key::Fingerprint;
use crate::materials::Materials;
use crate::plan::Plan;
use crate::seal::Inputs;
use crate::time::Moment;
use crate::transcript::Transcript;
use crate::transcript::event::{
    ChainHead, Countersigned, Failure, KeyGenerated, Opened, SealedFinding, Stored,
};

/// One draft as it stands.
#[derive(Debug, Clone, Copy)]
pub struct DraftNow<'s> {
    state: &'s State,
    sealing: &'s Sealing,
}

impl<'s> DraftNow<'s> {
    /// Its letter on screen and paper.
    #[must_use]
    pub fn letter(&self) -> &'s str {
        &self.sealing.letter
    }

    /// SHA-256 of what is signed.
    #[must_use]
    pub fn payload(&self) -> Digest {
        self.sealing.part.draft().metadata().payload()
    }

    /// The draft, who judges it, and the signatures so far; also those that do not count until exceptions are granted.
    #[must_use]
    pub fn part(&self) -> &'s Part {
        &self.sealing.part
    }

    /// The final file, if it is final.
    #[must_use]
    pub fn final_file(&self) -> Option<&'s Stored> {
        self.state.finals.get(&self.payload())
    }

    /// What each of its signers is asked to grant.
    pub fn exceptions(&self) -> impl Iterator<Item = &'s SealedFinding> + use<'s> {
        self.state.to_grant(self.sealing)
    }

    /// What this person has still to grant.
    pub fn missing_grants(&self, person: &str) -> impl Iterator<Item = &'s SealedFinding> + use<'s> {
        self.state.ungranted(self.sealing, person)
    }

    /// The first of what this person has still to grant.
    #[must_use]
    pub fn missing_grant(&self, person: &str) -> Option<&'s SealedFinding> {
        self.missing_grants(person).next()
    }

    /// What other machines' lines say was granted for it and no line of this machine does, with the machines. It counts once
    /// somebody here writes it down: whoever makes a file can write anybody's grant into it.
    pub fn told_grants(&self) -> impl Iterator<Item = (&'s Grant, BTreeSet<Digest>)> + use<'s> {
        self.state.told_grants(self.sealing)
    }

    /// The plan's reasons for an exception, one for each time that it asks.
    #[must_use]
    pub fn reasons(&self, found: &SealedFinding) -> Vec<&'s str> {
        self.state.reasons(found).collect()
    }

    /// Keys that have signed and do not count, because nobody who signed with them granted what the draft needs.
    #[must_use]
    pub fn ungranted_keys(&self) -> BTreeSet<Fingerprint> {
        self.state.ungranted_keys(self.sealing)
    }

    /// The draft with the signatures that count: without those of signers who have not granted what it needs.
    #[must_use]
    pub fn counting(&self) -> Cow<'s, Part> {
        self.state.counting(self.sealing)
    }

    /// What this person last said of it, under this plan.
    #[must_use]
    pub fn decision(&self, person: &str) -> Option<&'s Decision> {
        self.state.decisions.get(&(self.payload(), person.to_owned()))
    }

    /// What everybody last said of it, under this plan.
    pub fn decisions(&self) -> impl Iterator<Item = (&'s str, &'s Decision)> + use<'s> {
        let payload = self.payload();
        let of_it = self.state.decisions.iter().filter(move |((draft, _), _)| *draft == payload);
        of_it.map(|((_, person), said)| (person.as_str(), said))
    }

    /// Who made the signatures of a key on it, as far as chains and the plan say it.
    #[must_use]
    pub fn signers_of(&self, key: Fingerprint) -> BTreeSet<&'s str> {
        self.state.signers_of(self.payload(), key)
    }
}

impl State {
    /// Where the ceremony stands.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// How many lines there are.
    #[must_use]
    pub fn lines(&self) -> u64 {
        self.chain.count()
    }

    /// SHA-256 of all lines.
    #[must_use]
    pub fn head(&self) -> Digest {
        self.chain.head()
    }

    /// The machine: SHA-256 of the first line.
    ///
    /// # Panics
    /// Never: a state stands behind a first line.
    #[must_use]
    pub fn machine(&self) -> Digest {
        self.chain.machine().expect("a state stands behind a first line")
    }

    /// The ceremony.
    #[must_use]
    pub fn ceremony(&self) -> Digest {
        self.opened.ceremony
    }

    /// The first line.
    #[must_use]
    pub fn opened(&self) -> &Opened {
        &self.opened
    }

    /// The plan as it stands.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.basis.plan
    }

    /// The file of the plan as it stands.
    #[must_use]
    pub fn plan_file(&self) -> &Stored {
        &self.basis.file
    }

    /// How often the plan was changed.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.basis.generation
    }

    /// Cards and key files, by the plan's name of the key.
    #[must_use]
    pub fn cards(&self) -> &BTreeMap<String, Stored> {
        &self.basis.cards
    }

    /// The documents that the plan builds on, in its order.
    #[must_use]
    pub fn inputs(&self) -> &[Stored] {
        &self.basis.inputs
    }

    /// What is added to targets.
    #[must_use]
    pub fn delta(&self) -> Option<&Stored> {
        self.basis.delta.as_ref()
    }

    /// Payload of the trusted root that the plan builds on.
    #[must_use]
    pub fn root(&self) -> Option<Digest> {
        self.basis.root
    }

    /// What [`crate::seal::seal`] needs for this plan.
    #[must_use]
    pub fn sealing_inputs<'m>(&'m self, materials: &'m dyn Materials) -> Inputs<'m> {
        self.basis.sealing(materials)
    }

    /// The plan's names of keys whose cards are still to be made.
    pub fn cards_to_make(&self) -> impl Iterator<Item = &str> {
        self.basis.to_be_made()
    }

    /// The key that was made last for one of the plan's names.
    #[must_use]
    pub fn generated(&self, key: &str) -> Option<&KeyGenerated> {
        self.generated.get(key)
    }

    /// The drafts, A first; none before they are sealed.
    pub fn drafts(&self) -> impl Iterator<Item = DraftNow<'_>> {
        self.drafts.iter().map(|sealing| DraftNow { state: self, sealing })
    }

    /// The draft with this letter.
    #[must_use]
    pub fn lettered(&self, letter: &str) -> Option<DraftNow<'_>> {
        self.drafts().find(|draft| draft.letter() == letter)
    }

    /// The draft with this payload.
    ///
    /// # Errors
    /// When it is none of this generation.
    pub fn draft(&self, payload: Digest) -> Result<DraftNow<'_>, Illegal> {
        self.sealing(payload).map(|sealing| DraftNow { state: self, sealing })
    }

    /// What the rules noticed in the drafts, sorted.
    #[must_use]
    pub fn findings(&self) -> &[SealedFinding] {
        &self.findings
    }

    /// The exceptions that were granted by lines of this machine: those that count.
    pub fn grants(&self) -> impl Iterator<Item = &Grant> {
        self.grants.iter()
    }

    /// Who holds a key by the plan; nobody for a key that it does not name or that a machine holds.
    #[must_use]
    pub fn holders(&self, key: Fingerprint) -> BTreeSet<&str> {
        self.basis.holders(key, self.authorities())
    }

    /// The public keys of the plan's keys, by the plan's names; not of one that is still to be made, nor of a kept one that judges
    /// no draft.
    #[must_use]
    pub fn plan_keys(&self) -> BTreeMap<String, Fingerprint> {
        self.basis.fingerprints(self.authorities())
    }

    /// Every time that a token was asked, in order.
    #[must_use]
    pub fn attempts(&self) -> &[Attempt] {
        &self.attempts
    }

    /// The attempts after which a signature may exist that nobody has: without an outcome, or with one that nobody knows.
    pub fn in_doubt(&self) -> impl Iterator<Item = &Attempt> {
        let doubtful = |a: &&Attempt| matches!(a.outcome, None | Some(Outcome::Failed(Failure::Unknown)));
        self.attempts.iter().filter(doubtful)
    }

    /// Drafts and signatures that earlier plans left behind, and those whose fate the next sealing decides.
    #[must_use]
    pub fn dead(&self) -> &[Dead] {
        &self.dead
    }

    /// Final files by the payload of their drafts.
    #[must_use]
    pub fn finals(&self) -> &BTreeMap<Digest, Stored> {
        &self.finals
    }

    /// Whoever said that she is here and not that she left.
    pub fn present(&self) -> impl Iterator<Item = &str> {
        self.room.present()
    }

    /// Whoever said that she is here and left since.
    pub fn left(&self) -> impl Iterator<Item = &str> {
        self.room.left()
    }

    /// Whether people are on a break.
    #[must_use]
    pub fn is_on_break(&self) -> bool {
        self.room.on_break()
    }

    /// The date that judges: the last that a person stated.
    ///
    /// # Panics
    /// Never: the first line states one.
    #[must_use]
    pub fn date(&self) -> &Moment {
        &self.room.dates().last().expect("the first line states a date").1
    }

    /// Every date that a person stated, with its line.
    #[must_use]
    pub fn dates(&self) -> &[(u64, Moment)] {
        self.room.dates()
    }

    /// How many devices hold the folder.
    #[must_use]
    pub fn devices(&self) -> u64 {
        self.devices
    }

    /// How far other machines' chains are known, by machine.
    #[must_use]
    pub fn known_chains(&self) -> &BTreeMap<Digest, ChainHead> {
        &self.known
    }

    /// The lines of other machines that are believed, by machine, as far as the files that brought them are at hand.
    #[must_use]
    pub fn others(&self) -> &BTreeMap<Digest, Transcript> {
        &self.others
    }

    /// This machine's own lines.
    #[must_use]
    pub fn transcript(&self) -> &Transcript {
        &self.chain
    }

    /// Machines whose chain was told in two ways.
    #[must_use]
    pub fn split_chains(&self) -> &BTreeSet<Digest> {
        &self.split
    }

    /// Every file of the folder that a line explains, by path.
    #[must_use]
    pub fn files(&self) -> &BTreeMap<String, Stored> {
        self.folder.files()
    }

    /// What could not be checked, because a file was not given.
    #[must_use]
    pub fn not_recomputed(&self) -> &[NotRecomputed] {
        &self.not_recomputed
    }

    /// The head behind `Closed`: the one on paper.
    #[must_use]
    pub fn closed_head(&self) -> Option<Digest> {
        self.closed
    }

    /// Who countersigned it.
    #[must_use]
    pub fn countersignatures(&self) -> &[Countersigned] {
        &self.countersigned
    }
}

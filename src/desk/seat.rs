//! A person's visit to a ceremony's folder: every draft that waits for her key, one after the other. She sees it, grants what it
//! needs, and consents; then her token is asked. Each of these is stored before the next begins.

use tuf_ceremony::card::Card;
use tuf_ceremony::digest::Digest;
use tuf_ceremony::key::{Fingerprint, PublicKey, Scheme};
use tuf_ceremony::metadata::Metadata;
use tuf_ceremony::policy::Control;
use tuf_ceremony::seal::fingerprints;
use tuf_ceremony::state::{DraftNow, Outcome, State};
use tuf_ceremony::transcript::event::{Event, Failure, PersonPresent, SigningFailed, TokenSeen};

use super::ask::OpenToken;
use super::attention::Attention;
use super::guided::{Manner, Pins, Place};
use super::online::is_root_or_targets;
use super::signer::{HeldKey, TokenSigner};
use super::table::Table;
use super::{DeskFault, attempt, short, touch, unshown};
use crate::memory::Memory;
use crate::operator::wording;
use crate::report::Names;
use crate::token::{Candidate, Listing, TokenUri};

/// What she came for.
#[derive(Clone, Copy)]
pub struct Wish<'w> {
    /// The plan's name of her.
    pub person: &'w str,
    /// The one draft that she came for; all of them if none is named.
    pub letter: Option<&'w str>,
    /// Her own trusted root.
    pub own: Option<&'w Metadata>,
    /// Whose key is whose.
    pub names: &'w Names,
    /// Where she has the digest from, in her words.
    pub reference: Option<&'w str>,
    /// How she is asked.
    pub manner: Manner,
}

/// A person at a table.
pub struct Seat<'t> {
    /// The ceremony.
    pub table: &'t mut Table,
    /// What she came for.
    pub wish: Wish<'t>,
    /// Her own log, if she brought it.
    pub memory: Option<&'t mut Memory>,
}

/// What was signed.
#[derive(Debug, Clone)]
pub struct SignedDraft {
    /// The draft's letter.
    pub letter: String,
    /// Its role.
    pub role: String,
    /// Its version.
    pub version: u64,
    /// Its payload digest.
    pub payload: Digest,
    /// The key that signed.
    pub key: Fingerprint,
    /// The signature, in hex as metadata carries it.
    pub sig: String,
}

/// A key that may sign a draft for her.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// Payload of the draft.
    pub draft: Digest,
    /// The key.
    pub key: Fingerprint,
    /// The scheme by which its authority lists it.
    pub scheme: Scheme,
    /// Whether the plan gives it to her; else it gives it to nobody.
    pub hers: bool,
    /// Whether it has signed the draft.
    pub done: bool,
}

impl Seat<'_> {
    /// An attempt that a killed process left open has an outcome that nobody knows. It is written down as such first, so that
    /// a signature which may exist is not forgotten.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn close_leftover(&mut self) -> Result<Option<u64>, DeskFault> {
        let Some(begun) = self.table.state().open_attempt().map(|attempt| attempt.line) else {
            return Ok(None);
        };
        let why = wording::LEFT_OPEN.to_owned();
        self.table
            .take(&Event::SigningFailed(SigningFailed { begun, outcome: Failure::Unknown, why }).into())?;
        Ok(Some(begun))
    }

    /// The keys that may sign for her what she came for: hers by the plan, and those that the plan gives to nobody.
    #[must_use]
    pub fn keys(&self) -> Vec<Waiting> {
        let state = self.table.state();
        let asked = |draft: &DraftNow<'_>| self.wish.letter.is_none_or(|letter| letter == draft.letter());
        let open = state.drafts().filter(|draft| draft.final_file().is_none()).filter(asked);
        open.flat_map(|draft| of_draft(state, draft, self.wish.person)).collect()
    }

    /// Something waits for her; asked before any token is.
    ///
    /// # Errors
    /// [`DeskFault::NothingWaits`], or [`DeskFault::SignedAlready`] where all her keys have signed.
    pub fn check_waiting(&self) -> Result<(), DeskFault> {
        let keys = self.keys();
        match keys.iter().find(|w| w.hers && w.done) {
            _ if keys.iter().any(|w| !w.done) => Ok(()),
            Some(signed) => Err(DeskFault::SignedAlready { key: signed.key }),
            None => Err(DeskFault::NothingWaits { person: self.wish.person.to_owned() }),
        }
    }

    /// Whether she signed something in this folder.
    #[must_use]
    pub fn signed_here(&self) -> bool {
        let attempts = self.table.state().attempts().iter();
        let mut hers = attempts.filter(|attempt| attempt.begun.person == self.wish.person);
        hers.any(|attempt| attempt.outcome == Some(Outcome::Signed))
    }

    /// Whether a PIN or a key may come from a file here: in a rehearsal, and where nothing but online roles waits for her.
    #[must_use]
    pub fn may_use_pin_file(&self) -> bool {
        self.table.state().opened().rehearsal || self.online_roles().is_some()
    }

    /// The one token among those listed that holds a key which waits for her: hers by the plan, or else one that the plan gives
    /// to nobody. It is told by its public half, before any PIN.
    ///
    /// # Errors
    /// When none or several do; what is wanted and what is there.
    pub fn recognise(&self, listing: &Listing, wanted: &TokenUri) -> Result<Candidate, DeskFault> {
        let keys = self.keys();
        let there = listing.candidates(wanted);
        let holding = |hers: bool| -> Vec<&Candidate> {
            let waits = |key| keys.iter().any(|w| w.hers == hers && !w.done && w.key == key);
            there.iter().filter(|candidate| waits(candidate.fingerprint)).collect()
        };
        let mut found = holding(true);
        if found.is_empty() {
            found = holding(false);
        }
        let tokens = tokens_of(&found);
        match (found.first(), tokens.len()) {
            (Some(first), 1) => Ok((*first).clone()),
            (None, _) => match unshown::recognise(&self.her_cards(&keys), listing, wanted)? {
                Some(named) => Ok(named),
                None => {
                    // Also what the token holds beside the key that was named.
                    let there = listing.candidates(&wanted.of_any_key());
                    let there: Vec<HeldKey> = there.iter().map(HeldKey::of).collect();
                    Err(self.none(&there))
                }
            },
            _ => Err(DeskFault::SeveralTokens { tokens }),
        }
    }

    /// The cards of her keys that wait.
    fn her_cards(&self, keys: &[Waiting]) -> Vec<Card> {
        let waits = |key| keys.iter().any(|w| w.hers && !w.done && w.key == key);
        unshown::stored_cards(self.table, waits)
    }

    /// What is wanted of her and what is there.
    fn none(&self, there: &[HeldKey]) -> DeskFault {
        let keys = self.keys();
        let signed = keys.iter().find(|w| w.done && there.iter().any(|held| held.key == w.key));
        if let Some(signed) = signed {
            return DeskFault::SignedAlready { key: signed.key };
        }
        let named = |key: Fingerprint| self.wish.names.of(Some(key), None).map(|named| named.quoted());
        let waiting = keys.iter().filter(|w| !w.done);
        let mut wanted: Vec<String> =
            waiting.map(|w| wording::key_of(named(w.key).as_deref(), &short(&w.key.to_string()))).collect();
        wanted.sort();
        wanted.dedup();
        DeskFault::NoneOfTheKeys { wanted, present: there.iter().map(HeldKey::told).collect() }
    }

    /// Shows, asks, signs, verifies and stores, draft by draft; what was signed is in `done`, also after a fault.
    ///
    /// # Errors
    /// Whatever was stored before stays.
    pub fn sign(
        &mut self,
        signer: &mut dyn TokenSigner,
        with: &mut Attention<'_, '_>,
        done: &mut Vec<SignedDraft>,
    ) -> Result<(), DeskFault> {
        let held = signer.keys().to_vec();
        let on_token: Vec<Waiting> =
            self.keys().into_iter().filter(|w| held.iter().any(|held| held.key == w.key)).collect();
        let waiting: Vec<Waiting> = on_token.iter().filter(|w| !w.done).copied().collect();
        if waiting.is_empty() {
            return Err(self.none(&held));
        }
        self.refuse_software(signer, &waiting)?;
        unshown::tell(signer, with.screen)?;
        self.tell_touches(signer, &waiting);
        self.arrive(signer, &on_token)?;
        let mut drafts: Vec<Digest> = waiting.iter().map(|w| w.draft).collect();
        drafts.dedup();
        let is_guided = self.wish.manner == Manner::Guided;
        let pins = is_guided.then(|| Pins::new(waiting.len()));
        let mut visit = OpenToken { signer, opened: false, pins };
        let letters: Vec<String> =
            drafts.iter().map(|draft| self.draft(*draft).letter().to_owned()).collect();
        for (number, draft) in (1..).zip(drafts) {
            let asked: Vec<(Waiting, HeldKey)> = waiting
                .iter()
                .filter(|w| w.draft == draft)
                .filter_map(|w| Some((*w, held.iter().find(|held| held.key == w.key)?.clone())))
                .collect();
            let place = Place { number, letters: &letters };
            let intents = match is_guided {
                true => self.agree_step_by_step(draft, &place, &asked, with)?,
                false => Some(self.agree(draft, &asked, with)?),
            };
            let Some(intents) = intents else {
                visit.fewer(asked.len());
                continue;
            };
            for ((waiting, held), (intent, over)) in asked.iter().zip(intents) {
                let asking = attempt::Asking { wish: self.wish, waiting: *waiting, held, intent, over };
                let signed = loop {
                    match visit.attempt(self.table, &asking, self.memory.as_deref_mut(), with) {
                        Err(fault) if is_guided && visit.tries_again(&fault, with)? => {}
                        ended => break ended?,
                    }
                };
                visit.fewer(1);
                // Counted before it is told: a screen that is gone takes no signature away.
                done.push(signed.clone());
                let state = self.table.state();
                with.screen.line(&wording::signed_here(&signed.letter, &signed.role, signed.version))?;
                with.screen.blank()?;
                crate::report::whole_head(with.screen, state.lines(), state.head())?;
                with.screen.blank()?;
            }
        }
        Ok(())
    }

    /// What the key cards of this ceremony say of touches: a module's tokens, and cards with old firmware, do not tell.
    fn tell_touches(&self, signer: &mut dyn TokenSigner, waiting: &[Waiting]) {
        for card in unshown::stored_cards(self.table, |key| waiting.iter().any(|w| w.key == key)) {
            if let Some(wants) = touch::carded(&card) {
                signer.learn_touch(card.key().fingerprint(), wants);
            }
        }
    }

    /// A program signs a real root or real targets only where the plan allows it for that key (DESIGN 17). Its slot tells what it
    /// is only now, so this is judged here and not when the plan was.
    fn refuse_software(&self, signer: &dyn TokenSigner, waiting: &[Waiting]) -> Result<(), DeskFault> {
        let state = self.table.state();
        if state.opened().rehearsal || !signer.is_software() {
            return Ok(());
        }
        // The keys were read when the folder was resumed; what cannot be read allows nothing.
        let inputs = state.sealing_inputs(self.table.materials());
        let named = fingerprints(state.plan(), &inputs).unwrap_or_default();
        let guarded =
            |draft: Digest| state.draft(draft).is_ok_and(|now| is_root_or_targets(now.part().draft()));
        let allowed = |w: &Waiting| {
            let letter = state.draft(w.draft).map(|draft| draft.letter().to_owned()).unwrap_or_default();
            let mut found = state.findings().iter();
            found.any(|f| {
                f.control == Control::SoftwareToken
                    && f.draft == letter
                    && named.get(&f.about) == Some(&w.key)
            })
        };
        match waiting.iter().find(|w| guarded(w.draft) && !allowed(w)) {
            Some(w) => Err(DeskFault::SoftwareToken { token: signer.name(), key: w.key }),
            None => Ok(()),
        }
    }

    /// She is here, and so is a token with keys that may sign.
    fn arrive(&mut self, signer: &dyn TokenSigner, on_token: &[Waiting]) -> Result<(), DeskFault> {
        let person = self.wish.person;
        if !self.table.state().present().any(|here| here == person) {
            let part = self.table.state().plan().people.get(person).map(|known| known.part);
            let role = wording::part(part).to_owned();
            let person = person.to_owned();
            self.table.take(&Event::PersonPresent(PersonPresent { person, role }).into())?;
        }
        // What its card alone says was not seen.
        let unproven = signer.unproven();
        let mut keys: Vec<Fingerprint> =
            on_token.iter().map(|w| w.key).filter(|key| !unproven.contains(key)).collect();
        keys.sort();
        keys.dedup();
        self.table.take(&Event::TokenSeen(TokenSeen { keys, token: signer.uri() }).into())?;
        Ok(())
    }
}

/// The tokens on which these are, by name, each once.
pub(super) fn tokens_of(found: &[&Candidate]) -> Vec<String> {
    let is_first =
        |(at, candidate): &(usize, &&Candidate)| !found[..*at].iter().any(|known| known.is_beside(candidate));
    let first = found.iter().enumerate().filter(is_first);
    first.map(|(_, candidate)| candidate.slot.name().to_string()).collect()
}

fn of_draft<'s>(state: &'s State, draft: DraftNow<'s>, person: &str) -> Vec<Waiting> {
    let mut found: Vec<Waiting> = Vec::new();
    let members = draft.part().authorities().iter().flat_map(|authority| authority.members());
    for public in members.filter_map(|member| member.key.as_ref().ok()).map(|key: &PublicKey| key) {
        let (key, scheme) = (public.fingerprint(), public.scheme());
        let holders = state.holders(key);
        let hers = holders.contains(person);
        if !(hers || holders.is_empty()) || found.iter().any(|known| known.key == key) {
            continue;
        }
        let done = !draft.part().signatures().by(key).is_empty();
        found.push(Waiting { draft: draft.payload(), key, scheme, hers, done });
    }
    found
}

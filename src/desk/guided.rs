//! The same visit, asked step by step, for somebody who does this once a year (DESIGN "The flow" 4): what decides trust item by
//! item, then the rest, then two lines of the digest from her own paper before any of it is shown, then her consent. It stores
//! what the brief manner stores; only the asking differs.

mod answers;
mod compare;
mod last;
mod lines;
mod pins;
mod reading;

use tuf_ceremony::conduct;
use tuf_ceremony::digest::Digest;
use tuf_ceremony::state::Decision;

use super::agree::{self, Intents};
use super::attention::Attention;
use super::seat::{Seat, Waiting};
use super::signer::HeldKey;
use super::{DeskFault, consent_phrase, plain};
use crate::operator::clean::quoted;
use crate::operator::wording::{self, visiting as said};
use crate::report::columns::sentence;
use crate::report::{self, CLAUSE};

use answers::Turn;
pub(super) use answers::pick;
pub use compare::knows_by_paper;
pub(super) use pins::Pins;
use reading::Reading;

/// How often another text than the phrase may be typed.
const MISSES: usize = 3;

/// In which manner a person is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// In few words: a page, a phrase, a PIN.
    Brief,
    /// Step by step.
    Guided,
}

/// Which of the drafts that wait for her this is.
pub(super) struct Place<'p> {
    /// Counted from 1.
    pub number: usize,
    /// The letters of all of them.
    pub letters: &'p [String],
}

impl Seat<'_> {
    /// She sees one draft step by step, and consents or declines; none where she declined.
    pub(super) fn agree_step_by_step(
        &mut self,
        payload: Digest,
        place: &Place<'_>,
        asked: &[(Waiting, HeldKey)],
        with: &mut Attention<'_, '_>,
    ) -> Result<Option<Intents>, DeskFault> {
        let mut reading = Reading::default();
        match self.step_by_step(payload, place, asked, &mut reading, with) {
            Ok(intents) => Ok(Some(intents)),
            Err(Turn::Decline) => self.decline(payload, reading, with).map(|()| None),
            Err(Turn::Stop) => Err(DeskFault::StoppedHere),
            Err(Turn::NotThePaper) => {
                let letter = self.draft(payload).letter().to_owned();
                with.screen.blank()?;
                sentence(with.screen, 0, said::NOT_THE_PAPER)?;
                if answers::declines_or_stops(with)? {
                    self.decline(payload, reading, with)?;
                }
                Err(DeskFault::OtherDigest { letter })
            }
            Err(Turn::Fault(fault)) => Err(fault),
        }
    }

    fn step_by_step(
        &mut self,
        payload: Digest,
        place: &Place<'_>,
        asked: &[(Waiting, HeldKey)],
        reading: &mut Reading,
        with: &mut Attention<'_, '_>,
    ) -> Result<Intents, Turn> {
        let keys: Vec<&HeldKey> = asked.iter().map(|(_, held)| held).collect();
        self.opening(payload, place, with)?;
        reading.of(&self.page(payload, &keys)?, with)?;
        let reference = compare::from_her_source(payload, self.wish.reference, with)?;
        let page = self.page(payload, &keys)?;
        let heading = match reference {
            Some(_) => wording::COMPARE_THE_DIGEST,
            None => said::DIGEST_TO_COMPARE_LATER,
        };
        reading.tell(with.screen, |screen| page.digest_under(heading, screen))?;
        self.grant_or_turn(payload, with)?;
        let intents = self.intents(payload, asked, with)?;
        reading.before_consent(&self.page(payload, &keys)?, with)?;
        self.consent_or_turn(payload, with)?;
        self.consented(payload, conduct::shown(reading.text()), reference, &intents)?;
        Ok(intents)
    }

    /// Which draft this is, and what she said of it before.
    fn opening(&self, payload: Digest, place: &Place<'_>, with: &mut Attention<'_, '_>) -> Result<(), Turn> {
        let draft = self.draft(payload);
        sentence(with.screen, 0, &said::draft_of(draft.letter(), place.number, place.letters))?;
        if let Some(Decision::Declined(before)) = draft.decision(self.wish.person) {
            sentence(with.screen, 0, &said::declined_before(&quoted(&before.reason, CLAUSE)))?;
        }
        Ok(with.screen.blank()?)
    }

    fn grant_or_turn(&mut self, payload: Digest, with: &mut Attention<'_, '_>) -> Result<(), Turn> {
        match self.grant(payload, with) {
            Err(DeskFault::NotGranted { .. }) => {
                sentence(with.screen, 0, said::NOT_WITHOUT_EXCEPTION)?;
                with.screen.blank()?;
                Err(if answers::declines_or_stops(with)? { Turn::Decline } else { Turn::Stop })
            }
            other => Ok(other?),
        }
    }

    /// Consent is typed and quotes role, version and digest, or she declines or stops.
    fn consent_or_turn(&self, payload: Digest, with: &mut Attention<'_, '_>) -> Result<(), Turn> {
        let phrase = consent_phrase(self.draft(payload).part());
        let mut misses = 0;
        while misses < MISSES {
            with.screen.together(&[&wording::to_sign_type(&phrase), said::TO_DECLINE_OR_STOP])?;
            let typed = with.person.type_back(wording::ANSWER, &phrase)?;
            if plain(&typed) == plain(&phrase) {
                return Ok(with.screen.blank()?);
            }
            match plain(&typed).as_str() {
                // Enter alone is no answer, and no miss.
                "" => {}
                "decline" => return Err(Turn::Decline),
                "no" | "stop" => return Err(Turn::Stop),
                _ => {
                    misses += 1;
                    with.screen.line(wording::NOT_THE_PHRASE)?;
                }
            }
        }
        Err(Turn::Stop)
    }

    /// Her reason, typed; the refusal is stored with what she saw until then, and the visit goes on.
    fn decline(
        &mut self,
        payload: Digest,
        reading: Reading,
        with: &mut Attention<'_, '_>,
    ) -> Result<(), DeskFault> {
        let reason = answers::text(said::WHY_DECLINE, with)?;
        let (state, letter) = (self.table.state(), self.draft(payload).letter().to_owned());
        let step = agree::declined(state, payload, self.wish.person, &reason, reading.text());
        self.table.take(&step)?;
        sentence(with.screen, 0, &said::declined(&letter))?;
        with.screen.blank()?;
        let state = self.table.state();
        report::whole_head(with.screen, state.lines(), state.head())?;
        Ok(with.screen.blank()?)
    }
}

#[cfg(test)]
mod tests;

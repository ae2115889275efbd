//! Questions that only PIV cards answer: how its PIN, PUK and management key stand, and that they are changed. None of them
//! needs a login or leaves the card open.

use super::{Host, decoded, encoded, unexpected};
use crate::pin::Pin;
use crate::token::attestation::Attestation;
use crate::token::condition::{Condition, OwnPin, Preparation, Prepared};
use crate::token::evidence::KeyEvidence;
use crate::token::facts::{SlotFacts, TokenKey};
use crate::token::fault::{Call, TokenFault};
use crate::token::frame::{Kind, Outgoing};
use crate::token::in_slot::InSlot;
use crate::token::patience::{Impatient, Patience, Wait};
use crate::token::scheme::SignScheme;
use crate::token::wire::{Answer, KeyHint, Question};

impl Host {
    /// How the card in `slot` stands. No secret is sent, and no try used.
    ///
    /// # Errors
    /// [`TokenFault::NoPivCard`], or what [`Host::list`] can fail with.
    pub fn condition(&mut self, slot: &SlotFacts) -> Result<Condition, TokenFault> {
        let question = Question::Condition { slot: slot.slot, expected: slot.name() };
        match self.answer_of_card(Call::List, &question, &[], &mut Impatient)? {
            Answer::Condition(condition) => Ok(condition),
            other => Err(self.line.broken(Call::List, &unexpected(&other))),
        }
    }

    /// What a card says of one of its keys, and what it certifies of it. It needs no PIN for that, and none is sent.
    ///
    /// # Errors
    /// As [`Host::condition`], or [`TokenFault::NoKey`].
    pub fn told(
        &mut self,
        slot: &SlotFacts,
        key: &TokenKey,
    ) -> Result<(KeyEvidence, Option<Attestation>), TokenFault> {
        let question = Question::Told { slot: slot.slot, expected: slot.name(), key: KeyHint::of(key) };
        match self.answer_of_card(Call::List, &question, &[], &mut Impatient)? {
            Answer::Told(said, certified) => Ok((said, certified)),
            other => Err(self.line.broken(Call::List, &unexpected(&other))),
        }
    }

    /// Puts the holder's own PIN and PUK in the place of the factory's, and a management key that nobody knows in the place of
    /// the one that is there, kept where the PIN opens it. Each secret is sent once where it can be wrong, and what was done is told even where
    /// something went wrong after it.
    ///
    /// # Errors
    /// As long as nothing was changed, or when the answer was lost: [`TokenFault::tries_spent`] says what it cost.
    pub fn prepare(
        &mut self,
        slot: &SlotFacts,
        preparation: Preparation,
        patience: &mut dyn Patience,
    ) -> Result<Prepared, TokenFault> {
        let Preparation { pin, puk } = preparation;
        let question = Question::Prepare {
            slot: slot.slot,
            expected: slot.name(),
            new_pin: matches!(pin, OwnPin::New(_)),
            new_puk: puk.is_some(),
        };
        let secrets: Vec<&Pin> = std::iter::once(pin.secret()).chain(&puk).collect();
        match self.answer_of_card(Call::Change, &question, &secrets, patience)? {
            Answer::Prepared(prepared) => Ok(prepared),
            other => Err(self.line.broken(Call::Change, &unexpected(&other))),
        }
    }

    /// Sends the PUK and a new PIN, once, and says how the card stands then; `None` where it did not tell any more. The PIN is
    /// new either way.
    ///
    /// # Errors
    /// [`TokenFault::PukIncorrect`], [`TokenFault::PukLocked`], [`TokenFault::NewSecretRefused`], and what a login can fail with.
    pub fn unblock(
        &mut self,
        slot: &SlotFacts,
        puk: &Pin,
        new_pin: &Pin,
        patience: &mut dyn Patience,
    ) -> Result<Option<Condition>, TokenFault> {
        let question = Question::Unblock { slot: slot.slot, expected: slot.name() };
        match self.answer_of_card(Call::Change, &question, &[puk, new_pin], patience)? {
            Answer::Unblocked(now) => Ok(now),
            other => Err(self.line.broken(Call::Change, &unexpected(&other))),
        }
    }

    /// Lets the card of the last login make a key in a slot. Its public half is read back.
    ///
    /// # Errors
    /// [`TokenFault::SlotRefused`], [`TokenFault::NotPrepared`], [`TokenFault::NotItsOwn`]; [`TokenFault::NoNewKey`] when it made none. After
    /// [`TokenFault::UnknownOutcome`] a key may be there.
    pub fn make(
        &mut self,
        scheme: SignScheme,
        new: InSlot,
        patience: &mut dyn Patience,
    ) -> Result<TokenKey, TokenFault> {
        match self.answer_of_card(Call::Generate, &Question::Make { scheme, new }, &[], patience)? {
            Answer::Generated(key) => Ok(key),
            other => Err(self.line.broken(Call::Generate, &unexpected(&other))),
        }
    }

    fn answer_of_card(
        &mut self,
        call: Call,
        question: &Question,
        secrets: &[&Pin],
        patience: &mut dyn Patience,
    ) -> Result<Answer, TokenFault> {
        let question = encoded(question)?;
        let secrets = secrets.iter().map(|secret| Outgoing::Bytes(Kind::Pin, secret.bytes()));
        let frames: Vec<Outgoing<'_>> =
            std::iter::once(Outgoing::Bytes(Kind::Question, &question)).chain(secrets).collect();
        let deadline = match call {
            Call::Change => self.deadlines.login,
            Call::Generate => self.deadlines.generate,
            _ => self.deadlines.list,
        };
        let (kind, body) = self.line.converse(&frames, &mut Wait::begin(call, deadline, patience))?;
        match decoded(&mut self.line, call, kind, &body)? {
            Answer::Fault(fault) => Err(fault),
            answer => Ok(answer),
        }
    }
}

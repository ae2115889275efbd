//! A PIV card and the person who gets it: it is prepared for her, and unblocked by its PUK. What the card tells is shown before
//! anything is asked; consent is typed; each secret is typed for one purpose, kept by nobody, and sent once where it can be wrong.

mod prepare;
mod unblock;

use super::keys::sitting::asked;
use super::keys::{KeysFault, in_words, make};
use crate::operator::Operator;
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::secret::SecretFault;
use crate::operator::wording::{self, cards as said};
use crate::pin::Pin;
use crate::report::columns::{fact, sentence};
use crate::token::{
    Condition, Host, SecretState, SlotFacts, TokenFault, is_factory, is_factory_pin, is_factory_puk,
};

pub use prepare::{Finished, prepare};
pub use unblock::unblock;

/// How often a new secret may be typed so that it will not do.
const MISSES: usize = 3;

/// A card, the person whose it is, and her screen.
pub struct CardDesk<'s, 'o> {
    /// Our own process for cards.
    pub host: &'s mut Host,
    /// The card, as it was listed.
    pub slot: &'s SlotFacts,
    /// Whoever answers.
    pub person: &'s mut dyn Operator,
    /// Where she reads.
    pub screen: &'s mut Screen<'o>,
}

impl CardDesk<'_, '_> {
    /// What the card tells of itself; shown.
    fn looked_at(&mut self, heading: &str) -> Result<Condition, KeysFault> {
        if !self.slot.is_card() {
            return Err(TokenFault::NoPivCard { token: self.slot.name() }.into());
        }
        let condition = self.host.condition(self.slot)?;
        self.screen.heading(heading)?;
        make::token(self.screen, self.slot)?;
        show(self.screen, &condition)?;
        let keys: Vec<String> = self.slot.keys.iter().map(in_words).collect();
        let keys = if keys.is_empty() { said::NO_KEYS.to_owned() } else { keys.join("; ") };
        fact(self.screen, said::KEYS, &keys)?;
        self.screen.blank()?;
        Ok(condition)
    }

    fn serial(&self) -> String {
        self.slot.name().serial
    }

    fn consent(&mut self, phrase: &str) -> Result<(), KeysFault> {
        let agreed = asked(self.person, self.screen, &said::to_do_it_type(phrase), phrase)?;
        if agreed { Ok(()) } else { Err(KeysFault::Declined) }
    }

    /// Before a secret that may be the last: stopping is safe, going on is typed.
    fn last_try(&mut self, told: &str) -> Result<(), KeysFault> {
        sentence(self.screen, 0, told)?;
        let agreed = asked(self.person, self.screen, &wording::to_go_on_type(), wording::LAST_TRY)?;
        if agreed { Ok(()) } else { Err(KeysFault::Declined) }
    }

    /// A new PIN or PUK, typed twice, that will do.
    fn new_secret(
        &mut self,
        question: &str,
        will_not_do: impl Fn(&Pin) -> Option<&'static str>,
    ) -> Result<Pin, KeysFault> {
        for _ in 0..MISSES {
            let first = self.person.pin(question);
            let Some(first) = self.typed(first)? else { continue };
            if let Some(why) = will_not_do(&first) {
                self.screen.line(why)?;
                continue;
            }
            let second = self.person.pin(said::AGAIN);
            let Some(second) = self.typed(second)? else { continue };
            if first.is_same_as(&second) {
                return Ok(first);
            }
            self.screen.line(said::NOT_THE_SAME)?;
        }
        Err(KeysFault::NoSecret)
    }

    /// A PIN or PUK that the card has, typed once, that may be right.
    fn own_secret(
        &mut self,
        question: &str,
        cannot_be: impl Fn(&Pin) -> Option<&'static str>,
    ) -> Result<Pin, KeysFault> {
        for _ in 0..MISSES {
            let typed = self.person.pin(question);
            let Some(typed) = self.typed(typed)? else { continue };
            match cannot_be(&typed) {
                None => return Ok(typed),
                Some(why) => sentence(self.screen, 0, why)?,
            }
        }
        Err(KeysFault::NoSecret)
    }

    /// None for what cannot be meant, which costs nothing.
    fn typed(&mut self, typed: Result<Pin, SecretFault>) -> Result<Option<Pin>, KeysFault> {
        match typed {
            Ok(pin) => Ok(Some(pin)),
            Err(
                fault @ (SecretFault::Empty
                | SecretFault::NotPrintable
                | SecretFault::TooLong
                | SecretFault::OneTimePassword),
            ) => {
                sentence(self.screen, 0, &fault.to_string())?;
                Ok(None)
            }
            Err(other) => Err(other.into()),
        }
    }
}

/// Why a new PIN will not do.
fn no_pin(pin: &Pin) -> Option<&'static str> {
    match pin.len() {
        6..=8 if is_factory(pin) => Some(said::THAT_IS_THE_FACTORYS),
        6..=8 => None,
        _ => Some(said::SIX_TO_EIGHT),
    }
}

/// Why it is not the PIN of a card that has one of its own.
fn not_its_pin(pin: &Pin) -> Option<&'static str> {
    match pin.len() {
        6..=8 if is_factory_pin(pin) => Some(said::NOT_ITS_OWN),
        6..=8 => None,
        _ => Some(said::SIX_TO_EIGHT),
    }
}

/// Why it is not the card's PUK, which may still be the factory's. Whoever made it may have taken fewer than eight.
fn not_its_puk(puk: &Pin, state: SecretState) -> Option<&'static str> {
    match puk.len() {
        6..=8 if state.is_factory == Some(false) && is_factory_puk(puk) => Some(said::NOT_ITS_OWN),
        6..=8 => None,
        _ => Some(said::PUK_SIX_TO_EIGHT),
    }
}

/// Why a new PUK will not do.
fn no_puk(puk: &Pin, pin: &Pin) -> Option<&'static str> {
    match puk.len() {
        8 if is_factory(puk) => Some(said::THAT_IS_THE_FACTORYS),
        8 if puk.is_same_as(pin) => Some(said::AS_THE_PIN),
        8 => None,
        _ => Some(said::EIGHT),
    }
}

fn show(screen: &mut Screen<'_>, condition: &Condition) -> Result<(), ScreenFault> {
    fact(screen, said::PIN, &state(condition.pin))?;
    fact(screen, said::PUK, &state(condition.puk))?;
    let management = &condition.management;
    let whose = match management.is_factory {
        Some(true) => said::THE_FACTORYS,
        _ if management.is_kept => said::IS_KEPT,
        Some(false) => said::IS_ELSEWHERE,
        None => said::UNTOLD,
    };
    fact(screen, said::MANAGEMENT, &said::with_cipher(whose, &management.cipher))
}

fn state(secret: SecretState) -> String {
    let whose = match secret.is_factory {
        Some(true) => said::THE_FACTORYS,
        Some(false) => said::NOT_THE_FACTORYS,
        None => said::UNTOLD,
    };
    said::with_tries(whose, secret.left)
}

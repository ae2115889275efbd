//! A PIV card and the person who gets it: it is prepared for her, and unblocked by its PUK. What the card tells is shown before
//! anything is asked; consent is typed; each secret is typed for one purpose, kept by nobody, and sent once where it can be wrong.

mod prepare;
mod unblock;

use super::in_words;
use super::keys::sitting::asked;
use super::keys::{KeysFault, make};
use crate::operator::Operator;
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::secret::{Held, SecretFault};
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
        for left in (0..MISSES).rev() {
            if let Some(typed) = self.new_once(question, &will_not_do)? {
                return Ok(typed);
            }
            self.entries_left(left)?;
        }
        Err(KeysFault::NoSecret)
    }

    fn new_once(
        &mut self,
        question: &str,
        will_not_do: impl Fn(&Pin) -> Option<&'static str>,
    ) -> Result<Option<Pin>, KeysFault> {
        let first = self.person.pin(question);
        let Some(first) = self.typed(first)? else { return Ok(None) };
        if let Some(why) = will_not_do(&first) {
            sentence(self.screen, 0, why)?;
            return Ok(None);
        }
        let second = self.person.pin(said::AGAIN);
        let Some(second) = self.typed(second)? else { return Ok(None) };
        if first.is_same_as(&second) {
            return Ok(Some(first));
        }
        self.screen.line(said::NOT_THE_SAME)?;
        Ok(None)
    }

    /// How often it can be typed once more. After the last time she may be typing already: that is taken in here, unseen, and not
    /// by whatever reads the terminal next.
    fn entries_left(&mut self, left: usize) -> Result<(), KeysFault> {
        self.screen.line(&said::entries_left(left))?;
        if left == 0 && self.person.types_secrets() {
            // Whatever it is, it is wiped.
            drop(self.person.pin(said::ENTER_TO_END));
        }
        Ok(())
    }

    /// A PIN or PUK that the card has, typed once, that may be right.
    fn own_secret(
        &mut self,
        question: &str,
        cannot_be: impl Fn(&Pin) -> Option<&'static str>,
    ) -> Result<Pin, KeysFault> {
        for left in (0..MISSES).rev() {
            let typed = self.person.pin(question);
            if let Some(typed) = self.typed(typed)? {
                match cannot_be(&typed) {
                    None => return Ok(typed),
                    Some(why) => sentence(self.screen, 0, why)?,
                }
            }
            self.entries_left(left)?;
        }
        Err(KeysFault::NoSecret)
    }

    /// Lets the card be changed, with a terminal that keys do nothing at: one that is left in the middle is harder to judge.
    fn undisturbed<T>(&mut self, change: impl FnOnce(&mut Self) -> T) -> T {
        let held = self.person.hold();
        let changed = change(self);
        if held.is_some_and(Held::end) {
            // A screen that is gone does not undo what the card did.
            let _ = sentence(self.screen, 0, said::STOPPED_TOO_LATE);
        }
        changed
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

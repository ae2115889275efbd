//! One token, the person who opens it, and her screen, for as long as a key is made or carded.

use tuf_ceremony::signable::Signable;

use super::make::NewKey;
use super::{KeysFault, Usable};
use crate::desk::attention::Attention;
use crate::desk::plain;
use crate::desk::touch::{self, Touch, touches_again, waiting_for};
use crate::operator::screen::Screen;
use crate::operator::wording::{self, keys as said};
use crate::operator::{Operator, OperatorFault};
use crate::report::columns::sentence;
use crate::token::{Entry, Host, LoginFacts, PinTries, SlotFacts, TokenFault, TokenKey};

/// What a step with a key needs.
pub struct Sitting<'s, 'o> {
    /// The module's process.
    pub host: &'s mut Host,
    /// The token, as it was listed.
    pub slot: &'s SlotFacts,
    /// Whoever answers.
    pub person: &'s mut dyn Operator,
    /// Where she reads.
    pub screen: &'s mut Screen<'o>,
}

impl Sitting<'_, '_> {
    /// Asks for a typed phrase, three times at most; a bare Enter is no consent.
    ///
    /// # Errors
    /// [`KeysFault::Declined`], or that nobody can be asked.
    pub fn consent(&mut self, to: &str, phrase: &str) -> Result<(), KeysFault> {
        if asked(self.person, self.screen, to, phrase)? { Ok(()) } else { Err(KeysFault::Declined) }
    }

    /// Says what is known of the tries, and opens the token with a PIN or on its own keypad.
    ///
    /// # Errors
    /// [`KeysFault::Declined`] before a last try, that there is no PIN, or the token's fault with what it cost.
    pub fn open(&mut self, what_for: &str) -> Result<LoginFacts, KeysFault> {
        let token = self.slot.name().to_string();
        if let Some(facts) = &self.slot.token {
            sentence(self.screen, 0, &wording::tries(&facts.tries.to_string()))?;
            if facts.tries == PinTries::Locked {
                return Err(TokenFault::PinLocked { token: self.slot.name(), sent: false }.into());
            }
            if facts.tries == PinTries::Last {
                self.screen.line(&wording::last_try(&token))?;
                self.consent(&wording::to_go_on_type(), wording::LAST_TRY)?;
            }
        }
        let entry = self.entry(&said::pin_prompt(&token, what_for))?;
        let Sitting { host, slot, person, screen } = self;
        Ok(host.login(slot, entry, &mut Attention { person: &mut **person, screen })?)
    }

    fn entry(&mut self, prompt: &str) -> Result<Entry, KeysFault> {
        if self.slot.token.as_ref().is_some_and(|token| token.keypad) {
            self.screen.line(said::USE_THE_KEYPAD)?;
            return Ok(Entry::Keypad);
        }
        Ok(Entry::Pin(self.person.pin(prompt)?))
    }

    /// One signature as metadata carries it. A key that wants its PIN before every signature is given it anew, and only once.
    ///
    /// # Errors
    /// The token's fault, or [`KeysFault::WrongSignature`] for what has no shape of a signature.
    pub fn sign(
        &mut self,
        key: &Usable,
        signable: &Signable<'_>,
        what_for: &str,
    ) -> Result<Vec<u8>, KeysFault> {
        self.signed(key, signable, what_for, false)
    }

    /// The same right after [`Sitting::open`], without another question to the token: where it allows that, the PIN that opened it
    /// serves such a key.
    ///
    /// # Errors
    /// As [`Sitting::sign`].
    pub fn sign_at_once(
        &mut self,
        key: &Usable,
        signable: &Signable<'_>,
        what_for: &str,
    ) -> Result<Vec<u8>, KeysFault> {
        self.signed(key, signable, what_for, self.slot.opens_for_first())
    }
}

impl Sitting<'_, '_> {
    fn signed(
        &mut self,
        key: &Usable,
        signable: &Signable<'_>,
        what_for: &str,
        mut opened_for_it: bool,
    ) -> Result<Vec<u8>, KeysFault> {
        let token = self.slot.name().to_string();
        let prompt = said::pin_again_prompt(&token, what_for);
        let mut asks = key.on_token.always_authenticate == Some(true);
        let raw = loop {
            let has_pin = std::mem::take(&mut opened_for_it);
            let again = if asks && !has_pin { Some(self.entry(&prompt)?) } else { None };
            sentence(self.screen, 0, &touch::before(Touch::of(self.slot, &key.on_token, None)))?;
            match self.asked_to_sign(key, signable, again) {
                // The token did not say before that this key wants it.
                Err(TokenFault::NotLoggedIn { .. }) if !asks || has_pin => asks = true,
                Err(TokenFault::TouchMissed)
                    if touches_again(&mut Attention { person: &mut *self.person, screen: self.screen }) => {}
                other => break other?,
            }
        };
        key.scheme.as_in_metadata(raw).map_err(KeysFault::WrongSignature)
    }

    fn asked_to_sign(
        &mut self,
        key: &Usable,
        signable: &Signable<'_>,
        again: Option<Entry>,
    ) -> Result<Vec<u8>, TokenFault> {
        let touch = Touch::of(self.slot, &key.on_token, None);
        let Sitting { host, person, screen, .. } = self;
        let mut with = Attention { person: &mut **person, screen };
        host.sign(&key.on_token, key.scheme, signable, again, &mut waiting_for(touch, &mut with))
    }

    /// Lets the token make a key; she is asked before a slow one is given up.
    ///
    /// # Errors
    /// The token's fault. After an unknown outcome a key may be there.
    pub fn generate(&mut self, new: &NewKey) -> Result<TokenKey, KeysFault> {
        let Sitting { host, person, screen, .. } = self;
        let mut waiting = Attention { person: &mut **person, screen };
        Ok(host.generate(new.scheme, &new.label, &new.id, &mut waiting)?)
    }
}

/// Whether the phrase was typed. `no`, `stop` and three wrong answers are a no.
///
/// # Errors
/// That nobody can be asked, or that the screen is gone.
pub(in crate::desk) fn asked(
    person: &mut dyn Operator,
    screen: &mut Screen<'_>,
    to: &str,
    phrase: &str,
) -> Result<bool, KeysFault> {
    for _ in 0..3 {
        screen.together(&[to, wording::TO_STOP_TYPE])?;
        let typed = person.type_back(wording::ANSWER, phrase).map_err(|fault| match fault {
            OperatorFault::Stopped => KeysFault::Declined,
            other => other.into(),
        })?;
        screen.blank()?;
        if plain(&typed) == plain(phrase) {
            return Ok(true);
        }
        if ["no", "stop"].contains(&plain(&typed).as_str()) {
            return Ok(false);
        }
        screen.line(wording::NOT_THE_PHRASE)?;
    }
    Ok(false)
}

//! Which of the tokens that are in is meant, what is on it already, and whether a PIV card is ready for a key.

use super::words::Words;
use super::{Halt, Runner};
use crate::commands::module::{drivers, token_fault};
use crate::desk::in_words;
use crate::fault::Fault;
use crate::operator::clean::{identifier, quoted};
use crate::operator::wording::{self, guided as said};
use crate::report::NAME;
use crate::token::{Condition, Listing, Seen, SlotFacts, TokenUri};

/// Most keys of a token that are offered; the question stands on one page.
const OFFERED: usize = 12;

/// What is to become of a token.
pub(super) enum Wish {
    /// A new key is made on it.
    NewKey,
    /// The card is made of a key that is on it, which this URI names.
    CardOf(String),
    /// Something else first.
    Nothing,
}

/// Whether a PIV card has PIN, PUK and management key of its own.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Readiness {
    Ready,
    /// Something on it is still the factory's.
    AsItCame,
    /// Its firmware does not tell, or somebody else holds its management key.
    Perhaps,
}

impl Readiness {
    fn of(condition: &Condition) -> Readiness {
        let secrets = [condition.pin.is_factory, condition.puk.is_factory, condition.management.is_factory];
        if secrets.contains(&Some(true)) {
            Readiness::AsItCame
        } else if condition.tells && condition.management.is_ready() {
            Readiness::Ready
        } else {
            Readiness::Perhaps
        }
    }
}

impl Runner<'_> {
    /// One of the tokens that are in; none to go back.
    pub(super) fn which_token(&mut self) -> Result<Option<Seen>, Halt> {
        loop {
            let listing = match drivers(&self.module, None, false).map(|mut drivers| drivers.list()) {
                Ok(listing) => listing,
                Err(fault) => {
                    self.failed(&fault)?;
                    return Ok(None);
                }
            };
            self.tell_what_is_not_shown(&listing)?;
            let mut tokens = distinct(&listing);
            let mut choices: Vec<String> = tokens.iter().map(|seen| shown(seen)).collect();
            choices.push(said::LOOK_AGAIN.to_owned());
            choices.push(said::BACK.to_owned());
            let at = self.ask(said::WHICH_TOKEN, &choices)?;
            if at < tokens.len() {
                return Ok(Some(tokens.swap_remove(at).clone()));
            }
            if at > tokens.len() {
                return Ok(None);
            }
        }
    }

    /// A token that is missing from the list may be behind a module that failed, or held by some other program.
    fn tell_what_is_not_shown(&self, listing: &Listing) -> Result<(), Halt> {
        for silent in &listing.silent {
            let driver = identifier(&silent.driver, NAME);
            self.say(&said::not_shown(&wording::module_shows_nothing(&driver, &silent.fault.to_string())))?;
            self.say(token_fault(&silent.fault, &silent.chatter).advice())?;
        }
        match listing.held_in() {
            Some(reader) => self.say(&said::card_is_held(&quoted(&reader, NAME))),
            None => Ok(()),
        }
    }

    /// What is to be done with this token: whoever made her key at home has it on it already. A key that was made here for this
    /// name is the one that its card must be of, so nothing is offered in its place but a new one.
    pub(super) fn what_of(&mut self, slot: &SlotFacts, made_here: bool) -> Result<Wish, Halt> {
        let keys: Vec<_> = slot.keys.iter().filter(|key| key.public_key().is_some()).collect();
        if made_here || keys.is_empty() {
            return Ok(Wish::NewKey);
        }
        let keys = &keys[..keys.len().min(OFFERED)];
        let mut choices = vec![said::A_NEW_KEY.to_owned()];
        choices.extend(keys.iter().map(|key| said::card_of(&in_words(key))));
        choices.push(said::BACK.to_owned());
        Ok(match self.ask(said::KEYS_ARE_ON_IT, &choices)? {
            0 => Wish::NewKey,
            at => match keys.get(at - 1) {
                Some(key) => Wish::CardOf(TokenUri::naming(slot, Some(key)).to_string()),
                None => Wish::Nothing,
            },
        })
    }

    /// Whether this card can be used; one with something of the factory's is prepared first, for this key of the plan. One that does
    /// not tell is asked about where it is to make a key, which only a prepared card does.
    pub(super) fn readied(&mut self, seen: &Seen, key: &str, makes: bool) -> Result<bool, Halt> {
        if !seen.slot.is_card() {
            return Ok(true);
        }
        let readiness = match self.condition(seen) {
            Ok(condition) => Readiness::of(&condition),
            Err(fault) => return Ok(self.failed(&fault)?.is_done()),
        };
        let (about, choices) = match readiness {
            Readiness::Ready => return Ok(true),
            Readiness::Perhaps if !makes => return Ok(true),
            Readiness::AsItCame => (said::CARD_AS_IT_CAME, &[said::PREPARE_IT, said::BACK][..]),
            Readiness::Perhaps => {
                (said::CARD_PERHAPS_READY, &[said::PREPARE_IT, said::IT_IS_PREPARED, said::BACK][..])
            }
        };
        self.say(about)?;
        let choices: Vec<String> = choices.iter().map(|text| (*text).to_owned()).collect();
        match self.ask(said::PREPARE_THE_CARD, &choices)? {
            0 => {}
            at => return Ok(at + 1 < choices.len()),
        }
        let token = TokenUri::naming(&seen.slot, None).to_string();
        let words = Words::of(&["token", "prepare"])
            .option("--token", token)
            .option("--into", &self.access.folder)
            .option("--key", key)
            .module(&self.module);
        Ok(self.type_in(self.with_access(words))?.is_done())
    }

    /// How a card stands; no secret is sent.
    fn condition(&self, seen: &Seen) -> Result<Condition, Fault> {
        let mut drivers = drivers(&self.module, None, false)?;
        let asked = drivers.host_mut(&seen.driver).and_then(|host| host.condition(&seen.slot));
        asked.map_err(|fault| token_fault(&fault, &drivers.chatter()))
    }
}

/// Every token once, however many drivers show it.
fn distinct(listing: &Listing) -> Vec<&Seen> {
    let mut tokens: Vec<&Seen> = Vec::new();
    let made = |seen: &&Seen| seen.slot.token.as_ref().is_some_and(|token| token.initialized);
    for seen in listing.seen.iter().filter(made) {
        if !tokens.iter().any(|known| known.is_the_token_of(seen)) {
            tokens.push(seen);
        }
    }
    tokens
}

fn shown(seen: &Seen) -> String {
    let keys = seen.slot.keys.len() as u64;
    said::token(&seen.slot.name().to_string(), keys)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::{ManagementState, SecretState};

    #[test]
    fn a_card_is_ready_only_when_it_says_so_of_all_three() {
        let of = |pin: Option<bool>, puk, management, is_kept| {
            let secret = |is_factory| SecretState { left: Some(3), is_factory };
            Readiness::of(&Condition {
                firmware: "5.7.1".to_owned(),
                tells: pin.is_some(),
                makes_ed25519: true,
                pin: secret(pin),
                puk: secret(puk),
                certified: Vec::new(),
                management: ManagementState { cipher: "AES-192".to_owned(), is_factory: management, is_kept },
            })
        };
        let own = Some(false);
        assert!(of(own, own, own, true) == Readiness::Ready);
        for (pin, puk, management) in [(Some(true), own, own), (own, Some(true), own), (own, own, Some(true))]
        {
            assert!(of(pin, puk, management, true) == Readiness::AsItCame);
        }
        // Somebody else's management key, and firmware that tells nothing.
        assert!(of(own, own, own, false) == Readiness::Perhaps);
        assert!(of(None, None, None, true) == Readiness::Perhaps);
    }
}

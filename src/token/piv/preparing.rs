//! A card's PIN and PUK are changed: from the factory's to its holder's own, and the PIN by its PUK.
//!
//! Promises: each secret is sent once where it can be wrong (a PIN that the card has just taken opens it after that); what the card says of its tries is read again afterwards, and of two things that it tells
//! the worse one is believed; what was done before something went wrong is told. A card is never reset.
//!
//! Deliberately not done: asking whether the factory's PIN is right by sending it. Where the firmware tells, it is known before;
//! where it does not, a person said so.

use yubikey::{Error, YubiKey};

use super::faults::{fault, unsent};
use super::{Cards, Trouble, condition, guarded, leave, management, of_count};
use crate::pin::Pin;
use crate::token::condition::{Became, Condition, OwnPin, Preparation, Prepared, SecretState};
use crate::token::factory;
use crate::token::facts::TokenName;
use crate::token::fault::{Call, TokenFault};

/// Bytes of a PUK. The card would take fewer; eight leave nothing to guess.
const PUK_LENGTH: usize = 8;

impl Cards {
    /// PIN, then PUK, then management key.
    pub(in crate::token) fn prepare(
        &mut self,
        slot: u64,
        expected: &TokenName,
        preparation: Preparation,
    ) -> Result<Prepared, TokenFault> {
        fits(expected, preparation.pin.secret(), super::PIN_LENGTHS.0)?;
        preparation.puk.iter().try_for_each(|puk| fits(expected, puk, PUK_LENGTH))?;
        let (mut card, before) = self.found_as(slot, expected)?;
        let mut done = Prepared {
            pin: Became::Untouched,
            puk: Became::Untouched,
            management: Became::Untouched,
            stopped: None,
        };
        let mut work = Work { card: &mut card, name: expected, before: &before };
        if let Err(fault) = work.all(&preparation, &mut done) {
            if [done.pin, done.puk, done.management].iter().all(|became| *became != Became::New) {
                return Err(fault);
            }
            done.stopped = Some(fault);
        }
        // Dropped, which resets the card: no other program finds it open.
        Ok(done)
    }

    /// A new PIN by the PUK, and how the card stands then, if it tells: the PIN is new either way.
    pub(in crate::token) fn unblock(
        &mut self,
        slot: u64,
        expected: &TokenName,
        puk: Pin,
        new_pin: Pin,
    ) -> Result<Option<Condition>, TokenFault> {
        fits(expected, &new_pin, super::PIN_LENGTHS.0)?;
        // Whoever made it may have taken fewer.
        fits(expected, &puk, super::PIN_LENGTHS.0)?;
        let (mut card, before) = self.found_as(slot, expected)?;
        let mut work = Work { card: &mut card, name: expected, before: &before };
        work.puk_is_open()?;
        let sent = guarded(|| work.card.unblock_pin(puk.bytes(), new_pin.bytes()));
        drop((puk, new_pin));
        work.judged(sent, Secret::Puk, "PIN")?;
        Ok(guarded(|| condition::of(&mut card)).ok())
    }

    /// The card that was meant, and how it stands before anything is sent to it.
    fn found_as(&mut self, slot: u64, expected: &TokenName) -> Result<(YubiKey, Condition), TokenFault> {
        let mut card = self.found(slot, expected)?;
        match guarded(|| condition::of(&mut card)) {
            Ok(before) => Ok((card, before)),
            Err(trouble) => {
                leave(card);
                Err(trouble.told(Call::List))
            }
        }
    }
}

/// Nothing is sent that cannot be right.
fn fits(token: &TokenName, secret: &Pin, shortest: usize) -> Result<(), TokenFault> {
    let (min, max) = (shortest, super::PIN_LENGTHS.1);
    if (min..=max).contains(&secret.len()) {
        return Ok(());
    }
    Err(TokenFault::PinLength { token: token.clone(), min, max, sent: false })
}

/// What the card judged.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Secret {
    Pin,
    Puk,
}

struct Work<'c> {
    card: &'c mut YubiKey,
    name: &'c TokenName,
    before: &'c Condition,
}

impl Work<'_> {
    fn all(&mut self, preparation: &Preparation, done: &mut Prepared) -> Result<(), TokenFault> {
        if self.before.pin.is_locked() {
            return Err(TokenFault::PinLocked { token: self.name.clone(), sent: false });
        }
        let pin = preparation.pin.secret();
        if let OwnPin::New(pin) = &preparation.pin {
            self.still_factory(self.before.pin, "PIN")?;
            let sent = guarded(|| self.card.change_pin(factory::PIN, pin.bytes()));
            self.judged(sent, Secret::Pin, "PIN")?;
            done.pin = Became::New;
        }
        let sent = guarded(|| self.card.verify_pin(pin.bytes()));
        self.judged(sent, Secret::Pin, "PIN")?;
        if done.pin == Became::Untouched {
            done.pin = Became::Kept;
        }
        match &preparation.puk {
            Some(puk) => {
                self.puk_is_open()?;
                self.still_factory(self.before.puk, "PUK")?;
                let sent = guarded(|| self.card.change_puk(factory::PUK, puk.bytes()));
                self.judged(sent, Secret::Puk, "PUK")?;
                done.puk = Became::New;
                // Looking at the tries may have closed what the PIN opened.
                let sent = guarded(|| self.card.verify_pin(pin.bytes()));
                self.judged(sent, Secret::Pin, "PIN")?;
            }
            None => done.puk = Became::Kept,
        }
        let made = guarded(|| management::made_own(self.card, self.before.management.is_factory));
        done.management = made.map_err(|trouble| trouble.told(Call::Change))?;
        Ok(())
    }

    /// Where the card tells that it is another one, the factory's is not tried.
    fn still_factory(&self, state: SecretState, what: &str) -> Result<(), TokenFault> {
        if state.is_factory == Some(false) {
            return Err(TokenFault::NewSecretRefused { token: self.name.clone(), what: what.into() });
        }
        Ok(())
    }

    fn puk_is_open(&self) -> Result<(), TokenFault> {
        if self.before.puk.is_locked() {
            return Err(TokenFault::PukLocked { token: self.name.clone(), sent: false });
        }
        Ok(())
    }

    /// What the card's answer to a secret means. `new` is what it was to have.
    fn judged(&mut self, sent: Result<(), Trouble>, which: Secret, new: &str) -> Result<(), TokenFault> {
        let token = self.name.clone();
        let told = match sent {
            Ok(()) => return Ok(()),
            Err(Trouble::Card(Error::WrongPin { tries })) => tries,
            Err(Trouble::Card(Error::PinLocked)) => 0,
            // The one before was right, or nothing was judged at all: the tries tell.
            Err(Trouble::Card(Error::GenericError)) if self.is_unspent(which) => {
                return Err(TokenFault::NewSecretRefused { token, what: new.into() });
            }
            Err(Trouble::Card(error)) => {
                return Err(unsent(&error).unwrap_or_else(|| fault(error, Call::Change)));
            }
            Err(trouble) => return Err(trouble.told(Call::Change)),
        };
        let read = guarded(|| condition::of(self.card)).ok();
        let state = read.map(|read| if which == Secret::Pin { read.pin } else { read.puk });
        let left = state.and_then(|state| state.left).map_or(told, |left| left.min(told));
        match which {
            Secret::Pin => Err(TokenFault::PinIncorrect {
                token,
                before: of_count(self.before.pin.left.unwrap_or(0)),
                after: of_count(left),
            }),
            Secret::Puk if left == 0 => Err(TokenFault::PukLocked { token, sent: true }),
            Secret::Puk => Err(TokenFault::PukIncorrect { token, left: Some(left) }),
        }
    }

    fn is_unspent(&mut self, which: Secret) -> bool {
        let Ok(now) = guarded(|| condition::of(self.card)) else { return false };
        match which {
            Secret::Pin => now.pin.left == self.before.pin.left,
            Secret::Puk => now.puk.left.is_some() && now.puk.left == self.before.puk.left,
        }
    }
}

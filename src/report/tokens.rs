//! The tokens of a machine, before any PIN: each once, through however many modules it is seen; its keys, whose they are if
//! somebody says so, what its PIN is like, what is wrong and what to do.
//!
//! A key is told by its public half and a token by its serial, as everywhere (DESIGN 8). A token that hides its keys until it
//! is opened is recognised by the serial that a card names; that proves nothing, and it is said so.

mod page;
mod pin;
mod rows;
mod wrong;

use serde::Serialize;
use tuf_ceremony::key::Fingerprint;

pub use page::page;
pub use rows::Rows;

use super::Names;
use super::names::{NameSource, Named};
use crate::token::{Listing, Seen, SlotFacts, TokenKey};
use pin::PinState;
use wrong::Wrong;

/// What is said of keys by others than the tokens.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Whose key is whose.
    pub names: Names,
    /// The keys that are looked for, where a plan, a bundle or a folder was named.
    pub wanted: Option<Wanted>,
}

/// The keys that a ceremony needs.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// What says so, as a heading; cleaned.
    pub heading: String,
    /// They, in its order.
    pub keys: Vec<WantedKey>,
}

/// One of them.
#[derive(Debug, Clone)]
pub struct WantedKey {
    /// What it is called there.
    pub name: String,
    /// Its public half; none for one that is still to be made.
    pub fingerprint: Option<Fingerprint>,
    /// Its holders' full names, where they are told.
    pub holders: Vec<String>,
    /// Whether it cannot sign any more.
    pub lost: bool,
    /// The serial of the token that its card names.
    pub serial: Option<String>,
}

impl WantedKey {
    fn is_on(&self, slot: &SlotFacts) -> bool {
        self.fingerprint.is_some() && slot.keys.iter().any(|key| key.fingerprint() == self.fingerprint)
    }

    /// Whether its card names this token.
    fn is_carded_to(&self, slot: &SlotFacts) -> bool {
        slot.serial().is_some_and(|serial| self.serial.as_deref() == Some(serial))
    }
}

/// What is there.
pub struct Tokens<'l> {
    listing: &'l Listing,
    known: &'l Known,
    all: Vec<Token<'l>>,
    unset: Vec<Unset>,
}

/// A module that shows no token which is set up, and that is known to need variables which it was not given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unset {
    /// What it is called.
    pub driver: String,
    /// The variables.
    pub variables: Vec<&'static str>,
}

/// One token.
struct Token<'l> {
    /// Through the module that is used first; the others show the same one.
    seen: Vec<&'l Seen>,
    keys: Vec<Key<'l>>,
    wrong: Vec<Wrong>,
}

/// One key on it.
struct Key<'l> {
    on_token: &'l TokenKey,
    fingerprint: Option<Fingerprint>,
    named: Option<Named>,
    wanted: Option<&'l WantedKey>,
}

impl<'l> Tokens<'l> {
    /// What was listed, under what is known.
    #[must_use]
    pub fn of(listing: &'l Listing, known: &'l Known) -> Tokens<'l> {
        let mut all: Vec<Token<'l>> = Vec::new();
        for seen in &listing.seen {
            match all.iter_mut().find(|token| token.is_also(seen)) {
                Some(token) => token.seen.push(seen),
                None => all.push(Token { seen: vec![seen], keys: Vec::new(), wrong: Vec::new() }),
            }
        }
        for token in &mut all {
            token.keys = token.keys_of(known);
        }
        let wrong: Vec<Vec<Wrong>> = all.iter().map(|token| wrong::of(token, &all, known)).collect();
        for (token, wrong) in all.iter_mut().zip(wrong) {
            token.wrong = wrong;
        }
        Tokens { listing, known, all, unset: Vec::new() }
    }

    /// The same, with what modules were not given.
    #[must_use]
    pub fn lacking(self, unset: Vec<Unset>) -> Tokens<'l> {
        Tokens { unset, ..self }
    }

    /// The number on the screen of the token that holds this key.
    fn holding(&self, wanted: &WantedKey) -> Option<usize> {
        self.all.iter().position(|token| token.keys.iter().any(|key| is(key.wanted, wanted)))
    }
}

impl<'l> Token<'l> {
    /// The slot through the module that is used first.
    fn slot(&self) -> &'l SlotFacts {
        &self.seen[0].slot
    }

    /// Whether another module shows the same token. One module that shows a serial twice has two.
    fn is_also(&self, other: &Seen) -> bool {
        self.seen.iter().all(|seen| seen.driver != other.driver)
            && self.seen[0].slot.is_same_token(&other.slot)
    }

    /// Each key once, as the first module shows it that has it.
    fn keys_of(&self, known: &'l Known) -> Vec<Key<'l>> {
        let mut keys: Vec<Key<'l>> = Vec::new();
        for (at, seen) in self.seen.iter().enumerate() {
            for on_token in &seen.slot.keys {
                let fingerprint = on_token.fingerprint();
                let is_known = keys.iter().any(|key| key.fingerprint == fingerprint);
                // What has no fingerprint cannot be told from what another module shows.
                if at > 0 && (is_known || fingerprint.is_none()) {
                    continue;
                }
                let wanted = known.wanted.as_ref().and_then(|wanted| {
                    wanted.keys.iter().find(|key| fingerprint.is_some() && key.fingerprint == fingerprint)
                });
                keys.push(Key { on_token, fingerprint, named: named(known, fingerprint, wanted), wanted });
            }
        }
        keys
    }
}

/// Whose key it is: by the names, else as the ceremony's own list has it.
fn named(known: &Known, fingerprint: Option<Fingerprint>, wanted: Option<&WantedKey>) -> Option<Named> {
    fingerprint?;
    known.names.of(fingerprint, None).or_else(|| {
        let holders = wanted?.holders.clone();
        (!holders.is_empty()).then_some(Named { holders, source: NameSource::FileClaims })
    })
}

fn is(one: Option<&WantedKey>, other: &WantedKey) -> bool {
    one.is_some_and(|one| std::ptr::eq(one, other))
}

#[cfg(test)]
mod tests;

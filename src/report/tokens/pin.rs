//! What a token says of its PIN, in plain words and no more than it says: most tokens tell no number, and some tell nothing.

use super::Token;
use crate::operator::wording::tokens as said;
use crate::token::{PinTries, TokenFacts};

/// How the PIN of a token stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PinState {
    /// Nobody can ask: the token tells nothing of itself.
    Unreadable,
    /// The token was never set up.
    NoToken,
    /// It has no PIN yet.
    NeverSet,
    /// No PIN is accepted any more.
    Locked,
    /// It must be changed before it serves.
    ToBeChanged,
    /// One try is left.
    LastTry,
    /// So many are left.
    Left(u8),
    /// Some try failed; how many are left is not told.
    Failed,
    /// No failed try is told of.
    Untroubled,
    /// The token wants none.
    NotAsked,
}

impl PinState {
    /// Of a token; none where it tells nothing.
    pub(super) fn of(token: Option<&TokenFacts>) -> PinState {
        let Some(token) = token else { return Self::Unreadable };
        match token.tries {
            _ if !token.initialized => Self::NoToken,
            PinTries::Locked => Self::Locked,
            _ if !token.pin_initialized && token.login_required => Self::NeverSet,
            PinTries::Last => Self::LastTry,
            _ if token.pin_to_be_changed => Self::ToBeChanged,
            _ if !token.login_required => Self::NotAsked,
            PinTries::Low => Self::Failed,
            PinTries::Left(left) => Self::Left(left),
            PinTries::Unsaid => Self::Untroubled,
        }
    }

    /// Its word for scripts.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::NoToken => "not-set-up",
            Self::NeverSet => "never-set",
            Self::Locked => "locked",
            Self::ToBeChanged => "to-be-changed",
            Self::LastTry => "last-try",
            Self::Left(_) => "tries-left",
            Self::Failed => "failed-try",
            Self::Untroubled => "untroubled",
            Self::NotAsked => "not-asked",
        }
    }

    /// How many tries are left, where the token gives a number.
    pub(super) fn left(self) -> Option<u8> {
        match self {
            Self::Locked => Some(0),
            Self::LastTry => Some(1),
            Self::Left(left) => Some(left),
            _ => None,
        }
    }

    /// Its place in a table.
    pub(super) fn short(self, keypad: bool) -> String {
        let word = match self {
            Self::Unreadable => said::CELL_UNREADABLE,
            Self::NoToken | Self::NeverSet => said::CELL_NEVER_SET,
            Self::Locked => said::CELL_LOCKED,
            Self::ToBeChanged => said::CELL_TO_BE_CHANGED,
            Self::LastTry => said::CELL_LAST_TRY,
            Self::Left(left) => return said::tries_left(left),
            Self::Failed => said::CELL_FAILED,
            Self::Untroubled if keypad => said::CELL_KEYPAD,
            Self::Untroubled => said::CELL_UNTROUBLED,
            Self::NotAsked => said::CELL_NOT_ASKED,
        };
        word.to_owned()
    }
}

impl Token<'_> {
    /// The state of its PIN. Modules tell differently much of one card: the worst is believed, then a number.
    pub(super) fn pin(&self) -> PinState {
        let states = self.seen.iter().map(|seen| PinState::of(seen.slot.token.as_ref()));
        states.min_by_key(|state| gravity(*state)).unwrap_or(PinState::Unreadable)
    }

    /// The whole of it, in clauses.
    pub(super) fn pin_in_words(&self) -> String {
        let Some(token) = &self.slot().token else { return said::PIN_UNREADABLE.to_owned() };
        let mut clauses = match self.pin() {
            PinState::Unreadable => return said::PIN_UNREADABLE.to_owned(),
            PinState::NoToken | PinState::NeverSet => vec![said::PIN_NEVER_SET.to_owned()],
            PinState::Locked => vec![PinTries::Locked.to_string()],
            PinState::LastTry => vec![PinTries::Last.to_string()],
            PinState::Left(left) => vec![PinTries::Left(left).to_string()],
            PinState::Failed => vec![PinTries::Low.to_string()],
            PinState::NotAsked => vec![said::PIN_NOT_ASKED.to_owned()],
            PinState::Untroubled | PinState::ToBeChanged => vec![token.tries.to_string()],
        };
        if token.pin_to_be_changed {
            clauses.push(said::PIN_TO_BE_CHANGED.to_owned());
        }
        if self.seen.iter().any(|seen| seen.slot.token.as_ref().is_some_and(|told| told.keypad)) {
            clauses.push(said::PIN_ON_KEYPAD.to_owned());
        }
        clauses.join("; ")
    }
}

/// The smaller, the more it has to be known.
fn gravity(state: PinState) -> u8 {
    match state {
        PinState::Locked => 0,
        PinState::LastTry => 1,
        PinState::NoToken => 2,
        PinState::NeverSet => 3,
        PinState::ToBeChanged => 4,
        PinState::Left(_) => 5,
        PinState::Failed => 6,
        PinState::Untroubled => 7,
        PinState::NotAsked => 8,
        PinState::Unreadable => 9,
    }
}

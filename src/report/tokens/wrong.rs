//! What is wrong with a token, or worth knowing of it, each with one thing to do. What stops it from signing comes first.

use super::{Known, PinState, Token, WantedKey};
use crate::operator::clean::{identifier, quoted};
use crate::operator::wording::cards::PUK_IS_LOCKED;
use crate::operator::wording::tokens as said;
use crate::report::{CLAUSE, NAME};
use crate::token::{KeyKind, SignScheme};

/// One thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wrong {
    /// It tells neither label nor serial nor the state of its PIN.
    Unreadable { slot: u64, why: Option<String>, is_piv: bool },
    /// Its keys could not be read.
    KeysUnread { why: String },
    /// No PIN is accepted any more.
    Locked { is_piv: bool, is_lost: bool },
    /// It has no PIN yet.
    PinNeverSet,
    /// Its PIN must be changed first.
    PinToBeChanged { is_piv: bool },
    /// One try is left.
    LastTry,
    /// The ceremony's list says that this key cannot sign any more.
    LostKey { key: String },
    /// It was never set up.
    NotSetUp,
    /// It shows no key, and a card names its serial.
    Hidden { holders: String },
    /// It shows keys, and not the one of the card that names its serial.
    NotTheCards { key: String },
    /// It holds the key of a card that names another token.
    OtherThanTheCards { key: String },
    /// It shows no key.
    NoKey,
    /// An RSA key that is too short to count.
    ShortRsa { label: String, bits: usize },
    /// A kind of key with which no metadata is signed.
    CannotSign { label: String, kind: String },
    /// A PIV card signs 1,014 bytes with Ed25519.
    ShortMessages { label: String, most: usize },
    /// The same key is on another token, too.
    Twice { label: String, other: String },
    /// Another token has this serial.
    SameSerial,
    /// It holds none of the keys that are looked for.
    NoneWanted,
}

impl Wrong {
    /// Whether it stops the token from signing.
    pub(super) fn stops(&self) -> bool {
        matches!(
            self,
            Self::KeysUnread { .. }
                | Self::Locked { .. }
                | Self::PinNeverSet
                | Self::PinToBeChanged { .. }
                | Self::LostKey { .. }
        )
    }

    /// Whether somebody should look before the token is used.
    pub(super) fn matters(&self) -> bool {
        self.stops()
            || matches!(
                self,
                Self::Unreadable { .. }
                    | Self::LastTry
                    | Self::NotTheCards { .. }
                    | Self::OtherThanTheCards { .. }
                    | Self::Twice { .. }
                    | Self::SameSerial
            )
    }

    /// A word for scripts, a sentence, and one thing to do.
    pub(super) fn told(&self) -> (&'static str, String, String) {
        match self {
            Self::Unreadable { slot, why, is_piv } => {
                let why = why.as_deref().map(|why| quoted(why, CLAUSE));
                ("unreadable", said::unreadable(why.as_deref()), said::name_its_slot(*slot, *is_piv))
            }
            Self::KeysUnread { why } => {
                ("keys-unread", said::keys_unread(&quoted(why, CLAUSE)), said::TAKE_OUT_AND_IN.into())
            }
            Self::Locked { is_lost: true, .. } => {
                ("pin-locked", said::LOCKED_FOR_GOOD.into(), PUK_IS_LOCKED.into())
            }
            Self::Locked { is_piv, .. } => ("pin-locked", said::LOCKED.into(), said::unblock(*is_piv).into()),
            Self::PinNeverSet => ("pin-never-set", said::HAS_NO_PIN.into(), said::SET_A_PIN.into()),
            Self::PinToBeChanged { is_piv } => (
                "pin-to-be-changed",
                said::change_first(*is_piv).into(),
                said::change_the_pin(*is_piv).into(),
            ),
            Self::LastTry => ("last-try", said::LAST_TRY.into(), said::DO_NOT_GUESS.into()),
            Self::LostKey { key } => {
                ("key-lost", said::lost(&identifier(key, NAME)), said::DO_NOT_USE_IT.into())
            }
            Self::NotSetUp => ("not-set-up", said::NOT_SET_UP.into(), said::SET_IT_UP.into()),
            Self::Hidden { holders } => ("keys-hidden", said::hidden(holders), said::OPEN_IT.into()),
            Self::NotTheCards { key } => {
                ("not-the-cards-key", said::not_the_cards(&identifier(key, NAME)), said::ASK_WHICH_KEY.into())
            }
            Self::OtherThanTheCards { key } => {
                let says = said::other_than_the_cards(&identifier(key, NAME));
                ("not-the-cards-token", says, said::BRING_THE_CARDS_TOKEN.into())
            }
            Self::NoKey => ("no-key", said::NO_KEY.into(), said::MAKE_A_KEY.into()),
            Self::ShortRsa { label, bits } => {
                ("rsa-too-short", said::short_rsa(&quoted(label, NAME), *bits), said::MAKE_A_LONGER.into())
            }
            Self::CannotSign { label, kind } => {
                let says = said::cannot_sign(&quoted(label, NAME), &quoted(kind, NAME));
                ("cannot-sign", says, said::USE_ANOTHER_KEY.into())
            }
            Self::ShortMessages { label, most } => {
                ("short-messages", said::short_messages(&quoted(label, NAME), *most), said::TAKE_ECDSA.into())
            }
            Self::Twice { label, other } => {
                ("key-twice", said::twice(&quoted(label, NAME), other), said::NAME_BY_SERIAL.into())
            }
            Self::SameSerial => ("same-serial", said::SAME_SERIAL.into(), said::LEAVE_ONE_IN.into()),
            Self::NoneWanted => ("none-wanted", said::NONE_WANTED.into(), said::INSERT_ANOTHER.into()),
        }
    }
}

/// Everything, what stops first.
pub(super) fn of(token: &Token<'_>, all: &[Token<'_>], known: &Known) -> Vec<Wrong> {
    let slot = token.slot();
    let pin = token.pin();
    let is_piv = slot.is_piv();
    if pin == PinState::NoToken {
        return vec![Wrong::NotSetUp];
    }
    let mut found = Vec::new();
    match (&slot.token, &slot.trouble) {
        (None, why) => {
            let is_piv = is_piv || slot.is_card();
            found.push(Wrong::Unreadable { slot: slot.slot, why: why.clone(), is_piv });
        }
        (Some(_), Some(why)) => found.push(Wrong::KeysUnread { why: why.clone() }),
        (Some(_), None) => {}
    }
    found.extend(match pin {
        PinState::Locked => {
            let is_lost = slot.token.as_ref().is_some_and(|token| token.puk_locked);
            Some(Wrong::Locked { is_piv, is_lost })
        }
        PinState::NeverSet => Some(Wrong::PinNeverSet),
        PinState::LastTry => Some(Wrong::LastTry),
        PinState::ToBeChanged => Some(Wrong::PinToBeChanged { is_piv }),
        _ => None,
    });
    found.extend(keys(token, all));
    found.extend(wanted(token, known));
    if token.keys.iter().all(|key| key.on_token.kind == KeyKind::Attestation)
        && slot.trouble.is_none()
        && !found.iter().any(|w| matches!(w, Wrong::Hidden { .. }))
    {
        found.push(Wrong::NoKey);
    }
    if all.iter().any(|other| !std::ptr::eq(other, token) && other.slot().is_same_token(slot)) {
        found.push(Wrong::SameSerial);
    }
    // Stable: within a rank they stay in the order of looking.
    found.sort_by_key(|wrong| (!wrong.stops(), !wrong.matters()));
    found
}

fn keys(token: &Token<'_>, all: &[Token<'_>]) -> Vec<Wrong> {
    let mut found = Vec::new();
    for key in &token.keys {
        let label = key.on_token.label.clone();
        let scheme = SignScheme::of(&key.on_token.kind);
        match (&key.on_token.kind, key.fingerprint) {
            // It is there to attest the others, and said to be.
            (KeyKind::Attestation, _) => {}
            (KeyKind::Rsa { bits }, None) => {
                found.push(Wrong::ShortRsa { label: label.clone(), bits: *bits })
            }
            (kind, None) => {
                found.push(Wrong::CannotSign { label: label.clone(), kind: kind.to_string() });
            }
            _ => {}
        }
        if let Some(most) = scheme.and_then(|scheme| token.slot().most_of(scheme)) {
            found.push(Wrong::ShortMessages { label: label.clone(), most });
        }
        let is_it = |other: &&Token<'_>| {
            !std::ptr::eq(*other, token)
                && key.fingerprint.is_some()
                && other.keys.iter().any(|held| held.fingerprint == key.fingerprint)
        };
        if let Some(other) = all.iter().find(is_it) {
            let name = other.slot().name();
            let other = said::named(&quoted(&name.label, NAME), &identifier(&name.serial, NAME));
            found.push(Wrong::Twice { label, other });
        }
    }
    found
}

/// What the keys that are looked for say of it.
fn wanted(token: &Token<'_>, known: &Known) -> Vec<Wrong> {
    let (Some(wanted), slot) = (&known.wanted, token.slot()) else { return Vec::new() };
    let mut found = Vec::new();
    let here = |key: &WantedKey| token.seen.iter().any(|seen| key.is_on(&seen.slot));
    for key in &wanted.keys {
        match (here(key), key.is_carded_to(slot)) {
            (true, _) if key.lost => found.push(Wrong::LostKey { key: key.name.clone() }),
            (true, false) if key.serial.is_some() && slot.serial().is_some() => {
                found.push(Wrong::OtherThanTheCards { key: key.name.clone() });
            }
            (false, true) if token.keys.is_empty() => {
                let names: Vec<String> = key.holders.iter().map(|name| quoted(name, NAME)).collect();
                let whose = if names.is_empty() { identifier(&key.name, NAME) } else { names.join(", ") };
                found.push(Wrong::Hidden { holders: whose });
            }
            (false, true) => found.push(Wrong::NotTheCards { key: key.name.clone() }),
            _ => {}
        }
    }
    if !token.keys.is_empty() && !wanted.keys.iter().any(here) && found.is_empty() {
        found.push(Wrong::NoneWanted);
    }
    found
}

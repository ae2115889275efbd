//! Keys at the desk: a new one is made on a token, its card is signed by the key itself, and a token is tested before the
//! day. Each of these is a signing step like any other: what it is about is shown, consent is typed, the PIN is asked for,
//! and what comes back is verified by the engine before anything is kept.

pub mod card;
pub mod evidence;
mod fault;
pub mod file;
pub mod in_slot;
pub mod make;
pub mod ready;
pub(super) mod sitting;

pub use fault::KeysFault;
pub use sitting::Sitting;

use tuf_ceremony::key::PublicKey;

use super::in_words;
use crate::token::{Candidate, Showing, SignScheme, SlotFacts, TokenKey, TokenUri};

/// A key on a token that can stand in metadata and sign by a scheme of ours.
#[derive(Debug, Clone)]
pub struct Usable {
    /// As the token shows it.
    pub on_token: TokenKey,
    /// Its public half.
    pub public: PublicKey,
    /// How it signs.
    pub scheme: SignScheme,
    /// Whether the token showed it.
    pub showing: Showing,
}

impl Usable {
    /// This key, if it can be used.
    #[must_use]
    pub fn of(key: &TokenKey) -> Option<Usable> {
        let (public, scheme) = (key.public_key()?, SignScheme::of(&key.kind)?);
        Some(Usable { on_token: key.clone(), public, scheme, showing: Showing::Shown })
    }

    /// A key that a card alone names, on the token where it was found by that.
    #[must_use]
    pub fn named(at: &Candidate) -> Option<Usable> {
        Some(Usable { showing: at.showing, ..Usable::of(&at.key)? })
    }
}

/// The one usable key on a token that `wanted` and `is` fit. It is known by its public half; labels and ids only narrow.
///
/// # Errors
/// When there is none, or more than one; what is there is named. No PIN was involved.
pub fn the_key(
    slot: &SlotFacts,
    wanted: &TokenUri,
    is: impl Fn(&PublicKey) -> bool,
) -> Result<Usable, KeysFault> {
    let fitting = slot.keys.iter().filter(|key| wanted.fits_key(key)).filter_map(Usable::of);
    let mut found: Vec<Usable> = fitting.filter(|key| is(&key.public)).collect();
    match found.len() {
        1 => Ok(found.remove(0)),
        0 => Err(KeysFault::NoKey { present: slot.keys.iter().map(in_words).collect() }),
        _ => {
            Err(KeysFault::SeveralKeys { present: found.iter().map(|key| in_words(&key.on_token)).collect() })
        }
    }
}

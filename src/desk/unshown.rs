//! A key that its token does not show: found by the serial in its card, where no token shows any key that is wanted. One way for
//! all who ask a token for a signature: told as unproven before the PIN, proven by the open token or by the signature.

use tuf_ceremony::card::Card;
use tuf_ceremony::key::Fingerprint;
use tuf_ceremony::materials::Materials as _;

use super::in_words;
use super::signer::TokenSigner;
use super::table::Table;
use super::{DeskFault, short};
use crate::operator::clean::cell;
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::wording;
use crate::report::CLAUSE;
use crate::report::columns::sentence;
use crate::token::{Candidate, Instead, Listing, LoginFacts, Named, Opened, Seen, TokenKey, TokenUri};

/// The token has another key than the card says.
#[derive(Debug, thiserror::Error)]
pub enum UnshownFault {
    /// The token holds another key under the name that the card gives.
    #[error("the card names the key {key}, and the open token shows {found} in its place")]
    OtherKey {
        /// The card's key.
        key: Fingerprint,
        /// The key that is there.
        found: Fingerprint,
    },
    /// Before anything is asked the token shows another key than the card says, or none.
    #[error("the card names the key {key} on the token {token}, and there it shows {found}")]
    AnotherShown {
        /// The token.
        token: String,
        /// The card's key.
        key: Fingerprint,
        /// What is there, in words.
        found: String,
    },
}

/// The cards in a ceremony's folder whose keys are wanted.
pub(super) fn stored_cards(table: &Table, is_wanted: impl Fn(Fingerprint) -> bool) -> Vec<Card> {
    let materials = table.materials();
    let stored = table.state().cards().values();
    let read = stored.filter_map(|stored| Card::read(&materials.bytes(stored.sha256)?).ok());
    read.filter(|card| is_wanted(card.key().fingerprint())).collect()
}

/// The one token that one of these cards names by its serial.
///
/// # Errors
/// [`DeskFault::SeveralTokens`]; [`UnshownFault::AnotherShown`] where the token shows its keys, and this one is not among them: no
/// PIN is asked for what is seen to be wrong.
pub(super) fn recognise(
    cards: &[Card],
    listing: &Listing,
    wanted: &TokenUri,
) -> Result<Option<Candidate>, DeskFault> {
    let mut found: Vec<Candidate> = Vec::new();
    let mut other = None;
    for named in cards.iter().filter_map(named) {
        // One that shows the key was passed over by the name that was typed.
        for at in listing.named(wanted, &named).into_iter().filter(|at| !shows(at)) {
            match not_instead(at) {
                Ok(at) => found.push(at),
                Err(fault) => other = Some(fault),
            }
        }
    }
    found.dedup_by(|a, b| a.fingerprint == b.fingerprint && a.slot.name() == b.slot.name());
    match found.as_slice() {
        [] => other.map_or(Ok(None), |fault| Err(fault.into())),
        [first, rest @ ..] if rest.iter().all(|other| other.slot.name() == first.slot.name()) => {
            Ok(Some(first.clone()))
        }
        several => {
            let tokens = several.iter().map(|at| at.slot.name().to_string()).collect();
            Err(DeskFault::SeveralTokens { tokens })
        }
    }
}

/// The card's key on the token that was chosen, if the card names it and the token does not show it.
///
/// # Errors
/// [`UnshownFault::AnotherShown`].
pub fn on_token(card: &Card, seen: &Seen, wanted: &TokenUri) -> Result<Option<Candidate>, UnshownFault> {
    let at = named(card).and_then(|named| named.on(seen, wanted)).filter(|at| !shows(at));
    at.map(not_instead).transpose()
}

/// Whether the card names this token.
#[must_use]
pub fn means(card: &Card, seen: &Seen) -> bool {
    let token = card.token().and_then(|token| TokenUri::from_document(token).ok());
    token.is_some_and(|token| token.names_a_serial() && token.fits_slot(&seen.module, &seen.slot))
}

fn named(card: &Card) -> Option<Named> {
    card.token().and_then(|token| Named::of(card.key(), token))
}

fn shows(at: &Candidate) -> bool {
    at.slot.keys.iter().any(|key| key.fingerprint() == Some(at.fingerprint))
}

/// The token shows another key than the card says, or none.
fn not_instead(at: Candidate) -> Result<Candidate, UnshownFault> {
    let found = match at.instead() {
        None => return Ok(at),
        Some(Instead::Key(key)) => in_words(key),
        Some(Instead::Nothing) => wording::NO_KEY_THERE.to_owned(),
    };
    Err(UnshownFault::AnotherShown { token: at.slot.name().to_string(), key: at.fingerprint, found })
}

/// Says of each key that a card alone names that it is unproven.
pub(super) fn tell(signer: &dyn TokenSigner, screen: &mut Screen<'_>) -> Result<(), ScreenFault> {
    for key in signer.unproven() {
        unproven(&signer.name(), key, screen)?;
    }
    Ok(())
}

/// Says that a key is unproven.
pub(super) fn unproven(token: &str, key: Fingerprint, screen: &mut Screen<'_>) -> Result<(), ScreenFault> {
    sentence(screen, 0, &wording::unproven(&cell(token, CLAUSE), &short(&key.to_string())))?;
    screen.blank()
}

/// The key as the open token shows it, which is said; nothing where it shows neither it nor another in its place.
pub(super) fn proven<'f, F: From<UnshownFault> + From<ScreenFault>>(
    key: Fingerprint,
    hint: Option<&TokenKey>,
    opened: &'f LoginFacts,
    screen: &mut Screen<'_>,
) -> Result<Option<&'f TokenKey>, F> {
    match Opened::of(&opened.keys, key, hint) {
        Opened::Key(found) => {
            screen.line(wording::PROVEN_BY_TOKEN)?;
            Ok(Some(found))
        }
        Opened::Other(found) => Err(UnshownFault::OtherKey { key, found }.into()),
        Opened::Nothing => Ok(None),
    }
}

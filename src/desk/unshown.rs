//! Her key where its token does not show it: found by the serial in its card, where no token shows any key that waits for her.

use tuf_ceremony::card::Card;
use tuf_ceremony::materials::Materials as _;

use super::DeskFault;
use super::keys::in_words;
use super::seat::{Seat, Waiting};
use crate::operator::wording;
use crate::token::{Candidate, Instead, Listing, Named, TokenUri};

/// The one token that a card of hers names by its serial.
///
/// # Errors
/// [`DeskFault::SeveralTokens`]; [`DeskFault::AnotherShown`] where the token shows its keys, and hers is not among them: no PIN is
/// asked for what is seen to be wrong.
pub(super) fn recognise(
    seat: &Seat<'_>,
    keys: &[Waiting],
    listing: &Listing,
    wanted: &TokenUri,
) -> Result<Option<Candidate>, DeskFault> {
    let state = seat.table.state();
    let materials = seat.table.materials();
    let mut found: Vec<Candidate> = Vec::new();
    let mut other = None;
    for stored in state.cards().values() {
        let Some(Ok(card)) = materials.bytes(stored.sha256).map(|bytes| Card::read(&bytes)) else { continue };
        let waits = keys.iter().any(|w| w.hers && !w.done && w.key == card.key().fingerprint());
        if !waits {
            continue;
        }
        if let Some(named) = card.token().and_then(|token| Named::of(card.key(), token)) {
            // One that shows the key was passed over by the name that was typed.
            let shows =
                |at: &Candidate| at.slot.keys.iter().any(|key| key.fingerprint() == Some(at.fingerprint));
            for at in listing.named(wanted, &named).into_iter().filter(|at| !shows(at)) {
                match at.instead().map(|instead| another(&at, instead)) {
                    Some(fault) => other = Some(fault),
                    None => found.push(at),
                }
            }
        }
    }
    found.dedup_by(|a, b| a.fingerprint == b.fingerprint && a.slot.name() == b.slot.name());
    match found.as_slice() {
        [] => other.map_or(Ok(None), Err),
        [first, rest @ ..] if rest.iter().all(|other| other.slot.name() == first.slot.name()) => {
            Ok(Some(first.clone()))
        }
        several => {
            let tokens = several.iter().map(|at| at.slot.name().to_string()).collect();
            Err(DeskFault::SeveralTokens { tokens })
        }
    }
}

/// The token shows another key than the card says, or none.
fn another(at: &Candidate, instead: Instead<'_>) -> DeskFault {
    let found = match instead {
        Instead::Key(key) => in_words(key),
        Instead::Nothing => wording::NO_KEY_THERE.to_owned(),
    };
    DeskFault::AnotherShown { token: at.slot.name().to_string(), key: at.fingerprint, found }
}

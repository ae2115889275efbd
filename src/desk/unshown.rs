//! Her key where its token does not show it: found by the serial in its card, where no token shows any key that waits for her.

use tuf_ceremony::card::Card;
use tuf_ceremony::materials::Materials as _;

use super::DeskFault;
use super::seat::{Seat, Waiting};
use crate::token::{Candidate, Listing, Named, TokenUri};

/// The one token that a card of hers names by its serial.
///
/// # Errors
/// [`DeskFault::SeveralTokens`].
pub(super) fn recognise(
    seat: &Seat<'_>,
    keys: &[Waiting],
    listing: &Listing,
    wanted: &TokenUri,
) -> Result<Option<Candidate>, DeskFault> {
    let state = seat.table.state();
    let materials = seat.table.materials();
    let mut found: Vec<Candidate> = Vec::new();
    for stored in state.cards().values() {
        let Some(Ok(card)) = materials.bytes(stored.sha256).map(|bytes| Card::read(&bytes)) else { continue };
        let waits = keys.iter().any(|w| w.hers && !w.done && w.key == card.key().fingerprint());
        if !waits {
            continue;
        }
        if let Some(named) = card.token().and_then(|token| Named::of(card.key(), token)) {
            found.extend(listing.named(wanted, &named));
        }
    }
    found.dedup_by(|a, b| a.fingerprint == b.fingerprint && a.slot.name() == b.slot.name());
    match found.as_slice() {
        [] => Ok(None),
        [first, rest @ ..] if rest.iter().all(|other| other.slot.name() == first.slot.name()) => {
            Ok(Some(first.clone()))
        }
        several => {
            let tokens = several.iter().map(|at| at.slot.name().to_string()).collect();
            Err(DeskFault::SeveralTokens { tokens })
        }
    }
}

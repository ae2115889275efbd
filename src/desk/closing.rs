//! Countersigning: a key of the ceremony signs the head that stands on paper, after the close (MODEL 16). She sees the head,
//! consents in words that quote it, and the engine verifies what her token gives before it is stored.

use tuf_ceremony::close::Close;
use tuf_ceremony::key::PublicKey;
use tuf_ceremony::keyset::Authority;
use tuf_ceremony::plan::Countersign;
use tuf_ceremony::state::State;
use tuf_ceremony::transcript::event::{Countersigned, Event};

use super::ask::OpenToken;
use super::attention::Attention;
use super::seat::tokens_of;
use super::signer::{HeldKey, TokenSigner};
use super::table::Table;
use super::{DeskFault, plain, unshown};
use crate::fault::{Fault, Signed};
use crate::operator::clean::quoted;
use crate::operator::wording;
use crate::report::{self, NAME};
use crate::token::{Candidate, Listing, TokenUri};

/// What is countersigned, if the ceremony is closed, its plan asks for it, and a key of hers has not done so.
///
/// # Errors
/// Why nothing is.
pub fn to_countersign(state: &State, person: &str) -> Result<(Close, Vec<PublicKey>), Fault> {
    if state.plan().countersign == Countersign::None {
        return Err(Fault::refused(wording::NO_COUNTERSIGNING).now(wording::HEAD_ON_PAPER));
    }
    let Some(close) = state.close_document() else {
        return Err(Fault::refused(wording::NOT_CLOSED).now(wording::CLOSE_FIRST));
    };
    let mut keys: Vec<PublicKey> = Vec::new();
    for draft in state.drafts() {
        let members = draft.part().authorities().iter().flat_map(Authority::members);
        for key in members.filter_map(|member| member.key.as_ref().ok()) {
            let print = key.fingerprint();
            let done = state.countersignatures().iter().any(|before| before.key == print);
            let known = keys.iter().any(|known| known.fingerprint() == print);
            if state.holders(print).contains(person) && !done && !known {
                keys.push(key.clone());
            }
        }
    }
    if keys.is_empty() {
        return Err(Fault::refused(wording::NOTHING_TO_COUNTERSIGN).now(wording::HEAD_ON_PAPER));
    }
    Ok((close, keys))
}

/// The one token that holds a key of hers which is to countersign: told by its public half, or by the serial in its card where no
/// token shows any.
///
/// # Errors
/// When none or several do; what is wanted and what is there.
pub fn recognise(
    table: &Table,
    keys: &[PublicKey],
    listing: &Listing,
    wanted: &TokenUri,
) -> Result<Candidate, DeskFault> {
    let is_hers = |print| keys.iter().any(|key| key.fingerprint() == print);
    let there = listing.candidates(wanted);
    let found: Vec<&Candidate> = there.iter().filter(|at| is_hers(at.fingerprint)).collect();
    let tokens = tokens_of(&found);
    match (found.first(), tokens.len()) {
        // Any of her keys will do.
        (Some(at), 1) => return Ok((*at).clone()),
        (Some(_), _) => return Err(DeskFault::SeveralTokens { tokens }),
        (None, _) => {}
    }
    if let Some(named) = unshown::recognise(&unshown::stored_cards(table, is_hers), listing, wanted)? {
        return Ok(named);
    }
    let wanted = keys.iter().map(|key| key.fingerprint().to_string()).collect();
    let present = there.iter().map(|at| HeldKey::of(at).told()).collect();
    Err(DeskFault::NoneOfTheKeys { wanted, present })
}

/// Shows the head, asks, signs, verifies and stores.
///
/// # Errors
/// Whatever was stored before stays.
pub fn countersign(
    table: &mut Table,
    person: &str,
    (close, public): (&Close, &PublicKey),
    signer: &mut dyn TokenSigner,
    with: &mut Attention<'_, '_>,
) -> Result<(), DeskFault> {
    with.screen.heading(wording::ASKED_TO_COUNTERSIGN)?;
    with.screen.line(&quoted(&table.state().plan().title, NAME))?;
    report::digest(with.screen, close.head())?;
    with.screen.blank()?;
    unshown::tell(signer, with.screen)?;
    let phrase = wording::countersign_phrase(&close.head().to_string()[..8]);
    with.screen.together(&[&wording::to_sign_type(&phrase), wording::TO_STOP_TYPE])?;
    let typed = with.person.type_back(wording::ANSWER, &phrase)?;
    if plain(&typed) != plain(&phrase) {
        return Err(DeskFault::Declined);
    }
    let mut token = OpenToken { signer, opened: false, pins: None };
    token.tries(with)?;
    let sig = hex::encode(token.countersignature(close, public, with)?);
    let key = public.fingerprint();
    let event = Event::Countersigned(Countersigned { key, person: person.to_owned(), sig: sig.clone() });
    table
        .take(&event.into())
        .map_err(|fault| fault.with_signed(Signed::Unstored { signature: format!("{key} {sig}") }))?;
    Ok(())
}

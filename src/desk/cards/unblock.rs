//! A PIN is locked or forgotten: a new one by the PUK. The PUK's own tries are told before and after; before the last one
//! stopping comes first.

use super::{CardDesk, no_pin, not_its_puk, said};
use crate::desk::attention::Attention;
use crate::desk::keys::KeysFault;
use crate::report::columns::sentence;
use crate::token::{Condition, TokenFault};

/// Shows, asks, and lets the card take a new PIN. How it stood before, and how it stands then, if it tells.
///
/// # Errors
/// Before anything was sent, or with what the card said to the PUK.
pub fn unblock(desk: &mut CardDesk<'_, '_>) -> Result<(Condition, Option<Condition>), KeysFault> {
    let before = desk.looked_at(said::UNBLOCKED_BY_PUK)?;
    let token = desk.slot.name();
    if !before.pin.is_locked() {
        sentence(desk.screen, 0, said::PIN_IS_NOT_LOCKED)?;
    }
    match before.puk.left {
        Some(0) => return Err(TokenFault::PukLocked { token, sent: false }.into()),
        Some(1) => desk.last_try(said::LAST_PUK_TRY)?,
        Some(left) => sentence(desk.screen, 0, &said::puk_tries(left))?,
        None => sentence(desk.screen, 0, said::PUK_TRIES_UNTOLD)?,
    }
    let phrase = said::unblock_phrase(&desk.serial());
    desk.consent(&phrase)?;
    let prompt = said::puk_prompt(&token.to_string());
    let puk = desk.own_secret(&prompt, |puk| not_its_puk(puk, before.puk))?;
    desk.screen.line(said::DIGITS_ARE_SAFE)?;
    let new_pin = desk.new_secret(said::NEW_PIN, |pin| {
        no_pin(pin).or_else(|| pin.is_same_as(&puk).then_some(said::AS_THE_PIN))
    })?;
    desk.screen.line(said::LEAVE_IT_IN)?;
    let now = desk.undisturbed(|desk| {
        let CardDesk { host, slot, person, screen } = desk;
        host.unblock(slot, &puk, &new_pin, &mut Attention { person: &mut **person, screen })
    });
    Ok((before, now?))
}

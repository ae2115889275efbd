//! Where on a PIV card a new key is made: what the options and the URI say together.

use crate::cli::{PinWhen, SlotChoice, TouchWhen};
use crate::fault::Fault;
use crate::operator::wording::cards as said;
use crate::token::{InSlot, PinUse, SlotFacts, TokenUri, TouchUse};

/// The slot for signatures (SP 800-73-4 part 1, 3.1.3).
const FOR_SIGNATURES: u8 = 0x9c;

/// What was asked of a card; nothing for another token.
pub(super) fn asked(
    choice: &SlotChoice,
    wanted: &TokenUri,
    slot: &SlotFacts,
) -> Result<Option<InSlot>, Fault> {
    if !slot.is_card() {
        let is_given = choice.slot.is_some() || choice.pin_policy.is_some() || choice.touch_policy.is_some();
        return if is_given {
            Err(Fault::usage(said::FOR_CARDS).now(said::LEAVE_THEM_OUT))
        } else {
            Ok(None)
        };
    }
    let no_slot = || Fault::usage(said::NO_SLOT).now(said::SLOTS_ARE);
    let typed = choice.slot.as_deref().map(|text| TokenUri::slot_of(text).ok_or_else(no_slot)).transpose()?;
    let number = match (typed, wanted.slot()) {
        (Some(typed), Some(named)) if typed != named => return Err(no_slot()),
        (typed, named) => typed.or(named).unwrap_or(FOR_SIGNATURES),
    };
    Ok(Some(InSlot {
        slot: number,
        pin: match choice.pin_policy {
            None | Some(PinWhen::Always) => PinUse::Always,
            Some(PinWhen::Once) => PinUse::Once,
            Some(PinWhen::Never) => PinUse::Never,
        },
        touch: match choice.touch_policy {
            None | Some(TouchWhen::Always) => TouchUse::Always,
            Some(TouchWhen::Cached) => TouchUse::Cached,
            Some(TouchWhen::Never) => TouchUse::Never,
        },
        over: false,
    }))
}

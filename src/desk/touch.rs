//! A key that waits for a touch: it is said before, the seconds are counted down while it waits, and a touch that did not come
//! can be made up for.

use std::time::Duration;

use tuf_ceremony::card::Card;
use tuf_ceremony::document::View;

use super::attention::Attention;
use super::plain;
use crate::operator::wording::{self, cards as said};
use crate::token::{Call, Patience, SlotFacts, TokenKey};

/// How long PIV cards wait for a touch before they refuse (Yubico's PIV, all firmware).
const TOUCH: Duration = Duration::from_secs(15);

/// Between two sentences while it waits, in seconds.
const SAID_EVERY: u64 = 5;

/// What is known of a key's wish for a touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Touch {
    /// It waits for one before it signs.
    Wanted,
    /// It is on a card, and nothing tells.
    Untold,
    /// It waits for none, as far as anybody knows.
    Unknown,
}

impl Touch {
    /// Of a key in this slot. `carded` is what its key card says, which counts where the token itself does not tell.
    #[must_use]
    pub fn of(slot: &SlotFacts, key: &TokenKey, carded: Option<bool>) -> Touch {
        match key.touch.or(carded) {
            Some(true) => Touch::Wanted,
            None if slot.is_card() => Touch::Untold,
            _ => Touch::Unknown,
        }
    }
}

/// Whether a key card says that its key waits for a touch: the word that the PIV card gave when it was made.
pub(super) fn carded(card: &Card) -> Option<bool> {
    let told = card.evidence()?.document().root().object()?.member("piv").and_then(View::object)?;
    Some(told.member("touch-policy").and_then(View::string)? != "never")
}

/// The person and her screen while one key is asked to sign.
pub(super) struct Waiting<'w, 'a, 's> {
    with: &'w mut Attention<'a, 's>,
    wants_touch: bool,
    /// How long the answer was waited for at most when this was first said, about a second after the question.
    first: Option<Duration>,
    /// What was said last, in seconds.
    said: u64,
}

/// Tells what is waited for when this key is asked to sign.
pub(super) fn waiting_for<'w, 'a, 's>(touch: Touch, with: &'w mut Attention<'a, 's>) -> Waiting<'w, 'a, 's> {
    Waiting { with, wants_touch: touch == Touch::Wanted, first: None, said: TOUCH.as_secs() }
}

/// What is said right before a key is asked to sign.
pub(super) fn before(touch: Touch) -> String {
    match touch {
        Touch::Wanted => said::touch_now(TOUCH.as_secs()),
        Touch::Untold => said::may_wait_for_touch(TOUCH.as_secs()),
        Touch::Unknown => wording::WAIT_FOR_TOKEN.to_owned(),
    }
}

impl Patience for Waiting<'_, '_, '_> {
    fn waiting(&mut self, call: Call, left: Duration) {
        if !self.wants_touch {
            return self.with.waiting(call, left);
        }
        let first = *self.first.get_or_insert(left);
        let gone = Duration::from_secs(1) + first.saturating_sub(left);
        let left = TOUCH.saturating_sub(gone).as_secs();
        if left > 0 && left + SAID_EVERY <= self.said {
            self.said = left;
            // A screen that is gone is noticed where it matters; the card is not let go for it.
            let _ = self.with.screen.line(&said::seconds_to_touch(left));
        }
    }

    fn overdue(&mut self, call: Call, waited: Duration) -> bool {
        self.with.overdue(call, waited)
    }
}

/// Whether she wants to touch the token after all, when it waited in vain. It signed nothing, and no PIN try was used.
pub(super) fn touches_again(with: &mut Attention<'_, '_>) -> bool {
    let told = with.screen.together(&[said::TOUCH_MISSED, said::TO_TOUCH_AGAIN_TYPE, wording::TO_STOP_TYPE]);
    if told.is_err() {
        return false;
    }
    let typed = with.person.type_back(wording::ANSWER, said::TOUCH_AGAIN);
    typed.is_ok_and(|typed| plain(&typed) == said::TOUCH_AGAIN)
}

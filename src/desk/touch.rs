//! A key that waits for a touch: it is said before, the seconds are counted down while it waits, and a touch that did not come
//! can be made up for.

use std::time::Duration;

use super::plain;
use super::signer::Attention;
use crate::operator::wording::{self, cards as said};
use crate::token::{Call, Patience, TokenKey};

/// How long PIV cards wait for a touch before they refuse (Yubico's PIV, all firmware).
const TOUCH: Duration = Duration::from_secs(15);

/// Between two sentences while it waits, in seconds.
const SAID_EVERY: u64 = 5;

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
pub(super) fn waiting_for<'w, 'a, 's>(
    key: &TokenKey,
    with: &'w mut Attention<'a, 's>,
) -> Waiting<'w, 'a, 's> {
    Waiting { with, wants_touch: key.touch == Some(true), first: None, said: TOUCH.as_secs() }
}

/// What is said right before a key is asked to sign.
pub(super) fn before(wants_touch: bool) -> String {
    if wants_touch { said::touch_now(TOUCH.as_secs()) } else { wording::WAIT_FOR_TOKEN.to_owned() }
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

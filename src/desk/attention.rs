//! The person and her screen while a token works: she is told how long it is waited for, and asked before it is given up.

use std::time::Duration;

use super::plain;
use crate::operator::screen::Screen;
use crate::operator::{Operator, wording};
use crate::token::{Call, Patience};

/// The person and her screen, while a token is waited for.
pub struct Attention<'a, 's> {
    /// Whoever answers.
    pub person: &'a mut dyn Operator,
    /// Where she reads.
    pub screen: &'a mut Screen<'s>,
}

/// Between two sentences while a token is waited for, in seconds.
const SAID_EVERY: u64 = 10;

impl Patience for Attention<'_, '_> {
    fn waiting(&mut self, _: Call, left: Duration) {
        if left.as_secs().is_multiple_of(SAID_EVERY) {
            // A screen that is gone is noticed where it matters; the token is not let go for it.
            let _ = self.screen.line(&wording::seconds_left(left.as_secs()));
        }
    }

    fn overdue(&mut self, _: Call, waited: Duration) -> bool {
        let told = self.screen.line(&wording::overdue(waited.as_secs()));
        if told.and_then(|()| self.screen.line(&wording::to_wait_type())).is_err() {
            return false;
        }
        let typed = self.person.type_back(wording::ANSWER, wording::WAIT);
        typed.is_ok_and(|typed| plain(&typed) == wording::WAIT)
    }
}

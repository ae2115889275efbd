//! How long an answer is waited for, and who is asked when it does not come.
//!
//! A module is never ended behind the back of the person whose finger is on the token: at a login, a signature and a key's
//! generation she is asked first (MODEL 23). The desk is between them, so here is only the port.

use std::time::{Duration, Instant};

use super::fault::Call;

/// Before this nothing is said: most answers come at once.
const QUIET: Duration = Duration::from_secs(1);

/// What happens while a token is waited for. The desk carries it to the operator; the token never sees one.
pub trait Patience {
    /// Each second past the first: so many whole seconds until the deadline. None is left out, whatever else the machine did.
    fn waiting(&mut self, call: Call, left: Duration);

    /// The deadline is over. `true` waits once more as long, `false` ends the module's process.
    fn overdue(&mut self, call: Call, waited: Duration) -> bool;
}

/// Ends the module at the deadline and says nothing: for questions that change nothing, and where nobody is to be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Impatient;

impl Patience for Impatient {
    fn waiting(&mut self, _: Call, _: Duration) {}

    fn overdue(&mut self, _: Call, _: Duration) -> bool {
        false
    }
}

/// One answer that is waited for.
pub(super) struct Wait<'p> {
    call: Call,
    once: Duration,
    begun: Instant,
    until: Instant,
    /// Nothing is said before.
    loud: Instant,
    /// The second that was reached last.
    told: u64,
    patience: &'p mut dyn Patience,
}

impl<'p> Wait<'p> {
    pub(super) fn begin(call: Call, once: Duration, patience: &'p mut dyn Patience) -> Self {
        let begun = Instant::now();
        Self { call, once, begun, until: begun + once, loud: begun + QUIET, told: reached(once), patience }
    }

    pub(super) fn call(&self) -> Call {
        self.call
    }

    /// Time until the deadline; says that it is waited for.
    pub(super) fn left(&mut self) -> Duration {
        let now = Instant::now();
        let left = self.until.saturating_duration_since(now);
        if !left.is_zero() && reached(left) < self.told {
            if now >= self.loud {
                for second in (reached(left)..self.told).rev() {
                    self.patience.waiting(self.call, Duration::from_secs(second));
                }
            }
            self.told = reached(left);
        }
        left
    }

    /// Asks whether to wait once more, which only means anything for what leaves a trace.
    pub(super) fn goes_on(&mut self) -> bool {
        let goes_on = self.call.leaves_a_trace() && self.patience.overdue(self.call, self.until - self.begun);
        if goes_on {
            let now = Instant::now();
            (self.until, self.loud, self.told) = (now + self.once, now + QUIET, reached(self.once));
        }
        goes_on
    }

    /// Seconds from the question to the last deadline.
    pub(super) fn seconds(&self) -> u64 {
        (self.until - self.begun).as_secs()
    }
}

/// The last whole second until the deadline that came.
fn reached(left: Duration) -> u64 {
    left.as_secs() + u64::from(left.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Heard(Vec<u64>);

    impl Patience for Heard {
        fn waiting(&mut self, _: Call, left: Duration) {
            self.0.push(left.as_secs());
        }

        fn overdue(&mut self, _: Call, _: Duration) -> bool {
            true
        }
    }

    #[test]
    fn seconds_that_a_busy_machine_slept_through_are_counted_all_the_same() {
        let mut heard = Heard::default();
        let mut wait = Wait::begin(Call::Sign, Duration::from_secs(3600), &mut heard);
        wait.left();
        // As if six seconds had passed.
        wait.until -= Duration::from_secs(6);
        wait.loud = wait.begun;
        wait.left();
        wait.left();
        // And as many more as this machine sleeps right now.
        assert_eq!(heard.0[..6], [3599, 3598, 3597, 3596, 3595, 3594]);
        assert!(heard.0.windows(2).all(|pair| pair[0] == pair[1] + 1), "{:?}", heard.0);
    }

    #[test]
    fn nothing_is_said_of_the_first_second_nor_of_one_that_has_passed_whole() {
        let mut heard = Heard::default();
        let mut wait = Wait::begin(Call::Sign, Duration::from_secs(3600), &mut heard);
        wait.loud += Duration::from_secs(3600);
        wait.until -= Duration::from_secs(3);
        wait.left();
        wait.until = wait.begun;
        assert!(wait.left().is_zero() && wait.goes_on());
        assert_eq!(wait.told, 3600, "it is counted anew");
        assert_eq!(heard.0, [0; 0]);
    }
}

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
    /// About once a second, past the first: so long until the deadline.
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
    told: Instant,
    patience: &'p mut dyn Patience,
}

impl<'p> Wait<'p> {
    pub(super) fn begin(call: Call, once: Duration, patience: &'p mut dyn Patience) -> Self {
        let begun = Instant::now();
        Self { call, once, begun, until: begun + once, told: begun, patience }
    }

    pub(super) fn call(&self) -> Call {
        self.call
    }

    /// Time until the deadline; says that it is waited for.
    pub(super) fn left(&mut self) -> Duration {
        let now = Instant::now();
        let left = self.until.saturating_duration_since(now);
        if !left.is_zero() && now.saturating_duration_since(self.told) >= QUIET {
            self.told = now;
            self.patience.waiting(self.call, left);
        }
        left
    }

    /// Asks whether to wait once more, which only means anything for what leaves a trace.
    pub(super) fn goes_on(&mut self) -> bool {
        let goes_on = self.call.leaves_a_trace() && self.patience.overdue(self.call, self.until - self.begun);
        if goes_on {
            self.told = Instant::now();
            self.until = self.told + self.once;
        }
        goes_on
    }

    /// Seconds from the question to the last deadline.
    pub(super) fn seconds(&self) -> u64 {
        (self.until - self.begun).as_secs()
    }
}

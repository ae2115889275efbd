//! What a test holds in its hand while the card works: rules, the finger on the contact, and whether the card is in the
//! reader. Also what the card was asked so far.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::rules::{Fault, Instruction, Rule};

/// How long a touch that was given holds for a slot with [`crate::TouchPolicy::Cached`].
const CACHED: Duration = Duration::from_secs(15);

/// What the finger does when the card waits for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Touch {
    /// It touches at once.
    Immediately,
    /// It touches when the card has waited for this long.
    After(Duration),
    /// It does not touch, until a test says otherwise.
    Never,
}

/// The card is not in the reader (any more).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Gone;

pub(crate) struct Controls {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    rules: Vec<Rule>,
    rules_file: Option<PathBuf>,
    counts: BTreeMap<Instruction, u32>,
    log: Vec<Instruction>,
    touch: Touch,
    patience: Duration,
    touched: Option<Instant>,
    waiting: bool,
    inserted: bool,
    /// How often the card left the reader, so that a short absence is noticed too.
    departures: u32,
    left: Option<Instant>,
}

impl Controls {
    pub(crate) fn new() -> Self {
        let state = State {
            rules: Vec::new(),
            rules_file: None,
            counts: BTreeMap::new(),
            log: Vec::new(),
            touch: Touch::Immediately,
            patience: Duration::from_secs(15),
            touched: None,
            waiting: false,
            inserted: true,
            departures: 0,
            left: None,
        };
        Self { state: Mutex::new(state), changed: Condvar::new() }
    }

    /// Writes the command down, counts it, and says which fault it has.
    pub(crate) fn meet(&self, instruction: Instruction) -> Option<Fault> {
        let mut state = self.state();
        state.log.push(instruction);
        let count = state.counts.entry(instruction).or_insert(0);
        *count += 1;
        let count = *count;
        if let Some(file) = &state.rules_file {
            let text = std::fs::read_to_string(file).expect("the rules can be read");
            state.rules = Rule::parse_all(&text).expect("each line is a rule");
        }
        state.rules.iter().find(|rule| rule.applies(instruction, count)).map(|rule| rule.fault)
    }

    /// Replaces the rules; the counts begin anew.
    pub(crate) fn obey(&self, rules: Vec<Rule>) {
        self.change(|state| {
            state.rules = rules;
            state.counts.clear();
        });
    }

    pub(crate) fn obey_file(&self, file: PathBuf) {
        self.change(|state| state.rules_file = Some(file));
    }

    pub(crate) fn set_touch(&self, touch: Touch) {
        self.change(|state| state.touch = touch);
    }

    pub(crate) fn set_patience(&self, patience: Duration) {
        self.change(|state| state.patience = patience);
    }

    pub(crate) fn log(&self) -> Vec<Instruction> {
        self.state().log.clone()
    }

    pub(crate) fn is_inserted(&self) -> bool {
        self.state().inserted
    }

    /// The card leaves the reader, or comes back.
    pub(crate) fn set_inserted(&self, inserted: bool) {
        self.change(|state| {
            if state.inserted && !inserted {
                state.departures += 1;
                state.left = Some(Instant::now());
                state.touched = None;
            }
            state.inserted = inserted;
        });
    }

    /// When the card left the reader last.
    pub(crate) fn left(&self) -> Option<Instant> {
        self.state().left
    }

    /// Lets time pass; a card that leaves meanwhile ends it.
    pub(crate) fn pass(&self, time: Duration) -> Result<(), Gone> {
        let state = self.state();
        let departures = state.departures;
        let until = Instant::now() + time;
        self.wait(state, until, |state| state.departures != departures).map_or(Ok(()), |_| Err(Gone))
    }

    /// Waits for a touch, as long as the card has patience. True when it came.
    pub(crate) fn await_touch(&self, cached_counts: bool) -> Result<bool, Gone> {
        let mut state = self.state();
        if cached_counts && state.touched.is_some_and(|touched| touched.elapsed() < CACHED) {
            return Ok(true);
        }
        state.waiting = true;
        self.changed.notify_all();
        let (begun, departures) = (Instant::now(), state.departures);
        let limit = begun + state.patience;
        loop {
            let due = match state.touch {
                Touch::Immediately => begun,
                Touch::After(time) => begun + time,
                Touch::Never => limit + Duration::from_secs(1),
            };
            let now = Instant::now();
            if state.departures != departures {
                state.waiting = false;
                return Err(Gone);
            }
            if now >= due.min(limit) {
                state.waiting = false;
                if due <= limit {
                    state.touched = Some(now);
                }
                return Ok(due <= limit);
            }
            let wait = self.changed.wait_timeout(state, due.min(limit) - now);
            state = wait.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Whether the card waits for a touch before the time is up.
    pub(crate) fn waits_for_touch_within(&self, time: Duration) -> bool {
        let until = Instant::now() + time;
        self.wait(self.state(), until, |state| state.waiting).is_some()
    }

    /// Sleeps until the card is in the reader or the time is up.
    pub(crate) fn inserted_within(&self, time: Duration) -> bool {
        self.wait(self.state(), Instant::now() + time, |state| state.inserted).is_some()
    }

    fn wait<'a>(
        &'a self,
        mut state: MutexGuard<'a, State>,
        until: Instant,
        done: impl Fn(&State) -> bool,
    ) -> Option<MutexGuard<'a, State>> {
        loop {
            if done(&state) {
                return Some(state);
            }
            let left = until.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())?;
            state = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state());
        self.changed.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

//! What was signed since the folder was opened here, by its lines: the last sentence of a session says it, whatever ended it.

use tuf_ceremony::transcript::Transcript;
use tuf_ceremony::transcript::event::{Event, Failure};

use super::Runner;
use crate::fault::{Fault, Signed};
use crate::operator::clean::quoted_path;

/// How many signatures the lines of this machine tell of.
#[derive(Clone, Copy, Default)]
struct Count {
    signed: u64,
    /// Tokens that were asked and of which nobody knows whether they signed.
    doubtful: u64,
}

/// When the folder was first seen here, and now.
#[derive(Clone, Copy, Default)]
pub(super) struct Counts {
    first: Option<Count>,
    now: Count,
}

impl Count {
    fn of(lines: &Transcript) -> Count {
        let of = |wanted: fn(&Event) -> bool| {
            lines.entries().iter().filter(|entry| wanted(&entry.event)).count() as u64
        };
        let begun = of(|event| matches!(event, Event::SigningBegun(_)));
        let signed = of(|event| matches!(event, Event::SignatureAdmitted(_)));
        let not =
            of(|event| matches!(event, Event::SigningFailed(failed) if failed.outcome == Failure::NotSigned));
        Count { signed, doubtful: begun.saturating_sub(signed + not) }
    }
}

impl Counts {
    /// The lines as they were just seen.
    pub(super) fn see(&mut self, lines: &Transcript) {
        self.now = Count::of(lines);
        self.first.get_or_insert(self.now);
    }
}

impl Runner<'_> {
    /// The same fault with what was signed in this session; a fault that says something of its own keeps that.
    pub(super) fn having_signed(&self, fault: Fault) -> Fault {
        let Counts { first: Some(first), now } = self.counts else { return fault };
        if *fault.signed() != Signed::Nothing {
            return fault;
        }
        let place = quoted_path(&self.access.folder);
        match (now.doubtful > first.doubtful, now.signed.saturating_sub(first.signed)) {
            (true, _) => fault.with_signed(Signed::Unknown),
            (false, 0) => fault.with_signed(Signed::NothingNew),
            (false, signatures) => fault.with_signed(Signed::Stored { signatures, place }),
        }
    }
}

//! Lines that somebody else wrote: between two steps the folder is not locked, and whoever decides next has to know of them.

use tuf_ceremony::limits::TRANSCRIPT;
use tuf_ceremony::places;
use tuf_ceremony::state::State;
use tuf_ceremony::transcript::Transcript;
use tuf_ceremony::transcript::event::Event;

use super::offers::named;
use super::{Halt, Known, Runner};
use crate::files;
use crate::operator::wording::guided as said;
use crate::report::columns::sentence;

/// As many lines as are told one by one; the last ones weigh most.
const TOLD: usize = 8;

impl Runner<'_> {
    /// Follows the lines that a step of ours added, so that the next one is not told of them.
    pub(super) fn follow(&mut self) {
        let Some(known) = self.known else { return };
        let Ok(text) =
            files::read_capped(&self.access.folder.join(places::TRANSCRIPT), TRANSCRIPT.most as u64)
        else {
            return;
        };
        let lines = Transcript::read_as_far(&text).whole;
        if lines.head_after(known.lines) == Some(known.head) {
            self.counts.see(&lines);
            self.known = Some(Known { lines: lines.count(), head: lines.head() });
        }
    }

    /// Tells what stands between the lines that were known and those that are there, before the next question. Lines of our own
    /// steps were followed, so these are nobody's here.
    pub(super) fn tell_others(&self, state: &State, known: u64, now: u64) -> Result<(), Halt> {
        if now <= known {
            return Ok(());
        }
        let entries = state.transcript().entries().iter();
        let new: Vec<_> = entries.filter(|entry| entry.n > known && entry.n <= now).collect();
        let left_out = new.len().saturating_sub(TOLD);
        let told = new.iter().skip(left_out);
        let lines = told.map(|entry| {
            let by = person_of(&entry.event).map(|who| named(state.plan(), who));
            said::others_line(entry.n, entry.event.name(), by.as_deref())
        });
        let lines: Vec<String> = lines.collect();
        self.one_page(lines.len() + 4)?;
        let mut screen = self.screen();
        screen.blank()?;
        sentence(&mut screen, 0, &said::others_wrote(now - known, left_out as u64))?;
        Ok(lines.iter().try_for_each(|line| sentence(&mut screen, 2, line))?)
    }
}

/// Whoever says or does what a line tells; a line that only a program explains has nobody.
fn person_of(event: &Event) -> Option<&str> {
    Some(match event {
        Event::DateStated(stated) => &stated.by,
        Event::PersonPresent(came) => &came.person,
        Event::PersonLeft(left) => &left.person,
        Event::ExceptionGranted(granted) => &granted.person,
        Event::Consented(consented) => &consented.person,
        Event::Declined(declined) => &declined.person,
        Event::SigningBegun(begun) => &begun.person,
        Event::TokenLocked(locked) => &locked.person,
        Event::IncidentNoted(note)
        | Event::Remarked(note)
        | Event::BreakBegan(note)
        | Event::Aborted(note) => &note.by,
        Event::BreakEnded(ended) => &ended.by,
        Event::MachineChanged(changed) => &changed.by,
        Event::Replanned(replanned) => &replanned.by,
        Event::Closed(closed) => &closed.by,
        Event::Countersigned(countersigned) => &countersigned.person,
        Event::Addendum(addendum) => &addendum.by,
        Event::Opened(_)
        | Event::Sealed(_)
        | Event::TokenPrepared(_)
        | Event::KeyGenerated(_)
        | Event::CardCompared(_)
        | Event::TokenSeen(_)
        | Event::SignatureAdmitted(_)
        | Event::SigningFailed(_)
        | Event::BundleExported(_)
        | Event::BundleImported(_)
        | Event::Finalized(_)
        | Event::SetAside(_)
        | Event::DevicesChanged(_) => return None,
    })
}

//! Final files, and the close.

use std::collections::BTreeSet;

use tuf_ceremony::state::State;

use super::offers::{is_complete, lost, named};
use super::words::Words;
use super::{Halt, Runner};
use crate::operator::wording::guided as said;
use crate::report;

/// Whoever could still sign a draft that is complete without her.
fn could_still_sign(state: &State) -> BTreeSet<&str> {
    let complete = state.drafts().filter(|draft| draft.final_file().is_none() && is_complete(draft));
    let lost = lost(state);
    let waiting = complete.flat_map(|draft| draft.part().tallies()).flat_map(|tally| tally.waiting);
    let waiting = waiting.filter(|voice| !lost.contains(&voice.key));
    let declined = |person: &&str| {
        state
            .drafts()
            .any(|draft| matches!(draft.decision(person), Some(tuf_ceremony::state::Decision::Declined(_))))
    };
    waiting.flat_map(|voice| state.holders(voice.key)).filter(|person| !declined(person)).collect()
}

impl Runner<'_> {
    /// Writes the final files, unless people would rather wait for more signatures.
    pub(super) fn finalize(&mut self) -> Result<(), Halt> {
        let glance = self.look()?;
        let state = glance.state();
        let more: Vec<String> =
            could_still_sign(state).into_iter().map(|who| named(state.plan(), who)).collect();
        if !more.is_empty() {
            self.say(&said::could_still_sign(&more.join(", "), more.len()))?;
            let answers = [said::WRITE_NOW, said::WAIT_FOR_MORE].map(str::to_owned);
            if self.ask(said::WAIT_OR_WRITE, &answers)? == 1 {
                return Ok(());
            }
        }
        let words = Words::of(&["finalize"]);
        self.type_in(self.with_access(words).place(&self.access.folder)).map(drop)
    }

    /// Ends the ceremony. Behind it only countersignatures and addenda are possible.
    pub(super) fn close(&mut self, unfinished: bool) -> Result<(), Halt> {
        self.say(said::BEHIND_THE_CLOSE)?;
        let answers = [said::CLOSE_NOW, said::BACK].map(str::to_owned);
        if self.ask(said::ANYTHING_LEFT_TO_SAY, &answers)? == 1 {
            return Ok(());
        }
        let glance = self.look()?;
        let by = self.speaker(glance.state())?;
        let words = Words::of(&["close"]).option("--as", by);
        let words = if unfinished { words.flag("--unfinished") } else { words };
        if self.type_in(self.with_access(words).place(&self.access.folder))?.is_done() {
            self.what_comes_next()?;
        }
        Ok(())
    }

    /// What people do with the files and the paper, once the ceremony is closed.
    pub(super) fn what_comes_next(&mut self) -> Result<(), Halt> {
        let glance = self.look()?;
        let mut screen = self.screen();
        screen.blank()?;
        Ok(report::publication(&mut screen, glance.state())?)
    }
}

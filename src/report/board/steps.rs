//! The steps of a ceremony in plain words: those behind, the one at hand, those ahead.

use tuf_ceremony::keyset::Tally;
use tuf_ceremony::plan::{CardRef, Countersign, KeySource};
use tuf_ceremony::state::{Phase, State};

use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::wording::board as said;
use crate::report::columns::fact;
use crate::report::trouble;

pub(super) fn tell(screen: &mut Screen<'_>, state: &State) -> Result<(), ScreenFault> {
    let steps = steps(state);
    let at = steps.iter().position(|(_, done)| !done).unwrap_or(steps.len());
    let names: Vec<&str> = steps.iter().map(|(name, _)| *name).collect();
    let (behind, rest) = names.split_at(at);
    fact(screen, said::DONE, &behind.join(", "))?;
    let (now, ahead) = rest.split_at(rest.len().min(1));
    fact(screen, said::NOW, now.first().unwrap_or(&said::NO_STEP))?;
    match ahead.is_empty() {
        true => Ok(()),
        false => fact(screen, said::TO_DO, &ahead.join(", ")),
    }
}

/// Each step and whether it is behind. A state stands behind a first line, and that states a date.
fn steps(state: &State) -> Vec<(&'static str, bool)> {
    let phase = state.phase();
    let closed = phase == Phase::Closed;
    let drafts = || state.drafts();
    let complete = |draft: &tuf_ceremony::state::DraftNow<'_>| {
        draft.final_file().is_some() || draft.counting().tallies().iter().all(Tally::is_met)
    };
    let new_keys = state.plan().keys.values().any(|key| key.source() == KeySource::Card(&CardRef::ToBeMade));
    let mut steps = vec![(said::MACHINE_AND_CLOCK, true), (said::PEOPLE, closed || people_came(state))];
    if new_keys {
        steps.push((said::KEYS, phase != Phase::Keys));
    }
    let sealed = drafts().next().is_some();
    let reached = sealed && state.unfinished().is_empty();
    // Steps that the close cut short are neither behind nor ahead; each draft says so itself.
    if !closed || reached {
        steps.push((said::READING_AND_SIGNING, sealed && drafts().all(|draft| complete(&draft))));
        steps.push((said::FINAL_FILES, reached));
    }
    steps.push((said::CLOSE, closed));
    if state.plan().countersign == Countersign::Keys {
        steps.push((said::COUNTERSIGNATURES, closed && trouble::owed(state).is_empty()));
    }
    // Nothing is published of practice, nor of a ceremony that made nothing.
    let is_for_nobody = state.opened().rehearsal || (closed && state.finals().is_empty());
    if !is_for_nobody {
        steps.push((said::PUBLICATION, false));
    }
    steps
}

/// Somebody said that she is here, or did something that only people do.
fn people_came(state: &State) -> bool {
    let said_so = state.present().chain(state.left()).next().is_some();
    let did = !state.attempts().is_empty() || state.drafts().any(|draft| draft.decisions().next().is_some());
    let made = state.plan().keys.keys().any(|key| state.generated(key).is_some());
    said_so || did || made || !state.finals().is_empty()
}

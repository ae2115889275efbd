//! What comes next in a ceremony, or how it ended: one sentence at the end of every screen that shows a folder.

use tuf_ceremony::keyset::Tally;
use tuf_ceremony::state::{DraftNow, Phase, State};

use crate::operator::wording::ceremony as said;

/// How the ceremony ended, once it has.
pub(super) fn end(state: &State) -> Option<String> {
    match state.phase() {
        Phase::Closed => Some(match (state.unfinished().len() as u64, state.finals().is_empty()) {
            (0, _) => said::NEXT_CLOSED.to_owned(),
            (open, nothing) => said::closed_unfinished(open, nothing),
        }),
        Phase::Aborted => Some(said::NEXT_ABORTED.to_owned()),
        Phase::Keys | Phase::Sealing | Phase::Collecting => None,
    }
}

/// The one thing that comes next.
pub(super) fn step(state: &State) -> String {
    if let Some(end) = end(state) {
        return end;
    }
    match state.phase() {
        Phase::Keys => said::NEXT_KEYS.to_owned(),
        Phase::Sealing => said::NEXT_SEAL.to_owned(),
        Phase::Closed | Phase::Aborted => String::new(),
        Phase::Collecting => {
            let open: Vec<DraftNow<'_>> =
                state.drafts().filter(|draft| draft.final_file().is_none()).collect();
            let complete = |draft: &&DraftNow<'_>| draft.counting().tallies().iter().all(Tally::is_met);
            match (open.is_empty(), open.iter().find(complete)) {
                (true, _) => said::NEXT_CLOSE.to_owned(),
                (false, Some(draft)) => said::next_finalize(draft.letter()),
                (false, None) => said::NEXT_COLLECT.to_owned(),
            }
        }
    }
}

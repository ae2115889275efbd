//! Making drafts final, and ending a ceremony.

use super::{NewFile, Step};
use crate::bundle::FinalizeFault;
use crate::digest::Digest;
use crate::places;
use crate::state::State;
use crate::transcript::event::{Closed, Event, Finalized};

/// A draft is not made final.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FinishFault {
    /// There is no such draft.
    #[error("there is no draft {letter}")]
    NoDraft {
        /// The letter that was given.
        letter: String,
    },
    /// It cannot be.
    #[error(transparent)]
    Finalize(#[from] FinalizeFault),
}

/// The step that makes one draft final: its file, and the event that binds it.
///
/// # Errors
/// When there is no such draft, signatures are missing, or the assembled file does not hold.
pub fn finalize(state: &State, letter: &str) -> Result<Step, FinishFault> {
    let draft = state.lettered(letter).ok_or_else(|| FinishFault::NoDraft { letter: letter.to_owned() })?;
    let part = draft.part();
    let done = part.finalize()?;
    let file = NewFile { path: places::final_file(&done.name), bytes: done.text };
    let event = Event::Finalized(Finalized { draft: part.draft().metadata().payload(), file: file.stored() });
    Ok(Step { files: vec![file], event })
}

/// The step that ends the ceremony. Drafts that are not final are named as such.
#[must_use]
pub fn close(state: &State, by: String) -> Step {
    let open = state.drafts().filter(|draft| draft.final_file().is_none());
    let mut unfinished: Vec<Digest> = open.map(|draft| draft.payload()).collect();
    unfinished.sort();
    Event::Closed(Closed { by, unfinished }).into()
}

//! Deciding a step, and taking it only once its event is stored (DESIGN 14). A step is taken in this order: the state
//! after it is computed, so that an illegal step leaves nothing; its files and its line are stored by whoever was asked
//! to; then the state is adopted. What is legal is [`crate::state`]'s.

mod opening;
mod steps;

use std::borrow::Cow;
use std::collections::BTreeMap;

pub use opening::{OpenFault, Opening, Origin, Replanning, open, replan};
pub use steps::{bundle, close, exported, finalize, import, seal, shown};

use crate::digest::Digest;
use crate::materials::Materials;
use crate::state::{Illegal, State};
use crate::transcript::event::{Event, Stored};
use crate::transcript::{Found, Transcript, TranscriptFault};

/// A file that a step adds to the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// Its path from the folder ([`crate::places`]).
    pub path: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl NewFile {
    /// How an event binds it.
    #[must_use]
    pub fn stored(&self) -> Stored {
        Stored { bytes: self.bytes.len() as u64, path: self.path.clone(), sha256: Digest::of(&self.bytes) }
    }
}

/// What is about to happen: the files that must be stored first, and the event that binds them.
#[derive(Debug, Clone)]
pub struct Step {
    /// The files.
    pub files: Vec<NewFile>,
    /// The event.
    pub event: Event,
}

impl From<Event> for Step {
    fn from(event: Event) -> Step {
        Step { files: Vec::new(), event }
    }
}

/// A step was not taken. Nothing of it is stored unless storing itself failed.
#[derive(Debug, thiserror::Error)]
pub enum TakeFault<E> {
    /// It is not legal now.
    #[error(transparent)]
    Illegal(Box<Illegal>),
    /// It could not be stored.
    #[error("it could not be stored")]
    Store(E),
}

impl<E> From<Illegal> for TakeFault<E> {
    fn from(why: Illegal) -> TakeFault<E> {
        TakeFault::Illegal(Box::new(why))
    }
}

/// A transcript does not lead to a state.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ResumeFault {
    /// The chain itself is broken.
    #[error(transparent)]
    Transcript(#[from] TranscriptFault),
    /// There is no line.
    #[error("the transcript has no line")]
    Empty,
    /// The last line was cut off while it was written.
    #[error("the last line of the transcript was cut off while it was written")]
    Torn,
    /// A line tells of a step that was not legal.
    #[error("line {line} of the transcript does not follow from what is before it")]
    Illegal {
        /// The line, counted from 1.
        line: u64,
        /// Why.
        #[source]
        why: Box<Illegal>,
    },
}

/// A ceremony under way on one machine. Where it stands changes only by a step that was stored.
#[derive(Debug, Clone)]
pub struct Ceremony {
    state: State,
}

impl Ceremony {
    /// Takes the first step of a machine.
    ///
    /// # Errors
    /// [`TakeFault`]; there is no ceremony then.
    pub fn begin<E>(
        step: &Step,
        clock: &str,
        materials: &dyn Materials,
        store: impl FnOnce(&[NewFile], &str) -> Result<(), E>,
    ) -> Result<Ceremony, TakeFault<E>> {
        let entry = Transcript::default().next(clock, step.event.clone());
        let state = State::begin(&entry, &Overlay::of(&step.files, materials))?;
        store(&step.files, &entry.written()).map_err(TakeFault::Store)?;
        Ok(Ceremony { state })
    }

    /// Takes a step.
    ///
    /// # Errors
    /// [`TakeFault`]; the ceremony stands where it stood.
    pub fn take<E>(
        &mut self,
        step: &Step,
        clock: &str,
        materials: &dyn Materials,
        store: impl FnOnce(&[NewFile], &str) -> Result<(), E>,
    ) -> Result<(), TakeFault<E>> {
        let entry = self.state.transcript().next(clock, step.event.clone());
        let after = self.state.after(&entry, &Overlay::of(&step.files, materials))?;
        store(&step.files, &entry.written()).map_err(TakeFault::Store)?;
        self.state = after;
        Ok(())
    }

    /// Comes to the state that a transcript tells of, by going through every step again.
    ///
    /// # Errors
    /// [`ResumeFault`] at the first line that does not follow.
    pub fn resume(text: &[u8], materials: &dyn Materials) -> Result<Ceremony, ResumeFault> {
        let Found::Whole(transcript) = Transcript::read(text)? else { return Err(ResumeFault::Torn) };
        let mut state: Option<State> = None;
        for entry in transcript.entries() {
            let after = match state {
                None => State::begin(entry, materials),
                Some(before) => before.then(entry, materials),
            };
            let illegal = |why| ResumeFault::Illegal { line: entry.n, why: Box::new(why) };
            state = Some(after.map_err(illegal)?);
        }
        Ok(Ceremony { state: state.ok_or(ResumeFault::Empty)? })
    }

    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }
}

/// The files of a step that is not stored yet, over those that are.
struct Overlay<'s> {
    files: BTreeMap<Digest, &'s [u8]>,
    under: &'s dyn Materials,
}

impl<'s> Overlay<'s> {
    fn of(files: &'s [NewFile], under: &'s dyn Materials) -> Overlay<'s> {
        Overlay { files: files.iter().map(|file| (Digest::of(&file.bytes), &*file.bytes)).collect(), under }
    }
}

impl Materials for Overlay<'_> {
    fn kept(&self, sha256: Digest) -> Option<Cow<'_, [u8]>> {
        let own = self.files.get(&sha256).map(|bytes| Cow::Borrowed(*bytes));
        own.or_else(|| self.under.kept(sha256))
    }
}

//! Deciding a step, and taking it only once its event is stored (DESIGN 14). A step is taken in this order: the state
//! after it is computed, so that an illegal step leaves nothing; its files and its line are stored by whoever was asked
//! to; then the state is adopted. What is legal is [`crate::state`]'s.

mod ending;
mod opening;
mod sealing;

use std::borrow::Cow;
use std::collections::BTreeMap;

pub use ending::{FinishFault, close, finalize};
pub use opening::{OpenFault, Opening, Origin, Replanning, open, replan};
pub use sealing::{SealingFault, seal};

use crate::digest::Digest;
use crate::materials::Materials;
use crate::state::{Illegal, State};
use crate::transcript::event::{Event, Stored};
use crate::transcript::{Entry, Found, Transcript, TranscriptFault};

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
    Illegal(#[from] Illegal),
    /// It cannot be a line of the transcript: it is past a cap.
    #[error(transparent)]
    Line(#[from] TranscriptFault),
    /// It could not be stored.
    #[error("it could not be stored")]
    Store(E),
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
        why: Illegal,
    },
}

/// A ceremony under way on one machine.
#[derive(Debug, Clone)]
pub struct Ceremony {
    state: State,
    transcript: Transcript,
}

impl Ceremony {
    /// Takes the first step of a machine.
    ///
    /// # Errors
    /// [`TakeFault`]; there is no ceremony then.
    pub fn begin<E>(
        step: Step,
        clock: &str,
        materials: &dyn Materials,
        store: impl FnOnce(&[NewFile], &str) -> Result<(), E>,
    ) -> Result<Ceremony, TakeFault<E>> {
        let mut transcript = Transcript::default();
        let entry = transcript.next(clock, step.event);
        let state = State::begin(&entry, &Overlay::of(&step.files, materials))?;
        stored(&mut transcript, entry, &step.files, store)?;
        Ok(Ceremony { state, transcript })
    }

    /// Takes a step.
    ///
    /// # Errors
    /// [`TakeFault`]; the ceremony stands where it stood.
    pub fn take<E>(
        &mut self,
        step: Step,
        clock: &str,
        materials: &dyn Materials,
        store: impl FnOnce(&[NewFile], &str) -> Result<(), E>,
    ) -> Result<(), TakeFault<E>> {
        let entry = self.transcript.next(clock, step.event);
        let after = self.state.after(&entry, &Overlay::of(&step.files, materials))?;
        stored(&mut self.transcript, entry, &step.files, store)?;
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
            let illegal = |why| ResumeFault::Illegal { line: entry.n, why };
            state = Some(match &state {
                None => State::begin(entry, materials).map_err(illegal)?,
                Some(before) => before.after(entry, materials).map_err(illegal)?,
            });
        }
        let state = state.ok_or(ResumeFault::Empty)?;
        Ok(Ceremony { state, transcript })
    }

    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// What happened.
    #[must_use]
    pub fn transcript(&self) -> &Transcript {
        &self.transcript
    }
}

/// Nothing is stored that would not be read again, and the transcript grows only once it is stored.
fn stored<E>(
    transcript: &mut Transcript,
    entry: Entry,
    files: &[NewFile],
    store: impl FnOnce(&[NewFile], &str) -> Result<(), E>,
) -> Result<(), TakeFault<E>> {
    let line = entry.written();
    let mut after = transcript.clone();
    after.push(entry)?;
    store(files, &line).map_err(TakeFault::Store)?;
    *transcript = after;
    Ok(())
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

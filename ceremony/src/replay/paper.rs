//! The head on paper against the lines of a folder.

use crate::paper::PaperDigest;
use crate::transcript::Transcript;
use crate::transcript::event::Event;

/// What the head on paper says about a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperSays {
    /// None was given: whoever can write the folder could have rewritten all of it.
    NotGiven,
    /// It is the head of no line: lines were cut, changed or added, or it belongs to another folder.
    Nothing,
    /// It is the head after this line. Nothing before its end was changed.
    Holds {
        /// The line.
        line: u64,
        /// How many of its 64 hex digits could not be read.
        unreadable: usize,
        /// Countersignatures and addenda behind it, once it covers the close: it says nothing about them, and cannot
        /// (MODEL 16). Countersignatures prove themselves; addenda are somebody's word.
        afterwards: u64,
        /// All other lines behind it.
        later: u64,
    },
}

impl PaperSays {
    pub(super) fn of(paper: Option<&PaperDigest>, transcript: &Transcript) -> PaperSays {
        let Some(paper) = paper else { return PaperSays::NotGiven };
        let fits = |line: &u64| transcript.head_after(*line).is_some_and(|head| paper.fits(head));
        let Some(line) = (1..=transcript.count()).rev().find(fits) else { return PaperSays::Nothing };
        let is_close = |event: &Event| matches!(event, Event::Closed(_) | Event::Aborted(_));
        let ended = transcript.entries().iter().any(|entry| entry.n <= line && is_close(&entry.event));
        let is_afterwards = |event: &Event| matches!(event, Event::Countersigned(_) | Event::Addendum(_));
        let (mut afterwards, mut later) = (0, 0);
        for entry in transcript.entries().iter().filter(|entry| entry.n > line) {
            *(if ended && is_afterwards(&entry.event) { &mut afterwards } else { &mut later }) += 1;
        }
        PaperSays::Holds { line, unreadable: paper.unreadable(), afterwards, later }
    }
}

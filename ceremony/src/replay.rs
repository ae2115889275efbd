//! What an auditor asks: do the plan, the inputs and the lines lead to these very bytes, and if not, which line is the
//! first that does not follow (DESIGN 15, MODEL 17)? Everything is computed anew; drafts and final files of the folder
//! are read only to compare. What cannot be computed, because an input is gone, is said and never taken as proved.

mod across;

use std::collections::BTreeMap;

pub use across::{Contradiction, Instead, across};

use crate::digest::Digest;
use crate::materials::Materials;
use crate::paper::PaperDigest;
use crate::places::{LOCK, TRANSCRIPT};
use crate::seal::SealFault;
use crate::state::{Illegal, State};
use crate::transcript::event::{Event, Stored};
use crate::transcript::{Entry, Transcript, TranscriptFault};

/// A file that lies in the folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lying {
    /// Its length.
    pub bytes: u64,
    /// SHA-256 of its bytes.
    pub sha256: Digest,
}

/// A folder as it was found.
pub struct Evidence<'f> {
    /// The transcript's bytes.
    pub transcript: &'f [u8],
    /// Every other file, by its path from the folder.
    pub files: &'f BTreeMap<String, Lying>,
    /// Their bytes.
    pub materials: &'f dyn Materials,
    /// The head on paper.
    pub paper: Option<&'f PaperDigest>,
}

/// What became of one folder.
#[derive(Debug, Clone)]
pub struct Replay {
    /// The lines that hold as a chain.
    pub transcript: Transcript,
    /// Where they lead, as far as everything follows.
    pub state: Option<State>,
    /// The first line that does not follow.
    pub divergence: Option<Divergence>,
    /// From this line on nothing was computed, because something is gone.
    pub not_recomputed: Option<NotRecomputed>,
    /// Bytes of a line that was cut off while it was written.
    pub torn: usize,
    /// What the head on paper says.
    pub paper: PaperSays,
    /// Files that events bind and that are not there.
    pub missing: Vec<Stored>,
    /// Files that events bind and that hold something else.
    pub altered: Vec<(Stored, Lying)>,
    /// Files that no event explains.
    pub unexplained: Vec<String>,
}

/// The first line that does not follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Divergence {
    /// The line, counted from 1.
    pub line: u64,
    /// What was expected there.
    pub expected: String,
    /// What is there.
    pub found: String,
}

/// Why the rest was not computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotRecomputed {
    /// The first line that could not be.
    pub line: u64,
    /// What is gone.
    pub gone: Vec<Stored>,
}

/// What the head on paper says about the folder.
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
        /// How many lines came after it, which it says nothing about; countersignatures and addenda aside.
        later: u64,
    },
}

impl Replay {
    /// Whether everything was computed and agrees, as far as what was given can tell. A head that was not given is no
    /// reason against it; one that does not fit, or leaves lines uncovered, is.
    #[must_use]
    pub fn holds(&self) -> bool {
        let paper = match self.paper {
            PaperSays::NotGiven => true,
            PaperSays::Nothing => false,
            PaperSays::Holds { later, .. } => later == 0,
        };
        let files = self.missing.is_empty() && self.altered.is_empty() && self.unexplained.is_empty();
        let lines = self.divergence.is_none() && self.not_recomputed.is_none() && self.torn == 0;
        paper && files && lines && self.state.is_some()
    }
}

/// Goes through everything again.
#[must_use]
pub fn replay(evidence: &Evidence<'_>) -> Replay {
    let read = Transcript::read_as_far(evidence.transcript);
    let mut walk = Walk { state: None, divergence: None, not_recomputed: None, bound: BTreeMap::new() };
    for entry in read.whole.entries() {
        walk.bind(&entry.event);
        if walk.divergence.is_none() && walk.not_recomputed.is_none() {
            walk.step(entry, &read.whole, evidence);
        }
    }
    if let (Some(fault), None) = (&read.fault, &walk.divergence) {
        walk.divergence = Some(broken(fault, read.whole.count() + 1));
    }
    let (missing, altered) = walk.compare(evidence.files);
    let known = |path: &str| path == TRANSCRIPT || path == LOCK || walk.bound.contains_key(path);
    let unexplained = evidence.files.keys().filter(|path| !known(path)).cloned().collect();
    let paper = match evidence.paper {
        None => PaperSays::NotGiven,
        Some(paper) => on_paper(paper, &read.whole),
    };
    Replay {
        state: walk.state,
        divergence: walk.divergence,
        not_recomputed: walk.not_recomputed,
        torn: read.torn.len(),
        transcript: read.whole,
        paper,
        missing,
        altered,
        unexplained,
    }
}

/// Going through the lines.
struct Walk {
    state: Option<State>,
    divergence: Option<Divergence>,
    not_recomputed: Option<NotRecomputed>,
    bound: BTreeMap<String, Stored>,
}

impl Walk {
    /// A line that does not follow still names its files: what it binds is compared, not explained away.
    fn bind(&mut self, event: &Event) {
        for stored in event.stored() {
            self.bound.entry(stored.path.clone()).or_insert_with(|| stored.clone());
        }
    }

    fn step(&mut self, entry: &Entry, transcript: &Transcript, evidence: &Evidence<'_>) {
        let after = match &self.state {
            None => State::begin(entry, evidence.materials),
            Some(before) => before.after(entry, evidence.materials),
        };
        match after {
            Ok(state) => self.state = Some(state),
            Err(why) if is_missing(&why) => {
                let gone = self.bound.values().filter(|s| evidence.materials.bytes(s.sha256).is_none());
                let gone = gone.cloned().collect();
                self.not_recomputed = Some(NotRecomputed { line: entry.n, gone });
            }
            Err(why) => self.divergence = Some(diverged(entry, &why, transcript)),
        }
    }

    fn compare(&self, files: &BTreeMap<String, Lying>) -> (Vec<Stored>, Vec<(Stored, Lying)>) {
        let (mut missing, mut altered) = (Vec::new(), Vec::new());
        for stored in self.bound.values() {
            match files.get(&stored.path) {
                None => missing.push(stored.clone()),
                Some(lies) if (lies.bytes, lies.sha256) == (stored.bytes, stored.sha256) => {}
                Some(lies) => altered.push((stored.clone(), *lies)),
            }
        }
        (missing, altered)
    }
}

/// Whether a step could not be judged because something is gone.
fn is_missing(why: &Illegal) -> bool {
    matches!(why, Illegal::Missing { .. } | Illegal::Seal(SealFault::Missing { .. }))
}

fn diverged(entry: &Entry, why: &Illegal, transcript: &Transcript) -> Divergence {
    let found = transcript.line(entry.n).unwrap_or_default().trim_end().to_owned();
    Divergence { line: entry.n, expected: why.to_string(), found }
}

fn broken(fault: &TranscriptFault, line: u64) -> Divergence {
    Divergence { line, expected: fault.to_string(), found: String::new() }
}

fn on_paper(paper: &PaperDigest, transcript: &Transcript) -> PaperSays {
    let fits = |line: &u64| transcript.head_after(*line).is_some_and(|head| paper.fits(head));
    let Some(line) = (1..=transcript.count()).rev().find(fits) else { return PaperSays::Nothing };
    let after = transcript.entries().iter().filter(|entry| entry.n > line);
    let closed = transcript.entries().iter().any(|e| e.n <= line && matches!(e.event, Event::Closed(_)));
    let is_afterwards = |e: &Event| closed && matches!(e, Event::Countersigned(_) | Event::Addendum(_));
    let later = after.filter(|entry| !is_afterwards(&entry.event)).count() as u64;
    PaperSays::Holds { line, unreadable: paper.unreadable(), later }
}

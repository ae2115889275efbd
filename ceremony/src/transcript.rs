//! The transcript: what happened on one machine, one line a step, each bound to all before it (MODEL 15). It gives no
//! opinion on whether a step was legal; that is [`crate::state`]'s. It stores nothing either: a line is read, or written
//! and handed out.

mod line;

pub mod event;

pub(crate) use line::line_of;
pub use line::{Entry, LineFault};

use crate::digest::{Digest, Hasher};
use crate::limits::{Limit, TRANSCRIPT, TRANSCRIPT_LINES};
use event::Event;

/// The format version of transcripts.
pub const FORMAT: u64 = 1;
/// The set of rules that judges what this version opens (DESIGN 16).
pub const RULES: u64 = 1;

/// The name of a ceremony: SHA-256 over its first plan, the trusted root before it, whether it is a rehearsal, and
/// chance (MODEL 7). `root` is the payload digest of the trusted root; none where the ceremony makes version 1.
#[must_use]
pub fn ceremony_id(plan: Digest, root: Option<Digest>, rehearsal: bool, salt: Digest) -> Digest {
    let root = root.map_or("none".to_owned(), |root| root.to_string());
    let practice = if rehearsal { "rehearsal" } else { "real" };
    let text = format!("tuf-ceremony\nplan {plan}\nroot {root}\n{practice}\nsalt {salt}\n");
    Digest::of(text.as_bytes())
}

/// All whole lines of one machine's chain.
#[derive(Debug, Clone, Default)]
pub struct Transcript {
    text: String,
    entries: Vec<Entry>,
    /// Where each line ends in `text`.
    ends: Vec<usize>,
    /// SHA-256 of everything up to the end of each line.
    heads: Vec<Digest>,
    hasher: Hasher,
}

/// What a transcript file holds.
#[derive(Debug, Clone)]
pub enum Found {
    /// Whole lines and nothing else.
    Whole(Transcript),
    /// Whole lines, and behind them a piece of one that was cut off while it was written: it never happened, and is to be
    /// kept aside.
    Torn {
        /// The whole lines.
        whole: Transcript,
        /// The piece: not empty, without a newline.
        torn: Vec<u8>,
    },
}

/// As much of a transcript file as holds.
#[derive(Debug, Clone)]
pub struct AsFar {
    /// The lines that hold.
    pub whole: Transcript,
    /// A piece of a line that was cut off while it was written.
    pub torn: Vec<u8>,
    /// Why the next line does not hold, if there is one.
    pub fault: Option<TranscriptFault>,
}

/// A transcript is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TranscriptFault {
    /// It is past a cap.
    #[error("it is past a limit: {0}")]
    Past(Limit),
    /// One line does not hold.
    #[error("line {line} of the transcript {why}")]
    Line {
        /// Which, counted from 1.
        line: u64,
        /// What is wrong with it.
        why: LineFault,
    },
    /// A line has another number than its place.
    #[error("line {line} of the transcript says that it is line {found}")]
    Number {
        /// Its place, counted from 1.
        line: u64,
        /// What it says.
        found: u64,
    },
    /// A line does not stand behind the lines that are there: one of them was changed, added or taken away.
    #[error("line {line} of the transcript was written behind other lines than the ones before it")]
    Chain {
        /// Which, counted from 1.
        line: u64,
        /// SHA-256 of what stands before it.
        before: Digest,
        /// What it was written behind.
        claims: Digest,
    },
}

impl Transcript {
    /// Reads a transcript file. No byte at all is a transcript without lines.
    ///
    /// # Errors
    /// The first line that does not hold, or the cap that the file is past. The caller shows it and writes nothing.
    pub fn read(file: &[u8]) -> Result<Found, TranscriptFault> {
        let AsFar { whole, torn, fault } = Transcript::read_as_far(file);
        match fault {
            Some(fault) => Err(fault),
            None if torn.is_empty() => Ok(Found::Whole(whole)),
            None => Ok(Found::Torn { whole, torn }),
        }
    }

    /// Reads a transcript file up to the first line that does not hold: for whoever looks into one that is refused.
    #[must_use]
    pub fn read_as_far(file: &[u8]) -> AsFar {
        let mut whole = Transcript::default();
        if !TRANSCRIPT.allows(file.len()) {
            return AsFar { whole, torn: Vec::new(), fault: Some(TranscriptFault::Past(TRANSCRIPT)) };
        }
        let mut rest = file;
        while let Some(at) = rest.iter().position(|b| *b == b'\n') {
            let (line, behind) = rest.split_at(at + 1);
            let number = whole.count() + 1;
            let entry = Entry::read(line).map_err(|why| TranscriptFault::Line { line: number, why });
            if let Err(fault) = entry.and_then(|entry| whole.push(entry)) {
                return AsFar { whole, torn: Vec::new(), fault: Some(fault) };
            }
            rest = behind;
        }
        AsFar { whole, torn: rest.to_vec(), fault: None }
    }

    /// The line that an event would be, with its number and what it stands behind. Nothing is added yet.
    #[must_use]
    pub fn next(&self, clock: &str, event: Event) -> Entry {
        Entry { clock: clock.to_owned(), event, n: self.count() + 1, prev: self.head() }
    }

    /// Adds a line.
    ///
    /// # Errors
    /// When it is not the next one, would not be read again, or leads past a cap; then nothing was added.
    pub fn push(&mut self, entry: Entry) -> Result<(), TranscriptFault> {
        let (line, before) = (self.count() + 1, self.head());
        if entry.n != line {
            return Err(TranscriptFault::Number { line, found: entry.n });
        }
        if entry.prev != before {
            return Err(TranscriptFault::Chain { line, before, claims: entry.prev });
        }
        let written = entry.checked().map_err(|why| TranscriptFault::Line { line, why })?;
        if !TRANSCRIPT.allows(self.text.len() + written.len()) {
            return Err(TranscriptFault::Past(TRANSCRIPT));
        }
        if !TRANSCRIPT_LINES.allows(self.entries.len() + 1) {
            return Err(TranscriptFault::Past(TRANSCRIPT_LINES));
        }
        self.text.push_str(&written);
        self.hasher.add(written.as_bytes());
        self.ends.push(self.text.len());
        self.heads.push(self.hasher.clone().finish().0);
        self.entries.push(entry);
        Ok(())
    }

    /// The whole text: what the file holds, byte for byte.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The lines, read.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// How many lines there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.entries.len() as u64
    }

    /// The text of the first lines, with their newlines; none if there are not so many.
    #[must_use]
    pub fn first(&self, lines: u64) -> Option<&str> {
        let Some(last) = usize::try_from(lines).ok()?.checked_sub(1) else { return Some("") };
        self.text.get(..*self.ends.get(last)?)
    }

    /// The text of one line, counted from 1, with its newline.
    #[must_use]
    pub fn line(&self, number: u64) -> Option<&str> {
        let before = self.first(number.checked_sub(1)?)?.len();
        self.first(number)?.get(before..)
    }

    /// SHA-256 of the whole text: what `sha256sum` says of the file.
    #[must_use]
    pub fn head(&self) -> Digest {
        self.heads.last().copied().unwrap_or_else(|| Digest::of(b""))
    }

    /// SHA-256 of the first lines: what `head -n LINES | sha256sum` says. None if there are not so many.
    #[must_use]
    pub fn head_after(&self, lines: u64) -> Option<Digest> {
        let Some(last) = usize::try_from(lines).ok()?.checked_sub(1) else { return Some(Digest::of(b"")) };
        self.heads.get(last).copied()
    }

    /// The machine: SHA-256 of its first line with the newline. None before there is one.
    #[must_use]
    pub fn machine(&self) -> Option<Digest> {
        self.heads.first().copied()
    }
}

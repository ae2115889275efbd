//! The first line that does not follow: what was expected in its place, and what is there. Where a step follows from what is
//! before it, the line that does is worked out, by the functions that write it; elsewhere the reason is all that can be said.

use crate::conduct::{self, Step};
use crate::materials::Materials;
use crate::state::{Illegal, State};
use crate::transcript::event::{Event, External};
use crate::transcript::{Entry, Transcript, TranscriptFault};

/// How much of a line that cannot be read is repeated, in bytes.
const REPEATED: usize = 2000;

/// How much stands around the place where two lines part, in bytes each.
const AROUND: usize = 40;

/// The first line that does not follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Divergence {
    /// The line, counted from 1. Of a broken chain this is the first line that was not written behind what is there: the
    /// line that was changed is this one or one before it.
    pub line: u64,
    /// Why it does not follow, as a sentence without its full stop.
    pub why: String,
    /// The line that follows from what is before it, without its newline; none where only the reason can be said.
    pub expected: Option<String>,
    /// The line that is there, without its newline. Of one that cannot be read the beginning, with everything but printable
    /// ASCII escaped; empty where there is none.
    pub found: String,
}

/// Where an expected line and the one that is there part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Difference<'d> {
    /// How many bytes are the same.
    pub same: usize,
    /// What was expected there, with a little around it.
    pub expected: &'d str,
    /// What is there, with a little around it.
    pub found: &'d str,
}

impl Divergence {
    /// A line that says what does not follow.
    pub(super) fn of(
        before: Option<&State>,
        entry: &Entry,
        why: &Illegal,
        materials: &dyn Materials,
    ) -> Divergence {
        let event = before.and_then(|before| follows(before, &entry.event, materials));
        let expected = event.filter(|event| *event != entry.event);
        let expected = expected.map(|event| text(&Entry { event, ..entry.clone() }));
        Divergence { line: entry.n, why: why.to_string(), expected, found: text(entry) }
    }

    /// A line that cannot be read, or that does not stand where it was written; `behind` begins with it.
    pub(super) fn unreadable(fault: &TranscriptFault, whole: &Transcript, behind: &[u8]) -> Divergence {
        let end = behind.iter().position(|b| *b == b'\n').map_or(behind.len(), |at| at + 1);
        let line = &behind[..end];
        let expected = match fault {
            TranscriptFault::Number { .. } | TranscriptFault::Chain { .. } => {
                let here = |entry: Entry| Entry { n: whole.count() + 1, prev: whole.head(), ..entry };
                Entry::read(line).ok().map(|entry| text(&here(entry)))
            }
            TranscriptFault::Past(_) | TranscriptFault::Line { .. } => None,
        };
        let shown = line.strip_suffix(b"\n").unwrap_or(line);
        let escaped = || shown[..shown.len().min(REPEATED)].escape_ascii().to_string();
        // A line that was read is printable ASCII, and stands as it is beside the expected one.
        let whole_line = expected.as_ref().and_then(|_| String::from_utf8(shown.to_vec()).ok());
        let found = whole_line.unwrap_or_else(escaped);
        Divergence { line: whole.count() + 1, why: fault.to_string(), expected, found }
    }

    /// No line at all.
    pub(super) fn nothing(behind: &[u8]) -> Divergence {
        let found = behind[..behind.len().min(REPEATED)].escape_ascii().to_string();
        let why = "the transcript has no whole line, and the first of every chain is Opened".to_owned();
        Divergence { line: 1, why, expected: None, found }
    }

    /// Where the two part.
    #[must_use]
    pub fn difference(&self) -> Option<Difference<'_>> {
        let (expected, found) = (self.expected.as_deref()?, self.found.as_str());
        let same = expected.bytes().zip(found.bytes()).take_while(|(a, b)| a == b).count();
        // Both are ASCII, so every place is one between characters.
        let around = |text: &'_ str| same.saturating_sub(AROUND)..text.len().min(same + AROUND);
        Some(Difference { same, expected: &expected[around(expected)], found: &found[around(found)] })
    }
}

fn text(entry: &Entry) -> String {
    entry.written().trim_end_matches('\n').to_owned()
}

/// The event in the place of this one, where what it says follows from what is before it.
fn follows(before: &State, event: &Event, materials: &dyn Materials) -> Option<Event> {
    let step: Step = match event {
        Event::Sealed(_) => conduct::seal(before, materials).ok()?,
        Event::BundleExported(said) => {
            let External { kept, sha256 } = said.bundle.clone();
            conduct::exported(before, sha256, kept)
        }
        Event::BundleImported(said) => {
            let file = materials.bytes(said.file.sha256)?.into_owned();
            conduct::import(before, said.form, file, materials).ok()?.0
        }
        Event::Finalized(said) => conduct::finalize(before, said.draft).ok()?,
        Event::Closed(said) => conduct::close(before, said.by.clone()),
        _ => return None,
    };
    Some(step.event)
}

//! Going through the lines of a chain, from the first to the first that does not follow or cannot be judged.

use super::Divergence;
use crate::bundle::BundleFault;
use crate::digest::Digest;
use crate::materials::Materials;
use crate::seal::SealFault;
use crate::state::{Illegal, ImportFault, State};
use crate::transcript::event::Stored;
use crate::transcript::{Entry, FORMAT, LineFault, Transcript, TranscriptFault};

/// Where the lines of a chain lead.
#[derive(Debug, Clone, Default)]
pub struct Walked {
    /// The state behind the last line that follows.
    pub state: Option<State>,
    /// The first line that does not follow. Those behind it are not judged: what they would stand on is not known.
    pub divergence: Option<Divergence>,
    /// The first line that could not be judged. Of those from there on only the chain was checked.
    pub stopped: Option<Stopped>,
}

/// From here on nothing was computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stopped {
    /// The first line that could not be judged.
    pub line: u64,
    /// Why.
    pub why: Gap,
}

/// Why a line could not be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gap {
    /// A file that is needed is gone, or holds something else.
    Gone {
        /// What it is.
        what: String,
        /// SHA-256 of its bytes.
        sha256: Digest,
        /// Where a line of the chain says that it lies; none where no line says so.
        file: Option<Stored>,
    },
    /// The first line records a format or rules that this version does not know.
    Rules {
        /// The format.
        format: u64,
        /// The rules.
        rules: u64,
    },
}

impl Walked {
    /// How many lines follow, each from those before it.
    #[must_use]
    pub fn judged(&self) -> u64 {
        self.state.as_ref().map_or(0, State::lines)
    }

    /// What the end of the file means: a line that cannot be read, or no line at all.
    pub(super) fn meet_the_end(
        &mut self,
        whole: &Transcript,
        fault: Option<&TranscriptFault>,
        behind: &[u8],
    ) {
        // What another format's lines look like this version does not know; that they form a chain it does.
        let strange =
            matches!(self.stopped, Some(Stopped { why: Gap::Rules { format, .. }, .. }) if format != FORMAT);
        let unreadable = |fault: &TranscriptFault| {
            matches!(fault, TranscriptFault::Line { why: LineFault::Shape { .. }, .. })
        };
        if self.divergence.is_none() {
            self.divergence = match fault {
                Some(fault) if strange && unreadable(fault) => None,
                Some(fault) => Some(Divergence::unreadable(fault, whole, behind)),
                None if whole.count() == 0 => Some(Divergence::nothing(behind)),
                None => None,
            };
        }
    }
}

/// Goes through a chain.
pub(super) fn walk(chain: &Transcript, materials: &dyn Materials) -> Walked {
    let mut state: Option<State> = None;
    for entry in chain.entries() {
        match step(state.take(), entry, materials) {
            Ok(after) => state = Some(after),
            Err(why) => return ended(chain, entry, &why, materials),
        }
    }
    Walked { state, divergence: None, stopped: None }
}

fn step(before: Option<State>, entry: &Entry, materials: &dyn Materials) -> Result<State, Illegal> {
    match before {
        None => State::begin(entry, materials),
        Some(before) => before.then(entry, materials),
    }
}

/// The state before a line that was not taken is worked out once more, so that no line needs a copy of it.
fn ended(chain: &Transcript, entry: &Entry, why: &Illegal, materials: &dyn Materials) -> Walked {
    let before = chain.entries().iter().take_while(|before| before.n < entry.n);
    let state = before.fold(None, |state, entry| {
        Some(step(state, entry, materials).expect("what was legal a moment ago is so again"))
    });
    if let Some(gap) = gap(chain, why).or_else(|| unheard(state.as_ref()?, why)) {
        return Walked { state, divergence: None, stopped: Some(Stopped { line: entry.n, why: gap }) };
    }
    let divergence = Divergence::of(state.as_ref(), entry, why, materials);
    Walked { state, divergence: Some(divergence), stopped: None }
}

/// What kept a line from being judged; none where it was.
fn gap(chain: &Transcript, why: &Illegal) -> Option<Gap> {
    let (what, sha256) = match why {
        Illegal::Version { format, rules } => return Some(Gap::Rules { format: *format, rules: *rules }),
        Illegal::Missing { what, sha256 } => (what.clone(), *sha256),
        Illegal::Seal(SealFault::Missing { what, sha256 }) => (what.clone(), *sha256),
        Illegal::Import(ImportFault::Bundle(BundleFault::NoBeside { name })) => {
            let sha256 = Digest::from_hex(name.strip_suffix(".payload")?).ok()?;
            ("a document beside a bundle".to_owned(), sha256)
        }
        _ => return None,
    };
    let named = chain.entries().iter().flat_map(|entry| entry.event.stored());
    let file = named.into_iter().find(|stored| stored.sha256 == sha256).cloned();
    Some(Gap::Gone { what, sha256, file })
}

/// A line can stand on what an imported file told: who signed on another machine, or how far a chain was known. Where that file is
/// gone, such a line is not judged, since what it stands on cannot be seen.
fn unheard(before: &State, why: &Illegal) -> Option<Gap> {
    let gone = before.not_recomputed().first()?;
    let may_stand_on_it = matches!(
        why,
        Illegal::Finalize { .. }
            | Illegal::OtherFinal { .. }
            | Illegal::Brought { .. }
            | Illegal::Chain { .. }
    );
    let file = gone.file.clone();
    may_stand_on_it.then(|| Gap::Gone {
        what: format!("the file that line {} imported", gone.line),
        sha256: file.sha256,
        file: Some(file),
    })
}

//! What an auditor asks: do the plan, the inputs and the lines lead to these very bytes, and if not, which line is the
//! first that does not follow (DESIGN 15, MODEL 17)? Everything is computed anew; drafts and final files of the folder
//! are read only to compare. What cannot be computed, because an input is gone, is said and never taken as proved.
//!
//! A ceremony is judged by the rules that its first line records (DESIGN 16). This version knows one set: what records
//! another is not judged at all, and only its chain is checked. When there is a second set, [`State`] is what must learn to
//! judge by each, and today's judgement is a second walk, printed beside the first; while there is one, both are the same.

mod across;
mod divergence;
mod paper;
mod verdict;
mod walk;

use std::cell::OnceCell;
use std::collections::BTreeMap;

pub use across::{Across, Contradiction, Copied, Instead, Seen, across};
pub use divergence::{Difference, Divergence};
pub use paper::PaperSays;
pub use verdict::Verdict;
pub use walk::{Gap, Stopped, Walked};

use crate::bundle::Unchecked;
use crate::digest::Digest;
use crate::materials::Materials;
use crate::paper::PaperDigest;
use crate::places::{LOCK, TRANSCRIPT};
use crate::state::{Attempt, NotRecomputed};
use crate::transcript::event::{Equivocation, Event, Form, Stored};
use crate::transcript::{AsFar, Transcript};

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

/// What became of one folder. [`Replay::verdict`] is one word for it.
#[derive(Debug, Clone)]
pub struct Replay {
    /// The lines that hold as a chain.
    pub transcript: Transcript,
    /// Where they lead, as far as everything follows.
    pub walked: Walked,
    /// Whole lines of the file behind those that hold as a chain: nothing is said of them.
    pub unread: u64,
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
    /// The chains of other machines in imported files, each judged by itself.
    pub others: Vec<Embedded>,
}

/// By what a ceremony is to be judged, as its first line says. Nothing of it is guessed where the line cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recorded<'r> {
    /// The format of the transcript.
    pub format: u64,
    /// The set of rules.
    pub rules: u64,
    /// The specification that new documents follow where the plan does not say.
    pub spec_version: &'r str,
    /// The program that wrote it.
    pub tool: &'r str,
}

/// Another machine's chain, as this folder knows it.
#[derive(Debug, Clone)]
pub struct Embedded {
    /// The machine.
    pub machine: Digest,
    /// How many of its lines are known.
    pub lines: u64,
    /// Where they lead, judged with the files of this folder. What that machine kept for itself is not among them, so gaps
    /// are expected here and no fault.
    pub walked: Walked,
}

impl Replay {
    /// By what the ceremony is to be judged; none without a first line that can be read.
    #[must_use]
    pub fn recorded(&self) -> Option<Recorded<'_>> {
        let Event::Opened(opened) = &self.transcript.entries().first()?.event else { return None };
        let (format, rules) = (opened.format, opened.rules);
        Some(Recorded { format, rules, spec_version: &opened.spec_version, tool: &opened.tool })
    }

    /// What lines say of files that are gone and that could therefore not be compared.
    #[must_use]
    pub fn not_recomputed(&self) -> &[NotRecomputed] {
        self.walked.state.as_ref().map_or(&[], |state| state.not_recomputed())
    }

    /// Attempts after which a signature may exist that nobody has. A ceremony may truly have had some.
    pub fn in_doubt(&self) -> impl Iterator<Item = &Attempt> {
        self.walked.state.iter().flat_map(|state| state.in_doubt())
    }

    /// Chains that were told in two ways, with the line that says so. It is no fault of this folder that it met them.
    pub fn equivocations(&self) -> impl Iterator<Item = (u64, &Equivocation)> {
        self.transcript.entries().iter().flat_map(|entry| {
            let told = match &entry.event {
                Event::BundleImported(imported) => imported.equivocations.as_slice(),
                _ => &[],
            };
            told.iter().map(|told| (entry.n, told))
        })
    }
}

/// Goes through everything again: the chain, each line, the files, the head on paper, then the chains of others.
#[must_use]
pub fn replay(evidence: &Evidence<'_>) -> Replay {
    let AsFar { whole, torn, fault } = Transcript::read_as_far(evidence.transcript);
    let mut walked = walk::walk(&whole, evidence.materials);
    let behind = evidence.transcript.get(whole.text().len()..).unwrap_or_default();
    let unread = if fault.is_some() { behind.iter().filter(|b| **b == b'\n').count() as u64 } else { 0 };
    walked.meet_the_end(&whole, fault.as_ref(), behind);
    let bound = bound(&whole);
    let (missing, altered) = compare(&bound, evidence.files);
    let known = |path: &str| path == TRANSCRIPT || path == LOCK || bound.contains_key(path);
    Replay {
        unread,
        torn: torn.len(),
        paper: PaperSays::of(evidence.paper, &whole),
        missing,
        altered,
        unexplained: evidence.files.keys().filter(|path| !known(path)).cloned().collect(),
        others: others(&whole, &walked, evidence.materials),
        transcript: whole,
        walked,
    }
}

/// Every file that a line names, by path. A line that does not follow still names its files: what it binds is compared and
/// not explained away.
fn bound(transcript: &Transcript) -> BTreeMap<&str, &Stored> {
    let mut bound = BTreeMap::new();
    for stored in transcript.entries().iter().flat_map(|entry| entry.event.stored()) {
        bound.entry(stored.path.as_str()).or_insert(stored);
    }
    bound
}

fn compare(
    bound: &BTreeMap<&str, &Stored>,
    files: &BTreeMap<String, Lying>,
) -> (Vec<Stored>, Vec<(Stored, Lying)>) {
    let (mut missing, mut altered) = (Vec::new(), Vec::new());
    for stored in bound.values().copied() {
        match files.get(&stored.path) {
            None => missing.push(stored.clone()),
            Some(lies) if (lies.bytes, lies.sha256) == (stored.bytes, stored.sha256) => {}
            Some(lies) => altered.push((stored.clone(), *lies)),
        }
    }
    (missing, altered)
}

/// Each chain that came with an imported file, judged like this machine's own: with the files of this folder and those that
/// travelled in the bundles.
fn others(transcript: &Transcript, walked: &Walked, materials: &dyn Materials) -> Vec<Embedded> {
    let Some(state) = &walked.state else { return Vec::new() };
    if state.others().is_empty() {
        return Vec::new();
    }
    // Mostly the folder has all that is needed; only else every bundle is opened for it.
    let travelled = OnceCell::new();
    let judge = |(machine, chain): (&Digest, &Transcript)| {
        let mut walked = walk::walk(chain, materials);
        if walked.stopped.is_some() {
            let files = travelled.get_or_init(|| self::travelled(transcript, materials));
            walked = walk::walk(chain, &Travelled { files, under: materials });
        }
        Embedded { machine: *machine, lines: chain.count(), walked }
    };
    state.others().iter().map(judge).collect()
}

/// The files inside the bundles that lines name.
fn travelled(transcript: &Transcript, materials: &dyn Materials) -> BTreeMap<Digest, Vec<u8>> {
    let bundles = transcript.entries().iter().filter_map(|entry| match &entry.event {
        Event::Opened(opened) => opened.origin.as_ref().map(|origin| &origin.bundle),
        Event::BundleImported(imported) if imported.form == Form::Bundle => Some(&imported.file),
        _ => None,
    });
    let mut files = BTreeMap::new();
    for bundle in bundles {
        let read = materials.bytes(bundle.sha256).and_then(|text| Unchecked::read(text.into_owned()).ok());
        let beside = |name: &str| {
            let sha256 = Digest::from_hex(name.strip_suffix(".payload")?).ok()?;
            materials.bytes(sha256).map(std::borrow::Cow::into_owned)
        };
        let checked = read.and_then(|unchecked| unchecked.check(beside).ok());
        if let Some(record) = checked.as_ref().and_then(|bundle| bundle.record()) {
            files.extend(record.files().map(|(sha256, text)| (sha256, text.as_bytes().to_vec())));
        }
    }
    files
}

/// The folder's files, then those inside its bundles.
struct Travelled<'m> {
    files: &'m BTreeMap<Digest, Vec<u8>>,
    under: &'m dyn Materials,
}

impl Materials for Travelled<'_> {
    fn kept(&self, sha256: Digest) -> Option<std::borrow::Cow<'_, [u8]>> {
        self.under.bytes(sha256).or_else(|| self.files.kept(sha256))
    }
}

//! Several folders against each other: what one machine saw of another must be the beginning of what that one has. A chain
//! that is shorter than it was seen was cut; one that differs was told in two ways. The same machine's folder may be given
//! twice: then one is a copy of the other, perhaps an older one.

use std::collections::{BTreeMap, BTreeSet};

use super::Replay;
use crate::bundle::{Compared, compare};
use crate::digest::Digest;
use crate::transcript::Transcript;
use crate::transcript::event::{ChainHead, Event};

/// What folders say of each other. A folder is called by its place in what was given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Across {
    /// What agrees: how far each saw the chain of another that was given. What a head on paper covers in the folder of the
    /// witness, it covers in the other as far as this.
    pub seen: Vec<Seen>,
    /// What cannot be true together.
    pub contradictions: Vec<Contradiction>,
    /// Folders of one machine of which one begins the other, or that are the same.
    pub copies: Vec<Copied>,
}

/// A folder that saw the chain of another, and the other has just that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Who saw it.
    pub witness: usize,
    /// In which of its lines.
    pub at: u64,
    /// Whose chain it saw.
    pub of: usize,
    /// How many of its lines.
    pub lines: u64,
}

/// A folder that holds no more than the beginning of another one of the same machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// The folder with fewer lines, or the first of two with the same.
    pub older: usize,
    /// The other.
    pub newer: usize,
    /// How many lines the newer one has and the older one has not.
    pub behind: u64,
}

/// Two folders that cannot both be true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Contradiction {
    /// One saw a chain that the folder of that machine does not have.
    Seen {
        /// Who saw it.
        witness: usize,
        /// In which of its lines.
        at: u64,
        /// How far it was seen.
        seen: ChainHead,
        /// The folder of that machine.
        of: usize,
        /// What it has instead.
        has: Instead,
    },
    /// Two folders know one machine's chain in two ways: as their own, or from files that they imported.
    TwoWays {
        /// The machine.
        machine: Digest,
        /// The first line that differs.
        line: u64,
        /// The one folder.
        first: usize,
        /// The other.
        second: usize,
    },
    /// Two folders are of different ceremonies.
    Ceremonies {
        /// The one folder.
        first: usize,
        /// The other.
        second: usize,
    },
}

/// What a chain is instead of what was seen of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Instead {
    /// It is shorter: so many lines.
    Shorter(u64),
    /// It has another head after as many lines.
    Other(Digest),
}

/// Everything that folders say of each other, in the order in which they are given.
#[must_use]
pub fn across(folders: &[&Replay]) -> Across {
    let mut found = Across::default();
    for (first, second) in pairs(folders.len()) {
        same_ceremony(folders, first, second, &mut found);
        one_machine(folders, first, second, &mut found);
    }
    // An older copy has less than was seen of it, and the newer one has it all.
    let older: BTreeSet<usize> = found.copies.iter().filter(|c| c.behind > 0).map(|c| c.older).collect();
    for (witness, folder) in folders.iter().enumerate() {
        for (at, seen) in heads(&folder.transcript) {
            let own = |of: &usize| folders[*of].transcript.machine() == Some(seen.machine);
            for of in (0..folders.len()).filter(own).filter(|of| !older.contains(of)) {
                let has = match folders[of].transcript.head_after(seen.lines) {
                    Some(head) if head == seen.head => {
                        found.seen.push(Seen { witness, at, of, lines: seen.lines });
                        continue;
                    }
                    Some(head) => Instead::Other(head),
                    None => Instead::Shorter(folders[of].transcript.count()),
                };
                found.contradictions.push(Contradiction::Seen { witness, at, seen: seen.clone(), of, has });
            }
        }
    }
    found
}

fn pairs(count: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..count).flat_map(move |first| (first + 1..count).map(move |second| (first, second)))
}

fn same_ceremony(folders: &[&Replay], first: usize, second: usize, found: &mut Across) {
    let ceremony = |at: usize| match &folders[at].transcript.entries().first()?.event {
        Event::Opened(opened) => Some(opened.ceremony),
        _ => None,
    };
    if let (Some(one), Some(other)) = (ceremony(first), ceremony(second))
        && one != other
    {
        found.contradictions.push(Contradiction::Ceremonies { first, second });
    }
}

/// One machine's chain as two folders know it.
fn one_machine(folders: &[&Replay], first: usize, second: usize, found: &mut Across) {
    let (known, other) = (chains(folders[first]), chains(folders[second]));
    for (machine, one) in &known {
        let Some(two) = other.get(machine) else { continue };
        let both_own = [first, second].iter().all(|at| folders[*at].transcript.machine() == Some(*machine));
        let own = [first, second].iter().any(|at| folders[*at].transcript.machine() == Some(*machine));
        match compare(one, two) {
            // Where one of them is the machine's own, it is told below, by the line that saw it.
            Compared::Differ { line, .. } if both_own || !own => {
                found.contradictions.push(Contradiction::TwoWays { machine: *machine, line, first, second });
            }
            Compared::Differ { .. } => {}
            _ if both_own => {
                let (older, newer) =
                    if one.count() > two.count() { (second, first) } else { (first, second) };
                found.copies.push(Copied { older, newer, behind: one.count().abs_diff(two.count()) });
            }
            _ => {}
        }
    }
}

/// Every chain that a folder knows line by line: its own, and those of imported files.
fn chains(folder: &Replay) -> BTreeMap<Digest, &Transcript> {
    let others = folder.walked.state.iter().flat_map(|state| state.others());
    let own = folder.transcript.machine().map(|machine| (machine, &folder.transcript));
    others.map(|(machine, chain)| (*machine, chain)).chain(own).collect()
}

/// How far the lines of a folder say that other chains were seen, and in which line.
fn heads(transcript: &Transcript) -> impl Iterator<Item = (u64, &ChainHead)> {
    transcript.entries().iter().flat_map(|entry| {
        let (seen, from): (&[ChainHead], _) = match &entry.event {
            Event::Opened(opened) => (opened.origin.as_ref().map_or(&[], |origin| &origin.chains), None),
            Event::BundleImported(imported) => (&imported.chains, None),
            Event::MachineChanged(changed) => (&[], Some(&changed.from)),
            _ => (&[], None),
        };
        seen.iter().chain(from).map(|seen| (entry.n, seen))
    })
}

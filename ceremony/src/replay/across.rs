//! Several machines' chains against each other: what one machine saw of another must be the beginning of what that one
//! has. A chain that is shorter than it was seen was cut; one that differs was told in two ways.

use crate::digest::Digest;
use crate::transcript::Transcript;
use crate::transcript::event::ChainHead;

/// Two folders that do not agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contradiction {
    /// The machine whose chain is told in two ways.
    pub machine: Digest,
    /// Who saw it: the place of a folder in what was given.
    pub witness: usize,
    /// How far it was seen.
    pub seen: ChainHead,
    /// What the folder that holds that chain has instead.
    pub has: Instead,
}

/// What a chain is instead of what was seen of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Instead {
    /// It is shorter: so many lines.
    Shorter(u64),
    /// It has another head after as many lines.
    Other(Digest),
}

/// Everything in which folders do not agree: `folders` are their chains, and what each saw of others, in one order.
#[must_use]
pub fn across(folders: &[(&Transcript, Vec<ChainHead>)]) -> Vec<Contradiction> {
    let mut found = Vec::new();
    for (witness, (_, seen)) in folders.iter().enumerate() {
        for seen in seen {
            let own = folders.iter().filter(|(chain, _)| chain.machine() == Some(seen.machine));
            for (chain, _) in own {
                let has = match chain.head_after(seen.lines) {
                    Some(head) if head == seen.head => continue,
                    Some(head) => Instead::Other(head),
                    None => Instead::Shorter(chain.count()),
                };
                found.push(Contradiction { machine: seen.machine, witness, seen: seen.clone(), has });
            }
        }
    }
    found
}

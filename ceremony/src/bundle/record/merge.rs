//! Merging two records of one ceremony. Chains merge by prefix: the longer one stands. What is refused in one order is
//! refused in all, because every chain and file of both stands in what comes of it, and a record is made of that anew.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Record;
use crate::bundle::MergeFault;
use crate::digest::Digest;
use crate::materials::Materials;
use crate::transcript::Transcript;

/// Two chains of one machine, held against each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compared {
    /// The second begins with the first, or both are the same.
    SecondIsLonger,
    /// The first begins with the second and goes on.
    FirstIsLonger,
    /// Two different lines stand in one place.
    Differ {
        /// The first line that differs, counted from 1.
        line: u64,
        /// SHA-256 of the line in the first, with its newline.
        first: Digest,
        /// SHA-256 of the line in the second.
        second: Digest,
    },
}

/// Holds two chains against each other.
#[must_use]
pub fn compare(first: &Transcript, second: &Transcript) -> Compared {
    let shorter = first.count().min(second.count());
    // A head binds all lines before it: where the last heads are equal, every line is.
    if first.head_after(shorter) == second.head_after(shorter) {
        return if first.count() > shorter { Compared::FirstIsLonger } else { Compared::SecondIsLonger };
    }
    let differs = (1..=shorter).find(|n| first.line(*n) != second.line(*n)).unwrap_or(shorter);
    let digest = |chain: &Transcript| Digest::of(chain.line(differs).unwrap_or_default().as_bytes());
    Compared::Differ { line: differs, first: digest(first), second: digest(second) }
}

/// One generation of a ceremony: what two bundles, or a bundle and a folder, must have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edition {
    /// The ceremony's id.
    pub ceremony: Digest,
    /// How often its plan was changed.
    pub generation: u64,
    /// SHA-256 of the plan.
    pub plan: Digest,
    /// Whether it is practice.
    pub rehearsal: bool,
}

impl Edition {
    /// # Errors
    /// What differs, in the same words whichever is asked.
    pub fn check_same(&self, other: &Edition) -> Result<(), MergeFault> {
        let ordered = |a: Digest, b: Digest| (a.min(b), a.max(b));
        if self.rehearsal != other.rehearsal {
            return Err(MergeFault::RehearsalAndReal);
        }
        if self.ceremony != other.ceremony {
            let (first, second) = ordered(self.ceremony, other.ceremony);
            return Err(MergeFault::DifferentCeremony { first, second });
        }
        let (a, b) = (self.generation, other.generation);
        if a != b {
            let (ceremony, first, second) = (self.ceremony, a.min(b), a.max(b));
            return Err(MergeFault::DifferentGeneration { ceremony, first, second });
        }
        if self.plan != other.plan {
            let (first, second) = ordered(self.plan, other.plan);
            return Err(MergeFault::DifferentPlan { generation: a, first, second });
        }
        Ok(())
    }
}

impl Record {
    /// Which generation of which ceremony it is of.
    #[must_use]
    pub fn edition(&self) -> Edition {
        Edition {
            ceremony: self.id,
            generation: self.generation,
            plan: self.plan_sha256,
            rehearsal: self.rehearsal,
        }
    }

    pub(in crate::bundle) fn merge(&self, other: &Record) -> Result<Record, MergeFault> {
        self.edition().check_same(&other.edition())?;
        let mut chains = self.chains.clone();
        for (machine, theirs) in &other.chains {
            let Some(ours) = chains.get(machine) else {
                chains.insert(*machine, theirs.clone());
                continue;
            };
            match compare(ours, theirs) {
                Compared::FirstIsLonger => {}
                Compared::SecondIsLonger => {
                    chains.insert(*machine, theirs.clone());
                }
                Compared::Differ { line, first, second } => {
                    return Err(MergeFault::Equivocation {
                        machine: *machine,
                        line,
                        first: first.min(second),
                        second: first.max(second),
                    });
                }
            }
        }
        let mut files: BTreeMap<Digest, Arc<str>> = self.files.clone();
        files.extend(other.files.iter().map(|(sha256, text)| (*sha256, text.clone())));
        Record::of(chains.into_values(), &Texts(files)).map_err(MergeFault::Record)
    }
}

struct Texts(BTreeMap<Digest, Arc<str>>);

impl Materials for Texts {
    fn kept(&self, sha256: Digest) -> Option<std::borrow::Cow<'_, [u8]>> {
        self.0.get(&sha256).map(|text| std::borrow::Cow::Borrowed(text.as_bytes()))
    }
}

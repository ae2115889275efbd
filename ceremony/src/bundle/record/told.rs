//! What a machine's lines say about the ceremony they belong to: its plan and files, generation by generation. Whether the
//! steps in between were legal is not judged here.

use std::collections::{BTreeMap, BTreeSet};

use super::RecordFault;
use crate::digest::Digest;
use crate::transcript::Transcript;
use crate::transcript::event::{Event, Opened, Sealed, Stored};

/// One chain, and what it says about the latest generation that it knows.
pub(super) struct Told<'c> {
    machine: Digest,
    opened: &'c Opened,
    generation: u64,
    plan: &'c Stored,
    inputs: &'c [Stored],
    delta: Option<&'c Stored>,
    cards: Vec<(&'c str, &'c Stored)>,
    /// The last time that its drafts were sealed.
    sealed: Option<&'c Sealed>,
}

impl<'c> Told<'c> {
    pub(super) fn of(machine: Digest, chain: &'c Transcript) -> Result<Told<'c>, RecordFault> {
        let mut told: Option<Told<'c>> = None;
        for entry in chain.entries() {
            match (&entry.event, &mut told) {
                (Event::Opened(opened), None) => told = Some(Told::opened(machine, opened)),
                (Event::Opened(_), Some(_)) | (_, None) => {
                    return Err(RecordFault::Opened { machine, line: entry.n });
                }
                (Event::Replanned(replanned), Some(told)) => {
                    if told.generation.checked_add(1) != Some(replanned.generation) {
                        return Err(RecordFault::Generation { machine, line: entry.n });
                    }
                    told.generation = replanned.generation;
                    told.plan = &replanned.plan;
                    told.inputs = &replanned.inputs;
                    told.delta = replanned.delta.as_ref();
                    told.cards = named(&replanned.cards);
                    told.sealed = None;
                }
                (Event::CardCompared(compared), Some(told)) => {
                    told.cards.push((&compared.key, &compared.card));
                }
                (Event::Sealed(sealed), Some(told)) => told.sealed = Some(sealed),
                _ => {}
            }
        }
        told.ok_or(RecordFault::NoChain)
    }

    fn opened(machine: Digest, opened: &'c Opened) -> Told<'c> {
        Told {
            machine,
            opened,
            generation: opened.generation,
            plan: &opened.plan,
            inputs: &opened.inputs,
            delta: opened.delta.as_ref(),
            cards: named(&opened.cards),
            sealed: None,
        }
    }
}

fn named(cards: &BTreeMap<String, Stored>) -> Vec<(&str, &Stored)> {
    cards.iter().map(|(key, card)| (key.as_str(), card)).collect()
}

/// What all chains say together.
pub(super) struct Basis<'c> {
    /// The first line of the machine on which the ceremony began.
    pub(super) first: &'c Opened,
    pub(super) generation: u64,
    pub(super) plan: &'c Stored,
    pub(super) delta: Option<&'c Stored>,
    pub(super) cards: BTreeMap<&'c str, &'c Stored>,
    pub(super) sealed: Option<&'c Sealed>,
    /// Every file that a line of the latest generation names.
    named: BTreeSet<&'c Stored>,
}

impl<'c> Basis<'c> {
    /// # Errors
    /// When two chains do not say the same.
    pub(super) fn of(told: &[Told<'c>]) -> Result<Basis<'c>, RecordFault> {
        let began = |t: &&Told<'_>| t.opened.origin.is_none() && t.opened.generation == 0;
        let first = told.iter().find(began).ok_or(RecordFault::NoFirst)?;
        let latest = told.iter().max_by_key(|t| t.generation).unwrap_or(first);
        for other in told {
            first.same_ceremony(other)?;
        }
        // The plan of generation 0 makes the id, so two beginnings of one ceremony have the same.
        for other in told.iter().filter(|t| t.opened.generation == 0) {
            same(&first.opened.plan.sha256, &other.opened.plan.sha256, other.machine, "first plan")?;
        }
        let mut basis = Basis {
            first: first.opened,
            generation: latest.generation,
            plan: latest.plan,
            delta: latest.delta,
            cards: BTreeMap::new(),
            sealed: None,
            named: BTreeSet::new(),
        };
        for other in told.iter().filter(|t| t.generation == latest.generation) {
            latest.same_basis(other)?;
            basis.add(other)?;
        }
        Ok(basis)
    }

    fn add(&mut self, told: &Told<'c>) -> Result<(), RecordFault> {
        self.named.extend([told.plan].into_iter().chain(told.inputs).chain(told.delta));
        for (key, card) in &told.cards {
            let known = self.cards.entry(key).or_insert(card);
            if known.sha256 != card.sha256 {
                return Err(RecordFault::TwoCards { key: (*key).to_owned() });
            }
            self.named.insert(card);
        }
        if let (Some(known), Some(found)) = (self.sealed, told.sealed)
            && drafts(known) != drafts(found)
        {
            return Err(RecordFault::Disagree { machine: told.machine, what: "drafts" });
        }
        self.sealed = self.sealed.or(told.sealed);
        Ok(())
    }

    /// The files, each as every line names it.
    pub(super) fn files(&self) -> impl Iterator<Item = &'c Stored> {
        self.named.iter().copied()
    }
}

impl Told<'_> {
    fn same_ceremony(&self, other: &Told<'_>) -> Result<(), RecordFault> {
        let (a, b, machine) = (self.opened, other.opened, other.machine);
        same(&a.ceremony, &b.ceremony, machine, "ceremony")?;
        same(&a.salt, &b.salt, machine, "salt")?;
        same(&a.rehearsal, &b.rehearsal, machine, "rehearsal mark")?;
        same(&a.spec_version, &b.spec_version, machine, "spec_version")
    }

    fn same_basis(&self, other: &Told<'_>) -> Result<(), RecordFault> {
        let machine = other.machine;
        let digests = |stored: &[Stored]| stored.iter().map(|s| s.sha256).collect::<BTreeSet<_>>();
        same(&self.plan.sha256, &other.plan.sha256, machine, "plan")?;
        same(&digests(self.inputs), &digests(other.inputs), machine, "inputs")?;
        same(&self.delta.map(|d| d.sha256), &other.delta.map(|d| d.sha256), machine, "delta")
    }
}

fn drafts(sealed: &Sealed) -> BTreeSet<(Digest, &str, u64)> {
    sealed.drafts.iter().map(|d| (d.payload, d.role.as_str(), d.version)).collect()
}

fn same<T: PartialEq>(a: &T, b: &T, machine: Digest, what: &'static str) -> Result<(), RecordFault> {
    if a == b { Ok(()) } else { Err(RecordFault::Disagree { machine, what }) }
}

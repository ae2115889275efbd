//! What a file brings to a machine that knows a ceremony already: signatures, each verified over the machine's own drafts,
//! and lines of other machines. The same function decides an import and judges it again on replay (MODEL 13).
//!
//! A chain that is told in two ways is named and not believed further; the signatures of both sides are kept, because they
//! verify whoever tells of them.

use std::collections::{BTreeMap, BTreeSet};

use crate::bundle::{Bundle, Compared, Edition, MergeFault, Part, Source, compare};
use crate::digest::Digest;
use crate::gather::{Gathered, Oddity, admit_all, admit_document};
use crate::metadata::ShapeFault;
use crate::transcript::Transcript;
use crate::transcript::event::{Arrived, ChainHead, Equivocation, Event};

/// What a machine knows before the file.
#[derive(Debug, Clone, Copy)]
pub struct Known<'k> {
    /// The ceremony, and the generation of its plan.
    pub edition: Edition,
    /// Its drafts.
    pub parts: &'k [Part],
    /// The machine's own lines.
    pub own: &'k Transcript,
    /// The lines of others that it met, by machine.
    pub chains: &'k BTreeMap<Digest, Transcript>,
    /// Machines whose lines were told in two ways before.
    pub broken: &'k BTreeSet<Digest>,
}

/// What a file brings.
#[derive(Debug, Clone, Default)]
pub struct Arrivals {
    /// What counts in it, sorted by draft, key, scheme and bytes; also what was known already.
    pub signatures: Vec<Arrived>,
    /// The other machines in it that are believed, and how far each is known now, sorted.
    pub chains: Vec<ChainHead>,
    /// Machines that are told in two ways, sorted; the machine itself is among them if its own folder was copied and both
    /// copies went on.
    pub equivocations: Vec<Equivocation>,
    /// The lines behind [`Arrivals::chains`], by machine.
    pub lines: BTreeMap<Digest, Transcript>,
    /// What is odd about a foreign file.
    pub oddities: Vec<Oddity>,
}

/// A file brings nothing, because it does not belong here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArrivalFault {
    /// It is of another ceremony, generation, plan or drafts.
    #[error(transparent)]
    Merge(#[from] MergeFault),
    /// It holds more lines of this machine than the machine itself has: the folder was put back from an older copy.
    #[error(
        "it holds {theirs} lines of this machine, and this folder holds {ours}: the folder is an older copy"
    )]
    OlderCopy {
        /// Lines here.
        ours: u64,
        /// Lines in the file.
        theirs: u64,
    },
    /// A foreign document that is none of the drafts.
    #[error("it holds the document {payload}, which is none of the drafts of this ceremony")]
    OtherDocument {
        /// Its payload.
        payload: Digest,
    },
    /// A loose signature for a role of which there is no draft.
    #[error("it holds a signature for the role {role:?}, of which this ceremony makes no draft")]
    OtherRole {
        /// The role.
        role: String,
    },
    /// A foreign file whose signatures have another shape.
    #[error(transparent)]
    Shape(#[from] ShapeFault),
}

impl Arrivals {
    /// What a bundle brings: one of this ceremony, or a plain one of the same drafts.
    ///
    /// # Errors
    /// When it is of another ceremony, generation or plan, of other drafts, or shows that this folder is an older copy.
    pub fn of_bundle(known: &Known<'_>, bundle: &Bundle) -> Result<Arrivals, ArrivalFault> {
        let mut arrivals = Arrivals::default();
        if let Some(record) = bundle.record() {
            known.edition.check_same(&record.edition())?;
            for (machine, theirs) in record.chains() {
                arrivals.meet(known, *machine, theirs)?;
            }
        }
        Bundle::plain(known.parts.iter().cloned()).check_drafts(bundle)?;
        arrivals.take(bundle.parts());
        Ok(arrivals)
    }

    /// What a partially signed document or loose signatures bring, as any peer writes them.
    ///
    /// # Errors
    /// When it is about none of the drafts.
    pub fn of_foreign(known: &Known<'_>, file: &Gathered) -> Result<Arrivals, ArrivalFault> {
        let source = Source::of(&format!("file:{}", file.sha256)).expect("a digest is printable ASCII");
        let mut arrivals = Arrivals::default();
        if let Some(metadata) = &file.foreign.metadata {
            let payload = metadata.payload();
            let part = known.parts.iter().find(|p| p.draft().metadata().payload() == payload);
            let mut part = part.ok_or(ArrivalFault::OtherDocument { payload })?.unsigned();
            admit_document(&mut part, metadata, &source, &mut |what| arrivals.oddities.push(what))?;
            arrivals.take([&part]);
        }
        if let Some(loose) = &file.foreign.loose {
            let fits = |p: &&Part| loose.role.as_ref().is_none_or(|role| role == p.draft().role());
            let mut parts: Vec<Part> = known.parts.iter().filter(fits).map(Part::unsigned).collect();
            if let (Some(role), []) = (&loose.role, parts.as_slice()) {
                let role = role.chars().take(200).collect();
                return Err(ArrivalFault::OtherRole { role });
            }
            for part in &mut parts {
                // With several drafts an entry can count for one of them only; what it is not worth to the others is
                // not odd.
                let alone = known.parts.len() == 1 || loose.role.is_some();
                admit_all(part, &loose.entries(), &source, &mut |what| {
                    if alone || matches!(what, Oddity::Admitted { .. }) {
                        arrivals.oddities.push(what);
                    }
                });
            }
            arrivals.take(&parts);
        }
        Ok(arrivals)
    }

    /// Events of other machines that are believed, with the machine: exceptions granted there, refusals to sign.
    pub fn events(&self) -> impl Iterator<Item = (Digest, &Event)> {
        self.lines.iter().flat_map(|(machine, lines)| lines.entries().iter().map(|e| (*machine, &e.event)))
    }

    /// Whether this machine's own folder was copied and both copies went on.
    #[must_use]
    pub fn own_fork(&self, own: &Transcript) -> Option<&Equivocation> {
        self.equivocations.iter().find(|e| Some(e.machine) == own.machine())
    }

    fn take<'p>(&mut self, parts: impl IntoIterator<Item = &'p Part>) {
        for part in parts {
            self.signatures.extend(part.signatures().all().map(|s| Arrived {
                draft: part.draft().metadata().payload(),
                key: s.verified.fingerprint(),
                scheme: s.verified.key().scheme().name().to_owned(),
                sig: hex::encode(s.verified.bytes()),
                sources: s.sources.iter().map(|s| s.as_str().to_owned()).collect(),
            }));
        }
        self.signatures.sort();
    }

    fn meet(&mut self, known: &Known<'_>, machine: Digest, theirs: &Transcript) -> Result<(), ArrivalFault> {
        let own = known.own.machine() == Some(machine);
        let ours = if own { Some(known.own) } else { known.chains.get(&machine) };
        let compared = ours.map(|ours| compare(ours, theirs));
        if let Some(Compared::Differ { line, first, second }) = compared {
            self.equivocations.push(Equivocation { found: second, known: first, line, machine });
            return Ok(());
        }
        if own {
            let (ours, theirs) = (known.own.count(), theirs.count());
            return if theirs > ours { Err(ArrivalFault::OlderCopy { ours, theirs }) } else { Ok(()) };
        }
        if known.broken.contains(&machine) {
            return Ok(());
        }
        let lines = match (ours, compared) {
            (Some(ours), Some(Compared::FirstIsLonger)) => ours,
            _ => theirs,
        };
        self.chains.push(ChainHead { head: lines.head(), lines: lines.count(), machine });
        self.chains.sort_by_key(|c| c.machine);
        self.lines.insert(machine, lines.clone());
        Ok(())
    }
}

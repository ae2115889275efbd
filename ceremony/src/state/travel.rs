//! What leaves and reaches this machine: bundles, signatures that come with them, and how far other machines' chains are known.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Grant, Illegal, Sealing, State};
use crate::bundle::{Bundle, BundleFault, Edition, MergeFault, Part, Source, Unchecked};
use crate::dialect::{Foreign, ForeignFault};
use crate::digest::Digest;
use crate::document::Document;
use crate::gather::Gathered;
use crate::key::Fingerprint;
use crate::limits::SOURCES;
use crate::materials::Materials;
use crate::places;
use crate::receive::arrivals::{ArrivalFault, Arrivals, Known};
use crate::transcript::Transcript;
use crate::transcript::event::{
    Arrived, BundleExported, BundleImported, ChainHead, Event, Form, MachineChanged, Opened, Origin, Stored,
};

/// Something that a line says and that could not be checked, because the file behind it was not given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotRecomputed {
    /// The line.
    pub line: u64,
    /// The file.
    pub file: Stored,
}

/// An imported file does not belong here.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ImportFault {
    /// It is no bundle, or one that does not hold.
    #[error(transparent)]
    Bundle(#[from] BundleFault),
    /// It is no foreign file that can be read.
    #[error(transparent)]
    Foreign(#[from] ForeignFault),
    /// It is of another ceremony, generation or drafts, or shows that this folder is an older copy.
    #[error(transparent)]
    Arrival(#[from] ArrivalFault),
    /// The ceremony was opened from a bundle of another.
    #[error(transparent)]
    Edition(#[from] MergeFault),
    /// The ceremony was opened from a bundle that is of none.
    #[error("the bundle is of no ceremony: it holds drafts and signatures alone")]
    NoRecord,
}

/// Reads a bundle whole; what travels beside it is looked for by its digest.
fn bundle(file: Vec<u8>, materials: &dyn Materials) -> Result<Bundle, ImportFault> {
    let beside = |name: &str| {
        let digest = Digest::from_hex(name.strip_suffix(".payload")?).ok()?;
        materials.bytes(digest).map(Cow::into_owned)
    };
    Ok(Unchecked::read(file)?.check(beside)?)
}

/// The chains in the bundle that a ceremony was opened from, if it is at hand: of the same ceremony and plan, and as many as
/// the line says.
pub(super) fn origin(
    opened: &Opened,
    origin: &Origin,
    materials: &dyn Materials,
) -> Result<Option<BTreeMap<Digest, Transcript>>, Illegal> {
    let Some(file) = materials.bytes(origin.bundle.sha256) else { return Ok(None) };
    let bundle = bundle(file.into_owned(), materials)?;
    let record = bundle.record().ok_or(ImportFault::NoRecord)?;
    let edition = Edition {
        ceremony: opened.ceremony,
        generation: opened.generation,
        plan: opened.plan.sha256,
        rehearsal: opened.rehearsal,
    };
    edition.check_same(&record.edition()).map_err(ImportFault::Edition)?;
    if record.salt() != opened.salt || record.spec_version() != opened.spec_version {
        return Err(Illegal::Brought { path: origin.bundle.path.clone(), what: "salt or spec_version" });
    }
    if record.heads() != origin.chains {
        return Err(Illegal::Brought { path: origin.bundle.path.clone(), what: "chains" });
    }
    Ok(Some(record.chains().clone()))
}

impl State {
    pub(super) fn export(&self, exported: &BundleExported) -> Result<(), Illegal> {
        let held = |draft: &Sealing| draft.part.signatures().all().count() as u64;
        let found = self.drafts.iter().map(held).sum();
        if exported.signatures != found {
            return Err(Illegal::Count { claimed: exported.signatures, found });
        }
        Ok(())
    }

    pub(super) fn import(
        &mut self,
        imported: &BundleImported,
        materials: &dyn Materials,
    ) -> Result<(), Illegal> {
        let line = self.chain.count();
        self.folder.keep(&imported.file, &places::import(line, imported.file.sha256))?;
        super::basis::length(&imported.file, materials)?;
        self.learn(imported)?;
        if !imported.signatures.is_sorted_by(|a, b| place(a) < place(b)) {
            return Err(Illegal::Unsorted { what: "the signatures" });
        }
        for arrived in &imported.signatures {
            let sources = sources(arrived)?;
            self.take_signature((arrived.draft, arrived.key), &arrived.scheme, &arrived.sig, &sources)?;
        }
        match materials.bytes(imported.file.sha256) {
            Some(file) => self.read_again(imported, file.into_owned(), materials),
            None => {
                self.not_recomputed.push(NotRecomputed { line, file: imported.file.clone() });
                Ok(())
            }
        }
    }

    /// What the file brings must be what the line says, to the last signature.
    fn read_again(
        &mut self,
        imported: &BundleImported,
        file: Vec<u8>,
        materials: &dyn Materials,
    ) -> Result<(), Illegal> {
        let read = self.arrivals(imported.form, file, materials)?;
        let other = |what| Err(Illegal::Brought { path: imported.file.path.clone(), what });
        if read.signatures != imported.signatures {
            return other("signatures");
        }
        // Where an earlier file is gone, nobody can say which of its lines are the longer ones.
        if self.not_recomputed.is_empty() {
            if read.chains != imported.chains {
                return other("chains");
            }
            if read.equivocations != imported.equivocations {
                return other("equivocations");
            }
        }
        for (machine, lines) in &read.lines {
            self.hear(*machine, lines);
        }
        let others = Arc::make_mut(&mut self.others);
        others.extend(read.lines);
        Ok(())
    }

    /// What a file would bring: for whoever is about to import it, and again when its line is judged.
    ///
    /// # Errors
    /// Why it does not belong here.
    pub fn arrivals(
        &self,
        form: Form,
        file: Vec<u8>,
        materials: &dyn Materials,
    ) -> Result<Arrivals, Illegal> {
        let parts: Vec<Part> = self.drafts.iter().map(|draft| draft.part.unsigned()).collect();
        let edition = Edition {
            ceremony: self.opened.ceremony,
            generation: self.basis.generation,
            plan: self.basis.file.sha256,
            rehearsal: self.opened.rehearsal,
        };
        let known =
            Known { edition, parts: &parts, own: &self.chain, chains: &self.others, broken: &self.split };
        let arrived = match form {
            Form::Bundle => Arrivals::of_bundle(&known, &bundle(file, materials)?),
            Form::Foreign => {
                let sha256 = Digest::of(&file);
                let document = Document::read(file).map_err(ForeignFault::from).map_err(ImportFault::from)?;
                let foreign = Foreign::of(document).map_err(ImportFault::from)?;
                Arrivals::of_foreign(&known, &Gathered { foreign, sha256 })
            }
        };
        Ok(arrived.map_err(ImportFault::from)?)
    }

    /// What another machine's lines say of exceptions and of who signed; claims, as everything in them. A grant among them is
    /// kept apart from those that count.
    fn hear(&mut self, machine: Digest, lines: &Transcript) {
        let mut begun = BTreeMap::new();
        for entry in lines.entries() {
            match &entry.event {
                Event::ExceptionGranted(granted) => {
                    self.told.entry(Grant::from(granted)).or_default().insert(machine);
                }
                Event::SigningBegun(attempt) => {
                    begun.insert(entry.n, attempt);
                }
                Event::SignatureAdmitted(admitted) => {
                    let signed = begun.get(&admitted.begun);
                    self.elsewhere.extend(signed.map(|b| (b.draft, b.key, b.person.clone())));
                }
                _ => {}
            }
        }
    }

    /// How far other chains are known only grows; of this machine's own a bundle can know the beginning, and no more.
    fn learn(&mut self, imported: &BundleImported) -> Result<(), Illegal> {
        let BundleImported { chains, equivocations, .. } = imported;
        if !chains.is_sorted_by(|a, b| a.machine < b.machine) {
            return Err(Illegal::Unsorted { what: "the chains" });
        }
        if !equivocations.is_sorted_by(|a, b| a < b) {
            return Err(Illegal::Unsorted { what: "the equivocations" });
        }
        for told in equivocations {
            let cannot = |why| Err(Illegal::Chain { machine: told.machine, why });
            if told.found == told.known || told.line == 0 {
                return cannot("it is told in two ways, and the two are one");
            }
            if told.line == 1 {
                return cannot("its first line is its name, so that cannot be told in two ways");
            }
            if chains.iter().any(|chain| chain.machine == told.machine) {
                return cannot("it is told in two ways and believed");
            }
            let known = self.chain.line(told.line).map(|line| Digest::of(line.as_bytes()));
            if self.chain.machine() == Some(told.machine) && known != Some(told.known) {
                return cannot("it is this machine's own, and the line said to be known is another");
            }
            self.split.insert(told.machine);
        }
        for chain in chains {
            self.learn_chain(chain)?;
        }
        Ok(())
    }

    fn learn_chain(&mut self, chain: &ChainHead) -> Result<(), Illegal> {
        let machine = chain.machine;
        let cannot = |why| Err(Illegal::Chain { machine, why });
        if chain.lines == 0 {
            return cannot("it has no line");
        }
        if chain.lines == 1 && chain.head != machine {
            return cannot("its first line is its name");
        }
        if self.chain.machine() == Some(machine) {
            return match self.own(chain) {
                None => cannot("it is this machine's own and longer than it: this folder is an older copy"),
                Some(false) => cannot("it is this machine's own, and tells it in another way"),
                Some(true) => Ok(()),
            };
        }
        match self.known.get(&machine) {
            Some(before) if before.lines > chain.lines => cannot("more of it was known before"),
            Some(before) if before.lines == chain.lines && before.head != chain.head => {
                cannot("it was told in another way before")
            }
            _ => {
                self.known.insert(machine, chain.clone());
                Ok(())
            }
        }
    }

    /// Whether this is a beginning of this machine's own chain, the line that tells of it left aside.
    fn own(&self, chain: &ChainHead) -> Option<bool> {
        if chain.lines >= self.chain.count() {
            return None;
        }
        self.chain.head_after(chain.lines).map(|head| head == chain.head)
    }

    pub(super) fn take_over(&self, changed: &MachineChanged) -> Result<(), Illegal> {
        let known = self.opened.origin.iter().any(|origin| origin.chains.contains(&changed.from));
        if self.chain.count() == 2 && known { Ok(()) } else { Err(Illegal::NotATakeover) }
    }
}

/// The order of signatures, in which each stands once.
fn place(arrived: &Arrived) -> (Digest, Fingerprint, &str, &str) {
    (arrived.draft, arrived.key, &arrived.scheme, &arrived.sig)
}

fn sources(arrived: &Arrived) -> Result<Vec<Source>, Illegal> {
    let texts = &arrived.sources;
    if texts.is_empty() || !SOURCES.allows(texts.len()) || !texts.is_sorted_by(|a, b| a < b) {
        return Err(Illegal::Unsorted { what: "the sources of a signature" });
    }
    let source = |text: &String| {
        Source::of(text).map_err(|_| Illegal::Source { source_text: text.chars().take(80).collect() })
    };
    texts.iter().map(source).collect()
}

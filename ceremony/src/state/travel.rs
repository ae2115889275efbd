//! What leaves and reaches this machine: bundles, signatures that come with them, and how far other machines' chains are known.

use std::borrow::Cow;

use super::{Chain, Grant, Illegal, Sealing, State, folder};
use crate::bundle::Source;
use crate::digest::Digest;
use crate::key::Fingerprint;
use crate::limits::SOURCES;
use crate::materials::Materials;
use crate::transcript::event::{
    Arrived, BundleExported, BundleImported, ChainHead, Equivocation, MachineChanged, Stored,
};

/// Something that a line says and that could not be checked, because the file behind it was not given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotRecomputed {
    /// The line.
    pub line: u64,
    /// The file.
    pub file: Stored,
}

/// What an imported file holds for this ceremony.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Arrivals {
    /// See [`BundleImported::chains`].
    pub chains: Vec<ChainHead>,
    /// See [`BundleImported::equivocations`].
    pub equivocations: Vec<Equivocation>,
    /// See [`BundleImported::signatures`].
    pub signatures: Vec<Arrived>,
    /// Exceptions that were granted on other machines, as their chains say.
    pub grants: Vec<Grant>,
    /// Who signed what with which key on other machines, as their chains say.
    pub signers: Vec<(Digest, Fingerprint, String)>,
}

/// What an imported file holds, read again; `None` where nobody can tell it yet.
fn arrivals(
    _state: &State,
    _imported: &BundleImported,
    _file: Cow<'_, [u8]>,
) -> Result<Option<Arrivals>, Illegal> {
    Ok(None)
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
        self.folder.keep(&imported.file, &folder::imported(line, imported.file.sha256))?;
        super::basis::length(&imported.file, materials)?;
        self.learn(imported)?;
        if !imported.signatures.is_sorted_by(|a, b| place(a) < place(b)) {
            return Err(Illegal::Unsorted { what: "the signatures" });
        }
        for arrived in &imported.signatures {
            let sources = sources(arrived)?;
            self.take_signature((arrived.draft, arrived.key), &arrived.scheme, &arrived.sig, &sources)?;
        }
        let read = match materials.bytes(imported.file.sha256) {
            Some(file) => arrivals(self, imported, file)?,
            None => None,
        };
        let Some(read) = read else {
            self.not_recomputed.push(NotRecomputed { line, file: imported.file.clone() });
            return Ok(());
        };
        let path = || imported.file.path.clone();
        let differs = [
            (read.signatures != imported.signatures, "signatures"),
            (read.chains != imported.chains, "chains"),
            (read.equivocations != imported.equivocations, "equivocations"),
        ];
        if let Some((_, what)) = differs.into_iter().find(|(differs, _)| *differs) {
            return Err(Illegal::Import { path: path(), what });
        }
        self.grants.extend(read.grants);
        self.elsewhere.extend(read.signers);
        Ok(())
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
            let own = self.chain.at(1).map(|(machine, _)| machine) == Some(told.machine);
            if own && self.chain.at(told.line).map(|(_, line)| line) != Some(told.known) {
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
        if self.chain.at(1).map(|(own, _)| own) == Some(machine) {
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
        let before = |own: &Chain| own.count().saturating_sub(1);
        if chain.lines > before(&self.chain) {
            return None;
        }
        self.chain.at(chain.lines).map(|(head, _)| head == chain.head)
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

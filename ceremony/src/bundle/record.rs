//! What a bundle of a ceremony carries beside its drafts (MODEL 13): the lines of every machine that was met, and the
//! files that its plan is made of. Everything else that it says follows from those two. It is no ceremony's state: what the
//! lines amount to is [`crate::state`]'s, and a bundle is never a trust anchor.

mod fault;
mod merge;
mod read;
mod told;
mod write;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

pub use fault::RecordFault;
pub use merge::{Compared, Edition, compare};
pub(super) use read::UncheckedRecord;

use super::Part;
use crate::digest::Digest;
use crate::document::Document;
use crate::limits::{BUNDLE_FILES, CHAINS, DOCUMENT};
use crate::materials::Materials;
use crate::metadata::Metadata;
use crate::plan::Plan;
use crate::transcript::event::ChainHead;
use crate::transcript::{Transcript, ceremony_id};
use told::{Basis, Told};

/// The chains and files of one ceremony, of one generation of its plan.
#[derive(Debug, Clone)]
pub struct Record {
    id: Digest,
    generation: u64,
    plan: Arc<Plan>,
    plan_sha256: Digest,
    rehearsal: bool,
    salt: Digest,
    spec_version: String,
    cards: BTreeMap<String, Digest>,
    delta: Option<Digest>,
    /// Payload of the root that the plan builds on.
    root: Option<Digest>,
    /// By machine; never empty.
    chains: BTreeMap<Digest, Transcript>,
    /// The plan, and what it and the lines of its generation name.
    files: BTreeMap<Digest, Arc<str>>,
    /// Drafts as the lines of this generation tell them: payload, then role and version.
    sealed: BTreeMap<Digest, (String, u64)>,
    /// Their letters, by payload.
    letters: BTreeMap<Digest, String>,
}

impl Record {
    /// Takes chains, and of `files` those that they name. Generation, plan and the ceremony's id follow.
    ///
    /// # Errors
    /// When the chains are not of one ceremony, tell its latest plan in different ways, or name a file that is not there.
    pub fn of(
        chains: impl IntoIterator<Item = Transcript>,
        files: &dyn Materials,
    ) -> Result<Record, RecordFault> {
        let mut by_machine = BTreeMap::new();
        for chain in chains {
            let machine = chain.machine().ok_or(RecordFault::NoChain)?;
            by_machine.insert(machine, chain);
        }
        if by_machine.is_empty() {
            return Err(RecordFault::NoChain);
        }
        if !CHAINS.allows(by_machine.len()) {
            return Err(RecordFault::Past(CHAINS));
        }
        let told = by_machine
            .iter()
            .map(|(m, c)| Told::of(*m, c))
            .collect::<Result<Vec<Told<'_>>, RecordFault>>()?;
        let basis = Basis::of(&told)?;
        let texts = texts(&basis, files)?;
        let plan = Plan::read(texts[&basis.plan.sha256].as_bytes()).map_err(RecordFault::Plan)?;
        if plan.rehearsal != basis.first.rehearsal {
            return Err(RecordFault::PlanRehearsal);
        }
        let root = root(&plan, &texts)?;
        let (salt, rehearsal) = (basis.first.salt, basis.first.rehearsal);
        let found = ceremony_id(basis.first.plan.sha256, root, rehearsal, salt);
        if found != basis.first.ceremony {
            return Err(RecordFault::Id { claimed: basis.first.ceremony, found });
        }
        let sealed = || basis.sealed.iter().flat_map(|s| &s.drafts);
        let record = Record {
            id: found,
            generation: basis.generation,
            plan: Arc::new(plan),
            plan_sha256: basis.plan.sha256,
            rehearsal,
            salt,
            spec_version: basis.first.spec_version.clone(),
            cards: basis.cards.iter().map(|(key, card)| ((*key).to_owned(), card.sha256)).collect(),
            delta: basis.delta.as_ref().map(|d| d.sha256),
            root,
            sealed: sealed().map(|d| (d.payload, (d.role.clone(), d.version))).collect(),
            letters: sealed().map(|d| (d.payload, d.letter.clone())).collect(),
            files: texts,
            chains: BTreeMap::new(),
        };
        drop(told);
        Ok(Record { chains: by_machine, ..record })
    }

    /// The ceremony.
    #[must_use]
    pub fn id(&self) -> Digest {
        self.id
    }

    /// How often its plan was changed.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// SHA-256 of the plan of this generation; it is among the files.
    #[must_use]
    pub fn plan_sha256(&self) -> Digest {
        self.plan_sha256
    }

    /// Whether it is practice.
    #[must_use]
    pub fn is_rehearsal(&self) -> bool {
        self.rehearsal
    }

    /// The chance in the ceremony's id.
    #[must_use]
    pub fn salt(&self) -> Digest {
        self.salt
    }

    /// Payload of the trusted root that the plan builds on; none where it makes root 1.
    #[must_use]
    pub fn root(&self) -> Option<Digest> {
        self.root
    }

    /// The chains, by machine.
    #[must_use]
    pub fn chains(&self) -> &BTreeMap<Digest, Transcript> {
        &self.chains
    }

    /// How far each chain is told, sorted by machine.
    #[must_use]
    pub fn heads(&self) -> Vec<ChainHead> {
        let head = |(machine, c): (&Digest, &Transcript)| ChainHead {
            head: c.head(),
            lines: c.count(),
            machine: *machine,
        };
        self.chains.iter().map(head).collect()
    }

    /// The files, by SHA-256. The record is also [`Materials`].
    pub fn files(&self) -> impl Iterator<Item = (Digest, &str)> {
        self.files.iter().map(|(sha256, text)| (*sha256, &**text))
    }

    /// The plan of this generation.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// SHA-256 of the key cards and public keys, by the plan's name of the key.
    #[must_use]
    pub fn cards(&self) -> &BTreeMap<String, Digest> {
        &self.cards
    }

    /// SHA-256 of what is added to targets.
    #[must_use]
    pub fn delta(&self) -> Option<Digest> {
        self.delta
    }

    /// The specification that new documents follow where the plan does not say.
    #[must_use]
    pub fn spec_version(&self) -> &str {
        &self.spec_version
    }

    /// The letter of a draft of this generation on screen and paper, as its lines tell it.
    #[must_use]
    pub fn letter(&self, payload: Digest) -> Option<&str> {
        self.letters.get(&payload).map(String::as_str)
    }

    pub(super) fn file_texts(&self) -> impl Iterator<Item = (Digest, &Arc<str>)> {
        self.files.iter().map(|(sha256, text)| (*sha256, text))
    }

    /// Whether these are the drafts that its lines tell, marked as they say.
    pub(super) fn check_drafts<'p>(&self, parts: impl Iterator<Item = &'p Part>) -> Result<(), RecordFault> {
        let mut there = BTreeMap::new();
        for part in parts {
            let metadata = part.draft().metadata();
            let role = part.draft().role().to_owned();
            if is_rehearsal(metadata) != Some(self.rehearsal) {
                return Err(RecordFault::Mark { role, rehearsal: self.rehearsal });
            }
            there.insert(metadata.payload(), (role, metadata.version()));
        }
        if there == self.sealed { Ok(()) } else { Err(RecordFault::OtherDrafts) }
    }
}

impl Materials for Record {
    fn kept(&self, sha256: Digest) -> Option<Cow<'_, [u8]>> {
        self.files.get(&sha256).map(|text| Cow::Borrowed(text.as_bytes()))
    }
}

/// Whether a document is marked as practice (MODEL 29); none where the mark is something else than `true`.
fn is_rehearsal(metadata: &Metadata) -> Option<bool> {
    match metadata.signed().member("x-rehearsal") {
        None => Some(false),
        Some(mark) => mark.boolean().filter(|mark| *mark),
    }
}

fn texts(basis: &Basis<'_>, files: &dyn Materials) -> Result<BTreeMap<Digest, Arc<str>>, RecordFault> {
    let mut texts: BTreeMap<Digest, Arc<str>> = BTreeMap::new();
    for stored in basis.files() {
        let sha256 = stored.sha256;
        let text = match texts.get(&sha256) {
            Some(text) => text.clone(),
            None => {
                let bytes = files.bytes(sha256).ok_or(RecordFault::NoFile { sha256 })?;
                let text = std::str::from_utf8(&bytes).map_err(|_| RecordFault::NotText { sha256 })?;
                texts.entry(sha256).or_insert_with(|| text.into()).clone()
            }
        };
        if text.len() as u64 != stored.bytes {
            return Err(RecordFault::Length { sha256, claimed: stored.bytes, found: text.len() as u64 });
        }
    }
    if BUNDLE_FILES.allows(texts.len()) { Ok(texts) } else { Err(RecordFault::Past(BUNDLE_FILES)) }
}

/// Payload of the root that the plan builds on.
fn root(plan: &Plan, texts: &BTreeMap<Digest, Arc<str>>) -> Result<Option<Digest>, RecordFault> {
    let Some(file) = &plan.predecessor.root else { return Ok(None) };
    let text = texts.get(&file.sha256).ok_or(RecordFault::NoFile { sha256: file.sha256 })?;
    let document = Document::read_within(text.as_bytes(), DOCUMENT).map_err(RecordFault::Root)?;
    Ok(Some(Metadata::of(document.into()).map_err(RecordFault::RootShape)?.payload()))
}

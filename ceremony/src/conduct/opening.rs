//! Opening a ceremony: on its first machine from a plan and the files that it names, on every other from a bundle; and
//! putting another plan in the place of the first.

use std::collections::BTreeMap;

use super::{NewFile, Step};
use crate::digest::Digest;
use crate::document::{Document, ReadFault};
use crate::materials::Materials;
use crate::metadata::{Metadata, ShapeFault};
use crate::places;
use crate::plan::{CardRef, FileRef, Plan, PlanFault};
use crate::transcript::event::{self, ChainHead, Event, External, Opened, Replanned, Stored};
use crate::transcript::{FORMAT, RULES, ceremony_id};

/// What is needed to open a ceremony. Time, chance and files are arguments.
pub struct Opening<'o> {
    /// The plan's text.
    pub plan: &'o [u8],
    /// The files that the plan names.
    pub materials: &'o dyn Materials,
    /// What is added to targets, where the plan adds something.
    pub delta: Option<&'o [u8]>,
    /// The date that a person stated.
    pub date: String,
    /// Chance of this machine.
    pub nonce: Digest,
    /// Chance of the ceremony.
    pub salt: Digest,
    /// This program and its version.
    pub tool: String,
    /// The machine profile.
    pub profile: Option<External>,
    /// How many devices hold the folder.
    pub devices: u64,
    /// Why one is enough.
    pub one_device: Option<String>,
    /// Where the ceremony comes from, if it was opened before.
    pub origin: Option<Origin<'o>>,
}

/// A ceremony that was opened on another machine.
pub struct Origin<'o> {
    /// The bundle's bytes.
    pub bundle: &'o [u8],
    /// The chains in it.
    pub chains: Vec<ChainHead>,
    /// The opener's own copy of the trusted root.
    pub trust: Option<&'o [u8]>,
    /// The ceremony.
    pub ceremony: Digest,
    /// How often its plan was changed.
    pub generation: u64,
    /// Cards that were made in the ceremony, by the plan's name of the key.
    pub made: BTreeMap<String, Digest>,
}

/// What is needed to put another plan in the place of the first.
pub struct Replanning<'o> {
    /// The new plan's text.
    pub plan: &'o [u8],
    /// The files that it names.
    pub materials: &'o dyn Materials,
    /// What it adds to targets.
    pub delta: Option<&'o [u8]>,
    /// Its generation: one more than that of the plan before.
    pub generation: u64,
    /// Who decided it.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// A ceremony cannot be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenFault {
    /// The plan is refused.
    #[error(transparent)]
    Plan(#[from] PlanFault),
    /// A file that the plan names was not given.
    #[error("the plan names the file {file:?} with the SHA-256 {sha256}, and no such file was given")]
    NoFile {
        /// Its path in the plan.
        file: String,
        /// Its digest in the plan.
        sha256: Digest,
    },
    /// The trusted root cannot be read.
    #[error("the trusted root cannot be read: {0}")]
    Root(#[from] ReadFault),
    /// The trusted root is none.
    #[error("the trusted root is no metadata: {0}")]
    Shape(#[from] ShapeFault),
}

/// The first step of a machine.
///
/// # Errors
/// When the plan is refused or a file that it names was not given. Whether the step is legal the state says.
pub fn open(opening: Opening<'_>) -> Result<Step, OpenFault> {
    let plan = Plan::read(opening.plan)?;
    let generation = opening.origin.as_ref().map_or(0, |origin| origin.generation);
    let mut folder = Folder::default();
    let made = opening.origin.as_ref().map(|origin| origin.made.clone()).unwrap_or_default();
    let bound = folder.bind(&plan, opening.plan, generation, opening.materials, opening.delta, &made)?;
    let plan_sha256 = Digest::of(opening.plan);
    let ceremony = match &opening.origin {
        Some(origin) => origin.ceremony,
        None => {
            let root = trusted_payload(&plan, opening.materials)?;
            ceremony_id(plan_sha256, root, plan.rehearsal, opening.salt)
        }
    };
    let origin = opening.origin.map(|origin| event::Origin {
        bundle: folder.add(places::import(1, Digest::of(origin.bundle)), origin.bundle),
        chains: origin.chains,
        trust: origin.trust.map(|trust| folder.add(places::input(Digest::of(trust)), trust)),
    });
    let event = Event::Opened(Box::new(Opened {
        cards: bound.cards,
        ceremony,
        date: opening.date,
        delta: bound.delta,
        devices: opening.devices,
        format: FORMAT,
        generation,
        inputs: bound.inputs,
        nonce: opening.nonce,
        one_device: opening.one_device,
        origin,
        plan: bound.plan,
        profile: opening.profile,
        rehearsal: plan.rehearsal,
        rules: RULES,
        salt: opening.salt,
        spec_version: crate::seal::SPEC_VERSION.to_owned(),
        tool: opening.tool,
    }));
    Ok(Step { files: folder.files, event })
}

/// The step that puts another plan in the place of the one before.
///
/// # Errors
/// As [`open`].
pub fn replan(replanning: Replanning<'_>) -> Result<Step, OpenFault> {
    let Replanning { plan: text, materials, delta, generation, by, reason } = replanning;
    let plan = Plan::read(text)?;
    let mut folder = Folder::default();
    let bound = folder.bind(&plan, text, generation, materials, delta, &BTreeMap::new())?;
    let Bound { plan, cards, inputs, delta } = bound;
    let event = Event::Replanned(Replanned { by, cards, delta, generation, inputs, plan, reason });
    Ok(Step { files: folder.files, event })
}

fn trusted_payload(plan: &Plan, materials: &dyn Materials) -> Result<Option<Digest>, OpenFault> {
    let Some(root) = &plan.predecessor.root else { return Ok(None) };
    let bytes = given(root, materials)?;
    Ok(Some(Metadata::of(Document::read(bytes)?.into())?.payload()))
}

fn given(named: &FileRef, materials: &dyn Materials) -> Result<Vec<u8>, OpenFault> {
    let missing = || OpenFault::NoFile { file: named.file.clone(), sha256: named.sha256 };
    Ok(materials.bytes(named.sha256).ok_or_else(missing)?.into_owned())
}

/// Files on their way into the folder; the same place is filled once.
#[derive(Default)]
struct Folder {
    files: Vec<NewFile>,
}

/// What an event binds.
struct Bound {
    plan: Stored,
    cards: BTreeMap<String, Stored>,
    inputs: Vec<Stored>,
    delta: Option<Stored>,
}

impl Folder {
    fn add(&mut self, path: String, bytes: &[u8]) -> Stored {
        let file = NewFile { path, bytes: bytes.to_vec() };
        let stored = file.stored();
        if !self.files.iter().any(|known| known.path == file.path) {
            self.files.push(file);
        }
        stored
    }

    fn bind(
        &mut self,
        plan: &Plan,
        text: &[u8],
        generation: u64,
        materials: &dyn Materials,
        delta: Option<&[u8]>,
        made: &BTreeMap<String, Digest>,
    ) -> Result<Bound, OpenFault> {
        let stored_plan = self.add(places::plan(generation), text);
        let mut inputs: Vec<Stored> = Vec::new();
        for named in plan.predecessor.files() {
            let stored = self.add(places::input(named.sha256), &given(named, materials)?);
            if !inputs.contains(&stored) {
                inputs.push(stored);
            }
        }
        let mut cards = BTreeMap::new();
        for (name, key) in &plan.keys {
            let card = match (&key.card, &key.public) {
                (Some(CardRef::File(named)), _) => {
                    self.add(places::card(name, generation), &given(named, materials)?)
                }
                (Some(CardRef::ToBeMade), _) => match made.get(name) {
                    Some(&sha256) => {
                        let named = FileRef { file: name.clone(), sha256 };
                        self.add(places::card(name, generation), &given(&named, materials)?)
                    }
                    None => continue,
                },
                (_, Some(public)) => {
                    let named = FileRef { file: public.file.clone(), sha256: public.sha256 };
                    self.add(places::public(name, generation), &given(&named, materials)?)
                }
                _ => continue,
            };
            cards.insert(name.clone(), card);
        }
        let delta = delta.map(|bytes| self.add(places::delta(Digest::of(bytes)), bytes));
        Ok(Bound { plan: stored_plan, cards, inputs, delta })
    }
}

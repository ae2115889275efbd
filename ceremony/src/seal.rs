//! From a plan to unsigned drafts (MODEL 1 to 5): a function of the plan, the documents that it builds on, and the delta of
//! its targets. The same three give the same bytes for ever. What the specification forbids to add is refused here; what
//! the house thinks of the whole is [`crate::policy`]'s.

mod delegations;
mod fault;
mod keys;
mod listing;
mod published;
mod root;
mod targets;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use fault::{PredecessorFault, RolesFault, SealFault, TargetsFault};
pub(crate) use keys::public_key;
pub(crate) use listing::listed;
pub(crate) use published::{MARK, Published, tally};

use keys::Pool;

use crate::bundle::Part;
use crate::card::Card;
use crate::delta::Delta;
use crate::digest::Digest;
use crate::document::{Document, Object, View};
use crate::draft::Draft;
use crate::key::Fingerprint;
use crate::layout::{Edit, Value};
use crate::limits::DRAFTS;
use crate::materials::Materials;
use crate::metadata::{Metadata, RoleType};
use crate::plan::{CardRef, KeySource, Layout, Plan};
use crate::splice;
use crate::time::Moment;

/// The specification that new documents follow where neither the plan nor a predecessor says.
pub const SPEC_VERSION: &str = "1.0.34";

/// What a plan needs beside itself. Documents, cards and public keys that the plan names with a digest are found by that.
#[derive(Clone)]
pub struct Inputs<'m> {
    /// Key cards that were made since the plan was written, by the plan's name of the key. Those that the plan itself
    /// names may stand here too, with the digest that the plan gives.
    pub cards: BTreeMap<String, Digest>,
    /// What is added to targets.
    pub delta: Option<Digest>,
    /// `spec_version` of documents without a predecessor where the plan says nothing: what `Opened` recorded, and
    /// [`SPEC_VERSION`] for a new ceremony.
    pub spec_version: &'m str,
    /// The files.
    pub materials: &'m dyn Materials,
}

impl Inputs<'_> {
    /// The key cards of a plan that are here and can be read, by the plan's names of their keys. What is wrong with the others
    /// is told where drafts are made.
    pub fn cards_of<'p>(&self, plan: &'p Plan) -> impl Iterator<Item = (&'p str, Card)> {
        plan.keys.iter().filter_map(|(name, key)| {
            let sha256 = match key.source() {
                KeySource::Card(CardRef::File(file)) => Some(file.sha256),
                KeySource::Card(CardRef::ToBeMade) => self.cards.get(name).copied(),
                KeySource::Kept(_) | KeySource::Public(_) => None,
            };
            let card = Card::read(&self.materials.bytes(sha256?)?).ok()?;
            Some((name.as_str(), card))
        })
    }
}

/// One draft of a ceremony, without signatures.
#[derive(Debug, Clone)]
pub struct SealedPart {
    /// Its letter on screen and paper: A to Z, then AA.
    pub letter: String,
    /// The draft, who judges it, and what its changes are shown against.
    pub part: Part,
}

/// Makes the drafts of a plan: root, targets, delegated targets with whoever delegates first, snapshot, timestamp.
///
/// # Errors
/// [`SealFault`]: the plan or one of its inputs must change. [`SealFault::Missing`] alone is mended by finding a file.
pub fn seal(plan: &Plan, inputs: &Inputs<'_>) -> Result<Vec<SealedPart>, SealFault> {
    let wishes =
        [plan.root.is_some(), plan.targets.is_some(), plan.snapshot.is_some(), plan.timestamp.is_some()];
    if !DRAFTS.allows(wishes.iter().filter(|made| **made).count() + plan.delegated.len()) {
        return Err(SealFault::Past(DRAFTS));
    }
    let published = Published::read(plan, inputs.materials)?;
    let pool = Pool::of(plan, inputs)?;
    let delta = read_delta(plan, inputs)?;
    let delta = delta.as_ref();
    let scene = Scene {
        plan,
        published: &published,
        delta,
        delta_digest: inputs.delta,
        spec_version: inputs.spec_version,
    };
    let mut made = Made::default();
    if let Some(wish) = &plan.root {
        made.add(&scene, RoleType::Root.name(), root::root(&scene, wish, &pool)?)?;
    }
    if let Some(wish) = &plan.targets {
        let role = RoleType::Targets.name();
        made.add(&scene, role, targets::targets(&scene, role, wish, &pool)?)?;
    }
    for role in delegated_order(plan) {
        made.add(&scene, role, targets::targets(&scene, role, &plan.delegated[role], &pool)?)?;
    }
    for (role, wish) in [(RoleType::Snapshot, &plan.snapshot), (RoleType::Timestamp, &plan.timestamp)] {
        if let Some(wish) = wish {
            made.add(&scene, role.name(), listing::listing(&scene, role, wish, &made.versions()))?;
        }
    }
    let lettered = |(at, part)| SealedPart { letter: letter(at), part };
    Ok(made.0.into_iter().enumerate().map(lettered).collect())
}

/// Which public key each of a plan's keys is, as [`crate::forecast`] asks. A key whose card is still to be made is not
/// among them.
///
/// # Errors
/// As [`seal`], for predecessors, cards and public keys.
pub fn fingerprints(plan: &Plan, inputs: &Inputs<'_>) -> Result<BTreeMap<String, Fingerprint>, SealFault> {
    let published = Published::read(plan, inputs.materials)?;
    Pool::fingerprints(plan, inputs, &published.tables())
}

/// A to Z, then AA to ZZ: more than [`DRAFTS`] allows.
fn letter(at: usize) -> String {
    let one = |at: usize| char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"[at % 26]);
    match at / 26 {
        0 => one(at).to_string(),
        more => [one(more - 1), one(at)].iter().collect(),
    }
}

fn read_delta(plan: &Plan, inputs: &Inputs<'_>) -> Result<Option<Delta>, SealFault> {
    let Some(sha256) = inputs.delta else { return Ok(None) };
    let bytes = inputs.materials.bytes(sha256);
    let bytes =
        bytes.ok_or_else(|| SealFault::Missing { what: "the delta of the targets".to_owned(), sha256 })?;
    let delta = Delta::read(bytes.into_owned()).map_err(TargetsFault::Delta)?;
    let made = |role: &str| match RoleType::named(role) {
        Some(_) => plan.targets.is_some(),
        None => plan.delegated.contains_key(role),
    };
    if let Some(role) = delta.roles().find(|role| !made(role)) {
        return Err(TargetsFault::NotPlanned { role: role.into_owned(), path: None }.into());
    }
    Ok(Some(delta))
}

/// Delegated roles of the plan, each behind the one that delegates to it.
fn delegated_order(plan: &Plan) -> Vec<&str> {
    let depth = |role: &str| {
        let mut by = Some(role);
        let delegating = std::iter::from_fn(|| {
            by = plan.delegated.get(by?).map(|wish| wish.delegating());
            by
        });
        // A plan that was read has no circle.
        delegating.take(plan.delegated.len()).count()
    };
    let mut order: Vec<&str> = plan.delegated.keys().map(String::as_str).collect();
    order.sort_by_key(|role| depth(role));
    order
}

/// What every draft is made from.
struct Scene<'d> {
    plan: &'d Plan,
    published: &'d Published,
    delta: Option<&'d Delta>,
    delta_digest: Option<Digest>,
    spec_version: &'d str,
}

impl<'d> Scene<'d> {
    /// A signed part with what all roles have: the published one, or a new one.
    fn signed(&self, role_type: RoleType, role: &str, (version, expires): (u64, &Moment)) -> Edit<'d> {
        let stood = self.published.of(role).map(Metadata::signed);
        let mut signed = Edit::of(stood);
        if stood.is_none() {
            signed.set("_type", Value::text(role_type.name()));
        }
        let default = stood.is_none().then_some(self.spec_version);
        if let Some(spec_version) = self.plan.style.spec_version.as_deref().or(default) {
            signed.set("spec_version", Value::text(spec_version));
        }
        signed.set("expires", Value::text(expires.written()));
        signed.set("version", Value::Number(version));
        if self.plan.rehearsal {
            signed.set(MARK, Value::Flag(true));
        }
        signed
    }

    /// The text of a draft, its signatures an empty list.
    fn text(&self, role: &str, signed: Edit<'d>) -> String {
        let (signatures, signed) = (Value::List(Vec::new()), Value::Edited(signed));
        match self.published.of(role) {
            Some(stood) if self.plan.style.layout == Layout::AsPredecessor => {
                let mut envelope = Edit::of(stood.document().root().object());
                envelope.set("signatures", signatures);
                envelope.set("signed", signed);
                splice::edited(stood.document(), &envelope)
            }
            _ => Value::object([("signatures", signatures), ("signed", signed)]).written(),
        }
    }

    /// The document that judges a role, and what it is called: a draft of this ceremony before a published one (MODEL 3).
    fn authority(&self, role: &str, made: &Made) -> (Option<Metadata>, &'d str) {
        let by = match (RoleType::named(role), self.plan.delegated.get(role)) {
            (None, Some(wish)) => wish.delegating(),
            _ => RoleType::Root.name(),
        };
        let made = made.0.iter().map(Part::draft).find(|draft| draft.role() == by).map(Draft::metadata);
        (made.or(self.published.of(by)).cloned(), by)
    }
}

/// The drafts so far.
#[derive(Default)]
struct Made(Vec<Part>);

impl Made {
    fn versions(&self) -> BTreeMap<String, u64> {
        self.0.iter().map(Part::draft).map(|d| (d.role().to_owned(), d.metadata().version())).collect()
    }

    fn add<'d>(&mut self, scene: &Scene<'d>, role: &str, signed: Edit<'d>) -> Result<(), SealFault> {
        let draft = |fault| SealFault::Draft { role: role.to_owned(), fault };
        let text = scene.text(role, signed);
        let read = Document::read(text).map_err(|fault| {
            let what = format!("the draft of {role}");
            PredecessorFault::Read { what, fault }
        })?;
        let metadata = Metadata::of(Arc::new(read)).map_err(|fault| draft(fault.into()))?;
        let made = Draft::of(metadata, Some(role)).map_err(draft)?;
        let is_root = role == RoleType::Root.name();
        let (trusted, predecessor) = if is_root {
            (scene.published.root().cloned(), None)
        } else {
            let (trusted, by) = scene.authority(role, self);
            let missing = || PredecessorFault::NoAuthority { role: role.to_owned(), by: by.to_owned() };
            (Some(trusted.ok_or_else(missing)?), scene.published.of(role).cloned())
        };
        let part = Part::of(made, trusted, predecessor);
        self.0.push(part.map_err(|fault| SealFault::Part { role: role.to_owned(), fault })?);
        Ok(())
    }
}

/// A member that is an object.
pub(crate) fn member<'d>(of: Object<'d>, name: &str) -> Option<Object<'d>> {
    of.member(name).and_then(View::object)
}

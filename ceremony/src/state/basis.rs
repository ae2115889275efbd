//! What one generation of a ceremony is made of: the plan, the files that belong to it, and whose keys are whose. Read once
//! when it is opened or replanned, and checked against what the plan itself says.

use std::collections::{BTreeMap, BTreeSet};

use super::{Folder, Illegal};
use crate::digest::Digest;
use crate::document::Document;
use crate::key::{Fingerprint, PublicKey};
use crate::keyset::Authority;
use crate::materials::Materials;
use crate::metadata::{Metadata, RoleType};
use crate::places;
use crate::plan::{CardRef, FileRef, KeySource, Plan, PlanKey};
use crate::seal::{self, Inputs};
use crate::transcript::event::Stored;

/// The plan and its files.
#[derive(Debug, Clone)]
pub(super) struct Basis {
    pub(super) plan: Plan,
    pub(super) file: Stored,
    pub(super) generation: u64,
    /// By the plan's name of the key.
    pub(super) cards: BTreeMap<String, Stored>,
    pub(super) delta: Option<Stored>,
    pub(super) inputs: Vec<Stored>,
    /// The trusted root that the plan builds on.
    pub(super) root: Option<Digest>,
    pub(super) spec_version: String,
    /// The public keys that cards and key files give, by the plan's name.
    keys: BTreeMap<String, Fingerprint>,
}

/// What a line says that a generation is made of.
pub(super) struct Claims<'e> {
    pub(super) plan: &'e Stored,
    pub(super) generation: u64,
    pub(super) cards: &'e BTreeMap<String, Stored>,
    pub(super) delta: Option<&'e Stored>,
    pub(super) inputs: &'e [Stored],
    pub(super) rehearsal: bool,
    pub(super) spec_version: &'e str,
    /// Cards of keys that the plan has no card for and that were made already; with `None` whatever is claimed stands.
    pub(super) made: Option<&'e BTreeMap<String, Stored>>,
}

impl Basis {
    pub(super) fn read(
        claims: &Claims<'_>,
        folder: &mut Folder,
        materials: &dyn Materials,
    ) -> Result<Basis, Illegal> {
        let text = bytes("the plan", claims.plan, materials)?;
        let plan = Plan::read(&text)?;
        if plan.rehearsal != claims.rehearsal {
            return Err(Illegal::Rehearsal { what: "the plan".to_owned(), marked: plan.rehearsal });
        }
        folder.keep(claims.plan, &places::plan(claims.generation))?;
        check_inputs(&plan, claims.inputs, folder, materials)?;
        check_delta(&plan, claims.delta, folder, materials)?;
        check_cards(&plan, claims, folder)?;
        let root = match &plan.predecessor.root {
            None => None,
            Some(file) => Some(root("the trusted root", file.sha256, materials)?.payload()),
        };
        let mut basis = Basis {
            file: claims.plan.clone(),
            generation: claims.generation,
            cards: BTreeMap::new(),
            delta: claims.delta.cloned(),
            inputs: claims.inputs.to_vec(),
            root,
            spec_version: claims.spec_version.to_owned(),
            keys: BTreeMap::new(),
            plan,
        };
        for (key, card) in claims.cards {
            basis.take_card(key, card, materials)?;
        }
        Ok(basis)
    }

    /// Takes a card or key file of a key of the plan.
    pub(super) fn take_card(
        &mut self,
        key: &str,
        card: &Stored,
        materials: &dyn Materials,
    ) -> Result<Fingerprint, Illegal> {
        length(card, materials)?;
        self.cards.insert(key.to_owned(), card.clone());
        let public = seal::public_key(key, &self.plan, &self.sealing(materials))?;
        let fingerprint = public.expect("a key with a card or a file is no kept one").fingerprint();
        self.keys.insert(key.to_owned(), fingerprint);
        Ok(fingerprint)
    }

    /// What sealing needs beside the plan.
    pub(super) fn sealing<'m>(&'m self, materials: &'m dyn Materials) -> Inputs<'m> {
        let cards = self.cards.iter().map(|(key, card)| (key.clone(), card.sha256)).collect();
        let delta = self.delta.as_ref().map(|delta| delta.sha256);
        Inputs { cards, delta, spec_version: &self.spec_version, materials }
    }

    /// The plan's names of keys whose cards are still to be made.
    pub(super) fn to_be_made(&self) -> impl Iterator<Item = &str> {
        let open = self
            .plan
            .keys
            .iter()
            .filter(|(name, key)| key.card == Some(CardRef::ToBeMade) && !self.cards.contains_key(*name));
        open.map(|(name, _)| name.as_str())
    }

    /// The public keys of the plan's keys, as far as a card, a file or one of the authorities gives them.
    pub(super) fn fingerprints<'a>(
        &self,
        authorities: impl Iterator<Item = &'a Authority> + Clone,
    ) -> BTreeMap<String, Fingerprint> {
        let listed = |keyid: &str| {
            let mut members = authorities.clone().flat_map(Authority::members);
            members.find_map(|m| m.key.as_ref().ok().filter(|_| m.keyid == keyid)).map(PublicKey::fingerprint)
        };
        let print = |(name, planned): (&String, &PlanKey)| {
            let print = match planned.source() {
                KeySource::Kept(keyid) => listed(keyid),
                KeySource::Card(_) | KeySource::Public(_) => self.keys.get(name).copied(),
            };
            Some((name.clone(), print?))
        };
        self.plan.keys.iter().filter_map(print).collect()
    }

    /// The plan's names of those who hold a key, as far as the plan names them: for a kept key by the key id under which one
    /// of the authorities lists it. Empty for a key that the plan does not name or that a machine holds.
    pub(super) fn holders<'a>(
        &self,
        key: Fingerprint,
        authorities: impl Iterator<Item = &'a Authority> + Clone,
    ) -> BTreeSet<&str> {
        let is = |name: &str, source: KeySource<'_>| match source {
            KeySource::Kept(keyid) => authorities.clone().any(|a| a.keyids_of(key).any(|id| id == keyid)),
            KeySource::Card(_) | KeySource::Public(_) => self.keys.get(name) == Some(&key),
        };
        let named = self.plan.keys.iter().filter(|(name, planned)| is(name, planned.source()));
        named.flat_map(|(_, planned)| &planned.holders).map(String::as_str).collect()
    }
}

/// The bytes of a file that must be there.
fn bytes<'m>(
    what: &str,
    file: &Stored,
    materials: &'m dyn Materials,
) -> Result<std::borrow::Cow<'m, [u8]>, Illegal> {
    let missing = || Illegal::Missing { what: what.to_owned(), sha256: file.sha256 };
    length(file, materials)?;
    materials.bytes(file.sha256).ok_or_else(missing)
}

/// Compares the length of a file that is there.
pub(super) fn length(file: &Stored, materials: &dyn Materials) -> Result<(), Illegal> {
    match materials.bytes(file.sha256).map(|bytes| bytes.len() as u64) {
        Some(found) if found != file.bytes => {
            Err(Illegal::Length { path: file.path.clone(), claimed: file.bytes, found })
        }
        _ => Ok(()),
    }
}

/// Reads a root.
pub(super) fn root(
    what: &'static str,
    sha256: Digest,
    materials: &dyn Materials,
) -> Result<Metadata, Illegal> {
    let bytes = materials.bytes(sha256).ok_or_else(|| Illegal::Missing { what: what.to_owned(), sha256 })?;
    let not = |why: String| Illegal::NotARoot { what, why };
    let document = Document::read(bytes.into_owned()).map_err(|fault| not(fault.to_string()))?;
    let root = Metadata::of(document.into()).map_err(|fault| not(fault.to_string()))?;
    if root.role_type() != RoleType::Root {
        return Err(not(format!("it is {} metadata", root.role_type())));
    }
    Ok(root)
}

/// The documents that a plan names, in its order.
pub(super) fn documents(plan: &Plan) -> impl Iterator<Item = (String, &FileRef)> {
    let named = &plan.predecessor;
    let chain = named.chain.iter().enumerate();
    let chain = chain.map(|(at, file)| (format!("root {} of the chain", at + 1), file));
    let top = [
        ("root", &named.root),
        ("targets", &named.targets),
        ("snapshot", &named.snapshot),
        ("timestamp", &named.timestamp),
    ];
    let top =
        top.into_iter().filter_map(|(role, file)| Some((format!("the published {role}"), file.as_ref()?)));
    let delegated = named.delegated.iter().map(|(role, file)| (format!("the published {role}"), file));
    chain.chain(top).chain(delegated)
}

fn check_inputs(
    plan: &Plan,
    inputs: &[Stored],
    folder: &mut Folder,
    materials: &dyn Materials,
) -> Result<(), Illegal> {
    let mut given = inputs.iter();
    for (what, file) in documents(plan) {
        let Some(stored) = given.next().filter(|stored| stored.sha256 == file.sha256) else {
            return Err(Illegal::NotThePlans { what });
        };
        folder.keep(stored, &places::input(stored.sha256))?;
        length(stored, materials)?;
    }
    match given.next() {
        Some(more) => Err(Illegal::NotThePlans { what: format!("the document {}", more.path) }),
        None => Ok(()),
    }
}

fn check_delta(
    plan: &Plan,
    delta: Option<&Stored>,
    folder: &mut Folder,
    materials: &dyn Materials,
) -> Result<(), Illegal> {
    let wishes = || plan.targets.iter().chain(plan.delegated.values());
    let adds = wishes().any(|wish| !wish.add.is_empty() || wish.delta.is_some());
    let named = wishes().filter_map(|wish| wish.delta.as_ref());
    let not = || Illegal::NotThePlans { what: "the delta of the targets".to_owned() };
    let Some(delta) = delta else { return if adds { Err(not()) } else { Ok(()) } };
    if !adds || named.into_iter().any(|file| file.sha256 != delta.sha256) {
        return Err(not());
    }
    folder.keep(delta, &places::delta(delta.sha256))?;
    length(delta, materials)
}

fn check_cards(plan: &Plan, claims: &Claims<'_>, folder: &mut Folder) -> Result<(), Illegal> {
    let not = |name: &str| Illegal::NotThePlans { what: format!("the file of the key {name:?}") };
    if let Some(name) = claims.cards.keys().find(|name| !plan.keys.contains_key(*name)) {
        return Err(not(name));
    }
    for (name, key) in &plan.keys {
        let given = claims.cards.get(name);
        let sha256 = given.map(|card| card.sha256);
        let (fits, place): (bool, Place) = match key.source() {
            KeySource::Kept(_) => (given.is_none(), places::card),
            KeySource::Card(CardRef::File(file)) => (sha256 == Some(file.sha256), places::card),
            KeySource::Public(file) => (sha256 == Some(file.sha256), places::public),
            KeySource::Card(CardRef::ToBeMade) => {
                let made = |made: &BTreeMap<String, Stored>| made.get(name).map(|card| card.sha256) == sha256;
                (given.is_none() || claims.made.is_none_or(made), places::card)
            }
        };
        if !fits {
            return Err(not(name));
        }
        if let Some(card) = given {
            keep_card(name, card, claims.generation, place, folder)?;
        }
    }
    Ok(())
}

/// Where the file of a key of this name lies, by the generation that brought it.
type Place = fn(&str, u64) -> String;

/// A card keeps the place that it got in an earlier generation, if it is still the same.
fn keep_card(
    name: &str,
    card: &Stored,
    generation: u64,
    place: Place,
    folder: &mut Folder,
) -> Result<(), Illegal> {
    let kept = folder.files().get(&card.path) == Some(card);
    let earlier = (0..generation).map(|earlier| place(name, earlier)).find(|path| kept && *path == card.path);
    folder.keep(card, &earlier.unwrap_or_else(|| place(name, generation)))
}

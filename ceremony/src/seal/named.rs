//! Which public key each of a plan's keys is, and whose: what tallies, forecasts and screens need to speak of people.

use std::collections::BTreeMap;

use super::{Inputs, Published, SealFault, SealedPart, keys};
use crate::key::{Fingerprint, PublicKey};
use crate::keyset::Authority;
use crate::metadata::{Metadata, RoleType};
use crate::plan::{CardRef, KeySource, Plan};

/// The plan's keys that are made already, by the plan's name of each. A kept key is looked up under its key id: in the
/// trusted root, else among the keys that judge one of the drafts.
///
/// # Errors
/// As [`super::seal`] for a file that is missing, or a card or key that is refused.
pub fn named_keys(
    plan: &Plan,
    inputs: &Inputs<'_>,
    parts: &[SealedPart],
) -> Result<BTreeMap<String, Fingerprint>, SealFault> {
    let published = Published::read(plan, inputs.materials)?;
    let mut named = BTreeMap::new();
    for (name, key) in &plan.keys {
        let print = match key.source() {
            KeySource::Kept(keyid) => kept(keyid, &published, parts),
            KeySource::Card(CardRef::ToBeMade) if !inputs.cards.contains_key(name) => None,
            KeySource::Card(_) | KeySource::Public(_) => {
                keys::new_key(name, plan, inputs)?.as_ref().map(PublicKey::fingerprint)
            }
        };
        if let Some(print) = print {
            named.insert(name.clone(), print);
        }
    }
    Ok(named)
}

fn kept(keyid: &str, published: &Published, parts: &[SealedPart]) -> Option<Fingerprint> {
    let in_root = |root: &Metadata| {
        let root = root.root().ok()?;
        root.key(keyid)?.key.as_ref().ok().map(PublicKey::fingerprint)
    };
    let judges = || parts.iter().flat_map(|sealed| sealed.part.authorities()).flat_map(Authority::members);
    let judging = || {
        let mut members = judges().filter(|member| member.keyid == keyid);
        members.find_map(|member| member.key.as_ref().ok()).map(PublicKey::fingerprint)
    };
    published.of(RoleType::Root.name()).and_then(in_root).or_else(judging)
}

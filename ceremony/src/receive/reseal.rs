//! Whether the drafts of a bundle are what its plan and files make (MODEL 4).

use std::collections::BTreeMap;

use crate::bundle::{Bundle, Part};
use crate::digest::Digest;
use crate::metadata::Metadata;
use crate::seal::{Inputs, SealFault, SealedPart, seal};

/// The drafts are not those of the plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResealFault {
    /// A plain bundle has no plan.
    #[error("it is a plain bundle and holds no plan that its drafts could be made of")]
    Plain,
    /// Its plan makes nothing.
    #[error("its drafts cannot be made of its plan: {0}")]
    Seal(#[from] SealFault),
    /// Its plan makes something else.
    #[error("its draft of {role} is not what its plan makes")]
    Draft {
        /// The role.
        role: String,
    },
}

/// Makes the drafts of a bundle's plan anew, and gives them if the bundle holds the same: payloads, roles, who judges them,
/// and what they are shown against. The texts may differ where a plain bundle was merged in (MODEL 2).
///
/// # Errors
/// When the plan makes something else: such a bundle is not to be used.
pub fn reseal(bundle: &Bundle) -> Result<Vec<SealedPart>, ResealFault> {
    let record = bundle.record().ok_or(ResealFault::Plain)?;
    let inputs = Inputs {
        cards: record.cards().clone(),
        delta: record.delta(),
        spec_version: record.spec_version(),
        materials: record,
    };
    let made = seal(record.plan(), &inputs)?;
    let (wanted, found) = (by_payload(made.iter().map(|s| &s.part)), by_payload(bundle.parts()));
    let differs = found.iter().find(|(payload, facts)| wanted.get(payload) != Some(facts));
    let missing = wanted.iter().find(|(payload, _)| !found.contains_key(payload));
    match differs.or(missing) {
        Some((_, facts)) => Err(ResealFault::Draft { role: facts.0.to_owned() }),
        None => Ok(made),
    }
}

type Facts<'p> = (&'p str, Option<Digest>, Option<Digest>);

fn by_payload<'p>(parts: impl Iterator<Item = &'p Part>) -> BTreeMap<Digest, Facts<'p>> {
    let facts = |part: &'p Part| {
        let payload = |m: Option<&Metadata>| m.map(Metadata::payload);
        let facts = (part.draft().role(), payload(part.trusted()), payload(part.predecessor()));
        (part.draft().metadata().payload(), facts)
    };
    parts.map(facts).collect()
}

//! From a plan to unsigned drafts (MODEL 1 to 5): a function of the plan, the documents that it builds on, and the delta of
//! its targets. The same three give the same bytes for ever. What the specification forbids to add is refused here; what
//! the house thinks of the whole is [`crate::policy`]'s.

mod fault;

use std::collections::BTreeMap;

pub use fault::SealFault;

use crate::bundle::Part;
use crate::digest::Digest;
use crate::materials::Materials;
use crate::plan::Plan;

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
    let _ = (plan, inputs);
    Err(SealFault::NothingToMake)
}

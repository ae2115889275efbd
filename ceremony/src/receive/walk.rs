//! Whether a bundle builds on the root that its reader trusts (MODEL 14): her own copy outranks whatever came with the
//! bundle, and what came serves only once each root from hers to it is signed as the one before asks (TUF 5.3).

use crate::bundle::{Bundle, Part};
use crate::chain::{self, Reason};
use crate::digest::Digest;
use crate::document::{Document, ReadFault};
use crate::limits::DOCUMENT;
use crate::materials::Materials;
use crate::metadata::{Metadata, RoleType, ShapeFault};
use crate::plan::FileRef;

/// A bundle does not build on the reader's root.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WalkFault {
    /// She brought none.
    #[error("it builds on root version {version}, and no copy of your own was given to judge that")]
    NoTrust {
        /// The version of the root that it builds on.
        version: u64,
    },
    /// What she brought is no root.
    #[error("what you gave as your trusted root is {found} metadata")]
    NotARoot {
        /// What it is.
        found: RoleType,
    },
    /// It makes root 1, which nothing judges but itself.
    #[error("it makes a first root, which nothing comes before, and you gave a trusted root")]
    FirstRoot,
    /// It builds on an older root.
    #[error("it builds on root version {theirs}, which is older than your version {yours}")]
    Older {
        /// Her version.
        yours: u64,
        /// The version that it builds on.
        theirs: u64,
    },
    /// It holds another root of her version.
    #[error("its root version {version} is {theirs}, and yours is {yours}")]
    Another {
        /// The version.
        version: u64,
        /// Payload of hers.
        yours: Digest,
        /// Payload of the bundle's.
        theirs: Digest,
    },
    /// A root on the way does not hold.
    #[error(
        "on the way from your root to the one that it builds on, root version {version} does not hold: {reason}"
    )]
    Step {
        /// Its version.
        version: u64,
        /// Why.
        reason: Reason,
    },
    /// A root on the way cannot be read.
    #[error("a root on the way from yours cannot be read: {0}")]
    Read(#[from] ReadFault),
    /// A root on the way is no metadata.
    #[error("a root on the way from yours is none: {0}")]
    Shape(#[from] ShapeFault),
    /// A root on the way is not there.
    #[error("the root {sha256} on the way from yours is not among its files")]
    NoFile {
        /// SHA-256 of the file.
        sha256: Digest,
    },
    /// Two drafts are judged by different roots, or one by another than its plan says.
    #[error("its draft of {role} is judged by another root than the one that it builds on")]
    Elsewhere {
        /// The draft's role.
        role: String,
    },
}

/// Walks from the reader's own root to the one that a bundle builds on.
///
/// # Errors
/// The first thing that does not hold: then nothing in the bundle is to be signed, or even compared with.
pub fn walk(trust: Option<&Metadata>, bundle: &Bundle) -> Result<(), WalkFault> {
    let way = way(bundle)?;
    let Some(root) = way.last() else {
        return if trust.is_some() { Err(WalkFault::FirstRoot) } else { Ok(()) };
    };
    let theirs = root.version();
    let trust = trust.ok_or(WalkFault::NoTrust { version: theirs })?;
    if trust.role_type() != RoleType::Root {
        return Err(WalkFault::NotARoot { found: trust.role_type() });
    }
    let (yours, payload) = (trust.version(), trust.payload());
    if theirs < yours {
        return Err(WalkFault::Older { yours, theirs });
    }
    if let Some(other) = way.iter().find(|m| m.version() == yours && m.payload() != payload) {
        return Err(WalkFault::Another { version: yours, yours: payload, theirs: other.payload() });
    }
    let later = way.iter().filter(|m| m.version() > yours).cloned();
    let roots: Vec<Result<Metadata, Reason>> = [trust.clone()].into_iter().chain(later).map(Ok).collect();
    for step in chain::judge(&roots, None) {
        if let Some(reason) = step.reasons.into_iter().next() {
            return Err(WalkFault::Step { version: step.version.unwrap_or(yours), reason });
        }
    }
    for part in bundle.parts() {
        let of_root = |t: &&Metadata| t.role_type() == RoleType::Root && bundle.part(t.payload()).is_none();
        if part.trusted().filter(of_root).is_some_and(|t| t.payload() != root.payload()) {
            return Err(WalkFault::Elsewhere { role: part.draft().role().to_owned() });
        }
    }
    Ok(())
}

/// The roots that a bundle brings, oldest first; the last is the one that it builds on.
fn way(bundle: &Bundle) -> Result<Vec<Metadata>, WalkFault> {
    let Some(record) = bundle.record() else {
        let foreign = |p: &Part| {
            let trusted = p.trusted().filter(|t| t.role_type() == RoleType::Root)?;
            bundle.part(trusted.payload()).is_none().then(|| trusted.clone())
        };
        return Ok(bundle.parts().find_map(foreign).into_iter().collect());
    };
    let predecessor = &record.plan().predecessor;
    let files = predecessor.chain.iter().chain(&predecessor.root);
    let read = |file: &FileRef| -> Result<Metadata, WalkFault> {
        let sha256 = file.sha256;
        let text = record.bytes(sha256).ok_or(WalkFault::NoFile { sha256 })?;
        Ok(Metadata::of(Document::read_within(text.into_owned(), DOCUMENT)?.into())?)
    };
    files.map(read).collect()
}

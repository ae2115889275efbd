//! Walking a chain of roots as a client does (TUF 5.3): each root satisfies its own threshold and that of the root
//! before it, and has exactly the next version. The first is the anchor. Expiry is judged only when a date is given,
//! and then only of the last one.

use std::collections::BTreeSet;

use crate::document::ReadFault;
use crate::keyset::{Authority, AuthorityFault, Tally, Verdict};
use crate::metadata::{Metadata, RoleType, ShapeFault};
use crate::policy::{self, Finding};
use crate::time::Moment;

/// One root of the chain, judged.
#[derive(Debug, Clone)]
pub struct Step {
    /// Its version, if it could be read.
    pub version: Option<u64>,
    /// The tally of its own root role.
    pub new: Option<Tally>,
    /// The tally of the root role before it.
    pub old: Option<Tally>,
    /// Its entries in the order of the file.
    pub entries: Vec<JudgedEntry>,
    /// What is odd and does not decide.
    pub findings: Vec<Finding>,
    /// Why the step does not hold; none if it does.
    pub reasons: Vec<Reason>,
}

/// What one entry is worth on each side.
#[derive(Debug, Clone)]
pub struct JudgedEntry {
    /// Its key id.
    pub keyid: String,
    /// To the root itself.
    pub new: Verdict,
    /// To the root before it.
    pub old: Option<Verdict>,
}

/// Why a step does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// The file is no JSON that we read.
    #[error("it cannot be read: {0}")]
    Read(#[from] ReadFault),
    /// It has not the shape of a root.
    #[error(transparent)]
    Shape(#[from] ShapeFault),
    /// It is metadata of another kind.
    #[error("it is a {} document, not a root", found.name())]
    NotARoot {
        /// What it is.
        found: RoleType,
    },
    /// It names no root role.
    #[error(transparent)]
    Authority(#[from] AuthorityFault),
    /// Its own threshold is not met.
    #[error("{valid} of the {threshold} keys that it asks for itself have signed it")]
    NewThreshold {
        /// Distinct public keys that signed.
        valid: u64,
        /// How many it asks for.
        threshold: u64,
    },
    /// The threshold of the root before it is not met.
    #[error("{valid} of the {threshold} keys that the root before it asks for have signed it")]
    OldThreshold {
        /// Distinct public keys that signed.
        valid: u64,
        /// How many the root before asks for.
        threshold: u64,
    },
    /// Its version does not follow.
    #[error("it has version {found}, and version {wanted} follows the root before it")]
    Version {
        /// Its version.
        found: u64,
        /// The version that follows.
        wanted: u64,
    },
    /// Version 0.
    #[error("it has version 0; versions start at 1")]
    VersionZero,
    /// The root before it could not be read, so nothing judges it.
    #[error("the root before it cannot be used, so nothing can judge this one")]
    NothingBefore,
    /// The last root is expired at the given date (TUF 5.3.10).
    #[error("it expired at {expires}, and is judged at {at}")]
    Expired {
        /// When.
        expires: String,
        /// The date given.
        at: String,
    },
    /// The last root has no readable expiry.
    #[error("its expiry {text:?} is no date")]
    NoExpiry {
        /// What stands there.
        text: String,
    },
}

impl Step {
    /// Whether the step holds.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.reasons.is_empty()
    }
}

/// Judges roots in the order given; a file that could not be read stands as its fault.
#[must_use]
pub fn judge(roots: &[Result<Metadata, Reason>], at: Option<&Moment>) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut before: Option<&Result<Metadata, Reason>> = None;
    for root in roots {
        steps.push(match root {
            Err(reason) => Step::refused(None, reason.clone()),
            Ok(root) => step(root, before),
        });
        before = Some(root);
    }
    if let (Some(step), Some(Ok(last)), Some(at)) = (steps.last_mut(), roots.last(), at) {
        match last.expires() {
            Err(fault) => step.reasons.push(Reason::NoExpiry { text: fault.text }),
            Ok(expires) if expires.is_over_at(at) => step
                .reasons
                .push(Reason::Expired { expires: expires.spelled().to_owned(), at: at.spelled().to_owned() }),
            Ok(_) => {}
        }
    }
    steps
}

impl Step {
    fn refused(version: Option<u64>, reason: Reason) -> Step {
        let (entries, findings) = (Vec::new(), Vec::new());
        Step { version, new: None, old: None, entries, findings, reasons: vec![reason] }
    }
}

/// Whether metadata is a root at all; a targets document may delegate to a role that is called root.
fn is_root(metadata: &Metadata) -> Result<(), Reason> {
    match metadata.role_type() {
        RoleType::Root => Ok(()),
        found => Err(Reason::NotARoot { found }),
    }
}

fn step(root: &Metadata, before: Option<&Result<Metadata, Reason>>) -> Step {
    if let Err(reason) = is_root(root) {
        return Step::refused(None, reason);
    }
    let own = root.check_shape().map_err(Reason::from);
    let own = own.and_then(|()| Authority::in_document(root, RoleType::Root.name()).map_err(Reason::from));
    let own = match own {
        Ok(own) => own,
        Err(reason) => return Step::refused(Some(root.version()), reason),
    };
    let old = match before {
        None => None,
        Some(Ok(old)) if is_root(old).is_ok() => {
            Some((old, Authority::in_document(old, RoleType::Root.name())))
        }
        Some(_) => return Step::refused(Some(root.version()), Reason::NothingBefore),
    };
    let old = match old {
        Some((_, Err(_))) => return Step::refused(Some(root.version()), Reason::NothingBefore),
        Some((old, Ok(authority))) => Some((old, authority)),
        None => None,
    };
    let read = root.entries().unwrap_or_default();
    let judged = read.iter().map(|e| JudgedEntry {
        keyid: e.keyid.clone().into_owned(),
        new: own.judge(root, e),
        old: old.as_ref().map(|(_, authority)| authority.judge(root, e)),
    });
    let entries: Vec<JudgedEntry> = judged.collect();
    let signed: BTreeSet<_> = entries.iter().filter_map(|e| e.new.counts()).collect();
    let new = own.tally(&signed);
    let signed: BTreeSet<_> = entries.iter().filter_map(|e| e.old.as_ref()?.counts()).collect();
    let tally = old.as_ref().map(|(_, authority)| authority.tally(&signed));
    let mut reasons = Vec::new();
    if root.version() == 0 {
        reasons.push(Reason::VersionZero);
    }
    if !new.is_met() {
        reasons.push(Reason::NewThreshold { valid: new.valid(), threshold: new.threshold });
    }
    if let Some(tally) = tally.as_ref().filter(|t| !t.is_met()) {
        reasons.push(Reason::OldThreshold { valid: tally.valid(), threshold: tally.threshold });
    }
    if let Some((old, _)) = &old {
        match old.version().checked_add(1) {
            Some(wanted) if wanted == root.version() => {}
            wanted => {
                reasons.push(Reason::Version { found: root.version(), wanted: wanted.unwrap_or(u64::MAX) })
            }
        }
    }
    let findings = policy::findings(root).unwrap_or_default();
    Step { version: Some(root.version()), new: Some(new), old: tally, entries, findings, reasons }
}

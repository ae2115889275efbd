//! A delta beside the target files that somebody found: the engine looks at none, it is told (MODEL 4).

use std::collections::{BTreeMap, BTreeSet};

use super::Delta;
use crate::digest::Digest;

/// A file that was found: its length and SHA-256.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// Its length in bytes.
    pub length: u64,
    /// SHA-256 of its bytes.
    pub sha256: Digest,
}

/// A target file that is not as the delta has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TargetDifference {
    /// The delta adds it and it was not found.
    Missing {
        /// The role that gets it.
        role: String,
        /// Its path.
        path: String,
    },
    /// It was found with other bytes.
    Altered {
        /// The role that gets it.
        role: String,
        /// Its path.
        path: String,
        /// What the delta has.
        added: Found,
        /// What was found.
        found: Found,
    },
    /// It was found and the delta adds it to no role.
    NotAdded {
        /// Its path.
        path: String,
    },
}

impl Delta {
    /// What differs between this delta and the files that were found, by their paths in the repository: first what each
    /// role gets, in the delta's order, then what nothing adds. Two roles may get the same path. SHA-512 is not compared.
    #[must_use]
    pub fn differences(&self, found: &BTreeMap<String, Found>) -> Vec<TargetDifference> {
        let mut differences = Vec::new();
        let mut strange: BTreeSet<&str> = found.keys().map(String::as_str).collect();
        for role in self.roles() {
            for added in self.added(&role) {
                let (role, path) = (role.to_string(), added.path.to_string());
                let wanted = Found { length: added.length, sha256: added.sha256 };
                let Some(there) = found.get(&path) else {
                    differences.push(TargetDifference::Missing { role, path });
                    continue;
                };
                strange.remove(path.as_str());
                if *there != wanted {
                    differences.push(TargetDifference::Altered { role, path, added: wanted, found: *there });
                }
            }
        }
        differences
            .extend(strange.into_iter().map(|path| TargetDifference::NotAdded { path: path.to_owned() }));
        differences
    }
}

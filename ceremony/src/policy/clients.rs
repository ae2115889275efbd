//! Which update clients a document shuts out by its keys. A client that does not know a scheme may refuse the whole document,
//! not that key alone, as two that were tried do with ML-DSA (TAP 21; `docs/tokens.md` says which). Shown beside the findings that
//! a ceremony records and never among them (decision 14): clients learn, and a record must lead to the same findings for ever.

use std::collections::BTreeSet;

use super::{Control, Finding};
use crate::key::{Fingerprint, PublicKey, Scheme};
use crate::keyset::Authority;
use crate::metadata::{KeyEntry, Metadata, RoleKeys, RoleType, ShapeFault};

/// Who can read a document with ML-DSA keys, of the clients that were tried.
const WHO_READS: &str = "a client that does not know ML-DSA refuses the whole document, whoever signs it: tough does (0.24.0 was tried), and so does python-tuf with securesystemslib older than 1.5.0 or cryptography older than 48";

/// That a document lists ML-DSA keys, what that means, and for each role of it with such keys whether its threshold can be
/// met without them.
///
/// # Errors
/// When it has not the shape of its role.
pub fn findings(metadata: &Metadata) -> Result<Vec<Finding>, ShapeFault> {
    match metadata.role_type() {
        RoleType::Root => {
            let root = metadata.root()?;
            Ok(few_clients(metadata, &root.keys, &root.roles.iter().collect::<Vec<_>>()))
        }
        RoleType::Targets => {
            let targets = metadata.targets()?;
            let Some(given) = &targets.delegations else { return Ok(Vec::new()) };
            let bins = given.succinct.as_ref().map(|bins| &bins.role);
            let roles: Vec<&RoleKeys<'_>> = given.roles.iter().map(|(role, _)| role).chain(bins).collect();
            Ok(few_clients(metadata, &given.keys, &roles))
        }
        RoleType::Snapshot | RoleType::Timestamp => Ok(Vec::new()),
    }
}

fn few_clients(metadata: &Metadata, keys: &[KeyEntry<'_>], roles: &[&RoleKeys<'_>]) -> Vec<Finding> {
    let known = keys.iter().filter_map(|entry| entry.key.as_ref().ok());
    let (newer, others): (Vec<&PublicKey>, Vec<&PublicKey>) = known.partition(|key| is_ml_dsa(key));
    if newer.is_empty() {
        return Vec::new();
    }
    let newer: BTreeSet<Fingerprint> = newer.iter().map(|key| key.fingerprint()).collect();
    let others: BTreeSet<Fingerprint> = others.iter().map(|key| key.fingerprint()).collect();
    let found = |about: &str, fact| Finding { control: Control::FewClients, about: about.to_owned(), fact };
    let of_role = |role: &&RoleKeys<'_>| {
        let authority = Authority::of(metadata.payload(), &role.name, role, keys);
        let tally = authority.tally(&others);
        let lists = tally.waiting.iter().any(|voice| newer.contains(&voice.key));
        let (threshold, valid) = (tally.threshold, tally.valid());
        let reach = if tally.is_met() { "can" } else { "cannot" };
        let fact = format!(
            "{threshold} must sign, and {valid} of its keys are of other schemes: without its ML-DSA keys the threshold {reach} be met"
        );
        lists.then(|| found(&role.name, fact))
    };
    let whole = format!("{} of the keys that it lists are ML-DSA keys, and {WHO_READS}", newer.len());
    let head = found(metadata.role_type().name(), whole);
    [head].into_iter().chain(roles.iter().filter_map(of_role)).collect()
}

fn is_ml_dsa(key: &PublicKey) -> bool {
    matches!(key.scheme(), Scheme::MlDsa44 | Scheme::MlDsa65 | Scheme::MlDsa87)
}

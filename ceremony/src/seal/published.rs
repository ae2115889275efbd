//! What a plan builds on, read once and checked: the way to the trusted root, and documents that were signed as a root of
//! that way asks. It makes nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::fault::{PredecessorFault, SealFault};
use super::member;
use crate::chain;
use crate::document::{Document, Object, View};
use crate::keyset::{Authority, Tally};
use crate::materials::Materials;
use crate::metadata::{Metadata, RoleType};
use crate::plan::{FileRef, Plan};

/// The mark of a rehearsal in a signed part (MODEL 29).
pub(crate) const MARK: &str = "x-rehearsal";

/// The published documents that a plan names.
#[derive(Debug)]
pub(crate) struct Published {
    /// The trusted root and those before it, oldest first.
    roots: Vec<Metadata>,
    top: BTreeMap<RoleType, Metadata>,
    delegated: BTreeMap<String, Metadata>,
}

impl Published {
    /// Reads and checks all of them.
    pub(crate) fn read(plan: &Plan, materials: &dyn Materials) -> Result<Published, SealFault> {
        let named = &plan.predecessor;
        let read =
            |what: String, file: &FileRef, wanted| document(&what, file, wanted, plan.rehearsal, materials);
        let mut roots = Vec::new();
        for (at, file) in named.chain.iter().enumerate() {
            roots.push(read(format!("root {} of the chain", at + 1), file, RoleType::Root)?);
        }
        match &named.root {
            Some(file) => roots.push(read("the trusted root".to_owned(), file, RoleType::Root)?),
            None => roots.clear(),
        }
        let files = [
            (RoleType::Targets, &named.targets),
            (RoleType::Snapshot, &named.snapshot),
            (RoleType::Timestamp, &named.timestamp),
        ];
        let mut top = BTreeMap::new();
        for (role, file) in files {
            if let Some(file) = file {
                top.insert(role, read(published(role.name()), file, role)?);
            }
        }
        let mut delegated = BTreeMap::new();
        for (role, file) in &named.delegated {
            delegated.insert(role.clone(), read(published(role), file, RoleType::Targets)?);
        }
        let published = Published { roots, top, delegated };
        published.check_chain(plan)?;
        for (role, metadata) in &published.top {
            published.check_signed(*role, metadata)?;
        }
        Ok(published)
    }

    /// The trusted root.
    pub(crate) fn root(&self) -> Option<&Metadata> {
        self.roots.last()
    }

    /// The published document of a role, top level or delegated.
    pub(crate) fn of(&self, role: &str) -> Option<&Metadata> {
        match RoleType::named(role) {
            Some(RoleType::Root) => self.root(),
            Some(role) => self.top.get(&role),
            None => self.delegated.get(role),
        }
    }

    /// The delegated roles whose documents were named.
    pub(crate) fn delegated(&self) -> impl Iterator<Item = (&str, &Metadata)> {
        self.delegated.iter().map(|(role, metadata)| (role.as_str(), metadata))
    }

    /// The tables of keys in which a kept key can stand: the trusted root's, then those of delegating documents.
    pub(super) fn tables(&self) -> Vec<Object<'_>> {
        let root = self.root().and_then(|root| member(root.signed(), "keys"));
        let targets = self.top.get(&RoleType::Targets).into_iter().chain(self.delegated.values());
        let delegating = targets.filter_map(|m| member(member(m.signed(), "delegations")?, "keys"));
        root.into_iter().chain(delegating).collect()
    }

    fn check_chain(&self, plan: &Plan) -> Result<(), SealFault> {
        let roots: Vec<_> = self.roots.iter().cloned().map(Ok).collect();
        for (at, step) in chain::judge(&roots, None).into_iter().enumerate() {
            if let Some(reason) = step.reasons.into_iter().next() {
                return Err(PredecessorFault::Chain { place: at + 1, reason }.into());
            }
        }
        let seen = plan.seen.get(RoleType::Root.name()).copied().unwrap_or(0);
        match self.root().map(Metadata::version) {
            Some(version) if seen > version => Err(PredecessorFault::NotPublished { version, seen }.into()),
            _ => Ok(()),
        }
    }

    /// A document that was signed under an earlier root of the way was published, even where the trusted root has orphaned it
    /// since: replacing it mends that.
    fn check_signed(&self, role: RoleType, metadata: &Metadata) -> Result<(), SealFault> {
        let mut nearest: Option<Tally> = None;
        for root in self.roots.iter().rev() {
            let Ok(authority) = Authority::in_document(root, role.name()) else { continue };
            let tally = tally(&authority, metadata);
            if tally.is_met() {
                return Ok(());
            }
            nearest = nearest.or(Some(tally));
        }
        let what = published(role.name());
        let Some(tally) = nearest else {
            let (role, by) = (role.name().to_owned(), "a trusted root that gives it keys".to_owned());
            return Err(PredecessorFault::NoAuthority { role, by }.into());
        };
        let (valid, threshold) = (tally.valid(), tally.threshold);
        Err(PredecessorFault::NotSigned { what, valid, threshold }.into())
    }
}

/// Who of an authority's keys has signed a document.
pub(crate) fn tally(authority: &Authority, metadata: &Metadata) -> Tally {
    let entries = metadata.entries().unwrap_or_default();
    authority.tally(&entries.iter().filter_map(|entry| authority.judge(metadata, entry).counts()).collect())
}

fn published(role: &str) -> String {
    format!("the published {role}")
}

fn document(
    what: &str,
    file: &FileRef,
    wanted: RoleType,
    rehearsal: bool,
    materials: &dyn Materials,
) -> Result<Metadata, SealFault> {
    let what = || what.to_owned();
    let bytes = materials.bytes(file.sha256);
    let bytes = bytes.ok_or_else(|| SealFault::Missing { what: what(), sha256: file.sha256 })?;
    let read = Document::read(bytes.into_owned());
    let read = read.map_err(|fault| PredecessorFault::Read { what: what(), fault })?;
    let shape = |fault| PredecessorFault::Shape { what: what(), fault };
    let metadata = Metadata::of(Arc::new(read)).map_err(shape)?;
    if metadata.role_type() != wanted {
        let found = metadata.role_type();
        return Err(PredecessorFault::Kind { what: what(), found, wanted }.into());
    }
    metadata.check_shape().map_err(shape)?;
    let marked = metadata.signed().member(MARK).and_then(View::boolean) == Some(true);
    if marked != rehearsal {
        return Err(PredecessorFault::Mark { what: what(), marked }.into());
    }
    Ok(metadata)
}

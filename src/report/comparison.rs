//! What differs between two versions, sorted for people: what decides trust first and in the order in which it is told,
//! keys gathered over roles and paired by their holder, long lists of files counted and cut. The differences themselves
//! are the engine's.

use std::collections::BTreeSet;

use tuf_ceremony::changes::{self, Change};
use tuf_ceremony::document::{Integer, View};
use tuf_ceremony::key::{Fingerprint, PublicKey};
use tuf_ceremony::metadata::{KeyEntry, Metadata, RoleKeys, RoleType, ShapeFault, Targets};
use tuf_ceremony::time::Moment;

use super::SHOWN;
use super::moves::{KeyMove, Move, gathered, paired};
use super::names::Names;

/// An expiry that moves further than this is pointed out: it keeps old keys in force.
const FAR_LATER_MONTHS: u32 = 24;

/// Two versions of one role, compared.
pub struct Comparison<'d> {
    /// The older version.
    pub old: &'d Metadata,
    /// The newer version.
    pub new: &'d Metadata,
    /// Whose key is whose.
    pub names: &'d Names,
    /// Differences that decide trust, keys that come and go aside, in the order in which they are told.
    pub dangers: Vec<Change<'d>>,
    /// Keys that come, go or change their id.
    pub keys: Vec<KeyMove<'d>>,
    /// Other differences, files aside.
    pub others: Vec<Change<'d>>,
    /// The first of the files that differ.
    pub entries: Vec<Change<'d>>,
    /// How many files differ.
    pub count: EntryCount,
    targets: Option<(Targets<'d>, Targets<'d>)>,
    stood: BTreeSet<Fingerprint>,
}

/// How many files are new, changed and gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EntryCount {
    /// New.
    pub added: u64,
    /// Changed.
    pub changed: u64,
    /// Gone.
    pub removed: u64,
}

impl EntryCount {
    /// All together.
    #[must_use]
    pub fn all(self) -> u64 {
        self.added + self.changed + self.removed
    }
}

impl<'d> Comparison<'d> {
    /// Compares; `all` keeps every file that differs, else the first [`SHOWN`].
    ///
    /// # Errors
    /// When the two are of different types or one has not the shape of its role.
    pub fn of(
        old: &'d Metadata,
        new: &'d Metadata,
        names: &'d Names,
        all: bool,
    ) -> Result<Comparison<'d>, ShapeFault> {
        let is_listing = matches!(new.role_type(), RoleType::Snapshot | RoleType::Timestamp);
        let targets = match (old.targets(), new.targets()) {
            (Ok(old), Ok(new)) => Some((old, new)),
            _ => None,
        };
        let (dangers, others, entries) = (Vec::new(), Vec::new(), Vec::new());
        let (keys, count) = (Vec::new(), EntryCount::default());
        let stood = listed_keys(old);
        let mut it = Comparison { old, new, names, dangers, keys, others, entries, count, targets, stood };
        let mut moves = Vec::new();
        changes::changes(old, new, &mut |change| match change {
            Change::KeyAdded { role, key } => moves.push((Move::Added, role, None, Some(key))),
            Change::KeyRemoved { role, key } => moves.push((Move::Removed, role, Some(key), None)),
            Change::KeyRenamed { role, from, to } => moves.push((Move::Renamed, role, Some(from), Some(to))),
            entry @ (Change::EntryAdded { .. }
            | Change::EntryRemoved { .. }
            | Change::EntryChanged { .. }) => it.entry(entry, is_listing, all),
            // Both versions are said beside what they mean.
            Change::Version { .. } => {}
            change if decides_trust(&change, old, new) => it.dangers.push(change),
            change => it.others.push(change),
        })?;
        it.keys = gathered(paired(moves, names));
        it.dangers.sort_by_key(rank);
        Ok(it)
    }

    /// Whether both say the same.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.old.payload() == self.new.payload()
    }

    /// Whether the newer version is the next one.
    #[must_use]
    pub fn is_next(&self) -> bool {
        self.old.version().checked_add(1) == Some(self.new.version())
    }

    /// The targets of both sides, if they are targets documents.
    #[must_use]
    pub fn targets(&self) -> Option<&(Targets<'d>, Targets<'d>)> {
        self.targets.as_ref()
    }

    /// The versions that both sides list for one file.
    #[must_use]
    pub fn listed(&self, name: &str) -> (Option<u64>, Option<u64>) {
        (listed_version(self.old, name), listed_version(self.new, name))
    }

    /// Whether the older version lists this key for any role.
    #[must_use]
    pub fn stood(&self, key: Option<Fingerprint>) -> bool {
        key.is_some_and(|key| self.stood.contains(&key))
    }

    fn entry(&mut self, entry: Change<'d>, is_listing: bool, all: bool) {
        let goes_back = match &entry {
            Change::EntryRemoved { .. } => true,
            Change::EntryChanged { name, .. } => match self.listed(name) {
                (Some(from), Some(to)) => to < from,
                _ => true,
            },
            _ => false,
        };
        match &entry {
            Change::EntryAdded { .. } => self.count.added += 1,
            Change::EntryRemoved { .. } => self.count.removed += 1,
            _ => self.count.changed += 1,
        }
        if is_listing && goes_back {
            self.dangers.push(entry);
        } else if all || self.entries.len() < SHOWN {
            self.entries.push(entry);
        }
    }
}

/// Where a dangerous change stands on its page (DESIGN 4): thresholds, keys, expiry, `consistent_snapshot`, delegations,
/// unknown fields. Keys that come and go stand between the first two.
fn rank(change: &Change<'_>) -> u8 {
    match change {
        Change::Threshold { .. } | Change::RoleAdded { .. } | Change::RoleRemoved { .. } => 0,
        Change::KeyAdded { .. }
        | Change::KeyRemoved { .. }
        | Change::KeyRenamed { .. }
        | Change::KeyObject { .. } => 1,
        Change::Field { name, .. } if name == "expires" => 2,
        Change::Field { name, .. } if name == "consistent_snapshot" => 3,
        Change::Reach { .. } | Change::DelegationOrder => 4,
        Change::Inside { path, .. } => match path.first().map(AsRef::as_ref) {
            Some("keys") => 1,
            Some("delegations") if path.get(1).is_some_and(|name| name == "keys") => 1,
            Some("delegations") => 4,
            _ => 6,
        },
        Change::EntryAdded { .. } | Change::EntryRemoved { .. } | Change::EntryChanged { .. } => 5,
        Change::Version { .. } | Change::Field { .. } => 6,
    }
}

/// Whether a dangerous change stands before the keys that come and go.
#[must_use]
pub fn is_before_keys(change: &Change<'_>) -> bool {
    rank(change) == 0
}

/// The keys that any role of a document lists.
fn listed_keys(metadata: &Metadata) -> BTreeSet<Fingerprint> {
    let of = |keys: &[KeyEntry<'_>], roles: &[&RoleKeys<'_>]| {
        let listed: BTreeSet<&str> = roles.iter().flat_map(|r| r.keyids.iter().map(AsRef::as_ref)).collect();
        let keys = keys.iter().filter(|entry| listed.contains(entry.keyid.as_ref()));
        keys.filter_map(|entry| entry.key.as_ref().ok().map(PublicKey::fingerprint)).collect()
    };
    if let Ok(root) = metadata.root() {
        return of(&root.keys, &root.roles.iter().collect::<Vec<_>>());
    }
    let Some(delegations) = metadata.targets().ok().and_then(|targets| targets.delegations) else {
        return BTreeSet::new();
    };
    let bins = delegations.succinct.iter().map(|bins| &bins.role);
    let roles: Vec<&RoleKeys<'_>> = delegations.roles.iter().map(|(role, _)| role).chain(bins).collect();
    of(&delegations.keys, &roles)
}

fn listed_version(metadata: &Metadata, name: &str) -> Option<u64> {
    let meta = metadata.signed().member("meta").and_then(View::object)?;
    let version = meta.member(name)?.object()?.member("version")?;
    version.integer().and_then(Integer::as_u64)
}

fn decides_trust(change: &Change<'_>, old: &Metadata, new: &Metadata) -> bool {
    match change {
        Change::Field { name, .. } => match name.as_ref() {
            "expires" => match (old.expires(), new.expires()) {
                (Ok(from), Ok(to)) => to < from || is_far_later(&from, &to),
                _ => true,
            },
            "spec_version" => false,
            _ => true,
        },
        _ => true,
    }
}

/// Whether an expiry moves further than releases do.
#[must_use]
pub fn is_far_later(from: &Moment, to: &Moment) -> bool {
    let months = |at: &Moment| {
        let written = at.written();
        let number = |range: std::ops::Range<usize>| written.get(range).and_then(|n| n.parse::<u32>().ok());
        number(0..4).unwrap_or(0) * 12 + number(5..7).unwrap_or(0)
    };
    months(to).saturating_sub(months(from)) > FAR_LATER_MONTHS
}

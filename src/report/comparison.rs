//! What differs between two versions, sorted for people: what decides trust first, keys gathered over roles and paired
//! by their claimed holder, long lists of files counted and cut. The differences themselves are the engine's.

use std::borrow::Cow;
use std::collections::BTreeMap;

use tuf_ceremony::changes::{self, Change, KeyName};
use tuf_ceremony::document::{Integer, View};
use tuf_ceremony::metadata::{Metadata, RoleType, ShapeFault, Targets};
use tuf_ceremony::time::Moment;

use super::SHOWN;

/// An expiry that moves further than this is pointed out: it keeps old keys in force.
const FAR_LATER_MONTHS: u32 = 24;

/// Two versions of one role, compared.
pub struct Comparison<'d> {
    /// The older version.
    pub old: &'d Metadata,
    /// The newer version.
    pub new: &'d Metadata,
    /// Differences that decide trust, keys aside.
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

/// One key that comes, goes, or changes its id, and the roles where it does.
pub struct KeyMove<'d> {
    /// What happens.
    pub what: Move,
    /// Where.
    pub roles: Vec<Cow<'d, str>>,
    /// The key as it stood; none if it is added.
    pub from: Option<KeyName<'d>>,
    /// The key as it stands; none if it is removed.
    pub to: Option<KeyName<'d>>,
}

/// What happens to a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Move {
    /// One goes and another comes, and the documents claim the same holder for both.
    Replaced,
    /// It comes.
    Added,
    /// It goes.
    Removed,
    /// It stands under another key id.
    Renamed,
}

impl<'d> Comparison<'d> {
    /// Compares; `all` keeps every file that differs, else the first [`SHOWN`].
    ///
    /// # Errors
    /// When the two are of different types or one has not the shape of its role.
    pub fn of(old: &'d Metadata, new: &'d Metadata, all: bool) -> Result<Comparison<'d>, ShapeFault> {
        let is_listing = matches!(new.role_type(), RoleType::Snapshot | RoleType::Timestamp);
        let targets = match (old.targets(), new.targets()) {
            (Ok(old), Ok(new)) => Some((old, new)),
            _ => None,
        };
        let (dangers, others, entries) = (Vec::new(), Vec::new(), Vec::new());
        let (keys, count) = (Vec::new(), EntryCount::default());
        let mut it = Comparison { old, new, dangers, keys, others, entries, count, targets };
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
        it.keys = gathered(paired(moves));
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

type Moved<'d> = (Move, Cow<'d, str>, Option<KeyName<'d>>, Option<KeyName<'d>>);

/// A key that comes where one of the same claimed holder goes, in the same role, takes its place.
fn paired(moves: Vec<Moved<'_>>) -> Vec<Moved<'_>> {
    let owner = |key: &Option<KeyName<'_>>| key.as_ref().and_then(|k| k.owner.clone());
    let mut going: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
    for (at, (what, role, from, _)) in moves.iter().enumerate().rev() {
        if let (Move::Removed, Some(owner)) = (what, owner(from)) {
            going.entry((role.to_string(), owner)).or_default().push(at);
        }
    }
    let mut moves: Vec<Option<Moved<'_>>> = moves.into_iter().map(Some).collect();
    for at in 0..moves.len() {
        let Some((Move::Added, role, _, to)) = &moves[at] else { continue };
        let Some(owner) = owner(to) else { continue };
        let Some(gone) = going.get_mut(&(role.to_string(), owner)).and_then(Vec::pop) else { continue };
        let from = moves[gone].take().and_then(|(_, _, from, _)| from);
        if let Some((what, _, before, _)) = &mut moves[at] {
            (*what, *before) = (Move::Replaced, from);
        }
    }
    moves.into_iter().flatten().collect()
}

/// One move of one key over several roles is told once.
fn gathered(moves: Vec<Moved<'_>>) -> Vec<KeyMove<'_>> {
    let name = |key: &Option<KeyName<'_>>| {
        key.as_ref().map(|k| (k.keyid.to_string(), k.fingerprint.map(|f| *f.as_bytes())))
    };
    let mut places = BTreeMap::new();
    let mut gathered: Vec<KeyMove<'_>> = Vec::new();
    for (what, role, from, to) in moves {
        let at = *places.entry((what, name(&from), name(&to))).or_insert(gathered.len());
        match gathered.get_mut(at) {
            Some(known) => known.roles.push(role),
            None => gathered.push(KeyMove { what, roles: vec![role], from, to }),
        }
    }
    let is_root = |moved: &KeyMove<'_>| moved.roles.iter().any(|role| role == RoleType::Root.name());
    gathered.sort_by_key(|moved| (moved.what, !is_root(moved)));
    gathered
}

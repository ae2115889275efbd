//! Keys that come and go between two versions: what becomes of each, told once over all its roles, and a key that
//! takes the place of another one of the same holder told as one move.

use std::borrow::Cow;
use std::collections::BTreeMap;

use tuf_ceremony::changes::KeyName;
use tuf_ceremony::metadata::RoleType;

use super::names::{Names, folded};

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
    /// One goes and another comes for the same holder.
    Replaced,
    /// It comes.
    Added,
    /// It goes.
    Removed,
    /// It stands under another key id.
    Renamed,
}

/// What happens to one key in one role.
pub(super) type Moved<'d> = (Move, Cow<'d, str>, Option<KeyName<'d>>, Option<KeyName<'d>>);

/// By what the holder of a key that goes can be found again.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum By {
    /// All its names, where a better source than the file has them.
    Holders(Vec<String>),
    /// One of those.
    Holder(String),
    /// The file's claim on a key that a better source names.
    KnownClaim(String),
    /// The file's claim, where nobody else names the key.
    Claim(String),
}

impl By {
    fn all(holders: &[String]) -> By {
        let mut holders: Vec<String> = holders.iter().map(|name| folded(name)).collect();
        holders.sort();
        By::Holders(holders)
    }

    /// Of a key that goes.
    fn left(key: &KeyName<'_>, names: &Names) -> Vec<By> {
        let claim = key.owner.as_deref().map(folded);
        let Some(holders) = names.known(key.fingerprint) else {
            return claim.into_iter().map(By::Claim).collect();
        };
        let each = holders.iter().map(|name| By::Holder(folded(name)));
        [By::all(holders)].into_iter().chain(each).chain(claim.map(By::KnownClaim)).collect()
    }

    /// Of a key that comes, the surest first. Two keys that better sources give to different people are never of one
    /// holder, whatever a file claims.
    fn sought(key: &KeyName<'_>, names: &Names) -> Vec<By> {
        let claim = key.owner.as_deref().map(folded);
        let Some(holders) = names.known(key.fingerprint) else {
            let ways: [fn(String) -> By; 3] = [By::Claim, By::KnownClaim, By::Holder];
            return claim.into_iter().flat_map(|c| ways.map(|way| way(c.clone()))).collect();
        };
        let each = holders.iter().map(|name| By::Claim(folded(name)));
        [By::all(holders)].into_iter().chain(each).chain(claim.map(By::Claim)).collect()
    }
}

/// A key that comes where one of the same holder goes, in the same role, takes its place.
pub(super) fn paired<'d>(moves: Vec<Moved<'d>>, names: &Names) -> Vec<Moved<'d>> {
    let mut going: BTreeMap<(String, By), Vec<usize>> = BTreeMap::new();
    for (at, (what, role, from, _)) in moves.iter().enumerate().rev() {
        if let (Move::Removed, Some(from)) = (what, from) {
            for by in By::left(from, names) {
                going.entry((role.to_string(), by)).or_default().push(at);
            }
        }
    }
    let mut moves: Vec<Option<Moved<'d>>> = moves.into_iter().map(Some).collect();
    for at in 0..moves.len() {
        let Some((Move::Added, role, _, Some(to))) = &moves[at] else { continue };
        let (role, sought) = (role.to_string(), By::sought(to, names));
        let gone = sought.into_iter().find_map(|by| {
            let places = going.get_mut(&(role.clone(), by))?;
            // A key that goes stands under several names and is taken once.
            std::iter::from_fn(|| places.pop()).find(|place| moves[*place].is_some())
        });
        let Some(gone) = gone else { continue };
        let from = moves[gone].take().and_then(|(_, _, from, _)| from);
        if let Some((what, _, before, _)) = &mut moves[at] {
            (*what, *before) = (Move::Replaced, from);
        }
    }
    moves.into_iter().flatten().collect()
}

/// One move of one key over several roles is told once.
pub(super) fn gathered(moves: Vec<Moved<'_>>) -> Vec<KeyMove<'_>> {
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

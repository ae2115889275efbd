//! Whether the people who announced themselves can meet every threshold, on the old and the new side, before anyone travels.
//! It counts nothing itself: [`Authority::tally`] counts, over the keys that could sign.

use std::collections::{BTreeMap, BTreeSet};

use crate::digest::Digest;
use crate::key::Fingerprint;
use crate::keyset::{Authority, Member};
use crate::plan::{Plan, PlanKey};

/// One draft and the authorities that it needs.
#[derive(Debug, Clone, Copy)]
pub struct Needed<'d> {
    /// Its letter.
    pub letter: &'d str,
    /// SHA-256 of what is signed.
    pub payload: Digest,
    /// Who must sign it.
    pub authorities: &'d [Authority],
}

/// Which keys an authority's are, next to the draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The trusted document before the draft.
    Old,
    /// The draft itself.
    New,
}

/// One authority of one draft, and who could sign for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlook {
    /// The draft's letter.
    pub letter: String,
    /// The role.
    pub role: String,
    /// Whose keys.
    pub side: Side,
    /// How many distinct public keys must sign.
    pub needed: u64,
    /// How many can: lost keys and keys of absent people are not among them.
    pub available: u64,
    /// Whether that is enough.
    pub can_be_met: bool,
    /// The plan's names of the keys that can sign.
    pub keys: Vec<String>,
    /// People without whom it would not be enough, though it is with them.
    pub single_people: Vec<String>,
    /// Keys without which it would not be enough, though it is with them.
    pub single_keys: Vec<String>,
    /// Key ids of the authority that the plan gives to nobody: they are not counted on.
    pub unknown: Vec<String>,
}

impl Outlook {
    /// How many may still fail; below zero, how many are missing.
    #[must_use]
    pub fn margin(&self) -> i64 {
        let signed = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        signed(self.available).saturating_sub(signed(self.needed))
    }
}

/// Somebody is said to be absent who is none of the plan's people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name:?} is none of the plan's people")]
pub struct NobodyOfThatName {
    /// The name.
    pub name: String,
}

/// The outlook for every authority of every draft. `keys` says which public key each of the plan's keys is; a key that is not
/// made yet is not among them.
///
/// # Errors
/// When an absent person is none of the plan's people: a misspelled name would make the outlook too good.
pub fn forecast(
    plan: &Plan,
    drafts: &[Needed<'_>],
    keys: &BTreeMap<String, Fingerprint>,
    absent: &BTreeSet<String>,
) -> Result<Vec<Outlook>, NobodyOfThatName> {
    if let Some(name) = absent.iter().find(|name| !plan.people.contains_key(*name)) {
        return Err(NobodyOfThatName { name: name.clone() });
    }
    let room = Room { plan, keys, absent };
    let of = |draft: &Needed<'_>| {
        let outlook = |authority: &Authority| room.outlook(draft, authority);
        draft.authorities.iter().map(outlook).collect::<Vec<_>>()
    };
    Ok(drafts.iter().flat_map(of).collect())
}

struct Room<'r> {
    plan: &'r Plan,
    keys: &'r BTreeMap<String, Fingerprint>,
    absent: &'r BTreeSet<String>,
}

impl Room<'_> {
    fn outlook(&self, draft: &Needed<'_>, authority: &Authority) -> Outlook {
        let member = authority.distinct_keys();
        let of_authority = |name: &&String| self.keys.get(*name).is_some_and(|key| member.contains(key));
        let names: Vec<&String> = self.plan.keys.keys().filter(of_authority).collect();
        let keys: Vec<String> =
            names.iter().filter(|n| self.can_sign(n, self.absent)).map(|n| (*n).clone()).collect();
        let all = authority.tally(&self.prints(&names, |name| self.can_sign(name, self.absent)));
        let fails = |without: &dyn Fn(&str) -> bool| {
            all.is_met() && !authority.tally(&self.prints(&names, without)).is_met()
        };
        let people = self.plan.people.keys().filter(|person| {
            let more = self.absent.iter().chain([*person]).cloned().collect();
            fails(&|name| self.can_sign(name, &more))
        });
        let single_people = people.cloned().collect();
        let lost = |key: &&String| {
            let print = self.keys.get(*key);
            fails(&|name| self.can_sign(name, self.absent) && self.keys.get(name) != print)
        };
        let single_keys = keys.iter().filter(lost).cloned().collect();
        let named: BTreeSet<Fingerprint> = self.prints(&names, |_| true);
        let stranger =
            |member: &&Member| member.key.as_ref().is_ok_and(|key| !named.contains(&key.fingerprint()));
        let unknown = authority.members().iter().filter(stranger).map(|m| m.keyid.clone()).collect();
        Outlook {
            letter: draft.letter.to_owned(),
            role: authority.role().to_owned(),
            side: if authority.document() == draft.payload { Side::New } else { Side::Old },
            needed: authority.threshold(),
            available: all.valid(),
            can_be_met: all.is_met(),
            keys,
            single_people,
            single_keys,
            unknown,
        }
    }

    fn prints(&self, names: &[&String], can: impl Fn(&str) -> bool) -> BTreeSet<Fingerprint> {
        names.iter().filter(|name| can(name)).filter_map(|name| self.keys.get(*name)).copied().collect()
    }

    /// Not lost, and either a machine's or in the hands of somebody who announced herself and is not absent.
    fn can_sign(&self, name: &str, absent: &BTreeSet<String>) -> bool {
        let there = |holder: &String| {
            self.plan.people.get(holder).is_some_and(|person| person.announced) && !absent.contains(holder)
        };
        let key: Option<&PlanKey> = self.plan.keys.get(name);
        key.is_some_and(|key| key.lost.is_none() && (key.holders.is_empty() || key.holders.iter().any(there)))
    }
}

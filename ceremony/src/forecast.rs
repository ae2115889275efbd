//! Whether the people who announced themselves can meet every threshold, on the old and the new side: before anyone travels,
//! and, with what is known of a ceremony under way ([`now`]), whether those who are left still can. It counts nothing itself:
//! [`Authority::tally`] counts, over the keys that signed and those that could.

mod now;

use std::collections::{BTreeMap, BTreeSet};

pub use now::now;

use crate::digest::Digest;
use crate::key::Fingerprint;
use crate::keyset::{Authority, Member};
use crate::plan::{Plan, PlanKey};

/// One draft and the authorities that it needs.
#[derive(Debug, Clone)]
pub struct Needed<'d> {
    /// Its letter.
    pub letter: &'d str,
    /// SHA-256 of what is signed.
    pub payload: Digest,
    /// Who must sign it.
    pub authorities: &'d [Authority],
    /// What is known of it once the ceremony runs; before that, nothing.
    pub so_far: SoFar,
}

/// What is known of a draft in a ceremony under way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SoFar {
    /// The keys whose signatures count already, by the document that counts them: they stay, whoever leaves.
    pub signed: BTreeMap<Digest, BTreeSet<Fingerprint>>,
    /// Keys whose tokens take no PIN any more.
    pub locked: BTreeSet<Fingerprint>,
    /// People who will not sign it, and why.
    pub out: BTreeMap<String, Out>,
    /// People who are here, whether they announced themselves or not.
    pub here: BTreeSet<String>,
}

/// Why a key is not counted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Out {
    /// The plan says that it cannot sign any more.
    Lost,
    /// Its token takes no PIN any more.
    Locked,
    /// Its holder will not sign this draft.
    Declined,
    /// Its holder left.
    Left,
    /// Its holder is said to be absent.
    Absent,
    /// Its holder has not announced herself.
    Unannounced,
}

impl Out {
    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Out::Lost => "lost",
            Out::Locked => "locked",
            Out::Declined => "declined",
            Out::Left => "left",
            Out::Absent => "absent",
            Out::Unannounced => "unannounced",
        }
    }
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
    /// How many have.
    pub valid: u64,
    /// How many have or can: lost keys and keys of absent people are not among them, unless they signed already.
    pub available: u64,
    /// Whether that is enough.
    pub can_be_met: bool,
    /// The plan's names of the keys that have signed.
    pub signed: Vec<String>,
    /// The plan's names of the keys that can still sign.
    pub keys: Vec<String>,
    /// The plan's names of the keys that are not counted on, and why.
    pub out: Vec<(String, Out)>,
    /// People without whom it would not be enough, though it is with them.
    pub single_people: Vec<String>,
    /// Keys without which it would not be enough, though it is with them.
    pub single_keys: Vec<String>,
    /// Key ids of the authority that the plan gives to nobody and that have not signed: they are not counted on.
    pub unknown: Vec<String>,
    /// Key ids of the authority that the plan gives to nobody and that have signed.
    pub strangers: Vec<String>,
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
    let of = |draft: &Needed<'_>| {
        let room = Room { plan, keys, absent, so_far: &draft.so_far };
        let outlook = |authority: &Authority| room.outlook(draft, authority);
        draft.authorities.iter().map(outlook).collect::<Vec<_>>()
    };
    Ok(drafts.iter().flat_map(of).collect())
}

struct Room<'r> {
    plan: &'r Plan,
    keys: &'r BTreeMap<String, Fingerprint>,
    absent: &'r BTreeSet<String>,
    so_far: &'r SoFar,
}

impl Room<'_> {
    fn outlook(&self, draft: &Needed<'_>, authority: &Authority) -> Outlook {
        let member = authority.distinct_keys();
        let of_authority = |name: &&String| self.keys.get(*name).is_some_and(|key| member.contains(key));
        let names: Vec<&String> = self.plan.keys.keys().filter(of_authority).collect();
        let signed = self.so_far.signed.get(&authority.document()).cloned().unwrap_or_default();
        let has_signed = |name: &str| self.keys.get(name).is_some_and(|key| signed.contains(key));
        let count = |can: &dyn Fn(&str) -> bool| {
            authority.tally(&signed.union(&self.prints(&names, can)).copied().collect())
        };
        let can_sign = |name: &str| self.out(name, None).is_none();
        let all = count(&can_sign);
        let fails = |without: &dyn Fn(&str) -> bool| all.is_met() && !count(without).is_met();
        let people = self.plan.people.keys();
        let people = people.filter(|person| fails(&|name| self.out(name, Some(person)).is_none()));
        let single_people = people.cloned().collect();
        let still = names.iter().filter(|name| !has_signed(name));
        let (can, cannot): (Vec<&String>, Vec<&String>) = still.partition(|name| can_sign(name));
        let lost = |key: &&&String| {
            let print = self.keys.get(**key);
            fails(&|name| can_sign(name) && self.keys.get(name) != print)
        };
        let single_keys = can.iter().filter(lost).map(|name| (*name).clone()).collect();
        let named: BTreeSet<Fingerprint> = self.prints(&names, |_| true);
        let stranger =
            |member: &&Member| member.key.as_ref().is_ok_and(|key| !named.contains(&key.fingerprint()));
        let came =
            |member: &&Member| member.key.as_ref().is_ok_and(|key| signed.contains(&key.fingerprint()));
        let (strangers, unknown): (Vec<&Member>, Vec<&Member>) =
            authority.members().iter().filter(stranger).partition(came);
        let ids = |members: Vec<&Member>| members.into_iter().map(|m| m.keyid.clone()).collect();
        Outlook {
            letter: draft.letter.to_owned(),
            role: authority.role().to_owned(),
            side: if authority.document() == draft.payload { Side::New } else { Side::Old },
            needed: authority.threshold(),
            valid: authority.tally(&signed).valid(),
            available: all.valid(),
            can_be_met: all.is_met(),
            signed: names.iter().filter(|name| has_signed(name)).map(|name| (*name).clone()).collect(),
            keys: can.into_iter().cloned().collect(),
            out: cannot.into_iter().filter_map(|name| Some((name.clone(), self.out(name, None)?))).collect(),
            single_people,
            single_keys,
            unknown: ids(unknown),
            strangers: ids(strangers),
        }
    }

    fn prints(&self, names: &[&String], can: impl Fn(&str) -> bool) -> BTreeSet<Fingerprint> {
        names.iter().filter(|name| can(name)).filter_map(|name| self.keys.get(*name)).copied().collect()
    }

    /// Why a key is not counted on, `without` one person more. A key that several people hold needs one of them; one that a
    /// machine holds needs nobody.
    fn out(&self, name: &str, without: Option<&str>) -> Option<Out> {
        let key: &PlanKey = self.plan.keys.get(name)?;
        if key.lost.is_some() {
            return Some(Out::Lost);
        }
        let mut holders = key.holders.iter().map(|holder| self.holder_out(holder, without));
        let first = holders.clone().next().flatten().filter(|_| holders.all(|out| out.is_some()));
        let is_locked = self.keys.get(name).is_some_and(|key| self.so_far.locked.contains(key));
        match first {
            // A token that is unlocked does not change anybody's mind.
            Some(Out::Declined) => first,
            _ if is_locked => Some(Out::Locked),
            _ => first,
        }
    }

    fn holder_out(&self, holder: &str, without: Option<&str>) -> Option<Out> {
        if self.absent.contains(holder) || without == Some(holder) {
            return Some(Out::Absent);
        }
        let told = self.so_far.out.get(holder).copied();
        let comes = self.so_far.here.contains(holder)
            || self.plan.people.get(holder).is_some_and(|person| person.announced);
        told.or_else(|| (!comes).then_some(Out::Unannounced))
    }
}

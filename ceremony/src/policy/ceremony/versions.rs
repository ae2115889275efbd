//! Versions and expiries of what is made, against what clients have seen (TUF 5.5.5) and the date that a person stated.

use super::{Case, Control, PlanRefusal, Said};
use crate::keyset::Authority;
use crate::metadata::{Metadata, RoleType};
use crate::seal::{listed, member};
use crate::time::Moment;

/// Days of life that root and targets must have left when the window closes: less, and the next ceremony is due before
/// anybody has travelled home.
const SOON: i64 = 30;
/// Years of life that root and targets may have: a token and the habits around it last about as long, and a client that is
/// cut off trusts what it has until then.
const FAR_OFFLINE: i64 = 5;
/// Years that snapshot and timestamp may have: their keys are at hand, and a long life only helps whoever freezes clients.
const FAR_ONLINE: i64 = 1;
/// Days of a year that is judged kindly.
const LONGEST_YEAR: i64 = 366;

pub(super) fn versions(case: &Case<'_>, said: &mut Said) {
    let recovers = recovery(case, said);
    for part in case.parts {
        let (draft, metadata) = (part.part.draft().role(), part.part.draft().metadata());
        if metadata.role_type() != RoleType::Root {
            one(case, draft, metadata.version(), recovers, said);
        }
        let expires = metadata.expires().expect("a plan that was read has instants");
        if expires.is_over_at(case.stated) {
            let (expires, at) = (expires.spelled().to_owned(), case.stated.spelled().to_owned());
            said.refuse(PlanRefusal::Expired { role: draft.to_owned(), expires, at });
        } else {
            life(case, &part.letter, draft, metadata.role_type(), &expires, said);
        }
    }
}

fn one(case: &Case<'_>, role: &str, version: u64, recovers: bool, said: &mut Said) {
    let published = case.published.of(role).map_or(0, Metadata::version);
    let lists = if role == RoleType::Snapshot.name() { RoleType::Timestamp } else { RoleType::Snapshot };
    let lists = case.published.of(lists.name()).and_then(|m| listed(member(m.signed(), "meta"), role));
    let told = case.plan.seen.get(role).copied();
    let seen = published.max(lists.unwrap_or(0)).max(told.unwrap_or(0));
    let (role, after) = (role.to_owned(), |version: u64| version.saturating_add(1));
    if version <= seen && !recovers {
        said.refuse(PlanRefusal::Seen { role, version, seen });
    } else if version != after(seen) && !(recovers && version == after(published)) {
        let wanted = if recovers { after(published) } else { after(seen) };
        said.refuse(PlanRefusal::NextVersion { role, version, wanted });
    }
}

/// Whether the keys of both snapshot and timestamp change; clients forget both documents as soon as one of them does (TUF
/// 5.3.11), which is said.
fn recovery(case: &Case<'_>, said: &mut Said) -> bool {
    let Some((root, Some(old))) = case.root() else { return false };
    let changes = |role: RoleType| {
        let keys = |m| Authority::in_document(m, role.name()).map(|a| a.distinct_keys()).unwrap_or_default();
        keys(old) != keys(root.part.draft().metadata())
    };
    let changed = [RoleType::Snapshot, RoleType::Timestamp].map(|role| (role, changes(role)));
    for (role, _) in changed.iter().filter(|(_, changes)| *changes) {
        let says = "its keys change, so clients forget the snapshot and the timestamp that they know";
        said.find(Control::FastForward, &root.letter, role.name(), says, false);
    }
    changed.iter().all(|(_, changes)| *changes)
}

fn life(case: &Case<'_>, letter: &str, draft: &str, role: RoleType, expires: &Moment, said: &mut Said) {
    let window = case.plan.window.as_ref();
    let online = matches!(role, RoleType::Snapshot | RoleType::Timestamp);
    let (most, least) = if online { (FAR_ONLINE, 0) } else { (FAR_OFFLINE, SOON) };
    let (opens, closes) = (window.map(|w| &w.opens), window.map(|w| &w.closes));
    if expires.days_since(opens.unwrap_or(case.stated)) > most * LONGEST_YEAR {
        let says = format!("it expires at {}, more than {most} years after the ceremony", expires.spelled());
        said.find(Control::ExpiryFar, letter, draft, says, true);
    }
    let closes = closes.unwrap_or(case.stated);
    if expires.is_over_at(closes) || expires.days_since(closes) < least {
        let says = format!("it expires at {}, fewer than {least} days after the ceremony", expires.spelled());
        said.find(Control::ExpirySoon, letter, draft, says, true);
    }
}

//! Whether a plan is of the kind that it claims (MODEL 6): the changes decide, and the one that betrays it is named.

use std::collections::BTreeSet;

use super::{Case, PlanRefusal, Said};
use crate::changes::{Change, changes};
use crate::key::Fingerprint;
use crate::metadata::RoleType;
use crate::plan::Kind;
use crate::seal::SealedPart;

pub(super) fn kind(case: &Case<'_>, said: &mut Said) {
    let kind = case.plan.kind;
    let betrayed_by = match kind {
        Kind::FirstRoot => first(case, &[RoleType::Root]),
        Kind::Bootstrap => first(case, &RoleType::ALL),
        _ => of_changes(case, kind),
    };
    if let Some(betrayed_by) = betrayed_by {
        said.refuse(PlanRefusal::Kind { kind, betrayed_by });
    }
}

/// Something first follows nothing.
fn first(case: &Case<'_>, roles: &[RoleType]) -> Option<String> {
    if let Some(missing) = roles.iter().find(|role| case.part(role.name()).is_none()) {
        return Some(format!("it makes no {missing}"));
    }
    let follows = case.parts.iter().find(|part| part.part.predecessor().is_some());
    follows.map(|part| format!("draft {} follows a published document", part.letter))
}

/// What a change does, as kinds tell it apart.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Deed {
    /// Versions, expiries, and what a snapshot or timestamp lists.
    Renews,
    /// A public key comes.
    Comes(Option<Fingerprint>),
    /// A public key goes.
    Goes(Option<Fingerprint>),
    /// A threshold, or the same key under another key id.
    Counts,
    /// A role goes.
    RoleGoes,
    /// Files that clients download.
    Files,
    /// Anything else.
    Else,
}

fn deed(change: &Change<'_>, role: RoleType) -> Deed {
    let lists = matches!(role, RoleType::Snapshot | RoleType::Timestamp);
    match change {
        Change::Version { .. } => Deed::Renews,
        Change::Field { name, .. } if name == "expires" => Deed::Renews,
        Change::EntryAdded { .. } | Change::EntryRemoved { .. } | Change::EntryChanged { .. } => {
            if lists {
                Deed::Renews
            } else {
                Deed::Files
            }
        }
        Change::KeyAdded { key, .. } => Deed::Comes(key.fingerprint),
        Change::KeyRemoved { key, .. } => Deed::Goes(key.fingerprint),
        Change::Threshold { .. } | Change::KeyRenamed { .. } => Deed::Counts,
        Change::RoleRemoved { .. } => Deed::RoleGoes,
        Change::Field { .. }
        | Change::Inside { .. }
        | Change::RoleAdded { .. }
        | Change::KeyObject { .. }
        | Change::Reach { .. }
        | Change::DelegationOrder => Deed::Else,
    }
}

fn of_changes(case: &Case<'_>, kind: Kind) -> Option<String> {
    let (mut comes, mut goes) = (BTreeSet::new(), BTreeSet::new());
    let (mut counts, mut releases) = (false, false);
    let mut betrayed_by = None;
    for part in case.parts {
        let role = part.part.draft().metadata().role_type();
        let old = part.part.predecessor();
        if old.is_none() && role == RoleType::Root {
            return Some(format!("draft {} is a first root", part.letter));
        }
        if role == RoleType::Root && kind == Kind::TargetsRelease {
            return Some(format!("draft {} is a root", part.letter));
        }
        let Some(old) = old else {
            if let Some(why) = new_document(part, role, kind) {
                return Some(why);
            }
            releases |= role == RoleType::Targets;
            continue;
        };
        let told = changes(old, part.part.draft().metadata(), &mut |change| {
            let deed = deed(&change, role);
            match deed {
                Deed::Comes(print) => {
                    comes.insert(print);
                }
                Deed::Goes(print) => {
                    goes.insert(print);
                }
                Deed::Counts => counts = true,
                Deed::Renews | Deed::RoleGoes | Deed::Files | Deed::Else => {}
            }
            releases |= role == RoleType::Targets && deed != Deed::Renews;
            if betrayed_by.is_none() && !fits(kind, deed) {
                betrayed_by = Some(format!("in draft {}, {}", part.letter, telling(&change)));
            }
        });
        told.expect("both have the shape of one role");
    }
    betrayed_by.or_else(|| match kind {
        Kind::Rotation if comes.is_empty() && goes.is_empty() && !counts => {
            Some("no key and no threshold changes".to_owned())
        }
        Kind::Revocation if goes.is_empty() => Some("no key goes".to_owned()),
        Kind::TokenReplaced | Kind::TokenLost => one_token(case, kind, &goes, &comes),
        Kind::TargetsRelease if !releases => Some("no targets change".to_owned()),
        _ => None,
    })
}

/// A document that follows nothing.
fn new_document(part: &SealedPart, role: RoleType, kind: Kind) -> Option<String> {
    let fits = match kind {
        Kind::TargetsRelease => true,
        // Keys of a role change and there was no document of it yet.
        Kind::Rotation => role != RoleType::Targets,
        _ => false,
    };
    (!fits).then(|| format!("draft {} is a first {} document", part.letter, part.part.draft().role()))
}

fn fits(kind: Kind, deed: Deed) -> bool {
    match (kind, deed) {
        (_, Deed::Renews) | (Kind::TargetsRelease, _) => true,
        (Kind::Rotation, deed) => deed != Deed::Files,
        (Kind::TokenReplaced | Kind::TokenLost, deed) => matches!(deed, Deed::Comes(_) | Deed::Goes(_)),
        (Kind::Revocation, deed) => matches!(deed, Deed::Goes(_) | Deed::Counts | Deed::RoleGoes),
        _ => false,
    }
}

/// One key goes, one comes, and both are in the same hands.
fn one_token(
    case: &Case<'_>,
    kind: Kind,
    goes: &BTreeSet<Option<Fingerprint>>,
    comes: &BTreeSet<Option<Fingerprint>>,
) -> Option<String> {
    let one = |prints: &BTreeSet<Option<Fingerprint>>| match prints.len() {
        1 => prints.first().copied().flatten(),
        _ => None,
    };
    let (Some(old), Some(new)) = (one(goes), one(comes)) else {
        return Some(format!("{} public keys go and {} come, not one for one", goes.len(), comes.len()));
    };
    let holders = |print| {
        let keys = case.names_of(print).filter_map(|name| case.plan.keys.get(name));
        keys.flat_map(|key| key.holders.iter().cloned()).collect::<BTreeSet<String>>()
    };
    if holders(old) != holders(new) || holders(old).is_empty() {
        return Some(
            "the plan does not give the key that goes and the one that comes to the same people".to_owned(),
        );
    }
    let is_lost =
        case.names_of(old).any(|name| case.plan.keys.get(name).is_some_and(|key| key.lost.is_some()));
    match (kind, is_lost) {
        (Kind::TokenLost, false) => Some("the plan does not call the key that goes lost".to_owned()),
        (Kind::TokenReplaced, true) => Some("the plan calls the key that goes lost".to_owned()),
        _ => None,
    }
}

/// A change as a clause. Texts of documents are shown escaped.
fn telling(change: &Change<'_>) -> String {
    match change {
        Change::Version { from, to } => format!("the version changes from {from} to {to}"),
        Change::Field { name, .. } => format!("the field {name:?} changes"),
        Change::Inside { path, .. } => format!("{:?} changes", path.join(".")),
        Change::RoleAdded { role, .. } => format!("the role {role:?} is new"),
        Change::RoleRemoved { role } => format!("the role {role:?} goes"),
        Change::Threshold { role, from, to } => {
            format!("the threshold of {role:?} changes from {from} to {to}")
        }
        Change::KeyAdded { role, key } => format!("the key {:?} comes to the role {role:?}", key.keyid),
        Change::KeyRemoved { role, key } => format!("the key {:?} leaves the role {role:?}", key.keyid),
        Change::KeyRenamed { role, from, to } => {
            format!("the key {:?} of the role {role:?} stands under {:?}", from.keyid, to.keyid)
        }
        Change::KeyObject { keyid, .. } => format!("the key object {keyid:?} changes"),
        Change::Reach { role, .. } => format!("the delegation to {role:?} covers something else"),
        Change::DelegationOrder => "the order of the delegated roles changes".to_owned(),
        Change::EntryAdded { name, .. } => format!("{name:?} is added"),
        Change::EntryRemoved { name, .. } => format!("{name:?} is removed"),
        Change::EntryChanged { name, .. } => format!("{name:?} changes"),
    }
}

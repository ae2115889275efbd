//! Published documents under the keys of a draft: whoever takes keys away takes signatures away too (TUF 5.6.3). What is
//! replaced in the same ceremony is no orphan.

use super::{Case, Control, PlanRefusal, Said};
use crate::keyset::Authority;
use crate::metadata::{Metadata, RoleType};
use crate::seal::{SealedPart, tally};

pub(super) fn orphans(case: &Case<'_>, said: &mut Said) {
    if let Some((root, old)) = case.root() {
        for role in [RoleType::Targets, RoleType::Snapshot, RoleType::Timestamp] {
            match case.published.of(role.name()) {
                Some(published) => one(case, root, role.name(), published, said),
                None if role == RoleType::Targets => unknown(case, root, old, said),
                None => {}
            }
        }
    }
    for (role, published) in case.published.delegated() {
        // Whoever delegated to it before judged it; whoever does so now must not judge it otherwise.
        let delegating = |part: &&SealedPart| {
            let metadata = part.part.draft().metadata();
            metadata.role_type() == RoleType::Targets && Authority::in_document(metadata, role).is_ok()
        };
        for part in case.parts.iter().filter(delegating) {
            one(case, part, role, published, said);
        }
        undelegated_or_unproven(case, role, published, said);
    }
}

fn one(case: &Case<'_>, by: &SealedPart, role: &str, published: &Metadata, said: &mut Said) {
    if case.part(role).is_some() {
        return;
    }
    let Ok(authority) = Authority::in_document(by.part.draft().metadata(), role) else { return };
    let tally = tally(&authority, published);
    if !tally.is_met() {
        let (draft, role) = (by.letter.clone(), role.to_owned());
        said.refuse(PlanRefusal::Orphan { draft, role, valid: tally.valid(), threshold: tally.threshold });
    }
}

/// Without the published targets nobody can tell; then no key may go and no threshold may rise.
fn unknown(case: &Case<'_>, root: &SealedPart, old: Option<&Metadata>, said: &mut Said) {
    let role = RoleType::Targets.name();
    let (Some(old), None) = (old, case.part(role)) else { return };
    let of = |metadata| Authority::in_document(metadata, role).ok();
    let (Some(old), Some(new)) = (of(old), of(root.part.draft().metadata())) else { return };
    let stays = new.distinct_keys().is_superset(&old.distinct_keys());
    if !stays || new.threshold() > old.threshold() {
        said.refuse(PlanRefusal::PerhapsOrphan { draft: root.letter.clone(), role: role.to_owned() });
    }
}

/// The published delegation must ask for the signatures that a published delegated document has; an honest one can miss
/// that, when its keys were changed and it was not made anew.
fn undelegated_or_unproven(case: &Case<'_>, role: &str, published: &Metadata, said: &mut Said) {
    // A role that is not made says nothing of who delegates to it: then it is whoever does.
    let told = case.plan.delegated.get(role).map(|wish| wish.delegating());
    let targets = RoleType::Targets.name();
    let any = [targets].into_iter().chain(case.published.delegated().map(|(name, _)| name));
    let authority_of = |by: &str| Authority::in_document(case.published.of(by)?, role).ok();
    let by = told.or_else(|| any.into_iter().find(|by| authority_of(by).is_some())).unwrap_or(targets);
    let authority = authority_of(by);
    let says = match authority {
        Some(authority) => {
            let tally = tally(&authority, published);
            if tally.is_met() {
                return;
            }
            let (valid, threshold) = (tally.valid(), tally.threshold);
            format!(
                "the published document has {valid} of the {threshold} signatures that the published {by} asks for"
            )
        }
        None => format!("the published {by} does not delegate to it"),
    };
    let letter = case.part(role).map_or("", |part| &part.letter);
    said.find(Control::Predecessor, letter, role, says, true);
}

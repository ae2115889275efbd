//! A root as the plan wants it (TUF 4.3): the trusted one with only what the plan names changed, or a first one.

use std::collections::BTreeSet;

use super::fault::{PredecessorFault, SealFault};
use super::keys::{Pool, Table};
use super::{Scene, member};
use crate::layout::{Edit, Value};
use crate::metadata::{Metadata, RoleType};
use crate::plan::RootWish;

pub(super) fn root<'d>(scene: &Scene<'d>, wish: &'d RootWish, pool: &'d Pool) -> Result<Edit<'d>, SealFault> {
    let stood = scene.published.root();
    check_version(stood, wish.version)?;
    let mut signed = scene.signed(RoleType::Root, RoleType::Root.name(), (wish.version, &wish.expires));
    if let Some(on) = wish.consistent_snapshot.or(stood.is_none().then_some(true)) {
        signed.set("consistent_snapshot", Value::Flag(on));
    }
    let old = stood.map(Metadata::root).transpose().expect("its shape was checked when it was read");
    let old_roles = old.map(|root| root.roles).unwrap_or_default();
    let roles_object = stood.and_then(|m| member(m.signed(), "roles"));
    let mut table = Table::of("the trusted root", stood.and_then(|m| member(m.signed(), "keys")), None);
    let mut roles = Edit::of(roles_object);
    for (role, wish) in &wish.roles {
        let object = roles_object.and_then(|roles| member(roles, role));
        let signers = table.signers(role, (&wish.keys, wish.threshold), object, pool)?;
        let mut edit = Edit::of(object);
        edit.set("keyids", signers.keyids);
        edit.set("threshold", signers.threshold);
        roles.set(role.as_str(), Value::Edited(edit));
    }
    let mut listed_before = BTreeSet::new();
    for role in &old_roles {
        listed_before.extend(role.keyids.iter().map(|keyid| keyid.clone().into_owned()));
        if !wish.roles.contains_key(role.name.as_ref()) {
            table.keep(&role.keyids);
        }
    }
    signed.set("keys", table.written(listed_before));
    signed.set("roles", Value::Edited(roles));
    Ok(signed)
}

/// A root follows the trusted one by exactly one (TUF 5.3.5, 6.1).
fn check_version(stood: Option<&Metadata>, version: u64) -> Result<(), PredecessorFault> {
    let wanted = stood.map_or(0, Metadata::version).saturating_add(1);
    if version == wanted { Ok(()) } else { Err(PredecessorFault::Version { found: version, wanted }) }
}

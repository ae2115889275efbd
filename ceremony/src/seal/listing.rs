//! Snapshot and timestamp as the plan wants them (TUF 4.4, 4.6). They list versions only: the final bytes of the other
//! drafts are not known before they are signed. What the predecessor lists and nothing here replaces stays.

use std::collections::BTreeMap;

use super::{Scene, member};
use crate::document::Object;
use crate::layout::{Edit, Value};
use crate::metadata::{Metadata, RoleType};
use crate::plan::OnlineWish;

/// `made`: the versions of this ceremony's other drafts, by role.
pub(super) fn listing<'d>(
    scene: &Scene<'d>,
    role: RoleType,
    wish: &'d OnlineWish,
    made: &BTreeMap<String, u64>,
) -> Edit<'d> {
    let stood = scene.published.of(role.name());
    let mut signed = scene.signed(role, role.name(), (wish.version, &wish.expires));
    let old = stood.and_then(|m| member(m.signed(), "meta"));
    let mut meta = Edit::of(old);
    let listed = |name: &str| listed(old, name);
    let wanted = if role == RoleType::Timestamp { RoleType::Snapshot } else { RoleType::Targets };
    let mut versions: BTreeMap<&str, u64> = BTreeMap::new();
    // Published documents come first, so that a draft of the same role takes its place.
    let top = scene.published.of(wanted.name()).map(|m| (wanted.name(), m));
    let delegated = scene.published.delegated().filter(|_| role == RoleType::Snapshot);
    let newer = |(role, m): &(&str, &Metadata)| listed(role).is_none_or(|version| version < m.version());
    versions.extend(top.into_iter().chain(delegated).filter(newer).map(|(role, m)| (role, m.version())));
    for (role, version) in made {
        let lists = match RoleType::named(role) {
            // A snapshot of old lists the root too.
            Some(RoleType::Root) => listed(role).is_some(),
            Some(made) => made == wanted,
            None => wanted == RoleType::Targets,
        };
        if lists {
            versions.insert(role, *version);
        }
    }
    for (role, version) in versions {
        let name = format!("{role}.json");
        let entry = old.and_then(|meta| member(meta, &name));
        let mut edit = Edit::of(entry);
        if listed(role) != Some(version) {
            edit.set("version", Value::Number(version));
            // They were another file's.
            edit.remove("hashes");
            edit.remove("length");
        }
        meta.set(name, Value::Edited(edit));
    }
    signed.set("meta", Value::Edited(meta));
    signed
}

/// The version that a listing gives a role's file.
pub(crate) fn listed(meta: Option<Object<'_>>, role: &str) -> Option<u64> {
    let entry = member(meta?, &format!("{role}.json"))?;
    entry.member("version")?.integer()?.as_u64()
}

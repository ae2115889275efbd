//! The root role (TUF 4.3): which keys speak for which role.

use std::borrow::Cow;

use super::keys::{self, KeyEntry, RoleKeys};
use super::shape::{self, ShapeFault};
use crate::document::{Object, View};

/// A root's keys and roles.
#[derive(Debug, Clone)]
pub struct Root<'d> {
    /// The table of keys, in the order of the file.
    pub keys: Vec<KeyEntry<'d>>,
    /// The roles, in the order of the file; more than the four may stand there.
    pub roles: Vec<RoleKeys<'d>>,
    /// `consistent_snapshot` (TUF 6.2.1), if it is said.
    pub consistent_snapshot: Option<bool>,
}

impl<'d> Root<'d> {
    pub(super) fn of(signed: Object<'d>) -> Result<Root<'d>, ShapeFault> {
        let keys = keys::table(shape::member(signed, "keys", "signed")?, "signed.keys")?;
        let roles = shape::object(shape::member(signed, "roles", "signed")?, "signed.roles")?;
        let roles: Vec<RoleKeys<'d>> =
            roles.members().map(|(name, role)| Root::role_of(name, role)).collect::<Result<_, _>>()?;
        keys::few_enough(&roles)?;
        let consistent_snapshot = match signed.member("consistent_snapshot") {
            None => None,
            Some(view) => Some(view.boolean().ok_or_else(|| ShapeFault::Kind {
                place: "signed.consistent_snapshot".into(),
                found: view.kind(),
                wanted: "true or false",
            })?),
        };
        Ok(Root { keys, roles, consistent_snapshot })
    }

    fn role_of(name: Cow<'d, str>, role: View<'d>) -> Result<RoleKeys<'d>, ShapeFault> {
        let place = format!("signed.roles.{}", name.chars().take(80).collect::<String>());
        keys::role(name, shape::object(role, &place)?, &place)
    }

    /// The role with this name.
    #[must_use]
    pub fn role(&self, name: &str) -> Option<&RoleKeys<'d>> {
        self.roles.iter().find(|r| r.name == name)
    }

    /// The key under this key id.
    #[must_use]
    pub fn key(&self, keyid: &str) -> Option<&KeyEntry<'d>> {
        self.keys.iter().find(|k| k.keyid == keyid)
    }
}

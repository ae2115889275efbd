//! What a delta adds, role by role, as sealing reads it.
use super::member;
use crate::document::{Document, Object};
pub(super) struct Delta(pub(super) Document);
impl Delta {
    pub(super) fn role(&self, role: &str) -> Option<Object<'_>> {
        member(member(member(self.0.root().object()?, "roles")?, role)?, "targets")
    }
    pub(super) fn roles(&self) -> Vec<String> {
        let roles = self.0.root().object().and_then(|o| member(o, "roles"));
        roles.into_iter().flat_map(Object::sorted).map(|(name, _)| name.into_owned()).collect()
    }
}

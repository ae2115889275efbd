//! Online roles: snapshot and timestamp, which machines sign day by day. For these alone, outside rehearsals, a PIN or a key
//! may come from a file (DESIGN 10), and a token's module may be allowed a network (DESIGN 19). Root, targets and delegated
//! roles are none, whoever holds their keys.

use tuf_ceremony::draft::Draft;
use tuf_ceremony::metadata::RoleType;
use tuf_ceremony::transcript::event::{Event, Note};

use super::{DeskFault, Seat};
use crate::operator::wording;

/// Whether this is a document of an online role.
#[must_use]
pub fn is_online(draft: &Draft) -> bool {
    !draft.is_delegated() && matches!(draft.metadata().role_type(), RoleType::Snapshot | RoleType::Timestamp)
}

/// Whether a program signs it only by exception (DESIGN 17). Delegated and online roles may be signed by one.
#[must_use]
pub fn is_root_or_targets(draft: &Draft) -> bool {
    !draft.is_delegated() && matches!(draft.metadata().role_type(), RoleType::Root | RoleType::Targets)
}

impl Seat<'_> {
    /// The roles of all that waits for her, if every one of them is an online role; a rehearsal makes no other role one.
    #[must_use]
    pub fn online_roles(&self) -> Option<Vec<String>> {
        let state = self.table.state();
        let mut roles = Vec::new();
        for waiting in self.keys().iter().filter(|w| !w.done) {
            let now = state.draft(waiting.draft).ok()?;
            let draft = now.part().draft();
            if !is_online(draft) {
                return None;
            }
            if !roles.iter().any(|known| known == draft.role()) {
                roles.push(draft.role().to_owned());
            }
        }
        (!roles.is_empty()).then_some(roles)
    }

    /// Writes down that a token's module is allowed a network for these roles, before its process starts; gives the sentence.
    ///
    /// # Errors
    /// When the folder cannot be written; then no module is to be started.
    pub fn note_network(&mut self, module: &str, roles: &[String]) -> Result<String, DeskFault> {
        let text = wording::network_allowed(module, roles);
        let note = Note { by: self.wish.person.to_owned(), text: text.clone() };
        self.table.take(&Event::Remarked(note).into())?;
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use tuf_ceremony::document::Document;
    use tuf_ceremony::metadata::Metadata;

    use super::*;

    fn draft(signed: &str, role: Option<&str>) -> Draft {
        let text = format!(r#"{{"signatures":[],"signed":{signed}}}"#);
        let metadata = Metadata::of(Document::read(text.into_bytes()).unwrap().into()).unwrap();
        Draft::of(metadata, role).unwrap()
    }

    #[test]
    fn snapshot_and_timestamp_are_online_and_no_targets_whatever_their_name() {
        let targets = r#"{"_type":"targets","targets":{},"version":1}"#;
        let lists = |role: &str| format!(r#"{{"_type":"{role}","meta":{{}},"version":1}}"#);
        assert!(is_online(&draft(&lists("snapshot"), None)));
        let listed = r#"{"_type":"timestamp","meta":{"snapshot.json":{"version":1}},"version":1}"#;
        assert!(is_online(&draft(listed, None)));
        assert!(!is_online(&draft(targets, None)));
        assert!(!is_online(&draft(targets, Some("nightly"))), "nor a delegated role");
        assert!(is_root_or_targets(&draft(targets, None)));
        assert!(!is_root_or_targets(&draft(targets, Some("nightly"))));
    }
}

//! What people wrote down beside the steps, from a ceremony's own lines: remarks, among them why a machine on a network was used,
//! and incidents. They change nothing that counts; whoever judges the ceremony reads them.

use serde::Serialize;
use tuf_ceremony::state::State;
use tuf_ceremony::transcript::event::Event;

use super::columns::quotation;
use super::{CLAUSE, NAME};
use crate::operator::clean::{cell, quoted};
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::wording::board as said;

/// Something that somebody wrote down; `--json` prints it so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Noted {
    /// The line.
    pub line: u64,
    /// Something that should not have happened; else a remark.
    pub incident: bool,
    /// Who says it.
    pub by: String,
    /// What.
    pub text: String,
}

/// All of it, in the order of the lines.
#[must_use]
pub fn noted(state: &State) -> Vec<Noted> {
    let entries = state.transcript().entries().iter();
    let noted = entries.filter_map(|entry| {
        let (incident, note) = match &entry.event {
            Event::Remarked(note) => (false, note),
            Event::IncidentNoted(note) => (true, note),
            _ => return None,
        };
        Some(Noted { line: entry.n, incident, by: note.by.clone(), text: note.text.clone() })
    });
    noted.collect()
}

/// A sentence each; nothing where nobody wrote anything.
///
/// # Errors
/// As [`Screen::line`].
pub fn notes(screen: &mut Screen<'_>, state: &State) -> Result<(), ScreenFault> {
    noted(state).iter().try_for_each(|note| {
        let (by, text) = (cell(&note.by, NAME), quoted(&note.text.replace('"', "'"), CLAUSE));
        quotation(screen, 2, &said::noted(note.line, note.incident, &by), &text)
    })
}

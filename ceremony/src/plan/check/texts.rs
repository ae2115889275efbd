//! Texts of a plan: names that become file names, words that people read, files that stay in their folder.

use super::{PlanFault, PlanProblem, refuse};
use crate::draft;
use crate::limits::{LINE, NAME, REASON};
use crate::metadata::RoleType;
use crate::strict;

/// A name of a person or key.
pub(super) fn name(place: &str, text: &str) -> Result<(), PlanFault> {
    if strict::is_name(text) { Ok(()) } else { refuse(place, PlanProblem::Name { most: NAME.most }) }
}

/// A short text in one line.
pub(super) fn line(place: &str, text: &str) -> Result<(), PlanFault> {
    if !LINE.allows(text.chars().count()) {
        return refuse(place, PlanProblem::Past(LINE));
    }
    readable(place, text)
}

/// A longer text in one line.
pub(super) fn reason(place: &str, text: &str) -> Result<(), PlanFault> {
    if !REASON.allows(text.chars().count()) {
        return refuse(place, PlanProblem::Past(REASON));
    }
    readable(place, text)
}

fn readable(place: &str, text: &str) -> Result<(), PlanFault> {
    strict::readable(text).map_or(Ok(()), |why| refuse(place, PlanProblem::Text(why)))
}

/// The name of any role.
pub(super) fn role(place: &str, name: &str) -> Result<(), PlanFault> {
    if draft::is_file_name(name) { Ok(()) } else { refuse(place, PlanProblem::RoleName) }
}

/// The name of a delegated role.
pub(super) fn delegated_role(place: &str, name: &str) -> Result<(), PlanFault> {
    role(place, name)?;
    if RoleType::named(name).is_some() { refuse(place, PlanProblem::TopLevelRole) } else { Ok(()) }
}

/// A path from the plan's folder, never out of it.
pub(super) fn file(place: &str, path: &str) -> Result<(), PlanFault> {
    let why = match () {
        () if path.is_empty() => "it is empty",
        () if path.starts_with('/') => "it is absolute",
        () if path.contains('\\') => "it holds a backslash",
        () if path.contains(':') => "it holds a colon",
        () if path.chars().any(char::is_control) => "it holds a control character",
        () if path.split('/').any(|part| part == "..") => "it leads out",
        () if path.split('/').any(|part| part.is_empty() || part == ".") => {
            "it holds an empty name or a dot for one"
        }
        () if !LINE.allows(path.chars().count()) => return refuse(place, PlanProblem::Past(LINE)),
        () => return Ok(()),
    };
    refuse(place, PlanProblem::File { why })
}

//! Which update clients the documents of a plan shut out, told where nobody reads the documents themselves.

use tuf_ceremony::bundle::Part;
use tuf_ceremony::policy::{Finding, clients};

use super::columns::sentence;
use super::findings;
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::wording::planning as said;

/// Of all drafts.
#[must_use]
pub fn shut_out(parts: &[&Part]) -> Vec<Finding> {
    // A draft has the shape of its role.
    parts.iter().flat_map(|part| clients::findings(part.draft().metadata()).unwrap_or_default()).collect()
}

/// Names them, and what to do before such a document is published; nothing where there are none.
///
/// # Errors
/// As [`Screen::line`].
pub fn clients(screen: &mut Screen<'_>, found: &[Finding]) -> Result<(), ScreenFault> {
    if found.is_empty() {
        return Ok(());
    }
    screen.blank()?;
    screen.heading(said::CLIENTS)?;
    findings(screen, found, true)?;
    sentence(screen, 2, said::CLIENTS_FIRST)
}

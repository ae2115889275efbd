//! What the rules say of a whole ceremony, finding by finding, and which of them need an exception.

use tuf_ceremony::draft::Draft;
use tuf_ceremony::plan::ExceptionWish;
use tuf_ceremony::transcript::event::SealedFinding;

use super::columns::sentence;
use super::{CLAUSE, NAME, SHOWN};
use crate::operator::clean::{cell, identifier, quoted};
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::wording::{pages, planning as said};

/// The findings: those that need an exception first, at most [`SHOWN`] of the others unless `all` are asked for.
///
/// # Errors
/// As [`Screen::line`].
pub fn judgement(
    screen: &mut Screen<'_>,
    findings: &[SealedFinding],
    exceptions: &[ExceptionWish],
    all: bool,
) -> Result<(), ScreenFault> {
    if findings.is_empty() {
        return screen.line(said::NOTHING);
    }
    let (heavy, light): (Vec<_>, Vec<_>) = findings.iter().partition(|finding| finding.needs_exception);
    for finding in heavy {
        one(screen, finding)?;
        let asks = |wish: &&ExceptionWish| wish.control == finding.control && wish.about == finding.about;
        match exceptions.iter().find(asks) {
            Some(wish) => sentence(screen, 4, &said::asked(&quoted(&wish.reason, CLAUSE)))?,
            None => sentence(screen, 4, said::UNASKED)?,
        }
    }
    let shown = if all { light.len() } else { light.len().min(SHOWN) };
    light[..shown].iter().try_for_each(|finding| one(screen, finding))?;
    match light.len() - shown {
        0 => Ok(()),
        more => screen.line(&pages::more(more as u64)),
    }
}

fn one(screen: &mut Screen<'_>, finding: &SealedFinding) -> Result<(), ScreenFault> {
    let (about, says) = (identifier(&finding.about, NAME), cell(&finding.says, CLAUSE));
    sentence(screen, 2, &said::finding(&finding.draft, finding.control.code(), &about, &says))
}

/// A draft's heading: its letter, role and version.
#[must_use]
pub fn titled(letter: &str, draft: &Draft) -> String {
    let role = if draft.is_delegated() {
        pages::delegated(&identifier(draft.role(), NAME))
    } else {
        draft.role().to_owned()
    };
    pages::draft(letter, &pages::document(&role, draft.metadata().version()))
}

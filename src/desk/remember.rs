//! Her own log at the desk: what it will say, and what she is asked when it tells of another document (DESIGN 6).

use tuf_ceremony::bundle::Part;
use tuf_ceremony::digest::Digest;
use tuf_ceremony::holder_log::Intent;
use tuf_ceremony::key::Fingerprint;

use super::{DeskFault, plain};
use crate::memory::Memory;
use crate::operator::clean::{identifier, quoted_path};
use crate::operator::screen::Screen;
use crate::operator::{Operator, wording};
use crate::report;

/// What her log will say.
pub(super) fn intent(ceremony: Option<(Digest, String)>, part: &Part, key: Fingerprint) -> Intent {
    let (ceremony, title) = ceremony.unzip();
    Intent {
        ceremony,
        key,
        payload: part.draft().metadata().payload(),
        role: part.draft().role().to_owned(),
        title,
        version: part.draft().metadata().version(),
    }
}

/// Holds what is to be signed against her own log. A second payload is signed only after she typed that she means it; the
/// earlier one is the answer.
pub(super) fn ask(
    memory: &Memory,
    intent: &Intent,
    person: &mut dyn Operator,
    screen: &mut Screen<'_>,
) -> Result<Option<Digest>, DeskFault> {
    if memory.is_new() {
        screen.line(&wording::log_begins(&quoted_path(memory.path())))?;
        screen.blank()?;
    }
    let Some(earlier) = memory.earlier(intent) else { return Ok(None) };
    let (role, version, now) = (intent.role.clone(), intent.version, intent.payload);
    screen.heading(wording::ANOTHER_IN_YOUR_LOG)?;
    screen.line(&wording::another_in_your_log(&identifier(&role, report::NAME), version))?;
    report::digest(screen, earlier)?;
    screen.line(wording::TWO_TRUTHS)?;
    let phrase = wording::sign_another_phrase(&earlier.to_string()[..8], &now.to_string()[..8]);
    screen.line(wording::TO_STOP_TYPE)?;
    screen.line(&wording::to_sign_another_type(&phrase))?;
    let typed = person.type_line(wording::ANSWER)?;
    screen.blank()?;
    if plain(&typed) == plain(&phrase) {
        return Ok(Some(earlier));
    }
    Err(DeskFault::SignedOther { role, version, earlier, now })
}

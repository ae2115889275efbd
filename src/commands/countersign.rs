//! `conclave countersign`: a key of the ceremony signs the head that stands on paper, after the close.

use serde::Serialize;

use super::module::{drivers, perhaps_cut_off, token_uri};
use super::sign::told::{told, told_with};
use super::{Outcome, standing};
use crate::cli::Countersign;
use crate::desk::attention::Attention;
use crate::desk::closing::{countersign, recognise, to_countersign};
use crate::desk::signer::OnToken;
use crate::desk::table::Table;
use crate::fault::Fault;
use crate::operator::clean::{identifier, visible_path};
use crate::operator::json::print_json;
use crate::operator::screen::Screen;
use crate::operator::{Operator, wording};
use crate::report::NAME;

#[derive(Serialize)]
struct Facts {
    folder: String,
    person: String,
    key: String,
    closed_head: String,
    lines: u64,
}

/// Shows the head, asks, and stores the countersignature.
pub(super) fn run(asked: Countersign, person: &mut dyn Operator) -> Result<Outcome, Fault> {
    let output = asked.output;
    let wanted = token_uri(asked.token.as_deref().unwrap_or("pkcs11:"))?;
    let mut screen = if output.json { Screen::stderr(output.plain) } else { Screen::stdout(output.plain) };
    let access = asked.access.to(asked.folder.clone())?;
    let (mut table, _) = Table::load(&access)?;
    standing::mended(&mut screen, &table)?;
    standing::check_speaker(table.state(), &asked.person)?;
    let (close, keys) = to_countersign(table.state(), &asked.person)?;
    let mut drivers = drivers(&asked.module, Some(&wanted), false)?;
    let at = recognise(&table, &keys, &drivers.list(), &wanted);
    let at = at.map_err(|fault| perhaps_cut_off(&drivers, told(fault)))?;
    let public = keys.iter().find(|key| key.fingerprint() == at.fingerprint);
    let public = public.expect("it was found by this").clone();
    let mut with = Attention { person, screen: &mut screen };
    let ended = OnToken::of(&mut drivers, at, &wanted).and_then(|mut signer| {
        countersign(&mut table, &asked.person, (&close, &public), &mut signer, &mut with)
    });
    ended.map_err(|fault| told_with(fault, &drivers.chatter()))?;
    let warning = drivers.close().err();
    if output.json {
        print_json(&Facts {
            folder: visible_path(&access.folder).into_owned(),
            person: asked.person,
            key: public.fingerprint().to_string(),
            closed_head: close.head().to_string(),
            lines: table.state().lines(),
        })?;
    } else {
        screen.line(&wording::countersigned(&identifier(&asked.person, NAME)))?;
    }
    if let Some(warning) = warning {
        Screen::stderr(output.plain).line(&wording::exit_warning(&warning.to_string()))?;
    }
    Ok(Outcome::Done)
}

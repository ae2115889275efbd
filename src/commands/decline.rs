//! `conclave decline`: a keyholder saw a draft and will not sign it. That is an outcome too, and written down with her
//! reason and the very text that she saw. In a bundle it is written into her own folder beside it.

use std::path::PathBuf;

use super::own_folder::{self, Beside};
use super::{Outcome, standing};
use crate::cli::Output;
use crate::desk;
use crate::desk::table::{Access, Table};
use crate::fault::Fault;
use crate::operator::clean::{identifier, quoted_path, visible_path};
use crate::operator::json::print_json;
use crate::operator::screen::Screen;
use crate::operator::wording::ceremony as said;
use crate::report::{self, NAME, Names};

/// What was asked.
pub(super) struct Request {
    pub place: PathBuf,
    pub draft: String,
    pub person: String,
    pub reason: String,
    pub trust: Option<PathBuf>,
    pub date: Option<String>,
    pub access: Access,
}

#[derive(serde::Serialize)]
struct Facts {
    folder: String,
    draft: String,
    payload: String,
    person: String,
    lines: u64,
    head: String,
}

/// Writes the refusal down.
pub(super) fn run(request: &Request, output: Output) -> Result<Outcome, Fault> {
    let is_open = request.access.means_folder();
    if is_open && (request.trust.is_some() || request.date.is_some()) {
        return Err(Fault::usage(said::FOR_BUNDLES).now(said::LEAVE_TRUST_AND_DATE_OUT));
    }
    let (mut table, folder) = if is_open {
        (Table::load(&request.access)?.0, request.place.clone())
    } else {
        own_folder::open(&Beside {
            bundle: &request.place,
            trust: request.trust.as_deref(),
            date: request.date.as_deref(),
            access: &request.access,
        })?
    };
    let letter = request.draft.to_uppercase();
    let step = {
        let state = table.state();
        let Some(draft) = state.lettered(&letter) else {
            return Err(no_such_draft(state, &letter));
        };
        standing::check_speaker(state, &request.person)?;
        let names = standing::names(state, table.materials(), Names::default());
        let mut text = Vec::new();
        report::review(&mut Screen::onto(&mut text, false), draft.part(), None, &names)?;
        desk::declined(state, draft.payload(), &request.person, &request.reason, text)
    };
    table.take(&step)?;
    let state = table.state();
    if output.json {
        let payload = state.lettered(&letter).map(|draft| draft.payload().to_string()).unwrap_or_default();
        print_json(&Facts {
            folder: visible_path(&folder).into_owned(),
            draft: letter,
            payload,
            person: request.person.clone(),
            lines: state.lines(),
            head: state.head().to_string(),
        })?;
        return Ok(Outcome::Done);
    }
    let mut screen = Screen::stdout(output.plain);
    standing::mended(&mut screen, &table)?;
    screen.line(&said::wrote_down_decline(
        &identifier(&request.person, NAME),
        &letter,
        &quoted_path(&folder),
    ))?;
    screen.blank()?;
    report::head(&mut screen, state.lines(), state.head())?;
    Ok(Outcome::Done)
}

/// There is no draft of that letter.
pub(super) fn no_such_draft(state: &tuf_ceremony::state::State, letter: &str) -> Fault {
    let letters: Vec<&str> = state.drafts().map(|draft| draft.letter()).collect();
    standing::no_draft_of(&letters, letter)
}

//! How a ceremony goes on without signing and how it ends: `finalize` in a folder, `close`, `abort`, `replan`, `note`.

use std::path::Path;

use serde::Serialize;
use tuf_ceremony::conduct::{self, Replanning};
use tuf_ceremony::digest::Digest;
use tuf_ceremony::keyset::Tally;
use tuf_ceremony::state::{Illegal, Phase, State};
use tuf_ceremony::transcript::event::{Addendum, Event, Note};

use super::planned::Planned;
use super::{Outcome, decline, open, standing};
use crate::cli::Output;
use crate::desk::table::{Access, Table};
use crate::fault::{Fault, Signed};
use crate::operator::clean::{cell, quoted_path, visible_path};
use crate::operator::json::print_json;
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::wording::{self, ceremony as said, planning};
use crate::report::columns::{fact, sentence};
use crate::report::{self, NAME};

#[derive(Serialize)]
struct Facts {
    folder: String,
    phase: &'static str,
    lines: u64,
    head: String,
    written: Vec<WrittenFacts>,
}

#[derive(Serialize)]
struct WrittenFacts {
    file: String,
    sha256: String,
    bytes: u64,
}

/// Makes one draft final, or every one that can be, in the order in which they judge each other.
pub(super) fn finalize(access: &Access, letter: Option<&str>, output: Output) -> Result<Outcome, Fault> {
    let (mut table, _) = Table::load(access)?;
    let asked = match letter {
        Some(letter) => vec![payload(table.state(), &letter.to_uppercase())?],
        None => waiting(table.state()),
    };
    if asked.is_empty() {
        let sentence =
            if table.state().unfinished().is_empty() { said::ALL_FINAL } else { said::NONE_COMPLETE };
        return Err(Fault::refused(sentence).now(said::LOOK_AT_THE_STATUS));
    }
    let mut written = Vec::new();
    for draft in asked {
        let step = conduct::finalize(table.state(), draft);
        let step = step.map_err(|why| not_final(table.state(), draft, why)).and_then(|step| {
            table.take(&step)?;
            Ok(step)
        });
        let step = step.map_err(|fault| match written.len() {
            0 => fault,
            _ => fault.with_signed(Signed::Written { place: quoted_path(&access.folder.join("final")) }),
        })?;
        written.extend(step.files.iter().map(|file| WrittenFacts {
            file: visible_path(&access.folder.join(&file.path)).into_owned(),
            sha256: Digest::of(&file.bytes).to_string(),
            bytes: file.bytes.len() as u64,
        }));
    }
    tell(&table, access, written, output)
}

/// Why a draft cannot become final; what other machines tell of grants is the first thing to ask about.
fn not_final(state: &State, draft: Digest, why: Illegal) -> Fault {
    let told = state.draft(draft).is_ok_and(|draft| draft.told_grants().next().is_some());
    match why {
        Illegal::Finalize { ungranted, .. } if ungranted > 0 && told => {
            Fault::refused(said::NOT_FINAL_YET).because(&why).now(wording::granting::WRITE_IT_DOWN)
        }
        why => why.into(),
    }
}

/// Drafts that are complete and not final, in the order of their letters: an authority comes before what it judges.
fn waiting(state: &State) -> Vec<Digest> {
    let open = state.drafts().filter(|draft| draft.final_file().is_none());
    let complete = open.filter(|draft| draft.part().tallies().iter().all(Tally::is_met));
    complete.map(|draft| draft.payload()).collect()
}

fn payload(state: &State, letter: &str) -> Result<Digest, Fault> {
    let draft = state.lettered(letter).map(|draft| draft.payload());
    draft.ok_or_else(|| decline::no_such_draft(state, letter))
}

/// Ends the ceremony: the head behind this line is the one on paper.
pub(super) fn close(access: &Access, by: &str, unfinished: bool, output: Output) -> Result<Outcome, Fault> {
    let (mut table, _) = Table::load(access)?;
    standing::check_speaker(table.state(), by)?;
    let open = table.state().unfinished().len() as u64;
    if open > 0 && !unfinished && table.state().phase() == Phase::Collecting {
        return Err(Fault::refused(said::not_all_final(open)).now(said::FINALIZE_OR_SAY_SO));
    }
    let step = conduct::close(table.state(), by.to_owned());
    table.take(&step)?;
    tell(&table, access, Vec::new(), output)
}

/// Ends the ceremony without its goal.
pub(super) fn abort(access: &Access, by: &str, reason: &str, output: Output) -> Result<Outcome, Fault> {
    let (mut table, _) = Table::load(access)?;
    standing::check_speaker(table.state(), by)?;
    table.take(&Event::Aborted(Note { by: by.to_owned(), text: reason.to_owned() }).into())?;
    tell(&table, access, Vec::new(), output)
}

/// What is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Remark,
    Incident,
    Addendum,
}

/// Writes down what somebody says, be she in the plan or not: witnesses come unannounced, and auditors years later.
pub(super) fn note(
    access: &Access,
    kind: Kind,
    by: &str,
    text: &str,
    output: Output,
) -> Result<Outcome, Fault> {
    let (by, text) = (by.to_owned(), text.to_owned());
    let event = match kind {
        Kind::Remark => Event::Remarked(Note { by, text }),
        Kind::Incident => Event::IncidentNoted(Note { by, text }),
        Kind::Addendum => Event::Addendum(Addendum { by, external: None, text }),
    };
    let (mut table, _) = Table::load(access)?;
    if kind != Kind::Addendum && table.state().phase() == Phase::Closed {
        return Err(Fault::refused(said::NO_REMARK_NOW).now(said::ADD_IT));
    }
    table.take(&event.into())?;
    tell(&table, access, Vec::new(), output)
}

/// Puts another plan in the place of the one before, and makes its drafts.
pub(super) fn replan(
    access: &Access,
    plan: &Path,
    by: &str,
    reason: &str,
    output: Output,
) -> Result<Outcome, Fault> {
    let planned = Planned::read(plan)?;
    let (mut table, _) = Table::load(access)?;
    standing::check_speaker(table.state(), by)?;
    let delta = planned.delta.map(|sha256| planned.materials[&sha256].as_slice());
    let step = conduct::replan(Replanning {
        plan: &planned.text,
        materials: &planned.materials,
        delta,
        generation: table.state().generation() + 1,
        by: by.to_owned(),
        reason: reason.to_owned(),
    });
    let step = step.map_err(|fault| {
        Fault::refused(said::cannot_open(&quoted_path(plan))).because(&fault).now(planning::MEND_THE_PLAN)
    })?;
    table.take_with(step, |state, materials| open::sealed(state, materials))?;
    if !output.json {
        replanned(&mut Screen::stdout(output.plain), table.state())?;
    }
    tell(&table, access, Vec::new(), output)
}

/// What the plan before leaves behind, and what is to be signed now.
fn replanned(screen: &mut Screen<'_>, state: &State) -> Result<(), ScreenFault> {
    screen.heading(&said::replanned(state.generation()))?;
    for dead in state.dead().iter().filter(|dead| dead.generation + 1 == state.generation()) {
        let title = cell(&report::titled(&dead.letter, dead.part.draft()), NAME * 2);
        sentence(screen, 2, &said::died(&title, dead.signers.len() as u64))?;
    }
    for draft in state.drafts() {
        sentence(screen, 2, &said::to_sign_now(&report::titled(draft.letter(), draft.part().draft())))?;
        fact(screen, planning::SIGNED_PART, &draft.payload().to_string())?;
    }
    Ok(())
}

fn tell(
    table: &Table,
    access: &Access,
    written: Vec<WrittenFacts>,
    output: Output,
) -> Result<Outcome, Fault> {
    let state = table.state();
    if output.json {
        print_json(&Facts {
            folder: visible_path(&access.folder).into_owned(),
            phase: state.phase().name(),
            lines: state.lines(),
            head: state.head().to_string(),
            written,
        })?;
        return Ok(Outcome::Done);
    }
    let mut screen = Screen::stdout(output.plain);
    standing::mended(&mut screen, table)?;
    for file in &written {
        screen.line(&wording::finalized(&crate::operator::clean::quoted(&file.file, 300)))?;
        screen.line(&wording::file_sha256(&file.sha256))?;
    }
    if let Some(end) = standing::end(state) {
        sentence(&mut screen, 0, &end)?;
    }
    if state.phase() == Phase::Closed {
        sentence(&mut screen, 0, said::CLOSED)?;
    }
    screen.blank()?;
    match state.phase().is_over() {
        true => report::whole_head(&mut screen, state.lines(), state.head())?,
        false => report::head(&mut screen, state.lines(), state.head())?,
    }
    Ok(Outcome::Done)
}

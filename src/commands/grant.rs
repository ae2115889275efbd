//! `conclave grant`: somebody grants an exception that the plan asks for, or somebody here heard it from her. What other
//! machines' lines tell of grants is shown and counts for nothing: whoever makes a file can write anybody's name into it.

use std::collections::BTreeSet;

use serde::Serialize;
use tuf_ceremony::conduct::Step;
use tuf_ceremony::digest::Digest;
use tuf_ceremony::state::{DraftNow, Grant as Granted};
use tuf_ceremony::transcript::event::{Event, ExceptionGranted, Note, SealedFinding};

use super::{Outcome, decline, standing};
use crate::cli::{Grant, Output, spoken};
use crate::desk::table::{Access, Table};
use crate::fault::Fault;
use crate::operator::clean::{cell, identifier, quoted, visible_path};
use crate::operator::json::print_json;
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::wording::{self, ceremony, granting as said};
use crate::operator::{Operator, OperatorFault};
use crate::report::columns::{fact, sentence};
use crate::report::{self, CLAUSE, NAME};

/// Hex digits of the draft's digest in what is typed.
const SHORT: usize = 8;

#[derive(Serialize)]
struct Facts {
    folder: String,
    draft: String,
    payload: String,
    person: String,
    control: &'static str,
    about: String,
    /// How it was heard; none where she granted it here.
    heard: Option<String>,
    /// Machines whose lines told it before.
    told_by: Vec<String>,
    lines: u64,
    head: String,
}

/// Shows what would be granted, asks, and writes it down.
pub(super) fn run(asked: Grant, person: &mut dyn Operator) -> Result<Outcome, Fault> {
    let output = asked.output;
    if asked.by.as_deref().is_some_and(|by| by == asked.person) {
        return Err(Fault::usage(said::HEARD_FROM_HERSELF).now(said::LEAVE_HEARD_OUT));
    }
    spoken("--heard", asked.heard.as_deref())?;
    spoken("--by", asked.by.as_deref())?;
    let access = asked.access.clone().to(asked.folder.clone())?;
    let (mut table, _) = Table::load(&access)?;
    let letter = asked.draft.to_uppercase();
    let (wish, told_by) = {
        let state = table.state();
        let draft = state.lettered(&letter).ok_or_else(|| decline::no_such_draft(state, &letter))?;
        standing::check_speaker(state, &asked.person)?;
        let found = wanted(&draft, &asked)?;
        let wish = ExceptionGranted {
            about: found.about.clone(),
            control: found.control,
            draft: draft.payload(),
            person: asked.person.clone(),
            reason: draft.reasons(found).first().map_or_else(String::new, |reason| (*reason).to_owned()),
        };
        let told_by: Vec<Digest> =
            told(&draft, &asked.person, found).flat_map(|(_, machines)| machines).collect();
        // Whether it may be granted at all is asked before she is.
        table.would_take(&Event::ExceptionGranted(wish.clone()).into())?;
        let mut screen =
            if output.json { Screen::stderr(output.plain) } else { Screen::stdout(output.plain) };
        show(&mut screen, &draft, found, &asked, &wish.reason, &told_by)?;
        agree(&mut screen, &phrase(&asked, &wish), person)?;
        (wish, told_by)
    };
    write_down(&mut table, &asked, &wish)?;
    tell(&table, &access, &asked, &wish, &told_by, output)
}

/// The finding that is meant.
fn wanted<'s>(draft: &DraftNow<'s>, asked: &Grant) -> Result<&'s SealedFinding, Fault> {
    let of_control = |found: &&SealedFinding| found.control.code() == asked.control;
    let is_meant = |found: &&SealedFinding| asked.about.as_ref().is_none_or(|about| *about == found.about);
    let found: Vec<&SealedFinding> = draft.exceptions().filter(of_control).filter(is_meant).collect();
    let control = identifier(&asked.control, NAME);
    match found.as_slice() {
        [] => {
            let name = |f: &SealedFinding| format!("[{}] {}", f.control.code(), identifier(&f.about, NAME));
            let there: Vec<String> = draft.exceptions().map(name).collect();
            let sentence = said::nothing_to_grant(draft.letter(), &control);
            Err(Fault::refused(sentence).now(said::name_an_exception(&there)))
        }
        [found] => {
            let still =
                |missing: &SealedFinding| missing.control == found.control && missing.about == found.about;
            if draft.missing_grants(&asked.person).any(still) {
                return Ok(found);
            }
            let (person, about) = (identifier(&asked.person, NAME), identifier(&found.about, NAME));
            let sentence = said::granted_before(&person, found.control.code(), &about);
            Err(Fault::refused(sentence).now(wording::NOTHING_LEFT_TO_DO))
        }
        several => {
            let abouts: Vec<String> = several.iter().map(|found| quoted(&found.about, NAME)).collect();
            Err(Fault::usage(said::several(&control)).now(said::name_what_about(&abouts)))
        }
    }
}

/// What other machines' lines tell of this grant.
fn told<'s>(
    draft: &DraftNow<'s>,
    person: &str,
    found: &SealedFinding,
) -> impl Iterator<Item = (&'s Granted, BTreeSet<Digest>)> {
    draft.told_grants().filter(move |(grant, _)| {
        grant.person == person && grant.control == found.control && grant.about == found.about
    })
}

fn show(
    screen: &mut Screen<'_>,
    draft: &DraftNow<'_>,
    found: &SealedFinding,
    asked: &Grant,
    reason: &str,
    told_by: &[Digest],
) -> Result<(), ScreenFault> {
    screen.heading(&said::asked(&report::titled(draft.letter(), draft.part().draft())))?;
    let (about, says) = (identifier(&found.about, NAME), cell(&found.says, CLAUSE));
    fact(screen, said::FOUND, &said::found(found.control.code(), &about, &says))?;
    fact(screen, said::REASON, &quoted(reason, CLAUSE))?;
    let person = identifier(&asked.person, NAME);
    fact(screen, said::BY, &person)?;
    if let (Some(how), Some(by)) = (&asked.heard, &asked.by) {
        fact(screen, said::HEARD, &said::heard(&quoted(how, CLAUSE), &identifier(by, NAME)))?;
        if told_by.is_empty() {
            sentence(screen, 2, &said::not_told(&person))?;
        }
    }
    for machine in told_by {
        fact(screen, ceremony::TOLD_BY, &machine.to_string())?;
    }
    screen.blank()?;
    screen.heading(wording::COMPARE_THE_DIGEST)?;
    report::digest(screen, draft.payload())?;
    screen.blank()
}

fn phrase(asked: &Grant, wish: &ExceptionGranted) -> String {
    let digest = wish.draft.to_string();
    let (control, short) = (wish.control.code(), &digest[..SHORT]);
    match asked.heard {
        Some(_) => said::heard_phrase(&asked.person, control, short),
        None => said::phrase(control, short),
    }
}

/// Typed, and quotes control and draft; a bare Enter grants nothing.
fn agree(screen: &mut Screen<'_>, phrase: &str, person: &mut dyn Operator) -> Result<(), Fault> {
    let plain = |text: &str| text.split_whitespace().collect::<String>().to_lowercase();
    for _ in 0..3 {
        screen.together(&[&said::to_grant_type(phrase), wording::TO_STOP_TYPE])?;
        let typed = person.type_back(wording::ANSWER, phrase).map_err(unanswered)?;
        if plain(&typed) == plain(phrase) {
            return Ok(());
        }
        if ["no", "stop", "decline"].contains(&plain(&typed).as_str()) {
            break;
        }
        screen.line(wording::NOT_THE_PHRASE)?;
    }
    Err(Fault::stopped(said::NOT_GRANTED).now(said::GRANT_LATER))
}

fn unanswered(cause: OperatorFault) -> Fault {
    match cause {
        OperatorFault::Stopped => Fault::stopped(said::NOT_GRANTED).because(&cause).now(said::GRANT_LATER),
        cause => Fault::stopped(said::NOBODY_ANSWERED).because(&cause).now(said::NEEDS_A_TERMINAL),
    }
}

/// Who heard it and how stands in the line before.
fn write_down(table: &mut Table, asked: &Grant, wish: &ExceptionGranted) -> Result<(), Fault> {
    let granted: Step = Event::ExceptionGranted(wish.clone()).into();
    let (Some(how), Some(by)) = (&asked.heard, &asked.by) else { return table.take(&granted) };
    let payload = wish.draft.to_string();
    let text = said::remark(&asked.person, wish.control.code(), &wish.about, &payload, how);
    let mut granted = Some(granted);
    table.take_with(Event::Remarked(Note { by: by.clone(), text }).into(), |_, _| Ok(granted.take()))
}

fn tell(
    table: &Table,
    access: &Access,
    asked: &Grant,
    wish: &ExceptionGranted,
    told_by: &[Digest],
    output: Output,
) -> Result<Outcome, Fault> {
    let state = table.state();
    let letter = asked.draft.to_uppercase();
    if output.json {
        print_json(&Facts {
            folder: visible_path(&access.folder).into_owned(),
            draft: letter,
            payload: wish.draft.to_string(),
            person: wish.person.clone(),
            control: wish.control.code(),
            about: wish.about.clone(),
            heard: asked.heard.clone(),
            told_by: told_by.iter().map(Digest::to_string).collect(),
            lines: state.lines(),
            head: state.head().to_string(),
        })?;
        return Ok(Outcome::Done);
    }
    let mut screen = Screen::stdout(output.plain);
    standing::mended(&mut screen, table)?;
    let (person, about) = (identifier(&wish.person, NAME), identifier(&wish.about, NAME));
    sentence(&mut screen, 0, &said::wrote_down(&person, wish.control.code(), &about, &letter))?;
    screen.blank()?;
    report::head(&mut screen, state.lines(), state.head())?;
    Ok(Outcome::Done)
}

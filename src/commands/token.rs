//! `conclave token`: a PIV card is prepared for its holder, in a ceremony's key phase too, and unblocked by its PUK.

use serde::Serialize;

use super::Outcome;
use super::key::phase::{FolderFacts, Waiting};
use super::key::{Reached, close, fault::told, reach, screen};
use crate::cli::{KeyPhase, ModuleChoice, Output, TokenVerb};
use crate::desk::cards::{CardDesk, Finished, prepare, unblock};
use crate::desk::keys::KeysFault;
use crate::fault::{Fault, Signed};
use crate::operator::Operator;
use crate::operator::json::print_json;
use crate::operator::manner;
use crate::operator::screen::Screen;
use crate::operator::wording::cards as said;
use crate::operator::wording::keys::START_AGAIN;
use crate::report::columns::sentence;
use crate::token::{Became, Condition, Prepared, TokenUri};

/// What came of it, for scripts.
#[derive(Serialize)]
struct Facts<'f> {
    token: String,
    firmware: &'f str,
    pin: Option<Became>,
    puk: Option<Became>,
    management: Option<Became>,
    pin_tries: Option<u8>,
    puk_tries: Option<u8>,
    ceremony: Option<FolderFacts>,
}

/// Does what is asked of a card.
pub(super) fn run(verb: TokenVerb, person: &mut dyn Operator) -> Result<Outcome, Fault> {
    match verb {
        TokenVerb::Prepare { token, phase, module, output } => {
            prepared(&token, phase, &module, person, output)
        }
        TokenVerb::Unblock { token, module, output } => unblocked(&token, &module, person, output),
    }
}

fn prepared(
    token: &str,
    phase: KeyPhase,
    module: &ModuleChoice,
    person: &mut dyn Operator,
    output: Output,
) -> Result<Outcome, Fault> {
    let mut screen = screen(output);
    let mut waiting = Waiting::of(phase)?;
    let Reached { mut drivers, seen, .. } = reach(token, module)?;
    let host = drivers.host_mut(&seen.driver).map_err(|fault| told(fault.into(), ""))?;
    let finished = prepare(&mut CardDesk { host, slot: &seen.slot, person, screen: &mut screen });
    let Finished { before, done } = finished.map_err(|fault| unchanged(fault, &drivers.chatter()))?;
    if let Some((done, fault)) = done.as_ref().and_then(|done| Some((done, done.stopped.clone()?))) {
        let is_known = !fault.may_have_changed_a_card();
        let fault = unchanged(fault.into(), &drivers.chatter());
        let new = which(done, |became| became == Became::New);
        let not = is_known.then(|| which(done, |became| became != Became::New));
        return Err(fault.with_signed(Signed::CardChanged { what: said::which(&new, not.as_deref()) }));
    }
    let uri = TokenUri::naming(&seen.slot, None).to_string();
    // A card that had its PINs before got none, and whose it is nobody said here.
    let got_some = done.as_ref().is_some_and(|done| [done.pin, done.puk].contains(&Became::New));
    if let Some(waiting) = waiting.as_mut().filter(|_| got_some) {
        waiting.prepared(&uri).map_err(|fault| stands(fault, done.as_ref()))?;
    }
    if let Some(done) = &done {
        tell(&mut screen, done)?;
    }
    close(drivers, output)?;
    if waiting.is_some() && !got_some && !output.json {
        sentence(&mut screen, 0, said::NOT_WRITTEN_DOWN)?;
    }
    finish(&uri, &before, done.as_ref(), waiting.as_ref().filter(|_| got_some), output, &mut screen)
}

/// What was changed stays so, whatever became of the folder.
fn stands(fault: Fault, done: Option<&Prepared>) -> Fault {
    let new = done.map(|done| which(done, |became| became == Became::New)).unwrap_or_default();
    if new.is_empty() {
        return fault.with_signed(Signed::CardAsBefore);
    }
    let not = done.map(|done| which(done, |became| became != Became::New));
    fault.with_signed(Signed::CardChanged { what: said::which(&new, not.as_deref()) })
}

fn finish(
    uri: &str,
    before: &Condition,
    done: Option<&Prepared>,
    waiting: Option<&Waiting>,
    output: Output,
    screen: &mut Screen<'_>,
) -> Result<Outcome, Fault> {
    if let Some(waiting) = waiting.filter(|_| !output.json) {
        screen.blank()?;
        waiting.tell(screen)?;
    }
    if output.json {
        print_json(&Facts {
            token: uri.to_owned(),
            firmware: &before.firmware,
            pin: done.map(|done| done.pin),
            puk: done.map(|done| done.puk),
            management: done.map(|done| done.management),
            pin_tries: before.pin.left,
            puk_tries: before.puk.left,
            ceremony: waiting.map(Waiting::facts),
        })?;
    }
    if done.is_some_and(|done| matches!(done.management, Became::Foreign | Became::NoRoom)) {
        return Ok(Outcome::No);
    }
    if !output.json && !manner::is_led() {
        screen.line(said::NEXT_MAKE_A_KEY)?;
    }
    Ok(Outcome::Done)
}

fn unblocked(
    token: &str,
    module: &ModuleChoice,
    person: &mut dyn Operator,
    output: Output,
) -> Result<Outcome, Fault> {
    let mut screen = screen(output);
    let Reached { mut drivers, seen, .. } = reach(token, module)?;
    let host = drivers.host_mut(&seen.driver).map_err(|fault| told(fault.into(), ""))?;
    let done = unblock(&mut CardDesk { host, slot: &seen.slot, person, screen: &mut screen });
    let (before, now) = done.map_err(|fault| unchanged(fault, &drivers.chatter()))?;
    screen.line(said::UNBLOCKED)?;
    match &now {
        Some(now) => now.puk.left.map_or(Ok(()), |left| screen.line(&said::puk_tries(left)))?,
        None => sentence(&mut screen, 0, said::TELLS_NO_MORE)?,
    }
    close(drivers, output)?;
    if output.json {
        print_json(&Facts {
            token: TokenUri::naming(&seen.slot, None).to_string(),
            firmware: &before.firmware,
            pin: Some(Became::New),
            puk: None,
            management: None,
            pin_tries: now.as_ref().and_then(|now| now.pin.left),
            puk_tries: now.as_ref().and_then(|now| now.puk.left),
            ceremony: None,
        })?;
    }
    Ok(Outcome::Done)
}

/// A fault after which the card is as it was, as far as it told.
fn unchanged(fault: KeysFault, chatter: &str) -> Fault {
    let is_open = matches!(&fault, KeysFault::Token(fault) if fault.may_have_changed_a_card());
    let told = match fault {
        KeysFault::Declined => Fault::stopped(said::NOT_CONSENTED).now(START_AGAIN),
        other => told(other, chatter),
    };
    told.with_signed(if is_open { Signed::CardUnknown } else { Signed::CardAsBefore })
}

/// Of which this is true, in words.
fn which(done: &Prepared, is_it: impl Fn(Became) -> bool) -> String {
    let all = [(done.pin, said::PIN), (done.puk, said::PUK), (done.management, said::MANAGEMENT_KEY)];
    let found: Vec<&str> =
        all.into_iter().filter(|(became, _)| is_it(*became)).map(|(_, what)| what).collect();
    found.join(", ")
}

fn tell(screen: &mut Screen<'_>, done: &Prepared) -> Result<(), Fault> {
    screen.blank()?;
    if done.pin == Became::New {
        screen.line(said::PIN_IS_NEW)?;
    }
    if done.puk == Became::New {
        screen.line(said::PUK_IS_NEW)?;
        screen.line(said::KEEP_THE_PUK)?;
    }
    let (what, advice) = match done.management {
        Became::New => (said::KEY_IS_NEW, None),
        Became::Kept | Became::Untouched => (said::KEY_IS_KEPT, None),
        Became::Foreign => (said::KEY_IS_FOREIGN, Some(said::WITHOUT_IT)),
        Became::NoRoom => (said::KEY_HAS_NO_ROOM, Some(said::WITHOUT_IT)),
    };
    sentence(screen, 0, what)?;
    Ok(advice.map_or(Ok(()), |advice| sentence(screen, 0, advice))?)
}

//! `conclave doctor`: looks at this build, this machine, its media and its modules before a ceremony. It asks for no PIN and
//! leaves nothing behind. A module that fails ends nothing: each runs in a process of its own, and its line says why.

use std::ffi::OsString;
use std::path::Path;

use serde::Serialize;
use tuf_ceremony::digest::Digest;
use tuf_ceremony::known::Recorded;

use super::{Outcome, module, reading};
use crate::cli::{Doctor, ModuleChoice};
use crate::clock;
use crate::doctor::{self, Line, Standing, Versions};
use crate::fault::Fault;
use crate::files::{self, FilesFault, kernel::Kernel};
use crate::operator::clean::{identifier, quoted};
use crate::operator::json::print_json;
use crate::operator::screen::Screen;
use crate::operator::wording::doctor as said;
use crate::report::columns::{fact, sentence};
use crate::report::{CLAUSE, NAME};
use crate::token::{self, Driver, Drivers, ReaderState, Speaker, TokenFault};

#[derive(Serialize)]
struct Facts {
    standing: Standing,
    versions: Versions,
    lines: Vec<Line>,
}

/// Looks, and tells.
pub(super) fn run(asked: &Doctor) -> Result<Outcome, Fault> {
    let lines = look(asked)?;
    let standing = doctor::worst(&lines);
    if asked.output.json {
        print_json(&Facts { standing, versions: Versions::ours(), lines })?;
    } else {
        tell(&mut Screen::stdout(asked.output.plain), &lines)?;
    }
    Ok(if standing == Standing::Bad { Outcome::No } else { Outcome::Done })
}

/// Looks.
pub(super) fn look(asked: &Doctor) -> Result<Vec<Line>, Fault> {
    let stated = asked.date.as_deref().map(reading::moment).transpose()?;
    let mut lines = vec![doctor::versions()];
    lines.extend(doctor::self_test(&Recorded::ours()));
    lines.push(doctor::clock(&clock::now(), stated.as_ref()));
    let kernel = Kernel::here();
    lines.extend(doctor::running(&kernel));
    lines.push(doctor::chance(&kernel));
    lines.extend(doctor::core_dumps(&kernel));
    lines.push(doctor::locked_memory());
    lines.extend(doctor::swap(&kernel));
    lines.push(doctor::other_programs(&kernel));
    lines.extend(doctor::network(&kernel));
    lines.push(doctor::terminal());
    lines.extend(doctor::media(asked.folder.as_deref().unwrap_or(Path::new(".")), asked.mirror.as_deref()));
    let drivers = drivers(&asked.module)?;
    let environment = for_cards(&asked.module, &drivers)?;
    let readers = token::readers(&environment);
    let cards = Cards {
        answered: readers.is_ok(),
        held: readers.iter().flatten().any(|reader| reader.state == ReaderState::Held),
    };
    lines.extend(doctor::readers(&kernel, &environment, readers));
    lines.extend(modules(drivers, cards));
    Ok(lines)
}

/// What pcscd told.
#[derive(Clone, Copy)]
struct Cards {
    /// Whether it answered.
    answered: bool,
    /// Whether some other program has a card for itself.
    held: bool,
}

/// The modules, or the line in their place.
fn drivers(choice: &ModuleChoice) -> Result<Result<Vec<Driver>, Line>, Fault> {
    if choice.module.is_none() && choice.profile.is_none() {
        return Ok(Err(Line::finding("module", said::NO_MODULE, said::NAME_MODULES)));
    }
    match module::named(choice, None, false) {
        Ok(drivers) => Ok(Ok(drivers)),
        // A profile that cannot be used is found out here, like its modules; a variable that is not set is a slip of the hand.
        Err(fault) if choice.profile.is_some() => {
            let causes = [&[fault.to_string()], fault.causes()].concat().join(" ");
            Ok(Err(Line::bad("module", causes, fault.advice())))
        }
        Err(fault) => Err(fault),
    }
}

/// The variables with which pcscd is asked: those of the profile's cards, where it has some.
fn for_cards(
    choice: &ModuleChoice,
    drivers: &Result<Vec<Driver>, Line>,
) -> Result<Vec<(OsString, OsString)>, Fault> {
    let all = drivers.iter().flatten();
    let cards = all.filter(|driver| driver.speaker == Speaker::Piv).map(|driver| driver.environment.clone());
    cards.take(1).next().map_or_else(|| module::environment(choice), Ok)
}

/// The word for how something stands.
pub(super) fn word(standing: Standing) -> &'static str {
    match standing {
        Standing::Ok => said::OK,
        Standing::Finding => said::FINDING,
        Standing::Bad => said::BAD,
    }
}

fn modules(drivers: Result<Vec<Driver>, Line>, cards: Cards) -> Vec<Line> {
    match drivers {
        Ok(drivers) => drivers.into_iter().flat_map(|driver| one(driver, cards)).collect(),
        Err(line) => vec![line],
    }
}

/// One module: its file, and what it shows.
fn one(driver: Driver, cards: Cards) -> Vec<Line> {
    let name = identifier(&driver.name, NAME);
    let mut lines = Vec::new();
    // PIV cards are spoken to without a module.
    let file =
        (driver.speaker == Speaker::Module).then(|| files::read_capped(&driver.module, files::MODULE_FILE));
    match (file, driver.sha256) {
        (None, _) => {}
        (Some(Ok(bytes)), pin) => {
            let found = Digest::of(&bytes);
            match pin {
                Some(pin) if pin == found => {
                    lines.push(Line::ok("module", said::pinned(&name, &found.to_string())))
                }
                // Loading it says what is wrong, and with which digest.
                Some(_) => {}
                None => {
                    let says = said::not_pinned(&name, &found.to_string());
                    lines.push(Line::finding("module", says, said::PIN_IT));
                }
            }
        }
        (Some(Err(fault)), _) => {
            let missing = TokenFault::ModuleMissing { module: String::new() };
            let is_missing = matches!(fault, FilesFault::NotFound { .. });
            let fault = Fault::from(fault);
            let advice = if is_missing { module::token_fault(&missing, "") } else { fault.clone() };
            let says = said::module_fails(&name, fault.to_string().trim_end_matches('.'));
            return vec![Line::bad("module", says, advice.advice())];
        }
    }
    let mut drivers = Drivers::of(vec![driver]);
    let mut listing = drivers.list();
    if let Err(warning) = drivers.close() {
        listing.warnings.push(warning);
    }
    for silent in &listing.silent {
        let fault = module::token_fault(&silent.fault, &silent.chatter);
        let says = said::module_fails(&name, fault.causes().join("; ").trim_end_matches('.'));
        let now = match silent.fault {
            // It answered a moment ago.
            TokenFault::CardServiceHung { .. } if cards.answered => said::SEE_WHO_IS_BUSY,
            TokenFault::NoCardService { .. }
            | TokenFault::SocketNotPassed { .. }
            | TokenFault::CardServiceHung { .. } => said::SEE_PCSCD,
            _ => fault.advice(),
        };
        lines.push(Line::bad("module", says, now));
    }
    for (_, facts) in &listing.asked {
        let version = format!("{}.{}", facts.version.0, facts.version.1);
        let tokens = listing
            .seen
            .iter()
            .filter(|seen| seen.slot.token.as_ref().is_some_and(|t| t.initialized))
            .count() as u64;
        let says = said::module_answers(&name, &quoted(&facts.description, NAME), &version, tokens);
        lines.push(Line::ok("module", says));
    }
    for trouble in listing.seen.iter().filter_map(|seen| seen.slot.trouble.as_deref()) {
        let says = said::unreadable_slot(&name, &quoted(trouble, CLAUSE));
        let now = if cards.held { said::SEE_WHO_HOLDS_IT } else { said::TAKE_IT_OUT_AND_IN };
        lines.push(Line::finding("module", says, now));
    }
    for warning in &listing.warnings {
        let says = said::module_ends_badly(&name, warning.to_string().trim_end_matches('.'));
        lines.push(Line::finding("module", says, said::WATCH_IT));
    }
    lines
}

fn tell(screen: &mut Screen<'_>, lines: &[Line]) -> Result<(), Fault> {
    screen.heading(said::HEADING)?;
    // What matters stands last, where a screen that is full still shows it.
    let mut lines: Vec<&Line> = lines.iter().collect();
    lines.sort_by_key(|line| line.standing);
    for line in &lines {
        fact(screen, word(line.standing), &format!("{}: {}", line.part, line.says))?;
        if let Some(now) = &line.now {
            fact(screen, "", &format!("{}: {now}", said::NOW))?;
        }
    }
    screen.blank()?;
    let count = |standing| lines.iter().filter(|line| line.standing == standing).count() as u64;
    let end = match count(Standing::Bad) {
        0 => said::nothing_bad(count(Standing::Finding)),
        bad => said::something_bad(bad),
    };
    Ok(sentence(screen, 0, &end)?)
}

//! `conclave tokens`: the tokens that modules show and the keys on them, without any PIN; and, where a plan, a bundle or a ceremony's
//! folder is named, whose keys they are and which are still missing.

mod whose;

use super::{Outcome, module};
use crate::cli::Tokens as Asked;
use crate::discovery::Known;
use crate::fault::Fault;
use crate::operator::clean::identifier;
use crate::operator::json::print_json;
use crate::operator::screen::Screen;
use crate::operator::wording;
use crate::report::NAME;
use crate::report::columns::{WIDTH, sentence};
use crate::report::tokens::{Rows, Tokens, Unset, page};
use crate::token::{Driver, Drivers, Listing, Silent};

/// Lists what is there. A module that fails does not hide the others; where all fail, that is the fault.
pub(super) fn run(asked: &Asked) -> Result<Outcome, Fault> {
    let output = asked.output;
    // First, because a plan that cannot be read needs no token.
    let known = whose::known(asked)?;
    let named = module::named(&asked.module, None, false)?;
    let mut drivers = Drivers::of(named.clone());
    let mut listing = drivers.list();
    let unset = unset(&named, &listing);
    if listing.asked.is_empty()
        && let Some(silent) = listing.silent.first()
    {
        let fault = module::token_fault(&silent.fault, &silent.chatter);
        return Err(match unset.first() {
            Some(Unset { driver, variables }) => {
                fault.and_because(wording::tokens::unset(&identifier(driver, NAME), &variables.join(", ")))
            }
            None => fault,
        });
    }
    if let Err(warning) = drivers.close() {
        listing.warnings.push(warning);
    }
    let tokens = Tokens::of(&listing, &known).lacking(unset);
    if output.json {
        print_json(&Rows::of(&tokens, advice))?;
    } else {
        let mut screen = Screen::stdout(output.plain);
        if listing.seen.is_empty() {
            screen.line(wording::NO_TOKENS)?;
        }
        let has_room = screen.columns().is_none_or(|columns| columns >= WIDTH);
        page(&mut screen, &tokens, has_room && !output.plain)?;
    }
    let mut screen = Screen::stderr(output.plain);
    for silent in &listing.silent {
        let what = silent.fault.to_string();
        sentence(&mut screen, 0, &wording::module_failed(&identifier(&silent.driver, NAME), &what))?;
        sentence(&mut screen, 4, &format!("{}: {}", wording::tokens::NOW, advice(silent)))?;
    }
    for warning in &listing.warnings {
        sentence(&mut screen, 0, &wording::exit_warning(&warning.to_string()))?;
    }
    Ok(Outcome::Done)
}

/// What to do about a module that shows nothing.
fn advice(silent: &Silent) -> String {
    module::token_fault(&silent.fault, &silent.chatter).advice().to_owned()
}

/// Modules that show no token which is set up and that their makers' manuals say need variables they were not given.
fn unset(named: &[Driver], listing: &Listing) -> Vec<Unset> {
    let shows = |driver: &Driver| {
        let mut seen = listing.seen.iter().filter(|seen| seen.driver == driver.name);
        seen.any(|seen| seen.slot.token.as_ref().is_some_and(|token| token.initialized))
    };
    let lacking = |driver: &Driver| {
        let known = Known::of(&driver.module)?;
        let given = |name: &&&str| driver.environment.iter().any(|(set, _)| set.to_str() == Some(**name));
        let variables: Vec<_> = known.variables.iter().filter(|name| !given(name)).copied().collect();
        (!variables.is_empty()).then(|| Unset { driver: driver.name.clone(), variables })
    };
    named.iter().filter(|driver| !shows(driver)).filter_map(lacking).collect()
}

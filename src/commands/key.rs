//! `conclave key`: keys are made, carded and tested. What the three have in common: the token, the key phase of a folder, the
//! files they write, and what went wrong.

pub(crate) mod card;
pub(crate) mod check;
mod fault;
pub(crate) mod generate;
mod phase;

use std::path::Path;

use tuf_ceremony::key::PublicKey;

use super::Outcome;
use super::module::{drivers, token_fault};
use crate::cli::{KeyVerb, ModuleChoice, Output};
use crate::fault::Fault;
use crate::files;
use crate::operator::screen::Screen;
use crate::operator::{Operator, wording};
use crate::token::{Drivers, Seen, TokenUri};

/// Does what is asked of a key.
pub(super) fn run(verb: KeyVerb, person: &mut dyn Operator) -> Result<Outcome, Fault> {
    match verb {
        KeyVerb::Generate { token, scheme, label, id, public_out, phase, module, output } => {
            let request =
                generate::Request { token, scheme: scheme.into(), label, id, public_out, phase, module };
            generate::run(request, person, &mut screen(output), output)
        }
        KeyVerb::Card { holders, machine, token, out, rehearsal, public_out, phase, module, output } => {
            let request =
                card::Request { holders, machine, token, out, rehearsal, public_out, phase, module };
            card::run(request, person, &mut screen(output), output)
        }
        KeyVerb::Check { cards, token, module, output } => {
            check::run(&check::Request { cards, token, module }, person, &mut screen(output), output)
        }
    }
}

/// The module's process, the token that was meant, and what a person called it.
struct Reached {
    drivers: Drivers,
    seen: Seen,
    wanted: TokenUri,
}

fn reach(token: &str, module: &ModuleChoice) -> Result<Reached, Fault> {
    let wanted = TokenUri::from_command_line(token).map_err(|fault| {
        Fault::usage(wording::BAD_TOKEN_URI).because(&fault).now(wording::TOKEN_URI_LOOKS_LIKE)
    })?;
    let mut drivers = drivers(module, Some(&wanted), false)?;
    let listing = drivers.list();
    let seen = listing.choose(&wanted).map_err(|(fault, chatter)| token_fault(&fault, &chatter))?.clone();
    Ok(Reached { drivers, seen, wanted })
}

/// With `--json` the result alone goes to standard output.
fn screen(output: Output) -> Screen<'static> {
    if output.json { Screen::stderr(output.plain) } else { Screen::stdout(output.plain) }
}

/// A module that does not end well is told; what it did stands.
fn close(drivers: Drivers, output: Output) -> Result<(), Fault> {
    if let Err(warning) = drivers.close() {
        Screen::stderr(output.plain).line(&wording::exit_warning(&warning.to_string()))?;
    }
    Ok(())
}

/// Writes a public key as PEM, and reads it again.
fn write_public(path: &Path, key: &PublicKey) -> Result<(), Fault> {
    Ok(files::create_new(path, key.spki_pem().as_bytes())?)
}

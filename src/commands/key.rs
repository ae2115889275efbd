//! `conclave key`: keys are made, carded and tested. What the three have in common: the token, the key phase of a folder, the
//! files they write, and what went wrong.

pub(crate) mod card;
pub(crate) mod check;
pub(in crate::commands) mod fault;
pub(crate) mod file;
pub(crate) mod generate;
mod in_slot;
pub(in crate::commands) mod phase;
pub(crate) mod ready;

use std::path::{Path, PathBuf};

use tuf_ceremony::key::PublicKey;

pub(super) use fault::other_key;

use super::module::{drivers, perhaps_cut_off, token_fault, token_uri};
use super::{Outcome, attested, reading};
use crate::cli::{AttestationRoots, KeyVerb, ModuleChoice, Output, PassphraseChoice};
use crate::desk::keys::KeysFault;
use crate::fault::Fault;
use crate::files;
use crate::operator::Operator;
use crate::operator::screen::Screen;
use crate::operator::wording::{self, keys as said};
use crate::report::attested::Judging;
use crate::token::keyfile::KeyFileFault;
use crate::token::{Drivers, Seen, TokenUri};

/// Does what is asked of a key.
pub(super) fn run(verb: KeyVerb, person: &mut dyn Operator) -> Result<Outcome, Fault> {
    match verb {
        KeyVerb::Generate {
            token,
            file,
            passphrase,
            scheme,
            label,
            id,
            in_slot,
            public_out,
            phase,
            module,
            output,
        } => {
            let mut screen = screen(output);
            check_passphrase(file.as_deref(), &passphrase)?;
            if let Some(path) = &file {
                let (scheme, public_out) = (scheme.into(), public_out.as_ref());
                let new = file::NewFile { path, scheme, public_out, passphrase };
                return file::generate(new, person, &mut screen, output);
            }
            let (token, label) = (token.unwrap_or_default(), label.unwrap_or_default());
            let request = generate::Request {
                token,
                scheme: scheme.into(),
                label,
                id,
                in_slot,
                public_out,
                phase,
                module,
            };
            generate::run(request, person, &mut screen, output)
        }
        KeyVerb::Card {
            holders,
            machine,
            token,
            file,
            passphrase,
            out,
            rehearsal,
            public_out,
            date,
            roots,
            phase,
            module,
            output,
        } => {
            check_passphrase(file.as_deref(), &passphrase)?;
            let judging = judging(&roots, date.as_deref())?;
            let held = Held::of(token, file, passphrase);
            let request =
                card::Request { holders, machine, held, out, rehearsal, public_out, judging, phase, module };
            card::run(request, person, &mut screen(output), output)
        }
        KeyVerb::Check { cards, token, file, passphrase, ready, roots, module, output } => {
            check_passphrase(file.as_deref(), &passphrase)?;
            let judging = judging(&roots, ready.date.as_deref())?;
            if let (Some(plan), Some(who)) = (ready.ready, ready::Who::of(ready.key, ready.person)) {
                let token = token.unwrap_or_default();
                let request = ready::Request { plan, who, token, module, judging };
                return ready::run(&request, person, &mut screen(output), output);
            }
            let is_test = token.is_some() || file.is_some();
            let held = is_test.then(|| Held::of(token, file, passphrase));
            check::run(&check::Request { cards, held, judging, module }, person, &mut screen(output), output)
        }
    }
}

/// By what attestations are judged.
fn judging(roots: &AttestationRoots, date: Option<&str>) -> Result<Judging, Fault> {
    Ok(Judging { roots: attested::roots(roots)?, at: date.map(reading::moment).transpose()? })
}

/// Where a key is held.
pub(crate) enum Held {
    /// On the token of this URI.
    Token(String),
    /// In this key file.
    File(PathBuf, PassphraseChoice),
}

impl Held {
    fn of(token: Option<String>, file: Option<PathBuf>, passphrase: PassphraseChoice) -> Held {
        match file {
            Some(path) => Held::File(path, passphrase),
            None => Held::Token(token.unwrap_or_default()),
        }
    }
}

/// What is wrong with a key file, wherever it was to sign.
pub(super) fn file_fault(fault: KeyFileFault) -> Fault {
    fault::told(KeysFault::File(fault), "")
}

/// A passphrase opens a key file and nothing else: a PIN is typed.
pub(super) fn check_passphrase(file: Option<&Path>, passphrase: &PassphraseChoice) -> Result<(), Fault> {
    if file.is_none() && passphrase.is_given() {
        return Err(Fault::usage(said::PASSPHRASE_OPENS_FILES).now(said::PIN_IS_TYPED));
    }
    Ok(())
}

/// The module's process, the token that was meant, and what a person called it.
pub(super) struct Reached {
    pub(super) drivers: Drivers,
    pub(super) seen: Seen,
    wanted: TokenUri,
}

pub(super) fn reach(token: &str, module: &ModuleChoice) -> Result<Reached, Fault> {
    let wanted = token_uri(token)?;
    let mut drivers = drivers(module, Some(&wanted), false)?;
    let listing = drivers.list();
    let seen = listing.choose(&wanted);
    let seen = seen.map_err(|(fault, chatter)| perhaps_cut_off(&drivers, token_fault(&fault, &chatter)))?;
    let seen = seen.clone();
    Ok(Reached { drivers, seen, wanted })
}

/// With `--json` the result alone goes to standard output.
pub(super) fn screen(output: Output) -> Screen<'static> {
    if output.json { Screen::stderr(output.plain) } else { Screen::stdout(output.plain) }
}

/// A module that does not end well is told; what it did stands.
pub(super) fn close(drivers: Drivers, output: Output) -> Result<(), Fault> {
    if let Err(warning) = drivers.close() {
        Screen::stderr(output.plain).line(&wording::exit_warning(&warning.to_string()))?;
    }
    Ok(())
}

/// Writes a public key as PEM, and reads it again.
fn write_public(path: &Path, key: &PublicKey) -> Result<(), Fault> {
    Ok(files::create_new(path, key.spki_pem().as_bytes())?)
}

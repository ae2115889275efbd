//! `conclave sign`: in a ceremony's folder, from a ceremony's bundle, or into the bundle of a foreign document.

mod ceremony;
mod foreign;
pub(super) mod guided;
pub(super) mod reply;
pub(super) mod told;

use std::path::PathBuf;

use tuf_ceremony::attestation::Roots;

use super::module::token_uri;
use super::{Outcome, attested, key, reading};
use crate::cli::{ModuleChoice, Output, PassphraseChoice, Sign, spoken};
use crate::desk::Manner;
use crate::desk::online::is_online;
use crate::desk::pin_source::{FromFile, PinFileFault};
use crate::desk::table::Access;
use crate::fault::Fault;
use crate::operator::terminal::Terminal;
use crate::operator::wording;
use crate::operator::wording::keys;
use crate::operator::{Operator, screen::Screen};
use crate::token::TokenUri;

/// What was asked.
pub(crate) struct Request {
    /// A ceremony's folder, its bundle, or the bundle of a foreign document.
    pub place: PathBuf,
    /// Who signs, by the plan's name of her.
    pub person: Option<String>,
    /// One draft, by its letter.
    pub draft: Option<String>,
    /// Which token and key.
    pub token: Option<String>,
    /// Her key's card, for the bundle of a foreign document.
    pub card: Option<PathBuf>,
    /// Where she has the digest from, in her words.
    pub reference: Option<String>,
    /// In which manner she is asked.
    pub manner: Manner,
    /// Her own log.
    pub log: Option<PathBuf>,
    /// Her own trusted document.
    pub trust: Option<PathBuf>,
    /// The date on which her folder is opened.
    pub date: Option<String>,
    /// A file with the PIN.
    pub pin_source: Option<PathBuf>,
    /// The encrypted file in which her key is, and where its passphrase comes from.
    pub key_file: Option<(PathBuf, PassphraseChoice)>,
    /// Where her reply goes.
    pub out: Option<PathBuf>,
    /// By whose word keys on PIV cards are proven.
    pub roots: Roots,
    /// The module.
    pub module: ModuleChoice,
    /// The way to the folder.
    pub access: Access,
    /// Whether options of a ceremony's folder were given.
    pub of_folders: bool,
}

impl Request {
    /// What the command line asks for.
    fn of(asked: Sign) -> Result<Request, Fault> {
        key::check_passphrase(asked.key_file.as_deref(), &asked.passphrase)?;
        spoken("--reference", asked.reference.as_deref())?;
        let (of_folders, passphrase) = (asked.access.is_given(), asked.passphrase);
        Ok(Request {
            access: asked.access.to(asked.place.clone())?,
            place: asked.place,
            person: asked.person,
            draft: asked.draft,
            token: asked.token,
            card: asked.card,
            reference: asked.reference,
            manner: if asked.guided { Manner::Guided } else { Manner::Brief },
            log: asked.log,
            trust: asked.trust.trust,
            date: asked.date,
            pin_source: asked.pin_source,
            key_file: asked.key_file.map(|path| (path, passphrase)),
            out: asked.out,
            roots: attested::roots(&asked.roots)?,
            module: asked.module,
            of_folders,
        })
    }

    fn wanted(&self) -> Result<TokenUri, Fault> {
        let text = self.token.as_deref().unwrap_or("pkcs11:");
        token_uri(text)
    }
}

/// The person, with PINs from the file that was named; whether a file may give them is the caller's to know.
fn with_pin_source<T>(
    request: &Request,
    person: &mut dyn Operator,
    go_on: impl FnOnce(&mut dyn Operator) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let Some(file) = &request.pin_source else { return go_on(person) };
    let mut sourced = FromFile::of(person, file).map_err(|fault| match fault {
        PinFileFault::Files(fault) => fault.into(),
        none @ PinFileFault::NotOneLine => {
            Fault::refused(wording::NO_PIN_IN_FILE).because(&none).now(wording::ONE_LINE)
        }
    })?;
    go_on(&mut sourced)
}

/// A ceremony has the cards of its keys.
fn no_card(request: &Request) -> Result<(), Fault> {
    match request.card {
        Some(_) => Err(Fault::usage(wording::CARD_IS_FOR_FOREIGN).now(wording::LEAVE_OUT_CARD)),
        None => Ok(()),
    }
}

/// A PIN that must be typed.
fn pin_is_typed() -> Fault {
    Fault::refused(wording::PIN_IS_TYPED).now(wording::LEAVE_OUT_PIN_SOURCE)
}

/// Signs; whoever answers is `person`. With `--json` the result alone goes to standard output.
pub(super) fn run(asked: Sign, person: &mut dyn Operator) -> Result<Outcome, Fault> {
    let output = asked.output;
    let request = Request::of(asked)?;
    if request.manner == Manner::Guided {
        Terminal::begin_pages();
    }
    let mut screen = if output.json { Screen::stderr(output.plain) } else { Screen::stdout(output.plain) };
    sign(&request, person, &mut screen, output)
}

/// As [`run`], with what people read on `screen`.
pub(crate) fn sign(
    request: &Request,
    person: &mut dyn Operator,
    screen: &mut Screen<'_>,
    output: Output,
) -> Result<Outcome, Fault> {
    let wanted = request.wanted()?;
    if request.access.means_folder() {
        no_card(request)?;
        if request.date.is_some() || request.out.is_some() {
            return Err(Fault::usage(wording::FOR_CEREMONY_BUNDLES).now(wording::LEAVE_OUT_DATE_AND_OUT));
        }
        return ceremony::in_folder(request, &wanted, person, screen, output);
    }
    let read = reading::bundle(&request.place)?;
    if read.bundle.record().is_some() {
        no_card(request)?;
        return ceremony::from_bundle(request, &read, &wanted, person, screen, output);
    }
    let asked = [&request.person, &request.draft, &request.reference, &request.date];
    if asked.iter().any(|given| given.is_some())
        || request.out.is_some()
        || request.of_folders
        || request.manner == Manner::Guided
    {
        return Err(Fault::usage(wording::FOR_CEREMONIES).now(wording::LEAVE_OUT_CEREMONY));
    }
    if request.key_file.is_some() {
        return Err(Fault::usage(keys::FILES_SIGN_IN_CEREMONIES).now(keys::IMPORT_WHAT_IT_SIGNED));
    }
    if request.token.is_none() {
        return Err(Fault::usage(wording::WHICH_TOKEN).now(wording::NAME_A_TOKEN));
    }
    if request.pin_source.is_some() && !read.bundle.parts().all(|part| is_online(part.draft())) {
        return Err(pin_is_typed());
    }
    with_pin_source(request, person, |person| foreign::run(request, read, &wanted, person, screen, output))
}

//! Keys in files, for the three verbs.

use std::path::{Path, PathBuf};

use serde::Serialize;
use tuf_ceremony::card::Card;

use super::fault::told;
use super::write_public;
use crate::chance;
use crate::cli::{Output, PassphraseChoice};
use crate::commands::Outcome;
use crate::desk::keys::card::Whose;
use crate::desk::keys::{KeysFault, file::Desk};
use crate::fault::{Fault, Signed};
use crate::files;
use crate::operator::Operator;
use crate::operator::clean::{quoted_path, visible_path};
use crate::operator::json::print_json;
use crate::operator::screen::Screen;
use crate::operator::wording::{ceremony, keys as said};
use crate::token::SignScheme;
use crate::token::keyfile::{KeyFile, KeyFileFault, MOST};

/// What a new key file is asked to be.
pub(super) struct NewFile<'r> {
    pub path: &'r Path,
    pub scheme: SignScheme,
    pub public_out: Option<&'r PathBuf>,
    pub passphrase: PassphraseChoice,
}

#[derive(Serialize)]
struct Facts {
    file: String,
    fingerprint: String,
    scheme: &'static str,
    kind: String,
    public: String,
    public_file: Option<String>,
}

/// Makes a key file: new, for its owner alone, and read again.
pub(super) fn generate(
    new: NewFile<'_>,
    person: &mut dyn Operator,
    screen: &mut Screen<'_>,
    output: Output,
) -> Result<Outcome, Fault> {
    files::refuse_existing(new.path)?;
    let name = quoted_path(new.path);
    let passphrase = new.passphrase.source();
    let made = Desk { name: &name, passphrase: &passphrase, person, screen }.make(new.scheme.in_metadata());
    let (file, text) = made.map_err(|fault| told(fault, ""))?;
    files::create_new_private(new.path, text.as_bytes())?;
    let stands = |fault: Fault| fault.with_signed(Signed::KeyMade { key: name.clone() });
    let again = read(new.path).map_err(stands)?;
    if again.fingerprint() != file.fingerprint() {
        let sentence = said::not_as_written(&name);
        return Err(stands(Fault::files(sentence).now(said::DISTRUST_THIS_MEDIUM)));
    }
    if let Some(path) = new.public_out {
        write_public(path, file.public()).map_err(stands)?;
    }
    if output.json {
        print_json(&Facts {
            file: visible_path(new.path).into_owned(),
            fingerprint: file.fingerprint().to_string(),
            scheme: file.public().scheme().name(),
            kind: file.public().kind(),
            public: file.public().spki_pem(),
            public_file: new.public_out.map(|path| visible_path(path).into_owned()),
        })?;
        return Ok(Outcome::Done);
    }
    screen.line(&said::file_written(&name))?;
    if let Some(path) = new.public_out {
        screen.line(&said::public_written(&quoted_path(path)))?;
    }
    Ok(Outcome::Done)
}

/// The card of a key in a file.
pub(super) fn card(
    path: &Path,
    passphrase: &PassphraseChoice,
    whose: &Whose,
    person: &mut dyn Operator,
    screen: &mut Screen<'_>,
) -> Result<Card, Fault> {
    let (file, name) = (read(path)?, quoted_path(path));
    let passphrase = passphrase.source();
    let card = Desk { name: &name, passphrase: &passphrase, person, screen }.card(&file, whose);
    card.map_err(|fault| told(fault, ""))
}

/// Tests the key in a file for a card.
pub(super) fn test(
    path: &Path,
    passphrase: &PassphraseChoice,
    card: &Card,
    person: &mut dyn Operator,
    screen: &mut Screen<'_>,
) -> Result<(), Fault> {
    let (file, name) = (read(path)?, quoted_path(path));
    if file.fingerprint() != card.key().fingerprint() {
        let why = said::holds_the_key(&file.fingerprint().to_string());
        return Err(Fault::refused(said::another_key(&name)).because_of(why).now(said::NAME_THE_RIGHT_FILE));
    }
    let nonce = chance::bytes().map_err(|fault| {
        Fault::files(ceremony::NO_CHANCE).because(&fault).now(ceremony::START_AGAIN_LATER)
    })?;
    let whose = Whose { holders: card.holders().to_vec(), rehearsal: card.is_rehearsal() };
    let passphrase = passphrase.source();
    let tested = Desk { name: &name, passphrase: &passphrase, person, screen: &mut *screen };
    let mut tested = tested;
    tested.test(&file, &whose, &nonce).map_err(|fault| told(fault, ""))?;
    Ok(screen.line(&said::file_signs(&name))?)
}

/// Reads a key file, closed.
pub(crate) fn read(path: &Path) -> Result<KeyFile, Fault> {
    let bytes = files::read_capped(path, MOST)?;
    let text = String::from_utf8(bytes).map_err(|_| KeyFileFault::NotAKeyFile { why: "it is no text" });
    text.and_then(|text| KeyFile::read(&text)).map_err(|fault| told(KeysFault::File(fault), ""))
}

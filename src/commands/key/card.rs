//! `conclave key card`: the card of a key on a token, signed by the key itself; into a file, or into a ceremony's key phase
//! once somebody said that its fingerprint was compared.

use std::path::{Path, PathBuf};

use serde::Serialize;
use tuf_ceremony::card::Card;
use tuf_ceremony::digest::Digest;
use tuf_ceremony::limits::SMALL_FILE;

use super::fault::told;
use super::phase::{FolderFacts, Waiting};
use super::{Held, Reached, close, file, reach, write_public};
use crate::cli::{KeyPhase, ModuleChoice, Output};
use crate::commands::Outcome;
use crate::desk::keys::card::{Whose, compared, make};
use crate::desk::keys::{Sitting, the_key};
use crate::fault::{Fault, Signed};
use crate::files;
use crate::operator::Operator;
use crate::operator::clean::{quoted_path, visible_path};
use crate::operator::json::print_json;
use crate::operator::screen::Screen;
use crate::operator::wording::keys as said;
use crate::report::attested::{AttestedFacts, Judging};
use crate::report::evidence::{Odd, odd};

/// What was asked.
pub(crate) struct Request {
    pub holders: Vec<String>,
    pub machine: bool,
    /// Where the key is.
    pub held: Held,
    pub out: Option<PathBuf>,
    pub rehearsal: bool,
    pub public_out: Option<PathBuf>,
    /// By what its attestation is judged.
    pub judging: Judging,
    pub phase: KeyPhase,
    pub module: ModuleChoice,
}

/// A card, for scripts.
#[derive(Serialize)]
pub(super) struct CardFacts {
    /// Where it was written or read.
    pub file: Option<String>,
    /// SHA-256 of its text, by which a plan names it.
    pub sha256: String,
    pub fingerprint: String,
    pub scheme: &'static str,
    pub kind: String,
    pub holders: Vec<String>,
    pub token: Option<String>,
    pub rehearsal: bool,
    pub odd: Vec<Odd>,
    /// What it shows of its key's home, if that is a PIV card.
    pub attestation: Option<AttestedFacts>,
}

#[derive(Serialize)]
struct Facts {
    #[serde(flatten)]
    card: CardFacts,
    public_file: Option<String>,
    ceremony: Option<FolderFacts>,
}

impl CardFacts {
    pub(super) fn of(card: &Card, file: Option<&Path>, judging: &Judging) -> CardFacts {
        CardFacts {
            file: file.map(|path| visible_path(path).into_owned()),
            sha256: Digest::of(card.written().as_bytes()).to_string(),
            fingerprint: card.key().fingerprint().to_string(),
            scheme: card.key().scheme().name(),
            kind: card.key().kind(),
            holders: card.holders().to_vec(),
            token: card.token().map(str::to_owned),
            rehearsal: card.is_rehearsal(),
            odd: odd(card.evidence()),
            attestation: judging.of(card).as_ref().map(AttestedFacts::of),
        }
    }
}

/// Makes the card.
pub(crate) fn run(
    request: Request,
    person: &mut dyn Operator,
    screen: &mut Screen<'_>,
    output: Output,
) -> Result<Outcome, Fault> {
    for path in request.out.iter().chain(&request.public_out) {
        files::refuse_existing(path)?;
    }
    let mut waiting = Waiting::of(request.phase)?;
    let whose = match &waiting {
        Some(waiting) => waiting.whose(),
        None if request.holders.is_empty() && !request.machine => {
            return Err(Fault::usage(said::WHOSE_KEY).now(said::NAME_THE_HOLDER));
        }
        None => Whose { holders: request.holders, rehearsal: request.rehearsal },
    };
    let Judging { roots, at } = request.judging;
    let judging =
        Judging { roots, at: at.or_else(|| waiting.as_ref().map(|waiting| waiting.date().clone())) };
    let card = match &request.held {
        Held::Token(token) => {
            let asked = Asked { token, module: &request.module, whose: &whose, judging: &judging };
            on_token(&asked, waiting.as_ref(), person, screen, output)?
        }
        Held::File(path, passphrase) => {
            if let Some(waiting) = &waiting {
                waiting.allows_a_file()?;
            }
            file::card(path, passphrase, &whose, person, screen)?
        }
    };
    if let Some(path) = &request.out {
        write(path, &card).map_err(|fault| fault.with_signed(Signed::Discarded))?;
    }
    if let Some(path) = &request.public_out {
        write_public(path, card.key()).map_err(|fault| kept(fault, request.out.as_deref()))?;
    }
    if let Some(waiting) = &mut waiting {
        let taken = compared(person, screen, card.key().fingerprint());
        let taken = taken.map_err(|fault| told(fault, "")).and_then(|()| waiting.compared(&card));
        taken.map_err(|fault| kept(fault, request.out.as_deref()))?;
    }
    if output.json {
        print_json(&Facts {
            card: CardFacts::of(&card, request.out.as_deref(), &judging),
            public_file: request.public_out.as_deref().map(|path| visible_path(path).into_owned()),
            ceremony: waiting.as_ref().map(Waiting::facts),
        })?;
        return Ok(Outcome::Done);
    }
    tell(screen, &card, request.out.as_deref(), request.public_out.as_deref(), waiting.as_ref())?;
    Ok(Outcome::Done)
}

/// A card of a key on a token.
struct Asked<'a> {
    token: &'a str,
    module: &'a ModuleChoice,
    whose: &'a Whose,
    judging: &'a Judging,
}

fn on_token(
    asked: &Asked<'_>,
    waiting: Option<&Waiting>,
    person: &mut dyn Operator,
    screen: &mut Screen<'_>,
    output: Output,
) -> Result<Card, Fault> {
    let Reached { mut drivers, seen, wanted } = reach(asked.token, asked.module)?;
    let made = waiting.and_then(Waiting::made);
    let key = the_key(&seen.slot, &wanted, |key| made.is_none_or(|made| key.fingerprint() == made));
    let key = key.map_err(|fault| told(fault, ""))?;
    waiting.map_or(Ok(()), |waiting| waiting.is_free(key.public.fingerprint()))?;
    let host = drivers.host_mut(&seen.driver).map_err(|fault| told(fault.into(), ""))?;
    let mut sitting = Sitting { host, slot: &seen.slot, person, screen };
    let card = make(&mut sitting, &key, asked.whose, asked.judging);
    let card = card.map_err(|fault| told(fault, &drivers.chatter()))?;
    close(drivers, output)?;
    Ok(card)
}

fn tell(
    screen: &mut Screen<'_>,
    card: &Card,
    out: Option<&Path>,
    public_out: Option<&Path>,
    waiting: Option<&Waiting>,
) -> Result<(), Fault> {
    if let Some(path) = out {
        screen.line(&said::card_written(&quoted_path(path)))?;
        let name = path.file_name().map(Path::new).unwrap_or(path);
        let sha256 = Digest::of(card.written().as_bytes()).to_string();
        screen.line(&said::in_a_plan(&visible_path(name), &sha256))?;
    }
    if let Some(path) = public_out {
        screen.line(&said::public_written(&quoted_path(path)))?;
    }
    if let Some(waiting) = waiting {
        waiting.tell(screen)?;
    }
    Ok(())
}

/// Writes the card, and reads it again as whoever gets it will.
fn write(path: &Path, card: &Card) -> Result<(), Fault> {
    files::create_new(path, card.written().as_bytes())?;
    let again = files::read_capped(path, SMALL_FILE.most as u64)?;
    match Card::read(&again) {
        Ok(read) if read.written() == card.written() => Ok(()),
        Ok(_) => {
            Err(Fault::files(said::card_not_as_written(&quoted_path(path))).now(said::DISTRUST_THIS_MEDIUM))
        }
        Err(fault) => Err(Fault::files(said::card_not_as_written(&quoted_path(path)))
            .because(&fault)
            .now(said::DISTRUST_THIS_MEDIUM)),
    }
}

/// The key signed a card, whatever failed after it.
fn kept(fault: Fault, out: Option<&Path>) -> Fault {
    match out {
        Some(path) => fault.with_signed(Signed::CardKept { place: quoted_path(path) }),
        None => fault.with_signed(Signed::Discarded),
    }
}

//! Signing in a ceremony's folder: the officer's, or a keyholder's own beside the bundle that she was sent.

use std::path::Path;

use serde::Serialize;
use tuf_ceremony::document::Document;
use tuf_ceremony::materials::Materials as _;
use tuf_ceremony::metadata::Metadata;
use tuf_ceremony::state::{Phase, State};

use super::told::{told, told_with};
use super::{Request, guided, pin_is_typed, reply, with_pin_source};
use crate::cli::Output;
use crate::commands::module::{drivers, token_fault};
use crate::commands::own_folder::{self, Beside};
use crate::commands::reading::ReadBundle;
use crate::commands::{Outcome, decline, key, reading, standing};
use crate::desk::attention::Attention;
use crate::desk::in_file::InFile;
use crate::desk::signer::OnToken;
use crate::desk::table::{Access, Table};
use crate::desk::{self, DeskFault, Manner, Seat, SignedDraft, Wish};
use crate::fault::Fault;
use crate::memory::Memory;
use crate::operator::clean::{identifier, quoted_path, visible_path};
use crate::operator::json::print_json;
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::terminal;
use crate::operator::wording::{self, ceremony as said, keys};
use crate::operator::{Operator, OperatorFault};
use crate::passphrase::Supplied;
use crate::report::columns::sentence;
use crate::report::{NAME, Names};
use crate::token::{Listing, TokenFault, TokenUri};

#[derive(Serialize)]
struct Facts {
    folder: String,
    signed: Vec<SignedFacts>,
    reply: Option<reply::Facts>,
    lines: u64,
    head: String,
}

#[derive(Serialize)]
struct SignedFacts {
    draft: String,
    role: String,
    version: u64,
    payload: String,
    key: String,
    sig: String,
}

impl SignedFacts {
    fn of(signed: &SignedDraft) -> SignedFacts {
        SignedFacts {
            draft: signed.letter.clone(),
            role: signed.role.clone(),
            version: signed.version,
            payload: signed.payload.to_string(),
            key: signed.key.to_string(),
            sig: signed.sig.clone(),
        }
    }
}

/// Signs in a folder that is open.
pub(super) fn in_folder(
    request: &Request,
    wanted: &TokenUri,
    person: &mut dyn Operator,
    screen: &mut Screen<'_>,
    output: Output,
) -> Result<Outcome, Fault> {
    who(request)?;
    is_there(request)?;
    let trust = request.trust.as_deref().map(reading::metadata).transpose()?;
    let (mut table, _) = Table::load(&request.access)?;
    if let Some(own) = &trust {
        // Judged as a bundle of this folder is: her root outranks the folder's word.
        guided::follows_from(&table, own).map_err(|fault| match table.was_written() {
            true => fault.having_written(quoted_path(&request.access.folder)),
            false => fault,
        })?;
    }
    let own = trust.or_else(|| own_root(&table));
    let signed = visit(request, &mut table, &request.access.folder, own.as_ref(), wanted, person, screen)?;
    if output.json {
        print_json(&facts(&table, &request.access.folder, &signed, None))?;
    }
    Ok(Outcome::Done)
}

/// Signs in her own folder beside a ceremony's bundle, and writes her reply.
pub(super) fn from_bundle(
    request: &Request,
    read: &ReadBundle,
    wanted: &TokenUri,
    person: &mut dyn Operator,
    screen: &mut Screen<'_>,
    output: Output,
) -> Result<Outcome, Fault> {
    let trust = request.trust.as_deref().map(reading::metadata).transpose()?;
    let beside = own_folder::beside(&request.place);
    let access = Access { folder: beside, ..request.access.clone() };
    desk::check_trust(&read.bundle, trust.as_ref()).map_err(told)?;
    who(request)?;
    is_there(request)?;
    let out = reply::place(request, &access)?;
    let (mut table, folder) = own_folder::open(&Beside {
        bundle: &request.place,
        trust: request.trust.as_deref(),
        date: request.date.as_deref(),
        access: &request.access,
    })?;
    let own = trust.or_else(|| own_root(&table));
    let signed = visit(request, &mut table, &folder, own.as_ref(), wanted, person, screen)?;
    let stored = |fault: Fault| fault.having_stored(signed.len() as u64, quoted_path(&folder));
    let reply = reply::write(&mut table, &access, &out).map_err(stored)?;
    if output.json {
        print_json(&facts(&table, &folder, &signed, Some(reply)))?;
        return Ok(Outcome::Done);
    }
    // The reply is written: a screen that is left takes nothing of that away.
    tell_reply(&reply, table.state(), screen).map_err(|fault| stored(fault.into()))?;
    Ok(Outcome::Done)
}

fn tell_reply(reply: &reply::Facts, state: &State, screen: &mut Screen<'_>) -> Result<(), ScreenFault> {
    reply.tell(screen)?;
    screen.blank()?;
    crate::report::whole_head(screen, state.lines(), state.head())
}

/// Who signs is said before anything is opened.
fn who(request: &Request) -> Result<&str, Fault> {
    request.person.as_deref().ok_or_else(|| Fault::usage(wording::WHO_SIGNS).now(wording::NAME_HER))
}

/// Whoever is to be asked step by step is there, before anything is written down.
fn is_there(request: &Request) -> Result<(), Fault> {
    if request.manner == Manner::Guided && !terminal::is_there() {
        return Err(told(DeskFault::Operator(OperatorFault::NoTerminal)));
    }
    Ok(())
}

/// Her own trusted root, as the first line of a folder that was opened from a bundle binds it.
fn own_root(table: &Table) -> Option<Metadata> {
    let trust = table.state().opened().origin.as_ref()?.trust.as_ref()?;
    let bytes = table.materials().bytes(trust.sha256)?.into_owned();
    Metadata::of(Document::read(bytes).ok()?.into()).ok()
}

/// Everything between the open folder and the last stored signature.
fn visit(
    request: &Request,
    table: &mut Table,
    folder: &Path,
    own: Option<&Metadata>,
    wanted: &TokenUri,
    person: &mut dyn Operator,
    screen: &mut Screen<'_>,
) -> Result<Vec<SignedDraft>, Fault> {
    let mut done = Vec::new();
    let mut logged = None;
    let ended = sit_down(request, table, own, wanted, person, screen, (&mut done, &mut logged));
    ended.map(|()| done.clone()).map_err(|fault| {
        let written = table.was_written();
        let fault = if written { fault.having_stored(done.len() as u64, quoted_path(folder)) } else { fault };
        logged.into_iter().fold(fault, Fault::having_written)
    })
}

/// She sits down; what was signed and her log's name, where it was written, stay known when this fails.
fn sit_down(
    request: &Request,
    table: &mut Table,
    own: Option<&Metadata>,
    wanted: &TokenUri,
    person: &mut dyn Operator,
    screen: &mut Screen<'_>,
    (done, logged): (&mut Vec<SignedDraft>, &mut Option<String>),
) -> Result<(), Fault> {
    let her = who(request)?;
    standing::mended(screen, table)?;
    standing::check_speaker(table.state(), her)?;
    let letter = request.draft.as_ref().map(|letter| letter.to_uppercase());
    check_open(table.state(), letter.as_deref())?;
    let memory = request.log.as_deref().map(Memory::open).transpose();
    let mut memory = memory.map_err(|fault| told(fault.into()))?;
    let names =
        standing::names(table.state(), table.materials(), Names::default().trusting(request.roots.clone()));
    let letter = letter.as_deref();
    let (reference, manner) = (request.reference.as_deref(), request.manner);
    let wish = Wish { person: her, letter, own, names: &names, reference, manner };
    let brought;
    let mut seat = Seat { table, wish, memory: memory.as_mut() };
    if manner == Manner::Guided && own.is_none() && seat.check_waiting().is_ok() {
        brought = guided::known_root(&mut seat, &mut Attention { person, screen })?;
        seat.wish.own = brought.as_ref();
    }
    let ended = seat_and_token(request, &mut seat, wanted, person, screen, done);
    *logged = memory.filter(Memory::was_written).map(|memory| quoted_path(memory.path()));
    ended
}

fn seat_and_token(
    request: &Request,
    seat: &mut Seat<'_>,
    wanted: &TokenUri,
    person: &mut dyn Operator,
    screen: &mut Screen<'_>,
    done: &mut Vec<SignedDraft>,
) -> Result<(), Fault> {
    if let Some(line) = seat.close_leftover().map_err(told)? {
        sentence(screen, 0, &wording::left_open(line))?;
        screen.blank()?;
    }
    match seat.check_waiting() {
        // She was cut off after her last signature: what a bundle still waits for is her reply, which follows.
        Err(DeskFault::SignedAlready { .. }) if !request.access.means_folder() && seat.signed_here() => {
            return Ok(sentence(screen, 0, wording::ONLY_THE_REPLY)?);
        }
        other => other.map_err(told)?,
    }
    if request.pin_source.is_some() && !seat.may_use_pin_file() {
        return Err(pin_is_typed());
    }
    if let Some((path, passphrase)) = &request.key_file {
        if !seat.may_use_pin_file() {
            return Err(Fault::refused(keys::FILE_NEVER_SIGNS_THIS).now(keys::USE_A_TOKEN));
        }
        let mut signer = InFile::of(key::file::read(path)?, path);
        let source = passphrase.source();
        let mut supplied = Supplied { person, passphrase: &source };
        let mut with = Attention { person: &mut supplied, screen };
        return seat.sign(&mut signer, &mut with, done).map_err(told);
    }
    with_pin_source(request, person, |person| ask_the_token(request, seat, wanted, person, screen, done))
}

fn ask_the_token(
    request: &Request,
    seat: &mut Seat<'_>,
    wanted: &TokenUri,
    person: &mut dyn Operator,
    screen: &mut Screen<'_>,
    done: &mut Vec<SignedDraft>,
) -> Result<(), Fault> {
    let online = seat.online_roles();
    let mut drivers = drivers(&request.module, Some(wanted), online.is_some())?;
    for module in drivers.with_network() {
        let noted = seat.note_network(module, online.as_deref().unwrap_or_default()).map_err(told)?;
        sentence(screen, 0, &wording::noted(&noted))?;
    }
    let listing = drivers.list();
    let at = seat.recognise(&listing, wanted).map_err(|fault| nowhere(&listing, wanted, fault))?;
    for warning in &listing.warnings {
        sentence(screen, 0, &wording::exit_warning(&warning.to_string()))?;
    }
    let mut with = Attention { person, screen };
    let ended =
        OnToken::of(&mut drivers, at, wanted).and_then(|mut signer| seat.sign(&mut signer, &mut with, done));
    ended.map_err(|fault| told_with(fault, &drivers.chatter()))?;
    if let Err(warning) = drivers.close() {
        sentence(screen, 0, &wording::exit_warning(&warning.to_string()))?;
    }
    if request.manner == Manner::Guided {
        guided::farewell(seat, done, request.access.means_folder(), screen)?;
    }
    Ok(())
}

/// No token holds her key: perhaps because none fits the name that was given, or because a module failed.
fn nowhere(listing: &Listing, wanted: &TokenUri, fault: DeskFault) -> Fault {
    match (fault, listing.choose(wanted)) {
        // It tells nothing of itself, and may be hers.
        (DeskFault::NoneOfTheKeys { .. }, _)
            if listing.held_in().is_some() && listing.candidates(wanted).is_empty() =>
        {
            token_fault(&TokenFault::CardHeld { reader: listing.held_in().unwrap_or_default() }, "")
        }
        (DeskFault::NoneOfTheKeys { .. }, Err((token, chatter)))
            if !matches!(token, TokenFault::AmbiguousToken { .. }) =>
        {
            token_fault(&token, &chatter)
        }
        // Her token may be in, behind a module that failed.
        (fault, _) => listing.silent.iter().fold(told(fault), |fault, silent| {
            let driver = identifier(&silent.driver, NAME);
            fault.and_because(wording::module_shows_nothing(&driver, &silent.fault.to_string()))
        }),
    }
}

/// There are drafts to sign, and one of that letter.
fn check_open(state: &State, letter: Option<&str>) -> Result<(), Fault> {
    if state.phase() != Phase::Collecting {
        let reason = said::stage(state.phase().name(), state.generation());
        return Err(Fault::refused(said::NOT_NOW)
            .because_of(wording::no_signing_at(&reason))
            .now(said::LOOK_AT_THE_STATUS));
    }
    match letter {
        Some(letter) if state.lettered(letter).is_none() => Err(decline::no_such_draft(state, letter)),
        _ => Ok(()),
    }
}

fn facts(table: &Table, folder: &Path, signed: &[SignedDraft], reply: Option<reply::Facts>) -> Facts {
    let state = table.state();
    Facts {
        folder: visible_path(folder).into_owned(),
        signed: signed.iter().map(SignedFacts::of).collect(),
        reply,
        lines: state.lines(),
        head: state.head().to_string(),
    }
}

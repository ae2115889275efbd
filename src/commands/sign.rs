//! `conclave sign`: one signature by one key on one token, into a bundle.

use std::path::{Path, PathBuf};

use serde::Serialize;
use tuf_ceremony::bundle::Bundle;
use tuf_ceremony::receive::walk::WalkFault;

use super::module::{drivers, token_fault};
use super::{Outcome, reading, standing, status};
use crate::cli::{ModuleChoice, Output};
use crate::desk::{self, DeskFault, Visit};
use crate::fault::{Fault, Signed};
use crate::files::{self, FilesFault};
use crate::memory::{Memory, MemoryFault};
use crate::operator::clean::{identifier, quoted, quoted_path, visible_path};
use crate::operator::json::print_json;
use crate::operator::screen::Screen;
use crate::operator::secret::SecretFault;
use crate::operator::{Operator, OperatorFault, wording};
use crate::token::TokenUri;

/// What was asked.
pub(super) struct Request {
    pub bundle: PathBuf,
    pub token: String,
    pub log: Option<PathBuf>,
    pub trust: Option<PathBuf>,
    pub module: ModuleChoice,
}

#[derive(Serialize)]
struct Facts {
    bundle: String,
    signed: SignedFacts,
    drafts: Vec<standing::DraftFacts>,
}

#[derive(Serialize)]
struct SignedFacts {
    role: String,
    version: u64,
    payload: String,
    key: String,
    sig: String,
}

/// Signs and replaces the bundle by one that holds the signature.
pub(super) fn run(request: &Request, person: &mut dyn Operator, output: Output) -> Result<Outcome, Fault> {
    let wanted = TokenUri::from_command_line(&request.token).map_err(|fault| {
        Fault::usage(wording::BAD_TOKEN_URI).because(&fault).now(wording::TOKEN_URI_LOOKS_LIKE)
    })?;
    let read = reading::bundle(&request.bundle)?;
    let mut bundle = read.bundle;
    let own = request.trust.as_deref().map(reading::metadata).transpose()?;
    desk::check_trust(&bundle, own.as_ref()).map_err(told)?;
    let memory = request.log.as_deref().map(Memory::open).transpose();
    let mut memory = memory.map_err(|fault| told(fault.into()))?;
    let mut drivers = drivers(&request.module, Some(&wanted), false)?;
    let listing = drivers.list();
    let seen = listing.choose(&wanted).map_err(|(fault, chatter)| token_fault(&fault, &chatter))?;
    let (slot, driver) = (&seen.slot, seen.driver.clone());
    let host = drivers.host_mut(&driver).map_err(|fault| token_fault(&fault, ""))?;
    // With --json the result alone goes to standard output.
    let mut screen = if output.json { Screen::stderr(output.plain) } else { Screen::stdout(output.plain) };
    let memory = memory.as_mut();
    let mut visit = Visit { bundle: &mut bundle, own: own.as_ref(), memory, wanted: &wanted, slot };
    let signed = visit.sign(host, person, &mut screen).map_err(|fault| {
        let told = told_with(fault, &host.chatter());
        match visit.memory.as_deref().filter(|m| m.was_written()) {
            Some(memory) => told.having_written(quoted_path(memory.path())),
            None => told,
        }
    })?;
    let bundle = store(&request.bundle, bundle, read.sha256.as_bytes()).map_err(|fault| {
        fault.with_signed(Signed::Unstored { signature: format!("{} {}", signed.key, signed.sig) })
    })?;
    let warning = drivers.close().err();
    if output.json {
        print_json(&Facts {
            bundle: visible_path(&request.bundle).into_owned(),
            drafts: bundle.parts().map(standing::DraftFacts::of).collect(),
            signed: SignedFacts {
                role: signed.role,
                version: signed.version,
                payload: signed.payload.to_string(),
                key: signed.key.to_string(),
                sig: signed.sig,
            },
        })?;
    } else {
        screen.blank()?;
        screen.line(&wording::signed(
            &identifier(&signed.role, 60),
            signed.version,
            &quoted_path(&request.bundle),
        ))?;
        status::tell(&mut screen, &bundle)?;
    }
    if let Some(warning) = warning {
        Screen::stderr(output.plain).line(&wording::exit_warning(&warning.to_string()))?;
    }
    Ok(Outcome::Done)
}

/// Replaces the bundle, and gives what is stored. If somebody else replaced it meanwhile, theirs and ours are merged:
/// nothing is lost.
fn store(path: &Path, bundle: Bundle, expected: &[u8; 32]) -> Result<Bundle, Fault> {
    let text = bundle.write().map_err(|limit| reading::past(&limit))?.text;
    match files::replace(path, *expected, &text) {
        Ok(()) => Ok(bundle),
        Err(FilesFault::Changed { .. }) => {
            let theirs = reading::bundle(path)?;
            let both = bundle.merge(&theirs.bundle).map_err(|fault| {
                Fault::refused(wording::cannot_merge(&quoted_path(path), wording::YOUR_SIGNATURE))
                    .because(&fault)
                    .now(wording::READ_AGAIN)
            })?;
            let text = both.write().map_err(|limit| reading::past(&limit))?.text;
            files::replace(path, *theirs.sha256.as_bytes(), &text)?;
            Ok(both)
        }
        Err(fault) => Err(fault.into()),
    }
}

fn told(fault: DeskFault) -> Fault {
    told_with(fault, "")
}

/// As [`told`], with what the module printed.
fn told_with(fault: DeskFault, chatter: &str) -> Fault {
    let said = fault.to_string();
    match fault {
        DeskFault::Token(token) => token_fault(&token, chatter),
        DeskFault::Screen(screen) => screen.into(),
        DeskFault::Declined => Fault::stopped(wording::DECLINED).now(wording::SIGN_LATER),
        DeskFault::Operator(cause @ OperatorFault::Stopped) => {
            Fault::stopped(wording::DECLINED).because(&cause).now(wording::SIGN_LATER)
        }
        DeskFault::Operator(cause) => {
            Fault::stopped(wording::NOBODY_ANSWERED).because(&cause).now(wording::NEEDS_A_TERMINAL)
        }
        DeskFault::Secret(cause @ SecretFault::NoTerminal(_)) => {
            Fault::stopped(wording::NO_PIN).because(&cause).now(wording::NEEDS_A_TERMINAL)
        }
        DeskFault::Secret(cause) => Fault::stopped(wording::NO_PIN).because(&cause).now(wording::SIGN_LATER),
        DeskFault::NoTrust { .. } => {
            Fault::refused(wording::NO_OWN_COPY).because_of(said).now(wording::BRING_YOUR_COPY)
        }
        DeskFault::VersionZero { .. } => {
            Fault::refused(wording::VERSION_ZERO).because_of(said).now(wording::VERSIONS_START_AT_ONE)
        }
        DeskFault::OtherTrust { .. } => {
            Fault::refused(wording::OTHER_COPY).because_of(said).now(wording::STOP_AND_ASK)
        }
        DeskFault::NothingToTrust { .. } => {
            Fault::refused(wording::NO_COPY_NEEDED).because_of(said).now(wording::LEAVE_OUT_TRUST)
        }
        DeskFault::Walk(cause @ WalkFault::NoTrust { .. }) => {
            Fault::refused(wording::NO_OWN_COPY).because(&cause).now(wording::BRING_YOUR_COPY)
        }
        DeskFault::Walk(cause @ WalkFault::FirstRoot) => {
            Fault::refused(wording::NO_COPY_NEEDED).because(&cause).now(wording::LEAVE_OUT_TRUST)
        }
        DeskFault::Walk(cause) => {
            Fault::refused(wording::OTHER_COPY).because(&cause).now(wording::STOP_AND_ASK)
        }
        DeskFault::Reseal(cause) => {
            Fault::refused(wording::NOT_OF_ITS_PLAN).because(&cause).now(wording::STOP_AND_ASK_ABOUT_DRAFT)
        }
        DeskFault::SignedOther { .. } => {
            Fault::refused(wording::SIGNED_OTHER).because_of(said).now(wording::STOP_AND_ASK_ABOUT_DRAFT)
        }
        DeskFault::Memory(MemoryFault::Files(cause)) => cause.into(),
        DeskFault::Memory(cause @ MemoryFault::Log(_)) => {
            Fault::refused(wording::LOG_UNUSABLE).because(&cause).now(wording::KEEP_THE_LOG)
        }
        DeskFault::SignedAlready { .. } => {
            Fault::refused(wording::SIGNED_ALREADY).because_of(said).now(wording::ASK_THE_NEXT)
        }
        DeskFault::SeveralKeys { labels } => {
            let labels: Vec<String> = labels.iter().map(|l| quoted(l, 60)).collect();
            Fault::token(wording::SEVERAL_KEYS).because_of(labels.join(", ")).now(wording::NAME_THE_OBJECT)
        }
        DeskFault::NoneOfTheKeys { wanted, present } => Fault::token(wording::NONE_OF_THE_KEYS)
            .because_of(wording::keys_wanted(&wanted.join("; ")))
            .because_of(wording::keys_present(&present.join("; ")))
            .now(wording::INSERT_THE_RIGHT_TOKEN),
        DeskFault::WrongSignature(cause) => {
            let told =
                Fault::token(wording::WRONG_SIGNATURE).because(&cause).now(wording::DISTRUST_THE_TOKEN);
            // It may have signed something else, or kept a signature back.
            told.with_signed(Signed::Unknown)
        }
    }
}

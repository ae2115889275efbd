//! One signature by one key on one token, into the bundle of a foreign document.

use std::path::Path;

use serde::Serialize;
use tuf_ceremony::bundle::Bundle;

use super::Request;
use super::told::{told, told_with};
use crate::cli::Output;
use crate::commands::module::{drivers, token_fault};
use crate::commands::reading::ReadBundle;
use crate::commands::{Outcome, key, reading, standing, status};
use crate::desk::attention::Attention;
use crate::desk::signer::OnToken;
use crate::desk::{self, DeskFault, Visit, unshown};
use crate::fault::{Fault, Signed};
use crate::files::{self, FilesFault};
use crate::memory::Memory;
use crate::operator::clean::{identifier, quoted, quoted_path, visible_path};
use crate::operator::json::print_json;
use crate::operator::screen::Screen;
use crate::operator::{Operator, wording};
use crate::report::CLAUSE;
use crate::token::TokenUri;

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
pub(super) fn run(
    request: &Request,
    read: ReadBundle,
    wanted: &TokenUri,
    person: &mut dyn Operator,
    screen: &mut Screen<'_>,
    output: Output,
) -> Result<Outcome, Fault> {
    let (mut bundle, place) = (read.bundle, &request.place);
    let own = request.trust.as_deref().map(reading::metadata).transpose()?;
    desk::check_trust(&bundle, own.as_ref()).map_err(told)?;
    let memory = request.log.as_deref().map(Memory::open).transpose();
    let mut memory = memory.map_err(|fault| told(fault.into()))?;
    let card = request.card.as_deref().map(key::check::read).transpose()?;
    let mut drivers = drivers(&request.module, Some(wanted), false)?;
    let listing = drivers.list();
    let seen = listing.choose(wanted).map_err(|(fault, chatter)| token_fault(&fault, &chatter))?;
    let mut visit = Visit { bundle: &mut bundle, own: own.as_ref(), memory: memory.as_mut() };
    let named = card.as_ref().map(|card| unshown::on_token(card, seen, wanted)).transpose();
    let named = named.map_err(|fault| told(fault.into()))?.flatten();
    let signer = match named {
        Some(at) => OnToken::of(&mut drivers, at, wanted),
        None => Ok(OnToken::seen(&mut drivers, seen, wanted)),
    };
    let signed = signer.and_then(|mut signer| visit.sign(&mut signer, &mut Attention { person, screen }));
    let written = visit.memory.as_deref().filter(|memory| memory.was_written());
    let signed = signed.map_err(|fault| {
        let is_none = matches!(fault, DeskFault::NoneOfTheKeys { .. });
        let told = told_with(fault, &drivers.chatter());
        // Why her card did not help.
        let told = match card.as_ref().filter(|card| is_none && !unshown::means(card, seen)) {
            Some(card) => {
                let token = card.token().map(|token| quoted(token, CLAUSE));
                told.and_because(wording::card_names_another(token.as_deref()))
            }
            None => told,
        };
        match written {
            Some(memory) => told.having_written(quoted_path(memory.path())),
            None => told,
        }
    })?;
    let bundle = store(place, bundle, read.sha256.as_bytes()).map_err(|fault| {
        fault.with_signed(Signed::Unstored { signature: format!("{} {}", signed.key, signed.sig) })
    })?;
    let warning = drivers.close().err();
    if output.json {
        print_json(&Facts {
            bundle: visible_path(place).into_owned(),
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
        screen.line(&wording::signed(&identifier(&signed.role, 60), signed.version, &quoted_path(place)))?;
        status::tell(screen, &bundle)?;
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

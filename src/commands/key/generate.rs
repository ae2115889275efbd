//! `conclave key generate`: a new key on a token. Nothing on it is ever replaced; its public half is printed and, where asked,
//! written as PEM and into a ceremony's key phase.

use std::path::PathBuf;

use serde::Serialize;
use tuf_ceremony::key::PublicKey;

use super::phase::{FolderFacts, Waiting};
use super::{Reached, close, fault::told, in_slot, reach, write_public};
use crate::cli::{KeyPhase, ModuleChoice, Output, SlotChoice};
use crate::commands::Outcome;
use crate::desk::keys::KeysFault;
use crate::desk::keys::Sitting;
use crate::desk::keys::in_slot::make as make_in_slot;
use crate::desk::keys::make::{NewKey, check_free, free_id, make, show_made};
use crate::fault::{Fault, Signed};
use crate::files;
use crate::operator::clean::{cell, quoted, quoted_path, visible_path};
use crate::operator::json::print_json;
use crate::operator::screen::Screen;
use crate::operator::wording::{cards, keys as said};
use crate::operator::{Operator, manner};
use crate::report::columns::fact;
use crate::report::{CLAUSE, NAME};
use crate::token::{InSlot, SignScheme, TokenKey, TokenUri};

/// What was asked.
pub(crate) struct Request {
    /// Which token, as a URI.
    pub token: String,
    pub scheme: SignScheme,
    pub label: String,
    pub id: Option<String>,
    pub in_slot: SlotChoice,
    pub public_out: Option<PathBuf>,
    pub phase: KeyPhase,
    pub module: ModuleChoice,
}

#[derive(Serialize)]
struct Facts {
    fingerprint: String,
    scheme: &'static str,
    kind: String,
    token: String,
    label: String,
    id: String,
    public: String,
    public_file: Option<String>,
    ceremony: Option<FolderFacts>,
}

/// Makes the key.
pub(crate) fn run(
    request: Request,
    person: &mut dyn Operator,
    screen: &mut Screen<'_>,
    output: Output,
) -> Result<Outcome, Fault> {
    let asked_id = request.id.as_deref().map(id).transpose()?;
    // A card names its keys by their slots; whether the token is one is seen below.
    let is_card = TokenUri::from_command_line(&request.token).is_ok_and(|uri| uri.is_piv());
    if !is_card && request.label.trim().is_empty() {
        return Err(Fault::usage(said::NO_LABEL).now(said::GIVE_A_LABEL));
    }
    if let Some(path) = &request.public_out {
        files::refuse_existing(path)?;
    }
    let mut waiting = Waiting::of(request.phase)?;
    let Reached { mut drivers, seen, wanted } = reach(&request.token, &request.module)?;
    let in_slot = in_slot::asked(&request.in_slot, &wanted, &seen.slot)?;
    if in_slot.is_some() && !(request.label.is_empty() && asked_id.is_none()) {
        return Err(Fault::usage(cards::NOT_FOR_CARDS).now(cards::NAME_THE_SLOT));
    }
    let new = match in_slot {
        Some(InSlot { slot, .. }) => {
            NewKey { scheme: request.scheme, label: format!("{slot:02x}"), id: vec![slot] }
        }
        None => NewKey {
            scheme: request.scheme,
            label: request.label,
            id: asked_id.unwrap_or_else(|| free_id(&seen.slot)),
        },
    };
    if let (Some(waiting), Some(InSlot { slot, .. })) = (&waiting, in_slot) {
        let mut ended =
            seen.slot.keys.iter().filter(|key| key.id == [slot]).filter_map(TokenKey::fingerprint);
        ended.try_for_each(|print| waiting.may_end(print))?;
    }
    let host = drivers.host_mut(&seen.driver).map_err(|fault| told(fault.into(), ""))?;
    let mut sitting = Sitting { host, slot: &seen.slot, person, screen };
    let made = match in_slot {
        Some(wanted) => make_in_slot(&mut sitting, &new, wanted),
        None => check_free(&seen.slot, &new).and_then(|()| make(&mut sitting, &new)),
    };
    let made = made.map_err(|fault| unmade(fault, &drivers.chatter()))?;
    let uri = TokenUri::naming(&seen.slot, Some(&made.on_token)).to_string();
    let stands = |fault: Fault| fault.with_signed(Signed::KeyMade { key: cell(&uri, CLAUSE) });
    if let Some(waiting) = &mut waiting {
        waiting.generated(&made.public, &uri).map_err(stands)?;
    }
    if let Some(path) = &request.public_out {
        write_public(path, &made.public).map_err(stands)?;
    }
    show_made(screen, &made, &new).map_err(|fault| stands(fault.into()))?;
    close(drivers, output)?;
    if output.json {
        print_json(&facts(&made.public, &new, &uri, request.public_out.as_ref(), waiting.as_ref()))?;
        return Ok(Outcome::Done);
    }
    screen.blank()?;
    fact(screen, said::SCHEME, made.public.scheme().name())?;
    fact(screen, said::LABEL, &quoted(&new.label, NAME))?;
    fact(screen, said::ID, &hex::encode(&new.id))?;
    fact(screen, said::NAME_IT, &cell(&uri, CLAUSE))?;
    if let Some(path) = &request.public_out {
        screen.line(&said::public_written(&quoted_path(path)))?;
    }
    if let Some(waiting) = &waiting {
        screen.blank()?;
        waiting.tell(screen)?;
    }
    if !manner::is_led() {
        screen.line(said::NEXT_MAKE_ITS_CARD)?;
    }
    Ok(Outcome::Done)
}

/// No key came of it, as far as the token said.
fn unmade(fault: KeysFault, chatter: &str) -> Fault {
    let is_open = match &fault {
        KeysFault::Token(fault) => fault.may_have_made_a_key(),
        KeysFault::UnusableKey => true,
        _ => false,
    };
    let told = told(fault, chatter);
    if is_open { told.with_signed(Signed::KeyUnknown) } else { told }
}

fn facts(
    public: &PublicKey,
    new: &NewKey,
    uri: &str,
    public_file: Option<&PathBuf>,
    waiting: Option<&Waiting>,
) -> Facts {
    Facts {
        fingerprint: public.fingerprint().to_string(),
        scheme: public.scheme().name(),
        kind: public.kind(),
        token: uri.to_owned(),
        label: new.label.clone(),
        id: hex::encode(&new.id),
        public: public.spki_pem(),
        public_file: public_file.map(|path| visible_path(path).into_owned()),
        ceremony: waiting.map(Waiting::facts),
    }
}

/// An id in hex, of at least one byte.
fn id(text: &str) -> Result<Vec<u8>, Fault> {
    match hex::decode(text) {
        Ok(id) if !id.is_empty() => Ok(id),
        _ => Err(Fault::usage(said::not_an_id(&quoted(text, NAME))).now(said::TYPE_AN_ID)),
    }
}

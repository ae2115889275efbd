//! `conclave tokens`: the tokens that a module shows and the keys on them, without any PIN.

use serde::Serialize;

use super::{Outcome, module};
use crate::cli::{ModuleChoice, Output};
use crate::desk;
use crate::fault::Fault;
use crate::operator::clean::{identifier, quoted};
use crate::operator::json::print_json;
use crate::operator::screen::Screen;
use crate::operator::wording;
use crate::token::{SlotFacts, TokenKey, TokenUri};

#[derive(Serialize)]
struct Facts {
    module: String,
    version: String,
    tokens: Vec<TokenRow>,
}

#[derive(Serialize)]
struct TokenRow {
    slot: u64,
    slot_description: String,
    readable: bool,
    label: Option<String>,
    serial: Option<String>,
    manufacturer: Option<String>,
    model: Option<String>,
    initialized: Option<bool>,
    pin: Option<String>,
    uri: String,
    trouble: Option<String>,
    keys: Vec<KeyRow>,
}

#[derive(Serialize)]
struct KeyRow {
    kind: String,
    fingerprint: Option<String>,
    label: String,
    id: String,
    uri: String,
}

/// Lists what is there.
pub(super) fn run(choice: &ModuleChoice, output: Output) -> Result<Outcome, Fault> {
    let mut host = module::open(choice, None)?;
    let slots = host.list().map_err(|fault| module::token_fault(&fault, &host.chatter()))?;
    let module = host.module().clone();
    let warning = host.close().err();
    if output.json {
        print_json(&Facts {
            module: module.description,
            version: format!("{}.{}", module.version.0, module.version.1),
            tokens: slots.iter().map(row).collect(),
        })?;
    } else {
        tell(&slots, output)?;
    }
    if let Some(warning) = warning {
        Screen::stderr(output.plain).line(&wording::exit_warning(&warning.to_string()))?;
    }
    Ok(Outcome::Done)
}

fn row(slot: &SlotFacts) -> TokenRow {
    let token = slot.token.as_ref();
    TokenRow {
        slot: slot.slot,
        slot_description: slot.description.clone(),
        readable: slot.readable(),
        label: token.map(|t| t.label.clone()),
        serial: token.map(|t| t.serial.clone()),
        manufacturer: token.map(|t| t.manufacturer.clone()),
        model: token.map(|t| t.model.clone()),
        initialized: token.map(|t| t.initialized),
        pin: token.map(|t| t.tries.to_string()),
        uri: TokenUri::naming(slot, None).to_string(),
        trouble: slot.trouble.clone(),
        keys: slot.keys.iter().map(|key| key_row(slot, key)).collect(),
    }
}

fn key_row(slot: &SlotFacts, key: &TokenKey) -> KeyRow {
    KeyRow {
        kind: key.kind.to_string(),
        fingerprint: desk::fingerprint(key).map(|f| f.to_string()),
        label: key.label.clone(),
        id: hex::encode(&key.id),
        uri: TokenUri::naming(slot, Some(key)).to_string(),
    }
}

fn tell(slots: &[SlotFacts], output: Output) -> Result<(), Fault> {
    let mut screen = Screen::stdout(output.plain);
    if slots.is_empty() {
        screen.line(wording::NO_TOKENS)?;
    }
    for slot in slots {
        let name = slot.name();
        screen.heading(&wording::token_named(&quoted(&name.label, 60), &identifier(&name.serial, 40)))?;
        match &slot.token {
            None => screen.line(&wording::token_unreadable(slot.slot))?,
            Some(token) if !token.initialized => screen.line(wording::TOKEN_EMPTY)?,
            Some(token) => {
                screen.line(&wording::token_maker(
                    &quoted(&token.manufacturer, 40),
                    &quoted(&token.model, 40),
                    slot.slot,
                ))?;
                screen.line(&format!("  {}", wording::tries(&token.tries.to_string())))?;
            }
        }
        if let Some(trouble) = &slot.trouble {
            screen.line(&wording::token_trouble(&quoted(trouble, 200)))?;
        }
        for key in &slot.keys {
            screen.line(&format!(
                "  {}",
                wording::key_on_token(&key.kind.to_string(), &quoted(&key.label, 60))
            ))?;
            if let Some(print) = desk::fingerprint(key) {
                screen.line(&wording::fingerprint_line(&print.to_string()))?;
            }
        }
        screen.line(&wording::named_by(&TokenUri::naming(slot, None).to_string()))?;
        screen.blank()?;
    }
    Ok(())
}

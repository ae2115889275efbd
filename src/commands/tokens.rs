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
use crate::report::columns::sentence;
use crate::token::{Listing, ModuleFacts, Seen, Silent, SlotFacts, TokenKey, TokenUri};

#[derive(Serialize)]
struct Facts {
    modules: Vec<ModuleRow>,
    tokens: Vec<TokenRow>,
    failed: Vec<FailedRow>,
}

#[derive(Serialize)]
struct ModuleRow {
    driver: String,
    module: String,
    version: String,
}

#[derive(Serialize)]
struct FailedRow {
    driver: String,
    because: String,
}

#[derive(Serialize)]
struct TokenRow {
    driver: String,
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

/// Lists what is there. A module that fails does not hide the others; where all fail, that is the fault.
pub(super) fn run(choice: &ModuleChoice, output: Output) -> Result<Outcome, Fault> {
    let mut drivers = module::drivers(choice, None, false)?;
    let mut listing = drivers.list();
    if listing.asked.is_empty()
        && let Some(silent) = listing.silent.first()
    {
        return Err(module::token_fault(&silent.fault, &silent.chatter));
    }
    if let Err(warning) = drivers.close() {
        listing.warnings.push(warning);
    }
    if output.json {
        print_json(&Facts {
            modules: listing.asked.iter().map(module_row).collect(),
            tokens: listing.seen.iter().map(row).collect(),
            failed: listing.silent.iter().map(failed_row).collect(),
        })?;
    } else {
        tell(&listing, output)?;
    }
    let mut screen = Screen::stderr(output.plain);
    for silent in &listing.silent {
        screen.line(&wording::module_failed(&identifier(&silent.driver, 60), &silent.fault.to_string()))?;
    }
    for warning in &listing.warnings {
        screen.line(&wording::exit_warning(&warning.to_string()))?;
    }
    Ok(Outcome::Done)
}

fn module_row(asked: &(String, ModuleFacts)) -> ModuleRow {
    let (driver, module) = asked;
    ModuleRow {
        driver: driver.clone(),
        module: module.description.clone(),
        version: format!("{}.{}", module.version.0, module.version.1),
    }
}

fn failed_row(silent: &Silent) -> FailedRow {
    FailedRow { driver: silent.driver.clone(), because: silent.fault.to_string() }
}

fn row(seen: &Seen) -> TokenRow {
    let slot = &seen.slot;
    let token = slot.token.as_ref();
    TokenRow {
        driver: seen.driver.clone(),
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

fn tell(listing: &Listing, output: Output) -> Result<(), Fault> {
    let mut screen = Screen::stdout(output.plain);
    if listing.seen.is_empty() {
        screen.line(wording::NO_TOKENS)?;
    }
    let several = listing.asked.len() + listing.silent.len() > 1;
    for Seen { driver, slot, .. } in &listing.seen {
        let name = slot.name();
        let is_empty = slot.token.as_ref().is_some_and(|token| !token.initialized);
        screen.heading(&match is_empty {
            true => wording::empty_slot(slot.slot),
            false => wording::token_named(&quoted(&name.label, 60), &identifier(&name.serial, 40)),
        })?;
        if several {
            screen.line(&wording::through_driver(&identifier(driver, 60)))?;
        }
        match &slot.token {
            None => screen.line(&wording::token_unreadable(slot.slot))?,
            Some(_) if is_empty => screen.line(wording::TOKEN_EMPTY)?,
            Some(token) => {
                screen.line(&wording::token_maker(
                    &quoted(&token.manufacturer, 40),
                    &quoted(&token.model, 40),
                    slot.slot,
                ))?;
                sentence(&mut screen, 2, &wording::tries(&token.tries.to_string()))?;
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
        if !is_empty {
            screen.line(&wording::named_by(&TokenUri::naming(slot, None).to_string()))?;
        }
        screen.blank()?;
    }
    Ok(())
}

//! The tokens for scripts: a row for each token through each module, as it was told; what is known of it beside. Members are added,
//! never renamed.

use serde::Serialize;

use super::{Token, Tokens, Unset, WantedKey};
use crate::report::names::Named;
use crate::token::{Seen, SignScheme, Silent, TokenUri};

/// Everything.
#[derive(Serialize)]
pub struct Rows {
    modules: Vec<ModuleRow>,
    tokens: Vec<TokenRow>,
    failed: Vec<FailedRow>,
    wanted: Option<Vec<WantedRow>>,
    unset: Vec<Unset>,
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
    now: String,
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
    hardware_version: Option<String>,
    firmware: Option<String>,
    initialized: Option<bool>,
    software: bool,
    pin: Option<String>,
    pin_state: &'static str,
    pin_tries_left: Option<u8>,
    keypad: Option<bool>,
    uri: String,
    trouble: Option<String>,
    /// Further modules that show the same token.
    also_through: Vec<String>,
    wrong: Vec<WrongRow>,
    keys: Vec<KeyRow>,
}

#[derive(Serialize)]
struct WrongRow {
    what: &'static str,
    stops: bool,
    says: String,
    now: String,
}

#[derive(Serialize)]
struct KeyRow {
    kind: String,
    scheme: Option<&'static str>,
    fingerprint: Option<String>,
    label: String,
    id: String,
    uri: String,
    always_authenticate: Option<bool>,
    whose: Option<Named>,
    /// What it is called where it is looked for.
    wanted: Option<String>,
}

#[derive(Serialize)]
struct WantedRow {
    key: String,
    fingerprint: Option<String>,
    holders: Vec<String>,
    lost: bool,
    /// The URI of the token that holds it.
    here: Option<String>,
}

impl Rows {
    /// Of what was found; `advice` is what to do about a module that shows nothing.
    #[must_use]
    pub fn of(tokens: &Tokens<'_>, advice: impl Fn(&Silent) -> String) -> Rows {
        let listing = tokens.listing;
        let modules = listing.asked.iter().map(|(driver, module)| ModuleRow {
            driver: driver.clone(),
            module: module.description.clone(),
            version: format!("{}.{}", module.version.0, module.version.1),
        });
        let failed = listing.silent.iter().map(|silent| FailedRow {
            driver: silent.driver.clone(),
            because: silent.fault.to_string(),
            now: advice(silent),
        });
        let wanted = tokens.known.wanted.as_ref();
        Rows {
            modules: modules.collect(),
            tokens: listing.seen.iter().map(|seen| row(tokens, seen)).collect(),
            failed: failed.collect(),
            wanted: wanted.map(|wanted| wanted.keys.iter().map(|key| wanted_row(tokens, key)).collect()),
            unset: tokens.unset.clone(),
        }
    }
}

fn row(tokens: &Tokens<'_>, seen: &Seen) -> TokenRow {
    let slot = &seen.slot;
    let told = slot.token.as_ref();
    let token = tokens.all.iter().find(|token| token.seen.iter().any(|one| std::ptr::eq(*one, seen)));
    let token = token.expect("each token that was seen is one of them");
    let pin = token.pin();
    let others = token.seen.iter().filter(|one| !std::ptr::eq(**one, seen));
    TokenRow {
        driver: seen.driver.clone(),
        slot: slot.slot,
        slot_description: slot.description.clone(),
        readable: slot.readable(),
        label: told.map(|t| t.label.clone()),
        serial: told.map(|t| t.serial.clone()),
        manufacturer: told.map(|t| t.manufacturer.clone()),
        model: told.map(|t| t.model.clone()),
        hardware_version: told.and_then(|t| t.hardware_version.clone()),
        firmware: told.and_then(|t| t.firmware.clone()),
        initialized: told.map(|t| t.initialized),
        software: slot.is_software(),
        pin: told.map(|t| t.tries.to_string()),
        pin_state: pin.word(),
        pin_tries_left: pin.left(),
        keypad: told.map(|t| t.keypad),
        uri: TokenUri::naming(slot, None).to_string(),
        trouble: slot.trouble.clone(),
        also_through: others.map(|one| one.driver.clone()).collect(),
        wrong: token
            .wrong
            .iter()
            .map(|wrong| {
                let (what, says, now) = wrong.told();
                WrongRow { what, stops: wrong.stops(), says, now }
            })
            .collect(),
        keys: slot.keys.iter().map(|key| key_row(token, seen, key)).collect(),
    }
}

fn key_row(token: &Token<'_>, seen: &Seen, key: &crate::token::TokenKey) -> KeyRow {
    let fingerprint = key.fingerprint();
    let known = token.keys.iter().find(|known| fingerprint.is_some() && known.fingerprint == fingerprint);
    KeyRow {
        kind: key.kind.to_string(),
        scheme: fingerprint.and_then(|_| SignScheme::of(&key.kind)).map(|s| s.in_metadata().name()),
        fingerprint: fingerprint.map(|print| print.to_string()),
        label: key.label.clone(),
        id: hex::encode(&key.id),
        uri: TokenUri::naming(&seen.slot, Some(key)).to_string(),
        always_authenticate: key.always_authenticate,
        whose: known.and_then(|known| known.named.clone()),
        wanted: known.and_then(|known| known.wanted).map(|wanted| wanted.name.clone()),
    }
}

fn wanted_row(tokens: &Tokens<'_>, key: &WantedKey) -> WantedRow {
    let here = tokens.holding(key).map(|at| TokenUri::naming(tokens.all[at].slot(), None).to_string());
    WantedRow {
        key: key.name.clone(),
        fingerprint: key.fingerprint.map(|print| print.to_string()),
        holders: key.holders.clone(),
        lost: key.lost,
        here,
    }
}

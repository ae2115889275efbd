//! What a token says of a key, as a card carries it. It is the token's word and no proof. What a module does not tell is left
//! out. What of it is odd is told by `report::evidence`. A PIV card gives its attestation beside its word, as it came: the
//! engine judges it.

use serde::Serialize;
use tuf_ceremony::card::{CardFault, Evidence};

use super::Usable;
use crate::token::{Attestation, KeyEvidence, ModuleFacts, SlotFacts};

#[derive(Serialize)]
struct Whole<'e> {
    pkcs11: Pkcs11<'e>,
}

/// The member `pkcs11` of a card's evidence (`docs/spec/card.md`).
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Pkcs11<'e> {
    #[serde(skip_serializing_if = "Option::is_none")]
    always_authenticate: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    always_sensitive: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extractable: Option<bool>,
    hardware_slot: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    local: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mechanism: Option<&'e str>,
    module: Module<'e>,
    #[serde(skip_serializing_if = "Option::is_none")]
    never_extractable: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sensitive: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<Token<'e>>,
}

#[derive(Serialize)]
struct Module<'e> {
    description: &'e str,
    manufacturer: &'e str,
    version: String,
}

#[derive(Serialize)]
struct Token<'e> {
    label: &'e str,
    manufacturer: &'e str,
    model: &'e str,
    serial: &'e str,
}

/// The evidence of a card.
///
/// # Errors
/// When the token tells more than a card carries.
pub fn of(key: &KeyEvidence, module: &ModuleFacts, slot: &SlotFacts) -> Result<Evidence, CardFault> {
    let token = slot.token.as_ref().map(|token| Token {
        label: &token.label,
        manufacturer: &token.manufacturer,
        model: &token.model,
        serial: &token.serial,
    });
    let (major, minor) = module.version;
    let whole = Whole {
        pkcs11: Pkcs11 {
            always_authenticate: key.always_authenticate,
            always_sensitive: key.always_sensitive,
            extractable: key.extractable,
            hardware_slot: slot.hardware,
            local: key.local,
            mechanism: key.mechanism.as_deref(),
            module: Module {
                description: &module.description,
                manufacturer: &module.manufacturer,
                version: format!("{major}.{minor}"),
            },
            never_extractable: key.never_extractable,
            sensitive: key.sensitive,
            token,
        },
    };
    Evidence::read(&serde_json::to_vec(&whole).map_err(|_| CardFault::Evidence)?)
}

#[derive(Serialize)]
struct WholeOfCard<'e> {
    piv: Piv<'e>,
}

/// The member `piv` of a card's evidence (`docs/spec/card.md`).
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Piv<'e> {
    #[serde(skip_serializing_if = "Option::is_none")]
    attestation: Option<Certificates>,
    #[serde(skip_serializing_if = "Option::is_none")]
    firmware: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    local: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pin_policy: Option<&'e str>,
    reader: &'e str,
    #[serde(skip_serializing_if = "Option::is_none")]
    serial: Option<&'e str>,
    slot: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    touch_policy: Option<&'e str>,
}

#[derive(Serialize)]
struct Certificates {
    #[serde(skip_serializing_if = "String::is_empty")]
    card: String,
    key: String,
}

/// The evidence of a PIV card that is spoken to without a module.
///
/// # Errors
/// When the card tells more than a key card carries.
pub fn of_card(
    told: &KeyEvidence,
    key: &Usable,
    slot: &SlotFacts,
    attestation: Option<&Attestation>,
) -> Result<Evidence, CardFault> {
    let attestation =
        attestation.map(|it| Certificates { card: hex::encode(&it.card), key: hex::encode(&it.key) });
    let piv = Piv {
        attestation,
        firmware: slot.token.as_ref().and_then(|token| token.model.strip_prefix("YubiKey ")),
        local: told.local,
        pin_policy: told.pin_policy.as_deref(),
        reader: &slot.description,
        serial: slot.token.as_ref().map(|token| token.serial.as_str()),
        slot: hex::encode(&key.on_token.id),
        touch_policy: told.touch_policy.as_deref(),
    };
    Evidence::read(&serde_json::to_vec(&WholeOfCard { piv }).map_err(|_| CardFault::Evidence)?)
}

/// Evidence that a fresh test carries, so that no signature from before can stand for it.
///
/// # Errors
/// Never for 32 bytes.
pub fn of_a_test(nonce: &[u8; 32]) -> Result<Evidence, CardFault> {
    Evidence::read(format!("{{\"readiness-test\":\"{}\"}}", hex::encode(nonce)).as_bytes())
}

//! A new key in a slot of a PIV card: what the slot holds and will ask for, what an Ed25519 key can sign there, consent, PIN; then
//! the card makes it. A key in the slot is lost only where that was typed.

use tuf_ceremony::attestation::{Advisory, Firmware, of_a_new_key};

use super::make::{NewKey, token};
use super::{KeysFault, Sitting, Usable};
use crate::desk::attention::Attention;
use crate::desk::in_words;
use crate::operator::wording::{cards as said, keys};
use crate::report::columns::{fact, sentence};
use crate::token::{Condition, InSlot, PinUse, SignScheme, TokenFault, TouchUse};

/// Shows, asks, and lets the card make the key.
///
/// # Errors
/// Before the card made anything, or with what it said. After an unknown outcome a key may be there.
pub fn make(sitting: &mut Sitting<'_, '_>, new: &NewKey, wanted: InSlot) -> Result<Usable, KeysFault> {
    let condition = sitting.host.condition(sitting.slot)?;
    if !condition.management.is_ready() {
        let why = if condition.management.is_factory == Some(false) {
            "is not the factory's, and not noted as kept on the card"
        } else {
            "is the factory's, or nothing notes that it is kept on the card"
        };
        return Err(TokenFault::NotPrepared { token: sitting.slot.name(), why: why.into() }.into());
    }
    if new.scheme == SignScheme::Ed25519 && !condition.makes_ed25519 {
        let why = format!("firmware {} makes no Ed25519 keys", condition.firmware);
        return Err(TokenFault::SlotRefused { why }.into());
    }
    let advised = advised(new.scheme, &condition);
    if let Some(fatal) = advised.iter().find(|advisory| advisory.gives_the_key_away()) {
        let why = said::weak_firmware(&condition.firmware, fatal.means, fatal.id, fatal.cve);
        return Err(TokenFault::SlotRefused { why }.into());
    }
    let phrase = show(sitting, new, wanted, &condition, &advised)?;
    sitting.consent(&keys::to_make_type(&phrase), &phrase)?;
    sitting.open(keys::FOR_A_NEW_KEY)?;
    sitting.screen.line(keys::WAIT_FOR_THE_KEY)?;
    let wanted = InSlot { over: phrase != keys::make_phrase(&new.label), ..wanted };
    let Sitting { host, person, screen, .. } = sitting;
    let made = host.make(new.scheme, wanted, &mut Attention { person: &mut **person, screen })?;
    Usable::of(&made).ok_or(KeysFault::UnusableKey)
}

/// What the maker warns of. A firmware that is not three numbers is in no table.
fn advised(scheme: SignScheme, condition: &Condition) -> Vec<Advisory> {
    let firmware = Firmware::parse(&condition.firmware);
    let advised = firmware.map(|firmware| of_a_new_key(scheme.in_metadata(), firmware)).unwrap_or_default();
    advised.into_iter().map(|advised| advised.advisory).collect()
}

/// What is asked for; gives the phrase that agrees to it.
fn show(
    sitting: &mut Sitting<'_, '_>,
    new: &NewKey,
    wanted: InSlot,
    condition: &Condition,
    advised: &[Advisory],
) -> Result<String, KeysFault> {
    let Sitting { slot, screen, .. } = sitting;
    screen.heading(keys::A_NEW_KEY)?;
    token(screen, slot)?;
    fact(screen, keys::SCHEME, new.scheme.in_metadata().name())?;
    fact(screen, said::SLOT, &new.label)?;
    fact(
        screen,
        said::PIN,
        match wanted.pin {
            PinUse::Never => said::PIN_NEVER,
            PinUse::Once => said::PIN_ONCE,
            PinUse::Always => said::PIN_ALWAYS,
        },
    )?;
    fact(
        screen,
        said::TOUCH,
        match wanted.touch {
            TouchUse::Never => said::TOUCH_NEVER,
            TouchUse::Cached => said::TOUCH_CACHED,
            TouchUse::Always => said::TOUCH_ALWAYS,
        },
    )?;
    if new.scheme == SignScheme::Ed25519 {
        sentence(screen, 2, said::SHORT_MESSAGES)?;
    }
    for advisory in advised {
        let told = said::weak_firmware(&condition.firmware, advisory.means, advisory.id, advisory.cve);
        sentence(screen, 2, &format!("Warning: {told}."))?;
    }
    let others: Vec<String> = slot.keys.iter().filter(|key| key.id != new.id).map(in_words).collect();
    if !others.is_empty() {
        sentence(screen, 2, keys::KEYS_THERE)?;
        others.iter().try_for_each(|key| sentence(screen, 4, key))?;
    }
    let there = slot.keys.iter().find(|key| key.id == new.id);
    let is_certified = condition.certified.contains(&wanted.slot);
    let phrase = match there {
        Some(key) => {
            sentence(screen, 2, &said::is_lost(&in_words(key)))?;
            if is_certified {
                sentence(screen, 2, said::CERTIFICATE_TOO)?;
            }
            said::replace_phrase(&new.label)
        }
        None if condition.tells && is_certified => {
            sentence(screen, 2, said::CERTIFICATE_ALONE)?;
            said::replace_phrase(&new.label)
        }
        None if condition.tells => keys::make_phrase(&new.label),
        None => {
            sentence(screen, 2, said::MAY_BE_LOST)?;
            said::replace_phrase(&new.label)
        }
    };
    screen.blank()?;
    Ok(phrase)
}

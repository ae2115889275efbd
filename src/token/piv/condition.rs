//! How a card stands: its PIN, PUK and management key. Nothing in here sends a secret.

use yubikey::mgm::MgmKey;
use yubikey::piv::{ManagementSlotId, SlotAlgorithmId, SlotId, metadata};
use yubikey::{Error, YubiKey};

use super::keys::certified;
use super::{Cards, guarded, has_metadata, keys, leave, makes_ed25519, management, reopened};
use crate::token::attestation::Attestation;
use crate::token::condition::{Condition, ManagementState, SecretState};
use crate::token::evidence::KeyEvidence;
use crate::token::facts::TokenName;
use crate::token::fault::{Call, TokenFault};
use crate::token::wire::KeyHint;

impl Cards {
    /// How the card in reader `slot` stands, if it is still the one named `expected`.
    pub(in crate::token) fn condition(
        &mut self,
        slot: u64,
        expected: &TokenName,
    ) -> Result<Condition, TokenFault> {
        let mut card = self.found(slot, expected)?;
        let told = guarded(|| Ok(Condition { certified: certified(&mut card)?, ..of(&mut card)? }));
        leave(card);
        told.map_err(|trouble| trouble.told(Call::List))
    }

    /// What the card in reader `slot` says and certifies of a key; it needs no PIN for that, and is left as it was found.
    pub(in crate::token) fn told(
        &mut self,
        slot: u64,
        expected: &TokenName,
        hint: &KeyHint,
    ) -> Result<(KeyEvidence, Option<Attestation>), TokenFault> {
        let at = keys::slot_of(hint)?;
        let mut card = self.found(slot, expected)?;
        let told = guarded(|| Ok((keys::evidence(&mut card, at)?, keys::attestation(&mut card, at)?)));
        leave(card);
        told.map_err(|trouble| trouble.told(Call::List))
    }

    /// The card in reader `slot`, if it is the one that was meant. It ends a login.
    pub(super) fn found(&mut self, slot: u64, expected: &TokenName) -> Result<YubiKey, TokenFault> {
        // Dropping it resets the card, which must not happen in the middle of what follows.
        self.open = None;
        let card = reopened(usize::try_from(slot).unwrap_or(usize::MAX))?;
        let found = super::name(&card);
        if found.as_ref() == Some(expected) {
            return Ok(card);
        }
        leave(card);
        let nameless = || TokenName { label: format!("slot {slot}"), serial: String::new() };
        Err(TokenFault::TokenChanged { expected: expected.clone(), found: found.unwrap_or_else(nameless) })
    }
}

/// What a card tells, without its certificates. Before firmware 5.3 that is the PIN's tries, and whether a management key is
/// kept.
pub(super) fn of(card: &mut YubiKey) -> Result<Condition, Error> {
    let tells = has_metadata(card.version());
    let (pin, puk) = if tells {
        (secret(card, ManagementSlotId::Pin)?, secret(card, ManagementSlotId::Puk)?)
    } else {
        let untold = SecretState { left: None, is_factory: None };
        (SecretState { left: Some(card.get_pin_retries()?), ..untold }, untold)
    };
    Ok(Condition {
        firmware: card.version().to_string(),
        tells,
        makes_ed25519: makes_ed25519(card.version()),
        pin,
        puk,
        management: of_management(card, tells)?,
        certified: Vec::new(),
    })
}

fn secret(card: &mut YubiKey, which: ManagementSlotId) -> Result<SecretState, Error> {
    let told = metadata(card, SlotId::Management(which))?;
    let left = told.retries.ok_or(Error::ParseError)?.remaining_count;
    Ok(SecretState { left: Some(left), is_factory: told.default })
}

fn of_management(card: &mut YubiKey, tells: bool) -> Result<ManagementState, Error> {
    let is_kept = management::is_kept(card)?;
    if !tells {
        let cipher = management::cipher(MgmKey::get_default(card)?.algorithm_id()).to_owned();
        return Ok(ManagementState { cipher, is_factory: None, is_kept });
    }
    let told = metadata(card, SlotId::Management(ManagementSlotId::Management))?;
    let SlotAlgorithmId::Management(cipher) = told.algorithm else { return Err(Error::InvalidObject) };
    let cipher = management::cipher(cipher).to_owned();
    Ok(ManagementState { cipher, is_factory: told.default, is_kept })
}

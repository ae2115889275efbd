//! A card makes a key in one of its slots.
//!
//! Promises: a slot that holds a key, or may hold one, is taken only where a person agreed to lose it; the card's management key is
//! the one that its PIN opens, never the factory's; the public half is read back from the slot, and must be the one that was told; a
//! certificate of what was there before does not stay, because other programs would take it for the new key's.
//!
//! An empty answer makes the crate panic: that is nonsense like any other, and a key may be there.

use yubikey::certificate::Certificate;
use yubikey::piv::{AlgorithmId, SlotId, generate};
use yubikey::{Error, PinPolicy, TouchPolicy, YubiKey};

use super::keys::{is_certified, of_spki, public_key};
use super::{Cards, guarded, has_metadata, makes_ed25519, management};
use crate::token::facts::TokenKey;
use crate::token::fault::{Call, TokenFault};
use crate::token::in_slot::{InSlot, PinUse, TouchUse};
use crate::token::scheme::SignScheme;

impl Cards {
    /// Lets the card of the last login make a key.
    pub(in crate::token) fn make(&mut self, scheme: SignScheme, new: InSlot) -> Result<TokenKey, TokenFault> {
        let open = self.open(Call::List)?;
        let card = &mut open.card;
        let kind = kind(scheme)?;
        if kind == AlgorithmId::Ed25519 && !makes_ed25519(card.version()) {
            let why = format!("firmware {} makes no Ed25519 keys", card.version());
            return Err(TokenFault::SlotRefused { why });
        }
        let slot = SlotId::try_from(new.slot)
            .map_err(|_| TokenFault::SlotRefused { why: format!("there is no slot {:02x}", new.slot) })?;
        if !new.over && guarded(|| may_be_occupied(card, new.slot)).map_err(|t| t.told(Call::List))? {
            let why = format!("something is in its slot {:02x} that nobody agreed to lose", new.slot);
            return Err(TokenFault::SlotRefused { why });
        }
        if !guarded(|| management::authenticated(card)).map_err(|t| t.told(Call::List))? {
            let token = open.name.clone();
            // Firmware that tells was asked before: what its notes say is not so, and to prepare it would change nothing.
            if has_metadata(card.version()) {
                return Err(TokenFault::NotItsOwn { token });
            }
            let why = "is the factory's, or not kept where the PIN opens it".into();
            return Err(TokenFault::NotPrepared { token, why });
        }
        // First, so that a card which keeps it has made no key yet.
        let cleared =
            guarded(|| if is_certified(card, new.slot)? { Certificate::delete(card, slot) } else { Ok(()) });
        cleared.map_err(|trouble| trouble.told(Call::List))?;
        let made = guarded(|| generate(card, slot, kind, pin_policy(new.pin), touch_policy(new.touch)));
        let made = of_spki(new.slot, &made.map_err(|trouble| trouble.told(Call::Generate))?);
        let read = guarded(|| public_key(card, new.slot));
        match read.map_err(|trouble| trouble.told(Call::Generate))? {
            Some(read) if read.public == made.public && read.kind == made.kind => {
                let told = read.always_authenticate.unwrap_or(new.pin == PinUse::Always);
                Ok(TokenKey { always_authenticate: Some(told), ..read })
            }
            _ => Err(TokenFault::NoNewKey { why: "its slot shows another key than the card told".into() }),
        }
    }
}

/// Firmware that does not tell about its slots leaves it open, unless something is there.
fn may_be_occupied(card: &mut YubiKey, slot: u8) -> Result<bool, Error> {
    if !has_metadata(card.version()) || public_key(card, slot)?.is_some() {
        return Ok(true);
    }
    is_certified(card, slot)
}

fn kind(scheme: SignScheme) -> Result<AlgorithmId, TokenFault> {
    match scheme {
        SignScheme::EcdsaP256Sha256 => Ok(AlgorithmId::EccP256),
        SignScheme::EcdsaP384Sha384 => Ok(AlgorithmId::EccP384),
        SignScheme::Ed25519 => Ok(AlgorithmId::Ed25519),
        SignScheme::RsaPssSha256 => Ok(AlgorithmId::Rsa2048),
        other => Err(TokenFault::SlotRefused { why: format!("PIV cards make no keys for {other}") }),
    }
}

fn pin_policy(pin: PinUse) -> PinPolicy {
    match pin {
        PinUse::Never => PinPolicy::Never,
        PinUse::Once => PinPolicy::Once,
        PinUse::Always => PinPolicy::Always,
    }
}

fn touch_policy(touch: TouchUse) -> TouchPolicy {
    match touch {
        TouchUse::Never => TouchPolicy::Never,
        TouchUse::Cached => TouchPolicy::Cached,
        TouchUse::Always => TouchPolicy::Always,
    }
}

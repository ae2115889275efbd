//! Signing with a slot: which bytes the card is given, the PIN that a slot wants for each signature, and what a refusal means.
//!
//! Promises: what a card cannot take is refused before it is asked; a PIN that comes with a signature is sent at most once; a
//! missing touch is told apart from a missing PIN; a card that somebody reset is opened anew without the PIN. Between a PIN and the
//! signature that follows it the card is asked nothing, so the PIN that opened it serves a key that wants it right before each.
//!
//! A card may return any bytes as a signature: the desk verifies them.

use sha2::{Digest, Sha256, Sha384};
use yubikey::piv::{SlotId, sign_data};
use yubikey::{Error, PinPolicy, TouchPolicy, YubiKey};

use super::faults::is_reset;
use super::keys::{algorithm, policies, public_key, slot_of};
use super::{Cards, Open, Trouble, guarded, is_lost, leave, look, pss, reopened, verify};
use crate::chance;
use crate::token::entry::Entry;
use crate::token::facts::{KeyKind, PIV_MESSAGE};
use crate::token::fault::{Call, TokenFault};
use crate::token::scheme::SignScheme;
use crate::token::wire::KeyHint;

impl Cards {
    /// Signs `message` with the key in the slot that `hint` was listed with.
    pub(in crate::token) fn sign(
        &mut self,
        hint: &KeyHint,
        scheme: SignScheme,
        message: &[u8],
        again: Option<Entry>,
    ) -> Result<Vec<u8>, TokenFault> {
        let slot = slot_of(hint)?;
        let given = prepared(&hint.kind, scheme, message)?;
        if let Some(entry) = again {
            self.open_again(entry)?;
        }
        let with_pin = self.open.as_ref().is_some_and(|open| open.fresh);
        let open = self.open(Call::Sign)?;
        let asked = ask(open, hint, slot, &given, with_pin);
        match asked {
            Ok(signature) => raw(scheme, &signature),
            Err(Refusal::Fault(fault)) => Err(fault),
            Err(Refusal::Reset) => {
                self.begin_anew()?;
                Err(TokenFault::NotLoggedIn { during: Call::Sign, always_authenticate: None })
            }
        }
    }

    /// Sends the PIN once more, for the signature that follows at once.
    fn open_again(&mut self, entry: Entry) -> Result<(), TokenFault> {
        let Open { mut card, number, name, .. } = self
            .open
            .take()
            .ok_or(TokenFault::NotLoggedIn { during: Call::Sign, always_authenticate: None })?;
        let slot = number as u64;
        let looked = match look(&mut card, slot, Some(&name), &entry) {
            // Somebody reset the card since: it is looked at once more, and then gets the PIN that was typed for it now.
            Err(_) => {
                leave(card);
                card = reopened(number)?;
                look(&mut card, slot, Some(&name), &entry)
            }
            looked => looked,
        };
        let (_, before) = looked?;
        let sent = verify(&mut card, number, &name, before, entry);
        let fresh = sent.is_ok();
        self.open = Some(Open { card, number, name, fresh });
        sent
    }

    /// Another connection to the same card, which was reset. Its PIN is not sent again.
    fn begin_anew(&mut self) -> Result<(), TokenFault> {
        let Some(Open { card, number, name, .. }) = self.open.take() else { return Ok(()) };
        let serial = card.serial();
        leave(card);
        let card = reopened(number)?;
        if card.serial() != serial {
            leave(card);
            return Err(TokenFault::TokenRemoved { during: Call::List });
        }
        self.open = Some(Open { card, number, name, fresh: false });
        Ok(())
    }
}

/// Why there is no signature.
enum Refusal {
    Fault(TokenFault),
    /// Somebody reset the card before it was asked.
    Reset,
}

/// What the card is given: a digest, the whole message, or a padded block.
fn prepared(kind: &KeyKind, scheme: SignScheme, message: &[u8]) -> Result<Vec<u8>, TokenFault> {
    let mismatch = || TokenFault::SchemeMismatch { kind: kind.to_string(), scheme: scheme.to_string() };
    match (scheme, kind) {
        (SignScheme::EcdsaP256Sha256, _) => Ok(Sha256::digest(message).to_vec()),
        (SignScheme::EcdsaP384Sha384, _) => Ok(Sha384::digest(message).to_vec()),
        (SignScheme::Ed25519, _) if message.len() > PIV_MESSAGE => {
            Err(TokenFault::TooLongForToken { length: message.len(), most: Some(PIV_MESSAGE) })
        }
        (SignScheme::Ed25519, _) => Ok(message.to_vec()),
        (SignScheme::MlDsa44 | SignScheme::MlDsa65 | SignScheme::MlDsa87, _) => Err(mismatch()),
        (SignScheme::RsaPssSha256, kind) => {
            let KeyKind::Rsa { bits } = kind else { return Err(mismatch()) };
            let salt =
                chance::bytes().map_err(|error| TokenFault::HostFailed { reason: error.to_string() })?;
            pss::encoded(message, &salt, *bits).ok_or_else(mismatch)
        }
    }
}

/// Asks for the signature and nothing else: a slot that wants its PIN right before each would forget it over any question.
fn ask(open: &mut Open, hint: &KeyHint, slot: u8, given: &[u8], with_pin: bool) -> Result<Vec<u8>, Refusal> {
    let card = &mut open.card;
    let no_key = || Refusal::Fault(TokenFault::NoKey { wanted: hint.words() });
    let algorithm = algorithm(&hint.kind).ok_or_else(no_key)?;
    let at = SlotId::try_from(slot).map_err(|_| no_key())?;
    match guarded(|| sign_data(card, given, algorithm, at)) {
        Ok(signature) => Ok(signature.to_vec()),
        Err(Trouble::Card(error)) if is_reset(&error) => Err(Refusal::Reset),
        Err(Trouble::Card(Error::AuthenticationError)) => {
            Err(Refusal::Fault(unauthorised(card, slot, with_pin)))
        }
        Err(Trouble::Card(Error::GenericError)) if is_lost(open.number) => {
            Err(Refusal::Fault(TokenFault::TokenRemoved { during: Call::Sign }))
        }
        Err(Trouble::Card(Error::GenericError)) if !holds(card, hint, slot) => Err(no_key()),
        Err(trouble) => Err(Refusal::Fault(trouble.told(Call::Sign))),
    }
}

/// What a card means that refuses a signature for want of a right: a PIN or a touch. It signed nothing.
fn unauthorised(card: &mut YubiKey, slot: u8, with_pin: bool) -> TokenFault {
    let policies = guarded(|| policies(card, slot)).ok().flatten();
    let always = policies.map(|policies| policies.pin == PinPolicy::Always);
    let wants_pin = TokenFault::NotLoggedIn { during: Call::Sign, always_authenticate: always };
    let wants_touch = policies.is_none_or(|policies| policies.touch != TouchPolicy::Never);
    // A question without a PIN, which costs no try: success means that the last one still counts.
    let mut is_verified = || guarded(|| card.verify_pin(&[])).is_ok();
    match (with_pin, wants_touch, always) {
        (true, true, _) => TokenFault::TouchMissed,
        (false, true, Some(false)) if is_verified() => TokenFault::TouchMissed,
        _ => wants_pin,
    }
}

fn holds(card: &mut YubiKey, hint: &KeyHint, slot: u8) -> bool {
    let found = guarded(|| public_key(card, slot)).ok().flatten();
    found.is_some_and(|key| key.kind == hint.kind)
}

/// A signature in the form in which metadata holds it: r and s side by side instead of DER.
fn raw(scheme: SignScheme, signature: &[u8]) -> Result<Vec<u8>, TokenFault> {
    let read = match scheme {
        SignScheme::EcdsaP256Sha256 => {
            p256::ecdsa::Signature::from_der(signature).ok().map(|read| read.to_bytes().to_vec())
        }
        SignScheme::EcdsaP384Sha384 => {
            p384::ecdsa::Signature::from_der(signature).ok().map(|read| read.to_bytes().to_vec())
        }
        _ => Some(signature.to_vec()),
    };
    let nonsense =
        || TokenFault::Protocol { during: Call::Sign, what: "a signature that cannot be read".into() };
    read.ok_or_else(nonsense)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_given_whole_only_where_the_card_has_room_for_it() {
        let given = |length: usize| prepared(&KeyKind::Ed25519, SignScheme::Ed25519, &vec![7; length]);
        assert_eq!(given(PIV_MESSAGE).unwrap().len(), PIV_MESSAGE);
        assert_eq!(
            given(PIV_MESSAGE + 1),
            Err(TokenFault::TooLongForToken { length: PIV_MESSAGE + 1, most: Some(PIV_MESSAGE) })
        );
        let digest = prepared(&KeyKind::EcP256, SignScheme::EcdsaP256Sha256, &[7; 5000]).unwrap();
        assert_eq!(digest.len(), 32);
        assert!(prepared(&KeyKind::EcP256, SignScheme::RsaPssSha256, b"m").is_err());
    }

    #[test]
    fn bytes_that_are_no_signature_are_nonsense() {
        for bytes in [&b""[..], b"\x30\x00", &[0x30; 72]] {
            let fault = raw(SignScheme::EcdsaP256Sha256, bytes).unwrap_err();
            assert!(fault.may_have_signed(), "{fault}");
        }
    }
}

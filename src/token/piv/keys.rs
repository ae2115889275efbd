//! Keys in the slots of a card: where they are, what is told of them, and from which source.
//!
//! Newer firmware tells the public half of a slot's key itself, and when it wants PIN and touch. Older firmware does both in an
//! attestation, which it makes for keys that it generated; else there is only a certificate, which anybody with the management key
//! may have put there, and which tells nothing of PIN and touch.

use pkcs8::ObjectIdentifier;
use pkcs8::der::asn1::AnyRef;
use pkcs8::der::{self, Decode as _, Encode as _, SliceReader};
use pkcs8::spki::SubjectPublicKeyInfoOwned;
use yubikey::certificate::Certificate;
use yubikey::piv::{AlgorithmId, Origin, SlotId, SlotMetadata, attest, metadata};
use yubikey::{Error, PinPolicy, TouchPolicy, YubiKey};

use super::has_metadata;
use crate::token::attestation::Attestation;
use crate::token::evidence::KeyEvidence;
use crate::token::facts::{KeyKind, TokenKey};
use crate::token::fault::TokenFault;
use crate::token::spki;
use crate::token::wire::KeyHint;

/// The data object with the certificate of a card's own key, in its slot F9.
const OWN_CERTIFICATE: u32 = 0x005f_ff01;

/// The extension of an attestation with the policies of its key, a byte for the PIN and one for the touch.
const POLICIES: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.41482.3.8");

/// Slots for keys, in the order in which they are shown: the one for signatures first.
fn slots() -> impl Iterator<Item = u8> {
    [0x9c, 0x9a, 0x9d, 0x9e].into_iter().chain(0x82..=0x95)
}

/// What a slot asks for before it signs; nothing where the card does not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Policies {
    pub(super) pin: PinPolicy,
    pub(super) touch: TouchPolicy,
}

/// The slot that a key was listed with.
pub(super) fn slot_of(hint: &KeyHint) -> Result<u8, TokenFault> {
    match hint.id.as_slice() {
        [slot] if slots().any(|known| known == *slot) => Ok(*slot),
        _ => Err(TokenFault::NoKey { wanted: hint.words() }),
    }
}

/// The public halves of the keys on a card. A slot that cannot be read does not hide the others: something is in it, unless no
/// slot at all can be read.
pub(super) fn public_keys(card: &mut YubiKey) -> Result<Vec<TokenKey>, Error> {
    let (mut keys, mut unread) = (Vec::new(), 0);
    for slot in slots() {
        match public_key(card, slot) {
            Ok(found) => keys.extend(found),
            Err(error @ Error::PcscError { .. }) => return Err(error),
            Err(error) => {
                unread += 1;
                if unread == slots().count() {
                    return Err(error);
                }
                let kind = KeyKind::Other("it cannot be read".into());
                keys.push(TokenKey { has_private: Some(true), ..in_slot(slot, kind, Vec::new()) });
            }
        }
    }
    Ok(keys)
}

/// Slots in whose place for a certificate something lies.
pub(super) fn certified(card: &mut YubiKey) -> Result<Vec<u8>, Error> {
    let mut found = Vec::new();
    for slot in slots() {
        if is_certified(card, slot)? {
            found.push(slot);
        }
    }
    Ok(found)
}

/// Whether something lies where the certificate of a slot's key is looked for, readable or not.
pub(super) fn is_certified(card: &mut YubiKey, slot: u8) -> Result<bool, Error> {
    match card.fetch_object(place_of_certificate(slot)) {
        Ok(object) => Ok(!object.is_empty()),
        Err(Error::NotFound) => Ok(false),
        Err(error @ Error::PcscError { .. }) => Err(error),
        Err(_) => Ok(true),
    }
}

/// The data object for the certificate of a slot (SP 800-73-4 part 1, table 3).
fn place_of_certificate(slot: u8) -> u32 {
    match slot {
        0x9a => 0x005f_c105,
        0x9d => 0x005f_c10b,
        0x9e => 0x005f_c101,
        0x82..=0x95 => 0x005f_c10d + u32::from(slot - 0x82),
        _ => 0x005f_c10a,
    }
}

/// The public half of the key in one slot, if there is one.
pub(super) fn public_key(card: &mut YubiKey, slot: u8) -> Result<Option<TokenKey>, Error> {
    if let Some(told) = told(card, slot)? {
        let policies = told.policy.map(Policies::of);
        let key = match &told.public {
            Some(public) => of_spki(slot, public),
            None => in_slot(slot, KeyKind::Other("a key without a public half".into()), Vec::new()),
        };
        return Ok(Some(TokenKey { has_private: Some(true), ..under(policies, key) }));
    }
    if has_metadata(card.version()) {
        return Ok(None);
    }
    if let Some(certificate) = attested(card, slot)? {
        let key = under(stated(&certificate), of_certificate(slot, &certificate));
        return Ok(Some(TokenKey { has_private: Some(true), ..key }));
    }
    // An object without anything in it makes the crate panic.
    if !is_certified(card, slot)? {
        return Ok(None);
    }
    match Certificate::read(card, SlotId::try_from(slot)?) {
        Ok(certificate) => Ok(Some(of_certificate(slot, &certificate))),
        Err(error @ Error::PcscError { .. }) => Err(error),
        // Something that is no certificate.
        Err(_) => Ok(None),
    }
}

/// The policies of a slot, where the card tells, or certifies them.
pub(super) fn policies(card: &mut YubiKey, slot: u8) -> Result<Option<Policies>, Error> {
    if has_metadata(card.version()) {
        return Ok(told(card, slot)?.and_then(|told| told.policy).map(Policies::of));
    }
    Ok(attested(card, slot)?.as_ref().and_then(stated))
}

impl Policies {
    fn of((pin, touch): (PinPolicy, TouchPolicy)) -> Self {
        Self { pin, touch }
    }
}

/// A key with what is known of its policies.
fn under(policies: Option<Policies>, key: TokenKey) -> TokenKey {
    TokenKey {
        always_authenticate: policies.map(|policies| policies.pin == PinPolicy::Always),
        touch: policies.map(|policies| policies.touch != TouchPolicy::Never),
        ..key
    }
}

/// What an attestation says of its key's policies; nothing where it says something else than two of those known here.
fn stated(attestation: &Certificate) -> Option<Policies> {
    let extensions = attestation.cert.tbs_certificate().extensions()?;
    let policies = extensions.iter().find(|extension| extension.extn_id == POLICIES)?;
    let [pin, touch] = policies.extn_value.as_bytes() else { return None };
    match (PinPolicy::try_from(*pin).ok()?, TouchPolicy::try_from(*touch).ok()?) {
        (PinPolicy::Default, _) | (_, TouchPolicy::Default) => None,
        both => Some(Policies::of(both)),
    }
}

/// What the card says of a key's making and keeping.
pub(super) fn evidence(card: &mut YubiKey, slot: u8) -> Result<KeyEvidence, Error> {
    let (local, policies) = match told(card, slot)? {
        Some(told) => (told.origin.map(|origin| origin == Origin::Generated), told.policy.map(Policies::of)),
        None => {
            let attested = attested(card, slot)?;
            (attested.is_some().then_some(true), attested.as_ref().and_then(stated))
        }
    };
    Ok(KeyEvidence {
        local,
        always_authenticate: policies.map(|policies| policies.pin == PinPolicy::Always),
        pin_policy: policies.and_then(|policies| pin_word(policies.pin)).map(str::to_owned),
        touch_policy: policies.and_then(|policies| touch_word(policies.touch)).map(str::to_owned),
        ..KeyEvidence::default()
    })
}

fn pin_word(policy: PinPolicy) -> Option<&'static str> {
    match policy {
        PinPolicy::Never => Some("never"),
        PinPolicy::Once => Some("once"),
        PinPolicy::Always => Some("always"),
        PinPolicy::Default => None,
    }
}

fn touch_word(policy: TouchPolicy) -> Option<&'static str> {
    match policy {
        TouchPolicy::Never => Some("never"),
        TouchPolicy::Always => Some("always"),
        TouchPolicy::Cached => Some("cached"),
        TouchPolicy::Default => None,
    }
}

/// The metadata of a slot with a key, on firmware that has it.
fn told(card: &mut YubiKey, slot: u8) -> Result<Option<SlotMetadata>, Error> {
    if !has_metadata(card.version()) {
        return Ok(None);
    }
    match metadata(card, SlotId::try_from(slot)?) {
        Ok(told) => Ok(Some(told)),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The certificate that the card makes for a key which it generated itself.
fn attested(card: &mut YubiKey, slot: u8) -> Result<Option<Certificate>, Error> {
    match attest(card, SlotId::try_from(slot)?) {
        Ok(certificate) => Certificate::from_bytes(certificate).map(Some),
        Err(error @ Error::PcscError { .. }) => Err(error),
        Err(_) => Ok(None),
    }
}

/// That certificate as it came, with the card's own.
pub(super) fn attestation(card: &mut YubiKey, slot: u8) -> Result<Option<Attestation>, Error> {
    let key = match attest(card, SlotId::try_from(slot)?) {
        Ok(certificate) => certificate.to_vec(),
        Err(error @ Error::PcscError { .. }) => return Err(error),
        Err(_) => return Ok(None),
    };
    let object = match card.fetch_object(OWN_CERTIFICATE) {
        Ok(object) => object.to_vec(),
        Err(error @ Error::PcscError { .. }) => return Err(error),
        Err(_) => Vec::new(),
    };
    Ok(Some(Attestation { key, card: first_value(&object).unwrap_or_default() }))
}

/// What the first tag of a data object holds: the certificate (SP 800-73-4 part 1, appendix A).
fn first_value(object: &[u8]) -> der::Result<Vec<u8>> {
    AnyRef::decode(&mut SliceReader::new(object)?).map(|found| found.value().to_vec())
}

fn of_certificate(slot: u8, certificate: &Certificate) -> TokenKey {
    of_spki(slot, certificate.cert.tbs_certificate().subject_public_key_info())
}

pub(super) fn of_spki(slot: u8, told: &SubjectPublicKeyInfoOwned) -> TokenKey {
    let read = told.to_der().ok().and_then(|der| spki::of_spki(&der));
    let (kind, public) = read.unwrap_or_else(|| (KeyKind::Other(told.algorithm.oid.to_string()), Vec::new()));
    in_slot(slot, kind, public)
}

fn in_slot(slot: u8, kind: KeyKind, public: Vec<u8>) -> TokenKey {
    TokenKey {
        kind,
        public,
        label: format!("{slot:02x}"),
        id: vec![slot],
        always_authenticate: None,
        has_private: None,
        touch: None,
    }
}

/// The number by which the card knows a kind of key, where it can sign with it under one of our schemes.
pub(super) fn algorithm(kind: &KeyKind) -> Option<AlgorithmId> {
    Some(match kind {
        KeyKind::EcP256 => AlgorithmId::EccP256,
        KeyKind::EcP384 => AlgorithmId::EccP384,
        KeyKind::Ed25519 => AlgorithmId::Ed25519,
        KeyKind::Rsa { bits: 2048 } => AlgorithmId::Rsa2048,
        KeyKind::Rsa { bits: 3072 } => AlgorithmId::Rsa3072,
        KeyKind::Rsa { bits: 4096 } => AlgorithmId::Rsa4096,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_is_taken_only_from_a_key_that_was_listed_in_one() {
        let hint = |id: &[u8]| KeyHint { kind: KeyKind::EcP256, label: "9c".into(), id: id.to_vec() };
        assert_eq!(slot_of(&hint(&[0x9c])), Ok(0x9c));
        assert_eq!(slot_of(&hint(&[0x95])), Ok(0x95));
        for wrong in [&[0x96][..], &[0xf9], &[0x9b], &[0x80], &[0x9c, 0], &[]] {
            assert!(matches!(slot_of(&hint(wrong)), Err(TokenFault::NoKey { .. })), "{wrong:02x?}");
        }
        assert_eq!(slots().count(), 24);
    }
}

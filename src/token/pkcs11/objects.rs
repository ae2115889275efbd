//! Key objects on a token: which public keys are there, and which private key belongs to one. Objects are found by
//! class, kind and id; whether a signature is by the right key is for the parent to verify.

use cryptoki::error::Error;
use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::Session;
use cryptoki::types::Ulong;

use super::codes::fault;
use super::guarded;
use crate::token::evidence::KeyEvidence;
use crate::token::facts::{KeyKind, TokenKey};
use crate::token::fault::{Call, TokenFault};
use crate::token::point::Spelling;
use crate::token::spki;
use crate::token::wire::KeyHint;

/// Most slots and most keys per token that are looked at; a real ceremony has a handful.
pub(super) const LIST_CAP: usize = 256;

/// Longest label, id or key in bytes that is passed on: an ML-DSA-87 key has 2,592.
const VALUE_CAP: usize = 2600;

pub(super) fn private_key(
    session: &Session,
    hint: &KeyHint,
    during: Call,
) -> Result<ObjectHandle, TokenFault> {
    let found =
        private_keys(session, &hint.kind, &hint.id, &hint.label).map_err(|error| fault(error, during))?;
    match found.as_slice() {
        [only] => Ok(*only),
        [] => Err(TokenFault::NoKey { wanted: hint.words() }),
        several => Err(TokenFault::AmbiguousKey { wanted: hint.words(), count: several.len() }),
    }
}

/// Private keys of the kind under the same `CKA_ID`; where the public key has none, under the same label.
fn private_keys(
    session: &Session,
    kind: &KeyKind,
    id: &[u8],
    label: &str,
) -> cryptoki::error::Result<Vec<ObjectHandle>> {
    let key_type = match kind {
        KeyKind::Ed25519 => KeyType::EC_EDWARDS,
        KeyKind::EcP256 | KeyKind::EcP384 => KeyType::EC,
        KeyKind::Rsa { .. } => KeyType::RSA,
        KeyKind::MlDsa44 | KeyKind::MlDsa65 | KeyKind::MlDsa87 => KeyType::ML_DSA,
        KeyKind::Attestation | KeyKind::Other(_) => return Ok(Vec::new()),
    };
    let mut wanted = vec![Attribute::Class(ObjectClass::PRIVATE_KEY), Attribute::KeyType(key_type)];
    // A key that its token does not show may come without either: then the token must hold one of the kind alone.
    if !id.is_empty() {
        wanted.push(Attribute::Id(id.to_vec()));
    } else if !label.is_empty() {
        wanted.push(Attribute::Label(label.as_bytes().to_vec()));
    }
    find(session, &wanted)
}

fn find(session: &Session, template: &[Attribute]) -> cryptoki::error::Result<Vec<ObjectHandle>> {
    guarded(|| session.iter_objects(template)?.take(LIST_CAP).collect())
}

pub(super) fn always_authenticate(session: &Session, key: ObjectHandle) -> Option<bool> {
    match guarded(|| session.get_attributes(key, &[AttributeType::AlwaysAuthenticate])).ok()?.as_slice() {
        [Attribute::AlwaysAuthenticate(value)] => Some(*value),
        _ => None,
    }
}

/// What the token says of a private key, attribute by attribute: one that the module does not know hides no other.
pub(super) fn evidence(session: &Session, key: ObjectHandle) -> KeyEvidence {
    let told = |wanted| guarded(|| session.get_attributes(key, &[wanted])).ok()?.pop();
    let flag = |wanted| match told(wanted)? {
        Attribute::Local(value)
        | Attribute::Sensitive(value)
        | Attribute::AlwaysSensitive(value)
        | Attribute::Extractable(value)
        | Attribute::NeverExtractable(value)
        | Attribute::AlwaysAuthenticate(value) => Some(value),
        _ => None,
    };
    KeyEvidence {
        local: flag(AttributeType::Local),
        sensitive: flag(AttributeType::Sensitive),
        always_sensitive: flag(AttributeType::AlwaysSensitive),
        extractable: flag(AttributeType::Extractable),
        never_extractable: flag(AttributeType::NeverExtractable),
        always_authenticate: flag(AttributeType::AlwaysAuthenticate),
        mechanism: match told(AttributeType::KeyGenMechanism) {
            Some(Attribute::KeyGenMechanism(mechanism)) => Some(mechanism.to_string()),
            _ => None,
        },
        ..KeyEvidence::default()
    }
}

/// Which of the two, in words, something on the token has already; of any class, so that no certificate is taken over.
pub(super) fn occupied(session: &Session, label: &str, id: &[u8]) -> cryptoki::error::Result<Option<String>> {
    if !find(session, &[Attribute::Label(label.as_bytes().to_vec())])?.is_empty() {
        return Ok(Some(format!("the label \"{label}\"")));
    }
    let taken = !find(session, &[Attribute::Id(id.to_vec())])?.is_empty();
    Ok(taken.then(|| format!("the id {}", hex::encode(id))))
}

pub(super) fn public_keys(session: &Session, logged_in: bool) -> cryptoki::error::Result<Vec<TokenKey>> {
    let mut keys = Vec::new();
    for object in find(session, &[Attribute::Class(ObjectClass::PUBLIC_KEY)])? {
        let mut key = match public_key(session, object) {
            Ok(key) => key,
            Err(error @ Error::Pkcs11(..)) => return Err(error),
            // One object that the crate cannot parse does not hide the others.
            Err(error) => unreadable_key(&error),
        };
        if logged_in {
            let halves = private_keys(session, &key.kind, &key.id, &key.label)?;
            key.has_private = Some(halves.len() == 1);
            key.always_authenticate = halves.first().and_then(|half| always_authenticate(session, *half));
        }
        keys.push(key);
    }
    let certified = certified_keys(session, logged_in, &keys)?;
    // Of a key that came from outside ykcs11 spells the curve out; its certificate names it.
    keys.retain(|key| !key.public.is_empty() || certified.iter().all(|better| better.id != key.id));
    keys.extend(certified);
    Ok(keys)
}

/// Keys whose public half stands in a certificate alone, which some tools leave on a token in its place. The private half
/// has the certificate's id.
fn certified_keys(
    session: &Session,
    logged_in: bool,
    shown: &[TokenKey],
) -> cryptoki::error::Result<Vec<TokenKey>> {
    let mut keys = Vec::new();
    // A module that has no such objects may not know the class.
    let Ok(objects) = find(session, &[Attribute::Class(ObjectClass::CERTIFICATE)]) else { return Ok(keys) };
    for object in objects {
        let Some(mut key) = certified_key(session, object) else { continue };
        let is_shown =
            |known: &TokenKey| !known.public.is_empty() && (known.id == key.id || known.public == key.public);
        if key.id.is_empty() || shown.iter().any(is_shown) {
            continue;
        }
        if logged_in {
            let halves = private_keys(session, &key.kind, &key.id, &key.label)?;
            key.has_private = Some(halves.len() == 1);
            key.always_authenticate = halves.first().and_then(|half| always_authenticate(session, *half));
        }
        keys.push(key);
    }
    Ok(keys)
}

fn certified_key(session: &Session, object: ObjectHandle) -> Option<TokenKey> {
    let (mut label, mut id, mut read) = (String::new(), Vec::new(), None);
    let wanted = [AttributeType::Label, AttributeType::Id, AttributeType::Value];
    for attribute in guarded(|| session.get_attributes(object, &wanted)).ok()? {
        match attribute {
            Attribute::Label(value) => label = String::from_utf8_lossy(cut(&value)).into_owned(),
            Attribute::Id(value) => id = cut(&value).to_vec(),
            Attribute::Value(value) => read = spki::of_certificate(&value),
            _ => {}
        }
    }
    let (kind, public) = read?;
    Some(TokenKey { kind, public, label, id, always_authenticate: None, has_private: None, touch: None })
}

fn public_key(session: &Session, object: ObjectHandle) -> cryptoki::error::Result<TokenKey> {
    let (mut label, mut id) = (String::new(), Vec::new());
    let mut spelling = Spelling::Other("no key type".into());
    let wanted = [AttributeType::KeyType, AttributeType::Label, AttributeType::Id];
    for attribute in guarded(|| session.get_attributes(object, &wanted))? {
        match attribute {
            Attribute::Label(value) => label = String::from_utf8_lossy(cut(&value)).into_owned(),
            Attribute::Id(value) => id = cut(&value).to_vec(),
            Attribute::KeyType(key_type) => spelling = spell(session, object, key_type)?,
            _ => {}
        }
    }
    let (kind, public) = spelling.read();
    Ok(TokenKey { kind, public, label, id, always_authenticate: None, has_private: None, touch: None })
}

fn unreadable_key(error: &Error) -> TokenKey {
    TokenKey {
        kind: KeyKind::Other(error.to_string()),
        public: Vec::new(),
        label: String::new(),
        id: Vec::new(),
        always_authenticate: None,
        has_private: None,
        touch: None,
    }
}

fn spell(session: &Session, object: ObjectHandle, key_type: KeyType) -> cryptoki::error::Result<Spelling> {
    let value = |wanted| -> cryptoki::error::Result<Vec<u8>> {
        Ok(match guarded(|| session.get_attributes(object, &[wanted]))?.pop() {
            Some(
                Attribute::EcParams(value)
                | Attribute::EcPoint(value)
                | Attribute::Modulus(value)
                | Attribute::PublicExponent(value)
                | Attribute::Value(value),
            ) => cut(&value).to_vec(),
            _ => Vec::new(),
        })
    };
    Ok(match key_type {
        KeyType::EC | KeyType::EC_EDWARDS => Spelling::Ec {
            parameters: value(AttributeType::EcParams)?,
            point: value(AttributeType::EcPoint)?,
        },
        KeyType::RSA => {
            let (modulus, exponent) = (AttributeType::Modulus, AttributeType::PublicExponent);
            Spelling::Rsa { modulus: value(modulus)?, exponent: value(exponent)? }
        }
        KeyType::ML_DSA => {
            let set = match guarded(|| session.get_attributes(object, &[AttributeType::ParameterSet]))?.pop()
            {
                Some(Attribute::ParameterSet(set)) => Some(*Ulong::from(set)),
                _ => None,
            };
            Spelling::MlDsa { set, value: value(AttributeType::Value)? }
        }
        other => Spelling::Other(other.to_string()),
    })
}

fn cut(value: &[u8]) -> &[u8] {
    &value[..value.len().min(VALUE_CAP)]
}

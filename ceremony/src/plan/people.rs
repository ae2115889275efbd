//! People and keys of a plan, by the names that the plan gives them.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, MapAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};

use super::FileRef;
use crate::digest::Digest;
use crate::key::Scheme;

/// Somebody with a part in the ceremony.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Person {
    /// Her full name.
    pub name: String,
    /// Her part.
    pub part: PersonPart,
    /// Whether she has announced that she takes part; people who have not cannot be counted on.
    #[serde(default = "yes")]
    pub announced: bool,
}

/// What a person is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PersonPart {
    /// Holds a key.
    Keyholder,
    /// Plans and runs the ceremony.
    Officer,
    /// Watches.
    Witness,
    /// Checks afterwards.
    Auditor,
}

/// A key that roles may name.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PlanKey {
    /// Who can sign with it, by the names in [`Plan::people`]; several custodians may hold one HSM key. Empty for a key
    /// that a machine holds.
    #[serde(default)]
    pub holders: Vec<String>,
    /// It stands in the trusted root (or in the delegating targets) under this key id, and is kept as it stands there.
    pub keyid: Option<String>,
    /// Its key card.
    pub card: Option<CardRef>,
    /// Its public half without a card: for keys of machines that cannot make one.
    pub public: Option<PublicRef>,
    /// Why it cannot sign any more, for a key that is on its way out.
    pub lost: Option<String>,
    /// Fields that a dialect wants in the key object, by name; texts only.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
}

/// A key card, or the words `to be made`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CardRef {
    /// The card's file.
    File(FileRef),
    /// A first key phase makes it.
    ToBeMade,
}

/// The words that stand where a card is not made yet.
const TO_BE_MADE: &str = "to be made";

impl<'de> Deserialize<'de> for CardRef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<CardRef, D::Error> {
        deserializer.deserialize_any(CardVisitor)
    }
}

struct CardVisitor;

impl<'de> Visitor<'de> for CardVisitor {
    type Value = CardRef;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a card's file and sha256, or {TO_BE_MADE:?}")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<CardRef, E> {
        if text == TO_BE_MADE {
            Ok(CardRef::ToBeMade)
        } else {
            Err(E::invalid_value(Unexpected::Str(text), &self))
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<CardRef, A::Error> {
        FileRef::deserialize(MapAccessDeserializer::new(map)).map(CardRef::File)
    }
}

/// Where a key's public half comes from: exactly one of three.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeySource<'p> {
    /// It stands in a predecessor under this key id.
    Kept(&'p str),
    /// Its card.
    Card(&'p CardRef),
    /// Its public key alone.
    Public(&'p PublicRef),
}

impl PlanKey {
    /// Where its public half comes from.
    ///
    /// # Panics
    /// Never on a key of a plan that was read: it has exactly one source.
    #[must_use]
    pub fn source(&self) -> KeySource<'_> {
        self.only_source().expect("a plan that was read gives every key exactly one source")
    }

    pub(super) fn only_source(&self) -> Option<KeySource<'_>> {
        match (&self.keyid, &self.card, &self.public) {
            (Some(keyid), None, None) => Some(KeySource::Kept(keyid)),
            (None, Some(card), None) => Some(KeySource::Card(card)),
            (None, None, Some(public)) => Some(KeySource::Public(public)),
            _ => None,
        }
    }
}

/// A public key without a card.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PublicRef {
    /// A PEM SubjectPublicKeyInfo beside the plan.
    pub file: String,
    /// SHA-256 of its bytes.
    pub sha256: Digest,
    /// The scheme, as TUF names it; one that new keys are written with.
    #[serde(deserialize_with = "scheme")]
    pub scheme: Scheme,
}

fn yes() -> bool {
    true
}

fn scheme<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Scheme, D::Error> {
    let name = String::deserialize(deserializer)?;
    let known = name.parse::<Scheme>().ok().filter(|scheme| scheme.can_be_written());
    known.ok_or_else(|| de::Error::custom(format!("{name:?} is no scheme that new keys are written with")))
}

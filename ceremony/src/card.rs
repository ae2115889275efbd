//! Key cards (`docs/spec/card.md`): a public key, who holds it, on which token, and a signature by the key itself over all
//! that. A [`Card`] that exists proved that its key signs. Whether the evidence is worth something is judged elsewhere; here
//! it is bound, not read.

mod evidence;
mod fault;
mod read;

pub use evidence::Evidence;
pub use fault::CardFault;

use std::collections::BTreeMap;

use crate::canonical;
use crate::digest::Digest;
use crate::document::Document;
use crate::key::{Message, PublicKey, SignatureProblem};
use crate::layout::Plain;
use crate::limits::{CARD, LINE};
use crate::strict;

/// The `_type` of the signed part.
pub const TYPE: &str = "tuf-key-card";
/// The format version.
pub const FORMAT: u64 = 1;

/// A key card with its proof.
#[derive(Debug, Clone)]
pub struct Card {
    card: UnsignedCard,
    proof: Vec<u8>,
}

/// A key card before its key has signed it: what is shown, and then asked of the token.
#[derive(Debug, Clone)]
pub struct UnsignedCard {
    key: PublicKey,
    holders: Vec<String>,
    token: Option<String>,
    evidence: Option<Evidence>,
    rehearsal: bool,
    signed: Vec<u8>,
}

/// What a card says besides its key.
#[derive(Debug, Clone, Default)]
pub struct Claims {
    /// Full names of those who can sign with it; none for a key that a machine holds.
    pub holders: Vec<String>,
    /// The token's URI: `pkcs11:…` or `piv:…`. None for a key that no token holds.
    pub token: Option<String>,
    /// What the token says of the key, bound by its digest.
    pub evidence: Option<Evidence>,
    /// Whether the card is practice.
    pub rehearsal: bool,
}

impl Card {
    /// Reads a card and verifies its proof.
    ///
    /// # Errors
    /// A [`CardFault`]: ask the holder for another card.
    pub fn read(bytes: &[u8]) -> Result<Card, CardFault> {
        read::card(bytes)
    }

    /// A card that is still to be signed by its key.
    ///
    /// # Errors
    /// When a claim is no line that people read, the token's URI chooses code or carries a PIN (MODEL 25), or all together
    /// is too long for a token.
    pub fn unsigned(key: &PublicKey, claims: Claims) -> Result<UnsignedCard, CardFault> {
        UnsignedCard::of(key, claims)
    }

    /// The key.
    #[must_use]
    pub fn key(&self) -> &PublicKey {
        &self.card.key
    }

    /// Full names of those who can sign with it.
    #[must_use]
    pub fn holders(&self) -> &[String] {
        &self.card.holders
    }

    /// The token's URI.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.card.token.as_deref()
    }

    /// What the token says of the key: untrusted, and as it was when the key signed.
    #[must_use]
    pub fn evidence(&self) -> Option<&Evidence> {
        self.card.evidence.as_ref()
    }

    /// Whether the card is practice.
    #[must_use]
    pub fn is_rehearsal(&self) -> bool {
        self.card.rehearsal
    }

    /// The signature by the key itself.
    #[must_use]
    pub fn proof(&self) -> &[u8] {
        &self.proof
    }

    /// The card's text: the same bytes for the same card.
    #[must_use]
    pub fn written(&self) -> String {
        let mut members = BTreeMap::from([
            ("key".to_owned(), self.card.key_object()),
            ("proof".to_owned(), Plain::text(hex::encode(&self.proof))),
            ("signed".to_owned(), self.card.plain()),
        ]);
        if let Some(evidence) = &self.card.evidence {
            members.insert("evidence".to_owned(), evidence.plain());
        }
        Plain::Object(members).written() + "\n"
    }
}

impl UnsignedCard {
    fn of(key: &PublicKey, claims: Claims) -> Result<UnsignedCard, CardFault> {
        let Claims { holders, token, evidence, rehearsal } = claims;
        for (at, holder) in holders.iter().enumerate() {
            line("a holder's name", holder)?;
            if holders[..at].contains(holder) {
                return Err(CardFault::HolderTwice { name: holder.clone() });
            }
        }
        if let Some(token) = &token {
            line("the token's URI", token)?;
            token_uri(token)?;
        }
        let mut card =
            UnsignedCard { key: key.clone(), holders, token, evidence, rehearsal, signed: Vec::new() };
        let text = Document::read(card.plain().written()).expect("what we write is a document");
        card.signed = canonical::bytes(text.root());
        if !CARD.allows(card.signed.len()) {
            return Err(CardFault::Past(CARD));
        }
        Ok(card)
    }

    /// The canonical bytes that the key signs.
    #[must_use]
    pub fn signed(&self) -> &[u8] {
        &self.signed
    }

    /// The key that must sign.
    #[must_use]
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// The token's URI.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// What the token says of the key.
    #[must_use]
    pub fn evidence(&self) -> Option<&Evidence> {
        self.evidence.as_ref()
    }

    /// The card, once its key has signed.
    ///
    /// # Errors
    /// When the signature is not by the key over this card.
    pub fn prove(self, signature: &[u8]) -> Result<Card, SignatureProblem> {
        self.key.verify(&self, signature)?;
        Ok(Card { card: self, proof: signature.to_vec() })
    }

    fn plain(&self) -> Plain {
        let mut members = BTreeMap::from([
            ("_type", Plain::text(TYPE)),
            ("fingerprint", Plain::text(self.key.fingerprint())),
            ("format", Plain::Number(FORMAT)),
            ("holders", Plain::List(self.holders.iter().map(Plain::text).collect())),
            ("scheme", Plain::text(self.key.scheme())),
        ]);
        if let Some(token) = &self.token {
            members.insert("token", Plain::text(token));
        }
        if let Some(evidence) = &self.evidence {
            members.insert("evidence", Plain::text(evidence.digest()));
        }
        if self.rehearsal {
            members.insert("x-rehearsal", Plain::Bool(true));
        }
        Plain::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    fn key_object(&self) -> Plain {
        let public = Plain::object([("public", Plain::text(self.key.public_text()))]);
        let scheme = self.key.scheme();
        Plain::object([
            ("keytype", Plain::text(scheme.keytype())),
            ("keyval", public),
            ("scheme", Plain::text(scheme)),
        ])
    }
}

impl Message for UnsignedCard {
    fn feed(&self, sink: &mut dyn FnMut(&[u8])) {
        sink(&self.signed);
    }
}

fn line(what: &'static str, text: &str) -> Result<(), CardFault> {
    if !LINE.allows(text.chars().count()) {
        return Err(CardFault::Past(LINE));
    }
    strict::readable(text).map_or(Ok(()), |why| Err(CardFault::Text { what, why }))
}

/// Attributes by which a document from elsewhere would choose code or carry a PIN (MODEL 25).
const NOT_IN_A_CARD: [&str; 4] = ["module-path", "module-name", "pin-source", "pin-value"];

/// Only what a card may never say; the grammar is judged by those who look for the token.
fn token_uri(uri: &str) -> Result<(), CardFault> {
    let rest = uri.strip_prefix("pkcs11:").or_else(|| uri.strip_prefix("piv:"));
    let rest = rest.filter(|_| uri.is_ascii()).ok_or(CardFault::TokenUri)?;
    let name = |piece: &str| piece.split('=').next().unwrap_or_default().trim().to_ascii_lowercase();
    let mut names = rest.split([';', '?', '&']).map(name);
    match names.find_map(|name| NOT_IN_A_CARD.into_iter().find(|bad| *bad == name)) {
        Some(attribute) => Err(CardFault::TokenAttribute { attribute }),
        None => Ok(()),
    }
}

/// The digest that a card's evidence has; see [`Evidence`].
pub(crate) fn digest_of(document: &Document) -> Digest {
    canonical::digest(document.root()).0
}

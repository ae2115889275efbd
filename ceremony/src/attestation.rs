//! Evidence that a key lives in hardware (`docs/spec/attestation.md`): the certificate that a PIV card made for its key, the
//! card's own, and the way from there to a root of the maker, or to one that somebody named. Bytes, roots and a date go in, a
//! verdict comes out.
//!
//! A verdict refuses nothing: an unattested key is unproven, and people decide. Deliberately not done: revocation, for which a
//! network would be asked; a date from a clock; any other maker's kind of attestation.

mod advisory;
mod carried;
mod certificate;
mod chain;
mod roots;
mod statement;
mod unproven;

pub use advisory::{Advised, Advisory, of_a_new_key};
pub use carried::{Attested, Claimed, about, of_claimed};
pub use roots::{Root, Roots, RootsFault};
pub use statement::{Firmware, FormFactor, PinPolicy, Statement, TouchPolicy};
pub use unproven::{Bearer, Unproven};

use certificate::Certificate;

use crate::key::PublicKey;
use crate::limits::ATTESTATION;
use crate::time::Moment;

/// What a card certifies of a key, untrusted.
#[derive(Debug, Clone, Copy)]
pub struct Attestation<'a> {
    /// The certificate for the key, in DER.
    pub key: &'a [u8],
    /// The card's own, from its slot F9, in DER; empty where it has none.
    pub card: &'a [u8],
}

/// What it is compared with.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The key in metadata.
    pub key: &'a PublicKey,
    /// The serial number by which the token is named, if it is.
    pub serial: Option<&'a str>,
    /// The date that a person stated; without one no date is compared.
    pub at: Option<&'a Moment>,
}

/// Whether a key is proven to live in hardware.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is.
    Proven(Box<Proof>),
    /// It is not, which says nothing against it.
    Unproven(Unproven),
}

/// What is proven, and on whose word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The root.
    pub by: Root,
    /// What the card's maker certifies of the key and its card.
    pub says: Statement,
    /// The names of the certificates from the key's to the root's. Untrusted text until here, and shown as such.
    pub path: Vec<String>,
    /// Whether their validity was compared with a date.
    pub dated: bool,
}

/// Judges an attestation, in the order of `docs/spec/attestation.md`; the first thing that does not hold is the reason.
#[must_use]
pub fn judge(attestation: Attestation<'_>, roots: &Roots, asked: Asked<'_>) -> Verdict {
    match proof(attestation, roots, asked) {
        Ok(proof) => Verdict::Proven(Box::new(proof)),
        Err(unproven) => Verdict::Unproven(unproven),
    }
}

fn proof(attestation: Attestation<'_>, roots: &Roots, asked: Asked<'_>) -> Result<Proof, Unproven> {
    let Attestation { key, card } = attestation;
    if card.is_empty() {
        return Err(Unproven::NoCardCertificate);
    }
    let read = |bytes: &[u8], bearer: Bearer| {
        if !ATTESTATION.allows(bytes.len()) {
            return Err(Unproven::TooLong { bearer });
        }
        Certificate::read(bytes).map_err(|why| Unproven::Malformed { bearer, why })
    };
    let (key, card) = (read(key, Bearer::Key)?, read(card, Bearer::Card)?);
    let path = chain::climb(&key, &card, roots)?;
    path.check_constraints()?;
    if let Some(at) = asked.at {
        path.check_dates(at)?;
    }
    let attested = PublicKey::from_spki_der(key.spki(), asked.key.scheme());
    if attested.map(|attested| attested.fingerprint()) != Ok(asked.key.fingerprint()) {
        return Err(Unproven::OtherKey);
    }
    let says = Statement::read(&key).map_err(|why| Unproven::Malformed { bearer: Bearer::Key, why })?;
    if asked.serial != Some(says.serial.to_string().as_str()) {
        return Err(Unproven::OtherSerial { attested: says.serial, card: asked.serial.map(str::to_owned) });
    }
    Ok(Proof { by: path.root(), says, path: path.names(), dated: asked.at.is_some() })
}

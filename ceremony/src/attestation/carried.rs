//! The attestation that a key card carries in its evidence (`docs/spec/card.md`), and what follows from it.

use super::advisory::{Advised, Concerned};
use super::statement::Firmware;
use super::{Asked, Attestation, Proof, Roots, Unproven, Verdict, judge};
use crate::card::{Card, Evidence};
use crate::document::{Object, View};
use crate::key::PublicKey;
use crate::limits::ATTESTATION;
use crate::time::Moment;

/// What a key card shows of its key's home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attested {
    /// Whether it is proven.
    pub verdict: Verdict,
    /// What the maker warns of.
    pub advised: Vec<Advised>,
}

impl Attested {
    /// What is proven, if it is.
    #[must_use]
    pub fn proof(&self) -> Option<&Proof> {
        match &self.verdict {
            Verdict::Proven(proof) => Some(proof),
            Verdict::Unproven(_) => None,
        }
    }
}

/// What a key card says of its key, also one that is not signed yet.
#[derive(Debug, Clone, Copy)]
pub struct Claimed<'c> {
    /// The key.
    pub key: &'c PublicKey,
    /// The token's URI.
    pub token: Option<&'c str>,
    /// What the token said.
    pub evidence: Option<&'c Evidence>,
}

/// What a key card shows of its key's home at a date that a person stated; without one no date is compared. None for a key
/// that no PIV card is said to hold: of those nothing could be attested.
#[must_use]
pub fn about(card: &Card, roots: &Roots, at: Option<&Moment>) -> Option<Attested> {
    of_claimed(Claimed { key: card.key(), token: card.token(), evidence: card.evidence() }, roots, at)
}

/// As [`about`], of what a card will say.
#[must_use]
pub fn of_claimed(card: Claimed<'_>, roots: &Roots, at: Option<&Moment>) -> Option<Attested> {
    let whole = card.evidence.and_then(|evidence| evidence.document().root().object());
    let told = whole.and_then(|whole| whole.member("piv"));
    if told.is_none() && !card.token.is_some_and(|token| token.starts_with("piv:")) {
        return None;
    }
    let told = told.and_then(View::object);
    let imported = told.and_then(|told| told.member("local")?.boolean()) == Some(false);
    let verdict = match told.map(carried) {
        None => Verdict::Unproven(Unproven::Absent),
        Some(Err(unproven)) => Verdict::Unproven(unproven),
        Some(Ok(None)) if imported => Verdict::Unproven(Unproven::Imported),
        Some(Ok(None)) => Verdict::Unproven(Unproven::Absent),
        Some(Ok(Some((key, own)))) => {
            let serial = card.token.and_then(serial);
            judge(Attestation { key: &key, card: &own }, roots, Asked { key: card.key, serial, at })
        }
    };
    let said = || told.and_then(|told| told.member("firmware")?.string());
    let (firmware, form) = match &verdict {
        Verdict::Proven(proof) => (Some(proof.says.firmware), proof.says.form),
        Verdict::Unproven(_) => (said().and_then(|said| Firmware::parse(&said)), None),
    };
    let proven = matches!(verdict, Verdict::Proven(_));
    // Proven is that the card made it, whatever else is said.
    let imported = imported && !proven;
    let concerned = |firmware| Concerned { scheme: card.key.scheme(), firmware, proven, form, imported };
    let advised = firmware.map(|firmware| concerned(firmware).advised()).unwrap_or_default();
    Some(Attested { verdict, advised })
}

/// The two certificates; none where the evidence has no such member.
#[allow(clippy::type_complexity, reason = "two byte strings, of which a type would say no more")]
fn carried(told: Object<'_>) -> Result<Option<(Vec<u8>, Vec<u8>)>, Unproven> {
    let Some(member) = told.member("attestation") else { return Ok(None) };
    let both = member.object().ok_or(Unproven::Unreadable)?;
    let bytes = |name: &str| match both.member(name) {
        None => Ok(None),
        Some(text) => {
            let text = text.string().ok_or(Unproven::Unreadable)?;
            // One digit past the cap is told as too long, later; nothing longer is decoded.
            let text = text.get(..2 * (ATTESTATION.most + 1)).unwrap_or(&text);
            hex::decode(text).map(Some).map_err(|_| Unproven::Unreadable)
        }
    };
    let key = bytes("key")?.ok_or(Unproven::Unreadable)?;
    Ok(Some((key, bytes("card")?.unwrap_or_default())))
}

/// The serial number in a token's URI.
fn serial(uri: &str) -> Option<&str> {
    let (_, rest) = uri.split_once(':')?;
    rest.split(';').find_map(|part| part.strip_prefix("serial="))
}

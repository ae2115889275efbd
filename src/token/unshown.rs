//! A key whose public half its token does not show before the PIN, or at all. A key card gives the public half and names the token: so
//! the token is recognised by its serial alone, and the key stays unproven until the open token shows it or a signature
//! verifies under it. The desk says so, and judges the signature.

use tuf_ceremony::key::{Fingerprint, PublicKey};

use super::drivers::{Candidate, Listing, Seen, Showing};
use super::facts::TokenKey;
use super::spki;
use super::uri::TokenUri;

/// A key, and the token on which its card says that it lives.
#[derive(Debug, Clone)]
pub struct Named {
    key: TokenKey,
    fingerprint: Fingerprint,
    token: TokenUri,
}

impl Named {
    /// What a card says; nothing where it names no token by its serial, or a key of a kind that no token is asked for.
    #[must_use]
    pub fn of(public: &PublicKey, token: &str) -> Option<Named> {
        let token = TokenUri::from_document(token).ok().filter(TokenUri::names_a_serial)?;
        let (kind, bytes) = spki::of_spki(public.spki_der())?;
        let (label, id) = token.key_name();
        // A card's slots are known by their numbers, as its own listing calls them.
        let label = if token.is_piv() { hex::encode(&id) } else { label };
        let key = TokenKey {
            kind,
            public: bytes,
            label,
            id,
            always_authenticate: None,
            has_private: None,
            touch: None,
        };
        Some(Named { key, fingerprint: public.fingerprint(), token })
    }

    /// The key on this token, if the card means it and `wanted` fits it too.
    #[must_use]
    pub fn on(&self, seen: &Seen, wanted: &TokenUri) -> Option<Candidate> {
        let fits = [wanted, &self.token].iter().all(|uri| uri.fits_slot(&seen.module, &seen.slot));
        (fits && seen.slot.readable()).then(|| Candidate {
            driver: seen.driver.clone(),
            slot: seen.slot.clone(),
            key: self.key.clone(),
            fingerprint: self.fingerprint,
            also: Vec::new(),
            showing: Showing::Named,
        })
    }
}

/// What a token shows, once it is open, of a key that a card alone named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opened<'t> {
    /// The key itself.
    Key(&'t TokenKey),
    /// Another one under its id or label.
    Other(Fingerprint),
    /// Neither: its signature alone proves it.
    Nothing,
}

impl<'t> Opened<'t> {
    /// By the keys that the open token shows, for the key that the card tells of as `hint`.
    #[must_use]
    pub fn of(keys: &'t [TokenKey], wanted: Fingerprint, hint: Option<&TokenKey>) -> Opened<'t> {
        if let Some(key) = keys.iter().find(|key| key.fingerprint() == Some(wanted)) {
            return Opened::Key(key);
        }
        let same_name = |key: &&TokenKey| {
            hint.is_some_and(|hint| {
                let by_id = !hint.id.is_empty() && key.id == hint.id;
                by_id || hint.id.is_empty() && !hint.label.is_empty() && key.label == hint.label
            })
        };
        keys.iter().find(same_name).and_then(TokenKey::fingerprint).map_or(Opened::Nothing, Opened::Other)
    }
}

/// What a token shows where a card says that a key of it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Instead<'t> {
    /// Another key.
    Key(&'t TokenKey),
    /// None, on a token that shows every key.
    Nothing,
}

impl Candidate {
    /// What a token that shows its keys has in the place of this one, which a card alone names. Nothing for one that may be hidden:
    /// only then is the card's word enough to ask for a PIN.
    #[must_use]
    pub fn instead(&self) -> Option<Instead<'_>> {
        if self.showing == Showing::Shown {
            return None;
        }
        let (slot, hint) = (&self.slot, &self.key);
        let is_nameless = hint.id.is_empty() && hint.label.is_empty();
        let tells_all = slot.shows_every_key();
        let in_place = |key: &&TokenKey| match (hint.id.is_empty(), hint.label.is_empty()) {
            (false, _) => key.id == hint.id,
            (true, false) => key.label == hint.label,
            (true, true) => tells_all || !slot.is_card(),
        };
        let mut others = slot.keys.iter().filter(|key| key.fingerprint() != Some(self.fingerprint));
        match others.find(in_place) {
            Some(key) => Some(Instead::Key(key)),
            None if tells_all && (!is_nameless || slot.keys.is_empty()) => Some(Instead::Nothing),
            None => None,
        }
    }
}

impl Listing {
    /// The tokens on which the card's key is said to be, that `wanted` fits too; each once, however many drivers show it.
    #[must_use]
    pub fn named(&self, wanted: &TokenUri, named: &Named) -> Vec<Candidate> {
        let mut found: Vec<Candidate> = Vec::new();
        for at in self.seen.iter().filter_map(|seen| named.on(seen, wanted)) {
            match found.iter_mut().find(|known| known.slot.name() == at.slot.name()) {
                Some(known) => known.also.push(at.driver),
                None => found.push(at),
            }
        }
        found
    }
}

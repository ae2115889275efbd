//! What a visit needs of whatever holds her keys: a token behind its module, or an encrypted key file. Keys are told by their
//! public halves; the secret that opens them passes through once and is kept by nobody.

use tuf_ceremony::key::{Fingerprint, Scheme};
use tuf_ceremony::signable::Signable;

use super::attention::Attention;
use super::touch::{Touch, waiting_for};
use super::{DeskFault, fingerprint, short, unshown};
use crate::operator::clean::quoted;
use crate::operator::wording;
use crate::report::NAME;
use crate::token::{
    Candidate, Drivers, Entry, LoginFacts, PinTries, Seen, Showing, SignScheme, SlotFacts, TokenFault,
    TokenKey, TokenUri,
};

/// One key that can be asked for a signature.
#[derive(Debug, Clone)]
pub struct HeldKey {
    /// Its fingerprint.
    pub key: Fingerprint,
    /// What kind of key it is, in words.
    pub kind: String,
    /// Its label, as whoever made it wrote it.
    pub label: String,
    /// Its name as it may travel (MODEL 25).
    pub uri: String,
}

impl HeldKey {
    /// A key that a token shows.
    #[must_use]
    pub fn of(seen: &Candidate) -> HeldKey {
        HeldKey {
            key: seen.fingerprint,
            kind: seen.key.kind.to_string(),
            label: seen.key.label.clone(),
            uri: TokenUri::naming(&seen.slot, Some(&seen.key)).to_string(),
        }
    }
}

impl HeldKey {
    /// Its label, cleaned; none where it has none.
    #[must_use]
    pub fn labelled(&self) -> Option<String> {
        (!self.label.is_empty()).then(|| quoted(&self.label, NAME))
    }

    /// What is there, in a sentence that tells what is not.
    #[must_use]
    pub fn told(&self) -> String {
        wording::key_present(&self.kind, &quoted(&self.label, NAME), Some(&short(&self.key.to_string())))
    }
}

/// Whatever holds keys and signs with them, once it is opened.
pub trait TokenSigner {
    /// What people call it, for questions and sentences; cleaned by whoever shows it.
    fn name(&self) -> String;

    /// The secret that opens it, for the question that asks for it.
    fn secret(&self) -> String;

    /// What kind of secret opens it.
    fn opened_by(&self) -> &'static str;

    /// Its name as it may travel (MODEL 25).
    fn uri(&self) -> String;

    /// The keys that no secret protects from being seen.
    fn keys(&self) -> &[HeldKey];

    /// Those among them that a card alone names: it has not shown them yet.
    fn unproven(&self) -> Vec<Fingerprint> {
        Vec::new()
    }

    /// What it says of its PIN tries; none where nothing counts them.
    fn tries(&self) -> Option<PinTries>;

    /// What is wrong with it if it said before any question that its PIN is locked: then none is asked for.
    fn locked(&self) -> Option<TokenFault> {
        None
    }

    /// Whether the PIN is typed on its own keypad.
    fn has_keypad(&self) -> bool;

    /// Whether it is a program and no device (MODEL 29).
    fn is_software(&self) -> bool;

    /// Whether this key wants the PIN anew for every signature, as far as it is known.
    fn asks_each_time(&self, key: Fingerprint) -> bool;

    /// Whether that is known already: many tokens tell it only once they are open.
    fn tells_how_often(&self, key: Fingerprint) -> bool;

    /// Whether the PIN that opens it counts for a signature that is asked for right after it, also by a key that wants it for each.
    fn opens_for_first(&self) -> bool {
        false
    }

    /// What is known of this key's wish for a touch.
    fn touch(&self, _key: Fingerprint) -> Touch {
        Touch::Unknown
    }

    /// What this key's card says of its wish for a touch, for a token that does not tell.
    fn learn_touch(&mut self, _key: Fingerprint, _wants: bool) {}

    /// Whether it can be given this, as far as it is known before a PIN is asked for.
    ///
    /// # Errors
    /// What is in the way.
    fn takes(&self, key: Fingerprint, signable: &Signable<'_>) -> Result<(), DeskFault>;

    /// Opens it for the signatures that follow.
    ///
    /// # Errors
    /// [`DeskFault::tries_spent`] says what it cost.
    fn open(&mut self, entry: Entry, with: &mut Attention<'_, '_>) -> Result<(), DeskFault>;

    /// Looks whether it is there again after it was missed; it is to be opened anew then.
    ///
    /// # Errors
    /// It is not there.
    fn come_back(&mut self) -> Result<(), DeskFault> {
        Ok(())
    }

    /// Asks for one signature, as metadata carries it. `again` is the PIN once more, for a key that wants it for each.
    ///
    /// # Errors
    /// [`DeskFault::outcome`] says whether a signature may exist.
    fn sign(
        &mut self,
        key: Fingerprint,
        scheme: Scheme,
        signable: &Signable<'_>,
        again: Option<Entry>,
        with: &mut Attention<'_, '_>,
    ) -> Result<Vec<u8>, DeskFault>;
}

/// A token behind its module.
pub struct OnToken<'d> {
    drivers: &'d mut Drivers,
    driver: String,
    slot: SlotFacts,
    held: Vec<HeldKey>,
    /// The key that a card alone names, as long as nothing has shown it.
    named: Option<Fingerprint>,
    /// The same as the card tells of it, for good.
    told: Option<TokenKey>,
    opened: Option<LoginFacts>,
    /// Keys of which a key card says whether they wait for a touch.
    carded: Vec<(Fingerprint, bool)>,
}

impl<'d> OnToken<'d> {
    /// The token on which `at` was seen, read again, with those of its keys that `wanted` fits.
    ///
    /// # Errors
    /// The token is gone, or its module fails.
    pub fn of(
        drivers: &'d mut Drivers,
        mut at: Candidate,
        wanted: &TokenUri,
    ) -> Result<OnToken<'d>, DeskFault> {
        drivers.reach(&mut at)?;
        let named = (at.showing == Showing::Named).then_some(at.fingerprint);
        let mut held = held(&at.slot, wanted);
        // The card's own hints are no reason against it.
        if named.is_some_and(|named| held.iter().all(|held| held.key != named)) {
            held.push(HeldKey::of(&at));
        }
        let Candidate { driver, slot, key, .. } = at;
        let told = named.map(|_| key);
        Ok(OnToken { drivers, driver, slot, held, named, told, opened: None, carded: Vec::new() })
    }

    /// A token as it was listed just now, with those of its keys that `wanted` fits.
    pub fn seen(drivers: &'d mut Drivers, seen: &Seen, wanted: &TokenUri) -> OnToken<'d> {
        let (driver, slot) = (seen.driver.clone(), seen.slot.clone());
        let held = held(&slot, wanted);
        OnToken { drivers, driver, slot, held, named: None, told: None, opened: None, carded: Vec::new() }
    }

    /// A key that a card alone named: the open token shows it, shows another in its place, or shows nothing, and then its
    /// signature proves it.
    fn prove(&mut self, opened: &LoginFacts, with: &mut Attention<'_, '_>) -> Result<(), DeskFault> {
        let Some(named) = self.named else { return Ok(()) };
        let shown = unshown::proven::<DeskFault>(named, self.on_token(named), opened, with.screen)?;
        if shown.is_some() {
            self.named = None;
        }
        Ok(())
    }

    fn on_token(&self, key: Fingerprint) -> Option<&TokenKey> {
        let after = self.opened.iter().flat_map(|facts| &facts.keys);
        after.chain(&self.slot.keys).find(|known| fingerprint(known) == Some(key))
    }
}

/// The keys of a slot that `wanted` fits and that can stand in metadata.
pub fn held(slot: &SlotFacts, wanted: &TokenUri) -> Vec<HeldKey> {
    let fitting = slot.keys.iter().filter(|key| wanted.fits_key(key));
    let held = fitting.filter_map(|key| {
        Some(HeldKey {
            key: fingerprint(key)?,
            kind: key.kind.to_string(),
            label: key.label.clone(),
            uri: TokenUri::naming(slot, Some(key)).to_string(),
        })
    });
    held.collect()
}

impl TokenSigner for OnToken<'_> {
    fn name(&self) -> String {
        self.slot.name().to_string()
    }

    fn secret(&self) -> String {
        wording::pin_of(&self.name())
    }

    fn opened_by(&self) -> &'static str {
        wording::visiting::PIN
    }

    fn uri(&self) -> String {
        TokenUri::naming(&self.slot, None).to_string()
    }

    fn keys(&self) -> &[HeldKey] {
        &self.held
    }

    fn unproven(&self) -> Vec<Fingerprint> {
        self.named.into_iter().collect()
    }

    fn tries(&self) -> Option<PinTries> {
        self.slot.token.as_ref().map(|token| token.tries)
    }

    fn locked(&self) -> Option<TokenFault> {
        (self.tries() == Some(PinTries::Locked))
            .then(|| TokenFault::PinLocked { token: self.slot.name(), sent: false })
    }

    fn has_keypad(&self) -> bool {
        self.slot.token.as_ref().is_some_and(|token| token.keypad)
    }

    fn is_software(&self) -> bool {
        self.slot.is_software()
    }

    fn asks_each_time(&self, key: Fingerprint) -> bool {
        self.on_token(key).is_some_and(|key| key.always_authenticate == Some(true))
    }

    fn tells_how_often(&self, key: Fingerprint) -> bool {
        self.on_token(key).is_some_and(|key| key.always_authenticate.is_some())
    }

    fn opens_for_first(&self) -> bool {
        self.slot.opens_for_first()
    }

    fn touch(&self, key: Fingerprint) -> Touch {
        let carded = self.carded.iter().find(|(carded, _)| *carded == key).map(|(_, wants)| *wants);
        self.on_token(key).map_or(Touch::Unknown, |key| Touch::of(&self.slot, key, carded))
    }

    fn learn_touch(&mut self, key: Fingerprint, wants: bool) {
        self.carded.push((key, wants));
    }

    fn takes(&self, key: Fingerprint, signable: &Signable<'_>) -> Result<(), DeskFault> {
        let way = self.on_token(key).and_then(|key| SignScheme::of(&key.kind));
        Ok(way.map_or(Ok(()), |way| self.slot.takes(way, signable))?)
    }

    fn open(&mut self, entry: Entry, with: &mut Attention<'_, '_>) -> Result<(), DeskFault> {
        let host = self.drivers.host_mut(&self.driver)?;
        let opened = host.login(&self.slot, entry, with);
        // What it says of its tries now is what the next question tells.
        if let (Err(TokenFault::PinIncorrect { after, .. }), Some(token)) = (&opened, &mut self.slot.token) {
            token.tries = *after;
        }
        let opened = opened?;
        self.prove(&opened, with)?;
        self.opened = Some(opened);
        Ok(())
    }

    fn come_back(&mut self) -> Result<(), DeskFault> {
        let told = self.told.as_ref().and_then(fingerprint);
        let shown: Vec<Fingerprint> =
            self.held.iter().map(|held| held.key).filter(|key| Some(*key) != told).collect();
        self.slot = self.drivers.again(&self.driver, &self.slot, &shown)?;
        self.slot.keys.extend(self.told.clone());
        (self.named, self.opened) = (told, None);
        Ok(())
    }

    fn sign(
        &mut self,
        key: Fingerprint,
        scheme: Scheme,
        signable: &Signable<'_>,
        again: Option<Entry>,
        with: &mut Attention<'_, '_>,
    ) -> Result<Vec<u8>, DeskFault> {
        let on_token = self.on_token(key).cloned().ok_or(DeskFault::KeyGone { key })?;
        let way = SignScheme::of(&on_token.kind).filter(|way| way.in_metadata() == scheme);
        let way = way.ok_or_else(|| DeskFault::NoWayToSign {
            kind: on_token.kind.to_string(),
            scheme: scheme.name().to_owned(),
        })?;
        let touch = self.touch(key);
        let host = self.drivers.host_mut(&self.driver)?;
        let raw = host.sign(&on_token, way, signable, again, &mut waiting_for(touch, with))?;
        way.as_in_metadata(raw).map_err(DeskFault::WrongSignature)
    }
}

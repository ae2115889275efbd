//! One question to a token or key file: its tries, the PIN, and bytes that the engine has verified. The PIN is asked for once as
//! long as it stays open, and again for each signature where the key wants that; a question is one attempt.

use tuf_ceremony::bundle::Part;
use tuf_ceremony::close::Close;
use tuf_ceremony::digest::Digest;
use tuf_ceremony::holder_log::Intent;
use tuf_ceremony::key::{Fingerprint, PublicKey, Scheme};
use tuf_ceremony::keyset::Authority;
use tuf_ceremony::signable::Signable;

use super::attention::Attention;
use super::guided::Pins;
use super::signer::TokenSigner;
use super::touch::{self, touches_again};
use super::{DeskFault, last_try};
use crate::memory::Memory;
use crate::operator::wording;
use crate::report::columns::sentence;
use crate::token::{Entry, PinTries, TokenFault};

/// One visit of one token, which stays open from the first signature to the last.
pub(super) struct OpenToken<'v> {
    pub signer: &'v mut dyn TokenSigner,
    pub opened: bool,
    /// What was told and asked of PINs, where she is asked step by step.
    pub pins: Option<Pins>,
}

impl OpenToken<'_> {
    /// What the token says of its tries; before the last one stopping comes first, and a locked one is asked nothing.
    pub(super) fn tries(&mut self, with: &mut Attention<'_, '_>) -> Result<(), DeskFault> {
        if self.opened {
            return Ok(());
        }
        if let Some(locked) = self.signer.locked() {
            return Err(locked.into());
        }
        let Some(tries) = self.signer.tries() else { return Ok(()) };
        sentence(with.screen, 0, &wording::tries(&tries.to_string()))?;
        if tries == PinTries::Last {
            last_try(&self.signer.name(), with.person, with.screen)?;
        }
        Ok(())
    }

    /// From the PIN to bytes that the engine has verified over the sealed draft by the authority's key (MODEL 20).
    pub(super) fn signature(
        &mut self,
        part: &Part,
        (key, scheme): (Fingerprint, Scheme),
        (intent, over): (&Intent, Option<Digest>),
        memory: Option<&mut Memory>,
        with: &mut Attention<'_, '_>,
    ) -> Result<Vec<u8>, DeskFault> {
        let (role, metadata) = (part.draft().role(), part.draft().metadata());
        let short = &metadata.payload().to_string()[..8];
        let prompt = wording::pin_prompt(&self.signer.secret(), role, metadata.version(), short);
        let memory = memory.map(|memory| (memory, intent, over));
        let bytes = self.raw(&Signable::of(part.draft()), (key, scheme), &prompt, memory, with)?;
        let listed = part.authorities().iter().flat_map(Authority::members);
        let mut keys = listed.filter_map(|member| member.key.as_ref().ok());
        let public = keys.find(|public| public.fingerprint() == key && public.scheme() == scheme);
        let public = public.ok_or(DeskFault::KeyGone { key })?;
        part.draft().verify(public, &bytes).map_err(DeskFault::WrongSignature)?;
        Ok(bytes)
    }

    /// What the token gives back, of which nothing is known yet. One that is missed before it was asked may be put back in.
    fn raw(
        &mut self,
        signable: &Signable<'_>,
        wanted: (Fingerprint, Scheme),
        prompt: &str,
        mut memory: Option<(&mut Memory, &Intent, Option<Digest>)>,
        with: &mut Attention<'_, '_>,
    ) -> Result<Vec<u8>, DeskFault> {
        loop {
            match self.asked_once(signable, wanted, prompt, &mut memory, with) {
                Err(DeskFault::Token(fault)) if fault.is_away() && self.is_put_back(&fault, with)? => {}
                ended => return ended,
            }
        }
    }

    fn asked_once(
        &mut self,
        signable: &Signable<'_>,
        (key, scheme): (Fingerprint, Scheme),
        prompt: &str,
        memory: &mut Option<(&mut Memory, &Intent, Option<Digest>)>,
        with: &mut Attention<'_, '_>,
    ) -> Result<Vec<u8>, DeskFault> {
        let mut opened_for_it = false;
        if !self.opened {
            let entry = self.entry(key, prompt, with)?;
            self.signer.open(entry, with)?;
            self.opened = true;
            opened_for_it = self.signer.opens_for_first();
        }
        if let Some((memory, intent, over)) = memory.take() {
            memory.write(intent.clone(), over)?;
        }
        let mut asks = self.signer.asks_each_time(key);
        loop {
            let has_pin = std::mem::take(&mut opened_for_it);
            let again = if asks && !has_pin { Some(self.once_more(key, prompt, with)?) } else { None };
            sentence(with.screen, 0, &touch::before(self.signer.touch(key)))?;
            match self.signer.sign(key, scheme, signable, again, with) {
                // It did not sign and wants the PIN for this signature: asked of her, never sent again in silence (MODEL 24).
                Err(DeskFault::Token(TokenFault::NotLoggedIn { .. })) if !asks || has_pin => asks = true,
                // It signed nothing: once more, with another PIN only where the key wants one for each signature.
                Err(DeskFault::Token(TokenFault::TouchMissed)) if touches_again(with) => {}
                other => return other,
            }
        }
    }

    /// A countersignature over the close of a ceremony, verified by the key that a draft's authority lists (MODEL 16).
    pub(super) fn countersignature(
        &mut self,
        close: &Close,
        public: &PublicKey,
        with: &mut Attention<'_, '_>,
    ) -> Result<Vec<u8>, DeskFault> {
        let short = &close.head().to_string()[..8];
        let prompt = wording::close_prompt(&self.signer.secret(), short);
        let wanted = (public.fingerprint(), public.scheme());
        let bytes = self.raw(&Signable::close(close), wanted, &prompt, None, with)?;
        close.verify(public, &bytes).map_err(DeskFault::WrongSignature)?;
        Ok(bytes)
    }

    /// The PIN, typed here or on the token's own keypad; one attempt a question.
    fn entry(
        &mut self,
        key: Fingerprint,
        prompt: &str,
        with: &mut Attention<'_, '_>,
    ) -> Result<Entry, DeskFault> {
        self.count_pin(key, with)?;
        if self.signer.has_keypad() {
            with.screen.line(&wording::keypad(&self.signer.name()))?;
            return Ok(Entry::Keypad);
        }
        Ok(Entry::Pin(with.person.pin(prompt)?))
    }

    /// The first was accepted; this key wants it for each signature.
    fn once_more(
        &mut self,
        key: Fingerprint,
        prompt: &str,
        with: &mut Attention<'_, '_>,
    ) -> Result<Entry, DeskFault> {
        // Who is asked step by step was told at the first one, where it was known.
        if self.pins.is_none() || !self.signer.asks_each_time(key) {
            with.screen.line(wording::PIN_FOR_EACH)?;
        }
        self.entry(key, prompt, with)
    }
}

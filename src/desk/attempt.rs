//! One attempt: that a token is about to be asked is stored before the PIN is, so that no crash can hide a signature; then
//! what came of it, whatever it was.

use std::error::Error as _;

use tuf_ceremony::digest::Digest;
use tuf_ceremony::holder_log::Intent;
use tuf_ceremony::keyset::Authority;
use tuf_ceremony::signable::Signable;
use tuf_ceremony::state::DraftNow;
use tuf_ceremony::transcript::event::{
    Event, Failure, SignatureAdmitted, SigningBegun, SigningFailed, TokenLocked,
};

use super::seat::{SignedDraft, Waiting};
use super::signer::{Attention, HeldKey, TokenSigner};
use super::table::Table;
use super::{DeskFault, last_try};
use crate::fault::{Fault, Signed};
use crate::memory::Memory;
use crate::operator::clean::cell;
use crate::operator::wording;
use crate::report::CLAUSE;
use crate::token::{Entry, PinTries, TokenFault};

/// One visit of one token, which stays open from the first signature to the last.
pub(super) struct Visit<'v> {
    pub signer: &'v mut dyn TokenSigner,
    pub opened: bool,
}

/// What is asked of the token.
pub(super) struct Asking<'a> {
    pub person: &'a str,
    pub waiting: Waiting,
    pub held: &'a HeldKey,
    pub intent: Intent,
    pub over: Option<Digest>,
}

impl Visit<'_> {
    /// Asks for one signature. When this returns, it is stored, or that there is none.
    pub(super) fn ask(
        &mut self,
        table: &mut Table,
        asking: &Asking<'_>,
        memory: Option<&mut Memory>,
        with: &mut Attention<'_, '_>,
    ) -> Result<SignedDraft, DeskFault> {
        let signable = draft(table, asking);
        self.signer.takes(asking.held.key, &Signable::of(signable.part().draft()))?;
        self.tries(with)?;
        table.take(&Event::SigningBegun(begun(asking)).into())?;
        let line = table.state().lines();
        let draft = draft(table, asking);
        let (letter, role) = (draft.letter().to_owned(), draft.part().draft().role().to_owned());
        let (version, payload, key) =
            (draft.part().draft().metadata().version(), draft.payload(), asking.waiting.key);
        match self.signature(draft, asking, memory, with) {
            Ok(bytes) => {
                let sig = hex::encode(bytes);
                let admitted = SignatureAdmitted { begun: line, sig: sig.clone() };
                table.take(&Event::SignatureAdmitted(admitted).into()).map_err(|fault| {
                    fault.with_signed(Signed::Unstored { signature: format!("{key} {sig}") })
                })?;
                Ok(SignedDraft { letter, role, version, payload, key, sig })
            }
            Err(fault) => {
                let why = cell(&causes(&fault), CLAUSE);
                let failed = SigningFailed { begun: line, outcome: fault.outcome(), why };
                let stored = table.take(&Event::SigningFailed(failed).into());
                let stored = stored.and_then(|()| self.locked(table, asking, &fault));
                match stored {
                    Ok(()) => Err(fault),
                    // The attempt stays open and is closed as unknown by whoever comes next.
                    Err(unstored) => {
                        let unstored = unstored.and_because(causes(&fault));
                        let unknown = fault.outcome() == Failure::Unknown;
                        Err(if unknown { unstored.with_signed(Signed::Unknown) } else { unstored }.into())
                    }
                }
            }
        }
    }

    /// What the token says of its tries; before the last one stopping comes first.
    fn tries(&mut self, with: &mut Attention<'_, '_>) -> Result<(), DeskFault> {
        if self.opened {
            return Ok(());
        }
        let Some(tries) = self.signer.tries() else { return Ok(()) };
        with.screen.line(&wording::tries(&tries.to_string()))?;
        if tries == PinTries::Last {
            last_try(&self.signer.name(), with.person, with.screen)?;
        }
        Ok(())
    }

    /// From the PIN to bytes that the engine has verified over the sealed draft by the authority's key (MODEL 20).
    fn signature(
        &mut self,
        draft: DraftNow<'_>,
        asking: &Asking<'_>,
        memory: Option<&mut Memory>,
        with: &mut Attention<'_, '_>,
    ) -> Result<Vec<u8>, DeskFault> {
        let Asking { waiting, held, intent, over, .. } = asking;
        let part = draft.part();
        let signable = Signable::of(part.draft());
        if !self.opened {
            let entry = self.entry(draft, with)?;
            self.signer.open(entry, with)?;
            self.opened = true;
        }
        if let Some(memory) = memory {
            memory.write(intent.clone(), *over)?;
        }
        let again =
            if self.signer.asks_each_time(held.key) { Some(self.once_more(draft, with)?) } else { None };
        let was_asked = again.is_some();
        with.screen.line(wording::WAIT_FOR_TOKEN)?;
        let first = self.signer.sign(held.key, waiting.scheme, &signable, again, with);
        let bytes = match first {
            // It did not sign and wants the PIN for this signature: asked of her, never sent again in silence (MODEL 24).
            Err(DeskFault::Token(TokenFault::NotLoggedIn { .. })) if !was_asked => {
                let again = Some(self.once_more(draft, with)?);
                with.screen.line(wording::WAIT_FOR_TOKEN)?;
                self.signer.sign(held.key, waiting.scheme, &signable, again, with)?
            }
            other => other?,
        };
        let listed = part.authorities().iter().flat_map(Authority::members);
        let mut keys = listed.filter_map(|member| member.key.as_ref().ok());
        let public = keys.find(|key| key.fingerprint() == held.key && key.scheme() == waiting.scheme);
        let public = public.ok_or(DeskFault::KeyGone { key: held.key })?;
        part.draft().verify(public, &bytes).map_err(DeskFault::WrongSignature)?;
        Ok(bytes)
    }

    /// The PIN, typed here or on the token's own keypad; one attempt a question.
    fn entry(&self, draft: DraftNow<'_>, with: &mut Attention<'_, '_>) -> Result<Entry, DeskFault> {
        let name = self.signer.name();
        if self.signer.has_keypad() {
            with.screen.line(&wording::keypad(&name))?;
            return Ok(Entry::Keypad);
        }
        let metadata = draft.part().draft().metadata();
        let short = &draft.payload().to_string()[..8];
        let role = draft.part().draft().role();
        Ok(Entry::Pin(with.person.pin(&wording::pin_prompt(&name, role, metadata.version(), short))?))
    }

    /// The first was accepted; this key wants it for each signature.
    fn once_more(&self, draft: DraftNow<'_>, with: &mut Attention<'_, '_>) -> Result<Entry, DeskFault> {
        with.screen.line(wording::PIN_FOR_EACH)?;
        self.entry(draft, with)
    }

    fn locked(&self, table: &mut Table, asking: &Asking<'_>, fault: &DeskFault) -> Result<(), Fault> {
        if !fault.is_locked() {
            return Ok(());
        }
        let (person, token) = (asking.person.to_owned(), self.signer.uri());
        table.take(&Event::TokenLocked(TokenLocked { person, token }).into())
    }
}

/// A fault and what is beneath it, in one line.
fn causes(fault: &DeskFault) -> String {
    let mut said = fault.to_string();
    let mut next = fault.source();
    while let Some(cause) = next {
        let more = cause.to_string();
        if !said.contains(&more) {
            said = format!("{said}: {more}");
        }
        next = cause.source();
    }
    said
}

fn begun(asking: &Asking<'_>) -> SigningBegun {
    SigningBegun {
        draft: asking.waiting.draft,
        key: asking.waiting.key,
        person: asking.person.to_owned(),
        scheme: asking.waiting.scheme.name().to_owned(),
        token: asking.held.uri.clone(),
    }
}

fn draft<'t>(table: &'t Table, asking: &Asking<'_>) -> DraftNow<'t> {
    table.state().draft(asking.waiting.draft).expect("an attempt that may begin is on a draft of the plan")
}

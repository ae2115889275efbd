//! One attempt: that a token is about to be asked is stored before the PIN is, so that no crash can hide a signature; then
//! what came of it, whatever it was.

use std::error::Error as _;

use tuf_ceremony::digest::Digest;
use tuf_ceremony::holder_log::Intent;
use tuf_ceremony::signable::Signable;
use tuf_ceremony::state::DraftNow;
use tuf_ceremony::transcript::event::{
    Event, Failure, SignatureAdmitted, SigningBegun, SigningFailed, TokenLocked,
};

use super::DeskFault;
use super::ask::OpenToken;
use super::attention::Attention;
use super::seat::{SignedDraft, Waiting, Wish};
use super::signer::HeldKey;
use super::table::Table;
use crate::fault::{Fault, Signed};
use crate::memory::Memory;
use crate::operator::clean::cell;
use crate::report::CLAUSE;

/// What is asked of the token.
pub(super) struct Asking<'a> {
    pub wish: Wish<'a>,
    pub waiting: Waiting,
    pub held: &'a HeldKey,
    pub intent: Intent,
    pub over: Option<Digest>,
}

impl OpenToken<'_> {
    /// Asks for one signature. When this returns, it is stored, or that there is none.
    pub(super) fn attempt(
        &mut self,
        table: &mut Table,
        asking: &Asking<'_>,
        memory: Option<&mut Memory>,
        with: &mut Attention<'_, '_>,
    ) -> Result<SignedDraft, DeskFault> {
        let signable = draft(table, asking);
        self.signer.takes(asking.held.key, &Signable::of(signable.part().draft()))?;
        match self.pins {
            Some(_) => self.tries_in_order(table, &asking.wish, with)?,
            None => {
                if let Err(fault) = self.tries(with) {
                    self.locked(table, asking, &fault)?;
                    return Err(fault);
                }
            }
        }
        self.make_ready(asking.waiting.key, with)?;
        table.take(&Event::SigningBegun(begun(asking)).into())?;
        let line = table.state().lines();
        let draft = draft(table, asking);
        let (letter, role) = (draft.letter().to_owned(), draft.part().draft().role().to_owned());
        let (version, payload, key) =
            (draft.part().draft().metadata().version(), draft.payload(), asking.waiting.key);
        let wanted = (asking.waiting.key, asking.waiting.scheme);
        match self.signature(draft.part(), wanted, (&asking.intent, asking.over), memory, with) {
            Ok(bytes) => {
                let sig = hex::encode(bytes);
                let admitted = SignatureAdmitted { begun: line, sig: sig.clone() };
                let stored = table.take(&Event::SignatureAdmitted(admitted).into());
                stored.map_err(|fault| fault.losing(format!("{key} {sig}")))?;
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

    fn locked(&self, table: &mut Table, asking: &Asking<'_>, fault: &DeskFault) -> Result<(), Fault> {
        if !fault.is_locked() {
            return Ok(());
        }
        let (person, token) = (asking.wish.person.to_owned(), self.signer.uri());
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
        person: asking.wish.person.to_owned(),
        scheme: asking.waiting.scheme.name().to_owned(),
        token: asking.held.uri.clone(),
    }
}

fn draft<'t>(table: &'t Table, asking: &Asking<'_>) -> DraftNow<'t> {
    table.state().draft(asking.waiting.draft).expect("an attempt that may begin is on a draft of the plan")
}

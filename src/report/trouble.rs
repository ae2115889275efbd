//! What a ceremony owes and what went wrong in it, from its lines alone: attempts that gave nothing and were not made good, and
//! countersignatures that the plan asks for.

use std::collections::BTreeMap;

use tuf_ceremony::key::Fingerprint;
use tuf_ceremony::plan::Countersign;
use tuf_ceremony::state::{Attempt, Outcome, Phase, State};
use tuf_ceremony::transcript::event::{Event, Failure};

use super::{CLAUSE, NAME};
use crate::operator::clean::{cell, identifier, quoted};
use crate::operator::wording::board as said;

/// A time that a token gave no signature, and no later one made good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed<'s> {
    /// What was asked of whom.
    pub attempt: &'s Attempt,
    /// What went wrong.
    pub why: &'s str,
}

impl Failed<'_> {
    /// All of it, in one sentence.
    #[must_use]
    pub fn told(&self, state: &State) -> String {
        let begun = &self.attempt.begun;
        let (person, token) = (identifier(&begun.person, NAME), cell(&begun.token, CLAUSE));
        let draft = draft_of(state, self.attempt);
        said::failed_in_full(
            self.attempt.line,
            &person,
            &draft,
            &token,
            &quoted(&self.why.replace('"', "'"), CLAUSE),
        )
    }
}

/// Whether the key of an attempt has signed its draft: nobody waits to know what became of that attempt.
#[must_use]
pub fn is_settled(state: &State, attempt: &Attempt) -> bool {
    state.draft(attempt.begun.draft).is_ok_and(|draft| has_signed(&draft, attempt.begun.key))
}

/// The last attempt of each key on each draft of the plan as it stands, where it failed and the key has not signed the draft.
/// Those of which nobody knows what came of them are [`State::in_doubt`].
#[must_use]
pub fn failed(state: &State) -> Vec<Failed<'_>> {
    let mut last: BTreeMap<_, &Attempt> = BTreeMap::new();
    for attempt in state.attempts() {
        last.insert((attempt.begun.draft, attempt.begun.key), attempt);
    }
    let open = last.into_values().filter(|attempt| {
        let failed = attempt.outcome == Some(Outcome::Failed(Failure::NotSigned));
        failed && state.draft(attempt.begun.draft).is_ok() && !is_settled(state, attempt)
    });
    let mut failed: Vec<Failed<'_>> =
        open.map(|attempt| Failed { attempt, why: why(state, attempt).unwrap_or_default() }).collect();
    failed.sort_by_key(|failed| failed.attempt.line);
    failed
}

fn has_signed(draft: &tuf_ceremony::state::DraftNow<'_>, key: Fingerprint) -> bool {
    draft.part().signatures().all().any(|signature| signature.verified.fingerprint() == key)
}

/// What the line says that ended an attempt.
fn why<'s>(state: &'s State, attempt: &Attempt) -> Option<&'s str> {
    state.transcript().entries().iter().find_map(|entry| match &entry.event {
        Event::SigningFailed(failed) if failed.begun == attempt.line => Some(failed.why.as_str()),
        _ => None,
    })
}

/// A draft in a sentence, by its letter; one of a plan that was changed has none.
#[must_use]
pub fn draft_of(state: &State, attempt: &Attempt) -> String {
    match state.draft(attempt.begun.draft) {
        Ok(draft) => said::lettered(draft.letter()),
        Err(_) => said::EARLIER_DRAFT.to_owned(),
    }
}

/// A countersignature that is owed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owed {
    /// The key.
    pub key: Fingerprint,
    /// The plan's names of those who hold it, cleaned.
    pub holders: Vec<String>,
}

impl Owed {
    /// All of it, in one sentence.
    #[must_use]
    pub fn told(&self) -> String {
        said::owed(&self.holders.join(", "), &self.key.to_string())
    }
}

/// Keys of people that signed a draft, and have not signed the head of a ceremony whose plan asks for that. None before it is
/// closed: until then nothing is owed.
#[must_use]
pub fn owed(state: &State) -> Vec<Owed> {
    if state.plan().countersign == Countersign::None || state.phase() != Phase::Closed {
        return Vec::new();
    }
    let mut owed: Vec<Owed> = Vec::new();
    for draft in state.drafts() {
        for signature in draft.part().signatures().all() {
            let key = signature.verified.fingerprint();
            let done = state.countersignatures().iter().any(|before| before.key == key);
            let holders: Vec<String> = state.holders(key).into_iter().map(|name| cell(name, NAME)).collect();
            if !done && !holders.is_empty() && owed.iter().all(|known| known.key != key) {
                owed.push(Owed { key, holders });
            }
        }
    }
    owed.sort_by(|a, b| a.holders.cmp(&b.holders));
    owed
}

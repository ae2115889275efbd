//! The forecast of a ceremony under way, from its lines alone: what is signed stays, and nobody is counted on who declined, left,
//! or whose token is locked.

use std::collections::{BTreeMap, BTreeSet};

use super::{Needed, Out, Outlook, SoFar, forecast};
use crate::digest::Digest;
use crate::key::Fingerprint;
use crate::state::{Decision, DraftNow, State};
use crate::transcript::Transcript;
use crate::transcript::event::{Event, SigningBegun};

/// The outlook for every authority of every draft as the ceremony stands, in the order of drafts and of their authorities. None
/// before the drafts are made.
///
/// A key that the plan gives to nobody is not counted on until it has signed. Lines of other machines are heard where they tell
/// of a refusal or of a locked token, as far as they are believed: nobody here should wait for a signature that will not come.
///
/// # Panics
/// Never: it says of nobody that she is absent.
#[must_use]
pub fn now(state: &State) -> Vec<Outlook> {
    let chains = || state.others().values().chain([state.transcript()]);
    let locked: BTreeSet<Fingerprint> = chains().flat_map(locked).collect();
    let here: BTreeSet<String> = state.present().map(str::to_owned).collect();
    let needed = |draft: &DraftNow<'_>| {
        let tallies = draft.counting().tallies();
        let counted =
            |t: crate::keyset::Tally| (t.authority, t.counted.iter().map(|voice| voice.key).collect());
        SoFar {
            signed: tallies.into_iter().map(counted).collect(),
            locked: locked.clone(),
            out: out(state, draft),
            here: here.clone(),
        }
    };
    let drafts: Vec<DraftNow<'_>> = state.drafts().collect();
    let needed: Vec<Needed<'_>> = drafts
        .iter()
        .map(|draft| Needed {
            letter: draft.letter(),
            payload: draft.payload(),
            authorities: draft.part().authorities(),
            so_far: needed(draft),
        })
        .collect();
    let outlooks = forecast(state.plan(), &needed, &state.plan_keys(), &BTreeSet::new());
    outlooks.expect("nobody is said to be absent")
}

/// Who will not sign a draft. Her last word here outranks what other machines tell of her; of two of those a refusal is heard.
fn out(state: &State, draft: &DraftNow<'_>) -> BTreeMap<String, Out> {
    let mut out: BTreeMap<String, Out> = state.left().map(|person| (person.to_owned(), Out::Left)).collect();
    for chain in state.others().values() {
        let told = last_words(chain, draft.payload());
        let declined =
            told.into_iter().filter(|(person, declined)| *declined && draft.decision(person).is_none());
        out.extend(declined.map(|(person, _)| (person.to_owned(), Out::Declined)));
    }
    let declined = draft.decisions().filter(|(_, said)| matches!(said, Decision::Declined(_)));
    out.extend(declined.map(|(person, _)| (person.to_owned(), Out::Declined)));
    out
}

/// Whether people's last word on a draft was a refusal, by one machine's lines.
fn last_words(chain: &Transcript, draft: Digest) -> BTreeMap<&str, bool> {
    let said = chain.entries().iter().filter_map(|entry| match &entry.event {
        Event::Consented(said) if said.draft == draft => Some((said.person.as_str(), false)),
        Event::Declined(said) if said.draft == draft => Some((said.person.as_str(), true)),
        _ => None,
    });
    said.collect()
}

/// The keys on tokens that one machine found locked: those it had seen on the token, and the one that was asked last. A key that
/// signs later is unlocked.
fn locked(chain: &Transcript) -> BTreeSet<Fingerprint> {
    let mut seen: BTreeMap<&str, &[Fingerprint]> = BTreeMap::new();
    let mut begun: BTreeMap<u64, &SigningBegun> = BTreeMap::new();
    let mut locked = BTreeSet::new();
    for entry in chain.entries() {
        match &entry.event {
            Event::TokenSeen(there) => {
                seen.insert(&there.token, &there.keys);
            }
            Event::SigningBegun(asked) => {
                begun.insert(entry.n, asked);
            }
            Event::TokenLocked(lock) => {
                locked.extend(seen.get(lock.token.as_str()).into_iter().copied().flatten());
                let last = begun.values().next_back().filter(|asked| asked.person == lock.person);
                locked.extend(last.map(|asked| asked.key));
            }
            Event::SignatureAdmitted(admitted) => {
                if let Some(asked) = begun.get(&admitted.begun) {
                    locked.remove(&asked.key);
                }
            }
            _ => {}
        }
    }
    locked
}

//! What is legal next, as a list to choose from: a function of where the folder stands and nothing else. The engine judges every step
//! again when it is taken; here only what would be refused for certain is left out.

use std::collections::BTreeSet;

use tuf_ceremony::key::Fingerprint;
use tuf_ceremony::keyset::Tally;
use tuf_ceremony::plan::Plan;
use tuf_ceremony::state::{DraftNow, Phase, State};

use crate::desk::closing::to_countersign;
use crate::operator::clean::{cell, identifier};
use crate::operator::wording::guided as said;
use crate::report::NAME;

/// Something that can be done now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Act {
    /// A key of the plan is made, or its card.
    Key(String),
    /// The final files of complete drafts are written.
    Finalize,
    /// The ceremony ends.
    Close,
    /// Somebody reads and signs.
    Sign(String),
    /// Somebody reads and signs who is to be named.
    SignAnother,
    /// Somebody with a machine's token.
    SignForMachine,
    /// A file comes.
    Import,
    /// A file goes.
    Export,
    /// A draft is read, or all that `status` says.
    Read,
    /// Whatever is rarer: people, words, breaks, trouble.
    Else,
    /// A key countersigns the head.
    Countersign(String),
    /// What people do with files and paper afterwards.
    Boxes,
    /// Something that belongs to the record after its end.
    Addendum,
    /// Enough for now.
    Stop,
}

/// How many people are offered by name; with more, those who are not here are asked for.
const NAMED: usize = 6;

/// An act and how it is offered.
pub(super) type Offer = (Act, String);

/// Keys that the plan calls lost: whoever held one is not asked for it.
pub(super) fn lost(state: &State) -> BTreeSet<Fingerprint> {
    let is_lost = |name: &str| state.plan().keys.get(name).is_some_and(|key| key.lost.is_some());
    state.plan_keys().into_iter().filter(|(name, _)| is_lost(name)).map(|(_, key)| key).collect()
}

/// People whose keys a draft waits for, and whether it waits for a machine's key, which the plan gives to nobody.
pub(super) fn waited_for(state: &State) -> (BTreeSet<&str>, bool) {
    let (mut people, mut machine) = (BTreeSet::new(), false);
    let lost = lost(state);
    for draft in state.drafts().filter(|draft| draft.final_file().is_none()) {
        let waiting = draft.part().tallies().into_iter().flat_map(|tally| tally.waiting);
        for voice in waiting.filter(|voice| !lost.contains(&voice.key)) {
            let holders = state.holders(voice.key);
            machine |= holders.is_empty();
            people.extend(holders);
        }
    }
    (people, machine)
}

/// Whether every threshold of a draft is met by what counts.
pub(super) fn is_complete(draft: &DraftNow<'_>) -> bool {
    draft.counting().tallies().iter().all(Tally::is_met)
}

/// People who have still to countersign the head.
pub(super) fn countersigners(state: &State) -> Vec<&str> {
    let people = state.plan().people.keys().map(String::as_str);
    people.filter(|person| to_countersign(state, person).is_ok()).collect()
}

/// What can be done now, the likely first.
pub(super) fn offers(state: &State) -> Vec<Offer> {
    let mut offers = match state.phase() {
        Phase::Keys => keys(state),
        Phase::Sealing => Vec::new(),
        Phase::Collecting => collecting(state),
        Phase::Closed => {
            let owed = countersigners(state).into_iter();
            owed.map(|who| (Act::Countersign(who.to_owned()), said::countersigns(&named(state.plan(), who))))
                .collect()
        }
        Phase::Aborted => Vec::new(),
    };
    if state.phase().is_over() {
        if state.phase() == Phase::Closed {
            offers.push((Act::Boxes, said::BOXES.to_owned()));
        }
        offers.push((Act::Addendum, said::ADDENDUM.to_owned()));
        offers.push((Act::Read, said::READ.to_owned()));
        offers.push((Act::Stop, said::FINISH.to_owned()));
        return offers;
    }
    offers.push((Act::Read, said::READ.to_owned()));
    offers.push((Act::Else, said::ELSE.to_owned()));
    offers.push((Act::Stop, said::STOP.to_owned()));
    offers
}

fn keys(state: &State) -> Vec<Offer> {
    let offer = |key: &str| {
        let holders = state.plan().keys.get(key).map(|key| key.holders.as_slice()).unwrap_or_default();
        let holders: Vec<String> = holders.iter().map(|holder| named(state.plan(), holder)).collect();
        let text = match state.generated(key) {
            None => said::make_the_key(key, &holders.join(", ")),
            Some(_) => said::make_the_card(key, &holders.join(", ")),
        };
        (Act::Key(key.to_owned()), text)
    };
    state.cards_to_make().map(offer).collect()
}

fn collecting(state: &State) -> Vec<Offer> {
    let open: Vec<DraftNow<'_>> = state.drafts().filter(|draft| draft.final_file().is_none()).collect();
    let mut offers = Vec::new();
    if open.is_empty() {
        offers.push((Act::Close, said::CLOSE.to_owned()));
    } else {
        if open.iter().any(is_complete) {
            let letters: Vec<&str> = open.iter().filter(|d| is_complete(d)).map(DraftNow::letter).collect();
            offers.push((Act::Finalize, said::finalize(&letters.join(", "))));
        }
        let (people, machine) = waited_for(state);
        let here: BTreeSet<&str> = state.present().collect();
        let are_many = people.len() > NAMED;
        let (present, away): (Vec<&str>, Vec<&str>) = people.into_iter().partition(|who| here.contains(who));
        offers.extend(
            present
                .into_iter()
                .map(|who| (Act::Sign(who.to_owned()), said::signs(&named(state.plan(), who)))),
        );
        if machine {
            offers.push((Act::SignForMachine, said::MACHINE_SIGNS.to_owned()));
        }
        if are_many {
            offers.push((Act::SignAnother, said::ANOTHER_SIGNS.to_owned()));
        } else {
            offers
                .extend(away.into_iter().map(|who| {
                    (Act::Sign(who.to_owned()), said::comes_and_signs(&named(state.plan(), who)))
                }));
        }
        offers.push((Act::Export, said::EXPORT.to_owned()));
        offers.push((Act::Import, said::IMPORT.to_owned()));
    }
    offers
}

/// A person's full name, as the plan has it.
pub(super) fn named(plan: &Plan, person: &str) -> String {
    let known = plan.people.get(person);
    let Some(known) = known else { return identifier(person, NAME) };
    let namesakes = plan.people.values().filter(|other| other.name == known.name).count();
    let full = cell(&known.name, NAME);
    if namesakes > 1 { said::namesake(&full, person) } else { full }
}

#[cfg(test)]
mod tests;

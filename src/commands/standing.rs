//! What `status` says of a ceremony's folder: where it stands, who has signed which draft on which side, who has decided
//! what, here and on other machines, what is still missing and what comes next.

use std::collections::BTreeMap;

use serde::Serialize;
use tuf_ceremony::bundle::Record;
use tuf_ceremony::card::Card;
use tuf_ceremony::digest::Digest;
use tuf_ceremony::keyset::Tally;
use tuf_ceremony::materials::Materials;
use tuf_ceremony::plan::Plan;
use tuf_ceremony::seal::{Inputs, fingerprints};
use tuf_ceremony::state::{Attempt, Decision, DraftNow, State};
use tuf_ceremony::transcript::event::Event;

use super::next;
use super::status::DraftFacts;
use crate::desk::table::Left;
use crate::fault::Fault;
use crate::operator::clean::{cell, identifier, quoted};
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::wording::{self, ceremony as said};
use crate::report::columns::{fact, sentence};
use crate::report::{self, CLAUSE, NAME, Names};

/// The facts of a folder, as `--json` prints them.
#[derive(Serialize)]
pub(super) struct FolderFacts {
    folder: String,
    title: String,
    kind: &'static str,
    ceremony: String,
    generation: u64,
    rehearsal: bool,
    machine: String,
    phase: &'static str,
    date: String,
    devices: u64,
    lines: u64,
    head: String,
    torn_bytes: usize,
    missing: Vec<String>,
    unexplained: Vec<String>,
    drafts: Vec<LetteredFacts>,
    to_be_made: Vec<String>,
    in_doubt: Vec<AttemptFacts>,
    split_chains: Vec<String>,
    not_recomputed: Vec<String>,
}

#[derive(Serialize)]
struct LetteredFacts {
    letter: String,
    r#final: Option<String>,
    decisions: Vec<DecisionFacts>,
    missing_grants: Vec<GrantFacts>,
    /// Keys whose signatures are here and do not count, because no signer of theirs granted what the draft needs.
    not_counting: Vec<String>,
    #[serde(flatten)]
    draft: DraftFacts,
}

#[derive(Serialize)]
struct DecisionFacts {
    person: String,
    /// The machine that says so; none for this one.
    machine: Option<String>,
    decision: &'static str,
    reason: Option<String>,
}

#[derive(Serialize)]
struct GrantFacts {
    person: String,
    control: &'static str,
    about: String,
}

#[derive(Serialize)]
struct AttemptFacts {
    line: u64,
    person: String,
    token: String,
}

/// Whose key is whose in a ceremony: the holder's record outranks its cards and its plan.
pub(super) fn names(state: &State, materials: &dyn Materials, names: Names) -> Names {
    let cards = state.cards().values().map(|card| card.sha256);
    told_by(state.plan(), &state.sealing_inputs(materials), cards, names)
}

/// Whose key is whose by what a bundle of a ceremony carries.
pub(super) fn recorded(record: &Record, names: Names) -> Names {
    let inputs = Inputs {
        cards: record.cards().clone(),
        delta: record.delta(),
        spec_version: record.spec_version(),
        materials: record,
    };
    told_by(record.plan(), &inputs, record.cards().values().copied(), names)
}

fn told_by(plan: &Plan, inputs: &Inputs<'_>, cards: impl Iterator<Item = Digest>, mut names: Names) -> Names {
    // The keys were read when the folder was resumed or the bundle was made; what cannot be read names nobody.
    if let Ok(keys) = fingerprints(plan, inputs) {
        names.say_plan(plan, &keys);
    }
    for sha256 in cards {
        let read = inputs.materials.bytes(sha256).and_then(|bytes| Card::read(&bytes).ok());
        read.iter().for_each(|card| names.say_card(card));
    }
    names
}

/// There is no draft of that letter.
pub(super) fn no_draft_of(letters: &[&str], letter: &str) -> Fault {
    let sentence = said::no_draft_lettered(&identifier(letter, NAME));
    Fault::usage(sentence).now(said::name_a_letter(&letters.join(", ")))
}

/// Somebody who speaks must stand in the plan: nobody else was announced to the signers. A plan without people takes
/// anybody's name.
pub(super) fn check_speaker(state: &State, person: &str) -> Result<(), Fault> {
    let people = &state.plan().people;
    if people.is_empty() || people.contains_key(person) {
        return Ok(());
    }
    let names: Vec<&str> = people.keys().map(String::as_str).collect();
    let sentence = said::nobody_called(&identifier(person, NAME));
    Err(Fault::usage(sentence).now(wording::planning::name_one_of(&names.join(", "))))
}

/// Which ceremony it is, for pages on folders and bundles alike.
#[derive(Debug, Clone, Serialize)]
pub(super) struct CeremonyFacts {
    ceremony: String,
    title: String,
    kind: &'static str,
    generation: u64,
    rehearsal: bool,
}

impl CeremonyFacts {
    pub(super) fn of_state(state: &State) -> CeremonyFacts {
        CeremonyFacts {
            ceremony: state.ceremony().to_string(),
            title: state.plan().title.clone(),
            kind: state.plan().kind.name(),
            generation: state.generation(),
            rehearsal: state.opened().rehearsal,
        }
    }

    pub(super) fn of_record(record: &Record) -> CeremonyFacts {
        CeremonyFacts {
            ceremony: record.id().to_string(),
            title: record.plan().title.clone(),
            kind: record.plan().kind.name(),
            generation: record.generation(),
            rehearsal: record.is_rehearsal(),
        }
    }

    pub(super) fn tell(&self, screen: &mut Screen<'_>) -> Result<(), ScreenFault> {
        fact(screen, said::TITLE, &quoted(&self.title, NAME))?;
        fact(screen, wording::planning::KIND, &wording::planning::kind(self.kind, self.rehearsal))?;
        if self.generation > 0 {
            sentence(screen, 2, &said::plan_changed(self.generation))?;
        }
        fact(screen, said::CEREMONY, &self.ceremony)
    }
}

impl FolderFacts {
    pub(super) fn of(folder: String, state: &State, names: &Names, left: &Left) -> FolderFacts {
        let attempt = |attempt: &Attempt| AttemptFacts {
            line: attempt.line,
            person: attempt.begun.person.clone(),
            token: attempt.begun.token.clone(),
        };
        FolderFacts {
            folder,
            title: state.plan().title.clone(),
            kind: state.plan().kind.name(),
            ceremony: state.ceremony().to_string(),
            generation: state.generation(),
            rehearsal: state.opened().rehearsal,
            machine: state.machine().to_string(),
            phase: state.phase().name(),
            date: state.date().spelled().to_owned(),
            devices: state.devices(),
            lines: state.lines(),
            head: state.head().to_string(),
            torn_bytes: left.torn,
            missing: left.missing.clone(),
            unexplained: left.unexplained.clone(),
            drafts: state.drafts().map(|draft| LetteredFacts::of(&draft, state, names)).collect(),
            to_be_made: state.cards_to_make().map(str::to_owned).collect(),
            in_doubt: state.in_doubt().map(attempt).collect(),
            split_chains: state.split_chains().iter().map(ToString::to_string).collect(),
            not_recomputed: state.not_recomputed().iter().map(|n| n.file.path.clone()).collect(),
        }
    }
}

impl LetteredFacts {
    fn of(draft: &DraftNow<'_>, state: &State, names: &Names) -> LetteredFacts {
        let decision = |machine: Option<Digest>, person: &str, decision: &Decision| DecisionFacts {
            person: person.to_owned(),
            machine: machine.map(|machine| machine.to_string()),
            decision: match decision {
                Decision::Consented(_) => "consented",
                Decision::Declined(_) => "declined",
            },
            reason: match decision {
                Decision::Consented(_) => None,
                Decision::Declined(declined) => Some(declined.reason.clone()),
            },
        };
        let grant =
            |(person, control, about): (String, &'static str, String)| GrantFacts { person, control, about };
        LetteredFacts {
            letter: draft.letter().to_owned(),
            r#final: draft.final_file().map(|file| file.path.clone()),
            decisions: draft
                .decisions()
                .map(|(person, said)| decision(None, person, said))
                .chain(
                    elsewhere(draft, state)
                        .iter()
                        .map(|((machine, person), said)| decision(Some(*machine), person, said)),
                )
                .collect(),
            missing_grants: missing_grants(draft, state).into_iter().map(grant).collect(),
            not_counting: draft.ungranted_keys().iter().map(ToString::to_string).collect(),
            draft: DraftFacts::named(&draft.counting(), names),
        }
    }
}

/// What people last said of a draft on other machines, as the believed lines of those tell: a refusal far away is one that
/// nobody here should wait for.
fn elsewhere(draft: &DraftNow<'_>, state: &State) -> BTreeMap<(Digest, String), Decision> {
    let mut told = BTreeMap::new();
    for (machine, lines) in state.others() {
        for entry in lines.entries() {
            let (about, person, decision) = match &entry.event {
                Event::Consented(said) => (said.draft, &said.person, Decision::Consented(said.clone())),
                Event::Declined(said) => (said.draft, &said.person, Decision::Declined(said.clone())),
                _ => continue,
            };
            if about == draft.payload() {
                told.insert((*machine, person.clone()), decision);
            }
        }
    }
    told
}

/// Who of those who may sign a draft has not granted an exception that it needs.
fn missing_grants(draft: &DraftNow<'_>, state: &State) -> Vec<(String, &'static str, String)> {
    let people = state.plan().people.keys().filter(|person| may_sign(draft, state, person));
    let missing = |person: &String| {
        let finding = draft.missing_grant(person)?;
        Some((person.clone(), finding.control.code(), finding.about.clone()))
    };
    people.filter_map(missing).collect()
}

fn may_sign(draft: &DraftNow<'_>, state: &State, person: &str) -> bool {
    let tallies = draft.part().tallies();
    let voices = tallies.iter().flat_map(|tally| tally.counted.iter().chain(&tally.waiting));
    voices.map(|voice| voice.key).any(|key| state.holders(key).contains(person))
}

/// Tells people.
pub(super) fn tell(
    screen: &mut Screen<'_>,
    state: &State,
    names: &Names,
    left: &Left,
) -> Result<(), ScreenFault> {
    screen.heading(&said::titled(&quoted(&state.plan().title, NAME)))?;
    fact(
        screen,
        wording::planning::KIND,
        &wording::planning::kind(state.plan().kind.name(), state.opened().rehearsal),
    )?;
    fact(screen, said::STAGE, &said::stage(state.phase().name(), state.generation()))?;
    fact(screen, said::DATE, state.date().spelled())?;
    fact(screen, said::CEREMONY, &state.ceremony().to_string())?;
    fact(screen, said::MACHINE, &state.machine().to_string())?;
    if left.torn > 0 {
        sentence(screen, 2, said::TORN)?;
    }
    for path in &left.missing {
        sentence(screen, 2, &said::missing(&cell(path, NAME)))?;
    }
    for path in &left.unexplained {
        sentence(screen, 2, &said::unexplained(&cell(path, NAME)))?;
    }
    for key in state.cards_to_make() {
        sentence(screen, 2, &wording::planning::to_be_made(key))?;
    }
    for attempt in state.in_doubt() {
        let (person, token) = (identifier(&attempt.begun.person, NAME), cell(&attempt.begun.token, CLAUSE));
        sentence(screen, 2, &said::in_doubt(attempt.line, &person, &token))?;
    }
    for machine in state.split_chains() {
        sentence(screen, 2, &said::told_in_two_ways(&machine.to_string()))?;
    }
    for gone in state.not_recomputed() {
        sentence(screen, 2, &said::not_recomputed(gone.line, &cell(&gone.file.path, NAME)))?;
    }
    for draft in state.drafts() {
        screen.blank()?;
        lettered(screen, &draft, state, names)?;
    }
    screen.blank()?;
    sentence(screen, 0, &next::step(state))?;
    screen.blank()?;
    report::head(screen, state.lines(), state.head())
}

fn lettered(
    screen: &mut Screen<'_>,
    draft: &DraftNow<'_>,
    state: &State,
    names: &Names,
) -> Result<(), ScreenFault> {
    let part = draft.counting();
    screen.heading(&report::titled(draft.letter(), part.draft()))?;
    fact(screen, wording::planning::SIGNED_PART, &draft.payload().to_string())?;
    report::tallies(screen, &part, names)?;
    for key in draft.ungranted_keys() {
        sentence(screen, 2, &said::not_counting(&key.to_string()))?;
    }
    for key in draft.part().signatures().signed_twice() {
        screen.line(&wording::signed_twice(&key.to_string()))?;
    }
    for (person, decision) in draft.decisions() {
        let person = identifier(person, NAME);
        sentence(
            screen,
            2,
            &match decision {
                Decision::Consented(_) => said::consented(&person),
                Decision::Declined(declined) => said::declined(&person, &quoted(&declined.reason, CLAUSE)),
            },
        )?;
    }
    for ((machine, person), decision) in elsewhere(draft, state) {
        let person = identifier(&person, NAME);
        let said = match &decision {
            Decision::Consented(_) => said::consented(&person),
            Decision::Declined(declined) => said::declined(&person, &quoted(&declined.reason, CLAUSE)),
        };
        sentence(screen, 2, &said)?;
        fact(screen, said::TOLD_BY, &machine.to_string())?;
    }
    for (person, control, about) in missing_grants(draft, state) {
        sentence(
            screen,
            2,
            &said::not_granted(&identifier(&person, NAME), control, &identifier(&about, NAME)),
        )?;
    }
    match draft.final_file() {
        Some(file) => sentence(screen, 2, &said::is_final(&cell(&file.path, NAME))),
        None => {
            let missing = part.tallies().iter().map(Tally::missing).max().unwrap_or(0);
            screen.line(&wording::completeness(missing))
        }
    }
}

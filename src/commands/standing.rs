//! What `status` says of a ceremony's folder: where it stands, who has signed which draft on which side, who has decided
//! what, here and on other machines, what is still missing and what comes next.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Serialize;
use tuf_ceremony::card::Card;
use tuf_ceremony::digest::Digest;
use tuf_ceremony::keyset::Tally;
use tuf_ceremony::materials::Materials;
use tuf_ceremony::seal::fingerprints;
use tuf_ceremony::state::{Attempt, Decision, DraftNow, Phase, State};
use tuf_ceremony::transcript::event::Event;

use super::status::DraftFacts;
use crate::desk::table::{Amiss, Table};
use crate::dossier::{Mended, Mending};
use crate::operator::clean::{cell, identifier, quoted, quoted_path, visible_path};
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::wording::{self, ceremony as said, folder, replay};
use crate::report::columns::{fact, sentence};
use crate::report::{self, CLAUSE, NAME, Names};

/// How many files are named of each way in which a folder is amiss.
const AMISS: usize = 20;

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
    altered: Vec<String>,
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
pub(super) fn names(state: &State, materials: &dyn Materials, mut names: Names) -> Names {
    let inputs = state.sealing_inputs(materials);
    // A folder that is shown was resumed, so its keys were read before; what is gone since names nobody.
    if let Ok(keys) = fingerprints(state.plan(), &inputs) {
        names.say_plan(state.plan(), &keys);
    }
    for card in state.cards().values() {
        let read = materials.bytes(card.sha256).and_then(|bytes| Card::read(&bytes).ok());
        read.iter().for_each(|card| names.say_card(card));
    }
    names
}

impl FolderFacts {
    pub(super) fn of(folder: String, state: &State, names: &Names, amiss: &Amiss) -> FolderFacts {
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
            torn_bytes: amiss.torn,
            altered: visible(&amiss.altered),
            missing: visible(&amiss.missing),
            unexplained: visible(&amiss.unexplained),
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
            draft: DraftFacts::named(draft.part(), names),
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
    amiss: &Amiss,
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
    is_amiss(screen, amiss)?;
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
    let is_altered = !amiss.altered.is_empty();
    sentence(screen, 0, &if is_altered { folder::BRING_IT_BACK.to_owned() } else { next(state) })?;
    screen.blank()?;
    report::head(screen, state.lines(), state.head())
}

/// What in the folder is not as the lines say, before anything that the lines say.
fn is_amiss(screen: &mut Screen<'_>, amiss: &Amiss) -> Result<(), ScreenFault> {
    if amiss.torn > 0 {
        sentence(screen, 2, said::TORN)?;
    }
    let told = [
        (&amiss.altered, replay::altered as fn(&str) -> String),
        (&amiss.missing, replay::missing),
        (&amiss.unexplained, replay::unexplained),
    ];
    for (paths, says) in told {
        for path in paths.iter().take(AMISS) {
            sentence(screen, 2, &says(&quoted_path(path)))?;
        }
        if paths.len() > AMISS {
            sentence(screen, 2, &said::more_amiss((paths.len() - AMISS) as u64))?;
        }
    }
    Ok(())
}

fn visible(paths: &[PathBuf]) -> Vec<String> {
    paths.iter().map(|path| visible_path(path).into_owned()).collect()
}

fn lettered(
    screen: &mut Screen<'_>,
    draft: &DraftNow<'_>,
    state: &State,
    names: &Names,
) -> Result<(), ScreenFault> {
    let part = draft.part();
    screen.heading(&report::titled(draft.letter(), part.draft()))?;
    fact(screen, wording::planning::SIGNED_PART, &draft.payload().to_string())?;
    report::tallies(screen, part, names)?;
    for key in part.signatures().signed_twice() {
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

/// Tells what was put right when the folder was opened, and which lines the head on paper does not cover: nobody should find
/// a folder changed and not know why.
pub(super) fn mended(screen: &mut Screen<'_>, table: &Table) -> Result<(), ScreenFault> {
    let mended = table.mended();
    if table.behind_head() > 0 {
        sentence(screen, 0, &said::behind_head(table.behind_head()))?;
        screen.blank()?;
    }
    let mut added: BTreeMap<&Path, u64> = BTreeMap::new();
    for Mended { folder, what } in mended {
        let place = quoted_path(folder);
        let told = match what {
            Mending::Added(_) => {
                *added.entry(folder).or_default() += 1;
                continue;
            }
            Mending::Swept(_) => continue,
            Mending::SetAside { from, to } => said::set_aside(&place, &cell(from, NAME), &cell(to, NAME)),
            Mending::CutOff { bytes } => said::cut_off(&place, *bytes),
            Mending::CaughtUp { lines } => said::caught_up(&place, *lines),
        };
        sentence(screen, 0, &told)?;
    }
    for (folder, files) in added {
        sentence(screen, 0, &said::filled_up(&quoted_path(folder), files))?;
    }
    if mended.iter().any(|mended| !matches!(mended.what, Mending::Swept(_))) {
        screen.blank()?;
    }
    Ok(())
}

/// How the ceremony ended, once it has.
pub(super) fn end(state: &State) -> Option<String> {
    match state.phase() {
        Phase::Closed => Some(match (state.unfinished().len() as u64, state.finals().is_empty()) {
            (0, _) => said::NEXT_CLOSED.to_owned(),
            (open, nothing) => said::closed_unfinished(open, nothing),
        }),
        Phase::Aborted => Some(said::NEXT_ABORTED.to_owned()),
        Phase::Keys | Phase::Sealing | Phase::Collecting => None,
    }
}

/// The one thing that comes next.
fn next(state: &State) -> String {
    if let Some(end) = end(state) {
        return end;
    }
    match state.phase() {
        Phase::Keys => said::NEXT_KEYS.to_owned(),
        Phase::Sealing => said::NEXT_SEAL.to_owned(),
        Phase::Closed | Phase::Aborted => String::new(),
        Phase::Collecting => {
            let open: Vec<DraftNow<'_>> =
                state.drafts().filter(|draft| draft.final_file().is_none()).collect();
            let complete = |draft: &&DraftNow<'_>| draft.part().tallies().iter().all(Tally::is_met);
            match (open.is_empty(), open.iter().find(complete)) {
                (true, _) => said::NEXT_CLOSE.to_owned(),
                (false, Some(draft)) => said::next_finalize(draft.letter()),
                (false, None) => said::NEXT_COLLECT.to_owned(),
            }
        }
    }
}

//! What `status` says of a ceremony's folder: where it stands, who has signed which draft on which side, who has decided
//! what, here and on other machines, what is still missing and what comes next.

mod facts;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Serialize;
use tuf_ceremony::bundle::{Bundle, Part, Record};
use tuf_ceremony::card::Card;
use tuf_ceremony::digest::Digest;
use tuf_ceremony::keyset::Tally;
use tuf_ceremony::materials::Materials;
use tuf_ceremony::plan::Plan;
use tuf_ceremony::seal::{Inputs, fingerprints};
use tuf_ceremony::state::{Decision, DraftNow, Phase, State};
use tuf_ceremony::transcript::event::{Event, SealedFinding};

pub(super) use facts::{CeremonyFacts, DraftFacts, FolderFacts};

use crate::cli::spoken;
use crate::desk::table::{Left, Table};
use crate::dossier::{Mended, Mending};
use crate::fault::Fault;
use crate::operator::clean::{cell, identifier, quoted, quoted_path};
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::wording::{self, ceremony as said};
use crate::report::columns::{fact, sentence};
use crate::report::{self, CLAUSE, NAME, Names, trouble};

/// Whose key is whose in a ceremony: the holder's record outranks its cards and its plan.
pub(super) fn names(state: &State, materials: &dyn Materials, mut names: Names) -> Names {
    state.drafts().for_each(|draft| names.say_draft(draft.payload(), draft.letter()));
    let cards = state.cards().values().map(|card| card.sha256);
    let inputs = state.sealing_inputs(materials);
    names.say_homes(state.plan(), &inputs, Some(state.date()));
    told_by(state.plan(), &inputs, cards, names)
}

/// Whose key is whose by what a bundle of a ceremony carries.
pub(super) fn recorded(record: &Record, bundle: &Bundle, mut names: Names) -> Names {
    by_letter(bundle)
        .iter()
        .for_each(|(letter, part)| names.say_draft(part.draft().metadata().payload(), letter));
    let inputs = inputs_of(record);
    names.say_homes(record.plan(), &inputs, None);
    told_by(record.plan(), &inputs, record.cards().values().copied(), names)
}

/// What sealing needs, out of what a bundle of a ceremony carries.
pub(super) fn inputs_of(record: &Record) -> Inputs<'_> {
    Inputs {
        cards: record.cards().clone(),
        delta: record.delta(),
        spec_version: record.spec_version(),
        materials: record,
    }
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

/// The drafts of a bundle with their letters and in their order: a ceremony's as its lines tell them.
pub(super) fn by_letter(bundle: &Bundle) -> Vec<(String, &Part)> {
    let parts: Vec<&Part> = bundle.parts().collect();
    let told = |part: &&Part| bundle.record()?.letter(part.draft().metadata().payload());
    let letters = letters(&parts.iter().map(told).collect::<Vec<_>>());
    let mut drafts: Vec<(String, &Part)> = letters.into_iter().zip(parts).collect();
    // Z stands before AA.
    drafts.sort_by(|(a, _), (b, _)| (a.len(), a).cmp(&(b.len(), b)));
    drafts
}

/// Letters as lines tell them, if they letter the drafts as we do: each once, none left out. Others are not believed, since a
/// letter is what people say to each other.
fn letters(told: &[Option<&str>]) -> Vec<String> {
    let own: Vec<String> = (0..told.len()).map(report::letter).collect();
    let all: Option<Vec<&str>> = told.iter().copied().collect();
    let wanted: BTreeSet<&str> = own.iter().map(String::as_str).collect();
    match all.filter(|all| all.iter().copied().collect::<BTreeSet<_>>() == wanted) {
        Some(all) => all.into_iter().map(str::to_owned).collect(),
        None => own,
    }
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
    spoken("--as", Some(person))?;
    if people.is_empty() || people.contains_key(person) {
        return Ok(());
    }
    let names: Vec<&str> = people.keys().map(String::as_str).collect();
    let sentence = said::nobody_called(&identifier(person, NAME));
    Err(Fault::usage(sentence).now(wording::planning::name_one_of(&names.join(", "))))
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

/// An exception that counts as granted by nobody's line on this machine.
struct MissingGrant {
    person: String,
    control: &'static str,
    about: String,
    /// Machines whose lines tell that she granted it.
    told_by: Vec<Digest>,
}

/// Who of those who may sign a draft has not granted an exception that it needs, as far as this machine wrote down.
fn missing_grants(draft: &DraftNow<'_>, state: &State) -> Vec<MissingGrant> {
    let people = state.plan().people.keys().filter(|person| may_sign(draft, state, person));
    let missing = |person: &String| {
        let missing = |finding: &SealedFinding| {
            let (control, about) = (finding.control, finding.about.clone());
            let hers = draft.told_grants().filter(|(grant, _)| {
                grant.person == *person && grant.control == control && grant.about == about
            });
            let told_by: Vec<Digest> = hers.flat_map(|(_, machines)| machines).collect();
            MissingGrant { person: person.clone(), control: control.code(), about, told_by }
        };
        draft.missing_grants(person).map(missing).collect::<Vec<_>>()
    };
    people.flat_map(missing).collect()
}

/// A grant that other machines' lines tell and that does not count here.
#[derive(Debug, Clone, Serialize)]
pub(super) struct ToldGrant {
    person: String,
    control: &'static str,
    about: String,
    told_by: Vec<String>,
}

/// What other machines' lines tell of grants for a draft, and nobody wrote down here.
pub(super) fn told_grants(draft: &DraftNow<'_>) -> Vec<ToldGrant> {
    let told = draft.told_grants().map(|(grant, machines)| ToldGrant {
        person: grant.person.clone(),
        control: grant.control.code(),
        about: grant.about.clone(),
        told_by: machines.iter().map(Digest::to_string).collect(),
    });
    told.collect()
}

impl ToldGrant {
    pub(super) fn tell(&self, screen: &mut Screen<'_>) -> Result<(), ScreenFault> {
        let (person, about) = (identifier(&self.person, NAME), identifier(&self.about, NAME));
        sentence(screen, 2, &wording::granting::told(&person, self.control, &about))?;
        self.told_by.iter().try_for_each(|machine| fact(screen, said::TOLD_BY, machine))
    }
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
        sentence(screen, 2, &wording::planning::still_to_be_made(key, state.generated(key).is_some()))?;
    }
    for attempt in state.in_doubt() {
        let (person, token) = (identifier(&attempt.begun.person, NAME), cell(&attempt.begun.token, CLAUSE));
        sentence(screen, 2, &said::in_doubt(attempt.line, &person, &token))?;
    }
    for failed in trouble::failed(state) {
        sentence(screen, 2, &failed.told(state))?;
    }
    for owed in trouble::owed(state) {
        sentence(screen, 2, &owed.told())?;
    }
    report::notes(screen, state)?;
    for machine in state.split_chains() {
        sentence(screen, 2, &said::told_in_two_ways(&machine.to_string()))?;
    }
    for gone in state.not_recomputed() {
        sentence(screen, 2, &said::not_recomputed(gone.line, &cell(&gone.file.path, NAME)))?;
    }
    if !names.homes().is_empty() {
        screen.blank()?;
        report::attested::homes(screen, names.homes())?;
    }
    for draft in state.drafts() {
        screen.blank()?;
        lettered(screen, &draft, state, names)?;
    }
    screen.blank()?;
    sentence(screen, 0, &next(state))?;
    screen.blank()?;
    if state.phase() == Phase::Closed {
        report::publication(screen, state)?;
        screen.blank()?;
    }
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
    for missing in missing_grants(draft, state).iter().filter(|missing| missing.told_by.is_empty()) {
        let (person, about) = (identifier(&missing.person, NAME), identifier(&missing.about, NAME));
        sentence(screen, 2, &said::not_granted(&person, missing.control, &about))?;
    }
    for told in told_grants(draft) {
        told.tell(screen)?;
    }
    report::board::lacking(screen, state, draft, names)?;
    match draft.final_file() {
        Some(file) => sentence(screen, 2, &said::is_final(&cell(&file.path, NAME))),
        None => {
            let missing = part.tallies().iter().map(Tally::missing).max().unwrap_or(0);
            screen.line(&wording::completeness(missing))
        }
    }
}

/// Tells what was put right when the folder was opened: nobody should find a folder changed and not know why.
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
    let open = state.unfinished().len() as u64;
    match state.phase() {
        Phase::Closed => Some(match (state.opened().rehearsal, open) {
            (true, 0) => wording::standing::PRACTISED.to_owned(),
            (true, open) => wording::standing::practised_unfinished(open),
            (false, 0) => said::NEXT_CLOSED.to_owned(),
            (false, open) => said::closed_unfinished(open, state.finals().is_empty()),
        }),
        Phase::Aborted => Some(said::NEXT_ABORTED.to_owned()),
        Phase::Keys | Phase::Sealing | Phase::Collecting => None,
    }
}

/// The one thing that comes next.
pub(super) fn next(state: &State) -> String {
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
            let complete = |draft: &&DraftNow<'_>| draft.counting().tallies().iter().all(Tally::is_met);
            match (open.is_empty(), open.iter().find(complete)) {
                (true, _) => said::NEXT_CLOSE.to_owned(),
                (false, Some(draft)) => said::next_finalize(draft.letter()),
                (false, None) if open.iter().any(|draft| draft.told_grants().next().is_some()) => {
                    wording::granting::NEXT_HEAR.to_owned()
                }
                (false, None) => said::NEXT_COLLECT.to_owned(),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn letters_are_believed_only_where_each_draft_has_its_own_of_ours() {
        assert_eq!(letters(&[Some("B"), Some("A")]), ["B", "A"]);
        for odd in [[Some("A"), Some("A")], [Some("B"), Some("C")], [Some("A"), None], [Some("a"), Some("b")]]
        {
            assert_eq!(letters(&odd), ["A", "B"]);
        }
    }
}

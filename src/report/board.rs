//! The board: what is always on screen while a ceremony is guided. Where it stands, who is here, and per draft who has signed on
//! which side, who still can, and whether that is enough. It remembers nothing: all of it comes from the state.
//!
//! It is short, since a question stands below it on the same page: a rotation of two drafts takes at most twelve lines of 80
//! columns. Long lists are cut with an honest count; a draft that lacks something is never left out.

mod drafts;
mod steps;

pub use drafts::lacking;

use tuf_ceremony::attestation::Attested;
use tuf_ceremony::plan::Plan;
use tuf_ceremony::state::{Phase, State};
use tuf_ceremony::transcript::event::Event;

use super::columns::{WIDTH, fact, sentence};
use super::notes::noted;
use super::{NAME, Names, trouble};
use crate::operator::clean::{cell, quoted};
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::wording::{board as said, planning};

/// Columns before the text of a fact.
const FACT: usize = 15;

/// Characters of the title in its quotes.
const TITLE: usize = 69;

/// Shows where a ceremony stands.
///
/// # Errors
/// As [`Screen::line`].
pub fn board(screen: &mut Screen<'_>, state: &State, names: &Names) -> Result<(), ScreenFault> {
    let plan = state.plan();
    // No rule below it, since each line counts; its quotes are ours, also where it is cut.
    let title = quoted(&cut(&plan.title, TITLE - 2), TITLE);
    screen.labelled(said::CEREMONY, &cut(&title, TITLE))?;
    let mark = if state.opened().rehearsal { said::A_REHEARSAL } else { said::REAL };
    let head = &state.head().to_string()[..8];
    fact(screen, planning::KIND, &said::kind_and_head(plan.kind.name(), mark, state.lines(), head))?;
    if state.phase() == Phase::Aborted {
        sentence(screen, 2, said::ABORTED)?;
    } else {
        steps::tell(screen, state)?;
    }
    if !state.phase().is_over() {
        people(screen, state)?;
    }
    homes(screen, state, names)?;
    written(screen, state)?;
    drafts::tell(screen, state, names)?;
    troubles(screen, state)
}

/// Keys on PIV cards of which somebody should know more, as long as something can be signed; the pages say why.
fn homes(screen: &mut Screen<'_>, state: &State, names: &Names) -> Result<(), ScreenFault> {
    if state.phase().is_over() {
        return Ok(());
    }
    let named = |is: fn(&Attested) -> bool| -> Vec<String> {
        names.homes().iter().filter(|it| is(&it.attested)).map(|it| cell(&it.name, NAME)).collect()
    };
    let rows = [
        (said::UNPROVEN, named(|it| it.proof().is_none())),
        (said::WARNED_OF, named(|it| !it.advised.is_empty())),
    ];
    for (label, keys) in rows.iter().filter(|(_, keys)| !keys.is_empty()) {
        fact(screen, label, &fitting(keys, WIDTH - FACT))?;
    }
    Ok(())
}

/// How much people wrote down beside the steps; `status` has their words.
fn written(screen: &mut Screen<'_>, state: &State) -> Result<(), ScreenFault> {
    let noted = noted(state);
    let incidents = noted.iter().filter(|note| note.incident).count();
    match noted.len() {
        0 => Ok(()),
        all => fact(screen, said::WRITTEN, &said::written(all - incidents, incidents)),
    }
}

/// Who says that she is here. Nobody checked it.
fn people(screen: &mut Screen<'_>, state: &State) -> Result<(), ScreenFault> {
    let called = |person: &str| full(state.plan(), person);
    let here: Vec<String> = state.present().map(called).collect();
    let gone: Vec<String> = state.left().map(called).collect();
    match here.is_empty() {
        true => fact(screen, said::SAID_HERE, said::NOBODY_SAID)?,
        false => listed(screen, said::SAID_HERE, &here)?,
    }
    if !gone.is_empty() {
        listed(screen, said::GONE, &gone)?;
    }
    // A key that was made waits for its card alone.
    let (made, to_make): (Vec<&str>, Vec<&str>) =
        state.cards_to_make().partition(|key| state.generated(key).is_some());
    for (label, keys) in [(said::TO_CARD, made), (said::TO_MAKE, to_make)] {
        let keys: Vec<String> = keys.into_iter().map(|key| cell(key, NAME)).collect();
        if !keys.is_empty() {
            fact(screen, label, &fitting(&keys, WIDTH - FACT))?;
        }
    }
    if state.is_on_break() {
        let began = state.transcript().entries().iter().rev().find_map(|entry| match &entry.event {
            Event::BreakBegan(note) => Some((entry.n, note)),
            _ => None,
        });
        let told =
            began.map(|(line, note)| said::on_a_break(line, &cell(&note.by, NAME), &cell(&note.text, NAME)));
        told.map_or(Ok(()), |told| screen.line(&cut(&told, WIDTH)))?;
    }
    Ok(())
}

/// A list on at most two lines, broken between its items.
fn listed(screen: &mut Screen<'_>, label: &str, items: &[String]) -> Result<(), ScreenFault> {
    let room = WIDTH - FACT;
    let is_whole = |count: &usize| items[..*count].join(", ").chars().count() < room;
    match (1..items.len()).rev().find(is_whole) {
        Some(first) if items.join(", ").chars().count() > room => {
            fact(screen, label, &(items[..first].join(", ") + ","))?;
            fact(screen, "", &fitting(&items[first..], room))
        }
        _ => fact(screen, label, &fitting(items, room)),
    }
}

/// A person by both her names; whoever the plan does not know has the one that she gave.
fn full(plan: &Plan, person: &str) -> String {
    let short = cell(person, NAME);
    match plan.people.get(person) {
        Some(known) => said::person(&cell(&known.name, NAME), &short),
        None => short,
    }
}

fn troubles(screen: &mut Screen<'_>, state: &State) -> Result<(), ScreenFault> {
    // What she signed since is settled; `status` tells of it all the same.
    for attempt in state.in_doubt().filter(|attempt| !trouble::is_settled(state, attempt)) {
        let (person, draft) = (cell(&attempt.begun.person, NAME), trouble::draft_of(state, attempt));
        screen.line(&cut(&said::in_doubt(attempt.line, &person, &draft), WIDTH))?;
    }
    for failed in trouble::failed(state) {
        let (line, begun) = (failed.attempt.line, &failed.attempt.begun);
        let draft = trouble::draft_of(state, failed.attempt);
        let told = said::failed(line, &cell(&begun.person, NAME), &draft) + failed.why;
        screen.line(&cut(&told, WIDTH))?;
    }
    let owed: Vec<String> = trouble::owed(state).iter().map(|owed| owed.holders.join("/")).collect();
    match owed.is_empty() {
        true => Ok(()),
        false => {
            let room = WIDTH - said::TO_COUNTERSIGN.len();
            screen.line(&format!("{}{}", said::TO_COUNTERSIGN, fitting(&owed, room)))
        }
    }
}

/// As many of `items` as `room` columns hold, and how many more there are; at least that count.
fn fitting(items: &[String], room: usize) -> String {
    let with = |shown: usize| match (shown, items.len() - shown) {
        (_, 0) => items.join(", "),
        (0, all) => said::in_all(all),
        (_, more) => format!("{} {}", items[..shown].join(", "), said::and_more(more)),
    };
    let fits = |shown: &usize| with(*shown).chars().count() <= room;
    with((0..=items.len()).rev().find(fits).unwrap_or(0))
}

/// The beginning of a line that is too long, with dots where it is cut. Its whole text stands in `status`.
fn cut(text: &str, room: usize) -> String {
    let text = crate::operator::clean::visible(text);
    match text.chars().count() <= room {
        true => text.into_owned(),
        false => text.chars().take(room - 3).collect::<String>() + "...",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_cut_where_its_room_ends_and_says_how_many_more_there_are() {
        let items = ["anna", "bela", "carla"].map(str::to_owned);
        assert_eq!(fitting(&items, 17), "anna, bela, carla");
        assert_eq!(fitting(&items, 16), "anna and 2 more");
        assert_eq!(fitting(&items, 3), "3 in all");
    }

    #[test]
    fn a_line_that_is_too_long_ends_in_dots() {
        assert_eq!(cut("abcdef", 6), "abcdef");
        assert_eq!(cut("abcdefg", 6), "abc...");
    }
}

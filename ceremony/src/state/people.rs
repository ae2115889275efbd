//! Who is in the room, whether it is a break, and which date people read off a clock.

use std::collections::BTreeMap;

use super::Illegal;
use crate::time::Moment;
use crate::transcript::event::DateStated;

/// The room.
#[derive(Debug, Clone)]
pub(super) struct Room {
    /// Whoever was ever here, and whether she is now.
    people: BTreeMap<String, bool>,
    on_break: bool,
    /// The line, and the date stated there.
    dates: Vec<(u64, Moment)>,
}

/// Reads a date as a person states it.
pub(super) fn date(text: &str) -> Result<Moment, Illegal> {
    Moment::parse_date_or_moment(text).map_err(|_| Illegal::Date { text: text.chars().take(40).collect() })
}

impl Room {
    pub(super) fn opened_on(date: Moment) -> Room {
        Room { people: BTreeMap::new(), on_break: false, dates: vec![(1, date)] }
    }

    pub(super) fn on_break(&self) -> bool {
        self.on_break
    }

    pub(super) fn dates(&self) -> &[(u64, Moment)] {
        &self.dates
    }

    pub(super) fn present(&self) -> impl Iterator<Item = &str> {
        self.people.iter().filter(|(_, here)| **here).map(|(person, _)| person.as_str())
    }

    pub(super) fn left(&self) -> impl Iterator<Item = &str> {
        self.people.iter().filter(|(_, here)| !**here).map(|(person, _)| person.as_str())
    }

    /// A date before the last one is taken, because the last one may have been a slip of the hand; it stays in sight.
    pub(super) fn state_date(&mut self, line: u64, stated: &DateStated) -> Result<(), Illegal> {
        self.dates.push((line, date(&stated.date)?));
        Ok(())
    }

    pub(super) fn come(&mut self, person: &str) -> Result<(), Illegal> {
        match self.people.insert(person.to_owned(), true) {
            Some(true) => Err(Illegal::Presence { person: person.to_owned(), here: true }),
            _ => Ok(()),
        }
    }

    pub(super) fn leave(&mut self, person: &str) -> Result<(), Illegal> {
        match self.people.get_mut(person).filter(|here| **here) {
            Some(here) => *here = false,
            None => return Err(Illegal::Presence { person: person.to_owned(), here: false }),
        }
        Ok(())
    }

    /// Whoever takes part need not have said that she is here; but somebody who left is not.
    pub(super) fn takes_part(&self, person: &str) -> Result<(), Illegal> {
        match self.people.get(person) {
            Some(false) => Err(Illegal::HasLeft { person: person.to_owned() }),
            _ => Ok(()),
        }
    }

    pub(super) fn begin_break(&mut self) {
        self.on_break = true;
    }

    pub(super) fn end_break(&mut self) -> Result<(), Illegal> {
        if !std::mem::take(&mut self.on_break) {
            return Err(Illegal::NoBreak);
        }
        Ok(())
    }
}

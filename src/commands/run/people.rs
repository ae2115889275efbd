//! Who is here, and who speaks. What people say of themselves is written down as what they say: no program knows a face.

use tuf_ceremony::plan::Plan;
use tuf_ceremony::transcript::event::{Event, PersonLeft, PersonPresent};

use super::{Halt, Runner};
use crate::operator::clean::{cell, identifier};
use crate::operator::wording::{self, guided as said};
use crate::report::NAME;

/// A person as a choice shows her: her full name, her part, and the plan's name of her.
fn shown(plan: &Plan, name: &str) -> String {
    let known = plan.people.get(name);
    let full = known.map_or_else(|| identifier(name, NAME), |known| cell(&known.name, NAME));
    // A name of the plan is lower-case ASCII; another one was typed here.
    let short = if known.is_some() { name.to_owned() } else { identifier(name, NAME) };
    said::person(&full, wording::part(known.map(|known| known.part)), &short)
}

impl Runner<'_> {
    /// One of the plan's people, or somebody who types her name where the plan names nobody.
    pub(super) fn who(
        &mut self,
        plan: &Plan,
        question: &str,
        fits: impl Fn(&str) -> bool,
    ) -> Result<String, Halt> {
        let names: Vec<&String> = plan.people.keys().filter(|name| fits(name)).collect();
        if names.is_empty() {
            return self.ask_text(question);
        }
        let choices: Vec<String> = names.iter().map(|name| shown(plan, name)).collect();
        let at = self.ask(question, &choices)?;
        Ok(names[at].clone())
    }

    /// Asks once who is here, where nobody is said to be.
    pub(super) fn who_is_here(&mut self) -> Result<(), Halt> {
        let speaker = self.speaker.clone();
        if self.look()?.state().present().next().is_some() {
            return Ok(());
        }
        if let Some(speaker) = speaker {
            self.came(&speaker)?;
        }
        loop {
            let glance = self.look()?;
            let state = glance.state();
            let absent: Vec<String> = state
                .plan()
                .people
                .keys()
                .filter(|name| !state.present().any(|here| here == name.as_str()))
                .cloned()
                .collect();
            if absent.is_empty() {
                return Ok(());
            }
            let mut choices: Vec<String> = absent.iter().map(|name| shown(state.plan(), name)).collect();
            choices.push(said::NOBODY_ELSE.to_owned());
            match absent.get(self.ask(said::WHO_ELSE_IS_HERE, &choices)?) {
                Some(name) => self.came(name)?,
                None => return Ok(()),
            }
        }
    }

    fn came(&mut self, name: &str) -> Result<(), Halt> {
        let glance = self.look()?;
        let known = glance.state().plan().people.get(name).map(|known| known.part);
        let role = wording::part(known).to_owned();
        self.must_write(Event::PersonPresent(PersonPresent { person: name.to_owned(), role }))
    }

    /// Writes down what would be asked again and again if it failed: then people say whether to try once more.
    pub(super) fn must_write(&mut self, event: Event) -> Result<(), Halt> {
        while !self.write_down(event.clone())?.is_done() {
            let answers = [said::TRY_AGAIN, said::BACK, said::STOP].map(str::to_owned);
            match self.ask(said::NOT_WRITTEN_DOWN, &answers)? {
                0 => {}
                1 => return Ok(()),
                _ => return Err(Halt::Left),
            }
        }
        Ok(())
    }

    /// Somebody comes, or leaves; witnesses come unannounced.
    pub(super) fn come_and_go(&mut self) -> Result<(), Halt> {
        let glance = self.look()?;
        let state = glance.state();
        let here: Vec<String> = state.present().map(str::to_owned).collect();
        let coming = state.plan().people.keys().filter(|name| !here.contains(name)).cloned();
        let mut acts: Vec<(Option<String>, bool)> = coming.map(|name| (Some(name), true)).collect();
        acts.extend(here.into_iter().map(|name| (Some(name), false)));
        acts.push((None, true));
        let mut choices: Vec<String> = acts
            .iter()
            .map(|(name, comes)| match (name, comes) {
                (Some(name), true) => said::comes(&shown(state.plan(), name)),
                (Some(name), false) => said::leaves(&shown(state.plan(), name)),
                (None, _) => said::SOMEBODY_ELSE_COMES.to_owned(),
            })
            .collect();
        choices.push(said::BACK.to_owned());
        let at = self.ask(said::WHO_COMES_OR_LEAVES, &choices)?;
        match acts.get(at) {
            None => Ok(()),
            Some((Some(name), true)) => self.came(name),
            Some((Some(name), false)) => {
                if self.speaker.as_ref() == Some(name) {
                    self.speaker = None;
                }
                let person = name.clone();
                self.write_down(Event::PersonLeft(PersonLeft { person })).map(drop)
            }
            Some((None, _)) => {
                let person = self.ask_text(said::HER_NAME)?;
                let role = self.ask_text(said::HER_PART)?;
                self.write_down(Event::PersonPresent(PersonPresent { person, role })).map(drop)
            }
        }
    }
}

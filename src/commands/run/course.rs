//! The course: the board, one question, one act, and the board again, until the ceremony is over or somebody stops.

use tuf_ceremony::conduct;
use tuf_ceremony::state::Phase;

use super::offers::{Act, named, offers};
use super::words::Words;
use super::{Halt, Runner};
use crate::commands::standing;
use crate::operator::wording::guided as said;
use crate::report::columns::sentence;
use crate::report::{self, Names};

impl Runner<'_> {
    /// Leads to the end, or to where somebody stops.
    pub(super) fn lead(&mut self) -> Result<(), Halt> {
        loop {
            let glance = self.look()?;
            let state = glance.state();
            let mut screen = self.screen();
            screen.blank()?;
            let names = standing::names(state, &glance.shelf, Names::default());
            report::board(&mut screen, state, &names)?;
            if state.phase() == Phase::Sealing
                && let Err(why) = conduct::seal(state, &glance.shelf)
            {
                sentence(&mut screen, 0, &said::cannot_be_sealed(&why.to_string()))?;
            }
            let offers = offers(state);
            let choices: Vec<String> = offers.iter().map(|(_, text)| text.clone()).collect();
            let at = self.ask(said::WHAT_IS_NEXT, &choices)?;
            match &offers[at].0 {
                Act::Stop if state.phase().is_over() => return Ok(()),
                Act::Stop => return Err(Halt::Left),
                Act::Key(key) => self.make_key(key)?,
                Act::Finalize => self.finalize()?,
                Act::Close => self.close(false)?,
                Act::Sign(who) => self.sign(who, &named(state.plan(), who))?,
                Act::SignForMachine => self.sign_for_machine()?,
                Act::Import => self.import()?,
                Act::Export => self.export()?,
                Act::Read => self.read()?,
                Act::Status => self.status()?,
                Act::People => self.come_and_go()?,
                Act::Words => self.remark()?,
                Act::Break => self.take_a_break()?,
                Act::Trouble => self.trouble()?,
                Act::Countersign(who) => self.countersign(who, &named(state.plan(), who))?,
                Act::Addendum => self.addendum()?,
            }
        }
    }

    fn status(&mut self) -> Result<(), Halt> {
        self.type_in(Words::of(&["status"]).place(&self.access.folder)).map(drop)
    }

    /// One draft, whole or in short.
    fn read(&mut self) -> Result<(), Halt> {
        let glance = self.look()?;
        let letters: Vec<String> = glance.state().drafts().map(|draft| draft.letter().to_owned()).collect();
        let letter = match letters.as_slice() {
            [only] => only.clone(),
            several => {
                let titled = |draft: tuf_ceremony::state::DraftNow<'_>| {
                    report::titled(draft.letter(), draft.part().draft())
                };
                let choices: Vec<String> = glance.state().drafts().map(titled).collect();
                several[self.ask(said::WHICH_DRAFT, &choices)?].clone()
            }
        };
        let answers = [said::IN_SHORT, said::EVERY_LINE].map(str::to_owned);
        let all = self.ask(said::HOW_MUCH, &answers)? == 1;
        let words = Words::of(&["show"]).option("--draft", letter);
        let words = if all { words.flag("--all") } else { words };
        self.type_in(words.place(&self.access.folder)).map(drop)
    }

    /// A remark, or something that should not have happened.
    fn remark(&mut self) -> Result<(), Halt> {
        let answers = [said::A_REMARK, said::AN_INCIDENT, said::BACK].map(str::to_owned);
        let kind = match self.ask(said::WHAT_KIND_OF_WORDS, &answers)? {
            0 => "",
            1 => "--incident",
            _ => return Ok(()),
        };
        let glance = self.look()?;
        let by = self.speaker(glance.state())?;
        let text = self.ask_text(said::WHAT_HAPPENED)?;
        self.type_in(self.note(kind, &by, &text)).map(drop)
    }

    fn addendum(&mut self) -> Result<(), Halt> {
        let glance = self.look()?;
        let by = self.speaker(glance.state())?;
        let text = self.ask_text(said::WHAT_WAS_KEPT)?;
        self.type_in(self.note("--addendum", &by, &text)).map(drop)
    }
}

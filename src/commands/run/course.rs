//! The course: the board, one question, one act, and the board again, until the ceremony is over or somebody stops.

use tuf_ceremony::conduct;
use tuf_ceremony::state::{DraftNow, Phase, State};

use super::offers::{Act, named, offers};
use super::words::Words;
use super::{Halt, Runner};
use crate::commands::{attested, standing};
use crate::operator::screen::Screen;
use crate::operator::wording::guided as said;
use crate::report::columns::sentence;
use crate::report::{self, Names};

impl Runner<'_> {
    /// Leads to the end, or to where somebody stops.
    pub(super) fn lead(&mut self) -> Result<(), Halt> {
        loop {
            let glance = self.look()?;
            let state = glance.state();
            if state.is_on_break() {
                let speaker = self.speaker(state)?;
                self.end_break(&speaker)?;
                continue;
            }
            let names = standing::names(
                state,
                &glance.shelf,
                Names::default().trusting(attested::roots(&self.roots)?),
            );
            let offers = offers(state);
            self.board_and(state, &names, offers.len())?;
            let mut screen = self.screen();
            if state.phase() == Phase::Sealing
                && let Err(why) = conduct::seal(state, &glance.shelf)
            {
                sentence(&mut screen, 0, &said::cannot_be_sealed(&why.to_string()))?;
            }
            let choices: Vec<String> = offers.iter().map(|(_, text)| text.clone()).collect();
            let at = self.ask(said::WHAT_IS_NEXT, &choices)?;
            let seen = state.lines();
            // Whoever decided did not know of lines that came meanwhile: they are told, and she decides again.
            if offers[at].0 != Act::Stop && self.look()?.state().lines() != seen {
                continue;
            }
            match &offers[at].0 {
                Act::Stop if state.phase().is_over() => return Ok(()),
                Act::Stop => return Err(Halt::Left),
                Act::Key(key) => self.make_key(key)?,
                Act::Finalize => self.finalize()?,
                Act::Close => self.close(false)?,
                Act::Sign(who) => self.sign(who, &named(state.plan(), who))?,
                Act::SignAnother => self.sign_another()?,
                Act::SignForMachine => self.sign_for_machine()?,
                Act::Import => self.import()?,
                Act::Export => self.export()?,
                Act::Read => self.read()?,
                Act::Else => self.something_else()?,
                Act::Countersign(who) => self.countersign(who, &named(state.plan(), who))?,
                Act::Boxes => self.what_comes_next()?,
                Act::Addendum => self.addendum()?,
            }
        }
    }

    /// The board, on one page with the question below it.
    fn board_and(&mut self, state: &State, names: &Names, choices: usize) -> Result<(), Halt> {
        let mut text = Vec::new();
        report::board(&mut Screen::onto(&mut text, false), state, names)?;
        let rows = text.iter().filter(|byte| **byte == b'\n').count();
        self.one_page(rows + choices + 4)?;
        let mut screen = self.screen();
        screen.blank()?;
        Ok(report::board(&mut screen, state, names)?)
    }

    /// One draft, in short or whole, or the whole status.
    fn read(&mut self) -> Result<(), Halt> {
        let glance = self.look()?;
        let drafts: Vec<DraftNow<'_>> = glance.state().drafts().collect();
        let titled = |draft: &DraftNow<'_>| report::titled(draft.letter(), draft.part().draft());
        let mut choices: Vec<String> = drafts.iter().map(titled).collect();
        choices.push(said::STATUS.to_owned());
        choices.push(said::BACK.to_owned());
        let at = self.ask(said::READ_WHAT, &choices)?;
        let Some(draft) = drafts.get(at) else {
            let words = Words::of(&["status"]).place(&self.access.folder);
            return if at == drafts.len() { self.type_in(words).map(drop) } else { Ok(()) };
        };
        let answers = [said::IN_SHORT, said::EVERY_LINE].map(str::to_owned);
        let all = self.ask(said::HOW_MUCH, &answers)? == 1;
        let words = Words::of(&["show"]).option("--draft", draft.letter());
        let words = if all { words.flag("--all") } else { words };
        self.type_in(words.place(&self.access.folder)).map(drop)
    }

    /// A remark, or something that should not have happened.
    pub(super) fn remark(&mut self) -> Result<(), Halt> {
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

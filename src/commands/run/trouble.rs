//! Whatever is rarer than reading and signing: people who come and leave, remarks, breaks; and what nobody hopes for: exceptions
//! that were granted elsewhere, somebody who declines from afar, another plan, an end without a result.

use tuf_ceremony::state::{DraftNow, Phase, State};
use tuf_ceremony::transcript::event::{Event, Note};

use super::offers::named;
use super::start::Occasion;
use super::words::Words;
use super::{Halt, Runner};
use crate::operator::clean::cell;
use crate::operator::wording::guided as said;
use crate::report::columns::sentence;
use crate::report::{self, NAME};

/// What can be done.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Remedy {
    People,
    Words,
    Break,
    Grant,
    Decline,
    Replan,
    Abort,
    CloseUnfinished,
    Machine,
    Keyboard,
    Back,
}

impl Runner<'_> {
    /// Asks what it is, and does what can be done about it.
    pub(super) fn something_else(&mut self) -> Result<(), Halt> {
        let glance = self.look()?;
        let state = glance.state();
        let collecting = state.phase() == Phase::Collecting;
        let mut remedies =
            vec![(Remedy::People, said::PEOPLE), (Remedy::Words, said::WORDS), (Remedy::Break, said::BREAK)];
        if state.drafts().any(|draft| draft.exceptions().next().is_some()) {
            remedies.push((Remedy::Grant, said::GRANT));
        }
        if collecting {
            remedies.push((Remedy::Decline, said::DECLINE));
        }
        remedies.push((Remedy::Replan, said::REPLAN));
        if collecting && !state.unfinished().is_empty() {
            remedies.push((Remedy::CloseUnfinished, said::CLOSE_UNFINISHED));
        }
        remedies.push((Remedy::Abort, said::ABORT));
        remedies.push((Remedy::Machine, said::LOOK_AT_THE_MACHINE));
        remedies.push((Remedy::Keyboard, said::ANOTHER_AT_THE_KEYBOARD));
        remedies.push((Remedy::Back, said::BACK));
        let choices: Vec<String> = remedies.iter().map(|(_, text)| (*text).to_owned()).collect();
        let at = self.ask(said::WHAT_ELSE, &choices)?;
        match remedies[at].0 {
            Remedy::People => self.come_and_go(),
            Remedy::Words => self.remark(),
            Remedy::Break => self.take_a_break(),
            Remedy::Grant => self.grant(state),
            Remedy::Decline => self.decline(state),
            Remedy::Replan => self.replan(state),
            Remedy::Abort => self.abort(state),
            Remedy::CloseUnfinished => {
                self.dies(state, said::STAYS_UNFINISHED)?;
                self.close(true)
            }
            Remedy::Machine => {
                let date = state.date().spelled().to_owned();
                self.self_check(&date, &Occasion::of(state))?;
                self.settle()
            }
            Remedy::Keyboard => {
                self.speaker = None;
                self.speaker(state).map(drop)
            }
            Remedy::Back => Ok(()),
        }
    }

    /// Somebody grants an exception here, or was heard granting it.
    fn grant(&mut self, state: &State) -> Result<(), Halt> {
        let missing: Vec<(String, String, &'static str, String)> = state
            .drafts()
            .filter(|draft| draft.final_file().is_none())
            .flat_map(|draft| {
                let each = |person: &String| {
                    let letter = draft.letter().to_owned();
                    let of = draft.missing_grants(person);
                    let person = person.clone();
                    of.map(move |found| {
                        (letter.clone(), person.clone(), found.control.code(), found.about.clone())
                    })
                    .collect::<Vec<_>>()
                };
                state.plan().people.keys().flat_map(each).collect::<Vec<_>>()
            })
            .collect();
        let mut choices: Vec<String> = missing
            .iter()
            .map(|(letter, person, control, about)| {
                said::grants(&named(state.plan(), person), control, &cell(about, NAME), letter)
            })
            .collect();
        choices.push(said::BACK.to_owned());
        let Some((letter, person, control, about)) = missing.get(self.ask(said::WHO_GRANTS_WHAT, &choices)?)
        else {
            return Ok(());
        };
        let words = Words::of(&["grant"])
            .option("--as", person)
            .option("--draft", letter)
            .option("--control", control)
            .option("--about", about);
        let answers = [said::SHE_IS_HERE, said::SHE_WAS_HEARD].map(str::to_owned);
        let words = match self.ask(&said::how_is_it_known(&named(state.plan(), person)), &answers)? {
            0 => words,
            _ => {
                let by = self.who(state.plan(), said::WHO_HEARD_IT, |name| name != person)?;
                words.option("--heard", self.ask_text(said::HOW_WAS_IT_HEARD)?).option("--by", by)
            }
        };
        self.type_in(self.with_access(words).place(&self.access.folder)).map(drop)
    }

    /// Somebody says no without a token in her hand.
    fn decline(&mut self, state: &State) -> Result<(), Halt> {
        let open: Vec<DraftNow<'_>> = state.drafts().filter(|draft| draft.final_file().is_none()).collect();
        let mut choices: Vec<String> =
            open.iter().map(|draft| report::titled(draft.letter(), draft.part().draft())).collect();
        choices.push(said::BACK.to_owned());
        let Some(draft) = open.get(self.ask(said::WHICH_DRAFT, &choices)?) else { return Ok(()) };
        let who = self.who(state.plan(), said::WHO_DECLINES, |_| true)?;
        let reason = self.ask_text(said::WHY)?;
        let words = Words::of(&["decline"])
            .option("--draft", draft.letter())
            .option("--as", who)
            .option("--reason", reason);
        self.type_in(self.with_access(words).place(&self.access.folder)).map(drop)
    }

    /// Whose signatures stop to count, draft by draft; they stay in the record.
    fn dies(&mut self, state: &State, what: &str) -> Result<(), Halt> {
        let mut screen = self.screen();
        sentence(&mut screen, 0, what)?;
        for draft in state.drafts().filter(|draft| draft.final_file().is_none()) {
            let mut signers: Vec<String> = Vec::new();
            for signature in draft.part().signatures().all() {
                let key = signature.verified.fingerprint();
                let by: Vec<String> =
                    draft.signers_of(key).into_iter().map(|who| named(state.plan(), who)).collect();
                let by = if by.is_empty() { key.to_string() } else { by.join(" or ") };
                if !signers.contains(&by) {
                    signers.push(by);
                }
            }
            let title = report::titled(draft.letter(), draft.part().draft());
            sentence(&mut screen, 2, &said::signed_so_far(&title, &signers.join(", ")))?;
        }
        Ok(())
    }

    /// Another plan takes the place of this one.
    fn replan(&mut self, state: &State) -> Result<(), Halt> {
        self.dies(state, said::REPLAN_KILLS)?;
        let plan = self.ask_path(said::WHICH_PLAN)?;
        let by = self.speaker(state)?;
        let reason = self.ask_text(said::WHY)?;
        let words = Words::of(&["replan"]).option("--as", by).option("--reason", reason);
        self.type_in(self.with_access(words).place(&self.access.folder).place(plan)).map(drop)
    }

    /// The ceremony ends without its goal.
    fn abort(&mut self, state: &State) -> Result<(), Halt> {
        self.dies(state, said::ABORT_KILLS)?;
        let answers = [said::BACK, said::END_WITHOUT_RESULT].map(str::to_owned);
        if self.ask(said::REALLY_ABORT, &answers)? == 0 {
            return Ok(());
        }
        let by = self.speaker(state)?;
        let reason = self.ask_text(said::WHY)?;
        let words = Words::of(&["abort"]).option("--as", by).option("--reason", reason);
        self.type_in(self.with_access(words).place(&self.access.folder)).map(drop)
    }

    /// People leave the folder for a while.
    fn take_a_break(&mut self) -> Result<(), Halt> {
        let glance = self.look()?;
        let by = self.speaker(glance.state())?;
        let text = self.ask_text(said::WHY_A_BREAK)?;
        if !self.write_down(Event::BreakBegan(Note { by: by.clone(), text }))?.is_done() {
            return Ok(());
        }
        let glance = self.look()?;
        self.say(said::DURING_A_BREAK)?;
        let answers = [said::STAY_FOR_THE_BREAK, said::LEAVE_FOR_THE_BREAK].map(str::to_owned);
        if self.ask(said::A_BREAK, &answers)? == 1 {
            return Err(Halt::Left);
        }
        let mut screen = self.screen();
        screen.blank()?;
        report::whole_head(&mut screen, glance.state().lines(), glance.state().head())?;
        self.wait(said::ENTER_WHEN_IT_IS_OVER)?;
        self.end_break(&by)
    }
}

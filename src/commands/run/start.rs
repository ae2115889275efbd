//! How a ceremony begins: the machine and its clock, the plan, the second device, and the folder.

use std::path::Path;

use tuf_ceremony::plan::Plan;
use tuf_ceremony::state::State;
use tuf_ceremony::transcript::event::{Event, Note};

use super::words::Words;
use super::{Halt, Runner};
use crate::cli::Doctor;
use crate::clock;
use crate::commands::planned::Planned;
use crate::commands::{doctor, reading};
use crate::doctor::{Line, NETWORK, Standing};
use crate::fault::Fault;
use crate::files;
use crate::operator::Operator as _;
use crate::operator::clean::quoted_path;
use crate::operator::wording::{guided as said, pages};
use crate::report;
use crate::report::columns::fact;

/// How `note` is told what is written down.
const REMARK: &str = "";
const INCIDENT: &str = "--incident";

/// For what a machine is looked at.
pub(super) struct Occasion {
    rehearsal: bool,
    /// What people said before in this folder.
    remarks: Vec<String>,
}

impl Occasion {
    /// A ceremony by this plan, which has no folder here yet.
    pub(super) fn by(plan: &Plan) -> Occasion {
        Occasion { rehearsal: plan.rehearsal, remarks: Vec::new() }
    }

    /// One that has a folder here.
    pub(super) fn of(state: &State) -> Occasion {
        let entries = state.transcript().entries().iter();
        let remarks = entries.filter_map(|entry| match &entry.event {
            Event::Remarked(Note { text, .. }) => Some(text.clone()),
            _ => None,
        });
        Occasion { rehearsal: state.opened().rehearsal, remarks: remarks.collect() }
    }

    /// A network that nobody gave a reason for yet; practice needs none.
    fn needs_a_reason(&self, line: &Line) -> bool {
        let known = said::on_a_network(&line.says);
        let is_network = line.part == NETWORK && line.standing == Standing::Finding;
        is_network && !self.rehearsal && !self.remarks.iter().any(|text| text.starts_with(&known))
    }
}

impl Runner<'_> {
    /// A new ceremony: everything before its board.
    pub(super) fn begin(&mut self, plan: &Path) -> Result<(), Halt> {
        self.refuse_begun()?;
        let read = Planned::read(plan)?.plan;
        self.welcome(said::BEGINS, &[])?;
        let date = self.date()?;
        self.self_check(&date, &Occasion::by(&read))?;
        self.heading(&said::the_plan(&quoted_path(plan)))?;
        let checked = self.type_in(
            Words::of(&["plan", "check"])
                .option("--date", &date)
                .maybe("--profile", self.module.profile.as_ref())
                .roots(&self.roots)
                .place(plan),
        )?;
        let question =
            if checked.is_done() { said::IS_IT_THE_REVIEWED_PLAN } else { said::THE_PLAN_IS_NOT_WELL };
        let answers = [said::OPEN_THE_CEREMONY, said::STOP_BEFORE_OPENING].map(str::to_owned);
        if self.ask(question, &answers)? == 1 {
            return Err(Fault::stopped(said::NOT_OPENED).now(said::MEND_AND_BEGIN).into());
        }
        self.second_device(&read)?;
        let opened = self.type_in(
            Words::of(&["open"])
                .option("--date", &date)
                .maybe("--profile", self.module.profile.as_ref())
                .roots(&self.roots)
                .devices(&self.access)
                .place(plan)
                .place(&self.access.folder),
        )?;
        if !opened.is_done() {
            return Err(Fault::refused(said::NOT_OPENED).now(said::MEND_AND_BEGIN).into());
        }
        self.settle()
    }

    /// A folder in which a ceremony was begun is no new one; one whose opening was cut off before its first line is.
    pub(super) fn refuse_begun(&self) -> Result<(), Halt> {
        if self.access.is_begun() || !self.access.means_folder() {
            files::refuse_existing(&self.access.folder).map_err(Fault::from)?;
        }
        Ok(())
    }

    /// Today's date, as a person reads it off a clock: it judges, the machine's does not (DESIGN 18).
    pub(super) fn date(&mut self) -> Result<String, Halt> {
        self.say(said::DATE_ON_THE_WALL)?;
        loop {
            let typed = self.keyboard.type_line(said::TODAY)?;
            let typed = typed.trim();
            let is_date = typed.len() == said::DATE_LOOKS_LIKE.len() && reading::moment(typed).is_ok();
            if !is_date {
                self.say(&said::no_date(said::DATE_LOOKS_LIKE))?;
                continue;
            }
            self.say(&said::date_in_words(&pages::day(typed).unwrap_or_else(|| typed.to_owned())))?;
            let clock = clock::now();
            if clock.get(..10) == Some(typed) {
                return Ok(typed.to_owned());
            }
            self.say(&said::clock_says_otherwise(&clock))?;
            let answers = [said::DATE_IS_RIGHT, said::DATE_AGAIN].map(str::to_owned);
            if self.ask(said::WHICH_IS_RIGHT, &answers)? == 0 {
                return Ok(typed.to_owned());
            }
        }
    }

    /// What is not well with this machine; all else is one line.
    pub(super) fn self_check(&mut self, date: &str, occasion: &Occasion) -> Result<(), Halt> {
        self.say(said::LOOKING_AT_THE_MACHINE)?;
        let lines = doctor::look(&Doctor {
            module: self.module.clone(),
            folder: Some(self.access.folder.parent().unwrap_or(Path::new(".")).to_owned()),
            mirror: self.access.mirror.clone(),
            date: Some(date.to_owned()),
            output: self.output(),
        })?;
        let odd: Vec<_> = lines.iter().filter(|line| line.standing != Standing::Ok).collect();
        self.say(&said::looked_at((lines.len() - odd.len()) as u64, odd.len() as u64))?;
        let mut screen = self.screen();
        for line in &odd {
            fact(&mut screen, doctor::word(line.standing), &format!("{}: {}", line.part, line.says))?;
            if let Some(now) = &line.now {
                fact(&mut screen, "", now)?;
            }
        }
        self.network(odd.iter().find(|line| occasion.needs_a_reason(line)))?;
        if !odd.iter().any(|line| line.standing == Standing::Bad) {
            return Ok(());
        }
        let answers = [said::STOP_AND_MEND, said::GO_ON_ALL_THE_SAME].map(str::to_owned);
        if self.ask(said::MACHINE_IS_NOT_WELL, &answers)? == 0 {
            return Err(Fault::stopped(said::MACHINE_STOPPED_IT).now(said::MEND_THE_MACHINE).into());
        }
        let why = self.ask_text(said::WHY_GO_ON)?;
        let bad = odd.iter().filter(|line| line.standing == Standing::Bad);
        self.passed_over.extend(bad.map(|line| (INCIDENT, said::passed_over(line.part, &line.says, &why))));
        Ok(())
    }

    /// A machine on a network holds a real ceremony only for a reason, which stands in the record (DESIGN 19).
    fn network(&mut self, found: Option<&&Line>) -> Result<(), Halt> {
        let Some(line) = found else { return Ok(()) };
        let answers = [said::STOP_AND_UNPLUG, said::GO_ON_WITH_A_NETWORK].map(str::to_owned);
        self.screen().blank()?;
        self.say(said::MACHINE_IS_NETWORKED)?;
        if self.ask(said::WHAT_OF_THE_NETWORK, &answers)? == 0 {
            return Err(Fault::stopped(said::MACHINE_STOPPED_IT).now(said::TAKE_IT_OFF).into());
        }
        let why = self.ask_text(said::WHY_A_NETWORK)?;
        self.passed_over.push((REMARK, said::on_a_network(&line.says) + &why));
        Ok(())
    }

    /// Whatever was passed over on the way, in the words of whoever went on.
    pub(super) fn write_passed_over(&mut self, by: &str) -> Result<(), Halt> {
        for (kind, text) in std::mem::take(&mut self.passed_over) {
            while !self.type_in(self.note(kind, by, &text))?.is_done() {
                let answers = [said::TRY_AGAIN, said::STOP].map(str::to_owned);
                if self.ask(said::NOT_WRITTEN_DOWN, &answers)? == 1 {
                    return Err(Halt::Left);
                }
            }
        }
        Ok(())
    }

    /// Where the folder is kept a second time, or why it is not.
    pub(super) fn second_device(&mut self, plan: &Plan) -> Result<(), Halt> {
        let is_needed = plan.root.is_some() && !plan.rehearsal;
        if !is_needed || self.access.mirror.is_some() || self.access.one_device.is_some() {
            return Ok(());
        }
        let answers = [said::SECOND_DEVICE, said::ONE_DEVICE].map(str::to_owned);
        if self.ask(said::WHERE_A_SECOND_TIME, &answers)? == 0 {
            self.access.mirror = Some(self.ask_path(said::MIRROR_PATH)?);
        } else {
            self.access.one_device = Some(self.ask_text(said::WHY_ONE_DEVICE)?);
        }
        Ok(())
    }

    /// The folder is there: who is here, and what was passed over on the way.
    pub(super) fn settle(&mut self) -> Result<(), Halt> {
        let glance = self.look()?;
        let state = glance.state();
        if state.phase().is_over() {
            return Ok(());
        }
        let speaker = self.speaker(state)?;
        self.write_passed_over(&speaker)?;
        self.who_is_here()?;
        self.about_its_kind()
    }

    /// What this kind of ceremony is about, and what its signers must look for.
    fn about_its_kind(&mut self) -> Result<(), Halt> {
        let told = report::guidance(self.look()?.state());
        self.heading(said::ABOUT_THIS_CEREMONY)?;
        told.iter().try_for_each(|text| self.say(text))
    }

    /// The words that write a note down.
    pub(super) fn note(&self, kind: &str, by: &str, text: &str) -> Words {
        let words = Words::of(&["note"]).option("--as", by);
        let words = if kind.is_empty() { words } else { words.flag(kind) };
        self.with_access(words).place(text).place(&self.access.folder)
    }

    /// The words with the way to the folder.
    pub(super) fn with_access(&self, words: Words) -> Words {
        let head = self.known.map(|known| known.head.to_string());
        words.devices(&self.access).maybe("--head", head)
    }
}

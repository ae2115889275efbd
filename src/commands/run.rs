//! `conclave run`: people are led through a ceremony, from an empty folder to the head on paper, or a keyholder through her visit.
//!
//! Promises: there is no second path. It looks at the folder, says where things stand, asks what is next, and types one of the
//! other verbs; what those refuse it refuses. Each of them is given the head that was last seen here, so that a folder which was
//! put back between two steps is noticed. Whoever leaves at a question is told what stands and how to go on.
//!
//! Deliberately absent: memory. Whatever is asked only once is known from the folder.

mod count;
mod course;
mod ending;
mod keyboard;
mod keys;
mod offers;
mod others;
mod paper;
mod people;
mod signing;
mod start;
mod takeover;
mod tokens;
mod travel;
mod trouble;
mod visit;
mod words;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Parser as _;
use tuf_ceremony::digest::Digest;
use tuf_ceremony::state::State;
use tuf_ceremony::transcript::event::Event;

use super::{Outcome, attested, run as run_verb, standing};
use crate::cli::{AttestationRoots, Cli, ModuleChoice, Output, Run, Verb};
use crate::desk::table::{Access, Glance, Table};
use crate::fault::{Fault, Kind};
use crate::files;
use crate::operator::choice::{AskFault, choose};
use crate::operator::clean::{holds_controls, quoted_path};
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::terminal::Terminal;
use crate::operator::wording::{guided as said, typed};
use crate::operator::{Operator, OperatorFault, manner, paging};
use crate::report;
use crate::report::columns::sentence;
use count::Counts;
use keyboard::Keyboard;
use words::Words;

/// Why the guided ceremony is over before its end.
enum Halt {
    /// Somebody left at a question.
    Left,
    /// Nothing can go on from here.
    Fault(Fault),
}

impl From<Fault> for Halt {
    fn from(fault: Fault) -> Halt {
        Halt::Fault(fault)
    }
}

impl From<ScreenFault> for Halt {
    fn from(fault: ScreenFault) -> Halt {
        match fault {
            ScreenFault::Closed | ScreenFault::Left => Halt::Left,
            fault => Halt::Fault(fault.into()),
        }
    }
}

impl From<OperatorFault> for Halt {
    fn from(fault: OperatorFault) -> Halt {
        match fault {
            OperatorFault::Stopped => Halt::Left,
            fault => Halt::Fault(Fault::usage(said::NO_TERMINAL).because(&fault).now(said::NEEDS_A_TERMINAL)),
        }
    }
}

impl From<AskFault> for Halt {
    fn from(fault: AskFault) -> Halt {
        match fault {
            AskFault::Screen(fault) => fault.into(),
            AskFault::Operator(fault) => fault.into(),
        }
    }
}

/// What came of a verb.
enum Did {
    /// What it was asked to do.
    Done,
    /// It found a no, or failed; that was told.
    Not,
}

impl Did {
    fn is_done(&self) -> bool {
        matches!(self, Did::Done)
    }
}

/// The lines that were last seen in the folder.
#[derive(Clone, Copy)]
struct Known {
    lines: u64,
    head: Digest,
}

/// Somebody at the keyboard, and the folder before her.
struct Runner<'p> {
    keyboard: Keyboard<'p>,
    plain: bool,
    access: Access,
    module: ModuleChoice,
    roots: AttestationRoots,
    known: Option<Known>,
    counts: Counts,
    /// Whether there was a folder when it began, whose head somebody has on paper.
    found: bool,
    /// Who speaks for the record, once that was asked.
    speaker: Option<String>,
    /// The command that goes on, where it is not the folder's.
    way_back: Option<Vec<String>>,
    /// What was found of the machine and passed over, and the kind of note, until there is a line that can say so.
    passed_over: Vec<(&'static str, String)>,
}

/// Leads.
pub(super) fn run(asked: Run, person: &mut dyn Operator) -> Result<Outcome, Fault> {
    if Terminal::is_there() {
        Terminal::begin_pages();
    }
    manner::lead();
    let Run { place, new, from, trust, out, log, roots, module, access, plain } = asked;
    let access = access.to(place.clone())?;
    attested::roots(&roots)?;
    let is_new = new.is_some() || from.is_some();
    let is_visit = !is_new && !access.means_folder() && files::refuse_existing(&place).is_err();
    if !is_visit && (out.is_some() || log.is_some()) {
        return Err(Fault::usage(said::FOR_VISITS).now(said::LEAVE_THEM_TO_VISITS));
    }
    if !is_visit && from.is_none() && trust.trust.is_some() {
        if !access.means_folder() {
            return Err(paper::nothing_at(&place));
        }
        return Err(Fault::usage(said::TRUST_IS_FOR_BUNDLES).now(said::LEAVE_TRUST_OUT));
    }
    let mut runner = Runner {
        keyboard: Keyboard::of(person),
        plain,
        access,
        module,
        roots,
        known: None,
        counts: Counts::default(),
        found: false,
        speaker: None,
        way_back: None,
        passed_over: Vec::new(),
    };
    let led = match (new, from) {
        (Some(plan), _) => runner.begin(&plan).and_then(|()| runner.lead()),
        (None, Some(bundle)) => {
            runner.take_over(&bundle, trust.trust.as_deref()).and_then(|()| runner.lead())
        }
        (None, None) if is_visit => {
            runner.visit(&place, trust.trust.as_deref(), out.as_deref(), log.as_deref())
        }
        (None, None) => runner.resume().and_then(|()| runner.lead()),
    };
    match led {
        Ok(()) => Ok(Outcome::Done),
        Err(Halt::Left) => Err(runner.farewell()),
        // A terminal that hung up at a question takes no line either.
        Err(Halt::Fault(_)) if runner.keyboard.was_left() => Err(runner.farewell()),
        Err(Halt::Fault(fault)) => Err(runner.having_signed(fault)),
    }
}

impl Runner<'_> {
    fn screen(&self) -> Screen<'static> {
        Screen::stdout(self.plain)
    }

    fn output(&self) -> Output {
        Output { json: false, plain: self.plain }
    }

    /// A sentence of its own.
    fn say(&self, text: &str) -> Result<(), Halt> {
        Ok(sentence(&mut self.screen(), 0, text)?)
    }

    /// The first words to people, where there are any.
    fn welcome(&self, heading: &str, about: &[&str]) -> Result<(), Halt> {
        if !self.keyboard.is_there() {
            return Err(OperatorFault::NoTerminal.into());
        }
        self.heading(heading)?;
        about.iter().chain([&said::HOW_TO_STOP]).try_for_each(|text| self.say(text))
    }

    fn heading(&self, text: &str) -> Result<(), Halt> {
        let mut screen = self.screen();
        screen.blank()?;
        Ok(screen.heading(text)?)
    }

    /// A page begins here unless so many rows fit on this one.
    fn one_page(&self, rows: usize) -> Result<(), Halt> {
        if paging::keeps_together(rows) { Ok(()) } else { Err(Halt::Left) }
    }

    fn ask(&mut self, question: &str, choices: &[String]) -> Result<usize, Halt> {
        // The blank line before the question stands on its page too.
        self.one_page(choices.len() + 3)?;
        let mut screen = self.screen();
        screen.blank()?;
        Ok(choose(&mut self.keyboard, &mut screen, question, choices)?)
    }

    /// Some text, which may not be empty.
    fn ask_text(&mut self, question: &str) -> Result<String, Halt> {
        loop {
            let typed = self.keyboard.type_line(question)?;
            match typed.trim() {
                "" => self.say(said::NOT_EMPTY)?,
                text if holds_controls(text) => self.say(said::NO_CONTROLS)?,
                text => return Ok(text.to_owned()),
            }
        }
    }

    /// A path, without the quotes that a shell would take off.
    fn ask_path(&mut self, question: &str) -> Result<PathBuf, Halt> {
        let typed = self.ask_text(question)?;
        let unquoted = ['"', '\''].iter().find_map(|q| typed.strip_prefix(*q)?.strip_suffix(*q));
        Ok(unquoted.filter(|path| !path.is_empty()).unwrap_or(&typed).into())
    }

    /// Waits until somebody says that she is ready.
    fn wait(&mut self, until: &str) -> Result<(), Halt> {
        self.keyboard.type_line(until)?;
        Ok(())
    }

    /// The way to the folder, with the head that was last seen.
    fn access(&self) -> Access {
        Access { head: self.known.map(|known| known.head.into()), ..self.access.clone() }
    }

    /// Types a verb: parsed and run as if somebody had typed it. What went wrong is told here.
    fn type_in(&mut self, words: Words) -> Result<Did, Halt> {
        self.screen().blank()?;
        let words: Vec<OsString> = words.typed(self.plain);
        let cli = Cli::try_parse_from(words).expect("the guided ceremony types verbs that exist");
        // Those that only read write no line: whatever came meanwhile is somebody else's.
        let writes = !matches!(cli.verb, Verb::Show { .. } | Verb::Status { .. });
        let ended = run_verb(cli.verb, &mut self.keyboard);
        if writes {
            self.follow();
        }
        match ended {
            Ok(Outcome::Done) => Ok(Did::Done),
            Ok(Outcome::No) => Ok(Did::Not),
            Err(fault) => self.failed(&fault),
        }
    }

    /// Whether somebody left, at a question or in the middle of a page.
    fn was_left(&self) -> bool {
        self.keyboard.was_left() || paging::was_left()
    }

    /// Tells what went wrong; over only when somebody left.
    fn failed(&mut self, fault: &Fault) -> Result<Did, Halt> {
        let mut screen = self.screen();
        screen.blank()?;
        match fault.kind() {
            Kind::Stopped => fault.show_as_a_stop(&mut screen)?,
            _ => fault.show(&mut screen)?,
        }
        if self.was_left() { Err(Halt::Left) } else { Ok(Did::Not) }
    }

    /// Writes one event down that no verb of its own writes.
    fn write_down(&mut self, event: Event) -> Result<Did, Halt> {
        let written = Table::load(&self.access()).and_then(|(mut table, _)| {
            standing::mended(&mut self.screen(), &table)?;
            table.take(&event.into())
        });
        self.follow();
        match written {
            Ok(()) => Ok(Did::Done),
            Err(fault) => self.failed(&fault),
        }
    }

    /// Looks into the folder. What a crash left is mended first; a folder that does not hold what was seen here is refused.
    fn look(&mut self) -> Result<Glance, Halt> {
        let folder = &self.access.folder;
        let whole = |glance: &Glance| {
            glance.left.torn == 0 && glance.left.missing.is_empty() && glance.left.unexplained.is_empty()
        };
        // Lines that the mending writes are ours.
        let (glance, found) = match Glance::at(folder) {
            Ok(glance) if whole(&glance) => (glance, None),
            _ => {
                let (table, _) = Table::load(&self.access())?;
                standing::mended(&mut self.screen(), &table)?;
                let found = table.found();
                drop(table);
                (Glance::at(folder)?, Some(found))
            }
        };
        let state = glance.state();
        if let Some(known) = self.known
            && state.transcript().head_after(known.lines) != Some(known.head)
        {
            let fault = Fault::refused(said::PUT_BACK)
                .because_of(said::last_seen(known.lines, &known.head.to_string()));
            return Err(fault.now(said::FIND_OUT_WHO).into());
        }
        self.counts.see(state.transcript());
        if let Some(known) = self.known {
            self.tell_others(state, known.lines, found.unwrap_or_else(|| state.lines()))?;
        }
        self.known = Some(Known { lines: state.lines(), head: state.head() });
        Ok(glance)
    }

    /// Somebody left: what stands, and how to go on.
    fn farewell(&mut self) -> Fault {
        paging::end();
        // It was opened by a verb that was left before it came back.
        if self.known.is_none() && !self.found && self.access.means_folder() {
            let _ = self.look();
        }
        // A screen that is gone takes nothing away from what stands.
        let _ = self.tell_farewell();
        let fault = Fault::stopped(said::YOU_LEFT);
        let fault = match self.known {
            Some(_) => self.having_signed(fault.now(said::GO_ON_WITH_IT)),
            // Nothing was looked at before the paper was read.
            None if self.access.means_folder() => fault.now(said::AS_IT_WAS),
            None => fault.now(said::START_AGAIN),
        };
        fault.as_a_stop()
    }

    /// The head for the paper, and the command that goes on, if there is a folder.
    fn tell_farewell(&mut self) -> Result<(), Halt> {
        if self.known.is_some() {
            let glance = self.look()?;
            let mut screen = self.screen();
            screen.blank()?;
            report::whole_head(&mut screen, glance.state().lines(), glance.state().head())?;
            sentence(&mut screen, 0, said::KEEP_THE_HEAD)?;
            screen.blank()?;
            if let Ok(here) = std::env::current_dir() {
                screen.line(&said::in_the_folder(&quoted_path(&here)))?;
            }
            screen.line(said::TO_GO_ON)?;
            let mut words = self.way_back.clone().unwrap_or_else(|| self.command());
            // Whoever needs lines alone, or ASCII, needs them again.
            let manner = [("--plain", manner::is_plain()), ("--ascii", manner::is_ascii())];
            words.splice(1..1, manner.iter().filter(|(_, is)| *is).map(|(flag, _)| (*flag).to_owned()));
            let words = words.iter().map(String::as_str);
            typed::command("  ", words).iter().try_for_each(|line| screen.line(line))?;
            screen.blank()?;
        }
        Ok(())
    }

    /// The command that goes on.
    fn command(&self) -> Vec<String> {
        Words::of(&["run"])
            .roots(&self.roots)
            .module(&self.module)
            .devices(&self.access)
            .place(&self.access.folder)
            .shown()
    }

    /// Who speaks for the record, asked once.
    fn speaker(&mut self, state: &State) -> Result<String, Halt> {
        if let Some(speaker) = &self.speaker {
            return Ok(speaker.clone());
        }
        let speaker = self.who(state.plan(), said::WHO_SITS_HERE, |_| true)?;
        self.speaker = Some(speaker.clone());
        Ok(speaker)
    }
}

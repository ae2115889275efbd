//! A keyholder's whole visit from one file: her own folder beside the bundle, her reading, her signatures, and one reply file.

use std::path::{Path, PathBuf};

use tuf_ceremony::digest::Digest;
use tuf_ceremony::limits::BUNDLE;
use tuf_ceremony::plan::Plan;
use tuf_ceremony::state::{Decision, State};
use tuf_ceremony::transcript::event::Event;

use super::offers::named;
use super::start::Occasion;
use super::words::Words;
use super::{Halt, Runner};
use crate::commands::own_folder::{self, Beside};
use crate::commands::reading;
use crate::commands::sign::reply;
use crate::desk::table::Glance;
use crate::fault::Fault;
use crate::files::{self, FilesFault};
use crate::operator::clean::{cell, quoted_path};
use crate::operator::wording::ceremony;
use crate::operator::wording::guided as said;
use crate::report::columns::sentence;
use crate::report::{self, NAME};

/// Whether a draft waits for her signature, to which she has said neither yes nor no.
fn waits_for(state: &State, who: &str) -> bool {
    state.drafts().filter(|draft| draft.final_file().is_none()).any(|draft| {
        let waiting = draft.part().tallies().into_iter().flat_map(|tally| tally.waiting);
        let is_hers = waiting.map(|voice| voice.key).any(|key| state.holders(key).contains(who));
        is_hers && !matches!(draft.decision(who), Some(Decision::Declined(_)))
    })
}

impl Runner<'_> {
    /// Leads her from the bundle to her reply.
    pub(super) fn visit(
        &mut self,
        bundle: &Path,
        trust: Option<&Path>,
        out: Option<&Path>,
        log: Option<&Path>,
    ) -> Result<(), Halt> {
        let plain =
            || Fault::refused(ceremony::plain_bundle(&quoted_path(bundle))).now(said::SIGN_A_PLAIN_BUNDLE);
        let read = reading::bundle(bundle)?;
        let record = read.bundle.record().ok_or_else(plain)?;
        if trust.is_none() && record.root().is_some() {
            return Err(Fault::refused(said::NO_OWN_ROOT).now(said::BRING_YOUR_ROOT).into());
        }
        // Before a folder that lies beside it is opened, and mended.
        own_folder::judged(&Beside { bundle, trust, date: None, access: &self.access })?;
        let plan = record.plan();
        self.access.folder = own_folder::beside(bundle);
        let goes_on = self.access.is_begun();
        self.found = goes_on;
        let again = Words::of(&["run"]).maybe("--trust", trust).maybe("--out", out).maybe("--log", log);
        self.way_back =
            Some(again.roots(&self.roots).module(&self.module).devices(&self.access).place(bundle).shown());
        self.welcome(&said::a_visit(&cell(&plan.title, NAME)), &[said::ABOUT_THE_VISIT])?;
        let mut date = None;
        let mut who;
        let mut out = out.map_or_else(|| reply::beside(bundle), Path::to_owned);
        if goes_on {
            who = self.comes_back(plan)?;
            let glance = self.look()?;
            if self.is_answered(glance.state(), &who, &out) {
                self.say(&said::answer_is_written(&quoted_path(&out)))?;
                return self.say_by_phone(&glance, &who, &out);
            }
        } else {
            let stated = self.date()?;
            self.self_check(&stated, &Occasion::by(plan))?;
            date = Some(stated);
            who = self.who(plan, said::WHO_ARE_YOU, |_| true)?;
            self.second_device(plan)?;
            let beside = Beside { bundle, trust, date: date.as_deref(), access: &self.access };
            // What she went on in spite of stands in her lines before her answer is written.
            if !self.passed_over.is_empty() {
                own_folder::open(&beside)?;
                self.look()?;
            }
        }
        self.write_passed_over(&who)?;
        self.heading(&said::her_turn(&named(plan, &who)))?;
        loop {
            out = self.free(out)?;
            self.say(said::ONE_TOKEN)?;
            self.wait(said::ENTER_WHEN_IT_IS_IN)?;
            let words = Words::of(&["sign"])
                .flag("--guided")
                .option("--as", &who)
                .maybe("--trust", trust)
                .maybe("--date", date.as_ref())
                .maybe("--log", log)
                .option("--out", &out)
                .roots(&self.roots)
                .module(&self.module);
            let signed = self.type_in(self.with_access(words).place(bundle))?;
            if self.access.is_begun() {
                let glance = self.look()?;
                if signed.is_done() {
                    return self.say_by_phone(&glance, &who, &out);
                }
            }
            let answers =
                [said::TRY_AGAIN, said::SOMEBODY_ELSE, said::REPLY_AS_IT_IS, said::STOP].map(str::to_owned);
            match self.ask(said::WHAT_IS_NEXT, &answers)? {
                0 => {}
                1 => who = self.who(plan, said::WHO_ARE_YOU, |_| true)?,
                2 if self.known.is_none() => self.say(said::NOTHING_TO_REPLY)?,
                2 => {
                    let words = Words::of(&["export"]).option("--out", &out);
                    if self.type_in(self.with_access(words).place(&self.access.folder))?.is_done() {
                        let glance = self.look()?;
                        return self.say_by_phone(&glance, &who, &out);
                    }
                }
                _ => return Err(Halt::Left),
            }
        }
    }

    /// Her folder is there: its head by the paper, she herself, and the day. What was not compared is written down as hers.
    fn comes_back(&mut self, plan: &Plan) -> Result<String, Halt> {
        let has_paper = self.open_by_paper()?;
        let who = self.who(plan, said::WHO_ARE_YOU, |_| true)?;
        let glance = self.look()?;
        let state = glance.state();
        if state.phase().is_over() {
            return Ok(who);
        }
        self.new_day(state, &who)?;
        if !has_paper {
            self.type_in(self.note("", &who, said::WITHOUT_PAPER))?;
        }
        Ok(who)
    }

    /// Whether nothing waits for her any more and the file at `out` is the one that left her folder last: only the call is left.
    fn is_answered(&self, state: &State, who: &str, out: &Path) -> bool {
        let exported = state.transcript().entries().iter().rev().find_map(|entry| match &entry.event {
            Event::BundleExported(exported) => Some(exported.bundle.sha256),
            _ => None,
        });
        let written = files::read_capped(out, BUNDLE.most as u64).ok().map(|text| Digest::of(&text));
        exported.is_some() && exported == written && !waits_for(state, who)
    }

    /// A place for the reply at which nothing is.
    fn free(&mut self, mut out: PathBuf) -> Result<PathBuf, Halt> {
        loop {
            match files::refuse_existing(&out) {
                Ok(()) => return Ok(out),
                Err(FilesFault::Exists { .. }) => self.say(&said::reply_is_there(&quoted_path(&out)))?,
                Err(fault) => self.failed(&fault.into()).map(drop)?,
            }
            out = self.ask_path(said::WHERE_TO_WRITE)?;
        }
    }

    /// What she sends, and what she says on the phone so that nobody can put another file in its place.
    fn say_by_phone(&mut self, glance: &Glance, who: &str, out: &Path) -> Result<(), Halt> {
        let mut screen = self.screen();
        screen.blank()?;
        screen.heading(said::SEND_AND_CALL)?;
        sentence(&mut screen, 0, &said::send_this(&quoted_path(out)))?;
        sentence(&mut screen, 0, said::SAY_THESE_WORDS)?;
        for text in report::by_phone(glance.state(), who) {
            sentence(&mut screen, 2, &text)?;
        }
        Ok(())
    }
}

//! A keyholder's whole visit from one file: her own folder beside the bundle, her reading, her signatures, and one reply file.

use std::path::{Path, PathBuf};

use super::offers::named;
use super::words::Words;
use super::{Halt, Runner};
use crate::commands::own_folder::{self, Beside};
use crate::commands::reading;
use crate::commands::sign::reply;
use crate::desk::table::Glance;
use crate::fault::Fault;
use crate::files;
use crate::operator::clean::{cell, quoted_path};
use crate::operator::wording::ceremony;
use crate::operator::wording::guided as said;
use crate::report::columns::sentence;
use crate::report::{self, NAME};

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
        self.way_back = Some(again.module(&self.module).devices(&self.access).place(bundle).shown());
        self.welcome(&said::a_visit(&cell(&plan.title, NAME)), &[said::ABOUT_THE_VISIT])?;
        let mut date = None;
        if goes_on {
            self.open_by_paper()?;
            let glance = self.look()?;
            self.self_check(glance.state().date().spelled())?;
        } else {
            let stated = self.date()?;
            self.self_check(&stated)?;
            date = Some(stated);
        }
        let mut who = self.who(plan, said::WHO_ARE_YOU, |_| true)?;
        if !goes_on {
            self.second_device(plan)?;
        }
        self.heading(&said::her_turn(&named(plan, &who)))?;
        let mut out = out.map_or_else(|| reply::beside(bundle), Path::to_owned);
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

    /// A place for the reply at which nothing is.
    fn free(&mut self, mut out: PathBuf) -> Result<PathBuf, Halt> {
        while files::refuse_existing(&out).is_err() {
            self.say(&said::reply_is_there(&quoted_path(&out)))?;
            out = self.ask_path(said::WHERE_TO_WRITE)?;
        }
        Ok(out)
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

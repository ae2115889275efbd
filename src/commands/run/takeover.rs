//! Another machine takes over: a folder is opened here from the bundle that the first one made, and the second line says whose
//! chain goes on, why, and who watched the bundle on its way.

use std::path::Path;

use tuf_ceremony::bundle::Record;
use tuf_ceremony::transcript::event::{ChainHead, MachineChanged};

use super::{Halt, Runner};
use crate::commands::{open, reading};
use crate::fault::Fault;
use crate::files;
use crate::operator::clean::{cell, quoted_path};
use crate::operator::wording::{ceremony, guided as said};
use crate::report::NAME;

impl Runner<'_> {
    /// Opens the folder here.
    pub(super) fn take_over(&mut self, bundle: &Path, trust: Option<&Path>) -> Result<(), Halt> {
        files::refuse_existing(&self.access.folder).map_err(Fault::from)?;
        let read = reading::bundle(bundle)?;
        let Some(record) = read.bundle.record() else {
            let fault = Fault::refused(ceremony::plain_bundle(&quoted_path(bundle)));
            return Err(fault.now(said::SIGN_A_PLAIN_BUNDLE).into());
        };
        if trust.is_none() && record.root().is_some() {
            return Err(Fault::refused(said::NO_OWN_ROOT).now(said::BRING_YOUR_ROOT).into());
        }
        self.heading(&said::a_takeover(&cell(&record.plan().title, NAME)))?;
        self.say(said::ABOUT_THE_TAKEOVER)?;
        self.say(said::HOW_TO_STOP)?;
        let date = self.date()?;
        self.self_check(&date)?;
        let by = self.who(record.plan(), said::WHO_SITS_HERE, |_| true)?;
        self.speaker = Some(by.clone());
        let from = self.which_chain(record)?;
        let reason = self.ask_text(said::WHY_ANOTHER_MACHINE)?;
        let watched_by = self.watched_by()?;
        self.second_device(record.plan())?;
        let table = open::take_over(&open::Request {
            places: vec![self.access.folder.clone()],
            bundle: Some(bundle.to_owned()),
            trust: trust.map(Path::to_owned),
            date,
            profile: self.module.profile.clone(),
            mirror: self.access.mirror.clone(),
            one_device: self.access.one_device.clone(),
            takes_over: Some(MachineChanged { by, from, reason, watched_by }),
        })?;
        self.screen().blank()?;
        open::tell(&self.access.folder, &table, self.output())?;
        drop(table);
        self.settle()
    }

    /// The chain that goes on here: the only one, or the one that is named.
    fn which_chain(&mut self, record: &Record) -> Result<ChainHead, Halt> {
        let mut heads = record.heads();
        // The machine that led has written most.
        heads.sort_by_key(|head| std::cmp::Reverse(head.lines));
        let choices: Vec<String> =
            heads.iter().map(|head| said::chain(&head.machine.to_string(), head.lines)).collect();
        let at = if choices.len() > 1 { self.ask(said::WHICH_CHAIN, &choices)? } else { 0 };
        Ok(heads[at].clone())
    }
}

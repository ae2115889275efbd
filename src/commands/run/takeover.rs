//! Another machine takes over: a folder is opened here from the bundle that the first one made, and the second line says whose
//! chain goes on, why, and who watched the bundle on its way.

use std::path::Path;

use tuf_ceremony::bundle::Record;
use tuf_ceremony::transcript::event::{ChainHead, Event, MachineChanged};

use super::start::Occasion;
use super::{Halt, Runner};
use crate::commands::{attested, open, reading};
use crate::fault::Fault;
use crate::operator::clean::{cell, quoted_path};
use crate::operator::wording::{ceremony, guided as said};
use crate::report::NAME;

impl Runner<'_> {
    /// Opens the folder here.
    pub(super) fn take_over(&mut self, bundle: &Path, trust: Option<&Path>) -> Result<(), Halt> {
        self.refuse_begun()?;
        let read = reading::bundle(bundle)?;
        let Some(record) = read.bundle.record() else {
            let fault = Fault::refused(ceremony::plain_bundle(&quoted_path(bundle)));
            return Err(fault.now(said::SIGN_A_PLAIN_BUNDLE).into());
        };
        if trust.is_none() && record.root().is_some() {
            return Err(Fault::refused(said::NO_OWN_ROOT).now(said::BRING_YOUR_ROOT).into());
        }
        refuse_ended(record)?;
        self.welcome(&said::a_takeover(&cell(&record.plan().title, NAME)), &[said::ABOUT_THE_TAKEOVER])?;
        let date = self.date()?;
        self.self_check(&date, &Occasion::by(record.plan()))?;
        let by = self.who(record.plan(), said::WHO_SITS_HERE, |_| true)?;
        self.speaker = Some(by.clone());
        let from = self.which_chain(record)?;
        self.ask_about_finals(record, &from)?;
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
            roots: self.roots.clone(),
        })?;
        self.screen().blank()?;
        open::tell(&self.access.folder, &table, &attested::roots(&self.roots)?, self.output())?;
        drop(table);
        self.settle()
    }

    /// What a machine made final could be made here in other bytes, so people decide.
    fn ask_about_finals(&mut self, record: &Record, from: &ChainHead) -> Result<(), Halt> {
        let lines = record.chains().get(&from.machine);
        let finals: Vec<String> = lines
            .into_iter()
            .flat_map(|chain| chain.entries())
            .filter_map(|entry| match &entry.event {
                Event::Finalized(done) => Some(cell(&done.file.path, NAME)),
                _ => None,
            })
            .collect();
        if finals.is_empty() {
            return Ok(());
        }
        self.say(&said::made_final_there(&finals.join(", ")))?;
        let answers = [said::FETCH_THEM, said::MAKE_THEM_HERE].map(str::to_owned);
        match self.ask(said::WHAT_OF_THE_FINAL_FILES, &answers)? {
            0 => Err(Fault::stopped(said::NOT_TAKEN_OVER).now(said::READ_IT_INSTEAD).into()),
            _ => Ok(()),
        }
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

/// What is over on one machine does not go on on another.
fn refuse_ended(record: &Record) -> Result<(), Fault> {
    let mut events = record.chains().values().flat_map(|chain| chain.entries()).map(|entry| &entry.event);
    match events.find(|event| matches!(event, Event::Closed(_) | Event::Aborted(_))) {
        Some(end) => Err(Fault::refused(said::IT_IS_OVER)
            .because_of(said::it_ended_with(end.name()))
            .now(said::READ_IT_INSTEAD)),
        None => Ok(()),
    }
}

//! One person's turn: her token, and everything that `sign --guided` asks her.

use super::offers::{named, waited_for};
use super::words::Words;
use super::{Halt, Runner};
use crate::operator::wording::guided as said;

impl Runner<'_> {
    /// She reads every draft that waits for her, and signs or declines each.
    pub(super) fn sign(&mut self, who: &str, full: &str) -> Result<(), Halt> {
        self.heading(&said::her_turn(full))?;
        self.say(said::ONE_TOKEN)?;
        self.wait(said::ENTER_WHEN_IT_IS_IN)?;
        let words = Words::of(&["sign"]).flag("--guided").option("--as", who).roots(&self.roots);
        let words = words.module(&self.module);
        self.type_in(self.with_access(words).place(&self.access.folder)).map(drop)
    }

    /// Somebody whose key a draft waits for, where too many are to be offered by name.
    pub(super) fn sign_another(&mut self) -> Result<(), Halt> {
        let glance = self.look()?;
        let state = glance.state();
        let people = waited_for(state).0;
        let who = self.who(state.plan(), said::WHO_SIGNS, |name| people.contains(name))?;
        let full = named(state.plan(), &who);
        self.sign(&who, &full)
    }

    /// A machine's key signs for whoever brings its token, and the line says who did.
    pub(super) fn sign_for_machine(&mut self) -> Result<(), Halt> {
        let glance = self.look()?;
        let who = self.who(glance.state().plan(), said::WHO_BRINGS_IT, |_| true)?;
        let full = named(glance.state().plan(), &who);
        self.sign(&who, &full)
    }

    /// A key signs the head that stands on paper.
    pub(super) fn countersign(&mut self, who: &str, full: &str) -> Result<(), Halt> {
        self.heading(&said::she_countersigns(full))?;
        self.say(said::ONE_TOKEN)?;
        self.wait(said::ENTER_WHEN_IT_IS_IN)?;
        let words = Words::of(&["countersign"]).option("--as", who).module(&self.module);
        self.type_in(self.with_access(words).place(&self.access.folder)).map(drop)
    }
}

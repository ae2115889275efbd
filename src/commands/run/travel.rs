//! Files that go and come: a bundle for somebody who is not here, and what she sends back.

use super::words::{Words, name_of};
use super::{Halt, Runner};
use crate::operator::clean::quoted_path;
use crate::operator::wording::guided as said;
use crate::report;
use crate::report::columns::sentence;

/// What a head takes on a page, with its heading and the sentence below.
const ROWS_OF_A_HEAD: usize = 16;

impl Runner<'_> {
    /// Everything that the folder knows, for somebody elsewhere.
    pub(super) fn export(&mut self) -> Result<(), Halt> {
        self.say(&said::bundle_name(&name_of(&self.access.folder)))?;
        let out = self.ask_path(said::WHERE_TO_WRITE)?;
        let words = Words::of(&["export"]).option("--out", &out);
        if self.type_in(self.with_access(words).place(&self.access.folder))?.is_done() {
            let needs_root = self.look()?.state().root().is_some();
            self.say(&said::how_she_signs(&name_of(&out), needs_root))?;
        }
        Ok(())
    }

    /// What somebody sent: a bundle, or partially signed files of a peer.
    pub(super) fn import(&mut self) -> Result<(), Halt> {
        let file = self.ask_path(said::WHICH_FILE)?;
        self.say(&said::reading(&quoted_path(&file)))?;
        let before = self.look()?.state().known_chains().clone();
        let words = Words::of(&["import"]).option("--into", &self.access.folder);
        self.type_in(self.with_access(words).place(file))?;
        let glance = self.look()?;
        let state = glance.state();
        let grown = state.known_chains().iter().filter(|(machine, head)| before.get(machine) != Some(head));
        for (_, head) in grown {
            self.one_page(ROWS_OF_A_HEAD)?;
            let mut screen = self.screen();
            screen.blank()?;
            screen.heading(&said::lines_of_another_machine(head.lines))?;
            report::digest(&mut screen, head.head)?;
            sentence(&mut screen, 0, said::COMPARE_BY_PHONE)?;
        }
        Ok(())
    }
}

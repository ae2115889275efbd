//! Files that go and come: a bundle for somebody who is not here, and what she sends back.

use super::words::{Words, name_of};
use super::{Halt, Runner};
use crate::operator::clean::quoted_path;
use crate::operator::wording::guided as said;

impl Runner<'_> {
    /// Everything that the folder knows, for somebody elsewhere.
    pub(super) fn export(&mut self) -> Result<(), Halt> {
        self.say(&said::bundle_name(&name_of(&self.access.folder)))?;
        let out = self.ask_text(said::WHERE_TO_WRITE)?;
        let words = Words::of(&["export"]).option("--out", &out);
        if self.type_in(self.with_access(words).place(&self.access.folder))?.is_done() {
            let needs_root = self.look()?.state().root().is_some();
            self.say(&said::how_she_signs(&name_of(out.as_ref()), needs_root))?;
        }
        Ok(())
    }

    /// What somebody sent: a bundle, or partially signed files of a peer.
    pub(super) fn import(&mut self) -> Result<(), Halt> {
        let file = self.ask_text(said::WHICH_FILE)?;
        self.say(&said::reading(&quoted_path(file.as_ref())))?;
        let words = Words::of(&["import"]).option("--into", &self.access.folder);
        self.type_in(self.with_access(words).place(file)).map(drop)
    }
}

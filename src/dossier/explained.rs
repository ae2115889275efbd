//! What the engine's state says of the folder: the files that its lines explain, and those that can be made again.

use tuf_ceremony::conduct::Ceremony;
use tuf_ceremony::digest::Digest;
use tuf_ceremony::transcript::event::Stored;

use super::Explains;

impl Explains for Ceremony {
    fn bound(&self) -> Vec<Stored> {
        self.state().files().values().cloned().collect()
    }

    /// A draft of the plan as it is now, or a final file. Those of a plan that was changed since are not made again.
    fn derived(&self, file: &Stored) -> Option<Vec<u8>> {
        self.state().drafts().find_map(|draft| {
            let sealed = draft.part().draft().metadata().document().text();
            if Digest::of(sealed.as_bytes()) == file.sha256 {
                return Some(sealed.as_bytes().to_vec());
            }
            draft.final_file().filter(|own| own.sha256 == file.sha256)?;
            self.state().final_of(draft.payload()).ok().map(|done| done.text)
        })
    }
}

//! Making the drafts of the plan, once every key of it is made.

use super::{NewFile, Step};
use crate::materials::Materials;
use crate::places;
use crate::policy::ceremony::{PlanRefusal, judge};
use crate::seal::{SealFault, SealedPart, seal as made_of};
use crate::state::State;
use crate::transcript::event::{Event, Sealed, SealedDraft};

/// The drafts are not made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealingFault {
    /// The plan gives none.
    #[error(transparent)]
    Seal(#[from] SealFault),
    /// The rules refuse it.
    #[error(transparent)]
    Refused(#[from] PlanRefusal),
}

/// The step that makes the drafts: their files, and the event that binds them with what the rules noticed.
///
/// # Errors
/// When the plan gives no drafts, or the rules refuse it at the date that was stated.
pub fn seal(state: &State, materials: &dyn Materials) -> Result<Step, SealingFault> {
    let inputs = state.sealing_inputs(materials);
    let parts = made_of(state.plan(), &inputs)?;
    let findings = judge(state.plan(), &inputs, &parts, state.date())?.allowed()?;
    let sealed: Vec<(NewFile, SealedDraft)> =
        parts.iter().map(|part| draft(part, state.generation())).collect();
    let (files, drafts) = sealed.into_iter().unzip();
    Ok(Step { files, event: Event::Sealed(Sealed { drafts, findings }) })
}

fn draft(sealed: &SealedPart, generation: u64) -> (NewFile, SealedDraft) {
    let metadata = sealed.part.draft().metadata();
    let file = NewFile {
        path: places::draft(generation, &sealed.letter),
        bytes: metadata.document().text().as_bytes().to_vec(),
    };
    let draft = SealedDraft {
        authorities: sealed.part.authorities().iter().map(crate::keyset::Authority::document).collect(),
        file: file.stored(),
        letter: sealed.letter.clone(),
        payload: metadata.payload(),
        payload_bytes: metadata.payload_bytes(),
        role: sealed.part.draft().role().to_owned(),
        version: metadata.version(),
    };
    (file, draft)
}

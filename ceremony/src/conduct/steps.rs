//! The steps whose events follow from where a ceremony stands: what they add to the folder and what they say is worked out
//! here once, by the same functions that judge it again on replay.

use super::{NewFile, Step};
use crate::bundle::{Bundle, Record, RecordFault};
use crate::digest::Digest;
use crate::materials::Materials;
use crate::places;
use crate::receive::arrivals::Arrivals;
use crate::state::{DraftNow, Illegal, State};
use crate::transcript::event::{BundleExported, BundleImported, Closed, Event, External, Finalized, Form};

/// The drafts of the plan: their files, and the event that binds them with what the rules noticed.
///
/// # Errors
/// When the plan gives no drafts, or the rules refuse it at the date that was stated.
pub fn seal(state: &State, materials: &dyn Materials) -> Result<Step, Illegal> {
    let (parts, sealed) = state.to_seal(materials)?;
    let texts = parts.iter().map(|made| made.part.draft().metadata().document().text());
    let file = |(draft, text): (&crate::transcript::event::SealedDraft, &str)| NewFile {
        path: draft.file.path.clone(),
        bytes: text.as_bytes().to_vec(),
    };
    let files = sealed.drafts.iter().zip(texts).map(file).collect();
    Ok(Step { files, event: Event::Sealed(sealed) })
}

/// What a bundle or a foreign file brings: the file, kept whole, and the event that says what of it counts.
///
/// # Errors
/// When it does not belong to this ceremony, or shows that this folder is an older copy.
pub fn import(
    state: &State,
    form: Form,
    file: Vec<u8>,
    materials: &dyn Materials,
) -> Result<(Step, Arrivals), Illegal> {
    let line = state.transcript().count() + 1;
    let file = NewFile { path: places::import(line, Digest::of(&file)), bytes: file };
    let arrivals = state.arrivals(form, file.bytes.clone(), materials)?;
    let event = Event::BundleImported(BundleImported {
        chains: arrivals.chains.clone(),
        equivocations: arrivals.equivocations.clone(),
        file: file.stored(),
        form,
        signatures: arrivals.signatures.clone(),
    });
    Ok((Step { files: vec![file], event }, arrivals))
}

/// Everything that this machine knows, as a bundle: drafts, signatures, the plan with its files, and every chain.
///
/// # Errors
/// When a file is gone, or there is more than a bundle holds.
pub fn bundle(state: &State, materials: &dyn Materials) -> Result<Bundle, RecordFault> {
    let others = state.others().values().cloned();
    let record = Record::of([state.transcript().clone()].into_iter().chain(others), materials)?;
    Bundle::of_ceremony(state.drafts().map(|draft| draft.part().clone()), record)
}

/// The step that says that a bundle left.
#[must_use]
pub fn exported(state: &State, sha256: Digest, kept: String) -> Step {
    let held = |draft: DraftNow<'_>| draft.part().signatures().all().count() as u64;
    let signatures = state.drafts().map(held).sum();
    Event::BundleExported(BundleExported { bundle: External { kept, sha256 }, signatures }).into()
}

/// The step that makes one draft final: its file, and the event that binds it.
///
/// # Errors
/// When signatures or grants are missing, or the document that judges it is not final yet.
pub fn finalize(state: &State, draft: Digest) -> Result<Step, Illegal> {
    let done = state.final_of(draft)?;
    let file = NewFile { path: places::final_file(&done.name), bytes: done.text };
    let event = Event::Finalized(Finalized { draft, file: file.stored() });
    Ok(Step { files: vec![file], event })
}

/// The step that ends the ceremony. Drafts that are not final are named as such.
#[must_use]
pub fn close(state: &State, by: String) -> Step {
    Event::Closed(Closed { by, unfinished: state.unfinished() }).into()
}

/// The exact text that a person saw, as a file of the folder.
#[must_use]
pub fn shown(text: Vec<u8>) -> NewFile {
    NewFile { path: places::shown(Digest::of(&text)), bytes: text }
}

//! `conclave replay`: what an auditor asks of folders, years later, trusting nobody. Nothing is changed or locked; the
//! engine judges, this reads the folders and tells.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tuf_ceremony::attestation::Roots;
use tuf_ceremony::delta::{Delta, Found};
use tuf_ceremony::digest::Digest;
use tuf_ceremony::limits::TARGET_FILES;
use tuf_ceremony::materials::Materials;
use tuf_ceremony::paper::PaperDigest;
use tuf_ceremony::policy::attested::of_plan;
use tuf_ceremony::replay::{Across, Evidence, Lying, PaperSays, Replay, across, replay};

use tuf_ceremony::state::State;

use super::{Outcome, attested};
use crate::cli::{AttestationRoots, Output};
use crate::desk::table;
use crate::dossier::{FolderFault, Inventory, Shelf};
use crate::fault::Fault;
use crate::files::{Folder, tree};
use crate::operator::clean::quoted_path;
use crate::operator::json::print_json;
use crate::operator::progress::Progress;
use crate::operator::screen::Screen;
use crate::operator::wording::replay as said;
use crate::report::replay::{Facts, Page, Replayed};

/// What was asked.
pub(super) struct Request {
    pub folders: Vec<PathBuf>,
    pub heads: Vec<String>,
    pub targets: Option<PathBuf>,
    pub roots: AttestationRoots,
}

/// Goes through every folder; anything that does not hold is a no.
pub(super) fn run(request: &Request, output: Output) -> Result<Outcome, Fault> {
    let heads = request.heads.iter().map(|text| table::head(text)).collect::<Result<Vec<_>, _>>()?;
    let found = request.targets.as_deref().map(found).transpose()?;
    let roots = attested::roots(&request.roots)?;
    let mut folders = Vec::new();
    for path in &request.folders {
        folders.push(one(path, &heads, request.folders.len() > 1, (found.as_ref(), &roots))?);
    }
    every_head_fits(&heads, &folders)?;
    let replays: Vec<&Replay> = folders.iter().map(|folder| &folder.replay).collect();
    let across: Across = across(&replays);
    let holds = folders.iter().all(Replayed::holds) && across.contradictions.is_empty();
    if output.json {
        print_json(&Facts::of(&folders, &across, holds))?;
    } else {
        Page { folders: &folders, across: &across, holds }.tell(&mut Screen::stdout(output.plain))?;
    }
    Ok(if holds { Outcome::Done } else { Outcome::No })
}

fn one(
    path: &Path,
    heads: &[PaperDigest],
    several: bool,
    (found, roots): (Option<&BTreeMap<String, Found>>, &Roots),
) -> Result<Replayed, Fault> {
    let folder = Folder::open(path)?;
    let inventory = Inventory::of(&folder)?;
    let Some(transcript) = &inventory.transcript else {
        return Err(FolderFault::NoCeremony { folder: path.to_owned() }.into());
    };
    let shelf = Shelf::of(&folder, &inventory);
    let lying = |(path, file): (&String, &tuf_ceremony::transcript::event::Stored)| {
        (path.clone(), Lying { bytes: file.bytes, sha256: file.sha256 })
    };
    let files: BTreeMap<String, Lying> = inventory.files.iter().map(lying).collect();
    let go = |paper| replay(&Evidence { transcript, files: &files, materials: &shelf, paper });
    let mut best = go(heads.first());
    // With several folders each head belongs to one of them.
    for head in heads.iter().skip(1) {
        if !matches!(best.paper, PaperSays::Holds { .. }) {
            best = go(Some(head));
        }
    }
    let is_anothers = (several || heads.len() > 1) && best.paper == PaperSays::Nothing;
    let replayed = if is_anothers { go(None) } else { best };
    let delta = replayed.walked.state.as_ref().and_then(|state| state.delta()).map(|file| file.sha256);
    let targets = match (found, delta.and_then(|sha256| shelf.bytes(sha256))) {
        (Some(found), Some(bytes)) => {
            Delta::read(bytes.into_owned()).ok().map(|delta| delta.differences(found))
        }
        _ => None,
    };
    let strange = inventory.strange.iter().map(|found| quoted_path(&found.path)).collect();
    // From the stored cards, at the date that the lines state; the machine's clock judges nothing here either.
    let of_state =
        |state: &State| of_plan(state.plan(), &state.sealing_inputs(&shelf), roots, Some(state.date()));
    let homes = replayed.walked.state.as_ref().map(of_state).unwrap_or_default();
    Ok(Replayed { path: path.to_owned(), replay: replayed, targets, strange, homes })
}

/// A head that is no folder's is no reason to believe any.
fn every_head_fits(heads: &[PaperDigest], folders: &[Replayed]) -> Result<(), Fault> {
    // One head and one folder that do not fit are told in full, line by line.
    if heads.len() < 2 && folders.len() < 2 {
        return Ok(());
    }
    let heads_of = |folder: &Replayed| {
        let transcript = &folder.replay.transcript;
        (1..=transcript.count()).filter_map(|line| transcript.head_after(line)).collect::<Vec<Digest>>()
    };
    let all: Vec<Digest> = folders.iter().flat_map(heads_of).collect();
    match heads.iter().position(|head| !all.iter().any(|line| head.fits(*line))) {
        None => Ok(()),
        Some(at) => Err(Fault::refused(said::head_of_none(at + 1)).now(said::COMPARE_THE_PAPER)),
    }
}

/// Every file under a folder, hashed, by its path in the repository.
fn found(folder: &Path) -> Result<BTreeMap<String, Found>, Fault> {
    let paths = tree::files_under(folder, TARGET_FILES.most)?;
    let mut progress = Progress::of(crate::operator::wording::planning::HASHING, paths.len());
    let mut found = BTreeMap::new();
    for path in paths {
        let hashed = tree::hashed(&folder.join(&path))?;
        progress.step();
        // A path that is no text is none that targets could name.
        if let Some(name) = path.to_str() {
            let sha256 = Digest::from_bytes(hashed.sha256);
            found.insert(name.to_owned(), Found { length: hashed.bytes, sha256 });
        }
    }
    Ok(found)
}

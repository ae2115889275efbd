//! `conclave import --into FOLDER`: bundles of the ceremony and partially signed files of peers, each kept whole, each line
//! and signature in it judged again. What is told in two ways is written down and refused by name.

use std::path::{Path, PathBuf};

use serde::Serialize;
use tuf_ceremony::conduct;
use tuf_ceremony::digest::Digest;
use tuf_ceremony::document::Document;
use tuf_ceremony::limits::DOCUMENT;
use tuf_ceremony::materials::Materials;
use tuf_ceremony::receive::arrivals::Arrivals;
use tuf_ceremony::state::State;
use tuf_ceremony::transcript::event::Form;

use super::{Outcome, reading, standing};
use crate::cli::Output;
use crate::desk::table::{Access, Left, Table};
use crate::fault::Fault;
use crate::files;
use crate::operator::clean::{quoted_path, visible_path};
use crate::operator::json::print_json;
use crate::operator::manner;
use crate::operator::screen::Screen;
use crate::operator::wording::ceremony as said;
use crate::report::columns::sentence;
use crate::report::{self, Names};

#[derive(Serialize)]
struct Facts {
    files: Vec<FileFacts>,
    #[serde(flatten)]
    folder: standing::FolderFacts,
}

#[derive(Serialize)]
struct FileFacts {
    file: String,
    sha256: String,
    new: u64,
    known: u64,
    told_in_two_ways: Vec<ForkFacts>,
}

#[derive(Serialize)]
struct ForkFacts {
    machine: String,
    line: u64,
    known: String,
    found: String,
}

/// Imports each file, one line of the transcript a file.
pub(super) fn run(access: &Access, paths: &[PathBuf], output: Output) -> Result<Outcome, Fault> {
    reading::few_enough(paths)?;
    let (mut table, _) = Table::load(access)?;
    let mut told = Vec::new();
    for path in paths {
        told.push(one(&mut table, path)?);
    }
    let is_refused = told.iter().any(|file| !file.told_in_two_ways.is_empty());
    let names = standing::names(table.state(), table.materials(), Names::default());
    if output.json {
        let folder = visible_path(&access.folder).into_owned();
        print_json(&Facts {
            files: told,
            folder: standing::FolderFacts::of(folder, table.state(), &names, &Left::default()),
        })?;
    } else {
        let mut screen = Screen::stdout(output.plain);
        standing::mended(&mut screen, &table)?;
        for file in &told {
            screen.line(&said::brought(&file.file, file.new, file.known))?;
            for fork in &file.told_in_two_ways {
                sentence(&mut screen, 2, &said::fork(&fork.machine, fork.line, &fork.known, &fork.found))?;
            }
        }
        screen.blank()?;
        if manner::is_led() {
            // The board comes next, with all that the status would say at length.
            report::head(&mut screen, table.state().lines(), table.state().head())?;
        } else {
            standing::tell(&mut screen, table.state(), &names, &Left::default())?;
        }
    }
    Ok(if is_refused { Outcome::No } else { Outcome::Done })
}

fn one(table: &mut Table, path: &Path) -> Result<FileFacts, Fault> {
    let bytes = files::read_capped(path, DOCUMENT.most as u64)?;
    let form = form(&bytes, path)?;
    let before = signatures(table.state());
    // Documents beside a bundle are drafts and files that the folder has by their digest.
    let step =
        |materials: &dyn Materials, state: &State| conduct::import(state, form, bytes.clone(), materials);
    let (step, arrivals): (_, Arrivals) = step(table.materials(), table.state())?;
    table.take(&step)?;
    let new = signatures(table.state()) - before;
    let fork = |e: &tuf_ceremony::transcript::event::Equivocation| ForkFacts {
        machine: e.machine.to_string(),
        line: e.line,
        known: e.known.to_string(),
        found: e.found.to_string(),
    };
    Ok(FileFacts {
        file: quoted_path(path),
        sha256: Digest::of(&bytes).to_string(),
        new,
        known: (arrivals.signatures.len() as u64).saturating_sub(new),
        told_in_two_ways: arrivals.equivocations.iter().map(fork).collect(),
    })
}

fn signatures(state: &State) -> u64 {
    state.drafts().map(|draft| draft.part().signatures().all().count() as u64).sum()
}

/// A bundle says so in its `_type`; everything else is a peer's.
fn form(bytes: &[u8], path: &Path) -> Result<Form, Fault> {
    let document = Document::read(bytes).map_err(|fault| reading::unreadable(path, &fault))?;
    Ok(if reading::is_bundle(&document) { Form::Bundle } else { Form::Foreign })
}

//! `conclave finalize`: the final metadata files, once every threshold is met. Each is written new, read back and
//! verified; nothing is replaced.

use std::path::Path;

use serde::Serialize;
use tuf_ceremony::bundle::{Final, FinalizeFault};
use tuf_ceremony::digest::Digest;
use tuf_ceremony::limits::DOCUMENT;

use super::{Outcome, reading};
use crate::cli::Output;
use crate::fault::{Fault, Signed};
use crate::files;
use crate::operator::clean::{identifier, quoted_path, visible_path};
use crate::operator::json::print_json;
use crate::operator::screen::Screen;
use crate::operator::wording;

#[derive(Serialize)]
struct Facts {
    files: Vec<FileFacts>,
}

#[derive(Serialize)]
struct FileFacts {
    file: String,
    sha256: String,
    bytes: u64,
    dropped: Vec<DroppedFacts>,
}

#[derive(Serialize)]
struct DroppedFacts {
    keyid: String,
    why: String,
}

/// Finalizes every draft of the bundle, or none.
pub(super) fn run(path: &Path, out: &Path, output: Output) -> Result<Outcome, Fault> {
    let bundle = reading::bundle(path)?.bundle;
    let mut finals = Vec::new();
    for part in bundle.parts() {
        let role = identifier(part.draft().role(), 60);
        finals.push(part.finalize().map_err(|fault| {
            let now = match &fault {
                FinalizeFault::NoQuorum(_) => wording::COLLECT_MORE,
                FinalizeFault::VersionZero { .. } => wording::VERSIONS_START_AT_ONE,
                _ => wording::REPORT_THIS,
            };
            Fault::refused(wording::cannot_finalize(&role, part.draft().metadata().version()))
                .because(&fault)
                .now(now)
        })?);
    }
    files::ensure_dir(out)?;
    // All names are looked at before the first file is written: an output that exists leaves nothing half done.
    for done in &finals {
        files::refuse_existing(&out.join(&done.name))?;
    }
    let mut written: Vec<String> = Vec::new();
    for done in &finals {
        let path = out.join(&done.name);
        let stored = written.join(", ");
        let safe = |fault: Fault| {
            if stored.is_empty() {
                fault
            } else {
                fault.with_signed(Signed::Written { place: stored.clone() })
            }
        };
        files::create_new(&path, &done.text).map_err(|f| safe(f.into()))?;
        let again = files::read_capped(&path, DOCUMENT.most as u64).map_err(|f| safe(f.into()))?;
        if again != done.text {
            let fault =
                Fault::files(wording::not_as_written(&quoted_path(&path))).now(wording::DISTRUST_THE_MEDIUM);
            return Err(fault.with_signed(Signed::Written { place: quoted_path(&path) }));
        }
        written.push(quoted_path(&path));
    }
    if output.json {
        let facts = finals.iter().map(|done| facts(out, done)).collect();
        print_json(&Facts { files: facts })?;
        return Ok(Outcome::Done);
    }
    let mut screen = Screen::stdout(output.plain);
    for done in &finals {
        for dropped in &done.dropped {
            screen.line(&wording::dropped(&identifier(&dropped.keyid, 80), &dropped.why.to_string()))?;
        }
        screen.line(&wording::finalized(&quoted_path(&out.join(&done.name))))?;
        screen.line(&wording::file_sha256(&Digest::of(&done.text).to_string()))?;
        screen.line(wording::READ_BACK)?;
    }
    Ok(Outcome::Done)
}

fn facts(out: &Path, done: &Final) -> FileFacts {
    let dropped =
        done.dropped.iter().map(|d| DroppedFacts { keyid: d.keyid.clone(), why: d.why.to_string() });
    FileFacts {
        file: visible_path(&out.join(&done.name)).into_owned(),
        sha256: Digest::of(&done.text).to_string(),
        bytes: done.text.len() as u64,
        dropped: dropped.collect(),
    }
}

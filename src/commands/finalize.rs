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
use crate::files::{self, FilesFault};
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
    // An exception that nothing needs is refused in a plan, so this asks whether any draft needs one.
    if bundle.record().is_some_and(|record| !record.plan().exceptions.is_empty()) {
        let sentence = wording::granting::needs_a_folder(&quoted_path(path));
        return Err(Fault::refused(sentence).now(wording::granting::FINALIZE_IN_A_FOLDER));
    }
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
    distinct(&finals)?;
    files::ensure_dir(out)?;
    let (there, missing) = standing(out, &finals)?;
    let mut written: Vec<String> = Vec::new();
    if let (Some(first), true) = (there.first(), missing.is_empty()) {
        let sentence = wording::final_is_there(&quoted_path(&out.join(&first.name)));
        return Err(Fault::files(sentence).now(wording::NOTHING_LEFT_TO_DO));
    }
    for done in &missing {
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

/// Names that a filesystem without case would take for one are refused before anything is written.
fn distinct(finals: &[Final]) -> Result<(), Fault> {
    for (at, done) in finals.iter().enumerate() {
        let same = |other: &&Final| other.name.to_lowercase() == done.name.to_lowercase();
        if let Some(other) = finals[..at].iter().find(same) {
            let sentence = wording::names_collide(&identifier(&other.name, 60), &identifier(&done.name, 60));
            return Err(Fault::refused(sentence).now(wording::REPORT_THIS));
        }
    }
    Ok(())
}

/// Which files are there already with the very bytes (a run that was stopped half way), and which are missing. All
/// names are looked at before the first file is written; a file of other bytes refuses everything.
fn standing<'f>(out: &Path, finals: &'f [Final]) -> Result<(Vec<&'f Final>, Vec<&'f Final>), Fault> {
    let (mut there, mut missing) = (Vec::new(), Vec::new());
    for done in finals {
        let path = out.join(&done.name);
        match files::refuse_existing(&path) {
            Ok(()) => missing.push(done),
            Err(fault @ FilesFault::Exists { .. }) => match files::read_capped(&path, DOCUMENT.most as u64) {
                Ok(bytes) if bytes == done.text => there.push(done),
                _ => return Err(fault.into()),
            },
            Err(fault) => return Err(fault.into()),
        }
    }
    Ok((there, missing))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn done(name: &str, text: &str) -> Final {
        Final { name: name.into(), text: text.into(), dropped: Vec::new() }
    }

    #[test]
    fn names_that_differ_in_case_alone_are_refused() {
        assert!(distinct(&[done("1.a.json", ""), done("1.b.json", "")]).is_ok());
        let fault = distinct(&[done("1.a.json", ""), done("1.A.json", "")]).unwrap_err();
        assert_eq!(fault.exit(), 1);
    }

    #[test]
    fn a_run_that_was_stopped_half_way_is_finished_and_another_file_refuses_all() {
        let folder = tempfile::tempdir().unwrap();
        let finals = [done("1.a.json", "a"), done("1.b.json", "b")];
        files::create_new(&folder.path().join("1.a.json"), b"a").unwrap();
        let (there, missing) = standing(folder.path(), &finals).unwrap();
        assert_eq!((there[0].name.as_str(), missing[0].name.as_str()), ("1.a.json", "1.b.json"));
        files::create_new(&folder.path().join("1.b.json"), b"somebody's own").unwrap();
        assert_eq!(standing(folder.path(), &finals).unwrap_err().exit(), 5);
    }
}

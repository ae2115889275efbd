//! `conclave import`: partially or fully signed files of one document, in whatever form peers write, into one bundle.

use std::path::PathBuf;

use serde::Serialize;
use tuf_ceremony::bundle::Admission;
use tuf_ceremony::dialect::Foreign;
use tuf_ceremony::digest::Digest;
use tuf_ceremony::document::Document;
use tuf_ceremony::gather::{GatherFault, Gathered, Note, Oddity, gather};
use tuf_ceremony::keyset::Verdict;
use tuf_ceremony::metadata::{Metadata, RoleType};

use super::{Outcome, reading, standing, status};
use crate::cli::Output;
use crate::fault::Fault;
use crate::operator::clean::{identifier, quoted_path, visible_path};
use crate::operator::json::print_json;
use crate::operator::screen::Screen;
use crate::operator::wording;

/// What was asked.
pub(super) struct Request {
    pub files: Vec<PathBuf>,
    pub trust: Option<PathBuf>,
    pub predecessor: Option<PathBuf>,
    pub role: Option<String>,
    pub out: PathBuf,
}

#[derive(Serialize)]
struct Facts {
    bundle: String,
    written: Vec<String>,
    files: Vec<FileFacts>,
    drafts: Vec<standing::DraftFacts>,
}

#[derive(Serialize)]
struct FileFacts {
    file: String,
    sha256: String,
    dialect: &'static str,
    notes: Vec<NoteFacts>,
}

#[derive(Serialize)]
struct NoteFacts {
    keyid: Option<String>,
    what: String,
}

/// Imports, writes the bundle, and says of each file what it was and what in it counted.
pub(super) fn run(request: &Request, output: Output) -> Result<Outcome, Fault> {
    reading::few_enough(&request.files)?;
    let mut gathered = Vec::new();
    for path in &request.files {
        let bytes = reading::bytes(path)?;
        let sha256 = Digest::of(&bytes);
        let document = Document::read(bytes).map_err(|fault| reading::unreadable(path, &fault))?;
        let is_bundle = reading::is_bundle(&document);
        let foreign = Foreign::of(document).map_err(|fault| {
            let now = if is_bundle { wording::MERGE_BUNDLES } else { wording::NAME_METADATA };
            Fault::refused(wording::not_metadata(&quoted_path(path))).because(&fault).now(now)
        })?;
        gathered.push(Gathered { foreign, sha256 });
    }
    let (trusted, predecessor) = judges(request, &gathered)?;
    let (bundle, notes) = gather(&gathered, request.role.as_deref(), trusted, predecessor)
        .map_err(|fault| refused(&fault, &request.files))?;
    let written = reading::write_bundle(&request.out, &bundle)?;
    if output.json {
        let files = request.files.iter().zip(&gathered).enumerate();
        print_json(&Facts {
            bundle: visible_path(&request.out).into_owned(),
            written: written.iter().map(|p| visible_path(p).into_owned()).collect(),
            files: files.map(|(at, (path, file))| file_facts(at, path, file, &notes)).collect(),
            drafts: bundle.parts().map(standing::DraftFacts::of).collect(),
        })?;
        return Ok(Outcome::Done);
    }
    let mut screen = Screen::stdout(output.plain);
    for (at, (path, file)) in request.files.iter().zip(&gathered).enumerate() {
        screen.line(&wording::file_is(&quoted_path(path), file.foreign.dialect.name()))?;
        let of_file = || notes.iter().filter(|n| n.file == at);
        let empty = of_file().filter(|n| is_placeholder(&n.what)).count();
        if empty > 0 {
            screen.line(&wording::placeholders(empty as u64))?;
        }
        for note in of_file().filter(|n| !is_placeholder(&n.what)) {
            let (keyid, what) = said(&note.what);
            let line = keyid.map_or(what.clone(), |k| format!("{}: {what}", identifier(&k, 80)));
            screen.line(&format!("  {line}"))?;
        }
    }
    screen.blank()?;
    status::tell(&mut screen, &bundle)?;
    screen.line(&wording::bundle_written(&quoted_path(&request.out)))?;
    Ok(Outcome::Done)
}

/// For a root, `--trust` and `--predecessor` are the same file and either serves.
fn judges(request: &Request, files: &[Gathered]) -> Result<(Option<Metadata>, Option<Metadata>), Fault> {
    let read = |path: &Option<PathBuf>| path.as_deref().map(reading::metadata).transpose();
    let (trusted, predecessor) = (read(&request.trust)?, read(&request.predecessor)?);
    let is_root = files
        .iter()
        .find_map(|f| f.foreign.metadata.as_ref())
        .is_some_and(|m| m.role_type() == RoleType::Root);
    if !is_root {
        return Ok((trusted, predecessor));
    }
    match (trusted, predecessor) {
        (Some(a), Some(b)) if a.payload() != b.payload() => {
            Err(Fault::refused(wording::TWO_PREDECESSORS).now(wording::GIVE_ONE_PREDECESSOR))
        }
        (a, b) => Ok((a.or(b), None)),
    }
}

fn refused(fault: &GatherFault, files: &[PathBuf]) -> Fault {
    let name = |at: usize| files.get(at).map_or_else(String::new, |p| quoted_path(p));
    let trouble = match fault {
        GatherFault::TwoPayloads { first_file, second_file, .. } => {
            Fault::refused(wording::two_payloads(&name(*first_file), &name(*second_file))).because(fault)
        }
        GatherFault::OtherRole { file, .. } => {
            Fault::refused(wording::not_for_this(&name(*file))).because(fault)
        }
        _ => Fault::refused(wording::CANNOT_IMPORT).because(fault),
    };
    trouble.now(match fault {
        GatherFault::NoDocument => wording::NAME_THE_DOCUMENT_TOO,
        GatherFault::TwoPayloads { .. } => wording::IMPORT_ONE_AT_A_TIME,
        GatherFault::Part(part) => wording::advice_for_part(part),
        _ => wording::ASK_WHO_MADE_IT,
    })
}

/// Places kept for signatures are counted, not listed: real files hold dozens.
fn is_placeholder(what: &Oddity) -> bool {
    matches!(what, Oddity::NotCounted { why: Verdict::Empty, .. })
}

/// What a note says: about which key id, and what.
fn said(what: &Oddity) -> (Option<String>, String) {
    match what {
        Oddity::Admitted { keyid, admission: Admission::New } => {
            (Some(keyid.clone()), wording::ADMITTED.to_owned())
        }
        Oddity::Admitted { keyid, admission: Admission::Known } => {
            (Some(keyid.clone()), wording::KNOWN.to_owned())
        }
        Oddity::NotCounted { keyid, why } => {
            (Some(keyid.clone()), wording::not_counted(why.word(), &why.to_string()))
        }
        Oddity::KeyIdTwice { keyid } => (Some(keyid.clone()), wording::KEY_ID_TWICE.to_owned()),
        Oddity::NoArray => (None, wording::NO_SIGNATURES_ARRAY.to_owned()),
        Oddity::MoreMembers { keyid } => (Some(keyid.clone()), wording::MORE_MEMBERS.to_owned()),
    }
}

fn file_facts(at: usize, path: &std::path::Path, file: &Gathered, notes: &[Note]) -> FileFacts {
    let notes = notes.iter().filter(|n| n.file == at).map(|n| {
        let (keyid, what) = said(&n.what);
        NoteFacts { keyid, what }
    });
    FileFacts {
        file: visible_path(path).into_owned(),
        sha256: file.sha256.to_string(),
        dialect: file.foreign.dialect.name(),
        notes: notes.collect(),
    }
}

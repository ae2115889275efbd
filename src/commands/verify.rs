//! `conclave verify chain` and `conclave verify signature`.

use std::path::{Path, PathBuf};

use serde::Serialize;
use tuf_ceremony::chain::{self, Reason, Step};
use tuf_ceremony::document::Document;
use tuf_ceremony::key::encoding::signature_from_hex;
use tuf_ceremony::key::{KeyProblem, PublicKey, Scheme};
use tuf_ceremony::keyset::{Tally, Verdict};
use tuf_ceremony::limits::SMALL_FILE;
use tuf_ceremony::metadata::{Metadata, key_of_document};
use tuf_ceremony::time::Moment;

use super::{Outcome, reading};
use crate::cli::Output;
use crate::fault::Fault;
use crate::files;
use crate::operator::clean::{cell, identifier, quoted, quoted_path, visible_path};
use crate::operator::json::print_json;
use crate::operator::screen::Screen;
use crate::operator::wording;
use crate::report::{self, facts::FindingFacts};

#[derive(Serialize)]
struct StepFacts {
    file: String,
    version: Option<u64>,
    new: Option<Count>,
    old: Option<Count>,
    ok: bool,
    signatures: Vec<EntryFacts>,
    findings: Vec<FindingFacts>,
    reasons: Vec<String>,
}

#[derive(Serialize)]
struct Count {
    valid: u64,
    threshold: u64,
}

#[derive(Serialize)]
struct EntryFacts {
    keyid: String,
    new: &'static str,
    old: Option<&'static str>,
}

impl From<&Tally> for Count {
    fn from(tally: &Tally) -> Count {
        Count { valid: tally.valid(), threshold: tally.threshold }
    }
}

fn facts(file: &Path, step: &Step) -> StepFacts {
    let entry = |e: &chain::JudgedEntry| EntryFacts {
        keyid: e.keyid.clone(),
        new: e.new.word(),
        old: e.old.as_ref().map(Verdict::word),
    };
    StepFacts {
        file: visible_path(file).into_owned(),
        version: step.version,
        new: step.new.as_ref().map(Count::from),
        old: step.old.as_ref().map(Count::from),
        ok: step.is_ok(),
        signatures: step.entries.iter().map(entry).collect(),
        findings: step.findings.iter().map(FindingFacts::from).collect(),
        reasons: step.reasons.iter().map(Reason::to_string).collect(),
    }
}

/// Judges the chain; a file that is no root is a step that does not hold.
pub(super) fn chain(paths: &[PathBuf], at: Option<&str>, output: Output) -> Result<Outcome, Fault> {
    reading::few_enough(paths)?;
    let at = at.map(reading::moment).transpose()?;
    let mut roots = Vec::new();
    for path in paths {
        let bytes = reading::bytes(path)?;
        let root = Document::read(bytes).map_err(Reason::from);
        roots.push(root.and_then(|document| Metadata::of(document.into()).map_err(Reason::from)));
    }
    let steps = chain::judge(&roots, at.as_ref());
    if output.json {
        let facts: Vec<StepFacts> = paths.iter().zip(&steps).map(|(path, step)| facts(path, step)).collect();
        print_json(&facts)?;
    } else {
        tell(paths, &steps, at.as_ref(), output)?;
    }
    Ok(if steps.iter().all(Step::is_ok) { Outcome::Done } else { Outcome::No })
}

fn tell(paths: &[PathBuf], steps: &[Step], at: Option<&Moment>, output: Output) -> Result<(), Fault> {
    let mut screen = Screen::stdout(output.plain);
    for (path, step) in paths.iter().zip(steps) {
        let version = step.version.map_or(wording::NO_VERSION.to_owned(), wording::version);
        screen.heading(&format!("{}: {version}", quoted_path(path)))?;
        if let Some(new) = &step.new {
            screen.line(&wording::tally_line(wording::OWN_KEYS, new.valid(), new.threshold))?;
        }
        if let Some(old) = &step.old {
            screen.line(&wording::tally_line(wording::KEYS_BEFORE, old.valid(), old.threshold))?;
        }
        for entry in step.entries.iter().filter(|e| e.new.counts().is_none()) {
            let counts_before = entry.old.as_ref().is_some_and(|old| old.counts().is_some());
            let what =
                if counts_before { wording::FOR_THE_ROOT_BEFORE.to_owned() } else { entry.new.to_string() };
            screen.line(&format!("  {}: {}", identifier(&entry.keyid, 80), cell(&what, report::CLAUSE)))?;
        }
        if !step.findings.is_empty() {
            screen.line(wording::ODD)?;
            report::findings(&mut screen, &step.findings, false)?;
        }
        for reason in &step.reasons {
            screen.line(&wording::does_not_hold(&cell(&reason.to_string(), report::CLAUSE)))?;
        }
        if step.is_ok() {
            screen.line(wording::STEP_HOLDS)?;
        }
        screen.blank()?;
    }
    let bad = steps.iter().filter(|s| !s.is_ok()).count();
    match at {
        None => screen.line(wording::EXPIRY_NOT_JUDGED)?,
        Some(at) if bad == 0 => screen.line(&wording::not_expired(&at.written()))?,
        Some(_) => {}
    }
    screen.line(&wording::chain_verdict(steps.len(), bad))?;
    Ok(())
}

#[derive(Serialize)]
struct SignatureFacts {
    ok: bool,
    verdict: &'static str,
    why: Option<String>,
    key: Option<String>,
    scheme: String,
}

/// Verifies one signature by one key over the bytes of one file.
pub(super) fn signature(
    key: &Path,
    scheme: &str,
    message: &Path,
    sig: &str,
    output: Output,
) -> Result<Outcome, Fault> {
    let known: Scheme = scheme.parse().map_err(|_| {
        let names: Vec<&str> = Scheme::ALL.iter().map(|s| s.name()).collect();
        Fault::usage(wording::unknown_scheme(&quoted(scheme, 60)))
            .now(wording::known_schemes(&names.join(", ")))
    })?;
    let read = public_key(key, known)?;
    let message = reading::bytes(message)?;
    let (verdict, why, print) = match &read {
        Err(problem) => (problem.verdict(), Some(problem.to_string()), None),
        Ok(key) => match signature_from_hex(sig).and_then(|sig| key.verify(&message, &sig)) {
            Ok(()) => ("ok", None, Some(key.fingerprint())),
            Err(problem) => (problem.verdict(), Some(problem.to_string()), Some(key.fingerprint())),
        },
    };
    let ok = verdict == "ok";
    if output.json {
        let key = print.map(|p| p.to_string());
        print_json(&SignatureFacts { ok, verdict, why, key, scheme: known.name().to_owned() })?;
    } else {
        let mut screen = Screen::stdout(output.plain);
        let line =
            why.map_or(wording::SIGNATURE_GOOD.to_owned(), |why| wording::signature_bad(verdict, &why));
        screen.line(&line)?;
    }
    Ok(if ok { Outcome::Done } else { Outcome::No })
}

/// A key file: a PEM, or a TUF key object whose scheme must be the one asked for.
fn public_key(path: &Path, scheme: Scheme) -> Result<Result<PublicKey, KeyProblem>, Fault> {
    let bytes = files::read_capped(path, SMALL_FILE.most as u64)?;
    if bytes.trim_ascii_start().starts_with(b"-----BEGIN") {
        let text = String::from_utf8_lossy(&bytes);
        return Ok(PublicKey::from_spki_pem(&text, scheme));
    }
    let document = Document::read(bytes).map_err(|fault| reading::unreadable(path, &fault))?;
    let key = key_of_document(&document);
    if let Ok(other) = key.as_ref().map(PublicKey::scheme)
        && other != scheme
    {
        return Err(Fault::refused(wording::other_scheme(&quoted_path(path), other.name(), scheme.name()))
            .now(wording::NAME_THE_KEYS_SCHEME));
    }
    Ok(key)
}

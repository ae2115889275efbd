//! `conclave merge`: several bundles of the same drafts into one.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{Outcome, reading, standing, status};
use crate::cli::Output;
use crate::fault::Fault;
use crate::operator::clean::{quoted_path, visible_path};
use crate::operator::json::print_json;
use crate::operator::screen::Screen;
use crate::operator::wording;

#[derive(Serialize)]
struct Facts {
    bundle: String,
    written: Vec<String>,
    drafts: Vec<standing::DraftFacts>,
}

/// Merges in any order to the same bytes, and writes a new bundle.
pub(super) fn run(paths: &[PathBuf], out: &Path, output: Output) -> Result<Outcome, Fault> {
    reading::few_enough(paths)?;
    let mut merged: Option<(tuf_ceremony::bundle::Bundle, &Path)> = None;
    for path in paths {
        let next = reading::bundle(path)?.bundle;
        merged = Some(match merged {
            None => (next, path),
            Some((sum, first)) => {
                let sum = sum.merge(&next).map_err(|fault| {
                    Fault::refused(wording::cannot_merge(&quoted_path(first), &quoted_path(path)))
                        .because(&fault)
                        .now(wording::MERGE_ONLY_ONE_CEREMONY)
                })?;
                (sum, first)
            }
        });
    }
    let Some((bundle, _)) = merged else {
        return Err(Fault::usage(wording::NO_BUNDLE_NAMED).now(wording::NAME_THE_BUNDLES));
    };
    let written = reading::write_bundle(out, &bundle)?;
    if output.json {
        print_json(&Facts {
            bundle: visible_path(out).into_owned(),
            written: written.iter().map(|p| visible_path(p).into_owned()).collect(),
            drafts: bundle.parts().map(standing::DraftFacts::of).collect(),
        })?;
        return Ok(Outcome::Done);
    }
    let mut screen = Screen::stdout(output.plain);
    status::tell(&mut screen, &bundle)?;
    screen.line(&wording::bundle_written(&quoted_path(out)))?;
    Ok(Outcome::Done)
}

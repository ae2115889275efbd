//! `conclave canonical`: the bytes that are hashed and signed, and nothing else, on standard output.

use std::path::Path;

use serde::Serialize;
use tuf_ceremony::canonical;

use super::{Outcome, reading};
use crate::cli::Output;
use crate::fault::Fault;
use crate::operator::bytes::print_pieces;
use crate::operator::clean::quoted_path;
use crate::operator::json::print_json;
use crate::operator::wording;

#[derive(Serialize)]
struct Facts {
    sha256: String,
    bytes: u64,
}

/// Prints the canonical form; with `--json`, its SHA-256 and length instead.
pub(super) fn run(file: &Path, signed: bool, output: Output) -> Result<Outcome, Fault> {
    let document = reading::document_or_stdin(file)?;
    let mut view = document.root();
    if signed {
        let part = view.object().and_then(|envelope| envelope.member("signed"));
        view = part.ok_or_else(|| {
            Fault::refused(wording::no_signed_part(&quoted_path(file))).now(wording::NAME_METADATA)
        })?;
    }
    if output.json {
        let (sha256, bytes) = canonical::digest(view);
        print_json(&Facts { sha256: sha256.to_string(), bytes })?;
    } else {
        print_pieces(|sink| canonical::feed(view, sink))?;
    }
    Ok(Outcome::Done)
}

//! `conclave canonical`: the bytes that are hashed and signed, and nothing else, on standard output.

use std::path::Path;

use serde::Serialize;
use tuf_ceremony::canonical;

use super::{Outcome, reading};
use crate::cli::Output;
use crate::fault::Fault;
use crate::operator::bytes::print_pieces;
use crate::operator::json::print_json;

#[derive(Serialize)]
struct Facts {
    sha256: String,
    bytes: u64,
}

/// Prints the canonical form; with `--json`, its SHA-256 and length instead.
pub(super) fn run(file: &Path, output: Output) -> Result<Outcome, Fault> {
    let document = reading::document_or_stdin(file)?;
    if output.json {
        let (sha256, bytes) = canonical::digest(document.root());
        print_json(&Facts { sha256: sha256.to_string(), bytes })?;
    } else {
        print_pieces(|sink| canonical::feed(document.root(), sink))?;
    }
    Ok(Outcome::Done)
}

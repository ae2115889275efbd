//! temp
use super::Outcome;
use crate::cli::Output;
use crate::fault::Fault;
use std::path::PathBuf;
pub(super) struct Request {
    pub file: PathBuf,
    pub trust: Option<PathBuf>,
    pub against: Option<PathBuf>,
    pub role: Option<String>,
    pub all: bool,
}
pub(super) fn run(_r: &Request, _o: Output) -> Result<Outcome, Fault> {
    Ok(Outcome::Done)
}

//! A keyholder's reply: her folder as a bundle, written beside the one that she was sent, read back and verified.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::Request;
use crate::commands::export;
use crate::desk::table::{Access, Table};
use crate::fault::Fault;
use crate::files;
use crate::operator::clean::visible_path;
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::wording::{self, ceremony as said};
use crate::report::columns::sentence;

/// What a bundle's name ends with.
const ENDING: &str = ".bundle.json";

/// The reply, for scripts.
#[derive(Serialize)]
pub(super) struct Facts {
    bundle: String,
    sha256: String,
    written: Vec<String>,
    /// How many lines of her chain are in it: all but the one that tells of it.
    lines: u64,
}

/// Where the reply goes; nothing may be there, and it does not lie in a folder of the ceremony. Asked before anything is signed.
pub(super) fn place(request: &Request, access: &Access) -> Result<PathBuf, Fault> {
    let out = request.out.clone().unwrap_or_else(|| beside(&request.place));
    export::outside(access, &out)?;
    files::refuse_existing(&out)?;
    Ok(out)
}

/// `root-2.bundle.json` is answered by `root-2.reply.bundle.json`.
pub(in crate::commands) fn beside(bundle: &Path) -> PathBuf {
    let name = bundle.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let stem = name.strip_suffix(ENDING).or_else(|| name.strip_suffix(".json")).unwrap_or(&name);
    bundle.with_file_name(format!("{stem}.reply{ENDING}"))
}

/// Writes it, and writes down that it left.
pub(super) fn write(table: &mut Table, access: &Access, out: &Path) -> Result<Facts, Fault> {
    let exported = export::write(table, access, out)?;
    Ok(Facts {
        bundle: visible_path(out).into_owned(),
        sha256: exported.sha256.to_string(),
        written: exported.written.iter().map(|path| visible_path(path).into_owned()).collect(),
        lines: table.state().lines().saturating_sub(1),
    })
}

impl Facts {
    pub(super) fn tell(&self, screen: &mut Screen<'_>) -> Result<(), ScreenFault> {
        screen.line(&wording::send_home(&self.bundle))?;
        screen.line(&wording::file_sha256(&self.sha256))?;
        sentence(screen, 0, &wording::known_at_home(self.lines))?;
        if self.written.len() > 1 {
            screen.line(said::CARRY_ALL)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_is_named_like_what_it_answers() {
        for (bundle, reply) in [
            ("m/root-2.bundle.json", "m/root-2.reply.bundle.json"),
            ("root-2.json", "root-2.reply.bundle.json"),
            ("root-2", "root-2.reply.bundle.json"),
        ] {
            assert_eq!(beside(Path::new(bundle)), Path::new(reply));
        }
    }
}

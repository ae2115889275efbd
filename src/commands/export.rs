//! `conclave export`: everything that a folder knows, as one bundle that another machine can start from. It is written and
//! read back first, then written down.

use std::path::{Path, PathBuf};

use tuf_ceremony::conduct;
use tuf_ceremony::digest::Digest;
use tuf_ceremony::limits::BUNDLE;

use super::{Outcome, reading, standing};
use crate::cli::Output;
use crate::desk::table::{Access, Table};
use crate::fault::{Fault, Signed};
use crate::files::{self, Folder};
use crate::operator::clean::{quoted_path, visible_path};
use crate::operator::json::print_json;
use crate::operator::screen::Screen;
use crate::operator::wording::{self, ceremony as said};
use crate::report;

#[derive(serde::Serialize)]
struct Facts {
    bundle: String,
    sha256: String,
    written: Vec<String>,
    lines: u64,
    head: String,
}

/// A bundle inside the ceremony's own folder would be a file that no line names: the folder could not be gone on with.
pub(super) fn outside(access: &Access, out: &Path) -> Result<(), Fault> {
    let of = |path: &Path| Folder::open(path).and_then(|folder| folder.identity()).ok();
    let own: Vec<_> =
        [Some(&access.folder), access.mirror.as_ref()].into_iter().flatten().filter_map(|p| of(p)).collect();
    let above = out.ancestors().skip(1);
    let mut above = above.map(|path| if path.as_os_str().is_empty() { Path::new(".") } else { path });
    match above.find(|path| of(path).is_some_and(|identity| own.contains(&identity))) {
        Some(folder) => Err(Fault::files(said::inside_the_folder(&quoted_path(out), &quoted_path(folder)))
            .now(said::NAME_A_PLACE_OUTSIDE)),
        None => Ok(()),
    }
}

/// What left.
pub(super) struct Exported {
    /// SHA-256 of the bundle.
    pub sha256: Digest,
    /// The bundle and the files beside it.
    pub written: Vec<PathBuf>,
}

/// Writes everything that a folder knows into a new bundle, reads it back, and writes down that it left.
pub(super) fn write(table: &mut Table, access: &Access, out: &Path) -> Result<Exported, Fault> {
    outside(access, out)?;
    let bundle = conduct::bundle(table.state(), table.materials())
        .map_err(|fault| Fault::refused(said::CANNOT_EXPORT).because(&fault).now(said::BRING_THE_FILE))?;
    let kept = out.file_name().map(|name| visible_path(Path::new(name)).into_owned()).unwrap_or_default();
    // Nothing leaves where that could not be written down: not during a break, and not after the end.
    table.would_take(&conduct::exported(table.state(), Digest::of(b""), kept.clone()))?;
    let written: Vec<PathBuf> = reading::write_bundle(out, &bundle)?;
    // What left is what a reader gets: read again from the medium, whole.
    let sha256 = Digest::of(&files::read_capped(out, BUNDLE.most as u64)?);
    let again = reading::bundle(out)?;
    let place = || Signed::Written { place: quoted_path(out) };
    if again.sha256 != sha256 {
        let fault =
            Fault::files(wording::not_as_written(&quoted_path(out))).now(wording::DISTRUST_THE_MEDIUM);
        return Err(fault.with_signed(place()));
    }
    let step = conduct::exported(table.state(), sha256, kept);
    table.take(&step).map_err(|fault| fault.with_signed(place()))?;
    Ok(Exported { sha256, written })
}

/// Writes a bundle.
pub(super) fn run(access: &Access, out: &Path, output: Output) -> Result<Outcome, Fault> {
    outside(access, out)?;
    let (mut table, _) = Table::load(access)?;
    let Exported { sha256, written } = write(&mut table, access, out)?;
    let state = table.state();
    if output.json {
        print_json(&Facts {
            bundle: visible_path(out).into_owned(),
            sha256: sha256.to_string(),
            written: written.iter().map(|path| visible_path(path).into_owned()).collect(),
            lines: state.lines(),
            head: state.head().to_string(),
        })?;
        return Ok(Outcome::Done);
    }
    let mut screen = Screen::stdout(output.plain);
    standing::mended(&mut screen, &table)?;
    for path in &written {
        screen.line(&wording::bundle_written(&quoted_path(path)))?;
    }
    screen.line(&wording::file_sha256(&sha256.to_string()))?;
    if written.len() > 1 {
        screen.line(said::CARRY_ALL)?;
    }
    screen.blank()?;
    report::head(&mut screen, state.lines(), state.head())?;
    Ok(Outcome::Done)
}

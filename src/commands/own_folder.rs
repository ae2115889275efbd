//! A keyholder's own folder beside a bundle (MODEL 14): opened now, or gone on with.

use std::path::{Path, PathBuf};

use tuf_ceremony::conduct;
use tuf_ceremony::digest::Digest;
use tuf_ceremony::limits::BUNDLE;
use tuf_ceremony::transcript::event::Form;

use super::{open, reading};
use crate::desk::table::{Access, Table};
use crate::fault::Fault;
use crate::files;
use crate::operator::clean::quoted_path;
use crate::operator::wording::{ceremony as said, planning};

/// A bundle, and how its folder is come to.
pub(super) struct Beside<'b> {
    /// The bundle.
    pub bundle: &'b Path,
    /// Her own trusted root.
    pub trust: Option<&'b Path>,
    /// The date on which the folder is opened.
    pub date: Option<&'b str>,
    /// The way to the folder, but for its name.
    pub access: &'b Access,
}

/// The keyholder's own folder beside a bundle (MODEL 14): opened now, or gone on with.
pub(super) fn open(request: &Beside<'_>) -> Result<(Table, PathBuf), Fault> {
    let folder = beside(request.bundle);
    let access = Access { folder: folder.clone(), ..request.access.clone() };
    // What it is comes first: a date alone would not help where no ceremony's bundle stands.
    let read = reading::bundle(request.bundle)?;
    if access.means_folder() {
        let mut table = Table::load(&access)?.0;
        catch_up(&mut table, request, read.sha256)?;
        return Ok((table, folder));
    }
    if read.bundle.record().is_none() {
        let sentence = said::plain_bundle(&quoted_path(request.bundle));
        return Err(Fault::refused(sentence).now(said::SIGN_IT_AS_IT_IS));
    }
    let Some(date) = request.date else {
        return Err(Fault::usage(said::DATE_FOR_A_FOLDER).now(planning::GIVE_A_DATE));
    };
    Ok((open::visit(request.bundle, request.trust, date, &access)?, folder))
}

/// The folder beside the bundle may have been opened from an earlier copy: what this one brings is imported first, and one of
/// another ceremony or plan is refused, so that she does not decline what she has not seen.
fn catch_up(table: &mut Table, request: &Beside<'_>, sha256: Digest) -> Result<(), Fault> {
    if table.state().files().values().any(|file| file.sha256 == sha256) {
        return Ok(());
    }
    let text = files::read_capped(request.bundle, BUNDLE.most as u64)?;
    let step = conduct::import(table.state(), Form::Bundle, text, table.materials()).map_err(|why| {
        let (folder, bundle) = (quoted_path(&beside(request.bundle)), quoted_path(request.bundle));
        Fault::refused(said::other_folder_beside(&folder, &bundle)).because(&why).now(said::KEEP_IT_ELSEWHERE)
    })?;
    table.take(&step.0)
}

/// The folder beside a bundle: its name and `.conclave`.
pub(super) fn beside(bundle: &Path) -> PathBuf {
    let mut name = bundle.to_owned().into_os_string();
    name.push(".conclave");
    PathBuf::from(name)
}

//! A keyholder's own folder beside a bundle (MODEL 14): opened now, or gone on with.

use std::path::{Path, PathBuf};

use tuf_ceremony::bundle::Record;
use tuf_ceremony::conduct;
use tuf_ceremony::digest::Digest;
use tuf_ceremony::metadata::Metadata;
use tuf_ceremony::state::State;
use tuf_ceremony::transcript::event::{Event, Form};

use super::reading::ReadBundle;
use super::sign::guided::follows_from;
use super::sign::told::told;
use super::{open, reading};
use crate::desk;
use crate::desk::table::{Access, Glance, Table};
use crate::fault::Fault;
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

/// A ceremony's bundle that builds on her own root. A folder that lies beside it is one of the same ceremony: it may have come with
/// the bundle, and is no more to be believed than that; nothing is written into it before this is known.
///
/// # Errors
/// When it is no ceremony's, does not follow from her root or has none, or a strange folder lies beside it.
pub(super) fn judged(request: &Beside<'_>) -> Result<(ReadBundle, Option<Metadata>), Fault> {
    let read = reading::bundle(request.bundle)?;
    let Some(record) = read.bundle.record() else {
        let sentence = said::plain_bundle(&quoted_path(request.bundle));
        return Err(Fault::refused(sentence).now(said::SIGN_IT_AS_IT_IS));
    };
    let own = request.trust.map(reading::metadata).transpose()?;
    desk::check_trust(&read.bundle, own.as_ref()).map_err(told)?;
    let (folder, mirror) = (beside(request.bundle), request.access.mirror.as_deref());
    for glance in [Some(folder.as_path()), mirror].into_iter().flatten().filter_map(|at| Glance::at(at).ok())
    {
        same_ceremony(glance.state(), record, request)?;
    }
    Ok((read, own))
}

/// The keyholder's own folder beside a bundle (MODEL 14): opened now, or gone on with.
pub(super) fn open(request: &Beside<'_>) -> Result<(Table, PathBuf), Fault> {
    let folder = beside(request.bundle);
    let access = Access { folder: folder.clone(), ..request.access.clone() };
    // What it is comes first: a date alone would not help where no ceremony's bundle stands.
    let (read, own) = judged(request)?;
    if access.is_begun() {
        let mut table = Table::load(&access)?.0;
        if let Some(record) = read.bundle.record() {
            same_ceremony(table.state(), record, request)?;
        }
        catch_up(&mut table, request, read.sha256)?;
        own.map_or(Ok(()), |own| follows_from(&table, &own))?;
        return Ok((table, folder));
    }
    let Some(date) = request.date else {
        return Err(Fault::usage(said::DATE_FOR_A_FOLDER).now(planning::GIVE_A_DATE));
    };
    Ok((open::visit(request.bundle, request.trust, date, &access)?, folder))
}

/// A folder beside a bundle is one of its ceremony, or somebody else's.
fn same_ceremony(state: &State, record: &Record, request: &Beside<'_>) -> Result<(), Fault> {
    if state.ceremony() == record.id() {
        return Ok(());
    }
    let (folder, bundle) = (quoted_path(&beside(request.bundle)), quoted_path(request.bundle));
    let why = said::two_ceremonies(&state.ceremony().to_string(), &record.id().to_string());
    Err(Fault::refused(said::other_folder_beside(&folder, &bundle))
        .because_of(why)
        .now(said::KEEP_IT_ELSEWHERE))
}

/// The folder beside the bundle may have been opened from an earlier copy: what this one brings is imported first, and one of
/// another ceremony or plan is refused, so that she does not decline what she has not seen.
fn catch_up(table: &mut Table, request: &Beside<'_>, sha256: Digest) -> Result<(), Fault> {
    let state = table.state();
    let opened = state.opened().origin.iter().any(|origin| origin.bundle.sha256 == sha256);
    let mut lines = state.transcript().entries().iter();
    // A file that only lies there, set aside, was never taken in.
    let imported = |event: &Event| matches!(event, Event::BundleImported(came) if came.file.sha256 == sha256);
    if opened || lines.any(|entry| imported(&entry.event)) {
        return Ok(());
    }
    let text = reading::text_of(request.bundle, sha256)?;
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

//! What a visit that is asked step by step has at both ends: how she knows the root before what she signs, and what she takes home.

use std::path::Path;

use tuf_ceremony::conduct;
use tuf_ceremony::metadata::{Metadata, RoleType};
use tuf_ceremony::state::State;
use tuf_ceremony::transcript::event::{Event, Note};

use super::told::told;
use crate::commands::reading;
use crate::desk::attention::Attention;
use crate::desk::table::Table;
use crate::desk::{self, DeskFault, Seat, SignedDraft};
use crate::fault::Fault;
use crate::operator::choice::choose;
use crate::operator::paging;
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::wording::{ceremony, visiting as said};
use crate::report;
use crate::report::columns::sentence;

/// Whether what a folder holds builds on her own root, or on one that follows from it (MODEL 14).
pub(in crate::commands) fn follows_from(table: &Table, own: &Metadata) -> Result<(), Fault> {
    let bundle = conduct::bundle(table.state(), table.materials()).map_err(|fault| {
        Fault::refused(ceremony::CANNOT_EXPORT).because(&fault).now(ceremony::BRING_THE_FILE)
    })?;
    desk::check_trust(&bundle, Some(own)).map_err(told)
}

/// How she knows the root that her drafts follow, where she did not say: her own copy, if she brought one.
pub(super) fn known_root(
    seat: &mut Seat<'_>,
    with: &mut Attention<'_, '_>,
) -> Result<Option<Metadata>, Fault> {
    let Some(root) = root_before(seat.table.state()) else { return Ok(None) };
    let (version, payload) = (root.version(), root.payload());
    let choices = [
        said::have_copy(version),
        said::HAVE_PAPER.to_owned(),
        said::HAVE_NOTHING.to_owned(),
        said::STOP.to_owned(),
    ];
    loop {
        let asked = choose(with.person, with.screen, &said::root_before(version), &choices);
        match asked.map_err(|fault| told(fault.into()))? {
            0 => {
                let path = with.person.type_line(said::PATH_OF_COPY).map_err(|fault| told(fault.into()))?;
                match reading::metadata(Path::new(path.trim())) {
                    Ok(own) => {
                        follows_from(seat.table, &own)?;
                        sentence(with.screen, 0, said::COPY_FITS)?;
                        with.screen.blank()?;
                        return Ok(Some(own));
                    }
                    // A name that was mistyped, or another file: told, and asked again.
                    Err(fault) => fault.show(with.screen)?,
                }
            }
            1 => {
                let lines = desk::knows_by_paper(payload, with).map_err(told)?;
                let Some(lines) = lines else { return Err(told(DeskFault::OtherRoot { version })) };
                let (by, text) = (seat.wish.person.to_owned(), said::knows_root(version, &lines));
                seat.table.take(&Event::Remarked(Note { by, text }).into())?;
                with.screen.line(&said::digest_of_root(version))?;
                report::digest(with.screen, payload)?;
                with.screen.blank()?;
                return Ok(None);
            }
            2 => {
                sentence(with.screen, 0, said::RELY_ON_MACHINE)?;
                with.screen.blank()?;
                return Ok(None);
            }
            _ => return Err(told(DeskFault::StoppedHere)),
        }
    }
}

/// The root that judges what is signed here and is no draft of the ceremony itself.
fn root_before(state: &State) -> Option<&Metadata> {
    let drafts: Vec<_> = state.drafts().map(|draft| draft.payload()).collect();
    let roots = state.drafts().filter_map(|draft| draft.part().trusted());
    roots.filter(|root| root.role_type() == RoleType::Root).find(|root| !drafts.contains(&root.payload()))
}

/// The token leaves, and she takes home what it signed; the head as well, where no reply is still to be written.
pub(super) fn farewell(
    seat: &Seat<'_>,
    done: &[SignedDraft],
    is_last: bool,
    screen: &mut Screen<'_>,
) -> Result<(), ScreenFault> {
    let mut text = Vec::new();
    let head = is_last && !done.is_empty();
    taken_home(seat, done, head, &mut Screen::onto(&mut text, false))?;
    // It is copied onto paper, so it stands on one page.
    if !paging::keeps_together(text.iter().filter(|byte| **byte == b'\n').count()) {
        return Err(ScreenFault::Left);
    }
    taken_home(seat, done, head, screen)
}

fn taken_home(
    seat: &Seat<'_>,
    done: &[SignedDraft],
    head: bool,
    screen: &mut Screen<'_>,
) -> Result<(), ScreenFault> {
    screen.heading(said::TAKE_IT_OUT)?;
    if done.is_empty() {
        return Ok(());
    }
    screen.line(said::TAKE_HOME)?;
    for signed in done {
        let role = report::role_name(&signed.role);
        sentence(screen, 2, &said::digest_of(&signed.letter, &role, signed.version))?;
        let groups = signed.payload.groups();
        let (first, second) = groups.split_at(groups.len() / 2);
        screen.line(&format!("    {}", first.trim()))?;
        screen.line(&format!("    {}", second.trim()))?;
    }
    if head {
        sentence(screen, 2, &said::head_above(seat.table.state().lines()))?;
    }
    screen.blank()
}

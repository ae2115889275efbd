//! What was put right when a folder was opened, as every verb that writes into it tells first.

use std::collections::BTreeMap;
use std::path::Path;

use crate::dossier::{Mended, Mending};
use crate::operator::clean::{cell, quoted_path};
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::wording::ceremony as said;
use crate::report::NAME;
use crate::report::columns::sentence;

/// Tells what was put right when the folder was opened: nobody should find a folder changed and not know why.
pub(super) fn tell(screen: &mut Screen<'_>, mended: &[Mended]) -> Result<(), ScreenFault> {
    let mut added: BTreeMap<&Path, u64> = BTreeMap::new();
    for Mended { folder, what } in mended {
        let place = quoted_path(folder);
        let told = match what {
            Mending::Added(_) => {
                *added.entry(folder).or_default() += 1;
                continue;
            }
            Mending::Swept(_) => continue,
            Mending::SetAside { from, to } => said::set_aside(&place, &cell(from, NAME), &cell(to, NAME)),
            Mending::CutOff { bytes } => said::cut_off(&place, *bytes),
            Mending::CaughtUp { lines } => said::caught_up(&place, *lines),
        };
        sentence(screen, 0, &told)?;
    }
    for (folder, files) in added {
        sentence(screen, 0, &said::filled_up(&quoted_path(folder), files))?;
    }
    if mended.iter().any(|mended| !matches!(mended.what, Mending::Swept(_))) {
        screen.blank()?;
    }
    Ok(())
}

//! `conclave status`: per draft, who has signed, who has not, and whether it suffices.

use std::path::Path;

use serde::Serialize;
use tuf_ceremony::bundle::{Bundle, Part};
use tuf_ceremony::keyset::Tally;

use super::{Outcome, reading, standing};
use crate::cli::Output;
use crate::desk::table::{Glance, is_folder};
use crate::fault::Fault;
use crate::operator::clean::{identifier, visible_path};
use crate::operator::json::print_json;
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::wording;
use crate::report::Names;
use crate::report::facts::TallyFacts;

#[derive(Serialize)]
struct Facts {
    bundle: String,
    sha256: String,
    drafts: Vec<DraftFacts>,
}

/// One draft, as `--json` prints it.
#[derive(Serialize)]
pub(super) struct DraftFacts {
    role: String,
    version: u64,
    payload: String,
    complete: bool,
    tallies: Vec<TallyFacts>,
    refused: Vec<RefusedFacts>,
    signed_twice: Vec<String>,
}

#[derive(Serialize)]
struct RefusedFacts {
    keyid: String,
    verdict: &'static str,
    why: String,
}

impl DraftFacts {
    /// The facts of one draft.
    pub(super) fn of(part: &Part) -> DraftFacts {
        DraftFacts::named(part, &Names::default())
    }

    /// The facts of one draft, with the holders' names.
    pub(super) fn named(part: &Part, names: &Names) -> DraftFacts {
        let refused = part.refused().into_iter().map(|d| RefusedFacts {
            verdict: d.why.word(),
            why: d.why.to_string(),
            keyid: d.keyid,
        });
        DraftFacts {
            role: part.draft().role().to_owned(),
            version: part.draft().metadata().version(),
            payload: part.draft().metadata().payload().to_string(),
            complete: part.tallies().iter().all(Tally::is_met),
            tallies: TallyFacts::of(part, names),
            refused: refused.collect(),
            signed_twice: part.signatures().signed_twice().map(|key| key.to_string()).collect(),
        }
    }
}

/// Shows the status. An incomplete bundle is no failure: exit code 0.
pub(super) fn run(path: &Path, record: Option<&Path>, output: Output) -> Result<Outcome, Fault> {
    let own = reading::names(record)?;
    if is_folder(path) {
        let glance = Glance::at(path)?;
        let names = standing::names(glance.state(), &glance.shelf, own);
        if output.json {
            let folder = visible_path(path).into_owned();
            print_json(&standing::FolderFacts::of(folder, glance.state(), &names, &glance.amiss))?;
        } else {
            standing::tell(&mut Screen::stdout(output.plain), glance.state(), &names, &glance.amiss)?;
        }
        // What is gone or left a crash can explain, and the next step mends it; what holds something else it cannot.
        return Ok(if glance.amiss.altered.is_empty() { Outcome::Done } else { Outcome::No });
    }
    let read = reading::bundle(path)?;
    if output.json {
        print_json(&Facts {
            bundle: visible_path(path).into_owned(),
            sha256: read.sha256.to_string(),
            drafts: read.bundle.parts().map(DraftFacts::of).collect(),
        })?;
    } else {
        tell(&mut Screen::stdout(output.plain), &read.bundle)?;
    }
    Ok(Outcome::Done)
}

/// Tells people the same.
pub(super) fn tell(screen: &mut Screen<'_>, bundle: &Bundle) -> Result<(), ScreenFault> {
    for (letter, part) in ('A'..='Z').cycle().zip(bundle.parts()) {
        let draft = part.draft();
        screen.heading(&wording::draft_named(
            letter,
            &identifier(draft.role(), 60),
            draft.metadata().version(),
        ))?;
        screen.line(&wording::digest_line(&draft.metadata().payload().to_string()))?;
        crate::report::tallies(screen, part, &Names::default())?;
        for refused in part.refused() {
            let line = wording::not_counted(refused.why.word(), &refused.why.to_string());
            screen.line(&format!("  {}: {line}", identifier(&refused.keyid, 80)))?;
        }
        for key in part.signatures().signed_twice() {
            screen.line(&wording::signed_twice(&key.to_string()))?;
        }
        screen.line(&wording::completeness(part.tallies().iter().map(Tally::missing).max().unwrap_or(0)))?;
        screen.blank()?;
    }
    Ok(())
}

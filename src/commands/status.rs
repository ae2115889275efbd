//! `conclave status`: per draft, who has signed, who has not, and whether it suffices.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;
use tuf_ceremony::bundle::{Bundle, Part};
use tuf_ceremony::digest::Digest;
use tuf_ceremony::keyset::Tally;
use tuf_ceremony::transcript::event::Event;

use super::standing::{CeremonyFacts, DraftFacts};
use super::{Outcome, attested, reading, standing};
use crate::cli::{AttestationRoots, Output};
use crate::desk::table::{Glance, is_folder};
use crate::fault::Fault;
use crate::operator::clean::{identifier, quoted, visible_path};
use crate::operator::json::print_json;
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::wording::{self, ceremony};
use crate::report::columns::{fact, sentence};
use crate::report::{CLAUSE, NAME, Names};

#[derive(Serialize)]
struct Facts {
    bundle: String,
    sha256: String,
    ceremony: Option<CeremonyFacts>,
    drafts: Vec<LetteredFacts>,
}

#[derive(Serialize)]
struct LetteredFacts {
    letter: String,
    decisions: Vec<DecisionFacts>,
    #[serde(flatten)]
    draft: DraftFacts,
}

#[derive(Serialize)]
struct DecisionFacts {
    person: String,
    /// On whose lines it stands.
    machine: String,
    decision: &'static str,
    reason: Option<String>,
}

/// What one person last said of a draft on one machine, by the lines of that machine.
struct Said<'b> {
    person: &'b str,
    machine: Digest,
    /// The reason of a refusal.
    declined: Option<&'b str>,
}

/// What the lines in a bundle tell of a draft. They are what the machines say; importing them into a folder judges them.
fn said_in(bundle: &Bundle, payload: Digest) -> Vec<Said<'_>> {
    let mut last: BTreeMap<(Digest, &str), Option<&str>> = BTreeMap::new();
    for (machine, chain) in bundle.record().into_iter().flat_map(|record| record.chains()) {
        for entry in chain.entries() {
            match &entry.event {
                Event::Consented(said) if said.draft == payload => {
                    last.insert((*machine, &said.person), None);
                }
                Event::Declined(said) if said.draft == payload => {
                    last.insert((*machine, &said.person), Some(&said.reason));
                }
                _ => {}
            }
        }
    }
    last.into_iter().map(|((machine, person), declined)| Said { person, machine, declined }).collect()
}

impl LetteredFacts {
    fn of(letter: String, part: &Part, bundle: &Bundle, names: &Names) -> LetteredFacts {
        let decision = |said: Said<'_>| DecisionFacts {
            person: said.person.to_owned(),
            machine: said.machine.to_string(),
            decision: if said.declined.is_some() { "declined" } else { "consented" },
            reason: said.declined.map(str::to_owned),
        };
        let decisions = said_in(bundle, part.draft().metadata().payload());
        LetteredFacts {
            letter,
            decisions: decisions.into_iter().map(decision).collect(),
            draft: DraftFacts::named(part, names),
        }
    }
}

/// Shows the status. An incomplete bundle is no failure: exit code 0.
pub(super) fn run(
    path: &Path,
    record: Option<&Path>,
    roots: &AttestationRoots,
    output: Output,
) -> Result<Outcome, Fault> {
    let own = reading::names(record)?.trusting(attested::roots(roots)?);
    if is_folder(path) {
        let glance = Glance::at(path)?;
        let names = standing::names(glance.state(), &glance.shelf, own);
        if output.json {
            let folder = visible_path(path).into_owned();
            print_json(&standing::FolderFacts::of(folder, glance.state(), &names, &glance.left))?;
        } else {
            standing::tell(&mut Screen::stdout(output.plain), glance.state(), &names, &glance.left)?;
        }
        return Ok(Outcome::Done);
    }
    let read = reading::bundle(path)?;
    let bundle = &read.bundle;
    let names = bundle.record().map_or(own.clone(), |record| standing::recorded(record, bundle, own));
    if output.json {
        let drafts = standing::by_letter(bundle).into_iter();
        print_json(&Facts {
            bundle: visible_path(path).into_owned(),
            sha256: read.sha256.to_string(),
            ceremony: bundle.record().map(CeremonyFacts::of_record),
            drafts: drafts.map(|(letter, part)| LetteredFacts::of(letter, part, bundle, &names)).collect(),
        })?;
    } else {
        let mut screen = Screen::stdout(output.plain);
        if let Some(record) = bundle.record() {
            CeremonyFacts::of_record(record).tell(&mut screen)?;
            screen.blank()?;
        }
        tell_named(&mut screen, bundle, &names)?;
    }
    Ok(Outcome::Done)
}

/// Tells people the same.
pub(super) fn tell(screen: &mut Screen<'_>, bundle: &Bundle) -> Result<(), ScreenFault> {
    let own = Names::default();
    let names = bundle.record().map_or(own.clone(), |record| standing::recorded(record, bundle, own));
    tell_named(screen, bundle, &names)
}

fn tell_named(screen: &mut Screen<'_>, bundle: &Bundle, names: &Names) -> Result<(), ScreenFault> {
    for (letter, part) in standing::by_letter(bundle) {
        let draft = part.draft();
        screen.heading(&wording::draft_named(
            &letter,
            &identifier(draft.role(), 60),
            draft.metadata().version(),
        ))?;
        screen.line(&wording::digest_line(&draft.metadata().payload().to_string()))?;
        crate::report::tallies(screen, part, names)?;
        for refused in part.refused() {
            let line = wording::not_counted(refused.why.word(), &refused.why.to_string());
            screen.line(&format!("  {}: {line}", identifier(&refused.keyid, 80)))?;
        }
        for key in part.signatures().signed_twice() {
            screen.line(&wording::signed_twice(&key.to_string()))?;
        }
        for said in said_in(bundle, draft.metadata().payload()) {
            let person = identifier(said.person, NAME);
            let line = match said.declined {
                None => ceremony::consented(&person),
                Some(reason) => ceremony::declined(&person, &quoted(reason, CLAUSE)),
            };
            sentence(screen, 2, &line)?;
            fact(screen, ceremony::TOLD_BY, &said.machine.to_string())?;
        }
        screen.line(&wording::completeness(part.tallies().iter().map(Tally::missing).max().unwrap_or(0)))?;
        screen.blank()?;
    }
    Ok(())
}

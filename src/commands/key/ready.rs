//! `conclave key check --ready`: whether somebody's token is ready for a plan, before anybody travels. What is in the way is a
//! result, and every reason is told; a token that fails is a fault as everywhere.

mod page;
mod reason;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use tuf_ceremony::card::Card;
use tuf_ceremony::key::Fingerprint;
use tuf_ceremony::plan::{CardRef, KeySource, Plan};
use tuf_ceremony::seal::{SealedPart, fingerprints, seal};
use tuf_ceremony::time::Moment;

use page::{Facts, Page};

use super::fault::told;
use super::{Reached, close, reach};
use crate::chance;
use crate::cli::{ModuleChoice, Output};
use crate::commands::Outcome;
use crate::commands::planned::{Planned, sealing};
use crate::desk::keys::card::{Whose, test};
use crate::desk::keys::ready::{Asked, Found, Reason, is_excepted, look};
use crate::desk::keys::{Sitting, Usable, the_key};
use crate::desk::unshown;
use crate::fault::{Fault, advice_for_seal};
use crate::operator::Operator;
use crate::operator::clean::quoted;
use crate::operator::json::print_json;
use crate::operator::screen::Screen;
use crate::operator::wording::{ceremony, planning, readiness as said};
use crate::report::NAME;
use crate::report::attested::Judging;
use crate::token::{Seen, TokenUri};

/// What was asked.
pub(crate) struct Request {
    pub plan: PathBuf,
    pub who: Who,
    pub token: String,
    pub module: ModuleChoice,
    /// The day that it is about, and by what the card's attestation is judged.
    pub judging: Judging,
}

/// Which of the plan's keys is meant.
pub(crate) enum Who {
    /// This one.
    Key(String),
    /// The one of this person that the token holds.
    Person(String),
}

/// Says whether the token is ready.
pub(crate) fn run(
    request: &Request,
    person: &mut dyn Operator,
    screen: &mut Screen<'_>,
    output: Output,
) -> Result<Outcome, Fault> {
    let date = request.judging.at.as_ref();
    let planned = Planned::read(&request.plan)?;
    let inputs = planned.inputs();
    let prints = fingerprints(&planned.plan, &inputs).map_err(|fault| sealing(&request.plan, &fault))?;
    let names = request.who.keys(&planned.plan)?;
    let waiting = planned.to_be_made();
    let drafts = if waiting.is_empty() { Some(seal(&planned.plan, &inputs)) } else { None };
    let (drafts, refused) = match drafts {
        Some(Ok(drafts)) => (Some(drafts), None),
        Some(Err(fault)) => (None, Some(Reason::NoDrafts(fault.to_string(), advice_for_seal(&fault)))),
        None => (None, None),
    };
    let Reached { mut drivers, seen, wanted } = reach(&request.token, &request.module)?;
    let (name, key) = chosen(&planned, &names, &prints, &seen, &wanted)?;
    let card = card(&planned, name);
    let asked = asked(&planned, name, &prints, card.as_ref(), drafts.as_deref(), date);
    let host = drivers.host_mut(&seen.driver).map_err(|fault| told(fault.into(), ""))?;
    let mut found = look(&asked, host.module(), &seen.slot, key);
    found.reasons.extend(refused);
    let home = card.as_ref().and_then(|card| request.judging.of(card));
    let page =
        Page { asked: &asked, found: &found, slot: &seen.slot, waiting: &waiting, home: home.as_ref() };
    if !output.json {
        page.tell(screen)?;
    }
    let probe = found.key.as_ref().filter(|_| found.reasons.is_empty());
    if let Some(key) = probe {
        screen.blank()?;
        let nonce = chance::bytes();
        let nonce = nonce.map_err(|fault| {
            Fault::files(ceremony::NO_CHANCE).because(&fault).now(ceremony::START_AGAIN_LATER)
        })?;
        let whose = whose(&asked);
        test(&mut Sitting { host, slot: &seen.slot, person, screen }, key, &whose, &nonce)
            .map_err(|fault| told(fault, &drivers.chatter()))?;
    }
    close(drivers, output)?;
    if output.json {
        print_json(&Facts::of(&request.plan, &page))?;
    } else {
        page.verdict(screen)?;
    }
    Ok(if is_ready(&found) { Outcome::Done } else { Outcome::No })
}

fn is_ready(found: &Found<'_>) -> bool {
    found.reasons.is_empty()
}

impl Who {
    /// By the options, of which one was given.
    pub(crate) fn of(key: Option<String>, person: Option<String>) -> Option<Who> {
        key.map(Who::Key).or(person.map(Who::Person))
    }

    /// The plan's names of the keys that can be meant.
    fn keys<'p>(&self, plan: &'p Plan) -> Result<Vec<&'p str>, Fault> {
        let known = |names: Vec<&str>| planning::name_one_of(&names.join(", "));
        match self {
            Who::Key(name) => match plan.keys.get_key_value(name) {
                Some((name, _)) => Ok(vec![name]),
                None => {
                    let names = plan.keys.keys().map(String::as_str).collect();
                    Err(Fault::usage(said::NO_SUCH_KEY).now(known(names)))
                }
            },
            Who::Person(name) => {
                let holders: BTreeSet<&str> =
                    plan.keys.values().flat_map(|key| &key.holders).map(String::as_str).collect();
                if !plan.people.contains_key(name) {
                    let names = holders.into_iter().collect();
                    return Err(Fault::usage(planning::NOBODY_OF_THAT_NAME).now(known(names)));
                }
                let hers = plan.keys.iter().filter(|(_, key)| key.holders.contains(name));
                let hers: Vec<&str> = hers.map(|(key, _)| key.as_str()).collect();
                if hers.is_empty() {
                    let names = holders.into_iter().collect();
                    return Err(Fault::usage(said::holds_no_key(&quoted(name, NAME))).now(known(names)));
                }
                Ok(hers)
            }
        }
    }
}

/// The key that is meant, and where it is on the token: of several it is the one that the token holds; where it shows none of
/// them, the one whose card names the token.
fn chosen<'p>(
    planned: &Planned,
    names: &[&'p str],
    prints: &BTreeMap<String, Fingerprint>,
    seen: &Seen,
    wanted: &TokenUri,
) -> Result<(&'p str, Option<Usable>), Fault> {
    let mut there = Vec::new();
    for name in names {
        let Some(print) = prints.get(*name) else { continue };
        let shown = |key: &Usable| key.public.fingerprint() == *print;
        let fitting = seen.slot.keys.iter().filter(|key| wanted.fits_key(key));
        if fitting.filter_map(Usable::of).any(|key| shown(&key)) {
            let key = the_key(&seen.slot, wanted, |key| key.fingerprint() == *print);
            there.push((*name, Some(key.map_err(|fault| told(fault, ""))?)));
        }
    }
    if there.is_empty() {
        // A token that shows another key in its place is told like any that does not hold hers.
        let named = |name: &str| unshown::on_token(&card(planned, name)?, seen, wanted).ok().flatten();
        let found = |name: &&'p str| Some((*name, Some(Usable::named(&named(name)?)?)));
        there.extend(names.iter().filter_map(found));
    }
    match there.len() {
        0 => Ok((names.first().copied().unwrap_or_default(), None)),
        1 => Ok(there.remove(0)),
        _ => {
            let found: Vec<&str> = there.iter().map(|(name, _)| *name).collect();
            Err(Fault::usage(said::SEVERAL_KEYS).because_of(found.join(", ")).now(said::NAME_THE_KEY))
        }
    }
}

fn card(planned: &Planned, name: &str) -> Option<Card> {
    match planned.plan.keys.get(name)?.source() {
        KeySource::Card(CardRef::File(named)) => {
            // Sealing has read it, and refused a bad one.
            planned.materials.get(&named.sha256).and_then(|bytes| Card::read(bytes).ok())
        }
        _ => None,
    }
}

fn asked<'p>(
    planned: &'p Planned,
    name: &'p str,
    prints: &BTreeMap<String, Fingerprint>,
    card: Option<&'p Card>,
    drafts: Option<&'p [SealedPart]>,
    date: Option<&'p Moment>,
) -> Asked<'p> {
    let plan = &planned.plan;
    let fingerprint = prints.get(name).copied();
    let excepted =
        fingerprint.is_some() && is_excepted(plan, |about| prints.get(about).copied() == fingerprint);
    Asked { plan, name, key: &plan.keys[name], fingerprint, card, drafts, excepted, date }
}

/// The holders' full names, as the plan gives them.
fn whose(asked: &Asked<'_>) -> Whose {
    let people = asked.key.holders.iter().filter_map(|holder| asked.plan.people.get(holder));
    Whose { holders: people.map(|person| person.name.clone()).collect(), rehearsal: asked.plan.rehearsal }
}

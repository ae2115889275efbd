//! Which keys are looked for and whose they are: by a plan, a bundle, or a ceremony's folder, and by the holder's own record.

use std::collections::BTreeMap;
use std::path::Path;

use tuf_ceremony::bundle::Bundle;
use tuf_ceremony::card::Card;
use tuf_ceremony::digest::Digest;
use tuf_ceremony::key::Fingerprint;
use tuf_ceremony::materials::Materials;
use tuf_ceremony::plan::{CardRef, KeySource, Plan};
use tuf_ceremony::seal::{Inputs, fingerprints};

use crate::cli::Tokens as Asked;
use crate::commands::planned::{Planned, sealing};
use crate::commands::{reading, standing};
use crate::desk::table::Glance;
use crate::fault::Fault;
use crate::operator::clean::quoted;
use crate::operator::wording::tokens as said;
use crate::report::tokens::{Known, Wanted, WantedKey};
use crate::report::{NAME, Names};
use crate::token::TokenUri;

/// What was named, read.
pub(super) fn known(asked: &Asked) -> Result<Known, Fault> {
    let own = reading::names(asked.record.record.as_deref())?;
    match (&asked.plan, &asked.bundle, &asked.folder) {
        (Some(plan), ..) => of_plan(plan, own),
        (_, Some(bundle), _) => of_bundle(&reading::bundle(bundle)?.bundle, own),
        (_, _, Some(folder)) => of_folder(folder, own),
        (None, None, None) => Ok(Known { names: own, wanted: None }),
    }
}

fn of_plan(path: &Path, own: Names) -> Result<Known, Fault> {
    let planned = Planned::read(path)?;
    let inputs = planned.inputs();
    let prints = fingerprints(&planned.plan, &inputs).map_err(|fault| sealing(path, &fault))?;
    let names = planned.names(own, &prints);
    Ok(Known { names, wanted: Some(wanted(&planned.plan, &prints, &inputs)) })
}

fn of_folder(path: &Path, own: Names) -> Result<Known, Fault> {
    let glance = Glance::at(path)?;
    let state = glance.state();
    let names = standing::names(state, &glance.shelf, own);
    let inputs = state.sealing_inputs(&glance.shelf);
    Ok(Known { names, wanted: Some(wanted(state.plan(), &state.plan_keys(), &inputs)) })
}

fn of_bundle(bundle: &Bundle, own: Names) -> Result<Known, Fault> {
    let Some(record) = bundle.record() else {
        return Ok(Known { names: own, wanted: Some(in_authorities(bundle)) });
    };
    let names = standing::recorded(record, bundle, own);
    let inputs = standing::inputs_of(record);
    // What cannot be read names nobody, as on every page about a bundle.
    let prints = fingerprints(record.plan(), &inputs).unwrap_or_default();
    Ok(Known { names, wanted: Some(wanted(record.plan(), &prints, &inputs)) })
}

/// The keys of a plan that tokens hold.
fn wanted(plan: &Plan, prints: &BTreeMap<String, Fingerprint>, inputs: &Inputs<'_>) -> Wanted {
    let keys = plan.keys.iter().map(|(name, key)| {
        let planned = match key.source() {
            KeySource::Card(CardRef::File(named)) => Some(named.sha256),
            _ => None,
        };
        // A card that was made during the ceremony stands in its lines and not in the plan.
        let card = planned.or_else(|| inputs.cards.get(name).copied());
        let people = key.holders.iter().filter_map(|holder| plan.people.get(holder));
        WantedKey {
            name: name.clone(),
            fingerprint: prints.get(name).copied(),
            holders: people.map(|person| person.name.clone()).collect(),
            lost: key.lost.is_some(),
            serial: card.and_then(|sha256| serial(inputs.materials, sha256)),
        }
    });
    Wanted { heading: said::keys_of_plan(&quoted(&plan.title, NAME)), keys: keys.collect() }
}

/// The serial of the token that a card names; none where it tells no token from others.
fn serial(materials: &dyn Materials, sha256: Digest) -> Option<String> {
    let card = Card::read(&materials.bytes(sha256)?).ok()?;
    let uri = TokenUri::from_document(card.token()?).ok()?;
    uri.serial().filter(|_| uri.names_a_serial()).map(str::to_owned)
}

/// The keys of those who judge a foreign document, each once.
fn in_authorities(bundle: &Bundle) -> Wanted {
    let mut keys: Vec<WantedKey> = Vec::new();
    let members = bundle.parts().flat_map(|part| part.authorities()).flat_map(|judge| judge.members());
    for member in members {
        let Ok(key) = &member.key else { continue };
        let fingerprint = Some(key.fingerprint());
        if keys.iter().all(|known| known.fingerprint != fingerprint) {
            let holders = member.owner.iter().cloned().collect();
            let name = member.keyid.clone();
            keys.push(WantedKey { name, fingerprint, holders, lost: false, serial: None });
        }
    }
    Wanted { heading: said::KEYS_OF_BUNDLE.to_owned(), keys }
}

//! Where keys on PIV cards live, as people and scripts read it: proven and by whom, or not and why, and what the maker warns
//! of. The engine judges; nothing here does.

use serde::Serialize;
use tuf_ceremony::attestation::{Attested, Root, Roots, Unproven, Verdict, about};
use tuf_ceremony::card::Card;
use tuf_ceremony::policy::attested::{Housed, findings};
use tuf_ceremony::policy::{Control, Finding};
use tuf_ceremony::time::Moment;

use super::columns::sentence;
use super::{CLAUSE, NAME};
use crate::operator::clean::{cell, quoted};
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::wording::attested as said;

/// By what attestations are judged.
#[derive(Debug, Clone)]
pub struct Judging {
    /// The maker's roots and those that were named.
    pub roots: Roots,
    /// The date that a person stated.
    pub at: Option<Moment>,
}

impl Judging {
    /// What a key card shows of its key's home; none where no PIV card is said to hold it.
    #[must_use]
    pub fn of(&self, card: &Card) -> Option<Attested> {
        about(card, &self.roots, self.at.as_ref())
    }
}

/// What a key card shows, for scripts.
#[derive(Debug, Clone, Serialize)]
pub struct AttestedFacts {
    /// The plan's name of the key, where there is a plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    proven: bool,
    /// `maker` or `named`.
    by: Option<&'static str>,
    root: Option<String>,
    serial: Option<u32>,
    firmware: Option<String>,
    pin_policy: Option<String>,
    touch_policy: Option<String>,
    dates_compared: bool,
    /// One word for why it is not proven.
    why: Option<&'static str>,
    /// The same as a clause.
    because: Option<String>,
    advisories: Vec<AdvisoryFacts>,
}

#[derive(Debug, Clone, Serialize)]
struct AdvisoryFacts {
    id: &'static str,
    cve: &'static str,
    firmware: String,
    firmware_proven: bool,
}

impl AttestedFacts {
    /// Of one key card.
    #[must_use]
    pub fn of(attested: &Attested) -> AttestedFacts {
        let proof = attested.proof();
        let why = match &attested.verdict {
            Verdict::Proven(_) => None,
            Verdict::Unproven(why) => Some(why),
        };
        let advisories = attested.advised.iter().map(|it| AdvisoryFacts {
            id: it.advisory.id,
            cve: it.advisory.cve,
            firmware: it.firmware.to_string(),
            firmware_proven: it.proven,
        });
        AttestedFacts {
            key: None,
            proven: proof.is_some(),
            by: proof.map(|proof| if matches!(proof.by, Root::Maker(_)) { "maker" } else { "named" }),
            root: proof.map(|proof| name(&proof.by).to_owned()),
            serial: proof.map(|proof| proof.says.serial),
            firmware: proof.map(|proof| proof.says.firmware.to_string()),
            pin_policy: proof.map(|proof| proof.says.pin.to_string()),
            touch_policy: proof.map(|proof| proof.says.touch.to_string()),
            dates_compared: proof.is_some_and(|proof| proof.dated),
            why: why.map(|why| why.word()),
            because: why.map(ToString::to_string),
            advisories: advisories.collect(),
        }
    }

    /// Of a plan's keys.
    #[must_use]
    pub fn of_all(housed: &[Housed]) -> Vec<AttestedFacts> {
        let of =
            |it: &Housed| AttestedFacts { key: Some(it.name.clone()), ..AttestedFacts::of(&it.attested) };
        housed.iter().map(of).collect()
    }
}

fn name(root: &Root) -> &str {
    match root {
        Root::Maker(name) | Root::Named(name) => name,
    }
}

fn warnings(attested: &Attested) -> impl Iterator<Item = Finding> {
    findings("", attested).into_iter().filter(|finding| finding.control == Control::Advisory)
}

/// Of one key card.
///
/// # Errors
/// As [`Screen::line`].
pub fn home(screen: &mut Screen<'_>, attested: &Attested) -> Result<(), ScreenFault> {
    match &attested.verdict {
        Verdict::Proven(proof) => {
            sentence(screen, 2, &said::proven(proof, &quoted(name(&proof.by), NAME)))?;
            sentence(screen, 2, &said::policies(proof))?;
            if !proof.dated {
                sentence(screen, 2, said::NO_DATE_COMPARED)?;
            }
        }
        Verdict::Unproven(why) => {
            let told = cell(&why.to_string(), CLAUSE);
            sentence(screen, 2, &said::unproven(&told, Control::Unattested.code()))?;
            if matches!(why, Unproven::UnknownRoot { .. }) {
                sentence(screen, 2, said::NAME_A_ROOT)?;
            }
        }
    }
    for warning in warnings(attested) {
        sentence(screen, 2, &said::warning(&warning.fact, Control::Advisory.code()))?;
    }
    Ok(())
}

/// Of a plan's keys, one after the other; nothing where no PIV card is said to hold any.
///
/// # Errors
/// As [`Screen::line`].
pub fn homes(screen: &mut Screen<'_>, housed: &[Housed]) -> Result<(), ScreenFault> {
    if housed.is_empty() {
        return Ok(());
    }
    screen.heading(said::WHERE_KEYS_LIVE)?;
    for Housed { name: key, attested, .. } in housed {
        let key = cell(key, NAME);
        let told = match &attested.verdict {
            Verdict::Proven(proof) => said::key_proven(&key, proof, &quoted(name(&proof.by), NAME)),
            Verdict::Unproven(why) => {
                said::key_unproven(&key, &cell(&why.to_string(), CLAUSE), Control::Unattested.code())
            }
        };
        sentence(screen, 2, &told)?;
        for warning in warnings(attested) {
            sentence(screen, 2, &said::key_warning(&key, &warning.fact, Control::Advisory.code()))?;
        }
    }
    let undated = |it: &Housed| it.attested.proof().is_some_and(|proof| !proof.dated);
    if housed.iter().any(undated) {
        sentence(screen, 2, said::NO_DATES_COMPARED)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tuf_ceremony::attestation::{Firmware, PinPolicy, Proof, Statement, TouchPolicy};
    use tuf_ceremony::key::Fingerprint;

    fn shown(dated: bool) -> String {
        let firmware = Firmware { major: 5, minor: 7, patch: 4 };
        let says =
            Statement { firmware, serial: 7, pin: PinPolicy::Once, touch: TouchPolicy::Never, form: None };
        let proof = Proof { by: Root::Maker("CN=Root".into()), says, path: Vec::new(), dated };
        let attested = Attested { verdict: Verdict::Proven(Box::new(proof)), advised: Vec::new() };
        let key = Fingerprint::from_hex(&"7".repeat(64)).unwrap();
        let mut sink = Vec::new();
        homes(&mut Screen::onto(&mut sink, false), &[Housed { name: "anna".into(), key, attested }]).unwrap();
        String::from_utf8(sink).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn where_no_date_was_stated_it_is_said_of_several_keys_too() {
        assert!(shown(true).contains("anna: proven") && !shown(true).contains("No date"), "{}", shown(true));
        assert!(shown(false).contains(said::NO_DATES_COMPARED), "{}", shown(false));
    }
}

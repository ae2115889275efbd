//! What is to be known of keys on PIV cards before they are trusted: whether each is proven to live in hardware, and whether its
//! maker warns of it. Shown beside the findings that a ceremony records and never among them (decision 14): whose root
//! is known grows with the program and with what is named, and a record must lead to the same findings for ever.

use super::{Control, Finding};
use crate::attestation::{Advised, Attested, Roots, Verdict, about};
use crate::key::Fingerprint;
use crate::plan::Plan;
use crate::seal::Inputs;
use crate::time::Moment;

/// One of a plan's keys that a PIV card is said to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Housed {
    /// The plan's name of the key.
    pub name: String,
    /// Which key it is.
    pub key: Fingerprint,
    /// What its card shows.
    pub attested: Attested,
}

/// Every key of the plan that a PIV card is said to hold, judged at a date that a person stated, where there is one. A card that is gone or cannot be
/// read is left out: that is told elsewhere.
#[must_use]
pub fn of_plan(plan: &Plan, inputs: &Inputs<'_>, roots: &Roots, at: Option<&Moment>) -> Vec<Housed> {
    let housed = inputs.cards_of(plan).filter_map(|(name, card)| {
        let attested = about(&card, roots, at)?;
        Some(Housed { name: name.to_owned(), key: card.key().fingerprint(), attested })
    });
    housed.collect()
}

/// What is found of a key; `about` names it for people.
#[must_use]
pub fn findings(about: &str, attested: &Attested) -> Vec<Finding> {
    unattested(about, attested).into_iter().chain(advised(about, attested)).collect()
}

fn unattested(about: &str, attested: &Attested) -> Option<Finding> {
    let Verdict::Unproven(why) = &attested.verdict else { return None };
    let fact = format!("it is not proven to live in hardware, because {why}");
    Some(Finding { control: Control::Unattested, about: about.to_owned(), fact })
}

fn advised(about: &str, attested: &Attested) -> Vec<Finding> {
    let told = |it: &Advised| {
        let by = if it.proven { "as is proven" } else { "as the card itself says" };
        let (id, cve, means) = (it.advisory.id, it.advisory.cve, it.advisory.means);
        let fact = format!("its card has firmware {}, {by}, and {id} ({cve}) warns: {means}", it.firmware);
        Finding { control: Control::Advisory, about: about.to_owned(), fact }
    };
    attested.advised.iter().map(told).collect()
}

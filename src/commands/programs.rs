//! Keys of a real root or of real targets whose own cards say that their token is a program. `sign` refuses such a token on the
//! day, so whoever checks or opens the plan is told beforehand. Like attestations it is shown beside the findings and never
//! recorded (decision 14): which models are programs is a list that grows.

use std::collections::BTreeMap;

use tuf_ceremony::bundle::Part;
use tuf_ceremony::card::Card;
use tuf_ceremony::key::Fingerprint;
use tuf_ceremony::plan::Plan;
use tuf_ceremony::policy::Control;
use tuf_ceremony::seal::Inputs;

use crate::desk::keys::ready::is_excepted;
use crate::desk::online::is_root_or_targets;
use crate::operator::clean::cell;
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::wording::planning as said;
use crate::report::NAME;
use crate::report::columns::sentence;
use crate::report::evidence::{Odd, odd};

/// The plan's names of keys that would be refused; none in a rehearsal, and none that the plan asks an exception for.
pub(super) fn programs(
    plan: &Plan,
    inputs: &Inputs<'_>,
    prints: &BTreeMap<String, Fingerprint>,
    parts: &[&Part],
) -> Vec<String> {
    if plan.rehearsal {
        return Vec::new();
    }
    let may_sign = |print| {
        let guarded = parts.iter().filter(|part| is_root_or_targets(part.draft()));
        let mut judges = guarded.flat_map(|part| part.authorities());
        judges.any(|authority| authority.key(print).is_some())
    };
    let excepted = |print| is_excepted(plan, |about| prints.get(about) == Some(&print));
    let refused = |(_, card): &(&str, Card)| {
        let print = card.key().fingerprint();
        odd(card.evidence()).contains(&Odd::SoftwareToken) && may_sign(print) && !excepted(print)
    };
    inputs.cards_of(plan).filter(refused).map(|(name, _)| name.to_owned()).collect()
}

/// Names them, and what to do before the day; nothing where there is none.
pub(super) fn shown(screen: &mut Screen<'_>, keys: &[String]) -> Result<(), ScreenFault> {
    if keys.is_empty() {
        return Ok(());
    }
    screen.heading(said::PROGRAMS)?;
    for key in keys {
        sentence(screen, 2, &said::is_on_a_program(&cell(key, NAME), Control::SoftwareToken.code()))?;
    }
    sentence(screen, 2, said::DEVICE_OR_EXCEPTION)
}

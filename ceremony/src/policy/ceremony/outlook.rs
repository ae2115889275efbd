//! Whether anybody may fail: the forecast, as findings.

use std::collections::BTreeSet;

use super::{Case, Control, Said};
use crate::forecast::{Needed, Side, SoFar, forecast};

pub(super) fn margin(case: &Case<'_>, said: &mut Said) {
    let drafts: Vec<Needed<'_>> = case
        .parts
        .iter()
        .map(|part| Needed {
            letter: &part.letter,
            payload: part.part.draft().metadata().payload(),
            authorities: part.part.authorities(),
            so_far: SoFar::default(),
        })
        .collect();
    let outlooks = forecast(case.plan, &drafts, case.names, &BTreeSet::new());
    for outlook in outlooks.expect("nobody is said to be absent") {
        let side = match outlook.side {
            Side::Old => "of the document that judges it",
            Side::New => "of its own",
        };
        let (needed, available) = (outlook.needed, outlook.available);
        let says = match outlook.margin() {
            ..=-1 => format!("signatures needed by keys {side}: {needed}; expected: only {available}"),
            0 => format!("signatures needed by keys {side}: {needed}; expected: no more than that"),
            _ => continue,
        };
        said.find(Control::Margin, &outlook.letter, &outlook.role, says, false);
    }
}

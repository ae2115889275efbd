//! What is odd, grouped by the control that noticed it. Every control that noticed anything is named with its count;
//! of a long list each control shows its share.

use std::collections::BTreeMap;

use tuf_ceremony::policy::{Control, Finding};

use super::columns::sentence;
use super::keys::Ids;
use super::{CLAUSE, SHOWN};
use crate::operator::clean::cell;
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::wording::pages;

/// The findings, at most [`SHOWN`] of them unless `all` are asked for.
///
/// # Errors
/// As [`Screen::line`].
pub fn findings(screen: &mut Screen<'_>, findings: &[Finding], all: bool) -> Result<(), ScreenFault> {
    let mut by_control: BTreeMap<Control, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        by_control.entry(finding.control).or_default().push(finding);
    }
    if by_control.is_empty() {
        return screen.line(pages::NOTHING_ODD);
    }
    let lengths: Vec<usize> = by_control.values().map(Vec::len).collect();
    let shares = if all { lengths } else { shares(&lengths, SHOWN) };
    let ids = Ids::of(findings.iter().map(|finding| finding.about.as_str()), all);
    for ((control, found), share) in by_control.iter().zip(&shares) {
        sentence(screen, 2, &pages::control(control.code(), control.source(), found.len() as u64))?;
        for finding in &found[..*share] {
            let (about, fact) = (ids.show(&finding.about), cell(&finding.fact, CLAUSE));
            sentence(screen, 4, &pages::finding(&about, &fact))?;
        }
    }
    match findings.len() - shares.iter().sum::<usize>() {
        0 => Ok(()),
        more => screen.line(&pages::more(more as u64)),
    }
}

/// Hands out `room` places in turn, so that no list takes the place of another.
fn shares(lengths: &[usize], room: usize) -> Vec<usize> {
    let mut shares = vec![0; lengths.len()];
    let mut left = room;
    while left > 0 && shares.iter().zip(lengths).any(|(share, length)| share < length) {
        for (share, length) in shares.iter_mut().zip(lengths) {
            if *share < *length && left > 0 {
                *share += 1;
                left -= 1;
            }
        }
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_thousand_of_one_kind_leave_room_for_the_other() {
        assert_eq!(shares(&[3000, 1, 2], 20), [17, 1, 2]);
        assert_eq!(shares(&[1, 1], 20), [1, 1]);
        assert_eq!(shares(&[], 20), [0; 0]);
    }
}

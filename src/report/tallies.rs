//! The page of who signed: each judge with its count, who counted, who still can, who never can; what one signature
//! does on both sides of a rotation; and entries of the file that count for nothing.

use std::collections::BTreeSet;

use tuf_ceremony::bundle::Part;
use tuf_ceremony::draft::StandingFault;
use tuf_ceremony::key::Fingerprint;
use tuf_ceremony::keyset::{Tally, Verdict, Voice};

use super::columns::{pieces, sentence};
use super::keys::{Ids, claim};
use super::standing::{EntryStanding, Side, Sided, Standing, Trusted, on_both_sides, sides_of};
use super::{CLAUSE, SHOWN};
use crate::operator::clean::cell;
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::wording::{pages, standing as said};

/// The tallies of a bundle's draft, as the bundle itself judges it.
///
/// # Errors
/// As [`Screen::line`].
pub fn tallies(screen: &mut Screen<'_>, part: &Part) -> Result<(), ScreenFault> {
    let sides = sides_of(part);
    counted(screen, &sides, sides.len() > 1, &Ids::of(keyids(&sides), false), false)
}

/// The page: whose copy judges, the tallies, and the entries that count for nothing.
///
/// # Errors
/// As [`Screen::line`].
pub fn standing(screen: &mut Screen<'_>, standing: &Standing, all: bool) -> Result<(), ScreenFault> {
    screen.heading(pages::WHO_SIGNED)?;
    trust(screen, standing)?;
    let entry_ids = standing.entries.iter().map(|entry| entry.keyid.clone());
    let ids = Ids::of(keyids(&standing.sides).into_iter().chain(entry_ids), all);
    let is_rotation = standing.sides.len() > 1 || standing.gap.is_some();
    counted(screen, &standing.sides, is_rotation, &ids, all)?;
    for key in &standing.signed_twice {
        sentence(screen, 2, &said::signed_twice(&key.to_string()))?;
    }
    entries(screen, standing, &ids, all)
}

fn counted(
    screen: &mut Screen<'_>,
    sides: &[Sided],
    is_rotation: bool,
    ids: &Ids,
    all: bool,
) -> Result<(), ScreenFault> {
    let both = on_both_sides(sides);
    for sided in sides {
        side(screen, sided, is_rotation, ids, &both, all)?;
    }
    if sides.len() == 2 {
        sentence(screen, 2, &said::both_sides(both.len() as u64))?;
    }
    let voices =
        |sided: &Sided| sided.tally.counted.iter().chain(&sided.tally.waiting).any(|v| v.owner.is_some());
    if sides.iter().any(voices) { sentence(screen, 2, pages::CLAIMS) } else { Ok(()) }
}

/// Whose copy judges, and what cannot be judged.
fn trust(screen: &mut Screen<'_>, standing: &Standing) -> Result<(), ScreenFault> {
    match standing.trusted {
        Trusted::None | Trusted::Given => {}
        Trusted::GivenAndSame => sentence(screen, 2, said::SAME_TRUST)?,
        Trusted::GivenAndOther => sentence(screen, 2, said::OTHER_TRUST)?,
        Trusted::Bundles => sentence(screen, 2, said::BUNDLES_TRUST)?,
        Trusted::Itself => sentence(screen, 2, said::ITSELF)?,
    }
    match &standing.gap {
        None => Ok(()),
        Some(StandingFault::NoPredecessor { .. }) => sentence(screen, 2, said::OLD_SIDE_UNKNOWN),
        Some(StandingFault::NoAuthority { .. }) => sentence(screen, 2, said::NOTHING_JUDGED),
        Some(other) => sentence(screen, 2, &said::cannot_judge(&cell(&other.to_string(), CLAUSE))),
    }
}

fn keyids(sides: &[Sided]) -> Vec<String> {
    let of = |tally: &Tally| -> Vec<String> {
        let voices = tally.counted.iter().chain(&tally.waiting).map(|v| v.keyid.clone());
        voices.chain(tally.unable.iter().map(|(keyid, _)| keyid.clone())).collect()
    };
    sides.iter().flat_map(|sided| of(&sided.tally)).collect()
}

fn side(
    screen: &mut Screen<'_>,
    sided: &Sided,
    is_rotation: bool,
    ids: &Ids,
    both: &BTreeSet<Fingerprint>,
    all: bool,
) -> Result<(), ScreenFault> {
    let tally = &sided.tally;
    let judge = match sided.side {
        Side::New if is_rotation => said::NEW_ROOT.to_owned(),
        Side::New => said::THIS_ROOT.to_owned(),
        Side::Old => said::old_root(sided.version),
        Side::Trusted => said::trusted(sided.role_type.name(), sided.version),
    };
    sentence(screen, 2, &said::tally(&judge, tally.valid(), tally.threshold))?;
    if !tally.can_be_met() {
        sentence(screen, 4, said::NEVER_ENOUGH)?;
    }
    voices(screen, said::SIGNED, &tally.counted, ids, both, all)?;
    voices(screen, said::CAN_SIGN, &tally.waiting, ids, both, all)?;
    let shown = if all { tally.unable.len() } else { tally.unable.len().min(SHOWN) };
    for (keyid, why) in &tally.unable[..shown] {
        sentence(
            screen,
            4,
            &format!("{:<9}  {}: {}", said::CANNOT, ids.show(keyid), cell(&why.to_string(), CLAUSE)),
        )?;
    }
    cut(screen, tally.unable.len() - shown)
}

fn voices(
    screen: &mut Screen<'_>,
    label: &str,
    voices: &[Voice],
    ids: &Ids,
    both: &BTreeSet<Fingerprint>,
    all: bool,
) -> Result<(), ScreenFault> {
    let shown = if all { voices.len() } else { voices.len().min(SHOWN) };
    for voice in &voices[..shown] {
        let mut line = vec![format!("{label:<9}"), ids.show(&voice.keyid)];
        if both.contains(&voice.key) {
            line.push(said::COUNTS_TWICE.to_owned());
        }
        line.extend(claim(voice.owner.as_deref()));
        pieces(screen, 4, &line)?;
    }
    cut(screen, voices.len() - shown)
}

fn cut(screen: &mut Screen<'_>, more: usize) -> Result<(), ScreenFault> {
    if more == 0 { Ok(()) } else { screen.line(&pages::more(more as u64)) }
}

fn entries(screen: &mut Screen<'_>, standing: &Standing, ids: &Ids, all: bool) -> Result<(), ScreenFault> {
    let counts = |entry: &&EntryStanding| !matches!(entry.verdict, Some(Verdict::Ok(_)));
    let idle: Vec<&EntryStanding> = standing.entries.iter().filter(counts).collect();
    if standing.entries.is_empty() && standing.sides.is_empty() {
        return sentence(screen, 2, said::NO_ENTRIES);
    }
    if idle.is_empty() {
        return Ok(());
    }
    sentence(screen, 2, if standing.sides.is_empty() { said::UNCHECKED } else { said::NOT_COUNTED })?;
    let shown = if all { idle.len() } else { idle.len().min(SHOWN) };
    for entry in &idle[..shown] {
        let what = match &entry.verdict {
            None if entry.is_placeholder => said::PLACEHOLDER.to_owned(),
            None => said::NOT_JUDGED.to_owned(),
            Some(verdict) => cell(&verdict.to_string(), CLAUSE),
        };
        sentence(screen, 4, &said::entry(&ids.show(&entry.keyid), &what))?;
    }
    cut(screen, idle.len() - shown)
}

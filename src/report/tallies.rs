//! The page of who signed: each judge with its count, who counted, who still can, who never can; what one signature
//! does on both sides of a rotation; and entries of the file that count for nothing.

use std::collections::BTreeSet;

use tuf_ceremony::bundle::Part;
use tuf_ceremony::draft::StandingFault;
use tuf_ceremony::key::Fingerprint;
use tuf_ceremony::keyset::{Verdict, Voice};

use super::columns::{pieces, sentence};
use super::keys::Ids;
use super::names::{NameSource, Named, Names};
use super::standing::{EntryStanding, Side, Sided, Standing, Trusted, on_both_sides, sides_of};
use super::{CLAUSE, SHOWN};
use crate::operator::clean::cell;
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::wording::{holders, pages, standing as said};

/// The tallies of a bundle's draft, as the bundle itself judges it.
///
/// # Errors
/// As [`Screen::line`].
pub fn tallies(screen: &mut Screen<'_>, part: &Part, names: &Names) -> Result<(), ScreenFault> {
    let sides = sides_of(part);
    Page::of(&sides, &[], names, sides.len() > 1, false).tallies(screen, &sides)?;
    let mut told = BTreeSet::new();
    for voice in sides.iter().flat_map(|s| s.tally.counted.iter().chain(&s.tally.waiting)) {
        match names.unclear(voice.key, voice.owner.as_deref()) {
            Some(unclear) if told.insert(voice.key) => unclear.show(screen)?,
            _ => {}
        }
    }
    Ok(())
}

/// The page: whose copy judges, the tallies, and the entries that count for nothing.
///
/// # Errors
/// As [`Screen::line`].
pub fn standing(
    screen: &mut Screen<'_>,
    standing: &Standing,
    names: &Names,
    all: bool,
) -> Result<(), ScreenFault> {
    screen.heading(pages::WHO_SIGNED)?;
    trust(screen, standing, names)?;
    let is_rotation = standing.sides.len() > 1 || standing.gap.is_some();
    let page = Page::of(&standing.sides, &standing.entries, names, is_rotation, all);
    page.tallies(screen, &standing.sides)?;
    for key in &standing.signed_twice {
        sentence(screen, 2, &said::signed_twice(&key.to_string()))?;
    }
    page.entries(screen, standing)
}

/// Whose copy judges, and what cannot be judged.
fn trust(screen: &mut Screen<'_>, standing: &Standing, names: &Names) -> Result<(), ScreenFault> {
    let made_here =
        standing.sides.iter().any(|s| s.side == Side::Trusted && names.draft(s.tally.authority).is_some());
    match standing.trusted {
        Trusted::None | Trusted::Given => {}
        // The tally below names the draft; nobody has a copy of her own of what is made here.
        Trusted::Bundles if made_here => {}
        Trusted::GivenAndSame => sentence(screen, 2, said::SAME_TRUST)?,
        Trusted::GivenAndOther => sentence(screen, 2, said::OTHER_TRUST)?,
        Trusted::Walked => sentence(screen, 2, said::WALKED_TRUST)?,
        Trusted::Ceremonys => sentence(screen, 2, said::CEREMONYS_TRUST)?,
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

/// What the document that speaks is called.
pub(super) fn judge(sided: &Sided, is_rotation: bool, names: &Names) -> String {
    match sided.side {
        Side::New if is_rotation => said::NEW_ROOT.to_owned(),
        Side::New => said::THIS_ROOT.to_owned(),
        Side::Old => said::old_root(sided.version),
        Side::Trusted => match names.draft(sided.tally.authority) {
            Some(letter) => said::made_here(sided.role_type.name(), sided.version, letter),
            None => said::trusted(sided.role_type.name(), sided.version),
        },
    }
}

/// How ids are shown on one page, and what it leaves out.
struct Page<'n> {
    ids: Ids,
    prints: Ids,
    both: BTreeSet<Fingerprint>,
    /// Whether keys that count on both sides are marked: not where all of them do, or none.
    marks: bool,
    names: &'n Names,
    /// Everything that names come from on this page, the weakest first.
    sources: BTreeSet<NameSource>,
    is_rotation: bool,
    all: bool,
}

impl<'n> Page<'n> {
    fn of(
        sides: &[Sided],
        entries: &[EntryStanding],
        names: &'n Names,
        is_rotation: bool,
        all: bool,
    ) -> Page<'n> {
        let voices: Vec<&Voice> =
            sides.iter().flat_map(|s| s.tally.counted.iter().chain(&s.tally.waiting)).collect();
        let unable = sides.iter().flat_map(|s| &s.tally.unable).map(|(keyid, _)| keyid);
        let listed = voices.iter().map(|voice| &voice.keyid).chain(unable);
        let ids = Ids::of(listed.chain(entries.iter().map(|entry| &entry.keyid)), all);
        let prints = Ids::of(voices.iter().map(|voice| voice.key.to_string()), all);
        let both = on_both_sides(sides);
        let marks = !both.is_empty() && voices.iter().any(|voice| !both.contains(&voice.key));
        let named = |voice: &&Voice| names.of(Some(voice.key), voice.owner.as_deref());
        let sources = voices.iter().filter_map(named).map(|named| named.source).collect();
        Page { ids, prints, both, marks, names, sources, is_rotation, all }
    }

    fn tallies(&self, screen: &mut Screen<'_>, sides: &[Sided]) -> Result<(), ScreenFault> {
        for sided in sides {
            self.side(screen, sided)?;
        }
        if sides.len() == 2 {
            sentence(screen, 2, &said::both_sides(self.both.len() as u64))?;
        }
        match self.sources.first() {
            Some(NameSource::FileClaims) if self.sources.len() == 1 => sentence(screen, 2, pages::CLAIMS),
            Some(NameSource::FileClaims) => sentence(screen, 2, holders::SOME_CLAIMS),
            _ => Ok(()),
        }
    }

    fn side(&self, screen: &mut Screen<'_>, sided: &Sided) -> Result<(), ScreenFault> {
        let tally = &sided.tally;
        let judge = judge(sided, self.is_rotation, self.names);
        sentence(screen, 2, &said::tally(&judge, tally.valid(), tally.threshold))?;
        if !tally.can_be_met() {
            sentence(screen, 4, said::NEVER_ENOUGH)?;
        }
        for (label, voices) in [(said::SIGNED, &tally.counted), (said::CAN_SIGN, &tally.waiting)] {
            for voice in &voices[..self.shown(voices.len())] {
                self.voice(screen, label, voice)?;
            }
            self.more(screen, voices.len())?;
        }
        for (keyid, why) in &tally.unable[..self.shown(tally.unable.len())] {
            let why = said::entry(&self.ids.show(keyid), &cell(&why.to_string(), CLAUSE));
            sentence(screen, 4, &format!("{:<9}  {why}", said::CANNOT))?;
        }
        self.more(screen, tally.unable.len())
    }

    fn voice(&self, screen: &mut Screen<'_>, label: &str, voice: &Voice) -> Result<(), ScreenFault> {
        let keyid = self.ids.show(&voice.keyid);
        let named = match self.all {
            true => keyid,
            false => said::key(&keyid, &self.prints.show(&voice.key.to_string())),
        };
        let mut line = vec![format!("{label:<9}"), named];
        if self.marks && self.both.contains(&voice.key) {
            line.push(said::ON_BOTH_SIDES.to_owned());
        }
        let claim = voice.owner.as_deref();
        // Where all names are the file's, one sentence below says so.
        let all_claims = self.sources.iter().all(|source| *source == NameSource::FileClaims);
        let show = |named: Named| if all_claims { named.quoted() } else { named.with_source() };
        line.extend(self.names.of(Some(voice.key), claim).map(show));
        line.extend(self.names.unclear(voice.key, claim).map(|_| holders::DISAGREE.to_owned()));
        pieces(screen, 4, &line)
    }

    fn entries(&self, screen: &mut Screen<'_>, standing: &Standing) -> Result<(), ScreenFault> {
        // A judged placeholder is a key that can sign, and that is said already.
        let is_idle =
            |entry: &&EntryStanding| !matches!(entry.verdict, Some(Verdict::Ok(_) | Verdict::Empty));
        let idle: Vec<&EntryStanding> = standing.entries.iter().filter(is_idle).collect();
        if standing.entries.is_empty() && standing.sides.is_empty() {
            return sentence(screen, 2, said::NO_ENTRIES);
        }
        if idle.is_empty() {
            return Ok(());
        }
        sentence(screen, 2, if standing.sides.is_empty() { said::UNCHECKED } else { said::NOT_COUNTED })?;
        for entry in &idle[..self.shown(idle.len())] {
            let what = match &entry.verdict {
                None if entry.is_placeholder => said::PLACEHOLDER.to_owned(),
                None => said::NOT_JUDGED.to_owned(),
                Some(verdict) => cell(&verdict.to_string(), CLAUSE),
            };
            sentence(screen, 4, &said::entry(&self.ids.show(&entry.keyid), &what))?;
        }
        self.more(screen, idle.len())
    }

    fn shown(&self, of: usize) -> usize {
        if self.all { of } else { of.min(SHOWN) }
    }

    fn more(&self, screen: &mut Screen<'_>, of: usize) -> Result<(), ScreenFault> {
        match of - self.shown(of) {
            0 => Ok(()),
            more => screen.line(&pages::more(more as u64)),
        }
    }
}

//! Who must sign one document and who has, as far as what was given can tell: the keyholder's own trusted document
//! where she gave one, else what a bundle brings along. The engine names the authorities, judges and counts; where it
//! cannot, its reason is kept instead of a tally.

use std::collections::BTreeSet;

use serde::Serialize;
use tuf_ceremony::bundle::Part;
use tuf_ceremony::draft::{Draft, StandingFault};
use tuf_ceremony::key::Fingerprint;
use tuf_ceremony::keyset::{Authority, Tally, Verdict};
use tuf_ceremony::metadata::{Metadata, RoleType};

/// Which document speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The root itself.
    New,
    /// The trusted root before it.
    Old,
    /// The trusted document that speaks for another role.
    Trusted,
}

/// One document that speaks, and its tally.
#[derive(Debug, Clone)]
pub struct Sided {
    /// Which it is.
    pub side: Side,
    /// Its type.
    pub role_type: RoleType,
    /// Its version.
    pub version: u64,
    /// Who signed for it.
    pub tally: Tally,
}

/// One signature entry of the file.
#[derive(Debug, Clone)]
pub struct EntryStanding {
    /// Its key id.
    pub keyid: String,
    /// Whether it is a placeholder.
    pub is_placeholder: bool,
    /// What it is worth to the authority for which it is worth most; none if nothing judges it.
    pub verdict: Option<Verdict>,
}

/// Whose copy of the trusted document judges a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trusted {
    /// None was given, and none is needed or none is there.
    None,
    /// The one given with `--trust`.
    Given,
    /// The one given with `--trust`, and the bundle has the same.
    GivenAndSame,
    /// The one given with `--trust`, and the bundle has another.
    GivenAndOther,
    /// One that follows from the keyholder's own root, which she gave; each step was checked.
    Walked,
    /// One of the ceremony itself, and she gave none of her own.
    Ceremonys,
    /// The one inside the bundle.
    Bundles,
    /// The one given is the very document that is judged.
    Itself,
}

/// Who must sign one document and who has.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The authorities that could be told, the document's own first.
    pub sides: Vec<Sided>,
    /// The entries of the file in its order.
    pub entries: Vec<EntryStanding>,
    /// Whose trusted document judges.
    pub trusted: Trusted,
    /// Why not all authorities could be told.
    pub gap: Option<StandingFault>,
    /// Keys that were asked to sign twice.
    pub signed_twice: Vec<Fingerprint>,
}

impl Standing {
    /// Of a file: its entries are what was signed.
    #[must_use]
    pub fn of_file(draft: &Draft, trusted: Option<&Metadata>) -> Standing {
        let metadata = draft.metadata();
        let kind = if trusted.is_some() { Trusted::Given } else { Trusted::None };
        let (authorities, trusted, kind, gap) = told(draft, trusted, kind);
        let (entries, verdicts) = judged(metadata, &authorities);
        let signed = |at: usize| verdicts.iter().filter_map(|v| v.get(at)?.counts()).collect();
        let tallies = authorities.iter().enumerate().map(|(at, a)| a.tally(&signed(at))).collect();
        Standing::new(draft, trusted, tallies, entries, kind, gap)
    }

    /// Of a bundle's draft: the bundle's signatures count, judged by `given` if that is there.
    #[must_use]
    pub fn of_part(part: &Part, given: Option<&Metadata>) -> Standing {
        let draft = part.draft();
        let carried = part.trusted();
        let same = |given: &Metadata| carried.is_some_and(|carried| carried.payload() == given.payload());
        let kind = match given {
            Some(given) if same(given) => Trusted::GivenAndSame,
            Some(_) if carried.is_some() => Trusted::GivenAndOther,
            Some(_) => Trusted::Given,
            None if carried.is_some() => Trusted::Bundles,
            None => Trusted::None,
        };
        let (authorities, trusted, kind, gap) = told(draft, given.or(carried), kind);
        let entries = judged(draft.metadata(), &authorities).0;
        let signed = |authority: &Authority| -> BTreeSet<Fingerprint> {
            let of = |signature: &tuf_ceremony::bundle::Signature| {
                let key = authority.key(signature.verified.fingerprint())?;
                // The bundle's own authorities verified it when it was read; others judge it under their own scheme.
                draft.verify(key, signature.verified.bytes()).ok().map(|verified| verified.fingerprint())
            };
            part.signatures().all().filter_map(of).collect()
        };
        let as_the_bundle_says = kind != Trusted::GivenAndOther && gap.is_none();
        let tallies = if as_the_bundle_says {
            part.tallies()
        } else {
            authorities.iter().map(|a| a.tally(&signed(a))).collect()
        };
        let mut standing = Standing::new(draft, trusted, tallies, entries, kind, gap);
        standing.signed_twice = part.signatures().signed_twice().collect();
        standing
    }

    fn new(
        draft: &Draft,
        trusted: Option<&Metadata>,
        tallies: Vec<Tally>,
        entries: Vec<EntryStanding>,
        kind: Trusted,
        gap: Option<StandingFault>,
    ) -> Standing {
        let sides = tallies.into_iter().map(|tally| sided(draft.metadata(), trusted, tally)).collect();
        Standing { sides, entries, trusted: kind, gap, signed_twice: Vec::new() }
    }
}

/// Keys that stand on both sides of a rotation.
#[must_use]
pub fn on_both_sides(sides: &[Sided]) -> BTreeSet<Fingerprint> {
    match sides {
        [new, old] => voices(&new.tally).intersection(&voices(&old.tally)).copied().collect(),
        _ => BTreeSet::new(),
    }
}

/// The tallies of a bundle's draft, as the bundle itself judges it.
#[must_use]
pub fn sides_of(part: &Part) -> Vec<Sided> {
    part.tallies().into_iter().map(|tally| sided(part.draft().metadata(), part.trusted(), tally)).collect()
}

fn sided(own: &Metadata, trusted: Option<&Metadata>, tally: Tally) -> Sided {
    let judge = trusted.filter(|t| t.payload() == tally.authority && t.payload() != own.payload());
    let side = match (judge, own.role_type()) {
        (None, _) => Side::New,
        (Some(_), RoleType::Root) => Side::Old,
        (Some(_), _) => Side::Trusted,
    };
    let judge = judge.unwrap_or(own);
    Sided { side, role_type: judge.role_type(), version: judge.version(), tally }
}

fn voices(tally: &Tally) -> BTreeSet<Fingerprint> {
    tally.counted.iter().chain(&tally.waiting).map(|voice| voice.key).collect()
}

type Told<'m> = (Vec<Authority>, Option<&'m Metadata>, Trusted, Option<StandingFault>);

/// The authorities; a root whose predecessor cannot judge it still speaks for itself.
fn told<'m>(draft: &Draft, trusted: Option<&'m Metadata>, kind: Trusted) -> Told<'m> {
    let metadata = draft.metadata();
    let own = || match metadata.role_type() {
        RoleType::Root => Authority::in_document(metadata, draft.role()).into_iter().collect(),
        _ => Vec::new(),
    };
    if trusted.is_some_and(|t| t.payload() == metadata.payload()) {
        return (own(), None, Trusted::Itself, None);
    }
    match draft.authorities(trusted) {
        Ok(authorities) => (authorities, trusted, kind, None),
        Err(fault) => (own(), None, kind, Some(fault)),
    }
}

/// Every entry under every authority, each verified once: its best verdict, and all of them.
fn judged(metadata: &Metadata, authorities: &[Authority]) -> (Vec<EntryStanding>, Vec<Vec<Verdict>>) {
    let read = metadata.entries().unwrap_or_default();
    let verdicts: Vec<Vec<Verdict>> =
        read.iter().map(|entry| authorities.iter().map(|a| a.judge(metadata, entry)).collect()).collect();
    let standing = |(entry, verdicts): (&tuf_ceremony::metadata::Entry<'_>, &Vec<Verdict>)| EntryStanding {
        keyid: entry.keyid.clone().into_owned(),
        is_placeholder: entry.is_placeholder(),
        verdict: verdicts.iter().min_by_key(|v| worth(v)).cloned(),
    };
    let entries = read.iter().zip(&verdicts).map(standing).collect();
    (entries, verdicts)
}

/// A signature that counts anywhere counts; one that no authority knows says the least.
fn worth(verdict: &Verdict) -> u8 {
    match verdict {
        Verdict::Ok(_) => 0,
        Verdict::NotInRole => 2,
        _ => 1,
    }
}

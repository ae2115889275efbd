//! Attestations (`docs/spec/attestation.md`): the real ones of a ceremony of 2021 are proven by the maker's root, one made here by a
//! root that is named, and each thing that does not hold has its reason. Keys and certificates made here are TEST ONLY.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test stops at the first surprise")]

#[path = "attestation/advised.rs"]
mod advised;
#[path = "attestation/carried.rs"]
mod carried;
#[path = "attestation/chance.rs"]
mod chance;
#[path = "attestation/found.rs"]
mod found;
#[path = "mint/mint.rs"]
mod mint;
#[path = "attestation/press.rs"]
mod press;
#[path = "attestation/real.rs"]
mod real;
#[path = "attestation/refused.rs"]
mod refused;
#[path = "attestation/trust.rs"]
mod trust;

use tuf_ceremony::attestation::{Asked, Attestation, Roots, Unproven, Verdict, judge};
use tuf_ceremony::key::{PublicKey, Scheme};
use tuf_ceremony::time::Moment;

fn at(date: &str) -> Moment {
    Moment::parse_date_or_moment(date).unwrap()
}

fn p256(spki: &[u8]) -> PublicKey {
    PublicKey::from_spki_der(spki, Scheme::EcdsaP256Sha256).unwrap()
}

/// The maker's roots, and the one of the press.
fn roots() -> Roots {
    let mut roots = Roots::of_maker();
    assert_eq!(roots.name(&press::pem(&press::root())), Ok(1));
    roots
}

/// The press's chain with these two certificates, judged in 2027.
fn judged(key: &[u8], card: &[u8]) -> Verdict {
    let (public, date) = (p256(&press::spki("key")), at("2027-03-05"));
    let asked = Asked { key: &public, serial: Some("12345678"), at: Some(&date) };
    judge(Attestation { key, card }, &roots(), asked)
}

#[track_caller]
fn unproven(verdict: Verdict) -> Unproven {
    match verdict {
        Verdict::Unproven(why) => why,
        Verdict::Proven(proof) => panic!("proven by {:?}", proof.by),
    }
}

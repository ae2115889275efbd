//! Whose word is taken.

use tuf_ceremony::attestation::{
    Asked, Attestation, Firmware, Root, Roots, RootsFault, TouchPolicy, Verdict, judge,
};
use tuf_ceremony::limits::ATTESTATION_ROOTS;

use crate::press::{self, ROOT, authority, pem, sheet};
use crate::{at, judged, p256, unproven};

#[test]
fn a_chain_to_a_root_that_was_named_is_proven_by_that_root() {
    let Verdict::Proven(proof) = judged(&press::key(), &press::card()) else { panic!() };
    assert_eq!(proof.by, Root::Named(format!("CN={ROOT}")));
    assert_eq!(proof.says.firmware, Firmware { major: 5, minor: 4, patch: 3 });
    assert_eq!((proof.says.serial, proof.says.touch), (12_345_678, TouchPolicy::Always));
}

#[test]
fn without_its_root_it_ends_at_a_name_that_is_told() {
    let public = p256(&press::spki("key"));
    let asked = Asked { key: &public, serial: Some("12345678"), at: None };
    let (key, card) = (press::key(), press::card());
    let verdict = judge(Attestation { key: &key, card: &card }, &Roots::of_maker(), asked);
    assert_eq!(
        unproven(verdict).to_string(),
        "its chain ends at \"CN=TEST ONLY Root\", which is no root of the maker and none that you named"
    );
}

#[test]
fn a_date_that_was_not_stated_is_not_compared_and_that_is_said() {
    let public = p256(&press::spki("key"));
    let asked = Asked { key: &public, serial: Some("12345678"), at: None };
    let (key, card) = (press::key(), press::card());
    let Verdict::Proven(proof) = judge(Attestation { key: &key, card: &card }, &crate::roots(), asked) else {
        panic!()
    };
    assert!(!proof.dated);
}

/// A certificate between, given in the same file as its root, serves as one.
#[test]
fn certificates_between_may_be_named_with_their_root() {
    let between = sheet(ROOT, "TEST ONLY Between", "between", "root", vec![authority(Some(1))]).printed();
    let mut card = press::card_sheet();
    (card.issuer, card.signer) = ("TEST ONLY Between".into(), "between");
    let root = sheet(ROOT, ROOT, "root", "root", vec![authority(Some(2))]).printed();
    let mut roots = Roots::of_maker();
    let file = format!("a remark\n{}and another\n{}", pem(&between), pem(&root));
    assert_eq!(roots.name(&file), Ok(2));
    assert_eq!(roots.named().count(), 2);
    let (public, date) = (p256(&press::spki("key")), at("2027-03-05"));
    let asked = Asked { key: &public, serial: Some("12345678"), at: Some(&date) };
    let verdict = judge(Attestation { key: &press::key(), card: &card.printed() }, &roots, asked);
    // The nearest that was named: naming it is trust in it.
    let Verdict::Proven(proof) = verdict else { panic!("{verdict:?}") };
    assert_eq!(proof.by, Root::Named("CN=TEST ONLY Between".into()));
}

#[test]
fn cards_with_a_key_on_p384_sign_over_sha_256_or_sha_384() {
    let mut card = press::card_sheet();
    card.spki = press::p384_spki("card");
    let card = card.printed();
    let key = press::key_sheet();
    for is_sha256 in [true, false] {
        let key = key.printed_by_p384(is_sha256);
        assert!(matches!(judged(&key, &card), Verdict::Proven(_)), "{is_sha256}");
        for at in [key.len() - 1, key.len() - 40, 100] {
            let mut bent = key.clone();
            bent[at] ^= 1;
            assert!(matches!(judged(&bent, &card), Verdict::Unproven(_)), "{is_sha256}, byte {at}");
        }
    }
    // The same bytes as if a key on the other curve had signed them.
    assert_eq!(unproven(judged(&key.printed(), &card)).word(), "wrong-signature");
}

/// As many as may be named, of one name and key: each certifies each, and none leads to the maker.
#[test]
fn named_certificates_that_certify_each_other_are_each_looked_at_once() {
    let mut roots = Roots::of_maker();
    for number in 0..u8::try_from(ATTESTATION_ROOTS.most).unwrap() {
        let mut round = press::root_sheet();
        round.extensions.push(press::yubico(100 + number, &[0]));
        roots.name(&pem(&round.printed())).unwrap();
    }
    let (public, date) = (p256(&press::spki("key")), at("2027-03-05"));
    let asked = Asked { key: &public, serial: Some("12345678"), at: Some(&date) };
    let verdict = judge(Attestation { key: &press::key(), card: &press::card() }, &roots, asked);
    assert!(matches!(verdict, Verdict::Proven(proof) if matches!(proof.by, Root::Named(_))));
}

#[test]
fn a_key_that_a_card_attested_cannot_stand_in_for_a_card() {
    // Who has a real card lets its key sign a certificate for a key in a file.
    let mut false_key = press::key_sheet();
    (false_key.issuer, false_key.signer) = (press::KEY.into(), "key");
    false_key.spki = press::spki("key in a file");
    let public = p256(&press::spki("key in a file"));
    let asked = Asked { key: &public, serial: Some("12345678"), at: None };
    let mut roots = crate::roots();
    let verdict = judge(Attestation { key: &false_key.printed(), card: &press::key() }, &roots, asked);
    assert_eq!(unproven(verdict).word(), "unknown-root");
    // Even where somebody names the card's certificate as well.
    roots.name(&pem(&press::card())).unwrap();
    let verdict = judge(Attestation { key: &false_key.printed(), card: &press::key() }, &roots, asked);
    assert_eq!(unproven(verdict).word(), "not-an-issuer");
}

#[test]
fn a_file_without_certificates_or_with_broken_ones_or_too_many_is_refused() {
    let mut roots = Roots::of_maker();
    assert_eq!(roots.name("no certificate"), Err(RootsFault::Empty));
    assert_eq!(
        roots.name(&pem(b"no DER")).unwrap_err().to_string(),
        "its certificate number 1 cannot be read: it is no X.509 certificate in DER"
    );
    let broken = format!("{}-----BEGIN CERTIFICATE-----\nAAAA", pem(&press::root()));
    assert!(matches!(roots.name(&broken), Err(RootsFault::Certificate { number: 2, .. })));
    assert_eq!(roots.named().count(), 0, "nothing was taken");
    let many = pem(&press::root()).repeat(ATTESTATION_ROOTS.most);
    assert_eq!(roots.name(&many), Ok(ATTESTATION_ROOTS.most));
    assert_eq!(roots.name(&pem(&press::root())), Err(RootsFault::Past(ATTESTATION_ROOTS)));
}

//! Each thing that does not hold, alone, and its reason.

use tuf_ceremony::attestation::{Bearer, Unproven};
use tuf_ceremony::limits::ATTESTATION;

use crate::press::{self, authority, extension, tlv, yubico};
use crate::{judged, unproven};

/// Spoils the key's certificate, which the card signs all the same.
fn of_key(spoil: impl Fn(&mut press::Sheet)) -> Unproven {
    let mut sheet = press::key_sheet();
    spoil(&mut sheet);
    unproven(judged(&sheet.printed(), &press::card()))
}

/// Spoils the card's certificate, which the root signs all the same.
fn of_card(spoil: impl Fn(&mut press::Sheet)) -> Unproven {
    let mut sheet = press::card_sheet();
    spoil(&mut sheet);
    unproven(judged(&press::key(), &sheet.printed()))
}

#[test]
fn a_wrong_signature_is_told_with_whose_it_is() {
    assert_eq!(of_key(|sheet| sheet.signer = "another"), Unproven::Signature { bearer: Bearer::Key });
    assert_eq!(of_card(|sheet| sheet.signer = "another"), Unproven::Signature { bearer: Bearer::Card });
}

#[test]
fn swapped_certificates_and_those_of_another_card_are_told() {
    let swapped = unproven(judged(&press::card(), &press::key()));
    assert_eq!(swapped.word(), "other-card");
    let told = of_key(|sheet| sheet.issuer = "Another card".into());
    assert_eq!(
        told.to_string(),
        "the key's certificate was not made by this card: it names \"CN=Another card\" as its maker, and the card is \"CN=TEST ONLY Card\""
    );
}

#[test]
fn another_key_and_another_serial_are_told() {
    assert_eq!(of_key(|sheet| sheet.spki = press::spki("another")), Unproven::OtherKey);
    let told = of_key(|sheet| sheet.extensions[1] = yubico(7, &[2, 1, 5]));
    assert_eq!(
        told.to_string(),
        "it is about the card with the serial number 5, and the key card names \"12345678\""
    );
}

#[test]
fn a_certificate_that_is_not_valid_at_the_date_is_told_with_its_dates() {
    let early: fn(&mut press::Sheet) = |sheet| sheet.to = b"270304235959Z";
    let late: fn(&mut press::Sheet) = |sheet| sheet.from = b"270305000001Z";
    for spoil in [early, late] {
        assert!(matches!(of_key(spoil), Unproven::NotValid { bearer: Bearer::Key, .. }));
        assert!(matches!(of_card(spoil), Unproven::NotValid { bearer: Bearer::Card, .. }));
    }
    assert_eq!(
        of_key(early).to_string(),
        "the key's certificate is valid from 2016-03-14T00:00:00Z to 2027-03-04T23:59:59Z, and the date is 2027-03-05T00:00:00Z"
    );
    // Its first and its last second are valid.
    let mut sheet = press::key_sheet();
    (sheet.from, sheet.to) = (b"270305000000Z", b"270305000000Z");
    assert!(matches!(
        judged(&sheet.printed(), &press::card()),
        tuf_ceremony::attestation::Verdict::Proven(_)
    ));
}

#[test]
fn a_certificate_that_may_not_certify_is_told() {
    let no_authority = extension(&[0x55, 0x1d, 0x13], true, &[0x30, 0]);
    let told = of_card(|sheet| sheet.extensions[1] = no_authority.clone());
    assert_eq!(told, Unproven::NotAnIssuer { bearer: Bearer::Card });
    let usage = extension(&[0x55, 0x1d, 0x0f], true, &[3, 2, 7, 0x80]);
    let told = of_card(|sheet| sheet.extensions.push(usage.clone()));
    assert_eq!(told, Unproven::NotAnIssuer { bearer: Bearer::Card }, "for signatures, not for certificates");
}

#[test]
fn a_card_of_the_yubikey_4_needs_no_constraints_and_an_issuer_above_it_does() {
    let mut sheet = press::card_sheet();
    sheet.extensions.truncate(1);
    assert!(matches!(judged(&press::key(), &sheet.printed()), tuf_ceremony::attestation::Verdict::Proven(_)));
    for extensions in [vec![], vec![authority(Some(0))]] {
        let mut root = press::root_sheet();
        root.extensions = extensions;
        let mut roots = tuf_ceremony::attestation::Roots::of_maker();
        roots.name(&press::pem(&root.printed())).unwrap();
        let public = crate::p256(&press::spki("key"));
        let asked = tuf_ceremony::attestation::Asked { key: &public, serial: None, at: None };
        let (key, card) = (press::key(), press::card());
        let attestation = tuf_ceremony::attestation::Attestation { key: &key, card: &card };
        let told = unproven(tuf_ceremony::attestation::judge(attestation, &roots, asked));
        assert_eq!(
            told.to_string(),
            "the certificate \"CN=TEST ONLY Root\" does not allow what stands below it"
        );
    }
}

#[test]
fn what_the_maker_says_must_be_there_and_be_of_its_form() {
    let without = |at: usize| of_key(|sheet| drop(sheet.extensions.remove(at))).to_string();
    assert_eq!(
        without(0),
        "the key's certificate cannot be read: it does not say which firmware the card has"
    );
    assert!(without(1).ends_with("it does not say which serial number the card has"));
    assert!(without(2).ends_with("it does not say when PIN and touch are asked for"));
    let with = |at: usize, number: u8, value: &[u8]| {
        of_key(|sheet| sheet.extensions[at] = yubico(number, value)).to_string()
    };
    assert!(with(0, 3, &[5, 4]).ends_with("its firmware is not three bytes"));
    assert!(with(1, 7, &[2, 5, 1, 0, 0, 0, 0]).ends_with("its serial number is no number of 32 bits"));
    assert!(with(1, 7, &[2, 1, 0x80]).ends_with("its serial number is no number of 32 bits"));
    assert!(with(2, 8, &[3]).ends_with("its policies are not two bytes"));
    assert!(with(3, 9, &[]).ends_with("its form factor is not one byte"));
}

#[test]
fn what_is_no_certificate_is_told_with_why() {
    let told = |der: &[u8]| unproven(judged(der, &press::card())).to_string();
    let no_der = "the key's certificate cannot be read: it is no X.509 certificate in DER";
    let key = press::key();
    for cut in 0..key.len() {
        assert_eq!(told(&key[..cut]), no_der, "{cut} bytes");
    }
    assert_eq!(told(&[key.clone(), vec![0]].concat()), no_der, "something follows");
    let twice = of_key(|sheet| sheet.extensions.push(yubico(9, &[1])));
    assert!(twice.to_string().ends_with("an extension stands in it twice"));
    let critical = of_key(|sheet| sheet.extensions.push(extension(&[0x55, 0x1d, 0x1e], true, &[0x30, 0])));
    assert!(critical.to_string().ends_with("it has a critical extension that is not known here"));
    let constraints = of_card(|sheet| sheet.extensions[1] = extension(&[0x55, 0x1d, 0x13], true, &[5, 0]));
    assert!(constraints.to_string().ends_with("its constraints cannot be read"));
}

#[test]
fn names_that_would_obey_a_terminal_or_fill_it_are_told_short_and_escaped() {
    let long = "n".repeat(9_000);
    for name in ["\u{1b}]52;c;AAAA\u{7}", "a\r\nnow: sign it", "\u{202e}tooR", "", "\u{0}", long.as_str()] {
        for told in [of_key(|sheet| sheet.issuer = name.into()), of_card(|sheet| sheet.issuer = name.into())]
        {
            let told = told.to_string();
            assert!(told.len() < 1_000, "{} bytes", told.len());
            assert!(!told.chars().any(|c| c.is_control() || c == '\u{202e}'), "{told:?}");
        }
    }
}

#[test]
fn a_certificate_as_long_as_the_cap_is_read_and_a_longer_one_is_not() {
    let filler = |length: usize| {
        let mut sheet = press::key_sheet();
        sheet.extensions.push(yubico(100, &vec![0; length]));
        sheet.printed()
    };
    let rest = filler(10_000).len() - 10_000;
    // A signature may be a byte or two shorter; the length is looked at, not guessed.
    let fitting =
        (0..4).map(|less| filler(ATTESTATION.most - rest - less)).find(|der| der.len() <= ATTESTATION.most);
    let fitting = judged(&fitting.unwrap(), &press::card());
    assert!(matches!(fitting, tuf_ceremony::attestation::Verdict::Proven(_)), "{fitting:?}");
    let told = unproven(judged(&filler(ATTESTATION.most), &press::card()));
    assert_eq!(told, Unproven::TooLong { bearer: Bearer::Key });
    let million = tlv(0x30, &vec![0; 1 << 20]);
    assert_eq!(unproven(judged(&press::key(), &million)), Unproven::TooLong { bearer: Bearer::Card });
    assert_eq!(unproven(judged(&press::key(), &[])), Unproven::NoCardCertificate);
}

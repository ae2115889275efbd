//! Certificates of real YubiKeys, from a ceremony of 2021, and the maker's own.

use std::path::{Path, PathBuf};

use tuf_ceremony::attestation::{
    Asked, Attestation, Firmware, PinPolicy, Root, Roots, TouchPolicy, Unproven, Verdict, judge,
};
use tuf_ceremony::key::{PublicKey, Scheme};

use crate::{at, unproven};

const SERIALS: [&str; 6] = ["13078778", "14454335", "14470876", "14470888", "15938765", "15938791"];

fn file(serial: &str, what: &str) -> String {
    let folder: PathBuf =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/corpus/yubikey-ceremony/2021-06-18");
    let path = folder.join(format!("{serial}_{serial}_{what}.pem"));
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn der(serial: &str, what: &str) -> Vec<u8> {
    pem_rfc7468::decode_vec(file(serial, what).as_bytes()).unwrap().1
}

fn public(serial: &str) -> PublicKey {
    PublicKey::from_spki_pem(&file(serial, "pubkey"), Scheme::EcdsaP256Sha256).unwrap()
}

/// The key of one card with the certificates of perhaps others.
fn judged(key: &str, certificate: &str, card: &str, serial: &str, date: &str) -> Verdict {
    let (public, date) = (public(key), at(date));
    let (key, card) = (der(certificate, "key_cert"), der(card, "device_cert"));
    let asked = Asked { key: &public, serial: Some(serial), at: Some(&date) };
    judge(Attestation { key: &key, card: &card }, &Roots::of_maker(), asked)
}

#[test]
fn every_real_attestation_is_proven_by_the_makers_root_and_says_what_its_card_is() {
    for serial in SERIALS {
        let Verdict::Proven(proof) = judged(serial, serial, serial, serial, "2021-06-18") else {
            panic!("{serial} is not proven")
        };
        assert_eq!(proof.by, Root::Maker("CN=Yubico PIV Root CA Serial 263751".into()));
        assert_eq!(proof.says.serial.to_string(), serial);
        assert!(proof.says.firmware >= Firmware { major: 5, minor: 2, patch: 0 }, "{}", proof.says.firmware);
        assert!(proof.says.firmware < Firmware { major: 5, minor: 7, patch: 0 }, "{}", proof.says.firmware);
        assert_ne!(proof.says.pin, PinPolicy::Never);
        assert!(!matches!(proof.says.touch, TouchPolicy::Other(_)));
        assert!(proof.says.form.is_some_and(|form| !form.is_bio()));
        assert_eq!(
            proof.path,
            [
                "CN=YubiKey PIV Attestation 9c",
                "CN=Yubico PIV Attestation",
                "CN=Yubico PIV Root CA Serial 263751"
            ]
        );
        assert!(proof.dated);
    }
}

#[test]
fn real_certificates_that_belong_to_others_prove_nothing() {
    let [a, b] = [SERIALS[0], SERIALS[1]];
    assert_eq!(unproven(judged(b, a, a, a, "2021-06-18")), Unproven::OtherKey);
    assert_eq!(
        unproven(judged(a, a, a, b, "2021-06-18")),
        Unproven::OtherSerial { attested: 13_078_778, card: Some(b.into()) }
    );
    // Both cards are called alike, so only the signature tells.
    assert_eq!(unproven(judged(a, a, b, a, "2021-06-18")).word(), "wrong-signature");
    assert_eq!(unproven(judged(a, a, a, a, "2016-03-13")).word(), "not-valid");
    assert_eq!(unproven(judged(a, a, a, a, "2053-01-01")).word(), "not-valid");
}

#[test]
fn no_bit_of_a_real_attestation_can_be_turned_unnoticed() {
    let serial = SERIALS[2];
    let (key, card, public) = (der(serial, "key_cert"), der(serial, "device_cert"), public(serial));
    let (roots, date) = (Roots::of_maker(), at("2021-06-18"));
    let asked = Asked { key: &public, serial: Some(serial), at: Some(&date) };
    let is_proven = |key: &[u8], card: &[u8]| {
        matches!(judge(Attestation { key, card }, &roots, asked), Verdict::Proven(_))
    };
    assert!(is_proven(&key, &card));
    for at in 0..key.len() {
        let mut bent = key.clone();
        bent[at] ^= 1 << (at % 8);
        assert!(!is_proven(&bent, &card), "byte {at} of the key's");
    }
    for at in 0..card.len() {
        let mut bent = card.clone();
        bent[at] ^= 1 << (at % 8);
        assert!(!is_proven(&key, &bent), "byte {at} of the card's");
    }
}

/// Pinned, so that nobody changes whose word is taken without a test that says so; the sources are in `maker/README.md`.
#[test]
fn the_makers_certificates_are_those_that_it_publishes() {
    let told: Vec<String> = Roots::of_maker()
        .makers()
        .map(|(name, sha256, is_root)| {
            format!("{sha256} {} {name}", if is_root { "root" } else { "between" })
        })
        .collect();
    let wanted = [
        "63ece914e54dd87915f34033c85af4c0696ba1512f8add66ced738331207b546 root CN=Yubico PIV Root CA Serial 263751",
        "62760c6a6ef91679f454c8902b80fd009825b3f25da90f1fbace2ec6586cd5a8 root CN=Yubico Attestation Root 1",
        "4698a1d3389c3ec60016c216250f1d0439922832d65142327436376dc2942b55 between CN=Yubico Attestation Intermediate A 1",
        "d4cc3f456fdaf4e7812a21aab1dfe9d8e27d24e2fd2d6f21c9940109f0daa754 between CN=Yubico Attestation Intermediate B 1",
        "6de693f05376f5d8ca29069261e1c8626c75d503bd2edbfd75354cad1f722870 between CN=Yubico PIV Attestation A 1",
        "2d55b7998f4e42569d6d8fa382b6dc77d1dacf07358b19701163892922b17052 between CN=Yubico PIV Attestation B 1",
    ];
    assert_eq!(told, wanted);
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/attestation/maker/README.md");
    let page = std::fs::read_to_string(page).unwrap();
    assert!(wanted.iter().all(|line| page.contains(&line[..64])), "the page has other digests");
}

/// No card of the newer kind was at hand. Its two certificates between stand for it: they lead up as a card's would, and are no
/// attestation.
#[test]
fn the_newer_certificates_between_lead_to_the_newer_root() {
    let maker = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/attestation/maker");
    let read = |name: &str| {
        let text = std::fs::read_to_string(maker.join(name)).unwrap();
        pem_rfc7468::decode_vec(text.as_bytes()).unwrap().1
    };
    for letter in ["a", "b"] {
        let low = read(&format!("yubico-piv-attestation-{letter}-1.pem"));
        let high = read(&format!("yubico-attestation-intermediate-{letter}-1.pem"));
        let (public, date) = (public(SERIALS[0]), at("2025-01-01"));
        let asked = Asked { key: &public, serial: Some("1"), at: Some(&date) };
        let verdict = judge(Attestation { key: &low, card: &high }, &Roots::of_maker(), asked);
        // Names, signatures, constraints and dates held before the key was compared.
        assert_eq!(unproven(verdict), Unproven::OtherKey, "{letter}");
        let early = at("2024-11-30");
        let asked = Asked { at: Some(&early), ..asked };
        let verdict = judge(Attestation { key: &low, card: &high }, &Roots::of_maker(), asked);
        assert_eq!(unproven(verdict).word(), "not-valid", "{letter}");
    }
}

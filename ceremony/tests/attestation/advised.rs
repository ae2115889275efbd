//! What the maker warns of, at the edges of each range.

use rsa::RsaPrivateKey;
use rsa::pkcs1v15::Pkcs1v15Sign;
use rsa::traits::PublicKeyParts as _;
use sha2::{Digest as _, Sha256};
use tuf_ceremony::attestation::about;
use tuf_ceremony::card::{Card, Claims, Evidence};
use tuf_ceremony::key::{PublicKey, Scheme};

use crate::carried::{TOKEN, card, evidence};
use crate::mint::{self, Key};
use crate::{at, press, roots};

/// A public key, and who signs with it.
struct Signer(PublicKey, Sign);

type Sign = Box<dyn Fn(&[u8]) -> Vec<u8>>;

fn of(key: Key) -> Signer {
    Signer(key.public(), Box::new(move |message| key.sign(message, 0)))
}

fn rsa() -> Signer {
    let key = RsaPrivateKey::new(&mut mint::Counter(7), 2048).unwrap();
    let modulus = press::tlv(2, &[&[0], &*key.n_bytes()].concat());
    let der = press::tlv(0x30, &[modulus, press::tlv(2, &key.e_bytes())].concat());
    let public = PublicKey::from_rsa_der(Scheme::RsaPkcs1v15Sha256, &der).unwrap();
    Signer(
        public,
        Box::new(move |message| key.sign(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(message)).unwrap()),
    )
}

/// The identifiers for a card's own word on its firmware.
fn said(key: &Signer, firmware: &str, local: bool) -> Vec<&'static str> {
    let evidence = format!(r#"{{"piv":{{"firmware":"{firmware}","local":{local}}}}}"#);
    let claims = Claims {
        token: Some(TOKEN.into()),
        evidence: Some(Evidence::read(evidence.as_bytes()).unwrap()),
        ..Claims::default()
    };
    let unsigned = Card::unsigned(&key.0, claims).unwrap();
    let proof = (key.1)(unsigned.signed());
    let attested = about(&unsigned.prove(&proof).unwrap(), &roots(), None).unwrap();
    assert!(attested.advised.iter().all(|advised| !advised.proven));
    attested.advised.iter().map(|advised| advised.advisory.id).collect()
}

#[test]
fn ecdsa_keys_on_firmware_before_5_7_are_under_ysa_2024_03_and_others_are_not() {
    let ecdsa = of(Key::p256("ecdsa"));
    for (firmware, is) in
        [("4.3.5", true), ("5.6.9", true), ("5.6.255", true), ("5.7.0", false), ("5.7.4", false)]
    {
        assert_eq!(said(&ecdsa, firmware, true), if is { vec!["YSA-2024-03"] } else { vec![] }, "{firmware}");
    }
    assert_eq!(said(&of(Key::ed25519("ed")), "5.4.3", true), [""; 0]);
    for odd in ["", "5", "5.4", "5.4.3.1", "05.4.3", "5.4.x", "256.0.0", "YubiKey 5.4.3"] {
        assert_eq!(said(&ecdsa, odd, true), [""; 0], "{odd}");
    }
}

#[test]
fn rsa_keys_made_by_4_2_6_to_4_3_4_are_under_ysa_2017_01_and_imported_ones_are_not() {
    let rsa = rsa();
    for (firmware, is) in
        [("4.2.5", false), ("4.2.6", true), ("4.3.4", true), ("4.3.5", false), ("5.4.3", false)]
    {
        let wanted = if is { vec!["YSA-2017-01"] } else { vec![] };
        assert_eq!(said(&rsa, firmware, true), wanted, "{firmware}");
        assert_eq!(said(&rsa, firmware, false), [""; 0], "{firmware}");
    }
}

#[test]
fn a_proven_firmware_is_believed_before_the_cards_own_word() {
    // The card says 5.7.1, and its maker 5.4.3.
    let told = card(Some(TOKEN), Some(&evidence()));
    let attested = about(&told, &roots(), Some(&at("2027-03-05"))).unwrap();
    let advised = &attested.advised;
    assert_eq!((advised.len(), advised[0].advisory.id, advised[0].proven), (1, "YSA-2024-03", true));
    assert_eq!(advised[0].firmware.to_string(), "5.4.3");
    // A Bio is mended two versions later.
    let form = |form: u8, firmware: [u8; 3]| {
        let mut key = press::key_sheet();
        key.extensions[0] = press::yubico(3, &firmware);
        key.extensions[3] = press::yubico(9, &[form]);
        let (key, own) = (hex::encode(key.printed()), hex::encode(press::card()));
        let evidence = format!(r#"{{"piv":{{"attestation":{{"card":"{own}","key":"{key}"}}}}}}"#);
        let told = card(Some(TOKEN), Some(&evidence));
        about(&told, &roots(), Some(&at("2027-03-05"))).unwrap().advised.len()
    };
    assert_eq!((form(0x06, [5, 7, 1]), form(0x06, [5, 7, 2]), form(0x81, [5, 7, 1])), (1, 0, 0));
}

#[test]
fn a_key_that_is_proven_to_be_made_by_its_card_is_not_excused_as_one_that_was_brought_to_it() {
    let rsa = rsa();
    let mut key = press::key_sheet();
    key.spki = rsa.0.spki_der().to_vec();
    key.extensions[0] = press::yubico(3, &[4, 3, 1]);
    let (key, own) = (hex::encode(key.printed()), hex::encode(press::card()));
    let evidence = format!(r#"{{"piv":{{"attestation":{{"card":"{own}","key":"{key}"}},"local":false}}}}"#);
    let evidence = Some(Evidence::read(evidence.as_bytes()).unwrap());
    let claims = Claims { token: Some(TOKEN.into()), evidence, ..Claims::default() };
    let unsigned = Card::unsigned(&rsa.0, claims).unwrap();
    let proof = (rsa.1)(unsigned.signed());
    let attested = about(&unsigned.prove(&proof).unwrap(), &roots(), Some(&at("2027-03-05"))).unwrap();
    assert!(attested.proof().is_some(), "{attested:?}");
    let advised: Vec<_> = attested.advised.iter().map(|it| (it.advisory.id, it.proven)).collect();
    assert_eq!(advised, [("YSA-2017-01", true)]);
}

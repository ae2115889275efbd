//! Key cards and the close (`docs/spec/card.md`): what a ceremony key signs besides drafts. Each refusal is a sentence.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test stops at the first surprise")]

#[path = "mint/mint.rs"]
mod mint;

use mint::Key;
use proptest::prelude::*;
use tuf_ceremony::card::{Card, CardFault, Claims, Evidence, UnsignedCard};
use tuf_ceremony::close::Close;
use tuf_ceremony::digest::Digest;
use tuf_ceremony::document::Document;
use tuf_ceremony::key::{PublicKey, Scheme, SignatureProblem};
use tuf_ceremony::limits::{CARD, LINE, SIGNATURE_HEX, SMALL_FILE};
use tuf_ceremony::metadata::Metadata;
use tuf_ceremony::signable::Signable;

const TOKEN: &str = "pkcs11:serial=TEST-ONLY;object=root";

fn evidence() -> Evidence {
    Evidence::read(br#"{"b":[1,true,null],"a":"\u00e9"}"#).unwrap()
}

fn claims() -> Claims {
    Claims {
        holders: vec!["Anna Berg".to_owned(), "Bela Costa".to_owned()],
        token: Some(TOKEN.to_owned()),
        evidence: Some(evidence()),
        rehearsal: false,
    }
}

fn proven(key: &Key, claims: Claims) -> Card {
    let unsigned = Card::unsigned(&key.public(), claims).unwrap();
    let proof = key.sign(&Signable::card(&unsigned).message(), 0);
    unsigned.prove(&proof).unwrap()
}

fn text() -> String {
    proven(&Key::ed25519("card"), claims()).written()
}

#[track_caller]
fn refused(old: &str, new: &str, sentence: &str) {
    let text = text();
    assert!(text.contains(old), "{old:?} is not in {text}");
    assert_eq!(Card::read(text.replacen(old, new, 1).as_bytes()).unwrap_err().to_string(), sentence);
}

/// The card signed anew by its key after a change: what somebody does who holds the key.
fn signed_again(old: &str, new: &str) -> Result<Card, CardFault> {
    let key = Key::ed25519("card");
    let text = text();
    assert!(text.contains(old), "{old:?} is not in {text}");
    let changed = text.replacen(old, new, 1);
    let document = Document::read(changed.clone()).unwrap();
    let whole = document.root().object().unwrap();
    let message = tuf_ceremony::canonical::bytes(whole.member("signed").unwrap());
    let proof = hex::encode(key.sign(&message, 0));
    let stood = whole.member("proof").unwrap().range();
    Card::read(format!("{}\"{proof}\"{}", &changed[..stood.start], &changed[stood.end..]).as_bytes())
}

const NOT_OURS: &str = "it is not written as a key card is written: it holds something unknown, something that was not signed, or another layout";

#[test]
fn a_card_reads_back_what_was_claimed() {
    for key in [Key::ed25519("card"), Key::p256("card")] {
        let card = proven(&key, claims());
        let read = Card::read(card.written().as_bytes()).unwrap();
        assert_eq!(read.key().fingerprint(), key.public().fingerprint());
        assert_eq!(read.holders(), ["Anna Berg", "Bela Costa"]);
        assert_eq!(read.token(), Some(TOKEN));
        assert_eq!(read.evidence().unwrap().digest(), evidence().digest());
        assert_eq!(read.proof(), card.proof());
        assert!(!read.is_rehearsal());
        assert_eq!(read.written(), card.written());
    }
}

#[test]
fn a_card_without_holders_token_and_evidence_is_a_machines() {
    let card = proven(&Key::p256("machine"), Claims::default());
    let read = Card::read(card.written().as_bytes()).unwrap();
    assert!(read.holders().is_empty() && read.token().is_none() && read.evidence().is_none());
    assert!(!card.written().contains("evidence"));
}

#[test]
fn a_card_of_a_rehearsal_carries_the_mark_and_a_real_one_does_not() {
    let card = proven(&Key::ed25519("card"), Claims { rehearsal: true, ..claims() });
    assert!(card.written().contains("  \"x-rehearsal\": true\n"));
    assert!(Card::read(card.written().as_bytes()).unwrap().is_rehearsal());
    assert!(!text().contains("x-rehearsal"));
    let taken_off = card.written().replacen(",\n  \"x-rehearsal\": true", "", 1);
    assert!(matches!(Card::read(taken_off.as_bytes()), Err(CardFault::Proof(SignatureProblem::Wrong))));
}

#[test]
fn a_mark_that_is_not_true_is_refused() {
    for mark in ["false", "1", "null"] {
        let fault = signed_again("\"_type\"", &format!("\"x-rehearsal\": {mark}, \"_type\"")).unwrap_err();
        assert_eq!(fault, CardFault::Mark);
    }
}

#[test]
fn any_change_of_what_was_signed_is_refused() {
    let not_signed = "its key has not signed it: the signature is not by this key over this message";
    refused("Anna Berg", "Anna Borg", not_signed);
    refused("object=root", "object=toor", not_signed);
    refused("\\u00e9", "e", not_signed);
    refused("\"b\": [", "\"c\": [", not_signed);
    let other = Key::ed25519("other").public();
    refused(&Key::ed25519("card").public().public_text(), &other.public_text(), not_signed);
}

#[test]
fn a_proof_by_another_key_is_refused() {
    let unsigned = Card::unsigned(&Key::ed25519("card").public(), claims()).unwrap();
    let proof = Key::ed25519("other").sign(unsigned.signed(), 0);
    assert_eq!(unsigned.prove(&proof).unwrap_err(), SignatureProblem::Wrong);
}

#[test]
fn a_proof_that_is_empty_or_no_hex_is_refused() {
    let proof = hex::encode(proven(&Key::ed25519("card"), claims()).proof());
    refused(&proof, "", "its key has not signed it: the signature is empty, a place kept for one");
    refused(&proof, "0g", "its proof is not written as pairs of hex digits");
    refused(&proof, &proof.to_uppercase(), NOT_OURS);
    let long = "0".repeat(SIGNATURE_HEX.most + 2);
    refused(&proof, &long, &format!("it is past a limit: {SIGNATURE_HEX}"));
}

#[test]
fn anything_unknown_or_in_another_layout_is_refused() {
    refused("\"key\": {", "\"more\": 1,\n \"key\": {", NOT_OURS);
    refused("{\n \"ev", "{ \"ev", NOT_OURS);
    assert_eq!(Card::read(text().trim_end().as_bytes()).unwrap_err(), CardFault::NotOurText);
    for more in ["\"note\": \"x\", \"_type\"", "\"_typ\": 1, \"_type\""] {
        assert!(matches!(signed_again("\"_type\"", more), Err(CardFault::Proof(_) | CardFault::NotOurText)));
    }
}

#[test]
fn a_card_that_names_another_fingerprint_or_scheme_than_its_key_is_refused() {
    let print = Key::ed25519("card").public().fingerprint().to_string();
    let other = Key::ed25519("other").public().fingerprint().to_string();
    assert!(signed_again(&print, &other).is_err());
    assert!(
        signed_again("\"scheme\": \"ed25519\",\n  \"token\"", "\"scheme\": \"rsa\",\n  \"token\"").is_err()
    );
}

#[test]
fn another_type_or_format_is_refused() {
    refused("tuf-key-card", "root", "it is no key card: its `_type` is \"root\"");
    refused(
        "\"format\": 1",
        "\"format\": 2",
        "it is a key card of format 2, and this version reads format 1",
    );
    refused(
        "\"format\": 1",
        "\"format\": \"1\"",
        "it is a key card of format \"1\", and this version reads format 1",
    );
}

#[test]
fn a_missing_member_is_named() {
    refused("\"holders\"", "\"holder\"", "signed has no \"holders\"");
    refused("\"proof\"", "\"prove\"", "the card has no \"proof\"");
    refused("\"key\": {", "\"kex\": {", "the card has no \"key\"");
}

#[test]
fn a_key_that_counts_for_nothing_is_refused() {
    let public = Key::ed25519("card").public().public_text();
    let sentence =
        Card::read(text().replacen(&public, &"00".repeat(32), 1).as_bytes()).unwrap_err().to_string();
    assert!(sentence.starts_with("its key is refused: the key is weak"), "{sentence}");
}

fn unsigned(claims: Claims) -> Result<UnsignedCard, CardFault> {
    Card::unsigned(&Key::ed25519("card").public(), claims)
}

#[test]
fn a_holder_stands_once_and_has_a_name_that_people_read() {
    let holders = |names: &[&str]| {
        let holders = names.iter().map(|&name| name.to_owned()).collect();
        unsigned(Claims { holders, ..Claims::default() }).unwrap_err().to_string()
    };
    assert_eq!(holders(&["Anna", "Anna"]), "it names the holder \"Anna\" twice");
    assert_eq!(holders(&[""]), "a holder's name is empty");
    assert_eq!(holders(&["Anna "]), "a holder's name begins or ends with a space");
    assert_eq!(holders(&["An\u{1b}na"]), "a holder's name holds a control character");
    assert_eq!(holders(&[&"é".repeat(LINE.most + 1)]), format!("it is past a limit: {LINE}"));
}

#[test]
fn a_token_uri_never_chooses_code_and_never_carries_a_pin() {
    let token = |uri: &str| {
        unsigned(Claims { token: Some(uri.to_owned()), ..Claims::default() })
            .map(drop)
            .map_err(|e| e.to_string())
    };
    for attribute in ["module-path", "module-name", "pin-source", "pin-value"] {
        let wanted = Err(format!("its token's URI holds {attribute}, which no card may say"));
        for uri in [
            format!("pkcs11:serial=1?{attribute}=x"),
            format!("pkcs11:serial=1;{attribute}=x"),
            format!("pkcs11:?a=b&{}=x", attribute.to_uppercase()),
            format!("piv:{attribute}=x"),
        ] {
            assert_eq!(token(&uri), wanted, "{uri}");
        }
    }
    for odd in ["serial=1", "http://x", "pkcs11:serial=é"] {
        let wanted = "its token is not named by a pkcs11: or piv: URI in plain ASCII";
        assert_eq!(token(odd), Err(wanted.to_owned()));
    }
    assert_eq!(token("piv:serial=123;slot=9c"), Ok(()));
}

#[test]
fn a_signed_part_as_long_as_the_cap_is_taken_and_a_longer_one_is_refused() {
    let sized = |more: usize| {
        let holders = (0..5).map(|n| format!("{n}{}", "x".repeat(if n < 4 { 170 } else { more }))).collect();
        unsigned(Claims { holders, ..Claims::default() })
    };
    let bare = sized(0).unwrap().signed().len();
    let full = CARD.most - bare;
    assert_eq!(sized(full).unwrap().signed().len(), CARD.most);
    assert_eq!(sized(full + 1).unwrap_err(), CardFault::Past(CARD));
}

#[test]
fn the_size_of_a_key_does_not_count_for_what_its_token_signs() {
    let path =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/corpus/signatures/vectors.json");
    let vectors = Document::read(std::fs::read(path).unwrap()).unwrap();
    let vectors = vectors.root().object().unwrap().member("vectors").unwrap().array().unwrap();
    let mut longest: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
    for vector in vectors {
        let key = vector.object().unwrap().member("key").unwrap().text();
        let Ok(key) = tuf_ceremony::metadata::key_of_document(&Document::read(key).unwrap()) else {
            continue;
        };
        let card = Card::unsigned(&key, claims()).unwrap();
        let scheme = key.scheme().name().len();
        longest.insert(key.kind(), card.signed().len() - scheme);
    }
    assert!(longest.keys().any(|kind| kind.starts_with("RSA")), "{longest:?}");
    assert_eq!(longest.values().collect::<std::collections::BTreeSet<_>>().len(), 1, "{longest:?}");
}

#[test]
fn evidence_is_an_object_of_what_we_can_write_again() {
    let read = |text: &str| Evidence::read(text.as_bytes()).map(drop);
    for odd in ["[]", "\"x\"", "1", "{\"a\":-1}", "{\"a\":[18446744073709551616]}"] {
        assert_eq!(read(odd), Err(CardFault::Evidence), "{odd}");
    }
    assert_eq!(read("{\"a\":18446744073709551615}"), Ok(()));
    assert!(matches!(read("{\"a\":1,\"a\":2}"), Err(CardFault::Read(_))));
}

#[test]
fn a_card_as_large_as_a_small_file_is_read_and_a_larger_one_is_refused() {
    let key = Key::ed25519("card");
    let sized = |more: usize| {
        let evidence = Evidence::read(format!("{{\"a\":\"{}\"}}", "x".repeat(more)).as_bytes()).unwrap();
        proven(&key, Claims { evidence: Some(evidence), ..claims() }).written()
    };
    let full = SMALL_FILE.most - sized(0).len();
    assert_eq!(sized(full).len(), SMALL_FILE.most);
    assert!(Card::read(sized(full).as_bytes()).is_ok());
    assert!(matches!(Card::read(sized(full + 1).as_bytes()), Err(CardFault::Read(_))));
}

#[test]
fn no_card_and_no_close_is_metadata() {
    assert!(Metadata::of(Document::read(text()).unwrap().into()).is_err());
    let close = Close::of(Digest::of(b"c"), Digest::of(b"m"), Digest::of(b"h"), false);
    let whole =
        format!("{{\"signed\":{},\"signatures\":[]}}", String::from_utf8(close.signed().to_vec()).unwrap());
    assert!(Metadata::of(Document::read(whole).unwrap().into()).is_err());
}

#[test]
fn a_close_has_the_bytes_of_the_page_and_the_mark_only_in_a_rehearsal() {
    let (ceremony, machine, head) = (Digest::of(b"c"), Digest::of(b"m"), Digest::of(b"h"));
    let signed = |rehearsal| {
        let close = Close::of(ceremony, machine, head, rehearsal);
        assert_eq!(close.head(), head);
        String::from_utf8(close.signed().to_vec()).unwrap()
    };
    let plain = format!(
        "{{\"_type\":\"tuf-ceremony-close\",\"ceremony\":\"{ceremony}\",\"head\":\"{head}\",\"machine\":\"{machine}\""
    );
    assert_eq!(signed(false), format!("{plain}}}"));
    assert_eq!(signed(true), format!("{plain},\"x-rehearsal\":true}}"));
}

#[test]
fn a_countersignature_counts_for_its_own_close_only() {
    let key = Key::p256("card");
    let close =
        |head: &[u8], rehearsal| Close::of(Digest::of(b"c"), Digest::of(b"m"), Digest::of(head), rehearsal);
    let sig = key.sign(&Signable::close(&close(b"h", false)).message(), 0);
    assert_eq!(close(b"h", false).verify(&key.public(), &sig), Ok(()));
    assert_eq!(close(b"i", false).verify(&key.public(), &sig), Err(SignatureProblem::Wrong));
    assert_eq!(close(b"h", true).verify(&key.public(), &sig), Err(SignatureProblem::Wrong));
}

#[test]
fn a_signable_says_the_digest_and_the_length_of_its_message() {
    let unsigned = Card::unsigned(&Key::ed25519("card").public(), claims()).unwrap();
    let close = Close::of(Digest::of(b"c"), Digest::of(b"m"), Digest::of(b"h"), false);
    let draft =
        mint::part(mint::metadata(&mint::root(1, &[&Key::ed25519("a")], 1, &Key::ed25519("o"))), None, None);
    for signable in [Signable::card(&unsigned), Signable::close(&close), Signable::of(draft.draft())] {
        let message = signable.message();
        assert_eq!((signable.digest(), signable.length()), (Digest::of(&message), message.len() as u64));
    }
}

#[test]
fn a_card_of_any_scheme_names_its_scheme() {
    let key =
        PublicKey::from_spki_pem(&Key::p256("x").public().public_text(), Scheme::EcdsaP256Sha256).unwrap();
    let unsigned = Card::unsigned(&key, Claims::default()).unwrap();
    assert!(
        String::from_utf8(unsigned.signed().to_vec()).unwrap().contains("\"scheme\":\"ecdsa-sha2-nistp256\"")
    );
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(Card::read(&bytes).is_err());
    }

    #[test]
    fn a_card_with_any_byte_changed_is_refused(at in any::<prop::sample::Index>(), flip in 1_u8..=255) {
        let mut bytes = text().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        prop_assert!(Card::read(&bytes).is_err());
    }
}

//! What is said of keys on PIV cards, under the names of its controls.

use tuf_ceremony::attestation::about;
use tuf_ceremony::policy::attested::findings;

use crate::carried::{TOKEN, card, evidence};
use crate::{at, roots};

/// Code and fact of each finding.
fn found(evidence: &str) -> Vec<(String, String)> {
    let attested = about(&card(Some(TOKEN), Some(evidence)), &roots(), Some(&at("2027-03-05"))).unwrap();
    let found = findings("anna", &attested);
    assert!(found.iter().all(|finding| finding.about == "anna"));
    found.into_iter().map(|finding| (finding.control.code().to_owned(), finding.fact)).collect()
}

#[test]
fn a_key_on_a_piv_card_that_is_not_proven_to_live_in_hardware_is_found() {
    let told = |why: &str| {
        ("key-unattested".to_owned(), format!("it is not proven to live in hardware, because {why}"))
    };
    assert_eq!(found("{}"), [told("its card carries no attestation")]);
    assert_eq!(
        found(r#"{"piv":{"local":false}}"#),
        [told("the token says that the key was brought to it, and attests only what it made itself")]
    );
    // A proven key is quiet, but for what the maker warns of.
    let codes: Vec<String> = found(&evidence()).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["token-advisory"]);
}

#[test]
fn what_the_maker_warns_of_is_found_and_says_whose_word_the_firmware_is() {
    let warns = "and YSA-2024-03 (CVE-2024-45678) warns: whoever holds the card for a while, with costly instruments, can copy an ECDSA key out of it";
    let fact =
        |by: &str| ("token-advisory".to_owned(), format!("its card has firmware 5.4.3, {by}, {warns}"));
    assert_eq!(found(&evidence()), [fact("as is proven")]);
    assert_eq!(found(r#"{"piv":{"firmware":"5.4.3"}}"#)[1], fact("as the card itself says"));
    assert_eq!(found(r#"{"piv":{"firmware":"5.7.0"}}"#).len(), 1);
}

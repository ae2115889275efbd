//! Keys whose public half the token does not show: her card names the token by its serial, and gives the key.

use conclave_softhsm::Shown;
use tuf_ceremony::card::{Card, Claims};
use tuf_ceremony::signable::Signable;

use crate::chairs::{Chairs, events};
use crate::holder::{PIN, fault};
use crate::mint::Key;
use crate::refusal::refused;
use crate::scene::{TODAY, key, tallies};

/// Anna's card names this token and what she calls her key there; the ceremony is open in `a`.
fn opened(chairs: Chairs, token: &str, name: &str) -> Chairs {
    let chairs = planned(chairs, token, name);
    chairs.scene.run(&format!("open --date {TODAY} first.plan.toml a")).good();
    chairs
}

/// The same before the ceremony is open.
pub fn planned(chairs: Chairs, token: &str, name: &str) -> Chairs {
    let listed = chairs.scene.desk.run_with(
        [vec!["tokens".to_owned(), "--json".to_owned()], chairs.module_options()].concat(),
        &chairs.environment(),
    );
    let listed = listed.good().json();
    let found = listed["tokens"].as_array().unwrap().iter().find(|found| found["label"] == token).unwrap();
    let serial = found["serial"].as_str().unwrap();
    chairs.scene.desk.put("inputs/anna.json", carded(&key("anna"), &format!("pkcs11:serial={serial}{name}")));
    chairs.scene.first_plan();
    let plan = std::fs::read_to_string(chairs.scene.path("first.plan.toml")).unwrap();
    chairs
        .scene
        .desk
        .put("first.plan.toml", plan.replacen("format = 1\n", "format = 1\nrehearsal = true\n", 1));
    chairs
}

fn carded(key: &Key, token: &str) -> String {
    let claims = Claims {
        holders: vec!["Anna Berg".to_owned()],
        token: Some(token.to_owned()),
        evidence: None,
        rehearsal: true,
    };
    let unsigned = Card::unsigned(&key.public(), claims).unwrap();
    let proof = key.sign(&Signable::card(&unsigned).message(), 0);
    unsigned.prove(&proof).unwrap().written()
}

/// Everybody's tokens, of which anna's shows its key like this.
pub fn shown(how: Shown) -> Chairs {
    let chairs = Chairs::with_plan(true, "");
    chairs.tokens.show_public("anna", PIN, "key", &[1], how).unwrap();
    chairs
}

/// Anna's token is away, and this one of dora's stands in its place.
pub fn another(how: Shown) -> Chairs {
    let chairs = Chairs::with_plan(true, "").without("anna");
    chairs.token("other", &key("dora"));
    chairs.tokens.show_public("other", PIN, "key", &[1], how).unwrap();
    chairs
}

pub fn words(said: &str) -> String {
    said.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_key_that_is_hidden_until_the_pin_is_unproven_first_and_then_shown_by_the_open_token() {
    for name in [";object=key;id=%01", ""] {
        let chairs = opened(shown(Shown::Hidden), "anna", name);
        let said = words(&chairs.signs_both("anna", "a"));
        let at = said.find("UNPROVEN: the token").unwrap_or_else(|| panic!("{said}"));
        let proven = said.find("The open token shows the key").unwrap_or_else(|| panic!("{said}"));
        assert!(at < said.find("PIN of token").unwrap() && proven > at, "{said}");
        let seen = &events(&chairs.scene.path("a"), "TokenSeen")[0];
        assert_eq!(seen["keys"].as_array().unwrap().len(), 0, "it was not seen: {seen}");
        assert_eq!(tallies(&chairs.scene.status("a"))[0].1, [(1, 2)]);
        chairs.signs_both("bela", "a");
        chairs.scene.run("finalize a").good();
        chairs.scene.run("close --as olga a").good();
        chairs.scene.replays("a");
    }
}

#[test]
fn a_key_that_is_never_shown_is_proven_by_its_first_signature() {
    for name in [";object=key;id=%01", ";object=key", ""] {
        let chairs = opened(shown(Shown::Absent), "anna", name);
        let said = words(&chairs.signs_both("anna", "a"));
        assert!(said.contains("UNPROVEN: the token") && !said.contains("The open token shows"), "{said}");
        assert_eq!(tallies(&chairs.scene.status("a"))[0].1, [(1, 2)]);
    }
}

#[test]
fn a_certificate_supplies_the_public_half_and_needs_no_card_to_name_the_token() {
    let chairs = shown(Shown::Certificate);
    chairs.scene.run(&format!("open --date {TODAY} first.plan.toml a")).good();
    let said = chairs.signs_both("anna", "a");
    assert!(!said.contains("UNPROVEN"), "{said}");
    let seen = &events(&chairs.scene.path("a"), "TokenSeen")[0];
    assert_eq!(seen["keys"][0], key("anna").public().fingerprint().to_string());
    // A P-256 key in the same way.
    chairs.tokens.show_public("bela", PIN, "key", &[1], Shown::Certificate).unwrap();
    chairs.signs_both("bela", "a");
    chairs.scene.run("finalize a").good();
}

#[test]
fn another_key_that_the_open_token_shows_in_its_place_is_refused_and_signs_nothing() {
    let chairs = opened(another(Shown::Hidden), "other", ";object=key;id=%01");
    let mut talk = chairs.sits("anna", "a");
    talk.consent();
    talk.line(PIN);
    let (code, said) = talk.end();
    assert_eq!(code, 4, "{said}");
    let told = fault(&said);
    assert!(
        told.error.contains("holds another key") && told.error.contains("No PIN try was used"),
        "{told:?}"
    );
    assert!(told.says(&key("dora").public().fingerprint().to_string()), "{told:?}");
    let failed = &events(&chairs.scene.path("a"), "SigningFailed")[0];
    assert_eq!(failed["outcome"], "not-signed");
    assert_eq!(tallies(&chairs.scene.status("a"))[0].1, [(0, 2)]);
}

#[test]
fn another_key_that_is_never_shown_is_found_out_by_its_signature_which_counts_for_nothing() {
    let chairs = opened(another(Shown::Absent), "other", ";object=key;id=%01");
    let mut talk = chairs.sits("anna", "a");
    talk.consent();
    talk.line(PIN);
    let (code, said) = talk.end();
    assert_eq!(code, 4, "{said}");
    assert!(words(&said).contains("no signature over what you were shown"), "{said}");
    assert_eq!(events(&chairs.scene.path("a"), "SignatureAdmitted").len(), 0);
    assert_eq!(tallies(&chairs.scene.status("a"))[0].1, [(0, 2)]);
}

#[test]
fn a_card_without_a_serial_and_a_token_of_another_serial_are_no_reason_to_ask_for_a_pin() {
    let chairs = shown(Shown::Absent);
    chairs.scene.run(&format!("open --date {TODAY} first.plan.toml a")).good();
    let told = refused(&chairs.unattended("anna", "a"), 4);
    assert!(told.error.contains("holds a key that may sign this"), "{told:?}");
    let chairs = opened(shown(Shown::Absent), "carla", "");
    let told = refused(&chairs.unattended("anna", "--token pkcs11:token=anna a"), 4);
    assert!(told.error.contains("holds a key that may sign this"), "{told:?}");
}

//! Whether a token is ready for a plan: what is in the way is a result with every reason, and a ready token has signed.

use serde_json::Value;
use tuf_ceremony::digest::Digest;

use crate::chairs::Chairs;
use crate::holder::{PIN, Talk, fault};
use crate::keyroom::{bad, carded, good, pin};
use crate::refusal::refused;
use crate::scene::key;
use crate::stage::{Done, expectations, read};

const TEST: &str = "To let the key sign this test, type: ";

fn arguments(chairs: &Chairs, words: &str) -> Vec<String> {
    let mut arguments: Vec<String> = ["key", "check"].map(str::to_owned).into();
    arguments.extend(words.split_whitespace().map(str::to_owned));
    arguments.extend(chairs.module_options());
    arguments
}

/// `conclave key check` at a terminal.
fn talk(chairs: &Chairs, run: &str, words: &str) -> Talk {
    Talk::begin(run, &arguments(chairs, words), &chairs.scene.path("."), &chairs.environment())
}

/// The same without one: nobody can be asked, so a token that is not ready must be told before any question.
fn unattended(chairs: &Chairs, words: &str) -> Done {
    chairs.scene.desk.run_with(arguments(chairs, words), &chairs.environment())
}

/// What scripts are told of a token that is not ready, and the codes of the reasons.
fn reasons(chairs: &Chairs, words: &str) -> (Value, Vec<String>) {
    let done = unattended(chairs, &format!("--json {words}"));
    assert_eq!(done.code, Some(1), "{}{}", done.out(), done.err());
    let facts = done.json();
    assert_eq!((&facts["ready"], &facts["tested"]), (&false.into(), &false.into()));
    let codes = facts["reasons"].as_array().unwrap().iter().map(|why| {
        assert!(why["says"].as_str().unwrap().ends_with('.'), "{why}");
        assert!(why["now"].as_str().unwrap().ends_with('.'), "{why}");
        why["code"].as_str().unwrap().to_owned()
    });
    let codes = codes.collect();
    (facts, codes)
}

fn first(name: &str, token: &str) -> String {
    format!("--ready first.plan.toml --as {name} --token pkcs11:token={token}")
}

/// A plan in which one file's digest stands for another's.
fn with_card(chairs: &Chairs, old: &[u8], new: &[u8]) {
    let plan = String::from_utf8(read(&chairs.scene.path("first.plan.toml"))).unwrap();
    let (old, new) = (Digest::of(old).to_string(), Digest::of(new).to_string());
    assert!(plan.contains(&old));
    chairs.scene.desk.put("first.plan.toml", plan.replace(&old, &new));
}

#[test]
fn a_ready_token_is_told_line_by_line_and_has_signed_a_test() {
    let chairs = Chairs::with_plan(true, "");
    let before = chairs.scene.desk.listing();
    let mut visit = talk(&chairs, "exec \"$@\"", &format!("--date 2027-02-26 {}", first("anna", "anna")));
    assert!(visit.agree(TEST).starts_with("test "));
    pin(&mut visit);
    let said = good(visit);
    for words in [
        "on this token, by its public key",
        "so nothing was compared",
        "ed25519, as the plan asks",
        "the token reports no failed try",
        "A: root, version 1: signs for the new root",
        "B: targets, version 1: signs as one of the keys of its role",
        "opens in 3 days",
        "READY: this token can do its part",
    ] {
        let flat = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(words), "{words} in {said}");
    }
    assert!(!said.contains(PIN) && !said.contains("NOT READY"), "{said}");
    assert_eq!(chairs.scene.desk.listing(), before, "nothing is kept");
}

#[test]
fn scripts_are_told_that_a_token_is_ready_once_it_has_signed() {
    let chairs = Chairs::with_plan(true, "");
    let words = "--json --ready first.plan.toml --key bela --token pkcs11:token=bela";
    let done = unattended(&chairs, words);
    let told = fault(&done.err());
    assert_eq!((done.code, &done.json()["error"]["exit"]), (Some(3), &3.into()));
    assert!(told.now.contains("at a terminal"), "{told:?}");
    let mut visit = talk(&chairs, "exec \"$@\" >out.json", words);
    visit.agree(TEST);
    pin(&mut visit);
    good(visit);
    let facts = expectations(&chairs.scene.path("out.json"));
    assert_eq!((&facts["ready"], &facts["tested"]), (&true.into(), &true.into()));
    assert_eq!((&facts["key"], &facts["scheme"]), (&"bela".into(), &"ecdsa-sha2-nistp256".into()));
    assert_eq!(facts["fingerprint"], key("bela").public().fingerprint().to_string());
    assert_eq!(facts["drafts"][0]["sides"], serde_json::json!(["new"]));
    assert_eq!(facts["drafts"][1]["sides"], serde_json::json!(["old"]));
    assert_eq!(facts["reasons"], serde_json::json!([]));
}

#[test]
fn a_token_without_the_key_is_not_ready_and_no_pin_is_asked_for() {
    let chairs = Chairs::with_plan(true, "");
    let (facts, codes) = reasons(&chairs, &first("anna", "bela"));
    assert_eq!((codes, &facts["on_token"]), (vec!["key-not-on-token".to_owned()], &false.into()));
    chairs.tokens.add_token("empty", "so-pin-1", PIN).unwrap();
    let (facts, codes) = reasons(&chairs, &first("anna", "empty"));
    assert_eq!(codes, ["key-not-on-token"]);
    assert!(facts["reasons"][0]["says"].as_str().unwrap().contains("nor any other"), "{facts}");
    let done = unattended(&chairs, &first("anna", "bela"));
    assert_eq!(done.code, Some(1));
    let said = done.out().replace("\n      ", " ");
    assert!(said.contains("NOT READY: This token does not show the plan's key; it holds: "), "{said}");
    assert!(said.contains("now: Insert the token that holds it") && said.ends_with("NOT READY.\n"), "{said}");
    let told = refused(&unattended(&chairs, &first("anna", "nobody")), 4);
    assert!(told.says("no token fits"), "{told:?}");
}

#[test]
fn a_card_of_another_token_is_found_by_its_serial() {
    let chairs = Chairs::with_plan(true, "");
    let old = read(&chairs.scene.path("inputs/anna.json"));
    std::fs::remove_file(chairs.scene.path("inputs/anna.json")).unwrap();
    let mut words = "key card --rehearsal --out inputs/anna.json --token pkcs11:token=anna --holder"
        .split_whitespace()
        .map(str::to_owned)
        .collect::<Vec<_>>();
    words.push("Anna Berg".to_owned());
    words.extend(chairs.module_options());
    let mut visit = Talk::begin("exec \"$@\"", &words, &chairs.scene.path("."), &chairs.environment());
    carded(&mut visit);
    good(visit);
    with_card(&chairs, &old, &read(&chairs.scene.path("inputs/anna.json")));

    let mut visit = talk(&chairs, "exec \"$@\"", &first("anna", "anna"));
    visit.agree(TEST);
    pin(&mut visit);
    assert!(good(visit).contains("tells of this token"));
    chairs.token("spare", &key("anna"));
    let (facts, codes) = reasons(&chairs, &first("anna", "spare"));
    assert_eq!((codes, &facts["card_token"]), (vec!["another-token".to_owned()], &"another".into()));
    assert_eq!(facts["on_token"], true, "the key is the same");
}

#[test]
fn what_is_wrong_with_a_pin_is_told_without_asking_for_it() {
    // CKF_USER_PIN_LOCKED, then a token without CKF_USER_PIN_INITIALIZED, then CKF_USER_PIN_TO_BE_CHANGED.
    for (flags, code) in
        [("+0x40000-0x0", "pin-locked"), ("+0x0-0x8", "pin-not-set"), ("+0x80000-0x0", "pin-to-be-changed")]
    {
        let chairs = Chairs::with_plan(true, "").failing(&format!("C_GetTokenInfo flags={flags}"));
        assert_eq!(reasons(&chairs, &first("anna", "anna")).1, [code]);
        let log = String::from_utf8(read(&chairs.tokens.path().join("log"))).unwrap();
        assert!(log.contains("C_GetTokenInfo") && !log.contains("C_Login"), "{log}");
    }
}

#[test]
fn a_draft_that_has_no_room_in_the_token_is_told_by_its_letter() {
    let chairs = Chairs::with_plan(true, "").failing("C_GetTokenInfo model=YubiKey-YK5");
    let (facts, codes) = reasons(&chairs, &first("anna", "anna"));
    assert_eq!(codes, ["too-long"]);
    let says = facts["reasons"][0]["says"].as_str().unwrap();
    assert!(says.starts_with("Draft A ") && says.contains("at most 1014 bytes"), "{says}");
    let fits = |at: usize| facts["drafts"][at]["fits"].as_bool().unwrap();
    assert!(!fits(0) && fits(1), "{facts}");
}

#[test]
fn a_lying_module_is_a_fault_and_no_token_of_it_is_ready() {
    for rules in ["C_Sign corrupt", "C_Sign other-message"] {
        let chairs = Chairs::with_plan(true, "").failing(rules);
        let mut visit = talk(&chairs, "exec \"$@\"", &first("anna", "anna"));
        visit.agree(TEST);
        pin(&mut visit);
        let told = bad(visit, 4);
        assert!(told.error.contains("no signature over what you were shown"), "{rules}: {told:?}");
    }
}

#[test]
fn a_program_is_ready_for_a_real_root_only_where_the_plan_asks_for_it() {
    let chairs = Chairs::with_plan(false, "");
    let words = format!("--date 2027-04-01 {}", first("anna", "anna"));
    assert_eq!(reasons(&chairs, &words).1, ["software-token", "window-over"], "every reason at once");
    let asked = "\n[[exceptions]]\ncontrol = \"token-software\"\nabout = \"anna\"\nreason = \"her device comes in May\"\n";
    let chairs = Chairs::with_plan(false, asked);
    let mut visit = talk(&chairs, "exec \"$@\"", &first("anna", "anna"));
    visit.agree(TEST);
    pin(&mut visit);
    good(visit);
    // The exception is about anna's key.
    assert_eq!(reasons(&chairs, &first("bela", "bela")).1, ["software-token"]);
}

#[test]
fn kept_and_new_keys_are_told_for_which_root_they_sign() {
    let chairs = Chairs::published("");
    for (name, sides) in
        [("anna", "the old and the new root"), ("bela", "the old root"), ("dora", "the new root")]
    {
        let words = format!("--ready rotation.plan.toml --key {name} --token pkcs11:token={name}");
        let mut visit = talk(&chairs, "exec \"$@\"", &words);
        visit.agree(TEST);
        pin(&mut visit);
        let said = good(visit).replace("\n      ", " ");
        assert!(said.contains(&format!("signs for {sides};")), "{name}: {said}");
    }
}

#[test]
fn what_can_be_checked_is_checked_while_other_keys_are_still_to_be_made() {
    let chairs = Chairs::with_plan(true, "");
    let plan = String::from_utf8(read(&chairs.scene.path("first.plan.toml"))).unwrap();
    let card = chairs.scene.named("inputs/carla.json");
    assert!(plan.contains(&card));
    chairs.scene.desk.put("first.plan.toml", plan.replace(&card, "\"to be made\""));
    let mut visit = talk(&chairs, "exec \"$@\"", &first("anna", "anna"));
    visit.agree(TEST);
    pin(&mut visit);
    let said = good(visit);
    assert!(said.contains("still to be made: \"carla\"") && said.contains("READY, as far as"), "{said}");
    assert!(said.contains("Is this token ready for this plan?"), "{said}");
    let (page, _) = said.split_once("To let the key sign this test").unwrap();
    assert!(page.lines().all(|line| line.trim_end().chars().count() <= 80), "{page}");
    let (facts, codes) = reasons(&chairs, &first("carla", "carla"));
    assert_eq!((codes, &facts["keys_to_be_made"][0]), (vec!["key-to-be-made".to_owned()], &"carla".into()));
}

#[test]
fn a_key_or_person_that_the_plan_does_not_name_is_a_question_of_usage() {
    let chairs = Chairs::with_plan(true, "");
    let plan = "--ready first.plan.toml --token pkcs11:token=anna";
    let told = refused(&unattended(&chairs, &format!("{plan} --key dora")), 2);
    assert!(told.error.contains("no key of that name") && told.now.contains("anna, bela, carla"), "{told:?}");
    let told = refused(&unattended(&chairs, &format!("{plan} --as dora")), 2);
    assert!(told.error.contains("nobody of that name"), "{told:?}");
    let told = refused(&unattended(&chairs, &format!("{plan} --as olga")), 2);
    assert!(told.error.contains("\"olga\" holds no key"), "{told:?}");
    for words in
        [plan.to_owned(), format!("{plan} --key anna --as anna"), format!("{plan} --key anna x.json")]
    {
        assert_eq!(unattended(&chairs, &words).code, Some(2), "{words}");
    }
}

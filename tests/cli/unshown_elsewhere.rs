//! The same keys where no folder is open or no ceremony is held: countersigned, tested, and signed for foreign documents.

use conclave_softhsm::Shown;

use crate::chairs::{Chairs, events};
use crate::holder::{Holder, PIN, Talk, fault};
use crate::keyroom::{carded, good};
use crate::refusal::refused;
use crate::scene::{TODAY, key};
use crate::stage::expectations;
use crate::unshown::{another, planned, shown, words};

const TEST: &str = "To let the key sign this test, type: ";

/// Consent, and the PIN.
fn agreed(mut talk: Talk, lead: &str) -> (i32, String) {
    talk.agree(lead);
    talk.until("PIN of token ");
    talk.until(": ");
    talk.line(PIN);
    let (code, said) = talk.end();
    (code, words(&said))
}

/// Told as unproven before the PIN; and whether the open token showed the key.
fn unproven(said: &str, is_shown_then: bool) {
    let at = said.find("UNPROVEN: the token").unwrap_or_else(|| panic!("{said}"));
    assert!(at < said.find("PIN of token").unwrap(), "{said}");
    assert_eq!(said.contains("The open token shows the key"), is_shown_then, "{said}");
}

#[test]
fn a_key_that_is_not_shown_countersigns() {
    for (how, name) in [(Shown::Hidden, ""), (Shown::Absent, ";object=key;id=%01")] {
        let chairs = planned(shown(how), "anna", name);
        let plan = std::fs::read_to_string(chairs.scene.path("first.plan.toml")).unwrap();
        let plan = plan.replacen("kind = ", "countersign = \"keys\"\nkind = ", 1);
        chairs.scene.desk.put("first.plan.toml", plan);
        chairs.scene.run(&format!("open --date {TODAY} first.plan.toml a")).good();
        chairs.signs_both("bela", "a");
        chairs.signs_both("carla", "a");
        chairs.scene.run("finalize a").good();
        chairs.scene.run("close --as olga a").good();
        let (code, said) = agreed(chairs.countersigns("anna", "a"), "To sign, type: ");
        assert_eq!(code, 0, "{said}");
        unproven(&said, how == Shown::Hidden);
        let stored = events(&chairs.scene.path("a"), "Countersigned");
        assert_eq!(stored[0]["key"], key("anna").public().fingerprint().to_string());
        chairs.scene.replays("a");
    }
}

fn arguments(chairs: &Chairs, asked: &str) -> Vec<String> {
    let asked = asked.split_whitespace().map(str::to_owned);
    ["key".to_owned(), "check".to_owned()].into_iter().chain(asked).chain(chairs.module_options()).collect()
}

fn tests(chairs: &Chairs, asked: &str) -> (i32, String) {
    let run = "exec \"$@\" >out.json";
    let talk = Talk::begin(run, &arguments(chairs, asked), &chairs.scene.path("."), &chairs.environment());
    agreed(talk, TEST)
}

const CHECK: &str = "--json --token pkcs11:token=anna inputs/anna.json";
const READY: &str = "--json --ready first.plan.toml --as anna --token pkcs11:token=anna";

#[test]
fn a_key_that_is_not_shown_is_tested_before_the_day() {
    for (how, name) in [(Shown::Hidden, ";object=key;id=%01"), (Shown::Absent, "")] {
        let chairs = planned(shown(how), "anna", name);
        for asked in [CHECK, READY] {
            let (code, said) = tests(&chairs, asked);
            assert_eq!(code, 0, "{asked}: {said}");
            unproven(&said, how == Shown::Hidden);
        }
        let facts = expectations(&chairs.scene.path("out.json"));
        assert_eq!((&facts["ready"], &facts["on_token"]), (&true.into(), &true.into()));
        assert_eq!((&facts["found_by"], &facts["key"]), (&"card".into(), &"anna".into()));
        // What is read is told before anything is asked.
        let asked = READY.replacen("--json ", "", 1);
        let done = chairs.scene.desk.run_with(arguments(&chairs, &asked), &chairs.environment());
        let page = words(&done.out());
        assert!(page.contains("UNPROVEN: the serial in its card alone names this token"), "{page}");
    }
}

#[test]
fn a_test_finds_out_another_key_that_is_not_shown_and_says_what_it_cost() {
    for (how, told_of) in [
        (Shown::Hidden, "holds another key than the card says. No PIN try was used"),
        (Shown::Absent, "no signature over what you were shown"),
    ] {
        let chairs = planned(another(how), "other", ";object=key;id=%01");
        for asked in [CHECK, READY].map(|asked| asked.replace("token=anna", "token=other")) {
            let (code, said) = tests(&chairs, &asked);
            assert_eq!(code, 4, "{asked}: {said}");
            assert!(said.contains(told_of), "{asked}: {said}");
        }
    }
}

#[test]
fn a_foreign_document_is_signed_by_a_key_that_is_not_shown_with_its_card() {
    let holder = Holder::of("first-3of5-ed25519-0sigs", &["k1"]);
    let card = |token: &str, out: &str| {
        let mut asked =
            ["key", "card", "--holder", "Kim", "--token", token, "--out", out].map(str::to_owned).to_vec();
        asked.extend(holder.module());
        let mut talk = Talk::begin("exec \"$@\"", &asked, &holder.desk.path("."), &holder.environment());
        carded(&mut talk);
        good(talk);
    };
    card("pkcs11:token=alice", "kim.json");
    holder.token("spare", &["k1"]);
    card("pkcs11:token=spare", "spare.json");
    holder.tokens.show_public("alice", PIN, "k1", &[1], Shown::Absent).unwrap();
    let told = refused(&holder.sign_unattended("pkcs11:token=alice", &[]), 4);
    assert!(told.error.contains("holds a key that may sign this"), "{told:?}");
    let told = refused(&holder.sign_unattended("pkcs11:token=alice", &["--card", "spare.json"]), 4);
    assert!(told.says("the card that you gave tells of another token"), "{told:?}");
    let said = words(&holder.sign("pkcs11:token=alice", &["--card", "kim.json"]).sign());
    unproven(&said, false);
    assert_eq!(holder.counted(), [holder.keyid("k1")]);
    let (code, said) = holder.sign("pkcs11:token=alice", &["--card", "kim.json"]).end();
    assert_eq!((code, fault(&said).error.contains("signed")), (1, true), "{said}");
}

#[test]
fn a_ceremony_takes_no_card_from_the_command_line() {
    let chairs = Chairs::rehearsal();
    let told = refused(&chairs.unattended("anna", "--card inputs/anna.json a"), 2);
    assert!(told.error.contains("foreign document"), "{told:?}");
}

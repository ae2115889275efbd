//! Tokens that cannot be named: what they tell of themselves cannot be read, or is blank. Their slots name them.

use serde_json::Value;

use crate::chairs::{Chairs, events};
use crate::holder::{Holder, PIN, WRONG_PIN, fault};
use crate::refusal::refused;
use crate::scene::{key, tallies};

/// A clock that is none, for which the whole of what is told cannot be read; and blanks alone.
const RULES: [&str; 2] = ["C_GetTokenInfo text=time:6e6f6e65", "C_GetTokenInfo blank"];

/// The slot that shows this key, in what `tokens --json` told.
fn slot(listed: &Value, key: &str) -> String {
    let tokens = listed["tokens"].as_array().unwrap();
    let holds =
        |token: &&Value| token["keys"].as_array().unwrap().iter().any(|shown| shown["fingerprint"] == key);
    tokens.iter().find(holds).unwrap_or_else(|| panic!("{key} in {listed}"))["slot"].to_string()
}

#[test]
fn a_token_that_cannot_be_named_signs_in_a_ceremony_by_its_slot() {
    for rules in RULES {
        let chairs = Chairs::rehearsal().failing(rules);
        let asked = [vec!["tokens".to_owned(), "--json".to_owned()], chairs.module_options()].concat();
        let listed = chairs.scene.desk.run_with(asked, &chairs.environment()).good().json();
        let at = |name: &str| slot(&listed, &key(name).public().fingerprint().to_string());
        // Another slot's key is none of hers, and no PIN is asked for.
        let told =
            refused(&chairs.unattended("anna", &format!("--token pkcs11:slot-id={} a", at("bela"))), 4);
        assert!(told.error.contains("holds a key that may sign this"), "{rules}: {told:?}");
        let by_slot = format!("--token pkcs11:slot-id={} a", at("anna"));
        let mut talk = chairs.sits("anna", &by_slot);
        talk.consent();
        talk.line(WRONG_PIN);
        let (code, said) = talk.end();
        assert_eq!(code, 4, "{rules}: {said}");
        assert!(fault(&said).error.contains("One PIN try was used"), "{rules}: {said}");
        let said = chairs.signs_both("anna", &by_slot);
        assert!(said.contains(&format!("PIN of token \"slot {}\"", at("anna"))), "{rules}: {said}");
        let seen = &events(&chairs.scene.path("a"), "TokenSeen")[0];
        assert_eq!(seen["token"], format!("pkcs11:slot-id={}", at("anna")), "{rules}");
        // The key alone finds it as well.
        chairs.signs_both("bela", "a");
        assert_eq!(tallies(&chairs.scene.status("a"))[0].1, [(2, 2)], "{rules}");
        chairs.scene.run("finalize a").good();
        chairs.scene.run("close --as olga a").good();
        chairs.scene.replays("a");
    }
}

#[test]
fn a_token_that_cannot_be_named_signs_a_foreign_document_and_its_key_is_carded_by_its_slot() {
    for rules in RULES {
        let holder = Holder::of("first-3of5-ed25519-0sigs", &["k1"]).failing(rules);
        holder.token("bob", &["k2"]);
        let asked = [vec!["tokens".to_owned(), "--json".to_owned()], holder.module()].concat();
        let listed = holder.desk.run_with(asked, &holder.environment()).good().json();
        let tokens = listed["tokens"].as_array().unwrap();
        let of = |label: &str| {
            tokens.iter().find(|token| token["keys"][0]["label"] == label).unwrap()["slot"].to_string()
        };
        let told = refused(&holder.sign_unattended("pkcs11:", &[]), 4);
        assert!(
            told.says(&format!("slot {}", of("k1"))) && told.says(&format!("slot {}", of("k2"))),
            "{told:?}"
        );
        let uri = format!("pkcs11:slot-id={}", of("k1"));
        let mut card = ["key", "card", "--holder", "Kim", "--token", &uri, "--out", "kim.json"]
            .map(str::to_owned)
            .to_vec();
        card.extend(holder.module());
        let mut talk =
            crate::holder::Talk::begin("exec \"$@\"", &card, &holder.desk.path("."), &holder.environment());
        crate::keyroom::carded(&mut talk);
        crate::keyroom::good(talk);
        holder.sign(&uri, &[]).sign();
        assert_eq!(holder.counted(), [holder.keyid("k1")], "{rules}");
        let said = holder.sign(&format!("pkcs11:slot-id={}", of("k2")), &[]).sign();
        assert!(!said.contains(PIN), "{said}");
    }
}

//! `tokens`: what a module shows without a PIN, for people and for scripts.

use conclave_softhsm::Curve;

use crate::holder::{Holder, PIN};
use crate::refusal::{harmless, refused};

fn tokens(holder: &Holder, more: &[&str]) -> crate::stage::Done {
    let mut arguments = vec!["tokens".to_owned()];
    arguments.extend(holder.module());
    arguments.extend(more.iter().map(|text| (*text).to_owned()));
    holder.desk.run_with(arguments, &holder.environment())
}

#[test]
fn each_token_and_key_is_listed_and_can_be_named_by_its_uri() {
    let holder = Holder::of("first-3of5-mixed-1sigs", &["k1", "k2"]);
    let facts = tokens(&holder, &["--json"]).good().json();
    let all = facts["tokens"].as_array().unwrap();
    let alice = all.iter().find(|t| t["label"] == "alice").unwrap();
    assert_eq!((&alice["readable"], &alice["initialized"]), (&true.into(), &true.into()));
    assert_eq!(alice["model"], "SoftHSM v2");
    let keys = alice["keys"].as_array().unwrap();
    let mut seen: Vec<(&str, &str)> =
        keys.iter().map(|k| (k["label"].as_str().unwrap(), k["kind"].as_str().unwrap())).collect();
    seen.sort_unstable();
    assert_eq!(seen, [("k1", "Ed25519"), ("k2", "ECDSA P-256")]);
    for key in keys {
        assert_eq!(key["fingerprint"].as_str().unwrap().len(), 64);
        let uri = key["uri"].as_str().unwrap();
        assert!(uri.starts_with("pkcs11:") && uri.contains("object=k"), "{uri}");
    }
    let uri = keys.iter().find(|k| k["label"] == "k2").unwrap()["uri"].as_str().unwrap();
    holder.sign(uri, &[]).sign();
    assert!(holder.counted().contains(&holder.keyid("k2")), "the URI that was listed names the key");
}

#[test]
fn people_get_the_same_in_words() {
    let holder = Holder::of("first-3of5-ed25519-0sigs", &["k1"]);
    holder.token("bob", &[]);
    let said = tokens(&holder, &[]).good().out();
    harmless(&said);
    for words in [
        "Token \"alice\", serial ",
        "Token \"bob\", serial ",
        "\"SoftHSM v2\"",
        "Ed25519 key \"k1\"",
        "fingerprint ",
        "name it: pkcs11:",
        "Not set up yet",
    ] {
        assert!(said.contains(words), "{words} in {said}");
    }
    assert!(!said.contains(PIN));
}

#[test]
fn every_kind_of_key_that_can_count_has_a_fingerprint_and_a_short_rsa_key_has_none() {
    let holder = Holder::of("first-3of5-ed25519-0sigs", &[]);
    for (id, (label, curve)) in
        (1..).zip([("p384", Curve::P384), ("rsa", Curve::Rsa2048), ("short", Curve::Rsa1024)])
    {
        holder.tokens.generate("alice", PIN, label, &[id], curve).unwrap();
    }
    let facts = tokens(&holder, &["--json"]).good().json();
    let keys: Vec<&serde_json::Value> =
        facts["tokens"].as_array().unwrap().iter().flat_map(|t| t["keys"].as_array().unwrap()).collect();
    let key = |label: &str| *keys.iter().find(|key| key["label"] == label).unwrap();
    for (label, kind) in [("p384", "ECDSA P-384"), ("rsa", "RSA 2048")] {
        assert_eq!(key(label)["kind"], kind);
        assert_eq!(key(label)["fingerprint"].as_str().unwrap().len(), 64, "{label}");
    }
    assert_eq!(
        (&key("short")["kind"], &key("short")["fingerprint"]),
        (&"RSA 1024".into(), &serde_json::Value::Null)
    );
    let said = tokens(&holder, &[]).good().out();
    assert!(said.contains(key("rsa")["fingerprint"].as_str().unwrap()), "{said}");
}

#[test]
fn a_hostile_label_is_made_visible_for_people_and_kept_for_scripts() {
    let holder = Holder::of("first-3of5-ed25519-0sigs", &[]);
    let label = "k\u{1b}]0;owned\u{7}\u{202e}";
    holder.tokens.generate("alice", PIN, label, &[1], Curve::P256).unwrap();
    let said = tokens(&holder, &[]).good().out();
    harmless(&said);
    assert!(said.contains("k<U+001B>]0;owned<U+0007><U+202E>"), "{said}");
    let facts = tokens(&holder, &["--json"]).good();
    assert!(facts.stdout.is_ascii());
    let facts = facts.json();
    let labels = facts["tokens"].as_array().unwrap().iter().flat_map(|t| t["keys"].as_array().unwrap());
    assert_eq!(labels.map(|k| k["label"].as_str().unwrap()).collect::<Vec<_>>(), [label]);
}

#[test]
fn a_module_that_crashes_while_it_is_asked_is_a_fault_of_the_token() {
    let holder = Holder::of("first-3of5-ed25519-0sigs", &[]).failing("C_GetSlotList abort");
    for options in [&[][..], &["--json"]] {
        let told = refused(&tokens(&holder, options), 4);
        assert!(told.because.iter().any(|line| line.contains("a rule says abort")), "{told:?}");
    }
}

#[test]
fn a_module_must_be_named() {
    let holder = Holder::of("first-3of5-ed25519-0sigs", &[]);
    let told = refused(&holder.desk.run(["tokens"]), 2);
    assert!(told.now.contains("--module"), "{told:?}");
}

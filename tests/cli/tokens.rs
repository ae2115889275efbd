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
    assert_eq!((&alice["firmware"], &alice["hardware_version"]), (&"2.6".into(), &"2.6".into()));
    assert_eq!((&alice["software"], &alice["pin_state"]), (&true.into(), &"untroubled".into()));
    assert_eq!(
        (&alice["pin_tries_left"], &facts["wanted"]),
        (&serde_json::Value::Null, &serde_json::Value::Null)
    );
    assert_eq!(alice["wrong"], serde_json::json!([]));
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
        "scheme      ed25519",
        "fingerprint ",
        "name it     pkcs11:serial=",
        ";object=k1",
        "It shows no key without a PIN",
        "It was never set up",
        "now: ",
        "3 tokens; nothing is wrong that can be seen without a PIN.",
    ] {
        assert!(said.contains(words), "{words} in {said}");
    }
    assert!(!said.contains(PIN));
    // The table comes first, and is gone where lines alone are wanted; everything else is the same.
    let (table, rest) = said.split_once("\n\n").unwrap();
    assert!(table.starts_with("Tokens on this machine\n") && table.contains("no failed try"), "{table}");
    assert_eq!(tokens(&holder, &["--plain"]).good().out(), rest);
}

/// The table of `conclave tokens` at a terminal of so many columns.
fn at_columns(holder: &Holder, columns: usize) -> String {
    let mut arguments = vec!["tokens".to_owned()];
    arguments.extend(holder.module());
    let run = format!("stty rows 24 cols {columns}; exec \"$@\"");
    let talk = crate::holder::Talk::begin(&run, &arguments, &holder.desk.path("."), &holder.environment());
    let (code, said) = talk.end();
    assert_eq!(code, 0, "{said}");
    said
}

#[test]
fn a_narrow_terminal_gets_no_table_and_its_sentences_are_broken_between_words() {
    let holder = Holder::of("first-3of5-ed25519-0sigs", &[]);
    holder.token("bob", &[]);
    assert!(at_columns(&holder, 80).contains("Tokens on this machine"));
    let said = at_columns(&holder, 60);
    assert!(!said.contains("Tokens on this machine"), "{said}");
    assert!(said.lines().all(|line| line.chars().count() <= 60), "{said}");
    let flat = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("It shows no key without a PIN: it has none, or hides them until it is opened."));
}

#[test]
fn one_token_through_two_modules_of_a_profile_is_one_for_people_and_two_rows_for_scripts() {
    let holder = Holder::of("first-3of5-ed25519-0sigs", &["k1"]);
    let module = holder.tokens.module_path().to_str().unwrap();
    let sha256 = tuf_ceremony::digest::Digest::of(&crate::stage::read(module.as_ref()));
    let conf = holder.tokens.conf_path();
    let mut profile = "format = 1\ndrivers = [\"first\", \"second\"]\n".to_owned();
    for name in ["first", "second"] {
        profile += &format!(
            "[module.{name}]\npath = {module:?}\nsha256 = \"{sha256}\"\nenvironment = {{ SOFTHSM2_CONF = {conf:?} }}\n"
        );
    }
    holder.desk.put("machine.toml", profile);
    let said = holder.desk.run(["tokens", "--profile", "machine.toml"]).good().out();
    assert_eq!(said.matches("Token \"alice\"").count(), 1, "{said}");
    assert!(
        said.contains("through the module first, slot") && said.contains("seen through second"),
        "{said}"
    );
    let facts = holder.desk.run(["tokens", "--json", "--profile", "machine.toml"]).good().json();
    let rows = facts["tokens"].as_array().unwrap().iter().filter(|row| row["label"] == "alice");
    let rows: Vec<(&str, &str)> =
        rows.map(|r| (r["driver"].as_str().unwrap(), r["also_through"][0].as_str().unwrap())).collect();
    assert_eq!(rows, [("first", "second"), ("second", "first")]);
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
    assert_eq!(
        (&key("rsa")["scheme"], &key("short")["scheme"]),
        (&"rsassa-pss-sha256".into(), &serde_json::Value::Null)
    );
    let said = tokens(&holder, &[]).good().out();
    assert!(said.contains("The key \"short\" has 1,024 bits, which is too short to count."), "{said}");
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

//! Signing on SoftHSM2 at a real terminal: the whole way to a final file, and what is refused before any PIN.

use conclave_softhsm::Curve;

use crate::holder::{BUNDLE, Holder, PIN, fault, holding};
use crate::refusal::refused;
use crate::stage::{Desk, corpus, expectations, metadata, read, with_signature};

#[test]
fn three_keyholders_meet_the_threshold_and_the_signatures_are_those_recorded() {
    let holder = Holder::of("first-3of5-ed25519-0sigs", &["k1"]);
    holder.token("bob", &["k2"]);
    holder.token("carol", &["k3"]);
    for (name, missing) in [
        ("alice", "2 more signatures are needed"),
        ("bob", "1 more signature is needed"),
        ("carol", "Complete"),
    ] {
        let said = holder.sign(&format!("pkcs11:token={name}"), &[]).sign();
        assert!(said.contains("Signed: \"root\" version 1."), "{said}");
        assert!(said.contains(missing), "{said}");
    }
    let done = holder.desk.run(["finalize", "--json", "--out", "final", BUNDLE]).good().json();
    assert_eq!(done["files"][0]["file"], "final/1.root.json");
    let of_final = metadata(read(&holder.desk.path("final/1.root.json")));
    let case = expectations(&holder.case.join("case.json"));
    let recorded = case["signatures_of_complete_with"].as_object().unwrap();
    let entries = of_final.entries().unwrap();
    assert_eq!((entries.len(), recorded.len()), (3, 3));
    for entry in &entries {
        let sig = hex::encode(entry.signature.as_ref().unwrap());
        assert_eq!(Some(sig.as_str()), recorded[&*entry.keyid].as_str(), "Ed25519 signs alike everywhere");
    }
    holder.desk.run(["verify", "chain", "final/1.root.json"]).good();
}

#[test]
fn a_p256_key_on_a_token_signs_beside_other_kinds() {
    let holder = Holder::of("first-3of5-mixed-1sigs", &["k2"]);
    let said = holder.sign("pkcs11:token=alice", &[]).sign();
    assert!(said.contains("1 more signature is needed"), "{said}");
    let case = expectations(&holder.case.join("case.json"));
    let rsa = holder.keyid("k3");
    let sig = case["signatures_of_complete_with"][&rsa].as_str().unwrap();
    let copy = holder.desk.put("k3.json", with_signature(&read(&holder.case.join("draft.json")), &rsa, sig));
    holder.desk.import("k3.bundle.json", &[copy], None).good();
    holder.desk.run(["merge", "--out", "all.json", BUNDLE, "k3.bundle.json"]).good();
    holder.desk.run(["finalize", "--out", "final", "all.json"]).good();
    holder.desk.run(["verify", "chain", "final/1.root.json"]).good();
}

#[test]
fn a_rotation_is_signed_against_the_signers_own_copy() {
    let holder = Holder::of("rotate-overlap-overlap-2", &["new2"]);
    let own = holder.case.join("previous.root.json");
    let said = holder.sign("pkcs11:token=alice", &["--trust", own.to_str().unwrap()]).sign();
    assert!(said.contains("Complete: every threshold is met"), "{said}");
    holder.desk.run(["finalize", "--out", "final", BUNDLE]).good();
    let next = holder.desk.path("final/2.root.json");
    holder.desk.run(["verify", "chain", own.to_str().unwrap(), next.to_str().unwrap()]).good();
}

#[test]
fn the_pin_is_never_shown_and_stands_in_no_file() {
    let holder = Holder::of("first-3of5-ed25519-0sigs", &["k1"]);
    let said = holder.sign("pkcs11:token=alice", &[]).sign();
    assert!(said.contains("Your answer: sign root 1 467d31e2"), "this terminal shows what is typed: {said}");
    assert!(said.contains("PIN of token") && !said.contains(PIN), "{said}");
    let folders = [holder.desk.path("."), holder.tokens.path().to_owned()];
    let search = || folders.iter().flat_map(|folder| holding(folder, PIN)).collect::<Vec<_>>();
    assert_eq!(search().len(), 0, "{:?}", search());
    for folder in &folders {
        std::fs::write(folder.join("planted"), format!("so the search\0{PIN}\0can find")).unwrap();
        assert_eq!(search(), [folder.join("planted")]);
        std::fs::remove_file(folder.join("planted")).unwrap();
    }
}

#[test]
fn with_json_the_result_alone_goes_to_standard_output() {
    let holder = Holder::of("first-3of5-ed25519-0sigs", &["k1"]);
    let said = holder.sign_into_file("pkcs11:token=alice", &["--json"]).sign();
    assert!(!said.contains('{'), "{said}");
    let facts = expectations(&holder.desk.path("out.json"));
    let case = expectations(&holder.case.join("case.json"));
    assert_eq!(facts["signed"]["sig"], case["signatures_of_complete_with"][holder.keyid("k1")]);
    assert_eq!(facts["signed"]["payload"], case["drafts"][0]["payload_sha256"]);
    assert_eq!(facts["drafts"][0]["tallies"][0]["valid"], 1);
}

#[test]
fn another_signature_that_arrives_meanwhile_is_kept() {
    let holder = Holder::of("first-3of5-ed25519-0sigs", &["k1"]);
    let case = expectations(&holder.case.join("case.json"));
    let other = holder.keyid("k2");
    let sig = case["signatures_of_complete_with"][&other].as_str().unwrap();
    let copy =
        holder.desk.put("k2.json", with_signature(&read(&holder.case.join("draft.json")), &other, sig));
    holder.desk.import("theirs.json", &[copy], None).good();
    let mut talk = holder.sign("pkcs11:token=alice", &[]);
    talk.consent();
    std::fs::rename(holder.desk.path("theirs.json"), holder.desk.path(BUNDLE)).unwrap();
    talk.line(PIN);
    let (code, said) = talk.end();
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("1 more signature is needed"), "what is told is what is stored: {said}");
    let mut both = [holder.keyid("k1"), other];
    let mut counted = holder.counted();
    both.sort();
    counted.sort();
    assert_eq!(counted, both);
}

#[test]
fn a_signature_that_cannot_be_stored_is_told_so_that_it_is_not_lost() {
    for (what, code) in [(None, 5), (Some("{}"), 1)] {
        let holder = Holder::of("first-3of5-ed25519-0sigs", &["k1"]);
        let mut talk = holder.sign("pkcs11:token=alice", &[]);
        talk.consent();
        std::fs::remove_file(holder.desk.path(BUNDLE)).unwrap();
        if let Some(text) = what {
            holder.desk.put(BUNDLE, text);
        }
        talk.line(PIN);
        let (found, said) = talk.end();
        assert_eq!(found, code, "{said}");
        let told = fault(&said);
        assert!(
            told.signed.starts_with("The token signed, and the signature is NOT stored in a file."),
            "{told:?}"
        );
        let case = expectations(&holder.case.join("case.json"));
        let sig = case["signatures_of_complete_with"][holder.keyid("k1")].as_str().unwrap();
        assert!(told.signed.contains(sig), "{told:?}");
        let left = std::fs::read_to_string(holder.desk.path(BUNDLE)).ok();
        assert_eq!(left.as_deref(), what, "what stands there is left alone");
    }
}

#[test]
fn a_signature_that_is_there_already_is_refused_before_the_pin() {
    let holder = Holder::of("first-3of5-ed25519-2sigs", &["k1"]);
    let before = holder.desk.listing();
    let told = refused(&holder.sign_unattended("pkcs11:token=alice", &[]), 1);
    assert!(told.error.contains("has signed this already"), "{told:?}");
    assert_eq!(holder.desk.listing(), before);
}

#[test]
fn a_trusted_document_that_is_missing_another_or_too_many_is_refused_before_the_pin() {
    let (next, first) =
        (Holder::of("rotate-overlap-overlap-2", &["new2"]), Holder::of("first-3of5-ed25519-0sigs", &["k1"]));
    let other = corpus("partial/rotate-disjoint-none/previous.root.json");
    let cases: [(&Holder, Vec<&str>, &str, &str); 3] = [
        (&next, vec![], "without your own copy", "--trust N.root.json"),
        (
            &next,
            vec!["--trust", other.to_str().unwrap()],
            "does not build on the document that you trust",
            "Do not sign",
        ),
        (
            &first,
            vec!["--trust", other.to_str().unwrap()],
            "A first root has nothing before it",
            "Leave out --trust",
        ),
    ];
    for (holder, options, error, advice) in cases {
        let before = holder.desk.listing();
        let told = refused(&holder.sign_unattended("pkcs11:token=alice", &options), 1);
        assert!(told.error.contains(error) && told.now.contains(advice), "{told:?}");
        assert_eq!(told.because.len(), 1, "{told:?}");
        let mut json = options.clone();
        json.push("--json");
        refused(&holder.sign_unattended("pkcs11:token=alice", &json), 1);
        assert_eq!(holder.desk.listing(), before);
    }
}

#[test]
fn a_token_with_none_of_the_keys_names_what_is_wanted_and_what_is_there() {
    let holder = Holder::of("first-3of5-ed25519-0sigs", &[]);
    holder.tokens.generate("alice", PIN, "my \u{1b}[2J other key", &[9], Curve::Ed25519).unwrap();
    let before = holder.desk.listing();
    let told = refused(&holder.sign_unattended("pkcs11:token=alice", &[]), 4);
    assert!(told.error.contains("holds a key that may sign this"), "{told:?}");
    for key in ["k1", "k2", "k3", "k4", "k5"] {
        assert!(told.because[0].contains(&holder.keyid(key)[..8]), "{told:?}");
    }
    assert!(told.because[1].contains("other key"), "{told:?}");
    refused(&holder.sign_unattended("pkcs11:token=alice", &["--json"]), 4);
    assert_eq!(holder.desk.listing(), before);
}

#[test]
fn a_token_that_is_not_there_and_one_that_is_not_clear_are_refused() {
    let holder = Holder::of("first-3of5-ed25519-0sigs", &["k1"]);
    holder.token("bob", &[]);
    let told = refused(&holder.sign_unattended("pkcs11:token=nobody", &[]), 4);
    assert!(told.because[0].contains("no token fits") && told.because[0].contains("alice"), "{told:?}");
    holder.tokens.add_token("alice", "so-pin-1", PIN).unwrap();
    let told = refused(&holder.sign_unattended("pkcs11:token=alice", &[]), 4);
    assert!(told.because[0].contains("fits 2 tokens"), "{told:?}");
    assert!(told.now.contains("by its serial"), "{told:?}");
    assert_eq!(holder.counted().len(), 0);
}

#[test]
fn two_fitting_keys_on_one_token_must_be_told_apart_by_name() {
    let holder = Holder::of("first-3of5-ed25519-0sigs", &["k1", "k2"]);
    let told = refused(&holder.sign_unattended("pkcs11:token=alice", &[]), 4);
    assert!(
        told.because[0].contains("\"k1\", \"k2\"") || told.because[0].contains("\"k2\", \"k1\""),
        "{told:?}"
    );
    holder.sign("pkcs11:token=alice;object=k2", &[]).sign();
    assert_eq!(holder.counted(), [holder.keyid("k2")]);
}

#[test]
fn a_module_that_is_not_named_or_not_there_is_refused() {
    let holder = Holder::of("first-3of5-ed25519-0sigs", &["k1"]);
    let sign = |more: &[&str]| {
        let fixed = ["sign", "--token", "pkcs11:token=alice"];
        let arguments: Vec<&str> = fixed.iter().chain(more).copied().chain([BUNDLE]).collect();
        holder.desk.run(arguments)
    };
    let told = refused(&sign(&[]), 2);
    assert!(told.error.contains("No PKCS#11 module was named"), "{told:?}");
    let told = refused(&sign(&["--module", "nowhere.so"]), 4);
    assert!(told.says("nowhere.so"), "{told:?}");
    let text = holder.desk.put("text.so", "no module");
    let told = refused(&sign(&["--module", text.to_str().unwrap()]), 4);
    assert!(!told.because.is_empty(), "{told:?}");
    let told = refused(&sign(&["--module", text.to_str().unwrap(), "--module-env", "CONCLAVE_NOT_SET"]), 2);
    assert!(told.error.contains("\"CONCLAVE_NOT_SET\" is not set"), "{told:?}");
    let told = refused(&sign(&["--module", text.to_str().unwrap(), "--module-env", "LD_PRELOAD"]), 2);
    assert!(told.error.contains("\"LD_PRELOAD\" would load other code"), "{told:?}");
    let bad = holder.desk.run(["sign", "--token", "alice", BUNDLE]);
    let told = refused(&bad, 2);
    assert!(told.error.contains("not a token URI") && told.now.contains("pkcs11:token=alice"), "{told:?}");
}

#[test]
fn without_a_terminal_nothing_is_signed() {
    let holder = Holder::of("first-3of5-ed25519-0sigs", &["k1"]);
    let before = holder.desk.listing();
    let done = holder.sign_unattended("pkcs11:token=alice", &[]);
    assert_eq!(done.code, Some(3));
    let told = fault(&done.err());
    assert!(told.because[0].contains("no terminal"), "{told:?}");
    assert!(told.now.contains("at a terminal"), "{told:?}");
    assert_eq!(holder.desk.listing(), before);
}

#[test]
fn version_zero_is_refused_before_any_module_is_loaded() {
    let desk = Desk::new();
    let draft = corpus("events/sigstore-root-v0-523c4858/03-1of3.json");
    desk.import("v0.json", &[draft], None).good();
    let done = desk.run(["sign", "--token", "pkcs11:token=a", "--module", "/no/such/module.so", "v0.json"]);
    let told = refused(&done, 1);
    assert!(told.because[0].contains("version 0"), "{told:?}");
}

//! Several custodians of one HSM key: each of them may sign with it, the transcript says who did, and it counts once.

use tuf_ceremony::card::{Card, Claims};
use tuf_ceremony::signable::Signable;

use crate::chairs::{Chairs, events};
use crate::refusal::refused;
use crate::scene::{TODAY, key, tallies};

/// Anna's key stands in an HSM that Dora may open as well; Bela and Carla have keys of their own.
fn shared() -> Chairs {
    let chairs = shared_with("dora", "Dora Engel");
    chairs.scene.run(&format!("open --date {TODAY} first.plan.toml a")).good();
    chairs
}

/// The same plan with this second custodian, not opened.
fn shared_with(name: &str, full: &str) -> Chairs {
    let chairs = Chairs::with_plan(true, "");
    let claims = Claims {
        holders: ["Anna Berg", full].map(str::to_owned).to_vec(),
        token: None,
        evidence: None,
        rehearsal: true,
    };
    let unsigned = Card::unsigned(&key("anna").public(), claims).unwrap();
    let proof = key("anna").sign(&Signable::card(&unsigned).message(), 0);
    chairs.scene.desk.put("inputs/anna.json", unsigned.prove(&proof).unwrap().written());
    chairs.scene.first_plan();
    let plan = std::fs::read_to_string(chairs.scene.path("first.plan.toml")).unwrap();
    let plan = plan.replacen("format = 1\n", "format = 1\nrehearsal = true\n", 1);
    assert!(plan.contains("holders = [\"anna\"]"), "{plan}");
    let plan = plan.replacen("holders = [\"anna\"]", &format!("holders = [\"anna\", {name:?}]"), 1);
    let dora = "[people]\ndora = { name = \"Dora Engel\", part = \"keyholder\" }\n";
    let plan = plan.replacen("[people]\n", dora, 1);
    chairs.scene.desk.put("first.plan.toml", plan);
    chairs
}

#[test]
fn either_custodian_signs_with_the_key_the_transcript_names_her_and_it_counts_once() {
    let chairs = shared();
    chairs.signs_both("dora", "--token pkcs11:token=anna a");
    let a = chairs.scene.path("a");
    let begun = events(&a, "SigningBegun");
    let anna = key("anna").public().fingerprint().to_string();
    assert!(
        begun.iter().all(|begun| begun["person"] == "dora" && begun["key"] == anna.as_str()),
        "{begun:?}"
    );
    assert_eq!(tallies(&chairs.scene.status("a"))[0].1, [(1, 2)]);
    // The other custodian comes with the same key: it has signed, and nothing is asked of it.
    let told = refused(&chairs.unattended("anna", "--token pkcs11:token=anna a"), 1);
    assert!(told.error.contains("signed already") || told.says("signed already"), "{told:?}");
    assert_eq!(tallies(&chairs.scene.status("a"))[0].1, [(1, 2)], "one key counts once");
    chairs.signs_both("carla", "--token pkcs11:token=carla a");
    assert_eq!(tallies(&chairs.scene.status("a"))[0].1, [(2, 2)]);
    chairs.scene.run("finalize a").good();
    chairs.scene.run("close --as olga a").good();
    chairs.scene.replays("a");
}

#[test]
fn who_is_no_custodian_cannot_sign_with_the_key() {
    let chairs = shared();
    let told = refused(&chairs.unattended("bela", "--token pkcs11:token=anna a"), 4);
    assert!(told.error.contains("holds a key that may sign this"), "{told:?}");
    assert_eq!(tallies(&chairs.scene.status("a"))[0].1, [(0, 2)]);
}

#[test]
fn custodians_stand_in_for_each_other_and_their_key_is_lost_only_with_both() {
    let chairs = shared();
    for (absent, suffices) in
        [("anna,bela", true), ("dora,bela", true), ("anna,dora", true), ("anna,dora,bela", false)]
    {
        let done = chairs.scene.run(&format!("plan check --json --absent {absent} first.plan.toml"));
        assert_eq!(done.code, Some(if suffices { 0 } else { 1 }), "{absent}: {}{}", done.out(), done.err());
    }
}

#[test]
fn a_custodian_who_could_meet_the_threshold_alone_with_a_key_of_her_own_is_no_quorum() {
    let chairs = shared_with("carla", "Carla Dietz");
    let told = refused(&chairs.scene.run(&format!("open --date {TODAY} first.plan.toml b")), 1);
    assert!(told.says("carla holds 2 keys, and 2 suffice"), "{told:?}");
    assert!(!chairs.scene.path("b").exists());
}

//! `verify chain` over every published chain, as `chain.json` records it; and what people and scripts are told.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::stage::{Desk, corpus, expectations, folders, read, texts};

/// Where ours differs on purpose: the chain, the file, words of our reason, and why.
const DIFFERENT: [(&str, &str, &str, &str); 1] = [(
    "tough-duplicate-keyid",
    "1.root.json",
    "stands twice in one object",
    "the file holds one name twice in signed.keys: a lenient reader keeps the last, ours refuses the file (MODEL 26)",
)];

fn chain(desk: &Desk, options: &[&str], roots: &[PathBuf]) -> crate::stage::Done {
    let mut arguments: Vec<PathBuf> = vec!["verify".into(), "chain".into()];
    arguments.extend(options.iter().map(PathBuf::from));
    arguments.extend(roots.iter().cloned());
    desk.run(arguments)
}

/// The words of `chain.json`, in ours.
fn word(recorded: &Value) -> Value {
    match recorded.as_str() {
        Some("bad signature") => "bad-signature".into(),
        Some("not a key of the role") => "not-in-role".into(),
        Some(same) => same.into(),
        None => Value::Null,
    }
}

fn tally(version: &Value, side: &str) -> Value {
    match &version[format!("{side}_threshold")] {
        Value::Null => Value::Null,
        threshold => json!({ "valid": version[format!("{side}_valid")], "threshold": threshold }),
    }
}

fn compare(at: &str, found: &Value, want: &Value) {
    assert_eq!(found["version"], want["version"], "{at}");
    assert_eq!(found["new"], tally(want, "new"), "{at}");
    assert_eq!(found["old"], tally(want, "old"), "{at}");
    assert_eq!(found["ok"], want["step_ok"], "{at}: {}", found["reasons"]);
    assert_eq!(found["ok"], found["reasons"].as_array().unwrap().is_empty(), "{at}");
    let signatures = want["signatures"].as_array().unwrap().iter();
    let wanted: Vec<Value> = signatures
        .map(|s| json!({ "keyid": s["keyid"], "new": word(&s["new"]), "old": word(&s["old"]) }))
        .collect();
    assert_eq!(found["signatures"], Value::Array(wanted), "{at}");
    let findings = found["findings"].as_array().unwrap();
    let noticed = |control: &str, about: &str| {
        findings.iter().any(|f| f["control"] == control && f["about"] == about && f["fact"] != "")
    };
    for keyid in want["keyid_mismatches"].as_array().unwrap() {
        let keyid = keyid.as_str().or_else(|| keyid["keyid"].as_str()).unwrap();
        assert!(noticed("key-id", keyid), "{at}: {keyid}");
    }
    for field in texts(&want["unknown_signed_fields"]) {
        assert!(noticed("unknown-field", &field), "{at}: {field}");
    }
}

#[test]
fn every_chain_is_judged_as_recorded() {
    let (desk, mut judged, mut differs) = (Desk::new(), 0, 0);
    for folder in folders("chains", 22) {
        let expected = expectations(&folder.join("chain.json"));
        let name = expected["name"].as_str().unwrap();
        let versions = expected["versions"].as_array().unwrap();
        let files: Vec<PathBuf> = versions.iter().map(|v| folder.join(v["file"].as_str().unwrap())).collect();
        let done = chain(&desk, &["--json"], &files);
        assert_eq!(done.err(), "", "{name}: a judgement is a result, not a fault");
        let steps = done.json();
        let steps = steps.as_array().unwrap();
        assert_eq!(steps.len(), versions.len(), "{name}");
        for ((step, want), path) in steps.iter().zip(versions).zip(&files) {
            let file = want["file"].as_str().unwrap();
            assert_eq!(step["file"], path.to_str().unwrap());
            match DIFFERENT.iter().find(|(n, f, ..)| (*n, *f) == (name, file)) {
                Some((.., words, _)) => {
                    assert!(step["reasons"][0].as_str().unwrap().contains(words), "{name}: {step}");
                    assert_eq!(step["ok"], false);
                    differs += 1;
                }
                None => compare(&format!("{name} {file}"), step, want),
            }
            judged += 1;
        }
        let all = steps.iter().all(|s| s["ok"] == true);
        assert_eq!(done.code, Some(i32::from(!all)), "{name}");
        let told = chain(&desk, &[], &files);
        assert_eq!(told.code, done.code, "{name}: people get the same exit code");
        let last = told.out().lines().last().unwrap().to_owned();
        assert_eq!(last.contains("NOT"), !all, "{name}: {last}");
    }
    assert_eq!((judged, differs), (61, DIFFERENT.len()));
}

fn sigstore(versions: &[u64]) -> Vec<PathBuf> {
    versions.iter().map(|n| corpus(&format!("chains/sigstore-v1-v5/{n}.root.json"))).collect()
}

#[test]
fn expiry_is_judged_only_with_at_and_only_for_the_last_root() {
    let (desk, roots) = (Desk::new(), sigstore(&[1, 2]));
    assert_eq!(chain(&desk, &[], &roots).code, Some(0), "both expired years ago");
    assert_eq!(chain(&desk, &["--at", "2022-05-11"], &roots).code, Some(0), "the first had expired by then");
    let late = chain(&desk, &["--json", "--at", "2022-05-12"], &roots);
    assert_eq!(late.code, Some(1));
    let steps = late.json();
    assert_eq!((&steps[0]["ok"], &steps[1]["ok"]), (&Value::Bool(true), &Value::Bool(false)));
    assert!(
        steps[1]["reasons"][0].as_str().unwrap().contains("it expired at 2022-05-11T19:09:02.663975009Z")
    );
    assert_eq!(chain(&desk, &["--at", "2022-05-11T19:09:02Z"], &roots).code, Some(0));
    assert_eq!(chain(&desk, &["--at", "2022-05-11T19:09:03Z"], &roots).code, Some(1));
}

#[test]
fn a_gap_a_step_back_and_the_same_root_twice_do_not_hold() {
    let desk = Desk::new();
    for versions in [[1, 3], [2, 1], [2, 2]] {
        let done = chain(&desk, &["--json"], &sigstore(&versions));
        assert_eq!(done.code, Some(1), "{versions:?}");
        assert_eq!(done.json()[1]["ok"], false);
        let said = done.json()[1]["reasons"].to_string();
        assert!(said.contains("version"), "{said}");
    }
}

#[test]
fn people_read_the_tallies_the_odd_entries_and_the_verdict() {
    let desk = Desk::new();
    desk.put("1.root.json", read(&corpus("chains/fioctl-v1-v5/1.root.json")));
    desk.put("2.root.json", read(&corpus("chains/fioctl-v1-v5/2.root.json")));
    let good = chain(&desk, &[], &["1.root.json".into(), "2.root.json".into()]).good().out();
    assert!(good.starts_with("\"1.root.json\": root version 1\n-----------------------------\n"), "{good}");
    assert!(good.contains("\"2.root.json\": root version 2\n"), "{good}");
    assert!(good.contains("of the keys of the root before it"), "{good}");
    assert_eq!(good.matches("\n  It holds.\n").count(), 2, "{good}");
    assert!(good.ends_with("\nAll 2 roots hold, one after the other.\n"), "{good}");
    let bad = chain(&desk, &[], &["2.root.json".into(), "1.root.json".into()]);
    let told = bad.out();
    assert_eq!((bad.code, bad.err().as_str()), (Some(1), ""));
    assert!(told.ends_with("\nThe chain does NOT hold: 1 of 2 roots refused.\n"), "{told}");
    let alone = chain(&desk, &[], &["2.root.json".into()]).good().out();
    assert!(alone.ends_with("\nThe root holds.\n"), "{alone}");
}

#[test]
fn a_chain_of_something_else_is_refused_step_by_step() {
    let desk = Desk::new();
    let odd = corpus("odd/tuf-0.9-python-rsa-ed25519.json");
    let targets = corpus("partial/targets-3of5-2sigs/draft.json");
    let torn = desk.put("torn.json", b"{\"signed\":");
    for (path, words) in [
        (odd, "_type is \"Root\""),
        (targets, "it is a targets document, not a root"),
        (torn, "it cannot be read"),
    ] {
        let done = chain(&desk, &["--json"], &[path, sigstore(&[2]).remove(0)]);
        assert_eq!(done.code, Some(1));
        let steps = done.json();
        assert!(steps[0]["reasons"].to_string().replace("\\\"", "\"").contains(words), "{}", steps[0]);
        assert_eq!(steps[1]["ok"], false, "after it nothing is judged: {}", steps[1]);
    }
}

//! Real signing events: their files in any order give one bundle, and a final file exactly where thresholds are met.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::collect::Final;
use crate::stage::{
    Desk, Done, expectations, folders, metadata, outside_signatures, read, shuffled, texts, trusted,
};

fn files(folder: &Path, event: &Value) -> Vec<PathBuf> {
    event["files"].as_array().unwrap().iter().map(|f| folder.join(f["file"].as_str().unwrap())).collect()
}

/// Whether the recorded signatures of the first `upto` files meet both thresholds; `old` is the trusted threshold.
fn met(event: &Value, upto: usize, is_root: bool) -> bool {
    let files = &event["files"].as_array().unwrap()[..upto];
    let union = |field: &str| -> BTreeSet<String> { files.iter().flat_map(|f| texts(&f[field])).collect() };
    let enough = |field: &str, threshold: &Value| union(field).len() as u64 >= threshold.as_u64().unwrap();
    let old = &event["previous_threshold"];
    enough("valid_for_role", &event["threshold"])
        && (!is_root || old.is_null() || enough("valid_for_previous_root", old))
}

fn finalize(desk: &Desk, out: &str, bundle: &str) -> Done {
    desk.run(["finalize", "--json", "--out", out, bundle])
}

/// Every event whose files meet the thresholds, finalized into `desk`.
pub fn finals(desk: &Desk) -> Vec<Final> {
    let mut finals = Vec::new();
    for folder in folders("events", 14) {
        let event = expectations(&folder.join("event.json"));
        let name = event["name"].as_str().unwrap();
        let bundle = format!("{name}.bundle.json");
        desk.import(&bundle, &files(&folder, &event), trusted(&folder).as_deref()).good();
        let to = desk.path(format!("{name}.final"));
        let done = finalize(desk, to.to_str().unwrap(), &bundle);
        if done.code == Some(0) {
            finals.push(Final {
                name: format!("events/{name}"),
                role: event["type"].as_str().unwrap().to_owned(),
                trusted: trusted(&folder),
                file: done.json()["files"][0]["file"].as_str().unwrap().into(),
            });
        }
    }
    finals
}

#[test]
fn any_order_of_import_and_merge_gives_one_bundle_and_the_recorded_union() {
    for folder in folders("events", 14) {
        let event = expectations(&folder.join("event.json"));
        let (desk, name, trust) = (Desk::new(), &event["name"], trusted(&folder));
        let files = files(&folder, &event);
        desk.import("all.json", &files, trust.as_deref()).good();
        let whole = read(&desk.path("all.json"));
        desk.import("again.json", &shuffled(&files, 7), trust.as_deref()).good();
        assert_eq!(read(&desk.path("again.json")), whole, "{name}: import in another order");
        let mut bundles = Vec::new();
        for (at, file) in files.iter().enumerate() {
            bundles.push(format!("bundle-{at}.json"));
            desk.import(&bundles[at], std::slice::from_ref(file), trust.as_deref()).good();
        }
        for round in 1..=2 {
            let out = format!("merged-{round}.json");
            let mut arguments = vec!["merge".to_owned(), "--out".to_owned(), out.clone()];
            arguments.extend(shuffled(&bundles, round));
            desk.run(arguments).good();
            assert_eq!(read(&desk.path(&out)), whole, "{name}: merge, round {round}");
        }
        let draft = &desk.run(["status", "--json", "all.json"]).good().json()["drafts"][0];
        assert_eq!(draft["payload"], event["canonical_signed_sha256"], "{name}");
        let own = &draft["tallies"][0];
        assert_eq!(own["threshold"], event["threshold"], "{name}");
        assert_eq!(own["met"], event["union_meets_threshold"], "{name}");
        // One public key can stand under two key ids; it is counted under its first.
        let union: BTreeSet<String> = texts(&event["union_of_valid"]).into_iter().collect();
        let counted: BTreeSet<String> = texts(&own["counted"]).into_iter().collect();
        assert!(counted.is_subset(&union) && counted.is_empty() == union.is_empty(), "{name}: {counted:?}");
        let waiting: BTreeSet<String> = texts(&own["waiting"]).into_iter().collect();
        assert!(waiting.is_disjoint(&union), "{name}: {waiting:?}");
    }
}

#[test]
fn a_file_becomes_final_exactly_where_the_thresholds_are_met_and_keeps_its_text() {
    let (mut done, mut refused, mut zero) = (0, 0, 0);
    for folder in folders("events", 14) {
        let event = expectations(&folder.join("event.json"));
        let (desk, trust) = (Desk::new(), trusted(&folder));
        let files = files(&folder, &event);
        for upto in 1..=files.len() {
            let at = format!("{} {upto}", event["name"]);
            let (bundle, out) = (format!("{upto}.bundle.json"), format!("{upto}.final"));
            desk.import(&bundle, &files[..upto], trust.as_deref()).good();
            let result = finalize(&desk, &out, &bundle);
            let met = met(&event, upto, event["type"] == "root");
            if result.code != Some(0) {
                assert_eq!(result.code, Some(1), "{at}: {}", result.err());
                assert!(!desk.path(&out).exists(), "{at}: nothing was written");
                if event["version"] == 0 {
                    assert!(result.err().contains("version 0"), "{at}: {}", result.err());
                    zero += 1;
                } else {
                    assert!(!met && result.err().contains("threshold is not met"), "{at}: {}", result.err());
                    refused += 1;
                }
                continue;
            }
            assert!(met, "{at}");
            let facts = result.json();
            let file = desk.path(&out).join(format!(
                "{}.{}.json",
                event["version"],
                event["type"].as_str().unwrap()
            ));
            let text = read(&file);
            assert_eq!(
                facts["files"][0]["file"],
                format!("{out}/{}", file.file_name().unwrap().to_str().unwrap())
            );
            let payload = metadata(text.clone()).payload().to_string();
            assert_eq!(payload, event["canonical_signed_sha256"].as_str().unwrap(), "{at}");
            let kept = outside_signatures(&text);
            assert!(
                files[..upto].iter().any(|f| outside_signatures(&read(f)) == kept),
                "{at}: the text is kept"
            );
            done += 1;
        }
    }
    assert_eq!((done, refused, zero), (46, 28, 21));
}

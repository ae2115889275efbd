//! Every real signing event: all its files, in any order, give one bundle, the recorded union, and a final file
//! exactly where the thresholds are met.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;
use tuf_ceremony::bundle::{Bundle, FinalizeFault, Part, Unchecked};
use tuf_ceremony::document::Document;
use tuf_ceremony::gather::{Gathered, gather};
use tuf_ceremony::metadata::Metadata;

use super::{expectations, folders, foreign, metadata, texts};

/// A fixed sequence of orders, different for each `round`.
fn shuffled<T: Clone>(items: &[T], round: u64) -> Vec<T> {
    let mut items = items.to_vec();
    let mut state = round.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    for at in (1..items.len()).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        items.swap(at, usize::try_from(state % (at as u64 + 1)).unwrap());
    }
    items
}

fn trusted(folder: &Path) -> Option<Metadata> {
    let found = ["previous.root.json", "authorising.root.json"].map(|name| folder.join(name));
    found.iter().find(|p| p.exists()).map(|p| metadata(p))
}

fn import(files: &[Gathered], trusted: &Option<Metadata>) -> Bundle {
    gather(files, None, trusted.clone(), None).unwrap().0
}

fn only(bundle: &Bundle) -> &Part {
    let mut parts = bundle.parts();
    let part = parts.next().unwrap();
    assert!(parts.next().is_none());
    part
}

fn text(bundle: &Bundle) -> String {
    String::from_utf8(bundle.write().unwrap().text).unwrap()
}

/// Key ids of the role itself under which a counted key stands.
fn counted(part: &Part) -> BTreeSet<String> {
    let own = &part.authorities()[0];
    let tally = &part.tallies()[0];
    tally.counted.iter().flat_map(|v| own.keyids_of(v.key).map(str::to_owned).collect::<Vec<_>>()).collect()
}

fn without_signatures(document: &Document) -> (Vec<u8>, Vec<u8>) {
    let range = document.root().object().unwrap().member("signatures").unwrap().range();
    (document.text()[..range.start].into(), document.text()[range.end..].into())
}

#[test]
fn any_order_of_import_and_merge_gives_one_bundle_and_the_recorded_union() {
    let mut events = 0;
    for folder in folders("events", 14) {
        let event = expectations(&folder.join("event.json"));
        let name = event["name"].as_str().unwrap();
        let trusted = trusted(&folder);
        let files: Vec<Gathered> = event["files"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| foreign(&folder.join(f["file"].as_str().unwrap())).unwrap())
            .collect();
        let whole = import(&files, &trusted);
        let want = text(&whole);
        for round in 1..=6 {
            let order = shuffled(&files, round);
            assert_eq!(text(&import(&order, &trusted)), want, "{name}: import, round {round}");
            let merged = order.iter().map(|f| import(std::slice::from_ref(f), &trusted));
            let merged = merged.reduce(|a, b| a.merge(&b).unwrap()).unwrap();
            assert_eq!(text(&merged), want, "{name}: merge, round {round}");
            assert_eq!(
                text(&merged.clone().merge(&whole).unwrap()),
                want,
                "{name}: merging again changes nothing"
            );
        }
        let part = only(&whole);
        assert_eq!(
            part.draft().metadata().payload().to_string(),
            event["canonical_signed_sha256"].as_str().unwrap()
        );
        let union: BTreeSet<String> = texts(&event["union_of_valid"]).into_iter().collect();
        assert_eq!(counted(part), union, "{name}");
        assert_eq!(part.tallies()[0].is_met(), event["union_meets_threshold"].as_bool().unwrap(), "{name}");
        let read = Unchecked::read(want.clone().into_bytes()).unwrap().check(|_| None).unwrap();
        assert_eq!(text(&read), want, "{name}: a bundle reads back");
        events += 1;
    }
    assert_eq!(events, 14);
}

/// Whether the recorded signatures of these files meet both thresholds.
fn met(event: &Value, files: &[Value], part: &Part) -> bool {
    let union = |field: &str| -> BTreeSet<String> { files.iter().flat_map(|f| texts(&f[field])).collect() };
    let enough = |field: &str, threshold: u64| union(field).len() as u64 >= threshold;
    let old = part.authorities().get(1).is_none_or(|a| enough("valid_for_previous_root", a.threshold()));
    old && enough("valid_for_role", event["threshold"].as_u64().unwrap())
}

#[test]
fn finalize_happens_exactly_where_the_thresholds_are_met_and_keeps_the_text() {
    let (mut done, mut refused, mut versions_zero) = (0, 0, 0);
    for folder in folders("events", 14) {
        let event = expectations(&folder.join("event.json"));
        let trusted = trusted(&folder);
        let files = event["files"].as_array().unwrap();
        let read: Vec<Gathered> =
            files.iter().map(|f| foreign(&folder.join(f["file"].as_str().unwrap())).unwrap()).collect();
        for upto in 1..=files.len() {
            let at = format!("{} {upto}", event["name"]);
            let bundle = import(&read[..upto], &trusted);
            let part = only(&bundle);
            let met = met(&event, &files[..upto], part);
            match part.finalize() {
                Err(FinalizeFault::VersionZero { .. }) => {
                    assert_eq!(event["version"], 0, "{at}");
                    versions_zero += 1;
                }
                Err(FinalizeFault::NoQuorum(_)) => {
                    assert!(!met, "{at}");
                    refused += 1;
                }
                Err(other) => panic!("{at}: {other}"),
                Ok(done_file) => {
                    assert!(met, "{at}");
                    let again = Metadata::of(Document::read(done_file.text).unwrap().into()).unwrap();
                    assert_eq!(again.payload(), part.draft().metadata().payload(), "{at}");
                    let kept = without_signatures(part.draft().metadata().document());
                    assert_eq!(without_signatures(again.document()), kept, "{at}");
                    assert_eq!(
                        done_file.name,
                        format!("{}.{}.json", event["version"], event["type"].as_str().unwrap())
                    );
                    assert!(again.entries().unwrap().iter().all(|e| !e.is_placeholder()), "{at}");
                    done += 1;
                }
            }
        }
    }
    assert_eq!((done, refused, versions_zero), (46, 28, 21));
}

#[test]
fn a_published_file_with_nothing_to_drop_is_finalized_to_itself() {
    let mut same = 0;
    for folder in folders("events", 14) {
        let event = expectations(&folder.join("event.json"));
        for file in event["files"].as_array().unwrap().iter().filter(|f| f["published"] == true) {
            let path = folder.join(file["file"].as_str().unwrap());
            let bundle = import(&[foreign(&path).unwrap()], &trusted(&folder));
            let done = only(&bundle).finalize().unwrap();
            let bytes = super::read(&path);
            if done.dropped.is_empty() && file["empty"] == 0 {
                assert_eq!(done.text, bytes, "{}", path.display());
                same += 1;
            }
        }
    }
    assert!(same >= 2, "{same}");
}

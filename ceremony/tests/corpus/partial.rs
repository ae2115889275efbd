//! Partially signed drafts as peers write them: import and status as each case says.

use serde_json::Value;
use tuf_ceremony::bundle::{Part, Source};
use tuf_ceremony::dialect::Dialect;
use tuf_ceremony::gather::{GatherFault, Gathered, Oddity, gather};
use tuf_ceremony::keyset::Verdict;
use tuf_ceremony::metadata::Metadata;

use super::{corpus, expectations, folders, foreign, metadata};

fn trusted(folder: &std::path::Path) -> Option<Metadata> {
    let found = ["previous.root.json", "authorising.root.json"].map(|name| folder.join(name));
    found.iter().find(|p| p.exists()).map(|p| metadata(p))
}

fn counts(part: &Part) -> Vec<(u64, u64)> {
    part.tallies().iter().map(|t| (t.valid(), t.threshold)).collect()
}

fn wanted(draft: &Value) -> Vec<(u64, u64)> {
    let pair = |v: &Value| v.as_array().map(|a| (a[0].as_u64().unwrap(), a[1].as_u64().unwrap()));
    [pair(&draft["new"]), pair(&draft["old"])].into_iter().flatten().collect()
}

#[test]
fn every_case_is_imported_and_counted_as_recorded() {
    let mut drafts = 0;
    for folder in folders("partial", 16) {
        let case = expectations(&folder.join("case.json"));
        for draft in case["drafts"].as_array().unwrap().iter().filter(|d| d["payload_sha256"].is_string()) {
            let at = format!("{} {}", case["name"], draft["file"]);
            let file = foreign(&folder.join(draft["file"].as_str().unwrap())).unwrap();
            drafts += 1;
            if case["import_expect"] == "refuse to merge" && draft["file"] == "b.json" {
                // Version 2, and the case brings no version 1: refused before anything is counted (DESIGN 3).
                let fault = gather(&[file], None, None, None).unwrap_err();
                assert!(fault.to_string().contains("judged by the trusted root version 1"), "{fault}");
                continue;
            }
            let (bundle, notes) =
                gather(&[file], None, trusted(&folder), None).unwrap_or_else(|e| panic!("{at}: {e}"));
            let part = bundle.parts().next().unwrap();
            assert_eq!(
                part.draft().metadata().payload().to_string(),
                draft["payload_sha256"].as_str().unwrap()
            );
            assert_eq!(counts(part), wanted(draft), "{at}");
            for entry in draft["signatures"].as_array().unwrap() {
                let bad = entry["new"] != "ok" && entry["old"] != "ok";
                let noted = notes.iter().any(|n| {
                    matches!(&n.what, Oddity::NotCounted { keyid, why } if *keyid == entry["keyid"].as_str().unwrap()
                        && why.word().replace('-', " ") == entry["new"].as_str().unwrap().replace("not a key of the role", "not in role"))
                });
                assert_eq!(noted, bad, "{at}: {entry}");
            }
        }
    }
    assert_eq!(drafts, 19);
}

#[test]
fn completing_with_the_recorded_signatures_meets_every_threshold() {
    let mut completed = 0;
    for folder in folders("partial", 16) {
        let case = expectations(&folder.join("case.json"));
        let Some(more) = case["signatures_of_complete_with"].as_object() else { continue };
        let drafts = case["drafts"].as_array().unwrap().iter().filter(|d| d["payload_sha256"].is_string());
        let files: Vec<Gathered> =
            drafts.map(|d| foreign(&folder.join(d["file"].as_str().unwrap())).unwrap()).collect();
        let (mut bundle, _) = gather(&files, None, trusted(&folder), None).unwrap();
        let part = bundle.parts_mut().next().unwrap();
        assert_eq!(part.finalize().is_ok(), more.is_empty(), "{}", case["name"]);
        for (keyid, sig) in more {
            let members = part.authorities().iter().flat_map(|a| a.members());
            let key = members
                .filter(|m| &m.keyid == keyid)
                .find_map(|m| m.key.as_ref().ok())
                .unwrap()
                .fingerprint();
            let sig = hex::decode(sig.as_str().unwrap()).unwrap();
            part.admit(key, &sig, Source::of("file:test").unwrap()).unwrap();
        }
        let done = part.finalize().unwrap_or_else(|e| panic!("{}: {e}", case["name"]));
        assert!(done.name.ends_with(&format!(".{}.json", case["role"].as_str().unwrap())));
        completed += 1;
    }
    assert_eq!(completed, 15);
}

#[test]
fn two_payloads_in_one_import_are_refused_and_so_is_their_merge() {
    let folder = corpus("partial/parts-differ-in-version");
    let [a, b] = ["a.json", "b.json"].map(|f| foreign(&folder.join(f)).unwrap());
    let fault = gather(&[a, b], None, None, None).unwrap_err();
    assert!(matches!(fault, GatherFault::TwoPayloads { first_file: 0, second_file: 1, .. }), "{fault}");
    let [a, b] = ["first-3of5-ed25519-2sigs", "first-3of5-mixed-1sigs"]
        .map(|case| foreign(&corpus(&format!("partial/{case}/draft.json"))).unwrap())
        .map(|f| gather(&[f], None, None, None).unwrap().0);
    let (ab, ba) = (a.clone().merge(&b).unwrap_err(), b.merge(&a).unwrap_err());
    assert_eq!(ab, ba);
    assert!(ab.to_string().contains("these are different documents"), "{ab}");
}

#[test]
fn rstuf_files_are_recognised_and_their_signatures_counted() {
    let folder = corpus("partial/rstuf-sign-payload");
    let pending = foreign(&folder.join("in.json")).unwrap();
    let signature = foreign(&folder.join("sign-payload.json")).unwrap();
    assert_eq!(
        (pending.foreign.dialect, signature.foreign.dialect),
        (Dialect::RstufPending, Dialect::RstufSignature)
    );
    let alone = gather(std::slice::from_ref(&signature), None, None, None).unwrap_err();
    assert_eq!(alone, GatherFault::NoDocument);
    let (bundle, _) = gather(&[signature, pending], None, None, None).unwrap();
    assert_eq!(counts(bundle.parts().next().unwrap()), [(2, 3)]);
}

#[test]
fn a_flipped_bit_and_a_stranger_are_named_and_nothing_of_theirs_is_kept() {
    for (case, word) in [("spoiled-bad-signature", "bad-signature"), ("spoiled-unknown-keyid", "not-in-role")]
    {
        let file = foreign(&corpus(&format!("partial/{case}/draft.json"))).unwrap();
        let (bundle, _) = gather(&[file], None, None, None).unwrap();
        let part = bundle.parts().next().unwrap();
        let refused = part.refused();
        assert_eq!(refused.iter().map(|d| d.why.word()).collect::<Vec<_>>(), [word], "{case}");
        assert_eq!(part.signatures().all().count() as u64, part.tallies()[0].valid());
        assert!(!matches!(refused[0].why, Verdict::Ok(_)));
    }
}

//! Partially signed drafts of every peer: imported, completed signer by signer, merged in any order, finalized.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::stage::{
    Desk, corpus, expectations, folders, metadata, outside_signatures, read, shuffled, texts, trusted,
    with_signature,
};

/// What `import` must call each file: the case, the file, and words of the dialect's name.
const DIALECTS: [(&str, &str, &str); 19] = [
    ("first-3of5-ed25519-0sigs", "draft.json", "tuf-on-ci and python-tuf"),
    ("first-3of5-ed25519-2sigs", "draft.json", "tuf-on-ci and python-tuf"),
    ("first-3of5-mixed-1sigs", "draft.json", "tuf-on-ci and python-tuf"),
    ("layout-compact", "draft.json", "metadata file"),
    ("layout-tabs-signatures-first", "draft.json", "metadata file"),
    ("parts-merge-plain", "k1.json", "tuf-on-ci and python-tuf"),
    ("parts-merge-plain", "k2.json", "tuf-on-ci and python-tuf"),
    ("parts-merge-plain", "k3.json", "tuf-on-ci and python-tuf"),
    ("placeholders-0of5", "draft.json", "tuf-on-ci and python-tuf"),
    ("rotate-disjoint-none", "draft.json", "tuf-on-ci and python-tuf"),
    ("rotate-disjoint-old-only", "draft.json", "tuf-on-ci and python-tuf"),
    ("rotate-overlap-overlap-2", "draft.json", "tuf-on-ci and python-tuf"),
    ("rstuf-sign-payload", "draft.json", "tuf-on-ci and python-tuf"),
    ("rstuf-sign-payload", "in.json", "RSTUF answer"),
    ("rstuf-sign-payload", "sign-payload.json", "RSTUF signature"),
    ("spoiled-bad-signature", "draft.json", "tuf-on-ci and python-tuf"),
    ("spoiled-unknown-keyid", "draft.json", "tuf-on-ci and python-tuf"),
    ("targets-3of5-2sigs", "draft.json", "tuf-on-ci and python-tuf"),
    ("tuftool-first-1sig", "draft.json", "tuftool"),
];

/// The case whose two files must not be merged; it is not completed.
const TWO_PAYLOADS: &str = "parts-differ-in-version";

fn cases() -> Vec<(PathBuf, Value)> {
    let all = folders("partial", 16)
        .into_iter()
        .map(|folder| (folder.clone(), expectations(&folder.join("case.json"))));
    all.filter(|(folder, _)| !folder.ends_with(TWO_PAYLOADS)).collect()
}

fn drafts(folder: &Path, case: &Value) -> Vec<PathBuf> {
    case["drafts"].as_array().unwrap().iter().map(|d| folder.join(d["file"].as_str().unwrap())).collect()
}

/// What the role's final file is called, and the file.
pub struct Final {
    /// The folder of the corpus it comes from, as `partial/NAME`.
    pub name: String,
    pub role: String,
    /// The document that judges it, where there is one.
    pub trusted: Option<PathBuf>,
    pub file: PathBuf,
}

/// Completes one case as its signers would: each signs a copy of her own. Gives the files, signed ones last.
fn signed_copies(desk: &Desk, folder: &Path, case: &Value) -> Vec<PathBuf> {
    let mut files = drafts(folder, case);
    for (at, (keyid, sig)) in case["signatures_of_complete_with"].as_object().unwrap().iter().enumerate() {
        let copy = with_signature(&read(&files[0]), keyid, sig.as_str().unwrap());
        files.push(desk.put(format!("signer-{at}.json"), copy));
    }
    files
}

/// Every draft of `partial`, completed and finalized into `desk`.
pub fn finals(desk: &Desk) -> Vec<Final> {
    let mut finals = Vec::new();
    for (folder, case) in cases() {
        let name = case["name"].as_str().unwrap();
        std::fs::create_dir(desk.path(name)).unwrap();
        let own = Desk::new();
        let files = signed_copies(&own, &folder, &case);
        own.import("all.json", &files, trusted(&folder).as_deref()).good();
        let to = desk.path(name).join("final");
        let done = own.run(["finalize", "--json", "--out", to.to_str().unwrap(), "all.json"]).good();
        finals.push(Final {
            name: format!("partial/{name}"),
            role: case["role"].as_str().unwrap().to_owned(),
            trusted: trusted(&folder),
            file: done.json()["files"][0]["file"].as_str().unwrap().into(),
        });
    }
    assert_eq!(finals.len(), 15);
    finals
}

fn pair(value: &Value) -> Option<(u64, u64)> {
    value.as_array().map(|pair| (pair[0].as_u64().unwrap(), pair[1].as_u64().unwrap()))
}

#[test]
fn the_form_of_each_peers_file_is_said() {
    let mut said = 0;
    for (folder, case) in cases() {
        let desk = Desk::new();
        let done = desk.import("b.json", &drafts(&folder, &case), trusted(&folder).as_deref()).good().json();
        for file in done["files"].as_array().unwrap() {
            let path = Path::new(file["file"].as_str().unwrap());
            let key = (case["name"].as_str().unwrap(), path.file_name().unwrap().to_str().unwrap());
            let (.., words) =
                DIALECTS.iter().find(|(n, f, _)| (*n, *f) == key).unwrap_or_else(|| panic!("{key:?}"));
            assert!(file["dialect"].as_str().unwrap().contains(words), "{key:?}: {}", file["dialect"]);
            said += 1;
        }
    }
    assert_eq!(said, DIALECTS.len());
}

#[test]
fn people_are_told_the_form_and_each_signature() {
    let desk = Desk::new();
    let folder = corpus("partial/rstuf-sign-payload");
    let files = ["in.json", "sign-payload.json"].map(|f| folder.join(f).to_str().unwrap().to_owned());
    let done = desk.run(["import", "--out", "b.json", &files[0], &files[1]]).good().out();
    assert!(done.contains("in.json\": RSTUF answer with a pending document\n"), "{done}");
    assert!(done.contains("sign-payload.json\": RSTUF signature\n"), "{done}");
    assert_eq!(done.matches("valid signature, kept").count(), 2, "{done}");
    assert!(done.ends_with("Written: \"b.json\"\n"), "{done}");
}

#[test]
fn the_status_of_each_draft_is_as_recorded() {
    let mut judged = 0;
    for folder in folders("partial", 16) {
        let case = expectations(&folder.join("case.json"));
        for draft in case["drafts"].as_array().unwrap().iter().filter(|d| d["payload_sha256"].is_string()) {
            let desk = Desk::new();
            let file = folder.join(draft["file"].as_str().unwrap());
            let at = file.display();
            let imported = desk.import("b.json", std::slice::from_ref(&file), trusted(&folder).as_deref());
            if folder.ends_with(TWO_PAYLOADS) && draft["file"] == "b.json" {
                // Version 2, and the case brings no version 1.
                assert_eq!(imported.code, Some(1), "{at}");
                continue;
            }
            imported.good();
            let status = desk.run(["status", "--json", "b.json"]).good().json();
            let found = &status["drafts"][0];
            assert_eq!(found["payload"], draft["payload_sha256"], "{at}");
            let wanted: Vec<(u64, u64)> =
                [&draft["new"], &draft["old"]].into_iter().filter_map(pair).collect();
            let tallies = found["tallies"].as_array().unwrap();
            let counts: Vec<(u64, u64)> = tallies
                .iter()
                .map(|t| (t["valid"].as_u64().unwrap(), t["threshold"].as_u64().unwrap()))
                .collect();
            assert_eq!(counts, wanted, "{at}");
            for tally in tallies {
                assert_eq!(tally["authority"].as_str().unwrap().len(), 64, "{at}");
                assert_eq!(tally["met"], tally["valid"].as_u64() >= tally["threshold"].as_u64(), "{at}");
                assert_eq!(Some(texts(&tally["counted"]).len() as u64), tally["valid"].as_u64(), "{at}");
                let both =
                    texts(&tally["counted"]).into_iter().filter(|k| texts(&tally["waiting"]).contains(k));
                assert_eq!(both.count(), 0, "{at}: nobody has signed and is waited for");
            }
            // An empty place is waited for, not refused.
            let bad = |s: &&Value| s["new"] != "ok" && s["old"] != "ok" && s["new"] != "empty";
            let bad: Vec<&Value> =
                draft["signatures"].as_array().unwrap().iter().filter(bad).map(|s| &s["keyid"]).collect();
            let refused: Vec<&Value> =
                found["refused"].as_array().unwrap().iter().map(|r| &r["keyid"]).collect();
            assert_eq!(refused, bad, "{at}");
            assert!(
                found["refused"].as_array().unwrap().iter().all(|r| !r["why"].as_str().unwrap().is_empty()),
                "{at}"
            );
            judged += 1;
        }
    }
    assert_eq!(judged, 18);
}

#[test]
fn each_draft_is_completed_signer_by_signer_in_any_order_and_becomes_final() {
    for (folder, case) in cases() {
        let (desk, name, trust) = (Desk::new(), &case["name"], trusted(&folder));
        let files = signed_copies(&desk, &folder, &case);
        desk.import("all.json", &files, trust.as_deref()).good();
        let whole = read(&desk.path("all.json"));
        desk.import("shuffled.json", &shuffled(&files, 3), trust.as_deref()).good();
        assert_eq!(read(&desk.path("shuffled.json")), whole, "{name}: import in another order");
        // A lone RSTUF signature is no document; it travels with one.
        let alone: Vec<&PathBuf> = files.iter().filter(|f| !f.ends_with("sign-payload.json")).collect();
        let mut bundles = Vec::new();
        for (at, file) in alone.iter().enumerate() {
            let mut with: Vec<PathBuf> = vec![(*file).clone()];
            with.extend(files.iter().filter(|f| f.ends_with("sign-payload.json")).cloned());
            bundles.push(format!("bundle-{at}.json"));
            desk.import(&bundles[at], &with, trust.as_deref()).good();
        }
        for round in 1..=3 {
            let out = format!("merged-{round}.json");
            let mut arguments = vec!["merge".to_owned(), "--out".to_owned(), out.clone()];
            arguments.extend(shuffled(&bundles, round));
            desk.run(arguments).good();
            assert_eq!(read(&desk.path(&out)), whole, "{name}: merge, round {round}");
        }
        let status = desk.run(["status", "--json", "all.json"]).good().json();
        assert_eq!(status["drafts"][0]["complete"], true, "{name}");
        assert!(desk.run(["status", "all.json"]).good().out().contains("Complete: every threshold is met"));
        let done = desk.run(["finalize", "--json", "--out", "final", "all.json"]).good().json();
        let text = read(&desk.path(done["files"][0]["file"].as_str().unwrap()));
        let (draft, of_final) = (&case["drafts"][0], metadata(text.clone()));
        assert_eq!(of_final.payload().to_string(), draft["payload_sha256"].as_str().unwrap(), "{name}");
        assert_eq!(done["files"][0]["bytes"], text.len() as u64, "{name}");
        if !folder.ends_with("rstuf-sign-payload") {
            // There the inner document of the API's answer is as good a text as the file.
            assert_eq!(
                outside_signatures(&text),
                outside_signatures(&read(&files[0])),
                "{name}: the text is kept"
            );
        }
        let entries = of_final.entries().unwrap();
        let carried = |keyid: &str, sig: &str| {
            entries
                .iter()
                .any(|e| e.keyid == keyid && e.signature.as_ref().is_ok_and(|s| hex::encode(s) == sig))
        };
        for (keyid, sig) in case["signatures_of_complete_with"].as_object().unwrap() {
            assert!(carried(keyid, sig.as_str().unwrap()), "{name}: {keyid} is in the final file");
        }
        assert!(entries.iter().all(|e| !e.is_placeholder()), "{name}");
    }
}

#[test]
fn an_incomplete_draft_is_not_finalized() {
    let mut refused = 0;
    for (folder, case) in cases() {
        if case["signatures_of_complete_with"].as_object().unwrap().is_empty() {
            continue;
        }
        let desk = Desk::new();
        desk.import("b.json", &drafts(&folder, &case)[..1], trusted(&folder).as_deref()).good();
        let before = desk.listing();
        let done = desk.run(["finalize", "--out", "final", "b.json"]);
        assert_eq!(done.code, Some(1));
        assert!(done.err().contains("threshold is not met"), "{}", done.err());
        assert_eq!(desk.listing(), before, "nothing was written");
        refused += 1;
    }
    assert_eq!(refused, 14);
}

#[test]
fn a_spoiled_signature_is_named_by_import_and_by_status() {
    for (case, word) in [("spoiled-bad-signature", "bad-signature"), ("spoiled-unknown-keyid", "not-in-role")]
    {
        let desk = Desk::new();
        let folder = corpus(&format!("partial/{case}"));
        let expected = expectations(&folder.join("case.json"));
        let spoiled = expected["drafts"][0]["signatures"]
            .as_array()
            .unwrap()
            .iter()
            .find(|s| s["new"] != "ok")
            .unwrap();
        let keyid = spoiled["keyid"].as_str().unwrap();
        let draft = folder.join("draft.json");
        let imported = desk.run(["import", "--out", "b.json", draft.to_str().unwrap()]).good().out();
        let status = desk.run(["status", "b.json"]).good().out();
        for said in [imported, status] {
            let line = said.lines().find(|line| line.contains(keyid)).unwrap_or_else(|| panic!("{said}"));
            assert!(line.contains(&format!("not counted ({word})")), "{line}");
        }
    }
}

#[test]
fn go_tufs_payload_and_list_of_signatures_are_read() {
    let desk = Desk::new();
    let folder = corpus("partial/first-3of5-ed25519-0sigs");
    let case = expectations(&folder.join("case.json"));
    let draft = read(&folder.join("draft.json"));
    let signed = {
        let document = crate::stage::document(draft.clone());
        document.root().object().unwrap().member("signed").unwrap().text().to_owned()
    };
    desk.put("signed.json", signed);
    let payload = desk.run(["canonical", "signed.json"]).good().stdout;
    assert_eq!(metadata(draft).payload(), tuf_ceremony::digest::Digest::of(&payload));
    desk.put("payload.json", payload);
    let entries: Vec<String> = case["signatures_of_complete_with"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(keyid, sig)| format!("{{\"keyid\":\"{keyid}\",\"sig\":{sig}}}"))
        .collect();
    desk.put("signatures.json", format!("[{}]", entries.join(",")));
    let done = desk.import("b.json", &["signatures.json".into(), "payload.json".into()], None).good().json();
    let dialects: Vec<&str> =
        done["files"].as_array().unwrap().iter().map(|f| f["dialect"].as_str().unwrap()).collect();
    assert_eq!(dialects, ["go-tuf list of signatures", "go-tuf payload without signatures"]);
    assert_eq!(done["drafts"][0]["complete"], true);
    let done = desk.run(["finalize", "--json", "--out", "final", "b.json"]).good().json();
    let text = read(&desk.path(done["files"][0]["file"].as_str().unwrap()));
    assert_eq!(metadata(text).payload().to_string(), case["drafts"][0]["payload_sha256"].as_str().unwrap());
}

//! Partially signed drafts of peers, completed on tokens: every signer of the corpus comes with a token that holds her test
//! key, and what she signs is what was recorded where the scheme signs alike everywhere.

use crate::holder::{BUNDLE, Holder};
use crate::stage::{expectations, folders, metadata, read, texts, trusted};

/// Cases that nobody completes: one is complete once its parts are merged, the other must not be merged.
const NOT_TO_BE_SIGNED: [&str; 2] = ["parts-merge-plain", "parts-differ-in-version"];

#[test]
fn every_partial_draft_is_completed_on_tokens_and_the_deterministic_signatures_are_those_recorded() {
    let (mut completed, mut alike) = (0, 0);
    for folder in folders("partial", 16) {
        let name = folder.file_name().unwrap().to_str().unwrap();
        if NOT_TO_BE_SIGNED.contains(&name) {
            continue;
        }
        let case = expectations(&folder.join("case.json"));
        let signers = texts(&case["complete_with"]);
        let holder = Holder::of(name, &[]);
        let trust = trusted(&folder);
        let more: Vec<&str> = trust.iter().flat_map(|trust| ["--trust", trust.to_str().unwrap()]).collect();
        for (left, signer) in (0..signers.len()).rev().zip(&signers) {
            holder.token(signer, &[signer]);
            let said = holder.sign(&format!("pkcs11:token={signer}"), &more).sign();
            let complete = said.contains("Complete: every threshold is met");
            assert_eq!(complete, left == 0, "{name}, {signer}: {said}");
        }
        let done = holder.desk.run(["finalize", "--json", "--out", "final", BUNDLE]).good().json();
        let text = read(&holder.desk.path(done["files"][0]["file"].as_str().unwrap()));
        let of_final = metadata(text);
        assert_eq!(of_final.payload().to_string(), case["drafts"][0]["payload_sha256"], "{name}");
        let entries = of_final.entries().unwrap();
        let found = |keyid: &str| {
            let entry =
                entries.iter().find(|e| e.keyid == keyid).unwrap_or_else(|| panic!("{name}: {keyid}"));
            hex::encode(entry.signature.as_ref().unwrap())
        };
        let (recorded, alike_everywhere) =
            (&case["signatures_of_complete_with"], texts(&case["deterministic"]));
        for signer in &signers {
            let keyid = holder.keyid(signer);
            let same = found(&keyid) == recorded[&keyid].as_str().unwrap();
            let deterministic = alike_everywhere.contains(&keyid);
            assert!(same || !deterministic, "{name}, {signer}");
            alike += usize::from(deterministic);
        }
        completed += 1;
    }
    // All but the two; the other six signatures are by ECDSA and PSS, which sign with chance.
    assert_eq!((completed, alike), (14, 24));
}

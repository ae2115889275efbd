//! Bundles that were torn, changed, or come from elsewhere: refused by every verb that reads one.

use std::path::PathBuf;

use crate::bad_input::{BUNDLES, desk, refuses};
use crate::refusal::refused;
use crate::stage::{Desk, corpus, read};

#[test]
fn a_bundle_of_another_format_version_is_named() {
    let desk = desk();
    let good = String::from_utf8(read(&desk.path("good.bundle.json"))).unwrap();
    for (format, says) in [("2", "a bundle of format 2"), ("0", "a bundle of format 0"), ("\"1\"", "format")]
    {
        desk.put("bad.json", good.replacen("\"format\": 1", &format!("\"format\": {format}"), 1));
        for verb in &BUNDLES {
            refuses(&desk, verb, "bad.json", 1, says);
        }
    }
}

#[test]
fn a_metadata_file_is_no_bundle() {
    let desk = desk();
    for verb in &BUNDLES {
        refuses(&desk, verb, "draft.json", 1, "it has no _type \"tuf-ceremony-bundle\"");
    }
    desk.put("close.json", r#"{"_type": "tuf-ceremony-close"}"#);
    for verb in &BUNDLES {
        refuses(&desk, verb, "close.json", 1, "its _type is \"tuf-ceremony-close\"");
    }
}

#[test]
fn a_torn_bundle_is_refused_wherever_it_was_torn() {
    let desk = desk();
    let good = read(&desk.path("good.bundle.json"));
    for length in (1..good.len()).step_by(211).chain([good.len() - 1]) {
        desk.put("bad.json", &good[..length]);
        let told = refused(&desk.run(["status", "bad.json"]), 1);
        assert!(told.error.contains("refused as a bundle"), "{told:?}");
    }
    // Without the final newline it is JSON, and still not the text that was written.
    desk.put("bad.json", &good[..good.len() - 1]);
    refuses(&desk, BUNDLES[0], "bad.json", 1, "not written as a bundle is written");
    desk.put("bad.json", &good[..good.len() / 2]);
    for verb in &BUNDLES {
        refuses(&desk, verb, "bad.json", 1, "line");
    }
}

#[test]
fn a_bundle_changed_by_one_byte_is_refused_wherever_it_was_changed() {
    let desk = desk();
    let good = read(&desk.path("good.bundle.json"));
    let before = desk.listing().len();
    let mut tried = 0;
    for at in (0..good.len()).step_by(61) {
        for flip in [0x01, 0x20] {
            let mut changed = good.clone();
            changed[at] ^= flip;
            desk.put("bad.json", &changed);
            let told = refused(&desk.run(["status", "bad.json"]), 1);
            assert!(told.error.contains("refused as a bundle"), "{at}: {told:?}");
            assert!(!told.because.is_empty(), "{at}: {told:?}");
            tried += 1;
        }
    }
    assert!(tried > 200, "{tried}");
    assert_eq!(desk.listing().len(), before + 1);
    let text = String::from_utf8(good).unwrap();
    desk.put("bad.json", text.replacen("2040-", "2041-", 1));
    for verb in &BUNDLES {
        refuses(&desk, verb, "bad.json", 1, "it was changed after it was written");
    }
}

#[test]
fn bundles_of_different_documents_do_not_merge_in_either_order() {
    let desk = desk();
    let other = corpus("partial/first-3of5-ed25519-2sigs/draft.json");
    desk.import("other.json", &[other], None).good();
    let says = "different documents";
    refuses(&desk, &["merge", "--out", "out.json", "good.bundle.json", "@"], "other.json", 1, says);
    refuses(&desk, &["merge", "--out", "out.json", "@", "good.bundle.json"], "other.json", 1, says);
}

/// A bundle whose draft is over 8 MiB, so that it travels beside it.
fn with_beside() -> (Desk, PathBuf) {
    let desk = desk();
    let draft = String::from_utf8(read(&corpus("partial/first-3of5-ed25519-0sigs/draft.json"))).unwrap();
    let filler = format!("\"_type\": \"root\", \"x-filler\": \"{}\"", "a".repeat(9 << 20));
    desk.put("large.json", draft.replacen("\"_type\": \"root\"", &filler, 1));
    let done = desk.import("large.bundle.json", &["large.json".into()], None).good().json();
    let beside = desk.path(done["written"][0].as_str().unwrap());
    assert!(beside.extension().is_some_and(|e| e == "payload"), "{}", beside.display());
    (desk, beside)
}

#[test]
fn a_large_draft_travels_beside_its_bundle_and_is_missed_when_it_does_not() {
    let (desk, beside) = with_beside();
    assert!(read(&desk.path("large.bundle.json")).len() < 10_000);
    desk.run(["status", "large.bundle.json"]).good();
    std::fs::create_dir(desk.path("elsewhere")).unwrap();
    desk.run(["merge", "--out", "elsewhere/merged.json", "large.bundle.json"]).good();
    desk.run(["status", "elsewhere/merged.json"]).good();
    std::fs::remove_file(&beside).unwrap();
    let verbs = BUNDLES.iter().filter(|verb| verb[0] != "merge");
    for verb in verbs {
        refuses(&desk, verb, "large.bundle.json", 1, "must lie beside the bundle and does not");
    }
    desk.put(&beside, "{}");
    refuses(&desk, BUNDLES[0], "large.bundle.json", 1, "is not the one that belongs to it");
    std::fs::remove_file(&beside).unwrap();
    std::fs::create_dir(&beside).unwrap();
    refuses(&desk, BUNDLES[0], "large.bundle.json", 5, "is a folder, not a regular file");
}

#[test]
fn a_name_beside_the_bundle_that_is_taken_by_another_file_is_left_alone() {
    let (desk, beside) = with_beside();
    std::fs::remove_file(desk.path("large.bundle.json")).unwrap();
    std::fs::write(&beside, "somebody's own").unwrap();
    refuses(&desk, &["import", "--out", "large.bundle.json", "@"], "large.json", 5, "exists already");
}

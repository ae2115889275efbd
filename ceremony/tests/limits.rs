//! Every cap of `limits.rs` at its value and past it (MODEL 28), and the page that repeats the table.
//!
//! Elsewhere: depth, digits and the size of a document in `canonical.rs`; the sizes of a bundle and of a document in it in
//! `bundle/beside.rs`; sources' length and the number of files in `bundle/counting.rs`; a small file where files are read;
//! a plan and its texts in `plan/fields.rs`, a key card in `card.rs`, those of a transcript in `transcript/chain.rs`; machines and files of a
//! ceremony in `bundle/ceremonies.rs`, a holder's log in `holder_log.rs`; the files of a
//! folder in the root package, `src/dossier/inventory/tests.rs`.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test stops at the first surprise")]

#[path = "mint/by_hand.rs"]
mod by_hand;
#[path = "mint/mint.rs"]
mod mint;

use std::fmt::Write as _;
use std::path::Path;

use by_hand::{draft, inside, signature, whole};
use mint::Key;
use tuf_ceremony::bundle::{Bundle, BundleFault, Unchecked};
use tuf_ceremony::dialect::{Foreign, ForeignFault};
use tuf_ceremony::document::{Document, ReadProblem};
use tuf_ceremony::draft::{Draft, DraftFault};
use tuf_ceremony::key::PublicKey;
use tuf_ceremony::layout::Plain;
use tuf_ceremony::limits::{self, Limit};
use tuf_ceremony::metadata::{EntryFault, Metadata, ShapeFault};

const TABLE: [(&str, Limit); 38] = [
    ("DOCUMENT", limits::DOCUMENT),
    ("BUNDLE", limits::BUNDLE),
    ("EMBEDDED", limits::EMBEDDED),
    ("SMALL_FILE", limits::SMALL_FILE),
    ("DEPTH", limits::DEPTH),
    ("NODES", limits::NODES),
    ("INTEGER_DIGITS", limits::INTEGER_DIGITS),
    ("HOLDER_LOG", limits::HOLDER_LOG),
    ("SIGNATURES", limits::SIGNATURES),
    ("KEYS", limits::KEYS),
    ("LISTED_KEYS", limits::LISTED_KEYS),
    ("ROLE_TEXT", limits::ROLE_TEXT),
    ("OWNER", limits::OWNER),
    ("DELEGATIONS", limits::DELEGATIONS),
    ("SIGNATURE_HEX", limits::SIGNATURE_HEX),
    ("PUBLIC_KEY_TEXT", limits::PUBLIC_KEY_TEXT),
    ("ROLE_NAME", limits::ROLE_NAME),
    ("FILES", limits::FILES),
    ("DRAFTS", limits::DRAFTS),
    ("DOCUMENTS", limits::DOCUMENTS),
    ("DRAFT_SIGNATURES", limits::DRAFT_SIGNATURES),
    ("CHAINS", limits::CHAINS),
    ("BUNDLE_FILES", limits::BUNDLE_FILES),
    ("SOURCE", limits::SOURCE),
    ("SOURCES", limits::SOURCES),
    ("KEPT_SIGNATURES", limits::KEPT_SIGNATURES),
    ("TARGET_FILES", limits::TARGET_FILES),
    ("PLAN", limits::PLAN),
    ("NAME", limits::NAME),
    ("LINE", limits::LINE),
    ("REASON", limits::REASON),
    ("CARD", limits::CARD),
    ("ATTESTATION", limits::ATTESTATION),
    ("ATTESTATION_ROOTS", limits::ATTESTATION_ROOTS),
    ("TRANSCRIPT_LINE", limits::TRANSCRIPT_LINE),
    ("TRANSCRIPT_LINES", limits::TRANSCRIPT_LINES),
    ("TRANSCRIPT", limits::TRANSCRIPT),
    ("FOLDER", limits::FOLDER),
];

fn page(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

#[test]
fn the_page_of_the_canonical_form_has_every_cap_and_no_other() {
    let source = page("ceremony/src/limits.rs");
    let constants = source.split("pub const ").skip(1).filter_map(|c| Some(c.split_once(": Limit =")?.0));
    let names: Vec<&str> = TABLE.iter().map(|(name, _)| *name).collect();
    assert_eq!(constants.collect::<Vec<_>>(), names);
    let page = page("docs/spec/canonical.md");
    let rows: Vec<&str> = page.lines().filter(|l| l.starts_with("| `")).collect();
    let wanted = TABLE.map(|(name, l)| format!("| `{name}` | {} | {} | {} |", l.of, l.most, l.unit));
    assert_eq!(rows, wanted);
}

#[test]
fn as_many_values_as_the_cap_are_read_and_one_more_is_refused() {
    let list = |values: usize| [b"[".to_vec(), b"1,".repeat(values - 2), b"1]".to_vec()].concat();
    let document = Document::read(list(limits::NODES.most)).unwrap();
    assert_eq!(document.root().array().unwrap().count(), limits::NODES.most - 1);
    drop(document);
    let past = Document::read(list(limits::NODES.most + 1)).unwrap_err();
    assert_eq!(past.problem, ReadProblem::Past(limits::NODES));
}

fn entries(count: usize, sig: &str) -> String {
    let mut text = String::from("[");
    for number in 0..count {
        write!(text, "{{\"keyid\":\"{number}\",\"sig\":\"{sig}\"}},").unwrap();
    }
    text.pop();
    text + "]"
}

#[test]
fn as_many_signature_entries_as_the_cap_are_read_and_one_more_is_refused() {
    let with = |count| {
        mint::text(&format!("{{\"signatures\":{},\"signed\":{}}}", entries(count, ""), mint::targets(1, &[])))
    };
    let most = limits::SIGNATURES.most;
    assert_eq!(with(most).entries().unwrap().len(), most);
    assert_eq!(with(most + 1).check_shape(), Err(ShapeFault::Past(limits::SIGNATURES)));
    let loose = |count| Foreign::of(Document::read(entries(count, "00").into_bytes()).unwrap());
    assert_eq!(loose(most).unwrap().loose.unwrap().entries().len(), most);
    assert_eq!(loose(most + 1).unwrap_err(), ForeignFault::Shape(ShapeFault::Past(limits::SIGNATURES)));
}

#[test]
fn a_signature_as_long_as_the_cap_is_read_and_a_longer_one_is_none() {
    let with = |digits: usize| {
        let entry = entries(1, &"0".repeat(digits));
        mint::text(&format!("{{\"signatures\":{entry},\"signed\":{}}}", mint::targets(1, &[])))
    };
    let (at, past) = (with(limits::SIGNATURE_HEX.most), with(limits::SIGNATURE_HEX.most + 2));
    assert_eq!(at.entries().unwrap()[0].signature.as_ref().unwrap().len(), limits::SIGNATURE_HEX.most / 2);
    assert_eq!(past.entries().unwrap()[0].signature, Err(EntryFault::TooLong));
}

/// A root whose table has so many keys, all of which sign for root if `listed`.
fn root_with(keys: usize, listed: usize) -> Metadata {
    let o = Key::ed25519("o");
    let mut table = mint::table(&[&o]);
    table.pop();
    (1..keys).for_each(|n| write!(table, ",\"{n}\":{{}}").unwrap());
    let ids: Vec<String> = (0..listed).map(|n| format!("\"{n}\"")).collect();
    let root = format!("\"keyids\":[{}],\"threshold\":1", ids.join(","));
    let other = mint::role(&[&o], 1);
    mint::metadata(&mint::root_of(1, &(table + "}"), &root, &other, &other))
}

#[test]
fn as_many_keys_as_the_cap_are_read_in_a_table_and_in_a_role_and_one_more_is_refused() {
    let most = limits::KEYS.most;
    assert_eq!(root_with(most, most).check_shape(), Ok(()));
    assert_eq!(root_with(most + 1, 1).check_shape(), Err(ShapeFault::Past(limits::KEYS)));
    assert_eq!(root_with(1, most + 1).check_shape(), Err(ShapeFault::Past(limits::KEYS)));
}

fn delegating(names: impl Iterator<Item = String>) -> Metadata {
    let key = Key::ed25519("delegated");
    let role = mint::role(&[&key], 1);
    let entry = |name| format!(r#"{{{role},"name":"{name}","paths":[],"terminating":false}}"#);
    let roles: Vec<String> = names.map(entry).collect();
    let delegations = format!(
        "{{\"delegations\":{{\"keys\":{},\"roles\":[{}]}},\"_type\"",
        mint::table(&[&key]),
        roles.join(",")
    );
    mint::metadata(&mint::targets(1, &[]).replacen("{\"_type\"", &delegations, 1))
}

#[test]
fn as_many_delegated_roles_as_the_cap_are_read_and_one_more_is_refused() {
    let with = |count: usize| delegating((0..count).map(|n| n.to_string())).check_shape();
    assert_eq!(with(limits::DELEGATIONS.most), Ok(()));
    assert_eq!(with(limits::DELEGATIONS.most + 1), Err(ShapeFault::Past(limits::DELEGATIONS)));
}

#[test]
fn as_many_key_ids_over_all_roles_as_the_cap_are_read_and_one_more_is_refused() {
    let most = limits::KEYS.most;
    let ids = |count: usize| (0..count).map(|id| format!("\"{id}\"")).collect::<Vec<_>>().join(",");
    // The last role has one key id in either case; the one before it has one less or the full number.
    let roles = |before_last: usize| {
        let full = limits::LISTED_KEYS.most / most - 1;
        std::iter::repeat_n(most, full).chain([before_last, 1]).map(ids).enumerate()
    };
    let root = |before_last: usize| {
        let role = |(name, ids)| format!(r#""{name}":{{"keyids":[{ids}],"threshold":1}}"#);
        let roles = roles(before_last).map(role).collect::<Vec<_>>().join(",");
        mint::metadata(&format!(r#"{{"_type":"root","keys":{{}},"roles":{{{roles}}},"version":1}}"#))
    };
    let targets = |before_last: usize| {
        let role = |(name, ids)| {
            format!(r#"{{"keyids":[{ids}],"name":"{name}","paths":[],"terminating":false,"threshold":1}}"#)
        };
        let roles = roles(before_last).map(role).collect::<Vec<_>>().join(",");
        mint::metadata(&format!(
            r#"{{"_type":"targets","delegations":{{"keys":{{}},"roles":[{roles}]}},"targets":{{}},"version":1}}"#
        ))
    };
    for (last_fit, past) in [(root(most - 1), root(most)), (targets(most - 1), targets(most))] {
        assert_eq!(last_fit.check_shape(), Ok(()));
        assert_eq!(past.check_shape(), Err(ShapeFault::Past(limits::LISTED_KEYS)));
    }
}

#[test]
fn a_role_in_a_document_is_named_in_as_many_bytes_as_the_cap_and_one_more_is_refused() {
    let with = |bytes: usize| delegating(std::iter::once("r".repeat(bytes))).check_shape();
    assert_eq!(with(limits::ROLE_TEXT.most), Ok(()));
    assert_eq!(with(limits::ROLE_TEXT.most + 1), Err(ShapeFault::Past(limits::ROLE_TEXT)));
}

#[test]
fn a_holders_name_as_long_as_the_cap_is_told_and_a_longer_one_is_not() {
    let owner = |bytes: usize| {
        let claim = format!(r#"{{"x-tuf-on-ci-keyowner":"{}"}}"#, "o".repeat(bytes));
        let role = r#""keyids":["k"],"threshold":1"#;
        let root = mint::metadata(&mint::root_of(1, &format!("{{\"k\":{claim}}}"), role, role, role));
        root.root().unwrap().keys[0].owner.as_ref().map(String::len)
    };
    assert_eq!(owner(limits::OWNER.most), Some(limits::OWNER.most));
    assert_eq!(owner(limits::OWNER.most + 1), None);
}

#[test]
fn a_key_that_cannot_count_says_so_in_few_words_however_long_its_own_are() {
    let long = "A".repeat(1 << 20);
    for (keytype, scheme) in [(long.as_str(), "x"), ("ed25519", long.as_str()), (&long, "ed25519")] {
        let problem = PublicKey::read(keytype, Some(scheme), "").unwrap_err();
        assert!(problem.to_string().len() < 1000);
    }
}

#[test]
fn a_role_name_as_long_as_the_cap_is_taken_and_a_longer_one_is_refused() {
    let with = |bytes: usize| Draft::of(mint::metadata(&mint::targets(1, &[])), Some(&"r".repeat(bytes)));
    assert!(with(limits::ROLE_NAME.most).is_ok());
    assert!(matches!(with(limits::ROLE_NAME.most + 1), Err(DraftFault::RoleName { .. })));
}

fn judged(text: String) -> Result<Bundle, BundleFault> {
    Unchecked::read(text.into_bytes())?.check(|_| None)
}

#[test]
fn as_many_drafts_as_the_cap_are_read_and_one_more_is_refused() {
    let with = |count: usize| {
        let above = delegating((0..count).map(|n| format!("r{n}")));
        let below: Vec<Metadata> =
            (0..count).map(|n| mint::metadata(&mint::targets(1, &[&format!("{n}")]))).collect();
        let mut drafts: Vec<(String, Plain)> = below
            .iter()
            .enumerate()
            .map(|(n, m)| (m.payload().to_string(), draft(m, &format!("r{n}"), Some(&above), None, vec![])))
            .collect();
        drafts.sort_by(|a, b| a.0.cmp(&b.0));
        let documents = below.iter().chain([&above]).map(inside).collect();
        judged(whole(documents, drafts.into_iter().map(|(_, plain)| plain).collect()))
    };
    assert_eq!(with(limits::DRAFTS.most).unwrap().parts().count(), limits::DRAFTS.most);
    assert_eq!(
        with(limits::DRAFTS.most + 1).unwrap_err(),
        BundleFault::Shape(ShapeFault::Past(limits::DRAFTS))
    );
}

#[test]
fn as_many_documents_as_the_cap_are_looked_at_and_one_more_is_refused() {
    let with = |count: u64| {
        let all: Vec<Metadata> =
            (0..count).map(|n| mint::metadata(&mint::targets(1, &[&n.to_string()]))).collect();
        judged(whole(all.iter().map(inside).collect(), vec![])).unwrap_err()
    };
    let most = limits::DOCUMENTS.most as u64;
    assert_eq!(with(most), BundleFault::NoDraft);
    assert_eq!(with(most + 1), BundleFault::Shape(ShapeFault::Past(limits::DOCUMENTS)));
}

#[test]
fn as_many_signatures_as_the_cap_are_looked_at_and_one_more_is_refused() {
    let key = Key::ed25519("a");
    let root = mint::metadata(&mint::root(1, &[&key], 1, &key));
    let with = |count: usize| {
        let signatures = vec![signature(&key, b"none", &["file:x"]); count];
        judged(whole(vec![inside(&root)], vec![draft(&root, "root", None, None, signatures)])).unwrap_err()
    };
    assert!(matches!(with(limits::DRAFT_SIGNATURES.most), BundleFault::Signature { .. }));
    assert_eq!(
        with(limits::DRAFT_SIGNATURES.most + 1),
        BundleFault::Shape(ShapeFault::Past(limits::DRAFT_SIGNATURES))
    );
}

#[test]
fn as_many_sources_and_signatures_of_one_key_as_the_caps_are_kept_and_one_more_is_refused() {
    let key = Key::p256("b");
    let root = mint::metadata(&mint::root(1, &[&key], 1, &Key::ed25519("o")));
    let message = tuf_ceremony::canonical::bytes(root.signed().view());
    let with = |signatures: u64, sources: usize| {
        let sources: Vec<String> = (0..sources).map(|n| format!("file:{n:02}")).collect();
        let sources: Vec<&str> = sources.iter().map(String::as_str).collect();
        let mut bytes: Vec<Vec<u8>> = (0..signatures).map(|nonce| key.sign(&message, nonce + 1)).collect();
        bytes.sort();
        let signatures = bytes.iter().map(|b| signature(&key, b, &sources)).collect();
        judged(whole(vec![inside(&root)], vec![draft(&root, "root", None, None, signatures)]))
    };
    let kept = limits::KEPT_SIGNATURES.most as u64;
    let bundle = with(kept, limits::SOURCES.most).unwrap();
    assert_eq!(bundle.parts().next().unwrap().signatures().all().count() as u64, kept);
    assert_eq!(
        with(1, limits::SOURCES.most + 1).unwrap_err(),
        BundleFault::Shape(ShapeFault::Past(limits::SOURCES))
    );
    assert_eq!(with(kept + 1, 1).unwrap_err(), BundleFault::NotOurText);
}

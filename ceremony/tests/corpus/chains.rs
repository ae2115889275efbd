//! Every published chain: tallies, per-signature verdicts, payload digests.

use serde_json::Value;
use tuf_ceremony::chain::{self, Reason, Step};
use tuf_ceremony::document::{Document, ReadProblem};
use tuf_ceremony::keyset::Verdict;
use tuf_ceremony::metadata::{Metadata, RoleType};

use super::{expectations, folders, read};

/// Where ours differs on purpose. Each line is one file, and why.
const DIFFERENT: [(&str, &str, &str); 1] = [(
    "tough-duplicate-keyid",
    "1.root.json",
    "the file holds one name twice in signed.keys: a lenient reader keeps the last, ours refuses the file (MODEL 26)",
)];

fn root(path: &std::path::Path) -> Result<Metadata, Reason> {
    Ok(Metadata::of(Document::read(read(path))?.into())?)
}

fn word(verdict: &Verdict) -> &'static str {
    match verdict.word() {
        "bad-signature" => "bad signature",
        "not-in-role" => "not a key of the role",
        other => other,
    }
}

fn compare(name: &str, want: &Value, root: &Metadata, step: &Step) {
    let at = format!("{name} {}", want["file"]);
    assert_eq!(root.payload().to_string(), want["canonical_signed_sha256"].as_str().unwrap(), "{at}");
    assert_eq!(Some(root.payload_bytes()), want["canonical_signed_bytes"].as_u64(), "{at}");
    assert_eq!(step.version, want["version"].as_u64(), "{at}");
    let tally = |t: &tuf_ceremony::keyset::Tally| (Some(t.valid()), Some(t.threshold));
    let number = |field: &str| want[field].as_u64();
    assert_eq!(step.new.as_ref().map(tally), Some((number("new_valid"), number("new_threshold"))), "{at}");
    let old = number("old_threshold").map(|t| (number("old_valid"), Some(t)));
    assert_eq!(step.old.as_ref().map(tally), old, "{at}");
    assert_eq!(step.is_ok(), want["step_ok"].as_bool().unwrap(), "{at}: {:?}", step.reasons);
    let entries = want["signatures"].as_array().unwrap();
    assert_eq!(step.entries.len(), entries.len(), "{at}");
    for (entry, want) in step.entries.iter().zip(entries) {
        assert_eq!(entry.keyid, want["keyid"].as_str().unwrap(), "{at}");
        assert_eq!(word(&entry.new), want["new"].as_str().unwrap(), "{at} {}", entry.keyid);
        assert_eq!(entry.old.as_ref().map(word), want["old"].as_str(), "{at} {}", entry.keyid);
    }
    let mismatched: Vec<&str> =
        step.findings.iter().filter(|f| f.control.code() == "key-id").map(|f| f.about.as_str()).collect();
    for keyid in want["keyid_mismatches"].as_array().unwrap() {
        let keyid = keyid.as_str().or_else(|| keyid["keyid"].as_str()).unwrap();
        assert!(mismatched.contains(&keyid), "{at}: {keyid} in {mismatched:?}");
    }
    for field in super::texts(&want["unknown_signed_fields"]) {
        let noticed = step.findings.iter().any(|f| f.control.code() == "unknown-field" && f.about == field);
        assert!(noticed, "{at}: {field}");
    }
}

#[test]
fn every_chain_has_the_recorded_tallies_and_verdicts() {
    let mut judged = 0;
    for folder in folders("chains", 22) {
        let expected = expectations(&folder.join("chain.json"));
        let name = expected["name"].as_str().unwrap();
        let versions = expected["versions"].as_array().unwrap();
        let roots: Vec<_> =
            versions.iter().map(|v| root(&folder.join(v["file"].as_str().unwrap()))).collect();
        let steps = chain::judge(&roots, None);
        for ((want, root), step) in versions.iter().zip(&roots).zip(&steps) {
            let file = want["file"].as_str().unwrap();
            if DIFFERENT.iter().any(|(n, f, _)| (*n, *f) == (name, file)) {
                let duplicate = |r: &Reason| matches!(r, Reason::Read(f) if matches!(f.problem, ReadProblem::DuplicateName { .. }));
                assert!(step.reasons.iter().any(duplicate), "{name}");
            } else {
                compare(name, want, root.as_ref().unwrap(), step);
            }
            judged += 1;
        }
    }
    assert_eq!(judged, 61);
}

#[test]
fn a_gap_a_step_back_and_an_expired_end_do_not_hold() {
    let folder = super::corpus("chains/sigstore-v1-v5");
    let [one, two, three] = [1, 2, 3].map(|n| root(&folder.join(format!("{n}.root.json"))));
    let gap = chain::judge(&[one.clone(), three.clone()], None);
    assert!(gap[1].reasons.contains(&Reason::Version { found: 3, wanted: 2 }));
    let back = chain::judge(&[two.clone(), one.clone()], None);
    assert!(back[1].reasons.contains(&Reason::Version { found: 1, wanted: 3 }));
    let at = |text: &str| tuf_ceremony::time::Moment::parse_date_or_moment(text).unwrap();
    let early = chain::judge(&[one.clone(), two.clone()], Some(&at("2022-05-11")));
    assert!(early.iter().all(Step::is_ok), "an expired step before the last does not matter");
    let late = chain::judge(&[one, two], Some(&at("2022-05-12")));
    assert!(late[0].is_ok() && matches!(late[1].reasons[..], [Reason::Expired { .. }]));
}

#[test]
fn after_a_file_that_cannot_be_read_nothing_is_judged() {
    let folder = super::corpus("chains/sigstore-v1-v5");
    let torn = Document::read(&b"{\"signed\":"[..]).map(|_| unreachable!()).map_err(Reason::from);
    let steps = chain::judge(&[torn, root(&folder.join("2.root.json"))], None);
    assert!(matches!(steps[0].reasons[..], [Reason::Read(_)]));
    assert_eq!(steps[1].reasons, [Reason::NothingBefore]);
}

#[test]
fn a_targets_document_is_no_root_even_if_it_delegates_to_a_role_called_root() {
    let draft = String::from_utf8(read(&super::corpus("partial/targets-3of5-2sigs/draft.json"))).unwrap();
    let delegates = draft.replacen("\"name\": \"", "\"name\": \"root\", \"x-was\": \"", 1);
    assert_ne!(draft, delegates);
    let targets =
        || Ok(Metadata::of(Document::read(delegates.clone().into_bytes()).unwrap().into()).unwrap());
    let second = root(&super::corpus("chains/sigstore-v1-v5/2.root.json"));
    let steps = chain::judge(&[targets(), second], None);
    assert_eq!(steps[0].reasons, [Reason::NotARoot { found: RoleType::Targets }]);
    assert_eq!((steps[0].version, &steps[1].reasons[..]), (None, &[Reason::NothingBefore][..]));
}

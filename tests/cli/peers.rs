//! Other people's code, judging what was finalized here: every final file of the corpus.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::collect::Final;
use crate::stage::{Desk, corpus, top};
use crate::{collect, events};

/// A final file that a peer cannot read or use: the file, the peer, its own words, and why. It must still be so: an entry
/// that is no longer needed fails as well.
const EXCEPTIONS: [(&str, &str, &str, &str); 12] = [
    ("partial/rstuf-sign-payload", "tough", "Invalid key ID", NAMED_KEYS),
    ("events/sigstore-root-v1-6b42ba33", "python-tuf", "does not match format", OTHER_DATES),
    ("events/sigstore-root-v1-6b42ba33", "tough", "0 valid signatures", OFFSET),
    ("events/sigstore-root-v1-eca99c3f", "python-tuf", "does not match format", OTHER_DATES),
    ("events/sigstore-root-v1-eca99c3f", "tough", "0 valid signatures", OFFSET),
    ("events/sigstore-root-v2-d25a6abc", "python-tuf", "does not match format", OTHER_DATES),
    (
        "events/sigstore-root-v2-d25a6abc",
        "tough",
        "the root before it: Signature threshold of 3 not met",
        OFFSET,
    ),
    ("events/sigstore-root-v3-b291fcf5", "python-tuf", "does not match format", OTHER_DATES),
    ("events/sigstore-root-v5-07aa80d9", "python-tuf", "the root before it: Unsigned", HEX_POINTS),
    ("events/sigstore-root-v5-84793106", "python-tuf", "the root before it: Unsigned", HEX_POINTS),
    ("events/staging-root-v5-3be215d0", "tough", "Invalid key ID", NAMED_KEYS),
    ("events/staging-root-v6-1729aef4", "tough", "Invalid key ID", NAMED_KEYS),
];

const NAMED_KEYS: &str = "RSTUF and early tuf-on-ci put names into key objects and compute key ids without them; tough takes the whole object";
const OTHER_DATES: &str =
    "the expiry has a fraction of a second or an offset; python-tuf reads whole seconds in Z only";
const OFFSET: &str =
    "the expiry of version 1 has an offset; tough writes the signed part again in UTC before it verifies";
const HEX_POINTS: &str =
    "the keys of version 4 stand as hexadecimal points; python-tuf reads them and cannot use them";

/// A peer and how it is called.
pub struct Judge {
    name: &'static str,
    command: Vec<PathBuf>,
}

/// The interpreter that has python-tuf.
pub fn python() -> PathBuf {
    top().join("tests/peers/.venv/bin/python")
}

/// Both, or a word on what to run first.
pub fn judges() -> [Judge; 2] {
    let peers = top().join("tests/peers");
    let python = vec![python(), peers.join("python/judge.py")];
    let tough = vec![peers.join("tough/target/release/judge-tough")];
    let judges = [("python-tuf", python), ("tough", tough)].map(|(name, command)| Judge { name, command });
    for judge in &judges {
        for path in &judge.command {
            assert!(path.exists(), "{} is missing: run tests/peers/install first", path.display());
        }
    }
    judges
}

impl Judge {
    /// Whose code it is.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The verdict on each file named, as far as it judges.
    pub fn lines(&self, arguments: &[&Path]) -> Vec<Value> {
        let mut command = Command::new(&self.command[0]);
        let done = command.args(&self.command[1..]).args(arguments).output().unwrap();
        let said = String::from_utf8(done.stdout).unwrap();
        assert!(!said.is_empty(), "{}: {:?}", self.name, String::from_utf8_lossy(&done.stderr));
        said.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The verdict on the last file named.
    pub fn says(&self, arguments: &[&Path]) -> Value {
        self.lines(arguments).pop().expect("a judge says something")
    }

    fn judge(&self, done: &Final) -> Value {
        match (&done.trusted, done.role.as_str()) {
            (None, _) => self.says(&[Path::new("root-chain"), &done.file]),
            (Some(before), "root") => self.says(&[Path::new("root-chain"), before, &done.file]),
            (Some(root), role) => self.says(&[Path::new("delegate"), root, &done.file, Path::new(role)]),
        }
    }
}

#[test]
fn python_tuf_and_tough_accept_every_final_file_that_they_can_read() {
    let judges = judges();
    let desk = Desk::new();
    let mut finals = collect::finals(&desk);
    finals.extend(events::finals(&desk));
    assert_eq!(finals.len(), 15 + 10);
    let mut surprises = Vec::new();
    for (done, judge) in finals.iter().flat_map(|done| judges.iter().map(move |judge| (done, judge))) {
        let line = judge.judge(done);
        let (ok, why) = (line["ok"] == true, line["why"].as_str().unwrap());
        let at = format!("{}, {}: {why}", done.name, judge.name);
        match EXCEPTIONS.iter().find(|(n, peer, ..)| (*n, *peer) == (done.name.as_str(), judge.name)) {
            None if ok => {}
            None => surprises.push(at),
            Some(_) if ok => surprises.push(format!("{at} can be taken off the list")),
            Some((.., said, _)) if !why.contains(said) => surprises.push(at),
            Some(_) if why.starts_with("the root before it") => {
                let alone = judge.says(&[Path::new("root-chain"), &done.file]);
                assert_eq!(alone["ok"], true, "{at}; by its own keys: {alone}");
            }
            Some(_) => {}
        }
    }
    assert!(surprises.is_empty(), "{}", surprises.join("\n"));
    let known = |(name, ..): &(&str, &str, &str, &str)| finals.iter().any(|done| done.name == *name);
    assert!(EXCEPTIONS.iter().all(known), "an exception is for a file that is not there");
}

#[test]
fn the_peers_refuse_what_was_not_finalized() {
    let draft = corpus("partial/first-3of5-ed25519-2sigs/draft.json");
    for judge in judges() {
        let line = judge.says(&[Path::new("root-chain"), &draft]);
        assert_eq!((&line["parsed"], &line["ok"]), (&true.into(), &false.into()), "{}", judge.name);
    }
}

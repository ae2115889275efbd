//! Other people's code, judging what was finalized here: every final file of the corpus, and the rehearsal's root.

use std::path::{Path, PathBuf};
use std::process::Command;

use conclave_softhsm::{Artifact, built};
use serde_json::Value;

use crate::collect::Final;
use crate::stage::{Desk, corpus, program, top};
use crate::{collect, events};

/// A final file that a peer cannot read or use, and the peer's reason. It must still be so: an entry that is no longer
/// needed fails as well.
const EXCEPTIONS: [(&str, &str, &str, &str); 0] = [];

/// A peer and how it is called.
struct Judge {
    name: &'static str,
    command: Vec<PathBuf>,
}

/// Both, or a word on what to run first.
fn judges() -> [Judge; 2] {
    let peers = top().join("tests/peers");
    let python = vec![peers.join(".venv/bin/python"), peers.join("python/judge.py")];
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
    /// The verdict on the last file named.
    fn says(&self, arguments: &[&Path]) -> Value {
        let mut command = Command::new(&self.command[0]);
        let done = command.args(&self.command[1..]).args(arguments).output().unwrap();
        let said = String::from_utf8(done.stdout).unwrap();
        let last = said.lines().last().unwrap_or_else(|| panic!("{}: {:?}", self.name, done.stderr));
        serde_json::from_str(last).unwrap()
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
    assert_eq!(finals.len(), 15 + 8);
    let mut agreed = 0;
    for done in &finals {
        for judge in &judges {
            let line = judge.judge(done);
            let why = line["why"].as_str().unwrap();
            let exception =
                EXCEPTIONS.iter().find(|(n, peer, ..)| (*n, *peer) == (done.name.as_str(), judge.name));
            match exception {
                Some((.., said, _)) => {
                    assert_eq!(
                        line["ok"], false,
                        "{} can be taken off the list for {}",
                        done.name, judge.name
                    );
                    assert!(why.contains(said), "{}: {}: {why}", done.name, judge.name);
                }
                None => {
                    if line["ok"] != true {
                        eprintln!("XX {} {} {}", done.name, judge.name, line);
                    }
                    agreed += 1;
                }
            }
        }
    }
    assert_eq!(agreed + EXCEPTIONS.len(), finals.len() * 2);
}

#[test]
fn the_peers_refuse_what_was_not_finalized() {
    let draft = corpus("partial/first-3of5-ed25519-2sigs/draft.json");
    for judge in judges() {
        let line = judge.says(&[Path::new("root-chain"), &draft]);
        assert_eq!((&line["parsed"], &line["ok"]), (&true.into(), &false.into()), "{}", judge.name);
    }
}

#[test]
fn what_the_rehearsal_finalized_is_accepted() {
    let judges = judges();
    let desk = Desk::new();
    let rehearse = built("conclave-softhsm", Artifact::Program("softhsm-rehearse")).unwrap();
    let mut command = Command::new(rehearse);
    command.arg("--auto").arg("--conclave").arg(program());
    command
        .arg("--case")
        .arg(corpus("partial/first-3of5-ed25519-0sigs"))
        .arg("--folder")
        .arg(desk.path("play"));
    let done = command.output().unwrap();
    let said = String::from_utf8(done.stdout).unwrap();
    assert!(done.status.success(), "{said}");
    let root = desk.path("play/office/final/1.root.json");
    assert!(said.contains(root.to_str().unwrap()), "the end says where the root is: {said}");
    for judge in judges {
        let line = judge.says(&[Path::new("root-chain"), &root]);
        assert_eq!(line["ok"], true, "{}: {}", judge.name, line["why"]);
    }
    desk.run([Path::new("verify"), Path::new("chain"), &root]).good();
}

//! Where the guided ceremony begins, and where it does not: folders whose opening was cut off, ceremonies that are over, and what
//! leaves a folder when nothing may.

use std::collections::BTreeMap;

use conclave_softhsm::TokenDir;
use tuf_ceremony::conduct::{Ceremony, bundle};
use tuf_ceremony::digest::Digest;

use crate::chairs::events;
use crate::holder::Talk;
use crate::refusal::refused;
use crate::scene::{Scene, TODAY};
use crate::stage::read;

/// Every file of a folder by its digest: what the engine asks for.
fn files(folder: &std::path::Path) -> BTreeMap<Digest, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            let bytes = read(&path);
            found.insert(Digest::of(&bytes), bytes);
        }
    }
    found
}

#[test]
fn what_is_over_leaves_no_bundle_and_is_taken_over_by_nobody() {
    let scene = Scene::opened();
    scene.run("abort a --mirror m --as olga --reason flood").good();
    let before = scene.desk.listing();
    let told = refused(&scene.run("export a --mirror m --out late.json"), 1);
    assert!(told.because.iter().chain([&told.error]).any(|why| why.contains("aborted")), "{told:?}");
    assert!(scene.desk.listing() == before, "nothing was written");
    // Somebody makes such a bundle all the same.
    let materials = files(&scene.path("a"));
    let state = Ceremony::resume(&scene.transcript("a"), &materials).unwrap();
    let text = bundle(state.state(), &materials).unwrap().write().unwrap().text;
    scene.desk.put("late.json", text);
    let told = refused(&scene.run("run --from late.json c"), 1);
    assert!(told.error.contains("is over on the machine"), "{told:?}");
    assert!(!scene.path("c").exists(), "nothing was opened");
}

#[test]
fn a_break_lets_nothing_leave() {
    let scene = Scene::opened();
    let lines = scene.events("a").len();
    let materials = files(&scene.path("a"));
    let state = Ceremony::resume(&scene.transcript("a"), &materials).unwrap();
    let event = tuf_ceremony::transcript::event::Event::BreakBegan(tuf_ceremony::transcript::event::Note {
        by: "olga".to_owned(),
        text: "lunch".to_owned(),
    });
    let line = state.state().transcript().next("2027-03-05T12:00:00Z", event).written();
    for folder in ["a", "m"] {
        let text = [scene.transcript(folder), line.clone().into_bytes()].concat();
        std::fs::write(scene.path(folder).join("transcript.jsonl"), text).unwrap();
    }
    assert_eq!(scene.events("a").len(), lines + 1);
    let told = refused(&scene.run("export a --mirror m --out lunch.json"), 1);
    assert!(told.because.iter().chain([&told.error]).any(|why| why.contains("break")), "{told:?}");
    assert!(!scene.path("lunch.json").exists());
}

#[test]
fn a_folder_whose_opening_was_cut_off_is_begun_again_and_gone_on_with_by_nobody() {
    let scene = Scene::opened();
    for folder in ["a", "m"] {
        std::fs::remove_file(scene.path(folder).join("transcript.jsonl")).unwrap();
        std::fs::remove_dir_all(scene.path(folder).join("drafts")).unwrap();
    }
    let told = refused(&scene.run("run a --mirror m"), 5);
    assert!(told.error.contains("cut off before its first line"), "{told:?}");
    assert!(told.now.contains("--new"), "{told:?}");
    // It comes as far as the question for the date, which nobody answers here.
    let told = refused(&scene.run("run --new first.plan.toml --mirror m a"), 2);
    assert!(told.error.contains("nobody can answer"), "{told:?}");
    scene.run(&format!("open --date {TODAY} --mirror m first.plan.toml a")).good();
    // A ceremony that was begun is no new one.
    let told = refused(&scene.run("run --new first.plan.toml --mirror m a"), 5);
    assert!(told.error.contains("exists already"), "{told:?}");
}

#[test]
fn a_visit_on_a_network_has_its_reason_in_her_own_lines_before_she_reads() {
    let scene = Scene::opened();
    scene.run("export a --mirror m --out visit.json").good();
    let map = if rustix::process::geteuid().is_root() { "" } else { "--map-root-user" };
    let networked = format!(
        "exec unshare --mount --net {map} sh -c 'set -e; mount -t sysfs sysfs /sys
         ip link add inside type veth peer outside; ip link set inside addrgenmode none
         ip link set inside up; exec \"$@\"' sh \"$@\""
    );
    let tokens = TokenDir::new().unwrap();
    let module = tokens.module_path().to_str().unwrap();
    let token = ["--module", module, "--module-env", "SOFTHSM2_CONF"];
    let words = [&["run", "--plain", "--one-device", "a test"][..], &token, &["visit.json"]].concat();
    let words: Vec<String> = words.into_iter().map(str::to_owned).collect();
    let mut talk = Talk::begin(&networked, &words, &scene.path("."), &tokens.environment());
    talk.until("Today (as 2027-03-05): ");
    talk.line(TODAY);
    for (question, until, answer) in [
        ("Is the date that you typed right?", "Number (1 to 2): ", "1"),
        ("What of the network?", "Number (1 to 2): ", "2"),
        ("", "harmless here: ", "I am at home."),
        ("Who are you?", "): ", "1"),
    ] {
        talk.until(question);
        talk.until(until);
        talk.line(answer);
    }
    talk.until("[Enter when it is in]: ");
    talk.control('c');
    let (code, said) = talk.end();
    assert_eq!(code, 3, "{said}");
    let told = events(&scene.path("visit.json.conclave"), "Remarked");
    assert_eq!(told.len(), 1, "{said}");
    assert_eq!(told[0]["by"], "anna");
    assert!(told[0]["text"].as_str().unwrap().ends_with("(on: inside). Reason: I am at home."), "{told:?}");
}

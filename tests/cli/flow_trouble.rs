//! What machines do to people: two commands at once, a medium that cannot be written to, a medium that is full.

use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use rustix::fs::{FlockOperation, flock};

use crate::refusal::{refused, told};
use crate::scene::{Scene, tallies};
use crate::stage::{Done, program, read};

#[test]
fn a_second_command_in_one_folder_is_refused_with_a_sentence_and_the_first_is_not_disturbed() {
    let scene = Scene::opened();
    for folder in ["a", "m"] {
        let held = std::fs::File::open(scene.path(folder).join("lock")).unwrap();
        flock(&held, FlockOperation::LockExclusive).unwrap();
        let before = scene.desk.listing();
        let file = scene.sign("a", "0-a", &["anna"]);
        std::fs::remove_file(scene.path(&file)).unwrap();
        let told = refused(&scene.run("note --as olga hello a --mirror m"), 5);
        assert!(told.error.contains("Another conclave"), "{told:?}");
        assert_eq!(scene.desk.listing(), before);
        // Looking needs no lock.
        scene.run("status a").good();
        drop(held);
        scene.run("note --as olga hello a --mirror m").good();
    }
}

#[test]
fn of_many_commands_at_once_each_is_done_or_refused_and_the_lines_stay_one_chain() {
    let scene = Scene::opened();
    let spawn = |at: usize| {
        let mut command = Command::new(program());
        command.args(["note", "--as", "olga", &format!("number {at}"), "a", "--mirror", "m"]);
        command.current_dir(scene.path("")).stdout(Stdio::null()).stderr(Stdio::piped());
        command.spawn().unwrap()
    };
    let running: Vec<_> = (0..12).map(spawn).collect();
    let mut done = 0;
    for child in running {
        let ended = child.wait_with_output().unwrap();
        match ended.status.code() {
            Some(0) => done += 1,
            Some(5) => {
                assert!(told(&String::from_utf8(ended.stderr).unwrap()).error.contains("Another conclave"))
            }
            other => panic!("{other:?}: {}", String::from_utf8_lossy(&ended.stderr)),
        }
    }
    assert!(done >= 1);
    assert_eq!(scene.events("a").len(), 2 + done);
    scene.equal("a", "m");
    scene.run("note --as olga after a --mirror m").good();
}

/// Whether nobody is asked for permissions: root writes anywhere, so such a run gives up its powers first.
fn powerless(scene: &Scene, words: &str) -> Done {
    let mut command = Command::new("setpriv");
    command.args(["--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all", "--"]);
    command.arg(program()).args(words.split_whitespace()).current_dir(scene.path(""));
    let done = command.stdin(Stdio::null()).output().expect("setpriv is part of util-linux");
    Done { code: done.status.code(), stdout: done.stdout, stderr: done.stderr }
}

#[test]
fn a_folder_that_cannot_be_written_to_is_shown_and_not_gone_on_with() {
    let scene = Scene::opened();
    let locked = |mode: u32| {
        for name in ["a", "a/drafts", "a/plan", "a/cards"] {
            std::fs::set_permissions(scene.path(name), PermissionsExt::from_mode(mode)).unwrap();
        }
        let file = if mode == 0o555 { 0o444 } else { 0o644 };
        for name in ["a/transcript.jsonl", "a/lock"] {
            std::fs::set_permissions(scene.path(name), PermissionsExt::from_mode(file)).unwrap();
        }
    };
    let before = scene.desk.listing();
    locked(0o555);
    let done = powerless(&scene, "note --as olga hello a --mirror m");
    let said = refused(&done, 5);
    assert!(said.error.contains("does not allow \"a/lock\" to be written"), "{said:?}");
    powerless(&scene, "status a").good();
    powerless(&scene, "show a/drafts/0-a.json").good();
    locked(0o755);
    assert_eq!(scene.desk.listing(), before);
    scene.run("note --as olga hello a --mirror m").good();
    scene.equal("a", "m");
}

/// Runs the binary so that no file can grow beyond `bytes`, as on a full medium.
fn cramped(scene: &Scene, bytes: u64, words: &str) -> Done {
    let mut command = Command::new("prlimit");
    command.arg(format!("--fsize={bytes}")).arg("--").arg("setsid").arg(program());
    command.args(words.split_whitespace()).current_dir(scene.path(""));
    // The signal that comes with the limit is not what a full medium does.
    let script = "trap '' XFSZ; exec \"$0\" \"$@\"";
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(script).arg(command.get_program()).args(command.get_args());
    let done = shell.current_dir(scene.path("")).stdin(Stdio::null()).output().unwrap();
    Done { code: done.status.code(), stdout: done.stdout, stderr: done.stderr }
}

#[test]
fn a_full_medium_loses_nothing_and_the_same_command_goes_on_when_there_is_room() {
    let scene = Scene::opened();
    scene.sign_all_of_the_first();
    let stood = tallies(&scene.status("a"));
    let length = scene.transcript("a").len() as u64;
    let commands =
        ["export --mirror m --out full.json a", "finalize --mirror m a", "close --as olga --mirror m a"];
    for words in commands {
        let now = scene.transcript("a").len() as u64;
        // From nothing at all to a line that is cut off in its middle.
        for room in [0, 1, 700, 2500, now, now + 1, now + 150] {
            let done = cramped(&scene, room, words);
            if done.code == Some(0) {
                // A file that fits even so: the limit was above every file of this step.
                panic!("{words} was done with {room} bytes: {}", done.out());
            }
            let told = told(&done.err());
            assert_eq!(done.code, Some(5), "{words} at {room}: {told:?}");
            let text = String::from_utf8(scene.transcript("a")).unwrap();
            let whole = &text[..=text.rfind('\n').unwrap()];
            for line in whole.lines() {
                serde_json::from_str::<serde_json::Value>(line).expect("lines are whole");
            }
            assert_eq!(tallies(&scene.status("a")), stood, "{words} at {room}");
            // An export that was not written down may have been written: it is told, and taken away by hand.
            if words.starts_with("export") && scene.path("full.json").exists() {
                assert!(told.signed.contains("full.json"), "{told:?}");
                serde_json::from_slice::<serde_json::Value>(&read(&scene.path("full.json"))).unwrap();
                std::fs::remove_file(scene.path("full.json")).unwrap();
            }
        }
        scene.run(words).good();
        scene.equal("a", "m");
    }
    assert!(scene.transcript("a").len() as u64 > length);
    let events = scene.events("a");
    let said = |name: &str| events.iter().filter(|event| *event == name).count();
    assert_eq!((said("BundleExported"), said("Finalized"), said("Closed")), (1, 2, 1), "{events:?}");
    scene.run("verify chain a/final/1.root.json").good();
    scene.replays("m");
}

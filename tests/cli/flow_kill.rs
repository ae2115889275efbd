//! The process is killed at any moment, many times: what it said is done is there, and the same command again succeeds.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::scene::{Scene, TODAY, tallies};
use crate::stage::{program, read};

/// Starts the binary and kills it after `delay`. Whether it had ended well before.
fn killed(scene: &Scene, words: &str, delay: Duration) -> bool {
    killed_when(scene, words, || std::thread::sleep(delay))
}

/// The same when this returns.
fn killed_when(scene: &Scene, words: &str, returns: impl FnOnce()) -> bool {
    let mut command = Command::new(program());
    command.args(words.split_whitespace()).current_dir(scene.path(""));
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    returns();
    // It may have ended; then nothing is killed.
    let _ = child.kill();
    child.wait().unwrap().success()
}

/// How long a command takes when nobody kills it.
fn takes(scene: &Scene, words: &str) -> Duration {
    let start = Instant::now();
    scene.run(words).good();
    start.elapsed()
}

/// Moments from the start to a little behind the end; another sequence each time it is asked.
fn moments(whole: Duration, count: u32) -> impl Iterator<Item = Duration> {
    let seed = Instant::now().elapsed().subsec_nanos();
    (0..count).map(move |at| {
        let jitter = (seed.wrapping_add(at.wrapping_mul(2_654_435_761)) % 997) as f64 / 997.0;
        whole.mul_f64((f64::from(at) + jitter) / f64::from(count) * 1.2)
    })
}

const ROUNDS: u32 = 25;

/// When a process is killed.
enum Moment {
    At(Duration),
    /// As soon as the transcript has lines.
    Lines,
}

#[test]
fn killed_imports_lose_no_signature_and_succeed_when_they_are_run_again() {
    let model = Scene::opened();
    let file = model.sign("a", "0-a", &["anna", "bela"]);
    for folder in ["a", "m"] {
        model.copy(folder, &format!("{folder}.zero"));
    }
    let whole = takes(&model, &format!("import --into a --mirror m {file}"));
    let (mut cut, mut done) = (0, 0);
    for delay in moments(whole, ROUNDS) {
        for folder in ["a", "m"] {
            model.remove(folder);
            model.copy(&format!("{folder}.zero"), folder);
        }
        let words = format!("import --into a --mirror m {file}");
        match killed(&model, &words, delay) {
            true => done += 1,
            false => cut += 1,
        }
        // The next command, whatever it is, mends; what the killed one stored stays.
        model.run("note --as olga resumed a --mirror m").good();
        model.equal("a", "m");
        model.run(&words).good();
        assert_eq!(tallies(&model.status("a"))[0].1, [(2, 2)]);
        assert_eq!(tallies(&model.status("m"))[0].1, [(2, 2)]);
        model.equal("a", "m");
        model.replays("a");
    }
    assert!(cut > 0, "{done} were done before the kill, {cut} were killed");
}

#[test]
fn killed_exports_and_finalizes_are_finished_by_the_same_command() {
    let model = Scene::opened();
    model.sign_all_of_the_first();
    for folder in ["a", "m"] {
        model.copy(folder, &format!("{folder}.zero"));
    }
    let export = "export --mirror m --out out.json a";
    let finalize = "finalize --mirror m a";
    let whole = [takes(&model, export), takes(&model, finalize)];
    let finals = ["final/1.root.json", "final/1.targets.json"];
    let wanted = finals.map(|file| read(&model.path("a").join(file)));
    for (first, second) in moments(whole[0], ROUNDS).zip(moments(whole[1], ROUNDS)) {
        for folder in ["a", "m"] {
            model.remove(folder);
            model.copy(&format!("{folder}.zero"), folder);
        }
        let _ = std::fs::remove_file(model.path("out.json"));
        let was_done = killed(&model, export, first);
        if model.path("out.json").exists() {
            // Under its name the bundle is whole, whether or not its line was written.
            model.run("status out.json").good();
            std::fs::remove_file(model.path("out.json")).unwrap();
        }
        model.run(export).good();
        let events = model.events("a");
        let exports = events.iter().filter(|event| *event == "BundleExported").count();
        assert!(exports > usize::from(was_done), "{events:?}");

        if !killed(&model, finalize, second) {
            let again = model.run(finalize);
            let over = again.err().contains("Every draft is final already");
            assert!(again.code == Some(0) || over, "{}", again.err());
        }
        for (file, wanted) in finals.iter().zip(&wanted) {
            for folder in ["a", "m"] {
                assert_eq!(&read(&model.path(folder).join(file)), wanted, "{folder}/{file}");
            }
        }
        assert_eq!(model.events("a").iter().filter(|event| *event == "Finalized").count(), 2);
        model.run("close --as olga --mirror m a").good();
        model.equal("a", "m");
        model.replays("m");
    }
}

#[test]
fn a_killed_open_leaves_a_folder_that_resumes_or_one_that_a_new_open_takes() {
    let scene = Scene::new();
    scene.first_plan();
    let words = format!("open --date {TODAY} --mirror m first.plan.toml a");
    let whole = takes(&scene, &words);
    let (mut resumed, mut anew) = (0, 0);
    let has_lines = |folder: &str| scene.path(folder).join("transcript.jsonl").exists();
    // However busy the machine is: one before anything was done, and one with a line.
    let certain = [Moment::At(Duration::ZERO), Moment::Lines];
    for moment in moments(whole, ROUNDS * 2).map(Moment::At).chain(certain) {
        for folder in ["a", "m"] {
            let _ = std::fs::remove_dir_all(scene.path(folder));
        }
        match moment {
            Moment::At(delay) => killed(&scene, &words, delay),
            Moment::Lines => killed_when(&scene, &words, || {
                let begun = Instant::now();
                while !has_lines("a") && begun.elapsed() < Duration::from_secs(120) {
                    std::thread::yield_now();
                }
            }),
        };
        if has_lines("a") || has_lines("m") {
            resumed += 1;
        } else {
            anew += 1;
            scene.run(&words).good();
        }
        scene.run("note --as olga resumed a --mirror m").good();
        scene.equal("a", "m");
        let status = scene.status("a");
        assert_eq!(status["drafts"].as_array().unwrap().len(), 2, "{resumed} resumed, {anew} anew: {status}");
        let file = scene.sign("a", "0-a", &["anna"]);
        scene.run(&format!("import --into a --mirror m {file}")).good();
        std::fs::remove_file(scene.path(&file)).unwrap();
        scene.replays("a");
    }
    assert!(anew > 0 && resumed > 0, "{resumed} resumed, {anew} anew");
}

/// Takes the last lines of both transcripts away, and leaves the files of those steps: as a kill does before a line.
fn without_last_lines(scene: &Scene, count: usize) {
    for folder in ["a", "m"] {
        let text = String::from_utf8(scene.transcript(folder)).unwrap();
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        scene.desk.put(format!("{folder}/transcript.jsonl"), lines[..lines.len() - count].concat());
    }
}

#[test]
fn drafts_that_an_opening_or_a_replan_did_not_come_to_are_made_by_whatever_comes_next() {
    let scene = Scene::opened();
    let drafts = |scene: &Scene| scene.status("a")["drafts"].as_array().unwrap().len();
    without_last_lines(&scene, 1);
    assert_eq!(drafts(&scene), 0);
    let shown = scene.run("status a").good().out();
    assert!(shown.contains("Opening was stopped before the drafts were made."), "{shown}");
    scene.run("note --as olga on a --mirror m").good();
    assert_eq!(drafts(&scene), 2);
    scene.sign_all_of_the_first();

    let plan = String::from_utf8(read(&scene.path("first.plan.toml"))).unwrap();
    scene.desk.put("second.plan.toml", plan.replace("2028-03-05", "2028-02-05"));
    scene.run("replan a second.plan.toml --mirror m --as olga --reason expiry").good();
    without_last_lines(&scene, 1);
    scene.run("note --as olga on a --mirror m").good();
    assert_eq!(drafts(&scene), 2);
    let root = scene.sign("a", "1-a", &["anna", "carla"]);
    scene.run(&format!("import --into a --mirror m {root}")).good();
    scene.run("finalize --mirror m a").good();
    scene.run("close --as olga --mirror m a").good();
    scene.equal("a", "m");
    scene.replays("a");
}

#[test]
fn a_refusal_for_want_of_the_second_device_binds_nothing_that_a_killed_step_left() {
    let scene = Scene::opened();
    without_last_lines(&scene, 1);
    let before = scene.transcript("a");
    crate::refusal::refused(&scene.run("note --as olga on a"), 1);
    assert_eq!(scene.transcript("a"), before);
}

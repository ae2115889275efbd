//! Plans that change, ceremonies that end without their goal, and what is written beside.

use crate::refusal::refused;
use crate::scene::{Scene, tallies};
use crate::stage::read;

/// Puts `second.plan.toml` there: the first plan with another expiry of its root.
fn second_plan(scene: &Scene) {
    let plan = String::from_utf8(read(&scene.path("first.plan.toml"))).unwrap();
    scene.desk.put("second.plan.toml", plan.replace("2028-03-05", "2028-02-05"));
}

const REPLAN: &str = "replan a second.plan.toml --mirror m --as olga --reason";

#[test]
fn a_replan_says_what_dies_and_keeps_it_in_the_record() {
    let scene = Scene::opened();
    second_plan(&scene);
    scene.sign_all_of_the_first();
    let before = scene.transcript("a");
    let said = scene.run_and(REPLAN, &["the expiry was wrong"]).good().out();
    assert!(said.contains("Left behind: Draft A: root, version 1; 2 signatures count no more."), "{said}");
    assert!(said.contains("To sign now: Draft A: root, version 1"), "{said}");
    let quiet = scene.run("note --as olga hello a --mirror m").good().out();
    assert!(!quiet.contains("Left behind"), "it is said once: {quiet}");
    let status = scene.status("a");
    assert_eq!(status["generation"], 1);
    assert_eq!(tallies(&status)[0].1, [(0, 2)], "the root's signatures died");
    assert!(scene.transcript("a").starts_with(&before), "and stay in the record");
    for old in ["drafts/0-a.json", "plan/0.plan.toml", "drafts/1-a.json", "plan/1.plan.toml"] {
        assert!(scene.path("a").join(old).exists(), "{old}");
    }
    let text = scene.run("status a").good().out();
    assert!(text.contains("the plan was changed 1 time"), "{text}");
    scene.equal("a", "m");
    // It goes on to its end.
    let targets = tallies(&status)[1].1[0].0;
    let root = scene.sign("a", "1-a", &["anna", "carla"]);
    scene.run(&format!("import --into a --mirror m {root}")).good();
    if targets < 2 {
        let file = scene.sign("a", "1-b", &["anna", "carla"]);
        scene.run(&format!("import --into a --mirror m {file}")).good();
    }
    scene.run("finalize --mirror m a").good();
    scene.run("close --as olga --mirror m a").good();
    scene.replays("a");
}

#[test]
fn signatures_on_a_draft_that_the_new_plan_leaves_alone_still_count() {
    let scene = Scene::opened();
    second_plan(&scene);
    scene.sign_all_of_the_first();
    scene.run_and(REPLAN, &["the expiry was wrong"]).good();
    assert_eq!(tallies(&scene.status("a"))[1].1, [(2, 2)], "MODEL 3: they are only counted again");
}

#[test]
fn a_bundle_and_a_file_of_the_old_plan_are_refused_by_name() {
    let scene = Scene::opened();
    second_plan(&scene);
    scene.run("export --mirror m --out old.json a").good();
    let old = scene.sign("a", "0-a", &["bela"]);
    scene.run_and(REPLAN, &["the expiry was wrong"]).good();
    let before = scene.transcript("a");
    let told = refused(&scene.run("import --into a --mirror m old.json"), 1);
    assert!(told.error.contains("of another plan than the one here"), "{told:?}");
    assert!(told.says("one of generation 0 and the other of 1"), "{told:?}");
    let told = refused(&scene.run(&format!("import --into a --mirror m {old}")), 1);
    assert!(told.says("none of the drafts of this ceremony"), "{told:?}");
    assert_eq!(scene.transcript("a"), before);
}

#[test]
fn a_plan_that_is_refused_changes_nothing() {
    let scene = Scene::opened();
    let plan = String::from_utf8(read(&scene.path("first.plan.toml"))).unwrap();
    scene.desk.put("bad.plan.toml", plan.replace("threshold = 2", "threshold = 4"));
    let before = scene.desk.listing();
    let replan =
        |plan: &str| scene.run(&format!("replan a {plan}.plan.toml --mirror m --as olga --reason again"));
    refused(&replan("bad"), 1);
    assert_eq!(scene.desk.listing(), before);
}

#[test]
fn an_aborted_ceremony_is_over_and_says_so() {
    let scene = Scene::opened();
    second_plan(&scene);
    let file = scene.sign("a", "0-a", &["anna"]);
    let abort = "abort a --mirror m --as olga --reason";
    let said = scene.run_and(abort, &["the safe could not be opened"]).good().out();
    assert!(said.contains("aborted"), "{said}");
    let text = scene.run("status a").good().out();
    assert!(text.contains("The ceremony was aborted. Keep this folder."), "{text}");
    let before = scene.transcript("a");
    for step in [
        format!("import --into a --mirror m {file}"),
        "finalize --mirror m a --draft A".to_owned(),
        "close --as olga --mirror m a --unfinished".to_owned(),
        format!("{abort} twice"),
        format!("{REPLAN} late"),
        "note --as olga hello a --mirror m".to_owned(),
    ] {
        refused(&scene.run(&step), 1);
        assert_eq!(scene.transcript("a"), before, "{step}");
    }
}

#[test]
fn remarks_and_incidents_are_written_before_the_end_and_addenda_alone_behind_it() {
    let scene = Scene::opened();
    let note =
        |more: &str| scene.run_and(&format!("note --mirror m --as carla {more}"), &["what was seen", "a"]);
    note("").good();
    note("--incident").good();
    refused(&note("--addendum"), 1);
    let told = refused(&scene.run("close --as olga --mirror m a"), 1);
    assert!(told.error.contains("2 drafts are not final.") && told.now.contains("--unfinished"), "{told:?}");
    let said = scene.run("close --as olga --mirror m a --unfinished").good().out();
    assert!(said.contains("2 drafts never became final"), "{said}");
    let text = scene.run("status a").good().out();
    let words: Vec<&str> = text.split_whitespace().collect();
    assert!(words.join(" ").contains("There is nothing to publish; keep this folder."), "{text}");
    for more in ["", "--incident"] {
        let told = refused(&note(more), 1);
        assert!(told.now.contains("--addendum"), "{told:?}");
    }
    note("--addendum").good();
    let events = ["Opened", "Sealed", "Remarked", "IncidentNoted", "Closed", "Addendum"];
    assert_eq!(scene.events("a"), events);
    scene.equal("a", "m");
}

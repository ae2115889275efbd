//! A ceremony on two devices: either may be lost after any step, and neither may be forgotten, forked or put back.

use crate::refusal::refused;
use crate::scene::Scene;

/// A whole ceremony's steps behind its opening, as they are typed.
fn steps(scene: &Scene) -> Vec<Vec<String>> {
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let anna = scene.sign("a", "0-a", &["anna"]);
    let bela = scene.sign("a", "0-a", &["bela"]);
    let targets = scene.sign("a", "0-b", &["anna", "carla"]);
    vec![
        words("note --as olga begun a --mirror m"),
        words(&format!("import --into a --mirror m {anna}")),
        words("decline a --mirror m --draft B --as bela --reason ill"),
        words("export --mirror m --out one.json a"),
        words(&format!("import --into a --mirror m {bela} {targets}")),
        words("note --incident --as olga power a --mirror m"),
        words("finalize --mirror m --draft A a"),
        words("finalize --mirror m a"),
        words("close --as olga --mirror m a"),
        words("note --addendum --as olga filed a --mirror m"),
    ]
}

#[test]
fn either_device_is_lost_after_every_single_step_and_the_other_goes_on_whole() {
    for lost in ["a", "m"] {
        let kept = if lost == "a" { "m" } else { "a" };
        let scene = Scene::opened();
        for step in steps(&scene) {
            let before = scene.transcript(kept);
            let stood = scene.status(kept);
            scene.remove(lost);
            assert_eq!(scene.status(kept), stood, "{step:?}");
            let said = scene.desk.run(&step).good().out();
            assert!(said.starts_with(&format!("! \"{lost}\" ")), "that the device was empty is said: {said}");
            scene.equal("a", "m");
            assert!(scene.transcript("a").starts_with(&before), "{step:?}");
            assert!(scene.transcript("a").len() > before.len(), "{step:?}");
        }
        for file in ["final/1.root.json", "final/1.targets.json", "drafts/0-a.json", "plan/0.plan.toml"] {
            let [a, m] = ["a", "m"].map(|folder| crate::stage::read(&scene.path(folder).join(file)));
            assert_eq!(a, m, "{file}");
        }
        assert_eq!(scene.status("a")["phase"], "closed");
        assert_eq!(scene.events("m").last().unwrap(), "Addendum");
        scene.replays("m");
    }
}

#[test]
fn a_step_with_one_of_two_devices_is_refused_until_somebody_says_why() {
    let scene = Scene::opened();
    let before = scene.desk.listing();
    let told = refused(&scene.run("note --as olga hello a"), 1);
    assert!(told.error.contains("two devices") && told.now.contains("--one-device REASON"), "{told:?}");
    assert_eq!(scene.desk.listing(), before);
    scene.remove("m");
    scene.run_and("note --as olga hello a --one-device", &["the second card broke"]).good();
    assert_eq!(scene.events("a"), ["Opened", "Sealed", "DevicesChanged", "Remarked"]);
    let line = String::from_utf8(scene.transcript("a")).unwrap();
    assert!(line.contains("the second card broke"), "{line}");
    assert_eq!(scene.status("a")["devices"], 1);
    // From then on one is enough, and another one may come.
    scene.run("note --as olga again a").good();
    scene.run("note --as olga two a --mirror m2").good();
    assert_eq!(scene.status("a")["devices"], 2);
    scene.equal("a", "m2");
}

#[test]
fn two_devices_that_went_on_apart_are_refused_by_the_line_and_both_stay() {
    let scene = Scene::opened();
    scene.run_and("note --as olga one a --one-device", &["apart"]).good();
    scene.run_and("note --as olga other m --one-device", &["apart too"]).good();
    let before = scene.desk.listing();
    let told = refused(&scene.run("note --as olga both a --mirror m"), 1);
    assert!(told.says("differ from line 3 on"), "{told:?}");
    assert!(told.now.contains("Keep both folders as they are"), "{told:?}");
    assert_eq!(scene.desk.listing(), before);
}

#[test]
fn a_device_that_stayed_behind_is_brought_up_to_date() {
    let scene = Scene::opened();
    scene.copy("m", "earlier");
    scene.run("note --as olga one a --mirror m").good();
    scene.remove("m");
    scene.copy("earlier", "m");
    let said = scene.run("note --as olga two a --mirror m").good().out();
    assert!(said.starts_with("! \"m\" was behind: it got 1 line from the other device.\n"), "{said}");
    scene.equal("a", "m");
    assert_eq!(scene.events("m"), ["Opened", "Sealed", "Remarked", "Remarked"]);
}

#[test]
fn one_folder_named_twice_is_no_second_device() {
    let scene = Scene::new();
    scene.first_plan();
    let told = refused(&scene.open_on_two("first", "a", "./a"), 1);
    assert!(told.error.contains("are one folder"), "{told:?}");
}

#[test]
fn an_older_copy_is_refused_by_the_head_on_paper() {
    let scene = Scene::opened();
    for folder in ["a", "m"] {
        scene.copy(folder, &format!("{folder}.old"));
    }
    scene.run("note --as olga one a --mirror m").good();
    let head = scene.status("a")["head"].as_str().unwrap().to_owned();
    let told = refused(&scene.run(&format!("note --as olga two a.old --mirror m.old --head {head}")), 1);
    assert!(told.error.contains("this is an older copy, or another ceremony"), "{told:?}");
    assert!(told.now.contains("compare its head with the paper"), "{told:?}");
    scene.run(&format!("note --as olga two a --mirror m --head {head}")).good();
    // The head before is on an older sheet of paper; the folder goes on.
    scene.run(&format!("note --as olga three a --mirror m --head {head}")).good();
}

#[test]
fn an_older_copy_is_refused_by_a_bundle_that_knows_more_of_it() {
    let scene = Scene::opened();
    for folder in ["a", "m"] {
        scene.copy(folder, &format!("{folder}.old"));
    }
    scene.run("note --as olga one a --mirror m").good();
    scene.run("export --mirror m --out later.json a").good();
    let told = refused(&scene.run("import --into a.old --mirror m.old later.json"), 1);
    assert!(told.error.contains("This folder is an older copy"), "{told:?}");
    assert!(told.says("it holds 3 lines of this machine, and this folder holds 2"), "{told:?}");
    assert_eq!(scene.transcript("a.old"), scene.transcript("m.old"));
    assert_eq!(scene.events("a.old"), ["Opened", "Sealed"]);
}

#[test]
fn a_copy_that_went_on_elsewhere_is_told_by_name_and_its_signatures_are_kept() {
    let scene = Scene::opened();
    scene.copy("a", "twin");
    scene.copy("m", "twin.m");
    let anna = scene.sign("a", "0-a", &["anna"]);
    let bela = scene.sign("a", "0-a", &["bela"]);
    scene.run(&format!("import --into a --mirror m {anna}")).good();
    scene.run(&format!("import --into twin --mirror twin.m {bela}")).good();
    scene.run("export --mirror twin.m --out twin.json twin").good();
    let done = scene.run("import --into a --mirror m twin.json");
    assert_eq!(done.code, Some(1), "{}", done.err());
    let said = done.out();
    assert!(said.contains("TOLD IN TWO WAYS") && said.contains("line 3"), "{said}");
    let status = scene.status("a");
    assert_eq!(status["drafts"][0]["tallies"][0]["valid"], 2, "the signatures of both sides: {status}");
    assert_eq!(status["split_chains"].as_array().unwrap().len(), 1);
    scene.equal("a", "m");
}

#[test]
fn what_follows_the_close_goes_onto_both_devices_or_somebody_says_that_one_is_gone() {
    let scene = Scene::opened();
    steps(&scene).iter().take(9).for_each(|step| drop(scene.desk.run(step).good()));
    let before = scene.desk.listing();
    let told = refused(&scene.run("note --addendum --as olga filed a"), 1);
    assert!(told.error.contains("two devices"), "{told:?}");
    assert_eq!(scene.desk.listing(), before);
    scene
        .run_and("note --addendum --as olga filed a --one-device", &["the second card is in the safe"])
        .good();
    assert_eq!(scene.events("a").last().unwrap(), "Addendum");
    scene.replays("a");
}

//! A first ceremony from its plan to the published files, on two machines that never meet.

use std::path::Path;

use crate::peers::judges;
use crate::scene::{Scene, TODAY, tallies};
use crate::stage::read;

#[test]
fn a_first_root_and_targets_are_signed_on_two_machines_of_which_one_has_the_bundle_alone() {
    let home = Scene::opened();
    home.run("export --mirror m --out first.bundle.json a").good();
    home.copy("a", "in-the-safe");
    for folder in ["a", "m"] {
        home.remove(folder);
    }

    // Bela's machine has nothing but the bundle.
    let away = Scene::new();
    away.desk.put("first.bundle.json", read(&home.path("first.bundle.json")));
    away.remove("inputs");
    let open = format!("open --date {TODAY} --bundle first.bundle.json bela --one-device");
    away.run_and(&open, &["a visit"]).good();
    assert_eq!(away.events("bela"), ["Opened", "Sealed", "BundleImported"]);
    let root = away.sign("bela", "0-a", &["bela"]);
    let targets = away.sign("bela", "0-b", &["bela", "carla"]);
    away.run(&format!("import --into bela {root} {targets}")).good();
    away.run("export --out back.bundle.json bela").good();

    // The office gets its folder out of the safe, and adds what it has.
    for folder in ["a", "m"] {
        home.copy("in-the-safe", folder);
    }
    home.desk.put("back.bundle.json", read(&away.path("back.bundle.json")));
    let anna = home.sign("a", "0-a", &["anna"]);
    home.run(&format!("import --into a --mirror m back.bundle.json {anna}")).good();
    let expected = [("A".to_owned(), vec![(2, 2)]), ("B".to_owned(), vec![(2, 2)])];
    assert_eq!(tallies(&home.status("a")), expected);
    home.run("export --mirror m --out all.bundle.json a").good();
    home.run("finalize --mirror m a").good();
    let closed = home.run("close --as olga --mirror m a").good().out();
    assert!(closed.contains("The ceremony is closed."), "{closed}");
    home.equal("a", "m");
    assert_eq!(home.status("a")["phase"], "closed");

    // What Bela's machine makes of the same signatures is the same to the byte.
    away.desk.put("all.bundle.json", read(&home.path("all.bundle.json")));
    away.run("import --into bela all.bundle.json").good();
    away.run("finalize bela").good();
    away.run("close --as bela bela").good();
    for file in ["final/1.root.json", "final/1.targets.json"] {
        let [a, m] = ["a", "m"].map(|folder| read(&home.path(folder).join(file)));
        assert_eq!((&a, &a), (&m, &read(&away.path("bela").join(file))), "{file}");
    }

    home.replays("m");
    away.replays("bela");
    home.run("verify chain a/final/1.root.json").good();
    let [root, targets] = ["a/final/1.root.json", "a/final/1.targets.json"].map(|file| home.path(file));
    for judge in judges() {
        let line = judge.says(&[Path::new("root-chain"), &root]);
        assert_eq!(line["ok"], true, "{line}");
        let line = judge.says(&[Path::new("delegate"), &root, &targets, Path::new("targets")]);
        assert_eq!(line["ok"], true, "{line}");
    }
}

#[test]
fn nothing_is_final_before_its_threshold_and_targets_not_before_their_root() {
    let scene = Scene::opened();
    let before = scene.transcript("a");
    let told = crate::refusal::refused(&scene.run("finalize --mirror m a"), 1);
    assert!(told.says("No draft has enough signatures"), "{told:?}");
    let targets = scene.sign("a", "0-b", &["anna", "carla"]);
    scene.run(&format!("import --into a --mirror m {targets}")).good();
    let told = crate::refusal::refused(&scene.run("finalize --mirror m a --draft B"), 1);
    assert!(told.now.contains("Finalize the draft that names its keys first"), "{told:?}");
    let told = crate::refusal::refused(&scene.run("finalize --mirror m a --draft A"), 1);
    assert!(told.says("threshold") || told.says("needed") || told.says("signatures"), "{told:?}");
    assert!(scene.transcript("a").starts_with(&before) && !scene.path("a/final").exists());
}

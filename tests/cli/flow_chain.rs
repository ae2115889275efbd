//! Ceremonies on top of each other: a first root, a rotation, a renewal, and a release with snapshot and timestamp.

use std::path::Path;

use crate::peers::judges;
use crate::refusal::refused;
use crate::scene::{Scene, tallies};
use crate::stage::read;

const NEW_HOLDERS: &str = "
[root.roles]
root = { keys = [\"anna\", \"carla\", \"dora\"], threshold = 2 }
";

/// The first root is published, and `rotation.plan.toml` lets Dora take over from Bela.
fn published() -> Scene {
    let scene = Scene::new();
    scene.first_plan();
    scene.whole("first", &[("0-a", &["anna", "bela"]), ("0-b", &["anna", "carla"])]);
    for name in ["1.root.json", "1.targets.json"] {
        scene.desk.put(name, read(&scene.path("first/final").join(name)));
    }
    let mut plan = scene.head("rotation", "Dora takes over from Bela", &["anna", "bela", "carla", "dora"]);
    plan += &scene.keys(&["anna", "bela", "carla"], &["dora"]);
    let before = scene.named("1.root.json");
    plan += &format!(
        "\n[predecessor]\nroot = {before}\n\n[seen]\nroot = 1\n\n[root]\nversion = 2\nexpires = \"2028-06-05T00:00:00Z\"\n{NEW_HOLDERS}"
    );
    scene.desk.put("rotation.plan.toml", plan);
    scene
}

#[test]
fn a_rotation_is_met_on_both_sides_by_different_people_and_only_then_final() {
    let scene = published();
    scene.open_on_two("rotation", "r", "rm").good();
    let old = scene.sign("r", "0-a", &["bela", "carla"]);
    scene.run(&format!("import --into r --mirror rm {old}")).good();
    let status = scene.status("r");
    let mut sides = tallies(&status).remove(0).1;
    sides.sort_unstable();
    assert_eq!(sides, [(1, 2), (2, 2)], "{status}");
    refused(&scene.run("finalize --mirror rm r"), 1);
    let shown = scene.run("status r").good().out();
    assert!(shown.contains("old root (version 1): 2 of 2 needed keys have signed. Enough."), "{shown}");
    assert!(shown.contains("new root: 1 of 2 needed keys has signed; 1 more is needed."), "{shown}");
    let new = scene.sign("r", "0-a", &["dora"]);
    scene.run(&format!("import --into r --mirror rm {new}")).good();
    scene.run("finalize --mirror rm r").good();
    scene.run("verify chain 1.root.json r/final/2.root.json").good();
}

#[test]
fn a_visitor_of_a_rotation_brings_her_own_root_or_is_refused() {
    let scene = published();
    scene.open_on_two("rotation", "r", "rm").good();
    scene.run("export --mirror rm --out r.bundle.json r").good();
    let open = "open --date 2027-03-05 --bundle r.bundle.json dora";
    let told = refused(&scene.run_and(&format!("{open} --one-device"), &["a visit"]), 1);
    assert!(told.now.contains("--trust"), "{told:?}");
    assert!(!scene.path("dora").exists());
    scene.run_and(&format!("{open} --trust 1.root.json --one-device"), &["a visit"]).good();
    let file = scene.sign("dora", "0-a", &["dora", "carla"]);
    scene.run(&format!("import --into dora {file}")).good();
    scene.run("export --out back.json dora").good();
    scene.run("import --into r --mirror rm back.json").good();
    let anna = scene.sign("r", "0-a", &["anna"]);
    scene.run(&format!("import --into r --mirror rm {anna}")).good();
    scene.run("finalize --mirror rm r").good();
}

#[test]
fn a_rotation_a_renewal_and_a_release_build_on_each_other_and_others_code_accepts_the_chain() {
    let scene = published();
    scene.whole("rotation", &[("0-a", &["bela", "carla"]), ("0-a", &["anna", "dora"])]);
    scene.desk.put("2.root.json", read(&scene.path("rotation/final/2.root.json")));

    let mut plan = scene.head("renewal", "One more year", &["anna", "carla", "dora"]);
    plan += &scene.keys(&["anna", "carla", "dora"], &[]);
    plan += &format!(
        "\n[predecessor]\nroot = {}\nchain = [{}]\n\n[seen]\nroot = 2\n\n[root]\nversion = 3\nexpires = \"2028-12-05T00:00:00Z\"\n",
        scene.named("2.root.json"),
        scene.named("1.root.json"),
    );
    scene.desk.put("renewal.plan.toml", plan);
    scene.whole("renewal", &[("0-a", &["carla", "dora"])]);
    scene.desk.put("3.root.json", read(&scene.path("renewal/final/3.root.json")));

    release(&scene);
    let signers: [(&str, &[&str]); 3] =
        [("0-a", &["anna", "bela"]), ("0-b", &["online"]), ("0-c", &["online"])];
    scene.whole("release", &signers);

    scene.run("verify chain 1.root.json 2.root.json 3.root.json").good();
    let roots = ["1.root.json", "2.root.json", "3.root.json"].map(|name| scene.path(name));
    let finals = ["2.targets.json", "1.snapshot.json", "timestamp.json"];
    for judge in judges() {
        let line = judge.says(&[Path::new("root-chain"), &roots[0], &roots[1], &roots[2]]);
        assert_eq!(line["ok"], true, "{line}");
        for (name, role) in finals.iter().zip(["targets", "snapshot", "timestamp"]) {
            let file = scene.path("release/final").join(name);
            let line = judge.says(&[Path::new("delegate"), &roots[2], &file, Path::new(role)]);
            assert_eq!(line["ok"], true, "{line}");
        }
    }
    let targets: serde_json::Value =
        serde_json::from_slice(&read(&scene.path("release/final/2.targets.json"))).unwrap();
    let listed: Vec<&String> = targets["signed"]["targets"].as_object().unwrap().keys().collect();
    assert_eq!(listed, ["app-1.1.txt", "notes/1.1.txt"], "one was removed, two were added");
    assert_eq!(targets["signed"]["delegations"]["roles"][0]["name"], "nightly");
}

/// `release.plan.toml`: a file goes, two come, a role is delegated, and the machine lists it all.
fn release(scene: &Scene) {
    std::fs::create_dir(scene.path("notes")).unwrap();
    scene.desk.put("notes/1.1.txt", "What is new.\n");
    scene.desk.put("app-1.1.txt", "The second release.\n");
    let mut plan = scene.head("targets-release", "Release 1.1", &["anna", "bela", "carla", "emil"]);
    plan += &scene.keys(&["anna", "bela", "carla", "online"], &["emil"]);
    plan += &format!(
        "\n[predecessor]\nroot = {}\ntargets = {}\n",
        scene.named("3.root.json"),
        scene.named("1.targets.json")
    );
    plan += r#"
[seen]
root = 3
targets = 1

[targets]
version = 2
expires = "2027-09-05T00:00:00Z"
add = { "app-1.1.txt" = "app-1.1.txt", "notes" = "notes" }
remove = ["app-1.0.txt"]
delegation-order = ["nightly"]

[targets.delegations.nightly]
keys = ["emil"]
threshold = 1
terminating = true
paths = ["nightly/*"]

[snapshot]
version = 1
expires = "2027-04-05T00:00:00Z"

[timestamp]
version = 1
expires = "2027-04-05T00:00:00Z"
"#;
    scene.desk.put("release.plan.toml", plan);
}

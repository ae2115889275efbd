//! A first root, a rotation and a renewal, each signed on SoftHSM2 tokens in the ceremony's folder and judged by others' code,
//! one step after the other as a client takes them.

use std::path::{Path, PathBuf};

use crate::chairs::Chairs;
use crate::holder::PIN;
use crate::peers::{Judge, judges};
use crate::room::card;
use crate::scene::{TODAY, key, tallies};
use crate::stage::read;

/// What others' code says of the steps of a chain.
fn steps(judge: &Judge, roots: &[PathBuf]) -> Vec<bool> {
    let arguments: Vec<&Path> =
        [Path::new("root-chain")].into_iter().chain(roots.iter().map(PathBuf::as_path)).collect();
    judge.lines(&arguments).iter().map(|line| line["ok"] == true).collect()
}

/// Opens a plan, lets these people sign its root in turn, makes it final, closes and replays.
fn whole(chairs: &Chairs, plan: &str, signers: &[&str]) {
    let scene = &chairs.scene;
    scene.run(&format!("open --date {TODAY} {plan}.plan.toml {plan}")).good();
    for name in signers {
        let mut talk = chairs.sits(name, plan);
        talk.consent();
        talk.line(PIN);
        let (code, said) = talk.end();
        assert_eq!(code, 0, "{said}");
    }
    scene.run(&format!("finalize {plan}")).good();
    scene.run(&format!("close --as olga {plan}")).good();
    scene.replays(plan);
}

/// The plan of a rehearsal that follows on a root.
fn following(
    chairs: &Chairs,
    version: u64,
    kind: &str,
    (kept, new): (&[&str], &[&str]),
    more: &str,
) -> String {
    let scene = &chairs.scene;
    let mut plan = scene.head(kind, &format!("Root {version}"), &[kept, new].concat());
    plan = plan.replacen("format = 1\n", "format = 1\nrehearsal = true\n", 1);
    plan += &scene.keys(kept, new);
    let before = version - 1;
    let chain: Vec<String> = (1..before).map(|v| scene.named(&format!("{v}.root.json"))).collect();
    plan += &format!(
        "\n[predecessor]\nroot = {}\nchain = [{}]\n\n[seen]\nroot = {before}\n\n[root]\nversion = {version}\nexpires = \"2028-0{}-05T00:00:00Z\"\n{more}",
        scene.named(&format!("{before}.root.json")),
        chain.join(", "),
        version + 3,
    );
    plan
}

#[test]
fn a_root_a_rotation_and_a_renewal_signed_on_tokens_are_accepted_by_others_code_step_by_step() {
    let chairs = Chairs::rehearsal();
    let scene = &chairs.scene;
    chairs.signs_both("anna", "a");
    chairs.signs_both("bela", "a");
    scene.run("finalize a").good();
    scene.run("close --as olga a").good();
    scene.desk.put("1.root.json", read(&scene.path("a/final/1.root.json")));

    // Dora takes over from Bela: two of the old holders, two of the new, and one signature that counts for both.
    scene.desk.put("inputs/dora.json", card(&key("dora"), "Dora Engel", true));
    chairs.token("dora", &key("dora"));
    let roles = "\n[root.roles]\nroot = { keys = [\"anna\", \"carla\", \"dora\"], threshold = 2 }\n";
    let plan = following(&chairs, 2, "rotation", (&["anna", "bela", "carla"], &["dora"]), roles);
    scene.desk.put("rotation.plan.toml", plan);
    whole(&chairs, "rotation", &["bela", "dora", "anna"]);
    let [(_, mut sides)] = tallies(&scene.status("rotation")).try_into().unwrap();
    sides.sort_unstable();
    assert_eq!(sides, [(2, 2), (2, 2)], "each side by other people: bela and anna, dora and anna");
    scene.desk.put("2.root.json", read(&scene.path("rotation/final/2.root.json")));

    let plan = following(&chairs, 3, "renewal", (&["anna", "carla", "dora"], &[]), "");
    scene.desk.put("renewal.plan.toml", plan);
    whole(&chairs, "renewal", &["carla", "dora"]);
    scene.desk.put("3.root.json", read(&scene.path("renewal/final/3.root.json")));

    scene.run("verify chain 1.root.json 2.root.json 3.root.json").good();
    let roots = [1, 2, 3].map(|version| scene.path(format!("{version}.root.json")));
    let targets = scene.path("a/final/1.targets.json");
    // A rotation that only one side has signed enough: python-tuf and tough must refuse what we would not have finalized.
    let [old, new] = [["anna", "bela"], ["carla", "dora"]].map(|signers| {
        let file = scene.sign("rotation", "0-a", &signers);
        let name = format!("half-{}.json", signers[0]);
        std::fs::rename(scene.path(file), scene.path(&name)).unwrap();
        scene.path(name)
    });
    for judge in judges() {
        assert_eq!(steps(&judge, &roots), [true, true, true], "{}", judge.name());
        assert_eq!(steps(&judge, &[roots[0].clone(), roots[2].clone()]), [true, false], "a step left out");
        assert_eq!(steps(&judge, &[roots[0].clone(), old.clone()]), [true, false], "the old side alone");
        assert_eq!(steps(&judge, &[roots[0].clone(), new.clone()]), [true, false], "the new side alone");
        let said = judge.says(&[Path::new("delegate"), &roots[2], &targets, Path::new("targets")]);
        assert_eq!(said["ok"], true, "{}: {said}", judge.name());
        let said = judge.says(&[Path::new("delegate"), &roots[2], &targets, Path::new("snapshot")]);
        assert_eq!(said["ok"], false, "{}: {said}", judge.name());
    }
}

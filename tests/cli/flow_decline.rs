//! A keyholder says no, at the folder or far away, and everybody who looks learns who is missing.

use serde_json::Value;

use crate::refusal::refused;
use crate::scene::{Scene, TODAY, key};
use crate::stage::read;

fn decisions(status: &Value, letter: &str) -> Vec<(String, String, String, bool)> {
    let drafts = status["drafts"].as_array().unwrap();
    let draft = drafts.iter().find(|draft| draft["letter"] == letter).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let each =
        |d: &Value| (text(&d["person"]), text(&d["decision"]), text(&d["reason"]), d["machine"].is_string());
    draft["decisions"].as_array().unwrap().iter().map(each).collect()
}

#[test]
fn who_declines_at_the_folder_is_named_with_her_reason_and_what_she_saw_is_kept() {
    let scene = Scene::opened();
    let done = scene
        .run_and("decline a --mirror m --draft A --as carla --reason", &["the expiry is not what we agreed"]);
    let said = done.good().out();
    assert!(said.contains("carla") && said.contains("declines draft A. Nothing was signed."), "{said}");
    let status = scene.run("status a").good().out();
    assert!(status.contains("\"carla\" has DECLINED: \"the expiry is not what we agreed\""), "{status}");
    assert!(status.contains("not counted on: carla (DECLINED)"), "{status}");
    let facts = scene.status("a");
    let said = ("carla".into(), "declined".into(), "the expiry is not what we agreed".into(), false);
    assert_eq!(decisions(&facts, "A"), [said]);
    assert_eq!(decisions(&facts, "B"), []);
    let outlook = &facts["drafts"][0]["outlook"][0];
    assert_eq!(outlook["not_counted_on"], serde_json::json!({ "carla": "declined" }));
    assert_eq!((&outlook["margin"], &outlook["can_be_met"]), (&0.into(), &true.into()), "{outlook}");
    let shown: Vec<_> = std::fs::read_dir(scene.path("a/shown")).unwrap().collect();
    assert_eq!(shown.len(), 1, "the very text that she saw");
    scene.equal("a", "m");
}

#[test]
fn a_refusal_far_away_travels_home_and_is_told_with_the_machine_that_tells_it() {
    let home = Scene::opened();
    home.run("export --mirror m --out b.json a").good();
    let away = Scene::new();
    away.desk.put("b.json", read(&home.path("b.json")));
    let decline = format!("decline b.json --draft B --as carla --date {TODAY} --one-device visit --reason");
    away.run_and(&decline, &["the safe is sealed"]).good();
    assert_eq!(away.events("b.json.conclave"), ["Opened", "Sealed", "BundleImported", "Declined"]);
    // A second word goes on in the same folder.
    away.run_and("decline b.json --draft A --as bela --reason", &["I am ill"]).good();
    away.run("export --out back.json b.json.conclave").good();
    home.desk.put("back.json", read(&away.path("back.json")));
    let told = home.run("import --into a --mirror m back.json").good().out();
    let machine = away.status("b.json.conclave")["machine"].as_str().unwrap().to_owned();
    assert!(told.contains("has DECLINED: \"the safe is sealed\""), "{told}");
    assert!(told.contains(&format!("  on machine   {machine}\n")), "{told}");
    let status = home.run("status a").good().out();
    assert!(status.contains("not counted on: bela (DECLINED)"), "heard from far away: {status}");
    let facts = home.status("a");
    let said = |who: &str, why: &str| vec![(who.to_owned(), "declined".to_owned(), why.to_owned(), true)];
    assert_eq!(decisions(&facts, "A"), said("bela", "I am ill"));
    assert_eq!(decisions(&facts, "B"), said("carla", "the safe is sealed"));
}

#[test]
fn a_refusal_of_a_later_root_needs_her_own_root_and_a_date() {
    let scene = Scene::new();
    scene.first_plan();
    scene.whole("first", &[("0-a", &["anna", "bela"]), ("0-b", &["anna", "carla"])]);
    scene.desk.put("1.root.json", read(&scene.path("first/final/1.root.json")));
    let mut plan = scene.head("renewal", "One more year", &["anna", "bela", "carla"]);
    plan += &scene.keys(&["anna", "bela", "carla"], &[]);
    plan += &format!(
        "\n[predecessor]\nroot = {}\n\n[seen]\nroot = 1\n\n[root]\nversion = 2\nexpires = \"2028-12-05T00:00:00Z\"\n",
        scene.named("1.root.json")
    );
    scene.desk.put("renewal.plan.toml", plan);
    scene.open_on_two("renewal", "r", "rm").good();
    scene.run("export --mirror rm --out r.json r").good();
    let decline = "decline r.json --draft A --as anna --reason no --one-device visit";
    let told = refused(&scene.run(decline), 1);
    assert!(told.now.contains("--trust"), "{told:?}");
    let told = refused(&scene.run(&format!("{decline} --trust 1.root.json")), 2);
    assert!(told.now.contains("--date"), "{told:?}");
    let other = crate::stage::corpus("partial/rotate-disjoint-none/previous.root.json");
    let told = refused(&scene.run(&format!("{decline} --date {TODAY} --trust {}", other.display())), 1);
    assert!(told.error.contains("does not build on the document that you trust"), "{told:?}");
    assert!(!scene.path("r.json.conclave").exists(), "nothing was written");
    scene.run(&format!("{decline} --date {TODAY} --trust 1.root.json")).good();
    assert_eq!(decisions(&scene.status("r.json.conclave"), "A").len(), 1);
}

#[test]
fn nobody_declines_a_draft_that_is_not_there_or_under_a_name_that_the_plan_does_not_know() {
    let scene = Scene::opened();
    let before = scene.desk.listing();
    let told = refused(&scene.run("decline a --mirror m --draft C --as anna --reason no"), 2);
    assert!(told.now.contains("A, B"), "{told:?}");
    let told = refused(&scene.run("decline a --mirror m --draft A --as mallory --reason no"), 2);
    assert!(told.now.contains("anna, bela, carla, olga"), "{told:?}");
    assert_eq!(scene.desk.listing(), before);
}

/// The names that status gives, per side: who signed, who still can.
fn sides(status: &Value) -> Vec<(Vec<String>, Vec<String>)> {
    let people = ["anna", "bela", "carla", "dora"];
    let names = |side: &Value, member: &str| -> Vec<String> {
        let ids: Vec<&str> = side[member].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
        let found: Vec<&str> =
            people.into_iter().filter(|name| ids.contains(&key(name).id.as_str())).collect();
        assert_eq!(found.len(), ids.len(), "{side}");
        found.into_iter().map(str::to_owned).collect()
    };
    let tallies = status["drafts"][0]["tallies"].as_array().unwrap();
    tallies.iter().map(|side| (names(side, "counted"), names(side, "waiting"))).collect()
}

#[test]
fn status_names_exactly_who_is_missing_on_which_side() {
    let scene = Scene::new();
    scene.first_plan();
    scene.whole("first", &[("0-a", &["anna", "bela"]), ("0-b", &["anna", "carla"])]);
    scene.desk.put("1.root.json", read(&scene.path("first/final/1.root.json")));
    let mut plan = scene.head("rotation", "Dora for Bela", &["anna", "bela", "carla", "dora"]);
    plan += &scene.keys(&["anna", "bela", "carla"], &["dora"]);
    plan += &format!(
        "\n[predecessor]\nroot = {}\n\n[seen]\nroot = 1\n\n[root]\nversion = 2\nexpires = \"2028-12-05T00:00:00Z\"\n\n[root.roles]\nroot = {{ keys = [\"anna\", \"carla\", \"dora\"], threshold = 2 }}\n",
        scene.named("1.root.json")
    );
    scene.desk.put("rotation.plan.toml", plan);
    scene.open_on_two("rotation", "r", "rm").good();
    let file = scene.sign("r", "0-a", &["dora", "anna"]);
    scene.run(&format!("import --into r --mirror rm {file}")).good();
    let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    let mut sides = sides(&scene.status("r"));
    sides.sort();
    assert_eq!(
        sides,
        [(names(&["anna"]), names(&["bela", "carla"])), (names(&["anna", "dora"]), names(&["carla"]))]
    );
    let text = scene.run("status r").good().out();
    for full in ["Anna Berg", "Bela Costa", "Carla Dietz", "Dora Engel"] {
        assert!(text.contains(full), "{full}: {text}");
    }
    assert!(
        text.contains("old root (version 1): 1 of 2 needed keys has signed; 1 more is needed."),
        "{text}"
    );
    assert!(text.contains("new root: 2 of 2 needed keys have signed. Enough."), "{text}");
}

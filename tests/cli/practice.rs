//! What is practice says so to the end, and a real plan says before the day what would be refused on it.

use crate::chairs::Chairs;
use crate::keyroom::Keyroom;
use crate::scene::TODAY;
use crate::stage::read;

#[test]
fn nobody_is_told_to_publish_what_was_practice() {
    let chairs = Chairs::rehearsal();
    chairs.signs_both("anna", "a");
    chairs.signs_both("bela", "a");
    chairs.scene.run("finalize a").good();
    let closed = chairs.scene.run("close --as olga a").good().out();
    let told = chairs.scene.run("status a").good().out();
    for said in [&closed, &told] {
        assert!(said.contains("The rehearsal is closed. It was practice:"), "{said}");
        assert!(!said.contains("Publish"), "{said}");
    }
    let replayed = chairs.scene.run("replay a").good().out();
    assert!(replayed.contains("A REHEARSAL: it was practice, and nothing of it"), "{replayed}");
    let facts = chairs.scene.run("replay --json a").good().json();
    assert_eq!(facts["folders"][0]["rehearsal"], true, "{facts}");
}

#[test]
fn practice_that_was_cut_short_has_nothing_to_publish_either() {
    let chairs = Chairs::rehearsal();
    let closed = chairs.scene.run("close --as olga --unfinished a").good().out();
    let closed = closed.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(closed.contains("The rehearsal is closed, and 2 drafts never became final."), "{closed}");
    assert!(closed.contains("nothing of it is to be published") && !closed.contains("Publish"), "{closed}");
}

/// A first plan with Anna's key on a token of SoftHSM2, as her own card says.
fn on_a_program(rehearsal: bool) -> Keyroom {
    let room = Keyroom::with(&["anna"]);
    room.generate("anna", "ed25519", "root", &[]);
    let mark: &[&str] = if rehearsal { &["--rehearsal"] } else { &[] };
    room.card("anna", &[&["--holder", "Anna Berg", "--out", "anna.key.json"], mark].concat());
    room.scene.desk.put("inputs/anna.json", read(&room.scene.path("anna.key.json")));
    if rehearsal {
        for (name, full) in [("bela", "Bela Costa"), ("carla", "Carla Dietz")] {
            let card = crate::room::card(&crate::scene::key(name), full, true);
            room.scene.desk.put(format!("inputs/{name}.json"), card);
        }
    }
    room.scene.first_plan();
    if rehearsal {
        let plan = String::from_utf8(read(&room.scene.path("first.plan.toml"))).unwrap();
        let plan = plan.replacen("format = 1\n", "format = 1\nrehearsal = true\n", 1);
        room.scene.desk.put("first.plan.toml", plan);
    }
    room
}

fn opened(room: &Keyroom) -> String {
    room.scene.run(&format!("open --date {TODAY} --mirror m first.plan.toml a")).good().out()
}

#[test]
fn a_key_on_a_program_is_told_when_a_real_plan_is_checked_and_opened_and_is_not_recorded() {
    let room = on_a_program(false);
    let scene = &room.scene;
    let checked = scene.run(&format!("plan check --date {TODAY} first.plan.toml")).good().out();
    let opened = opened(&room);
    for said in [checked, opened] {
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains("anna: its own card says that its token is a program."), "{said}");
        assert!(said.contains("[token-software]") && said.contains("now: Plan a key on a device"), "{said}");
        assert!(!said.contains("bela: its own card"), "{said}");
    }
    let facts = scene.run(&format!("plan check --json --date {TODAY} first.plan.toml")).good().json();
    assert_eq!(facts["programs"], serde_json::json!(["anna"]), "{facts}");
    assert!(!facts["findings"].to_string().contains("token-software"), "{facts}");
    let lines = String::from_utf8(scene.transcript("a")).unwrap();
    assert!(!lines.contains("token-software"), "{lines}");
    scene.replays("a");
}

#[test]
fn a_key_on_a_program_is_nothing_to_tell_of_where_the_plan_asks_for_it_or_all_is_practice() {
    let room = on_a_program(false);
    let plan = String::from_utf8(read(&room.scene.path("first.plan.toml"))).unwrap();
    let asked = "\n[[exceptions]]\ncontrol = \"token-software\"\nabout = \"anna\"\nreason = \"her device comes in May\"\n";
    room.scene.desk.put("first.plan.toml", plan + asked);
    for room in [room, on_a_program(true)] {
        let words = format!("plan check --json --date {TODAY} first.plan.toml");
        let facts = room.scene.run(&words).good().json();
        assert_eq!(facts["programs"], serde_json::json!([]), "{facts}");
        let said = opened(&room);
        assert!(!said.contains("its own card says"), "{said}");
    }
}

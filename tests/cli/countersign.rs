//! Countersigning the head of a closed ceremony with a token.

use crate::chairs::{Chairs, events};
use crate::holder::{PIN, WRONG_PIN, fault};
use crate::scene::TODAY;

/// A rehearsal whose plan asks for countersignatures, signed by two and final.
fn finished() -> Chairs {
    let chairs = Chairs::with_plan(true, "");
    let plan = std::fs::read_to_string(chairs.scene.path("first.plan.toml")).unwrap();
    let plan = plan.replacen("kind = ", "countersign = \"keys\"\nkind = ", 1);
    chairs.scene.desk.put("first.plan.toml", plan);
    chairs.scene.run(&format!("open --date {TODAY} first.plan.toml a")).good();
    chairs.signs_both("anna", "a");
    chairs.signs_both("bela", "a");
    chairs.scene.run("finalize a").good();
    chairs
}

#[test]
fn a_key_countersigns_the_closed_head_once_and_the_folder_replays() {
    let chairs = finished();
    let a = chairs.scene.path("a");
    let (code, said) = chairs.countersigns("anna", "a").end();
    assert_eq!((code, fault(&said).error.contains("is not closed")), (1, true), "{said}");
    chairs.scene.run("close --as olga a").good();
    let closed = chairs.scene.status("a")["head"].as_str().unwrap().to_owned();

    let mut talk = chairs.countersigns("anna", "a");
    talk.phrase();
    talk.line("no");
    let (code, said) = talk.end();
    assert_eq!(code, 3, "{said}");
    let heading = said.lines().skip_while(|line| !line.starts_with("You are asked to countersign"));
    let heading: Vec<&str> = heading.map(str::trim_end).take(3).collect();
    assert!(heading[..2].iter().all(|row| row.len() < 80), "one row each: {heading:?}");
    assert!(heading[2].starts_with('"'), "the title has a line of its own: {heading:?}");
    let mut talk = chairs.countersigns("anna", "a");
    let phrase = talk.phrase();
    assert_eq!(phrase.trim(), format!("countersign {}", &closed[..8]));
    talk.line(&phrase);
    talk.until("PIN of token ");
    talk.until(": ");
    talk.line(WRONG_PIN);
    assert_eq!(talk.end().0, 4);
    assert_eq!(events(&a, "Countersigned").len(), 0);

    let owed = || chairs.scene.status("a")["owed_countersignatures"].clone();
    let holders = |of: &serde_json::Value| -> Vec<String> {
        of.as_array().unwrap().iter().map(|owed| owed["holders"].to_string()).collect()
    };
    assert_eq!(holders(&owed()), ["[\"anna\"]", "[\"bela\"]"]);
    let said = chairs.scene.run("status a").good().out();
    assert!(said.contains("bela has not countersigned the head"), "{said}");

    // The same head, whoever countersigned before.
    for name in ["anna", "carla"] {
        let mut talk = chairs.countersigns(name, "a");
        let phrase = talk.phrase();
        assert_eq!(phrase.trim(), format!("countersign {}", &closed[..8]));
        talk.line(&phrase);
        talk.until("PIN of token ");
        talk.until(": ");
        talk.line(PIN);
        let (code, said) = talk.end();
        assert_eq!(code, 0, "{said}");
        assert!(said.contains("verified, and stored in the folder"), "{said}");
    }
    let people: Vec<_> = events(&a, "Countersigned").iter().map(|c| c["person"].clone()).collect();
    assert_eq!(people, ["anna", "carla"]);
    assert_eq!(holders(&owed()), ["[\"bela\"]"]);
    let (code, said) = chairs.countersigns("anna", "a").end();
    assert_eq!((code, fault(&said).error.contains("No key of hers may countersign")), (1, true), "{said}");
    chairs.scene.run(&format!("replay --head {closed} a")).good();
}

#[test]
fn a_plan_that_asks_for_none_gets_no_countersignature() {
    let chairs = Chairs::rehearsal();
    let (code, said) = chairs.countersigns("anna", "a").end();
    assert_eq!((code, fault(&said).error.contains("asks for no countersignatures")), (1, true), "{said}");
}

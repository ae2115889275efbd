//! Somebody who can write the folder between two visits: what she changed is told before it is built on.

use std::fs;

use tuf_ceremony::transcript::event::{Event, Note};
use tuf_ceremony::transcript::{Found, Transcript};

use crate::scene::Scene;

#[test]
fn lines_behind_the_head_on_paper_are_told() {
    let scene = Scene::opened();
    let Found::Whole(mut chain) = Transcript::read(&scene.transcript("a")).unwrap() else {
        panic!("a line was cut off")
    };
    let paper = chain.head();
    let planted = Event::IncidentNoted(Note { by: "olga".to_owned(), text: "planted".to_owned() });
    chain.push(chain.next("2027-03-05T09:00:00Z", planted)).unwrap();
    fs::write(scene.path("a/transcript.jsonl"), chain.text()).unwrap();
    let note =
        |head: &str| scene.run(&format!("note --as olga --mirror m --head {head} remark a")).good().out();
    let told = note(&paper.to_string());
    assert!(told.contains("! 1 line stands behind the head that you gave"), "{told}");
    let told = note(scene.status("a")["head"].as_str().unwrap());
    assert!(!told.contains("behind the head that you gave"), "{told}");
}

#[test]
fn status_tells_of_altered_missing_and_unexplained_files_and_does_not_say_to_publish_them() {
    let scene = Scene::opened();
    scene.sign_all_of_the_first();
    scene.run("finalize a --mirror m").good();
    scene.run("close --as olga a --mirror m").good();
    let facts = scene.status("a");
    assert_eq!((&facts["altered"], &facts["unexplained"]), (&serde_json::json!([]), &serde_json::json!([])));
    let root = scene.path("a/final/1.root.json");
    let text = fs::read_to_string(&root).unwrap();
    fs::write(&root, text.replace("2028-03-05", "2038-03-05")).unwrap();
    fs::remove_file(scene.path("a/drafts/0-b.json")).unwrap();
    fs::write(scene.path("a/final/2.root.json"), "planted").unwrap();
    fs::write(scene.path("a/autorun.inf"), "planted").unwrap();
    let done = scene.run("status a");
    let told = done.out();
    assert_eq!(done.code, Some(1), "{told}");
    for line in [
        "! ALTERED: \"final/1.root.json\"",
        "! MISSING: \"drafts/0-b.json\"",
        "! UNEXPLAINED: no line tells of \"final/2.root.json\"",
        "! UNEXPLAINED: no line tells of \"autorun.inf\"",
    ] {
        assert!(told.contains(line), "{line} is not in {told}");
    }
    assert!(!told.contains("Publish the files"), "{told}");
}

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

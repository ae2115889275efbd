//! What a keyholder is asked about the root before, when she is led through a rotation: her own copy, her paper, or nothing.

use crate::chairs::{Chairs, events};
use crate::holder::fault;
use crate::led::{Led, SOURCE, THAT_WAS_IT, group, payload, traces, words};
use crate::scene::TODAY;
use crate::stage::{Desk, metadata, read};

/// The question.
const KNOWN: &str = "How do you know that root?";

/// The rotation lies open in `r`.
fn rotation() -> Chairs {
    let chairs = Chairs::published("");
    chairs.scene.run(&format!("open --date {TODAY} rotation.plan.toml r")).good();
    chairs
}

/// The rest of a visit in which she has no source for the digest.
fn goes_on(led: &mut Led, items: usize) -> Vec<String> {
    let told = led.acknowledges(items);
    led.takes(THAT_WAS_IT, "Go on");
    led.takes(SOURCE, "I have no source of my own");
    let phrase = led.talk.phrase();
    led.talk.line(&phrase);
    led.opens_her_token();
    told
}

#[test]
fn her_own_copy_is_asked_for_and_each_danger_is_acknowledged_by_itself() {
    let chairs = rotation();
    let mut led = Led::sits(&chairs, "anna", "r");
    led.takes(KNOWN, "I have my own copy of root 1, or of an older root, as a file");
    led.answers("Path of your copy", "no-such.json");
    led.talk.until("error: ");
    led.takes(KNOWN, "I have my own copy of root 1, or of an older root, as a file");
    led.answers("Path of your copy", " 1.root.json ");
    led.talk.until("Your own copy fits");
    led.talk.until("2 things decide trust.");
    let told = goes_on(&mut led, 2);
    assert!(told[0].contains("KEY ADDED") || told[0].contains("NEW KEY"), "{told:?}");
    assert!(told.iter().all(|item| item.matches("\n  ! ").count() == 1), "one at a time: {told:?}");
    let (code, said) = led.end();
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("follows from your own root"), "{said}");
    let last =
        &said[said.rfind("Once more, before you agree").unwrap()..said.rfind("To sign, type").unwrap()];
    assert_eq!(last.matches("\n  ! ").count(), 2, "both are named again: {last}");
    assert!(last.contains("old root (version 1): 0 of 2") && last.contains("new root: 0 of 2"), "{last}");
}

#[test]
fn another_root_than_hers_ends_the_visit_before_anything_is_shown() {
    let chairs = rotation();
    let other = Chairs::published("");
    let text = String::from_utf8(read(&other.scene.path("1.root.json"))).unwrap();
    chairs.scene.desk.put("other.json", text.replace("2028-03-05", "2028-03-06"));
    let mut led = Led::sits(&chairs, "anna", "r");
    led.takes(KNOWN, "I have my own copy of root 1, or of an older root, as a file");
    led.answers("Path of your copy", "other.json");
    let (code, said) = led.end();
    assert_eq!(code, 1, "{said}");
    let told = fault(&said);
    assert!(told.error.contains("does not build on the document that you trust"), "{told:?}");
    assert!(told.now.contains("Do not sign"), "{told:?}");
    assert_eq!(told.signed, "Nothing was signed, nothing was written.");
    assert!(!said.contains("You are asked to sign"), "{said}");
    assert_eq!(chairs.scene.events("r").len(), 2);
}

#[test]
fn two_lines_of_its_digest_from_her_paper_serve_and_are_written_down() {
    let chairs = rotation();
    let root = metadata(read(&chairs.scene.path("1.root.json"))).payload();
    let mut led = Led::sits(&chairs, "anna", "r");
    led.takes(KNOWN, "I have its digest on my own paper");
    led.answers("Line 1 of 2", &words(root, 6));
    led.answers("Line 2 of 2", &group(root, 1));
    led.talk.until("The digest of root version 1");
    goes_on(&mut led, 2);
    let (code, said) = led.end();
    assert_eq!(code, 0, "{said}");
    assert!(traces(root, &said[..said.find("Line 1 of 2").unwrap()]).is_empty(), "{said}");
    let remark = &events(&chairs.scene.path("r"), "Remarked")[0];
    assert_eq!(remark["by"], "anna");
    assert_eq!(
        remark["text"],
        "compared the digest of root 1 with her own paper before it was shown: line 6 in words, hex group 1"
    );
    chairs.scene.replays("r");
}

#[test]
fn a_paper_with_another_root_ends_the_visit() {
    let chairs = rotation();
    let draft = payload(&chairs.scene, "r", 0);
    let mut led = Led::sits(&chairs, "anna", "r");
    led.takes(KNOWN, "I have its digest on my own paper");
    for _ in 0..3 {
        led.answers("Line 1 of 2", &words(draft, 1));
    }
    let (code, said) = led.end();
    assert_eq!(code, 1, "{said}");
    let told = fault(&said);
    assert!(told.error.contains("does not build on the root that your paper names"), "{told:?}");
    assert_eq!(told.signed, "Nothing was signed, nothing was written.");
}

#[test]
fn who_has_neither_is_told_what_she_relies_on() {
    let chairs = rotation();
    let mut led = Led::sits(&chairs, "carla", "r");
    led.takes(KNOWN, "Stop for now");
    let (code, said) = led.end();
    assert_eq!((code, fault(&said).signed.as_str()), (3, "Nothing was signed, nothing was written."));
    let mut led = Led::sits(&chairs, "carla", "r");
    led.takes(KNOWN, "I have neither");
    led.talk.until("Then you rely on this machine's copy");
    goes_on(&mut led, 2);
    let (code, said) = led.end();
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("Your own root was not given"), "{said}");
}

#[test]
fn a_whole_visit_from_a_bundle_asks_no_second_time_for_the_root_that_was_given() {
    let chairs = rotation();
    chairs.scene.run("export --out r.bundle.json r").good();
    let away = Desk::new();
    for (from, to) in [("r.bundle.json", "it.bundle.json"), ("1.root.json", "mine.json")] {
        away.put(to, read(&chairs.scene.path(from)));
    }
    let words = format!("--guided --trust mine.json --date {TODAY} it.bundle.json");
    let mut led = Led { talk: chairs.sits_at(&away, "dora", &words, &[]) };
    goes_on(&mut led, 2);
    let (code, said) = led.end();
    assert_eq!(code, 0, "{said}");
    assert!(!said.contains(KNOWN) && said.contains("Your reply is written."), "{said}");
    let (visit, reply) = said.split_once("Take your token out now.").unwrap();
    assert_eq!(visit.matches("The head after line").count(), 1, "after the signature: {said}");
    assert_eq!(reply.matches("The head after line").count(), 1, "and behind the reply: {said}");
}

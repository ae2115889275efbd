//! A release of 3,000 files on a small terminal: what decides trust and who has signed stand on the screen on which she is asked.

use crate::chairs::{Chairs, events};
use crate::holder::PIN;
use crate::led::{PRACTICE, payload, traces, words};
use crate::scene::{TODAY, key};
use crate::stage::read;

const ROWS: usize = 24;
const FILES: usize = 3000;

/// A release of many files, and a role that it delegates, open in `big`.
fn release() -> Chairs {
    let chairs = Chairs::published("");
    let scene = &chairs.scene;
    scene.desk.put("1.targets.json", read(&scene.path("first/final/1.targets.json")));
    std::fs::create_dir(scene.path("files")).unwrap();
    for number in 0..FILES {
        scene.desk.put(format!("files/{number:04}.bin"), format!("file {number}"));
    }
    let mut plan = scene.head("targets-release", "Release 1.1", &["anna", "bela", "carla"]);
    plan = plan.replacen("format = 1\n", "format = 1\nrehearsal = true\n", 1);
    plan += &scene.keys(&["anna", "bela", "carla"], &[]);
    plan += &format!("online = {{ keyid = \"{}\" }}\n", key("online").id);
    plan += &format!(
        "\n[predecessor]\nroot = {}\ntargets = {}\n",
        scene.named("1.root.json"),
        scene.named("1.targets.json")
    );
    plan += r#"
[seen]
root = 1
targets = 1

[targets]
version = 2
expires = "2027-09-05T00:00:00Z"
add = { "files" = "files" }
delegation-order = ["nightly"]

[targets.delegations.nightly]
keys = ["carla"]
threshold = 1
terminating = true
paths = ["nightly/*"]
"#;
    for role in ["snapshot", "timestamp"] {
        plan += &format!("\n[{role}]\nversion = 1\nexpires = \"2027-04-05T00:00:00Z\"\n");
    }
    scene.desk.put("big.plan.toml", plan);
    scene.run(&format!("open --date {TODAY} big.plan.toml big")).good();
    chairs
}

/// Rows of a terminal, each 80 columns wide.
fn rows(page: &str) -> usize {
    page.lines().map(|line| line.trim_end().chars().count().div_ceil(80).max(1)).sum()
}

#[test]
fn three_thousand_files_push_neither_the_danger_nor_the_threshold_off_the_screen_of_her_consent() {
    let chairs = release();
    let draft = payload(&chairs.scene, "big", 0);
    let mut talk = chairs.sits_before_24_rows("anna", "--guided --draft A --trust 1.root.json big");
    let mut pages = Vec::new();
    let items = talk.turning_pages("things decide trust");
    let items: usize =
        items.trim_end_matches(" things decide trust").split_whitespace().last().unwrap().parse().unwrap();
    for number in 1..=items {
        let page = talk.turning_pages("Type yes or no: ");
        assert!(
            page.contains(&format!("{number} of {items}")),
            "it stands on the page of its question: {page}"
        );
        pages.push(page);
        talk.line("yes");
    }
    pages.push(talk.turning_pages("Number (1 to 4): "));
    talk.line("1");
    talk.turning_pages("Number (1 to 3): ");
    talk.line("1");
    talk.turning_pages("today: ");
    talk.line("olga");
    talk.turning_pages("Line 1 of 2: ");
    talk.line(&words(draft, 1));
    talk.turning_pages("Line 2 of 2: ");
    talk.line(&words(draft, 5));
    let last = talk.turning_pages("Your answer: ");
    let asked = last.split_once("Once more, before you agree to draft A").expect(&last).1;
    assert!(asked.contains("! ") && asked.contains("nightly"), "the danger: {last}");
    assert!(asked.contains("0 of 2 needed keys have signed"), "the threshold: {last}");
    assert!(asked.contains("To sign, type: sign targets 2 "), "{last}");
    pages.push(last.clone());
    for page in &pages {
        assert!(rows(page) <= ROWS, "{} rows: {page}", rows(page));
    }
    talk.line(&format!("sign targets 2 {}", &draft.to_string()[..8]));
    talk.turning_pages("Practice line: ");
    talk.line(PRACTICE);
    talk.turning_pages("PIN of token ");
    talk.turning_pages(": ");
    talk.line(PIN);
    talk.turning_pages("Take your token out now.");
    let home = talk.until("and the head above, after line ");
    assert!(!home.contains("[Enter for more]"), "what she takes home stands on one page: {home}");
    let (code, said) = talk.end();
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("3,000 new"), "counted: {said}");
    assert!(!said.contains("2999.bin"), "and cut: {said}");
    assert!(said.lines().count() < 260, "{} lines", said.lines().count());
    assert!(traces(draft, &said[..said.find("Line 1 of 2").unwrap()]).is_empty(), "{said}");
    assert_eq!(events(&chairs.scene.path("big"), "SignatureAdmitted").len(), 1);
}

#[test]
fn whoever_asks_to_see_everything_sees_all_three_thousand_page_by_page_and_may_leave_between_two() {
    let chairs = release();
    let mut talk = chairs.sits_before_24_rows("anna", "--guided --draft A --trust 1.root.json big");
    let items = talk.turning_pages("things decide trust");
    let items: usize =
        items.trim_end_matches(" things decide trust").split_whitespace().last().unwrap().parse().unwrap();
    for _ in 0..items {
        talk.turning_pages("Type yes or no: ");
        talk.line("yes");
    }
    talk.turning_pages("Number (1 to 4): ");
    talk.line("2");
    talk.turning_pages("2999.bin");
    talk.until("[Enter for more]: ");
    talk.control('c');
    let (code, said) = talk.end();
    assert_eq!(code, 3, "{said}");
    let told = crate::holder::fault(&said);
    assert!(told.error.contains("You stopped here"), "{told:?}");
    assert!(told.signed.starts_with("Nothing was signed"), "{told:?}");
}

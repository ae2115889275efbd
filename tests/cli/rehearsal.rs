//! The rehearsal as a newcomer meets it: it plays by itself to the end, and the two commands with which it ends say the same
//! without us.

use std::path::{Path, PathBuf};
use std::process::Command;

use conclave_softhsm::{Artifact, PIN, built};
use sha2::{Digest as _, Sha256};

use crate::holder::Talk;
use crate::peers::{judges, python};
use crate::refusal::refused;
use crate::stage::{Desk, read};

/// Makes the tokens of a rehearsal in `tokens`.
fn tokens(desk: &Desk) {
    let maker = built("conclave-softhsm", Artifact::Program("softhsm-token")).unwrap();
    let made = Command::new(maker).arg("rehearsal").arg(desk.path("tokens")).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

/// Every file under a folder that holds these bytes.
fn holding(folder: &Path, wanted: &[u8]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(holding(&path, wanted));
        } else if read(&path).windows(wanted.len()).any(|bytes| bytes == wanted) {
            found.push(path);
        }
    }
    found
}

#[test]
fn a_whole_ceremony_plays_by_itself_and_can_be_checked_without_us() {
    let desk = Desk::new();
    tokens(&desk);
    let done = desk.run(["rehearse", "--tokens", "tokens", "--auto", "play"]).good();
    let said = done.out();
    let folder = desk.path("play/room/root-1");
    for file in ["final/1.root.json", "final/1.targets.json", "transcript.jsonl"] {
        assert!(folder.join(file).is_file(), "{file}: {said}");
        assert!(said.contains(&format!("play/room/root-1/{file}")), "the end says where {file} is");
    }
    let command = |start: &str| {
        let line = said.lines().find(|line| line.trim_start().starts_with(start));
        line.unwrap_or_else(|| panic!("{start} is not told: {said}")).trim().to_owned()
    };
    let run = |line: &str| {
        let done = Command::new("sh").args(["-c", line]).current_dir(desk.path(".")).output().unwrap();
        assert!(done.status.success(), "{line}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    };
    let head = hex::encode(Sha256::digest(read(&folder.join("transcript.jsonl"))));
    assert_eq!(run(&command("sha256sum ")).split_whitespace().next(), Some(head.as_str()));
    let groups: String = said.split_whitespace().collect();
    assert!(groups.contains(&head), "the head stands at the end in groups of hex");
    let python = python();
    let line = command("python3 ").replacen("python3", python.to_str().unwrap(), 1);
    assert_eq!(run(&line), "python-tuf accepts both\n");
    for judge in judges() {
        let line = judge.says(&[Path::new("root-chain"), &folder.join("final/1.root.json")]);
        assert_eq!(line["ok"], true, "{}", line["why"]);
    }
    let replayed = desk.run(["replay", "--json", "--head", &head, "play/room/root-1"]).good().json();
    assert_eq!(replayed["folders"][0]["verdict"], "proved", "{replayed}");
}

#[test]
fn no_pin_of_a_rehearsal_rests_outside_its_pin_files() {
    let desk = Desk::new();
    tokens(&desk);
    desk.run(["rehearse", "--tokens", "tokens", "--auto", "play"]).good();
    let pin = PIN.as_bytes();
    assert_eq!(holding(&desk.path("tokens"), pin).len(), 5, "the search finds the five that are there");
    desk.put("play/room/planted", format!("x{PIN}y"));
    assert_eq!(holding(&desk.path("play"), pin), [desk.path("play/room/planted")]);
}

#[test]
fn a_rehearsal_begins_in_a_new_folder_and_with_tokens() {
    let desk = Desk::new();
    tokens(&desk);
    std::fs::create_dir(desk.path("play")).unwrap();
    let told = refused(&desk.run(["rehearse", "--tokens", "tokens", "--auto", "play"]), 5);
    assert!(told.error.contains("play"), "{told:#?}");
    let told = refused(&desk.run(["rehearse", "--tokens", "nowhere", "--auto", "other"]), 5);
    assert!(told.error.contains("nowhere"), "{told:#?}");
}

#[test]
fn somebody_at_a_small_terminal_is_led_page_by_page_and_may_leave() {
    let desk = Desk::new();
    tokens(&desk);
    let arguments: Vec<String> = ["rehearse", "--tokens", "tokens", "play"].map(String::from).to_vec();
    let run = "stty rows 24 cols 80; exec \"$@\"";
    let mut talk = Talk::begin(run, &arguments, &desk.path("."), &[]);
    let mut pages = vec![talk.until("[Enter to go on]: ")];
    talk.line("");
    // The tokens of the room and what is shown of the first key, which are more than one page.
    pages.extend(talk.all_pages("[Enter, and anna types]: "));
    assert!(pages.len() > 3, "{} pages", pages.len());
    for page in &pages {
        let rows = page
            .replace('\r', "")
            .lines()
            .map(|line| line.chars().count().div_ceil(80).max(1))
            .sum::<usize>();
        assert!(rows <= 25, "{rows} rows, the one of the answer before among them: {page}");
    }
    talk.control('c');
    let (code, said) = talk.end();
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("Nothing was signed; \"play\" was written."), "{said}");
}

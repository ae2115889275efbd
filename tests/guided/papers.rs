//! The head on paper: an older copy is refused, at the beginning and between two steps, and whoever has no paper says so.

use std::path::Path;

use crate::player::{Answer, Player, Rules, choice, line};
use crate::room::{self, FOLDER, MIRROR, NEXT, Room};

/// A ceremony that was opened, and left at its first board.
fn opened() -> (Room, Player) {
    let room = Room::new();
    let mut player = room.begin();
    let mut rules = room::beginning(&["anna"]).each(NEXT, [choice("Stop here for now")]);
    assert_eq!(player.play(&mut rules), 3, "{}", player.pty.text());
    (room, player)
}

fn copied(from: &Path, to: &Path) {
    if to.exists() {
        std::fs::remove_dir_all(to).unwrap();
    }
    let done = std::process::Command::new("cp").arg("-a").args([from, to]).status().unwrap();
    assert!(done.success());
}

/// Puts both devices aside, or back.
fn both(room: &Room, from: &str, to: &str) {
    for folder in [FOLDER, MIRROR] {
        copied(&room.path(format!("{folder}{from}")), &room.path(format!("{folder}{to}")));
    }
}

/// The rules of somebody who goes on and writes a remark.
fn remarks() -> Rules {
    Rules::default()
        .each("What is it?", [choice("Write something down"), choice("A remark")])
        .each("In one line", [line("The window was opened.")])
        .each(NEXT, [choice("Something else"), choice("Stop here for now")])
        .always("Who sits at this keyboard and speaks for the record?", choice("(olga)"))
        .always("[Enter for more]", line(""))
}

#[test]
fn an_older_copy_of_the_folder_is_refused_by_the_head_on_paper() {
    let (room, player) = opened();
    both(&room, "", ".older");
    let mut later = room.resume(&player.paper);
    assert_eq!(later.play(&mut remarks().and(room::going_on())), 3, "{}", later.pty.text());
    assert_eq!(room.count("Remarked"), 1);
    assert_ne!(later.paper, player.paper);
    both(&room, ".older", "");
    let before = room.events();
    let mut again = room.resume(&later.paper);
    assert_eq!(again.play(&mut room::going_on()), 1, "{}", again.pty.text());
    let said = again.pty.text();
    assert_eq!(said.matches("No line of this folder has that head.").count(), 2, "{said}");
    assert!(said.contains("error: ") && !said.contains(NEXT), "{said}");
    assert_eq!(room.events(), before, "nothing is written into an older copy");
}

#[test]
fn an_older_copy_that_is_put_there_between_two_steps_is_refused() {
    let (room, player) = opened();
    both(&room, "", ".older");
    let mut running = room.resume(&player.paper);
    let mut rules = remarks().and(room::going_on());
    let asked = running.until(NEXT, &mut rules);
    running.answer(&asked, &mut rules);
    let asked = running.until(NEXT, &mut rules);
    assert_eq!(room.count("Remarked"), 1);
    both(&room, ".older", "");
    running.type_in(&asked, &choice("Something else"));
    let mut rules = Rules::default()
        .each("What is it?", [choice("Write something down"), choice("A remark")])
        .each("In one line", [line("Another one.")])
        .and(remarks());
    assert_eq!(running.play(&mut rules), 1, "{}", running.pty.text());
    let said = running.pty.text();
    assert!(said.contains("The folder does not hold what was seen in it a moment ago."), "{said}");
    assert_eq!(room.count("Remarked"), 0, "nothing is written into an older copy");
}

#[test]
fn a_slip_on_the_paper_is_asked_again_and_half_of_the_lines_are_enough() {
    let (room, player) = opened();
    let [one, two, three] = [0, 1, 2].map(|at| line(player.paper[at].clone()));
    let mut resumed = room.resume(&player.paper);
    let mut rules = Rules::default()
        // A line of three words; then two lines in the wrong order; then four lines of eight.
        .each("Line 1 of 8", [line("only three words"), two.clone(), one])
        .each("Line 2 of 8", [Answer::Paper, two])
        .each("Line 3 of 8", [Answer::Paper, three])
        .each("Line 4 of 8", [Answer::Paper, Answer::Paper])
        .each("Line 5 of 8", [Answer::Paper])
        .each("Line 6 of 8", [Answer::Paper])
        .each("Line 7 of 8", [Answer::Paper])
        .each("Line 8 of 8", [Answer::Paper])
        .always("Line *", line(""))
        .each(NEXT, [choice("Stop here for now")])
        .and(remarks());
    assert_eq!(resumed.play(&mut rules), 3, "{}", resumed.pty.text());
    let said = resumed.pty.text();
    assert!(said.contains("A line has four words; that were 3. Type it again."), "{said}");
    let again = said.matches("Line 1 of 8").count();
    assert_eq!(again, 3, "{said}");
    assert_eq!(room.count("Remarked"), 0, "with the paper nothing is remarked");
}

#[test]
fn without_the_paper_it_is_written_down_that_there_was_none() {
    let (room, _) = opened();
    let mut resumed = room.resume(&[]);
    let mut rules = Rules::default()
        .each("Line 1 of 8", [line("none")])
        .each(NEXT, [choice("Stop here for now")])
        .and(remarks());
    assert_eq!(resumed.play(&mut rules), 3, "{}", resumed.pty.text());
    let remarked = room.told("Remarked");
    assert_eq!(remarked.len(), 1, "{:?}", room.events());
    assert!(remarked[0].to_string().contains("without the head on paper"), "{remarked:?}");
}

#[test]
fn a_second_device_that_holds_nothing_of_the_ceremony_is_filled_only_where_somebody_says_so() {
    let (room, player) = opened();
    let paper = player.paper.clone();
    let stop = || Rules::default().each(NEXT, [choice("Stop here for now")]);
    let words = |mirror| ["run", "--plain", "--profile", room::PROFILE, "--mirror", mirror, FOLDER];
    let question = "What of the second device?";
    let mut mistyped = room.terminal(&words("play/typo")).with_paper(&paper);
    let mut rules = stop()
        .each(question, [choice("mistyped")])
        .each("Folder on the second device", [line(MIRROR)])
        .and(room::whole(&room));
    assert_eq!(mistyped.play(&mut rules), 3, "{}", mistyped.pty.text());
    assert!(!room.path("play/typo").exists());
    assert!(mistyped.way_on().contains(MIRROR), "{}", mistyped.way_on());
    let mut new = room.terminal(&words("play/new")).with_paper(&mistyped.paper);
    let mut rules = stop().each(question, [choice("new device")]).and(room::whole(&room));
    assert_eq!(new.play(&mut rules), 3, "{}", new.pty.text());
    assert!(room.path("play/new/transcript.jsonl").exists());
}

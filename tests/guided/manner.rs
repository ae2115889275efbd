//! Every terminal that people have: without colour, without a cursor, with ASCII alone, and none at all.

use crate::player::{Player, choice, conclave};
use crate::room::{self, BEGIN, NEXT, Room};

/// Begins and stops at the first board, with these words in place of `--plain`.
fn at_the_board(room: &Room, manner: &[&str], environment: &[(&str, &str)]) -> Player {
    let words: Vec<&str> =
        BEGIN.iter().copied().filter(|word| *word != "--plain").chain(manner.iter().copied()).collect();
    let mut player = conclave(&words, &room.path(""), environment);
    let mut rules = room::beginning(&["anna", "dora"]).each(NEXT, [choice("Stop here for now")]);
    assert_eq!(player.play(&mut rules), 3, "{}", player.pty.text());
    player
}

#[test]
fn a_terminal_that_moves_no_cursor_gets_lines_alone() {
    for (manner, environment) in [
        (&["--plain"][..], &[("TERM", "xterm-256color")][..]),
        (&[], &[("TERM", "dumb")]),
        (&[], &[("TERM", "dumb"), ("NO_COLOR", "1")]),
    ] {
        let room = Room::new();
        let player = at_the_board(&room, manner, environment);
        let said = player.pty.text();
        assert!(!player.pty.bytes.contains(&0x1b), "{manner:?} {environment:?}: {said:?}");
        assert_eq!(player.way_on().contains("--plain"), !manner.is_empty(), "{}", player.way_on());
    }
}

#[test]
fn ascii_alone_where_it_was_asked_for_and_letters_of_people_where_it_was_not() {
    let room = Room::new();
    let plan = room.path(room::PLAN);
    let text = std::fs::read_to_string(&plan).unwrap().replace("Dora Engel", "D\u{f6}rte Engel");
    std::fs::write(&plan, text).unwrap();
    let player = at_the_board(&room, &["--ascii"], &[("NO_COLOR", "1")]);
    let said = player.pty.text();
    let is_ascii = |byte: &u8| matches!(byte, b'\r' | b'\n' | b' '..=b'~');
    assert!(player.pty.bytes.iter().all(is_ascii), "{said:?}");
    assert!(said.contains("D<U+00F6>rte Engel"), "{said}");
    assert!(player.way_on().contains("--ascii"), "{}", player.way_on());
    // The same folder without it.
    let mut again = room.resume(&player.paper);
    again.until(NEXT, &mut room::going_on().and(room::beginning(&[])));
    assert!(again.pty.text().contains("D\u{f6}rte Engel"), "{}", again.pty.text());
}

#[test]
fn without_a_terminal_nobody_is_asked_and_nothing_is_written() {
    let room = Room::new();
    let before = room.files("play");
    let done = room.run(BEGIN);
    assert_eq!(done.code, Some(2), "{}{}", done.out, done.err);
    assert_eq!(done.err.matches("error: ").count(), 1, "{}", done.err);
    assert!(done.err.contains("nobody can answer here"), "{}", done.err);
    assert!(done.err.contains("Nothing was signed, nothing was written."), "{}", done.err);
    assert_eq!(room.files("play"), before);
    at_the_board(&room, &["--plain"], &[]);
    let opened = room.files("play");
    let done = room.run(room::RESUME);
    assert_eq!((done.code, done.err.matches("error: ").count()), (Some(2), 1), "{}{}", done.out, done.err);
    assert_eq!(room.files("play"), opened);
}

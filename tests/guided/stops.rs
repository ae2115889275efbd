//! Whoever leaves, by Ctrl-C, a closed terminal or a power cut, goes on with the head on paper and loses nothing.

use std::collections::BTreeSet;

use crate::player::{Answer, shell};
use crate::room::{self, FOLDER, NEXT, RESUME, Room, proved};

/// A question without what differs in each room.
pub fn normal(question: &str) -> String {
    let is_hex = |word: &str| word.len() >= 8 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let words = question.split_inclusive(|letter: char| !letter.is_ascii_alphanumeric());
    let cut = |word: &str| {
        let bare = word.trim_end_matches(|letter: char| !letter.is_ascii_alphanumeric());
        if is_hex(bare) { word.replacen(bare, "(hex)", 1) } else { word.to_owned() }
    };
    words.map(cut).collect()
}

#[test]
fn ctrl_c_at_every_question_loses_nothing_and_the_ceremony_is_gone_on_with() {
    let room = Room::new();
    let mut rules = room::whole(&room);
    let (mut stopped, mut asked_once) = (BTreeSet::new(), BTreeSet::new());
    let (mut player, mut compared) = (room.begin(), false);
    loop {
        let Some(asked) = player.asked() else {
            assert_eq!(player.over(), 0, "{}", player.pty.text());
            break;
        };
        asked_once.insert(normal(&asked.question));
        if !stopped.insert(normal(&asked.question)) {
            player.answer(&asked, &mut rules);
            continue;
        }
        assert!(stopped.len() < 100, "{stopped:#?}");
        player.type_in(&asked, &Answer::Control('c'));
        assert!(player.asked().is_none(), "it goes on after Ctrl-C:\n{}", player.pty.text());
        assert_eq!(player.over(), 3, "{}", player.pty.text());
        let said = player.pty.text();
        assert!(said.contains("stopped: You left the ceremony."), "{said}");
        if asked.question.starts_with("If every word agrees") {
            assert!(said.contains("stopped: Nobody said that the fingerprint agrees"), "{said}");
            assert!(said.contains("The key signed its card, which was thrown away"), "{said}");
            assert!(!said.contains("nothing was asked of the key"), "{said}");
            compared = true;
        }
        // With what stands on the paper, whatever was seen of the head.
        let paper = player.paper.clone();
        player = if !room.path(FOLDER).exists() {
            assert!(said.contains("Nothing was opened; begin again when you like."), "{said}");
            room.begin()
        } else if said.contains("The folder is as it was") {
            room.resume(&paper)
        } else {
            shell(&player.way_on(), &room.path("")).with_paper(&paper)
        };
    }
    assert!(compared, "{stopped:#?}");
    assert_eq!(stopped, asked_once);
    for question in
        ["PIN of token \"anna\" (serial (hex)), to sign root 2 (hex)", "To sign, type", "Line 5 of 8", NEXT]
    {
        assert!(stopped.contains(question), "{question} in {stopped:#?}");
    }
    assert_eq!((room.count("Closed"), room.count("SignatureAdmitted")), (1, 3), "{:?}", room.events());
    // At each of the three PINs she was gone once: that attempt was written down before, and its end is as well.
    assert_eq!((room.count("SigningBegun"), room.count("SigningFailed")), (6, 3), "{:?}", room.events());
    for failed in room.told("SigningFailed") {
        assert_eq!(failed["outcome"], "not-signed", "{failed}");
    }
    proved(&room, &player);
}

#[test]
fn a_terminal_that_is_closed_ends_the_program_and_the_folder_goes_on() {
    let room = Room::new();
    let mut rules = room::whole(&room);
    let mut player = room.begin();
    for (question, is_deaf) in [
        ("Which kind of key?", false),
        ("If every word agrees, type", true),
        (NEXT, true),
        ("To sign, type", false),
        ("PIN of token \"anna\"*", true),
        ("PIN of token \"bela\"*", false),
    ] {
        // With the hang-up's own signal, which ends every program; and where something keeps it away, as nohup does.
        player.until(NEXT, &mut rules);
        let paper = player.paper.clone();
        player.kill();
        player = if is_deaf { room.deaf(&RESUME) } else { room.terminal(&RESUME) }.with_paper(&paper);
        player.until(question, &mut rules);
        let end = player.pty.hang_up();
        assert_eq!(end, is_deaf.then_some(3), "{question}");
        player = room.resume(&player.paper);
    }
    assert_eq!(player.play(&mut rules), 0, "{}", player.pty.text());
    let failed = room.told("SigningFailed");
    let outcomes: Vec<&str> = failed.iter().map(|failed| failed["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["not-signed", "unknown"], "{:?}", room.events());
    assert_eq!(room.count("SignatureAdmitted"), 3, "{:?}", room.events());
    proved(&room, &player);
}

#[test]
fn a_power_cut_at_the_pin_leaves_an_attempt_that_the_next_one_closes_as_unknown() {
    let room = Room::new();
    let mut rules = room::whole(&room);
    let mut player = room.begin();
    player.until("PIN of token \"anna\"*", &mut rules);
    player.kill();
    assert_eq!(room.events().last().unwrap(), "SigningBegun");
    let mut player = room.resume(&player.paper);
    assert_eq!(player.play(&mut rules), 0, "{}", player.pty.text());
    let failed = room.told("SigningFailed");
    assert_eq!(failed.len(), 1, "{:?}", room.events());
    assert_eq!(failed[0]["outcome"], "unknown", "{failed:?}");
    assert_eq!((room.count("SigningBegun"), room.count("SignatureAdmitted")), (4, 3), "{:?}", room.events());
    proved(&room, &player);
}

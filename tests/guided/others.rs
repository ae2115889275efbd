//! Somebody else writes into the folder between two steps: it is told, whatever was chosen, and chosen again.

use crate::player::{Player, choice, enter};
use crate::room::{self, FOLDER, MIRROR, NEXT, Room, proved};

/// Wim writes a note from another terminal.
fn wim_notes(room: &Room, text: &str) {
    room.run(["note", "--as", "wim", "--mirror", MIRROR, "--", text, FOLDER]).good();
}

/// What stands on the screen since this many bytes were there, in one line.
fn since(player: &Player, seen: usize) -> String {
    let text = String::from_utf8_lossy(&player.pty.bytes[seen..]).into_owned();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn lines_that_somebody_else_wrote_are_told_before_the_next_question_whatever_was_chosen() {
    let room = Room::new();
    let mut player = room.begin();
    let mut rules = room::beginning(&["anna"]).always("[Enter when it is in]", enter());
    let asked = player.until(NEXT, &mut rules);
    // Behind the board, and whatever she chose.
    for (count, words) in ["Make the key dora", "Something else", "Read a draft"].into_iter().enumerate() {
        for text in ["The door.", "The window."] {
            wim_notes(&room, text);
        }
        let (seen, lines) = (player.pty.bytes.len(), room.events().len());
        player.type_in(&asked, &choice(words));
        let again = player.asked().unwrap();
        assert_eq!(again.question, NEXT, "{words} is done on what she did not know: {again:?}");
        let said = since(&player, seen);
        let told = format!(
            "Somebody else wrote 2 lines into this folder meanwhile: line {}: Remarked, by Wim Grote line {lines}: Remarked, by Wim Grote",
            lines - 1
        );
        assert!(said.contains(&told), "{count}: {told}\n{said}");
    }
    // In the middle of an act that looks again, and while she reads what writes nothing.
    player.type_in(&asked, &choice("Something else"));
    let other = player.asked().unwrap();
    assert_eq!(other.question, "What is it?");
    wim_notes(&room, "The roof.");
    let seen = player.pty.bytes.len();
    player.type_in(&other, &choice("Back"));
    let asked = player.asked().unwrap();
    assert!(since(&player, seen).contains("Somebody else wrote 1 line into this folder meanwhile: line "));
    // Her own lines are not told as somebody else's; each of the others once.
    let mut rules = rules
        .each(NEXT, [choice("Something else"), choice("Stop here")])
        .each("What is it?", [choice("Somebody comes or leaves")])
        .each("Who comes or leaves?", [choice("(bela) comes")]);
    player.answer(&asked, &mut rules);
    assert_eq!(player.play(&mut rules), 3, "{}", player.pty.text());
    assert_eq!(player.pty.text().matches("Somebody else wrote").count(), 4, "{}", player.pty.text());
    proved(&room, &player);
}

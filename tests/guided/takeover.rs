//! Another machine takes over in the middle: its second line says so, and the old folder confuses nobody.

use crate::player::{Rules, choice, line};
use crate::room::{self, FOLDER, NEXT, PROFILE, Room, events, judged};

/// The folder on the second machine.
const SPARE: &str = "spare/root-2";

#[test]
fn another_machine_takes_over_and_says_who_watched() {
    let room = Room::new();
    std::fs::create_dir(room.path("spare")).unwrap();
    let mut player = room.begin();
    let mut rules = Rules::default()
        .each(
            NEXT,
            [
                choice("Make the key dora"),
                choice("Anna Berg"),
                choice("Write a file"),
                choice("Stop here for now"),
            ],
        )
        .each("Write it to", [line("spare/root-2.bundle.json")])
        .and(room::whole(&room));
    assert_eq!(player.play(&mut rules), 3, "{}", player.pty.text());

    let words = ["run", "--plain", "--profile", PROFILE, "--trust", "play/room/1.root.json", "--from"];
    let mut spare = room.terminal(&[&words[..], &["spare/root-2.bundle.json", SPARE]].concat());
    let mut rules = Rules::default()
        .each("Why does another machine go on", [line("The first one does not start any more.")])
        .each("Who watched the folder meanwhile (nobody, if nobody did)", [line("wim")])
        .each(NEXT, [choice("Something else"), choice("Bela Costa"), choice("Stop here for now")])
        .each("What is it?", [choice("Back")])
        .and(room::whole(&room));
    assert_eq!(spare.play(&mut rules), 3, "{}", spare.pty.text());
    let lines = events(&room.path(SPARE));
    assert_eq!(lines[..2], ["Opened", "MachineChanged"], "{lines:?}");
    let changed = &room::told(&room.path(SPARE), "MachineChanged")[0];
    assert_eq!(changed["watched_by"], "wim", "{changed}");
    assert_eq!(changed["by"], "olga", "{changed}");

    // The first machine's folder, from which somebody exports once more: nothing in it is new, and none of it is lost.
    let old = ["export", "--mirror", room::MIRROR, "--out", "spare/old.bundle.json", FOLDER];
    room.run(old).good();
    let mut spare = room.terminal(&["run", "--plain", "--profile", PROFILE, SPARE]).with_paper(&spare.paper);
    let mut rules = Rules::default()
        .each(
            NEXT,
            [
                choice("Take in a file"),
                choice("Dora Engel"),
                choice("Write the final files"),
                choice("Close the ceremony"),
                choice("That is all"),
            ],
        )
        .each("File that came back", [line("spare/old.bundle.json")])
        .and(room::whole(&room));
    assert_eq!(spare.play(&mut rules), 0, "{}", spare.pty.text());
    let done = room.run(["replay", "--head", &spare.head(), SPARE]).good();
    assert!(done.out.contains("PROVED"), "{}", done.out);
    judged(&room, "play/room/1.root.json", &format!("{SPARE}/final/2.root.json"));
}

//! A keyholder who is elsewhere: her part goes as one file into another folder and comes back as one, while the room is interrupted.

use crate::player::{Answer, Rules, choice, line};
use crate::room::{self, CARLA, FOLDER, NEXT, Room, events, judged, proved};

/// The bundle's name and place on the medium that travels.
const BUNDLE: &str = "usb/root-2.bundle.json";

#[test]
fn a_rotation_is_interrupted_twice_and_one_part_comes_by_a_bundle() {
    let room = Room::new();
    for folder in ["usb", "home"] {
        std::fs::create_dir(room.path(folder)).unwrap();
    }
    let mut rules = room::whole(&room);
    // In the middle of Anna's reading, and at her PIN.
    let mut player = room.begin();
    let asked = player.until("Have you seen this, and is it as you expect? Type yes or no", &mut rules);
    player.type_in(&asked, &Answer::Control('c'));
    assert!(player.asked().is_none());
    assert_eq!(player.over(), 3, "{}", player.pty.text());
    let mut player = room.resume(&player.paper);
    player.until("PIN of token \"anna\"*", &mut rules);
    player.kill();
    let mut player = room.resume(&player.paper);
    let mut rules = Rules::default()
        .each(NEXT, [choice("Anna Berg"), choice("Write a file"), choice("Stop here for now")])
        .each("Write it to", [line(BUNDLE)])
        .and(room::whole(&room));
    assert_eq!(player.play(&mut rules), 3, "{}", player.pty.text());
    let paper = player.paper.clone();

    std::fs::copy(room.path(BUNDLE), room.path("home/root-2.bundle.json")).unwrap();
    let words =
        ["run", "--plain", "--trust", "play/room/1.root.json", "--profile", CARLA, "home/root-2.bundle.json"];
    let mut carla = room.terminal(&words);
    let mut rules = Rules::default().each("Who are you?", [choice("(carla)")]).and(room::whole(&room));
    assert_eq!(carla.play(&mut rules), 0, "{}", carla.pty.text());
    let said = carla.pty.text();
    let reply =
        said.split("Send \"").nth(1).and_then(|rest| rest.split('"').next()).expect("it names the file");
    // What she says by phone of her folder's head is what the room sees when her file comes.
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let spoken = flat(&said);
    let spoken =
        spoken.split("which the file holds: line 1 is ").nth(1).and_then(|rest| rest.split('.').next());
    let spoken = spoken.expect("she is told what to say").to_owned();
    assert_eq!(spoken.split(' ').count(), 4, "{said}");

    let mut player = room.resume(&paper);
    let mut rules = Rules::default()
        .each(
            NEXT,
            [choice("Take in a file"), choice("Write the final"), choice("Close the"), choice("That is all")],
        )
        .each("File that came back", [line(reply)])
        .and(room::whole(&room));
    assert_eq!(player.play(&mut rules), 0, "{}", player.pty.text());
    let seen = player.pty.text();
    let hers = seen.split("The other machine's head after line").nth(1).expect("it is told to be compared");
    assert!(flat(hers).contains(&format!(" 1 {spoken} 2 ")), "{spoken}: {hers}");
    let outcomes: Vec<_> =
        room.told("SigningFailed").iter().map(|failed| failed["outcome"].clone()).collect();
    assert_eq!(outcomes, ["unknown"], "{:?}", room.events());
    assert_eq!(room.count("SignatureAdmitted"), 1, "{:?}", room.events());
    assert_eq!(room.count("BundleImported"), 1, "{:?}", room.events());
    let home = events(&room.path("home/root-2.bundle.json.conclave"));
    assert!(home.contains(&"SignatureAdmitted".to_owned()), "{home:?}");
    proved(&room, &player);
    judged(&room, "play/room/1.root.json", &format!("{FOLDER}/final/2.root.json"));
}

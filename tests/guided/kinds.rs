//! Other kinds of ceremonies, and the rehearsal that people play by hand.

use std::process::Command;

use conclave_softhsm::PIN;

use crate::player::{Rules, choice, enter};
use crate::room::{self, NEXT, PLAN, Room, proved};
use crate::tokens::plugged_in;

#[test]
fn a_lost_token_is_not_counted_on_and_its_holder_is_not_asked() {
    let room = Room::new();
    let text = std::fs::read_to_string(room.path(PLAN)).unwrap();
    let line =
        text.lines().find(|line| line.starts_with("bela = { holders")).expect("her key is in the plan");
    let lost = line.replace(" }", ", lost = \"It was left on a train.\" }");
    let text = text.replace(line, &lost).replace("kind = \"rotation\"", "kind = \"token-lost\"");
    // Her new key, on the token that is there.
    let text = text.replace("holders = [\"dora\"]", "holders = [\"bela\"]");
    std::fs::write(room.path(PLAN), text).unwrap();
    plugged_in(&room, &["anna", "dora", "online"]);
    let mut player = room.begin();
    let mut rules = room::whole(&room);
    let asked = player.until(NEXT, &mut rules);
    player.type_in(&asked, &choice("Make the key dora"));
    let asked = player.until(NEXT, &mut rules);
    let page = player.page();
    for line in [
        "old root: 0 of 2 signed; can sign: anna, carla; margin 0: nobody may fail",
        "new root: 0 of 2 signed; can sign: anna, carla, bela; margin 1: one may fail",
        "not counted on: the key bela (lost)",
    ] {
        assert!(page.contains(line), "{page}");
    }
    // With her new token Bela signs, which counts on one side; Anna alone is not enough on the other.
    player.type_in(&asked, &choice("Bela Costa"));
    let asked = player.until(NEXT, &mut rules);
    assert!(asked.number("Bela Costa").is_err(), "nothing waits for her old key: {asked:?}");
    player.type_in(&asked, &choice("Anna Berg"));
    let asked = player.until(NEXT, &mut rules);
    assert!(
        asked.number("Write the final files").is_err() && asked.number("Carla Dietz").is_ok(),
        "{asked:?}"
    );
    assert!(
        player.page().contains("old root: 1 of 2 signed (anna); can sign: carla; margin 0"),
        "{}",
        player.page()
    );
}

#[test]
fn the_rehearsal_by_hand_shows_its_pins_and_is_proved_by_an_auditor_at_the_end() {
    let room = Room::new();
    let words = ["rehearse", "--by-hand", "--plain", "--tokens", "tokens", "play"];
    let mut player = room.terminal(&words);
    let mut rules = Rules::default().always("[Enter to go on]", enter()).and(room::whole(&room));
    assert_eq!(player.play(&mut rules), 0, "{}", player.pty.text());
    let said = player.pty.text();
    let shown = format!("(Rehearsal: the PIN of every token is {PIN}.");
    let flat = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(flat.matches(&shown).count(), 1 + flat.matches("PIN of token \"").count(), "{said}");
    proved(&room, &player);
    // The command that stands at the end, with the words off the paper.
    let at = said.find("Now be the auditor").expect("she is told how to check it");
    let command: Vec<&str> = said[at..].lines().skip_while(|line| !line.starts_with("  conclave ")).collect();
    let command = command.join("\n").replace("the words on the paper", &player.head());
    let command = format!("conclave() {{ '{}' \"$@\"; }}\n{command}", env!("CARGO_BIN_EXE_conclave"));
    let audited = Command::new("sh").args(["-c", &command]).current_dir(room.path("")).output().unwrap();
    let told = String::from_utf8(audited.stdout).unwrap();
    assert!(audited.status.success() && told.contains("PROVED"), "{told}");
}

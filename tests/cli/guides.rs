//! The commands in the guides do what the guides say: each is run as it stands there, in order, on the example plans.

use std::process::Command;

use crate::mint::Key;
use crate::room::{Room, anna, carla};
use crate::stage::{program, read, top};

/// The commands of a guide: lines that begin with `$ ` in its fenced blocks.
fn commands(guide: &str) -> Vec<String> {
    let text = String::from_utf8(read(&top().join("docs").join(guide))).unwrap();
    let mut inside = false;
    let lines = text.lines().filter_map(|line| {
        inside ^= line.starts_with("```");
        inside.then(|| line.strip_prefix("$ "))?
    });
    lines.map(str::to_owned).collect()
}

#[track_caller]
fn play(room: &Room, command: &str) -> String {
    let mut paths = vec![program().parent().unwrap().to_owned()];
    paths.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap()));
    let done = Command::new("sh")
        .args(["-c", command])
        .current_dir(room.desk.path("."))
        .env("PATH", std::env::join_paths(paths).unwrap())
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    assert!(done.status.success(), "{command}: {}{}", text(&done.stdout), text(&done.stderr));
    text(&done.stdout)
}

#[test]
fn the_commands_of_the_officers_and_the_keyholders_guide_do_what_they_say() {
    let room = Room::new();
    for media in ["a", "b"] {
        std::fs::create_dir(room.desk.path(media)).unwrap();
    }
    let officer = commands("guide-officer.md");
    let travels = officer.iter().position(|command| command.contains(" export ")).unwrap() + 1;
    let (before, after) = officer.split_at(travels);
    for command in before {
        play(&room, command);
    }
    let keyholder = commands("guide-keyholder.md");
    for command in &keyholder {
        play(&room, command);
    }
    // What she sent home is brought in with the files that a foreign tool signed.
    play(&room, "conclave import --mirror b/root-2 --into a/root-2 from-carla.bundle.json");
    let sign = |key: &Key, file: &str| room.sign("a/root-2/drafts/0-a.json", &[key], file);
    sign(&anna(), "anna.json");
    sign(&carla(), "carla.json");
    let told: Vec<String> = after.iter().map(|command| play(&room, command)).collect();
    assert!(told.last().unwrap().contains("The ceremony is closed."), "{told:?}");
    assert!(room.desk.path("b/root-2/final/2.root.json").exists(), "on both media");
    assert_eq!((officer.len(), keyholder.len()), (10, 5), "commands that were run");
}

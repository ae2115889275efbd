//! A keyholder's visit that was cut off: what she comes back with is written down, and what was done is not asked for again.

use crate::player::{Answer, Player, Rules, choice, enter, line};
use crate::room::{self, CARLA, FOLDER, NEXT, Room};

const BUNDLE: &str = "home/root-2.bundle.json";
const HOME: &str = "home/root-2.bundle.json.conclave";

/// A room that wrote a bundle for Carla.
fn sent(room: &Room) -> Rules {
    std::fs::create_dir(room.path("home")).unwrap();
    let mut rules = Rules::default()
        .each(NEXT, [choice("Make the key dora"), choice("Write a file"), choice("Stop here for now")])
        .each("Write it to", [line(BUNDLE)])
        .and(room::whole(room));
    let mut player = room.begin();
    assert_eq!(player.play(&mut rules), 3, "{}", player.pty.text());
    room::whole(room)
}

fn comes(room: &Room) -> Player {
    room.terminal(&["run", "--plain", "--trust", "play/room/1.root.json", "--profile", CARLA, BUNDLE])
}

#[test]
fn a_visit_that_was_cut_off_tells_the_day_and_the_missing_paper_and_then_only_the_call_is_left() {
    let room = Room::new();
    let base = sent(&room);
    // The first evening, a while ago by the clock on the wall; the power fails at her PIN.
    let mut rules = Rules::default()
        .each("Today (as 2027-03-05)", [line("2026-01-02")])
        .each("Is the date that you typed right?", [choice("It is right")])
        .each("Who are you?", [choice("(carla)"), choice("(carla)"), choice("(carla)")])
        .and(base);
    let mut carla = comes(&room);
    carla.until("PIN of token *", &mut rules);
    carla.kill();
    // Another day, without a paper on which a head could stand.
    let mut rules = Rules::default().each("Line 1 of 8", [line("none")]).and(rules);
    let mut carla = comes(&room);
    assert_eq!(carla.play(&mut rules), 0, "{}", carla.pty.text());
    let home = room.path(HOME);
    let stated = room::told(&home, "DateStated");
    assert_eq!(stated, [serde_json::json!({"by": "carla", "date": room::today()})]);
    let remarked = room::told(&home, "Remarked");
    assert_eq!(remarked.len(), 1, "{:?}", room::events(&home));
    assert_eq!((&remarked[0]["by"], room::told(&home, "SignatureAdmitted").len()), (&"carla".into(), 1));
    assert!(remarked[0]["text"].as_str().unwrap().contains("without the head on paper"), "{remarked:?}");
    let phone = |player: &Player| {
        let text = player.pty.text();
        let told = &text[text.rfind("What you send, and what you say").expect("she is told what to say")..];
        told.replace("[Enter for more]: \n", "").replace('\n', " ")
    };
    let (said, events) = (phone(&carla), room::events(&home));
    // Once more, as if she had been cut off before she read that: no token, no file is asked for.
    let mut again = comes(&room).with_paper(&carla.paper);
    let mut none = Rules::default()
        .each("Who are you?", [choice("(carla)")])
        .always("[Enter for more]", enter())
        .and(room::going_on());
    assert_eq!(again.play(&mut none), 0, "{}", again.pty.text());
    assert!(again.pty.text().contains("Nothing waits for you any more, and your answer is at"));
    assert_eq!(phone(&again), said);
    assert_eq!(room::events(&home), events);
    // Another file at that place is not the answer.
    std::fs::write(room.path("home/root-2.reply.bundle.json"), "{}").unwrap();
    let mut other = comes(&room).with_paper(&carla.paper);
    let mut rules = Rules::default().each("Who are you?", [choice("(carla)")]).and(room::whole(&room));
    let asked = other.until("Write it to", &mut rules);
    // A place that cannot be is told as what it is.
    other.type_in(&asked, &line("nowhere/reply.json"));
    let asked = other.asked().unwrap();
    assert!(!other.pty.text().contains("\"nowhere/reply.json\" is there already"), "{}", other.pty.text());
    assert!(other.pty.text().contains("error: "), "{}", other.pty.text());
    other.type_in(&asked, &Answer::Control('c'));
    assert!(other.asked().is_none());
    assert_eq!(other.over(), 3, "{}", other.pty.text());
}

#[test]
fn nothing_at_a_place_is_told_even_where_a_root_was_given() {
    let room = Room::new();
    let mut player = room.terminal(&["run", "--trust", "play/room/1.root.json", "nope"]);
    assert!(player.asked().is_none());
    assert_eq!(player.over(), 5, "{}", player.pty.text());
    assert!(player.pty.text().contains("There is nothing at \"nope\"."), "{}", player.pty.text());
}

#[test]
fn keys_that_are_no_characters_come_into_no_line_of_a_break() {
    let room = Room::new();
    let mut player = room.begin();
    let mut rules = Rules::default()
        .each(NEXT, [choice("Something else"), choice("Stop here for now")])
        .each("What is it?", [choice("Take a break")])
        .each("Why, and until when", [line("Lunch.")])
        .each("A break", [choice("Leave this screen")])
        .each("[Enter when the break is over]", [enter()])
        .and(room::beginning(&["anna"]));
    let watched = "Who watched the folder meanwhile (nobody, if nobody did)";
    let asked = player.until(watched, &mut rules);
    player.type_in(&asked, &line("wim\u{1b}[A"));
    let asked = player.until(watched, &mut Rules::default());
    assert!(player.page().contains("That held a key that is no character. Type it again."));
    player.type_in(&asked, &line("wim"));
    assert_eq!(player.play(&mut rules), 3, "{}", player.pty.text());
    assert_eq!(room::told(&room.path(FOLDER), "BreakEnded")[0]["watched_by"], "wim");
}

#[test]
fn no_folder_is_opened_inside_that_of_a_ceremony_by_any_of_the_ways_in() {
    let room = Room::new();
    let mut player = room.begin();
    let mut rules = room::beginning(&["anna"]).each(NEXT, [choice("Stop here for now")]);
    assert_eq!(player.play(&mut rules), 3, "{}", player.pty.text());
    let before = room.files(FOLDER);
    let inner = format!("{FOLDER}/inner");
    let today = room::today();
    let open = ["open", "--date", &today, "--profile", room::PROFILE, room::PLAN];
    for places in [vec![inner.as_str(), "--mirror", "play/b"], vec!["play/a", "--mirror", inner.as_str()]] {
        let done = room.run(open.iter().chain(&places));
        assert_eq!(done.code, Some(5), "{}", done.err);
        assert!(
            done.err.contains("would lie inside") && done.err.contains("Name a folder outside"),
            "{}",
            done.err
        );
    }
    let mut rules = room::beginning(&[]).always("What now?", choice("Stop"));
    let new =
        ["run", "--plain", "--profile", room::PROFILE, "--mirror", "play/b", "--new", room::PLAN, &inner];
    let mut player = room.terminal(&new);
    assert_ne!(player.play(&mut rules), 0, "{}", player.pty.text());
    assert!(player.pty.text().contains("would lie inside"), "{}", player.pty.text());
    assert_eq!(room.files(FOLDER), before);
}

//! What happens beside the signatures: people, words, breaks, another plan, other ends.

use crate::player::{Player, Rules, choice, line};
use crate::room::{self, FOLDER, NEXT, PLAN, Room, proved};

/// Rules for somebody who chooses these of the rarer things, one after the other, and then stops.
fn rarely(things: &[&str]) -> Rules {
    let things: Vec<_> = things.iter().map(|thing| choice(*thing)).collect();
    let next = things.iter().map(|_| choice("Something else")).chain([choice("Stop here for now")]);
    Rules::default().each(NEXT, next.collect::<Vec<_>>()).each("What is it?", things).each(
        "Who else is here? Names are written down as what people say of themselves.",
        [choice("(anna)"), choice("Nobody else")],
    )
}

/// A ceremony in which Anna signed, at the board.
fn signed_once(room: &Room) -> Player {
    let mut player = room.begin();
    let mut rules = Rules::default()
        .each(NEXT, [choice("Make the key dora"), choice("Anna Berg"), choice("Stop here for now")])
        .and(room::whole(room));
    assert_eq!(player.play(&mut rules), 3, "{}", player.pty.text());
    assert_eq!(room.count("SignatureAdmitted"), 1);
    player
}

#[test]
fn people_come_and_leave_and_words_and_breaks_are_written_down() {
    let room = Room::new();
    let mut player = room.begin();
    let things = [
        "Somebody comes or leaves",
        "Somebody comes or leaves",
        "Somebody comes or leaves",
        "Write something down",
        "A remark",
        "Write something down",
        "An incident",
        "Take a break",
        "Take a break",
    ];
    let next = vec![choice("Something else"); 7];
    let mut rules = Rules::default()
        .each(NEXT, next)
        .each("What is it?", things.map(choice))
        .each(
            "Who comes or leaves?",
            [choice("(wim) comes"), choice("(anna) leaves"), choice("not in the plan")],
        )
        .each("Name", [line(""), line("Jo Hill")])
        .each("Here for what (as: witness)", [line("auditor")])
        .each("In one line", [line("The door was opened."), line("The token fell.")])
        .each("Why, and until when", [line("Lunch, until one."), line("Night.")])
        .each("A break", [choice("Leave this screen"), choice("Leave the program")])
        .each("[Enter when the break is over]", [line("")])
        .each("Who watched the folder meanwhile (nobody, if nobody did)", [line("wim"), line("nobody")])
        .and(room::beginning(&["anna"]));
    assert_eq!(player.play(&mut rules), 3, "{}", player.pty.text());
    // The second break is spent elsewhere.
    let mut player = room.resume(&player.paper);
    let mut rules = rules.each(NEXT, [choice("Stop here for now")]).and(room::going_on());
    assert_eq!(player.play(&mut rules), 3, "{}", player.pty.text());
    assert!(rules.left().is_empty(), "{:?}", rules.left());
    let events = room.events();
    let wanted = [
        ["Opened", "PersonPresent", "PersonPresent"],
        ["PersonPresent", "PersonLeft", "PersonPresent"],
        ["Remarked", "IncidentNoted", "BreakBegan"],
        ["BreakEnded", "BreakBegan", "BreakEnded"],
    ];
    assert_eq!(events, wanted.concat());
    let watched: Vec<_> = room.told("BreakEnded").iter().map(|ended| ended["watched_by"].clone()).collect();
    assert_eq!(watched, [serde_json::json!("wim"), serde_json::Value::Null]);
    let came = &room.told("PersonPresent")[3];
    assert_eq!((&came["person"], &came["role"]), (&"Jo Hill".into(), &"auditor".into()));
    proved(&room, &player);
}

#[test]
fn another_plan_says_whose_signatures_die_and_the_record_keeps_them() {
    let room = Room::new();
    let player = signed_once(&room);
    let text = std::fs::read_to_string(room.path(PLAN)).unwrap();
    std::fs::write(room.path("play/room/later.plan.toml"), text.replace("-03-05T", "-02-05T")).unwrap();
    let mut player = room.resume(&player.paper);
    let mut rules = rarely(&["The plan must change"])
        .each("The new plan's file", [line("play/room/later.plan.toml")])
        .each("Why", [line("It expires sooner.")])
        .and(room::whole(&room));
    assert_eq!(player.play(&mut rules), 3, "{}", player.pty.text());
    let said = player.pty.text();
    assert!(said.contains("signed by Anna Berg"), "{said}");
    assert_eq!((room.count("Replanned"), room.count("SignatureAdmitted")), (1, 1), "{:?}", room.events());
    let mut player = room.resume(&player.paper);
    assert_eq!(player.play(&mut room::whole(&room)), 0, "{}", player.pty.text());
    assert_eq!(room.count("SignatureAdmitted"), 4, "{:?}", room.events());
    proved(&room, &player);
}

#[test]
fn an_end_without_a_result_says_whose_signatures_die_and_the_record_keeps_them() {
    let room = Room::new();
    let player = signed_once(&room);
    let mut player = room.resume(&player.paper);
    let mut rules = Rules::default()
        .each(NEXT, [choice("Something else"), choice("Something else"), choice("That is all")])
        .each("What is it?", [choice("End the ceremony without"), choice("End the ceremony without")])
        .each("End the ceremony without a result?", [choice("Back"), choice("Yes, end it")])
        .each("Why", [line("A token was lost on the way.")])
        .and(room::whole(&room));
    assert_eq!(player.play(&mut rules), 0, "{}", player.pty.text());
    let said = player.pty.text();
    assert!(said.contains("signed by Anna Berg"), "{said}");
    assert_eq!(room.events().last().unwrap(), "Aborted");
    assert_eq!((room.count("SignatureAdmitted"), room.count("Aborted")), (1, 1), "{:?}", room.events());
    assert!(!room.path(FOLDER).join("final/2.root.json").exists());
    proved(&room, &player);
}

#[test]
fn drafts_may_stay_unfinished_when_it_is_closed() {
    let room = Room::new();
    let player = signed_once(&room);
    let mut player = room.resume(&player.paper);
    let mut rules = Rules::default()
        .each(NEXT, [choice("Something else"), choice("That is all")])
        .each("What is it?", [choice("Close although drafts are not final")])
        .and(room::whole(&room));
    assert_eq!(player.play(&mut rules), 0, "{}", player.pty.text());
    let said = player.pty.text();
    assert!(said.contains("signed by Anna Berg"), "{said}");
    assert_eq!(room.events().last().unwrap(), "Closed");
    proved(&room, &player);
}

#[test]
fn final_files_wait_for_more_signatures_where_somebody_says_so() {
    let room = Room::new();
    let mut player = room.begin();
    let mut rules = Rules::default()
        .each("Wait for more signatures?", [choice("Yes: wait"), choice("No: write")])
        .each(
            NEXT,
            [
                choice("Make the key dora"),
                choice("Anna Berg"),
                choice("Bela Costa"),
                choice("Dora Engel"),
                choice("Write the final files"),
            ],
        )
        .and(room::whole(&room));
    let mut boards = 0;
    loop {
        let asked = player.until(NEXT, &mut rules);
        boards += 1;
        if boards == 6 {
            assert!(asked.number("Write the final files").is_ok(), "{asked:?}");
            assert_eq!(
                (room.count("Finalized"), room.path(FOLDER).join("final/2.root.json").exists()),
                (0, false)
            );
            player.answer(&asked, &mut rules);
            break;
        }
        player.answer(&asked, &mut rules);
    }
    assert_eq!(player.play(&mut rules), 0, "{}", player.pty.text());
    assert_eq!(room.count("Finalized"), 1);
}

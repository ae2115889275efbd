//! Ctrl-C at every question of what is rare: it was asked once more, was answered, and nothing was lost or done by halves.

use std::collections::BTreeSet;

use crate::player::{Answer, Asked, Player, Rules, choice, enter, line, shell};
use crate::room::{self, NEXT, PLAN, Room, proved};
use crate::stops::normal;

/// Somebody who leaves at every question that she meets for the first time, and comes back.
struct Stubborn<'r> {
    room: &'r Room,
    /// The command that she typed last.
    command: String,
    player: Player,
    stopped: BTreeSet<String>,
}

impl<'r> Stubborn<'r> {
    fn begins(room: &'r Room, begin: &[&str]) -> Stubborn<'r> {
        let command = format!("conclave {}", begin.join(" "));
        let player = shell(&command, &room.path(""));
        Stubborn { room, command, player, stopped: BTreeSet::new() }
    }

    /// Leaves, if she never did at this question; then she stands before the next one of another session.
    fn leaves(&mut self, asked: &Asked) -> bool {
        if !self.stopped.insert(normal(&asked.question)) {
            return false;
        }
        self.player.type_in(asked, &Answer::Control('c'));
        assert!(self.player.asked().is_none(), "it goes on:\n{}", self.player.pty.text());
        assert_eq!(self.player.over(), 3, "{}", self.player.pty.text());
        let said = self.player.pty.text();
        assert!(said.contains("stopped: You left the ceremony."), "{said}");
        let paper = self.player.paper.clone();
        if said.contains("\nTo go on:\n") {
            self.command = self.player.way_on();
        }
        self.player = shell(&self.command, &self.room.path("")).with_paper(&paper);
        true
    }

    /// Does a thing from one board to the next, as often as it takes. When it ended with the program, false.
    fn does(&mut self, base: &mut Rules, thing: impl Fn() -> Rules) -> bool {
        let mut rules = thing();
        loop {
            let Some(asked) = self.player.asked() else {
                assert_eq!(self.player.over(), 0, "{}", self.player.pty.text());
                assert!(rules.left().is_empty(), "{:?}", rules.left());
                return false;
            };
            if asked.question == NEXT && rules.left().is_empty() {
                return true;
            }
            if self.leaves(&asked) {
                rules = thing();
                continue;
            }
            match rules.answer(&asked.question) {
                Some(answer) => self.player.type_in(&asked, &answer),
                None => {
                    let stuck = format!("{:?} {:?}\n{}", asked, rules.left(), self.player.pty.text());
                    assert!(asked.question != NEXT, "{stuck}");
                    self.player.answer(&asked, base);
                }
            }
        }
    }
}

/// One of the rarer things.
fn rarely(thing: &str) -> Rules {
    Rules::default().each("What is it?", [choice(thing)]).each(NEXT, [choice("Something else")])
}

#[test]
fn ctrl_c_at_every_question_of_what_is_rare_does_nothing_by_halves() {
    let room = Room::new();
    std::fs::create_dir(room.path("usb")).unwrap();
    let text = std::fs::read_to_string(room.path(PLAN)).unwrap();
    std::fs::write(room.path("play/room/later.plan.toml"), text.replace("-03-05T", "-02-05T")).unwrap();
    let mut base = Rules::default()
        .always("Who watched the folder meanwhile (nobody, if nobody did)", line("wim"))
        .and(room::whole(&room));
    let mut olga = Stubborn::begins(&room, &room::BEGIN);
    let next = |words: &'static str| move || Rules::default().each(NEXT, [choice(words)]);
    assert!(olga.does(&mut base, next("Make")));
    let words = |kind: &'static str| {
        move || {
            let rules = Rules::default().each(NEXT, [choice("Something else")]);
            rules
                .each("What is it?", [choice("Write something down"), choice(kind)])
                .each("In one line", [line("The door was opened.")])
        }
    };
    assert!(olga.does(&mut base, words("A remark")));
    assert!(olga.does(&mut base, words("An incident")));
    let stranger = || {
        rarely("Somebody comes or leaves")
            .each("Who comes or leaves?", [choice("not in the plan")])
            .each("Name", [line("Jo Hill")])
            .each("Here for what (as: witness)", [line("auditor")])
    };
    assert!(olga.does(&mut base, stranger));
    let rest = || {
        rarely("Take a break")
            .each("Why, and until when", [line("Lunch.")])
            .each("A break", [choice("Leave this screen")])
            .each("[Enter when the break is over]", [enter()])
    };
    assert!(olga.does(&mut base, rest));
    let export = || {
        let name = format!("usb/{}.bundle.json", std::fs::read_dir(room.path("usb")).unwrap().count());
        Rules::default().each(NEXT, [choice("Write a file")]).each("Write it to", [line(name)])
    };
    assert!(olga.does(&mut base, export));
    let import = || {
        Rules::default()
            .each(NEXT, [choice("Take in a file")])
            .each("File that came back", [line("usb/0.bundle.json")])
    };
    assert!(olga.does(&mut base, import));
    assert!(olga.does(&mut base, || rarely("Look at this machine again")));
    assert!(olga.does(&mut base, || rarely("Somebody else sits at the keyboard")));
    let declines = || {
        rarely("Somebody will not sign")
            .each("Which draft?", [choice("Draft A")])
            .each("Who will not sign?", [choice("(bela)")])
            .each("Why", [line("She was not asked before.")])
    };
    assert!(olga.does(&mut base, declines));
    assert!(olga.does(&mut base, next("Anna Berg")));
    let replan = || {
        rarely("The plan must change")
            .each("The new plan's file", [line("play/room/later.plan.toml")])
            .each("Why", [line("It expires sooner.")])
    };
    assert!(olga.does(&mut base, replan));
    let abort = || {
        rarely("End the ceremony without a result")
            .each("End the ceremony without a result?", [choice("Yes, end it")])
            .each("Why", [line("This was the test.")])
    };
    assert!(olga.does(&mut base, abort));
    let addendum = || {
        Rules::default()
            .each(NEXT, [choice("Add something")])
            .each("What was kept, and where", [line("The video.")])
    };
    assert!(olga.does(&mut base, addendum));
    assert!(!olga.does(&mut base, next("That is all")));
    for (kind, count) in [
        ("Remarked", 1),
        ("IncidentNoted", 1),
        ("BundleExported", 1),
        ("Declined", 1),
        ("Replanned", 1),
        ("Aborted", 1),
        ("Addendum", 1),
        ("SignatureAdmitted", 1),
    ] {
        assert_eq!(room.count(kind), count, "{kind}: {:?}", room.events());
    }
    assert_eq!(room.count("BreakBegan"), room.count("BreakEnded"));
    for question in ["Who comes or leaves?", "A break", "Write it to", "The new plan's file", "Which draft?"]
    {
        assert!(olga.stopped.contains(question), "{question} in {:#?}", olga.stopped);
    }
    proved(&room, &olga.player);
}

#[test]
fn ctrl_c_at_every_question_of_a_visit_and_of_a_takeover_leaves_them_to_be_gone_on_with() {
    let room = Room::new();
    for folder in ["home", "spare"] {
        std::fs::create_dir(room.path(folder)).unwrap();
    }
    let mut player = room.begin();
    let mut rules = Rules::default()
        .each(NEXT, [choice("Make the key dora"), choice("Write a file"), choice("Stop here for now")])
        .each("Write it to", [line("home/root-2.bundle.json")])
        .and(room::whole(&room));
    assert_eq!(player.play(&mut rules), 3, "{}", player.pty.text());
    std::fs::copy(room.path("home/root-2.bundle.json"), room.path("spare/root-2.bundle.json")).unwrap();

    let mut base = Rules::default()
        .always("Who are you?", choice("(carla)"))
        .always("Why does another machine go on", line("The first one broke."))
        .always("Who watched the folder meanwhile (nobody, if nobody did)", line("nobody"))
        .and(room::whole(&room));
    let trust = ["--trust", "play/room/1.root.json"];
    let visit = ["run", "--plain", "--profile", room::CARLA, "home/root-2.bundle.json"];
    let mut carla = Stubborn::begins(&room, &[&visit[..], &trust].concat());
    assert!(!carla.does(&mut base, Rules::default));
    let home = room.path("home/root-2.bundle.json.conclave");
    let count = |kind: &str| room::told(&home, kind).len();
    assert_eq!((count("SignatureAdmitted"), count("BundleExported")), (1, 1), "{:?}", room::events(&home));
    assert!(room.path("home/root-2.reply.bundle.json").exists());
    for question in ["Who are you?", "Line 8 of 8", "To sign, type", "Today (as 2027-03-05)"] {
        assert!(carla.stopped.contains(question), "{question} in {:#?}", carla.stopped);
    }

    let begin =
        ["run", "--plain", "--profile", room::PROFILE, "--from", "spare/root-2.bundle.json", "spare/root-2"];
    let mut spare = Stubborn::begins(&room, &[&begin[..], &trust].concat());
    assert!(spare.does(&mut base, Rules::default));
    let spared = room.path("spare/root-2");
    assert_eq!(room::events(&spared)[..2], ["Opened", "MachineChanged"]);
    assert_eq!(room::told(&spared, "MachineChanged").len(), 1);
    for question in ["Why does another machine go on", "Who sits at this keyboard and speaks for the record?"]
    {
        assert!(spare.stopped.contains(question), "{question} in {:#?}", spare.stopped);
    }
}

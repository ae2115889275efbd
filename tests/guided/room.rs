//! A room with throwaway tokens: the first act has been played, and the plan of the second lies there: Dora takes over from Bela,
//! her key is to be made, two of three on both sides.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::rc::Rc;

use conclave_softhsm::{Artifact, PIN, built};

use crate::player::{Answer, Player, Rules, choice, conclave, enter, line, shell};

/// The folder of the first act and its second.
const PLAY: &str = "play";

/// What a command gave back.
pub struct Done {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Done {
    /// This, if it did what was asked.
    #[track_caller]
    pub fn good(self) -> Done {
        assert_eq!(self.code, Some(0), "{}{}", self.out, self.err);
        self
    }
}

/// The room.
pub struct Room {
    folder: tempfile::TempDir,
}

impl Room {
    /// The room with the plan of the second act.
    pub fn new() -> Room {
        let room = Room { folder: tempfile::Builder::new().prefix("conclave-run-").tempdir().unwrap() };
        let maker = built("conclave-softhsm", Artifact::Program("softhsm-token")).unwrap();
        let made = Command::new(maker).arg("rehearsal").arg(room.path("tokens")).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        room.run(["rehearse", "--tokens", "tokens", "--auto", PLAY]).good();
        // The second act writes its plan and asks to go on; here it is left, and gone on with by hand.
        let mut player = room.terminal(&["rehearse", "--by-hand", "--plain", "--tokens", "tokens", PLAY]);
        let mut rules = Rules::default().each("[Enter to go on]", [Answer::Control('c')]);
        assert_eq!(player.play(&mut rules), 3);
        room
    }

    /// A path in it.
    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs the binary without a terminal.
    pub fn run<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Done {
        let mut command = Command::new("setsid");
        command.arg("--wait").arg(env!("CARGO_BIN_EXE_conclave")).args(arguments);
        command.current_dir(self.path("")).env_remove("SOFTHSM2_CONF").stdin(Stdio::null());
        let done = command.output().expect("setsid is part of util-linux");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("what it says is UTF-8");
        Done { code: done.status.code(), out: text(done.stdout), err: text(done.stderr) }
    }

    /// The binary at a terminal, in this folder.
    pub fn terminal(&self, arguments: &[&str]) -> Player {
        conclave(arguments, &self.path(""), &[])
    }

    /// The same where the signal of a hang-up does not come through.
    pub fn deaf(&self, arguments: &[&str]) -> Player {
        shell(&format!("trap '' HUP; conclave {}", arguments.join(" ")), &self.path(""))
    }

    /// `conclave run` for the room's folder.
    pub fn begin(&self) -> Player {
        self.terminal(&BEGIN)
    }

    /// The same, going on with the head on this paper.
    pub fn resume(&self, paper: &[String]) -> Player {
        self.terminal(&RESUME).with_paper(paper)
    }

    /// The events of the folder's transcript, in their order.
    pub fn events(&self) -> Vec<String> {
        events(&self.path(FOLDER))
    }

    /// Every file under a folder, with its bytes.
    pub fn files(&self, folder: &str) -> Vec<(PathBuf, Vec<u8>)> {
        let mut found = Vec::new();
        let mut folders = vec![self.path(folder)];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    found.push((path.clone(), std::fs::read(path).unwrap()));
                }
            }
        }
        found.sort();
        found
    }

    /// What the events of this kind say.
    pub fn told(&self, kind: &str) -> Vec<serde_json::Value> {
        told(&self.path(FOLDER), kind)
    }

    /// How many of the events are of this kind.
    pub fn count(&self, kind: &str) -> usize {
        self.events().iter().filter(|event| *event == kind).count()
    }
}

/// The events of a folder's transcript.
pub fn events(folder: &Path) -> Vec<String> {
    let kind = |line: &serde_json::Value| line["event"].as_object().unwrap().keys().next().unwrap().clone();
    lines(folder).iter().map(kind).collect()
}

/// What the events of this kind say.
pub fn told(folder: &Path, kind: &str) -> Vec<serde_json::Value> {
    lines(folder).into_iter().filter_map(|line| line["event"].get(kind).cloned()).collect()
}

fn lines(folder: &Path) -> Vec<serde_json::Value> {
    let text = std::fs::read_to_string(folder.join("transcript.jsonl")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The ceremony's folder in the room.
pub const FOLDER: &str = "play/room/root-2";
pub const MIRROR: &str = "play/second-root-2";
pub const PLAN: &str = "play/room/root-2.plan.toml";
pub const PROFILE: &str = "tokens/room.profile.toml";

/// The profile of Carla's machine.
pub const CARLA: &str = "tokens/carla.profile.toml";

/// A new ceremony.
pub const BEGIN: [&str; 9] =
    ["run", "--plain", "--profile", PROFILE, "--mirror", MIRROR, "--new", PLAN, FOLDER];

/// The same ceremony, gone on with.
pub const RESUME: [&str; 7] = ["run", "--plain", "--profile", PROFILE, "--mirror", MIRROR, FOLDER];

/// Today, off a clock on the wall: this machine's own is right.
pub fn today() -> String {
    let done = Command::new("date").args(["--utc", "+%Y-%m-%d"]).output().unwrap();
    String::from_utf8(done.stdout).unwrap().trim().to_owned()
}

/// How a new ceremony is begun, with Olga at the keyboard and these people beside her.
pub fn beginning(others: &[&str]) -> Rules {
    let here = others.iter().map(|who| choice(format!("({who})"))).chain([choice("Nobody else")]);
    Rules::default()
        .always("Today (as 2027-03-05)", line(today()))
        .each("Is this what was reviewed and agreed? What is reviewed is what runs.", [choice("Yes: open")])
        .always("Who sits at this keyboard and speaks for the record?", choice("(olga)"))
        .each("Who else is here? Names are written down as what people say of themselves.", here)
        .always("[Enter for more]", enter())
}

/// What is left to do, whatever it is, until the ceremony is closed.
pub fn go_through() -> Answer {
    Answer::First(vec![
        "Make the key dora",
        "Make the card of the key dora",
        "Anna Berg",
        "Bela Costa",
        "Dora Engel",
        "Write the final files",
        "Close the ceremony",
        "That is all",
    ])
}

/// The head of the last session, off the paper, and the rest of what is asked of whoever goes on.
pub fn going_on() -> Rules {
    (1..=8)
        .fold(Rules::default(), |rules, number| rules.always(&format!("Line {number} of 8"), Answer::Paper))
}

/// Dora's key is made.
pub fn key_phase() -> Rules {
    Rules::default()
        .always("[Enter when it is in]", enter())
        .always("Which token is it?", choice("\"dora\""))
        .always("Which kind of key?", choice("ECDSA P-256"))
        .always("The key's label on the token (as root-2027)", line("root-2"))
        .always("To make the key, type", Answer::Phrase)
        .always("If every word agrees, type", Answer::Phrase)
        .always("To let the key sign this card, type", Answer::Phrase)
        .always("PIN of token *", Answer::Pin(PIN.to_owned()))
}

/// A line of the signed part's digest in words, as somebody reads it from another screen.
pub fn digest_line(folder: &Path, number: usize) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_conclave"));
    let done = command.args(["show", "--draft", "A"]).arg(folder).output().unwrap();
    let said = String::from_utf8(done.stdout).unwrap();
    let lines: Vec<&str> = said.trim_end().lines().collect();
    let words: Vec<&str> = lines[lines.len() - 8 + number - 1].split_whitespace().collect();
    assert_eq!((words.len(), words[0]), (5, number.to_string().as_str()), "{said}");
    words[1..].join(" ")
}

/// What a keyholder answers who has a copy of root 1 and reads the digest from another screen.
pub fn visit(room: &Room) -> Rules {
    Rules::default()
        .always("[Enter when it is in]", enter())
        .always(
            "What you sign follows root version 1. How do you know that root?",
            choice("I have my own copy"),
        )
        .always("Path of your copy", line("play/room/1.root.json"))
        .always("PIN of token *", Answer::Pin(PIN.to_owned()))
        .and(agreeing(room.path(FOLDER)))
}

/// What somebody answers who reads a draft, has the digest from another screen, and signs.
pub fn agreeing(folder: PathBuf) -> Rules {
    let told = |number: usize| {
        let folder = folder.clone();
        Answer::Told(Rc::new(move || digest_line(&folder, number)))
    };
    Rules::default()
        .always("Have you seen this, and is it as you expect? Type yes or no", line("yes"))
        .always("That was the draft. What do you want to do?", choice("Go on"))
        .always("Where do you have the digest from?", choice("I have it on my own"))
        .always("Where is it from? For example: olga, by phone, today", line("olga, from her screen"))
        .always("Line 1 of 2", told(3))
        .always("Line 2 of 2", told(8))
        .always("To sign, type", Answer::Phrase)
        .always("Practice line", line("yz QWAZ 0123456789 -_/"))
}

/// The question below each board.
pub const NEXT: &str = "What is next?";

/// The whole rotation with whoever is in the room, however often it is begun.
pub fn whole(room: &Room) -> Rules {
    Rules::default()
        .always(NEXT, go_through())
        .always(
            "Who else is here? Names are written down as what people say of themselves.",
            choice("Nobody else"),
        )
        .always("Wait for more signatures?", choice("No: write"))
        .always("Has everybody said what belongs into the record?", choice("Yes: close"))
        .always("Is this what was reviewed and agreed? What is reviewed is what runs.", choice("Yes: open"))
        .always("A key for dora was made before. What now?", choice("Make its card"))
        .and(beginning(&[]))
        .and(going_on())
        .and(key_phase())
        .and(visit(room))
}

/// The folder is proved with the words on her paper.
#[track_caller]
pub fn proved(room: &Room, player: &Player) {
    let done = room.run(["replay", "--head", &player.head(), FOLDER]).good();
    assert!(done.out.contains("PROVED"), "{}", done.out);
}

/// What other people's code says of the new root behind the one before.
pub fn judged(room: &Room, before: &str, after: &str) {
    let peers = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers");
    let python = vec![peers.join(".venv/bin/python"), peers.join("python/judge.py")];
    let tough = vec![peers.join("tough/target/release/judge-tough")];
    for words in [python, tough] {
        for path in &words {
            assert!(path.exists(), "{} is missing: run tests/peers/install first", path.display());
        }
        let mut command = Command::new(&words[0]);
        let done = command.args(&words[1..]).arg("root-chain").args([room.path(before), room.path(after)]);
        let said = String::from_utf8(done.output().unwrap().stdout).unwrap();
        let line: serde_json::Value = serde_json::from_str(said.lines().last().unwrap()).unwrap();
        assert_eq!(line["ok"], true, "{}: {said}", words[0].display());
    }
}

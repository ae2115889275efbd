//! Questions at a pseudo-terminal. A list reads the keys of standard input, so each test asks a process of its own: this test
//! program, executed again at that terminal with one test to run, which asks and prints what came of it.

use std::fs::File;
use std::io::Read;
use std::process::{Child, Command, ExitStatus};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::Signal;
use rustix::pty::OpenptFlags;
use rustix::termios::Winsize;

use super::*;
use crate::operator::choice;
use crate::operator::screen::Screen;

/// What `asked_at_a_terminal` is told through its environment.
const CHOICES: &str = "CONCLAVE_TEST_CHOICES";
const MANNER: &str = "CONCLAVE_TEST_MANNER";
const OUTCOME: &str = "CONCLAVE_TEST_OUTCOME";

/// Seconds until a test gives up waiting for its other half.
const PATIENCE: i64 = 120;

#[test]
#[ignore = "the other half of the tests below, which ask it at a terminal"]
fn asked_at_a_terminal() {
    let manner = std::env::var(MANNER).unwrap();
    manner::begin(manner == "plain", manner == "ascii");
    let choices: Vec<String> = std::env::var(CHOICES).unwrap().split('|').map(str::to_owned).collect();
    let modes = || rustix::termios::tcgetattr(rustix::stdio::stdin()).ok();
    let before = modes();
    let mut screen = Screen::stdout(false);
    if manner == "late" {
        screen.line("type ahead").unwrap();
        let stdin = rustix::stdio::stdin();
        poll(&mut [PollFd::new(&stdin, PollFlags::IN)], None).unwrap();
    }
    if manner == "paged" {
        Terminal::begin_pages();
        (1..=20).for_each(|number| screen.line(&format!("read line {number}")).unwrap());
    }
    let outcome = choice::choose(&mut Terminal, &mut screen, "What is next?", &choices);
    let outcome = format!("{outcome:?}");
    // Nobody reads the terminal any more after a hang-up.
    std::fs::write(std::env::var_os(OUTCOME).unwrap(), &outcome).unwrap();
    if let (Some(before), Some(after)) = (before, modes()) {
        assert_eq!(after.local_modes, before.local_modes, "the terminal is as it was");
        assert_eq!(after.input_modes, before.input_modes);
        assert_eq!(after.special_codes[SpecialCodeIndex::VMIN], before.special_codes[SpecialCodeIndex::VMIN]);
        screen.line(&format!("came to {outcome}")).unwrap();
        let next = Terminal.type_line("And then").unwrap();
        if next == "wait" {
            screen.line("waiting").unwrap();
            std::thread::park();
        }
    }
}

/// A person at a terminal, and the process that asks her.
struct Play {
    ours: File,
    asked: Child,
    seen: String,
    outcome: tempfile::NamedTempFile,
}

impl Play {
    /// Asks at a terminal of 24 rows and 80 columns.
    fn of(choices: &[&str], manner: &str, term: Option<&str>) -> Play {
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
        let ours = rustix::pty::openpt(flags).unwrap();
        rustix::pty::unlockpt(&ours).unwrap();
        let theirs = File::from(rustix::pty::ioctl_tiocgptpeer(&ours, flags).unwrap());
        let size = Winsize { ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 };
        rustix::termios::tcsetwinsize(&ours, size).unwrap();
        let outcome = tempfile::NamedTempFile::new().unwrap();
        // The terminal becomes the controlling one of a session of its own; its hang-up alone ends nobody.
        let mut command = Command::new("setsid");
        // Whoever runs the tests in the background may have had Ctrl-C ignored for all of them.
        command.args(["--ctty", "env", "--default-signal=INT"]);
        command.args(["sh", "-c", "trap '' HUP; exec \"$@\"", "sh"]);
        command.arg(std::env::current_exe().unwrap());
        command.args([
            "--exact",
            "operator::terminal::tests::asked_at_a_terminal",
            "--ignored",
            "--nocapture",
        ]);
        command.env_remove("TERM").envs(term.map(|term| ("TERM", term)));
        command.env("NO_COLOR", if manner == "no color" { "1" } else { "" });
        command.env(CHOICES, choices.join("|")).env(MANNER, manner).env(OUTCOME, outcome.path());
        command.stdin(theirs.try_clone().unwrap()).stdout(theirs.try_clone().unwrap()).stderr(theirs);
        let asked = command.spawn().unwrap();
        Play { ours: File::from(ours), asked, seen: String::new(), outcome }
    }

    /// A list of three, with nothing marked yet.
    fn list() -> Play {
        let mut play = Play::of(&["Sign", "Export", "Stop"], "", Some("xterm"));
        play.until("  Stop");
        play
    }

    /// One more piece of the screen; none when the process has closed it.
    fn read(&mut self) -> Option<usize> {
        let wait = Timespec { tv_sec: PATIENCE, tv_nsec: 0 };
        let ready = poll(&mut [PollFd::new(&self.ours, PollFlags::IN)], Some(&wait)).unwrap();
        assert!(ready > 0, "nothing more came after {:?}", self.seen);
        let mut some = [0; 256];
        let read = self.ours.read(&mut some).ok().filter(|read| *read > 0)?;
        self.seen.push_str(std::str::from_utf8(&some[..read]).unwrap());
        Some(read)
    }

    fn until(&mut self, words: &str) {
        while !self.seen.contains(words) {
            assert!(self.read().is_some(), "it ended after {:?}", self.seen);
        }
    }

    fn types(&mut self, keys: &str) {
        self.ours.write_all(keys.as_bytes()).unwrap();
    }

    /// Waits for the outcome, lets the process end, and gives the screen up to the outcome.
    fn comes_to(mut self, outcome: &str) -> String {
        self.until("And then: ");
        self.types("\n");
        while self.read().is_some() {}
        let ended = self.asked.wait().unwrap();
        assert!(ended.success(), "{ended:?} after {}", self.seen);
        let (before, told) = self.seen.split_once("came to ").unwrap();
        assert!(told.starts_with(outcome), "{told:?} after {before:?}");
        before.to_owned()
    }
}

const DOWN: &str = "\x1b[B";
const UP: &str = "\x1b[A";
const STOPPED: &str = "Err(Operator(Stopped))";

/// Whether the cursor is to be seen after all of this.
fn cursor_is_shown(screen: &str) -> bool {
    screen.rfind("\x1b[?25h") > screen.rfind("\x1b[?25l")
}

#[test]
fn arrow_keys_and_enter_pick_and_what_was_picked_stays_on_the_screen() {
    let mut play = Play::list();
    play.types(DOWN);
    play.until("> Sign");
    // As the hint says.
    for (key, marked) in [("j", "> Export"), ("j", "> Stop"), ("k", "> Export")] {
        play.seen.push('|');
        let before = play.seen.len();
        play.types(key);
        while !play.seen[before..].contains(marked) {
            assert!(play.read().is_some(), "it ended after {:?}", play.seen);
        }
    }
    play.types("\r");
    let screen = play.comes_to("Ok(1)");
    assert!(
        screen.contains("What is next?\r\n(arrow keys or j and k, then Enter; Esc to type a number)\r\n"),
        "{screen:?}"
    );
    assert!(screen.ends_with("What is next?\r\n> Export\r\n") && cursor_is_shown(&screen), "{screen:?}");
}

#[test]
fn enter_and_space_pick_nothing_before_an_arrow_key_has_marked_something() {
    let mut play = Play::list();
    play.types("\r\n  \r");
    play.types(UP);
    play.until("> Stop");
    play.types("\r");
    play.comes_to("Ok(2)");
}

#[test]
fn what_was_typed_before_the_list_picks_nothing() {
    let mut play = Play::of(&["Sign", "Export", "Stop"], "late", Some("xterm"));
    play.until("type ahead");
    // The terminal keeps this for whoever reads first; the question throws it away.
    play.types(&format!("{DOWN}\r"));
    play.until("  Stop");
    play.types(&format!("{UP}\r"));
    play.comes_to("Ok(2)");
}

#[test]
fn ctrl_c_stops_the_list_and_not_the_process_and_leaves_the_terminal_as_it_was() {
    for marked in ["", DOWN] {
        let mut play = Play::list();
        play.types(marked);
        play.types("\x03");
        let screen = play.comes_to(STOPPED);
        assert!(screen.contains("\x1b[?25l") && cursor_is_shown(&screen), "{screen:?}");
    }
}

#[test]
fn ctrl_c_outside_a_list_still_ends_the_process() {
    for keys in ["\x03", "\x1b[B\r"] {
        let mut play = Play::list();
        play.types(keys);
        play.until("And then: ");
        play.types("wait\n");
        play.until("waiting");
        play.types("\x03");
        let ended = play.asked.wait().unwrap();
        assert_eq!(signal(ended), Some(Signal::INT.as_raw()), "after {keys:?}: {ended:?}");
    }
}

fn signal(ended: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&ended)
}

#[test]
fn a_terminal_that_hangs_up_stops_the_list() {
    // At once, perhaps before the first key is waited for, and at leisure.
    for leisure in [0, 0, 0, 300] {
        let Play { ours, mut asked, outcome, .. } = Play::list();
        std::thread::sleep(std::time::Duration::from_millis(leisure));
        drop(ours);
        asked.wait().unwrap();
        assert_eq!(std::fs::read_to_string(outcome.path()).unwrap(), STOPPED);
    }
}

#[test]
fn esc_and_q_leave_the_list_for_numbers() {
    for key in ["\x1b", "q"] {
        let mut play = Play::list();
        play.types(key);
        play.until("  1  Sign\r\n  2  Export\r\n  3  Stop\r\nNumber (1 to 3): ");
        assert!(cursor_is_shown(&play.seen), "{:?}", play.seen);
        play.types("3\n");
        play.comes_to("Ok(2)");
    }
}

#[test]
fn where_a_list_cannot_or_may_not_be_shown_numbers_are_and_no_escape_is_written() {
    for (manner, term) in
        [("plain", Some("xterm")), ("ascii", Some("xterm")), ("", Some("dumb")), ("", Some("")), ("", None)]
    {
        let mut play = Play::of(&["Sign", "Export", "Stop"], manner, term);
        play.until("Number (1 to 3): ");
        play.types("export\n");
        let screen = play.comes_to("Ok(1)");
        assert!(screen.contains("What is next?\r\n  1  Sign\r\n"), "{manner} {term:?}: {screen:?}");
        let commands = |c: char| c.is_control() && c != '\r' && c != '\n';
        assert!(!screen.contains(commands), "{manner} {term:?}: {screen:?}");
    }
}

#[test]
fn more_choices_than_the_screen_has_rows_for_are_numbered() {
    let choices: Vec<String> = (1..=40).map(|n| format!("choice {n}")).collect();
    let choices: Vec<&str> = choices.iter().map(String::as_str).collect();
    let mut play = Play::of(&choices, "", Some("xterm"));
    play.until("  40  choice 40\r\nNumber (1 to 40): ");
    play.types("40\n");
    play.comes_to("Ok(39)");
    // 18, the question and how to answer it leave four rows to what stands above.
    for (most, is_list) in [(18, true), (19, false)] {
        let mut play = Play::of(&choices[..most], "", Some("xterm"));
        play.until(if is_list { "(arrow keys" } else { "Number (1 to 19): " });
        play.types("\x03");
        play.comes_to(STOPPED);
    }
}

#[test]
fn a_list_pushes_nothing_away_that_was_not_read() {
    for (keys, outcome) in [("\n", "Ok(2)"), ("\x03", STOPPED)] {
        let mut play = Play::of(&["Sign", "Export", "Stop"], "paged", Some("xterm"));
        play.until("read line 20\r\n[Enter for more]: ");
        play.types("135790");
        play.types(keys);
        if keys == "\n" {
            play.until("  Stop");
            play.types(&format!("{UP}\r"));
        }
        let screen = play.comes_to(outcome);
        assert!(!screen.contains("135790"), "a PIN one question too late is not shown: {screen:?}");
        assert!(screen.contains("[Enter for more]: \r\n"), "the line ends all the same: {screen:?}");
    }
}

#[test]
fn a_long_choice_is_wrapped_in_the_list_and_leaves_no_rows_behind() {
    let long = "a choice that says quite a lot about itself ".repeat(3);
    let mut play = Play::of(&[&long, "short"], "", Some("xterm"));
    play.until("  short");
    play.types(&format!("{DOWN}\r"));
    let screen = play.comes_to("Ok(0)");
    let rows = screen.split(['\r', '\n', '\x1b']).map(|row| row.chars().count());
    assert!(rows.max() <= Some(80 + "[1m> ".len()), "{screen:?}");
    // Two rows of the long choice and one of the short are cleared for the mark, and all with the question at the end.
    assert!(screen.contains("\x1b[3A") && screen.contains("\x1b[5A"), "{screen:?}");
}

#[test]
fn what_others_wrote_into_a_choice_commands_nothing_in_a_list() {
    let mut play = Play::of(&["a\x1b[2J\x07b", "\u{202e}c\nd"], "", Some("xterm"));
    play.until("d\r\n");
    play.types(&format!("{DOWN}\r"));
    let screen = play.comes_to("Ok(0)");
    assert!(screen.contains("  a<U+001B>[2J<U+0007>b\r\n  <U+202E>c<U+000A>d\r\n"), "{screen:?}");
    assert!(!screen.contains("\x1b[2J") && !screen.contains(['\x07', '\u{202e}']), "{screen:?}");
}

#[test]
fn the_marked_choice_is_bold_unless_no_color_is_asked_for() {
    for (manner, marked) in [("", "\x1b[1m> Sign\x1b[0m\r\n"), ("no color", "> Sign\r\n")] {
        let mut play = Play::of(&["Sign", "Export", "Stop"], manner, Some("xterm"));
        play.until("  Stop");
        play.types(&format!("{DOWN}\r"));
        let screen = play.comes_to("Ok(0)");
        assert!(screen.contains(marked) && screen.contains("\x1b[1m") == manner.is_empty(), "{screen:?}");
    }
}

#[test]
fn with_ascii_the_letters_of_others_are_shown_by_their_numbers_in_questions_too() {
    let mut play = Play::of(&["Sign as J\u{fc}rgen", "Stop"], "ascii", Some("xterm"));
    play.until("  1  Sign as J<U+00FC>rgen\r\n");
    play.until("Number (1 to 2): ");
    play.types("2\n");
    assert!(play.comes_to("Ok(1)").is_ascii());
}

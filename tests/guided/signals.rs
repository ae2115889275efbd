//! A signal that ends the program while a question stands: the terminal is as it was, and the signal does what it always does.

use std::path::Path;

use rustix::process::Signal;

use crate::cards::write_plan;
use crate::player::{Answer, Player, conclave, line, shell};
use crate::pty::{Modes, Pty, Waits};

/// A command, what is answered on the way, and the question at which it ends.
type Case = (&'static [&'static str], &'static [&'static str], &'static str);

const CASES: [Case; 3] = [
    (&["run", "--plain", "--new", "first.plan.toml", "a"], &[], "Today (as 2027-03-05): "),
    // A list, because the machine's clock says another day.
    (&["run", "--new", "first.plan.toml", "a"], &["2001-01-01"], "I type it again"),
    (&["key", "generate", "--file", "k.key", "--scheme", "ed25519"], &["make key file"], "assphrase"),
];

/// The program at the question of this case; `begin` starts it.
fn asked(begin: impl FnOnce(&[&str]) -> Pty, case: &Case) -> Pty {
    let (words, answers, question) = case;
    let mut pty = begin(words);
    let mut read = 0;
    for answer in *answers {
        assert_eq!(pty.until_asked(read), Waits::Line);
        read = pty.bytes.len();
        pty.press(format!("{answer}\n").as_bytes());
    }
    if question.starts_with("I type") {
        pty.until_shown(question);
    } else {
        pty.until_asked(read);
    }
    assert!(pty.text().contains(question), "{}", pty.text());
    pty
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::Builder::new().prefix("conclave-signal-").tempdir().unwrap();
    write_plan(folder.path(), true);
    folder
}

/// The modes of a terminal at which nothing was asked.
fn untouched(folder: &Path) -> Modes {
    let mut player = conclave(&["--version"], folder, &[]);
    assert!(player.asked().is_none());
    player.pty.modes()
}

#[test]
fn a_signal_at_a_question_ends_the_program_and_gives_the_terminal_back() {
    for signal in [Signal::TERM, Signal::HUP, Signal::INT] {
        for case in &CASES {
            let folder = folder();
            let mut pty = asked(|words| conclave(words, folder.path(), &[]).pty, case);
            assert!(untouched(folder.path()) != pty.modes(), "{case:?} changes nothing");
            pty.send(signal);
            assert_eq!(pty.ended_by(), Some(signal.as_raw()), "{case:?}: {}", pty.text());
            assert_eq!(untouched(folder.path()), pty.modes(), "{case:?}");
            assert!(!folder.path().join("a").exists() && !folder.path().join("k.key").exists());
        }
    }
}

#[test]
fn a_program_that_was_told_to_ignore_the_signal_goes_on_with_its_question() {
    let case = &CASES[0];
    let folder = folder();
    let deaf = format!("trap '' TERM HUP; conclave {}", case.0.join(" "));
    let pty = asked(|_| shell(&deaf, folder.path()).pty, case);
    let modes = pty.modes();
    pty.send(Signal::TERM);
    let mut player = Player::at(pty);
    let asked = player.asked().unwrap();
    player.type_in(&asked, &line("tomorrow"));
    let asked = player.asked().unwrap();
    assert!(player.pty.text().contains("That is no date."), "{}", player.pty.text());
    assert_eq!(player.pty.modes(), modes);
    player.type_in(&asked, &Answer::Control('c'));
    assert!(player.asked().is_none());
    assert_eq!(player.over(), 3);
}

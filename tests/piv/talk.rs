//! A person at a real terminal, for the tests of verbs.

use std::path::Path;
use std::process::{Command, Output};

use rexpect::ReadUntil;
use rexpect::process::WaitStatus;
use rexpect::session::{Options, PtySession, spawn_with_options};
use virtual_piv::Station;

use crate::stage::program;

/// A verb at a terminal.
pub struct Talk {
    pty: PtySession,
}

impl Talk {
    /// Starts it in this folder.
    pub fn start(station: &Station, folder: &Path, words: &[&str]) -> Self {
        Self::plain(station, folder, &[words, &["--module-env", "PCSCLITE_CSOCK_NAME"]].concat())
    }

    /// The same with these words alone.
    pub fn plain(station: &Station, folder: &Path, words: &[&str]) -> Self {
        let mut command = Command::new(program());
        command.args(words).envs(station.environment());
        command.current_dir(folder).env("NO_COLOR", "1").env("TERM", "dumb");
        let pty = spawn_with_options(command, Options::new().timeout_ms(Some(120_000))).unwrap();
        Self { pty }
    }

    /// Waits for these words, and gives what stood before them.
    pub fn hear(&mut self, words: &str) -> String {
        self.pty.exp_string(words).unwrap()
    }

    /// Types this line.
    pub fn say(&mut self, line: &str) {
        self.pty.send_line(line).unwrap();
    }

    /// Presses Ctrl and this letter.
    pub fn control(&mut self, letter: char) {
        self.pty.send_control(letter).unwrap();
    }

    /// Types `line` where `question` is asked.
    pub fn answer(&mut self, question: &str, line: &str) {
        self.hear(question);
        self.hear(": ");
        self.say(line);
    }

    /// Types the phrase that agrees.
    pub fn agree(&mut self) -> String {
        self.hear("type: ");
        let phrase = self.pty.read_line().unwrap();
        self.hear("Your answer: ");
        self.say(&phrase);
        phrase
    }

    /// Types each phrase that agrees and this PIN wherever one is asked for, until all is said; gives all of it on one line.
    pub fn agreeing(mut self, pin: &str) -> (i32, String) {
        let (phrase, secret) = ("type: ", "PIN of token ");
        let mut all = String::new();
        loop {
            let ways =
                vec![ReadUntil::String(phrase.into()), ReadUntil::String(secret.into()), ReadUntil::EOF];
            let (before, found) = self.pty.exp_any(ways).unwrap_or_else(|e| panic!("{e} after {all}"));
            all.push_str(&before);
            all.push_str(&found);
            if found == phrase {
                let phrase = self.pty.read_line().unwrap();
                all.push_str(&phrase);
                all.push_str(&self.hear("Your answer: "));
                self.say(&phrase);
            } else if found == secret {
                all.push_str(&self.hear(": "));
                self.say(pin);
            } else {
                let (code, said) = self.end();
                return (code, all.split_whitespace().collect::<Vec<_>>().join(" ") + &said);
            }
        }
    }

    /// Its exit code, and the rest of what it said, on one line.
    pub fn end(mut self) -> (i32, String) {
        let said = self.pty.exp_eof().unwrap();
        match self.pty.process().wait().unwrap() {
            WaitStatus::Exited(_, code) => (code, said.split_whitespace().collect::<Vec<_>>().join(" ")),
            other => panic!("{other:?} after {said}"),
        }
    }
}

/// A verb without anybody at a terminal.
pub fn run(station: &Station, words: &[&str]) -> Output {
    let mut command = Command::new(program());
    command.args(words).args(["--module-env", "PCSCLITE_CSOCK_NAME"]).envs(station.environment());
    command.output().unwrap()
}

//! A person at a real terminal, for the tests of verbs.

use std::path::Path;
use std::process::{Command, Output};

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

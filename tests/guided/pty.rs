//! The binary at a pseudo-terminal of its own, 80x24: what it wrote, whether it asks, and the keys that are pressed.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags};
use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, SpecialCodeIndex, Winsize, tcgetattr, tcsetwinsize};

/// How long anything may take; the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(120);

/// How long nothing must come behind the end of a question before it is taken as one.
const QUIET: Duration = Duration::from_millis(40);

/// A terminal's local modes, and the key that ends a line beside Enter.
pub type Modes = (LocalModes, u8);

/// What the program waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waits {
    /// A line, which is shown while it is typed.
    Line,
    /// Keys that are not shown.
    Secret,
    /// It ended.
    Ended,
}

/// A terminal and the program at it.
pub struct Pty {
    keys: Option<File>,
    child: Child,
    /// Every byte that ever came to the screen.
    pub bytes: Vec<u8>,
}

impl Pty {
    /// Starts `program` in `folder`.
    pub fn start(program: &Path, arguments: &[String], folder: &Path, environment: &[(&str, &str)]) -> Pty {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let size = Winsize { ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&master, size).unwrap();
        let name = ptsname(&master, Vec::new()).unwrap();
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
        let side: OwnedFd = rustix::fs::open(name.as_c_str(), flags, Mode::empty()).unwrap();
        let end = || side.try_clone().unwrap();
        // A session of its own with this terminal, and still the same process.
        let mut command = Command::new("setsid");
        // Whoever runs the tests in the background may have these ignored for all of them.
        let signals = ["HUP", "INT", "TERM"].map(|name| format!("--default-signal={name}"));
        command.args(["--ctty", "env"]).args(signals);
        command.arg(program).args(arguments).current_dir(folder);
        command.env_remove("SOFTHSM2_CONF").env_remove("NO_COLOR").env("TERM", "xterm-256color");
        command.envs(environment.iter().copied()).stdin(end()).stdout(end()).stderr(end());
        let child = command.spawn().unwrap();
        Pty { keys: Some(File::from(master)), child, bytes: Vec::new() }
    }

    /// The screen as text, without the carriage returns of the terminal.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).replace('\r', "")
    }

    fn master(&self) -> &File {
        self.keys.as_ref().expect("the terminal was not hung up")
    }

    /// Takes what comes within `time`; false when nothing did, none when the program is gone.
    fn take(&mut self, time: Duration) -> Option<bool> {
        let mut polled = [PollFd::new(self.keys.as_ref().unwrap(), PollFlags::IN)];
        let time = Timespec { tv_sec: time.as_secs() as i64, tv_nsec: i64::from(time.subsec_nanos()) };
        if poll(&mut polled, Some(&time)).unwrap() == 0 {
            return Some(false);
        }
        let mut part = [0_u8; 4096];
        match self.keys.as_ref().unwrap().read(&mut part) {
            Ok(0) | Err(_) => None,
            Ok(count) => {
                self.bytes.extend_from_slice(&part[..count]);
                Some(true)
            }
        }
    }

    /// What the program reads now, if it asks: the modes of its terminal say so, and not the time that passed.
    fn asks(&self) -> Option<Waits> {
        let modes = tcgetattr(self.master().as_fd()).ok()?;
        if !modes.local_modes.contains(LocalModes::ECHO) {
            return Some(Waits::Secret);
        }
        (modes.special_codes[SpecialCodeIndex::VEOL] == 3).then_some(Waits::Line)
    }

    /// Waits until a question stands at the end of the screen, behind what was read up to `read`, or the program ended.
    pub fn until_asked(&mut self, read: usize) -> Waits {
        let begin = Instant::now();
        loop {
            match self.take(QUIET) {
                None => return Waits::Ended,
                Some(true) => {}
                Some(false) => {
                    if let (true, Some(waits)) = (self.bytes[read..].ends_with(b": "), self.asks()) {
                        return waits;
                    }
                }
            }
            assert!(begin.elapsed() < PATIENCE, "nothing is asked for a long time:\n{}", self.text());
        }
    }

    /// Presses keys.
    pub fn press(&mut self, keys: &[u8]) {
        let mut master = self.master();
        master.write_all(keys).unwrap();
    }

    /// Pastes something long, and reads on until nothing more comes to the screen for a while and something is asked.
    pub fn paste(&mut self, keys: String) {
        let mut master = self.master().try_clone().unwrap();
        let paste = std::thread::spawn(move || master.write_all(keys.as_bytes()));
        let (begin, mut quiet) = (Instant::now(), 0);
        while quiet < 40 || self.asks().is_none() {
            quiet = if self.take(QUIET) == Some(true) || !paste.is_finished() { 0 } else { quiet + 1 };
            assert!(begin.elapsed() < PATIENCE, "nothing is asked behind it:\n{}", self.text());
        }
        paste.join().unwrap().unwrap();
    }

    /// Kills the program, as a power cut would.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        assert_eq!(self.child.wait().unwrap().signal(), Some(9));
    }

    /// Waits until these words came to the screen.
    pub fn until_shown(&mut self, words: &str) {
        let begin = Instant::now();
        while !self.text().contains(words) {
            assert!(self.take(QUIET).is_some(), "it ended:\n{}", self.text());
            assert!(begin.elapsed() < PATIENCE, "{words:?} does not come:\n{}", self.text());
        }
    }

    /// What the terminal does with keys.
    pub fn modes(&self) -> Modes {
        let modes = tcgetattr(self.master().as_fd()).unwrap();
        (modes.local_modes, modes.special_codes[SpecialCodeIndex::VEOL])
    }

    /// Sends it this signal.
    pub fn send(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// The signal that ended it.
    pub fn ended_by(&mut self) -> Option<i32> {
        self.child.wait().unwrap().signal()
    }

    /// Closes the terminal and waits for the end of the program: its exit code, or none where a signal ended it.
    pub fn hang_up(&mut self) -> Option<i32> {
        self.keys = None;
        self.end()
    }

    /// The exit code of a program that ends by itself.
    pub fn end(&mut self) -> Option<i32> {
        let begin = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            assert!(begin.elapsed() < PATIENCE, "it does not end:\n{}", self.text());
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        // It may be over; then nothing is killed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

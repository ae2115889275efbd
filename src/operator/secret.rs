//! The PIN prompt: bytes go one by one from the terminal into a locked page and nowhere else.
//!
//! Promises: what was typed before the prompt is thrown away, echo is off before the prompt is printed, and the
//! terminal is as it was when this returns, whatever happened. A PIN that cannot be meant (other than printable
//! ASCII, or the 44 letters that an accidental touch makes a YubiKey type) is refused here and costs no try.
//!
//! A terminal can also be held ([`Held`]), so that no key disturbs a card that is being changed.
//!
//! Deliberately ours: the prompts of libraries leave copies in the heap (measured with dialoguer's). Ctrl-C at the prompt is read
//! as a key; a signal from elsewhere gives the terminal back before it ends the program (`operator::parting`).

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::termios::{LocalModes, OptionalActions, QueueSelector, SpecialCodeIndex, Termios};
use zeroize::Zeroize;

use super::parting::Parting;
use crate::pin::Pin;

/// How long it is looked whether anything comes; and how long nothing may come, once something did.
const GLIMPSE: Timespec = Timespec { tv_sec: 0, tv_nsec: 10_000_000 };
const MOMENT: Timespec = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };

/// How long a piece may gather before it is thrown away, and how many are: a key that lies under a book comes for ever, and then
/// people are asked all the same.
const PIECE: Duration = Duration::from_millis(10);
const PIECES: usize = 200;

/// Why there is no PIN. None of these costs a try: nothing was sent anywhere.
#[derive(Debug, thiserror::Error)]
pub enum SecretFault {
    /// No terminal to ask at; a PIN is never read from a pipe or a file.
    #[error("there is no terminal to ask for a PIN at")]
    NoTerminal(#[source] io::Error),
    /// Memory for the PIN could not be locked.
    #[error("the memory for a PIN cannot be locked")]
    Memory(#[source] io::Error),
    /// The terminal could not be set up or written.
    #[error("the terminal cannot be used for a PIN")]
    Terminal(#[source] io::Error),
    /// Ctrl-C.
    #[error("the PIN prompt was interrupted")]
    Interrupted,
    /// Ctrl-D.
    #[error("the PIN prompt was ended without a PIN")]
    Ended,
    /// The terminal went away.
    #[error("the terminal hung up at the PIN prompt")]
    HungUp,
    /// Enter alone.
    #[error("no PIN was typed")]
    Empty,
    /// A character that no PIN here may have.
    #[error("the PIN held a character that is not printable ASCII")]
    NotPrintable,
    /// More than fits.
    #[error("the PIN is longer than {} characters", crate::pin::CAPACITY)]
    TooLong,
    /// The file that was named instead of a keyboard gave none.
    #[error("the file with the PIN gave none: {why}")]
    Source {
        /// Why, without a word of what stands in it.
        why: String,
    },
    /// It was to come from somewhere else, and did not.
    #[error("no passphrase came from {from}")]
    NotSupplied {
        /// From where.
        from: String,
        /// Why.
        #[source]
        cause: io::Error,
    },
    /// A new passphrase was typed in two ways.
    #[error("the two passphrases differ")]
    Differ,
    /// What a YubiKey types when touched.
    #[error("that was the one-time password of a touched YubiKey, not a PIN")]
    OneTimePassword,
}

/// Asks for a PIN at the controlling terminal, or at standard input where that is a terminal.
///
/// `prompt` writes the question; the cursor stays behind it and nothing typed is shown.
///
/// # Errors
/// [`SecretFault`]; the caller asks again or stops, no try was spent.
pub fn read_pin(prompt: impl FnOnce(&mut File) -> io::Result<()>) -> Result<Pin, SecretFault> {
    read_from(&mut terminal().map_err(SecretFault::NoTerminal)?, prompt)
}

/// The controlling terminal, or standard input where that is a terminal.
pub(super) fn terminal() -> io::Result<File> {
    File::options().read(true).write(true).open("/dev/tty").or_else(|error| {
        let stdin = rustix::stdio::stdin();
        if !rustix::termios::isatty(stdin) {
            return Err(error);
        }
        Ok(File::from(rustix::io::fcntl_dupfd_cloexec(stdin, 3)?))
    })
}

fn read_from(
    terminal: &mut File,
    prompt: impl FnOnce(&mut File) -> io::Result<()>,
) -> Result<Pin, SecretFault> {
    let mut pin = Pin::new().map_err(SecretFault::Memory)?;
    let mut writer = terminal.try_clone().map_err(SecretFault::Terminal)?;
    let quiet = Quiet::begin(terminal.as_fd()).map_err(SecretFault::Terminal)?;
    prompt(&mut writer).and_then(|()| writer.flush()).map_err(SecretFault::Terminal)?;
    let read = fill(&mut pin, terminal.as_fd());
    drop(quiet);
    // The Enter was not echoed; a terminal that is gone cannot take this either, and the reason is known.
    let _ = writer.write_all(b"\n");
    read?;
    if pin.is_empty() {
        return Err(SecretFault::Empty);
    }
    if is_one_time_password(pin.bytes()) {
        return Err(SecretFault::OneTimePassword);
    }
    Ok(pin)
}

/// Reads keys until Enter. A refused character is reported only then, so that its line is used up.
fn fill(pin: &mut Pin, terminal: BorrowedFd<'_>) -> Result<(), SecretFault> {
    let mut wrong = None;
    loop {
        let mut key = [0_u8];
        let read = rustix::io::read(terminal, &mut key);
        let [mut byte] = key;
        key.zeroize();
        match read {
            Ok(0) | Err(Errno::IO) => return Err(SecretFault::HungUp),
            Ok(_) => {}
            Err(Errno::INTR) => continue,
            Err(error) => return Err(SecretFault::Terminal(error.into())),
        }
        match byte {
            b'\r' | b'\n' => return wrong.map_or(Ok(()), Err),
            0x03 => return Err(SecretFault::Interrupted),
            0x04 => return Err(SecretFault::Ended),
            0x08 | 0x7f => pin.pop(),
            // Ctrl-U starts the line again, wrong characters included.
            0x15 => {
                pin.clear();
                wrong = None;
            }
            b' '..=b'~' => {
                if pin.push(byte).is_err() {
                    wrong.get_or_insert(SecretFault::TooLong);
                }
            }
            _ => wrong = Some(SecretFault::NotPrintable),
        }
        byte.zeroize();
    }
}

/// A Yubico one-time password: 44 letters of the modhex alphabet (12 of identity, 32 of code).
fn is_one_time_password(typed: &[u8]) -> bool {
    typed.len() == 44 && typed.iter().all(|byte| b"cbdefghijklnrtuv".contains(byte))
}

/// Modes in which keys come one by one and none of them is shown or special, so that Ctrl-C cannot leave the echo off.
pub(super) fn silent(modes: &Termios) -> Termios {
    let mut silent = modes.clone();
    silent.local_modes -= LocalModes::ECHO | LocalModes::ECHONL | LocalModes::ICANON;
    silent.local_modes -= LocalModes::ISIG | LocalModes::IEXTEN;
    silent.special_codes[SpecialCodeIndex::VMIN] = 1;
    silent.special_codes[SpecialCodeIndex::VTIME] = 0;
    silent
}

/// Throws away what was typed before a question, which is no answer to it. A long paste comes in pieces, each when there is
/// room for it: where something came, nothing may come for a moment before anybody is asked. The terminal is [`silent`].
pub(super) fn let_pass(terminal: BorrowedFd<'_>) -> io::Result<()> {
    let mut wait = GLIMPSE;
    for _ in 0..PIECES {
        let mut keys = [PollFd::from_borrowed_fd(terminal, PollFlags::IN)];
        let comes = match poll(&mut keys, Some(&wait)) {
            Err(Errno::INTR) => continue,
            // A terminal that cannot be waited for, or is gone: what reads it will say so.
            Err(_) => false,
            Ok(_) => keys[0].revents() == PollFlags::IN,
        };
        rustix::termios::tcflush(terminal, QueueSelector::IFlush)?;
        if !comes {
            break;
        }
        std::thread::sleep(PIECE);
        wait = MOMENT;
    }
    Ok(())
}

/// A terminal that gets its modes back, and `more`, before a signal ends the program; where none does, it reads on as it did.
pub(super) fn parting(
    terminal: BorrowedFd<'_>,
    before: &Termios,
    asking: &Termios,
    more: impl Fn() + Send + 'static,
) -> io::Result<Parting> {
    let set = |terminal: OwnedFd, modes: Termios| {
        // Flush: what was typed is nothing for whoever reads next.
        move || rustix::termios::tcsetattr(&terminal, OptionalActions::Flush, &modes).unwrap_or_default()
    };
    let restored = set(terminal.try_clone_to_owned()?, before.clone());
    let asked = set(terminal.try_clone_to_owned()?, asking.clone());
    let restore = move || {
        restored();
        more();
    };
    Parting::begin(restore, asked)
}

/// A terminal that shows nothing, for as long as this lives.
struct Quiet<'a> {
    terminal: BorrowedFd<'a>,
    before: Termios,
    parting: Parting,
}

impl<'a> Quiet<'a> {
    fn begin(terminal: BorrowedFd<'a>) -> io::Result<Self> {
        let before = rustix::termios::tcgetattr(terminal)?;
        let silent = silent(&before);
        let parting = parting(terminal, &before, &silent, || ())?;
        let quiet = Self { terminal, before, parting };
        rustix::termios::tcsetattr(terminal, OptionalActions::Now, &silent)?;
        let_pass(terminal)?;
        Ok(quiet)
    }
}

impl Drop for Quiet<'_> {
    fn drop(&mut self) {
        self.parting.end();
        // Flush again: the rest of a PIN typed after Enter must not be echoed. Only a terminal that is gone
        // refuses, and then there is nothing to restore.
        let _ = rustix::termios::tcsetattr(self.terminal, OptionalActions::Flush, &self.before);
    }
}

/// A terminal at which keys do nothing, for as long as this lives: none is shown, Ctrl-C ends nothing, and all are thrown away.
pub struct Held {
    terminal: File,
    before: Termios,
    parting: Parting,
}

impl Held {
    /// Nothing where there is no terminal whose keys could disturb.
    pub(super) fn begin() -> Option<Held> {
        let terminal = terminal().ok()?;
        let before = rustix::termios::tcgetattr(&terminal).ok()?;
        let silent = silent(&before);
        let parting = parting(terminal.as_fd(), &before, &silent, || ()).ok()?;
        let held = Self { terminal, before, parting };
        rustix::termios::tcsetattr(&held.terminal, OptionalActions::Now, &silent).ok()?;
        Some(held)
    }

    /// Lets go of it. True if Ctrl-C was typed meanwhile.
    #[must_use]
    pub fn end(self) -> bool {
        let mut stopped = false;
        let at_once = Timespec { tv_sec: 0, tv_nsec: 0 };
        loop {
            let mut waiting = [PollFd::new(&self.terminal, PollFlags::IN)];
            let comes = poll(&mut waiting, Some(&at_once)).is_ok_and(|ready| ready > 0)
                && waiting[0].revents() == PollFlags::IN;
            let mut keys = [0_u8; 64];
            let read = if comes { rustix::io::read(&self.terminal, &mut keys) } else { Ok(0) };
            // A PIN may be among them.
            let is_stop = keys.contains(&0x03);
            keys.zeroize();
            match read {
                Ok(1..) => stopped |= is_stop,
                _ => return stopped,
            }
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.parting.end();
        // Only a terminal that is gone refuses, and then there is nothing to restore.
        let _ = rustix::termios::tcsetattr(&self.terminal, OptionalActions::Flush, &self.before);
    }
}

#[cfg(test)]
mod tests;

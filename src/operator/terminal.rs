//! The terminal as a place to answer. Answers are typed lines, edited as the terminal itself edits lines; what was
//! typed before a question was asked is thrown away, so nothing is consented to by accident. Ctrl-C, Ctrl-D and a
//! terminal that hangs up stop the question and not the process, so the caller can say that nothing was signed.
//!
//! PINs are read elsewhere ([`super::secret`]): here the terminal shows what is typed. Not done: restoring the terminal
//! when another process kills this one with a signal.

use std::io::{self, Write};
use std::os::fd::{AsFd, BorrowedFd};

use rustix::io::Errno;
use rustix::termios::{InputModes, LocalModes, OptionalActions, QueueSelector, SpecialCodeIndex, Termios};

use super::clean::visible;
use super::paging;
use super::secret::{self, SecretFault};
use super::{Operator, OperatorFault};
use crate::pin::Pin;

/// What Ctrl-C types where it sends no signal.
const CTRL_C: u8 = 0x03;

/// As much as a terminal keeps of one line.
const LINE: usize = 4096;

/// The person at the controlling terminal.
#[derive(Debug, Default)]
pub struct Terminal;

impl Terminal {
    /// Rows and columns, where there is a terminal that tells them.
    #[must_use]
    pub fn size() -> Option<(usize, usize)> {
        let told = rustix::termios::tcgetwinsize(rustix::stdio::stdout()).ok()?;
        Some((told.ws_row.into(), told.ws_col.into()))
    }

    /// Whether somebody can answer.
    #[must_use]
    pub fn is_there() -> bool {
        rustix::termios::isatty(rustix::stdio::stdin())
    }
}

impl Operator for Terminal {
    fn type_line(&mut self, question: &str) -> Result<String, OperatorFault> {
        if !Self::is_there() {
            return Err(OperatorFault::NoTerminal);
        }
        let terminal = secret::terminal().map_err(|_| OperatorFault::NoTerminal)?;
        ask(&terminal, question)
    }

    fn pin(&mut self, question: &str) -> Result<Pin, SecretFault> {
        secret::read_pin(|terminal| terminal.write_all(visible(question).as_bytes()))
    }
}

/// Whether there is a terminal at which a person can answer.
#[must_use]
pub fn is_there() -> bool {
    rustix::termios::isatty(rustix::stdio::stdin()) && secret::terminal().is_ok()
}

fn ask<T: AsFd>(terminal: &T, question: &str) -> Result<String, OperatorFault>
where
    for<'t> &'t T: Write,
{
    let asking = Asking::begin(terminal.as_fd()).map_err(OperatorFault::Failed)?;
    let mut writer = terminal;
    write!(writer, "{}: ", visible(question)).and_then(|()| writer.flush()).map_err(OperatorFault::Failed)?;
    let line = read_line(terminal.as_fd());
    drop(asking);
    paging::turn();
    if line.is_err() {
        // No Enter was typed; a terminal that is gone cannot take this either, and the reason is known.
        let _ = writer.write_all(b"\n");
    }
    line
}

/// One line. The text need not be UTF-8: what is not cannot be the answer to anything.
fn read_line(terminal: BorrowedFd<'_>) -> Result<String, OperatorFault> {
    let mut line = Vec::new();
    loop {
        let mut part = [0_u8; LINE];
        match rustix::io::read(terminal, &mut part) {
            Ok(0) | Err(Errno::IO) => return Err(OperatorFault::Stopped),
            Ok(length) => line.extend_from_slice(&part[..length]),
            Err(Errno::INTR) => continue,
            Err(error) => return Err(OperatorFault::Failed(error.into())),
        }
        match line.last() {
            Some(&CTRL_C) => return Err(OperatorFault::Stopped),
            Some(b'\n') => return Ok(String::from_utf8_lossy(&line).trim_end_matches('\n').to_owned()),
            // Ctrl-D in the middle of a line: the line goes on.
            _ => {}
        }
    }
}

/// A terminal that reads whole lines and on which Ctrl-C ends the line, for as long as this lives.
struct Asking<'a> {
    terminal: BorrowedFd<'a>,
    before: Termios,
}

impl<'a> Asking<'a> {
    fn begin(terminal: BorrowedFd<'a>) -> io::Result<Self> {
        let before = rustix::termios::tcgetattr(terminal)?;
        let mut lines = before.clone();
        lines.input_modes |= InputModes::ICRNL;
        lines.local_modes |= LocalModes::ICANON | LocalModes::ECHO | LocalModes::ECHOE;
        lines.local_modes -= LocalModes::ISIG;
        lines.special_codes[SpecialCodeIndex::VEOL] = CTRL_C;
        let asking = Self { terminal, before };
        // Flush: whatever was typed before the question is not an answer to it.
        rustix::termios::tcsetattr(terminal, OptionalActions::Flush, &lines)?;
        rustix::termios::tcflush(terminal, QueueSelector::IFlush)?;
        Ok(asking)
    }
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        // Only a terminal that is gone refuses, and then there is nothing to restore.
        let _ = rustix::termios::tcsetattr(self.terminal, OptionalActions::Now, &self.before);
    }
}

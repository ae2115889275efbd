//! The terminal as a place to answer. Answers are typed lines, edited as the terminal itself edits lines; what was
//! typed before a question was asked is thrown away, so nothing is consented to by accident. Ctrl-C, Ctrl-D and a
//! terminal that hangs up stop the question and not the process, so the caller can say that nothing was signed.
//!
//! A choice among a few things is picked from a list with the arrow keys (`list`) where the terminal can move its cursor, the
//! list fits on it, and neither `--plain` nor `--ascii` was given; else [`super::choice`] asks for a number.
//!
//! PINs are read elsewhere ([`super::secret`]): here the terminal shows what is typed, but for the Enter that turns a page. A signal
//! that ends the program at a question finds the terminal restored ([`super::parting`]).

mod list;

use std::ffi::OsStr;
use std::io::{self, Write};
use std::os::fd::{AsFd, BorrowedFd};

use rustix::io::Errno;
use rustix::termios::{InputModes, LocalModes, OptionalActions, QueueSelector, SpecialCodeIndex, Termios};
use zeroize::Zeroizing;

use super::manner::{self, shown};
use super::parting::Parting;
use super::secret::{self, Held, SecretFault};
use super::wording::choosing as said;
use super::{Operator, OperatorFault, paging, screen};
use crate::pin::Pin;
use list::List;

/// What Ctrl-C types where it sends no signal.
const CTRL_C: u8 = 0x03;

/// What Ctrl-D types where it ends no line.
const CTRL_D: u8 = 0x04;

/// As much as a terminal keeps of one line.
const LINE: usize = 4096;

/// Rows that a list leaves to what stands above it.
const ABOVE_A_LIST: usize = 4;

/// Fewer columns than this hold no list that can be read.
const NARROWEST: usize = 40;

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

    /// Output stops at full pages from now on, and goes on at an Enter.
    pub fn begin_pages() {
        if let Some((rows, columns)) = Self::size() {
            paging::begin(rows, columns, || enter_alone(super::wording::ENTER_FOR_MORE).is_ok());
        }
    }

    /// Whether somebody can answer.
    #[must_use]
    pub fn is_there() -> bool {
        rustix::termios::isatty(rustix::stdio::stdin())
    }
}

impl Operator for Terminal {
    fn is_there(&self) -> bool {
        is_there()
    }

    fn type_line(&mut self, question: &str) -> Result<String, OperatorFault> {
        if !Self::is_there() {
            return Err(OperatorFault::NoTerminal);
        }
        let terminal = secret::terminal().map_err(|_| OperatorFault::NoTerminal)?;
        ask(&terminal, question)
    }

    fn pick(&mut self, question: &str, choices: &[String]) -> Option<Result<usize, OperatorFault>> {
        let list = offered(question, choices)?;
        if !paging::keeps_together(list.rows() + 1) {
            return Some(Err(OperatorFault::Stopped));
        }
        let asking = match Asking::for_keys(rustix::stdio::stdin()) {
            Ok(asking) => asking,
            Err(error) => return Some(Err(fault(error))),
        };
        let picked = list.ask();
        drop(asking);
        paging::turn();
        picked.transpose()
    }

    fn pin(&mut self, question: &str) -> Result<Pin, SecretFault> {
        // The line above the question, and what of the question wraps; its last row is left free on every page.
        let columns = Self::size().map_or(usize::MAX, |(_, columns)| columns.max(1));
        if !paging::keeps_together(1 + shown(question).chars().count() / columns) {
            return Err(SecretFault::Interrupted);
        }
        let typed = secret::read_pin(|terminal| {
            write!(terminal, "{}\n{}", super::wording::NOTHING_IS_SHOWN, shown(question))
        });
        paging::turn();
        typed
    }

    fn hold(&mut self) -> Option<Held> {
        Held::begin()
    }
}

/// The list, where one can be shown.
fn offered(question: &str, choices: &[String]) -> Option<List> {
    let terminals = [rustix::stdio::stdin(), rustix::stdio::stdout()];
    let manner_allows = !manner::is_plain() && !manner::is_ascii();
    if !manner_allows || !terminals.iter().all(rustix::termios::isatty) {
        return None;
    }
    if !moves_its_cursor(std::env::var_os("TERM").as_deref()) {
        return None;
    }
    let (rows, columns) = Terminal::size()?;
    let choices: Vec<String> = choices.iter().map(|choice| shown(choice).into_owned()).collect();
    let list = List::of(&shown(question), said::HOW_TO_PICK, &choices, columns, screen::styled(true, false));
    let fits = columns >= NARROWEST && list.rows() + ABOVE_A_LIST <= rows;
    fits.then_some(list)
}

fn moves_its_cursor(term: Option<&OsStr>) -> bool {
    term.is_some_and(|term| !term.is_empty() && term != "dumb" && term != "unknown")
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
    let asking = Asking::begin(terminal.as_fd()).map_err(fault)?;
    let mut writer = terminal;
    write!(writer, "{}: ", shown(question)).and_then(|()| writer.flush()).map_err(fault)?;
    let line = read_line(terminal.as_fd());
    drop(asking);
    paging::turn();
    if line.is_err() {
        // No Enter was typed; a terminal that is gone cannot take this either, and the reason is known.
        let _ = writer.write_all(b"\n");
    }
    line
}

/// Waits for Enter and shows nothing that is typed before it, which may be a PIN that came one question too late; nor is it kept.
fn enter_alone(question: &str) -> Result<(), OperatorFault> {
    if !Terminal::is_there() {
        return Err(OperatorFault::NoTerminal);
    }
    let terminal = secret::terminal().map_err(|_| OperatorFault::NoTerminal)?;
    let asking = Asking::unseen(terminal.as_fd()).map_err(fault)?;
    let mut writer = &terminal;
    write!(writer, "{}: ", shown(question)).and_then(|()| writer.flush()).map_err(fault)?;
    let ended = until_enter(terminal.as_fd());
    drop(asking);
    paging::turn();
    // The Enter was not shown; a terminal that is gone cannot take this either, and the reason is known.
    let _ = writer.write_all(b"\n");
    ended
}

fn until_enter(terminal: BorrowedFd<'_>) -> Result<(), OperatorFault> {
    let mut key = Zeroizing::new([0_u8]);
    loop {
        match rustix::io::read(terminal, &mut key[..]) {
            Ok(0) => return Err(OperatorFault::Stopped),
            Ok(_) => {}
            Err(Errno::INTR) => continue,
            Err(error) => return Err(fault(error.into())),
        }
        match key[0] {
            b'\r' | b'\n' => return Ok(()),
            CTRL_C | CTRL_D => return Err(OperatorFault::Stopped),
            _ => {}
        }
    }
}

/// One line. The text need not be UTF-8: what is not cannot be the answer to anything.
fn read_line(terminal: BorrowedFd<'_>) -> Result<String, OperatorFault> {
    let mut line = Vec::new();
    loop {
        let mut part = [0_u8; LINE];
        match rustix::io::read(terminal, &mut part) {
            Ok(0) => return Err(OperatorFault::Stopped),
            Ok(length) => line.extend_from_slice(&part[..length]),
            Err(Errno::INTR) => continue,
            Err(error) => return Err(fault(error.into())),
        }
        match line.last() {
            Some(&CTRL_C) => return Err(OperatorFault::Stopped),
            Some(b'\n') => return Ok(String::from_utf8_lossy(&line).trim_end_matches('\n').to_owned()),
            // Ctrl-D in the middle of a line: the line goes on.
            _ => {}
        }
    }
}

/// A terminal that hung up fails everything with EIO, and with ENXIO where it is opened again.
fn fault(error: io::Error) -> OperatorFault {
    match Errno::from_io_error(&error) {
        Some(Errno::IO | Errno::NXIO) => OperatorFault::Stopped,
        _ => OperatorFault::Failed(error),
    }
}

/// A terminal that reads as one question needs it, and on which Ctrl-C sends no signal, for as long as this lives.
struct Asking<'a> {
    terminal: BorrowedFd<'a>,
    before: Termios,
    parting: Parting,
}

impl<'a> Asking<'a> {
    /// Whole lines, shown; Ctrl-C ends the line.
    fn begin(terminal: BorrowedFd<'a>) -> io::Result<Self> {
        Self::with(
            terminal,
            || (),
            |modes| {
                modes.input_modes |= InputModes::ICRNL;
                modes.local_modes |= LocalModes::ICANON | LocalModes::ECHO | LocalModes::ECHOE;
                modes.local_modes -= LocalModes::ISIG;
                modes.special_codes[SpecialCodeIndex::VEOL] = CTRL_C;
            },
        )
    }

    /// Keys one by one, not shown and none of them special; what reads them sets no more than this, so that a key between two
    /// of its reads is not shown either.
    fn for_keys(terminal: BorrowedFd<'a>) -> io::Result<Self> {
        Self::with(terminal, list::show_cursor, |modes| *modes = secret::silent(modes))
    }

    /// The same, where there is no list.
    fn unseen(terminal: BorrowedFd<'a>) -> io::Result<Self> {
        Self::with(terminal, || (), |modes| *modes = secret::silent(modes))
    }

    fn with(terminal: BorrowedFd<'a>, more: fn(), set: impl FnOnce(&mut Termios)) -> io::Result<Self> {
        let before = rustix::termios::tcgetattr(terminal)?;
        let mut modes = before.clone();
        set(&mut modes);
        let parting = secret::parting(terminal, &before, &modes, more)?;
        let asking = Self { terminal, before, parting };
        rustix::termios::tcsetattr(terminal, OptionalActions::Now, &secret::silent(&asking.before))?;
        secret::let_pass(terminal)?;
        // Flush: whatever was typed before the question is not an answer to it.
        rustix::termios::tcsetattr(terminal, OptionalActions::Flush, &modes)?;
        rustix::termios::tcflush(terminal, QueueSelector::IFlush)?;
        Ok(asking)
    }
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        self.parting.end();
        // Only a terminal that is gone refuses, and then there is nothing to restore.
        let _ = rustix::termios::tcsetattr(self.terminal, OptionalActions::Now, &self.before);
    }
}

#[cfg(test)]
mod tests;

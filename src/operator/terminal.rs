//! The terminal as a place to answer: the only file that knows dialoguer. Answers are typed lines; what was typed
//! before a question was asked is thrown away, so nothing is consented to by accident. PINs are read elsewhere
//! ([`super::secret`]): dialoguer leaves copies of them in memory.

use std::io;

use dialoguer::{Input, theme::SimpleTheme};
use rustix::termios::{QueueSelector, tcflush};

use super::clean::visible;
use super::secret::{self, SecretFault};
use super::{Operator, OperatorFault};
use crate::pin::Pin;

/// The person at the controlling terminal.
#[derive(Debug, Default)]
pub struct Terminal;

impl Operator for Terminal {
    fn type_line(&mut self, question: &str) -> Result<String, OperatorFault> {
        let stdin = rustix::stdio::stdin();
        if !rustix::termios::isatty(stdin) {
            return Err(OperatorFault::NoTerminal);
        }
        // Typed-ahead lines were answers to something else.
        let _ = tcflush(stdin, QueueSelector::IFlush);
        let asked = Input::<String>::with_theme(&SimpleTheme)
            .with_prompt(visible(question))
            .allow_empty(true)
            .interact();
        asked.map_err(|dialoguer::Error::IO(error)| match error.kind() {
            io::ErrorKind::NotConnected => OperatorFault::NoTerminal,
            io::ErrorKind::Interrupted => OperatorFault::Stopped,
            _ => OperatorFault::Failed(error),
        })
    }

    fn pin(&mut self, question: &str) -> Result<Pin, SecretFault> {
        secret::read_pin(|terminal| io::Write::write_all(terminal, visible(question).as_bytes()))
    }
}

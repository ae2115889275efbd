//! The answers of a rehearsal that plays by itself: it types what the screen asks to be typed, and the PIN of whoever plays.
//! With somebody at the terminal it waits for Enter first. Any question to which the screen gives no answer stops the play.

use std::path::PathBuf;

use crate::files;
use crate::operator::screen::Screen;
use crate::operator::secret::SecretFault;
use crate::operator::terminal::Terminal;
use crate::operator::wording::rehearsal as said;
use crate::operator::{Operator, OperatorFault};
use crate::pin::{self, Pin};

/// A person who does what she is told.
pub(super) struct Script {
    pins: PathBuf,
    waits: bool,
    who: String,
}

impl Script {
    /// One who finds the PINs of all parts in `pins`.
    pub(super) fn new(pins: PathBuf, waits: bool) -> Script {
        Script { pins, waits, who: String::new() }
    }

    /// Plays this part from now on.
    pub(super) fn play(&mut self, who: &str) {
        who.clone_into(&mut self.who);
    }

    /// Waits for Enter, if somebody is there.
    pub(super) fn pause(&self, words: &str) -> Result<(), OperatorFault> {
        if self.waits { Terminal.type_line(words).map(drop) } else { Ok(()) }
    }

    fn say(line: &str) -> Result<(), OperatorFault> {
        let gone = |fault| OperatorFault::Failed(std::io::Error::other(fault));
        Screen::stdout(true).line(line).map_err(gone)
    }
}

impl Operator for Script {
    fn type_line(&mut self, question: &str) -> Result<String, OperatorFault> {
        Self::say(&said::unexpected(question))?;
        Err(OperatorFault::NoTerminal)
    }

    fn type_back(&mut self, question: &str, phrase: &str) -> Result<String, OperatorFault> {
        self.pause(&said::enter_to_type(&self.who))?;
        Self::say(&format!("{question}: {phrase}"))?;
        Ok(phrase.to_owned())
    }

    fn pin(&mut self, question: &str) -> Result<Pin, SecretFault> {
        let lost = |fault: std::io::Error| SecretFault::NoTerminal(fault);
        let bytes = files::read_capped(&self.pins.join(&self.who), pin::CAPACITY as u64)
            .map_err(|fault| lost(std::io::Error::other(fault)))?;
        let typed = bytes.trim_ascii();
        let shown = String::from_utf8_lossy(typed).into_owned();
        let gone = |fault: OperatorFault| lost(std::io::Error::other(fault));
        self.pause(&said::enter_to_type(&self.who)).map_err(gone)?;
        Self::say(&said::pin_typed(question, &shown)).map_err(gone)?;
        Pin::filled_by(typed.len(), |page| {
            page.copy_from_slice(typed);
            Ok(())
        })
        .map_err(lost)
    }
}

//! The rooms that face people: the questions put to a person, the terminal, PIN prompts, the sanitiser, the screen,
//! JSON and exact bytes for programs, and the sentences.
//!
//! What a person is shown goes through [`screen`]; what others wrote goes through [`clean`] first. Nothing here
//! knows tokens, files or metadata.

pub mod bytes;
pub mod choice;
pub mod clean;
pub mod json;
pub mod manner;
pub mod paging;
mod parting;
pub mod progress;
pub mod screen;
pub mod secret;
pub mod terminal;
pub mod wording;
mod wrapped;

use crate::pin::Pin;
use secret::{Held, SecretFault};

/// A person who can be asked: at a terminal, or from a script in tests.
pub trait Operator {
    /// Whether anybody can answer at all; asked before a conversation begins.
    fn is_there(&self) -> bool {
        true
    }

    /// A line of text as an answer. Shown as it is typed.
    ///
    /// # Errors
    /// When nobody can answer.
    fn type_line(&mut self, question: &str) -> Result<String, OperatorFault>;

    /// An answer to a question whose agreeing answer is `phrase`, which the screen has told. A person types it or something
    /// else; a rehearsal that plays by itself types it.
    ///
    /// # Errors
    /// As [`Operator::type_line`].
    fn type_back(&mut self, question: &str, phrase: &str) -> Result<String, OperatorFault> {
        let _ = phrase;
        self.type_line(question)
    }

    /// The place of one of these choices, picked at a list of its own; none where this person has no such list, and then
    /// [`choice::choose`] asks with numbers.
    fn pick(&mut self, question: &str, choices: &[String]) -> Option<Result<usize, OperatorFault>> {
        let _ = (question, choices);
        None
    }

    /// Whether [`Operator::pin`] is typed on this machine's keyboard.
    fn types_secrets(&self) -> bool {
        true
    }

    /// A PIN, never shown.
    ///
    /// # Errors
    /// When none was typed; no try was spent.
    fn pin(&mut self, question: &str) -> Result<Pin, SecretFault>;

    /// Lets no key do anything until the value goes: for as long as a card must not be left in the middle of a change. None where
    /// nothing is typed at a terminal.
    fn hold(&mut self) -> Option<Held> {
        None
    }
}

/// Nobody answered.
#[derive(Debug, thiserror::Error)]
pub enum OperatorFault {
    /// There is no terminal.
    #[error("there is no terminal to answer at")]
    NoTerminal,
    /// The person pressed Ctrl-C or closed the terminal.
    #[error("the question was stopped")]
    Stopped,
    /// The terminal failed.
    #[error("the terminal failed")]
    Failed(#[source] std::io::Error),
}

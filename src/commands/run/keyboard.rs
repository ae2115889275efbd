//! Whoever sits at the keyboard, and whether she left: a verb that was stopped by Ctrl-C or a closed terminal ends the guided
//! ceremony, one that was stopped by a typed word does not.

use crate::operator::secret::{Held, SecretFault};
use crate::operator::{Operator, OperatorFault};
use crate::pin::Pin;

/// The person behind all questions.
pub(super) struct Keyboard<'p> {
    person: &'p mut dyn Operator,
    left: bool,
}

impl<'p> Keyboard<'p> {
    pub(super) fn of(person: &'p mut dyn Operator) -> Keyboard<'p> {
        Keyboard { person, left: false }
    }

    /// Whether a question was stopped, or could not be asked.
    pub(super) fn was_left(&self) -> bool {
        self.left
    }

    fn noticed<T>(&mut self, answer: Result<T, OperatorFault>) -> Result<T, OperatorFault> {
        // Where nobody can be asked, nobody left.
        self.left |= answer.as_ref().is_err_and(|fault| !matches!(fault, OperatorFault::NoTerminal));
        answer
    }
}

impl Operator for Keyboard<'_> {
    fn is_there(&self) -> bool {
        self.person.is_there()
    }

    fn type_line(&mut self, question: &str) -> Result<String, OperatorFault> {
        let answer = self.person.type_line(question);
        self.noticed(answer)
    }

    fn type_back(&mut self, question: &str, phrase: &str) -> Result<String, OperatorFault> {
        let answer = self.person.type_back(question, phrase);
        self.noticed(answer)
    }

    fn pick(&mut self, question: &str, choices: &[String]) -> Option<Result<usize, OperatorFault>> {
        let answer = self.person.pick(question, choices)?;
        Some(self.noticed(answer))
    }

    fn types_secrets(&self) -> bool {
        self.person.types_secrets()
    }

    fn hold(&mut self) -> Option<Held> {
        self.person.hold()
    }

    fn pin(&mut self, question: &str) -> Result<Pin, SecretFault> {
        let typed = self.person.pin(question);
        let stopped = |fault: &SecretFault| {
            use SecretFault::{Ended, HungUp, Interrupted, NoTerminal, Terminal};
            matches!(fault, Interrupted | Ended | HungUp | NoTerminal(_) | Terminal(_))
        };
        self.left |= typed.as_ref().err().is_some_and(stopped);
        typed
    }
}

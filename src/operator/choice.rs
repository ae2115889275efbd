//! A choice among a few things, as numbered lines and a typed number. No choice is made by a bare Enter, and none is preset: who
//! is nervous should not agree to what happened to stand first.

use super::screen::{Screen, ScreenFault};
use super::wording::guided as said;
use super::{Operator, OperatorFault};

/// A question got no answer.
#[derive(Debug, thiserror::Error)]
pub enum AskFault {
    /// It could not be shown.
    #[error(transparent)]
    Screen(#[from] ScreenFault),
    /// Nobody answered.
    #[error(transparent)]
    Operator(#[from] OperatorFault),
}

/// Asks until one of `choices` is named, by its number; gives its place.
///
/// # Errors
/// When nobody answers or nothing can be shown.
///
/// # Panics
/// Without choices.
pub fn choose(
    person: &mut dyn Operator,
    screen: &mut Screen<'_>,
    question: &str,
    choices: &[String],
) -> Result<usize, AskFault> {
    assert!(!choices.is_empty(), "a question has an answer");
    if let Some(picked) = person.pick(question, choices) {
        return Ok(picked?);
    }
    screen.line(question)?;
    for (number, choice) in (1..).zip(choices) {
        screen.line(&said::numbered(number, choice))?;
    }
    loop {
        let typed = person.type_line(&said::which_number(choices.len()))?;
        match typed.trim().parse::<usize>() {
            Ok(number) if (1..=choices.len()).contains(&number) => return Ok(number - 1),
            _ => screen.line(&said::no_such_number(choices.len()))?,
        }
    }
}

//! A choice among a few things: picked from a list where the person has one, else from numbered lines by its number or by the
//! beginning of its text. No choice is made by a bare Enter, and none is preset: who is nervous should not agree to what happened
//! to stand first. Either way what was chosen stands on the screen afterwards.

use super::manner::shown;
use super::screen::{Screen, ScreenFault};
use super::wording::choosing as said;
use super::wrapped::wrapped;
use super::{Operator, OperatorFault, paging};

/// Columns of the smallest screen that choices are made for.
const WIDTH: usize = 80;

/// As many letters of a choice tell that a word was meant and no slip of a finger.
const FEWEST_LETTERS: usize = 2;

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

/// Asks until one of `choices` is named; gives its place.
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
        let picked = picked?;
        // The list is gone from the screen; whoever watches reads here what became of it.
        let mut rows = wrapped(&shown(question), "", "", WIDTH);
        rows.extend(wrapped(&shown(&choices[picked]), said::PICKED, "    ", WIDTH));
        rows.iter().try_for_each(|row| screen.line(row))?;
        return Ok(picked);
    }
    let mut rows = wrapped(&shown(question), "", "", WIDTH);
    for (number, choice) in (1..).zip(choices) {
        let number = said::number(number, choices.len());
        rows.extend(wrapped(&shown(choice), &number, &" ".repeat(number.len()), WIDTH));
    }
    // They are read together, with the line that is typed.
    if !paging::keeps_together(rows.len() + 1) {
        return Err(OperatorFault::Stopped.into());
    }
    rows.iter().try_for_each(|row| screen.line(row))?;
    loop {
        let typed = person.type_line(&said::which_number(choices.len()))?;
        match meant(&typed, choices) {
            Ok(place) => return Ok(place),
            Err(wrong) => screen.line(&wrong)?,
        }
    }
}

/// The place of the choice that was meant, or what is wrong with what was typed.
fn meant(typed: &str, choices: &[String]) -> Result<usize, String> {
    let most = choices.len();
    if let Ok(number) = typed.trim().parse::<usize>() {
        return if (1..=most).contains(&number) { Ok(number - 1) } else { Err(said::no_such_number(most)) };
    }
    let typed = bare(typed);
    if typed.chars().count() < FEWEST_LETTERS {
        return Err(said::no_such_number(most));
    }
    let bare: Vec<String> = choices.iter().map(|choice| bare(choice)).collect();
    let begun = |(place, choice): (usize, &String)| choice.starts_with(&typed).then_some(place);
    let begun: Vec<usize> = bare.iter().enumerate().filter_map(begun).collect();
    // One that was typed out is meant, though another goes on from it; the same text twice is not told apart by it.
    let whole: Vec<usize> = begun.iter().copied().filter(|place| bare[*place] == typed).collect();
    match (whole.as_slice(), begun.as_slice()) {
        ([place], _) | ([], [place]) => Ok(*place),
        (_, []) => Err(said::no_such_choice(most)),
        _ => Err(said::several_begin_so(most)),
    }
}

/// Without case and spaces.
fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests;

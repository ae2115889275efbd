//! What the guided ceremony says and asks.

/// One of several choices.
#[must_use]
pub fn numbered(number: usize, choice: &str) -> String {
    format!("  {number}  {choice}")
}

/// The question behind a list of choices.
#[must_use]
pub fn which_number(most: usize) -> String {
    format!("Number (1 to {most})")
}

/// What was typed is none of the numbers.
#[must_use]
pub fn no_such_number(most: usize) -> String {
    format!("Type one of the numbers 1 to {most}.")
}

//! How one of a few things is asked for.

/// How to pick from a list.
pub const HOW_TO_PICK: &str = "(arrow keys or j and k, then Enter; Esc to type a number)";

/// What stands before the choice that was picked.
pub const PICKED: &str = "> ";

/// The number before a choice, as wide as the widest of them.
#[must_use]
pub fn number(number: usize, most: usize) -> String {
    format!("  {number:>width$}  ", width = most.to_string().len())
}

/// The question behind numbered choices.
#[must_use]
pub fn which_number(most: usize) -> String {
    format!("Number (1 to {most})")
}

/// What was typed is none of the numbers.
#[must_use]
pub fn no_such_number(most: usize) -> String {
    format!("Type one of the numbers 1 to {most}.")
}

/// What was typed begins no choice.
#[must_use]
pub fn no_such_choice(most: usize) -> String {
    format!("No choice begins like that. Type one of the numbers 1 to {most}.")
}

/// What was typed begins several choices.
#[must_use]
pub fn several_begin_so(most: usize) -> String {
    format!("More than one choice begins like that. Type one of the numbers 1 to {most}.")
}

//! Texts that somebody gives on the command line and that are kept as she gave them: reasons, remarks, where a digest was read. As at a
//! prompt, a key that is no character belongs into none of them; nothing is taken out in silence.

use crate::fault::Fault;
use crate::operator::clean::holds_controls;
use crate::operator::wording::typed as said;

/// Refuses a text that holds one. `option` is what it stands behind.
///
/// # Errors
/// A question of usage; nothing was stored.
pub fn spoken(option: &str, text: Option<&str>) -> Result<(), Fault> {
    match text.filter(|text| holds_controls(text)) {
        Some(_) => Err(Fault::usage(said::no_text(option)).now(said::TYPE_IT_IN_ONE_LINE)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_all_kinds_are_taken_and_keys_that_are_none_are_refused() {
        for text in ["bela is ill", "K\u{f6}ln, \u{6f22}\u{5b57}", ""] {
            assert!(spoken("--reason", Some(text)).is_ok(), "{text}");
        }
        assert!(spoken("--reason", None).is_ok());
        for text in ["a\nb", "a\tb", "\u{1b}[A", "x\u{7f}", "\u{9b}2J", "\0"] {
            assert!(spoken("--reason", Some(text)).is_err(), "{text:?}");
        }
    }
}

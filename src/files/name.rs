//! Names of files that we choose ourselves (never those an operator gives): they must fit every medium that travels.
//!
//! Lower-case ASCII letters, digits, `.`, `-`, `_`; at most 64 characters; nothing that FAT or Windows keeps for itself.
//! No disk here.

use crate::operator::clean::quoted;

/// The longest name that we write, in characters.
pub const LONGEST_NAME: usize = 64;

/// The names of devices, which FAT's home system keeps for itself with any extension; numbered ones end in 1 to 9.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];
const NUMBERED_DEVICES: [&str; 2] = ["com", "lpt"];

/// Why a name does not fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameFault {
    /// No characters at all.
    #[error("a file name is empty")]
    Empty,
    /// More than [`LONGEST_NAME`] characters.
    #[error("the file name {} has {length} characters; at most {LONGEST_NAME} fit", quoted(name, 80))]
    TooLong {
        /// The name.
        name: String,
        /// Its length in characters.
        length: usize,
    },
    /// A character outside `a-z0-9._-`.
    #[error("the file name {} holds {}, which some media cannot keep", quoted(name, 80), quoted(&found.to_string(), 80))]
    Character {
        /// The name.
        name: String,
        /// The first such character.
        found: char,
    },
    /// It begins with `.` or `-`, or ends with `.`.
    #[error("the file name {} begins with \".\" or \"-\", or ends with \".\"", quoted(name, 80))]
    Edge {
        /// The name.
        name: String,
    },
    /// A device's name.
    #[error("the file name {} is the name of a device on FAT media", quoted(name, 80))]
    Reserved {
        /// The name.
        name: String,
    },
}

/// Whether `name` fits every medium.
///
/// # Errors
/// The first reason why not; choose another name for the thing, nothing is renamed silently.
pub fn fit_name(name: &str) -> Result<(), NameFault> {
    let owned = || name.to_owned();
    let length = name.chars().count();
    if length == 0 {
        return Err(NameFault::Empty);
    }
    if length > LONGEST_NAME {
        return Err(NameFault::TooLong { name: owned(), length });
    }
    if let Some(found) = name.chars().find(|c| !matches!(c, 'a'..='z' | '0'..='9' | '.' | '-' | '_')) {
        return Err(NameFault::Character { name: owned(), found });
    }
    if name.starts_with(['.', '-']) || name.ends_with('.') {
        return Err(NameFault::Edge { name: owned() });
    }
    let stem = name.split('.').next().unwrap_or(name);
    let numbered = stem.len() == 4
        && stem.ends_with(|c| matches!(c, '1'..='9'))
        && NUMBERED_DEVICES.iter().any(|device| stem.starts_with(device));
    if numbered || DEVICES.contains(&stem) { Err(NameFault::Reserved { name: owned() }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_that_we_write_fit() {
        for name in
            ["3.root.json", "a", "acme-root-4.bundle.json", "com0", "com10.json", "console.json", "0_1"]
        {
            assert_eq!(fit_name(name), Ok(()), "{name}");
        }
        assert_eq!(fit_name(&"a".repeat(LONGEST_NAME)), Ok(()));
    }

    #[test]
    fn a_name_one_character_too_long_is_refused() {
        let fault = fit_name(&"a".repeat(LONGEST_NAME + 1)).unwrap_err();
        assert!(matches!(fault, NameFault::TooLong { length: 65, .. }));
    }

    #[test]
    fn an_empty_name_is_refused() {
        assert_eq!(fit_name(""), Err(NameFault::Empty));
    }

    #[test]
    fn capitals_blanks_slashes_and_foreign_letters_are_refused() {
        for (name, bad) in [
            ("Root.json", 'R'),
            ("a b", ' '),
            ("a/b", '/'),
            ("a\\b", '\\'),
            ("c\u{f6}", '\u{f6}'),
            ("a\0", '\0'),
        ] {
            assert_eq!(fit_name(name), Err(NameFault::Character { name: name.to_owned(), found: bad }));
        }
    }

    #[test]
    fn hidden_files_options_and_trailing_dots_are_refused() {
        for name in [".", "..", ".hidden", "-rf", "a."] {
            assert_eq!(fit_name(name), Err(NameFault::Edge { name: name.to_owned() }));
        }
    }

    #[test]
    fn names_of_devices_are_refused_with_any_extension() {
        for name in ["con", "nul.json", "aux.bundle.json", "com1", "lpt9.txt", "prn"] {
            assert_eq!(fit_name(name), Err(NameFault::Reserved { name: name.to_owned() }));
        }
    }

    #[test]
    fn the_sentence_is_safe_to_show() {
        let sentence = fit_name("a\u{1b}[2J").unwrap_err().to_string();
        assert_eq!(
            sentence,
            "the file name \"a<U+001B>[2J\" holds \"<U+001B>\", which some media cannot keep"
        );
    }
}

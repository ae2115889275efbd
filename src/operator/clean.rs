//! The one sanitiser: all text that others wrote (names, paths, custom fields, token labels, words typed in) passes
//! here before a person sees it.
//!
//! Promises: what comes out holds no control, escape, bidi, zero-width, format, private-use or unassigned character,
//! no blank but the space, and no heap of combining marks; each such character stands there as an ASCII token such as
//! `<U+202E>`, each byte that is not UTF-8 as `<0x9B>`. Cleaning twice changes nothing, so every screen may do it
//! again. [`quoted`] sets text apart from our own sentence and keeps two long texts that differ late apart.
//!
//! Deliberately does not: hide letters of other scripts (people are called Cöbain), judge which letters look alike
//! ([`identifier`] names the foreign ones instead), or tell a real token from text that spells one: names are compared
//! as they are, never as they are shown. `--json` output needs none of this: it is ASCII and escaped losslessly.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use sha2::{Digest, Sha256};
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

use super::wording::grouped;

/// How many combining marks a letter may carry: the scripts in use need three, a flood buries the lines around it.
const MARKS_ON_A_LETTER: usize = 4;

/// How many characters of a path are shown: the longest name and its folder fit, a filled screen does not.
const SHOWN_OF_A_PATH: usize = 512;

/// How many characters of a name without quotes are shown.
const SHOWN_BARE: usize = 40;

/// How many foreign characters of an identifier are named one by one.
const FOREIGN_NAMED: usize = 4;

/// Whether `text` holds a key that is no character: typed by an arrow or pasted, it belongs into no record.
pub fn holds_controls(text: &str) -> bool {
    text.chars().any(char::is_control)
}

/// `text` with everything invisible, moving or overwriting made visible. Line ends and tabs too: one text, one line.
pub fn visible(text: &str) -> Cow<'_, str> {
    if pieces(text.as_bytes()).all(|piece| matches!(piece, Piece::Plain(_))) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(pieces(text.as_bytes()).fold(String::with_capacity(text.len()), Piece::onto))
    }
}

/// As [`visible`], and every letter outside ASCII is shown by its number too, for terminals that show it wrong.
pub fn visible_in_ascii(text: &str) -> Cow<'_, str> {
    let narrow = |piece| match piece {
        Piece::Plain(c) if !c.is_ascii() => Piece::Token(c),
        other => other,
    };
    if text.is_ascii() {
        return visible(text);
    }
    Cow::Owned(pieces(text.as_bytes()).map(narrow).fold(String::with_capacity(text.len()), Piece::onto))
}

/// As [`visible`], for bytes that ought to be UTF-8; those that are not are shown one by one.
pub fn visible_bytes(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => visible(text),
        Err(_) => Cow::Owned(pieces(bytes).fold(String::with_capacity(bytes.len()), Piece::onto)),
    }
}

/// As [`visible_bytes`], for a path.
pub fn visible_path(path: &Path) -> Cow<'_, str> {
    visible_bytes(path.as_os_str().as_bytes())
}

/// `text` for a column: visible, at most `cap` characters of it, then how much there is and its digest. The words
/// about the rest can be forged by a text that spells them; where that would matter, use [`quoted`].
pub fn cell(text: &str, cap: usize) -> String {
    let cut = Cut::of(text.as_bytes(), cap, Piece::onto);
    cut.shown + &cut.rest
}

/// `text` inside a sentence: between double quotes, visible, at most `cap` characters of it. A quote inside becomes
/// `<U+0022>`, so what stands after the closing quote is ours: for a longer text its length and digest.
pub fn quoted(text: &str, cap: usize) -> String {
    quoted_bytes(text.as_bytes(), cap)
}

/// As [`quoted`], for bytes that ought to be UTF-8.
pub fn quoted_bytes(bytes: &[u8], cap: usize) -> String {
    let cut = Cut::of(bytes, cap, |out, piece| match piece {
        Piece::Plain('"') => Piece::Token('"').onto_text(out),
        other => other.onto_text(out),
    });
    format!("\"{}\"{}", cut.shown, cut.rest)
}

/// As [`quoted`], for a path.
pub fn quoted_path(path: &Path) -> String {
    quoted_bytes(path.as_os_str().as_bytes(), SHOWN_OF_A_PATH)
}

/// As [`quoted`], for a name that a machine compares (a role, a key name, a target path): letters outside ASCII are
/// named behind the closing quote, since some look like others. Names of people go through [`quoted`].
pub fn identifier(text: &str, cap: usize) -> String {
    let mut foreign: Vec<char> = Vec::new();
    let mut more = false;
    for c in text.chars().filter(|c| !c.is_ascii() && !hidden(*c)) {
        if !foreign.contains(&c) {
            if foreign.len() == FOREIGN_NAMED {
                more = true;
                break;
            }
            foreign.push(c);
        }
    }
    let mut out = quoted(text, cap);
    if !foreign.is_empty() {
        out.push_str(" [not ASCII:");
        for c in foreign {
            let _ = write!(out, " U+{:04X}", u32::from(c));
        }
        out.push_str(if more { " and others]" } else { "]" });
    }
    out
}

/// A serial, a version, a program's or an interface's name: as it is where nothing in it could be taken for something else, otherwise as
/// [`identifier`].
pub fn bare(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let is_short = (1..=SHOWN_BARE).contains(&text.len());
    if is_short && text.chars().all(is_plain) { text.to_owned() } else { identifier(text, SHOWN_BARE) }
}

/// Whether any character lies outside ASCII.
pub fn has_non_ascii(text: &str) -> bool {
    !text.is_ascii()
}

#[derive(Clone, Copy)]
enum Piece {
    Plain(char),
    Token(char),
    Byte(u8),
}

impl Piece {
    fn onto(out: String, piece: Self) -> String {
        piece.onto_text(out)
    }

    fn onto_text(self, mut out: String) -> String {
        // Writing to a String cannot fail.
        let _ = match self {
            Self::Plain(c) => out.write_char(c),
            Self::Token(c) => write!(out, "<U+{:04X}>", u32::from(c)),
            Self::Byte(byte) => write!(out, "<0x{byte:02X}>"),
        };
        out
    }
}

/// The characters of `bytes`, each judged with regard to what it follows. A mark needs a letter before it, so that
/// none lands on a token, a digit or a sign and changes that.
fn pieces(bytes: &[u8]) -> impl Iterator<Item = Piece> + '_ {
    let mut marks: Option<usize> = None;
    let units = bytes.utf8_chunks().flat_map(|chunk| {
        chunk.valid().chars().map(Piece::Plain).chain(chunk.invalid().iter().copied().map(Piece::Byte))
    });
    units.map(move |unit| {
        let Piece::Plain(c) = unit else {
            marks = None;
            return unit;
        };
        if hidden(c) {
            marks = None;
            return Piece::Token(c);
        }
        match c.general_category_group() {
            GeneralCategoryGroup::Letter => marks = Some(0),
            GeneralCategoryGroup::Mark => {
                marks = marks.map(|before| before + 1).filter(|count| *count <= MARKS_ON_A_LETTER);
                if marks.is_none() {
                    return Piece::Token(c);
                }
            }
            _ => marks = None,
        }
        Piece::Plain(c)
    })
}

/// Whether `c` is never shown as itself, whatever stands before it.
fn hidden(c: char) -> bool {
    let by_category = matches!(
        c.general_category(),
        GeneralCategory::Control
            | GeneralCategory::Format
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator
            | GeneralCategory::PrivateUse
            | GeneralCategory::Surrogate
            | GeneralCategory::Unassigned
            | GeneralCategory::EnclosingMark
    );
    let other_blank = c != ' ' && c.general_category() == GeneralCategory::SpaceSeparator;
    // Characters of ordinary categories that show nothing (Unicode's Default_Ignorable_Code_Point beyond the format
    // characters, and the empty Braille pattern), and marks that strike through or ring the letter before them.
    let by_name = matches!(
        c,
        '\u{034F}'
            | '\u{0334}'..='\u{0338}'
            | '\u{115F}'..='\u{1160}'
            | '\u{17B4}'..='\u{17B5}'
            | '\u{180B}'..='\u{180F}'
            | '\u{20D0}'..='\u{20FF}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FFA0}'
            | '\u{E0000}'..='\u{E0FFF}'
    );
    !(' '..='~').contains(&c) && (by_category || other_blank || by_name)
}

/// The beginning of a text, and the words about what was left off (empty when nothing was).
struct Cut {
    shown: String,
    rest: String,
}

impl Cut {
    fn of(bytes: &[u8], cap: usize, onto: impl Fn(String, Piece) -> String) -> Self {
        let (mut shown, mut length) = (String::new(), 0);
        for piece in pieces(bytes) {
            let one = onto(String::new(), piece);
            length += one.chars().count();
            if length > cap {
                let characters = u64::try_from(pieces(bytes).count()).unwrap_or(u64::MAX);
                let digest = hex::encode(Sha256::digest(bytes));
                let rest = format!(
                    "... ({} characters, SHA-256 {}...)",
                    grouped(characters),
                    &digest[..SHOWN_OF_A_DIGEST]
                );
                return Self { shown, rest };
            }
            shown.push_str(&one);
        }
        Self { shown, rest: String::new() }
    }
}

/// Hex digits of the digest behind a cut text: 128 bits, so that nobody finds two long names that are shown alike.
const SHOWN_OF_A_DIGEST: usize = 32;

#[cfg(test)]
mod tests;

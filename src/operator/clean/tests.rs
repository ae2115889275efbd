//! The sanitiser against the hostile vectors of `tests/hostile/strings.json` and against chance.

use proptest::prelude::*;
use serde::Deserialize;

use super::*;

/// Built in, so that a missing file fails the build and nothing can skip.
const VECTORS: &str = include_str!("../../../tests/hostile/strings.json");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vectors {
    about: String,
    vectors: Vec<Vector>,
}

/// One hostile text (`text`, or `hex` where it is not UTF-8, `times` over) and what people must see of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    name: String,
    text: Option<String>,
    hex: Option<String>,
    times: Option<usize>,
    visible: Option<String>,
    quoted: Option<String>,
    identifier: Option<String>,
    cap: Option<usize>,
}

impl Vector {
    fn bytes(&self) -> Vec<u8> {
        let once = match (&self.text, &self.hex) {
            (Some(text), None) => text.clone().into_bytes(),
            (None, Some(digits)) => hex::decode(digits).unwrap(),
            _ => panic!("{}: either text or hex", self.name),
        };
        once.repeat(self.times.unwrap_or(1))
    }
}

fn vectors() -> Vec<Vector> {
    let file: Vectors = serde_json::from_str(VECTORS).unwrap();
    assert!(!file.about.is_empty());
    assert!(file.vectors.len() >= 40, "vectors are missing");
    file.vectors
}

#[test]
fn every_hostile_text_is_shown_as_recorded() {
    for vector in vectors() {
        let (bytes, cap) = (vector.bytes(), vector.cap.unwrap_or(80));
        assert!(
            vector.visible.is_some() || vector.quoted.is_some() || vector.identifier.is_some(),
            "{} expects nothing",
            vector.name
        );
        if let Some(expected) = &vector.visible {
            assert_eq!(visible_bytes(&bytes), *expected, "{}", vector.name);
            if let Ok(text) = std::str::from_utf8(&bytes) {
                assert_eq!(visible(text), *expected, "{}", vector.name);
            }
        }
        if let Some(expected) = &vector.quoted {
            assert_eq!(quoted_bytes(&bytes, cap), *expected, "{}", vector.name);
        }
        if let Some(expected) = &vector.identifier {
            assert_eq!(identifier(std::str::from_utf8(&bytes).unwrap(), cap), *expected, "{}", vector.name);
        }
    }
}

#[test]
fn no_control_character_of_any_kind_survives() {
    for c in (0..=u32::from(char::MAX)).filter_map(char::from_u32).filter(|c| *c != ' ') {
        let shown = visible(c.encode_utf8(&mut [0; 4])).into_owned();
        if c.is_control() || c.is_whitespace() || !c.is_ascii() && hidden(c) {
            assert_eq!(shown, format!("<U+{:04X}>", u32::from(c)));
        }
        assert!(
            !shown.chars().any(|out| out != ' ' && (out.is_control() || out.is_whitespace())),
            "U+{:04X}",
            u32::from(c)
        );
    }
}

/// Written down from the Unicode charts, apart from the code under test.
const DANGEROUS: [(u32, u32); 20] = [
    (0x00, 0x1f),
    (0x7f, 0xa0),
    (0xad, 0xad),
    (0x61c, 0x61c),
    (0x180b, 0x180f),
    (0x2000, 0x200f),
    (0x2028, 0x202f),
    (0x205f, 0x206f),
    (0x20d0, 0x20f0),
    (0x3000, 0x3000),
    (0x3164, 0x3164),
    (0xe000, 0xf8ff),
    (0xfdd0, 0xfdef),
    (0xfe00, 0xfe0f),
    (0xfeff, 0xfeff),
    (0xfff0, 0xfffb),
    (0xfffe, 0xffff),
    (0x1d173, 0x1d17a),
    (0xe0000, 0xe01ef),
    (0xf0000, 0x10ffff),
];

#[test]
fn every_dangerous_character_becomes_a_token_even_after_a_letter() {
    for c in
        DANGEROUS.iter().flat_map(|(first, last)| *first..=*last).map(|code| char::from_u32(code).unwrap())
    {
        assert_eq!(visible(&format!("a{c}b")), format!("a<U+{:04X}>b", u32::from(c)));
    }
}

#[test]
fn every_printable_ascii_character_is_shown_as_itself() {
    let all: String = (' '..='~').collect();
    assert!(matches!(visible(&all), Cow::Borrowed(same) if same == all));
}

#[test]
fn two_long_names_that_differ_in_the_last_letter_are_told_apart() {
    let (one, two) = ("a".repeat(5000) + "1", "a".repeat(5000) + "2");
    assert_ne!(quoted(&one, 40), quoted(&two, 40));
    assert_ne!(cell(&one, 40), cell(&two, 40));
}

#[test]
fn a_text_cannot_close_its_own_quote() {
    let forged = quoted("a\"... (3 characters, SHA-256 00...)", 200);
    assert_eq!(forged.matches('"').count(), 2);
    assert!(forged.ends_with('"'));
}

#[test]
fn a_cut_never_splits_a_token() {
    assert!(quoted("abc\u{202e}def", 8).starts_with("\"abc\"... (7 characters, SHA-256 "));
    assert_eq!(quoted("abc\u{202e}", 11), "\"abc<U+202E>\"");
}

#[test]
fn a_path_that_is_not_utf8_is_shown_byte_by_byte() {
    let path = Path::new(std::ffi::OsStr::from_bytes(b"/media/\x9b2J/root.json"));
    assert_eq!(visible_path(path), "/media/<0x9B>2J/root.json");
    assert_eq!(quoted_path(path), "\"/media/<0x9B>2J/root.json\"");
}

#[test]
fn a_long_path_is_cut() {
    let path = "/x".repeat(4000);
    let shown = quoted_path(Path::new(&path));
    assert!(shown.contains("... (8,000 characters, SHA-256 "), "{shown}");
    assert!(shown.len() < SHOWN_OF_A_PATH + 100);
}

#[test]
fn letters_outside_ascii_are_noticed() {
    assert!(has_non_ascii("r\u{43e}ot"));
    assert!(!has_non_ascii("root"));
}

/// Text in which the dangerous characters are common, not one in ten thousand.
fn hostile_text() -> impl Strategy<Value = String> {
    let dangerous = prop_oneof![
        any::<char>(),
        prop::char::range('\0', '\u{ff}'),
        prop::char::range('\u{300}', '\u{36f}'),
        prop::char::range('\u{2000}', '\u{206f}'),
        prop::char::range('\u{fe00}', '\u{feff}'),
        prop::char::range('\u{e0000}', '\u{e01ff}'),
    ];
    proptest::collection::vec(dangerous, 0..60).prop_map(|chars| chars.into_iter().collect())
}

proptest! {
    #[test]
    fn nothing_hidden_comes_out(text in hostile_text()) {
        for shown in [visible(&text).into_owned(), quoted(&text, 30), identifier(&text, 30), cell(&text, 30)] {
            prop_assert!(shown.chars().all(|c| c == ' ' || !c.is_control() && !c.is_whitespace() && !hidden(c)));
        }
    }

    #[test]
    fn cleaning_twice_changes_nothing(text in hostile_text()) {
        for shown in [visible(&text).into_owned(), quoted(&text, 30), identifier(&text, 30), cell(&text, 30)] {
            prop_assert_eq!(visible(&shown), shown.as_str());
        }
    }

    #[test]
    fn bytes_that_are_not_text_are_shown_too(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
        let shown = visible_bytes(&bytes).into_owned();
        prop_assert_eq!(visible(&shown), shown.as_str());
        prop_assert!(shown.chars().all(|c| !c.is_control()));
    }

    #[test]
    fn what_is_shown_has_a_bound(text in hostile_text(), cap in 0_usize..50) {
        // A character becomes at most `<U+10FFFF>`, a quoted text adds two quotes and one tail.
        prop_assert!(visible(&text).chars().count() <= 10 * text.chars().count());
        prop_assert!(quoted(&text, cap).chars().count() <= cap + 80);
        prop_assert!(cell(&text, cap).chars().count() <= cap + 80);
        prop_assert!(identifier(&text, cap).chars().count() <= cap + 150);
    }

    #[test]
    fn a_longer_cap_never_shows_less(text in hostile_text(), cap in 0_usize..50) {
        let shown = |cap| Cut::of(text.as_bytes(), cap, Piece::onto).shown;
        prop_assert!(shown(cap + 1).starts_with(&shown(cap)));
    }
}

#[test]
fn a_name_stands_without_quotes_only_where_nothing_in_it_could_be_taken_for_something_else() {
    for plain in ["53b41a2c", "libsofthsm2.so", "2.6", "wlan0", "gpg-agent"] {
        assert_eq!(bare(plain), plain);
    }
    for odd in ["", "a b", "a\u{1b}[2J", "k\u{f6}ln", "a, b", "a;b", "a\"b", &"x".repeat(41)] {
        assert!(bare(odd).starts_with('"'), "{odd}");
    }
}

//! Bytes as PGP words, both ways: what people read aloud to one another and type from paper.
//!
//! A byte at an even place (the first is at place 0) is a word of two syllables, at an odd place one of three, so
//! that a word left out, said twice or swapped with its neighbour is noticed. Reading ignores case, spaces, line ends,
//! commas and hyphens; everything else must be exactly a word of the list. It does not guess a misspelt word and it
//! does not know what the bytes mean.

mod table;

use std::fmt;

use table::{THREE_SYLLABLES, TWO_SYLLABLES};

/// The longest piece of typed text that a fault carries, in characters; the longest word of the list has eleven.
const SHOWN_OF_A_WORD: usize = 24;

/// How many syllables a word of the list has; the two columns share no word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syllables {
    /// The words at the odd-numbered positions as people count (first, third, …).
    Two,
    /// The words at the even-numbered positions as people count (second, fourth, …).
    Three,
}

impl Syllables {
    fn wanted_at(place: usize) -> Self {
        if place.is_multiple_of(2) { Self::Two } else { Self::Three }
    }

    fn column(self) -> &'static [&'static str; 256] {
        match self {
            Self::Two => &TWO_SYLLABLES,
            Self::Three => &THREE_SYLLABLES,
        }
    }
}

impl fmt::Display for Syllables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Two => "two",
            Self::Three => "three",
        })
    }
}

/// What most likely happened where a word stands at a place of the other column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slip {
    /// The same word stands just before.
    Repeated,
    /// This word and the next fit if they change places.
    SwappedWithNext,
    /// From here on every word is one place off.
    MissingOrExtra,
}

impl fmt::Display for Slip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Repeated => "it is typed twice",
            Self::SwappedWithNext => "it has changed places with the word after it",
            Self::MissingOrExtra => "a word before it is missing, or there is one too many",
        })
    }
}

/// Why a text is not the words of some bytes. Positions count from one, as people do. The words carried are what was
/// typed, cut to 24 characters: untrusted text, to be shown through the sanitiser.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WordsFault {
    /// No word of either column is spelt like this.
    #[error("word {position}, \"{word}\", is not in the word list")]
    Unknown {
        /// Which word, from one.
        position: usize,
        /// What was typed.
        word: String,
    },
    /// The word belongs to the other column.
    #[error("word {position}, \"{word}\", stands where a word of {wanted} syllables belongs: {slip}")]
    OutOfTurn {
        /// Which word, from one.
        position: usize,
        /// The word, as the list spells it.
        word: &'static str,
        /// What this position takes.
        wanted: Syllables,
        /// What most likely happened.
        slip: Slip,
    },
    /// All words fit, but there are not as many as wanted.
    #[error("{found} words were given where {wanted} belong")]
    Count {
        /// How many words were given.
        found: usize,
        /// How many were wanted.
        wanted: usize,
    },
}

/// The words of `bytes`, one a byte, spelt as published (proper names keep their capital).
pub fn words_of(bytes: &[u8]) -> Vec<&'static str> {
    bytes
        .iter()
        .enumerate()
        .map(|(place, byte)| Syllables::wanted_at(place).column()[usize::from(*byte)])
        .collect()
}

/// The bytes that `text` spells; no words are no bytes.
///
/// # Errors
/// The first word that is not in the list or not in its turn, with its position. Ask for that line again.
pub fn bytes_of(text: &str) -> Result<Vec<u8>, WordsFault> {
    let mut found = Vec::new();
    for (place, typed) in typed_words(text).enumerate() {
        found.push(look_up(typed).ok_or_else(|| WordsFault::Unknown {
            position: place + 1,
            word: typed.chars().take(SHOWN_OF_A_WORD).collect(),
        })?);
    }
    match (0..found.len()).find(|place| found[*place].0 != Syllables::wanted_at(*place)) {
        Some(place) => Err(out_of_turn(&found, place)),
        None => Ok(found.into_iter().map(|(_, byte)| byte).collect()),
    }
}

/// The bytes that `text` spells, where exactly `wanted` of them belong (32 for a SHA-256, 4 for a line of it).
///
/// # Errors
/// As [`bytes_of`], and [`WordsFault::Count`] when words are missing or left over at the end.
pub fn bytes_of_exactly(text: &str, wanted: usize) -> Result<Vec<u8>, WordsFault> {
    let bytes = bytes_of(text)?;
    if bytes.len() == wanted { Ok(bytes) } else { Err(WordsFault::Count { found: bytes.len(), wanted }) }
}

pub(crate) fn typed_words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || c == '-' || c == ',').filter(|piece| !piece.is_empty())
}

fn look_up(typed: &str) -> Option<(Syllables, u8)> {
    [Syllables::Two, Syllables::Three].into_iter().find_map(|syllables| {
        let byte = syllables.column().iter().position(|word| word.eq_ignore_ascii_case(typed))?;
        Some((syllables, u8::try_from(byte).expect("a column has 256 words")))
    })
}

fn out_of_turn(found: &[(Syllables, u8)], place: usize) -> WordsFault {
    let fits = |at: usize| found.get(at).is_none_or(|word| word.0 == Syllables::wanted_at(at));
    let (syllables, byte) = found[place];
    let slip = if place > 0 && found[place - 1] == found[place] {
        Slip::Repeated
    } else if place + 1 < found.len() && !fits(place + 1) && (place + 2..found.len()).all(fits) {
        // Two words out of turn at the very end may as well be a word left out before them.
        if place + 2 < found.len() { Slip::SwappedWithNext } else { Slip::MissingOrExtra }
    } else {
        Slip::MissingOrExtra
    };
    WordsFault::OutOfTurn {
        position: place + 1,
        word: syllables.column()[usize::from(byte)],
        wanted: Syllables::wanted_at(place),
        slip,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use sha2::{Digest, Sha256};

    use super::*;

    /// A fingerprint and its words as published with the list.
    const BYTES: &str = "E58294F2E9A227486E8B061B31CC528FD7FA3F19";
    const WORDS: &str = "topmost Istanbul Pluto vagabond treadmill Pacific brackish dictator goldfish Medusa \
                         afflict bravado chatter revolver Dupont midsummer stopwatch whimsical cowbell bottomless";

    fn out_of_turn_in(text: &str) -> (usize, &'static str, Syllables, Slip) {
        match bytes_of(text) {
            Err(WordsFault::OutOfTurn { position, word, wanted, slip }) => (position, word, wanted, slip),
            other => panic!("expected a word out of turn, got {other:?}"),
        }
    }

    #[test]
    fn the_published_example_reads_both_ways() {
        let bytes = hex::decode(BYTES).unwrap();
        assert_eq!(words_of(&bytes).join(" "), WORDS);
        assert_eq!(bytes_of(WORDS).unwrap(), bytes);
    }

    #[test]
    fn the_table_is_the_published_one() {
        // Compared word for word with two independent transcriptions before this digest was pinned.
        let all = [TWO_SYLLABLES, THREE_SYLLABLES].concat().join("\n");
        let pinned = "e9b7b0052233a74aa56724ed3f79c272036aed68d8f4c0856e833c8043b9ac62";
        assert_eq!(hex::encode(Sha256::digest(all.as_bytes())), pinned);
    }

    #[test]
    fn no_word_stands_for_two_bytes() {
        let mut all: Vec<String> =
            [TWO_SYLLABLES, THREE_SYLLABLES].concat().iter().map(|word| word.to_lowercase()).collect();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 512);
    }

    #[test]
    fn case_spaces_hyphens_commas_and_line_ends_are_ignored() {
        let typed = "  TOPMOST-istanbul,\tpluto\r\n\n vagabond - ";
        assert_eq!(bytes_of(typed).unwrap(), [0xe5, 0x82, 0x94, 0xf2]);
    }

    #[test]
    fn no_words_are_no_bytes() {
        assert_eq!(bytes_of(" \n- ").unwrap(), Vec::<u8>::new());
    }

    #[test]
    fn an_unknown_word_is_named_with_its_position() {
        let fault = bytes_of("topmost Istanbool Pluto").unwrap_err();
        assert_eq!(fault, WordsFault::Unknown { position: 2, word: "Istanbool".to_owned() });
        assert_eq!(fault.to_string(), "word 2, \"Istanbool\", is not in the word list");
    }

    #[test]
    fn a_long_piece_of_nonsense_is_cut_in_the_fault() {
        let Err(WordsFault::Unknown { word, .. }) = bytes_of(&"x".repeat(1_000_000)) else { panic!() };
        assert_eq!(word.len(), SHOWN_OF_A_WORD);
    }

    #[test]
    fn letters_that_only_look_like_a_word_are_unknown() {
        assert!(matches!(bytes_of("t\u{43e}pmost"), Err(WordsFault::Unknown { position: 1, .. })));
    }

    #[test]
    fn a_word_left_out_is_noticed_at_the_next_one() {
        let found = out_of_turn_in("topmost Pluto vagabond treadmill");
        assert_eq!(found, (2, "Pluto", Syllables::Three, Slip::MissingOrExtra));
    }

    #[test]
    fn a_first_word_left_out_is_noticed() {
        let found = out_of_turn_in("Istanbul Pluto vagabond");
        assert_eq!(found, (1, "Istanbul", Syllables::Two, Slip::MissingOrExtra));
    }

    #[test]
    fn a_word_typed_twice_is_noticed() {
        let found = out_of_turn_in("topmost Istanbul istanbul Pluto vagabond");
        assert_eq!(found, (3, "Istanbul", Syllables::Two, Slip::Repeated));
    }

    #[test]
    fn two_swapped_words_are_noticed() {
        let found = out_of_turn_in("topmost Pluto Istanbul vagabond treadmill");
        assert_eq!(found, (2, "Pluto", Syllables::Three, Slip::SwappedWithNext));
    }

    #[test]
    fn the_sentence_names_the_syllables_and_the_slip() {
        assert_eq!(
            bytes_of("topmost Pluto vagabond treadmill").unwrap_err().to_string(),
            "word 2, \"Pluto\", stands where a word of three syllables belongs: a word before it is missing, or \
             there is one too many"
        );
    }

    #[test]
    fn missing_and_extra_words_at_the_end_are_counted() {
        let short = bytes_of_exactly("topmost Istanbul", 4).unwrap_err();
        assert_eq!(short, WordsFault::Count { found: 2, wanted: 4 });
        let long = bytes_of_exactly("topmost Istanbul Pluto", 2).unwrap_err();
        assert_eq!(long.to_string(), "3 words were given where 2 belong");
        assert_eq!(bytes_of_exactly("topmost Istanbul", 2).unwrap(), [0xe5, 0x82]);
    }

    proptest! {
        #[test]
        fn every_text_of_words_reads_back(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            prop_assert_eq!(bytes_of(&words_of(&bytes).join(" ")).unwrap(), bytes);
        }

        #[test]
        fn leaving_out_any_word_is_noticed(bytes in proptest::array::uniform32(any::<u8>()), gone in 0_usize..32) {
            let mut words = words_of(&bytes);
            words.remove(gone);
            prop_assert!(bytes_of_exactly(&words.join(" "), 32).is_err());
        }

        #[test]
        fn no_typed_text_panics(text in any::<String>()) {
            let _ = bytes_of(&text);
        }
    }
}

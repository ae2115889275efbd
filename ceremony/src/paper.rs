//! A digest as it stands on paper: hex or words, with `?` for what nobody can read any more. It says how much of it was
//! compared, and refuses to compare with too little.

use crate::digest::Digest;
use crate::words::{self, WordsFault};

/// How many of the 64 hex digits must be readable: half, 128 bits, beyond what anybody can search for.
const READABLE: usize = 32;

/// A digest of which some digits may be unreadable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperDigest {
    digits: [Option<u8>; 64],
}

/// A text is not a digest as it stands on paper.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PaperFault {
    /// One of the words.
    #[error(transparent)]
    Words(#[from] WordsFault),
    /// Too little of it can be read.
    #[error("only {readable} of its 64 hex digits can be read, and {READABLE} are needed to compare it")]
    Unreadable {
        /// How many can be read; a word is two.
        readable: usize,
    },
}

impl PaperDigest {
    /// Reads 64 hex digits or 32 words, in any case and spacing. A `?` stands for one hex digit; a word with a `?`
    /// anywhere in it is unreadable.
    ///
    /// # Errors
    /// When it is neither, or too little of it is left.
    pub fn read(text: &str) -> Result<PaperDigest, PaperFault> {
        let digits = match hex_digits(text) {
            Some(digits) => digits,
            None => word_digits(text)?,
        };
        let readable = digits.iter().flatten().count();
        if readable < READABLE {
            return Err(PaperFault::Unreadable { readable });
        }
        Ok(PaperDigest { digits })
    }

    /// Whether every readable digit agrees.
    #[must_use]
    pub fn fits(&self, digest: Digest) -> bool {
        let own = digest.as_bytes().iter().flat_map(|byte| [byte >> 4, byte & 15]);
        self.digits.iter().zip(own).all(|(read, own)| read.is_none_or(|read| read == own))
    }

    /// How many of the 64 hex digits cannot be read.
    #[must_use]
    pub fn unreadable(&self) -> usize {
        64 - self.digits.iter().flatten().count()
    }
}

impl From<Digest> for PaperDigest {
    fn from(digest: Digest) -> PaperDigest {
        let mut digits = [None; 64];
        let own = digest.as_bytes().iter().flat_map(|byte| [byte >> 4, byte & 15]);
        digits.iter_mut().zip(own).for_each(|(place, digit)| *place = Some(digit));
        PaperDigest { digits }
    }
}

fn hex_digits(text: &str) -> Option<[Option<u8>; 64]> {
    let mut digits = [None; 64];
    let mut typed = text.chars().filter(|c| !c.is_whitespace());
    for place in &mut digits {
        *place = match typed.next()? {
            '?' => None,
            c => Some(u8::try_from(c.to_digit(16)?).ok()?),
        };
    }
    typed.next().is_none().then_some(digits)
}

fn word_digits(text: &str) -> Result<[Option<u8>; 64], WordsFault> {
    let typed: Vec<&str> = words::typed_words(text).collect();
    if typed.len() != 32 {
        // Says which word is none, if one is; else how many there are.
        let readable: String = typed.iter().filter(|w| !w.contains('?')).flat_map(|w| [w, " "]).collect();
        words::bytes_of(&readable)?;
        return Err(WordsFault::Count { found: typed.len(), wanted: 32 });
    }
    // In the place of an unreadable word any word that may stand there keeps the others in their places.
    let zeros = words::words_of(&[0; 32]);
    let filled: Vec<&str> =
        typed.iter().zip(zeros).map(|(word, zero)| if word.contains('?') { zero } else { word }).collect();
    let bytes = words::bytes_of_exactly(&filled.join(" "), 32)?;
    let mut digits = [None; 64];
    for (place, (byte, word)) in bytes.iter().zip(&typed).enumerate() {
        if !word.contains('?') {
            (digits[2 * place], digits[2 * place + 1]) = (Some(byte >> 4), Some(byte & 15));
        }
    }
    Ok(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Vec<&'static str> {
        words::words_of(Digest::of(b"abc").as_bytes())
    }

    #[test]
    fn hex_and_words_in_any_case_and_spacing_fit_their_digest_and_no_other() {
        let digest = Digest::of(b"abc");
        let spellings = [
            digest.to_string(),
            digest.groups().to_uppercase(),
            words().join(" "),
            words().join("\n").to_uppercase(),
        ];
        for text in spellings {
            let paper = PaperDigest::read(&text).unwrap();
            assert_eq!(paper, PaperDigest::from(digest));
            assert!(paper.fits(digest) && !paper.fits(Digest::of(b"abd")) && paper.unreadable() == 0);
        }
    }

    #[test]
    fn smudged_words_and_digits_are_left_out_and_counted() {
        let digest = Digest::of(b"abc");
        let mut smudged = words();
        (smudged[0], smudged[31]) = ("?", "hesi?????");
        let paper = PaperDigest::read(&smudged.join(" ")).unwrap();
        assert!(paper.fits(digest) && paper.unreadable() == 4);
        let paper = PaperDigest::read(&format!("??{}", &digest.to_string()[2..])).unwrap();
        assert!(paper.fits(digest) && paper.unreadable() == 2);
        smudged[1] = words()[3];
        assert!(!PaperDigest::read(&smudged.join(" ")).unwrap().fits(digest));
    }

    #[test]
    fn too_little_of_a_digest_is_not_compared() {
        let half = format!("{}{}", "?".repeat(32), &Digest::of(b"abc").to_string()[32..]);
        assert!(PaperDigest::read(&half).is_ok());
        let less = format!("{}{}", "?".repeat(33), &Digest::of(b"abc").to_string()[33..]);
        assert_eq!(PaperDigest::read(&less), Err(PaperFault::Unreadable { readable: 31 }));
    }

    #[test]
    fn other_texts_are_told_by_what_is_wrong_with_them() {
        let mut few = words();
        few.pop();
        assert_eq!(
            PaperDigest::read(&few.join(" ")),
            Err(PaperFault::Words(WordsFault::Count { found: 31, wanted: 32 }))
        );
        let mut strange = words();
        strange[3] = "zebra";
        let fault = PaperDigest::read(&strange.join(" ")).unwrap_err();
        assert!(matches!(fault, PaperFault::Words(WordsFault::Unknown { position: 4, .. })), "{fault}");
        assert!(PaperDigest::read("").is_err() && PaperDigest::read("0123").is_err());
    }
}

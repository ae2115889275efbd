//! Lines of a digest as somebody types them from her own paper: four of its words, one of its hex groups, or a whole line of hex.
//! Case, spaces and the line's number in front do not matter.

use tuf_ceremony::digest::Digest;
use tuf_ceremony::words::words_of;

/// Bytes of one line of words, which are one hex group as well.
const BYTES: usize = 4;
/// Hex groups on one line of hex.
const GROUPS: usize = 4;

/// A line that was typed and fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    /// Four words, or the hex group of the same bytes; counted from 1, as the words are numbered.
    Words(usize),
    /// That hex group.
    Group(usize),
    /// Half of the digest in hex; counted from 1.
    Hex(usize),
}

impl Line {
    /// Which of the eight parts it says, bit by bit.
    pub(super) fn parts(self) -> u8 {
        match self {
            Line::Words(number) | Line::Group(number) => 1 << (number - 1),
            Line::Hex(1) => 0b0000_1111,
            Line::Hex(_) => 0b1111_0000,
        }
    }
}

/// The line of `digest` that was typed, if it is one of its lines.
pub(super) fn read(typed: &str, digest: Digest) -> Option<Line> {
    let typed = typed.to_lowercase();
    let mut words: Vec<&str> = typed.split_whitespace().collect();
    let whole = found(&words.concat(), digest);
    if whole.is_some() {
        return whole;
    }
    // The number in front, which must be that of the line.
    let number: usize = words.first()?.trim_end_matches(['.', ':', ')']).parse().ok()?;
    words.remove(0);
    found(&words.concat(), digest).filter(|line| match line {
        Line::Words(at) | Line::Group(at) | Line::Hex(at) => *at == number,
    })
}

fn found(typed: &str, digest: Digest) -> Option<Line> {
    let parts: Vec<&[u8]> = digest.as_bytes().chunks(BYTES).collect();
    let is = |at: &&[u8]| hex::encode(at) == typed;
    if let Some(at) = parts.iter().position(|part| words_of(part).concat().to_lowercase() == typed) {
        return Some(Line::Words(at + 1));
    }
    if let Some(at) = parts.iter().position(is) {
        return Some(Line::Group(at + 1));
    }
    let at = parts.chunks(GROUPS).position(|half| hex::encode(half.concat()) == typed)?;
    Some(Line::Hex(at + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_known_in_words_and_in_hex_whatever_its_case_and_spaces() {
        let digest = Digest::of(b"abc");
        let words = words_of(digest.as_bytes());
        let hex = digest.to_string();
        let third = words[8..12].join(" ");
        assert_eq!(read(&third, digest), Some(Line::Words(3)));
        assert_eq!(read(&third.to_uppercase().replace(' ', "   "), digest), Some(Line::Words(3)));
        for numbered in [format!("3 {third}"), format!("3. {third}"), format!(" 3) {third} ")] {
            assert_eq!(read(&numbered, digest), Some(Line::Words(3)), "{numbered}");
        }
        assert_eq!(read(&hex[8..16], digest), Some(Line::Group(2)));
        assert_eq!(read(&format!("2 {}", &hex[8..16].to_uppercase()), digest), Some(Line::Group(2)));
        assert_eq!(read(&hex[..32], digest), Some(Line::Hex(1)));
        let spaced =
            hex.as_bytes()[32..].chunks(8).map(|g| std::str::from_utf8(g).unwrap()).collect::<Vec<_>>();
        assert_eq!(read(&spaced.join(" "), digest), Some(Line::Hex(2)));
    }

    #[test]
    fn a_word_that_is_written_with_a_capital_may_be_typed_with_a_small_letter() {
        let digest = (0..=u8::MAX).map(|byte| Digest::from_bytes([byte; 32]));
        let is_capital =
            |digest: &Digest| words_of(digest.as_bytes()).concat().chars().any(char::is_uppercase);
        let with_capitals: Vec<Digest> = digest.filter(is_capital).collect();
        assert!(with_capitals.len() > 3);
        for digest in with_capitals {
            let line = words_of(digest.as_bytes())[..4].join(" ");
            assert_eq!(read(&line.to_lowercase(), digest), Some(Line::Words(1)));
            assert_eq!(read(&line, digest), Some(Line::Words(1)));
        }
    }

    #[test]
    fn what_is_no_line_of_it_is_none() {
        let digest = Digest::of(b"abc");
        let words = words_of(digest.as_bytes());
        let hex = digest.to_string();
        for wrong in [
            String::new(),
            "3".to_owned(),
            words[8..11].join(" "),
            words[1..5].join(" "),
            format!("4 {}", words[8..12].join(" ")),
            hex[4..12].to_owned(),
            hex[..8].replace('b', "c"),
            hex.clone(),
            words_of(Digest::of(b"abd").as_bytes())[..4].join(" "),
        ] {
            assert_eq!(read(&wrong, digest), None, "{wrong:?}");
        }
    }

    #[test]
    fn words_and_the_group_of_the_same_bytes_are_one_line() {
        assert_eq!(Line::Words(3).parts(), Line::Group(3).parts());
        assert_eq!(Line::Hex(1).parts() | Line::Hex(2).parts(), u8::MAX);
        assert_eq!(Line::Hex(1).parts() & Line::Words(4).parts(), Line::Words(4).parts());
        assert_eq!(Line::Hex(1).parts() & Line::Words(5).parts(), 0);
    }
}

//! A digest as people compare it: hex groups for the eye, words for the voice, numbered line by line.

use tuf_ceremony::digest::Digest;
use tuf_ceremony::key::Fingerprint;
use tuf_ceremony::words::words_of;

use super::columns::{id, sentence};
use crate::operator::screen::{Screen, ScreenFault};

/// Words on one line; each line stands for as many bytes.
const WORDS_A_LINE: usize = 4;

/// Lines of a digest, which are compared together.
const ROWS: usize = 10;

/// Columns of one word: the longest has eleven letters.
const WORD: usize = 13;

/// Two lines of four hex groups, then eight numbered lines of four words.
///
/// # Errors
/// As [`Screen::line`].
pub fn digest(screen: &mut Screen<'_>, digest: Digest) -> Result<(), ScreenFault> {
    screen.keep(ROWS)?;
    let groups = digest.groups();
    let (first, second) = groups.split_at(groups.len() / 2);
    screen.line(&format!("  {}", first.trim()))?;
    screen.line(&format!("  {}", second.trim()))?;
    spoken(screen, 2, digest.as_bytes())
}

/// A key's fingerprint, in groups and in words.
///
/// # Errors
/// As [`Screen::line`].
pub fn fingerprint(screen: &mut Screen<'_>, key: Fingerprint) -> Result<(), ScreenFault> {
    digest(screen, Digest::from_bytes(*key.as_bytes()))
}

/// A new key's fingerprint, to be heard from its holder: `label` and two lines of four hex groups, then `request`, then
/// eight numbered lines of four words. All of it: whoever forges a key can search for one that agrees in a part.
///
/// # Errors
/// As [`Screen::line`].
pub fn to_hear(
    screen: &mut Screen<'_>,
    label: &str,
    key: Fingerprint,
    request: &str,
) -> Result<(), ScreenFault> {
    let groups: Vec<String> = key.as_bytes().chunks(4).map(hex::encode).collect();
    let (first, second) = groups.split_at(groups.len() / 2);
    id(screen, label, &first.join(" "))?;
    id(screen, "", &second.join(" "))?;
    sentence(screen, 4, request)?;
    spoken(screen, 6, key.as_bytes())
}

fn spoken(screen: &mut Screen<'_>, indent: usize, bytes: &[u8]) -> Result<(), ScreenFault> {
    let words = words_of(bytes);
    for (number, line) in words.chunks(WORDS_A_LINE).enumerate() {
        let padded: String = line.iter().map(|word| format!("{word:<WORD$}")).collect();
        screen.line(&format!("{:indent$}{}  {}", "", number + 1, padded.trim_end()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_lines_say_the_whole_digest_twice() {
        let of = Digest::of(b"abc");
        let mut sink = Vec::new();
        digest(&mut Screen::onto(&mut sink, false), of).unwrap();
        let text = String::from_utf8(sink).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 10);
        assert_eq!(lines[..2].concat().replace(' ', ""), of.to_string());
        let words: Vec<&str> = lines[2..].iter().flat_map(|l| l.split_whitespace().skip(1)).collect();
        assert_eq!(words, words_of(of.as_bytes()));
        assert!(lines.iter().all(|l| l.len() <= 60), "{text}");
    }
}

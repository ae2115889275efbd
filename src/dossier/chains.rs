//! The transcripts of two devices, as bytes: which of them tells more, and whether a known head is in it. It reads no line.

use sha2::{Digest as _, Sha256};
use tuf_ceremony::digest::Digest;
use tuf_ceremony::paper::PaperDigest;

/// The whole lines of a text, and the torn one behind them.
pub(super) fn whole(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    text.split_at(end)
}

/// The longer one of two texts of whole lines, of which one must begin with the other.
///
/// # Errors
/// The first line that differs, counted from 1.
pub(super) fn longer<'t>(one: &'t [u8], other: &'t [u8]) -> Result<&'t [u8], u64> {
    if one.starts_with(other) {
        return Ok(one);
    }
    if other.starts_with(one) {
        return Ok(other);
    }
    let common = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    Err(lines(&one[..common]) + 1)
}

/// How many lines.
pub(super) fn lines(text: &[u8]) -> u64 {
    text.iter().map(|byte| u64::from(*byte == b'\n')).sum()
}

/// The line, counted from 1, behind which the head of the chain is `head`.
pub(super) fn line_of(head: &PaperDigest, text: &[u8]) -> Option<u64> {
    let mut hasher = Sha256::new();
    for (line, n) in text.split_inclusive(|byte| *byte == b'\n').zip(1..) {
        hasher.update(line);
        let bytes: [u8; 32] = hasher.clone().finalize().into();
        let here = Digest::from_hex(&hex::encode(bytes)).ok()?;
        if head.fits(here) {
            return Some(n);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_behind_the_last_line_end_are_torn() {
        assert_eq!(whole(b"a\nb\n"), (&b"a\nb\n"[..], &b""[..]));
        assert_eq!(whole(b"a\nb"), (&b"a\n"[..], &b"b"[..]));
        assert_eq!(whole(b"a"), (&b""[..], &b"a"[..]));
        assert_eq!(whole(b""), (&b""[..], &b""[..]));
    }

    #[test]
    fn the_longer_of_two_tells_more_and_a_fork_is_told_by_its_line() {
        assert_eq!(longer(b"a\nb\n", b"a\n"), Ok(&b"a\nb\n"[..]));
        assert_eq!(longer(b"", b"a\n"), Ok(&b"a\n"[..]));
        assert_eq!(longer(b"a\nb\n", b"a\nc\nd\n"), Err(2));
        assert_eq!(longer(b"a\nb\n", b"a\nbb\n"), Err(2));
        assert_eq!(longer(b"x\n", b"y\n"), Err(1));
    }

    #[test]
    fn a_head_is_found_at_its_line_and_nowhere_else() {
        let head = |text: &[u8]| PaperDigest::from(Digest::of(text));
        assert_eq!(line_of(&head(b"a\nb\n"), b"a\nb\n"), Some(2));
        assert_eq!(line_of(&head(b"a\n"), b"a\nb\n"), Some(1));
        assert_eq!(line_of(&head(b"a\nb\nc\n"), b"a\nb\n"), None);
        assert_eq!(line_of(&head(b""), b"a\nb\n"), None);
    }
}

//! Percent-encoding as RFC 7512 2.3 allows it in a PKCS#11 URI.
//!
//! Reading is strict: a byte outside the grammar is refused instead of taken as it stands. Writing encodes
//! everything but unreserved letters, so that nothing a token says can act on a shell or a terminal.

/// Which half of the URI a value stands in; the reserved characters differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Between `pkcs11:` and `?`.
    Path,
    /// After `?`.
    Query,
}

/// What was wrong with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broken {
    /// `%` without two hex digits.
    Escape,
    /// A byte that must be written as `%XX`.
    Character(u8),
}

/// The bytes that `value` stands for.
pub(super) fn decode(value: &str, part: Part) -> Result<Vec<u8>, Broken> {
    let mut out = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first == b'%' {
            let pair = rest.get(..2).ok_or(Broken::Escape)?;
            out.push(nibble(pair[0]).zip(nibble(pair[1])).map(|(a, b)| a << 4 | b).ok_or(Broken::Escape)?);
            rest = &rest[2..];
        } else if unreserved(*first) || available(*first, part) {
            out.push(*first);
        } else {
            return Err(Broken::Character(*first));
        }
    }
    Ok(out)
}

/// `bytes` with all but unreserved characters as `%XX`; `/` stays readable where the query allows it.
pub(super) fn encode(bytes: &[u8], part: Part) -> String {
    let mut out = String::with_capacity(bytes.len());
    for byte in bytes {
        if unreserved(*byte) || (*byte == b'/' && part == Part::Query) {
            out.push(char::from(*byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Each byte as `%XX`, the spelling that RFC 7512 2.3 asks of `id`.
pub(super) fn encode_all(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("%{byte:02X}")).collect()
}

fn nibble(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

fn unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

fn available(byte: u8, part: Part) -> bool {
    b":[]@!$'()*+,=".contains(&byte)
        || match part {
            Part::Path => byte == b'&',
            Part::Query => b"/?|".contains(&byte),
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_characters_that_the_grammar_leaves_free_stand_for_themselves() {
        assert_eq!(decode(":[]@!$'()*+,=&", Part::Path).unwrap(), b":[]@!$'()*+,=&");
        assert_eq!(decode(":[]@!$'()*+,=/?|", Part::Query).unwrap(), b":[]@!$'()*+,=/?|");
        assert_eq!(decode("/", Part::Path), Err(Broken::Character(b'/')));
        assert_eq!(decode("&", Part::Query), Err(Broken::Character(b'&')));
        for wrong in [" ", "\n", "\"", "#", "<", "\u{e4}", "\0", "\u{1b}"] {
            assert_eq!(decode(wrong, Part::Path), Err(Broken::Character(wrong.as_bytes()[0])), "{wrong:?}");
        }
    }

    #[test]
    fn a_broken_escape_is_refused() {
        for wrong in ["%", "%4", "%zz", "%+1", "a%", "%C3%", "%\u{e4}"] {
            assert_eq!(decode(wrong, Part::Path), Err(Broken::Escape), "{wrong:?}");
        }
        assert_eq!(decode("%Ba%dd", Part::Path).unwrap(), [0xba, 0xdd]);
    }

    #[test]
    fn every_byte_survives_writing_and_reading() {
        let all: Vec<u8> = (0..=255).collect();
        for part in [Part::Path, Part::Query] {
            let text = encode(&all, part);
            assert!(text.bytes().all(|byte| byte.is_ascii_graphic()));
            assert_eq!(decode(&text, part).unwrap(), all);
        }
        assert_eq!(encode_all(b"a\x01"), "%61%01");
    }
}

//! Tag, length and value as PIV cards nest them (BER), and as certificates do (DER): lengths up to 65,535 bytes.

/// One value behind its tag. Tags of two and three bytes are written out by the caller.
///
/// # Panics
/// On values over 65,535 bytes, which no card has room for.
#[must_use]
pub fn tlv(tag: &[u8], value: &[u8]) -> Vec<u8> {
    let [high, low] = u16::try_from(value.len()).expect("a card has no room for more").to_be_bytes();
    let mut out = tag.to_vec();
    match (high, low) {
        (0, 0..=0x7f) => out.push(low),
        (0, _) => out.extend([0x81, low]),
        _ => out.extend([0x82, high, low]),
    }
    out.extend_from_slice(value);
    out
}

/// The value behind the first `tag` among values that stand side by side.
#[must_use]
pub fn find(mut bytes: &[u8], tag: u8) -> Option<&[u8]> {
    while let Some((found, value, rest)) = split(bytes) {
        if found == tag {
            return Some(value);
        }
        bytes = rest;
    }
    None
}

/// The first value with its tag of one byte, and what follows.
fn split(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, length, rest) = match bytes {
        [tag, 0x81, length, rest @ ..] => (*tag, usize::from(*length), rest),
        [tag, 0x82, high, low, rest @ ..] => (*tag, u16::from_be_bytes([*high, *low]).into(), rest),
        [tag, length @ 0..=0x7f, rest @ ..] => (*tag, usize::from(*length), rest),
        _ => return None,
    };
    let (value, rest) = rest.split_at_checked(length)?;
    Some((tag, value, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_found_again_whatever_its_length() {
        for length in [0, 1, 0x7f, 0x80, 0xff, 0x100, 3000] {
            let value = vec![0x5a; length];
            let bytes = [tlv(&[0x80], &[1]), tlv(&[0x81], &value)].concat();
            assert_eq!(find(&bytes, 0x81), Some(value.as_slice()), "{length} bytes");
            assert_eq!(find(&bytes, 0x82), None);
        }
    }

    #[test]
    fn a_value_that_is_cut_short_is_not_found() {
        let whole = tlv(&[0x7c], &[9; 200]);
        for end in 0..whole.len() {
            assert_eq!(find(&whole[..end], 0x7c), None, "{end} bytes of it");
        }
    }
}

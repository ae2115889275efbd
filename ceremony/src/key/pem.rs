//! PEM as TUF metadata holds it: one block, opened tolerantly (final newline or none, CRLF, any line length, as
//! all producers of TUF-INTEROP 3 write it) and written in one form. It does not look for a key among other
//! text: two blocks, headers or prose around the block are refused, so that people and programs see one key.

use pem_rfc7468::LineEnding;

/// The label and the bytes of the only block in `text`.
///
/// # Errors
/// One plain clause that says what is wrong; it quotes nothing of the text.
pub(super) fn open(text: &str) -> Result<(&str, Vec<u8>), &'static str> {
    let text = text.trim_matches(|c: char| c.is_ascii_whitespace());
    let rest = text.strip_prefix("-----BEGIN ").ok_or("the public key is not PEM text")?;
    let (label, rest) = rest.split_once("-----").ok_or("the first line of the PEM text is cut short")?;
    let rest = rest.strip_suffix("-----").ok_or("the PEM text has no last line, or something follows it")?;
    let (body, end) = rest.rsplit_once("-----END ").ok_or("the PEM text has no last line")?;
    if end != label {
        return Err("the first and the last line of the PEM text differ");
    }
    let digits: Vec<u8> = body.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let mut strict = format!("-----BEGIN {label}-----\n").into_bytes();
    for line in digits.chunks(64) {
        strict.extend_from_slice(line);
        strict.push(b'\n');
    }
    strict.extend_from_slice(format!("-----END {label}-----").as_bytes());
    let (_, der) =
        pem_rfc7468::decode_vec(&strict).map_err(|_| "what stands between the PEM lines is not base64")?;
    Ok((label, der))
}

/// The form in which new keys are written: 64 digits a line, line feeds, a final newline (MODEL 9).
pub(super) fn write(spki_der: &[u8]) -> String {
    pem_rfc7468::encode_string("PUBLIC KEY", LineEnding::LF, spki_der)
        .expect("a public key is far below the size at which PEM encoding fails")
}

#[cfg(test)]
mod tests {
    use super::{open, write};

    #[test]
    fn every_sane_spacing_opens_to_the_same_bytes() {
        let der: Vec<u8> = (0..91).collect();
        let written = write(&der);
        assert!(written.ends_with("-----END PUBLIC KEY-----\n"));
        let one_line =
            written.replace('\n', "").replace("KEY-----", "KEY-----\n").replacen("-----END", "\n-----END", 1);
        let spellings = [
            written.clone(),
            written.trim_end().to_owned(),
            written.replace('\n', "\r\n"),
            format!("\n\n{written}\n\n"),
            written.replace('\n', "\n\n"),
            written.replace('\n', " \n "),
            one_line,
        ];
        for text in spellings {
            assert_eq!(open(&text), Ok(("PUBLIC KEY", der.clone())), "{text:?}");
        }
    }

    #[test]
    fn text_that_is_not_one_block_is_refused() {
        let good = write(&[1; 40]);
        let refused = [
            String::new(),
            "-----BEGIN ".to_owned(),
            "-----BEGIN PUBLIC KEY-----".to_owned(),
            "-----BEGIN PUBLIC KEY----------END PUBLIC KEY".to_owned(),
            format!("the key: {good}"),
            format!("{good}that was it"),
            format!("{good}{good}"),
            good.replace("END PUBLIC", "END RSA PUBLIC"),
            good.replace("\nAQ", "\nProc-Type: 4\n\nAQ"),
            good.replace("AQ", "A!"),
            good.replace("=", ""),
        ];
        for text in refused {
            assert!(open(&text).is_err(), "{text:?}");
        }
    }
}

//! Exact bytes on standard output, for another program: canonical forms, completions, manual pages.
//!
//! Promises: the bytes and nothing else. They are not cleaned, so they are refused where a terminal would obey some of
//! them: canonical JSON holds control characters raw. Text for people goes through `screen`, results through `json`.

use std::io::{self, IsTerminal as _, Write};

use super::screen::ScreenFault;

/// Writes `bytes` to standard output.
///
/// # Errors
/// [`ScreenFault::CommandsTheTerminal`] before anything is written; otherwise as the output says.
pub fn print_bytes(bytes: &[u8]) -> Result<(), ScreenFault> {
    let out = io::stdout();
    let terminal = out.is_terminal();
    write_bytes(out.lock(), terminal, bytes)
}

/// As [`print_bytes`], for bytes that come in pieces and need not be held at once. A terminal is asked to wait for all.
///
/// # Errors
/// As [`print_bytes`].
pub fn print_pieces(feed: impl FnOnce(&mut dyn FnMut(&[u8]))) -> Result<(), ScreenFault> {
    let out = io::stdout();
    let terminal = out.is_terminal();
    write_pieces(out.lock(), terminal, feed)
}

fn write_pieces(
    mut sink: impl Write,
    terminal: bool,
    feed: impl FnOnce(&mut dyn FnMut(&[u8])),
) -> Result<(), ScreenFault> {
    if terminal {
        let mut whole = Vec::new();
        feed(&mut |piece| whole.extend_from_slice(piece));
        return write_bytes(sink, terminal, &whole);
    }
    let mut outcome = Ok(());
    feed(&mut |piece| {
        if outcome.is_ok() {
            outcome = sink.write_all(piece);
        }
    });
    outcome?;
    Ok(sink.flush()?)
}

fn write_bytes(mut sink: impl Write, terminal: bool, bytes: &[u8]) -> Result<(), ScreenFault> {
    if terminal && !harmless(bytes) {
        return Err(ScreenFault::CommandsTheTerminal);
    }
    sink.write_all(bytes)?;
    Ok(sink.flush()?)
}

/// Printable ASCII and line ends: what no terminal obeys. Other scripts are refused too, since what shows them raw shows
/// bidi and zero-width characters raw.
fn harmless(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| matches!(byte, b'\n' | b' '..=b'~'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(terminal: bool, bytes: &[u8]) -> Result<Vec<u8>, ScreenFault> {
        let mut sink = Vec::new();
        write_bytes(&mut sink, terminal, bytes).map(|()| sink)
    }

    #[test]
    fn another_program_gets_the_exact_bytes() {
        assert_eq!(written(false, b"{\"a\":\"\x1b\x00\xff\n\"}").unwrap(), b"{\"a\":\"\x1b\x00\xff\n\"}");
    }

    #[test]
    fn pieces_arrive_as_the_whole_and_a_terminal_is_guarded_from_them_too() {
        let feed =
            |sink: &mut dyn FnMut(&[u8])| [&b"a\x1b"[..], b"", b"b"].iter().for_each(|piece| sink(piece));
        let mut sink = Vec::new();
        write_pieces(&mut sink, false, feed).unwrap();
        assert_eq!(sink, b"a\x1bb");
        let mut sink = Vec::new();
        assert!(matches!(write_pieces(&mut sink, true, feed), Err(ScreenFault::CommandsTheTerminal)));
        assert!(sink.is_empty());
    }

    #[test]
    fn a_terminal_gets_harmless_bytes() {
        assert_eq!(written(true, b"{\"a\":\"~\"}\n").unwrap(), b"{\"a\":\"~\"}\n");
    }

    #[test]
    fn a_terminal_is_not_sent_what_it_would_obey() {
        for bytes in [&b"\x1b[2J"[..], b"a\rb", b"\x9b2J", b"\x7f", "\u{202e}".as_bytes()] {
            assert!(matches!(written(true, bytes), Err(ScreenFault::CommandsTheTerminal)));
        }
    }
}

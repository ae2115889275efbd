//! One line of a transcript: how it is spelled, and that no other spelling of it is read (MODEL 15).

use std::io;

use serde::{Deserialize, Serialize};

use super::event::Event;
use crate::digest::Digest;
use crate::limits::{Limit, TRANSCRIPT_LINE};
use crate::time::Moment;

/// One line. Its fields stand in alphabetical order, as everything in a line does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// What the machine's clock said, in whole seconds and `Z`; recorded, never judged by (DESIGN 18).
    pub clock: String,
    /// What was done.
    pub event: Event,
    /// Its number, counted from 1.
    pub n: u64,
    /// SHA-256 of everything before it; of nothing for the first line.
    pub prev: Digest,
}

/// A line does not hold. Written to follow "line N of the transcript".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LineFault {
    /// It is past the cap.
    #[error("is too long: {0}")]
    Past(Limit),
    /// It is not one whole line.
    #[error("is not one line with a newline at its end")]
    NotALine,
    /// It holds other bytes than printable ASCII.
    #[error("holds other bytes than printable ASCII")]
    NotAscii,
    /// It is no JSON, or no event that this version knows.
    #[error("is no entry of a transcript of this format: {why}")]
    Shape {
        /// What the reader met.
        why: String,
    },
    /// The clock's text is no instant as we write them.
    #[error("has a clock that is not written like 2027-03-05T00:00:00Z: {clock:?}")]
    Clock {
        /// What stands there.
        clock: String,
    },
    /// It says the same as a line of ours and is spelled otherwise.
    #[error("is not spelled as this version writes it")]
    Spelling,
}

impl Entry {
    /// Reads one line with its newline.
    ///
    /// # Errors
    /// A [`LineFault`]; also for a line that says something known in another spelling, since the chain binds bytes.
    pub fn read(line: &[u8]) -> Result<Entry, LineFault> {
        if !TRANSCRIPT_LINE.allows(line.len()) {
            return Err(LineFault::Past(TRANSCRIPT_LINE));
        }
        let text = line.strip_suffix(b"\n").ok_or(LineFault::NotALine)?;
        if text.contains(&b'\n') {
            return Err(LineFault::NotALine);
        }
        if !text.iter().all(|b| matches!(b, b' '..=b'~')) {
            return Err(LineFault::NotAscii);
        }
        let shape =
            |e: serde_json::Error| LineFault::Shape { why: e.to_string().chars().take(200).collect() };
        let entry: Entry = serde_json::from_slice(text).map_err(shape)?;
        entry.check_clock()?;
        if entry.written().as_bytes() != line {
            return Err(LineFault::Spelling);
        }
        Ok(entry)
    }

    /// The line with its newline: compact, names sorted, everything outside printable ASCII as `\u` escapes.
    ///
    /// # Panics
    /// Never: an entry holds texts and whole numbers, and a buffer takes every write.
    #[must_use]
    pub fn written(&self) -> String {
        line_of(self)
    }

    /// The line, if it would be read again.
    pub(super) fn checked(&self) -> Result<String, LineFault> {
        self.check_clock()?;
        let written = self.written();
        if TRANSCRIPT_LINE.allows(written.len()) {
            Ok(written)
        } else {
            Err(LineFault::Past(TRANSCRIPT_LINE))
        }
    }

    fn check_clock(&self) -> Result<(), LineFault> {
        if Moment::parse(&self.clock).is_ok_and(|clock| clock.is_plain()) {
            return Ok(());
        }
        Err(LineFault::Clock { clock: self.clock.chars().take(40).collect() })
    }
}

/// A line with its newline, of something whose fields stand in alphabetical order and hold texts and whole numbers.
pub(crate) fn line_of(value: &impl Serialize) -> String {
    let mut out = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut out, Ascii);
    value.serialize(&mut serializer).expect("texts and whole numbers, into a buffer");
    out.push(b'\n');
    String::from_utf8(out).expect("ASCII")
}

/// Compact, with everything beyond `~` escaped, as Python's `json.dumps` does it.
struct Ascii;

impl serde_json::ser::Formatter for Ascii {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut plain = 0;
        for (at, c) in fragment.char_indices().filter(|(_, c)| *c > '~') {
            writer.write_all(&fragment.as_bytes()[plain..at])?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            plain = at + c.len_utf8();
        }
        writer.write_all(&fragment.as_bytes()[plain..])
    }
}

//! Frames between this program and the child that loads a module: a fixed header, then a body.
//!
//! ```text
//! byte 0      protocol version, 1
//! byte 1      kind of body
//! bytes 2-3   zero
//! bytes 4-7   number of the question, big-endian; an answer repeats it
//! bytes 8-11  length of the body, big-endian, at most the kind's cap
//! ```
//!
//! A PIN travels as a body of its own kind, byte for byte, so that it never passes through a serialiser. A message has
//! no body: a sealed memory file of its length comes with the header (`message`). Both ends are the same executable: another version is refused, not adapted to.

use super::message::Sealed;

/// Longest message in bytes: that of the longest document.
pub const MESSAGE_CAP: usize = tuf_ceremony::limits::DOCUMENT.most;

/// Bytes of a header.
pub(super) const HEADER: usize = 12;

/// The version both ends must have.
const VERSION: u8 = 1;

/// What a body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A question as JSON, parent to child.
    Question,
    /// The PIN's bytes, parent to child, right after a login's question.
    Pin,
    /// The message's file, parent to child, right after a signature's question and PIN.
    Message,
    /// An answer as JSON, child to parent.
    Answer,
    /// A signature's bytes, child to parent.
    Signature,
}

const KINDS: [Kind; 5] = [Kind::Question, Kind::Pin, Kind::Message, Kind::Answer, Kind::Signature];

impl Kind {
    /// Most bytes a body of this kind may have.
    pub(super) fn cap(self) -> usize {
        match self {
            Self::Question => 64 * 1024,
            Self::Pin => crate::pin::CAPACITY,
            Self::Message => MESSAGE_CAP,
            Self::Answer => 4 * 1024 * 1024,
            Self::Signature => 64 * 1024,
        }
    }

    fn number(self) -> u8 {
        match self {
            Self::Question => 1,
            Self::Pin => 2,
            Self::Message => 3,
            Self::Answer => 4,
            Self::Signature => 5,
        }
    }
}

/// What goes out under one header.
pub(super) enum Outgoing<'a> {
    /// These bytes behind it.
    Bytes(Kind, &'a [u8]),
    /// This file beside it.
    Message(&'a Sealed),
}

impl Outgoing<'_> {
    /// The header of this question's frame.
    pub(super) fn header(&self, question: u32) -> Header {
        match self {
            Self::Bytes(kind, body) => Header { kind: *kind, question, length: body.len() },
            Self::Message(file) => Header { kind: Kind::Message, question, length: file.length() },
        }
    }
}

/// A header that was read and found legal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) kind: Kind,
    pub(super) question: u32,
    pub(super) length: usize,
}

impl Header {
    /// The header's bytes, or `None` when the body is over its cap.
    pub(super) fn encode(self) -> Option<[u8; HEADER]> {
        if self.length > self.kind.cap() {
            return None;
        }
        let mut out = [0; HEADER];
        out[0] = VERSION;
        out[1] = self.kind.number();
        out[4..8].copy_from_slice(&self.question.to_be_bytes());
        out[8..12].copy_from_slice(&u32::try_from(self.length).ok()?.to_be_bytes());
        Some(out)
    }

    /// Reads a header.
    ///
    /// # Errors
    /// What is wrong with it, in words; the conversation cannot go on.
    pub(super) fn decode(bytes: [u8; HEADER]) -> Result<Self, String> {
        let [version, kind, zero1, zero2, q0, q1, q2, q3, l0, l1, l2, l3] = bytes;
        if version != VERSION {
            return Err(format!("protocol version {version} instead of {VERSION}"));
        }
        if (zero1, zero2) != (0, 0) {
            return Err("reserved bytes are set".into());
        }
        let kind = KINDS
            .into_iter()
            .find(|known| known.number() == kind)
            .ok_or_else(|| format!("a frame of unknown kind {kind}"))?;
        let length = usize::try_from(u32::from_be_bytes([l0, l1, l2, l3])).map_err(|e| e.to_string())?;
        if length > kind.cap() {
            return Err(format!("a frame of {length} bytes, over the cap of {}", kind.cap()));
        }
        Ok(Self { kind, question: u32::from_be_bytes([q0, q1, q2, q3]), length })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_comes_back_as_it_was() {
        for kind in KINDS {
            for length in [0, 1, kind.cap()] {
                let header = Header { kind, question: 0x0102_0304, length };
                assert_eq!(Header::decode(header.encode().unwrap()), Ok(header));
            }
            let over = Header { kind, question: 1, length: kind.cap() + 1 };
            assert_eq!(over.encode(), None, "{kind:?} past its cap is not written");
        }
    }

    #[test]
    fn a_header_past_a_cap_or_of_another_version_is_refused() {
        let good = Header { kind: Kind::Pin, question: 9, length: 4 }.encode().unwrap();
        for (at, byte, word) in
            [(0, 2, "version"), (1, 0, "kind"), (1, 6, "kind"), (3, 1, "reserved"), (10, 2, "cap")]
        {
            let mut bad = good;
            bad[at] = byte;
            let said = Header::decode(bad).unwrap_err();
            assert!(said.contains(word), "byte {at} = {byte}: {said}");
        }
    }
}

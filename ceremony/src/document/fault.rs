//! What the strict reader refuses, and where in the text.

use crate::limits::Limit;

/// A place in a text: the byte from 0, line and column from 1 (columns count characters).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Bytes before it.
    pub byte: usize,
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
}

impl std::fmt::Display for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}, column {} (byte {})", self.line, self.column, self.byte)
    }
}

/// What a strict reader refuses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadProblem {
    /// Nothing but white space.
    #[error("it is empty")]
    Empty,
    /// Starts with a byte order mark.
    #[error("it starts with a byte order mark; JSON is written without one")]
    ByteOrderMark,
    /// Looks like UTF-16 or UTF-32.
    #[error("it is written in UTF-16 or UTF-32; JSON is written in UTF-8")]
    OtherEncoding,
    /// Not UTF-8.
    #[error("it is not UTF-8")]
    NotUtf8,
    /// Ends before it is complete.
    #[error("it ends too early, where {wanted} should be: the file was probably cut off")]
    CutOff {
        /// What should follow.
        wanted: &'static str,
    },
    /// A byte that cannot stand here.
    #[error("it has {found} where {wanted} should be")]
    Unexpected {
        /// What stands there.
        found: String,
        /// What could stand there.
        wanted: &'static str,
    },
    /// A number with a fraction or exponent.
    #[error("it holds a number with a fraction or exponent; signed documents hold whole numbers only")]
    Float,
    /// `NaN` or `Infinity`.
    #[error("it holds NaN or Infinity, which is no JSON")]
    NotANumber,
    /// One name twice in one object.
    #[error("the name {name:?} stands twice in one object")]
    DuplicateName {
        /// The name, decoded.
        name: String,
    },
    /// Half of a surrogate pair.
    #[error("it holds half of a surrogate pair, which is no character")]
    LoneSurrogate,
    /// A control byte inside a string.
    #[error("it holds the control byte {byte:#04x} inside a string, where it must be escaped")]
    ControlByte {
        /// The byte.
        byte: u8,
    },
    /// A backslash with nothing legal behind it.
    #[error("it holds an escape that JSON does not know, or ends inside one")]
    BadEscape,
    /// More than a cap allows.
    #[error("it is past a limit: {0}")]
    Past(Limit),
}

/// Why a text was not read, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}, at {at}")]
pub struct ReadFault {
    /// What is wrong.
    pub problem: ReadProblem,
    /// Where.
    pub at: Position,
}

pub(super) fn position(text: &[u8], byte: usize) -> Position {
    let before = &text[..byte.min(text.len())];
    let line_start = before.iter().rposition(|&b| b == b'\n').map_or(0, |at| at + 1);
    let characters = before[line_start..].iter().filter(|&&b| b & 0xc0 != 0x80).count();
    let line = before.iter().filter(|&&b| b == b'\n').count() + 1;
    Position { byte: before.len(), line, column: characters + 1 }
}

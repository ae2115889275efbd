//! Commands and status words as ISO 7816-4 spells them, short and extended.

/// A command as it came over the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// `CLA`; the bit 0x10 says that more of the data follows in the next command.
    pub class: u8,
    /// `INS`.
    pub instruction: u8,
    /// `P1`.
    pub p1: u8,
    /// `P2`.
    pub p2: u8,
    /// The data, without its length.
    pub data: Vec<u8>,
}

/// What a card says at the end of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status(pub u16);

/// What comes of a command: data for an answer that ends with [`Status::OK`], or another end.
pub type Answer = Result<Vec<u8>, Status>;

/// Bits of `CLA` that say "to be continued".
const CHAINED: u8 = 0x10;

impl Command {
    /// Reads a command; nothing when its lengths contradict each other.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let (&[class, instruction, p1, p2], rest) = bytes.split_first_chunk::<4>()?;
        let data = match rest {
            // One byte is the length of the answer; so are three that begin with zero.
            [] | [_] | [0, _, _] => &[],
            [0, high, low, data @ ..] => begin(data, u16::from_be_bytes([*high, *low]).into(), 2)?,
            [length, data @ ..] => begin(data, (*length).into(), 1)?,
        };
        Some(Self { class, instruction, p1, p2, data: data.to_vec() })
    }

    /// Whether more data follows in the next command.
    #[must_use]
    pub fn is_continued(&self) -> bool {
        self.class & CHAINED != 0
    }

    /// Whether `next` carries on with this command.
    #[must_use]
    pub fn goes_on_with(&self, next: &Self) -> bool {
        (self.instruction, self.p1, self.p2) == (next.instruction, next.p1, next.p2)
    }
}

/// The first `length` bytes, if nothing but the length of an answer follows them.
fn begin(data: &[u8], length: usize, answer_length: usize) -> Option<&[u8]> {
    let (begin, rest) = data.split_at_checked(length)?;
    (rest.is_empty() || rest.len() == answer_length).then_some(begin)
}

impl Status {
    /// Done.
    pub const OK: Self = Self(0x9000);
    /// The lengths make no sense.
    pub const WRONG_LENGTH: Self = Self(0x6700);
    /// A PIN, a touch or the management key is missing.
    pub const SECURITY: Self = Self(0x6982);
    /// No try is left.
    pub const BLOCKED: Self = Self(0x6983);
    /// Not now.
    pub const CONDITIONS: Self = Self(0x6985);
    /// The data cannot be used.
    pub const BAD_DATA: Self = Self(0x6a80);
    /// There is no such object or application.
    pub const NOT_FOUND: Self = Self(0x6a82);
    /// There is no such key or PIN.
    pub const NO_REFERENCE: Self = Self(0x6a88);
    /// The slot is none.
    pub const BAD_SLOT: Self = Self(0x6b00);
    /// The card knows no such command.
    pub const NO_COMMAND: Self = Self(0x6d00);
    /// Something broke.
    pub const ABORTED: Self = Self(0x6f00);

    /// A wrong PIN, with what is left.
    #[must_use]
    pub fn tries(left: u8) -> Self {
        if left == 0 { Self::BLOCKED } else { Self(0x63c0 | u16::from(left.min(15))) }
    }

    /// More of the answer is there: this many bytes, or 0 for 256 and more.
    #[must_use]
    pub fn more(left: usize) -> Self {
        Self(0x6100 | u16::from(u8::try_from(left).unwrap_or(0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(bytes: &[u8]) -> Option<Vec<u8>> {
        Command::read(bytes).map(|command| command.data)
    }

    #[test]
    fn each_form_of_a_command_is_read() {
        let head = [0, 0xcb, 0x3f, 0xff];
        let with = |rest: &[u8]| data(&[&head, rest].concat());
        assert_eq!(with(&[]), Some(vec![]), "neither data nor length of an answer");
        assert_eq!(with(&[0]), Some(vec![]), "the length of an answer");
        assert_eq!(with(&[2, 7, 8]), Some(vec![7, 8]));
        assert_eq!(with(&[2, 7, 8, 0]), Some(vec![7, 8]), "data and length of an answer");
        assert_eq!(with(&[0, 0, 0]), Some(vec![]), "an extended length of an answer");
        assert_eq!(with(&[0, 0, 2, 7, 8]), Some(vec![7, 8]), "extended");
        assert_eq!(with(&[0, 0, 2, 7, 8, 0, 0]), Some(vec![7, 8]));
        let read = Command::read(&[0x10, 0x87, 0x11, 0x9c, 1, 0x7c]).unwrap();
        assert_eq!((read.instruction, read.p1, read.p2, read.is_continued()), (0x87, 0x11, 0x9c, true));
    }

    #[test]
    fn lengths_that_contradict_each_other_are_no_command() {
        for wrong in [
            &[0, 1, 2][..],
            &[0, 0xcb, 0, 0, 3, 1, 2],
            &[0, 0xcb, 0, 0, 1, 1, 2, 3],
            &[0, 1, 2, 3, 0, 0, 9, 1],
        ] {
            assert_eq!(data(wrong), None, "{wrong:02x?}");
        }
    }

    #[test]
    fn a_status_tells_tries_and_what_is_left_of_an_answer() {
        assert_eq!(Status::tries(3), Status(0x63c3));
        assert_eq!(Status::tries(0), Status::BLOCKED);
        assert_eq!(Status::tries(200), Status(0x63cf), "one digit is all there is room for");
        assert_eq!(
            (Status::more(5), Status::more(256), Status::more(4000)),
            (Status(0x6105), Status(0x6100), Status(0x6100))
        );
    }
}

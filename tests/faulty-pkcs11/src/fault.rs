//! What can go wrong in a call, as the words of a rule say it.

use crate::crimes::Crime;

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// This return value, without asking the real module.
    Code(u64),
    /// One bit of the signature is wrong, counted from its first byte's lowest.
    Flip(usize),
    /// The signature is told to have this many bytes, or one less than it has.
    Told(Option<u64>),
    /// A count or length is told as this.
    Size(u64),
    /// Something else is signed.
    OtherMessage,
    /// Another key signs.
    OtherKey,
    /// Another token is spoken to.
    OtherSlot,
    /// More each time.
    Grows,
    /// It never ends.
    Endless,
    /// This many milliseconds pass first.
    Hang(u64),
    /// Sockets are tried first.
    Sockets,
    /// The process ends.
    Abort,
    /// Something is done to the process first.
    Crime(Crime),
    /// The PIN that is typed on the token.
    Keypad(String),
    /// Flags that are set and cleared.
    Flags {
        /// These are set.
        set: u64,
        /// These are cleared.
        clear: u64,
    },
    /// Every text is blank.
    Blank,
    /// What a field says.
    Text {
        /// Which: `label`, `serial`, `model`, `maker`, `description` or `time`.
        field: String,
        /// Its bytes; blanks follow.
        bytes: Vec<u8>,
    },
    /// The least and most bytes of a PIN.
    Pins(u64, u64),
    /// A boolean attribute and its value.
    Claims {
        /// The attribute's number.
        attribute: u64,
        /// Its value.
        value: u8,
    },
    /// An attribute whose length is told as this.
    Length {
        /// The attribute's number.
        attribute: u64,
        /// The length.
        length: u64,
    },
    /// An attribute with these bytes.
    Bytes {
        /// The attribute's number.
        attribute: u64,
        /// Its value.
        bytes: Vec<u8>,
    },
}

impl Fault {
    /// The fault that a word of a rule says, where `function` can have it.
    pub(crate) fn named(function: &str, word: &str) -> Option<Self> {
        let (name, value) = word.split_once('=').unwrap_or((word, ""));
        let has_value = word.contains('=');
        Some(match (function, name, has_value) {
            (_, "rv", true) => Self::Code(number(value)?),
            (_, "hang", true) => Self::Hang(value.parse().ok()?),
            (_, "abort", false) => Self::Abort,
            (_, "sockets", false) => Self::Sockets,
            ("C_Login", "keypad", true) => Self::Keypad(value.to_owned()),
            ("C_GetTokenInfo" | "C_GetSlotInfo" | "C_GetInfo", "flags", true) => {
                let (set, clear) = value.strip_prefix('+')?.split_once('-')?;
                Self::Flags { set: number(set)?, clear: number(clear)? }
            }
            ("C_GetTokenInfo", "blank", false) => Self::Blank,
            ("C_GetTokenInfo", "model", true) => {
                Self::Text { field: "model".into(), bytes: value.as_bytes().to_vec() }
            }
            ("C_GetTokenInfo" | "C_GetSlotInfo" | "C_GetInfo", "text", true) => {
                let (field, bytes) = value.split_once(':')?;
                Self::Text { field: field.to_owned(), bytes: hex(bytes)? }
            }
            ("C_GetTokenInfo", "pins", true) => {
                let (least, most) = value.split_once(':')?;
                Self::Pins(number(least)?, number(most)?)
            }
            ("C_GetAttributeValue", "claims", true) => {
                let (attribute, value) = value.split_once(':')?;
                Self::Claims { attribute: number(attribute)?, value: value.parse().ok()? }
            }
            ("C_GetAttributeValue", "length", true) => {
                let (attribute, length) = value.split_once(':')?;
                Self::Length { attribute: number(attribute)?, length: number(length)? }
            }
            ("C_GetAttributeValue", "bytes", true) => {
                let (attribute, bytes) = value.split_once(':')?;
                Self::Bytes { attribute: number(attribute)?, bytes: hex(bytes)? }
            }
            ("C_GetSlotList" | "C_FindObjects" | "C_Sign-length", "size", true) => Self::Size(number(value)?),
            ("C_GetSlotList", "grows", false) => Self::Grows,
            ("C_FindObjects", "endless", false) => Self::Endless,
            ("C_OpenSession", "other-slot", false) => Self::OtherSlot,
            ("C_Sign", "corrupt", false) => Self::Flip(0),
            ("C_Sign", "flip", true) => Self::Flip(value.parse().ok()?),
            ("C_Sign", "short", false) => Self::Told(None),
            ("C_Sign", "told", true) => Self::Told(Some(number(value)?)),
            ("C_Sign", "other-message", false) => Self::OtherMessage,
            ("C_SignInit", "other-key", false) => Self::OtherKey,
            _ => Self::Crime(Crime::named(word)?),
        })
    }
}

pub(crate) fn number(text: &str) -> Option<u64> {
    u64::from_str_radix(text.strip_prefix("0x")?, 16).ok()
}

fn hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes().chunks(2);
    digits.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}

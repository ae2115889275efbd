//! How a person opens a token: with a PIN that she typed here, or on the token's own keypad.

use serde::{Deserialize, Serialize};

use crate::pin::Pin;

/// What opens a token, once.
pub enum Entry {
    /// A PIN; wiped when it was sent.
    Pin(Pin),
    /// The token's own keypad (`CKF_PROTECTED_AUTHENTICATION_PATH`): nothing is sent.
    Keypad,
}

/// Which of them follows a question; the PIN itself travels in a frame of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum EntryKind {
    Pin,
    Keypad,
}

impl Entry {
    pub(super) fn kind(&self) -> EntryKind {
        match self {
            Self::Pin(_) => EntryKind::Pin,
            Self::Keypad => EntryKind::Keypad,
        }
    }

    /// The PIN's bytes, where there is one.
    pub(super) fn secret(&self) -> Option<&[u8]> {
        match self {
            Self::Pin(pin) => Some(pin.bytes()),
            Self::Keypad => None,
        }
    }
}

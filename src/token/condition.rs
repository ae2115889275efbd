//! What a PIV card says of its PIN, PUK and management key, and what can be asked for to change them. Plain values, the same on
//! both sides of the socket; secrets travel beside them, each in a frame of its own.

use serde::{Deserialize, Serialize};

use super::fault::TokenFault;
use crate::pin::Pin;

/// A PIN or PUK.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecretState {
    /// Tries that are left; `None` where the firmware does not tell (a PUK before 5.3).
    pub left: Option<u8>,
    /// Whether it is the one that every card has out of the box; `None` where the firmware does not tell.
    pub is_factory: Option<bool>,
}

impl SecretState {
    /// Whether it takes no more tries.
    #[must_use]
    pub fn is_locked(self) -> bool {
        self.left == Some(0)
    }
}

/// The key with which keys are made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManagementState {
    /// Its cipher, in words.
    pub cipher: String,
    /// Whether it is the one that every card has out of the box; `None` where the firmware does not tell.
    pub is_factory: Option<bool>,
    /// Whether the card says that it is kept on it, where the PIN opens it.
    pub is_kept: bool,
}

impl ManagementState {
    /// Whether the PIN leads to it, and it is nobody else's.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.is_kept && self.is_factory != Some(true)
    }
}

/// What a card says of itself, apart from its keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// The firmware's version.
    pub firmware: String,
    /// Whether it tells which of its secrets are the factory's, and which slots hold keys (5.3 and later).
    pub tells: bool,
    /// Whether it makes Ed25519 keys (5.7 and later).
    pub makes_ed25519: bool,
    /// The PIN.
    pub pin: SecretState,
    /// What unblocks the PIN.
    pub puk: SecretState,
    /// What makes keys.
    pub management: ManagementState,
    /// Slots where something lies in the place of a certificate, whether there is a key or not.
    pub certified: Vec<u8>,
}

/// How the PIN gets to be the holder's own.
pub enum OwnPin {
    /// It is already; this is it, to open what it protects.
    Kept(Pin),
    /// It takes the place of the factory's.
    New(Pin),
}

impl OwnPin {
    pub(super) fn secret(&self) -> &Pin {
        match self {
            Self::Kept(pin) | Self::New(pin) => pin,
        }
    }
}

/// What is to be changed on a card.
pub struct Preparation {
    /// The PIN.
    pub pin: OwnPin,
    /// A PUK in the place of the factory's; `None` leaves it.
    pub puk: Option<Pin>,
}

/// What became of one of the three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Became {
    /// It was not come to.
    Untouched,
    /// It was left, and is as it should be.
    Kept,
    /// It is new.
    New,
    /// It is not the factory's, and not kept where the PIN opens it: somebody else holds it.
    Foreign,
    /// It is still the factory's: where it would be kept, the card holds something else.
    NoRoom,
}

/// What was done; where something went wrong, as far as it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prepared {
    /// The PIN.
    pub pin: Became,
    /// The PUK.
    pub puk: Became,
    /// The management key.
    pub management: Became,
    /// Why it stopped there.
    pub stopped: Option<TokenFault>,
}

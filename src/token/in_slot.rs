//! A key that a PIV card is to make: in which slot, and what it will ask for before it signs. Both can never be changed later.

use serde::{Deserialize, Serialize};

/// When a slot wants the card's PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PinUse {
    /// Never.
    Never,
    /// Once, as long as the card stays open.
    Once,
    /// Right before each signature.
    Always,
}

/// When a slot wants the card to be touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TouchUse {
    /// Never.
    Never,
    /// For a signature, and then not for 15 seconds.
    Cached,
    /// For each signature.
    Always,
}

/// Where, and under which conditions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InSlot {
    /// The slot: 9c, 9a, 9d, 9e, or 82 to 95.
    pub slot: u8,
    /// When it wants the PIN.
    pub pin: PinUse,
    /// When it wants a touch.
    pub touch: TouchUse,
    /// Whether a person agreed that what the slot holds is lost.
    pub over: bool,
}

//! What a PIV card that is spoken to without a module does otherwise than a token behind one.

use super::driver::Speaker;
use super::facts::SlotFacts;
use super::uri::PIV_MANUFACTURER;

impl SlotFacts {
    /// The same, as it was told by code of this kind. That a card is spoken to without a module is never a module's own word: a
    /// PIN that somebody means for a card would go into it.
    pub(super) fn told_by(mut self, speaker: Speaker) -> Self {
        if speaker == Speaker::Module && self.is_card() {
            self.manufacturer = format!("{PIV_MANUFACTURER}, as a module says");
        }
        self
    }

    /// Whether it holds a PIV card that is spoken to without a module.
    #[must_use]
    pub fn is_card(&self) -> bool {
        self.manufacturer == PIV_MANUFACTURER
    }

    /// Whether the PIN that opens it counts for a signature that is asked for right after it, also by a key that wants it for each. A
    /// PIV card looks at the order of commands alone; PKCS#11 has a login of its own for that (`CKU_CONTEXT_SPECIFIC`).
    #[must_use]
    pub fn opens_for_first(&self) -> bool {
        self.is_card()
    }

    /// Whether it shows each of its keys without a PIN, so that one that is not shown is not there: a card does, with firmware that
    /// tells what is in a slot (5.3). Older ones show only what they made, or have a certificate of.
    #[must_use]
    pub fn shows_every_key(&self) -> bool {
        let firmware = self.token.as_ref().and_then(|token| token.firmware.as_deref()).unwrap_or_default();
        let mut numbers = firmware.split('.').map(|number| number.parse::<u8>().unwrap_or(0));
        let version = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
        self.is_card() && self.trouble.is_none() && version >= (5, 3)
    }
}

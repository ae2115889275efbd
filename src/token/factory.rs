//! The PIN, PUK and management key that every PIV card has out of the box: published by the maker, so they protect nothing. They
//! stand here and nowhere else. `token prepare` sends them, to put others in their place; nothing else does by itself. A person may
//! type the factory's PUK at `token unblock`, without which a new card with a locked PIN could not be opened.

use crate::pin::Pin;

/// The PIN.
pub(super) const PIN: &[u8] = b"123456";

/// What unblocks the PIN.
pub(super) const PUK: &[u8] = b"12345678";

/// Whether somebody typed one of them.
#[must_use]
pub fn is_factory(secret: &Pin) -> bool {
    [PIN, PUK].contains(&secret.bytes())
}

/// Whether somebody typed the PIN.
#[must_use]
pub fn is_factory_pin(secret: &Pin) -> bool {
    secret.bytes() == PIN
}

/// Whether somebody typed the PUK.
#[must_use]
pub fn is_factory_puk(secret: &Pin) -> bool {
    secret.bytes() == PUK
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_every_card_has_out_of_the_box_is_known() {
        let typed = |text: &[u8]| {
            let mut pin = Pin::new().unwrap();
            text.iter().for_each(|byte| pin.push(*byte).unwrap());
            pin
        };
        assert!(is_factory(&typed(PIN)) && is_factory(&typed(PUK)));
        assert!(is_factory_pin(&typed(PIN)) && !is_factory_pin(&typed(PUK)));
        assert!(is_factory_puk(&typed(PUK)) && !is_factory_puk(&typed(PIN)));
        assert!(!is_factory(&typed(b"1234567")) && !is_factory(&typed(b"")));
    }
}

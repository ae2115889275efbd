//! PIN and PUK: eight bytes, filled up with FF, and the tries that a wrong one costs.

use crate::apdu::Status;

/// Bytes of a PIN on the wire.
pub(crate) const LENGTH: usize = 8;

/// Fewest characters of a PIN or PUK.
const SHORTEST: usize = 6;

/// The PIN that every card has out of the box.
pub const DEFAULT_PIN: &str = "123456";

/// The PUK that every card has out of the box.
pub const DEFAULT_PUK: &str = "12345678";

/// A PIN or PUK with its counter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Counter {
    value: [u8; LENGTH],
    default: [u8; LENGTH],
    left: u8,
    most: u8,
}

impl Counter {
    pub(crate) fn new(default: &str, most: u8) -> Self {
        let default = filled_up(default);
        Self { value: default, default, left: most, most }
    }

    /// Compares, and counts.
    pub(crate) fn check(&mut self, given: &[u8]) -> Result<(), Status> {
        if self.left == 0 {
            return Err(Status::BLOCKED);
        }
        if given == self.value {
            self.left = self.most;
            return Ok(());
        }
        self.left -= 1;
        Err(self.status())
    }

    /// Puts another value in place, with all tries.
    pub(crate) fn replace(&mut self, value: &[u8]) -> Result<(), Status> {
        let value: [u8; LENGTH] = value.try_into().map_err(|_| Status::BAD_DATA)?;
        if value[..SHORTEST].contains(&0xff) {
            return Err(Status::BAD_DATA);
        }
        (self.value, self.left) = (value, self.most);
        Ok(())
    }

    pub(crate) fn status(&self) -> Status {
        Status::tries(self.left)
    }

    pub(crate) fn left(&self) -> u8 {
        self.left
    }

    pub(crate) fn most(&self) -> u8 {
        self.most
    }

    pub(crate) fn is_default(&self) -> bool {
        self.value == self.default
    }

    pub(crate) fn is(&self, text: &str) -> bool {
        self.value == filled_up(text)
    }

    pub(crate) fn set_left(&mut self, left: u8) {
        self.left = left.min(self.most);
    }
}

/// A PIN as it goes over the wire; what is too long is cut.
pub(crate) fn filled_up(text: &str) -> [u8; LENGTH] {
    let mut value = [0xff; LENGTH];
    for (place, byte) in value.iter_mut().zip(text.bytes()) {
        *place = byte;
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_pin_costs_a_try_and_a_right_one_gives_them_back() {
        let mut pin = Counter::new(DEFAULT_PIN, 3);
        assert_eq!(pin.check(&filled_up("654321")), Err(Status(0x63c2)));
        assert_eq!(pin.check(&filled_up(DEFAULT_PIN)), Ok(()));
        assert_eq!(pin.left(), 3);
    }

    #[test]
    fn after_the_last_try_the_right_pin_is_refused_too() {
        let mut pin = Counter::new(DEFAULT_PIN, 1);
        assert_eq!(pin.check(&filled_up("000000")), Err(Status::BLOCKED));
        assert_eq!(pin.check(&filled_up(DEFAULT_PIN)), Err(Status::BLOCKED));
    }

    #[test]
    fn a_new_pin_has_six_characters_or_more() {
        let mut pin = Counter::new(DEFAULT_PIN, 3);
        assert_eq!(pin.replace(&filled_up("12345")), Err(Status::BAD_DATA));
        assert_eq!(pin.replace(&filled_up("654321")), Ok(()));
        assert!(!pin.is_default() && pin.check(&filled_up("654321")).is_ok());
    }
}

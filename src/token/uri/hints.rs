//! What a card's URI says of a token and a key that cannot be seen before the PIN.

use super::TokenUri;

impl TokenUri {
    /// Whether it names the token by its serial.
    pub(in crate::token) fn names_a_serial(&self) -> bool {
        self.serial.as_ref().is_some_and(|serial| !serial.is_empty())
    }

    /// Label and id of the key that it names; empty where it says nothing.
    pub(in crate::token) fn key_name(&self) -> (String, Vec<u8>) {
        (self.object.clone().unwrap_or_default(), self.id.clone().unwrap_or_default())
    }
}

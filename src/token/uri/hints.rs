//! What a card's URI says of a token and a key that cannot be seen before the PIN.

use super::TokenUri;
use crate::token::facts::is_serial;

impl TokenUri {
    /// The same token, and any key on it.
    #[must_use]
    pub fn of_any_key(&self) -> Self {
        Self { object: None, id: None, class: None, ..self.clone() }
    }

    /// Whether it names the token by its serial. Some modules give every token zeros, which name none.
    #[must_use]
    pub fn names_a_serial(&self) -> bool {
        self.serial.as_deref().is_some_and(is_serial)
    }

    /// Label and id of the key that it names; empty where it says nothing.
    pub(in crate::token) fn key_name(&self) -> (String, Vec<u8>) {
        (self.object.clone().unwrap_or_default(), self.id.clone().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_serial_of_zeros_names_no_token() {
        for (uri, names) in [
            ("pkcs11:serial=53b41a2c", true),
            ("pkcs11:serial=0000000000000000;token=tpm", false),
            ("pkcs11:serial=", false),
            ("pkcs11:token=a", false),
        ] {
            assert_eq!(TokenUri::from_document(uri).unwrap().names_a_serial(), names, "{uri}");
        }
    }
}

//! What a token is called: as it calls itself, or by its slot where it tells nothing.

use serde::{Deserialize, Serialize};

use super::facts::TokenFacts;

/// What messages call a token: label and serial, both as the token tells them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenName {
    /// Label, or a description of the slot where none is readable.
    pub label: String,
    /// Serial number; may be empty.
    pub serial: String,
}

impl TokenName {
    /// Of what the slot with this number holds: a token that was set up, and tells neither label nor serial, is known by its slot.
    #[must_use]
    pub fn of(token: Option<&TokenFacts>, slot: u64) -> TokenName {
        match token {
            Some(token) if !token.is_nameless() => {
                TokenName { label: token.label.clone(), serial: token.serial.clone() }
            }
            _ => TokenName { label: format!("slot {slot}"), serial: String::new() },
        }
    }
}

impl std::fmt::Display for TokenName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.serial.is_empty() && self.label.is_empty() {
            f.write_str("one that is not set up")
        } else if self.serial.is_empty() {
            write!(f, "\"{}\"", self.label)
        } else {
            write!(f, "\"{}\" (serial {})", self.label, self.serial)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::facts::tests::a_slot;

    #[test]
    fn a_name_carries_label_and_serial() {
        assert_eq!(a_slot(3, "alice", "77").name().to_string(), "\"alice\" (serial 77)");
        let mut bare = a_slot(3, "alice", "77");
        bare.token = None;
        assert_eq!(bare.name().to_string(), "\"slot 3\"");
        let mut blank = a_slot(3, "", "");
        assert_eq!(blank.name().to_string(), "\"slot 3\"", "set up, and without a name");
        blank.token.as_mut().unwrap().initialized = false;
        assert_eq!(blank.name().to_string(), "one that is not set up");
    }
}

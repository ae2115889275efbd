//! What a fault costs: a try, a signature or a key that nobody has heard of, a card that may have been changed.

use super::{Call, Spent, TokenFault};

impl TokenFault {
    /// Whether one of the token's PIN tries went into this.
    #[must_use]
    pub fn tries_spent(&self) -> Spent {
        match self {
            Self::PinIncorrect { .. } | Self::PukIncorrect { .. } => Spent::Yes,
            Self::PukLocked { sent, .. } | Self::PinLocked { sent, .. } | Self::PinLength { sent, .. } => {
                if *sent {
                    Spent::Unknown
                } else {
                    Spent::No
                }
            }
            Self::PinExpired { .. } => Spent::Unknown,
            // A module that asks for the PIN itself, or sends one that it kept, says so at the signature.
            Self::Other { during: Call::Sign | Call::Generate, number: Some(0xa0..=0xa4), .. } => {
                Spent::Unknown
            }
            // It is the module's answer to a signature, which it gives before it looks at a PIN.
            Self::NotLoggedIn { .. } => Spent::No,
            other if other.during().is_some_and(Call::carries_pin) => Spent::Unknown,
            _ => Spent::No,
        }
    }

    /// Whether the token may have made a signature that this program does not have.
    #[must_use]
    pub fn may_have_signed(&self) -> bool {
        match self {
            Self::SignatureLength { .. } => true,
            // It wants the PIN first.
            Self::NotLoggedIn { .. } => false,
            other => matches!(other.during(), Some(Call::Sign | Call::SignWithPin)),
        }
    }

    /// Whether the token was missed, or the connection to it, before anything was asked of it: no try was used, nothing was signed,
    /// and it may be put back in.
    #[must_use]
    pub fn is_away(&self) -> bool {
        // The session or the key of one that was gone (PKCS#11 v3.0 5.1).
        let is_lost = |number: u64| [0x60, 0x82, 0xb0, 0xb3].contains(&number);
        match self {
            Self::TokenRemoved { during: Call::List } => true,
            Self::Other { during: Call::List, number: Some(number), .. } => is_lost(*number),
            _ => false,
        }
    }

    /// Whether the token may have made a key that nobody was told of.
    #[must_use]
    pub fn may_have_made_a_key(&self) -> bool {
        matches!(self, Self::NoNewKey { .. }) || self.during() == Some(Call::Generate)
    }

    /// Whether secrets of a card may have been changed without an answer that says so.
    #[must_use]
    pub fn may_have_changed_a_card(&self) -> bool {
        self.during() == Some(Call::Change)
    }

    fn during(&self) -> Option<Call> {
        match self {
            Self::ModuleCrashed { during, .. }
            | Self::ModuleHung { during, .. }
            | Self::UnknownOutcome { during, .. }
            | Self::Protocol { during, .. }
            | Self::TokenRemoved { during }
            | Self::TokenBusy { during, .. }
            | Self::NotLoggedIn { during, .. }
            | Self::Other { during, .. } => Some(*during),
            _ => None,
        }
    }
}

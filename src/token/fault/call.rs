//! What was asked of a module when something went wrong, how its process ended, and what it cost.

use serde::{Deserialize, Serialize};

/// What the module was asked when something went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Call {
    /// Loading and initialising the module.
    Load,
    /// Reading slots, tokens and public keys.
    List,
    /// Logging in with a PIN.
    Login,
    /// Making a signature.
    Sign,
    /// Making a signature with a key that is given the PIN for it alone.
    SignWithPin,
    /// Generating a key.
    Generate,
    /// Changing a card's PIN, PUK or management key.
    Change,
    /// Closing the session and the module.
    Close,
}

impl Call {
    /// Whether it may have changed something on the token when nobody heard the answer.
    #[must_use]
    pub fn leaves_a_trace(self) -> bool {
        match self {
            Self::Login | Self::Sign | Self::SignWithPin | Self::Generate | Self::Change => true,
            Self::Load | Self::List | Self::Close => false,
        }
    }

    /// Whether a PIN goes with it.
    #[must_use]
    pub fn carries_pin(self) -> bool {
        matches!(self, Self::Login | Self::SignWithPin | Self::Change)
    }
}

impl std::fmt::Display for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Load => "while it was loaded",
            Self::List => "while tokens were listed",
            Self::Login => "during the login",
            Self::Sign => "during the signature",
            Self::SignWithPin => "during the signature with its own PIN",
            Self::Generate => "while the key was generated",
            Self::Change => "while its PIN, PUK or management key was changed",
            Self::Close => "while it was closed",
        })
    }
}

/// How the module's process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ending {
    /// By this signal (6 abort, 11 segmentation fault).
    Signal(i32),
    /// By leaving with this exit code.
    Exit(i32),
}

impl std::fmt::Display for Ending {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Signal(number) => write!(f, "signal {number}"),
            Self::Exit(code) => write!(f, "exit code {code}"),
        }
    }
}

/// Whether a failed step cost one of the token's PIN tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spent {
    /// The PIN was not sent, or it was accepted.
    No,
    /// The token refused the PIN.
    Yes,
    /// The PIN was sent and no answer came that settles it.
    Unknown,
}

//! Why no key or card was made.

use tuf_ceremony::card::CardFault;
use tuf_ceremony::key::{Fingerprint, SignatureProblem};

use crate::desk::unshown::UnshownFault;
use crate::operator::OperatorFault;
use crate::operator::screen::ScreenFault;
use crate::operator::secret::SecretFault;
use crate::token::TokenFault;
use crate::token::keyfile::KeyFileFault;

/// Why a step with a key came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum KeysFault {
    /// No key there can be meant.
    #[error("the token shows no such key that can sign")]
    NoKey {
        /// What is there, in words.
        present: Vec<String>,
    },
    /// More than one can be meant.
    #[error("the token shows several keys that can be meant")]
    SeveralKeys {
        /// Which, in words.
        present: Vec<String>,
    },
    /// The token made a key that cannot stand in metadata.
    #[error("the token made a key that cannot stand in metadata")]
    UnusableKey,
    /// After the PIN the token shows another key than before.
    #[error("after the PIN the token does not show the key {key} any more")]
    KeyGone {
        /// The key.
        key: Fingerprint,
    },
    /// The token has another key than its card says.
    #[error(transparent)]
    Unshown(#[from] UnshownFault),
    /// The card cannot be made as it was asked for.
    #[error(transparent)]
    Card(#[from] CardFault),
    /// The person stopped or did not agree.
    #[error("you did not consent")]
    Declined,
    /// The fingerprint was not compared.
    #[error("nobody said that the fingerprint was compared")]
    NotCompared,
    /// The person could not be asked.
    #[error(transparent)]
    Operator(#[from] OperatorFault),
    /// No PIN was given.
    #[error(transparent)]
    Secret(#[from] SecretFault),
    /// Nothing was typed that could be the secret, or a new one.
    #[error("what was typed as PIN or PUK was refused three times")]
    NoSecret,
    /// The screen is gone.
    #[error(transparent)]
    Screen(#[from] ScreenFault),
    /// The token.
    #[error(transparent)]
    Token(#[from] TokenFault),
    /// A key file.
    #[error(transparent)]
    File(#[from] KeyFileFault),
    /// A real card of a person is about a key on a token.
    #[error("a key file is for machines and rehearsals, and this card would be a real one of a person")]
    FileOfAPerson,
    /// The token returned something that is no signature over the card.
    #[error("the token returned bytes that are no signature over what you were shown")]
    WrongSignature(#[source] SignatureProblem),
}

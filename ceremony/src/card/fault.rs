//! Why a key card is refused.

use crate::document::ReadFault;
use crate::key::{KeyProblem, SignatureProblem};
use crate::limits::Limit;
use crate::metadata::ShapeFault;

/// A key card is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CardFault {
    /// No JSON that we read.
    #[error(transparent)]
    Read(#[from] ReadFault),
    /// A field is missing or of another kind.
    #[error(transparent)]
    Shape(#[from] ShapeFault),
    /// Its `_type` is another.
    #[error("it is no key card: its `_type` is {found:?}")]
    NotACard {
        /// What it is.
        found: String,
    },
    /// Another format version.
    #[error("it is a key card of format {found}, and this version reads format {}", super::FORMAT)]
    Format {
        /// The version.
        found: String,
    },
    /// Its key counts for nothing.
    #[error("its key is refused: {0}")]
    Key(#[from] KeyProblem),
    /// The proof is not by the key over the card.
    #[error("its key has not signed it: {0}")]
    Proof(#[from] SignatureProblem),
    /// The proof is no hex.
    #[error("its proof is not written as pairs of hex digits")]
    ProofHex,
    /// It says more or otherwise than this version would write.
    #[error(
        "it is not written as a key card is written: it holds something unknown, something that was not signed, or another layout"
    )]
    NotOurText,
    /// The rehearsal mark is there and not `true`.
    #[error("its rehearsal mark is not true; a real card has none")]
    Mark,
    /// A text that nobody could read aloud.
    #[error("{what} {why}")]
    Text {
        /// Which text.
        what: &'static str,
        /// What is wrong with it.
        why: &'static str,
    },
    /// One holder twice.
    #[error("it names the holder {name:?} twice")]
    HolderTwice {
        /// The name.
        name: String,
    },
    /// A token that is named in no way that we know.
    #[error("its token is not named by a pkcs11: or piv: URI in plain ASCII")]
    TokenUri,
    /// An attribute that would choose code or carry a PIN.
    #[error("its token's URI holds {attribute}, which no card may say")]
    TokenAttribute {
        /// The attribute.
        attribute: &'static str,
    },
    /// Evidence that we cannot carry.
    #[error(
        "its evidence is no JSON object of texts, lists, objects, true, false, null and whole numbers below 2^64"
    )]
    Evidence,
    /// More than a cap allows.
    #[error("it is past a limit: {0}")]
    Past(Limit),
}

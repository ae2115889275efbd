//! Why a plan gives no drafts.

use crate::digest::Digest;

/// A plan gives no drafts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealFault {
    /// A file that the plan names is not there, or is another one.
    #[error("{what} is not there: no file with the SHA-256 {sha256} was given")]
    Missing {
        /// What it is.
        what: String,
        /// SHA-256 of its bytes.
        sha256: Digest,
    },
    /// The plan makes no document.
    #[error("the plan makes no document")]
    NothingToMake,
}

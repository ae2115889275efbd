//! What a ceremony key may sign (MODEL 19). Today that is a draft; nothing makes a signable from bytes, so nothing
//! but what was shown can reach a token.

use crate::canonical;
use crate::digest::Digest;
use crate::draft::Draft;

/// Something that was read, checked and shown, on its way to a token.
#[derive(Debug, Clone, Copy)]
pub struct Signable<'a> {
    draft: &'a Draft,
}

impl<'a> Signable<'a> {
    /// A draft as something that a ceremony key may sign.
    #[must_use]
    pub fn of(draft: &'a Draft) -> Signable<'a> {
        Signable { draft }
    }

    /// The role, quoted before every PIN.
    #[must_use]
    pub fn role(&self) -> &'a str {
        self.draft.role()
    }

    /// The version, quoted before every PIN.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.draft.metadata().version()
    }

    /// The digest of the message.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.draft.metadata().payload()
    }

    /// Length of the message, in bytes.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.draft.metadata().payload_bytes()
    }

    /// The message itself: the canonical form of `signed`.
    #[must_use]
    pub fn message(&self) -> Vec<u8> {
        canonical::bytes(self.draft.metadata().signed().view())
    }
}

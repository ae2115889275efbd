//! The close of a ceremony: what a key countersigns at the end (MODEL 16, 19). It names the ceremony, the machine and the
//! head of its chain, and every TUF client refuses it as metadata.

use crate::canonical;
use crate::digest::Digest;
use crate::document::Document;
use crate::key::{Message, PublicKey, SignatureProblem};

/// The `_type` of a close.
pub const TYPE: &str = "tuf-ceremony-close";

/// A close, as it is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Close {
    signed: Vec<u8>,
    head: Digest,
}

impl Close {
    /// The close of one machine's chain.
    ///
    /// # Panics
    /// Never: digests and fixed words are a document.
    #[must_use]
    pub fn of(ceremony: Digest, machine: Digest, head: Digest, rehearsal: bool) -> Close {
        let mark = if rehearsal { r#","x-rehearsal":true"# } else { "" };
        let text = format!(
            r#"{{"_type":"{TYPE}","ceremony":"{ceremony}","head":"{head}","machine":"{machine}"{mark}}}"#
        );
        let document = Document::read(text).expect("digests and fixed words are a document");
        Close { signed: canonical::bytes(document.root()), head }
    }

    /// The head of the chain, as it stands on paper.
    #[must_use]
    pub fn head(&self) -> Digest {
        self.head
    }

    /// The canonical bytes that are signed.
    #[must_use]
    pub fn signed(&self) -> &[u8] {
        &self.signed
    }

    /// Judges a countersignature.
    ///
    /// # Errors
    /// Why it does not count.
    pub fn verify(&self, key: &PublicKey, signature: &[u8]) -> Result<(), SignatureProblem> {
        key.verify(self, signature)
    }
}

impl Message for Close {
    fn feed(&self, sink: &mut dyn FnMut(&[u8])) {
        sink(&self.signed);
    }
}

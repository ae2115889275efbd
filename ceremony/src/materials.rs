//! Files by their SHA-256: what plans and events name. The engine asks for bytes, somebody outside reads them from
//! wherever they are kept. What comes back is hashed again here, so a wrong file is no file.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::digest::Digest;

/// Bytes of files by their SHA-256.
pub trait Materials {
    /// The bytes that somebody keeps under this digest. An implementation may be wrong about them: ask [`Materials::bytes`].
    fn kept(&self, sha256: Digest) -> Option<Cow<'_, [u8]>>;

    /// The bytes with this digest; none where nobody keeps them, or what is kept there is something else.
    fn bytes(&self, sha256: Digest) -> Option<Cow<'_, [u8]>> {
        self.kept(sha256).filter(|bytes| Digest::of(bytes) == sha256)
    }
}

impl Materials for BTreeMap<Digest, Vec<u8>> {
    fn kept(&self, sha256: Digest) -> Option<Cow<'_, [u8]>> {
        self.get(&sha256).map(|bytes| Cow::Borrowed(bytes.as_slice()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_not_what_their_digest_says_are_not_there() {
        let (right, wrong) = (Digest::of(b"right"), Digest::of(b"wrong"));
        let kept = BTreeMap::from([(right, b"right".to_vec()), (wrong, b"altered".to_vec())]);
        assert_eq!(kept.bytes(right).as_deref(), Some(b"right".as_slice()));
        assert_eq!(kept.bytes(wrong), None);
        assert_eq!(kept.bytes(Digest::of(b"other")), None);
    }
}

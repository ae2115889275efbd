//! The TUF key object of a new key, as text. Kept keys never pass through here: their objects stay byte for byte
//! what they were (MODEL 9).

use super::{PublicKey, Scheme};

/// The scheme is read and verified, but no new key gets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a new key is not written with the scheme {scheme}; old keys with it are still verified")]
pub struct NotForNewKeys {
    /// The scheme of the key that was given.
    pub scheme: Scheme,
}

/// The key object: `keytype`, `keyval` and `scheme` only, sorted, compact, ASCII; PEM with a final newline. Its
/// canonical form gives the same key id under every known [`Preimage`](super::keyid::Preimage) (MODEL 9).
///
/// # Errors
/// [`NotForNewKeys`] where [`Scheme::can_be_written`] says no: choose another scheme for the key.
pub fn new_key_object(key: &PublicKey) -> Result<String, NotForNewKeys> {
    let scheme = key.scheme();
    if !scheme.can_be_written() {
        return Err(NotForNewKeys { scheme });
    }
    // Hex and PEM hold nothing that JSON escapes but the line feeds.
    let public = key.public_text().replace('\n', "\\n");
    let keytype = scheme.keytype();
    Ok(format!(r#"{{"keytype":"{keytype}","keyval":{{"public":"{public}"}},"scheme":"{scheme}"}}"#))
}

//! What a token says of a private key's making and keeping. It is the token's word, not a proof; a module may not know an
//! attribute, and NSS says "not local" of keys that it generated itself.

use serde::{Deserialize, Serialize};

/// Attributes of one private key (PKCS#11 v3.0 4.8 and 4.9; the last two are those of PIV cards), each `None` where the module does not tell.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyEvidence {
    /// `CKA_LOCAL`: generated on the token, or copied from such a key.
    pub local: Option<bool>,
    /// `CKA_SENSITIVE`: its value is not told in plain.
    pub sensitive: Option<bool>,
    /// `CKA_ALWAYS_SENSITIVE`: and never was.
    pub always_sensitive: Option<bool>,
    /// `CKA_EXTRACTABLE`: it may leave the token, wrapped.
    pub extractable: Option<bool>,
    /// `CKA_NEVER_EXTRACTABLE`: and never could.
    pub never_extractable: Option<bool>,
    /// `CKA_ALWAYS_AUTHENTICATE`: the PIN is asked for each signature.
    pub always_authenticate: Option<bool>,
    /// `CKA_KEY_GEN_MECHANISM`, by the standard's name or number; `None` where the module does not know it.
    pub mechanism: Option<String>,
    /// When a PIV card asks for the PIN of this key: `never`, `once` or `always`.
    pub pin_policy: Option<String>,
    /// When a PIV card asks for a touch for this key: `never`, `always` or `cached`.
    pub touch_policy: Option<String>,
}

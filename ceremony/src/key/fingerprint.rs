//! The fingerprint of a public key: what decides that two key objects hold one public key (MODEL 8).
//! It is not a TUF key id and must never be written where one belongs.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

/// SHA-256 of the DER `SubjectPublicKeyInfo` in its one canonical form: two keys with the same fingerprint are
/// the same public key, whatever key id, keytype spelling, scheme or PEM layout they stand under.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint([u8; 32]);

/// The text is not a fingerprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a key fingerprint is 64 lower-case hexadecimal digits")]
pub struct NotAFingerprint;

impl Fingerprint {
    pub(super) fn of_spki(der: &[u8]) -> Self {
        Self(Sha256::digest(der).into())
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Reads exactly what `Display` writes.
    ///
    /// # Errors
    /// [`NotAFingerprint`] for any other spelling: a fingerprint is compared by eye and by `grep`, so it has one.
    pub fn from_hex(text: &str) -> Result<Self, NotAFingerprint> {
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(NotAFingerprint);
        }
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| NotAFingerprint)?;
        Ok(Self(bytes))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

impl serde::Serialize for Fingerprint {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Fingerprint {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Self::from_hex(&text).map_err(serde::de::Error::custom)
    }
}

impl FromStr for Fingerprint {
    type Err = NotAFingerprint;

    fn from_str(text: &str) -> Result<Self, NotAFingerprint> {
        Self::from_hex(text)
    }
}

#[cfg(test)]
mod tests {
    use super::{Fingerprint, NotAFingerprint};

    #[test]
    fn a_fingerprint_reads_back_what_it_shows() {
        let shown = Fingerprint::of_spki(b"").to_string();
        assert_eq!(shown, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(shown.parse::<Fingerprint>().unwrap().to_string(), shown);
    }

    #[test]
    fn a_fingerprint_in_any_other_spelling_is_refused() {
        let good = Fingerprint::of_spki(b"").to_string();
        for bad in [
            good.to_uppercase(),
            good[1..].to_owned(),
            format!("{good}00"),
            format!(" {good}"),
            String::new(),
        ] {
            assert_eq!(bad.parse::<Fingerprint>(), Err(NotAFingerprint), "{bad:?}");
        }
    }
}

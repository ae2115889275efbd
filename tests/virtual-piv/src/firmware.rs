//! What differs between the firmwares of YubiKeys, as data. Nothing else in this crate asks for a version.

use crate::key::Algorithm;
use crate::management::Cipher;

/// One firmware.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Firmware {
    /// Major, minor, patch.
    pub version: [u8; 3],
    /// Whether the PIV applet itself tells the serial number (5.0); before, the OTP applet is asked.
    pub tells_serial: bool,
    /// Whether there is GET METADATA (5.3).
    pub has_metadata: bool,
    /// Whether the management key may be one for AES (5.4.2).
    pub has_aes: bool,
    /// The cipher of the management key out of the box (AES-192 from 5.7).
    pub cipher: Cipher,
    /// Which kinds of keys it makes.
    pub algorithms: &'static [Algorithm],
}

const CLASSIC: &[Algorithm] = &[Algorithm::P256, Algorithm::P384, Algorithm::Rsa2048];
const OF_5_7: &[Algorithm] = &[
    Algorithm::P256,
    Algorithm::P384,
    Algorithm::Rsa2048,
    Algorithm::Rsa3072,
    Algorithm::Rsa4096,
    Algorithm::Ed25519,
];

impl Firmware {
    /// YubiKey 4: no serial in the PIV applet, no metadata.
    pub const V4_3_5: Self = Self {
        version: [4, 3, 5],
        tells_serial: false,
        has_metadata: false,
        has_aes: false,
        cipher: Cipher::TripleDes,
        algorithms: CLASSIC,
    };
    /// Early YubiKey 5: a serial, no metadata.
    pub const V5_2_4: Self = Self { version: [5, 2, 4], tells_serial: true, ..Self::V4_3_5 };
    /// YubiKey 5 with metadata and AES, under the advisory YSA-2024-03.
    pub const V5_4_3: Self = Self { version: [5, 4, 3], has_metadata: true, has_aes: true, ..Self::V5_2_4 };
    /// YubiKey 5 with Ed25519, longer RSA and a management key for AES out of the box.
    pub const V5_7_1: Self =
        Self { version: [5, 7, 1], cipher: Cipher::Aes192, algorithms: OF_5_7, ..Self::V5_4_3 };

    /// All of them.
    pub const ALL: [Self; 4] = [Self::V4_3_5, Self::V5_2_4, Self::V5_4_3, Self::V5_7_1];

    /// The one whose version is written so, as in `5.7.1`.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|firmware| firmware.to_string() == text)
    }
}

impl std::fmt::Display for Firmware {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [major, minor, patch] = self.version;
        write!(f, "{major}.{minor}.{patch}")
    }
}

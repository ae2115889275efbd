//! The one table of signature schemes: their TUF names, the keytypes they stand under, what public key they
//! need, and whether a new key may be written with them. A scheme that is not in this table is unknown: its
//! keys are carried and shown by other rooms, and never counted.

use std::fmt;
use std::str::FromStr;

/// A signature scheme that this tool can verify (TUF 4.2, `scheme`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// Ed25519 over the message itself (RFC 8032, pure).
    Ed25519,
    /// ECDSA on NIST P-256 with SHA-256, signatures in DER.
    EcdsaP256Sha256,
    /// ECDSA on NIST P-384 with SHA-384, signatures in DER.
    EcdsaP384Sha384,
    /// RSASSA-PSS with SHA-256 and MGF1 with SHA-256 (RFC 8017 8.1).
    RsaPssSha256,
    /// RSASSA-PSS with SHA-384 and MGF1 with SHA-384.
    RsaPssSha384,
    /// RSASSA-PSS with SHA-512 and MGF1 with SHA-512.
    RsaPssSha512,
    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 8.2); old metadata only.
    RsaPkcs1v15Sha256,
    /// RSASSA-PKCS1-v1_5 with SHA-384; old metadata only.
    RsaPkcs1v15Sha384,
    /// RSASSA-PKCS1-v1_5 with SHA-512; old metadata only.
    RsaPkcs1v15Sha512,
    /// ML-DSA-44 by TAP 21, version 1.
    MlDsa44,
    /// ML-DSA-65 by TAP 21, version 1.
    MlDsa65,
    /// ML-DSA-87 by TAP 21, version 1.
    MlDsa87,
}

/// What a public key has to be, whatever hash or padding the scheme adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Algorithm {
    Ed25519,
    P256,
    P384,
    Rsa,
    MlDsa44,
    MlDsa65,
    MlDsa87,
}

impl Algorithm {
    /// The name used in sentences.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Ed25519 => "Ed25519",
            Self::P256 => "ECDSA P-256",
            Self::P384 => "ECDSA P-384",
            Self::Rsa => "RSA",
            Self::MlDsa44 => "ML-DSA-44",
            Self::MlDsa65 => "ML-DSA-65",
            Self::MlDsa87 => "ML-DSA-87",
        }
    }
}

struct Row {
    name: &'static str,
    /// The first is the one written; the others are old spellings that are read.
    keytypes: &'static [&'static str],
    algorithm: Algorithm,
    can_be_written: bool,
}

impl Scheme {
    /// All schemes, in the order of the table.
    pub const ALL: [Self; 12] = [
        Self::Ed25519,
        Self::EcdsaP256Sha256,
        Self::EcdsaP384Sha384,
        Self::RsaPssSha256,
        Self::RsaPssSha384,
        Self::RsaPssSha512,
        Self::RsaPkcs1v15Sha256,
        Self::RsaPkcs1v15Sha384,
        Self::RsaPkcs1v15Sha512,
        Self::MlDsa44,
        Self::MlDsa65,
        Self::MlDsa87,
    ];

    const fn row(self) -> Row {
        const P256: &[&str] = &["ecdsa", "ecdsa-sha2-nistp256"];
        const P384: &[&str] = &["ecdsa", "ecdsa-sha2-nistp384"];
        const fn row(
            name: &'static str,
            keytypes: &'static [&'static str],
            algorithm: Algorithm,
            can_be_written: bool,
        ) -> Row {
            Row { name, keytypes, algorithm, can_be_written }
        }
        match self {
            Self::Ed25519 => row("ed25519", &["ed25519"], Algorithm::Ed25519, true),
            Self::EcdsaP256Sha256 => row("ecdsa-sha2-nistp256", P256, Algorithm::P256, true),
            Self::EcdsaP384Sha384 => row("ecdsa-sha2-nistp384", P384, Algorithm::P384, true),
            Self::RsaPssSha256 => row("rsassa-pss-sha256", &["rsa"], Algorithm::Rsa, true),
            // TUF 4.2 lists only the one with SHA-256, so no new key gets the longer hashes.
            Self::RsaPssSha384 => row("rsassa-pss-sha384", &["rsa"], Algorithm::Rsa, false),
            Self::RsaPssSha512 => row("rsassa-pss-sha512", &["rsa"], Algorithm::Rsa, false),
            Self::RsaPkcs1v15Sha256 => row("rsa-pkcs1v15-sha256", &["rsa"], Algorithm::Rsa, false),
            Self::RsaPkcs1v15Sha384 => row("rsa-pkcs1v15-sha384", &["rsa"], Algorithm::Rsa, false),
            Self::RsaPkcs1v15Sha512 => row("rsa-pkcs1v15-sha512", &["rsa"], Algorithm::Rsa, false),
            Self::MlDsa44 => row("ml-dsa-44/1", &["ml-dsa"], Algorithm::MlDsa44, true),
            Self::MlDsa65 => row("ml-dsa-65/1", &["ml-dsa"], Algorithm::MlDsa65, true),
            Self::MlDsa87 => row("ml-dsa-87/1", &["ml-dsa"], Algorithm::MlDsa87, true),
        }
    }

    /// The scheme as TUF metadata spells it.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// The keytype under which a new key of this scheme is written.
    pub fn keytype(self) -> &'static str {
        self.row().keytypes[0]
    }

    /// Every keytype spelling under which a key of this scheme is read; the first is the one written.
    pub fn keytypes(self) -> &'static [&'static str] {
        self.row().keytypes
    }

    /// Whether a new key may be written with this scheme. Keys that a trusted root already lists are kept and
    /// verified with any scheme of the table.
    pub fn can_be_written(self) -> bool {
        self.row().can_be_written
    }

    pub(super) fn algorithm(self) -> Algorithm {
        self.row().algorithm
    }

    /// Whether any scheme of the table stands under this keytype.
    pub(super) fn some_stands_under(keytype: &str) -> bool {
        Self::ALL.iter().any(|scheme| scheme.keytypes().contains(&keytype))
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The text names no scheme of the table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a signature scheme that this tool knows")]
pub struct UnknownScheme {
    /// The text as given.
    pub text: String,
}

impl FromStr for Scheme {
    type Err = UnknownScheme;

    /// Reads the exact TUF spelling; case matters, as it does to every client.
    fn from_str(text: &str) -> Result<Self, UnknownScheme> {
        let found = Self::ALL.into_iter().find(|scheme| scheme.name() == text);
        found.ok_or_else(|| UnknownScheme { text: text.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::Scheme;

    #[test]
    fn every_scheme_is_found_by_its_name() {
        for scheme in Scheme::ALL {
            assert_eq!(scheme.name().parse::<Scheme>().unwrap(), scheme);
            assert_eq!(scheme.to_string(), scheme.name());
            assert!(Scheme::some_stands_under(scheme.keytype()));
        }
    }

    #[test]
    fn a_name_in_another_case_or_version_is_unknown() {
        for text in
            ["", "Ed25519", "ed25519 ", "ml-dsa-44", "ml-dsa-44/2", "rsassa-pss-sha224", "sigstore-oidc"]
        {
            let refusal = text.parse::<Scheme>().unwrap_err();
            assert_eq!(refusal.text, text);
        }
    }
}

//! What the maker has said of weak firmware: a small table with public identifiers. It grows with the program; what it does
//! not hold is not known here, which is no praise.

use super::statement::{Firmware, FormFactor};
use crate::key::Scheme;

/// One advisory of the maker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Advisory {
    /// The maker's identifier.
    pub id: &'static str,
    /// The number in the CVE list.
    pub cve: &'static str,
    /// What it means for a key, as a clause.
    pub means: &'static str,
    weakness: Weakness,
}

/// Which keys an advisory concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Weakness {
    /// EUCLEAK: ECDSA before 5.7.0, on the Bio series before 5.7.2. RSA and Ed25519 are not concerned.
    Ecdsa,
    /// ROCA: RSA keys made on the card by 4.2.6 to 4.3.4. Keys that were brought to it are not concerned.
    MadeRsa,
}

/// An advisory that concerns a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Advised {
    /// Which.
    pub advisory: Advisory,
    /// The firmware of the key's card.
    pub firmware: Firmware,
    /// Whether the firmware is proven; else it is the card's own word.
    pub proven: bool,
}

/// Every advisory that is known here.
const TABLE: [Advisory; 2] = [
    Advisory {
        id: "YSA-2024-03",
        cve: "CVE-2024-45678",
        means: "whoever holds the card for a while, with costly instruments, can copy an ECDSA key out of it",
        weakness: Weakness::Ecdsa,
    },
    Advisory {
        id: "YSA-2017-01",
        cve: "CVE-2017-15361",
        means: "an RSA key that such a card made can be computed from its public half",
        weakness: Weakness::MadeRsa,
    },
];

impl Advisory {
    /// Whether everybody who sees the public half can have the key: such a key must not be made.
    #[must_use]
    pub fn gives_the_key_away(&self) -> bool {
        self.weakness == Weakness::MadeRsa
    }
}

/// What the maker warns of for a key that a card with this firmware, by its own word, is to make.
#[must_use]
pub fn of_a_new_key(scheme: Scheme, firmware: Firmware) -> Vec<Advised> {
    Concerned { scheme, firmware, proven: false, form: None, imported: false }.advised()
}

const fn version(major: u8, minor: u8, patch: u8) -> Firmware {
    Firmware { major, minor, patch }
}

/// A key as far as advisories ask.
pub(super) struct Concerned {
    pub(super) scheme: Scheme,
    pub(super) firmware: Firmware,
    /// Whether the firmware is proven.
    pub(super) proven: bool,
    pub(super) form: Option<FormFactor>,
    /// Whether the key came from outside, as far as that is known.
    pub(super) imported: bool,
}

impl Concerned {
    /// What the maker warns of.
    pub(super) fn advised(&self) -> Vec<Advised> {
        let (firmware, proven) = (self.firmware, self.proven);
        let concerns = TABLE.into_iter().filter(|advisory| self.has(advisory.weakness));
        concerns.map(|advisory| Advised { advisory, firmware, proven }).collect()
    }

    fn has(&self, weakness: Weakness) -> bool {
        let kind = self.scheme.keytype();
        match weakness {
            Weakness::Ecdsa => {
                let is_bio = self.form.is_some_and(FormFactor::is_bio);
                let mended = if is_bio { version(5, 7, 2) } else { version(5, 7, 0) };
                kind == Scheme::EcdsaP256Sha256.keytype() && self.firmware < mended
            }
            Weakness::MadeRsa => {
                let is_weak = (version(4, 2, 6)..version(4, 3, 5)).contains(&self.firmware);
                kind == Scheme::RsaPssSha256.keytype() && is_weak && !self.imported
            }
        }
    }
}

//! Why a key is not proven to live in hardware: each a fact, none of them a refusal.

use crate::limits::ATTESTATION;

/// Whose certificate it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bearer {
    /// The key's, made by the card.
    Key,
    /// The card's own, from its slot F9.
    Card,
    /// One above it, by its name: untrusted text.
    Above(String),
}

impl std::fmt::Display for Bearer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Bearer::Key => f.write_str("the key's certificate"),
            Bearer::Card => f.write_str("the card's own certificate"),
            Bearer::Above(name) => write!(f, "the certificate {name:?}"),
        }
    }
}

/// Why it is not proven, as a clause behind "because". Names in it come from certificates and are untrusted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unproven {
    /// The evidence holds no attestation.
    #[error("its card carries no attestation")]
    Absent,
    /// The token says that the key came from outside, and so attests nothing.
    #[error("the token says that the key was brought to it, and attests only what it made itself")]
    Imported,
    /// The evidence is no object as `docs/spec/card.md` has it.
    #[error("the evidence is not written as a PIV card's is")]
    Unreadable,
    /// The card has nothing in its slot F9: somebody replaced or removed what the maker put there.
    #[error("the card has no certificate of its own in slot F9")]
    NoCardCertificate,
    /// Longer than any certificate of this kind.
    #[error("{bearer} is longer than {} bytes", ATTESTATION.most)]
    TooLong {
        /// Whose.
        bearer: Bearer,
    },
    /// No certificate as we read them.
    #[error("{bearer} cannot be read: {why}")]
    Malformed {
        /// Whose.
        bearer: Bearer,
        /// What is wrong, as a clause.
        why: &'static str,
    },
    /// The names do not follow on one another.
    #[error(
        "the key's certificate was not made by this card: it names {issuer:?} as its maker, and the card is {card:?}"
    )]
    OtherCard {
        /// Who made the key's, as it says.
        issuer: String,
        /// Whose the other is, as it says.
        card: String,
    },
    /// It ends at somebody whom nobody vouches for.
    #[error("its chain ends at {issuer:?}, which is no root of the maker and none that you named")]
    UnknownRoot {
        /// The name at which it ends.
        issuer: String,
    },
    /// A signature that is not by the one who is named.
    #[error("the signature on {bearer} is wrong")]
    Signature {
        /// On whose.
        bearer: Bearer,
    },
    /// A certificate that may not certify others, or not as many in a row.
    #[error("{bearer} does not allow what stands below it")]
    NotAnIssuer {
        /// Whose.
        bearer: Bearer,
    },
    /// Not valid at the stated date.
    #[error("{bearer} is valid from {from} to {to}, and the date is {at}")]
    NotValid {
        /// Whose.
        bearer: Bearer,
        /// Its first second.
        from: String,
        /// Its last second.
        to: String,
        /// The stated date.
        at: String,
    },
    /// The attestation is about another key.
    #[error("it is about another key")]
    OtherKey,
    /// The attestation is about another card.
    #[error("it is about the card with the serial number {attested}, {}", other(.card.as_deref()))]
    OtherSerial {
        /// As the certificate says.
        attested: u32,
        /// As the key card says.
        card: Option<String>,
    },
}

fn other(card: Option<&str>) -> String {
    card.map_or("and the key card names none".to_owned(), |card| format!("and the key card names {card:?}"))
}

impl Unproven {
    /// One word, for scripts.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Unproven::Absent => "absent",
            Unproven::Imported => "imported",
            Unproven::Unreadable => "unreadable",
            Unproven::NoCardCertificate => "no-card-certificate",
            Unproven::TooLong { .. } => "too-long",
            Unproven::Malformed { .. } => "malformed",
            Unproven::OtherCard { .. } => "other-card",
            Unproven::UnknownRoot { .. } => "unknown-root",
            Unproven::Signature { .. } => "wrong-signature",
            Unproven::NotAnIssuer { .. } => "not-an-issuer",
            Unproven::NotValid { .. } => "not-valid",
            Unproven::OtherKey => "other-key",
            Unproven::OtherSerial { .. } => "other-serial",
        }
    }
}

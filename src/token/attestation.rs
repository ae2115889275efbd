//! What a card certifies of a key that it made: certificates as they came. Nothing of them is read or judged here, and nothing
//! in them is proven until they are verified up to a root that the maker published.

use serde::{Deserialize, Serialize};

/// The certificate for a key, and the card's own, which signed it. Both in DER, untrusted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attestation {
    /// For the key, made when it was asked for.
    #[serde(with = "hex::serde")]
    pub key: Vec<u8>,
    /// The card's own, in its slot F9; empty where that holds none.
    #[serde(with = "hex::serde")]
    pub card: Vec<u8>,
}

//! What the guided ceremony asks in its key phase: which token, what is on it already, and whether a card is to be prepared.

use crate::operator::wording::counted;

/// Before a key is made.
pub const TOKEN_FOR_THE_KEY: &str =
    "Put the token in that shall hold the key, or holds it already; take others out.";

/// A question.
#[must_use]
pub fn key_was_made(key: &str) -> String {
    format!("A key for {key} was made before. What now?")
}

/// Where a key is, by its URI.
#[must_use]
pub fn key_is_here(uri: &str) -> String {
    format!("It is named: {uri}")
}

/// A choice.
pub const CARD_OF_THAT_KEY: &str = "Make its card";

/// A choice.
pub const ANOTHER_KEY: &str = "Make another key: the first one stays on its token, unused";

/// The same, where the first one is on a card: here a card makes keys in one slot alone.
pub const ANOTHER_KEY_OF_A_CARD: &str =
    "Make another key: on the same card it takes slot 9c, and a key that is there is lost for ever";

/// A question.
pub const WHICH_TOKEN: &str = "Which token is it?";

/// A choice.
pub const LOOK_AGAIN: &str = "Look again: the token was not in";

/// A token as a choice.
#[must_use]
pub fn token(name: &str, keys: u64) -> String {
    format!("{name}, with {}", counted(keys, "key", "keys"))
}

/// Something may be missing from the list.
#[must_use]
pub fn not_shown(why: &str) -> String {
    format!("Not every token may be listed: {why}.")
}

/// Some other program has a card for itself.
#[must_use]
pub fn card_is_held(reader: &str) -> String {
    format!(
        "The card in the reader {reader} is held by some other program and cannot be listed. `conclave doctor` says which; end it, then look again."
    )
}

/// A question, where a token has keys.
pub const KEYS_ARE_ON_IT: &str = "This token holds keys already. What is the plan's key?";

/// A choice.
pub const A_NEW_KEY: &str = "A new key, which the token makes now";

/// A choice: a key that is there.
#[must_use]
pub fn card_of(key: &str) -> String {
    format!("This one: {key}")
}

/// Before a card is prepared.
pub const CARD_AS_IT_CAME: &str = "This card still has a PIN, a PUK or a management key as it came from the maker, which everybody knows. It makes no key for a ceremony before it has its own.";

/// Before a card is perhaps prepared.
pub const CARD_PERHAPS_READY: &str = "This card does not tell whether PIN, PUK and management key are its holder's own. Only a prepared card makes a key.";

/// A question.
pub const PREPARE_THE_CARD: &str = "Prepare the card?";

/// A choice.
pub const PREPARE_IT: &str = "Prepare it now, with its holder at the keyboard";

/// A choice.
pub const IT_IS_PREPARED: &str = "It was prepared: make the key";

/// A question.
pub const WHICH_SCHEME: &str = "Which kind of key?";

/// A scheme as a choice, on a PIV card or another token.
#[must_use]
pub fn scheme(name: &str, is_card: bool) -> String {
    match (name, is_card) {
        ("ed25519", false) => "Ed25519".to_owned(),
        ("ed25519", true) => "Ed25519 (new firmware; signs 1,014 bytes at most, roots are longer)".to_owned(),
        ("ecdsa-sha2-nistp256", _) => "ECDSA P-256 (most tokens can)".to_owned(),
        ("ecdsa-sha2-nistp384", _) => "ECDSA P-384".to_owned(),
        ("rsassa-pss-sha256", false) => "RSA, 3072 bits".to_owned(),
        ("rsassa-pss-sha256", true) => "RSA, 2048 bits".to_owned(),
        ("ml-dsa-44", _) => "ML-DSA-44, post-quantum (few tokens and clients can)".to_owned(),
        ("ml-dsa-65", _) => "ML-DSA-65, the same, stronger".to_owned(),
        ("ml-dsa-87", _) => "ML-DSA-87, the same, strongest".to_owned(),
        (other, _) => other.to_owned(),
    }
}

/// A question.
pub const LABEL_OF_THE_KEY: &str = "The key's label on the token (as root-2027)";

/// Between key and card.
pub const NOW_ITS_CARD: &str =
    "Now its card is made: the key signs whose it is, and its fingerprint is compared aloud.";

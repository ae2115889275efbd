//! Every way in which a token can fail, and what each costs.
//!
//! Promises: each fault says whether a PIN try may have been spent and whether a signature may exist, so that
//! no caller has to guess. What to do next is said elsewhere (the one room that writes advice).

mod call;
mod cost;

use serde::{Deserialize, Serialize};

use super::facts::{PinTries, TokenName};
use super::meaning::meaning;
pub use call::{Call, Ending, Spent};

/// Why a token could not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum TokenFault {
    /// There is no such file.
    #[error("the PKCS#11 module {module} does not exist")]
    ModuleMissing {
        /// Path as it was given.
        module: String,
    },
    /// The file is not a PKCS#11 module, or it refused to start.
    #[error("{module} cannot be used as a PKCS#11 module: {reason}")]
    ModuleRefused {
        /// Path as it was given.
        module: String,
        /// What the loader or the module said.
        reason: String,
    },
    /// The file is another one than the profile pins.
    #[error("{module} has the SHA-256 {found}, and the machine's profile pins {pinned}")]
    ModuleAltered {
        /// Path as it was given.
        module: String,
        /// SHA-256 in the profile, as hex.
        pinned: String,
        /// SHA-256 of the file, as hex.
        found: String,
    },
    /// No module of this name is known.
    #[error("the machine's profile has no module {name}")]
    NoDriver {
        /// The name.
        name: String,
    },
    /// The module's process could not be kept from the network.
    #[error("the module was not loaded, because its process could not be kept from the network: {reason}")]
    NoFence {
        /// What the kernel said.
        reason: String,
    },
    /// Our child process could not be started or reached; vendor code was not the cause.
    #[error("the token process could not be run: {reason}")]
    HostFailed {
        /// What the operating system said.
        reason: String,
    },
    /// The module took its process down.
    #[error("the module crashed {during} ({ending})")]
    ModuleCrashed {
        /// What it was doing.
        during: Call,
        /// How the process ended.
        ending: Ending,
    },
    /// No answer in time to a question that changes nothing.
    #[error("the module gave no answer within {seconds} s {during}")]
    ModuleHung {
        /// What it was doing.
        during: Call,
        /// The deadline.
        seconds: u64,
    },
    /// No answer in time to a login, a signature or a key's generation: it may or may not have happened.
    #[error("the module gave no answer within {seconds} s {during}; whether it happened is unknown")]
    UnknownOutcome {
        /// What it was doing.
        during: Call,
        /// The deadline.
        seconds: u64,
    },
    /// The child answered something that is no answer.
    #[error("the token process answered nonsense {during}: {what}")]
    Protocol {
        /// What was asked.
        during: Call,
        /// What was wrong with the answer.
        what: String,
    },
    /// No token fits the description.
    #[error("no token fits {wanted}; {}", present_words(present))]
    NoSuchToken {
        /// The URI.
        wanted: String,
        /// The tokens that are there.
        present: Vec<TokenName>,
    },
    /// Several tokens fit the description.
    #[error("{wanted} fits {} tokens: {}", candidates.len(), names(candidates))]
    AmbiguousToken {
        /// The URI.
        wanted: String,
        /// Those that fit.
        candidates: Vec<TokenName>,
    },
    /// Another token sits in the slot than the one that was looked at.
    #[error("the slot now holds {found} instead of {expected}")]
    TokenChanged {
        /// The token that was listed.
        expected: TokenName,
        /// The token that is there.
        found: TokenName,
    },
    /// The token does not hold the private key.
    #[error("the token holds no private key for {wanted}")]
    NoKey {
        /// Label and id of the public key.
        wanted: String,
    },
    /// Several private keys belong to the same public key's label and id.
    #[error("the token holds {count} private keys for {wanted}, and nothing tells them apart")]
    AmbiguousKey {
        /// Label and id of the public key.
        wanted: String,
        /// How many.
        count: usize,
    },
    /// The key sits on several tokens, which are not told apart by what was asked for.
    #[error("the key {key} is on {} tokens: {}", tokens.len(), names(tokens))]
    KeyOnSeveralTokens {
        /// Fingerprint of the key.
        key: String,
        /// The tokens.
        tokens: Vec<TokenName>,
    },
    /// No token holds the key.
    #[error("no token holds the key {key}; {}", present_words(tokens))]
    KeyNowhere {
        /// Fingerprint of the key.
        key: String,
        /// The tokens that are there.
        tokens: Vec<TokenName>,
    },
    /// A new key would stand beside another under the same label or id.
    #[error("the token already holds something with {what}, and a new key never stands over another")]
    KeyTaken {
        /// The label or id, in words.
        what: String,
    },
    /// The token made no key, or it made another one than was asked for.
    #[error("the token made no usable key: {why}")]
    NoNewKey {
        /// What it said, or what was found.
        why: String,
    },
    /// The key cannot sign with the scheme.
    #[error("a key of kind {kind} cannot sign with {scheme}")]
    SchemeMismatch {
        /// The key's kind.
        kind: String,
        /// The scheme.
        scheme: String,
    },
    /// The message is longer than the host carries.
    #[error("the message has {length} bytes and the token process takes at most {max}")]
    MessageTooLong {
        /// Bytes of the message.
        length: usize,
        /// Bytes the host carries.
        max: usize,
    },
    /// The token does not take so long a message whole.
    #[error("the token takes {} of a message whole, and this one has {length}", most_words(*most))]
    TooLongForToken {
        /// Bytes of the message.
        length: usize,
        /// Bytes that the token takes, where that is known; otherwise it has refused (`CKR_DATA_LEN_RANGE`).
        most: Option<usize>,
    },
    /// The PIN was wrong.
    #[error("token {token} refused the PIN; {after}")]
    PinIncorrect {
        /// The token.
        token: TokenName,
        /// The flags before the PIN was sent.
        before: PinTries,
        /// The flags read again afterwards.
        after: PinTries,
    },
    /// The token accepts no PIN any more.
    #[error("the PIN of token {token} is locked")]
    PinLocked {
        /// The token.
        token: TokenName,
        /// Whether this PIN was sent; `false` when the flags said it before.
        sent: bool,
    },
    /// The PUK was wrong.
    #[error("token {token} refused the PUK; {}", puk_words(*left))]
    PukIncorrect {
        /// The token.
        token: TokenName,
        /// Tries that are left, where the token tells.
        left: Option<u8>,
    },
    /// The token accepts no PUK any more.
    #[error("the PUK of token {token} is locked")]
    PukLocked {
        /// The token.
        token: TokenName,
        /// Whether this PUK was sent; `false` when the token said it before.
        sent: bool,
    },
    /// The token does not take the new PIN or PUK; the one before is as it was.
    #[error("token {token} does not take this as its new {what}")]
    NewSecretRefused {
        /// The token.
        token: TokenName,
        /// PIN or PUK.
        what: String,
    },
    /// The PIN that every card has out of the box, for something else than to be replaced. It was not sent.
    #[error("token {token} is not sent the PIN that every card has out of the box, but to replace it")]
    FactoryPin {
        /// The token.
        token: TokenName,
    },
    /// The key with which the card makes keys is the factory's, or held by somebody else.
    #[error("the management key of token {token} {why}")]
    NotPrepared {
        /// The token.
        token: TokenName,
        /// What is wrong with it.
        why: String,
    },
    /// The key with which the card makes keys is another one than it keeps.
    #[error("the management key of token {token} is another one than the card keeps where its PIN opens it")]
    NotItsOwn {
        /// The token.
        token: TokenName,
    },
    /// The card cannot make such a key, and was not asked to.
    #[error("the card cannot make this key: {why}")]
    SlotRefused {
        /// Why.
        why: String,
    },
    /// Only PIV cards can be asked that.
    #[error("token {token} is no PIV card that is spoken to without a module")]
    NoPivCard {
        /// The token.
        token: TokenName,
    },
    /// The token wants its PIN changed first.
    #[error("the PIN of token {token} has expired")]
    PinExpired {
        /// The token.
        token: TokenName,
    },
    /// No user PIN was ever set on the token.
    #[error("token {token} has no user PIN yet")]
    PinNotSet {
        /// The token.
        token: TokenName,
    },
    /// The PIN cannot be right because of its length.
    #[error("token {token} takes PINs of {min} to {max} characters")]
    PinLength {
        /// The token.
        token: TokenName,
        /// Shortest, in bytes.
        min: usize,
        /// Longest, in bytes.
        max: usize,
        /// Whether the token said so (`CKR_PIN_LEN_RANGE`) rather than its limits beforehand.
        sent: bool,
    },
    /// The token wants its PIN on its own keypad, and one was sent.
    #[error("token {token} takes its PIN on its own keypad only")]
    KeypadOnly {
        /// The token.
        token: TokenName,
    },
    /// The token has no keypad, and nothing was sent.
    #[error("token {token} has no keypad of its own")]
    NoKeypad {
        /// The token.
        token: TokenName,
    },
    /// The token is gone.
    #[error("the token was removed {during}")]
    TokenRemoved {
        /// What was asked.
        during: Call,
    },
    /// The token has no session left, or another user is logged in.
    #[error("the token is in use by something else ({code}, {during})")]
    TokenBusy {
        /// What was asked.
        during: Call,
        /// The PKCS#11 code.
        code: String,
    },
    /// The token wants the PIN again although the login was good.
    #[error("the token asks for the PIN again before this key signs (CKR_USER_NOT_LOGGED_IN, {during})")]
    NotLoggedIn {
        /// What was asked.
        during: Call,
        /// What the key claims about `CKA_ALWAYS_AUTHENTICATE`.
        always_authenticate: Option<bool>,
    },
    /// Nobody touched the token in time, and it signed nothing.
    #[error("the token waited for a touch that did not come, and signed nothing")]
    TouchMissed,
    /// The service that reaches smart cards cannot be asked.
    #[error("the smart card service pcscd does not answer: {reason}")]
    NoCardService {
        /// What its library said.
        reason: String,
    },
    /// The service that reaches smart cards is elsewhere, and its process was not told where.
    #[error("pcscd was not reached: {variable} is set here, and was not passed on")]
    SocketNotPassed {
        /// The variable that says where.
        variable: String,
    },
    /// The service that reaches smart cards hangs, or waits for another program to be done with a card.
    #[error(
        "the smart card service pcscd gave no answer within {seconds} s: it hangs, or another program keeps a card busy"
    )]
    CardServiceHung {
        /// The deadline.
        seconds: u64,
    },
    /// A card that another program has for itself alone.
    #[error("the card in the reader \"{reader}\" is held by another program")]
    CardHeld {
        /// The reader.
        reader: String,
    },
    /// The signature has an impossible length.
    #[error("the token returned a signature of {got} bytes where {expected} are due")]
    SignatureLength {
        /// Bytes that the scheme has.
        expected: usize,
        /// Bytes that came.
        got: usize,
    },
    /// Any other PKCS#11 error.
    #[error("the module answered {name}{} {during}{}", number_words(*number), meaning_words(name, *number))]
    Other {
        /// What was asked.
        during: Call,
        /// The code's name, such as `CKR_DEVICE_ERROR`.
        name: String,
        /// The code's number, where it has one.
        number: Option<u64>,
    },
}

fn names(tokens: &[TokenName]) -> String {
    tokens.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn present_words(tokens: &[TokenName]) -> String {
    if tokens.is_empty() { "no token is there".into() } else { format!("there are: {}", names(tokens)) }
}

fn most_words(most: Option<usize>) -> String {
    most.map_or_else(|| "less".to_owned(), |most| format!("at most {most} bytes"))
}

fn puk_words(left: Option<u8>) -> String {
    match left {
        None => "it does not tell how many tries are left".into(),
        Some(0) => "the PUK is locked".into(),
        Some(1) => "the token reports that one try is left".into(),
        Some(left) => format!("the token reports that {left} tries are left"),
    }
}

fn number_words(number: Option<u64>) -> String {
    number.map(|n| format!(" ({n:#x})")).unwrap_or_default()
}

/// What a code of PKCS#11 says, in words; other codes bring their own.
fn meaning_words(name: &str, number: Option<u64>) -> String {
    let Some(meaning) = number.map(meaning).filter(|meaning| meaning.name == name) else {
        return String::new();
    };
    format!(": {}", meaning.words)
}

#[cfg(test)]
mod tests;

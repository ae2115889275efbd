//! What a module says about itself, its slots, the tokens in them and their public keys.
//!
//! Plain facts as the module reported them, nothing judged: a label may lie, a flag may be missing. Lists are
//! cut by the child (see `pkcs11`), strings are at most a frame long.

use serde::{Deserialize, Serialize};
use tuf_ceremony::key::{Fingerprint, PublicKey, Scheme};
use tuf_ceremony::signable::Signable;

use super::fault::TokenFault;
pub use super::name::TokenName;
use super::scheme::SignScheme;

/// Bytes of a message in the buffer of a PIV card, its framing taken off.
pub(super) const PIV_MESSAGE: usize = 1014;

/// A PKCS#11 module about itself (`CK_INFO`, PKCS#11 v3.0 3.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModuleFacts {
    /// Manufacturer of the library.
    pub manufacturer: String,
    /// Description of the library.
    pub description: String,
    /// Version of the library: major, minor.
    pub version: (u8, u8),
}

/// One slot with a token in it (`CK_SLOT_INFO`, PKCS#11 v3.0 3.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlotFacts {
    /// The module's number for the slot; may differ in the next run.
    pub slot: u64,
    /// Description of the slot.
    pub description: String,
    /// Manufacturer of the slot.
    pub manufacturer: String,
    /// Whether the module claims a hardware slot (`CKF_HW_SLOT`).
    pub hardware: bool,
    /// Its token; `None` when the module could not tell (a malformed clock is enough), so that it can still be
    /// chosen by `slot-id`.
    pub token: Option<TokenFacts>,
    /// Public keys readable without a PIN.
    pub keys: Vec<TokenKey>,
    /// Why something above is missing, in the module's terms.
    pub trouble: Option<String>,
}

/// Whether this tells a token from others: some modules give each of theirs none, or zeros.
pub(super) fn is_serial(text: &str) -> bool {
    text.bytes().any(|byte| byte != b'0')
}

/// The word of PC/SC for a card that another program has for itself.
pub(super) const CARD_HELD: &str = "SCARD_E_SHARING_VIOLATION";

impl SlotFacts {
    /// The reader of a card that another program has for itself: such a card tells nothing.
    #[must_use]
    pub fn held_in(&self) -> Option<String> {
        let is_held = self.is_card() && self.trouble.as_deref().is_some_and(|why| why.contains(CARD_HELD));
        is_held.then(|| self.description.clone())
    }

    /// Whether the token told its label, serial and flags.
    #[must_use]
    pub fn readable(&self) -> bool {
        self.token.is_some()
    }

    /// What to call the token: its name, or the slot when it has none to tell.
    #[must_use]
    pub fn name(&self) -> TokenName {
        TokenName::of(self.token.as_ref(), self.slot)
    }
}

impl SlotFacts {
    /// The serial by which its token is told from others. One without a serial is like no other, and so is one whose serial is
    /// all zeros, as OpenSC's module gives to every card.
    #[must_use]
    pub fn serial(&self) -> Option<&str> {
        self.token.as_ref().map(|token| token.serial.as_str()).filter(|serial| is_serial(serial))
    }

    /// Whether two slots hold the same token: by its serial.
    #[must_use]
    pub fn is_same_token(&self, other: &SlotFacts) -> bool {
        self.serial().is_some_and(|serial| other.serial() == Some(serial))
    }

    /// Whether its token is a PIV card, by the names under which modules show such cards.
    #[must_use]
    pub fn is_piv(&self) -> bool {
        self.token.as_ref().is_some_and(TokenFacts::is_piv)
    }

    /// Most bytes of a message that the token signs in this way, where that is known and fewer than a root has.
    #[must_use]
    pub fn most_of(&self, scheme: SignScheme) -> Option<usize> {
        let most = self.token.as_ref().and_then(TokenFacts::longest_whole_message);
        most.filter(|_| scheme == SignScheme::Ed25519)
    }

    /// Whether the token can be given what is to be signed, as far as it is known before any PIN. A token that hashes
    /// nothing is given the whole message under Ed25519, and PIV cards have room for 1,014 bytes of it.
    ///
    /// # Errors
    /// [`TokenFault::TooLongForToken`].
    pub fn takes(&self, scheme: SignScheme, signable: &Signable<'_>) -> Result<(), TokenFault> {
        let length = usize::try_from(signable.length()).unwrap_or(usize::MAX);
        match self.most_of(scheme) {
            Some(most) if length > most => Err(TokenFault::TooLongForToken { length, most: Some(most) }),
            _ => Ok(()),
        }
    }
}

/// One token (`CK_TOKEN_INFO`, PKCS#11 v3.0 3.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenFacts {
    /// Label given when the token was initialised.
    pub label: String,
    /// Manufacturer of the token.
    pub manufacturer: String,
    /// Model of the token.
    pub model: String,
    /// Serial number of the token.
    pub serial: String,
    /// Version of its hardware, where it tells one.
    pub hardware_version: Option<String>,
    /// Version of its firmware, where it tells one.
    pub firmware: Option<String>,
    /// `CKF_TOKEN_INITIALIZED`.
    pub initialized: bool,
    /// `CKF_LOGIN_REQUIRED`.
    pub login_required: bool,
    /// `CKF_USER_PIN_INITIALIZED`.
    pub pin_initialized: bool,
    /// `CKF_USER_PIN_TO_BE_CHANGED`.
    pub pin_to_be_changed: bool,
    /// Whether nothing unblocks its PIN any more, because its PUK is locked as well; where the token tells.
    pub puk_locked: bool,
    /// `CKF_PROTECTED_AUTHENTICATION_PATH`: the PIN goes into the token's own keypad.
    pub keypad: bool,
    /// What the flags say about the tries left.
    pub tries: PinTries,
    /// Shortest PIN in bytes.
    pub pin_min: usize,
    /// Longest PIN in bytes; 0 when the token does not say.
    pub pin_max: usize,
}

impl TokenFacts {
    /// Whether it was set up, and has neither a label nor a serial by which it could be named.
    #[must_use]
    pub fn is_nameless(&self) -> bool {
        self.initialized && self.label.is_empty() && self.serial.is_empty()
    }

    /// Whether a PIN of `length` bytes is possible for this token at all. Limits that contradict each other
    /// count as not stated.
    #[must_use]
    pub fn allows_pin_length(&self, length: usize) -> bool {
        let stated = self.pin_max >= self.pin_min && self.pin_max > 0;
        length > 0 && (!stated || (self.pin_min..=self.pin_max).contains(&length))
    }
}

impl TokenFacts {
    /// Most bytes of a message that the token takes whole, where that is known: PIV cards sign Ed25519 out of a buffer of
    /// 1,024 bytes.
    fn longest_whole_message(&self) -> Option<usize> {
        self.is_piv().then_some(PIV_MESSAGE)
    }

    /// Told by the names under which PIV modules show such cards.
    fn is_piv(&self) -> bool {
        let names = [&self.model, &self.manufacturer].map(|name| name.to_ascii_lowercase());
        names.iter().any(|name| name.contains("yubikey") || name.contains("piv"))
    }
}

/// How many PIN tries are left, as far as a token says it: PKCS#11 has flags for it, which some tokens never set; PIV cards
/// give the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PinTries {
    /// No flag is set: all tries are there, or the token does not tell.
    Unsaid,
    /// `CKF_USER_PIN_COUNT_LOW`: at least one wrong PIN since the last right one.
    Low,
    /// `CKF_USER_PIN_FINAL_TRY`: the next wrong PIN locks the token.
    Last,
    /// So many, and more than one.
    Left(u8),
    /// `CKF_USER_PIN_LOCKED`: no PIN is accepted any more.
    Locked,
}

impl std::fmt::Display for PinTries {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Left(number) => return write!(f, "the token reports that {number} tries are left"),
            Self::Unsaid => "the token reports no failed try",
            Self::Low => "the token reports at least one failed try and does not say how many are left",
            Self::Last => "the token reports that one try is left",
            Self::Locked => "the token reports that its PIN is locked",
        })
    }
}

/// One public key on a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenKey {
    /// What kind of key it is.
    pub kind: KeyKind,
    /// 32 raw bytes for Ed25519, the uncompressed SEC 1 point for EC, DER `RSAPublicKey` for RSA, the
    /// encoding of FIPS 204 for ML-DSA, empty for kinds this program does not know.
    #[serde(with = "hex::serde")]
    pub public: Vec<u8>,
    /// `CKA_LABEL`.
    pub label: String,
    /// `CKA_ID`.
    #[serde(with = "hex::serde")]
    pub id: Vec<u8>,
    /// `CKA_ALWAYS_AUTHENTICATE` of the private key; `None` before login or when the token does not say.
    pub always_authenticate: Option<bool>,
    /// Whether exactly this key's private half is there; `None` before login.
    pub has_private: Option<bool>,
    /// Whether it waits for a touch before it signs; `None` where nothing tells, as in PKCS#11.
    pub touch: Option<bool>,
}

impl TokenKey {
    /// The public key, if it is of a kind that can stand in metadata and is sound enough to count there.
    #[must_use]
    pub fn public_key(&self) -> Option<PublicKey> {
        let read = match self.kind {
            KeyKind::Ed25519 => PublicKey::from_raw_ed25519(self.public.as_slice().try_into().ok()?),
            KeyKind::EcP256 => PublicKey::from_ec_point(Scheme::EcdsaP256Sha256, &self.public),
            KeyKind::EcP384 => PublicKey::from_ec_point(Scheme::EcdsaP384Sha384, &self.public),
            KeyKind::Rsa { .. } => PublicKey::from_rsa_der(Scheme::RsaPssSha256, &self.public),
            KeyKind::MlDsa44 => PublicKey::from_raw_ml_dsa(Scheme::MlDsa44, &self.public),
            KeyKind::MlDsa65 => PublicKey::from_raw_ml_dsa(Scheme::MlDsa65, &self.public),
            KeyKind::MlDsa87 => PublicKey::from_raw_ml_dsa(Scheme::MlDsa87, &self.public),
            KeyKind::Attestation | KeyKind::Other(_) => return None,
        };
        read.ok()
    }

    /// What makes it the same key through whatever driver it is seen.
    #[must_use]
    pub fn fingerprint(&self) -> Option<Fingerprint> {
        self.public_key().map(|key| key.fingerprint())
    }
}

/// Kinds of keys, by what a verifier needs to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyKind {
    /// Edwards curve 25519, pure EdDSA.
    Ed25519,
    /// NIST P-256.
    EcP256,
    /// NIST P-384.
    EcP384,
    /// RSA with this many bits in the modulus.
    Rsa {
        /// Bits of the modulus.
        bits: usize,
    },
    /// ML-DSA-44 (FIPS 204).
    MlDsa44,
    /// ML-DSA-65.
    MlDsa65,
    /// ML-DSA-87.
    MlDsa87,
    /// A card's own, with which it attests the others and nobody signs.
    Attestation,
    /// Anything else, in the module's terms.
    Other(String),
}

impl std::fmt::Display for KeyKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Ed25519 => f.write_str("Ed25519"),
            Self::EcP256 => f.write_str("ECDSA P-256"),
            Self::EcP384 => f.write_str("ECDSA P-384"),
            Self::Rsa { bits } => write!(f, "RSA {bits}"),
            Self::MlDsa44 => f.write_str("ML-DSA-44"),
            Self::MlDsa65 => f.write_str("ML-DSA-65"),
            Self::MlDsa87 => f.write_str("ML-DSA-87"),
            Self::Attestation => f.write_str("attestation"),
            Self::Other(what) => write!(f, "unknown kind ({what})"),
        }
    }
}

/// What a login showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoginFacts {
    /// The flags as they were just before the PIN was sent; `None` for a token that cannot be read.
    pub before: Option<PinTries>,
    /// The module said the user was logged in already (`CKR_USER_ALREADY_LOGGED_IN`): the PIN was not judged.
    pub already: bool,
    /// The public keys once more, now with what a login reveals.
    pub keys: Vec<TokenKey>,
}

#[cfg(test)]
pub(super) mod tests;

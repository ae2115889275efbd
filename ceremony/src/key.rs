//! Public keys, their schemes and their signatures: reads the three parts of a TUF key object (TUF 4.2), refuses
//! weak and contradictory keys with a reason, and judges one signature over one message. A [`PublicKey`] that
//! exists is fit to judge with. This room knows no documents, counts nothing, and holds no private key.

pub mod encoding;
pub mod keyid;
pub mod strength;

mod fingerprint;
mod material;
mod object;
mod pem;
mod scheme;
mod verify;

use std::fmt;

use crate::limits::PUBLIC_KEY_TEXT;

use material::{Material, Unfit};

pub use fingerprint::{Fingerprint, NotAFingerprint};
pub use object::{NotForNewKeys, new_key_object};
pub use scheme::{Scheme, UnknownScheme};
pub use verify::tap21_message;

/// A sound public key and the scheme under which its signatures are judged.
#[derive(Clone)]
pub struct PublicKey {
    material: Material,
    scheme: Scheme,
    spki: Vec<u8>,
    fingerprint: Fingerprint,
}

/// The bytes a signature stands over, given in pieces, so that a payload of 300 MB needs no second buffer.
pub trait Message {
    /// Gives the whole message to `sink`, in order, each time it is called. Where the pieces are cut is free.
    fn feed(&self, sink: &mut dyn FnMut(&[u8]));
}

/// Why a key object gives no [`PublicKey`]. Texts from the object are shown escaped.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyProblem {
    /// No scheme of this tool stands under these words. The key is carried and shown, and never counted.
    #[error("{}", unknown_scheme(.keytype, .scheme.as_deref()))]
    UnknownScheme {
        /// `keytype` as given, its first 200 characters.
        keytype: String,
        /// `scheme` as given, its first 200 characters; `None` for keys of TUF 0.9, which have none.
        scheme: Option<String>,
    },
    /// The parts are known one by one and contradict each other.
    #[error("the key does not fit keytype {keytype:?} and scheme {scheme:?}: {why}")]
    Mismatch {
        /// `keytype` as given.
        keytype: String,
        /// `scheme` as given.
        scheme: String,
        /// What contradicts what, as a clause.
        why: String,
    },
    /// Others than the keyholder can sign for this key.
    #[error("the key is weak: {why}")]
    Weak {
        /// In what way, as a clause.
        why: String,
    },
    /// The public part is no key.
    #[error("the key cannot be read: {why}")]
    Malformed {
        /// What is wrong, as a clause.
        why: String,
    },
}

fn unknown_scheme(keytype: &str, scheme: Option<&str>) -> String {
    match scheme {
        Some(scheme) => format!("this tool does not know keytype {keytype:?} with scheme {scheme:?}"),
        None => format!("the key of keytype {keytype:?} names no scheme"),
    }
}

impl KeyProblem {
    /// The word that tallies and reports give an entry under such a key: `unknown-scheme`, `weak-key`, or
    /// `malformed`, which covers keys that contradict themselves.
    pub fn verdict(&self) -> &'static str {
        match self {
            Self::UnknownScheme { .. } => "unknown-scheme",
            Self::Weak { .. } => "weak-key",
            Self::Mismatch { .. } | Self::Malformed { .. } => "malformed",
        }
    }
}

/// Why a signature does not count for a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureProblem {
    /// An empty string: a place kept for a signature (TUF-INTEROP 4), never one.
    #[error("the signature is empty, a place kept for one")]
    Empty,
    /// Bytes that are no signature of the scheme, whatever the message.
    #[error("the signature is malformed: {why}")]
    Malformed {
        /// What is wrong, as a clause.
        why: &'static str,
    },
    /// A well-formed signature by another key or over another message.
    #[error("the signature is not by this key over this message")]
    Wrong,
}

impl SignatureProblem {
    /// The word that tallies and reports give the entry: `empty`, `malformed` or `bad-signature`.
    pub fn verdict(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Malformed { .. } => "malformed",
            Self::Wrong => "bad-signature",
        }
    }
}

impl PublicKey {
    /// Reads the three parts of a key object; `public` is the decoded text of `keyval.public`.
    ///
    /// # Errors
    /// [`KeyProblem`]: the caller keeps the object, shows the reason, and counts nothing under it. A missing scheme
    /// is an unknown one: TUF 0.9 named the method in the signature, and guessing would count what no client does.
    pub fn read(keytype: &str, scheme: Option<&str>, public: &str) -> Result<Self, KeyProblem> {
        let unknown = || KeyProblem::UnknownScheme { keytype: cut(keytype), scheme: scheme.map(cut) };
        let known: Scheme = scheme.ok_or_else(unknown)?.parse().map_err(|_| unknown())?;
        if !known.keytypes().contains(&keytype) {
            if !Scheme::some_stands_under(keytype) {
                return Err(unknown());
            }
            let why = format!("the scheme belongs to keytype {}", known.keytypes().join(" or "));
            return Err(mismatch(keytype, known, why));
        }
        Self::judged(keytype, known, Material::from_text(known.algorithm(), public))
    }

    /// Reads a DER `SubjectPublicKeyInfo` (RFC 5280 4.1.2.7), as tokens, certificates and PEM files hold it.
    ///
    /// # Errors
    /// [`KeyProblem`] as for [`PublicKey::read`]; never `UnknownScheme`.
    pub fn from_spki_der(der: &[u8], scheme: Scheme) -> Result<Self, KeyProblem> {
        Self::judged(scheme.keytype(), scheme, Material::from_spki(scheme.algorithm(), der))
    }

    /// Reads one PEM block of label `PUBLIC KEY`, for any scheme; metadata holds Ed25519 keys as hex instead.
    ///
    /// # Errors
    /// [`KeyProblem`] as for [`PublicKey::from_spki_der`].
    pub fn from_spki_pem(text: &str, scheme: Scheme) -> Result<Self, KeyProblem> {
        let malformed = |why: &str| KeyProblem::Malformed { why: why.to_owned() };
        if !PUBLIC_KEY_TEXT.allows(text.len()) {
            return Err(malformed("the PEM text is longer than any public key"));
        }
        match pem::open(text) {
            Ok(("PUBLIC KEY", der)) => Self::from_spki_der(&der, scheme),
            Ok(_) => Err(malformed("the PEM text does not hold a PUBLIC KEY")),
            Err(why) => Err(malformed(why)),
        }
    }

    /// The 32 bytes of an Ed25519 key (RFC 8032 5.1.5), as a token gives them.
    ///
    /// # Errors
    /// [`KeyProblem::Weak`] for points of small order, [`KeyProblem::Malformed`] for what is no point.
    pub fn from_raw_ed25519(bytes: &[u8; 32]) -> Result<Self, KeyProblem> {
        Self::judged(Scheme::Ed25519.keytype(), Scheme::Ed25519, Material::ed25519(bytes))
    }

    /// An uncompressed point, `04 || x || y`, out of the OCTET STRING in which PKCS#11 wraps `CKA_EC_POINT`.
    ///
    /// # Errors
    /// [`KeyProblem::Mismatch`] for a point of another curve's size or a scheme that is not ECDSA,
    /// [`KeyProblem::Malformed`] for what is no point of the curve.
    pub fn from_ec_point(scheme: Scheme, point: &[u8]) -> Result<Self, KeyProblem> {
        Self::judged(scheme.keytype(), scheme, Material::uncompressed_point(scheme.algorithm(), point))
    }

    /// A DER `RSAPublicKey` (RFC 8017 A.1.1), as modulus and exponent of a token make it.
    ///
    /// # Errors
    /// [`KeyProblem::Mismatch`] for a scheme that is not RSA, [`KeyProblem::Weak`] and [`KeyProblem::Malformed`] as for
    /// every RSA key.
    pub fn from_rsa_der(scheme: Scheme, der: &[u8]) -> Result<Self, KeyProblem> {
        Self::judged(scheme.keytype(), scheme, Material::from_rsa_der(scheme.algorithm(), der))
    }

    /// An encoded ML-DSA public key (FIPS 204 algorithm 22), as a token gives it in `CKA_VALUE`.
    ///
    /// # Errors
    /// [`KeyProblem::Mismatch`] for a scheme that is not ML-DSA, [`KeyProblem::Malformed`] for another length than the
    /// scheme's, [`KeyProblem::Weak`] for a key for which anyone can sign.
    pub fn from_raw_ml_dsa(scheme: Scheme, bytes: &[u8]) -> Result<Self, KeyProblem> {
        Self::judged(scheme.keytype(), scheme, Material::ml_dsa(scheme.algorithm(), bytes))
    }

    fn judged(keytype: &str, scheme: Scheme, material: Result<Material, Unfit>) -> Result<Self, KeyProblem> {
        let material = material.map_err(|unfit| match unfit {
            Unfit::Other(why) => mismatch(keytype, scheme, why),
            Unfit::Weak(why) => KeyProblem::Weak { why },
            Unfit::Malformed(why) => KeyProblem::Malformed { why },
        })?;
        let spki = material.to_spki();
        let fingerprint = Fingerprint::of_spki(&spki);
        Ok(Self { material, scheme, spki, fingerprint })
    }

    /// What makes this the same public key as another, whatever ids, spellings and schemes they stand under.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// The scheme under which signatures are judged.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The key in its canonical DER form, however it was given.
    pub fn spki_der(&self) -> &[u8] {
        &self.spki
    }

    /// `keyval.public` as it is written for a new key: hex for Ed25519, else PEM with a final newline.
    pub fn public_text(&self) -> String {
        match &self.material {
            Material::Ed25519(key) => hex::encode(key.as_bytes()),
            _ => pem::write(&self.spki),
        }
    }

    /// The key as one PEM block of label `PUBLIC KEY`, for any scheme: what [`PublicKey::from_spki_pem`] reads.
    pub fn spki_pem(&self) -> String {
        pem::write(&self.spki)
    }

    /// Bits of the RSA modulus or of the curve's field; `None` for ML-DSA, which has no such number.
    pub fn bits(&self) -> Option<u32> {
        self.material.bits()
    }

    /// What kind of key it is, for people: `Ed25519`, `ECDSA P-256`, `RSA 3072`, `ML-DSA-65`.
    pub fn kind(&self) -> String {
        match (&self.material, self.bits()) {
            (Material::Rsa(_), Some(bits)) => format!("RSA {bits}"),
            _ => self.scheme.algorithm().name().to_owned(),
        }
    }

    /// Judges a signature over a message, by the rules in `docs/spec/keys.md`. The message is fed once; time beyond
    /// hashing it is constant.
    ///
    /// # Errors
    /// [`SignatureProblem`]: the entry does not count for this key. `Empty` is returned for no bytes at all.
    pub fn verify(&self, message: &dyn Message, signature: &[u8]) -> Result<(), SignatureProblem> {
        if signature.is_empty() {
            return Err(SignatureProblem::Empty);
        }
        verify::verify(&self.material, self.scheme, message, signature)
    }
}

/// A problem is told again for every role that lists the key, so it does not carry megabytes.
fn cut(word: &str) -> String {
    word.chars().take(200).collect()
}

fn mismatch(keytype: &str, scheme: Scheme, why: String) -> KeyProblem {
    KeyProblem::Mismatch { keytype: cut(keytype), scheme: scheme.name().to_owned(), why }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({}, {})", self.scheme, self.fingerprint)
    }
}

impl Message for &[u8] {
    fn feed(&self, sink: &mut dyn FnMut(&[u8])) {
        sink(self);
    }
}

impl Message for Vec<u8> {
    fn feed(&self, sink: &mut dyn FnMut(&[u8])) {
        sink(self);
    }
}

impl<const N: usize> Message for [u8; N] {
    fn feed(&self, sink: &mut dyn FnMut(&[u8])) {
        sink(self);
    }
}

//! A private key in a file (`docs/spec/key-file.md`): the public half in plain, the private half as PKCS#8 under a passphrase
//! (PBES2). For online roles and rehearsals only; who may use one is judged elsewhere.
//!
//! Promises: a private half that is not encrypted is refused unread; what a file asks of memory and time is capped before any
//! passphrase is; an opened key is wiped when it goes, and so is every text on the way to it. Deliberately not here: RSA, and
//! where passphrases come from.

use ed25519_dalek::pkcs8::KeypairBytes;
use p256::ecdsa::signature::Signer as _;
use pkcs8::pkcs5::pbes2::{self, EncryptionScheme as Cipher, Kdf};
use pkcs8::pkcs5::scrypt;
use pkcs8::{
    EncodePrivateKey as _, EncryptedPrivateKeyInfoRef, LineEnding, ObjectIdentifier, PrivateKeyInfoRef,
    SecretDocument, der,
};
use tuf_ceremony::key::{Fingerprint, PublicKey, Scheme};
use tuf_ceremony::signable::Signable;
use zeroize::{Zeroize as _, Zeroizing};

use crate::pin::Pin;

/// Most bytes of a key file.
pub const MOST: u64 = 16 * 1024;

/// Fewest bytes of the passphrase of a new file.
pub const FEWEST: usize = 8;

/// What a file may ask for at most: memory in bytes, and rounds.
const MOST_MEMORY: u64 = 256 * 1024 * 1024;
const MOST_ROUNDS: u32 = 10_000_000;

const PUBLIC: &str = "PUBLIC KEY";
const ENCRYPTED: &str = "ENCRYPTED PRIVATE KEY";

/// The schemes for which there are key files.
pub const SCHEMES: [Scheme; 3] = [Scheme::Ed25519, Scheme::EcdsaP256Sha256, Scheme::EcdsaP384Sha384];

/// Why a key file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileFault {
    /// The private half lies open.
    #[error("its private key is not encrypted")]
    Unencrypted,
    /// It is not such a file.
    #[error("it is no key file: {why}")]
    NotAKeyFile {
        /// What is wrong.
        why: &'static str,
    },
    /// Encrypted in a way that this version does not open.
    #[error(
        "it is encrypted in a way that this version does not open; PBES2 with scrypt or PBKDF2 and AES is"
    )]
    Encryption,
    /// It asks for more memory or time than anything sane.
    #[error("it asks for {what} to be opened, which is more than is given")]
    TooCostly {
        /// How much of what.
        what: String,
    },
    /// The passphrase does not open it, or it was damaged.
    #[error("the passphrase does not open it, or the file is damaged")]
    WrongPassphrase,
    /// The private half is of another key than the public one.
    #[error("its private key belongs to another public key than the one that stands in it")]
    OtherKey,
    /// A new passphrase that is too short.
    #[error("the passphrase has fewer than {FEWEST} characters")]
    ShortPassphrase,
    /// A key that could not be made.
    #[error("no key could be made: {why}")]
    NotMade {
        /// Why.
        why: String,
    },
}

/// A key file, closed.
#[derive(Clone)]
pub struct KeyFile {
    public: PublicKey,
    sealed: Vec<u8>,
}

/// An opened key; wiped when it goes.
pub struct OpenKey(Private);

enum Private {
    Ed25519(Box<ed25519_dalek::SigningKey>),
    P256(Box<p256::ecdsa::SigningKey>),
    P384(Box<p384::ecdsa::SigningKey>),
}

impl KeyFile {
    /// Reads a key file without opening it.
    ///
    /// # Errors
    /// [`KeyFileFault`]; no passphrase was involved.
    pub fn read(text: &str) -> Result<KeyFile, KeyFileFault> {
        let no = |why| KeyFileFault::NotAKeyFile { why };
        let labels: Vec<&str> = text
            .lines()
            .filter_map(|line| line.trim().strip_prefix("-----BEGIN ")?.strip_suffix("-----"))
            .collect();
        if labels.iter().any(|label| label.ends_with("PRIVATE KEY") && *label != ENCRYPTED) {
            return Err(KeyFileFault::Unencrypted);
        }
        if labels != [PUBLIC, ENCRYPTED] {
            return Err(no("it does not hold one public key and then one encrypted private key, as PEM"));
        }
        let at = text.find("-----BEGIN ENCRYPTED").ok_or(no("the second part does not begin on a line"))?;
        let (public, private) = text.split_at(at);
        let read = |scheme: &Scheme| PublicKey::from_spki_pem(public, *scheme).ok();
        let public = SCHEMES.iter().find_map(read);
        let public = public.ok_or(no("its public key is not Ed25519, P-256 or P-384"))?;
        let cut = || no("its encrypted private key is cut off or damaged");
        let (_, sealed) = der::Document::from_pem(private.trim()).map_err(|_| cut())?;
        let file = KeyFile { public, sealed: sealed.as_bytes().to_vec() };
        affordable(&file.info().map_err(|_| cut())?)?;
        Ok(file)
    }

    /// A new key under a passphrase, and its file's text. `chance` gives 32 bytes that nobody can guess at each call.
    ///
    /// # Errors
    /// When the passphrase is too short, the scheme has no files, or there is no chance.
    pub fn make(
        scheme: Scheme,
        passphrase: &Pin,
        mut chance: impl FnMut() -> Result<[u8; 32], String>,
    ) -> Result<(KeyFile, String), KeyFileFault> {
        if passphrase.len() < FEWEST {
            return Err(KeyFileFault::ShortPassphrase);
        }
        let failed = |why: String| KeyFileFault::NotMade { why };
        let plain = private(scheme, &mut chance)?;
        let (salt, vector) = (chance().map_err(failed)?, chance().map_err(failed)?);
        let mut iv = [0_u8; 16];
        iv.copy_from_slice(&vector[..16]);
        // As costly as OWASP asks, with no more memory than OpenSSL gives.
        let cost = scrypt::Params::new(14, 8, 5).map_err(|fault| failed(fault.to_string()))?;
        let how = pbes2::Parameters::generate_scrypt_aes256cbc(cost, &salt[..16], iv);
        let how = how.map_err(|fault| failed(fault.to_string()))?;
        let info =
            PrivateKeyInfoRef::try_from(plain.as_bytes()).map_err(|fault| failed(fault.to_string()))?;
        let sealed = info.encrypt_with_params(how, passphrase.bytes()).map_err(|f| failed(f.to_string()))?;
        let pem = sealed.to_pem(ENCRYPTED, LineEnding::LF).map_err(|fault| failed(fault.to_string()))?;
        let open = OpenKey::of(&info)?;
        let text = format!("{}{}", open.public(scheme)?.spki_pem(), pem.as_str());
        let file = KeyFile::read(&text)?;
        Ok((file, text))
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// What makes it the same key wherever it is seen.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        self.public.fingerprint()
    }

    /// Opens the private half. The passphrase is wiped when it goes.
    ///
    /// # Errors
    /// [`KeyFileFault::WrongPassphrase`], or [`KeyFileFault::OtherKey`] for halves that do not belong together.
    pub fn open(&self, passphrase: &Pin) -> Result<OpenKey, KeyFileFault> {
        let plain = self.info()?.decrypt(passphrase.bytes()).map_err(|_| KeyFileFault::WrongPassphrase)?;
        let info =
            PrivateKeyInfoRef::try_from(plain.as_bytes()).map_err(|_| KeyFileFault::WrongPassphrase)?;
        let open = OpenKey::of(&info)?;
        if open.public(self.public.scheme())?.fingerprint() != self.fingerprint() {
            return Err(KeyFileFault::OtherKey);
        }
        Ok(open)
    }

    fn info(&self) -> Result<EncryptedPrivateKeyInfoRef<'_>, KeyFileFault> {
        EncryptedPrivateKeyInfoRef::try_from(self.sealed.as_slice()).map_err(|_| KeyFileFault::Encryption)
    }
}

impl OpenKey {
    fn of(info: &PrivateKeyInfoRef<'_>) -> Result<OpenKey, KeyFileFault> {
        let no = || KeyFileFault::NotAKeyFile { why: "what is encrypted is no Ed25519, P-256 or P-384 key" };
        const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
        if info.algorithm.oid == ED25519 {
            let key = ed25519_dalek::SigningKey::try_from(info.clone()).map_err(|_| no())?;
            return Ok(OpenKey(Private::Ed25519(Box::new(key))));
        }
        if let Ok(key) = p256::SecretKey::try_from(info.clone()) {
            return Ok(OpenKey(Private::P256(Box::new(key.into()))));
        }
        let key = p384::SecretKey::try_from(info.clone()).map_err(|_| no())?;
        Ok(OpenKey(Private::P384(Box::new(key.into()))))
    }

    /// The public half that belongs to it.
    fn public(&self, scheme: Scheme) -> Result<PublicKey, KeyFileFault> {
        let other = |_| KeyFileFault::OtherKey;
        match &self.0 {
            Private::Ed25519(key) => {
                PublicKey::from_raw_ed25519(key.verifying_key().as_bytes()).map_err(other)
            }
            Private::P256(key) => {
                PublicKey::from_ec_point(scheme, key.verifying_key().to_sec1_point(false).as_bytes())
                    .map_err(other)
            }
            Private::P384(key) => {
                PublicKey::from_ec_point(scheme, key.verifying_key().to_sec1_point(false).as_bytes())
                    .map_err(other)
            }
        }
    }

    /// A signature as metadata carries it. ECDSA is deterministic (RFC 6979).
    #[must_use]
    pub fn sign(&self, signable: &Signable<'_>) -> Vec<u8> {
        let message = signable.message();
        match &self.0 {
            Private::Ed25519(key) => key.sign(&message).to_bytes().to_vec(),
            Private::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(&message);
                signature.to_der().as_bytes().to_vec()
            }
            Private::P384(key) => {
                let signature: p384::ecdsa::Signature = key.sign(&message);
                signature.to_der().as_bytes().to_vec()
            }
        }
    }
}

/// A new private key as PKCS#8.
fn private(
    scheme: Scheme,
    chance: &mut impl FnMut() -> Result<[u8; 32], String>,
) -> Result<SecretDocument, KeyFileFault> {
    let failed = |why: String| KeyFileFault::NotMade { why };
    let mut draw = || Ok::<_, KeyFileFault>(Zeroizing::new(chance().map_err(failed)?));
    // Numbers beyond a curve's order are drawn anew; that happens once in 2^32 draws.
    let made = match scheme {
        Scheme::Ed25519 => {
            let mut pair = KeypairBytes { secret_key: *draw()?, public_key: None };
            let made = pair.to_pkcs8_der();
            pair.secret_key.zeroize();
            made
        }
        Scheme::EcdsaP256Sha256 => loop {
            if let Ok(key) = p256::SecretKey::from_slice(&*draw()?) {
                break key.to_pkcs8_der();
            }
        },
        Scheme::EcdsaP384Sha384 => loop {
            let mut long = Zeroizing::new([0_u8; 48]);
            long[..32].copy_from_slice(&*draw()?);
            long[32..].copy_from_slice(&draw()?[..16]);
            if let Ok(key) = p384::SecretKey::from_slice(&*long) {
                break key.to_pkcs8_der();
            }
        },
        other => return Err(failed(format!("there are no key files for {other}"))),
    };
    made.map_err(|fault| failed(fault.to_string()))
}

/// What a file asks for is judged before a passphrase is asked for: a file from elsewhere could ask for all memory there is.
fn affordable(info: &EncryptedPrivateKeyInfoRef<'_>) -> Result<(), KeyFileFault> {
    let how = info.encryption_algorithm.pbes2().ok_or(KeyFileFault::Encryption)?;
    if !matches!(
        how.encryption,
        Cipher::Aes128Cbc { .. } | Cipher::Aes192Cbc { .. } | Cipher::Aes256Cbc { .. }
    ) {
        return Err(KeyFileFault::Encryption);
    }
    match &how.kdf {
        Kdf::Scrypt(asked) => {
            let (n, r, p) =
                (asked.cost_parameter, u64::from(asked.block_size), u64::from(asked.parallelization));
            let memory = n.saturating_mul(128 * r);
            if memory > MOST_MEMORY || p > 64 {
                let what = format!("{memory} bytes of memory, {p} times");
                return Err(KeyFileFault::TooCostly { what });
            }
        }
        Kdf::Pbkdf2(asked) if asked.iteration_count > MOST_ROUNDS => {
            return Err(KeyFileFault::TooCostly { what: format!("{} rounds", asked.iteration_count) });
        }
        Kdf::Pbkdf2(_) => {}
        _ => return Err(KeyFileFault::Encryption),
    }
    Ok(())
}

#[cfg(test)]
mod tests;

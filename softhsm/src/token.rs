//! The work on a token itself, in the process that has `SOFTHSM2_CONF` set.
//!
//! Tokens are found by label: SoftHSM2 gives a token another slot number once it is initialised.

use std::fmt;
use std::path::Path;

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::Error;
use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, KeyType, ObjectClass};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::Slot;
use cryptoki::types::AuthPin;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::DecodePrivateKey as _;
use p256::elliptic_curve::sec1::ToSec1Point as _;

/// DER of the curves' names, for `CKA_EC_PARAMS`; SoftHSM2 takes the PrintableString for Edwards 25519.
const P256_PARAMETERS: &[u8] = &[0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
const P384_PARAMETERS: &[u8] = &[0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22];
const ED25519_PARAMETERS: &[u8] = b"\x13\x0cedwards25519";

/// What a throwaway key can be: the curve that it is on, or RSA with its bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Curve {
    /// Edwards 25519.
    Ed25519,
    /// NIST P-256.
    P256,
    /// NIST P-384.
    P384,
    /// RSA with 2048 bits: the shortest that counts, and quick to make.
    Rsa2048,
    /// RSA with 1024 bits: too short to count.
    Rsa1024,
}

impl fmt::Display for Curve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ed25519 => "ed25519",
            Self::P256 => "p256",
            Self::P384 => "p384",
            Self::Rsa2048 => "rsa2048",
            Self::Rsa1024 => "rsa1024",
        })
    }
}

/// Why the token did not do it.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The module's own words.
    #[error("SoftHSM2 refused: {0}")]
    Module(#[from] Error),
    /// The label is unknown.
    #[error("there is no token labelled {0}")]
    NoToken(String),
    /// No uninitialised slot, which SoftHSM2 always offers.
    #[error("there is no empty slot for a new token")]
    NoEmptySlot,
    /// The PEM is something else.
    #[error("the file holds neither an Ed25519 nor a P-256 key in PKCS#8 PEM")]
    NotAKey,
}

/// Initialises a new token and its user PIN.
///
/// # Errors
/// The module refused.
pub fn init(module: &Path, label: &str, so_pin: &str, user_pin: &str) -> Result<(), TokenError> {
    let context = open(module)?;
    let mut empty = None;
    for slot in context.get_slots_with_token()? {
        if !context.get_token_info(slot)?.token_initialized() {
            empty = Some(slot);
        }
    }
    context.init_token(empty.ok_or(TokenError::NoEmptySlot)?, &secret(so_pin), label)?;
    let session = context.open_rw_session(by_label(&context, label)?)?;
    session.login(UserType::So, Some(&secret(so_pin)))?;
    session.init_pin(&secret(user_pin))?;
    session.close()?;
    Ok(context.finalize()?)
}

/// Puts the private key in `pkcs8_pem` and its public key onto the token labelled `token`.
///
/// # Errors
/// [`TokenError::NotAKey`], or the module refused.
pub fn import(
    module: &Path,
    token: &str,
    user_pin: &str,
    label: &str,
    id: &[u8],
    pkcs8_pem: &str,
) -> Result<(), TokenError> {
    let (key_type, parameters, private, point) = read(pkcs8_pem)?;
    let context = open(module)?;
    let session = user_session(&context, token, user_pin)?;
    let common = [
        Attribute::Token(true),
        Attribute::KeyType(key_type),
        Attribute::Label(label.as_bytes().to_vec()),
        Attribute::Id(id.to_vec()),
        Attribute::EcParams(parameters.to_vec()),
    ];
    let mut public = vec![Attribute::Class(ObjectClass::PUBLIC_KEY), Attribute::Private(false)];
    public.extend([Attribute::Verify(true), Attribute::EcPoint(octet_string(&point))]);
    public.extend_from_slice(&common);
    session.create_object(&public)?;
    let mut secret = vec![Attribute::Class(ObjectClass::PRIVATE_KEY), Attribute::Private(true)];
    secret.extend([Attribute::Sensitive(true), Attribute::Extractable(false), Attribute::Sign(true)]);
    secret.push(Attribute::Value(private));
    secret.extend_from_slice(&common);
    session.create_object(&secret)?;
    session.close()?;
    Ok(context.finalize()?)
}

/// Lets the token labelled `token` generate a key pair. With `always_authenticate` the PIN is wanted for each signature.
///
/// # Errors
/// The module refused.
pub fn generate(
    module: &Path,
    token: &str,
    user_pin: &str,
    label: &str,
    id: &[u8],
    (curve, always_authenticate): (Curve, bool),
) -> Result<(), TokenError> {
    let ec = |name: &[u8]| vec![Attribute::EcParams(name.to_vec())];
    let rsa = |bits| vec![Attribute::ModulusBits(bits), Attribute::PublicExponent(vec![1, 0, 1])];
    let (mechanism, shape) = match curve {
        Curve::Ed25519 => (Mechanism::EccEdwardsKeyPairGen, ec(ED25519_PARAMETERS)),
        Curve::P256 => (Mechanism::EccKeyPairGen, ec(P256_PARAMETERS)),
        Curve::P384 => (Mechanism::EccKeyPairGen, ec(P384_PARAMETERS)),
        Curve::Rsa2048 => (Mechanism::RsaPkcsKeyPairGen, rsa(2048.into())),
        Curve::Rsa1024 => (Mechanism::RsaPkcsKeyPairGen, rsa(1024.into())),
    };
    let context = open(module)?;
    let session = user_session(&context, token, user_pin)?;
    let name =
        [Attribute::Token(true), Attribute::Label(label.as_bytes().to_vec()), Attribute::Id(id.to_vec())];
    let mut public = name.to_vec();
    public.extend([Attribute::Private(false), Attribute::Verify(true)]);
    public.extend(shape);
    let mut private = name.to_vec();
    private.extend([Attribute::Private(true), Attribute::Sensitive(true), Attribute::Sign(true)]);
    private.push(Attribute::AlwaysAuthenticate(always_authenticate));
    session.generate_key_pair(&mechanism, &public, &private)?;
    session.close()?;
    Ok(context.finalize()?)
}

fn open(module: &Path) -> Result<Pkcs11, TokenError> {
    let context = Pkcs11::new(module)?;
    context.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK))?;
    Ok(context)
}

fn by_label(context: &Pkcs11, label: &str) -> Result<Slot, TokenError> {
    for slot in context.get_slots_with_token()? {
        let token = context.get_token_info(slot)?;
        if token.token_initialized() && token.label() == label {
            return Ok(slot);
        }
    }
    Err(TokenError::NoToken(label.into()))
}

fn user_session(context: &Pkcs11, token: &str, user_pin: &str) -> Result<Session, TokenError> {
    let session = context.open_rw_session(by_label(context, token)?)?;
    session.login(UserType::User, Some(&secret(user_pin)))?;
    Ok(session)
}

fn secret(pin: &str) -> AuthPin {
    AuthPin::new(pin.into())
}

type KeyParts = (KeyType, &'static [u8], Vec<u8>, Vec<u8>);

/// Key type, curve name, private value and public point of a key in PKCS#8 PEM.
fn read(pkcs8_pem: &str) -> Result<KeyParts, TokenError> {
    if let Ok(key) = SigningKey::from_pkcs8_pem(pkcs8_pem) {
        let public = key.verifying_key().to_bytes().to_vec();
        return Ok((KeyType::EC_EDWARDS, ED25519_PARAMETERS, key.to_bytes().to_vec(), public));
    }
    let key = p256::SecretKey::from_pkcs8_pem(pkcs8_pem).map_err(|_| TokenError::NotAKey)?;
    let point = key.public_key().to_sec1_point(false).as_bytes().to_vec();
    Ok((KeyType::EC, P256_PARAMETERS, key.to_bytes().to_vec(), point))
}

/// DER OCTET STRING of at most 127 bytes, the form SoftHSM2 wants for `CKA_EC_POINT`.
fn octet_string(bytes: &[u8]) -> Vec<u8> {
    let length = u8::try_from(bytes.len()).expect("points here have at most 65 bytes");
    [&[0x04, length], bytes].concat()
}

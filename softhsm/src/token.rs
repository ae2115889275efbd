//! The work on a token itself, in the process that has the module's configuration set.
//!
//! Tokens are found by label: SoftHSM2 gives a token another slot number once it is initialised.

use std::fmt;
use std::path::Path;

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::Error;
use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, MlDsaParameterSetType, ObjectClass};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::Slot;
use cryptoki::types::AuthPin;

use crate::material::{ED25519_PARAMETERS, Material, P256_PARAMETERS, P384_PARAMETERS};

/// What a throwaway key can be: the curve that it is on, RSA with its bits, or the parameter set of ML-DSA.
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
    /// RSA with 3072 bits: what a new key should have.
    Rsa3072,
    /// RSA with 1024 bits: too short to count.
    Rsa1024,
    /// ML-DSA-44, of kryoptic only.
    MlDsa44,
    /// ML-DSA-65, of kryoptic only.
    MlDsa65,
    /// ML-DSA-87, of kryoptic only.
    MlDsa87,
}

impl fmt::Display for Curve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ed25519 => "ed25519",
            Self::P256 => "p256",
            Self::P384 => "p384",
            Self::Rsa2048 => "rsa2048",
            Self::Rsa3072 => "rsa3072",
            Self::Rsa1024 => "rsa1024",
            Self::MlDsa44 => "ml-dsa44",
            Self::MlDsa65 => "ml-dsa65",
            Self::MlDsa87 => "ml-dsa87",
        })
    }
}

/// Why the token did not do it.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The module's own words.
    #[error("the module refused: {0}")]
    Module(#[from] Error),
    /// The label is unknown.
    #[error("there is no token labelled {0}")]
    NoToken(String),
    /// No uninitialised slot, which a store here always has.
    #[error("there is no empty slot for a new token")]
    NoEmptySlot,
    /// The PEM is something else.
    #[error("the file holds no Ed25519, P-256 or RSA key in PKCS#8 PEM")]
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

/// Puts the private key in `pkcs8_pem` and its public key onto the token labelled `token`. With
/// `always_authenticate` the PIN is wanted for each signature.
///
/// # Errors
/// [`TokenError::NotAKey`], or the module refused.
pub fn import(
    module: &Path,
    token: &str,
    user_pin: &str,
    label: &str,
    id: &[u8],
    (pkcs8_pem, always_authenticate): (&str, bool),
) -> Result<(), TokenError> {
    let key = Material::read(pkcs8_pem).ok_or(TokenError::NotAKey)?;
    let context = open(module)?;
    let session = user_session(&context, token, user_pin)?;
    let common = [
        Attribute::Token(true),
        Attribute::KeyType(key.kind),
        Attribute::Label(label.as_bytes().to_vec()),
        Attribute::Id(id.to_vec()),
    ];
    let mut public = vec![Attribute::Class(ObjectClass::PUBLIC_KEY), Attribute::Private(false)];
    public.push(Attribute::Verify(true));
    public.extend(key.public);
    public.extend_from_slice(&common);
    session.create_object(&public)?;
    let mut secret = vec![Attribute::Class(ObjectClass::PRIVATE_KEY), Attribute::Private(true)];
    secret.extend([Attribute::Sensitive(true), Attribute::Extractable(false), Attribute::Sign(true)]);
    secret.push(Attribute::AlwaysAuthenticate(always_authenticate));
    secret.extend(key.private);
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
    let ml_dsa = |set: MlDsaParameterSetType| vec![Attribute::ParameterSet(set.into())];
    let (mechanism, shape) = match curve {
        Curve::Ed25519 => (Mechanism::EccEdwardsKeyPairGen, ec(ED25519_PARAMETERS)),
        Curve::P256 => (Mechanism::EccKeyPairGen, ec(P256_PARAMETERS)),
        Curve::P384 => (Mechanism::EccKeyPairGen, ec(P384_PARAMETERS)),
        Curve::Rsa2048 => (Mechanism::RsaPkcsKeyPairGen, rsa(2048.into())),
        Curve::Rsa3072 => (Mechanism::RsaPkcsKeyPairGen, rsa(3072.into())),
        Curve::Rsa1024 => (Mechanism::RsaPkcsKeyPairGen, rsa(1024.into())),
        Curve::MlDsa44 => (Mechanism::MlDsaKeyPairGen, ml_dsa(MlDsaParameterSetType::ML_DSA_44)),
        Curve::MlDsa65 => (Mechanism::MlDsaKeyPairGen, ml_dsa(MlDsaParameterSetType::ML_DSA_65)),
        Curve::MlDsa87 => (Mechanism::MlDsaKeyPairGen, ml_dsa(MlDsaParameterSetType::ML_DSA_87)),
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

pub(crate) fn open(module: &Path) -> Result<Pkcs11, TokenError> {
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

pub(crate) fn user_session(context: &Pkcs11, token: &str, user_pin: &str) -> Result<Session, TokenError> {
    let session = context.open_rw_session(by_label(context, token)?)?;
    session.login(UserType::User, Some(&secret(user_pin)))?;
    Ok(session)
}

fn secret(pin: &str) -> AuthPin {
    AuthPin::new(pin.into())
}

//! Making a key pair on the token: sensitive, never to leave it, for signing only; never over anything that is there.

use cryptoki::context::Function;
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, MlDsaParameterSetType};
use cryptoki::session::Session;

use super::Module;
use super::codes::{code_name, fault};
use super::objects::{evidence, occupied, private_key, public_keys};
use crate::token::facts::{KeyKind, TokenKey};
use crate::token::fault::{Call, TokenFault};
use crate::token::point::{ED25519_NAME, ED25519_OID, P256_OID, P384_OID};
use crate::token::scheme::SignScheme;
use crate::token::wire::KeyHint;

/// The public exponent 65537.
const EXPONENT: [u8; 3] = [1, 0, 1];

impl Module {
    /// Lets the token of the last login make a key pair, and reads its public half back.
    pub(in crate::token) fn generate(
        &self,
        scheme: SignScheme,
        label: &str,
        id: &[u8],
    ) -> Result<TokenKey, TokenFault> {
        let open = self.open(Call::Generate)?;
        // A key that stays needs a session that may write; it is logged in like the other.
        let session = self.context.open_rw_session(open.slot).map_err(|error| fault(error, Call::List))?;
        if let Some(what) = occupied(&session, label, id).map_err(|error| fault(error, Call::List))? {
            return Err(TokenFault::KeyTaken { what });
        }
        if let Err(error) = make(&session, scheme, label, id) {
            let left = matches!(occupied(&session, label, id), Ok(Some(_)));
            return Err(refused(error, left));
        }
        made(&session, scheme, label, id)
    }
}

fn make(session: &Session, scheme: SignScheme, label: &str, id: &[u8]) -> cryptoki::error::Result<()> {
    let mut last = Error::NotSupported;
    for (mechanism, shape) in ways(scheme) {
        let name =
            [Attribute::Token(true), Attribute::Label(label.as_bytes().to_vec()), Attribute::Id(id.to_vec())];
        let public = [&name[..], &[Attribute::Private(false), Attribute::Verify(true)], &shape].concat();
        let kept = [
            Attribute::Private(true),
            Attribute::Sensitive(true),
            Attribute::Extractable(false),
            Attribute::Sign(true),
        ];
        let private = [&name[..], &kept, other_uses(scheme)].concat();
        match session.generate_key_pair(&mechanism, &public, &private) {
            Ok(_) => return Ok(()),
            // Of Edwards 25519 modules know one name or the other.
            Err(
                error @ Error::Pkcs11(
                    RvError::DomainParamsInvalid
                    | RvError::CurveNotSupported
                    | RvError::AttributeValueInvalid
                    | RvError::TemplateInconsistent,
                    _,
                ),
            ) => last = error,
            Err(error) => return Err(error),
        }
    }
    Err(last)
}

/// The mechanism, and what the public template says of the key's shape.
fn ways(scheme: SignScheme) -> Vec<(Mechanism<'static>, Vec<Attribute>)> {
    let curve = |mechanism, name: &[u8]| (mechanism, vec![Attribute::EcParams(name.to_vec())]);
    match scheme.new_kind() {
        KeyKind::EcP256 => vec![curve(Mechanism::EccKeyPairGen, P256_OID)],
        KeyKind::EcP384 => vec![curve(Mechanism::EccKeyPairGen, P384_OID)],
        KeyKind::Ed25519 => vec![
            curve(Mechanism::EccEdwardsKeyPairGen, ED25519_OID),
            curve(Mechanism::EccEdwardsKeyPairGen, ED25519_NAME),
        ],
        KeyKind::Rsa { bits } => {
            let bits = cryptoki::types::Ulong::try_from(bits).expect("a few thousand");
            let shape = vec![Attribute::ModulusBits(bits), Attribute::PublicExponent(EXPONENT.to_vec())];
            vec![(Mechanism::RsaPkcsKeyPairGen, shape)]
        }
        KeyKind::MlDsa44 => vec![ml_dsa(MlDsaParameterSetType::ML_DSA_44)],
        KeyKind::MlDsa65 => vec![ml_dsa(MlDsaParameterSetType::ML_DSA_65)],
        KeyKind::MlDsa87 => vec![ml_dsa(MlDsaParameterSetType::ML_DSA_87)],
        KeyKind::Attestation | KeyKind::Other(_) => Vec::new(),
    }
}

fn ml_dsa(set: MlDsaParameterSetType) -> (Mechanism<'static>, Vec<Attribute>) {
    (Mechanism::MlDsaKeyPairGen, vec![Attribute::ParameterSet(set.into())])
}

/// What a module would let such a key do besides, if it was not told.
fn other_uses(scheme: SignScheme) -> &'static [Attribute] {
    match scheme {
        SignScheme::RsaPssSha256 => &[Attribute::Decrypt(false), Attribute::Unwrap(false)],
        SignScheme::EcdsaP256Sha256 | SignScheme::EcdsaP384Sha384 => &[Attribute::Derive(false)],
        SignScheme::Ed25519 | SignScheme::MlDsa44 | SignScheme::MlDsa65 | SignScheme::MlDsa87 => &[],
    }
}

/// The key that is there now, if it is what was asked for.
fn made(session: &Session, scheme: SignScheme, label: &str, id: &[u8]) -> Result<TokenKey, TokenFault> {
    let reading = |error| fault(error, Call::Generate);
    let odd = |why: &str| Err(TokenFault::NoNewKey { why: why.to_owned() });
    let mut keys = public_keys(session, true).map_err(reading)?;
    keys.retain(|key| key.id == id && key.label == label);
    let (Some(key), true) = (keys.pop(), keys.is_empty()) else {
        return odd("it said that it made one, and there is not exactly one");
    };
    if key.kind != scheme.new_kind() || key.public_key().is_none() {
        return odd("it made another kind of key than it was asked for");
    }
    let half = private_key(session, &KeyHint::of(&key), Call::Generate)?;
    let said = evidence(session, half);
    if said.sensitive == Some(false) || said.extractable == Some(true) {
        return odd("it says that the new private key may leave it");
    }
    Ok(key)
}

fn refused(error: Error, left: bool) -> TokenFault {
    let Error::Pkcs11(code, Function::GenerateKeyPair) = error else { return fault(error, Call::Generate) };
    let reason = match code {
        RvError::DeviceMemory => "it has no room for one",
        RvError::TokenWriteProtected | RvError::SessionReadOnly => "it is write-protected",
        RvError::MechanismInvalid
        | RvError::CurveNotSupported
        | RvError::DomainParamsInvalid
        | RvError::KeySizeRange
        | RvError::FunctionNotSupported => "it does not make keys of this kind",
        RvError::AttributeReadOnly
        | RvError::AttributeTypeInvalid
        | RvError::AttributeValueInvalid
        | RvError::TemplateIncomplete
        | RvError::TemplateInconsistent => "it does not take what is asked of such a key",
        RvError::FunctionFailed | RvError::GeneralError | RvError::DeviceError => {
            "it failed, as it does where its memory is full or its disk cannot be written"
        }
        _ => return fault(error, Call::Generate),
    };
    let rest = if left { "; something under the new label or id is left on it" } else { "" };
    TokenFault::NoNewKey { why: format!("{reason} ({}){rest}", code_name(code)) }
}

//! Signing: which mechanism over which bytes, and the PIN of a key that wants it for each signature.
//!
//! Promises: a PIN that comes with a signature is sent at most once; the hash is ours, except on modules that know RSA-PSS
//! only together with its hash (`CKM_SHA256_RSA_PKCS_PSS`); after whatever went wrong the next signature begins in a session
//! of its own, so that no half-begun operation stands in its way.

use std::borrow::Cow;

use cryptoki::context::Function;
use cryptoki::error::{Error, Result, RvError};
use cryptoki::mechanism::dsa::{HedgeType, SignAdditionalContext};
use cryptoki::mechanism::eddsa::{EddsaParams, EddsaSignatureScheme};
use cryptoki::mechanism::rsa::{PkcsMgfType, PkcsPssParams};
use cryptoki::mechanism::{Mechanism, MechanismType};
use cryptoki::object::ObjectHandle;
use cryptoki::session::{Session, UserType};
use sha2::{Digest, Sha256, Sha384};
use tuf_ceremony::key::tap21_message;

use super::codes::fault;
use super::objects::{always_authenticate, private_key};
use super::{Module, Open, guarded, raw, send_entry};
use crate::token::entry::Entry;
use crate::token::fault::{Call, TokenFault};
use crate::token::scheme::SignScheme;
use crate::token::wire::KeyHint;

/// A mechanism and what it is given.
type Way<'m> = (Mechanism<'m>, Cow<'m, [u8]>);

impl Module {
    /// Signs `message` with the private key that belongs to the public key of `hint`.
    pub(in crate::token) fn sign(
        &mut self,
        hint: &KeyHint,
        scheme: SignScheme,
        message: &[u8],
        again: Option<Entry>,
    ) -> std::result::Result<Vec<u8>, TokenFault> {
        let open = self.open(Call::Sign)?;
        let key = private_key(&open.session, hint, Call::List)?;
        let made = match again {
            None => plainly(&open.session, key, scheme, message),
            Some(entry) => self.with_its_own_pin(open, key, scheme, message, entry),
        };
        if made.is_err() {
            self.begin_anew();
        }
        made
    }

    /// Signs with a key that is opened for this signature alone.
    fn with_its_own_pin(
        &self,
        open: &Open,
        key: ObjectHandle,
        scheme: SignScheme,
        message: &[u8],
        entry: Entry,
    ) -> std::result::Result<Vec<u8>, TokenFault> {
        let (name, token) = self.look(open.slot, open.name.as_ref(), &entry)?;
        let before = token.map(|token| token.tries);
        let session = &open.session;
        let refused = |error| self.refused_pin(error, open.slot, name.clone(), before);
        let mut entry = Some(entry);
        let data = match begin(session, key, scheme, message) {
            // The module forgot the login itself: the PIN is for that, and the key has none left for its own.
            Err(Error::Pkcs11(RvError::UserNotLoggedIn, _)) => {
                let given = entry.take().expect("it was not used yet");
                match send_entry(session, UserType::User, given) {
                    Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => {}
                    Err(error) => return Err(refused(error)),
                }
                begin(session, key, scheme, message)
            }
            begun => begun,
        };
        let data = data.map_err(|error| unsigned(error, session, key, message.len()))?;
        if let Some(given) = entry {
            match send_entry(session, UserType::ContextSpecific, given) {
                // Not judged: this key wants no PIN of its own, whatever was said of it.
                Ok(())
                | Err(Error::Pkcs11(
                    RvError::UserAlreadyLoggedIn
                    | RvError::OperationNotInitialized
                    | RvError::UserTypeInvalid,
                    _,
                )) => {}
                Err(error) => return Err(refused(error)),
            }
        }
        raw::sign(&self.path, session, &data).map_err(|error| unsigned(error, session, key, message.len()))
    }

    /// Another session for the same login. The old one goes last, because the last one takes the login along.
    fn begin_anew(&mut self) {
        if let Some(Open { session, slot, .. }) = &mut self.open
            && let Ok(fresh) = self.context.open_ro_session(*slot)
        {
            *session = fresh;
        }
    }
}

fn plainly(
    session: &Session,
    key: ObjectHandle,
    scheme: SignScheme,
    message: &[u8],
) -> std::result::Result<Vec<u8>, TokenFault> {
    let made = first_known(scheme, message, |mechanism, data| guarded(|| session.sign(mechanism, key, data)));
    made.map(|(signature, _)| signature).map_err(|error| unsigned(error, session, key, message.len()))
}

/// Begins a signature, and gives what is to be signed then.
fn begin<'m>(
    session: &Session,
    key: ObjectHandle,
    scheme: SignScheme,
    message: &'m [u8],
) -> Result<Cow<'m, [u8]>> {
    first_known(scheme, message, |mechanism, _| session.sign_init(mechanism, key)).map(|((), data)| data)
}

/// Tries the ways to sign in turn, as long as the module does not know the mechanism. Nothing was signed then.
fn first_known<'m, T>(
    scheme: SignScheme,
    message: &'m [u8],
    mut attempt: impl FnMut(&Mechanism<'_>, &[u8]) -> Result<T>,
) -> Result<(T, Cow<'m, [u8]>)> {
    let mut last = Error::NotSupported;
    for (mechanism, data) in ways(scheme, message) {
        match attempt(&mechanism, &data) {
            Ok(done) => return Ok((done, data)),
            Err(error @ Error::Pkcs11(RvError::MechanismInvalid, Function::SignInit)) => last = error,
            Err(error) => return Err(error),
        }
    }
    Err(last)
}

fn ways(scheme: SignScheme, message: &[u8]) -> Vec<Way<'_>> {
    let own = |digest: Vec<u8>| Cow::Owned(digest);
    match scheme {
        SignScheme::Ed25519 => {
            let pure = Mechanism::Eddsa(EddsaParams::new(EddsaSignatureScheme::Pure));
            vec![(pure, Cow::Borrowed(message))]
        }
        SignScheme::EcdsaP256Sha256 => vec![(Mechanism::Ecdsa, own(Sha256::digest(message).to_vec()))],
        SignScheme::EcdsaP384Sha384 => vec![(Mechanism::Ecdsa, own(Sha384::digest(message).to_vec()))],
        SignScheme::MlDsa44 | SignScheme::MlDsa65 | SignScheme::MlDsa87 => {
            let pure = Mechanism::MlDsa(SignAdditionalContext::new(HedgeType::Preferred, None));
            vec![(pure, own(tap21_message(&message)))]
        }
        SignScheme::RsaPssSha256 => {
            let parameters = PkcsPssParams {
                hash_alg: MechanismType::SHA256,
                mgf: PkcsMgfType::MGF1_SHA256,
                s_len: 32.into(),
            };
            vec![
                (Mechanism::RsaPkcsPss(parameters), own(Sha256::digest(message).to_vec())),
                (Mechanism::Sha256RsaPkcsPss(parameters), Cow::Borrowed(message)),
            ]
        }
    }
}

fn unsigned(error: Error, session: &Session, key: ObjectHandle, length: usize) -> TokenFault {
    match error {
        Error::Pkcs11(RvError::UserNotLoggedIn, _) => TokenFault::NotLoggedIn {
            during: Call::Sign,
            always_authenticate: always_authenticate(session, key),
        },
        Error::Pkcs11(RvError::DataLenRange, _) => TokenFault::TooLongForToken { length, most: None },
        other => fault(other, Call::Sign),
    }
}

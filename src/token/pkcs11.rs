//! PKCS#11 through the `cryptoki` crate: this file and those below it are the only ones that know it. Runs in the child process only.
//!
//! Promises: a PIN is sent once per question, after the token's own limits and flags were read, and wiped
//! afterwards; the hash is ours (`CKM_ECDSA` over our digest, `CKM_EDDSA` without parameters over the message);
//! the flags are read again after a refused PIN.
//!
//! Deliberately not done: a PIN that is kept for a second signature.

mod codes;
mod making;
mod objects;
mod raw;
mod signing;
mod ykcs11;

use std::ffi::CString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use cryptoki::context::Pkcs11;
use cryptoki::error::{Error, RvError};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::{Slot, TokenInfo};
use cryptoki::types::{RawAuthPin, Version};

use super::entry::Entry;
use super::evidence::KeyEvidence;
use super::facts::{LoginFacts, ModuleFacts, PinTries, SlotFacts, TokenFacts, TokenName};
use super::fault::{Call, TokenFault};
use super::gate::{self, Offered};
use super::wire::KeyHint;
use crate::files;
use codes::{code_words, fault};
use objects::{LIST_CAP, private_key, public_keys};

/// A loaded and initialised module, with the session of the last login.
pub(super) struct Module {
    // Declared first: a session must close before its module goes.
    open: Option<Open>,
    context: Pkcs11,
    path: PathBuf,
    // A module may keep the pointer that it was given.
    _init: Option<CString>,
}

/// A token that was logged in to.
struct Open {
    session: Session,
    slot: Slot,
    name: Option<TokenName>,
}

impl Module {
    /// Loads the module at `path` and initialises it, with the text that its profile gives it. The module's code runs from here on.
    pub(super) fn load(path: &Path, init: Option<&str>) -> Result<Self, TokenFault> {
        let module = path.display().to_string();
        if files::is_missing(path) {
            return Err(TokenFault::ModuleMissing { module });
        }
        let refused = |error: Error| {
            let reason = match error {
                Error::LibraryLoading(cause) => cause.to_string(),
                Error::MissingSymbol(name) => format!("it has no function {name}"),
                Error::Pkcs11(code, function) => format!("C_{function:?} answered {}", code_words(code)),
                other => other.to_string(),
            };
            TokenFault::ModuleRefused { module: module.clone(), reason }
        };
        let context = Pkcs11::new(path).map_err(refused)?;
        // A profile's text has no zero byte.
        let init = init.and_then(|text| CString::new(text).ok());
        context.initialize(raw::arguments(init.as_deref())).map_err(refused)?;
        Ok(Self { open: None, context, path: path.to_owned(), _init: init })
    }

    /// What the module says about itself; nothing when it cannot say it properly.
    pub(super) fn facts(&self) -> Result<ModuleFacts, TokenFault> {
        match self.context.get_library_info() {
            Ok(told) => Ok(ModuleFacts {
                manufacturer: told.manufacturer_id().to_owned(),
                description: told.library_description().to_owned(),
                version: (told.library_version().major(), told.library_version().minor()),
            }),
            // Reserved flags that are set: no reason to refuse the tokens behind it.
            Err(Error::InvalidValue) => {
                Ok(ModuleFacts { manufacturer: String::new(), description: String::new(), version: (0, 0) })
            }
            Err(error) => Err(fault(error, Call::Load)),
        }
    }

    /// Every slot with a token, what the token tells, and its public keys.
    pub(super) fn list(&self) -> Result<Vec<SlotFacts>, TokenFault> {
        let slots =
            guarded(|| self.context.get_slots_with_token()).map_err(|error| fault(error, Call::List))?;
        Ok(slots.into_iter().take(LIST_CAP).map(|slot| self.slot_facts(slot)).collect())
    }

    /// A slot that cannot tell something hides neither the rest of it nor the other slots.
    fn slot_facts(&self, slot: Slot) -> SlotFacts {
        let mut trouble = Vec::new();
        let mut troubled = |what: &str, error| trouble.push(format!("{what}: {}", fault(error, Call::List)));
        let told = self.context.get_slot_info(slot).map_err(|error| troubled("slot", error)).ok();
        let token = self.context.get_token_info(slot).map_err(|error| troubled("token", error));
        let token = token.ok().map(|told| token_facts(&told));
        let mut keys = Vec::new();
        // A token without a label cannot hold keys and refuses sessions.
        if token.as_ref().is_none_or(|token| token.initialized) {
            match self.context.open_ro_session(slot).and_then(|session| public_keys(&session, false)) {
                Ok(found) => keys = ykcs11::set_apart(token.as_ref(), found),
                Err(error) => troubled("keys", error),
            }
        }
        SlotFacts {
            slot: slot.id(),
            description: told.as_ref().map_or_else(String::new, |told| told.slot_description().to_owned()),
            manufacturer: told.as_ref().map_or_else(String::new, |told| told.manufacturer_id().to_owned()),
            hardware: told.is_some_and(|told| told.hardware_slot()),
            token,
            keys,
            trouble: (!trouble.is_empty()).then(|| trouble.join("; ")),
        }
    }

    /// Logs in to `slot`, if the token there is still the one named `expected`.
    pub(super) fn login(
        &mut self,
        slot: u64,
        expected: Option<&TokenName>,
        entry: Entry,
    ) -> Result<LoginFacts, TokenFault> {
        let slot = Slot::try_from(slot).map_err(|error| fault(error, Call::List))?;
        let (name, token) = self.look(slot, expected, &entry)?;
        let before = token.as_ref().map(|token| token.tries);
        self.open = None;
        let session = self.context.open_ro_session(slot).map_err(|error| fault(error, Call::List))?;
        on_this_token(&session, slot, &name)?;
        let already = match send_entry(&session, UserType::User, entry) {
            Ok(()) => false,
            Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => true,
            Err(error) => return Err(self.refused_pin(error, slot, name, before)),
        };
        let keys = public_keys(&session, true).map_err(|error| fault(error, Call::List))?;
        let keys = ykcs11::set_apart(token.as_ref(), keys);
        self.open = Some(Open { session, slot, name: expected.cloned() });
        Ok(LoginFacts { before, already, keys })
    }

    /// The last look at a token before something opens it. Until then nothing can cost a try, so what goes wrong here is no
    /// fault of the login.
    fn look(
        &self,
        slot: Slot,
        expected: Option<&TokenName>,
        entry: &Entry,
    ) -> Result<(TokenName, Option<TokenFacts>), TokenFault> {
        let token = match self.context.get_token_info(slot) {
            Ok(token) => Some(token_facts(&token)),
            Err(Error::ParseInt(_) | Error::Utf8(_)) => None,
            Err(error) => return Err(fault(error, Call::List)),
        };
        let name = gate::before_login(token.as_ref(), expected, slot.id(), Offered::of(entry))?;
        if ykcs11::is_factory(token.as_ref(), entry) {
            return Err(TokenFault::FactoryPin { token: name });
        }
        Ok((name, token))
    }

    fn refused_pin(
        &self,
        error: Error,
        slot: Slot,
        token: TokenName,
        before: Option<PinTries>,
    ) -> TokenFault {
        let again = self.context.get_token_info(slot).ok().map(|told| token_facts(&told));
        match error {
            Error::Pkcs11(RvError::PinIncorrect | RvError::PinInvalid, _) => TokenFault::PinIncorrect {
                token,
                before: before.unwrap_or(PinTries::Unsaid),
                after: again.map_or(PinTries::Unsaid, |now| now.tries),
            },
            Error::Pkcs11(RvError::PinLocked, _) => TokenFault::PinLocked { token, sent: true },
            Error::Pkcs11(RvError::PinExpired, _) => TokenFault::PinExpired { token },
            Error::Pkcs11(RvError::UserPinNotInitialized, _) => TokenFault::PinNotSet { token },
            Error::Pkcs11(RvError::PinLenRange, _) => {
                let (min, max) = again.map_or((0, 0), |now| (now.pin_min, now.pin_max));
                TokenFault::PinLength { token, min, max, sent: true }
            }
            other => fault(other, Call::Login),
        }
    }

    /// What the token says of a private key.
    pub(super) fn evidence(&self, hint: &KeyHint) -> Result<KeyEvidence, TokenFault> {
        let open = self.open(Call::List)?;
        let key = private_key(&open.session, hint, Call::List)?;
        Ok(objects::evidence(&open.session, key))
    }

    /// The login that signing and generating need.
    fn open(&self, during: Call) -> Result<&Open, TokenFault> {
        self.open.as_ref().ok_or(TokenFault::NotLoggedIn { during, always_authenticate: None })
    }

    /// Logs out and finishes. Errors are of no use any more: whatever was signed is already with the parent.
    pub(super) fn close(self) {
        let Self { open, context, .. } = self;
        if let Some(Open { session, .. }) = open {
            let _ = session.logout();
            let _ = session.close();
        }
        let _ = context.finalize();
    }
}

/// A session that says that it belongs to another slot gets no PIN; one that does not say is believed.
fn on_this_token(session: &Session, slot: Slot, name: &TokenName) -> Result<(), TokenFault> {
    match session.get_session_info() {
        Ok(told) if told.slot_id() != slot => {
            let found = TokenName { label: format!("slot {}", told.slot_id()), serial: String::new() };
            Err(TokenFault::TokenChanged { expected: name.clone(), found })
        }
        _ => Ok(()),
    }
}

/// The crate reserves and indexes by what a module tells of lengths and counts, and panics on those that lie: a panic is an
/// answer that makes no sense.
fn guarded<T>(ask: impl FnOnce() -> cryptoki::error::Result<T>) -> cryptoki::error::Result<T> {
    catch_unwind(AssertUnwindSafe(ask)).unwrap_or(Err(Error::InvalidValue))
}

/// Opens the token once; our page is wiped when this returns, the crate's copy when it is dropped.
fn send_entry(session: &Session, user: UserType, entry: Entry) -> cryptoki::error::Result<()> {
    let Entry::Pin(pin) = entry else { return session.login(user, None) };
    // Exactly as long as the PIN, so that no reallocation leaves a copy behind.
    let copy = RawAuthPin::new(Box::new(pin.bytes().to_vec()));
    drop(pin);
    session.login_with_raw(user, &copy)
}

/// Major and minor; nothing for the zeros of a token that has none to tell.
fn version(told: Version) -> Option<String> {
    let (major, minor) = (told.major(), told.minor());
    ((major, minor) != (0, 0)).then(|| format!("{major}.{minor}"))
}

fn token_facts(told: &TokenInfo) -> TokenFacts {
    let tries = if told.user_pin_locked() {
        PinTries::Locked
    } else if told.user_pin_final_try() {
        PinTries::Last
    } else if told.user_pin_count_low() {
        PinTries::Low
    } else {
        PinTries::Unsaid
    };
    TokenFacts {
        label: told.label().to_owned(),
        manufacturer: told.manufacturer_id().to_owned(),
        model: told.model().to_owned(),
        serial: told.serial_number().to_owned(),
        hardware_version: version(told.hardware_version()),
        firmware: version(told.firmware_version()),
        initialized: told.token_initialized(),
        login_required: told.login_required(),
        pin_initialized: told.user_pin_initialized(),
        pin_to_be_changed: told.user_pin_to_be_changed(),
        puk_locked: false,
        keypad: told.protected_authentication_path(),
        tries,
        pin_min: told.min_pin_length(),
        pin_max: told.max_pin_length(),
    }
}

//! What a child speaks to tokens with: a PKCS#11 module, or our own code for PIV cards where it was built in. One set of
//! questions for both.

use std::path::Path;

use super::attestation::Attestation;
use super::condition::{Condition, Preparation, Prepared};
use super::entry::Entry;
use super::evidence::KeyEvidence;
use super::facts::{LoginFacts, ModuleFacts, SlotFacts, TokenKey, TokenName};
use super::fault::{Call, TokenFault};
use super::in_slot::InSlot;
#[cfg(feature = "piv")]
use super::piv::Cards;
use super::pkcs11::Module;
use super::readers::Reader;
use super::scheme::SignScheme;
use super::wire::KeyHint;
use crate::pin::Pin;

/// The code that was loaded.
pub(super) enum Loaded {
    Module(Module),
    #[cfg(feature = "piv")]
    Piv(Cards),
}

/// The same question to whichever it is.
macro_rules! asked {
    ($loaded:expr, $speaker:ident => $question:expr) => {
        match $loaded {
            Loaded::Module($speaker) => $question,
            #[cfg(feature = "piv")]
            Loaded::Piv($speaker) => $question,
        }
    };
}

impl Loaded {
    /// Loads a module, whose code runs from here on.
    pub(super) fn module(path: &Path, init: Option<&str>) -> Result<Self, TokenFault> {
        Module::load(path, init).map(Self::Module)
    }

    /// Our own code for PIV cards.
    #[cfg(feature = "piv")]
    #[expect(clippy::unnecessary_wraps, reason = "a build without it refuses")]
    pub(super) fn piv() -> Result<Self, TokenFault> {
        Ok(Self::Piv(Cards::new()))
    }

    /// A build without it says so.
    #[cfg(not(feature = "piv"))]
    pub(super) fn piv() -> Result<Self, TokenFault> {
        Err(TokenFault::NoDriver { name: "piv: this build was made without PIV cards".into() })
    }

    pub(super) fn facts(&self) -> Result<ModuleFacts, TokenFault> {
        match self {
            Self::Module(module) => module.facts(),
            #[cfg(feature = "piv")]
            Self::Piv(cards) => Ok(cards.facts()),
        }
    }

    pub(super) fn list(&mut self) -> Result<Vec<SlotFacts>, TokenFault> {
        asked!(self, speaker => speaker.list())
    }

    pub(super) fn login(
        &mut self,
        slot: u64,
        expected: Option<&TokenName>,
        entry: Entry,
    ) -> Result<LoginFacts, TokenFault> {
        asked!(self, speaker => speaker.login(slot, expected, entry))
    }

    pub(super) fn sign(
        &mut self,
        key: &KeyHint,
        scheme: SignScheme,
        message: &[u8],
        again: Option<Entry>,
    ) -> Result<Vec<u8>, TokenFault> {
        asked!(self, speaker => speaker.sign(key, scheme, message, again))
    }

    pub(super) fn generate(
        &mut self,
        scheme: SignScheme,
        label: &str,
        id: &[u8],
    ) -> Result<TokenKey, TokenFault> {
        asked!(self, speaker => speaker.generate(scheme, label, id))
    }

    pub(super) fn evidence(&mut self, key: &KeyHint) -> Result<KeyEvidence, TokenFault> {
        asked!(self, speaker => speaker.evidence(key))
    }

    /// What a card certifies of a key. Modules have no common way to ask for it.
    pub(super) fn attestation(&mut self, key: &KeyHint) -> Result<Option<Attestation>, TokenFault> {
        match self {
            Self::Module(module) => module.evidence(key).map(|_| None),
            #[cfg(feature = "piv")]
            Self::Piv(cards) => cards.attestation(key),
        }
    }

    /// The readers of the machine. Modules keep to their own tokens.
    pub(super) fn readers(&self) -> Result<Vec<Reader>, TokenFault> {
        match self {
            Self::Module(_) => Err(TokenFault::Protocol {
                during: Call::List,
                what: "a module is not asked for the machine's readers".into(),
            }),
            #[cfg(feature = "piv")]
            Self::Piv(_) => super::piv::readers::all(),
        }
    }

    /// A key in a slot of the card that was opened.
    #[cfg_attr(not(feature = "piv"), expect(unused_variables, reason = "a build without it refuses"))]
    pub(super) fn make(&mut self, scheme: SignScheme, new: InSlot) -> Result<TokenKey, TokenFault> {
        match self {
            Self::Module(_) => {
                Err(TokenFault::NoNewKey { why: format!("a module knows no slot {:02x}", new.slot) })
            }
            #[cfg(feature = "piv")]
            Self::Piv(cards) => cards.make(scheme, new),
        }
    }

    /// How a card stands.
    #[cfg_attr(not(feature = "piv"), expect(unused_variables, reason = "a build without it refuses"))]
    pub(super) fn condition(&mut self, slot: u64, expected: &TokenName) -> Result<Condition, TokenFault> {
        match self {
            Self::Module(_) => Err(TokenFault::NoPivCard { token: expected.clone() }),
            #[cfg(feature = "piv")]
            Self::Piv(cards) => cards.condition(slot, expected),
        }
    }

    /// What a card says and certifies of a key, without a PIN.
    #[cfg_attr(not(feature = "piv"), expect(unused_variables, reason = "a build without it refuses"))]
    pub(super) fn told(
        &mut self,
        slot: u64,
        expected: &TokenName,
        key: &KeyHint,
    ) -> Result<(KeyEvidence, Option<Attestation>), TokenFault> {
        match self {
            Self::Module(_) => Err(TokenFault::NoPivCard { token: expected.clone() }),
            #[cfg(feature = "piv")]
            Self::Piv(cards) => cards.told(slot, expected, key),
        }
    }

    /// A card's PIN, PUK and management key become its holder's own.
    #[cfg_attr(not(feature = "piv"), expect(unused_variables, reason = "a build without it refuses"))]
    pub(super) fn prepare(
        &mut self,
        slot: u64,
        expected: &TokenName,
        preparation: Preparation,
    ) -> Result<Prepared, TokenFault> {
        match self {
            Self::Module(_) => Err(TokenFault::NoPivCard { token: expected.clone() }),
            #[cfg(feature = "piv")]
            Self::Piv(cards) => cards.prepare(slot, expected, preparation),
        }
    }

    /// A card gets a new PIN by its PUK.
    #[cfg_attr(not(feature = "piv"), expect(unused_variables, reason = "a build without it refuses"))]
    pub(super) fn unblock(
        &mut self,
        slot: u64,
        expected: &TokenName,
        puk: Pin,
        new_pin: Pin,
    ) -> Result<Option<Condition>, TokenFault> {
        match self {
            Self::Module(_) => Err(TokenFault::NoPivCard { token: expected.clone() }),
            #[cfg(feature = "piv")]
            Self::Piv(cards) => cards.unblock(slot, expected, puk, new_pin),
        }
    }

    /// Lets go of the tokens. A PIV card that was opened is reset when it is dropped.
    pub(super) fn close(self) {
        match self {
            Self::Module(module) => module.close(),
            #[cfg(feature = "piv")]
            Self::Piv(cards) => drop(cards),
        }
    }
}

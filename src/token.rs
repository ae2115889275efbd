//! Tokens: the port through which a signature is asked from a device that a person holds.
//!
//! Promises: vendor code runs only in a child process of ours ([`Host`]), every failure is a [`TokenFault`]
//! that tells whether a PIN try may have been spent, and keys are reported as plain public facts so that the
//! desk can find the one it wants by public key.
//!
//! Deliberately absent: what is signed and whether it may be. The desk passes the sealed bytes of one of the
//! engine's signable things and verifies whatever comes back; nothing in here judges a signature. Strings in
//! the facts and faults come from the token: they are shown only through the operator's sanitiser.

mod as_card;
mod attestation;
mod child;
mod condition;
mod driver;
mod drivers;
mod entry;
mod evidence;
mod factory;
mod facts;
mod fault;
mod frame;
mod gate;
mod host;
mod in_slot;
pub mod keyfile;
mod line;
mod loaded;
mod meaning;
mod message;
mod name;
mod patience;
mod percent;
#[cfg(feature = "piv")]
mod piv;
mod pkcs11;
mod point;
mod readers;
mod scheme;
mod software;
mod spki;
mod unshown;
mod uri;
mod wire;

pub use attestation::Attestation;
pub use child::{HIDDEN_ARGUMENT, child_main};
pub use condition::{Became, Condition, ManagementState, OwnPin, Preparation, Prepared, SecretState};
pub use driver::{Driver, SOCKET_VARIABLE, Speaker, keeps_socket_back};
pub use drivers::{Candidate, Drivers, Listing, Seen, Showing, Silent};
pub use entry::Entry;
pub use evidence::KeyEvidence;
pub use factory::{is_factory, is_factory_pin, is_factory_puk};
pub use facts::{KeyKind, LoginFacts, ModuleFacts, PinTries, SlotFacts, TokenFacts, TokenKey, TokenName};
pub use fault::{Call, Ending, Spent, TokenFault};
pub use frame::MESSAGE_CAP;
pub use host::{Deadlines, ExitWarning, Host};
pub use in_slot::{InSlot, PinUse, TouchUse};
pub use meaning::{CODES, Meaning, Remedy, meaning};
pub use patience::{Impatient, Patience};
pub use readers::{Reader, ReaderState, readers};
pub use scheme::SignScheme;
pub use software::is_software_model;
pub use unshown::{Instead, Named, Opened};
pub use uri::{KeyClass, TokenUri, UriFault};

/// The one slot among `slots` that `wanted` describes.
///
/// Slot numbers are a hint that changes between runs (SoftHSM derives them anew), so a URI by serial or label
/// is what to write down.
///
/// # Errors
/// [`TokenFault::NoSuchToken`] or [`TokenFault::AmbiguousToken`], naming what is there. No PIN was involved.
pub fn choose<'a>(
    wanted: &TokenUri,
    module: &ModuleFacts,
    slots: &'a [SlotFacts],
) -> Result<&'a SlotFacts, TokenFault> {
    let found: Vec<&SlotFacts> = slots.iter().filter(|slot| wanted.fits_slot(module, slot)).collect();
    let names = |slots: &mut dyn Iterator<Item = &SlotFacts>| slots.map(SlotFacts::name).collect();
    match found.as_slice() {
        [only] => Ok(only),
        [] => Err(TokenFault::NoSuchToken { wanted: wanted.to_string(), present: names(&mut slots.iter()) }),
        several => Err(TokenFault::AmbiguousToken {
            wanted: wanted.to_string(),
            candidates: names(&mut several.iter().copied()),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use facts::tests::{a_module, a_slot};

    fn uri(text: &str) -> TokenUri {
        TokenUri::from_command_line(text).unwrap()
    }

    #[test]
    fn one_fitting_token_is_chosen() {
        let slots = [a_slot(7, "alice", "01"), a_slot(8, "bob", "02")];
        assert_eq!(choose(&uri("pkcs11:token=bob"), &a_module(), &slots).unwrap().slot, 8);
        assert_eq!(choose(&uri("pkcs11:serial=01"), &a_module(), &slots).unwrap().slot, 7);
        assert_eq!(choose(&uri("pkcs11:slot-id=8"), &a_module(), &slots).unwrap().slot, 8);
    }

    #[test]
    fn no_token_is_an_error_that_names_what_is_there() {
        let slots = [a_slot(7, "alice", "01")];
        let fault = choose(&uri("pkcs11:token=carol"), &a_module(), &slots).unwrap_err();
        assert_eq!(fault.tries_spent(), Spent::No);
        let said = fault.to_string();
        assert!(said.contains("carol") && said.contains("alice") && said.contains("01"), "{said}");
    }

    #[test]
    fn two_tokens_under_one_label_are_an_error_that_names_both() {
        let slots = [a_slot(7, "alice", "01"), a_slot(8, "alice", "02")];
        let fault = choose(&uri("pkcs11:token=alice"), &a_module(), &slots).unwrap_err();
        let TokenFault::AmbiguousToken { candidates, .. } = fault else { panic!("{fault:?}") };
        assert_eq!(candidates.len(), 2);
        assert_eq!(choose(&uri("pkcs11:token=alice;serial=02"), &a_module(), &slots).unwrap().slot, 8);
    }

    #[test]
    fn a_token_whose_text_cannot_be_read_is_chosen_by_slot_only() {
        let mut unreadable = a_slot(9, "x", "y");
        unreadable.token = None;
        let slots = [a_slot(7, "alice", "01"), unreadable];
        assert_eq!(choose(&uri("pkcs11:slot-id=9"), &a_module(), &slots).unwrap().slot, 9);
        assert!(matches!(
            choose(&uri("pkcs11:token=x"), &a_module(), &slots),
            Err(TokenFault::NoSuchToken { .. })
        ));
        assert!(matches!(
            choose(&uri("pkcs11:"), &a_module(), &slots),
            Err(TokenFault::AmbiguousToken { .. })
        ));
    }
}

//! PIV cards such as YubiKeys, through the crate `yubikey` and the machine's pcscd: this file and those below it are the only
//! ones that know it. Runs in the child process only, because the crate can panic and keeps the PIN in plain memory.
//!
//! Promises: what a card says before a PIN costs no try; a PIN is sent once per question, never on behalf of an earlier one
//! (the crate's `reconnect` does that, so it is not used), and only with a length that a PIN can have; a card that was only
//! looked at is left as it was found, one that was opened is reset when it is let go, so that no other program finds it open;
//! a card without a serial, and one that makes the crate panic, is shown with its trouble and can do nothing else.
//!
//! What changes a card is in `preparing`, `management` and `making` alone. Deliberately not done: a key removed, a card reset.

mod condition;
mod faults;
mod keys;
mod making;
mod management;
mod preparing;
mod pss;
pub(super) mod readers;
mod signing;

use std::panic::{AssertUnwindSafe, catch_unwind};

use yubikey::piv::{ManagementSlotId, SlotId, metadata};
use yubikey::reader::{Context, Reader};
use yubikey::{Error, Version, YubiKey};

use super::attestation::Attestation;
use super::entry::Entry;
use super::evidence::KeyEvidence;
use super::factory;
use super::facts::{LoginFacts, ModuleFacts, PinTries, SlotFacts, TokenFacts, TokenKey, TokenName};
use super::fault::{Call, TokenFault};
use super::gate::{self, Offered};
use super::scheme::SignScheme;
use super::wire::KeyHint;
use faults::{fault, is_absent, is_no_reader, unsent};

/// Most readers that are looked at.
const LIST_CAP: usize = 16;

/// Lengths of a PIN (SP 800-73-4 part 2, 2.4.3). A shorter one costs a try like any other wrong one.
const PIN_LENGTHS: (usize, usize) = (6, 8);

/// What readers with cards that are spoken to without a module call their manufacturer: it leads `piv:` URIs here.
pub(super) const WITHOUT_MODULE: &str = super::uri::PIV_MANUFACTURER;

/// The cards in this machine's readers, with the one that was opened last.
pub(super) struct Cards {
    open: Option<Open>,
}

/// A card whose PIN was accepted.
struct Open {
    card: YubiKey,
    number: usize,
    name: TokenName,
    /// The PIN was the last thing that the card was sent: a key that wants it right before each signature takes it now.
    fresh: bool,
}

/// What a card says of its PIN.
struct PinState {
    left: u8,
    is_default: bool,
    puk_locked: bool,
}

impl Cards {
    pub(super) fn new() -> Self {
        Self { open: None }
    }

    pub(super) fn facts(&self) -> ModuleFacts {
        ModuleFacts {
            manufacturer: WITHOUT_MODULE.into(),
            description: "PIV cards through pcscd".into(),
            version: (0, 9),
        }
    }

    /// Every reader with a card, what the card tells, and the public keys in its slots. It ends a login: looking at a card
    /// selects its applet anew, which forgets the PIN.
    pub(super) fn list(&mut self) -> Result<Vec<SlotFacts>, TokenFault> {
        self.open = None;
        in_readers(|number, reader| {
            let name = reader.name().into_owned();
            match guarded(|| reader.open()) {
                Ok(card) => Some(looked_at(card, |card| slot_facts(number, &name, card))),
                Err(Trouble::Card(error)) if is_absent(&error) => None,
                Err(trouble) => Some(unreadable(number, &name, &trouble.told(Call::List).to_string())),
            }
        })
        .map(|slots| slots.into_iter().flatten().collect())
    }

    /// Opens the card in reader `slot`, if it is still the one named `expected`.
    pub(super) fn login(
        &mut self,
        slot: u64,
        expected: Option<&TokenName>,
        entry: Entry,
    ) -> Result<LoginFacts, TokenFault> {
        self.open = None;
        let number = usize::try_from(slot).unwrap_or(usize::MAX);
        let mut card = reopened(number)?;
        let (name, before) = match look(&mut card, slot, expected, &entry) {
            Ok(looked) => looked,
            Err(fault) => {
                leave(card);
                return Err(fault);
            }
        };
        // Before the PIN: reading the keys may select another applet on the way.
        let keys = match guarded(|| keys::public_keys(&mut card)) {
            Ok(keys) => keys,
            Err(trouble) => {
                leave(card);
                return Err(trouble.told(Call::List));
            }
        };
        verify(&mut card, number, &name, before, entry)?;
        self.open = Some(Open { card, number, name, fresh: true });
        Ok(LoginFacts { before: Some(before), already: false, keys })
    }

    /// What the card says of the key in a slot. It is its word: the attestation is what can be checked.
    pub(super) fn evidence(&mut self, hint: &KeyHint) -> Result<KeyEvidence, TokenFault> {
        let open = self.open(Call::List)?;
        let slot = keys::slot_of(hint)?;
        guarded(|| keys::evidence(&mut open.card, slot)).map_err(|t| t.told(Call::List))
    }

    /// The certificates by which a card vouches for a key that it made.
    pub(super) fn attestation(&mut self, hint: &KeyHint) -> Result<Option<Attestation>, TokenFault> {
        let open = self.open(Call::List)?;
        let slot = keys::slot_of(hint)?;
        guarded(|| keys::attestation(&mut open.card, slot)).map_err(|t| t.told(Call::List))
    }

    /// Keys are made with the card's management key, for which this program has no question yet.
    pub(super) fn generate(&self, _: SignScheme, _: &str, _: &[u8]) -> Result<TokenKey, TokenFault> {
        Err(TokenFault::NoNewKey { why: "PIV cards make keys with their management key only".into() })
    }

    /// The open card, which is about to be asked something other than a signature.
    fn open(&mut self, during: Call) -> Result<&mut Open, TokenFault> {
        let open = self.open.as_mut().ok_or(TokenFault::NotLoggedIn { during, always_authenticate: None })?;
        open.fresh = false;
        Ok(open)
    }
}

/// Sends the PIN, once.
fn verify(
    card: &mut YubiKey,
    number: usize,
    name: &TokenName,
    before: PinTries,
    entry: Entry,
) -> Result<(), TokenFault> {
    let Entry::Pin(pin) = entry else { return Err(TokenFault::NoKeypad { token: name.clone() }) };
    let sent = guarded(|| card.verify_pin(pin.bytes()));
    drop(pin);
    let token = name.clone();
    match sent {
        Ok(()) => Ok(()),
        // It said before that a try was left, and there was more than that one: whether this PIN was judged is not known.
        Err(Trouble::Card(Error::WrongPin { tries: 0 })) if before != PinTries::Last => {
            Err(TokenFault::PinLocked { token, sent: true })
        }
        Err(Trouble::Card(Error::WrongPin { tries })) => {
            // Of two things that a card tells, the worse one is believed.
            let read = guarded(|| pin_state(card)).map_or(tries, |state| state.left);
            Err(TokenFault::PinIncorrect { token, before, after: of_count(tries.min(read)) })
        }
        Err(Trouble::Card(Error::GenericError)) if is_lost(number) => {
            Err(TokenFault::TokenRemoved { during: Call::Login })
        }
        Err(Trouble::Card(error)) => Err(unsent(&error).unwrap_or_else(|| fault(error, Call::Login))),
        Err(trouble) => Err(trouble.told(Call::Login)),
    }
}

/// What went wrong with a card.
enum Trouble {
    /// It, or the way to it, said so.
    Card(Error),
    /// The crate panicked.
    Nonsense,
}

impl Trouble {
    fn told(self, during: Call) -> TokenFault {
        match self {
            Self::Card(error) => fault(error, during),
            Self::Nonsense => {
                TokenFault::Protocol { during, what: "the card's answer makes no sense".into() }
            }
        }
    }
}

/// The crate indexes into answers that may be empty: a panic is an answer that makes no sense. What was borrowed is a
/// connection, which is not used again without another look at the card.
fn guarded<T>(ask: impl FnOnce() -> Result<T, Error>) -> Result<T, Trouble> {
    catch_unwind(AssertUnwindSafe(ask)).map_err(|_| Trouble::Nonsense)?.map_err(Trouble::Card)
}

/// Goes through the machine's readers, in pcscd's order.
fn in_readers<T>(mut each: impl FnMut(usize, &Reader<'_>) -> T) -> Result<Vec<T>, TokenFault> {
    let listed = |error| if is_no_reader(&error) { Ok(Vec::new()) } else { Err(fault(error, Call::List)) };
    let mut context = match Context::open() {
        Ok(context) => context,
        Err(error) => return listed(error),
    };
    match context.iter() {
        Ok(readers) => {
            Ok(readers.take(LIST_CAP).enumerate().map(|(number, reader)| each(number, &reader)).collect())
        }
        Err(error) => listed(error),
    }
}

/// The card in the reader of this number.
fn reopened(wanted: usize) -> Result<YubiKey, TokenFault> {
    let opened = in_readers(|number, reader| (number == wanted).then(|| guarded(|| reader.open())))?;
    match opened.into_iter().flatten().next() {
        Some(opened) => opened.map_err(|trouble| trouble.told(Call::List)),
        None => Err(TokenFault::TokenRemoved { during: Call::List }),
    }
}

/// Whether the reader of this number has no card that answers. A card that is pulled in the middle of a command can look like
/// one that answered nothing, until its reader has noticed.
fn is_lost(number: usize) -> bool {
    reopened(number).map(leave).is_err()
}

/// Asks a card something and leaves it as it was found: the crate would reset it for every other program.
fn looked_at<T>(mut card: YubiKey, ask: impl FnOnce(&mut YubiKey) -> T) -> T {
    let told = ask(&mut card);
    leave(card);
    told
}

fn leave(card: YubiKey) {
    // A card that is gone needs no leaving.
    drop(card.disconnect(pcsc::Disposition::LeaveCard));
}

/// The last look at a card before something opens it: nothing in here costs a try.
fn look(
    card: &mut YubiKey,
    slot: u64,
    expected: Option<&TokenName>,
    entry: &Entry,
) -> Result<(TokenName, PinTries), TokenFault> {
    let state = guarded(|| pin_state(card)).map_err(|trouble| trouble.told(Call::List))?;
    let token = token_facts(card, &state);
    let name = gate::before_login(token.as_ref(), expected, slot, Offered::of(entry))?;
    if matches!(entry, Entry::Pin(pin) if factory::is_factory_pin(pin)) {
        return Err(TokenFault::FactoryPin { token: name });
    }
    match token {
        Some(_) => Ok((name, of_count(state.left))),
        // Any card could be it.
        None => Err(TokenFault::NoSuchToken { wanted: name.to_string(), present: Vec::new() }),
    }
}

fn slot_facts(number: usize, reader: &str, card: &mut YubiKey) -> SlotFacts {
    let state = guarded(|| pin_state(card));
    let found = guarded(|| keys::public_keys(card));
    let (state, pin_trouble) = match state {
        Ok(state) => (Some(state), None),
        Err(trouble) => (None, Some(trouble.told(Call::List))),
    };
    let (keys, key_trouble) = match found {
        Ok(keys) => (keys, None),
        Err(trouble) => (Vec::new(), Some(trouble.told(Call::List))),
    };
    let token = state.as_ref().and_then(|state| token_facts(card, state));
    let trouble = match (pin_trouble, key_trouble) {
        (Some(fault), _) => Some(format!("token: {fault}")),
        (None, Some(fault)) => Some(format!("keys: {fault}")),
        (None, None) if token.is_none() => Some("token: the card tells no serial number".into()),
        (None, None) => None,
    };
    SlotFacts { token, keys, trouble, ..unreadable(number, reader, "") }
}

fn unreadable(number: usize, reader: &str, trouble: &str) -> SlotFacts {
    SlotFacts {
        slot: number as u64,
        description: reader.to_owned(),
        manufacturer: WITHOUT_MODULE.to_owned(),
        hardware: true,
        token: None,
        keys: Vec::new(),
        trouble: Some(trouble.to_owned()),
    }
}

/// Nothing for a card that tells no serial: an empty answer reads as zero.
fn token_facts(card: &YubiKey, state: &PinState) -> Option<TokenFacts> {
    name(card).map(|TokenName { label, serial }| TokenFacts {
        label,
        manufacturer: "Yubico".into(),
        model: format!("YubiKey {}", card.version()),
        serial,
        hardware_version: None,
        firmware: Some(card.version().to_string()),
        initialized: true,
        login_required: true,
        pin_initialized: true,
        pin_to_be_changed: state.is_default,
        puk_locked: state.puk_locked,
        keypad: false,
        tries: of_count(state.left),
        pin_min: PIN_LENGTHS.0,
        pin_max: PIN_LENGTHS.1,
    })
}

fn name(card: &YubiKey) -> Option<TokenName> {
    let serial = card.serial().0;
    // As the maker's module calls it, so that one card through both is one name.
    (serial != 0).then(|| TokenName { label: format!("YubiKey PIV #{serial}"), serial: serial.to_string() })
}

/// What the card says of its PIN: by its metadata, or by a question that costs no try.
fn pin_state(card: &mut YubiKey) -> Result<PinState, Error> {
    if has_metadata(card.version()) {
        let told = metadata(card, SlotId::Management(ManagementSlotId::Pin))?;
        let retries = told.retries.ok_or(Error::ParseError)?;
        let left = retries.remaining_count;
        // Of account only where the PIN is locked; what the PUK does not tell is no reason to hide the rest.
        let puk =
            |card: &mut YubiKey| metadata(card, SlotId::Management(ManagementSlotId::Puk)).ok()?.retries;
        let puk_locked = left == 0 && puk(card).is_some_and(|puk| puk.remaining_count == 0);
        return Ok(PinState { left, is_default: told.default == Some(true), puk_locked });
    }
    Ok(PinState { left: card.get_pin_retries()?, is_default: false, puk_locked: false })
}

fn of_count(left: u8) -> PinTries {
    match left {
        0 => PinTries::Locked,
        1 => PinTries::Last,
        left => PinTries::Left(left),
    }
}

/// GET METADATA is there from firmware 5.3 on.
fn has_metadata(version: Version) -> bool {
    (version.major, version.minor) >= (5, 3)
}

/// Ed25519 is there from firmware 5.7 on.
fn makes_ed25519(version: Version) -> bool {
    (version.major, version.minor) >= (5, 7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_try_and_none_have_names_of_their_own() {
        let told = [0, 1, 2, 255].map(of_count);
        assert_eq!(told, [PinTries::Locked, PinTries::Last, PinTries::Left(2), PinTries::Left(255)]);
        assert_eq!(told[2].to_string(), "the token reports that 2 tries are left");
    }

    #[test]
    fn metadata_is_asked_for_from_firmware_5_3_on() {
        let version = |major, minor| Version { major, minor, patch: 0 };
        assert!(has_metadata(version(5, 3)) && has_metadata(version(5, 7)));
        assert!(!has_metadata(version(5, 2)) && !has_metadata(version(4, 9)));
    }

    #[test]
    fn a_panic_of_the_crate_is_an_answer_that_makes_no_sense() {
        let made: Result<(), Trouble> = guarded(|| panic!("as with an empty answer"));
        let Err(trouble) = made else { panic!("nothing came of it") };
        let fault = trouble.told(Call::List);
        assert!(matches!(fault, TokenFault::Protocol { during: Call::List, .. }), "{fault}");
    }
}

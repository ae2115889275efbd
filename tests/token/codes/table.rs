//! What each return value must lead to, at each call that this program makes. A call that is not here makes the tests fail.

use tuf_conclave::token::{CODES, Call, Spent};

/// One thing that is asked of a module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    Load,
    List,
    Login,
    Sign,
    SignWithPin,
    Evidence,
    Generate,
    Close,
}

impl Flow {
    pub const ALL: [Self; 8] = [
        Self::Load,
        Self::List,
        Self::Login,
        Self::Sign,
        Self::SignWithPin,
        Self::Evidence,
        Self::Generate,
        Self::Close,
    ];
}

/// What a code leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Everything goes on.
    Fine,
    /// The list goes on, and tells the code beside the token.
    Told,
    /// A fault that tells the code, of the kind that [`kind`] says, during this call.
    Fault(Call),
    /// This fault, and what it costs.
    Named(&'static str, Spent),
    /// Done or a fault that costs nothing: the module contradicts itself, and what follows depends on where.
    Either,
}

/// A call at which a module can answer a code.
#[derive(Debug)]
pub struct Place {
    pub flow: Flow,
    pub call: &'static str,
    /// Which of the calls of this name; all for 0.
    pub nth: u32,
    /// Other rules that lead there.
    pub with: &'static str,
    /// How often a PIN is sent.
    pub pins: usize,
    pub usually: Outcome,
    pub but: &'static [(&'static [u64], Outcome)],
}

/// Every code of the standard, some of makers, and some that nobody has.
pub fn codes() -> Vec<u64> {
    let others = [0x04, 0x20a, 0x7fff_ffff, 0x8000_0000, 0x8000_0001, 0xffff_ffff, u64::MAX];
    CODES.iter().map(|(number, ..)| *number).chain(others).collect()
}

/// The kind of fault that a code is where nothing else is said.
pub fn kind(code: u64, during: Call) -> &'static str {
    match code {
        0x03 | 0x32 | 0xe0 => "TokenRemoved",
        0xb1 | 0xb6 | 0x104 | 0x105 => "TokenBusy",
        0x101 if matches!(during, Call::Sign | Call::Generate) => "NotLoggedIn",
        0x21 if during == Call::Sign => "TooLongForToken",
        _ => "Other",
    }
}

/// What a fault costs where nothing else is said.
pub fn cost(code: u64, during: Call) -> Spent {
    match (during, code) {
        (Call::Login, _) | (Call::Sign | Call::Generate, 0xa0..=0xa4) => Unknown,
        _ => No,
    }
}

use Outcome::{Either, Fault, Fine, Named, Told};
use Spent::{No, Unknown, Yes};

const REFUSED: Outcome = Named("ModuleRefused", No);
/// A search that the module did not end stands in the way of what follows in the same session.
const UNENDED: Outcome = Named("Other", No);
const WANTS_PIN: Outcome = Named("NotLoggedIn", No);
const PIN: &[(&[u64], Outcome)] = &[
    (&[0xa0, 0xa1], Named("PinIncorrect", Yes)),
    (&[0xa2], Named("PinLength", Unknown)),
    (&[0xa3], Named("PinExpired", Unknown)),
    (&[0xa4], Named("PinLocked", Unknown)),
    (&[0x102], Named("PinNotSet", No)),
    (&[0x100], Fine),
];
/// The same for a PIN that opens a key: what says that it was not asked for leads on to the signature, which the key then refuses.
const OWN_PIN: &[(&[u64], Outcome)] = &[
    (&[0xa0, 0xa1], Named("PinIncorrect", Yes)),
    (&[0xa2], Named("PinLength", Unknown)),
    (&[0xa3], Named("PinExpired", Unknown)),
    (&[0xa4], Named("PinLocked", Unknown)),
    (&[0x102], Named("PinNotSet", No)),
    (&[0x100, 0x91, 0x103], WANTS_PIN),
];
/// A module may keep an attribute to itself, or not know it; what it then says of its length is its own affair.
const KEPT: &[(&[u64], Outcome)] = &[(&[0x11, 0x12, 0x150], Either)];
const NO_KEY: &[(&[u64], Outcome)] = &[(
    &[0x05, 0x06, 0x10, 0x12, 0x13, 0x30, 0x31, 0x54, 0x62, 0x70, 0xb5, 0xd0, 0xd1, 0xe2, 0x130, 0x140],
    Named("NoNewKey", No),
)];

const fn at(flow: Flow, call: &'static str, nth: u32, pins: usize, usually: Outcome) -> Place {
    Place { flow, call, nth, with: "", pins, usually, but: &[] }
}

const fn but(place: Place, but: &'static [(&'static [u64], Outcome)]) -> Place {
    Place { but, ..place }
}

const fn with(place: Place, with: &'static str) -> Place {
    Place { with, ..place }
}

/// Every call, in the order in which it is made.
pub const PLACES: &[Place] = &[
    at(Flow::Load, "C_GetInterface", 1, 0, REFUSED),
    at(Flow::Load, "C_GetFunctionList", 1, 0, REFUSED),
    at(Flow::Load, "C_Initialize", 1, 0, REFUSED),
    at(Flow::Load, "C_GetInfo", 1, 0, Fault(Call::Load)),
    at(Flow::List, "C_GetSlotList", 1, 0, Fault(Call::List)),
    // It has more slots than it said: it is asked again.
    but(at(Flow::List, "C_GetSlotList", 2, 0, Fault(Call::List)), &[(&[0x150], Fine)]),
    at(Flow::List, "C_GetSlotInfo", 1, 0, Told),
    at(Flow::List, "C_GetTokenInfo", 1, 0, Told),
    at(Flow::List, "C_OpenSession", 1, 0, Told),
    at(Flow::List, "C_FindObjectsInit", 1, 0, Told),
    at(Flow::List, "C_FindObjects", 1, 0, Told),
    at(Flow::List, "C_FindObjectsFinal", 1, 0, Fine),
    but(at(Flow::List, "C_GetAttributeValue", 1, 0, Told), KEPT),
    at(Flow::List, "C_CloseSession", 1, 0, Fine),
    at(Flow::Login, "C_GetTokenInfo", 1, 0, Fault(Call::List)),
    at(Flow::Login, "C_CloseSession", 1, 1, Fine),
    at(Flow::Login, "C_OpenSession", 1, 0, Fault(Call::List)),
    // Whether the session is on the token that was meant: it need not say so.
    at(Flow::Login, "C_GetSessionInfo", 1, 1, Fine),
    but(at(Flow::Login, "C_Login", 1, 1, Fault(Call::Login)), PIN),
    // Its flags are read again after a refused PIN.
    with(at(Flow::Login, "C_GetTokenInfo", 2, 1, Named("PinIncorrect", Yes)), "C_Login rv=0xa0"),
    // From here on the PIN was right.
    at(Flow::Login, "C_FindObjectsInit", 1, 1, Fault(Call::List)),
    at(Flow::Login, "C_FindObjects", 1, 1, Fault(Call::List)),
    at(Flow::Login, "C_FindObjectsFinal", 1, 1, UNENDED),
    but(at(Flow::Login, "C_GetAttributeValue", 1, 1, Fault(Call::List)), KEPT),
    // Whether a private key wants its PIN again: it need not say so.
    at(Flow::Login, "C_GetAttributeValue", 7, 1, Fine),
    at(Flow::Sign, "C_FindObjectsInit", 1, 0, Fault(Call::List)),
    at(Flow::Sign, "C_FindObjects", 1, 0, Fault(Call::List)),
    at(Flow::Sign, "C_FindObjectsFinal", 1, 0, UNENDED),
    at(Flow::Sign, "C_SignInit", 1, 0, Fault(Call::Sign)),
    at(Flow::Sign, "C_Sign-length", 1, 0, Fault(Call::Sign)),
    at(Flow::Sign, "C_Sign", 1, 0, Fault(Call::Sign)),
    // What is done after a fault hides it not.
    with(at(Flow::Sign, "C_OpenSession", 1, 0, Named("TokenRemoved", No)), "C_Sign rv=0x32"),
    with(at(Flow::Sign, "C_CloseSession", 1, 0, Named("TokenRemoved", No)), "C_Sign rv=0x32"),
    with(at(Flow::Sign, "C_GetAttributeValue", 1, 0, WANTS_PIN), "C_Sign rv=0x101"),
    at(Flow::SignWithPin, "C_FindObjectsInit", 1, 0, Fault(Call::List)),
    at(Flow::SignWithPin, "C_FindObjects", 1, 0, Fault(Call::List)),
    at(Flow::SignWithPin, "C_FindObjectsFinal", 1, 0, UNENDED),
    at(Flow::SignWithPin, "C_GetTokenInfo", 1, 0, Fault(Call::List)),
    but(at(Flow::SignWithPin, "C_SignInit", 1, 0, Fault(Call::Sign)), &[(&[0x101], Either)]),
    but(at(Flow::SignWithPin, "C_Login", 1, 1, Fault(Call::Login)), OWN_PIN),
    with(at(Flow::SignWithPin, "C_GetTokenInfo", 2, 1, Named("PinIncorrect", Yes)), "C_Login rv=0xa0"),
    at(Flow::SignWithPin, "C_GetFunctionList", 1, 1, Fault(Call::Sign)),
    at(Flow::SignWithPin, "C_Sign", 1, 1, Fault(Call::Sign)),
    with(at(Flow::SignWithPin, "C_GetAttributeValue", 1, 1, WANTS_PIN), "C_Sign rv=0x101"),
    with(at(Flow::SignWithPin, "C_OpenSession", 1, 1, Named("TokenRemoved", No)), "C_Sign rv=0x32"),
    with(at(Flow::SignWithPin, "C_CloseSession", 1, 1, Named("TokenRemoved", No)), "C_Sign rv=0x32"),
    at(Flow::Evidence, "C_FindObjectsInit", 1, 0, Fault(Call::List)),
    at(Flow::Evidence, "C_FindObjects", 1, 0, Fault(Call::List)),
    at(Flow::Evidence, "C_FindObjectsFinal", 1, 0, Fine),
    at(Flow::Evidence, "C_GetAttributeValue", 0, 0, Fine),
    at(Flow::Generate, "C_OpenSession", 1, 0, Fault(Call::List)),
    at(Flow::Generate, "C_FindObjectsInit", 1, 0, Fault(Call::List)),
    at(Flow::Generate, "C_FindObjects", 1, 0, Fault(Call::List)),
    at(Flow::Generate, "C_FindObjectsFinal", 1, 0, UNENDED),
    but(at(Flow::Generate, "C_GenerateKeyPair", 0, 0, Fault(Call::Generate)), NO_KEY),
    // From here on the key is there.
    at(Flow::Generate, "C_FindObjectsInit", 3, 0, Fault(Call::Generate)),
    at(Flow::Generate, "C_FindObjects", 3, 0, Fault(Call::Generate)),
    but(at(Flow::Generate, "C_GetAttributeValue", 1, 0, Fault(Call::Generate)), KEPT),
    at(Flow::Generate, "C_CloseSession", 1, 0, Fine),
    at(Flow::Close, "C_Logout", 1, 0, Fine),
    at(Flow::Close, "C_CloseSession", 1, 0, Fine),
    at(Flow::Close, "C_Finalize", 1, 0, Fine),
];

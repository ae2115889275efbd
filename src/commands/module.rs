//! Opening a token's module for a verb, and telling what went wrong with it: what it cost, and what to do.

use std::ffi::OsString;
use std::path::Path;

use tuf_ceremony::profile::LOADS_OTHER_CODE;

use super::plan;
use crate::cli::ModuleChoice;
use crate::fault::{Fault, Signed};
use crate::fence::{self, NoFence};
use crate::operator::clean::{identifier, quoted};
use crate::operator::wording::{self, cards};
use crate::report::NAME;
use crate::token::{Driver, Drivers, PinTries, Remedy, Speaker, Spent, TokenFault, TokenUri, meaning};

/// What stands for a module where PIV cards are spoken to without one.
const PIV: &str = "piv:";

/// How a PIV card that is reached without a module is called, here and through its maker's module.
const CARD: &str = "YubiKey PIV #";

/// The URI that somebody typed.
pub(super) fn token_uri(text: &str) -> Result<TokenUri, Fault> {
    let is_card = text.get(..PIV.len()).is_some_and(|scheme| scheme.eq_ignore_ascii_case(PIV));
    let looks_like = if is_card { cards::URI_LOOKS_LIKE } else { wording::TOKEN_URI_LOOKS_LIKE };
    TokenUri::from_command_line(text)
        .map_err(|fault| Fault::usage(wording::BAD_TOKEN_URI).because(&fault).now(looks_like))
}

/// The modules that the options or the URI name. `network_allowed` says that the role is an online one.
pub(super) fn drivers(
    choice: &ModuleChoice,
    wanted: Option<&TokenUri>,
    network_allowed: bool,
) -> Result<Drivers, Fault> {
    named(choice, wanted, network_allowed).map(Drivers::of)
}

/// The same, each by itself.
pub(super) fn named(
    choice: &ModuleChoice,
    wanted: Option<&TokenUri>,
    network_allowed: bool,
) -> Result<Vec<Driver>, Fault> {
    if let Some(path) = &choice.profile {
        let drivers = Driver::of_profile(&plan::read_profile(path)?.0, network_allowed);
        let has_cards = drivers.iter().any(|driver| driver.speaker == Speaker::Piv);
        if wanted.is_some_and(TokenUri::is_piv) && !has_cards {
            return Err(Fault::refused(cards::NONE_IN_PROFILE).now(cards::ADD_THEM));
        }
        if !drivers.iter().any(|driver| driver.network) {
            fence::forbid_network().map_err(|fault| no_fence(&fault))?;
        }
        return Ok(drivers);
    }
    let module = choice.module.as_deref().or_else(|| wanted.and_then(TokenUri::module_path));
    // A card needs none, where the URI says that one is meant or this word stands for a module.
    let is_card = module.map_or(wanted.is_some_and(TokenUri::is_piv), |module| module == Path::new(PIV));
    let module = module
        .or(is_card.then_some(Path::new(PIV)))
        .ok_or_else(|| Fault::usage(wording::NO_MODULE).now(wording::NAME_A_MODULE))?;
    let environment = environment(choice)?;
    let driver = if is_card { Driver::piv() } else { Driver::of_file(module) };
    Ok(vec![driver.with_environment(&environment)])
}

/// The variables that are passed on.
pub(super) fn environment(choice: &ModuleChoice) -> Result<Vec<(OsString, OsString)>, Fault> {
    let variable = |name: &String| match std::env::var_os(name) {
        _ if LOADS_OTHER_CODE.contains(&name.as_str()) => {
            Err(Fault::usage(wording::loads_other_code(&quoted(name, 60))).now(wording::LEAVE_IT_OUT))
        }
        Some(value) => Ok((OsString::from(name), value)),
        None => Err(Fault::usage(wording::no_variable(&quoted(name, 60))).now(wording::SET_THE_VARIABLE)),
    };
    choice.env.iter().map(variable).collect()
}

/// The fault of a kernel that does not let this process forbid itself the network.
pub(super) fn no_fence(fault: &NoFence) -> Fault {
    Fault::refused(wording::NO_FENCE).because(fault).now(wording::USE_ANOTHER_KERNEL)
}

/// A token's fault, with what it cost and what to do.
pub(super) fn token_fault(fault: &TokenFault, chatter: &str) -> Fault {
    let sentence = match (fault.tries_spent(), fault) {
        (Spent::Yes, TokenFault::PukIncorrect { .. }) => cards::PUK_TRY_USED,
        (_, TokenFault::PukLocked { sent: true, .. }) => cards::PUK_TRY_PERHAPS_USED,
        (Spent::Yes, _) => wording::TOKEN_FAILED_TRY_USED,
        (Spent::Unknown, _) => wording::TOKEN_FAILED_TRY_UNKNOWN,
        (
            Spent::No,
            TokenFault::ModuleMissing { .. }
            | TokenFault::ModuleRefused { .. }
            | TokenFault::ModuleAltered { .. }
            | TokenFault::NoFence { .. }
            | TokenFault::NoDriver { .. },
        ) => wording::NO_SUCH_MODULE,
        (Spent::No, TokenFault::NoSuchToken { .. }) => wording::NO_SUCH_TOKEN,
        (Spent::No, TokenFault::PinLength { .. } | TokenFault::FactoryPin { .. }) => wording::PIN_NOT_SENT,
        (Spent::No, _) => wording::TOKEN_FAILED,
    };
    let mut trouble = Fault::token(sentence).because(fault);
    if !chatter.trim().is_empty() {
        trouble = trouble.because_of(wording::module_said(&quoted(chatter.trim(), 300)));
    }
    let told = trouble.now(advice(fault));
    if fault.may_have_signed() { told.with_signed(Signed::Unknown) } else { told }
}

/// The same where a module may miss the network that its profile allows it: only visits for online roles give it one (DESIGN 19).
pub(super) fn perhaps_cut_off(drivers: &Drivers, fault: Fault) -> Fault {
    drivers
        .without_their_network()
        .fold(fault, |fault, name| fault.and_because(wording::no_network_here(&identifier(name, NAME))))
}

/// What to do about a token's fault.
fn advice(fault: &TokenFault) -> &'static str {
    match fault {
        TokenFault::ModuleMissing { .. } => {
            "Check the path of the module, or install the package that holds it."
        }
        TokenFault::ModuleAltered { .. } => {
            "Do not use it: find out who changed the module. If it was updated on purpose, pin the new file in the profile."
        }
        TokenFault::NoFence { .. } => wording::USE_ANOTHER_KERNEL,
        TokenFault::NoDriver { .. } => "Name a module of the profile, or add it there.",
        TokenFault::ModuleRefused { .. } => {
            "Name a PKCS#11 module; check that it has the variables it needs (--module-env)."
        }
        TokenFault::HostFailed { .. } => {
            "Free some memory or processes on this machine, then start this step again."
        }
        TokenFault::ModuleCrashed { .. } | TokenFault::ModuleHung { .. } | TokenFault::Protocol { .. } => {
            "Take the token out and put it in again, and try once more; if it happens again, `conclave doctor` looks at what is in the way."
        }
        TokenFault::UnknownOutcome { .. } => {
            "List tokens to see the PIN state before you try again; a PIN try may be used."
        }
        TokenFault::NoSuchToken { wanted, .. } if wanted.starts_with(PIV) => cards::INSERT_IT,
        TokenFault::NoSuchToken { .. } => {
            "Insert the token and check its label with `conclave tokens`; if it is inserted, its module may need a variable (--module-env)."
        }
        TokenFault::KeyOnSeveralTokens { .. } => "Name the token by its serial, or leave one of them in.",
        TokenFault::KeyNowhere { .. } => {
            "Insert the token that holds it; `conclave tokens` shows what each holds."
        }
        TokenFault::KeyTaken { .. } => "Choose another label and id for the new key.",
        TokenFault::NoNewKey { .. } => {
            "List the token's keys to see whether anything is left there, then use a token that makes such keys."
        }
        TokenFault::AmbiguousToken { .. } => "Name the token by its serial.",
        TokenFault::TokenChanged { .. } => {
            "Take it out, put in the token that was named, and start this step again."
        }
        TokenFault::NoKey { .. } => {
            "This token holds only the public half: insert the token that holds the private key."
        }
        TokenFault::AmbiguousKey { .. } => "Name the key by its id (id=%01) in the token URI.",
        TokenFault::SchemeMismatch { .. } => "Use a token whose key fits the scheme in the metadata.",
        TokenFault::MessageTooLong { .. } | TokenFault::TooLongForToken { .. } => {
            "Sign this document with an ECDSA or RSA-PSS key, or split it into hash bins."
        }
        TokenFault::PinIncorrect { token, after: PinTries::Locked, .. }
        | TokenFault::PinLocked { token, .. }
            if token.label.starts_with(CARD) =>
        {
            cards::UNBLOCK_IT
        }
        TokenFault::PinIncorrect { after: PinTries::Locked, .. } | TokenFault::PinLocked { .. } => {
            "Stop here. The security officer can unblock the token; the others may suffice."
        }
        TokenFault::PinIncorrect { .. } => "Check which token is inserted and its PIN before you try again.",
        TokenFault::PukIncorrect { .. } => cards::CHECK_THE_PUK,
        TokenFault::PukLocked { .. } => cards::PUK_IS_LOCKED,
        TokenFault::NewSecretRefused { .. } => cards::TAKE_ANOTHER,
        TokenFault::NotPrepared { .. } => cards::PREPARE_IT,
        TokenFault::FactoryPin { .. } => cards::TYPE_ITS_OWN,
        TokenFault::NotItsOwn { .. } => cards::PUT_IT_BACK,
        TokenFault::SlotRefused { .. } => cards::OTHER_SLOT,
        TokenFault::NoPivCard { .. } => cards::NAME_A_CARD,
        TokenFault::PinExpired { .. } => {
            "Change the PIN with the token's own tool, then start this step again."
        }
        TokenFault::PinNotSet { .. } => {
            "Set a user PIN with the token's own tool, then start this step again."
        }
        TokenFault::PinLength { .. } => "Start this step again and type the whole PIN.",
        TokenFault::KeypadOnly { .. } => "Start this step again and type the PIN on the token's own keypad.",
        TokenFault::NoKeypad { .. } => "Start this step again and type the PIN here.",
        TokenFault::TokenRemoved { .. } => "Insert the token again and start this step again.",
        TokenFault::TokenBusy { .. } => {
            "Close other programs that use the token, then start this step again."
        }
        TokenFault::NotLoggedIn { .. } => {
            "This key wants its PIN for every signature: start this step again and type it when it is asked for."
        }
        TokenFault::TouchMissed => {
            "Start this step again, and touch the token when it blinks; no PIN try was used."
        }
        TokenFault::NoCardService { .. } => {
            "Start the service pcscd, or install the package pcscd, then try again."
        }
        TokenFault::SocketNotPassed { .. } => cards::PASS_IT_ON,
        TokenFault::CardServiceHung { .. } => cards::BUSY_OR_HUNG,
        TokenFault::CardHeld { .. } => cards::CLOSE_THE_HOLDER,
        TokenFault::SignatureLength { .. } => {
            "Do not use this token or module: what it returns is no signature."
        }
        TokenFault::Other { number, .. } => by_code(*number),
    }
}

/// What to do about a return value, as far as its number tells.
fn by_code(number: Option<u64>) -> &'static str {
    match number.map_or(Remedy::Replug, |number| meaning(number).remedy) {
        Remedy::Replug => "Take the token out and put it in again, then start this step again.",
        Remedy::Wait => "Close other programs that use the token, then start this step again.",
        Remedy::Machine => {
            "Restart this computer and check the module's variables (--module-env), then start this step again."
        }
        Remedy::Another => "Use another token, or another module for this one.",
        Remedy::Pin => "List tokens to see the PIN state before you try again; a PIN try may be used.",
        Remedy::Confirm => "Start this step again, and confirm it on the token when it asks.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::{CODES, Call};

    #[test]
    fn each_code_leads_to_a_sentence_a_cause_in_words_and_one_thing_to_do() {
        let calls =
            [Call::Load, Call::List, Call::Login, Call::Sign, Call::SignWithPin, Call::Generate, Call::Close];
        let others = [0x04, 0x8000_0000, u64::MAX];
        for number in CODES.iter().map(|(number, ..)| *number).chain(others) {
            for during in calls {
                let fault =
                    TokenFault::Other { during, name: meaning(number).name.into(), number: Some(number) };
                let told = token_fault(&fault, "");
                assert_eq!(told.exit(), 4);
                assert!(told.causes()[0].contains(meaning(number).words), "{number:#x}: {told:?}");
                assert!(told.advice().ends_with('.') && told.advice().len() < 160, "{number:#x}: {told:?}");
            }
        }
    }

    #[test]
    fn a_code_about_a_pin_leads_to_its_state_and_one_about_the_token_to_the_token() {
        for (number, words) in
            [(0xa4, "PIN state"), (0x30, "Take the token out"), (0x200, "confirm"), (0x70, "another")]
        {
            let fault = TokenFault::Other { during: Call::Sign, name: String::new(), number: Some(number) };
            assert!(token_fault(&fault, "").advice().contains(words), "{number:#x}");
        }
    }
}

//! What the crate and PC/SC say when something goes wrong, as faults of a token.

use pcsc::Error as Reader;
use yubikey::Error;

use crate::token::facts::CARD_HELD;
use crate::token::fault::{Call, TokenFault};

/// How pcscd calls a card that another program reset.
const RESET: &str = "SCARD_W_RESET_CARD";

/// The fault of an error that is not about a PIN.
pub(super) fn fault(error: Error, during: Call) -> TokenFault {
    match error {
        Error::PcscError { inner: Some(error) } => of_reader(error, during),
        Error::AuthenticationError if matches!(during, Call::Sign | Call::SignWithPin) => {
            TokenFault::NotLoggedIn { during, always_authenticate: None }
        }
        Error::AppletNotFound { applet_name } => other(during, format!("no {applet_name} applet"), None),
        error => other(during, words(error), None),
    }
}

fn of_reader(error: Reader, during: Call) -> TokenFault {
    let number = Some(u64::from(error as i32 as u32));
    match error {
        Reader::NoService | Reader::ServiceStopped => TokenFault::NoCardService { reason: error.to_string() },
        Reader::SharingViolation => TokenFault::TokenBusy { during, code: CARD_HELD.into() },
        error if has_left(error) => TokenFault::TokenRemoved { during },
        error => other(during, error.to_string(), number),
    }
}

fn other(during: Call, name: String, number: Option<u64>) -> TokenFault {
    TokenFault::Other { during, name, number }
}

/// What the crate made of a card's answer, in words and by its own name: it keeps no status word that it does not know.
fn words(error: Error) -> String {
    let said = match error {
        Error::GenericError => "with an error that it does not explain",
        Error::SizeError => "with too much or too little",
        Error::ParseError | Error::InvalidObject => "with something that cannot be read",
        Error::NotSupported => "that it cannot do this",
        Error::NotFound => "that nothing is there",
        Error::AlgorithmError | Error::KeyError => "that it does not take this kind of key",
        Error::AuthenticationError => "that this is not allowed now",
        Error::PinLocked => "that the PIN is locked",
        other => return other.name().map_or_else(|| other.to_string(), str::to_owned),
    };
    error.name().map_or_else(|| said.to_owned(), |name| format!("{said} ({name})"))
}

/// Whether there was no card to ask.
pub(super) fn is_absent(error: &Error) -> bool {
    matches!(error, Error::PcscError { inner: Some(error) } if has_left(*error))
}

/// Whether the machine has no reader at all, which is nothing wrong.
pub(super) fn is_no_reader(error: &Error) -> bool {
    matches!(error, Error::PcscError { inner: Some(Reader::NoReadersAvailable) })
}

/// Whether somebody reset the card meanwhile. pcscd says so before it passes on anything, so nothing was sent.
pub(super) fn is_reset(error: &Error) -> bool {
    matches!(error, Error::PcscError { inner: Some(Reader::ResetCard) })
}

/// The fault of a secret that was not sent, because somebody reset the card right before.
pub(super) fn unsent(error: &Error) -> Option<TokenFault> {
    // Of a look at the card, because it came to no more.
    is_reset(error).then(|| TokenFault::TokenBusy { during: Call::List, code: RESET.into() })
}

/// A card that is pulled in the middle of a command ends it in various ways.
fn has_left(error: Reader) -> bool {
    matches!(
        error,
        Reader::RemovedCard
            | Reader::NoSmartcard
            | Reader::ReaderUnavailable
            | Reader::UnknownReader
            | Reader::UnpoweredCard
            | Reader::UnresponsiveCard
            | Reader::NotTransacted
            | Reader::CommDataLost
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::fault::Spent;

    #[test]
    fn an_error_of_the_crate_is_told_in_words() {
        let told = fault(Error::GenericError, Call::Sign).to_string();
        let expected = "the module answered with an error that it does not explain (YKPIV_GENERIC_ERROR) during the signature";
        assert_eq!(told, expected);
        assert!(fault(Error::NotFound, Call::List).to_string().contains("that nothing is there"));
        let refused = |during| fault(Error::AuthenticationError, during);
        assert!(matches!(refused(Call::Sign), TokenFault::NotLoggedIn { .. }));
        for during in [Call::List, Call::Change, Call::Generate] {
            let told = refused(during).to_string();
            assert!(told.contains("that this is not allowed now") && !told.contains("CKR_"), "{told}");
        }
    }

    #[test]
    fn a_card_that_was_reset_before_its_secret_was_sent_costs_no_try() {
        let reset = Error::PcscError { inner: Some(Reader::ResetCard) };
        let unsent = unsent(&reset).unwrap();
        assert_eq!((unsent.tries_spent(), unsent.may_have_changed_a_card()), (Spent::No, false), "{unsent}");
        assert_eq!(super::unsent(&Error::GenericError), None);
    }

    #[test]
    fn each_way_of_losing_a_card_is_told_apart_from_one_that_is_held() {
        let of = |error| fault(Error::PcscError { inner: Some(error) }, Call::Sign);
        for gone in [Reader::RemovedCard, Reader::NotTransacted, Reader::ReaderUnavailable] {
            assert_eq!(of(gone), TokenFault::TokenRemoved { during: Call::Sign });
        }
        assert!(matches!(of(Reader::SharingViolation), TokenFault::TokenBusy { .. }));
        assert!(matches!(of(Reader::NoService), TokenFault::NoCardService { .. }));
        let TokenFault::Other { number, .. } = of(Reader::InternalError) else { panic!("another fault") };
        assert_eq!(number, Some(0x8010_0001));
        assert!(is_reset(&Error::PcscError { inner: Some(Reader::ResetCard) }));
        assert!(!is_reset(&Error::GenericError));
    }
}

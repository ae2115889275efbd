//! PKCS#11 return codes as faults of ours, with the names and numbers of the standard.

use cryptoki::error::{Error, Rv, RvError};

use crate::token::fault::{Call, TokenFault};
use crate::token::meaning::meaning;

pub(super) fn fault(error: Error, during: Call) -> TokenFault {
    let code = match error {
        Error::Pkcs11(code, _) => code,
        Error::NullFunctionPointer => {
            return TokenFault::Other {
                during,
                name: "nothing, for it lacks the function".into(),
                number: None,
            };
        }
        other => {
            let name = format!("something that makes no sense ({other})");
            return TokenFault::Other { during, name, number: None };
        }
    };
    match code {
        RvError::DeviceRemoved | RvError::TokenNotPresent | RvError::SlotIdInvalid => {
            TokenFault::TokenRemoved { during }
        }
        RvError::SessionCount
        | RvError::SessionExists
        | RvError::UserAnotherAlreadyLoggedIn
        | RvError::UserTooManyTypes => TokenFault::TokenBusy { during, code: code_name(code) },
        RvError::UserNotLoggedIn if matches!(during, Call::Sign | Call::SignWithPin | Call::Generate) => {
            TokenFault::NotLoggedIn { during, always_authenticate: None }
        }
        _ => TokenFault::Other { during, name: code_name(code), number: code_number(code) },
    }
}

/// The name in the standard: the crate's own texts are whole paragraphs.
pub(super) fn code_name(code: RvError) -> String {
    code_number(code).map_or_else(|| format!("{code:?}"), |number| meaning(number).name.to_owned())
}

/// Name, number and meaning, for where no fault of a call tells them.
pub(super) fn code_words(code: RvError) -> String {
    let number = code_number(code).unwrap_or_default();
    format!("{} ({number:#x}): {}", code_name(code), meaning(number).words)
}

/// The number in the standard, found by asking the crate's own table backwards.
fn code_number(code: RvError) -> Option<u64> {
    match code {
        RvError::VendorDefined(number) | RvError::UnknownErrorCode(number) => Some(number),
        _ => (1..=0x300).find(|number| matches!(Rv::from(*number), Rv::Error(found) if found == code)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_the_standards_name_and_number() {
        for (number, name) in [
            (0x05, "CKR_GENERAL_ERROR"),
            (0x30, "CKR_DEVICE_ERROR"),
            (0x32, "CKR_DEVICE_REMOVED"),
            (0xa0, "CKR_PIN_INCORRECT"),
            (0xb7, "CKR_SESSION_READ_ONLY_EXISTS"),
            (0x200, "CKR_FUNCTION_REJECTED"),
        ] {
            let Rv::Error(code) = Rv::from(number) else { panic!("{number:#x} is an error") };
            assert_eq!((code_name(code), code_number(code)), (name.to_owned(), Some(number)));
        }
        assert_eq!(code_number(RvError::VendorDefined(0x8000_0001)), Some(0x8000_0001));
        assert_eq!(code_number(RvError::UnknownErrorCode(0x208)), Some(0x208));
    }

    #[test]
    fn a_removed_token_is_told_apart_from_other_codes() {
        let during = Call::Sign;
        for (number, expected) in [
            (0x32, TokenFault::TokenRemoved { during }),
            (0xe0, TokenFault::TokenRemoved { during }),
            (0xb1, TokenFault::TokenBusy { during, code: "CKR_SESSION_COUNT".into() }),
            (0x30, TokenFault::Other { during, name: "CKR_DEVICE_ERROR".into(), number: Some(0x30) }),
        ] {
            let Rv::Error(code) = Rv::from(number) else { panic!("{number:#x} is an error") };
            let error = Error::Pkcs11(code, cryptoki::context::Function::Sign);
            assert_eq!(fault(error, during), expected);
        }
    }
}

//! PKCS#11 return codes as faults of ours, with the names and numbers of the standard.

use cryptoki::error::{Error, Rv, RvError};

use crate::token::fault::{Call, TokenFault};

pub(super) fn fault(error: Error, during: Call) -> TokenFault {
    let Error::Pkcs11(code, _) = error else {
        return TokenFault::Other { during, name: error.to_string(), number: None };
    };
    match code {
        RvError::DeviceRemoved | RvError::TokenNotPresent | RvError::SlotIdInvalid => {
            TokenFault::TokenRemoved { during }
        }
        RvError::SessionCount
        | RvError::SessionExists
        | RvError::OperationActive
        | RvError::UserAnotherAlreadyLoggedIn
        | RvError::UserTooManyTypes => TokenFault::TokenBusy { during, code: code_name(code) },
        RvError::UserNotLoggedIn => TokenFault::NotLoggedIn { during, always_authenticate: None },
        _ => TokenFault::Other { during, name: code_name(code), number: code_number(code) },
    }
}

/// The name in the standard: the crate's own texts are whole paragraphs.
pub(super) fn code_name(code: RvError) -> String {
    match code {
        RvError::VendorDefined(_) => return "CKR_VENDOR_DEFINED".into(),
        RvError::UnknownErrorCode(_) => return "an unknown code".into(),
        _ => {}
    }
    let mut name = String::from("CKR");
    for letter in format!("{code:?}").chars() {
        if letter.is_ascii_uppercase() {
            name.push('_');
        }
        name.push(letter.to_ascii_uppercase());
    }
    name
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

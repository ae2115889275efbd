//! What the return values of PKCS#11 mean, in words, and which way out each leaves. One table for every number that the standard
//! has up to 3.2, so that no keyholder is told a bare name.
//!
//! Source: PKCS#11 v3.2 (and v2.40 for what it dropped), "Return values".

use Remedy::{Another, Confirm, Machine, Pin, Replug, Wait};

/// What a person can do about a code, as far as its number alone tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// Take the token out, put it in again, start again.
    Replug,
    /// Close what else uses it.
    Wait,
    /// The machine lacks memory, or its module is not set up well.
    Machine,
    /// This module or token cannot do it.
    Another,
    /// Look at the state of its PIN before anything else.
    Pin,
    /// It was refused on the token itself: do it again and confirm there.
    Confirm,
}

/// One return value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meaning {
    /// Its name in the standard.
    pub name: &'static str,
    /// What it says, as the end of a sentence.
    pub words: &'static str,
    /// What can be done.
    pub remedy: Remedy,
}

/// The meaning of a return value; one that the standard does not have is told as what it is.
#[must_use]
pub fn meaning(number: u64) -> Meaning {
    let known = CODES.iter().find(|(known, ..)| *known == number);
    let (name, words, remedy) = known.map_or_else(
        || {
            if number >= VENDOR_DEFINED {
                ("CKR_VENDOR_DEFINED", "only its maker knows what this code means", Replug)
            } else {
                ("an unknown code", "the standard has no such code", Replug)
            }
        },
        |(_, name, words, remedy)| (*name, *words, *remedy),
    );
    Meaning { name, words, remedy }
}

/// From here on codes belong to makers.
const VENDOR_DEFINED: u64 = 0x8000_0000;

/// Number, name, words and way out.
pub const CODES: &[(u64, &str, &str, Remedy)] = &[
    (0x01, "CKR_CANCEL", "it was cancelled", Confirm),
    (0x02, "CKR_HOST_MEMORY", "this computer has no memory left for it", Machine),
    (0x03, "CKR_SLOT_ID_INVALID", "the slot is not there any more", Replug),
    (0x05, "CKR_GENERAL_ERROR", "it cannot work any more and does not say why", Replug),
    (0x06, "CKR_FUNCTION_FAILED", "it failed and does not say why", Replug),
    (0x07, "CKR_ARGUMENTS_BAD", "it does not take what it was given", Machine),
    (0x08, "CKR_NO_EVENT", "nothing happened", Replug),
    (0x09, "CKR_NEED_TO_CREATE_THREADS", "it needs threads that it may not make", Machine),
    (0x0a, "CKR_CANT_LOCK", "it cannot work in a program with threads", Machine),
    (0x10, "CKR_ATTRIBUTE_READ_ONLY", "a property cannot be set", Another),
    (0x11, "CKR_ATTRIBUTE_SENSITIVE", "it keeps this property to itself", Another),
    (0x12, "CKR_ATTRIBUTE_TYPE_INVALID", "it does not know this property", Another),
    (0x13, "CKR_ATTRIBUTE_VALUE_INVALID", "a property has a value that it does not take", Another),
    (0x1b, "CKR_ACTION_PROHIBITED", "its own rules forbid this", Another),
    (0x20, "CKR_DATA_INVALID", "it does not take this data", Another),
    (0x21, "CKR_DATA_LEN_RANGE", "the data is too long or too short for it", Another),
    (0x30, "CKR_DEVICE_ERROR", "the token itself has a fault", Replug),
    (0x31, "CKR_DEVICE_MEMORY", "the token has no memory left for it", Another),
    (0x32, "CKR_DEVICE_REMOVED", "the token was removed", Replug),
    (0x40, "CKR_ENCRYPTED_DATA_INVALID", "it finds encrypted data to be damaged", Replug),
    (0x41, "CKR_ENCRYPTED_DATA_LEN_RANGE", "it finds encrypted data to be too long or too short", Replug),
    (0x42, "CKR_AEAD_DECRYPT_FAILED", "it finds encrypted data to be forged", Replug),
    (0x50, "CKR_FUNCTION_CANCELED", "it was cancelled on the token", Confirm),
    (0x51, "CKR_FUNCTION_NOT_PARALLEL", "nothing of the kind was going on", Replug),
    (0x54, "CKR_FUNCTION_NOT_SUPPORTED", "it cannot do this at all", Another),
    (0x60, "CKR_KEY_HANDLE_INVALID", "the key is not there any more", Replug),
    (0x62, "CKR_KEY_SIZE_RANGE", "it does not take keys of this size", Another),
    (0x63, "CKR_KEY_TYPE_INCONSISTENT", "the key is of the wrong kind for this", Another),
    (0x64, "CKR_KEY_NOT_NEEDED", "it was given a key that it does not need", Replug),
    (0x65, "CKR_KEY_CHANGED", "the key is another one than before", Replug),
    (0x66, "CKR_KEY_NEEDED", "it lacks a key", Replug),
    (0x67, "CKR_KEY_INDIGESTIBLE", "the key cannot be hashed", Another),
    (0x68, "CKR_KEY_FUNCTION_NOT_PERMITTED", "this key may not be used to sign", Another),
    (0x69, "CKR_KEY_NOT_WRAPPABLE", "the key may not be taken out", Another),
    (0x6a, "CKR_KEY_UNEXTRACTABLE", "the key cannot be taken out", Another),
    (0x70, "CKR_MECHANISM_INVALID", "it does not know this kind of signature or key", Another),
    (0x71, "CKR_MECHANISM_PARAM_INVALID", "it does not take the parameters of this signature", Another),
    (0x82, "CKR_OBJECT_HANDLE_INVALID", "the key is not there any more", Replug),
    (0x90, "CKR_OPERATION_ACTIVE", "it has not finished something else", Replug),
    (0x91, "CKR_OPERATION_NOT_INITIALIZED", "it forgot what it had begun", Replug),
    (0xa0, "CKR_PIN_INCORRECT", "the PIN is wrong", Pin),
    (0xa1, "CKR_PIN_INVALID", "the PIN has characters that it does not take", Pin),
    (0xa2, "CKR_PIN_LEN_RANGE", "the PIN is too long or too short", Pin),
    (0xa3, "CKR_PIN_EXPIRED", "the PIN has expired and must be changed first", Pin),
    (0xa4, "CKR_PIN_LOCKED", "the PIN is locked", Pin),
    (0xb0, "CKR_SESSION_CLOSED", "the connection to the token was lost", Replug),
    (0xb1, "CKR_SESSION_COUNT", "it has no connection left", Wait),
    (0xb3, "CKR_SESSION_HANDLE_INVALID", "the connection to the token was lost", Replug),
    (0xb4, "CKR_SESSION_PARALLEL_NOT_SUPPORTED", "it does not take this kind of connection", Another),
    (0xb5, "CKR_SESSION_READ_ONLY", "it may only be read", Another),
    (0xb6, "CKR_SESSION_EXISTS", "somebody else is connected to it", Wait),
    (0xb7, "CKR_SESSION_READ_ONLY_EXISTS", "somebody else reads from it", Wait),
    (0xb8, "CKR_SESSION_READ_WRITE_SO_EXISTS", "its security officer is logged in", Wait),
    (0xc0, "CKR_SIGNATURE_INVALID", "it finds a signature to be wrong", Replug),
    (0xc1, "CKR_SIGNATURE_LEN_RANGE", "it finds a signature to be too long or too short", Replug),
    (0xd0, "CKR_TEMPLATE_INCOMPLETE", "it wants to be told more of the key", Another),
    (0xd1, "CKR_TEMPLATE_INCONSISTENT", "it does not take what was asked of the key", Another),
    (0xe0, "CKR_TOKEN_NOT_PRESENT", "the token is not there", Replug),
    (0xe1, "CKR_TOKEN_NOT_RECOGNIZED", "it does not know this token", Another),
    (0xe2, "CKR_TOKEN_WRITE_PROTECTED", "the token is write-protected", Another),
    (0xf0, "CKR_UNWRAPPING_KEY_HANDLE_INVALID", "a key is not there any more", Replug),
    (0xf1, "CKR_UNWRAPPING_KEY_SIZE_RANGE", "a key has the wrong size", Another),
    (0xf2, "CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT", "a key is of the wrong kind", Another),
    (0x100, "CKR_USER_ALREADY_LOGGED_IN", "somebody is logged in already", Wait),
    (0x101, "CKR_USER_NOT_LOGGED_IN", "nobody is logged in", Replug),
    (0x102, "CKR_USER_PIN_NOT_INITIALIZED", "no PIN was ever set", Pin),
    (0x103, "CKR_USER_TYPE_INVALID", "it does not know this kind of login", Another),
    (0x104, "CKR_USER_ANOTHER_ALREADY_LOGGED_IN", "somebody else is logged in", Wait),
    (0x105, "CKR_USER_TOO_MANY_TYPES", "too many people are logged in", Wait),
    (0x110, "CKR_WRAPPED_KEY_INVALID", "a wrapped key is damaged", Replug),
    (0x112, "CKR_WRAPPED_KEY_LEN_RANGE", "a wrapped key is too long or too short", Replug),
    (0x113, "CKR_WRAPPING_KEY_HANDLE_INVALID", "a key is not there any more", Replug),
    (0x114, "CKR_WRAPPING_KEY_SIZE_RANGE", "a key has the wrong size", Another),
    (0x115, "CKR_WRAPPING_KEY_TYPE_INCONSISTENT", "a key is of the wrong kind", Another),
    (0x120, "CKR_RANDOM_SEED_NOT_SUPPORTED", "it takes no random numbers from outside", Another),
    (0x121, "CKR_RANDOM_NO_RNG", "it has no random numbers", Another),
    (0x130, "CKR_DOMAIN_PARAMS_INVALID", "it does not know this curve", Another),
    (0x140, "CKR_CURVE_NOT_SUPPORTED", "it does not know this curve", Another),
    (0x150, "CKR_BUFFER_TOO_SMALL", "it has more to say than it said before", Replug),
    (0x160, "CKR_SAVED_STATE_INVALID", "it cannot go on from where it was", Replug),
    (0x170, "CKR_INFORMATION_SENSITIVE", "it keeps this to itself", Another),
    (0x180, "CKR_STATE_UNSAVEABLE", "it cannot keep where it was", Replug),
    (0x190, "CKR_CRYPTOKI_NOT_INITIALIZED", "the module has not been started", Machine),
    (0x191, "CKR_CRYPTOKI_ALREADY_INITIALIZED", "the module has been started already", Machine),
    (0x1a0, "CKR_MUTEX_BAD", "the module has lost a lock of its own", Machine),
    (0x1a1, "CKR_MUTEX_NOT_LOCKED", "the module has lost a lock of its own", Machine),
    (0x1b0, "CKR_NEW_PIN_MODE", "it wants a new PIN first", Pin),
    (0x1b1, "CKR_NEXT_OTP", "it wants another one-time password first", Pin),
    (0x1b5, "CKR_EXCEEDED_MAX_ITERATIONS", "it tried too often without success", Replug),
    (0x1b6, "CKR_FIPS_SELF_TEST_FAILED", "it failed its own test and must not be used", Another),
    (0x1b7, "CKR_LIBRARY_LOAD_FAILED", "it cannot load a library that it needs", Machine),
    (0x1b8, "CKR_PIN_TOO_WEAK", "the PIN is too easy to guess", Pin),
    (0x1b9, "CKR_PUBLIC_KEY_INVALID", "it finds the public key to be wrong", Another),
    (0x200, "CKR_FUNCTION_REJECTED", "it was refused on the token", Confirm),
    (0x201, "CKR_TOKEN_RESOURCE_EXCEEDED", "the token has no room left for it", Another),
    (0x202, "CKR_OPERATION_CANCEL_FAILED", "it cannot stop what it had begun", Replug),
    (0x203, "CKR_KEY_EXHAUSTED", "the key has been used as often as it may be", Another),
    (0x204, "CKR_PENDING", "it has not finished yet", Wait),
    (0x205, "CKR_SESSION_ASYNC_NOT_SUPPORTED", "it does not work in the background", Another),
    (0x206, "CKR_SEED_RANDOM_REQUIRED", "it wants random numbers from outside first", Another),
    (0x207, "CKR_OPERATION_NOT_VALIDATED", "its own certification does not allow this", Another),
    (0x208, "CKR_TOKEN_NOT_INITIALIZED", "the token was not set up yet", Another),
    (0x209, "CKR_PARAMETER_SET_NOT_SUPPORTED", "it does not know this size of key", Another),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_of_the_standard_stands_here_once_in_plain_words() {
        assert!(
            CODES.windows(2).all(|pair| pair[0].0 < pair[1].0),
            "in the order of their numbers, each once"
        );
        for (number, name, words, _) in CODES {
            assert!(name.starts_with("CKR_") && !words.contains("CKR") && words.len() > 8, "{number:#x}");
            assert!(!words.ends_with('.') && words.len() < 60, "it ends a sentence on a screen: {words}");
            assert_eq!(meaning(*number).name, *name);
        }
    }

    #[test]
    fn a_code_that_nobody_knows_is_told_as_one() {
        assert_eq!(meaning(0x8000_0001).name, "CKR_VENDOR_DEFINED");
        assert_eq!(meaning(u64::MAX).words, "only its maker knows what this code means");
        assert_eq!(meaning(0x7fff_ffff).name, "an unknown code");
    }
}

//! What went wrong with a key, with what it cost and what to do.

use crate::commands::module::token_fault;
use crate::desk::keys::KeysFault;
use crate::desk::unshown::UnshownFault;
use crate::fault::{Fault, Signed};
use crate::operator::secret::SecretFault;
use crate::operator::wording::{self, keys as said};
use crate::token::keyfile::KeyFileFault;

/// Another key on a token than its card says.
pub(in crate::commands) fn other_key(fault: &UnshownFault) -> Fault {
    let (sentence, now) = match fault {
        UnshownFault::OtherKey { .. } => (wording::OTHER_KEY, wording::INSERT_THE_RIGHT_TOKEN),
        UnshownFault::AnotherShown { .. } => (wording::ANOTHER_SHOWN, wording::WAS_IT_REPLACED),
    };
    Fault::token(sentence).because(fault).now(now)
}

/// The fault of a step with a key; `chatter` is what the module printed.
pub(in crate::commands) fn told(fault: KeysFault, chatter: &str) -> Fault {
    match fault {
        KeysFault::Token(token) => token_fault(&token, chatter),
        KeysFault::Screen(screen) => screen.into(),
        KeysFault::Declined => Fault::stopped(said::NOT_CONSENTED).now(said::START_AGAIN),
        KeysFault::NotCompared => Fault::stopped(said::NOT_COMPARED).now(said::FIND_OUT_WHY),
        KeysFault::Operator(cause) => {
            Fault::stopped(wording::NOBODY_ANSWERED).because(&cause).now(said::NEEDS_A_TERMINAL)
        }
        KeysFault::Secret(cause @ SecretFault::NoTerminal(_)) => {
            Fault::stopped(wording::NO_PIN).because(&cause).now(said::NEEDS_A_TERMINAL)
        }
        KeysFault::Secret(cause) => Fault::stopped(wording::NO_PIN).because(&cause).now(said::START_AGAIN),
        cause @ KeysFault::NoSecret => {
            Fault::stopped(wording::cards::NO_SECRET).because(&cause).now(said::START_AGAIN)
        }
        KeysFault::NoKey { present } => Fault::token(said::NO_SUCH_KEY)
            .because_of(wording::keys_present(&present.join("; ")))
            .now(wording::INSERT_THE_RIGHT_TOKEN),
        KeysFault::SeveralKeys { present } => {
            Fault::token(said::SEVERAL_SUCH_KEYS).because_of(present.join("; ")).now(wording::NAME_THE_OBJECT)
        }
        cause @ KeysFault::UnusableKey => {
            Fault::token(said::UNUSABLE_KEY).because(&cause).now(wording::DISTRUST_THE_TOKEN)
        }
        cause @ KeysFault::KeyGone { .. } => {
            Fault::token(said::KEY_IS_GONE).because(&cause).now(wording::DISTRUST_THE_TOKEN)
        }
        KeysFault::Unshown(cause) => other_key(&cause),
        KeysFault::Card(cause) => {
            Fault::refused(said::NO_SUCH_CARD).because(&cause).now(said::CHANGE_THE_CARD)
        }
        KeysFault::File(cause @ KeyFileFault::ShortPassphrase) => {
            Fault::refused(said::NO_KEY_FILE).because(&cause).now(said::LONGER_PASSPHRASE)
        }
        KeysFault::File(cause @ KeyFileFault::NotMade { .. }) => {
            Fault::refused(said::NO_KEY_FILE).because(&cause).now(said::OTHER_SCHEME)
        }
        KeysFault::File(cause @ KeyFileFault::WrongPassphrase) => {
            Fault::refused(said::KEY_FILE_CLOSED).because(&cause).now(said::CHECK_THE_PASSPHRASE)
        }
        KeysFault::File(cause @ KeyFileFault::Unencrypted) => {
            Fault::refused(said::KEY_FILE_REFUSED).because(&cause).now(said::ENCRYPT_IT)
        }
        KeysFault::File(cause) => {
            Fault::refused(said::KEY_FILE_REFUSED).because(&cause).now(said::MAKE_ANOTHER_FILE)
        }
        cause @ KeysFault::FileOfAPerson => {
            Fault::refused(said::NO_SUCH_CARD).because(&cause).now(said::USE_A_TOKEN)
        }
        KeysFault::WrongSignature(cause) => Fault::token(wording::WRONG_SIGNATURE)
            .because(&cause)
            .now(wording::DISTRUST_THE_TOKEN)
            // It may have signed something else, or kept a signature back.
            .with_signed(Signed::Unknown),
    }
}

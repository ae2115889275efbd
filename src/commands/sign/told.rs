//! What stopped a signature, as a fault with advice.

use tuf_ceremony::receive::walk::WalkFault;

use crate::commands::key::{file_fault, other_key};
use crate::commands::module::token_fault;
use crate::desk::DeskFault;
use crate::fault::{Fault, Signed};
use crate::memory::MemoryFault;
use crate::operator::OperatorFault;
use crate::operator::clean::quoted;
use crate::operator::screen::ScreenFault;
use crate::operator::secret::SecretFault;
use crate::operator::wording::{self, visiting};

pub(in crate::commands) fn told(fault: DeskFault) -> Fault {
    told_with(fault, "")
}

/// As [`told`], with what the module printed.
pub(in crate::commands) fn told_with(fault: DeskFault, chatter: &str) -> Fault {
    let said = fault.to_string();
    match fault {
        DeskFault::Token(token) => token_fault(&token, chatter),
        DeskFault::Screen(ScreenFault::Left) => Fault::stopped(visiting::STOPPED).now(wording::SIGN_LATER),
        DeskFault::Screen(screen) => screen.into(),
        DeskFault::Folder(fault) => *fault,
        DeskFault::KeyFile(fault) => file_fault(fault),
        DeskFault::SeveralTokens { tokens } => {
            Fault::token(wording::SEVERAL_TOKENS).because_of(tokens.join("; ")).now(wording::NAME_THE_TOKEN)
        }
        DeskFault::NothingWaits { .. } => {
            Fault::refused(wording::NOTHING_WAITS).because_of(said).now(wording::LOOK_WHO_IS_MISSING)
        }
        DeskFault::NotGranted { .. } => {
            Fault::stopped(wording::NOT_GRANTED).because_of(said).now(wording::DECLINE_OR_SIGN)
        }
        DeskFault::SoftwareToken { .. } => {
            Fault::refused(wording::SOFTWARE_TOKEN).because_of(said).now(wording::DEVICE_OR_EXCEPTION)
        }
        DeskFault::DraftChanged { .. } => {
            Fault::refused(wording::DRAFT_CHANGED).because_of(said).now(wording::FIND_OUT_WHO)
        }
        DeskFault::KeyGone { .. } => {
            Fault::token(wording::NONE_OF_THE_KEYS).because_of(said).now(wording::INSERT_THE_RIGHT_TOKEN)
        }
        DeskFault::Unshown(fault) => other_key(&fault),
        DeskFault::NoWayToSign { .. } => {
            Fault::token(wording::TOKEN_FAILED).because_of(said).now(wording::INSERT_THE_RIGHT_TOKEN)
        }
        DeskFault::Declined => Fault::stopped(wording::DECLINED).now(wording::SIGN_LATER),
        DeskFault::StoppedHere => Fault::stopped(visiting::STOPPED).now(wording::SIGN_LATER),
        DeskFault::Unblock { is_card: true, .. } => {
            Fault::stopped(visiting::STOPPED).because_of(said).now(visiting::UNBLOCK_CARD_FIRST)
        }
        DeskFault::Unblock { .. } => {
            Fault::stopped(visiting::STOPPED).because_of(said).now(visiting::UNBLOCK_FIRST)
        }
        DeskFault::OtherRoot { .. } => {
            Fault::refused(visiting::OTHER_ROOT).because_of(said).now(visiting::TELL_THE_OFFICER)
        }
        DeskFault::OtherDigest { .. } => {
            Fault::refused(visiting::OTHER_DIGEST).because_of(said).now(visiting::TELL_THE_OFFICER)
        }
        DeskFault::Operator(cause @ OperatorFault::Stopped) => {
            Fault::stopped(wording::DECLINED).because(&cause).now(wording::SIGN_LATER)
        }
        DeskFault::Operator(cause) => {
            Fault::stopped(wording::NOBODY_ANSWERED).because(&cause).now(wording::NEEDS_A_TERMINAL)
        }
        DeskFault::Secret(cause @ SecretFault::NoTerminal(_)) => {
            Fault::stopped(wording::NO_PIN).because(&cause).now(wording::NEEDS_A_TERMINAL)
        }
        DeskFault::Secret(cause) => Fault::stopped(wording::NO_PIN).because(&cause).now(wording::SIGN_LATER),
        DeskFault::NoTrust { .. } => {
            Fault::refused(wording::NO_OWN_COPY).because_of(said).now(wording::BRING_YOUR_COPY)
        }
        DeskFault::VersionZero { .. } => {
            Fault::refused(wording::VERSION_ZERO).because_of(said).now(wording::VERSIONS_START_AT_ONE)
        }
        DeskFault::OtherTrust { .. } => {
            Fault::refused(wording::OTHER_COPY).because_of(said).now(wording::STOP_AND_ASK)
        }
        DeskFault::NothingToTrust { .. } => {
            Fault::refused(wording::NO_COPY_NEEDED).because_of(said).now(wording::LEAVE_OUT_TRUST)
        }
        DeskFault::Walk(cause @ WalkFault::NoTrust { .. }) => {
            Fault::refused(wording::NO_OWN_COPY).because(&cause).now(wording::BRING_YOUR_COPY)
        }
        DeskFault::Walk(cause @ WalkFault::FirstRoot) => {
            Fault::refused(wording::NO_COPY_NEEDED).because(&cause).now(wording::LEAVE_OUT_TRUST)
        }
        DeskFault::Walk(cause) => {
            Fault::refused(wording::OTHER_COPY).because(&cause).now(wording::STOP_AND_ASK)
        }
        DeskFault::Reseal(cause) => {
            Fault::refused(wording::NOT_OF_ITS_PLAN).because(&cause).now(wording::STOP_AND_ASK_ABOUT_DRAFT)
        }
        DeskFault::SignedOther { .. } => {
            Fault::refused(wording::SIGNED_OTHER).because_of(said).now(wording::STOP_AND_ASK_ABOUT_DRAFT)
        }
        DeskFault::Memory(MemoryFault::Files(cause)) => cause.into(),
        DeskFault::Memory(cause @ MemoryFault::Log(_)) => {
            Fault::refused(wording::LOG_UNUSABLE).because(&cause).now(wording::KEEP_THE_LOG)
        }
        DeskFault::SignedAlready { .. } => {
            Fault::refused(wording::SIGNED_ALREADY).because_of(said).now(wording::ASK_THE_NEXT)
        }
        DeskFault::SeveralKeys { labels } => {
            let labels: Vec<String> = labels.iter().map(|l| quoted(l, 60)).collect();
            Fault::token(wording::SEVERAL_KEYS).because_of(labels.join(", ")).now(wording::NAME_THE_OBJECT)
        }
        DeskFault::NoneOfTheKeys { wanted, present } => Fault::token(wording::NONE_OF_THE_KEYS)
            .because_of(wording::keys_wanted(&wanted.join("; ")))
            .because_of(wording::keys_present(&present.join("; ")))
            .now(wording::INSERT_THE_RIGHT_TOKEN),
        DeskFault::WrongSignature(cause) => {
            let told =
                Fault::token(wording::WRONG_SIGNATURE).because(&cause).now(wording::DISTRUST_THE_TOKEN);
            // It may have signed something else, or kept a signature back.
            told.with_signed(Signed::Unknown)
        }
    }
}

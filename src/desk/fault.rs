//! Why nothing more was signed, and what each failure means for a signature that may exist.

use tuf_ceremony::digest::Digest;
use tuf_ceremony::key::{Fingerprint, SignatureProblem};
use tuf_ceremony::policy::Control;
use tuf_ceremony::receive::reseal::ResealFault;
use tuf_ceremony::receive::walk::WalkFault;
use tuf_ceremony::transcript::event::Failure;

use super::unshown::UnshownFault;
use crate::fault::Fault;
use crate::memory::MemoryFault;
use crate::operator::OperatorFault;
use crate::operator::choice::AskFault;
use crate::operator::screen::ScreenFault;
use crate::operator::secret::SecretFault;
use crate::token::keyfile::KeyFileFault;
use crate::token::{Spent, TokenFault};

/// Why nothing more was signed.
#[derive(Debug, thiserror::Error)]
pub enum DeskFault {
    /// A draft is judged by a trusted document, and the signer brought none.
    #[error("{role} version {version} is judged by a trusted document, and you brought no copy of your own")]
    NoTrust {
        /// The role.
        role: String,
        /// The version.
        version: u64,
    },
    /// Version 0 can never be published, so nobody should sign it.
    #[error("{role} has version 0, which can never be published")]
    VersionZero {
        /// The role.
        role: String,
    },
    /// The signer's copy is another document than the bundle's.
    #[error("the bundle judges {role} by the document {theirs}, and your own copy is {yours}")]
    OtherTrust {
        /// The role.
        role: String,
        /// Payload of the bundle's document.
        theirs: Digest,
        /// Payload of the signer's copy.
        yours: Digest,
    },
    /// A first root is judged by nothing but itself.
    #[error("{role} version {version} is judged by itself alone, and you brought a trusted document for it")]
    NothingToTrust {
        /// The role.
        role: String,
        /// The version.
        version: u64,
    },
    /// A ceremony does not build on the signer's root.
    #[error(transparent)]
    Walk(#[from] WalkFault),
    /// A ceremony's drafts are not those of its plan.
    #[error(transparent)]
    Reseal(#[from] ResealFault),
    /// Her own log tells of another document for the same role and version.
    #[error(
        "your log says that this key was to sign {role} version {version} with the digest {earlier} before, and this one is {now}"
    )]
    SignedOther {
        /// The role.
        role: String,
        /// The version.
        version: u64,
        /// The payload in the log.
        earlier: Digest,
        /// The payload here.
        now: Digest,
    },
    /// Her own log cannot be read or written.
    #[error(transparent)]
    Memory(#[from] MemoryFault),
    /// The token holds none of the keys.
    #[error("the token holds none of the keys that may sign this")]
    NoneOfTheKeys {
        /// Whose signature is still missing, in words.
        wanted: Vec<String>,
        /// What is there, in words.
        present: Vec<String>,
    },
    /// Several keys on the token may sign the same draft.
    #[error("the token holds several keys that may sign this")]
    SeveralKeys {
        /// Their labels.
        labels: Vec<String>,
    },
    /// The key has signed already.
    #[error("the key on this token has signed already")]
    SignedAlready {
        /// The key.
        key: Fingerprint,
    },
    /// The person stopped or declined.
    #[error("you did not consent, so nothing was signed")]
    Declined,
    /// She stopped where a visit goes on another time.
    #[error("you stopped here")]
    StoppedHere,
    /// She stopped to unblock her token first.
    #[error("the token {token} is to be unblocked before it is asked again")]
    Unblock {
        /// The token.
        token: String,
        /// Whether this program unblocks it.
        is_card: bool,
    },
    /// What she typed from her own source are no lines of the draft's digest.
    #[error("what you typed from your own source are no lines of the digest of draft {letter}")]
    OtherDigest {
        /// The draft's letter.
        letter: String,
    },
    /// What she typed from her own paper are no lines of the digest of the root before.
    #[error("what you typed from your own paper are no lines of the digest of root version {version}")]
    OtherRoot {
        /// Its version.
        version: u64,
    },
    /// The person could not be asked.
    #[error(transparent)]
    Operator(#[from] OperatorFault),
    /// No PIN was given.
    #[error(transparent)]
    Secret(#[from] SecretFault),
    /// The screen is gone.
    #[error(transparent)]
    Screen(#[from] ScreenFault),
    /// The token.
    #[error(transparent)]
    Token(#[from] TokenFault),
    /// The token returned something that is no signature over the draft.
    #[error("the token returned bytes that are no signature over what you were shown")]
    WrongSignature(#[source] SignatureProblem),
    /// Several tokens hold keys that are hers.
    #[error("several tokens hold keys that may sign this")]
    SeveralTokens {
        /// What they are called.
        tokens: Vec<String>,
    },
    /// Nothing in the folder waits for anybody's signature with these keys.
    #[error("no draft waits for a signature by {person}")]
    NothingWaits {
        /// Who came to sign.
        person: String,
    },
    /// She did not grant what a draft needs.
    #[error("draft {letter} needs an exception that you did not grant: [{}] for {about}", control.code())]
    NotGranted {
        /// The draft's letter.
        letter: String,
        /// The control.
        control: Control,
        /// What it is about; cleaned.
        about: String,
    },
    /// A program holds a key of a real root or of real targets, and the plan does not allow it.
    #[error(
        "the token {token} is a program and no device, and the plan does not allow one for the key {key}"
    )]
    SoftwareToken {
        /// The token.
        token: String,
        /// The key.
        key: Fingerprint,
    },
    /// What she saw is not in the folder any more.
    #[error("the file of draft {letter} is not the one that you were shown")]
    DraftChanged {
        /// The draft's letter.
        letter: String,
    },
    /// The key is not on the token any more.
    #[error("the key {key} is not on the token any more")]
    KeyGone {
        /// The key.
        key: Fingerprint,
    },
    /// The token has another key than its card says.
    #[error(transparent)]
    Unshown(#[from] UnshownFault),
    /// The key is of a kind that cannot sign so.
    #[error("a key of kind {kind} cannot sign with {scheme} in this version")]
    NoWayToSign {
        /// The key's kind.
        kind: String,
        /// What the document asks for.
        scheme: String,
    },
    /// A key file.
    #[error(transparent)]
    KeyFile(#[from] KeyFileFault),
    /// The folder did not take a step.
    #[error(transparent)]
    Folder(#[from] Box<Fault>),
}

impl From<AskFault> for DeskFault {
    fn from(fault: AskFault) -> DeskFault {
        match fault {
            AskFault::Screen(fault) => fault.into(),
            AskFault::Operator(fault) => fault.into(),
        }
    }
}

impl From<Fault> for DeskFault {
    fn from(fault: Fault) -> DeskFault {
        DeskFault::Folder(Box::new(fault))
    }
}

impl DeskFault {
    /// What is known of an attempt that ended so: that no signature was made, or nothing.
    #[must_use]
    pub fn outcome(&self) -> Failure {
        match self {
            // The token said that it wants the PIN first, so it did not sign.
            DeskFault::Token(TokenFault::NotLoggedIn { .. }) => Failure::NotSigned,
            DeskFault::Token(fault) if fault.may_have_signed() || fault.tries_spent() == Spent::Unknown => {
                Failure::Unknown
            }
            // It may have signed something else, or kept a signature back.
            DeskFault::WrongSignature(_) => Failure::Unknown,
            _ => Failure::NotSigned,
        }
    }

    /// Whether the token says that it takes no PIN any more.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        use crate::token::PinTries::Locked;
        matches!(
            self,
            DeskFault::Token(TokenFault::PinLocked { .. } | TokenFault::PinIncorrect { after: Locked, .. })
        )
    }
}

//! The one place that turns a failure into a sentence, its causes, one thing to do, whether anything was signed, and
//! an exit code.
//!
//! A fault is text on standard error in both modes. With `--json`, standard output carries either the command's result
//! or, when there is none, one object `{"error": {…}}` with the same facts; never both. A judgement (`verify chain`
//! found a bad step) is a result and not a fault, even where it exits with 1. This file judges nothing and knows no
//! room's details: each error type's sentence stands with the type, the advice in `operator::wording`.

mod ceremony;
mod files;
mod folder;
mod manner;

pub(crate) use ceremony::advice_for_seal;

use std::error::Error;
use std::fmt;
use std::process::ExitCode;

use serde::Serialize;

use crate::operator::json::print_json;
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::wording;
use manner::Manner;

/// The exit codes and what they mean, for the help text and the manual.
pub const EXIT_CODES: [(u8, &str); 6] = [
    (0, "done"),
    (1, "refused by a check"),
    (2, "usage"),
    (3, "stopped by the operator"),
    (4, "token"),
    (5, "files"),
];

/// Whose failure it is; decides the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A check said no.
    Refused,
    /// The command line makes no sense.
    Usage,
    /// A person stopped.
    Stopped,
    /// A token or its module failed.
    Token,
    /// A file, folder or medium failed.
    Files,
}

impl Kind {
    /// The exit code, as in [`EXIT_CODES`].
    pub fn exit(self) -> u8 {
        match self {
            Self::Refused => 1,
            Self::Usage => 2,
            Self::Stopped => 3,
            Self::Token => 4,
            Self::Files => 5,
        }
    }
}

/// Whether anything was signed when the fault happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "outcome")]
pub enum Signed {
    /// Nothing was signed, nothing was written.
    Nothing,
    /// Nothing was signed, but something was written.
    Written {
        /// What, cleaned for a sentence (`clean::quoted_path`).
        place: String,
    },
    /// This step signed nothing; what was stored before stays.
    NothingNew,
    /// Signatures were made before the fault and are safe.
    Stored {
        /// How many.
        signatures: u64,
        /// Where, cleaned for a sentence (`clean::quoted_path`).
        place: String,
    },
    /// Nothing was signed, but a key was made.
    KeyMade {
        /// Its URI, cleaned for a sentence.
        key: String,
    },
    /// Nothing was signed; a token was asked for a key and did not say whether it made one.
    KeyUnknown,
    /// Nothing was signed, but secrets on a card were changed.
    CardChanged {
        /// Which, and which not as far as that is known, in words.
        what: String,
    },
    /// Nothing was signed, and the secrets on a card are as they were.
    CardAsBefore,
    /// Nothing was signed; whether secrets on a card were changed is not known.
    CardUnknown,
    /// A key signed its card, which is kept.
    CardKept {
        /// Where, cleaned for a sentence (`clean::quoted_path`).
        place: String,
    },
    /// A key signed its card, which was thrown away.
    Discarded,
    /// A token was asked and gave no clear answer.
    Unknown,
    /// A token signed, and the signature could not be stored: it is told, so that it is not lost.
    Unstored {
        /// The key's fingerprint and the signature in hex.
        signature: String,
    },
}

impl Signed {
    fn sentence(&self) -> String {
        match self {
            Self::Nothing => wording::NOTHING_SIGNED.to_owned(),
            Self::Written { place } => wording::nothing_signed_but_written(place),
            Self::NothingNew => wording::NOTHING_NEW_SIGNED.to_owned(),
            Self::Stored { signatures, place } => wording::signed_and_stored(*signatures, place),
            Self::KeyMade { key } => wording::keys::key_made(key),
            Self::KeyUnknown => wording::keys::KEY_UNKNOWN.to_owned(),
            Self::CardChanged { what } => wording::cards::changed(what),
            Self::CardAsBefore => wording::cards::UNCHANGED.to_owned(),
            Self::CardUnknown => wording::cards::CHANGE_UNKNOWN.to_owned(),
            Self::CardKept { place } => wording::keys::card_kept(place),
            Self::Discarded => wording::keys::CARD_DISCARDED.to_owned(),
            Self::Unknown => wording::SIGNED_UNKNOWN.to_owned(),
            Self::Unstored { signature } => wording::signed_and_not_stored(signature),
        }
    }
}

/// A failure, ready to be told. Made by [`Trouble::now`]: no fault is without advice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    kind: Kind,
    sentence: String,
    because: Vec<String>,
    now: String,
    signed: Signed,
    manner: Manner,
}

/// A failure that still lacks its advice.
#[must_use = "add the advice with `now` to make a Fault"]
#[derive(Debug)]
pub struct Trouble {
    kind: Kind,
    sentence: String,
    because: Vec<String>,
}

impl Fault {
    /// A check said no.
    pub fn refused(sentence: impl Into<String>) -> Trouble {
        Trouble::new(Kind::Refused, sentence)
    }

    /// The command line makes no sense.
    pub fn usage(sentence: impl Into<String>) -> Trouble {
        Trouble::new(Kind::Usage, sentence)
    }

    /// A person stopped.
    pub fn stopped(sentence: impl Into<String>) -> Trouble {
        Trouble::new(Kind::Stopped, sentence)
    }

    /// A token or its module failed.
    pub fn token(sentence: impl Into<String>) -> Trouble {
        Trouble::new(Kind::Token, sentence)
    }

    /// A file, folder or medium failed.
    pub fn files(sentence: impl Into<String>) -> Trouble {
        Trouble::new(Kind::Files, sentence)
    }

    /// The same fault with what was signed; without this a fault says that nothing was.
    #[must_use]
    pub fn with_signed(self, signed: Signed) -> Self {
        Self { signed, ..self }
    }

    /// The same fault of a step that signed nothing, but had written `place` before it failed.
    #[must_use]
    pub fn having_written(self, place: String) -> Self {
        if self.signed == Signed::Nothing { self.with_signed(Signed::Written { place }) } else { self }
    }

    /// The same fault of a step before which this visit stored signatures in `place`.
    #[must_use]
    pub fn having_stored(mut self, signatures: u64, place: String) -> Self {
        match self.signed {
            Signed::Nothing | Signed::Written { .. } if signatures > 0 => {
                self.with_signed(Signed::Stored { signatures, place })
            }
            // The step itself stored one.
            Signed::Stored { signatures: own, place } => {
                self.signed = Signed::Stored { signatures: signatures + own, place };
                self
            }
            _ => self.having_written(place),
        }
    }

    /// The same fault of a step that was to store this signature: it is told, unless one of two devices has it.
    #[must_use]
    pub fn losing(self, signature: String) -> Self {
        let signed = match &self.signed {
            Signed::Written { place } => Signed::Stored { signatures: 1, place: place.clone() },
            _ => Signed::Unstored { signature },
        };
        self.with_signed(signed)
    }

    /// The same fault with one more reason behind the others.
    #[must_use]
    pub fn and_because(mut self, reason: impl Into<String>) -> Self {
        self.because.push(reason.into());
        self
    }

    /// Whose failure it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Its causes, the nearest first.
    pub fn causes(&self) -> &[String] {
        &self.because
    }

    /// What it says was signed.
    pub fn signed(&self) -> &Signed {
        &self.signed
    }

    /// The one thing to do now.
    pub fn advice(&self) -> &str {
        &self.now
    }

    /// The exit code of the process.
    pub fn exit(&self) -> u8 {
        self.kind.exit()
    }

    /// The same, told as what somebody did on purpose and in good order: no error.
    #[must_use]
    pub fn as_a_stop(self) -> Fault {
        Fault { manner: Manner::Stop, ..self }
    }

    /// Shows the fault: error, because, now, and whether anything was signed. Nothing for a closed pipe.
    ///
    /// # Errors
    /// When the screen takes no more; the exit code is still right.
    pub fn show(&self, screen: &mut Screen<'_>) -> Result<(), ScreenFault> {
        let label = match self.manner {
            Manner::Quiet => return Ok(()),
            Manner::Stop => "stopped",
            Manner::Error => "error",
        };
        screen.labelled(label, &self.sentence)?;
        for cause in &self.because {
            screen.labelled("because", cause)?;
        }
        screen.labelled("now", &self.now)?;
        screen.line(&self.signed.sentence())
    }

    /// Shows the fault of a step that somebody stopped by a word, or left, where the next question or the farewell follows anyway: what was
    /// stopped, and whether anything was signed.
    ///
    /// # Errors
    /// As [`Fault::show`].
    pub fn show_as_a_stop(&self, screen: &mut Screen<'_>) -> Result<(), ScreenFault> {
        screen.labelled("stopped", &self.sentence)?;
        for cause in &self.because {
            screen.labelled("because", cause)?;
        }
        screen.line(&self.signed.sentence())
    }

    /// The `{"error": …}` object for `--json`.
    pub fn object(&self) -> impl Serialize {
        ErrorObject {
            error: ErrorFacts {
                kind: self.kind,
                exit: self.exit(),
                sentence: self.sentence.clone(),
                because: self.because.clone(),
                now: self.now.clone(),
                signed: self.signed.clone(),
            },
        }
    }

    /// Tells the fault on standard error, with `json` also on standard output, and gives the code to exit with.
    pub fn report(&self, json: bool, plain: bool) -> ExitCode {
        // A reader who is gone cannot be told; the code is what remains.
        let _ = self.show(&mut Screen::stderr(plain));
        if json && self.manner != Manner::Quiet {
            let _ = print_json(&self.object());
        }
        ExitCode::from(self.exit())
    }
}

impl Trouble {
    fn new(kind: Kind, sentence: impl Into<String>) -> Self {
        Self { kind, sentence: sentence.into(), because: Vec::new() }
    }

    /// The cause and the causes beneath it, one line each. A cause that the line above already quotes is left out.
    pub fn because(mut self, cause: &(dyn Error + 'static)) -> Self {
        let mut next = Some(cause);
        while let Some(error) = next {
            let line = error.to_string();
            let above = self.because.last().unwrap_or(&self.sentence);
            if !above.contains(&line) {
                self.because.push(line);
            }
            next = error.source();
        }
        self
    }

    /// One more reason, as a sentence.
    pub fn because_of(mut self, reason: impl Into<String>) -> Self {
        self.because.push(reason.into());
        self
    }

    /// The one thing to do now.
    pub fn now(self, advice: impl Into<String>) -> Fault {
        Fault {
            kind: self.kind,
            sentence: self.sentence,
            because: self.because,
            now: advice.into(),
            signed: Signed::Nothing,
            manner: Manner::Error,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl Error for Fault {}

impl From<ScreenFault> for Fault {
    fn from(fault: ScreenFault) -> Self {
        match fault {
            ScreenFault::Closed | ScreenFault::Left => {
                let told = Self::stopped(fault.to_string()).now(wording::CHECK_WHERE_OUTPUT_GOES);
                Self { manner: Manner::Quiet, ..told }
            }
            ScreenFault::CommandsTheTerminal => {
                Self::refused(fault.to_string()).now(wording::SEND_IT_TO_A_FILE)
            }
            ScreenFault::Failed(source) => {
                Self::files(wording::OUTPUT_FAILED).because(&source).now(wording::CHECK_WHERE_OUTPUT_GOES)
            }
        }
    }
}

#[derive(Serialize)]
struct ErrorObject {
    error: ErrorFacts,
}

#[derive(Serialize)]
struct ErrorFacts {
    kind: Kind,
    exit: u8,
    sentence: String,
    because: Vec<String>,
    now: String,
    signed: Signed,
}

#[cfg(test)]
mod tests;

//! The parent's side: one child process per module, asked one question at a time, with a deadline each.
//!
//! Promises: no vendor code in this process; a crash, a hang, nonsense and an exit crash come back as typed
//! outcomes; past a deadline the child is killed, and for a login or a signature the outcome is then *unknown*
//! and said so. The PIN goes from its locked page straight into the socket.
//!
//! Deliberately not done yet: asking the operator before a kill, messages by memfd, key generation, forbidding
//! the child internet sockets. Signatures are checked for their length only: the desk verifies them.

use std::ffi::OsString;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::child::HIDDEN_ARGUMENT;
use super::facts::{LoginFacts, ModuleFacts, SlotFacts, TokenKey};
use super::fault::{Call, Ending, TokenFault};
use super::frame::{Kind, MESSAGE_CAP};
use super::line::Line;
use super::scheme::SignScheme;
use super::wire::{Answer, FilePath, KeyHint, Question};
use crate::pin::Pin;
use tuf_ceremony::signable::Signable;

/// How long each class of question may take.
#[derive(Debug, Clone, Copy)]
pub struct Deadlines {
    /// Loading the module, listing, closing.
    pub list: Duration,
    /// A login with a PIN.
    pub login: Duration,
    /// A signature, with time to touch the token.
    pub sign: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        let [list, login, sign] = [10, 30, 90].map(Duration::from_secs);
        Self { list, login, sign }
    }
}

impl Deadlines {
    fn of(self, call: Call) -> Duration {
        match call {
            Call::Load | Call::List | Call::Close => self.list,
            Call::Login => self.login,
            Call::Sign => self.sign,
        }
    }
}

/// The module's process ended badly after everything was answered; what was signed stands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the module did not close cleanly: {cause}; what it signed before is not affected")]
pub struct ExitWarning {
    /// What happened at the end.
    pub cause: TokenFault,
    /// What the module printed, cut; untrusted text.
    pub chatter: String,
}

/// A PKCS#11 module in its own process. Dropping it kills the process.
pub struct Host {
    line: Line,
    module: ModuleFacts,
    deadlines: Deadlines,
}

impl Host {
    /// This program itself, for [`Host::spawn`]; stays right when the file was replaced meanwhile.
    #[must_use]
    pub fn own_program() -> PathBuf {
        PathBuf::from("/proc/self/exe")
    }

    /// Starts `program` (our own executable) with the hidden argument and lets it load `module`.
    ///
    /// The child sees the variables in `environment` and no others. It dies with the thread that calls this,
    /// so keep the host on the thread that made it.
    ///
    /// # Errors
    /// [`TokenFault::ModuleMissing`], [`TokenFault::ModuleRefused`], a crash or a hang while loading, or
    /// [`TokenFault::HostFailed`]. No PIN was involved.
    pub fn spawn(
        program: &Path,
        module: &Path,
        environment: &[(OsString, OsString)],
        deadlines: Deadlines,
    ) -> Result<Self, TokenFault> {
        let failed = |error: std::io::Error| TokenFault::HostFailed { reason: error.to_string() };
        // The module runs as the same user: it could read the PIN out of this process before the token has it.
        crate::pin::forbid_dumps().map_err(failed)?;
        // A bare name would send the loader through its search path.
        let module = std::path::absolute(module).map_err(failed)?;
        let (ours, theirs) = UnixStream::pair().map_err(failed)?;
        let child = Command::new(program)
            .arg(HIDDEN_ARGUMENT)
            .env_clear()
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        let mut line = Line::new(ours, child).map_err(failed)?;
        let question = Question::Load { module: FilePath::new(&module) };
        match ask(&mut line, deadlines, Call::Load, &question, None)? {
            Answer::Loaded(module) => Ok(Self { line, module, deadlines }),
            other => Err(line.broken(Call::Load, &unexpected(&other))),
        }
    }

    /// What the module says about itself.
    #[must_use]
    pub fn module(&self) -> &ModuleFacts {
        &self.module
    }

    /// The child's process id, for a record of what ran.
    #[must_use]
    pub fn process_id(&self) -> u32 {
        self.line.process_id()
    }

    /// What the module printed so far, cut to a few kilobytes; untrusted text.
    #[must_use]
    pub fn chatter(&self) -> String {
        self.line.chatter()
    }

    /// The tokens that are there, with the public keys that no PIN protects.
    ///
    /// # Errors
    /// A crash, a hang, or the module's own code. No PIN was involved.
    pub fn list(&mut self) -> Result<Vec<SlotFacts>, TokenFault> {
        match self.ask(Call::List, &Question::List, None)? {
            Answer::Listed(slots) => Ok(slots),
            other => Err(self.line.broken(Call::List, &unexpected(&other))),
        }
    }

    /// Logs in to the token that was listed in `slot` and wipes the PIN, whatever comes.
    ///
    /// The child looks again first: another token in the slot, a locked PIN or an impossible length end here
    /// without a try.
    ///
    /// # Errors
    /// [`TokenFault::tries_spent`] says what it cost. After [`TokenFault::UnknownOutcome`] or a crash this host
    /// is gone: start another and read the token again before asking for a PIN.
    pub fn login(&mut self, slot: &SlotFacts, pin: Pin) -> Result<LoginFacts, TokenFault> {
        let expected = slot.readable().then(|| slot.name());
        let question = Question::Login { slot: slot.slot, expected };
        match self.ask(Call::Login, &question, Some((Kind::Pin, pin.bytes())))? {
            Answer::LoggedIn(facts) => Ok(facts),
            other => Err(self.line.broken(Call::Login, &unexpected(&other))),
        }
    }

    /// Signs what the engine made signable with the private half of `key` on the token of the last [`Host::login`].
    /// Nothing makes a [`Signable`] from bytes, so nothing but what was read, checked and shown gets here (MODEL 19).
    ///
    /// The bytes that come back have the right length and nothing more is known of them: verify them against
    /// the key from the authority document before they count.
    ///
    /// # Errors
    /// [`TokenFault::may_have_signed`] says whether a signature may exist. [`TokenFault::NotLoggedIn`] means
    /// that the token wants the PIN again: ask the person, do not send it again silently.
    pub fn sign(
        &mut self,
        key: &TokenKey,
        scheme: SignScheme,
        signable: &Signable<'_>,
    ) -> Result<Vec<u8>, TokenFault> {
        if SignScheme::of(&key.kind) != Some(scheme) {
            return Err(TokenFault::SchemeMismatch {
                kind: key.kind.to_string(),
                scheme: scheme.to_string(),
            });
        }
        let length = usize::try_from(signable.length()).unwrap_or(usize::MAX);
        if length > MESSAGE_CAP {
            return Err(TokenFault::MessageTooLong { length, max: MESSAGE_CAP });
        }
        let message = signable.message();
        let question = Question::Sign { key: KeyHint::of(key), scheme };
        let deadline = self.deadlines.of(Call::Sign);
        let frames = [(Kind::Question, encoded(&question)?), (Kind::Message, message.into())];
        let (kind, body) = self.line.converse(Call::Sign, deadline, &borrowed(&frames))?;
        match kind {
            Kind::Signature if body.len() == scheme.signature_length() => Ok(body),
            Kind::Signature => {
                Err(TokenFault::SignatureLength { expected: scheme.signature_length(), got: body.len() })
            }
            _ => match decoded(&mut self.line, Call::Sign, kind, &body)? {
                Answer::Fault(fault) => Err(fault),
                other => Err(self.line.broken(Call::Sign, &unexpected(&other))),
            },
        }
    }

    /// Logs out, lets the module finish and waits for its process.
    ///
    /// # Errors
    /// Only a warning: whatever was answered before stands.
    pub fn close(mut self) -> Result<(), ExitWarning> {
        let cause = match self.ask(Call::Close, &Question::Close, None) {
            Ok(Answer::Closed) => match self.line.wait_for_end(self.deadlines.of(Call::Close)) {
                Some(Ending::Exit(0)) => return Ok(()),
                Some(ending) => TokenFault::ModuleCrashed { during: Call::Close, ending },
                None => TokenFault::ModuleHung {
                    during: Call::Close,
                    seconds: self.deadlines.of(Call::Close).as_secs(),
                },
            },
            Ok(other) => TokenFault::Protocol { during: Call::Close, what: unexpected(&other) },
            Err(fault) => fault,
        };
        Err(ExitWarning { cause, chatter: self.line.chatter() })
    }

    fn ask(
        &mut self,
        call: Call,
        question: &Question,
        secret: Option<(Kind, &[u8])>,
    ) -> Result<Answer, TokenFault> {
        ask(&mut self.line, self.deadlines, call, question, secret)
    }
}

fn ask(
    line: &mut Line,
    deadlines: Deadlines,
    call: Call,
    question: &Question,
    secret: Option<(Kind, &[u8])>,
) -> Result<Answer, TokenFault> {
    let question = encoded(question)?;
    let frames: Vec<(Kind, &[u8])> =
        [(Kind::Question, question.as_ref())].into_iter().chain(secret).collect();
    let (kind, body) = line.converse(call, deadlines.of(call), &frames)?;
    match decoded(line, call, kind, &body)? {
        Answer::Fault(fault) => Err(fault),
        answer => Ok(answer),
    }
}

type Body<'a> = std::borrow::Cow<'a, [u8]>;

fn borrowed<'a>(frames: &'a [(Kind, Body<'a>)]) -> Vec<(Kind, &'a [u8])> {
    frames.iter().map(|(kind, body)| (*kind, body.as_ref())).collect()
}

fn encoded(question: &Question) -> Result<Body<'static>, TokenFault> {
    let text =
        serde_json::to_vec(question).map_err(|error| TokenFault::HostFailed { reason: error.to_string() })?;
    Ok(text.into())
}

fn decoded(line: &mut Line, call: Call, kind: Kind, body: &[u8]) -> Result<Answer, TokenFault> {
    if kind != Kind::Answer {
        return Err(line.broken(call, "a frame of the wrong kind"));
    }
    serde_json::from_slice(body).map_err(|error| line.broken(call, &error.to_string()))
}

fn unexpected(answer: &Answer) -> String {
    let word = match answer {
        Answer::Loaded(_) => "Loaded",
        Answer::Listed(_) => "Listed",
        Answer::LoggedIn(_) => "LoggedIn",
        Answer::Closed => "Closed",
        Answer::Fault(_) => "Fault",
    };
    format!("the answer {word} belongs to another question")
}

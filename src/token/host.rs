//! The parent's side: one child process per module, asked one question at a time, with a deadline each.
//!
//! Promises: no vendor code in this process; a crash, a hang, nonsense and an exit crash come back as typed
//! outcomes; past a deadline the person is asked where something may have happened, then the child is killed, and the outcome
//! of a login, a signature or a key's generation is *unknown* and said so. The PIN goes from its locked page straight into
//! the socket.
//!
//! Deliberately not done here: judging a signature. Its length is looked at; the desk verifies it.

use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

mod cards;

use super::attestation::Attestation;
use super::child::HIDDEN_ARGUMENT;
use super::driver::{Driver, Speaker};
use super::entry::Entry;
use super::evidence::KeyEvidence;
use super::facts::{LoginFacts, ModuleFacts, SlotFacts, TokenKey};
use super::fault::{Call, Ending, TokenFault};
use super::frame::{Kind, MESSAGE_CAP, Outgoing};
use super::line::Line;
use super::message::Sealed;
use super::patience::{Impatient, Patience, Wait};
use super::scheme::SignScheme;
use super::wire::{Answer, FilePath, HexBytes, KeyHint, Question};
use tuf_ceremony::signable::Signable;

/// How long each class of question may take.
#[derive(Debug, Clone, Copy)]
pub struct Deadlines {
    /// Loading the module, listing, closing.
    pub list: Duration,
    /// A login with a PIN.
    pub login: Duration,
    /// A login on the token's own keypad.
    pub keypad: Duration,
    /// A signature, with time to touch the token.
    pub sign: Duration,
    /// A key's generation: some tokens take minutes for RSA.
    pub generate: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        let [list, login, keypad, sign, generate] = [10, 30, 120, 90, 600].map(Duration::from_secs);
        Self { list, login, keypad, sign, generate }
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
    speaker: Speaker,
    module: ModuleFacts,
    deadlines: Deadlines,
}

impl Host {
    /// This program itself, for [`Host::spawn`]; stays right when the file was replaced meanwhile.
    #[must_use]
    pub fn own_program() -> PathBuf {
        PathBuf::from("/proc/self/exe")
    }

    /// Starts `program` (our own executable) with the hidden argument and lets it load the driver's module.
    ///
    /// The child sees the driver's variables and no others. It dies with the thread that calls this,
    /// so keep the host on the thread that made it.
    ///
    /// # Errors
    /// [`TokenFault::ModuleMissing`], [`TokenFault::ModuleAltered`], [`TokenFault::ModuleRefused`], a crash or a hang while
    /// loading, or [`TokenFault::HostFailed`]. No PIN was involved.
    pub fn spawn(program: &Path, driver: &Driver, deadlines: Deadlines) -> Result<Self, TokenFault> {
        let failed = |error: std::io::Error| TokenFault::HostFailed { reason: error.to_string() };
        // The module runs as the same user: it could read the PIN out of this process before the token has it.
        crate::pin::forbid_dumps().map_err(failed)?;
        let question = match driver.speaker {
            Speaker::Module => Question::Load {
                // A bare name would send the loader through its search path.
                module: FilePath::new(&std::path::absolute(&driver.module).map_err(failed)?),
                pinned: driver.sha256.map(|pinned| pinned.to_string()),
                init: driver.init.clone(),
                network: driver.network,
            },
            Speaker::Piv => Question::LoadPiv { network: driver.network },
        };
        let (ours, theirs) = UnixStream::pair().map_err(failed)?;
        let child = Command::new(program)
            .arg(HIDDEN_ARGUMENT)
            .env_clear()
            .envs(driver.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        let mut line = Line::new(ours, child).map_err(failed)?;
        match ask(&mut line, Call::Load, deadlines.list, &question, None, &mut Impatient)? {
            Answer::Loaded(module) => Ok(Self { line, speaker: driver.speaker, module, deadlines }),
            other => Err(line.broken(Call::Load, &unexpected(&other))),
        }
    }

    /// From the next question on, each may take so long.
    pub fn set_deadlines(&mut self, deadlines: Deadlines) {
        self.deadlines = deadlines;
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

    /// Whether the process has ended, so that nothing more can be asked.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.line.is_over()
    }

    /// The tokens that are there, with the public keys that no PIN protects.
    ///
    /// # Errors
    /// A crash, a hang, or the module's own code. No PIN was involved.
    pub fn list(&mut self) -> Result<Vec<SlotFacts>, TokenFault> {
        match self.ask_plainly(Call::List, &Question::List)? {
            Answer::Listed(slots) => Ok(slots.into_iter().map(|slot| slot.told_by(self.speaker)).collect()),
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
    pub fn login(
        &mut self,
        slot: &SlotFacts,
        entry: Entry,
        patience: &mut dyn Patience,
    ) -> Result<LoginFacts, TokenFault> {
        let expected = slot.readable().then(|| slot.name());
        let question = Question::Login { slot: slot.slot, expected, entry: entry.kind() };
        let deadline = self.entry_deadline(&entry);
        let answer = ask(&mut self.line, Call::Login, deadline, &question, Some(&entry), patience);
        drop(entry);
        match answer? {
            Answer::LoggedIn(facts) => Ok(facts),
            other => Err(self.line.broken(Call::Login, &unexpected(&other))),
        }
    }

    /// Signs what the engine made signable with the private half of `key` on the token of the last [`Host::login`].
    /// Nothing makes a [`Signable`] from bytes, so nothing but what was read, checked and shown gets here (MODEL 19).
    ///
    /// `again` opens a key that wants its PIN before every signature; it is sent once, and only for this one. Whether a key
    /// wants it is known for sure when it was asked without: then the fault is [`TokenFault::NotLoggedIn`].
    ///
    /// The bytes that come back have the right length and nothing more is known of them: verify them against
    /// the key from the authority document before they count.
    ///
    /// # Errors
    /// [`TokenFault::may_have_signed`] says whether a signature may exist, [`TokenFault::tries_spent`] what became of the
    /// PIN in `again`. [`TokenFault::NotLoggedIn`] means that the token wants the PIN again: ask the person, do not send it
    /// again silently.
    pub fn sign(
        &mut self,
        key: &TokenKey,
        scheme: SignScheme,
        signable: &Signable<'_>,
        again: Option<Entry>,
        patience: &mut dyn Patience,
    ) -> Result<Vec<u8>, TokenFault> {
        if SignScheme::of(&key.kind) != Some(scheme) {
            return Err(TokenFault::SchemeMismatch {
                kind: key.kind.to_string(),
                scheme: scheme.to_string(),
            });
        }
        let message = Sealed::of(signable, MESSAGE_CAP)?;
        let question = encoded(&Question::Sign {
            key: KeyHint::of(key),
            scheme,
            again: again.as_ref().map(Entry::kind),
        })?;
        let mut deadline = self.deadlines.sign;
        let mut call = Call::Sign;
        let mut frames = vec![Outgoing::Bytes(Kind::Question, &question)];
        if let Some(entry) = &again {
            call = Call::SignWithPin;
            deadline += self.entry_deadline(entry);
            frames.extend(entry.secret().map(|pin| Outgoing::Bytes(Kind::Pin, pin)));
        }
        frames.push(Outgoing::Message(&message));
        let (kind, body) = self.line.converse(&frames, &mut Wait::begin(call, deadline, patience))?;
        let expected = scheme.signature_length(&key.kind);
        match kind {
            Kind::Signature if body.len() == expected => Ok(body),
            Kind::Signature => Err(TokenFault::SignatureLength { expected, got: body.len() }),
            _ => match decoded(&mut self.line, call, kind, &body)? {
                Answer::Fault(fault) => Err(fault),
                other => Err(self.line.broken(call, &unexpected(&other))),
            },
        }
    }

    /// Lets the token of the last [`Host::login`] make a key pair for `scheme` (RSA: 3072 bits): sensitive, never to leave
    /// it, for signing only. Its public half is read back.
    ///
    /// # Errors
    /// [`TokenFault::KeyTaken`] when anything there has the label or id; [`TokenFault::NoNewKey`] when the token made none.
    /// After [`TokenFault::UnknownOutcome`] a key may be there: list before anything else.
    pub fn generate(
        &mut self,
        scheme: SignScheme,
        label: &str,
        id: &[u8],
        patience: &mut dyn Patience,
    ) -> Result<TokenKey, TokenFault> {
        let question = Question::Generate { scheme, label: label.to_owned(), id: HexBytes(id.to_vec()) };
        let deadline = self.deadlines.generate;
        match ask(&mut self.line, Call::Generate, deadline, &question, None, patience)? {
            Answer::Generated(key) => Ok(key),
            other => Err(self.line.broken(Call::Generate, &unexpected(&other))),
        }
    }

    /// What the token of the last [`Host::login`] says of the private half of `key`.
    ///
    /// # Errors
    /// [`TokenFault::NotLoggedIn`] before a login, [`TokenFault::NoKey`], or what a list can fail with.
    pub fn evidence(&mut self, key: &TokenKey) -> Result<KeyEvidence, TokenFault> {
        match self.ask_plainly(Call::List, &Question::Evidence { key: KeyHint::of(key) })? {
            Answer::Evidence(evidence) => Ok(evidence),
            other => Err(self.line.broken(Call::List, &unexpected(&other))),
        }
    }

    /// What the card of the last [`Host::login`] certifies of `key`; nothing where it certifies none: a key that came from
    /// outside, or a token behind a module.
    ///
    /// # Errors
    /// As [`Host::evidence`].
    pub fn attestation(&mut self, key: &TokenKey) -> Result<Option<Attestation>, TokenFault> {
        match self.ask_plainly(Call::List, &Question::Attest { key: KeyHint::of(key) })? {
            Answer::Attested(attestation) => Ok(attestation),
            other => Err(self.line.broken(Call::List, &unexpected(&other))),
        }
    }

    /// Logs out, lets the module finish and waits for its process.
    ///
    /// # Errors
    /// Only a warning: whatever was answered before stands.
    pub fn close(mut self) -> Result<(), ExitWarning> {
        let cause = match self.ask_plainly(Call::Close, &Question::Close) {
            Ok(Answer::Closed) => match self.line.wait_for_end(self.deadlines.list) {
                Some(Ending::Exit(0)) => return Ok(()),
                Some(ending) => TokenFault::ModuleCrashed { during: Call::Close, ending },
                None => {
                    TokenFault::ModuleHung { during: Call::Close, seconds: self.deadlines.list.as_secs() }
                }
            },
            Ok(other) => TokenFault::Protocol { during: Call::Close, what: unexpected(&other) },
            Err(fault) => fault,
        };
        Err(ExitWarning { cause, chatter: self.line.chatter() })
    }

    fn entry_deadline(&self, entry: &Entry) -> Duration {
        match entry {
            Entry::Pin(_) => self.deadlines.login,
            Entry::Keypad => self.deadlines.keypad,
        }
    }

    pub(super) fn ask_plainly(&mut self, call: Call, question: &Question) -> Result<Answer, TokenFault> {
        ask(&mut self.line, call, self.deadlines.list, question, None, &mut Impatient)
    }
}

fn ask(
    line: &mut Line,
    call: Call,
    deadline: Duration,
    question: &Question,
    entry: Option<&Entry>,
    patience: &mut dyn Patience,
) -> Result<Answer, TokenFault> {
    let question = encoded(question)?;
    let secret = entry.and_then(Entry::secret).map(|pin| Outgoing::Bytes(Kind::Pin, pin));
    let frames: Vec<Outgoing<'_>> =
        [Outgoing::Bytes(Kind::Question, &question)].into_iter().chain(secret).collect();
    let (kind, body) = line.converse(&frames, &mut Wait::begin(call, deadline, patience))?;
    match decoded(line, call, kind, &body)? {
        Answer::Fault(fault) => Err(fault),
        answer => Ok(answer),
    }
}

fn encoded(question: &Question) -> Result<Vec<u8>, TokenFault> {
    serde_json::to_vec(question).map_err(|error| TokenFault::HostFailed { reason: error.to_string() })
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
        Answer::Generated(_) => "Generated",
        Answer::Evidence(_) => "Evidence",
        Answer::Attested(_) => "Attested",
        Answer::Readers(_) => "Readers",
        Answer::Condition(_) => "Condition",
        Answer::Told(..) => "Told",
        Answer::Unblocked(_) => "Unblocked",
        Answer::Prepared(_) => "Prepared",
        Answer::Closed => "Closed",
        Answer::Fault(_) => "Fault",
    };
    format!("the answer {word} belongs to another question")
}

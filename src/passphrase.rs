//! Passphrases of key files that do not come from the terminal: from a descriptor that whoever started us left open, or from
//! the client of a secret manager. For online roles and rehearsals only.
//!
//! Promises: they go straight into a locked page; never through arguments, variables or files of ours. The client is started
//! without a shell, sees no more of our environment than it needs to find itself and its own settings, and what it says goes
//! to the person. Not done: a deadline for it; a person can press Ctrl-C.

use std::io::{self, Read as _};
use std::process::{Command, Stdio};

use crate::files;
use crate::operator::clean::quoted;
use crate::operator::secret::SecretFault;
use crate::operator::{Operator, OperatorFault};
use crate::pin::Pin;

/// The variables that a client of a secret manager is given.
const KEPT: [&str; 4] = ["PATH", "HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME"];

/// Where a passphrase comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Passphrase {
    /// The terminal.
    Typed,
    /// This open descriptor.
    Descriptor(u32),
    /// What this program prints; words are split at blanks, and no shell sees them.
    Command(String),
}

impl Passphrase {
    /// The passphrase; `person` types it where it comes from nowhere else.
    ///
    /// # Errors
    /// [`SecretFault`].
    pub fn read(&self, person: &mut dyn Operator, question: &str) -> Result<Pin, SecretFault> {
        let (read, from) = match self {
            Passphrase::Typed => return person.pin(question),
            Passphrase::Descriptor(number) => (descriptor(*number), format!("descriptor {number}")),
            Passphrase::Command(words) => (command(words), quoted(words, 200)),
        };
        let read = read.map_err(|cause| SecretFault::NotSupplied { from, cause })?;
        if read.is_empty() { Err(SecretFault::Empty) } else { Ok(read) }
    }

    /// A new one: typed twice, where it is typed.
    ///
    /// # Errors
    /// [`SecretFault::Differ`], and as [`Passphrase::read`].
    pub fn make(&self, person: &mut dyn Operator, question: &str, again: &str) -> Result<Pin, SecretFault> {
        let first = self.read(person, question)?;
        if *self == Passphrase::Typed && person.pin(again)?.bytes() != first.bytes() {
            return Err(SecretFault::Differ);
        }
        Ok(first)
    }
}

fn descriptor(number: u32) -> io::Result<Pin> {
    files::read_descriptor(number, |read| Pin::of_line(read))
}

fn command(words: &str) -> io::Result<Pin> {
    let mut words = words.split_whitespace();
    let program = words.next().ok_or_else(|| io::Error::other("no program is named"))?;
    let kept = KEPT.iter().filter_map(|name| Some((name, std::env::var_os(name)?)));
    let mut child = Command::new(program)
        .args(words)
        .env_clear()
        .envs(kept)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()?;
    let mut output = child.stdout.take().ok_or_else(|| io::Error::other("it has no output"))?;
    let read = Pin::of_line(|room| {
        loop {
            match output.read(room) {
                Err(fault) if fault.kind() == io::ErrorKind::Interrupted => {}
                other => return other,
            }
        }
    });
    // It ends at the latest when nobody reads any more.
    drop(output);
    let ended = child.wait()?;
    if !ended.success() {
        return Err(io::Error::other(format!("it ended with {ended}")));
    }
    read
}

/// A person whose passphrases come from elsewhere; everything else is asked of her.
pub struct Supplied<'o> {
    /// She.
    pub person: &'o mut dyn Operator,
    /// Where her passphrase comes from.
    pub passphrase: &'o Passphrase,
}

impl Operator for Supplied<'_> {
    fn type_line(&mut self, question: &str) -> Result<String, OperatorFault> {
        self.person.type_line(question)
    }

    fn type_back(&mut self, question: &str, phrase: &str) -> Result<String, OperatorFault> {
        self.person.type_back(question, phrase)
    }

    fn pick(&mut self, question: &str, choices: &[String]) -> Option<Result<usize, OperatorFault>> {
        self.person.pick(question, choices)
    }

    fn types_secrets(&self) -> bool {
        *self.passphrase == Passphrase::Typed
    }

    fn pin(&mut self, question: &str) -> Result<Pin, SecretFault> {
        self.passphrase.read(self.person, question)
    }
}

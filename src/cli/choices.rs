//! Options that several verbs have in common, each said once.

use std::path::PathBuf;

use clap::Args;

use super::spoken;
use crate::desk::table::{self, Access};
use crate::fault::Fault;
use crate::passphrase::Passphrase;

/// How results are printed.
#[derive(Debug, Clone, Copy, Args)]
pub struct Output {
    /// Print one JSON value for scripts instead of text for people
    #[arg(long)]
    pub json: bool,
    /// Lines alone, for screen readers: no bold, and no list to move in
    #[arg(long)]
    pub plain: bool,
}

/// What may judge a document.
#[derive(Debug, Clone, Args)]
pub struct Trust {
    /// Your own copy of the trusted document: the root before a root, the root for other roles, the delegating
    /// targets file for a delegated role
    #[arg(long, value_name = "FILE")]
    pub trust: Option<PathBuf>,
}

/// Whose key is whose, by the keyholder's own word.
#[derive(Debug, Clone, Args)]
pub struct OwnRecord {
    /// Your own record of whose key is whose: a small TOML file with fingerprints and names
    #[arg(long, value_name = "FILE")]
    pub record: Option<PathBuf>,
}

/// On how many devices a new folder is kept.
#[derive(Debug, Clone, Args)]
pub struct DeviceChoice {
    /// The same folder on a second device, written at the same time
    #[arg(long, value_name = "FOLDER")]
    pub mirror: Option<PathBuf>,
    /// Why one device is enough, where a real root is signed
    #[arg(long, value_name = "REASON", conflicts_with = "mirror")]
    pub one_device: Option<String>,
}

/// How to come to a ceremony's folder.
#[derive(Debug, Clone, Args)]
pub struct FolderAccess {
    /// The same folder on a second device
    #[arg(long, value_name = "FOLDER")]
    pub mirror: Option<PathBuf>,
    /// Why one device is enough from now on
    #[arg(long, value_name = "REASON", conflicts_with = "mirror")]
    pub one_device: Option<String>,
    /// The head on paper, in words or hex: an older copy of the folder is refused
    #[arg(long, value_name = "WORDS")]
    pub head: Option<String>,
}

impl FolderAccess {
    /// Whether any of them was given.
    pub fn is_given(&self) -> bool {
        self.mirror.is_some() || self.one_device.is_some() || self.head.is_some()
    }

    /// The way to this folder.
    ///
    /// # Errors
    /// When the head is no digest, or the reason is no text.
    pub fn to(self, folder: PathBuf) -> Result<Access, Fault> {
        let head = self.head.as_deref().map(table::head).transpose()?;
        spoken("--one-device", self.one_device.as_deref())?;
        Ok(Access { folder, mirror: self.mirror, one_device: self.one_device, head })
    }
}

/// How a token's module is found: one that is named here, or those of the machine's profile.
#[derive(Debug, Clone, Args)]
pub struct ModuleChoice {
    /// The token's PKCS#11 module (a .so file), or piv: for YubiKeys; the URI's module-path serves as well
    #[arg(long, value_name = "FILE", conflicts_with = "profile")]
    pub module: Option<PathBuf>,
    /// Pass this variable of our environment on to the module; it gets no other (may be repeated)
    #[arg(long = "module-env", value_name = "NAME", conflicts_with = "profile")]
    pub env: Vec<String>,
    /// The machine's profile: its modules in its order, each loaded only if its file is the one that is pinned there
    #[arg(long, value_name = "FILE")]
    pub profile: Option<PathBuf>,
}

/// Where the passphrase of a key file comes from; it is typed, if nothing else is said.
#[derive(Debug, Clone, Args)]
pub struct PassphraseChoice {
    /// Read the key file's passphrase from this open descriptor
    #[arg(long, value_name = "N", conflicts_with = "passphrase_command")]
    pub passphrase_fd: Option<u32>,
    /// Read the key file's passphrase from what this program prints, such as a secret manager's client; no shell is used
    #[arg(long, value_name = "PROG ARG...")]
    pub passphrase_command: Option<String>,
}

impl PassphraseChoice {
    /// Whether something was said.
    pub fn is_given(&self) -> bool {
        self.passphrase_fd.is_some() || self.passphrase_command.is_some()
    }

    /// Where it comes from.
    pub fn source(&self) -> Passphrase {
        match (self.passphrase_fd, &self.passphrase_command) {
            (Some(number), _) => Passphrase::Descriptor(number),
            (None, Some(words)) => Passphrase::Command(words.clone()),
            (None, None) => Passphrase::Typed,
        }
    }
}

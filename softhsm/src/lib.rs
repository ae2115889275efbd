//! Throwaway software tokens, of SoftHSM2 and of kryoptic: each [`TokenDir`] is a private folder with its own
//! configuration, so that two tests never share a token store (SoftHSM2 races when two processes open one).
//!
//! Promises: the folder is readable by its owner only and goes with the value; a missing module is an error
//! that says what to install or build, never a skip. Everything on these tokens is a throwaway, its PINs included: they
//! stand in arguments on purpose, which a real PIN never does.
//!
//! The work on a token is done by the binary `softhsm-token` in a process of its own, because a module reads
//! its configuration from the environment once per process.

mod artifact;
mod material;
mod public;
mod rehearsal;
mod software;
mod token;

use std::ffi::OsString;
use std::fs::Permissions;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

pub use artifact::{Artifact, built};
pub use public::{Shown, show_public};
pub use rehearsal::{PIN, rehearsal};
pub use software::Software;
pub use token::{Curve, TokenError, generate, import, init};

/// Why a throwaway token could not be made.
#[derive(Debug, thiserror::Error)]
pub enum TokenDirError {
    /// SoftHSM2 is not installed.
    #[error("SoftHSM2 is missing: install it with `apt-get install softhsm2` (looked in {})", software::SOFTHSM.join(", "))]
    NoModule,
    /// kryoptic was not built.
    #[error(
        "kryoptic is missing: build it with `tests/kryoptic/install` (looked for {})",
        software::KRYOPTIC
    )]
    NotBuilt,
    /// The folder could not be made or written.
    #[error("the folder for a throwaway token cannot be made")]
    Folder(#[from] io::Error),
    /// `softhsm-token` could not be built or run.
    #[error("{what} failed: {said}")]
    Command {
        /// What was run.
        what: String,
        /// What it said.
        said: String,
    },
}

/// A private folder for the tokens of one module, removed when dropped.
#[derive(Debug)]
pub struct TokenDir {
    folder: tempfile::TempDir,
    software: Software,
    module: PathBuf,
}

impl TokenDir {
    /// Makes the folder (mode 0700), its configuration and an empty token store, for SoftHSM2.
    ///
    /// # Errors
    /// SoftHSM2 is missing, or the folder cannot be made.
    pub fn new() -> Result<Self, TokenDirError> {
        Self::of(Software::SoftHsm)
    }

    /// The same for tokens of another module.
    ///
    /// # Errors
    /// The module is missing, or the folder cannot be made.
    pub fn of(software: Software) -> Result<Self, TokenDirError> {
        Self::of_in(software, &std::env::temp_dir())
    }

    /// The same below `parent`; in memory (`/dev/shm`) keys are made without waiting for a disk.
    ///
    /// # Errors
    /// As [`TokenDir::of`].
    pub fn of_in(software: Software, parent: &Path) -> Result<Self, TokenDirError> {
        let module = software.module_path()?;
        let private = Permissions::from_mode(0o700);
        let prefix = format!("conclave-{software}-");
        let folder = tempfile::Builder::new().prefix(&prefix).permissions(private).tempdir_in(parent)?;
        software.lay_out(folder.path())?;
        Ok(Self { folder, software, module })
    }

    /// The folder itself.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The configuration, for [`Software::variable`].
    #[must_use]
    pub fn conf_path(&self) -> PathBuf {
        self.folder.path().join(self.software.configuration())
    }

    /// The module.
    #[must_use]
    pub fn module_path(&self) -> &Path {
        &self.module
    }

    /// The environment that a process needs to see these tokens.
    #[must_use]
    pub fn environment(&self) -> Vec<(OsString, OsString)> {
        vec![(self.software.variable().into(), self.conf_path().into())]
    }

    /// Initialises one more token.
    ///
    /// # Errors
    /// The module refused; the error has its words.
    pub fn add_token(&self, label: &str, so_pin: &str, user_pin: &str) -> Result<(), TokenDirError> {
        self.run(&["init", "--label", label, "--so-pin", so_pin, "--user-pin", user_pin])?;
        Ok(self.software.make_room(self.folder.path())?)
    }

    /// Puts a private key in PKCS#8 PEM and its public key onto the token `token`.
    ///
    /// # Errors
    /// The key cannot be read, or the module refused.
    pub fn import(
        &self,
        token: &str,
        user_pin: &str,
        label: &str,
        id: &[u8],
        pkcs8_pem: &str,
    ) -> Result<(), TokenDirError> {
        self.importing(&Self::place(token, user_pin, label, &hex::encode(id)), pkcs8_pem, &[])
    }

    /// The same with a key that wants the PIN for each signature (`CKA_ALWAYS_AUTHENTICATE`).
    ///
    /// # Errors
    /// As [`TokenDir::import`].
    pub fn import_always_authenticate(
        &self,
        token: &str,
        user_pin: &str,
        label: &str,
        id: &[u8],
        pkcs8_pem: &str,
    ) -> Result<(), TokenDirError> {
        let place = hex::encode(id);
        self.importing(&Self::place(token, user_pin, label, &place), pkcs8_pem, &["--always-authenticate"])
    }

    fn importing(&self, place: &[&str], pkcs8_pem: &str, more: &[&str]) -> Result<(), TokenDirError> {
        let file = tempfile::NamedTempFile::new_in(self.folder.path())?;
        std::fs::write(file.path(), pkcs8_pem)?;
        let file = file.path().display().to_string();
        self.run(&[&["import"], place, &["--key", &file], more].concat())
    }

    fn place<'a>(token: &'a str, user_pin: &'a str, label: &'a str, id: &'a str) -> [&'a str; 8] {
        ["--token", token, "--user-pin", user_pin, "--label", label, "--id", id]
    }

    /// Lets the token `token` generate a key.
    ///
    /// # Errors
    /// The module refused.
    pub fn generate(
        &self,
        token: &str,
        user_pin: &str,
        label: &str,
        id: &[u8],
        curve: Curve,
    ) -> Result<(), TokenDirError> {
        self.run(&Self::generating(token, user_pin, label, &hex::encode(id), &curve.to_string()))
    }

    /// The same with a key that wants the PIN for each signature (`CKA_ALWAYS_AUTHENTICATE`).
    ///
    /// # Errors
    /// The module refused.
    pub fn generate_always_authenticate(
        &self,
        token: &str,
        user_pin: &str,
        label: &str,
        id: &[u8],
        curve: Curve,
    ) -> Result<(), TokenDirError> {
        let (id, curve) = (hex::encode(id), curve.to_string());
        let mut arguments = Self::generating(token, user_pin, label, &id, &curve).to_vec();
        arguments.push("--always-authenticate");
        self.run(&arguments)
    }

    fn generating<'a>(
        token: &'a str,
        user_pin: &'a str,
        label: &'a str,
        id: &'a str,
        curve: &'a str,
    ) -> [&'a str; 11] {
        ["generate", "--token", token, "--user-pin", user_pin, "--label", label, "--id", id, "--curve", curve]
    }

    /// Changes how the public half of a key is shown.
    ///
    /// # Errors
    /// The module refused.
    pub fn show_public(
        &self,
        token: &str,
        user_pin: &str,
        label: &str,
        id: &[u8],
        shown: Shown,
    ) -> Result<(), TokenDirError> {
        let (id, shown) = (hex::encode(id), shown.to_string());
        self.run(&[&["public"][..], &Self::place(token, user_pin, label, &id), &["--as", &shown]].concat())
    }

    fn run(&self, arguments: &[&str]) -> Result<(), TokenDirError> {
        let program = match artifact::beside("softhsm-token") {
            Some(program) => program,
            None => built("conclave-softhsm", Artifact::Program("softhsm-token"))?,
        };
        let software = self.software.to_string();
        let mut command = Command::new(program);
        command.envs(self.environment()).args(["--software", &software]).args(arguments);
        let output = command.output()?;
        if output.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(TokenDirError::Command { what: format!("softhsm-token {}", arguments[0]), said })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_is_private_and_goes_with_the_value() {
        let dir = TokenDir::new().unwrap();
        let path = dir.path().to_owned();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
        drop(dir);
        assert!(!path.exists());
    }

    #[test]
    fn a_key_cannot_be_put_on_a_token_that_is_not_there() {
        let dir = TokenDir::new().unwrap();
        let error = dir.generate("nobody", "1234", "root", &[1], Curve::P256).unwrap_err();
        assert!(error.to_string().contains("no token labelled nobody"), "{error}");
    }

    #[test]
    fn a_text_that_is_no_key_is_refused() {
        let dir = TokenDir::new().unwrap();
        dir.add_token("t", "so-pin-1", "1234").unwrap();
        let error = dir.import("t", "1234", "root", &[1], "no key").unwrap_err();
        assert!(error.to_string().contains("no Ed25519, P-256 or RSA key"), "{error}");
    }
}

//! Throwaway SoftHSM2 tokens: each [`TokenDir`] is a private folder with its own configuration, so that two
//! tests never share a token store (SoftHSM2 races when two processes open one).
//!
//! Promises: the folder is readable by its owner only and goes with the value; a missing SoftHSM2 is an error
//! that says what to install, never a skip. Everything on these tokens is a throwaway, its PINs included: they
//! stand in arguments on purpose, which a real PIN never does.
//!
//! The work on a token is done by the binary `softhsm-token` in a process of its own, because SoftHSM2 reads
//! its configuration from the environment once per process.

mod artifact;
mod material;
mod rehearsal;
mod token;

use std::ffi::OsString;
use std::fs::Permissions;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

pub use artifact::{Artifact, built};
pub use rehearsal::{PIN, rehearsal};
pub use token::{Curve, TokenError, generate, import, init};

/// Where Debian and its relatives put the module.
const MODULES: [&str; 5] = [
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
];

/// Why a throwaway token could not be made.
#[derive(Debug, thiserror::Error)]
pub enum TokenDirError {
    /// SoftHSM2 is not installed.
    #[error("SoftHSM2 is missing: install it with `apt-get install softhsm2` (looked in {})", MODULES.join(", "))]
    NoModule,
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

/// The installed SoftHSM2 module.
///
/// # Errors
/// [`TokenDirError::NoModule`] with the package to install.
pub fn module_path() -> Result<&'static Path, TokenDirError> {
    MODULES.into_iter().map(Path::new).find(|path| path.is_file()).ok_or(TokenDirError::NoModule)
}

/// An empty token store in `folder`, and the configuration that leads to it.
fn lay_out(folder: &Path) -> io::Result<()> {
    let store = folder.join("tokens");
    std::fs::create_dir(&store)?;
    let text = format!(
        "directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n",
        store.display()
    );
    std::fs::write(folder.join("softhsm2.conf"), text)
}

/// A private folder for SoftHSM2 tokens, removed when dropped.
#[derive(Debug)]
pub struct TokenDir {
    folder: tempfile::TempDir,
    module: &'static Path,
}

impl TokenDir {
    /// Makes the folder (mode 0700), its configuration and an empty token store.
    ///
    /// # Errors
    /// SoftHSM2 is missing, or the folder cannot be made.
    pub fn new() -> Result<Self, TokenDirError> {
        let module = module_path()?;
        let private = Permissions::from_mode(0o700);
        let folder = tempfile::Builder::new().prefix("conclave-softhsm-").permissions(private).tempdir()?;
        lay_out(folder.path())?;
        Ok(Self { folder, module })
    }

    /// The folder itself.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The configuration, for `SOFTHSM2_CONF`.
    #[must_use]
    pub fn conf_path(&self) -> PathBuf {
        self.folder.path().join("softhsm2.conf")
    }

    /// The SoftHSM2 module.
    #[must_use]
    pub fn module_path(&self) -> &Path {
        self.module
    }

    /// The environment that a process needs to see these tokens.
    #[must_use]
    pub fn environment(&self) -> Vec<(OsString, OsString)> {
        vec![("SOFTHSM2_CONF".into(), self.conf_path().into())]
    }

    /// Initialises one more token.
    ///
    /// # Errors
    /// The module refused; the error has its words.
    pub fn add_token(&self, label: &str, so_pin: &str, user_pin: &str) -> Result<(), TokenDirError> {
        self.run(&["init", "--label", label, "--so-pin", so_pin, "--user-pin", user_pin])
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

    fn run(&self, arguments: &[&str]) -> Result<(), TokenDirError> {
        let program = match artifact::beside("softhsm-token") {
            Some(program) => program,
            None => built("conclave-softhsm", Artifact::Program("softhsm-token"))?,
        };
        let output = Command::new(program).envs(self.environment()).args(arguments).output()?;
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

//! The software whose tokens are made here: where each module lies, and what its store looks like.

use std::fmt;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::TokenDirError;

/// Where Debian and its relatives put SoftHSM2.
pub(crate) const SOFTHSM: [&str; 5] = [
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
];

/// Where `tests/kryoptic/install` puts kryoptic.
pub(crate) const KRYOPTIC: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/kryoptic/target/release/libkryoptic_pkcs11.so");

/// A module that keeps its tokens in files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Software {
    /// SoftHSM2, as the distribution has it. It never locks a PIN.
    #[value(name = "softhsm")]
    SoftHsm,
    /// kryoptic, built by `tests/kryoptic/install`. It locks a PIN after ten wrong ones, gives points without a DER
    /// wrapper, and knows ML-DSA.
    Kryoptic,
}

impl fmt::Display for Software {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SoftHsm => "softhsm",
            Self::Kryoptic => "kryoptic",
        })
    }
}

impl Software {
    /// The module.
    ///
    /// # Errors
    /// It is not there; the error says what to install or to build.
    pub fn module_path(self) -> Result<PathBuf, TokenDirError> {
        match self {
            Self::SoftHsm => {
                let found = SOFTHSM.into_iter().map(Path::new).find(|path| path.is_file());
                found.map(Path::to_owned).ok_or(TokenDirError::NoModule)
            }
            Self::Kryoptic => Path::new(KRYOPTIC).canonicalize().map_err(|_| TokenDirError::NotBuilt),
        }
    }

    /// The variable that leads the module to its configuration.
    #[must_use]
    pub fn variable(self) -> &'static str {
        match self {
            Self::SoftHsm => "SOFTHSM2_CONF",
            Self::Kryoptic => "KRYOPTIC_CONF",
        }
    }

    /// The name of the configuration in a store's folder.
    pub(crate) fn configuration(self) -> &'static str {
        match self {
            Self::SoftHsm => "softhsm2.conf",
            Self::Kryoptic => "kryoptic.toml",
        }
    }

    /// An empty token store in `folder` with room for one token, and the configuration that leads to it.
    pub(crate) fn lay_out(self, folder: &Path) -> io::Result<()> {
        let store = folder.join("tokens");
        std::fs::create_dir(&store)?;
        let text = match self {
            Self::SoftHsm => format!(
                "directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n",
                store.display()
            ),
            Self::Kryoptic => slot(&store, 1),
        };
        std::fs::write(folder.join(self.configuration()), text)
    }

    /// Room for one token more, after one was made: SoftHSM2 always offers an empty slot by itself.
    pub(crate) fn make_room(self, folder: &Path) -> io::Result<()> {
        if self == Self::SoftHsm {
            return Ok(());
        }
        let configuration = folder.join(self.configuration());
        let taken = std::fs::read_to_string(&configuration)?.matches("[[slots]]").count();
        let mut file = OpenOptions::new().append(true).open(configuration)?;
        file.write_all(slot(&folder.join("tokens"), taken + 1).as_bytes())
    }
}

fn slot(store: &Path, number: usize) -> String {
    let file = store.join(format!("{number}.sql"));
    format!("[[slots]]\nslot = {number}\ndbtype = \"sqlite\"\ndbargs = {file:?}\n")
}

//! The tokens of a rehearsal: one SoftHSM2 store each for four people and the online machine, the machine profiles of the
//! two machines at which they are used, and the PINs in plain sight, because nothing here is worth one.
//!
//! `conclave rehearse` reads: `NAME/softhsm2.conf`, `MACHINE.profile.toml`, `pins/NAME`. System tokens are never touched: each
//! store has a configuration of its own.

use std::fs::Permissions;
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::Path;
use std::process::Command;

use sha2::{Digest as _, Sha256};

use crate::{Software, TokenDirError};

/// The PIN of every token of a rehearsal.
pub const PIN: &str = "135790";

/// What resets a token of a rehearsal.
const SO_PIN: &str = "24680135";

/// The machines, and whose tokens are used at each.
const MACHINES: [(&str, &[&str]); 2] = [("room", &["anna", "bela", "dora", "online"]), ("carla", &["carla"])];

/// Makes the folder with everything in it, readable by its owner alone. `initialiser` is the program `softhsm-token`, which is
/// run once a token because SoftHSM2 reads its configuration once a process.
///
/// # Errors
/// SoftHSM2 is missing or refuses, or the folder is there already.
pub fn rehearsal(folder: &Path, initialiser: &Path) -> Result<(), TokenDirError> {
    let module = Software::SoftHsm.module_path()?;
    let folder = std::path::absolute(folder)?;
    let sha256 = hex::encode(Sha256::digest(std::fs::read(&module)?));
    private(&folder)?;
    private(&folder.join("pins"))?;
    for (machine, tokens) in MACHINES {
        let mut profile = format!("# TEST ONLY: throwaway tokens.\nformat = 1\ndrivers = {tokens:?}\n");
        for token in tokens {
            let store = folder.join(token);
            private(&store)?;
            Software::SoftHsm.lay_out(&store)?;
            let conf = store.join("softhsm2.conf");
            initialise(initialiser, token, &conf)?;
            let pin = folder.join("pins").join(token);
            std::fs::write(&pin, format!("{PIN}\n"))?;
            std::fs::set_permissions(&pin, Permissions::from_mode(0o600))?;
            profile.push_str(&format!(
                "\n[module.{token}]\npath = {module:?}\nsha256 = \"{sha256}\"\nenvironment = {{ SOFTHSM2_CONF = {conf:?} }}\n"
            ));
        }
        std::fs::write(folder.join(format!("{machine}.profile.toml")), profile)?;
    }
    Ok(())
}

fn private(folder: &Path) -> io::Result<()> {
    std::fs::DirBuilder::new().mode(0o700).create(folder)
}

fn initialise(program: &Path, token: &str, conf: &Path) -> Result<(), TokenDirError> {
    let mut command = Command::new(program);
    command
        .args(["init", "--label", token, "--so-pin", SO_PIN, "--user-pin", PIN])
        .env("SOFTHSM2_CONF", conf);
    let output = command.output()?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(TokenDirError::Command { what: format!("making the token {token}"), said })
}

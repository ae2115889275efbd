//! Finds, and first builds, what cargo does not build for a test by itself: another package's program or
//! shared library.
//!
//! Cargo sets `CARGO_BIN_EXE_*` only for a package's own programs, so the build is asked for here, once per
//! process, in the same target folder and profile as the running test. It is a no-op when nothing changed.

use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use crate::TokenDirError;

/// What a package is built for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Artifact {
    /// A program of this name.
    Program(&'static str),
    /// A shared library of this crate name.
    Library(&'static str),
}

static DONE: Mutex<BTreeMap<Artifact, PathBuf>> = Mutex::new(BTreeMap::new());

/// Builds `package` and returns the path of its `artifact`.
///
/// # Errors
/// Cargo failed, or this process is not a test that cargo built; the error says which.
pub fn built(package: &str, artifact: Artifact) -> Result<PathBuf, TokenDirError> {
    let mut done = DONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(path) = done.get(&artifact) {
        return Ok(path.clone());
    }
    let failed = |said: String| TokenDirError::Command { what: format!("building {package}"), said };
    let running = env::current_exe()?;
    let (target, profile) = layout(&running).ok_or_else(|| failed("not run by cargo test".into()))?;
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .args(["build", "--quiet", "--offline", "--locked", "--package", package])
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    cargo.arg("--target-dir").arg(target);
    if profile != "debug" {
        cargo.args(["--profile", profile]);
    }
    let output = cargo.output()?;
    if !output.status.success() {
        return Err(failed(String::from_utf8_lossy(&output.stderr).into_owned()));
    }
    let file = match artifact {
        Artifact::Program(name) => name.to_owned(),
        Artifact::Library(name) => format!("lib{name}.so"),
    };
    let path = target.join(profile).join(file);
    if !path.is_file() {
        return Err(failed(format!("{} was not made", path.display())));
    }
    done.insert(artifact, path.clone());
    Ok(path)
}

/// A program that was built together with the running one and lies beside it: so the rehearsal needs no cargo.
pub(crate) fn beside(program: &str) -> Option<PathBuf> {
    let path = env::current_exe().ok()?.with_file_name(program);
    path.is_file().then_some(path)
}

/// Target folder and profile of a test program `TARGET/PROFILE/deps/NAME`.
fn layout(running: &Path) -> Option<(&Path, &str)> {
    let deps = running.parent()?;
    let profile = deps.parent()?;
    (deps.file_name()? == "deps").then_some((profile.parent()?, profile.file_name()?.to_str()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_program_tells_target_folder_and_profile() {
        let found = layout(Path::new("/t/target/release/deps/cli-1234"));
        assert_eq!(found, Some((Path::new("/t/target"), "release")));
        assert_eq!(layout(Path::new("/usr/bin/conclave")), None);
    }
}

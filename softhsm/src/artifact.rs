//! Finds, and first builds, what cargo does not build for a test by itself: another package's program or
//! shared library.
//!
//! Cargo sets `CARGO_BIN_EXE_*` only for a package's own programs, so the build is asked for here, once per
//! process, in the same target folder and profile as the running test.
//!
//! What is there and newer than everything that it was made of is taken as it is: asked for one package alone, cargo chooses
//! fewer features for the dependencies than for the whole workspace, and would compile dozens of them once more.

use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::time::SystemTime;

use crate::TokenDirError;

/// What a package is built for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Artifact {
    /// A program of this name.
    Program(&'static str),
    /// A shared library of this crate name.
    Library(&'static str),
}

impl Artifact {
    fn file(self) -> String {
        match self {
            Self::Program(name) => name.to_owned(),
            Self::Library(name) => format!("lib{name}.so"),
        }
    }

    /// The file in which cargo lists what of the workspace it was made of, as a rule of a makefile.
    fn dependencies(self) -> String {
        match self {
            Self::Program(name) => format!("{name}.d"),
            Self::Library(name) => format!("lib{name}.d"),
        }
    }
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
    let folder = target.join(profile);
    let path = folder.join(artifact.file());
    if is_fresh(&folder, artifact) {
        done.insert(artifact, path.clone());
        return Ok(path);
    }
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
    if !path.is_file() {
        return Err(failed(format!("{} was not made", path.display())));
    }
    done.insert(artifact, path.clone());
    Ok(path)
}

/// Whether the artifact in `folder` was built there, after the last change of whatever it is made of.
fn is_fresh(folder: &Path, artifact: Artifact) -> bool {
    let changed = |path: &Path| path.metadata().and_then(|of| of.modified()).ok();
    let (Some(built), Ok(rule)) = (
        changed(&folder.join(artifact.file())),
        std::fs::read_to_string(folder.join(artifact.dependencies())),
    ) else {
        return false;
    };
    // A folder that was copied here tells of sources elsewhere.
    let Some((made, sources)) = rule.lines().next().and_then(|line| line.split_once(": ")) else {
        return false;
    };
    if Path::new(made).parent() != Some(folder) {
        return false;
    }
    let top = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let versions = ["Cargo.toml", "Cargo.lock"].map(|name| top.join(name));
    let older = |when: SystemTime| when <= built;
    named(sources).iter().chain(&versions).all(|path| changed(path).is_some_and(older))
}

/// The paths of such a rule, in which a space of a path stands behind a backslash.
fn named(sources: &str) -> Vec<PathBuf> {
    let unescaped = sources.replace("\\ ", "\0");
    unescaped.split_whitespace().map(|path| PathBuf::from(path.replace('\0', " "))).collect()
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

    #[test]
    fn what_is_older_than_its_source_or_was_built_elsewhere_is_built_again() {
        let folder = tempfile::tempdir().unwrap();
        let (file, source) = (folder.path().join("libit.so"), folder.path().join("a source.rs"));
        let rule = |made: &Path| {
            let source = source.to_str().unwrap().replace(' ', "\\ ");
            let rule = format!("{}: {source}\n", made.join("libit.rlib").display());
            std::fs::write(folder.path().join("libit.d"), rule).unwrap();
        };
        let is_fresh = || is_fresh(folder.path(), Artifact::Library("it"));
        rule(folder.path());
        std::fs::write(&source, "").unwrap();
        assert!(!is_fresh(), "it is not there");
        std::fs::write(&file, "").unwrap();
        assert!(is_fresh());
        rule(Path::new("/elsewhere"));
        assert!(!is_fresh());
        rule(folder.path());
        let built = file.metadata().unwrap().modified().unwrap();
        let later = built + std::time::Duration::from_secs(1);
        std::fs::File::options().append(true).open(&source).unwrap().set_modified(later).unwrap();
        assert!(!is_fresh(), "its source was changed");
        std::fs::remove_file(&source).unwrap();
        assert!(!is_fresh(), "its source is gone");
    }
}

//! Running the binary and reading what it says.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// What one run said and how it ended.
pub struct Played {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

/// Runs the binary with these arguments and nothing on standard input.
pub fn play<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Played {
    let output = Command::new(env!("CARGO_BIN_EXE_conclave"))
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .expect("the binary was built for this test");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("every screen is UTF-8");
    Played {
        code: output.status.code().expect("the binary ends by itself"),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

impl Played {
    /// Panics with both screens unless the run ended with `code`.
    #[track_caller]
    pub fn ended(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    /// Panics with the screen unless it holds `text`, however its lines are broken.
    #[track_caller]
    pub fn says(self, text: &str) -> Self {
        let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let whole = flat(&(self.stdout.clone() + &self.stderr));
        assert!(whole.contains(&flat(text)), "{text:?} is not in:\n{}{}", self.stdout, self.stderr);
        self
    }

    /// Panics with the screen if it holds `text`.
    #[track_caller]
    pub fn says_not(self, text: &str) -> Self {
        let whole = self.stdout.clone() + &self.stderr;
        assert!(!whole.contains(text), "{text:?} is in:\n{whole}");
        self
    }

    /// The result for scripts: printable ASCII, and JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        let plain = self.stdout.bytes().all(|b| b == b'\n' || (b' '..=b'~').contains(&b));
        assert!(plain, "not ASCII:\n{}", self.stdout);
        serde_json::from_str(&self.stdout).expect("it is JSON")
    }
}

/// A file of the corpus.
pub fn corpus(path: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(path);
    assert!(path.exists(), "{} is missing", path.display());
    path
}

/// A folder for one test, gone with it.
pub struct Desk(tempfile::TempDir);

impl Desk {
    pub fn new() -> Desk {
        Desk(tempfile::tempdir().unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file and gives its path.
    pub fn file(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        path
    }
}

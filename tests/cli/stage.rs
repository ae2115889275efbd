//! What every test here starts from: the built binary, the corpus, a folder of its own, and what a command gave back.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;
use tuf_ceremony::document::Document;
use tuf_ceremony::metadata::Metadata;

/// The binary under test.
pub fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_conclave"))
}

/// The top of the sources.
pub fn top() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub fn corpus(path: &str) -> PathBuf {
    top().join("tests/corpus").join(path)
}

pub fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The folders of one kind, which must be as many as the corpus had when the test was written.
pub fn folders(kind: &str, count: usize) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir(corpus(kind)).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    assert_eq!(folders.len(), count, "{kind}");
    folders
}

/// A file of expectations: ours, never metadata that is judged.
pub fn expectations(path: &Path) -> Value {
    serde_json::from_slice(&read(path)).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

pub fn texts(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|v| v.as_str().unwrap().to_owned()).collect()
}

/// The document that judges the drafts of a corpus folder, where there is one.
pub fn trusted(folder: &Path) -> Option<PathBuf> {
    let found = ["previous.root.json", "authorising.root.json"].map(|name| folder.join(name));
    found.into_iter().find(|path| path.exists())
}

/// What a command gave back.
pub struct Done {
    /// The exit code; none when a signal ended it.
    pub code: Option<i32>,
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
}

impl Done {
    pub fn out(&self) -> String {
        String::from_utf8(self.stdout.clone()).expect("standard output is UTF-8")
    }

    pub fn err(&self) -> String {
        String::from_utf8(self.stderr.clone()).expect("standard error is UTF-8")
    }

    /// Standard output as one JSON value.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.stdout).unwrap_or_else(|e| panic!("{e}: {}{}", self.out(), self.err()))
    }

    /// This, if the command did what was asked.
    pub fn good(self) -> Done {
        assert_eq!((self.code, self.err().as_str()), (Some(0), ""), "{}", self.out());
        self
    }
}

/// A folder in which commands run, gone with the value.
pub struct Desk {
    folder: TempDir,
}

impl Desk {
    pub fn new() -> Desk {
        Desk { folder: tempfile::Builder::new().prefix("conclave-cli-").tempdir().unwrap() }
    }

    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Puts a file there and gives its name back.
    pub fn put(&self, name: impl AsRef<Path>, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub fn run<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Done {
        self.run_with(arguments, &[])
    }

    /// Runs the binary in the folder, without any terminal (`setsid`): a test never asks the person who started it.
    pub fn run_with<A: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = A>,
        environment: &[(OsString, OsString)],
    ) -> Done {
        let mut command = Command::new("setsid");
        command.arg(program()).args(arguments).current_dir(self.folder.path());
        command.env_remove("SOFTHSM2_CONF").envs(environment.iter().cloned()).stdin(Stdio::null());
        let done = command.output().expect("setsid is part of util-linux");
        Done { code: done.status.code(), stdout: done.stdout, stderr: done.stderr }
    }

    /// Runs the binary with `bytes` on standard input.
    pub fn feed<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>, bytes: &[u8]) -> Done {
        let mut command = Command::new(program());
        command.args(arguments).current_dir(self.folder.path());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A refusal may come before all was read; then the pipe is closed, and that is fine.
        let _ = child.stdin.take().unwrap().write_all(bytes);
        let done = child.wait_with_output().unwrap();
        Done { code: done.status.code(), stdout: done.stdout, stderr: done.stderr }
    }

    /// Everything in the folder, with its bytes: equal before and after means that nothing was written.
    pub fn listing(&self) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
        let mut found = BTreeMap::new();
        list(self.folder.path(), &mut found);
        found
    }

    /// Imports `files` into the bundle `out`, and gives the result.
    pub fn import(&self, out: &str, files: &[PathBuf], trust: Option<&Path>) -> Done {
        let mut arguments: Vec<OsString> = vec!["import".into(), "--json".into(), "--out".into(), out.into()];
        if let Some(trust) = trust {
            arguments.extend(["--trust".into(), trust.into()]);
        }
        arguments.extend(files.iter().map(|file| file.clone().into_os_string()));
        self.run(arguments)
    }
}

fn list(folder: &Path, found: &mut BTreeMap<PathBuf, Option<Vec<u8>>>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let kind = std::fs::symlink_metadata(&path).unwrap().file_type();
        if kind.is_dir() {
            list(&path, found);
        }
        // Sparse files of many megabytes are told by their length, which is enough to see that they stayed.
        let small = kind.is_file() && std::fs::metadata(&path).unwrap().len() < 1 << 20;
        let bytes = small.then(|| std::fs::read(&path).unwrap_or_default());
        found.insert(path, bytes);
    }
}

/// A document as the engine reads it, for what a test compares.
pub fn document(bytes: Vec<u8>) -> Document {
    Document::read(bytes).unwrap()
}

pub fn metadata(bytes: Vec<u8>) -> Metadata {
    Metadata::of(document(bytes).into()).unwrap()
}

/// The text before and after the array of signatures: what must be kept byte for byte.
pub fn outside_signatures(bytes: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let document = document(bytes.to_vec());
    let range = document.root().object().unwrap().member("signatures").unwrap().range();
    (bytes[..range.start].to_vec(), bytes[range.end..].to_vec())
}

/// `bytes` with one more signature, as a signer writes it: into the entry that waits for it, or in front of the others.
pub fn with_signature(bytes: &[u8], keyid: &str, sig: &str) -> Vec<u8> {
    let text = std::str::from_utf8(bytes).unwrap();
    let range = {
        let document = document(bytes.to_vec());
        document.root().object().unwrap().member("signatures").unwrap().range()
    };
    let array = &text[range.clone()];
    let waiting = array.find(keyid).and_then(|at| {
        let entry = &array[at..array[at..].find('}').map(|end| at + end)?];
        entry.find("\"sig\": \"\"").map(|place| at + place)
    });
    let filled = match waiting {
        Some(place) => {
            format!("{}\"sig\": \"{sig}\"{}", &array[..place], &array[place + "\"sig\": \"\"".len()..])
        }
        None => {
            let rest = array.strip_prefix('[').unwrap();
            let comma = if rest.trim_start().starts_with(']') { "" } else { "," };
            format!("[{{\"keyid\": \"{keyid}\", \"sig\": \"{sig}\"}}{comma}{rest}")
        }
    };
    format!("{}{filled}{}", &text[..range.start], &text[range.end..]).into_bytes()
}

/// A fixed sequence of orders, another for each `round`.
pub fn shuffled<T: Clone>(items: &[T], round: u64) -> Vec<T> {
    let mut items = items.to_vec();
    let mut state = round.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    for at in (1..items.len()).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        items.swap(at, usize::try_from(state % (at as u64 + 1)).unwrap());
    }
    items
}

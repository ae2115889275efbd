//! The sources, read as text: who may know what, and the form of a file. Fails on a breach.
//!
//! It knows no syntax: it looks for words outside comments and test modules. Whoever wants to get around it can; it is for
//! those who forget.

#![expect(clippy::unwrap_used, reason = "a test stops by panicking")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The longest file, in lines, tests included.
const LONGEST_FILE: usize = 400;

/// Names of files that say nothing.
const EMPTY_NAMES: [&str; 11] =
    ["mod", "util", "utils", "helper", "helpers", "manager", "common", "misc", "data", "info", "handle"];

const EVERYWHERE: &[&str] = &["src/", "ceremony/src/"];
const ENGINE: &[&str] = &["ceremony/src/"];

/// Words that only some files may hold.
struct Rule {
    promise: &'static str,
    words: &'static [&'static str],
    under: &'static [&'static str],
    /// The files that may, each with its reason.
    rooms: &'static [(&'static str, &'static str)],
}

const RULES: &[Rule] = &[
    Rule {
        promise: "one room knows cryptoki",
        words: &["cryptoki", "cryptoki_sys"],
        under: EVERYWHERE,
        rooms: &[
            ("src/token/pkcs11.rs", "it is that room"),
            ("src/token/pkcs11/objects.rs", "its key objects"),
            ("src/token/pkcs11/codes.rs", "its return codes"),
            ("src/token/pkcs11/signing.rs", "its signatures"),
            ("src/token/pkcs11/making.rs", "its new keys"),
            ("src/token/pkcs11/raw.rs", "the one call that the crate cannot make"),
        ],
    },
    Rule {
        promise: "one room knows yubikey and PC/SC",
        words: &["yubikey::", "pcsc::"],
        under: EVERYWHERE,
        rooms: &[
            ("src/token/piv.rs", "it is that room"),
            ("src/token/piv/condition.rs", "how a card stands"),
            ("src/token/piv/making.rs", "its new keys"),
            ("src/token/piv/management.rs", "its management key"),
            ("src/token/piv/preparing.rs", "its PIN and PUK"),
            ("src/token/piv/faults.rs", "its errors"),
            ("src/token/piv/keys.rs", "its slots and keys"),
            ("src/token/piv/signing.rs", "its signatures"),
            ("src/token/piv/readers.rs", "what is in its readers"),
        ],
    },
    Rule {
        promise: "two files set a terminal's modes",
        words: &["termios"],
        under: EVERYWHERE,
        rooms: &[
            ("src/operator/terminal.rs", "reads typed lines, with Ctrl-C as a key"),
            ("src/operator/secret.rs", "reads PINs, with nothing shown"),
        ],
    },
    Rule {
        promise: "one file knows dialoguer",
        words: &["dialoguer"],
        under: EVERYWHERE,
        rooms: &[("src/operator/terminal/list.rs", "it is that file")],
    },
    Rule {
        promise: "two files hold signals back",
        words: &["nix"],
        under: EVERYWHERE,
        rooms: &[
            ("src/operator/parting.rs", "those that end the program at a question"),
            ("src/operator/terminal/list.rs", "the one that dialoguer raises"),
        ],
    },
    Rule {
        promise: "one file commands a terminal",
        words: &["\\x1b", "\\u{1b}", "\\x07", "\\x08"],
        under: EVERYWHERE,
        rooms: &[("src/operator/screen.rs", "bold, where style is allowed")],
    },
    Rule {
        promise: "one room touches the disk",
        words: &[
            "std::fs",
            "File::",
            "OpenOptions",
            "std::os::unix::fs",
            "rustix::fs",
            "tempfile",
            ".is_file()",
            ".is_dir()",
            ".exists()",
            ".canonicalize()",
        ],
        under: EVERYWHERE,
        rooms: &[
            ("src/files.rs", "it is that room: paths that a person gives"),
            ("src/files/deed.rs", "every change of the disk"),
            ("src/files/tree.rs", "the files that a release adds to targets, for hashing"),
            ("src/files/place.rs", "how a new file gets its name"),
            ("src/files/folder.rs", "a ceremony's folder, for reading"),
            ("src/files/lock.rs", "the right to change a ceremony's folder"),
            ("src/files/image.rs", "a machine's files, for whoever looks for modules"),
            ("src/files/media.rs", "what a medium has room for and gives back"),
            ("src/files/kernel.rs", "what the kernel says of this machine under /proc and /sys"),
            ("src/files/fault.rs", "names the kinds of files for src/files.rs; opens nothing"),
            ("src/files/deed/faults.rs", "makes folders for the tests that it kills; in tests only"),
            ("src/token/message.rs", "memory files, which are on no disk"),
            ("src/operator/secret.rs", "opens /dev/tty, so that a redirected input is never taken for a PIN"),
        ],
    },
    Rule {
        promise: "every change of the disk goes through one door",
        words: &[
            "CREATE",
            "TRUNC",
            "fchmod",
            "fdatasync",
            "fsync",
            "ftruncate",
            "linkat",
            "mkdirat",
            "renameat",
            "renameat_with",
            "sync_all",
            "unlinkat",
            "write_all",
            "write_all_at",
        ],
        under: &["src/files"],
        rooms: &[("src/files/deed.rs", "it is that door")],
    },
    Rule {
        promise: "one file asks the time",
        words: &["SystemTime", "Instant::now", "now_utc", "now_local", "UtcDateTime::now", "clock_gettime"],
        under: EVERYWHERE,
        rooms: &[
            ("src/clock.rs", "it is that file"),
            (
                "src/token/line.rs",
                "how long a child may take to end, on the monotonic clock; no date comes of it",
            ),
            ("src/token/patience.rs", "deadlines per call, on the same clock"),
        ],
    },
    Rule {
        promise: "one file takes chance",
        words: &["getrandom", "rustix::rand", "OsRng", "thread_rng", "fill_bytes", "RandomState"],
        under: EVERYWHERE,
        rooms: &[("src/chance.rs", "it is that file")],
    },
    Rule {
        promise: "nothing of ours passes through serde_json's Value",
        words: &[
            "serde_json::Value",
            "serde_json::Map",
            "serde_json::value",
            "serde_json::json",
            "json!",
            "RawValue",
        ],
        under: EVERYWHERE,
        rooms: &[],
    },
    Rule {
        promise: "text for people has one way out",
        words: &[
            "print!",
            "println!",
            "eprint!",
            "eprintln!",
            "dbg!",
            "io::stdout",
            "io::stderr",
            "rustix::stdio",
        ],
        under: EVERYWHERE,
        rooms: &[
            ("src/operator/screen.rs", "it is that way"),
            ("src/operator/json.rs", "ASCII for scripts"),
            (
                "src/operator/bytes.rs",
                "exact bytes for other programs, refused on a terminal that would obey them",
            ),
            (
                "src/operator/terminal.rs",
                "asks whether standard input is a terminal; prints its question there",
            ),
            ("src/operator/secret.rs", "reads from the terminal; prints its own prompt there"),
            ("src/token/child.rs", "its standard input is the socket to the parent; it prints nothing"),
        ],
    },
    Rule {
        promise: "no internet socket is opened",
        words: &["std::net", "TcpStream", "TcpListener", "UdpSocket"],
        under: EVERYWHERE,
        rooms: &[],
    },
    Rule {
        promise: "one room speaks through sockets, and only to its own child",
        words: &["rustix::net", "std::os::unix::net", "UnixStream", "socketpair"],
        under: EVERYWHERE,
        rooms: &[
            ("src/token/message.rs", "hands a memory file to that child"),
            ("src/token/host.rs", "makes the socket pair to the child that loads a vendor's module"),
            ("src/token/line.rs", "speaks through the parent's end"),
            ("src/token/child.rs", "speaks through the child's end"),
        ],
    },
    Rule {
        promise: "two files start a process",
        words: &["Command::new", "posix_spawn", "execve"],
        under: EVERYWHERE,
        rooms: &[
            ("src/token/host.rs", "the child that loads a vendor's module is our own binary, executed again"),
            ("src/passphrase.rs", "the client of a secret manager, for passphrases of key files"),
            ("src/files/deed/faults.rs", "a test that kills itself is executed again; in tests only"),
        ],
    },
    Rule {
        promise: "unsafe code is confined",
        words: &["unsafe"],
        under: EVERYWHERE,
        rooms: &[
            ("src/pin.rs", "locks and wipes a page of memory"),
            ("src/token/message.rs", "looks at a message where it lies"),
            ("src/token/pkcs11/raw.rs", "calls C_Sign itself"),
        ],
    },
    Rule {
        promise: "the engine touches no disk, network, clock, environment, terminal, random source or token",
        words: &[
            "std::fs",
            "std::env",
            "std::process",
            "std::net",
            "std::thread",
            "std::os",
            "SystemTime",
            "Instant",
            "stdin",
            "stdout",
            "stderr",
            "rustix",
            "libc",
            "getrandom",
            "OsRng",
            "thread_rng",
        ],
        under: ENGINE,
        rooms: &[],
    },
];

struct Source {
    path: String,
    text: String,
}

impl Source {
    fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    fn stem(&self) -> &str {
        self.path.rsplit('/').next().unwrap().trim_end_matches(".rs")
    }

    /// A file of tests only: its rules are looser, so the file above must include it for tests only.
    fn is_tests(&self) -> bool {
        self.stem() == "tests"
    }

    /// Without comments and test modules, and with the groups of `use std::{a, b}` written out.
    fn code(&self) -> String {
        let mut code = String::new();
        let mut lines = self.text.lines().peekable();
        while let Some(line) = lines.next() {
            if line == "#[cfg(test)]" && lines.peek().is_some_and(|next| next.starts_with("mod ")) {
                if lines.next().is_some_and(|opening| opening.ends_with('{')) {
                    lines.by_ref().find(|inside| *inside == "}");
                }
            } else if !line.trim_start().starts_with("//") {
                code.push_str(line.split(" // ").next().unwrap());
                code.push('\n');
            }
        }
        for root in ["std", "rustix", "serde_json"] {
            let written_out = spelt_out(&code, root);
            code.push_str(&written_out);
        }
        code
    }
}

/// `root::{a::b, c}` as `root::a::b` and `root::c`, one a line.
fn spelt_out(code: &str, root: &str) -> String {
    let mut out = String::new();
    for (at, opening) in code.match_indices(&format!("{root}::{{")) {
        let (mut depth, mut item) = (0_usize, String::new());
        for c in code[at + opening.len()..].chars() {
            match c {
                ',' | '}' if depth == 0 => {
                    writeln!(out, "{root}::{}", item.trim()).unwrap();
                    item.clear();
                    if c == '}' {
                        break;
                    }
                    continue;
                }
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            item.push(c);
        }
    }
    out
}

fn holds(code: &str, word: &str) -> bool {
    let in_a_name = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = code[at + word.len()..].chars().next();
        let longer =
            before.is_some_and(in_a_name) || word.ends_with(in_a_name) && after.is_some_and(in_a_name);
        !longer
    })
}

fn breaches(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    let Source { path, text } = source;
    if !text.starts_with("//!") {
        found.push(format!("{path} does not open with //! and what it promises"));
    }
    let length = text.lines().count();
    if length > LONGEST_FILE {
        found.push(format!("{path} has {length} lines; past {LONGEST_FILE} it is two ideas"));
    }
    if EMPTY_NAMES.contains(&source.stem()) {
        found.push(format!("{path} has a name that says nothing"));
    }
    if source.is_tests() {
        return found;
    }
    let code = source.code();
    for rule in RULES.iter().filter(|rule| rule.under.iter().any(|room| path.starts_with(room))) {
        if rule.rooms.iter().any(|(room, _)| room == path) {
            continue;
        }
        for word in rule.words.iter().filter(|word| holds(&code, word)) {
            found.push(format!("{path} holds `{word}`: {}", rule.promise));
        }
    }
    found
}

/// Files of tests that the file above includes in the product.
fn loose_tests(sources: &[Source]) -> Vec<String> {
    let included = |tests: &Source| {
        let above = tests.path.trim_end_matches("/tests.rs").to_owned() + ".rs";
        let behind = ["mod tests;", "pub(super) mod tests;"].map(|line| format!("#[cfg(test)]\n{line}\n"));
        let includes = |source: &Source| behind.iter().any(|line| source.text.contains(line));
        sources.iter().any(|source| source.path == above && includes(source))
    };
    let loose = sources.iter().filter(|source| source.is_tests() && !included(source));
    loose.map(|source| format!("{} is not behind #[cfg(test)]", source.path)).collect()
}

fn sources() -> Vec<Source> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders: Vec<PathBuf> = EVERYWHERE.iter().map(|folder| top.join(folder)).collect();
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(top).unwrap().to_str().unwrap().to_owned();
                sources.push(Source { path: name, text: std::fs::read_to_string(&path).unwrap() });
            }
        }
    }
    sources
}

#[test]
fn the_sources_keep_the_rules_of_the_house() {
    let sources = sources();
    for known in ["src/files.rs", "src/operator/clean.rs", "ceremony/src/words.rs"] {
        assert!(sources.iter().any(|source| source.path == known), "{known} was not read");
    }
    let mut found: Vec<String> = sources.iter().flat_map(breaches).collect();
    found.extend(loose_tests(&sources));
    found.sort();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn nothing_that_we_say_needs_more_than_ascii() {
    // With --ascii the letters of others are shown by their numbers; a sentence of ours would be unreadable that way.
    let beyond = |source: &Source| {
        let code = source.code();
        let found = code.lines().find(|line| !line.is_ascii())?;
        Some(format!("{}: {found}", source.path))
    };
    let found: Vec<String> = sources().iter().filter(|s| !s.is_tests()).filter_map(beyond).collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
    assert!(
        beyond(&Source::new("src/planted.rs", "//! Planted.\nconst A: &str = \"caf\u{e9}\";\n")).is_some()
    );
}

#[test]
fn every_exception_is_needed() {
    let sources = sources();
    for rule in RULES {
        for (room, reason) in rule.rooms {
            let source = sources.iter().find(|source| source.path == *room);
            let code = source.map(Source::code).unwrap_or_default();
            let needs = rule.words.iter().any(|word| holds(&code, word));
            assert!(needs, "{room} does not need its exception ({reason}) from: {}", rule.promise);
        }
    }
}

#[test]
fn each_planted_word_is_noticed() {
    for rule in RULES {
        for (word, folder) in
            rule.words.iter().flat_map(|word| rule.under.iter().map(move |folder| (word, folder)))
        {
            let planted =
                Source::new(&format!("{folder}planted.rs"), &format!("//! Planted.\nfn f() {{ {word} }}\n"));
            let expected = format!("{folder}planted.rs holds `{word}`: {}", rule.promise);
            assert!(breaches(&planted).contains(&expected), "{word} under {folder} went unnoticed");
        }
    }
}

#[test]
fn a_room_may_hold_its_own_word_and_no_other() {
    let own = Source::new("src/token/pkcs11.rs", "//! Planted.\nuse cryptoki::session::Session;\n");
    assert_eq!(breaches(&own), [""; 0]);
    let other = Source::new("src/token/pkcs11.rs", "//! Planted.\nuse rustix::termios::Termios;\n");
    assert_eq!(breaches(&other).len(), 1);
}

#[test]
fn comments_and_test_modules_are_not_code_and_what_follows_them_is() {
    let text = "//! About cryptoki.\n// termios\nfn f() {} // println!\n#[cfg(test)]\nmod tests {\n    use std::fs;\n}\n";
    assert_eq!(breaches(&Source::new("src/planted.rs", text)), [""; 0]);
    let after = Source::new("src/planted.rs", &format!("{text}use std::fs;\n"));
    assert_eq!(breaches(&after), ["src/planted.rs holds `std::fs`: one room touches the disk"]);
    let disguised =
        Source::new("src/planted.rs", "//! Planted.\n#[cfg(test)]\nconst A: u8 = 0;\nuse std::fs;\n");
    assert_eq!(breaches(&disguised).len(), 1);
}

#[test]
fn a_group_of_imports_hides_nothing() {
    for group in [
        "std::{fs, io}",
        "std::{io, fs::File}",
        "std::{\n    io::{self, Read},\n    fs,\n}",
        "rustix::{io, fs::{open}}",
    ] {
        let planted = Source::new("src/planted.rs", &format!("//! Planted.\nuse {group};\n"));
        assert!(breaches(&planted).iter().any(|found| found.contains("touches the disk")), "{group}");
    }
}

#[test]
fn a_word_inside_a_longer_name_is_not_that_word() {
    let planted =
        Source::new("src/planted.rs", "//! Planted.\nfn f() { KeyFile::new(); not_unsafe_at_all(); }\n");
    assert_eq!(breaches(&planted), [""; 0]);
}

#[test]
fn a_file_without_a_promise_too_long_or_without_a_name_is_noticed() {
    assert_eq!(breaches(&Source::new("src/planted.rs", "fn f() {}\n")).len(), 1);
    assert_eq!(breaches(&Source::new("src/planted.rs", &"//!\n".repeat(LONGEST_FILE))).len(), 0);
    assert_eq!(breaches(&Source::new("src/planted.rs", &"//!\n".repeat(LONGEST_FILE + 1))).len(), 1);
    assert_eq!(breaches(&Source::new("src/token/mod.rs", "//! Planted.\n")).len(), 1);
    assert_eq!(breaches(&Source::new("ceremony/src/util.rs", "//! Planted.\n")).len(), 1);
}

#[test]
fn tests_that_the_product_would_include_are_noticed() {
    let tests = || Source::new("src/planted/tests.rs", "//! Planted.\nuse std::fs;\n");
    let above = |text: &str| Source::new("src/planted.rs", text);
    assert_eq!(loose_tests(&[tests(), above("//!\n#[cfg(test)]\nmod tests;\n")]), [""; 0]);
    assert_eq!(loose_tests(&[tests(), above("//!\nmod tests;\n")]).len(), 1);
    assert_eq!(loose_tests(&[tests()]).len(), 1);
}

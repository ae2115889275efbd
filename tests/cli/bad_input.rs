//! Input that no verb may take: texts that are no strict JSON, and paths at which no readable file stands. Every verb
//! that reads such input refuses it with one fault, and writes nothing.

use std::path::Path;
use std::process::Command;

use crate::refusal::refused;
use crate::stage::{Desk, corpus, program, read};

/// Where the bad file is named.
const BAD: &str = "@";

/// A good bundle, a good draft and its good predecessor, beside which the bad file stands.
const GOOD: [&str; 3] = ["good.bundle.json", "draft.json", "previous.root.json"];

/// Every place in which a verb reads a metadata document, and the bad file there.
const DOCUMENTS: [&[&str]; 12] = [
    &["canonical", BAD],
    &["show", BAD],
    &["show", "--trust", BAD, "draft.json"],
    &["show", "--against", BAD, "draft.json"],
    &["import", "--out", "out.json", BAD],
    &["import", "--out", "out.json", "--trust", "previous.root.json", "draft.json", BAD],
    &["import", "--out", "out.json", "--trust", BAD, "draft.json"],
    &["import", "--out", "out.json", "--predecessor", BAD, "draft.json"],
    &["import", "--out", "out.json", "--trust", "previous.root.json", "--predecessor", BAD, "draft.json"],
    &["sign", "--token", "pkcs11:token=a", "--module", "no.so", "--trust", BAD, "good.bundle.json"],
    &["verify", "signature", "--scheme", "ed25519", "--sig", "00", "--message", "draft.json", "--key", BAD],
    &["finalize", "--out", "final", BAD],
];

/// Every place in which a verb reads a bundle.
pub const BUNDLES: [&[&str]; 5] = [
    &["status", BAD],
    &["finalize", "--out", "final", BAD],
    &["merge", "--out", "out.json", BAD, "good.bundle.json"],
    &["merge", "--out", "out.json", "good.bundle.json", BAD],
    &["sign", "--token", "pkcs11:token=a", "--module", "no.so", BAD],
];

/// Files that are only read as bytes, whatever they hold.
const BYTES: [&[&str]; 2] = [
    &["verify", "signature", "--scheme", "ed25519", "--sig", "00", "--key", "key.json", "--message", BAD],
    &["verify", "chain", BAD],
];

pub fn desk() -> Desk {
    let desk = Desk::new();
    let case = corpus("partial/rotate-overlap-overlap-2");
    desk.put("draft.json", read(&case.join("draft.json")));
    desk.put("previous.root.json", read(&case.join("previous.root.json")));
    desk.put("key.json", r#"{"keytype": "ed25519", "scheme": "ed25519", "keyval": {"public": "00"}}"#);
    desk.import("good.bundle.json", &["draft.json".into()], Some(Path::new("previous.root.json"))).good();
    desk
}

/// Refuses in plain words and with `--json`, and leaves the folder as it was.
pub fn refuses(desk: &Desk, verb: &[&str], bad: &str, code: i32, says: &str) {
    let before = desk.listing();
    for json in [false, true] {
        let mut arguments: Vec<&str> =
            verb.iter().map(|word| if *word == BAD { bad } else { word }).collect();
        if json {
            arguments.push("--json");
        }
        let done = desk.run(&arguments);
        let told = refused(&done, code);
        assert!(told.says(says), "{arguments:?}: {told:?}");
        assert!(told.signed.starts_with("Nothing was signed, nothing was written"), "{told:?}");
        assert_eq!(done.stdout.is_empty(), !json, "{arguments:?}");
        assert!(desk.listing() == before, "{arguments:?} wrote something");
    }
}

/// Texts that are no strict JSON, and what is said of each.
fn texts() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let utf16 =
        |order: fn(u16) -> [u8; 2]| "\u{feff}{\"a\": 1}".encode_utf16().flat_map(order).collect::<Vec<u8>>();
    vec![
        (
            "one name twice",
            br#"{"signed": {}, "signed": {}}"#.to_vec(),
            "\"signed\" stands twice in one object",
        ),
        (
            "one name twice, once escaped",
            br#"{"a": 1, "\u0061": 2}"#.to_vec(),
            "\"a\" stands twice in one object",
        ),
        ("a float", br#"{"version": 1.0}"#.to_vec(), "fraction or exponent"),
        ("an exponent", br#"{"version": 1e3}"#.to_vec(), "fraction or exponent"),
        ("no number", br#"{"version": NaN}"#.to_vec(), "NaN"),
        ("129 levels", [vec![b'['; 129], vec![b']'; 129]].concat(), "at most 128 levels of nesting"),
        ("a million levels", vec![b'['; 1_000_000], "at most 128 levels of nesting"),
        (
            "65 digits",
            [b"{\"version\": ".to_vec(), vec![b'9'; 65], b"}".to_vec()].concat(),
            "at most 64 digits",
        ),
        ("a byte order mark", b"\xef\xbb\xbf{}".to_vec(), "byte order mark"),
        ("UTF-16, little end first", utf16(u16::to_le_bytes), "UTF-16"),
        ("UTF-16, big end first", utf16(u16::to_be_bytes), "UTF-16"),
        ("an escape byte", b"{\"a\": \"\x1b[2J\"}".to_vec(), "control byte 0x1b"),
        ("a NUL", b"{\"a\": \"\0\"}".to_vec(), "control byte 0x00"),
        ("a line end in a name", b"{\"a\nb\": 1}".to_vec(), "control byte 0x0a"),
        ("Latin-1", b"{\"a\": \"\xff\"}".to_vec(), "not UTF-8"),
        ("half a surrogate pair", br#"{"a": "\ud800"}"#.to_vec(), "half of a surrogate pair"),
        ("nothing", Vec::new(), "it is empty"),
        ("a torn file", b"{\"signed\": {\"_type\": \"ro".to_vec(), "at line 1"),
        ("a second document", b"{} {}".to_vec(), "end of the document"),
        ("single quotes", b"{'a': 1}".to_vec(), "'\\''"),
    ]
}

#[test]
fn the_good_files_are_good() {
    let desk = desk();
    for file in GOOD {
        desk.run(["canonical", "--json", file]).good();
    }
    desk.run(["status", "good.bundle.json"]).good();
    desk.run(["import", "--out", "out.json", "--trust", "previous.root.json", "draft.json"]).good();
}

#[test]
fn a_text_that_is_no_strict_json_is_refused_by_every_verb_that_reads_one() {
    let desk = desk();
    for (name, bytes, says) in texts() {
        desk.put("bad.json", &bytes);
        for verb in DOCUMENTS.iter().chain(&BUNDLES) {
            refuses(&desk, verb, "bad.json", 1, says);
        }
        let piped = desk.feed(["canonical", "-"], &bytes);
        assert!(refused(&piped, 1).says(says), "{name}: on standard input");
        let judged = desk.run(["verify", "chain", "--json", "bad.json"]);
        assert_eq!((judged.code, judged.err().as_str()), (Some(1), ""), "{name}: a chain is judged");
        let reasons = judged.json()[0]["reasons"].to_string().replace("\\\\", "\\").replace("\\\"", "\"");
        assert!(reasons.contains(says), "{name}: {reasons}");
    }
}

/// Names at which no readable file stands, the exit code being that of files.
#[test]
fn what_is_no_readable_file_is_refused_by_every_verb_that_reads_one() {
    let desk = desk();
    std::fs::create_dir(desk.path("folder")).unwrap();
    rustix::fs::mknodat(
        rustix::fs::CWD,
        desk.path("pipe"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR,
        0,
    )
    .unwrap();
    std::os::unix::fs::symlink("pipe", desk.path("link")).unwrap();
    std::os::unix::fs::symlink("nowhere", desk.path("broken")).unwrap();
    for (bad, says) in [
        ("missing.json", "There is no file or folder \"missing.json\"."),
        ("folder/missing.json", "There is no file or folder"),
        ("broken", "There is no file or folder"),
        ("draft.json/below", "is not a folder"),
        ("folder", "\"folder\" is a folder, not a regular file."),
        ("pipe", "is a named pipe, not a regular file."),
        ("link", "is a named pipe, not a regular file."),
        ("/dev/zero", "is a device, not a regular file."),
    ] {
        for verb in DOCUMENTS.iter().chain(&BUNDLES).chain(&BYTES) {
            match (bad, *verb) {
                // These take a ceremony's folder too, and this is none.
                ("folder", ["show", BAD] | ["status", BAD]) => {
                    refuses(&desk, verb, bad, 1, "\"folder\" holds no ceremony.");
                }
                ("folder", ["finalize", ..]) => {
                    refuses(&desk, verb, bad, 2, "A ceremony's final files lie in its own folder");
                }
                ("folder", ["sign", .., BAD]) => {
                    refuses(&desk, verb, bad, 2, "A ceremony's transcript says who signs");
                }
                _ => refuses(&desk, verb, bad, 5, says),
            }
        }
    }
}

#[test]
fn an_empty_folder_is_no_ceremony() {
    let desk = desk();
    std::fs::create_dir(desk.path("folder")).unwrap();
    for verb in [&["status", BAD][..], &["finalize", BAD], &["replay", BAD]] {
        refuses(&desk, verb, "folder", 1, "\"folder\" holds no ceremony.");
    }
    refuses(&desk, &["finalize", "--out", "final", BAD], "folder", 2, "in its own folder, under final/");
    refuses(&desk, &["finalize", BAD], "good.bundle.json", 2, "need a folder to be written to");
}

#[test]
fn what_is_too_large_is_refused_before_it_is_read() {
    let desk = desk();
    let sparse =
        |name: &str, bytes: u64| std::fs::File::create(desk.path(name)).unwrap().set_len(bytes).unwrap();
    let (key, bundle, document) = (1 << 20, 64 << 20, 512 << 20);
    sparse("key", key + 1);
    sparse("bundle", bundle + 1);
    sparse("document", document + 1);
    for verb in DOCUMENTS.iter().filter(|verb| verb[1] != "signature") {
        refuses(&desk, verb, "document", 5, "has 536,870,913 bytes; at most ");
    }
    for verb in &BUNDLES {
        refuses(&desk, verb, "bundle", 5, "has 67,108,865 bytes; at most 67,108,864 are read");
    }
    refuses(&desk, DOCUMENTS[10], "key", 5, "has 1,048,577 bytes; at most 1,048,576 are read");
    for verb in &BYTES {
        refuses(&desk, verb, "document", 5, "at most 536,870,912 are read");
    }
}

#[test]
fn a_file_that_may_not_be_read_is_refused() {
    let desk = desk();
    let locked = desk.put("locked.json", "{}");
    std::fs::set_permissions(&locked, std::os::unix::fs::PermissionsExt::from_mode(0o000)).unwrap();
    // Root reads everything; without its capabilities it is an owner like any other.
    let mut command = match rustix::process::geteuid().is_root() {
        true => {
            let mut command = Command::new("setpriv");
            command.args(["--inh-caps=-all", "--bounding-set=-all"]).arg(program());
            command
        }
        false => Command::new(program()),
    };
    let done = command.args(["canonical", "locked.json"]).current_dir(desk.path(".")).output().unwrap();
    let done = crate::stage::Done { code: done.status.code(), stdout: done.stdout, stderr: done.stderr };
    let told = refused(&done, 5);
    assert!(told.error.contains("does not allow \"locked.json\" to be read"), "{told:?}");
}

#[test]
fn an_output_that_exists_or_cannot_be_made_is_left_alone() {
    let desk = desk();
    std::fs::create_dir(desk.path("folder")).unwrap();
    std::os::unix::fs::symlink("nowhere", desk.path("broken")).unwrap();
    let import = ["import", "--trust", "previous.root.json", "draft.json", "--out", BAD];
    let merge = ["merge", "good.bundle.json", "--out", BAD];
    for verb in [&import[..], &merge] {
        for (out, says) in [
            ("draft.json", "The file \"draft.json\" exists already."),
            ("good.bundle.json", "exists already"),
            ("broken", "exists already"),
            ("nowhere/out.json", "There is no file or folder \"nowhere\"."),
            ("draft.json/out.json", "is not a folder"),
            ("folder/", "is a folder, not a regular file."),
        ] {
            refuses(&desk, verb, out, 5, says);
        }
    }
    let case = corpus("partial/parts-merge-plain");
    let parts = ["k1.json", "k2.json", "k3.json"].map(|file| case.join(file));
    desk.import("whole.json", &parts, None).good();
    std::fs::create_dir(desk.path("taken")).unwrap();
    desk.put("taken/1.root.json", "somebody's own");
    let finalize = ["finalize", "whole.json", "--out", BAD];
    refuses(&desk, &finalize, "taken", 5, "The file \"taken/1.root.json\" exists already.");
    desk.run(["finalize", "whole.json", "--out", "done"]).good();
    refuses(&desk, &finalize, "done", 5, "exists already, with the very bytes that would be written");
    refuses(&desk, &finalize, "draft.json", 5, "is not a folder");
    refuses(&desk, &finalize, "no/such", 5, "There is no file or folder");
}

#[test]
fn a_command_line_that_makes_no_sense_is_a_fault_like_any_other() {
    let desk = desk();
    for (arguments, says) in [
        (&["import", "draft.json"][..], "--out"),
        (&["finalize", "--out", "final", "a", "b"], "unexpected argument 'b'"),
        (&["status", "--jsom", "good.bundle.json"], "--jsom"),
        (&["improt"], "'import'"),
        (&["verify", "chain"], "<ROOT>"),
        (&["verify", "chain", "--at", "soon", "previous.root.json"], "\"soon\" is not a date"),
        (&["sign", "good.bundle.json"], "--token"),
        (&["\u{1b}[2J\u{202e}txt.exe"], "<U+202E>txt.exe"),
    ] {
        let done = desk.run(arguments);
        let told = refused(&done, 2);
        assert!(told.says(says), "{told:?}");
        let mut json = arguments.to_vec();
        json.push("--json");
        assert_eq!(desk.run(json).json()["error"]["kind"], "usage");
    }
}

//! Where a key lives, through the program: its card carries the attestation, and wherever somebody looks it is judged at the
//! stated date, by the maker's roots and those that are named.

use std::path::Path;
use std::process::{Command, Output};

use p256::pkcs8::EncodePublicKey as _;
use pkcs8::der::pem::{LineEnding, encode_string};
use rexpect::session::PtySession;
use serde_json::Value;
use tuf_ceremony::digest::Digest;
use virtual_piv::{Algorithm, Firmware, PinPolicy, Station, TouchPolicy, root_certificate};

use crate::stage::{PIN, card, program};
use crate::verbs::{end, give, talk_with};

const SLOT: &str = "piv:serial=12345678;slot=9c";
const NAMED: [&str; 2] = ["--attestation-root", "roots.pem"];

/// A folder with the virtual card's root in a file, and a card in a reader.
pub struct Room {
    folder: tempfile::TempDir,
    pub station: Station,
    pub card: virtual_piv::Card,
}

impl Room {
    pub fn with(firmware: Firmware, imported: bool) -> Room {
        let card = card(firmware);
        let put = if imported { virtual_piv::Card::import } else { virtual_piv::Card::generate };
        put(&card, 0x9c, Algorithm::P256, PinPolicy::Once, TouchPolicy::Never);
        Room::of(card)
    }

    pub fn of(card: virtual_piv::Card) -> Room {
        let station = Station::start(std::slice::from_ref(&card)).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let roots = encode_string("CERTIFICATE", LineEnding::LF, &root_certificate()).unwrap();
        std::fs::write(folder.path().join("roots.pem"), roots).unwrap();
        Room { folder, station, card }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    fn run(&self, words: &[&str]) -> Output {
        let mut command = Command::new(program());
        command.args(words).current_dir(self.path()).envs(self.station.environment()).output().unwrap()
    }

    /// What it prints, if it ends with this code; spaces and line breaks count as one space.
    pub fn said(&self, code: i32, words: &[&str]) -> String {
        let done = self.run(words);
        let said = String::from_utf8([done.stdout, done.stderr].concat()).unwrap();
        assert_eq!(done.status.code(), Some(code), "{words:?}: {said}");
        flat(&said)
    }

    /// The value that it prints; it must end well.
    pub fn json(&self, words: &[&str]) -> Value {
        let done = self.run(words);
        assert!(done.status.success(), "{words:?}: {}", String::from_utf8_lossy(&done.stderr));
        serde_json::from_slice(&done.stdout).unwrap()
    }

    pub fn talk(&self, words: &[&str]) -> PtySession {
        let words = [words, &["--module-env", "PCSCLITE_CSOCK_NAME"]].concat();
        talk_with(&self.station, self.path(), &words)
    }

    /// Makes Anna's card.
    pub fn carded(&self, more: &[&str]) -> String {
        let words = ["key", "card", "--holder", "Anna Berg", "--token", SLOT, "--out", "anna.key.json"];
        let mut talk = self.talk(&[&words, more].concat());
        give(&mut talk, PIN);
        let shown = talk.exp_string("type: ").unwrap();
        let phrase = talk.read_line().unwrap();
        talk.exp_string("Your answer: ").unwrap();
        talk.send_line(&phrase).unwrap();
        let (code, said) = end(talk);
        assert_eq!(code, 0, "{said}");
        flat(&shown)
    }

    /// A plan whose one key for people is Anna's, and a ceremony by it.
    pub fn planned(&self) {
        let card = std::fs::read(self.path().join("anna.key.json")).unwrap();
        let online = p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap();
        let online = online.verifying_key().to_public_key_pem(LineEnding::LF).unwrap();
        std::fs::write(self.path().join("online.pem"), &online).unwrap();
        let plan = format!(
            r#"format = 1
title = "One key on a card"
kind = "first-root"

[window]
opens = "2027-03-01"
closes = "2027-03-14"

[people]
anna = {{ name = "Anna Berg", part = "keyholder" }}

[keys]
anna = {{ holders = ["anna"], card = {{ file = "anna.key.json", sha256 = "{}" }} }}
online = {{ public = {{ file = "online.pem", sha256 = "{}", scheme = "ecdsa-sha2-nistp256" }} }}

[root]
version = 1
expires = "2028-03-05T00:00:00Z"
consistent-snapshot = true

[root.roles]
root = {{ keys = ["anna"], threshold = 1 }}
targets = {{ keys = ["anna"], threshold = 1 }}
snapshot = {{ keys = ["online"], threshold = 1 }}
timestamp = {{ keys = ["online"], threshold = 1 }}

[[exceptions]]
control = "threshold-one"
about = "root"
reason = "a test"

[[exceptions]]
control = "threshold-one"
about = "targets"
reason = "a test"
"#,
            Digest::of(&card),
            Digest::of(online.as_bytes())
        );
        std::fs::write(self.path().join("one.plan.toml"), plan).unwrap();
    }
}

/// Answers what a guided ceremony asks first, which depends on the machine, and gives what stands before its list.
fn led_to_the_board(talk: &mut PtySession) -> String {
    loop {
        let asked = r"(Today \(as 2027-03-05\): |What of the network\?|harmless here: |Number \(1 to \d\): |What is next\?)";
        let (before, question) = talk.exp_regex(asked).unwrap();
        match question.as_str() {
            "What is next?" => return before,
            today if today.starts_with("Today") => talk.send_line("2027-03-05").unwrap(),
            // It is gone on with a network where the machine of the test has one.
            "What of the network?" => {
                talk.exp_regex(r"Number \(1 to \d\): ").unwrap();
                talk.send_line("2").unwrap()
            }
            why if why.starts_with("harmless") => talk.send_line("a test").unwrap(),
            _ => talk.send_line("1").unwrap(),
        };
    }
}

fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn holds(text: &str, wanted: &[&str]) {
    for words in wanted {
        assert!(text.contains(words), "{words:?} in {text}");
    }
}

#[test]
fn a_key_card_carries_the_attestation_and_a_named_root_proves_it() {
    let room = Room::with(Firmware::V5_7_1, false);
    let shown = room.carded(&[&NAMED[..], &["--date", "2027-03-05"]].concat());
    holds(
        &shown,
        &[
            "firmware: 5.7.1",
            "pin-policy: once",
            "attestation: certificates, judged below",
            "PROVEN: this key was made in the YubiKey with serial 12345678, firmware 5.7.1, and cannot leave it.",
            "Proven by a root that you named: \"CN=TEST ONLY PIV Root\".",
            "It asks for the PIN: once; for a touch: never.",
        ],
    );
    assert!(!shown.contains("ODD:") && !shown.contains("WARNING"), "{shown}");
    let check = ["key", "check", "anna.key.json"];
    let said = room.said(0, &[&check[..], &NAMED].concat());
    holds(&said, &["PROVEN:", "No date was stated, so the dates of its certificates were not compared"]);
    // The maker knows nothing of the virtual card.
    let said = room.said(0, &check);
    holds(
        &said,
        &["NOT PROVEN to live in hardware: its chain ends at \"CN=TEST ONLY PIV Root\"", "[key-unattested]"],
    );
    let said = room.said(0, &[&check[..], &NAMED, &["--date", "2060-01-01"]].concat());
    holds(
        &said,
        &["NOT PROVEN to live in hardware: the key's certificate is valid from 2016-03-14T00:00:00Z to"],
    );
    let facts = room.json(&[&check[..], &NAMED, &["--json", "--date", "2027-03-05"]].concat());
    let told = &facts["cards"][0]["attestation"];
    assert_eq!((&told["proven"], &told["by"]), (&true.into(), &"named".into()), "{told}");
    assert_eq!((&told["serial"], &told["firmware"]), (&12_345_678.into(), &"5.7.1".into()));
    assert_eq!((&told["dates_compared"], &told["why"]), (&true.into(), &Value::Null));
    let facts = room.json(&[&check[..], &["--json"]].concat());
    assert_eq!(facts["cards"][0]["attestation"]["why"], "unknown-root");
}

#[test]
fn a_key_that_was_brought_to_the_card_is_not_proven_and_gets_its_card_all_the_same() {
    let room = Room::with(Firmware::V5_7_1, true);
    let shown = room.carded(&NAMED);
    holds(
        &shown,
        &[
            "ODD: the token says that this key was not made on it",
            "NOT PROVEN to live in hardware: the token says that the key was brought to it, and attests only what it made itself. [key-unattested]",
        ],
    );
    let facts = room.json(&["key", "check", "--json", "anna.key.json"]);
    assert_eq!(facts["cards"][0]["attestation"]["why"], "imported");
    assert_eq!(facts["cards"][0]["odd"], serde_json::json!(["not-local"]));
}

#[test]
fn roots_that_cannot_be_used_are_refused_before_any_pin() {
    let room = Room::with(Firmware::V5_7_1, false);
    std::fs::write(room.path().join("bad.pem"), "no certificate").unwrap();
    for words in [&["key", "check", "x.json"][..], &["replay", "x"], &["plan", "check", "x.toml"]] {
        let said = room.said(1, &[words, &["--attestation-root", "bad.pem"]].concat());
        holds(
            &said,
            &[
                "error: The roots in \"bad.pem\" cannot be used.",
                "because: it holds no certificate in PEM",
                "now: Name a file with certificates in PEM",
                "Nothing was signed",
            ],
        );
    }
}

#[test]
fn a_ceremony_tells_where_its_keys_live_when_it_is_planned_opened_signed_and_replayed() {
    let room = Room::with(Firmware::V5_4_3, false);
    let shown = room.carded(&NAMED);
    let warns = "WARNING: its card has firmware 5.4.3, as is proven, and YSA-2024-03 (CVE-2024-45678) warns:";
    holds(&shown, &[warns, "[token-advisory]"]);
    room.planned();
    let proven = "anna: proven, in YubiKey 12345678 with firmware 5.4.3. Proven by a root that you named: \"CN=TEST ONLY PIV Root\".";
    let unproven = "anna: NOT PROVEN: its chain ends at \"CN=TEST ONLY PIV Root\"";
    let warns = format!("anna: {warns}");
    let heading = "Keys on PIV cards: are they proven to live in hardware?";
    let check = ["plan", "check", "one.plan.toml"];
    holds(&room.said(0, &[&check[..], &NAMED].concat()), &[heading, proven, &warns, "[token-advisory]"]);
    let said = room.said(0, &check);
    holds(&said, &[heading, unproven, "as the card itself says, and YSA-2024-03"]);
    let facts = room.json(&[&check[..], &["--json"]].concat());
    assert_eq!(facts["attestations"][0]["key"], "anna");
    assert_eq!(facts["attestations"][0]["advisories"][0]["firmware_proven"], false);
    assert!(facts["findings"].as_array().unwrap().iter().all(|it| it["control"] != "key-unattested"));

    let open = ["open", "--date", "2027-03-05", "--one-device", "a test", "one.plan.toml", "a"];
    holds(&room.said(0, &[&open[..], &NAMED].concat()), &[heading, proven, &warns]);
    let mut talk = room.talk(&[&["sign", "--as", "anna", "--module", "piv:", "a"][..], &NAMED].concat());
    let page = talk.exp_string("Your answer: ").unwrap();
    holds(&flat(&page), &[heading, proven]);
    drop(talk);

    let status = ["status", "a"];
    holds(&room.said(0, &[&status[..], &NAMED].concat()), &[heading, proven, &warns]);
    let facts = room.json(&[&status[..], &["--json"]].concat());
    assert_eq!(facts["attestations"][0]["why"], "unknown-root");
    let words =
        ["key", "check", "--ready", "one.plan.toml", "--as", "anna", "--token", SLOT, "--date", "2027-03-05"];
    let mut talk = room.talk(&[&words, &NAMED[..]].concat());
    let page = talk.exp_string("type: ").unwrap();
    holds(
        &flat(&page),
        &["PROVEN: this key was made in the YubiKey with serial 12345678", "signs for the new root"],
    );
    drop(talk);

    // The board of a guided ceremony names them in a line each.
    for (more, wanted) in [(&NAMED[..], "maker warns anna"), (&[], "unproven anna maker warns anna")] {
        let head = room.json(&["status", "--json", "a"])["head"].as_str().unwrap().to_owned();
        let words = ["run", "--plain", "--module", "piv:", "--head", &head, "--one-device", "a test", "a"];
        let mut talk = room.talk(&[&words, more].concat());
        let board = led_to_the_board(&mut talk);
        holds(&flat(&board), &[wanted]);
        assert_eq!(board.contains("unproven"), more.is_empty(), "{board}");
    }

    let replay = ["replay", "a"];
    holds(&room.said(0, &[&replay[..], &NAMED].concat()), &[heading, proven, &warns]);
    // Without the root the same folder holds as well: what is not proven is no fault of the record.
    let facts = room.json(&[&replay[..], &["--json"]].concat());
    assert_eq!(facts["holds"], true);
    assert_eq!(facts["folders"][0]["attestations"][0]["why"], "unknown-root");
    // The findings that the lines record know nothing of it, and the key card lies in the folder by its digest.
    let lines = std::fs::read_to_string(room.path().join("a/transcript.jsonl")).unwrap();
    assert!(!lines.contains("key-unattested") && !lines.contains("token-advisory"), "{lines}");
    let stored = Digest::of(&std::fs::read(room.path().join("anna.key.json")).unwrap()).to_string();
    assert!(lines.contains(&stored));
}

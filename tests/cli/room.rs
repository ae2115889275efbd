//! A room with the example plans on the table: plans are changed, ceremonies opened, drafts signed as any foreign tool signs
//! them, and refusals read strictly. The keys are TEST ONLY and made from names.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;
use tuf_ceremony::canonical;
use tuf_ceremony::card::{Card, Claims};
use tuf_ceremony::digest::Digest;
use tuf_ceremony::document::Document;
use tuf_ceremony::signable::Signable;

use crate::mint::Key;
use crate::refusal::{Told, harmless, refused};
use crate::stage::{Desk, Done, read, top};

/// The stated date of these ceremonies: within the window of the example plans.
pub const DATE: &str = "2027-03-05";

/// A desk on which the example plans lie, with the files that they name.
pub struct Room {
    pub desk: Desk,
}

impl Room {
    pub fn new() -> Room {
        let desk = Desk::new();
        std::fs::create_dir(desk.path("inputs")).unwrap();
        for folder in ["", "inputs"] {
            for entry in std::fs::read_dir(top().join("docs/plans").join(folder)).unwrap() {
                let entry = entry.unwrap();
                if entry.file_type().unwrap().is_file() {
                    let name = PathBuf::from(folder).join(entry.file_name());
                    desk.put(name, read(&entry.path()));
                }
            }
        }
        Room { desk }
    }

    /// Writes `new.plan.toml`: the example of that name with each text, which must stand there once, replaced.
    pub fn plan(&self, example: &str, changes: &[(&str, &str)]) -> &'static str {
        let text = String::from_utf8(read(&self.desk.path(format!("{example}.plan.toml")))).unwrap();
        let text = changes.iter().fold(text, |text, (from, to)| {
            assert_eq!(text.matches(from).count(), 1, "{from:?} in {example}");
            text.replacen(from, to, 1)
        });
        self.desk.put("new.plan.toml", text);
        "new.plan.toml"
    }

    /// A file as a plan names it.
    pub fn named(&self, file: &str) -> String {
        let sha256 = Digest::of(&read(&self.desk.path(file)));
        format!("{{ file = \"{file}\", sha256 = \"{sha256}\" }}")
    }

    /// Opens `folder` from a plan.
    pub fn open(&self, plan: &str, folder: &str) {
        self.desk.run(["open", "--date", DATE, "--one-device", "a test", plan, folder]).good();
    }

    /// Opens `folder` from a bundle.
    pub fn visit(&self, bundle: &str, trust: &str, folder: &str) -> Done {
        let date = ["--date", DATE, "--one-device", "a visit"];
        self.desk.run([&["open"][..], &date, &["--bundle", bundle, "--trust", trust, folder]].concat())
    }

    /// Writes `file`: the draft with these signatures, as a tool of others writes them.
    pub fn sign(&self, draft: &str, keys: &[&Key], file: &str) {
        self.desk.put(file, signed(&read(&self.desk.path(draft)), keys));
    }

    /// Signs a draft of the folder and brings the signatures in.
    pub fn sign_into(&self, folder: &str, draft: &str, keys: &[&Key]) -> Done {
        let file = format!("{draft}-signed.json");
        self.sign(&format!("{folder}/drafts/{draft}.json"), keys, &file);
        self.desk.run(["import", "--into", folder, &file])
    }

    pub fn status(&self, place: &str) -> Value {
        self.desk.run(["status", "--json", place]).good().json()
    }

    /// Refuses in plain words and with `--json`, with this sentence and exit code, and leaves every file as it was.
    #[track_caller]
    pub fn refuses(&self, arguments: &[&str], code: i32, sentence: &str) -> Told {
        let before = self.desk.listing();
        let plain = self.desk.run(arguments);
        let told = refused(&plain, code);
        assert!(plain.stdout.is_empty(), "{arguments:?}: {}", plain.out());
        let scripted = self.desk.run([arguments, &["--json"]].concat());
        assert!(!scripted.stdout.is_empty(), "{arguments:?}");
        let again = refused(&scripted, code);
        assert_eq!((&told.error, &told.because, &told.now), (&again.error, &again.because, &again.now));
        assert_eq!(told.error, sentence, "{told:#?}");
        assert_eq!(told.signed, "Nothing was signed, nothing was written.", "{arguments:?}");
        assert!(self.desk.listing() == before, "{arguments:?} wrote something");
        told
    }

    /// Opening a plan is refused like this, and so is checking it where that says the same.
    #[track_caller]
    pub fn opens_not(&self, plan: &str, sentence: &str) -> Told {
        let open = ["open", "--date", DATE, "--one-device", "a test", plan, "folder"];
        let told = self.refuses(&open, 1, sentence);
        assert!(!self.desk.path("folder").exists());
        told
    }

    /// What `plan check` says of a plan that is read and not allowed: the controls that refuse, and the whole page.
    #[track_caller]
    pub fn checks_not(&self, plan: &str) -> (BTreeMap<String, String>, String) {
        let before = self.desk.listing();
        let plain = self.desk.run(["plan", "check", "--date", DATE, plan]);
        assert_eq!((plain.code, plain.err().as_str()), (Some(1), ""), "{}", plain.out());
        harmless(&plain.out());
        let scripted = self.desk.run(["plan", "check", "--json", "--date", DATE, plan]);
        assert_eq!(scripted.code, Some(1));
        assert!(self.desk.listing() == before, "a check wrote something");
        let refusals = scripted.json()["refusals"].as_array().unwrap().clone();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let refusals = refusals.iter().map(|r| (text(&r["control"]), text(&r["says"]))).collect();
        (refusals, plain.out().split_whitespace().collect::<Vec<_>>().join(" "))
    }
}

/// The people of the example plans.
pub fn anna() -> Key {
    Key::ed25519("plan anna")
}

pub fn bela() -> Key {
    Key::p256("plan bela")
}

pub fn carla() -> Key {
    Key::ed25519("plan carla")
}

pub fn dora() -> Key {
    Key::ed25519("plan dora")
}

/// A document with a signature of each of these keys beside those that it has.
pub fn signed(document: &[u8], keys: &[&Key]) -> Vec<u8> {
    let read = Document::read(document.to_vec()).unwrap();
    let message = canonical::bytes(read.root().object().unwrap().member("signed").unwrap());
    keys.iter().fold(document.to_vec(), |text, key| {
        crate::stage::with_signature(&text, &key.id, &hex::encode(key.sign(&message, 0)))
    })
}

/// Whether one of the causes says it.
pub fn because(told: &Told, words: &str) {
    assert!(told.because.iter().any(|line| line.contains(words)), "{words:?} is not among {told:#?}");
}

/// Whether the one thing to do says it.
pub fn now(told: &Told, words: &str) {
    assert!(told.now.contains(words), "{words:?} is not in {told:#?}");
}

/// A card that its own key has signed.
pub fn card(key: &Key, holder: &str, rehearsal: bool) -> String {
    let claims = Claims { holders: vec![holder.to_owned()], token: None, evidence: None, rehearsal };
    let unsigned = Card::unsigned(&key.public(), claims).unwrap();
    let proof = key.sign(&Signable::card(&unsigned).message(), 0);
    unsigned.prove(&proof).unwrap().written()
}

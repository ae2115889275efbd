//! TEST ONLY: people with keys from fixed seeds, the plans that name them, and a signer who writes partially signed files
//! as a foreign tool would. Nothing of the product signs here; it only meets what signers bring.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tuf_ceremony::canonical;
use tuf_ceremony::card::{Card, Claims};
use tuf_ceremony::digest::Digest;
use tuf_ceremony::signable::Signable;

use crate::mint::Key;
use crate::stage::{Desk, Done, metadata, read, with_signature};

/// The day on which everything happens.
pub const TODAY: &str = "2027-03-05";

/// What people are called in plans, and their full names.
const PEOPLE: [(&str, &str); 6] = [
    ("anna", "Anna Berg"),
    ("bela", "Bela Costa"),
    ("carla", "Carla Dietz"),
    ("dora", "Dora Engel"),
    ("emil", "Emil Franke"),
    ("olga", "Olga Fries"),
];

/// Somebody's key; the machine's is called `online`.
pub fn key(name: &str) -> Key {
    match name {
        "bela" | "online" => Key::p256(&format!("flow {name}")),
        _ => Key::ed25519(&format!("flow {name}")),
    }
}

fn card(name: &str, full: &str) -> String {
    let key = key(name);
    let claims = Claims { holders: vec![full.to_owned()], token: None, evidence: None, rehearsal: false };
    let unsigned = Card::unsigned(&key.public(), claims).unwrap();
    let proof = key.sign(&Signable::card(&unsigned).message(), 0);
    unsigned.prove(&proof).unwrap().written()
}

/// A desk with everybody's cards on it, under `inputs/`.
pub struct Scene {
    pub desk: Desk,
}

impl Scene {
    pub fn new() -> Scene {
        let desk = Desk::new();
        std::fs::create_dir(desk.path("inputs")).unwrap();
        for (name, full) in PEOPLE {
            desk.put(format!("inputs/{name}.json"), card(name, full));
        }
        desk.put("inputs/online.pem", key("online").public().public_text());
        Scene { desk }
    }

    /// A new scene in which the first root's ceremony lies open in `a`, with its mirror in `m`.
    pub fn opened() -> Scene {
        let scene = Scene::new();
        scene.first_plan();
        scene.open_on_two("first", "a", "m").good();
        scene
    }

    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.desk.path(name)
    }

    /// Runs the binary; words are split at spaces.
    pub fn run(&self, words: &str) -> Done {
        self.desk.run(words.split_whitespace())
    }

    /// Runs the binary with one more argument, which may hold spaces.
    pub fn run_and(&self, words: &str, last: &[&str]) -> Done {
        self.desk.run(words.split_whitespace().chain(last.iter().copied()))
    }

    pub fn open_on_two(&self, plan: &str, folder: &str, mirror: &str) -> Done {
        self.run(&format!("open --date {TODAY} --mirror {mirror} {plan}.plan.toml {folder}"))
    }

    pub fn status(&self, place: &str) -> Value {
        self.run(&format!("status --json {place}")).good().json()
    }

    /// A file and its SHA-256, as a plan names it.
    pub fn named(&self, file: &str) -> String {
        let sha256 = Digest::of(&read(&self.path(file)));
        format!("{{ file = \"{file}\", sha256 = \"{sha256}\" }}")
    }

    /// The plan of the first root and the first targets: two of three sign each.
    pub fn first_plan(&self) {
        let mut plan = self.head("first-root", "The first root of the app", &["anna", "bela", "carla"]);
        plan += &self.keys(&[], &["anna", "bela", "carla"]);
        let _ = writeln!(
            plan,
            "online = {{ public = {{ file = \"inputs/online.pem\", sha256 = \"{}\", scheme = \"ecdsa-sha2-nistp256\" }} }}",
            Digest::of(&read(&self.path("inputs/online.pem")))
        );
        plan += r#"
[root]
version = 1
expires = "2028-03-05T00:00:00Z"
consistent-snapshot = true

[root.roles]
root = { keys = ["anna", "bela", "carla"], threshold = 2 }
targets = { keys = ["anna", "bela", "carla"], threshold = 2 }
snapshot = { keys = ["online"], threshold = 1 }
timestamp = { keys = ["online"], threshold = 1 }

[targets]
version = 1
expires = "2027-09-05T00:00:00Z"
add = { "app-1.0.txt" = "app-1.0.txt" }
"#;
        self.desk.put("app-1.0.txt", "The first release.\n");
        self.desk.put("first.plan.toml", plan);
    }

    /// Makes the first plan one of a whole repository: the machine's snapshot and timestamp are drafts C and D.
    pub fn with_online_drafts(&self) {
        let plan = std::fs::read_to_string(self.path("first.plan.toml")).unwrap();
        let mut plan = plan.replacen("\"first-root\"", "\"bootstrap\"", 1);
        for role in ["snapshot", "timestamp"] {
            let _ = writeln!(plan, "\n[{role}]\nversion = 1\nexpires = \"2027-04-05T00:00:00Z\"");
        }
        self.desk.put("first.plan.toml", plan);
    }

    /// The beginning of a plan, to its people.
    pub fn head(&self, kind: &str, title: &str, people: &[&str]) -> String {
        let mut plan = format!(
            "format = 1\ntitle = {title:?}\nkind = {kind:?}\n\n[window]\nopens = \"2027-03-01\"\ncloses = \"2027-03-14\"\n\n[people]\n"
        );
        for (name, full) in PEOPLE.iter().filter(|(name, _)| people.contains(name) || *name == "olga") {
            let part = if *name == "olga" { "officer" } else { "keyholder" };
            let _ = writeln!(plan, "{name} = {{ name = {full:?}, part = {part:?} }}");
        }
        plan
    }

    /// The table of keys: some kept under their key ids, some with a card.
    pub fn keys(&self, kept: &[&str], carded: &[&str]) -> String {
        let mut table = "\n[keys]\n".to_owned();
        for name in kept {
            let holders = if *name == "online" { String::new() } else { format!("holders = [{name:?}], ") };
            let _ = writeln!(table, "{name} = {{ {holders}keyid = \"{}\" }}", key(name).id);
        }
        for name in carded {
            let card = self.named(&format!("inputs/{name}.json"));
            let _ = writeln!(table, "{name} = {{ holders = [{name:?}], card = {card} }}");
        }
        table
    }

    /// Signs a draft of a folder (`0-a` is letter A of the first plan), and gives the file that a foreign tool would send.
    pub fn sign(&self, folder: &str, draft: &str, signers: &[&str]) -> String {
        self.sign_over(&read(&self.path(folder).join(format!("drafts/{draft}.json"))), draft, signers)
    }

    /// Signs the text of a draft.
    pub fn sign_over(&self, text: &[u8], draft: &str, signers: &[&str]) -> String {
        let message = canonical::bytes(metadata(text.to_vec()).signed().view());
        let mut signed = text.to_vec();
        for name in signers {
            let key = key(name);
            signed = with_signature(&signed, &key.id, &hex::encode(key.sign(&message, 0)));
        }
        let name = format!("{draft}.{}.json", signers.join("."));
        self.desk.put(&name, signed);
        name
    }

    /// Two of three sign both drafts of the first plan, and everything is imported into `a` and its mirror.
    pub fn sign_all_of_the_first(&self) {
        let root = self.sign("a", "0-a", &["anna", "bela"]);
        let targets = self.sign("a", "0-b", &["bela", "carla"]);
        self.run(&format!("import --into a --mirror m {root} {targets}")).good();
    }

    /// A whole ceremony in one new folder: opened, signed, made final, closed.
    pub fn whole(&self, plan: &str, signers: &[(&str, &[&str])]) {
        self.open_on_two(plan, plan, &format!("{plan}.mirror")).good();
        let place = format!("{plan} --mirror {plan}.mirror");
        for (draft, signers) in signers {
            let file = self.sign(plan, draft, signers);
            self.run(&format!("import --into {place} {file}")).good();
        }
        self.run(&format!("finalize {place}")).good();
        self.run(&format!("close --as olga {place}")).good();
        self.replays(plan);
    }

    /// Copies a whole folder.
    pub fn copy(&self, from: &str, to: &str) {
        copy(&self.path(from), &self.path(to));
    }

    pub fn remove(&self, folder: &str) {
        std::fs::remove_dir_all(self.path(folder)).unwrap();
    }

    /// The transcript of a folder.
    pub fn transcript(&self, folder: &str) -> Vec<u8> {
        read(&self.path(folder).join("transcript.jsonl"))
    }

    /// What happened, in the order in which it was written down.
    pub fn events(&self, folder: &str) -> Vec<String> {
        self.events_at(&self.path(folder))
    }

    /// What happened in a folder elsewhere.
    pub fn events_at(&self, folder: &Path) -> Vec<String> {
        let event = |line: &str| {
            let line: Value = serde_json::from_str(line).unwrap();
            line["event"].as_object().unwrap().keys().next().unwrap().clone()
        };
        String::from_utf8(read(&folder.join("transcript.jsonl"))).unwrap().lines().map(event).collect()
    }

    /// An auditor goes through a folder again, with its head on paper.
    pub fn replays(&self, folder: &str) {
        let head = self.status(folder)["head"].as_str().unwrap().to_owned();
        self.run(&format!("replay --head {head} {folder}")).good();
    }

    /// Both devices hold the same lines.
    pub fn equal(&self, one: &str, other: &str) {
        assert_eq!(self.transcript(one), self.transcript(other), "{one} and {other}");
    }
}

pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let new = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &new);
        } else {
            std::fs::copy(&path, &new).unwrap();
        }
    }
}

/// How many of how many have signed each draft on each side, as status counts them: (letter, side by side).
pub fn tallies(status: &Value) -> Vec<(String, Vec<(u64, u64)>)> {
    let count = |t: &Value| (t["valid"].as_u64().unwrap(), t["threshold"].as_u64().unwrap());
    let draft = |draft: &Value| {
        let tallies = draft["tallies"].as_array().unwrap().iter().map(count).collect();
        (draft["letter"].as_str().unwrap().to_owned(), tallies)
    };
    status["drafts"].as_array().unwrap().iter().map(draft).collect()
}

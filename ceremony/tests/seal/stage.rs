//! TEST ONLY: plans and the files that they name, in memory.

use std::borrow::Cow;
use std::collections::BTreeMap;

use tuf_ceremony::canonical;
use tuf_ceremony::changes::{Change, changes};
use tuf_ceremony::delta::{Added, Writer};
use tuf_ceremony::digest::Digest;
use tuf_ceremony::metadata::Metadata;
use tuf_ceremony::plan::Plan;
use tuf_ceremony::policy::ceremony::{Judgement, judge};
use tuf_ceremony::seal::{Inputs, SPEC_VERSION, SealFault, SealedPart, seal};
use tuf_ceremony::time::Moment;

use crate::mint::{self, Key};

/// Files by their digest, and what a ceremony was opened with beside its plan.
#[derive(Default, Clone)]
pub struct Stage {
    pub files: BTreeMap<Digest, Vec<u8>>,
    pub cards: BTreeMap<String, Digest>,
    pub delta: Option<Digest>,
}

impl Stage {
    /// Keeps a file; what a plan writes to name it.
    pub fn keep(&mut self, file: &str, bytes: impl Into<Vec<u8>>) -> String {
        let bytes = bytes.into();
        let sha256 = Digest::of(&bytes);
        self.files.insert(sha256, bytes);
        format!("file = \"{file}\", sha256 = \"{sha256}\"")
    }

    /// The table of a new key without a card, held by one person.
    pub fn public(&mut self, name: &str, holder: &str, key: &Key) -> String {
        let file = self.keep(&format!("{name}.pem"), key.public().public_text());
        let scheme = key.public().scheme();
        format!(
            "[keys.{name}]\nholders = [{}]\npublic = {{ {file}, scheme = \"{scheme}\" }}\n",
            quoted(holder)
        )
    }

    pub fn inputs(&self) -> Inputs<'_> {
        let (cards, delta) = (self.cards.clone(), self.delta);
        Inputs { cards, delta, spec_version: SPEC_VERSION, materials: &self.files }
    }

    pub fn seal(&self, plan: &str) -> Result<Vec<SealedPart>, SealFault> {
        seal(&read(plan), &self.inputs())
    }

    /// The drafts of a plan that is sound, as texts.
    pub fn texts(&self, plan: &str) -> Vec<String> {
        let parts = self.seal(plan).unwrap_or_else(|fault| panic!("{fault}\n{plan}"));
        parts.iter().map(|part| text(part).to_owned()).collect()
    }

    pub fn judge(&self, plan: &str, date: &str) -> Judgement {
        let parts = self.seal(plan).unwrap_or_else(|fault| panic!("{fault}\n{plan}"));
        judge(&read(plan), &self.inputs(), &parts, &Moment::parse_date_or_moment(date).unwrap()).unwrap()
    }
}

fn quoted(name: &str) -> String {
    if name.is_empty() { String::new() } else { format!("{name:?}") }
}

pub fn read(plan: &str) -> Plan {
    Plan::read(plan.as_bytes()).unwrap_or_else(|fault| panic!("{fault}\n{plan}"))
}

/// The text of a draft.
pub fn text(part: &SealedPart) -> &str {
    part.part.draft().metadata().document().text()
}

/// The first lines of a plan.
pub fn head(kind: &str) -> String {
    format!("format = 1\ntitle = \"A test\"\nkind = \"{kind}\"\n")
}

/// The table of a key that is kept.
pub fn kept(name: &str, holder: &str, keyid: &str) -> String {
    format!("[keys.{name}]\nholders = [{}]\nkeyid = {keyid:?}\n", quoted(holder))
}

/// People by these short names.
pub fn people(names: &[&str]) -> String {
    let person = |name: &&str| format!("[people.{name}]\nname = \"{name} X.\"\npart = \"keyholder\"\n");
    names.iter().map(person).collect()
}

/// A document with a signature of each of these keys.
pub fn signed(signed: &str, keys: &[&Key]) -> String {
    let message = canonical::bytes(mint::metadata(signed).signed().view());
    let entry =
        |key: &&Key| format!("{{\"keyid\":{:?},\"sig\":\"{}\"}}", key.id, hex::encode(key.sign(&message, 0)));
    let entries: Vec<String> = keys.iter().map(entry).collect();
    format!("{{\"signatures\":[{}],\"signed\":{signed}}}", entries.join(","))
}

/// The changes between two documents, in short.
pub fn told(old: &Metadata, new: &Metadata) -> Vec<String> {
    let mut told = Vec::new();
    changes(old, new, &mut |change| {
        told.push(match change {
            Change::Version { from, to } => format!("version {from} {to}"),
            Change::Field { name, to, .. } => format!("{name} {}", to.unwrap_or("gone")),
            Change::KeyAdded { role, key } => format!("{role} + {}", key.keyid),
            Change::KeyRemoved { role, key } => format!("{role} - {}", key.keyid),
            other => format!("{other:?}"),
        })
    })
    .unwrap();
    told
}

/// A delta of these files: role and path; the content of a file is its path.
pub fn delta(files: &[(&str, &str)]) -> String {
    let mut writer = Writer::into(String::new()).unwrap();
    let mut before = "";
    for (role, path) in files {
        if *role != before {
            writer.role(role).unwrap();
            before = role;
        }
        let path = Cow::Borrowed(*path);
        let (length, sha256) = (path.len() as u64, Digest::of(path.as_bytes()));
        writer.add(&Added { path, length, sha256, sha512: None }).unwrap();
    }
    writer.finish().unwrap()
}

/// A small published repository: root 4 with three holders of whom two must sign, anna and bert for the targets, and one
/// online key.
pub struct Repository {
    pub stage: Stage,
    /// The holders' keys, and the online key.
    pub keys: [Key; 4],
    /// `[predecessor]`, people, and the keys, each kept under its key id.
    pub plan: String,
    pub root: Metadata,
    pub targets: Metadata,
}

pub const NAMES: [&str; 3] = ["anna", "bert", "carl"];

impl Repository {
    pub fn published() -> Repository {
        let keys = ["anna", "bert", "carl", "online"].map(Key::p256);
        let [anna, bert, carl, online] = &keys;
        let (root, targets) = (mint::role(&[anna, bert, carl], 2), mint::role(&[anna, bert], 2));
        let table = mint::table(&[anna, bert, carl, online]);
        let root = mint::root_of(4, &table, &root, &targets, &mint::role(&[online], 1));
        let root = signed(&root, &[anna, bert]);
        let targets = signed(&mint::targets(3, &["a", "b/c", "d"]), &[anna, bert]);
        let snapshot = signed(&listing("snapshot", 5, "targets", 3), &[online]);
        let timestamp = signed(&listing("timestamp", 7, "snapshot", 5), &[online]);
        let mut stage = Stage::default();
        let mut plan = "[predecessor]\n".to_owned();
        for (role, text) in
            [("root", &root), ("targets", &targets), ("snapshot", &snapshot), ("timestamp", &timestamp)]
        {
            let file = stage.keep(&format!("{role}.json"), text.as_str());
            plan += &format!("{role} = {{ {file} }}\n");
        }
        plan += &people(&NAMES);
        for (name, key) in NAMES.iter().zip(&keys) {
            plan += &kept(name, name, &key.id);
        }
        plan += &kept("online", "", &online.id);
        let [root, targets] = [root, targets].map(|text| mint::text(&text));
        Repository { stage, keys, plan, root, targets }
    }

    /// The repository with another published document in place of one of its own, or with one more.
    pub fn with(mut self, role: &str, text: &str) -> Repository {
        let file = self.stage.keep(&format!("{}.json", role.replace('.', "-")), text);
        let line = format!("{role} = {{ {file} }}");
        self.plan = match self.plan.find(&format!("\n{role} = {{")) {
            Some(start) => {
                let end = start + 1 + self.plan[start + 1..].find('\n').unwrap();
                format!("{}\n{line}{}", &self.plan[..start], &self.plan[end..])
            }
            None => self.plan.replacen("[predecessor]\n", &format!("[predecessor]\n{line}\n"), 1),
        };
        self
    }

    /// The repository without this published document.
    pub fn without(mut self, role: &str) -> Repository {
        let start = self.plan.find(&format!("\n{role} = {{")).unwrap();
        let end = start + 1 + self.plan[start + 1..].find('\n').unwrap();
        self.plan.replace_range(start..end, "");
        self
    }

    /// A plan of this kind on this repository.
    pub fn plan(&self, kind: &str, rest: &str) -> String {
        format!("{}{}{rest}", head(kind), self.plan)
    }
}

/// The signed part of a snapshot or timestamp that lists one role.
pub fn listing(role: &str, version: u64, lists: &str, listed: u64) -> String {
    format!(
        r#"{{"_type":"{role}","expires":"2031-01-01T00:00:00Z","meta":{{"{lists}.json":{{"version":{listed}}}}},"spec_version":"1.0.31","version":{version}}}"#
    )
}

/// The table of a document to be made, without its roles.
pub fn made(role: &str, version: u64) -> String {
    format!("[{role}]\nversion = {version}\nexpires = \"2031-06-01T00:00:00Z\"\n")
}

/// The table of a role of a root to be made.
pub fn role(name: &str, keys: &[&str], threshold: u64) -> String {
    format!("[root.roles.{name}]\nkeys = {keys:?}\nthreshold = {threshold}\n")
}

//! TEST ONLY: a ceremony that renews root and targets, the machines that take part in it, and their bundles. What is sealed
//! is what the engine makes of the plan; that machines may take these steps is judged elsewhere.

#![allow(dead_code, reason = "each test binary takes what it needs")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

use std::collections::BTreeMap;

use tuf_ceremony::bundle::{Bundle, Part, Record, RecordFault};
use tuf_ceremony::delta::{Added, Writer};
use tuf_ceremony::digest::Digest;
use tuf_ceremony::metadata::Metadata;
use tuf_ceremony::plan::Plan;
use tuf_ceremony::seal::{Inputs, SPEC_VERSION, SealedPart, seal};
use tuf_ceremony::transcript::event::*;
use tuf_ceremony::transcript::{FORMAT, RULES, Transcript, ceremony_id};

use super::mint::{self, Key};

pub const CLOCK: &str = "2027-03-05T09:00:00Z";

/// Holders of the root (alice, bob, carol: 2 of 3) and the online key.
pub struct Keys {
    pub alice: Key,
    pub bob: Key,
    pub carol: Key,
    pub online: Key,
}

pub fn keys() -> Keys {
    Keys {
        alice: Key::ed25519("alice"),
        bob: Key::p256("bob"),
        carol: Key::ed25519("carol"),
        online: Key::ed25519("online"),
    }
}

/// A document that was signed and published, marked as practice or not.
fn published(signed: &str, trusted: Option<&Metadata>, by: &[&Key], rehearsal: bool) -> Metadata {
    let marked =
        if rehearsal { signed.replacen('{', "{\"x-rehearsal\":true,", 1) } else { signed.to_owned() };
    let part = mint::signed(mint::part(mint::metadata(&marked), trusted.cloned(), None), by);
    mint::text(&String::from_utf8(part.finalize().unwrap().text).unwrap())
}

/// The roots before the ceremony, version 1 and 2.
pub fn roots(rehearsal: bool) -> [Metadata; 2] {
    let k = keys();
    let root = |version| mint::root(version, &[&k.alice, &k.bob, &k.carol], 2, &k.online);
    let first = published(&root(1), None, &[&k.alice, &k.bob], rehearsal);
    let second = published(&root(2), Some(&first), &[&k.bob, &k.carol], rehearsal);
    [first, second]
}

/// One generation of a ceremony: its plan, the files that it names, and the drafts that come of it.
#[derive(Clone)]
pub struct World {
    pub files: BTreeMap<Digest, Vec<u8>>,
    pub parts: Vec<Part>,
    pub opened: Opened,
    pub sealed: Sealed,
}

fn stored(path: &str, bytes: &[u8]) -> Stored {
    Stored { bytes: bytes.len() as u64, path: path.to_owned(), sha256: Digest::of(bytes) }
}

/// It adds one file to targets.
fn delta() -> String {
    let mut delta = Writer::into(String::new()).unwrap();
    delta.role("targets").unwrap();
    let (path, sha256) = ("b".into(), Digest::of(b"b"));
    delta.add(&Added { path, length: 1, sha256, sha512: None }).unwrap();
    delta.finish().unwrap()
}

/// A ceremony from its beginning; another `title` is another ceremony.
pub fn world(title: &str, rehearsal: bool) -> World {
    let k = keys();
    let [first, second] = roots(rehearsal);
    let targets = published(&mint::targets(1, &["a"]), Some(&second), &[&k.online], rehearsal);
    let delta = delta();
    let file =
        |name: &str, m: &Metadata| format!("{{ file = \"{name}\", sha256 = \"{}\" }}", m.document().digest());
    let plan = format!(
        "format = 1\ntitle = \"{title}\"\nkind = \"renewal\"\nrehearsal = {rehearsal}\n\n[predecessor]\nchain = [{}]\nroot = {}\ntargets = {}\n\n[root]\nversion = 3\nexpires = \"2032-01-01T00:00:00Z\"\n\n[targets]\nversion = 2\nexpires = \"2032-01-01T00:00:00Z\"\ndelta = {{ file = \"b.delta.json\", sha256 = \"{}\" }}\n",
        file("1.root.json", &first),
        file("2.root.json", &second),
        file("1.targets.json", &targets),
        Digest::of(delta.as_bytes()),
    );
    let mut files = BTreeMap::new();
    let mut keep = |path: &str, bytes: &[u8]| {
        files.insert(Digest::of(bytes), bytes.to_vec());
        stored(path, bytes)
    };
    let inputs = [&first, &second, &targets].map(|m| {
        let text = m.document().text().as_bytes();
        keep(&format!("inputs/{}.json", &m.document().digest().to_string()[..16]), text)
    });
    let salt = Digest::of(b"TEST ONLY, salt");
    let plan_file = keep("plan/0.plan.toml", plan.as_bytes());
    let delta_file = keep("inputs/b.delta.json", delta.as_bytes());
    let opened = Opened {
        cards: BTreeMap::new(),
        ceremony: ceremony_id(plan_file.sha256, Some(second.payload()), rehearsal, salt),
        date: "2027-03-05".to_owned(),
        delta: Some(delta_file),
        devices: 1,
        format: FORMAT,
        generation: 0,
        inputs: inputs.into(),
        nonce: Digest::of(b"a"),
        one_device: Some("a test".to_owned()),
        origin: None,
        plan: plan_file,
        profile: None,
        rehearsal,
        rules: RULES,
        salt,
        spec_version: SPEC_VERSION.to_owned(),
        tool: "a test".to_owned(),
    };
    World::sealed(opened, files)
}

impl World {
    fn sealed(opened: Opened, files: BTreeMap<Digest, Vec<u8>>) -> World {
        let plan = plan(&files[&opened.plan.sha256]);
        let inputs = Inputs {
            cards: BTreeMap::new(),
            delta: opened.delta.as_ref().map(|d| d.sha256),
            spec_version: &opened.spec_version,
            materials: &files,
        };
        let made = seal(&plan, &inputs).unwrap();
        let drafts = made.iter().map(|s| sealed_draft(opened.generation, s)).collect();
        let parts = made.into_iter().map(|s| s.part).collect();
        World { files, parts, opened, sealed: Sealed { drafts, findings: Vec::new() } }
    }

    /// The world after its plan was changed: another expiry, the next generation.
    pub fn replanned(&self, year: &str) -> World {
        let text = String::from_utf8(self.files[&self.opened.plan.sha256].clone()).unwrap();
        let text = text.replace("2032-01-01", &format!("{year}-01-01")).into_bytes();
        let mut files = self.files.clone();
        files.remove(&self.opened.plan.sha256);
        let generation = self.opened.generation + 1;
        let plan = stored(&format!("plan/{generation}.plan.toml"), &text);
        files.insert(plan.sha256, text);
        World::sealed(Opened { generation, plan, ..self.opened.clone() }, files)
    }

    /// The line that leads to this world from the one before.
    pub fn replan(&self) -> Event {
        Event::Replanned(Replanned {
            by: "alice".to_owned(),
            cards: self.opened.cards.clone(),
            delta: self.opened.delta.clone(),
            generation: self.opened.generation,
            inputs: self.opened.inputs.clone(),
            plan: self.opened.plan.clone(),
            reason: "it expires too soon".to_owned(),
        })
    }

    /// The machine on which it begins, its drafts sealed.
    pub fn first(&self) -> Transcript {
        let mut chain = Transcript::default();
        say(&mut chain, Event::Opened(Box::new(self.opened.clone())));
        say(&mut chain, Event::Sealed(self.sealed.clone()));
        chain
    }

    /// Another machine, opened from a bundle.
    pub fn other(&self, name: &str, from: &Transcript) -> Transcript {
        let head = ChainHead { head: from.head(), lines: from.count(), machine: from.machine().unwrap() };
        let origin = Origin {
            bundle: stored("imports/1-0123456789abcdef.json", name.as_bytes()),
            chains: vec![head],
            trust: None,
        };
        let nonce = Digest::of(name.as_bytes());
        let mut chain = Transcript::default();
        let opened = Opened { origin: Some(origin), nonce, ..self.opened.clone() };
        say(&mut chain, Event::Opened(Box::new(opened)));
        say(&mut chain, Event::Sealed(self.sealed.clone()));
        chain
    }

    pub fn record(&self, chains: &[&Transcript]) -> Result<Record, RecordFault> {
        Record::of(chains.iter().copied().cloned(), &self.files)
    }

    /// A bundle of its drafts, with a signature of each of these keys on each draft that counts it.
    pub fn bundle(&self, chains: &[&Transcript], by: &[&Key]) -> Bundle {
        Bundle::of_ceremony(self.signed(by), self.record(chains).unwrap()).unwrap()
    }

    pub fn signed(&self, by: &[&Key]) -> Vec<Part> {
        let may = |part: &Part, key: &&&Key| {
            part.authorities().iter().any(|a| a.key(key.public().fingerprint()).is_some())
        };
        let sign = |part: &Part| {
            let by: Vec<&Key> = by.iter().filter(|key| may(part, key)).copied().collect();
            mint::signed(part.clone(), &by)
        };
        self.parts.iter().map(sign).collect()
    }

    pub fn part(&self, role: &str) -> &Part {
        self.parts.iter().find(|p| p.draft().role() == role).unwrap()
    }
}

fn sealed_draft(generation: u64, sealed: &SealedPart) -> SealedDraft {
    let metadata = sealed.part.draft().metadata();
    let own = sealed.part.draft().role() == "root";
    let judges = [own.then_some(metadata), sealed.part.trusted()].into_iter().flatten();
    let path = format!("drafts/{generation}-{}.json", sealed.letter.to_lowercase());
    SealedDraft {
        authorities: judges.map(Metadata::payload).collect(),
        file: stored(&path, metadata.document().text().as_bytes()),
        letter: sealed.letter.clone(),
        payload: metadata.payload(),
        payload_bytes: metadata.payload_bytes(),
        role: sealed.part.draft().role().to_owned(),
        version: metadata.version(),
    }
}

pub fn plan(text: &[u8]) -> Plan {
    Plan::read(text).unwrap_or_else(|e| panic!("{e}"))
}

/// Adds a line.
pub fn say(chain: &mut Transcript, event: Event) {
    chain.push(chain.next(CLOCK, event)).unwrap();
}

/// The chain with remarks at its end.
pub fn with(chain: &Transcript, remarks: &[&str]) -> Transcript {
    let mut chain = chain.clone();
    for text in remarks {
        say(&mut chain, Event::Remarked(Note { by: "alice".to_owned(), text: (*text).to_owned() }));
    }
    chain
}

/// The first lines of a chain.
pub fn cut(chain: &Transcript, lines: u64) -> Transcript {
    let mut short = Transcript::default();
    for entry in chain.entries().iter().take(usize::try_from(lines).unwrap()) {
        short.push(entry.clone()).unwrap();
    }
    short
}

//! TEST ONLY: a first root with targets, snapshot and timestamp, of three people and a machine, and how far it went.

use std::collections::BTreeMap;

use tuf_ceremony::card::{Card, Claims};
use tuf_ceremony::digest::Digest;
use tuf_ceremony::seal::SPEC_VERSION;
use tuf_ceremony::state::{DraftNow, Illegal, State};
use tuf_ceremony::transcript::event::*;
use tuf_ceremony::transcript::{Transcript, ceremony_id};

use crate::mint::Key;

pub const CLOCK: &str = "2027-03-05T09:00:00Z";

pub fn text(text: &str) -> String {
    text.to_owned()
}

/// The key of a name in the plan.
pub fn key(name: &str) -> Key {
    Key::p256(name)
}

/// Bytes by their digest.
#[derive(Clone, Default)]
pub struct Shelf(pub BTreeMap<Digest, Vec<u8>>);

impl Shelf {
    pub fn put(&mut self, path: &str, bytes: impl Into<Vec<u8>>) -> Stored {
        let bytes = bytes.into();
        let stored = Stored { bytes: bytes.len() as u64, path: text(path), sha256: Digest::of(&bytes) };
        self.0.insert(stored.sha256, bytes);
        stored
    }
}

pub fn short(sha256: Digest) -> String {
    sha256.to_string()[..16].to_owned()
}

/// The plan, and what it needs.
#[derive(Clone)]
pub struct Wish {
    /// Lines above the first table.
    pub top: String,
    /// Lines of `[root]`.
    pub root: String,
    pub root_keys: Vec<&'static str>,
    pub threshold: u64,
    /// Tables at the end.
    pub tail: String,
    /// Keys with a card to be made instead of a file.
    pub to_be_made: Vec<&'static str>,
    pub rehearsal: bool,
}

impl Default for Wish {
    fn default() -> Wish {
        Wish {
            top: String::new(),
            root: String::new(),
            root_keys: vec!["anna-1", "bela-1", "carla-1"],
            threshold: 2,
            tail: String::new(),
            to_be_made: vec![],
            rehearsal: false,
        }
    }
}

const ALL_KEYS: [(&str, &str, Option<&str>); 4] = [
    ("anna-1", "[\"anna\"]", Some("Anna A.")),
    ("bela-1", "[\"bela\"]", Some("Bela B.")),
    ("carla-1", "[\"carla\"]", Some("Carla C.")),
    ("online", "[]", None),
];

impl Wish {
    pub fn text(&self, shelf: &mut Shelf) -> String {
        let mut plan = format!(
            "format = 1\ntitle = \"A first root\"\nkind = \"bootstrap\"\nrehearsal = {}\n{}\n",
            self.rehearsal, self.top
        );
        for (short, name) in [("anna", "Anna A."), ("bela", "Bela B."), ("carla", "Carla C.")] {
            plan += &format!("[people.{short}]\nname = \"{name}\"\npart = \"keyholder\"\n");
        }
        for (name, holders, _) in ALL_KEYS {
            plan += &format!("[keys.{name}]\nholders = {holders}\n");
            if self.to_be_made.contains(&name) {
                plan += "card = \"to be made\"\n";
                continue;
            }
            let sha256 = self.file(name, shelf).sha256;
            plan += &match name {
                "online" => format!(
                    "public = {{ file = \"{name}.pem\", sha256 = \"{sha256}\", scheme = \"ecdsa-sha2-nistp256\" }}\n"
                ),
                _ => format!("card = {{ file = \"{name}.json\", sha256 = \"{sha256}\" }}\n"),
            };
        }
        let role = |keys: &[&str], threshold: u64| format!("{{ keys = {keys:?}, threshold = {threshold} }}");
        let expires = "expires = \"2027-12-01T00:00:00Z\"";
        plan += &format!("[root]\nversion = 1\n{expires}\n{}\n[root.roles]\n", self.root);
        plan += &format!("root = {}\n", role(&self.root_keys, self.threshold));
        plan += &format!("targets = {}\n", role(&["anna-1", "bela-1"], 2));
        plan += &format!("snapshot = {}\ntimestamp = {}\n", role(&["online"], 1), role(&["online"], 1));
        for other in ["targets", "snapshot", "timestamp"] {
            plan += &format!("[{other}]\nversion = 1\n{expires}\n");
        }
        plan + &self.tail
    }

    fn file(&self, name: &str, shelf: &mut Shelf) -> Stored {
        match ALL_KEYS.iter().find(|(key, ..)| *key == name) {
            Some((_, _, Some(holder))) => shelf.put("", card(name, holder, self.rehearsal)),
            _ => shelf.put("", key(name).public().public_text()),
        }
    }

    /// The files of the keys that have one.
    pub fn cards(&self, shelf: &mut Shelf, generation: u64) -> BTreeMap<String, Stored> {
        let mut cards = BTreeMap::new();
        for (name, _, holder) in ALL_KEYS.into_iter().filter(|(name, ..)| !self.to_be_made.contains(name)) {
            let ending = if holder.is_some() { "json" } else { "pem" };
            let path = format!("cards/{name}.{generation}.{ending}");
            cards.insert(text(name), Stored { path, ..self.file(name, shelf) });
        }
        cards
    }

    pub fn opened(&self, shelf: &mut Shelf) -> Opened {
        let plan = self.text(shelf);
        let plan = shelf.put("plan/0.plan.toml", plan);
        let salt = Digest::of(b"salt");
        Opened {
            cards: self.cards(shelf, 0),
            ceremony: ceremony_id(plan.sha256, None, self.rehearsal, salt),
            date: text("2027-03-05"),
            delta: None,
            devices: 2,
            format: 1,
            generation: 0,
            inputs: vec![],
            nonce: Digest::of(b"nonce"),
            one_device: None,
            origin: None,
            plan,
            profile: None,
            rehearsal: self.rehearsal,
            rules: 1,
            salt,
            spec_version: text(SPEC_VERSION),
            tool: text("conclave 0.1.0"),
        }
    }
}

/// A card that proves its key.
pub fn card(name: &str, holder: &str, rehearsal: bool) -> String {
    let key = key(name);
    let claims = Claims { holders: vec![text(holder)], token: None, evidence: None, rehearsal };
    let unsigned = Card::unsigned(&key.public(), claims).unwrap();
    let proof = key.sign(unsigned.signed(), 1);
    unsigned.prove(&proof).unwrap().written()
}

/// A ceremony as far as it went.
#[derive(Clone)]
pub struct Scene {
    pub shelf: Shelf,
    pub state: State,
    pub transcript: Transcript,
}

impl Scene {
    /// Opened, and nothing else.
    pub fn opened(wish: &Wish) -> Scene {
        let mut shelf = Shelf::default();
        let opened = wish.opened(&mut shelf);
        Scene::of(shelf, opened).unwrap()
    }

    pub fn of(shelf: Shelf, opened: Opened) -> Result<Scene, Illegal> {
        let mut transcript = Transcript::default();
        let entry = transcript.next(CLOCK, Event::Opened(opened.into()));
        let state = State::begin(&entry, &shelf.0)?;
        transcript.push(entry).unwrap();
        Ok(Scene { shelf, state, transcript })
    }

    /// With its drafts: A is the root, B the targets, C the snapshot, D the timestamp.
    pub fn sealed(wish: &Wish) -> Scene {
        let mut scene = Scene::opened(wish);
        scene.seal();
        scene
    }

    pub fn seal(&mut self) {
        let sealed = self.state.to_seal(&self.shelf.0).unwrap().1;
        self.take(Event::Sealed(sealed)).unwrap();
    }

    /// Takes an event, or changes nothing; the state agrees with the transcript.
    pub fn take(&mut self, event: Event) -> Result<(), Illegal> {
        let entry = self.transcript.next(CLOCK, event);
        self.state = self.state.after(&entry, &self.shelf.0)?;
        self.transcript.push(entry).unwrap();
        assert_eq!(
            (self.state.head(), self.state.lines()),
            (self.transcript.head(), self.transcript.count())
        );
        assert_eq!(Some(self.state.machine()), self.transcript.machine());
        Ok(())
    }

    /// Why it would be refused.
    pub fn refused(&self, event: Event) -> Illegal {
        let entry = self.transcript.next(CLOCK, event);
        let fault = self.state.after(&entry, &self.shelf.0).map(drop).unwrap_err();
        assert!(fault.to_string().len() > 20);
        fault
    }

    pub fn draft(&self, letter: &str) -> DraftNow<'_> {
        self.state.lettered(letter).unwrap()
    }

    pub fn payload(&self, letter: &str) -> Digest {
        self.draft(letter).payload()
    }

    pub fn shown(&mut self) -> Stored {
        let words = b"what she saw";
        let path = format!("shown/{}.txt", short(Digest::of(words)));
        self.shelf.put(&path, *words)
    }

    pub fn consented(&mut self, letter: &str, person: &str) -> Event {
        let (draft, shown) = (self.payload(letter), self.shown());
        Event::Consented(Consented { draft, earlier: None, person: text(person), reference: None, shown })
    }

    pub fn begun(&self, letter: &str, person: &str, name: &str) -> SigningBegun {
        SigningBegun {
            draft: self.payload(letter),
            key: key(name).public().fingerprint(),
            person: text(person),
            scheme: text("ecdsa-sha2-nistp256"),
            token: format!("pkcs11:serial={name}"),
        }
    }

    /// The signature of a key on a draft, in hex.
    pub fn signature(&self, letter: &str, name: &str) -> String {
        hex::encode(key(name).sign_draft(self.draft(letter).part().draft(), 1))
    }

    /// Consent, intent and signature.
    pub fn sign(&mut self, letter: &str, person: &str, name: &str) {
        let consented = self.consented(letter, person);
        self.take(consented).unwrap();
        self.take(Event::SigningBegun(self.begun(letter, person, name))).unwrap();
        let (begun, sig) = (self.state.lines(), self.signature(letter, name));
        self.take(Event::SignatureAdmitted(SignatureAdmitted { begun, sig })).unwrap();
    }

    pub fn finalized(&self, letter: &str) -> Event {
        let draft = self.payload(letter);
        let made = self.state.final_of(draft).unwrap();
        let file = Shelf::default().put(&format!("final/{}", made.name), made.text);
        Event::Finalized(Finalized { draft, file })
    }

    pub fn finalize(&mut self, letter: &str) {
        let finalized = self.finalized(letter);
        self.take(finalized).unwrap();
    }

    pub fn closed(&self) -> Event {
        Event::Closed(Closed { by: text("anna"), unfinished: self.state.unfinished() })
    }

    /// Signed and final.
    pub fn finished(wish: &Wish) -> Scene {
        let mut scene = Scene::sealed(wish);
        scene.sign("A", "anna", "anna-1");
        scene.sign("A", "bela", "bela-1");
        scene.sign("B", "anna", "anna-1");
        scene.sign("B", "bela", "bela-1");
        scene.sign("C", "bela", "online");
        scene.sign("D", "bela", "online");
        ["A", "B", "C", "D"].into_iter().for_each(|letter| scene.finalize(letter));
        scene
    }
}

//! One module's process that is asked the same again and again, each time with another rule.

use std::path::Path;

use conclave_softhsm::Curve;
use tuf_ceremony::signable::Signable;
use tuf_conclave::token::{
    Deadlines, Entry, Host, Impatient, KeyKind, SignScheme, SlotFacts, TokenFault, TokenKey,
};

use super::table::Flow;
use crate::stage::{Faulty, PIN, alice_in, draft, find, key_of, pin};

/// Keys that are made before the token is put back to how it was: each makes every list longer.
const FULL: usize = 12;

/// What a question came to.
#[derive(Debug)]
pub enum Came {
    /// Done; with the troubles that a list told.
    Done(Vec<String>),
    Fault(TokenFault),
}

pub struct Bench {
    pub faulty: Faulty,
    host: Option<Host>,
    slot: Option<SlotFacts>,
    made: usize,
    rules: usize,
    /// Of what is asked under a rule; everything before and after it has its usual time.
    pub deadlines: Deadlines,
}

impl Bench {
    /// A token with three keys, one of which wants its PIN for each signature; in memory, where there is a place for that.
    pub fn new() -> Self {
        let memory = Path::new("/dev/shm");
        let dir = alice_in(if memory.is_dir() { memory } else { Path::new("/tmp") });
        dir.generate_always_authenticate("alice", PIN, "again", &[7], Curve::P384).unwrap();
        copy(&dir.path().join("tokens"), &dir.path().join("pristine"));
        Self {
            faulty: Faulty::before(dir, ""),
            host: None,
            slot: None,
            made: 0,
            rules: 0,
            deadlines: Deadlines::default(),
        }
    }

    /// What each call of `flow` is, in order, where nothing goes wrong.
    pub fn calls_of(&mut self, flow: Flow) -> Vec<String> {
        self.signs();
        self.rules += 1;
        self.faulty.forget();
        let came = self.ask(flow);
        assert!(matches!(&came, Came::Done(troubles) if troubles.is_empty()), "{flow:?}: {came:?}");
        self.faulty.log()
    }

    /// Asks for `flow` under a rule.
    pub fn under(&mut self, rule: &str, flow: Flow) -> Came {
        self.rules += 1;
        // The number makes it another text, with which the module begins to count anew.
        self.faulty.rule(&format!("{rule} # {}", self.rules));
        self.faulty.forget();
        self.host.as_mut().unwrap().set_deadlines(self.deadlines);
        let came = self.ask(flow);
        self.faulty.rule("");
        came
    }

    /// The good module again: in the same process, if it still lives, the token opens with one PIN and signs.
    pub fn signs(&mut self) {
        if self.made >= FULL {
            self.renew();
        }
        let host = match &mut self.host {
            Some(host) => host,
            none => none.insert(self.faulty.host()),
        };
        host.set_deadlines(Deadlines::default());
        let slot = match &self.slot {
            Some(slot) => slot.clone(),
            None => self.slot.insert(find(host, "alice")).clone(),
        };
        host.login(&slot, Entry::Pin(pin(PIN)), &mut Impatient).unwrap();
        let key = key_of(&slot.keys, &KeyKind::Ed25519);
        let draft = draft(0);
        let signable = Signable::of(&draft);
        let signature = host.sign(&key, SignScheme::Ed25519, &signable, None, &mut Impatient).unwrap();
        key.public_key().unwrap().verify(&signable.message(), &signature).unwrap();
    }

    /// The next question goes to a new process.
    pub fn forget_host(&mut self) {
        self.host = None;
    }

    fn renew(&mut self) {
        self.host = None;
        self.made = 0;
        let (tokens, pristine) =
            (self.faulty.dir.path().join("tokens"), self.faulty.dir.path().join("pristine"));
        std::fs::remove_dir_all(&tokens).unwrap();
        copy(&pristine, &tokens);
    }

    fn key(&self, label: &str) -> TokenKey {
        let keys = &self.slot.as_ref().unwrap().keys;
        keys.iter().find(|key| key.label == label).unwrap().clone()
    }

    fn ask(&mut self, flow: Flow) -> Came {
        let done = |_| Came::Done(Vec::new());
        let draft = draft(0);
        let signable = Signable::of(&draft);
        let slot = self.slot.clone().unwrap();
        let (plain, again) = (self.key("root ed"), self.key("again"));
        let host = self.host.as_mut().unwrap();
        let entry = || Entry::Pin(pin(PIN));
        let came = match flow {
            Flow::Load => self.faulty.spawn(self.deadlines).map(drop).map(done),
            Flow::List => host.list().map(|slots| {
                let alice = slots.into_iter().filter(|slot| slot.slot == self.slot.as_ref().unwrap().slot);
                Came::Done(alice.filter_map(|slot| slot.trouble).collect())
            }),
            Flow::Login => host.login(&slot, entry(), &mut Impatient).map(drop).map(done),
            Flow::Sign => {
                host.sign(&plain, SignScheme::Ed25519, &signable, None, &mut Impatient).map(drop).map(done)
            }
            Flow::SignWithPin => {
                let scheme = SignScheme::EcdsaP384Sha384;
                host.sign(&again, scheme, &signable, Some(entry()), &mut Impatient).map(drop).map(done)
            }
            Flow::Evidence => host.evidence(&plain).map(drop).map(done),
            Flow::Generate => {
                self.made += 1;
                let (label, id) = (format!("new {}", self.rules), self.rules.to_be_bytes());
                host.generate(SignScheme::Ed25519, &label, &id, &mut Impatient).map(drop).map(done)
            }
            Flow::Close => {
                let host = self.host.take().unwrap();
                host.close().map(done).map_err(|warning| warning.cause)
            }
        };
        came.unwrap_or_else(Came::Fault)
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let place = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &place);
        } else {
            std::fs::copy(entry.path(), place).unwrap();
        }
    }
}

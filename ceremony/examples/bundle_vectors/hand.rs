//! Bundles of ceremonies written without the engine's own writer, so that they can be wrong.

use std::collections::BTreeMap;

use tuf_ceremony::digest::Digest;
use tuf_ceremony::layout::Plain;
use tuf_ceremony::transcript::Transcript;

use crate::by_hand::{draft, inside, whole_of};
use crate::ceremony::World;

/// The member `ceremony`, which can be wrong, and the drafts.
#[derive(Clone)]
pub struct Hand {
    pub chains: BTreeMap<String, Vec<String>>,
    files: BTreeMap<String, Plain>,
    pub rest: BTreeMap<String, Plain>,
    pub drafts: World,
}

impl Hand {
    pub fn of(world: &World, chains: &[&Transcript]) -> Hand {
        let lines = |c: &&Transcript| {
            (c.machine().unwrap().to_string(), c.text().lines().map(str::to_owned).collect())
        };
        let opened = &world.opened;
        let rest = [
            ("generation", Plain::Number(opened.generation)),
            ("id", Plain::text(opened.ceremony)),
            ("plan", Plain::text(opened.plan.sha256)),
            ("rehearsal", Plain::Bool(opened.rehearsal)),
            ("salt", Plain::text(opened.salt)),
        ];
        let file = |(name, bytes): (&Digest, &Vec<u8>)| (name.to_string(), text(bytes));
        Hand {
            chains: chains.iter().map(lines).collect(),
            files: world.files.iter().map(file).collect(),
            rest: rest.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            drafts: world.clone(),
        }
    }

    pub fn says(mut self, member: &str, value: Plain) -> Hand {
        assert!(self.rest.insert(member.to_owned(), value).is_some());
        self
    }

    pub fn file(mut self, name: Digest, bytes: Option<&[u8]>) -> Hand {
        match bytes {
            Some(bytes) => self.files.insert(name.to_string(), text(bytes)),
            None => Some(self.files.remove(&name.to_string()).unwrap()),
        };
        self
    }

    /// The lines of the only chain, changed.
    pub fn lines(mut self, change: impl FnOnce(&mut Vec<String>)) -> Hand {
        change(self.chains.values_mut().next().unwrap());
        self
    }

    pub fn text(self) -> String {
        let mut ceremony = self.rest;
        let chain = |(name, lines): (String, Vec<String>)| {
            (name, Plain::List(lines.into_iter().map(Plain::Text).collect()))
        };
        let chains = self.chains.into_iter().map(chain).collect();
        ceremony.insert("chains".to_owned(), Plain::Object(chains));
        ceremony.insert("files".to_owned(), Plain::Object(self.files));
        let mut parts: Vec<_> = self.drafts.parts.iter().collect();
        parts.sort_by_key(|p| p.draft().metadata().payload());
        let held = parts.iter().flat_map(|p| {
            let own = Some(p.draft().metadata());
            [own, p.trusted(), p.predecessor()].into_iter().flatten().map(inside)
        });
        let documents: BTreeMap<String, Plain> = held.collect();
        let drafts = parts.iter().map(|p| {
            let predecessor = p.predecessor().filter(|_| p.draft().role() != "root");
            draft(p.draft().metadata(), p.draft().role(), p.trusted(), predecessor, vec![])
        });
        whole_of(Plain::Object(ceremony), documents.into_iter().collect(), drafts.collect())
    }
}

fn text(bytes: &[u8]) -> Plain {
    Plain::object([("text", Plain::text(std::str::from_utf8(bytes).unwrap()))])
}

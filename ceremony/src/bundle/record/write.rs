//! The member `ceremony` of a bundle.

use std::collections::BTreeMap;

use super::Record;
use crate::bundle::write::{Beside, outside};
use crate::layout::Plain;
use crate::limits::EMBEDDED;
use crate::transcript::Transcript;

impl Record {
    /// As a bundle holds it; files over [`EMBEDDED`] are added to `beside`.
    pub(in crate::bundle) fn plain(&self, beside: &mut Vec<Beside>) -> Plain {
        let mut files = BTreeMap::new();
        for (sha256, text) in self.file_texts() {
            let place = if EMBEDDED.allows(text.len()) {
                Plain::object([("text", Plain::text(text))])
            } else {
                beside.push(Beside::file(sha256, text));
                outside(sha256, text.len())
            };
            files.insert(sha256.to_string(), place);
        }
        let chains = self.chains.iter().map(|(machine, chain)| (machine.to_string(), lines(chain)));
        Plain::object([
            ("chains", Plain::Object(chains.collect())),
            ("files", Plain::Object(files)),
            ("generation", Plain::Number(self.generation)),
            ("id", Plain::text(self.id)),
            ("plan", Plain::text(self.plan_sha256)),
            ("rehearsal", Plain::Bool(self.rehearsal)),
            ("salt", Plain::text(self.salt)),
        ])
    }
}

fn lines(chain: &Transcript) -> Plain {
    Plain::List(chain.text().lines().map(Plain::text).collect())
}

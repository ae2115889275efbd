//! Reading the member `ceremony` of a bundle. Generation, plan, rehearsal mark and salt are not compared here: they follow
//! from lines and files, and writing the bundle again shows whether they stood there.

use std::collections::BTreeMap;

use super::{Record, RecordFault};
use crate::bundle::read::{BundleFault, Place, digest};
use crate::digest::Digest;
use crate::document::View;
use crate::limits::{BUNDLE_FILES, CHAINS, TRANSCRIPT_LINES};
use crate::metadata::shape;
use crate::transcript::{Found, Transcript, TranscriptFault};

/// A ceremony whose text was read and whose lines are not believed yet.
#[derive(Debug)]
pub(in crate::bundle) struct UncheckedRecord {
    id: Digest,
    /// The text of each chain, by machine.
    chains: BTreeMap<Digest, String>,
    files: BTreeMap<Digest, Place>,
}

impl UncheckedRecord {
    pub(in crate::bundle) fn read(view: View<'_>) -> Result<Option<UncheckedRecord>, BundleFault> {
        if view.is_null() {
            return Ok(None);
        }
        let ceremony = shape::object(view, "ceremony")?;
        let member = |name: &'static str| shape::member(ceremony, name, "ceremony");
        let id = digest(member("id")?, "the ceremony's id")?;
        let mut chains = BTreeMap::new();
        let told = shape::object(member("chains")?, "chains")?;
        for (name, view) in shape::within(told.members(), CHAINS)? {
            let mut text = String::new();
            for line in shape::within(shape::array(view, "a machine's lines")?, TRANSCRIPT_LINES)? {
                text.push_str(&shape::string(line, "a line")?);
                text.push('\n');
            }
            chains.insert(name_of(&name, "the name of a machine")?, text);
        }
        let named = shape::object(member("files")?, "files")?;
        let mut files = BTreeMap::new();
        for (name, view) in shape::within(named.members(), BUNDLE_FILES)? {
            files.insert(name_of(&name, "the name of a file")?, Place::of(view)?);
        }
        Ok(Some(UncheckedRecord { id, chains, files }))
    }

    pub(in crate::bundle) fn places(&self) -> impl Iterator<Item = &Place> {
        self.files.values()
    }

    pub(in crate::bundle) fn check(
        &self,
        beside: &mut impl FnMut(&str) -> Option<Vec<u8>>,
    ) -> Result<Record, BundleFault> {
        let mut chains = Vec::new();
        for (named, text) in &self.chains {
            let chain = chain(*named, text)?;
            let found = chain.machine().ok_or(RecordFault::NoChain)?;
            if found != *named {
                return Err(RecordFault::Machine { named: *named, found }.into());
            }
            chains.push(chain);
        }
        let mut files = BTreeMap::new();
        for (named, place) in &self.files {
            let text = place.text(beside)?;
            let found = Digest::of(&text);
            if found != *named {
                return Err(RecordFault::WrongFile { named: *named, found }.into());
            }
            files.insert(*named, text);
        }
        let record = Record::of(chains, &files)?;
        if record.id != self.id {
            return Err(RecordFault::Id { claimed: self.id, found: record.id }.into());
        }
        Ok(record)
    }
}

fn name_of(text: &str, place: &'static str) -> Result<Digest, BundleFault> {
    Digest::from_hex(text).map_err(|_| BundleFault::NotADigest { place })
}

fn chain(machine: Digest, text: &str) -> Result<Transcript, RecordFault> {
    let broken = |fault: TranscriptFault| RecordFault::Transcript { machine, fault };
    match Transcript::read(text.as_bytes()).map_err(broken)? {
        Found::Whole(chain) => Ok(chain),
        Found::Torn { whole, .. } => Ok(whole),
    }
}

//! A keyholder's own log: what she was about to sign, one line a signature, on a medium that she keeps (DESIGN 6). It
//! remembers what no bundle can tell her: that she has signed another document for the same role and version before. It is
//! written before the token signs, so a line says that a signature may exist. `docs/spec/holder-log.md` tells the format.
//!
//! It asks nobody and stores nothing: whoever finds a conflict asks the holder.

use serde::{Deserialize, Serialize};

use crate::digest::{Digest, Hasher};
use crate::key::Fingerprint;
use crate::limits::{HOLDER_LOG, Limit, ROLE_NAME};
use crate::time::Moment;
use crate::transcript::line_of;

/// One line: a signature that she agreed to make. Its fields stand in alphabetical order, as everything in a line does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The ceremony's id; none where the bundle was a plain one.
    pub ceremony: Option<Digest>,
    /// What the machine's clock said, in whole seconds and `Z`.
    pub clock: String,
    /// Her key.
    pub key: Fingerprint,
    /// The line's number, counted from 1.
    pub n: u64,
    /// The other payload for the same key, role and version that she chose to pass over.
    pub over: Option<Digest>,
    /// SHA-256 of what is signed.
    pub payload: Digest,
    /// SHA-256 of everything before this line; of nothing for the first.
    pub prev: Digest,
    /// The role.
    pub role: String,
    /// What the ceremony is called; none where the bundle was a plain one.
    pub title: Option<String>,
    /// The version.
    pub version: u64,
}

/// What she is about to sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// The ceremony's id.
    pub ceremony: Option<Digest>,
    /// Her key.
    pub key: Fingerprint,
    /// SHA-256 of what is signed.
    pub payload: Digest,
    /// The role.
    pub role: String,
    /// What the ceremony is called.
    pub title: Option<String>,
    /// The version.
    pub version: u64,
}

/// A log is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HolderLogFault {
    /// It is past its cap.
    #[error("it is past a limit: {0}")]
    Past(Limit),
    /// The last line has no end: it was cut off, or is no log.
    #[error("line {line} has no end")]
    Torn {
        /// Which, counted from 1.
        line: u64,
    },
    /// A line is none.
    #[error("line {line} is no line of a holder's log: {why}")]
    Shape {
        /// Which, counted from 1.
        line: u64,
        /// What the reader met.
        why: String,
    },
    /// A line is spelled otherwise than it would be written.
    #[error("line {line} is not spelled as a holder's log is written")]
    Spelling {
        /// Which, counted from 1.
        line: u64,
    },
    /// A line has another number than its place.
    #[error("line {line} says that it is line {found}")]
    Number {
        /// Its place, counted from 1.
        line: u64,
        /// What it says.
        found: u64,
    },
    /// A line does not stand behind the lines that are there: one of them was changed, added or taken away.
    #[error("line {line} was written behind other lines than the ones before it")]
    Chain {
        /// Which, counted from 1.
        line: u64,
    },
    /// A clock that is no instant as we write them.
    #[error("line {line} has a clock that is not written like 2027-03-05T00:00:00Z: {clock:?}")]
    Clock {
        /// Which, counted from 1.
        line: u64,
        /// What stands there.
        clock: String,
    },
    /// A role that cannot be one.
    #[error("line {line} names a role that is empty or too long")]
    Role {
        /// Which, counted from 1.
        line: u64,
    },
    /// A line passes over a payload that no line before it tells of.
    #[error("line {line} passes over another payload than the one before it")]
    Over {
        /// Which, counted from 1.
        line: u64,
    },
    /// Another payload was signed before and is not passed over.
    #[error("the same key was asked to sign {role} version {version} with the digest {earlier} before")]
    Conflict {
        /// The role.
        role: String,
        /// The version.
        version: u64,
        /// The payload before.
        earlier: Digest,
    },
}

/// A whole log.
#[derive(Debug, Clone, Default)]
pub struct HolderLog {
    text: String,
    entries: Vec<Entry>,
    hasher: Hasher,
}

impl HolderLog {
    /// Reads a log. No byte at all is a log without lines.
    ///
    /// # Errors
    /// The first line that does not hold. Such a log is not gone on with: nobody knows what it held.
    pub fn read(file: &[u8]) -> Result<HolderLog, HolderLogFault> {
        if !HOLDER_LOG.allows(file.len()) {
            return Err(HolderLogFault::Past(HOLDER_LOG));
        }
        let mut log = HolderLog::default();
        let mut rest = file;
        while !rest.is_empty() {
            let line = log.count() + 1;
            let end = rest.iter().position(|b| *b == b'\n').ok_or(HolderLogFault::Torn { line })? + 1;
            let (text, behind) = rest.split_at(end);
            let shape = |e: serde_json::Error| HolderLogFault::Shape {
                line,
                why: e.to_string().chars().take(200).collect(),
            };
            let entry: Entry = serde_json::from_slice(text).map_err(shape)?;
            if line_of(&entry).as_bytes() != text {
                return Err(HolderLogFault::Spelling { line });
            }
            log.push(entry)?;
            rest = behind;
        }
        Ok(log)
    }

    /// The last line that tells of another payload for the same key, role and version.
    #[must_use]
    pub fn conflict(&self, key: Fingerprint, role: &str, version: u64, payload: Digest) -> Option<&Entry> {
        let same = |e: &&Entry| e.key == key && e.role == role && e.version == version;
        self.entries.iter().rev().filter(same).find(|e| e.payload != payload)
    }

    /// Adds a line. `over` is the payload of an earlier conflict that the holder chose to pass over, after she was asked.
    ///
    /// # Errors
    /// A [`HolderLogFault::Conflict`] that is not passed over; a text that would not be read again; the cap. Then nothing
    /// was added, and nothing is to be signed.
    pub fn append(
        &mut self,
        clock: &str,
        intent: Intent,
        over: Option<Digest>,
    ) -> Result<&Entry, HolderLogFault> {
        let Intent { ceremony, key, payload, role, title, version } = intent;
        let (n, prev, clock) = (self.count() + 1, self.head(), clock.to_owned());
        self.push(Entry { ceremony, clock, key, n, over, payload, prev, role, title, version })
    }

    /// The whole text: what the file holds, byte for byte.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The lines.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// SHA-256 of the whole text: what `sha256sum` says of the file.
    #[must_use]
    pub fn head(&self) -> Digest {
        self.hasher.clone().finish().0
    }

    fn count(&self) -> u64 {
        self.entries.len() as u64
    }

    fn push(&mut self, entry: Entry) -> Result<&Entry, HolderLogFault> {
        let line = self.count() + 1;
        if entry.n != line {
            return Err(HolderLogFault::Number { line, found: entry.n });
        }
        if entry.prev != self.head() {
            return Err(HolderLogFault::Chain { line });
        }
        if !Moment::parse(&entry.clock).is_ok_and(|clock| clock.is_plain()) {
            let clock = entry.clock.chars().take(40).collect();
            return Err(HolderLogFault::Clock { line, clock });
        }
        if entry.role.is_empty() || !ROLE_NAME.allows(entry.role.len()) {
            return Err(HolderLogFault::Role { line });
        }
        match self.conflict(entry.key, &entry.role, entry.version, entry.payload).map(|e| e.payload) {
            Some(earlier) if entry.over != Some(earlier) => {
                let (role, version) = (entry.role, entry.version);
                return Err(HolderLogFault::Conflict { role, version, earlier });
            }
            None if entry.over.is_some() => return Err(HolderLogFault::Over { line }),
            _ => {}
        }
        let text = line_of(&entry);
        if !HOLDER_LOG.allows(self.text.len() + text.len()) {
            return Err(HolderLogFault::Past(HOLDER_LOG));
        }
        self.hasher.add(text.as_bytes());
        self.text.push_str(&text);
        self.entries.push(entry);
        Ok(&self.entries[self.entries.len() - 1])
    }
}

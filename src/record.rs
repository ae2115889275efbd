//! The keyholder's own record of whose key is whose, `docs/spec/record.md`: a small strict TOML file on her own medium.
//! What stands there outranks cards, plans and files. It opens nothing and proves nothing.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, SeqAccess, Visitor};
use tuf_ceremony::key::{Fingerprint, NotAFingerprint};
use tuf_ceremony::limits::{Limit, OWNER};

use crate::operator::clean::{cell, quoted};
use crate::report::CLAUSE;
use crate::report::names::{NameSource, Names};

/// The format version.
pub const FORMAT: u64 = 1;

/// A key's fingerprint has this many hex digits; of a longer one no more is told.
const FINGERPRINT: usize = 64;

/// A file is no record of names.
#[derive(Debug, thiserror::Error)]
pub enum RecordFault {
    /// It is no text.
    #[error("it is not UTF-8 text")]
    NotText,
    /// It is not the TOML that belongs there.
    #[error("line {line}: {problem}")]
    Toml {
        /// The line, from one.
        line: usize,
        /// What is wrong, cleaned.
        problem: String,
    },
    /// Another format.
    #[error("it has format {found}, and this conclave reads format {FORMAT}")]
    Format {
        /// Its format.
        found: u64,
    },
    /// A key is not named by its fingerprint.
    #[error("{found} names no key")]
    Fingerprint {
        /// What stands there, cleaned.
        found: String,
        /// What belongs there.
        #[source]
        source: NotAFingerprint,
    },
    /// A key without a name.
    #[error("the key {key} has no name, or an empty one")]
    NoName {
        /// The key.
        key: Fingerprint,
    },
    /// A name that is none.
    #[error("the key {key} has a name that is too long: {limit}")]
    LongName {
        /// The key.
        key: Fingerprint,
        /// How long it may be.
        limit: Limit,
    },
    /// One name twice.
    #[error("the key {key} has the name {name} twice")]
    Twice {
        /// The key.
        key: Fingerprint,
        /// The name, cleaned.
        name: String,
    },
}

/// Whose key is whose, by the keyholder's own word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    holders: BTreeMap<Fingerprint, Vec<String>>,
}

impl Record {
    /// Reads a record strictly.
    ///
    /// # Errors
    /// The first thing that is wrong with it; nothing of it is used.
    pub fn read(bytes: &[u8]) -> Result<Record, RecordFault> {
        let text = std::str::from_utf8(bytes).map_err(|_| RecordFault::NotText)?;
        // The format first: a later one may have fields that are unknown here.
        let OnlyFormat { format } = parsed(text)?;
        if format != FORMAT {
            return Err(RecordFault::Format { found: format });
        }
        let Written { format: _, keys } = parsed(text)?;
        let mut holders = BTreeMap::new();
        for (fingerprint, OneOrMore(names)) in keys {
            let key = Fingerprint::from_hex(&fingerprint).map_err(|source| RecordFault::Fingerprint {
                found: quoted(&fingerprint, FINGERPRINT),
                source,
            })?;
            check(key, &names)?;
            holders.insert(key, names);
        }
        Ok(Record { holders })
    }

    /// Tells `names` what stands here.
    pub fn say(&self, names: &mut Names) {
        for (key, holders) in &self.holders {
            names.say(*key, NameSource::OwnRecord, holders);
        }
    }
}

fn check(key: Fingerprint, names: &[String]) -> Result<(), RecordFault> {
    if names.is_empty() || names.iter().any(|name| name.trim().is_empty()) {
        return Err(RecordFault::NoName { key });
    }
    if names.iter().any(|name| !OWNER.allows(name.len())) {
        return Err(RecordFault::LongName { key, limit: OWNER });
    }
    match names.iter().enumerate().find(|(at, name)| names[..*at].contains(name)) {
        Some((_, name)) => Err(RecordFault::Twice { key, name: quoted(name, CLAUSE) }),
        None => Ok(()),
    }
}

#[derive(Deserialize)]
struct OnlyFormat {
    format: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[expect(dead_code, reason = "read before, by itself; named so that it is no unknown field")]
    format: u64,
    keys: BTreeMap<String, OneOrMore>,
}

/// `"Alice"` or `["Alice", "Bob"]`.
struct OneOrMore(Vec<String>);

impl<'de> Deserialize<'de> for OneOrMore {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Names;
        impl<'de> Visitor<'de> for Names {
            type Value = OneOrMore;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name or a list of names")
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<OneOrMore, E> {
                Ok(OneOrMore(vec![name.to_owned()]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<OneOrMore, A::Error> {
                let mut names = Vec::new();
                while let Some(name) = list.next_element()? {
                    names.push(name);
                }
                Ok(OneOrMore(names))
            }
        }
        deserializer.deserialize_any(Names)
    }
}

fn parsed<'t, T: Deserialize<'t>>(text: &'t str) -> Result<T, RecordFault> {
    toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start.min(text.len()));
        let line = text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
        RecordFault::Toml { line, problem: cell(error.message(), CLAUSE) }
    })
}

#[cfg(test)]
mod tests;

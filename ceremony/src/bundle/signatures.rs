//! The verified signatures on one draft, by public key. Which are kept does not depend on the order in which they
//! arrive: the byte-wise smallest of each twin class, and of those the four smallest (MODEL 11).

use std::collections::{BTreeMap, BTreeSet};

use crate::draft::VerifiedSignature;
use crate::key::Fingerprint;
use crate::key::encoding::twin_class;
use crate::limits::{KEPT_SIGNATURES, SOURCES};

/// Where a signature came from: `file:SHA256` of an imported file, or `token:URI` of a token that made it here.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source(String);

/// A text is no source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a source is file: or token: and up to 300 printable ASCII characters")]
pub struct NotASource;

impl Source {
    /// Takes a source as text.
    ///
    /// # Errors
    /// When it is of no known kind, too long, or holds other than printable ASCII.
    pub fn of(text: &str) -> Result<Source, NotASource> {
        let known = text.starts_with("file:") || text.starts_with("token:");
        let plain = text.len() <= 306 && text.bytes().all(|b| b.is_ascii_graphic());
        if known && plain { Ok(Source(text.to_owned())) } else { Err(NotASource) }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One verified signature and where it was met.
#[derive(Debug, Clone)]
pub struct Signature {
    /// The proof.
    pub verified: VerifiedSignature,
    /// Where it came from; at most [`SOURCES`], the smallest.
    pub sources: BTreeSet<Source>,
}

/// All that are kept on one draft.
#[derive(Debug, Clone, Default)]
pub struct Signatures {
    /// Per key, sorted by bytes; never empty.
    by_key: BTreeMap<Fingerprint, Vec<Signature>>,
}

impl Signatures {
    /// Adds one; whether the same bytes were already kept is the answer.
    pub(super) fn add(&mut self, verified: VerifiedSignature, sources: BTreeSet<Source>) -> bool {
        let kept = self.by_key.entry(verified.fingerprint()).or_default();
        let class = |v: &VerifiedSignature| twin_class(v.key().scheme(), v.bytes());
        let twin = kept.iter_mut().find(|s| class(&s.verified) == class(&verified));
        let known = twin.as_ref().is_some_and(|s| s.verified.bytes() == verified.bytes());
        match twin {
            Some(same) if known => {
                same.sources.extend(sources);
                cut(&mut same.sources);
            }
            Some(larger) if larger.verified.bytes() > verified.bytes() => {
                *larger = Signature { verified, sources }
            }
            Some(_) => {}
            None => kept.push(Signature { verified, sources }),
        }
        kept.sort_by(|a, b| a.verified.bytes().cmp(b.verified.bytes()));
        kept.truncate(KEPT_SIGNATURES.most);
        known
    }

    /// The keys that have signed.
    #[must_use]
    pub fn keys(&self) -> BTreeSet<Fingerprint> {
        self.by_key.keys().copied().collect()
    }

    /// All signatures, by key and then by bytes.
    pub fn all(&self) -> impl Iterator<Item = &Signature> {
        self.by_key.values().flatten()
    }

    /// What this key signed, smallest first.
    #[must_use]
    pub fn by(&self, key: Fingerprint) -> &[Signature] {
        self.by_key.get(&key).map_or(&[], Vec::as_slice)
    }

    /// Keys with two signatures that no arithmetic explains: they were asked to sign twice.
    pub fn signed_twice(&self) -> impl Iterator<Item = Fingerprint> {
        self.by_key.iter().filter(|(_, kept)| kept.len() > 1).map(|(key, _)| *key)
    }
}

fn cut(sources: &mut BTreeSet<Source>) {
    while sources.len() > SOURCES.most {
        sources.pop_last();
    }
}

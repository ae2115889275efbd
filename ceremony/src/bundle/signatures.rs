//! The verified signatures on one draft, by public key. Which are kept does not depend on the order in which they
//! arrive: the byte-wise smallest of each twin class, and of those the four smallest (MODEL 11).

use std::collections::{BTreeMap, BTreeSet};

use crate::draft::VerifiedSignature;
use crate::key::encoding::twin_class;
use crate::key::{Fingerprint, PublicKey};
use crate::limits::{KEPT_SIGNATURES, SOURCE, SOURCES};

/// Where a signature came from: `file:SHA256` of an imported file, or `token:URI` of a token that made it here.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source(String);

/// A text is no source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a source is file: or token: and up to 300 printable ASCII characters, and a token's URI names neither modules nor PINs"
)]
pub struct NotASource;

impl Source {
    /// Takes a source as text.
    ///
    /// # Errors
    /// When it is of no known kind, too long, holds other than printable ASCII, or a URI that says where a module
    /// or a PIN is (MODEL 25): bundles travel.
    pub fn of(text: &str) -> Result<Source, NotASource> {
        let known = text.starts_with("file:") || text.strip_prefix("token:").is_some_and(may_travel);
        let plain = SOURCE.allows(text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        if known && plain { Ok(Source(text.to_owned())) } else { Err(NotASource) }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The attributes of RFC 7512 that belong to one machine.
const STAY_HOME: [&str; 4] = ["module-path", "module-name", "pin-source", "pin-value"];

fn may_travel(uri: &str) -> bool {
    let attributes = uri.split_once(':').map_or(uri, |(_, rest)| rest).split([';', '?', '&']);
    let mut names = attributes.map(|a| a.split('=').next().unwrap_or_default());
    !names.any(|name| STAY_HOME.iter().any(|s| s.eq_ignore_ascii_case(name)))
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
    /// Per public key and name of its scheme, sorted by bytes; never empty. The cap holds for each scheme: an
    /// authority that lists an RSA key under one of its schemes has no use for signatures by another.
    by_key: BTreeMap<(Fingerprint, &'static str), Vec<Signature>>,
}

impl Signatures {
    /// Adds one; whether the same bytes were already kept is the answer.
    pub(super) fn add(&mut self, verified: VerifiedSignature, sources: BTreeSet<Source>) -> bool {
        let kept = self.by_key.entry(place(verified.key())).or_default();
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

    /// All signatures, by key, scheme and then bytes.
    pub fn all(&self) -> impl Iterator<Item = &Signature> {
        self.by_key.values().flatten()
    }

    /// What this public key signed, under whichever scheme.
    #[must_use]
    pub fn by(&self, key: Fingerprint) -> Vec<&Signature> {
        self.all().filter(|s| s.verified.fingerprint() == key).collect()
    }

    /// What this key signed under its scheme, smallest first.
    #[must_use]
    pub fn under(&self, key: &PublicKey) -> &[Signature] {
        self.by_key.get(&place(key)).map_or(&[], Vec::as_slice)
    }

    /// Keys with two signatures that neither arithmetic nor two schemes explain: they were asked to sign twice.
    pub fn signed_twice(&self) -> impl Iterator<Item = Fingerprint> {
        let twice = self.by_key.iter().filter(|(_, kept)| kept.len() > 1).map(|((key, _), _)| *key);
        twice.collect::<BTreeSet<_>>().into_iter()
    }
}

fn place(key: &PublicKey) -> (Fingerprint, &'static str) {
    (key.fingerprint(), key.scheme().name())
}

fn cut(sources: &mut BTreeSet<Source>) {
    while sources.len() > SOURCES.most {
        sources.pop_last();
    }
}

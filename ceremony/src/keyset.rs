//! Thresholds, verdicts, tallies and quorum: the one place that counts. An entry counts for an authority only under
//! a key id that this authority lists; then distinct public keys count (MODEL 8). It does not decide which
//! authorities a draft has; that is [`crate::draft`].

use std::collections::BTreeSet;

use crate::digest::Digest;
use crate::key::{Fingerprint, KeyProblem, Message, PublicKey, SignatureProblem};
use crate::metadata::{Delegations, Entry, EntryFault, KeyEntry, Metadata, RoleKeys, RoleType, ShapeFault};

/// The keys and the threshold that one document gives one role.
#[derive(Debug, Clone)]
pub struct Authority {
    document: Digest,
    role: String,
    threshold: u64,
    members: Vec<Member>,
}

/// One key id that an authority lists for its role.
#[derive(Debug, Clone)]
pub struct Member {
    /// The key id, as given.
    pub keyid: String,
    /// The public key, or why it can never count.
    pub key: Result<PublicKey, MemberProblem>,
    /// The holder's name, where the document claims one.
    pub owner: Option<String>,
}

/// Why a listed key id can never count.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MemberProblem {
    /// The role lists it, the key table does not hold it.
    #[error("the key table has no key under this key id")]
    NotInTable,
    /// The key itself.
    #[error(transparent)]
    Key(#[from] KeyProblem),
}

/// A document gives no keys to a role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuthorityFault {
    /// The document has not the shape of its role.
    #[error(transparent)]
    Shape(#[from] ShapeFault),
    /// It names no such role.
    #[error("the {by} document, version {version}, names no role {role:?}")]
    NoSuchRole {
        /// The kind of the document.
        by: RoleType,
        /// Its version.
        version: u64,
        /// The role that was looked for.
        role: String,
    },
}

/// What one signature entry is worth to one authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// A valid signature by this public key.
    Ok(Fingerprint),
    /// A placeholder.
    Empty,
    /// The signature does not verify.
    BadSignature(SignatureProblem),
    /// The key id is none of this authority's.
    NotInRole,
    /// The key has a keytype or scheme that we cannot verify.
    UnknownScheme(KeyProblem),
    /// The key is too weak to count.
    WeakKey(KeyProblem),
    /// The key or the entry is not written as it should be.
    Malformed(String),
}

impl Verdict {
    /// The verdict in one word, as `--json` prints it.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Verdict::Ok(_) => "ok",
            Verdict::Empty => "empty",
            Verdict::BadSignature(_) => "bad-signature",
            Verdict::NotInRole => "not-in-role",
            Verdict::UnknownScheme(_) => "unknown-scheme",
            Verdict::WeakKey(_) => "weak-key",
            Verdict::Malformed(_) => "malformed",
        }
    }

    /// The key that counts, if one does.
    #[must_use]
    pub fn counts(&self) -> Option<Fingerprint> {
        match self {
            Verdict::Ok(key) => Some(*key),
            _ => None,
        }
    }

    fn of_problem(problem: &MemberProblem) -> Verdict {
        match problem {
            MemberProblem::Key(key @ KeyProblem::UnknownScheme { .. }) => Verdict::UnknownScheme(key.clone()),
            MemberProblem::Key(key @ KeyProblem::Weak { .. }) => Verdict::WeakKey(key.clone()),
            other => Verdict::Malformed(other.to_string()),
        }
    }
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Verdict::Ok(_) => f.write_str("a valid signature"),
            Verdict::Empty => f.write_str("a placeholder, not signed yet"),
            Verdict::BadSignature(why) => why.fmt(f),
            Verdict::NotInRole => f.write_str("the key is none of the role's"),
            Verdict::UnknownScheme(why) | Verdict::WeakKey(why) => why.fmt(f),
            Verdict::Malformed(why) => f.write_str(why),
        }
    }
}

impl Authority {
    /// What `document` says of `role`: a root speaks for the four roles, a targets document for those it delegates to.
    ///
    /// # Errors
    /// When it has another shape or names no such role.
    pub fn in_document(document: &Metadata, role: &str) -> Result<Authority, AuthorityFault> {
        let missing = || AuthorityFault::NoSuchRole {
            by: document.role_type(),
            version: document.version(),
            role: role.chars().take(200).collect(),
        };
        match document.role_type() {
            RoleType::Root => {
                let root = document.root()?;
                let keys = root.role(role).ok_or_else(missing)?;
                Ok(Authority::of(document.payload(), role, keys, &root.keys))
            }
            RoleType::Targets => {
                let delegations = document.targets()?.delegations;
                let found =
                    delegations.as_ref().and_then(|d: &Delegations<'_>| Some((d.role(role)?, &d.keys)));
                let (keys, table) = found.ok_or_else(missing)?;
                Ok(Authority::of(document.payload(), role, keys, table))
            }
            RoleType::Snapshot | RoleType::Timestamp => Err(missing()),
        }
    }

    /// The authority that a role entry and its key table make.
    #[must_use]
    pub fn of(document: Digest, role: &str, keys: &RoleKeys<'_>, table: &[KeyEntry<'_>]) -> Authority {
        let member = |keyid: &str| {
            let entry = table.iter().find(|k| k.keyid == keyid);
            let key = match entry {
                None => Err(MemberProblem::NotInTable),
                Some(entry) => entry.key.clone().map_err(MemberProblem::Key),
            };
            Member { keyid: keyid.to_owned(), key, owner: entry.and_then(|e| e.owner.clone()) }
        };
        let members = keys.keyids.iter().map(|k| member(k)).collect();
        Authority { document, role: role.to_owned(), threshold: keys.threshold, members }
    }

    /// The payload digest of the document that speaks.
    #[must_use]
    pub fn document(&self) -> Digest {
        self.document
    }

    /// The role it speaks for.
    #[must_use]
    pub fn role(&self) -> &str {
        &self.role
    }

    /// How many distinct public keys must sign; at least 1.
    #[must_use]
    pub fn threshold(&self) -> u64 {
        self.threshold
    }

    /// Its key ids in the order of the document.
    #[must_use]
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// The distinct public keys that can count.
    #[must_use]
    pub fn distinct_keys(&self) -> BTreeSet<Fingerprint> {
        self.members.iter().filter_map(|m| m.key.as_ref().ok()).map(PublicKey::fingerprint).collect()
    }

    /// The key with this fingerprint, if it is a member's.
    #[must_use]
    pub fn key(&self, fingerprint: Fingerprint) -> Option<&PublicKey> {
        self.members.iter().filter_map(|m| m.key.as_ref().ok()).find(|k| k.fingerprint() == fingerprint)
    }

    /// Whether a member is this public key under this scheme. RSA keys have several schemes, and a signature by one
    /// of them is none by another.
    #[must_use]
    pub fn lists(&self, key: &PublicKey) -> bool {
        let mut keys = self.members.iter().filter_map(|m| m.key.as_ref().ok());
        keys.any(|k| k.fingerprint() == key.fingerprint() && k.scheme() == key.scheme())
    }

    /// The key ids under which this public key stands here, in the order of the document.
    pub fn keyids_of(&self, fingerprint: Fingerprint) -> impl Iterator<Item = &str> {
        let is = move |m: &&Member| m.key.as_ref().is_ok_and(|k| k.fingerprint() == fingerprint);
        self.members.iter().filter(is).map(|m| m.keyid.as_str())
    }

    /// What one entry over `message` is worth here.
    #[must_use]
    pub fn judge(&self, message: &dyn Message, entry: &Entry<'_>) -> Verdict {
        if entry.signature == Err(EntryFault::Shape) {
            return Verdict::Malformed(EntryFault::Shape.to_string());
        }
        let Some(member) = self.members.iter().find(|m| m.keyid == entry.keyid) else {
            return Verdict::NotInRole;
        };
        match (&entry.signature, &member.key) {
            (Ok(signature), _) if signature.is_empty() => Verdict::Empty,
            (_, Err(problem)) => Verdict::of_problem(problem),
            (Err(fault), _) => Verdict::Malformed(fault.to_string()),
            (Ok(signature), Ok(key)) => match key.verify(message, signature) {
                Ok(()) => Verdict::Ok(key.fingerprint()),
                Err(problem) => Verdict::BadSignature(problem),
            },
        }
    }

    /// Counts: of the keys that signed, the distinct ones that are members.
    #[must_use]
    pub fn tally(&self, signed: &BTreeSet<Fingerprint>) -> Tally {
        let (mut counted, mut waiting, mut unable) = (Vec::new(), Vec::new(), Vec::new());
        let mut seen = BTreeSet::new();
        for member in &self.members {
            match &member.key {
                Err(problem) => unable.push((member.keyid.clone(), problem.clone())),
                Ok(key) if !seen.insert(key.fingerprint()) => {}
                Ok(key) => {
                    let voice = Voice {
                        keyid: member.keyid.clone(),
                        key: key.fingerprint(),
                        owner: member.owner.clone(),
                    };
                    if signed.contains(&voice.key) { counted.push(voice) } else { waiting.push(voice) }
                }
            }
        }
        Tally {
            authority: self.document,
            role: self.role.clone(),
            threshold: self.threshold,
            counted,
            waiting,
            unable,
        }
    }
}

/// One distinct public key in a tally, under its first key id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voice {
    /// The first key id under which the authority lists the key.
    pub keyid: String,
    /// The public key.
    pub key: Fingerprint,
    /// The holder's name, where the document claims one.
    pub owner: Option<String>,
}

/// Who has signed for one authority, who has not, and whether it suffices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// The payload digest of the document that speaks.
    pub authority: Digest,
    /// The role.
    pub role: String,
    /// How many distinct public keys must sign.
    pub threshold: u64,
    /// Distinct public keys with a valid signature, in role order.
    pub counted: Vec<Voice>,
    /// Distinct public keys that could still sign, in role order.
    pub waiting: Vec<Voice>,
    /// Key ids that can never count, and why.
    pub unable: Vec<(String, MemberProblem)>,
}

impl Tally {
    /// How many distinct public keys have signed.
    #[must_use]
    pub fn valid(&self) -> u64 {
        self.counted.len() as u64
    }

    /// Whether the threshold is met.
    #[must_use]
    pub fn is_met(&self) -> bool {
        self.valid() >= self.threshold
    }

    /// How many more are needed.
    #[must_use]
    pub fn missing(&self) -> u64 {
        self.threshold.saturating_sub(self.valid())
    }

    /// Whether those who could still sign are enough.
    #[must_use]
    pub fn can_be_met(&self) -> bool {
        self.valid() + self.waiting.len() as u64 >= self.threshold
    }
}

/// The proof that every authority of a draft is satisfied: only this lets a draft become final.
#[derive(Debug, Clone, Copy)]
pub struct Quorum<'t> {
    tallies: &'t [Tally],
}

/// Some authority is not satisfied yet.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the {role} threshold is not met: {valid} of {threshold} keys have signed")]
pub struct NoQuorum {
    /// The role.
    pub role: String,
    /// The authority that misses signatures.
    pub authority: Digest,
    /// Distinct public keys that signed.
    pub valid: u64,
    /// How many are needed.
    pub threshold: u64,
}

impl<'t> Quorum<'t> {
    /// Takes complete tallies.
    ///
    /// # Errors
    /// The first authority that still misses signatures.
    ///
    /// # Panics
    /// Never on tallies of a draft, which has at least one authority.
    pub fn of(tallies: &'t [Tally]) -> Result<Quorum<'t>, NoQuorum> {
        assert!(!tallies.is_empty(), "a draft has at least one authority");
        match tallies.iter().find(|t| !t.is_met()) {
            None => Ok(Quorum { tallies }),
            Some(t) => Err(NoQuorum {
                role: t.role.clone(),
                authority: t.authority,
                valid: t.valid(),
                threshold: t.threshold,
            }),
        }
    }

    /// The tallies that earned it.
    #[must_use]
    pub fn tallies(&self) -> &'t [Tally] {
        self.tallies
    }
}

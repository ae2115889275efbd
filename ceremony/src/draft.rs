//! A draft is one metadata document that people are asked to sign, and the authorities that must be satisfied before
//! it is final (MODEL 1, 3). Only a draft makes a [`VerifiedSignature`].

use crate::key::{Fingerprint, Message, PublicKey, SignatureProblem};
use crate::keyset::{Authority, AuthorityFault};
use crate::limits::ROLE_NAME;
use crate::metadata::{Metadata, RoleType, ShapeFault};

/// Metadata to be signed for one role.
#[derive(Debug, Clone)]
pub struct Draft {
    metadata: Metadata,
    role: String,
}

/// A document cannot be a draft for this role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DraftFault {
    /// It has not the shape of its role.
    #[error(transparent)]
    Shape(#[from] ShapeFault),
    /// A role name that is no file name.
    #[error(
        "{role:?} cannot be a role name: it becomes a file name and may hold no separator, dot name or control character"
    )]
    RoleName {
        /// The name.
        role: String,
    },
    /// The document is of another type than its role.
    #[error("{found} metadata cannot be signed for the role {role:?}")]
    RoleType {
        /// What the document is.
        found: RoleType,
        /// The role.
        role: String,
    },
}

/// A draft's authorities cannot be told from what was given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StandingFault {
    /// A document names no keys for the role.
    #[error(transparent)]
    Authority(#[from] AuthorityFault),
    /// Above version 1 a root is judged by the trusted root before it.
    #[error("root version {version} is judged by the trusted root version {}, and none was given", version.saturating_sub(1))]
    NoPredecessor {
        /// The draft's version.
        version: u64,
    },
    /// Another role than root is judged by a trusted document, and none was given.
    #[error("a {role} document is judged by a trusted document that names its keys, and none was given")]
    NoAuthority {
        /// The role.
        role: String,
    },
    /// A first root has no predecessor.
    #[error(
        "root version {version} is a first root and is judged by itself alone; a trusted root was given as well"
    )]
    FirstRoot {
        /// The draft's version.
        version: u64,
    },
    /// A root follows the trusted one by exactly one version (TUF 5.3.5).
    #[error("root version {version} does not follow the trusted root, which has version {trusted}")]
    NotNext {
        /// The draft's version.
        version: u64,
        /// The trusted root's version.
        trusted: u64,
    },
    /// The trusted document is of a kind that cannot speak for this role.
    #[error("a {found} document cannot say who signs for {role:?}")]
    WrongKind {
        /// What was given.
        found: RoleType,
        /// The draft's role.
        role: String,
    },
}

/// Whether a role's name can be a file's.
pub(crate) fn is_file_name(role: &str) -> bool {
    ROLE_NAME.allows(role.len())
        && !role.is_empty()
        && !role.starts_with('.')
        && !role.contains(['/', '\\', ':'])
        && !role.chars().any(char::is_control)
}

impl Draft {
    /// Takes metadata as a draft. Without a role name it is the role of its type; a delegated role must be named.
    ///
    /// # Errors
    /// When the shape is wrong or the name cannot be its role's.
    pub fn of(metadata: Metadata, role: Option<&str>) -> Result<Draft, DraftFault> {
        metadata.check_shape()?;
        let role = role.unwrap_or(metadata.role_type().name()).to_owned();
        let named = RoleType::named(&role);
        if !is_file_name(&role) {
            return Err(DraftFault::RoleName { role: role.chars().take(ROLE_NAME.most).collect() });
        }
        let fits = match named {
            Some(role_type) => role_type == metadata.role_type(),
            None => metadata.role_type() == RoleType::Targets,
        };
        if !fits {
            return Err(DraftFault::RoleType { found: metadata.role_type(), role });
        }
        Ok(Draft { metadata, role })
    }

    /// The document.
    #[must_use]
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// The role it is signed for.
    #[must_use]
    pub fn role(&self) -> &str {
        &self.role
    }

    /// Of two texts of one payload, the one with the smallest SHA-256 (MODEL 2).
    #[must_use]
    pub fn with_smaller_text(self, other: &Draft) -> Draft {
        Draft { metadata: self.metadata.with_smaller_text(&other.metadata), role: self.role }
    }

    /// Whether the role is one that a targets document delegates to.
    #[must_use]
    pub fn is_delegated(&self) -> bool {
        RoleType::named(&self.role).is_none()
    }

    /// The name of its final file (TUF 6.2.1): `N.ROLE.json`, and `timestamp.json` without a version.
    #[must_use]
    pub fn final_name(&self) -> String {
        match self.metadata.role_type() {
            RoleType::Timestamp => "timestamp.json".to_owned(),
            _ => format!("{}.{}.json", self.metadata.version(), self.role),
        }
    }

    /// The authorities that must all be satisfied, the draft's own first (MODEL 3): root 1 is judged by itself, root
    /// N+1 by itself and by the trusted root N, every other role by the trusted document that names its keys.
    ///
    /// # Errors
    /// When `trusted` is missing, too much, of the wrong kind or version, or names no keys.
    pub fn authorities(&self, trusted: Option<&Metadata>) -> Result<Vec<Authority>, StandingFault> {
        let version = self.metadata.version();
        let role = || self.role.clone();
        if self.metadata.role_type() == RoleType::Root {
            let own = Authority::in_document(&self.metadata, &self.role)?;
            return match trusted {
                None if version <= 1 => Ok(vec![own]),
                None => Err(StandingFault::NoPredecessor { version }),
                Some(_) if version <= 1 => Err(StandingFault::FirstRoot { version }),
                Some(old) if old.role_type() != RoleType::Root => {
                    Err(StandingFault::WrongKind { found: old.role_type(), role: role() })
                }
                Some(old) if old.version().checked_add(1) != Some(version) => {
                    Err(StandingFault::NotNext { version, trusted: old.version() })
                }
                Some(old) => Ok(vec![own, Authority::in_document(old, &self.role)?]),
            };
        }
        let trusted = trusted.ok_or_else(|| StandingFault::NoAuthority { role: role() })?;
        let wanted = if self.is_delegated() { RoleType::Targets } else { RoleType::Root };
        if trusted.role_type() != wanted {
            return Err(StandingFault::WrongKind { found: trusted.role_type(), role: role() });
        }
        Ok(vec![Authority::in_document(trusted, &self.role)?])
    }

    /// Verifies a signature over this draft. Only this makes a [`VerifiedSignature`].
    ///
    /// # Errors
    /// Why it does not verify.
    pub fn verify(&self, key: &PublicKey, signature: &[u8]) -> Result<VerifiedSignature, SignatureProblem> {
        key.verify(&self.metadata as &dyn Message, signature)?;
        Ok(VerifiedSignature { key: key.clone(), bytes: signature.to_vec() })
    }
}

/// A signature that was verified over a draft. It exists, so it is valid.
#[derive(Debug, Clone)]
pub struct VerifiedSignature {
    key: PublicKey,
    bytes: Vec<u8>,
}

impl VerifiedSignature {
    /// The key that made it.
    #[must_use]
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// The key's fingerprint.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        self.key.fingerprint()
    }

    /// The signature as metadata carries it (before hex).
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

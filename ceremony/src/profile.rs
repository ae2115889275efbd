//! A machine's profile (`docs/spec/profile.md`): which vendors' modules it loads, from where, in which order, and with which
//! variables. It belongs to its machine and never to a plan; a ceremony remembers its digest.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::digest::Digest;
use crate::limits::{LINE, Limit, NAME, REASON, SMALL_FILE};
use crate::strict::{self, TomlFault};

/// The format version of profiles.
pub const FORMAT: u64 = 1;

/// What one machine is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[non_exhaustive]
pub struct Profile {
    /// The format version, [`FORMAT`].
    pub format: u64,
    /// The modules by their names, in the order in which they are tried; each stands here once.
    pub drivers: Vec<String>,
    /// The modules, by name.
    pub module: BTreeMap<String, Module>,
}

/// A vendor's PKCS#11 module.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Module {
    /// Where it lies: absolute, with no dot names.
    pub path: String,
    /// SHA-256 of its file; another file is not loaded.
    pub sha256: Digest,
    /// The only variables that its process gets.
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
    /// Whether its process may open internet sockets: for online roles only (DESIGN 19).
    #[serde(default)]
    pub network: bool,
}

/// A profile is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProfileFault {
    /// It cannot be read as a profile.
    #[error(transparent)]
    Toml(#[from] TomlFault),
    /// It names no module.
    #[error("it names no module")]
    NoModule,
    /// A name that is none.
    #[error("the module {name:?} has no name of 1 to {} lower-case letters, digits and hyphens", NAME.most)]
    Name {
        /// The name.
        name: String,
    },
    /// A driver that is no module.
    #[error("`drivers` names {name:?}, which is none of its modules")]
    UnknownDriver {
        /// The name.
        name: String,
    },
    /// A driver twice.
    #[error("`drivers` lists {name:?} twice")]
    DriverTwice {
        /// The name.
        name: String,
    },
    /// A module that would never be tried.
    #[error("`drivers` leaves out the module {name:?}")]
    NotADriver {
        /// The name.
        name: String,
    },
    /// A path that may lead elsewhere tomorrow.
    #[error("`module.{name}.path` must be absolute, with no empty or dot names and no control characters")]
    Path {
        /// The module.
        name: String,
    },
    /// No variable of a process.
    #[error("`module.{name}.environment` has {variable:?}: {why}")]
    Variable {
        /// The module.
        name: String,
        /// The variable.
        variable: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// More than a cap allows.
    #[error("`module.{name}` is past a limit: {limit}")]
    Past {
        /// The module.
        name: String,
        /// The cap.
        limit: Limit,
    },
}

impl Profile {
    /// Reads a profile.
    ///
    /// # Errors
    /// A [`ProfileFault`] names the line or the module.
    pub fn read(text: &[u8]) -> Result<Profile, ProfileFault> {
        let profile: Profile = strict::read(text, SMALL_FILE, FORMAT)?;
        profile.check()?;
        Ok(profile)
    }

    /// The modules in the order in which they are tried.
    ///
    /// # Panics
    /// Never on a profile that was read: its drivers are its modules.
    pub fn modules(&self) -> impl Iterator<Item = (&str, &Module)> {
        self.drivers.iter().map(|name| (name.as_str(), &self.module[name]))
    }

    fn check(&self) -> Result<(), ProfileFault> {
        if self.module.is_empty() {
            return Err(ProfileFault::NoModule);
        }
        let mut listed = BTreeSet::new();
        for name in &self.drivers {
            if !self.module.contains_key(name) {
                return Err(ProfileFault::UnknownDriver { name: cut(name) });
            }
            if !listed.insert(name) {
                return Err(ProfileFault::DriverTwice { name: cut(name) });
            }
        }
        for (name, module) in &self.module {
            if !strict::is_name(name) {
                return Err(ProfileFault::Name { name: cut(name) });
            }
            if !listed.contains(name) {
                return Err(ProfileFault::NotADriver { name: name.clone() });
            }
            module.check(name)?;
        }
        Ok(())
    }
}

impl Module {
    fn check(&self, name: &str) -> Result<(), ProfileFault> {
        let name = || name.to_owned();
        let rest = self.path.strip_prefix('/');
        let plain = |part: &str| !matches!(part, "" | "." | "..");
        if !rest.is_some_and(|rest| rest.split('/').all(plain)) || self.path.chars().any(char::is_control) {
            return Err(ProfileFault::Path { name: name() });
        }
        if !LINE.allows(self.path.chars().count()) {
            return Err(ProfileFault::Past { name: name(), limit: LINE });
        }
        for (variable, value) in &self.environment {
            if !REASON.allows(variable.chars().count() + value.chars().count()) {
                return Err(ProfileFault::Past { name: name(), limit: REASON });
            }
            if let Some(why) = odd_variable(variable, value) {
                return Err(ProfileFault::Variable { name: name(), variable: variable.clone(), why });
            }
        }
        Ok(())
    }
}

fn odd_variable(variable: &str, value: &str) -> Option<&'static str> {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    let starts = variable.bytes().next().is_some_and(|b| !b.is_ascii_digit());
    match () {
        () if !starts || !variable.bytes().all(fits) => Some("a variable is letters, digits and underscores"),
        // They make the loader run code that no SHA-256 of the profile stands for.
        () if ["LD_PRELOAD", "LD_AUDIT"].contains(&variable) => {
            Some("it would load other code than the module")
        }
        () if value.chars().any(char::is_control) => Some("its value holds a control character"),
        () => None,
    }
}

fn cut(name: &str) -> String {
    name.chars().take(LINE.most).collect()
}

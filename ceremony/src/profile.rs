//! A machine's profile (`docs/spec/profile.md`): which vendors' modules it loads, and whether it speaks to PIV cards without one, from where, in which order, and with which
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
    /// The modules by their names, in the order in which they are tried; each stands here once. [`PIV`] stands for PIV cards
    /// that need none, unless it is the name of a module.
    pub drivers: Vec<String>,
    /// The modules, by name.
    #[serde(default)]
    pub module: BTreeMap<String, Module>,
    /// What PIV cards without a module need, if anything.
    pub piv: Option<Piv>,
}

/// The driver for PIV cards that are spoken to without a module.
pub const PIV: &str = "piv";

/// PIV cards without a module.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Piv {
    /// The only variables that their process gets.
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
}

/// What one of the drivers is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way<'p> {
    /// A vendor's module.
    Module(&'p Module),
    /// PIV cards without one, and what they need.
    Piv(Option<&'p Piv>),
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
    /// What it is given when it is initialised (`pReserved` of `C_Initialize`), for the few that need a text there.
    #[serde(default)]
    pub init: Option<String>,
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
    /// What PIV cards need, where no driver stands for them.
    #[error("`piv` says what PIV cards need, and `drivers` does not list them")]
    UnusedPiv,
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
    /// A text for its initialisation that is none.
    #[error("`module.{name}.init` is empty or has control characters")]
    Init {
        /// The module.
        name: String,
    },
    /// No variable of a process.
    #[error("`{table}.environment` has {variable:?}: {why}")]
    Variable {
        /// The table: of a module, or of the cards.
        table: String,
        /// The variable.
        variable: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// More than a cap allows.
    #[error("`{table}` is past a limit: {limit}")]
    Past {
        /// The table: of a module, or of the cards.
        table: String,
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

    /// The drivers in the order in which they are tried.
    pub fn ways(&self) -> impl Iterator<Item = (&str, Way<'_>)> {
        self.drivers.iter().map(|name| {
            let piv = Way::Piv(self.piv.as_ref());
            (name.as_str(), self.module.get(name).map_or(piv, Way::Module))
        })
    }

    /// The modules in the order in which they are tried.
    pub fn modules(&self) -> impl Iterator<Item = (&str, &Module)> {
        self.ways().filter_map(|(name, way)| match way {
            Way::Module(module) => Some((name, module)),
            Way::Piv(_) => None,
        })
    }

    /// Whether `name` stands for PIV cards without a module.
    fn is_piv(&self, name: &str) -> bool {
        name == PIV && !self.module.contains_key(PIV)
    }

    fn check(&self) -> Result<(), ProfileFault> {
        if self.module.is_empty() && !self.drivers.iter().any(|name| self.is_piv(name)) {
            return Err(ProfileFault::NoModule);
        }
        if self.piv.is_some() && !self.drivers.iter().any(|name| self.is_piv(name)) {
            return Err(ProfileFault::UnusedPiv);
        }
        let mut listed = BTreeSet::new();
        for name in &self.drivers {
            if !self.module.contains_key(name) && !self.is_piv(name) {
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
        if let Some(piv) = &self.piv {
            check_environment(PIV.to_owned(), &piv.environment, &LOADS_OTHER_CODE_FOR_CARDS)?;
        }
        Ok(())
    }
}

impl Module {
    fn check(&self, name: &str) -> Result<(), ProfileFault> {
        let (name, table) = (|| name.to_owned(), || format!("module.{name}"));
        let rest = self.path.strip_prefix('/');
        let plain = |part: &str| !matches!(part, "" | "." | "..");
        if !rest.is_some_and(|rest| rest.split('/').all(plain)) || self.path.chars().any(char::is_control) {
            return Err(ProfileFault::Path { name: name() });
        }
        if !LINE.allows(self.path.chars().count()) {
            return Err(ProfileFault::Past { table: table(), limit: LINE });
        }
        if let Some(init) = &self.init {
            if init.is_empty() || init.chars().any(char::is_control) {
                return Err(ProfileFault::Init { name: name() });
            }
            if !REASON.allows(init.chars().count()) {
                return Err(ProfileFault::Past { table: table(), limit: REASON });
            }
        }
        check_environment(table(), &self.environment, &LOADS_OTHER_CODE)
    }
}

/// Variables that make the loader run code for which no SHA-256 of the profile stands.
pub const LOADS_OTHER_CODE: [&str; 2] = ["LD_PRELOAD", "LD_AUDIT"];

/// The same where this program's own code speaks: it needs no library out of another folder, as some vendors' modules do.
pub const LOADS_OTHER_CODE_FOR_CARDS: [&str; 3] = ["LD_PRELOAD", "LD_AUDIT", "LD_LIBRARY_PATH"];

fn check_environment(
    table: String,
    environment: &BTreeMap<String, String>,
    refused: &[&str],
) -> Result<(), ProfileFault> {
    for (variable, value) in environment {
        if !REASON.allows(variable.chars().count() + value.chars().count()) {
            return Err(ProfileFault::Past { table, limit: REASON });
        }
        if let Some(why) = odd_variable(variable, value, refused) {
            return Err(ProfileFault::Variable { table, variable: variable.clone(), why });
        }
    }
    Ok(())
}

fn odd_variable(variable: &str, value: &str, refused: &[&str]) -> Option<&'static str> {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    let starts = variable.bytes().next().is_some_and(|b| !b.is_ascii_digit());
    match () {
        () if !starts || !variable.bytes().all(fits) => Some("a variable is letters, digits and underscores"),
        () if refused.contains(&variable) => Some("it would load other code than is meant"),
        () if value.chars().any(char::is_control) => Some("its value holds a control character"),
        () => None,
    }
}

fn cut(name: &str) -> String {
    name.chars().take(LINE.most).collect()
}

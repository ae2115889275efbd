//! One module as it is to be loaded: which file, pinned by which digest, with which variables, with or without a network.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use tuf_ceremony::digest::Digest;
use tuf_ceremony::profile::{Profile, Way};

use super::fault::TokenFault;

/// Whose code speaks to the tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaker {
    /// A PKCS#11 module.
    Module,
    /// This program's own, for PIV cards.
    Piv,
}

/// A way to tokens, and the conditions under which its process runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Driver {
    /// Whose code it runs.
    pub speaker: Speaker,
    /// What it is called: its name in the machine's profile.
    pub name: String,
    /// The module's file; empty where none is loaded.
    pub module: PathBuf,
    /// SHA-256 that the file must have right before it is loaded; `None` where a person named the file herself.
    pub sha256: Option<Digest>,
    /// The only variables that its process gets.
    pub environment: Vec<(OsString, OsString)>,
    /// What it is given when it is initialised.
    pub init: Option<String>,
    /// Whether its process may open internet sockets.
    pub network: bool,
    /// Whether the profile allows it one, and the step does not.
    pub network_withheld: bool,
}

/// Says where pcscd is, other than in its usual place.
pub const SOCKET_VARIABLE: &str = "PCSCLITE_CSOCK_NAME";

/// Whether this process is told where pcscd is, and a process with this environment is not.
#[must_use]
pub fn keeps_socket_back(environment: &[(OsString, OsString)]) -> bool {
    std::env::var_os(SOCKET_VARIABLE).is_some()
        && !environment.iter().any(|(name, _)| name == SOCKET_VARIABLE)
}

impl Driver {
    /// A fault of listing, with its cause where that is pcscd: behind cards there is no module that could be blamed.
    #[must_use]
    pub fn explained(&self, fault: TokenFault) -> TokenFault {
        match fault {
            TokenFault::NoCardService { .. }
                if self.speaker == Speaker::Piv && keeps_socket_back(&self.environment) =>
            {
                TokenFault::SocketNotPassed { variable: SOCKET_VARIABLE.to_owned() }
            }
            TokenFault::ModuleHung { seconds, .. } if self.speaker == Speaker::Piv => {
                TokenFault::CardServiceHung { seconds }
            }
            other => other,
        }
    }

    /// A module that a person named by its file: no variables, no network, no pin.
    #[must_use]
    pub fn of_file(module: &Path) -> Self {
        let name = module.file_name().unwrap_or(module.as_os_str()).to_string_lossy().into_owned();
        Self {
            speaker: Speaker::Module,
            name,
            module: module.to_owned(),
            sha256: None,
            environment: Vec::new(),
            init: None,
            network: false,
            network_withheld: false,
        }
    }

    /// PIV cards in this machine's readers, without a module.
    #[must_use]
    pub fn piv() -> Self {
        Self {
            speaker: Speaker::Piv,
            name: "piv".into(),
            module: PathBuf::new(),
            ..Self::of_file(Path::new("piv"))
        }
    }

    /// The same with these variables.
    #[must_use]
    pub fn with_environment(self, environment: &[(OsString, OsString)]) -> Self {
        Self { environment: environment.to_vec(), ..self }
    }

    /// The modules of a machine, in the order of its profile. `network_allowed` says that the role is an online one: a module
    /// gets a network only where the profile and the role both say so (DESIGN 19).
    #[must_use]
    pub fn of_profile(profile: &Profile, network_allowed: bool) -> Vec<Self> {
        let named = |environment: &BTreeMap<String, String>| {
            environment.iter().map(|(name, value)| (name.into(), value.into())).collect()
        };
        let driver = |(name, way): (&str, Way<'_>)| match way {
            Way::Module(module) => Self {
                speaker: Speaker::Module,
                name: name.to_owned(),
                module: PathBuf::from(&module.path),
                sha256: Some(module.sha256),
                environment: named(&module.environment),
                init: module.init.clone(),
                network: module.network && network_allowed,
                network_withheld: module.network && !network_allowed,
            },
            Way::Piv(piv) => {
                let environment = piv.map(|piv| named(&piv.environment)).unwrap_or_default();
                Self { environment, ..Self::piv() }
            }
        };
        profile.ways().map(driver).collect()
    }
}

//! What is known of modules by the names of their files: what they reach, which variables they need, and which of them are
//! nothing for a ceremony. A name proves nothing: the SHA-256 in a profile does.

use std::path::Path;

/// What stands behind a module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// A program that keeps its keys in files.
    Program,
    /// Smart cards, through pcscd.
    Cards,
    /// The machine's own TPM.
    Tpm,
    /// An HSM, through its maker's service on this machine.
    Hsm,
    /// An HSM that is reached over a network.
    Networked,
    /// Other modules, as p11-kit's configuration names them: what is behind it is pinned by nothing.
    Forwards,
    /// Certificates, and no keys.
    Certificates,
    /// Another module, with all that passes written down: the PIN as well.
    Records,
}

impl Nature {
    /// Whether a ceremony can use such a module.
    #[must_use]
    pub fn serves(self) -> bool {
        !matches!(self, Self::Forwards | Self::Certificates | Self::Records)
    }
}

/// What is known of one module.
#[derive(Debug, PartialEq, Eq)]
pub struct Known {
    /// What a profile may call it.
    pub name: &'static str,
    /// What its file is called, its usual name first.
    pub files: &'static [&'static str],
    /// Where it lies besides the folders of libraries.
    pub folders: &'static [&'static str],
    /// What stands behind it.
    pub nature: Nature,
    /// Variables without which it finds nothing, or not what is meant.
    pub variables: &'static [&'static str],
    /// The text without which it does not start.
    pub init: Option<&'static str>,
}

const fn known(name: &'static str, nature: Nature, files: &'static [&'static str]) -> Known {
    Known { name, files, folders: &[], nature, variables: &[], init: None }
}

impl Known {
    const fn at(self, folders: &'static [&'static str]) -> Known {
        Known { folders, ..self }
    }

    const fn with(self, variables: &'static [&'static str]) -> Known {
        Known { variables, ..self }
    }

    const fn started_with(self, init: &'static str) -> Known {
        Known { init: Some(init), ..self }
    }

    /// What is known of the module in a file of this name.
    #[must_use]
    pub fn of(path: &Path) -> Option<&'static Known> {
        let name = path.file_name()?.to_str()?;
        let fits =
            |file: &&str| name == *file || name.strip_prefix(*file).is_some_and(|rest| rest.starts_with('.'));
        KNOWN.iter().find(|known| known.files.iter().any(&fits))
    }
}

/// All of them. Folders are those that the makers' manuals name.
pub(super) const KNOWN: &[Known] = &[
    known("softhsm2", Nature::Program, &["libsofthsm2.so"]).with(&["SOFTHSM2_CONF"]),
    known("kryoptic", Nature::Program, &["libkryoptic_pkcs11.so"]).with(&["KRYOPTIC_CONF"]),
    known("nss", Nature::Program, &["libsoftokn3.so"])
        .started_with("configdir='sql:...' certPrefix='' keyPrefix='' secmod='' flags= "),
    known("gnome-keyring", Nature::Program, &["gnome-keyring-pkcs11.so"]),
    known("opensc", Nature::Cards, &["opensc-pkcs11.so"]),
    known("opensc-onepin", Nature::Cards, &["onepin-opensc-pkcs11.so"]),
    known("ykcs11", Nature::Cards, &["libykcs11.so", "libykcs11.so.2", "libykcs11.so.1"]),
    known("etoken", Nature::Cards, &["libeToken.so", "libeTPkcs11.so"]),
    known("idprime", Nature::Cards, &["libIDPrimePKCS11.so"]),
    known("tpm2", Nature::Tpm, &["libtpm2_pkcs11.so", "libtpm2_pkcs11.so.1", "libtpm2_pkcs11.so.0"])
        .with(&["TPM2_PKCS11_STORE", "TPM2_PKCS11_TCTI"]),
    known("opencryptoki", Nature::Hsm, &["libopencryptoki.so"]),
    known("nshield", Nature::Hsm, &["libcknfast.so"]).at(&["/opt/nfast/toolkits/pkcs11"]),
    known("protectserver", Nature::Hsm, &["libcryptoki.so"])
        .at(&["/opt/safenet/protecttoolkit5/ptk/lib", "/opt/safenet/protecttoolkit7/ptk/lib"]),
    known("yubihsm", Nature::Networked, &["yubihsm_pkcs11.so"]).with(&["YUBIHSM_PKCS11_CONF"]),
    known("luna", Nature::Networked, &["libCryptoki2_64.so"])
        .at(&["/usr/safenet/lunaclient/lib"])
        .with(&["ChrystokiConfigurationPath"]),
    known("utimaco", Nature::Networked, &["libcs_pkcs11_R3.so"])
        .at(&["/opt/utimaco/lib", "/usr/lib/utimaco"])
        .with(&["CS_PKCS11_R3_CFG"]),
    known("utimaco-r2", Nature::Networked, &["libcs_pkcs11_R2.so"])
        .at(&["/opt/utimaco/lib", "/usr/lib/utimaco"])
        .with(&["CS_PKCS11_R2_CFG"]),
    known("aws-cloudhsm", Nature::Networked, &["libcloudhsm_pkcs11.so"]).at(&["/opt/cloudhsm/lib"]),
    known("nethsm", Nature::Networked, &["libnethsm_pkcs11.so"]).with(&["P11NETHSM_CONFIG_FILE"]),
    known("primus", Nature::Networked, &["libprimusP11.so"]).at(&["/usr/local/primus/lib"]),
    known("p11-kit-proxy", Nature::Forwards, &["p11-kit-proxy.so"]),
    known("p11-kit-client", Nature::Forwards, &["p11-kit-client.so"]),
    known("p11-kit-trust", Nature::Certificates, &["p11-kit-trust.so"]),
    known("nss-roots", Nature::Certificates, &["libnssckbi.so"]),
    known("pkcs11-spy", Nature::Records, &["pkcs11-spy.so"]),
];

/// A name for a module in a profile: what is known of it, or its file's name as far as such names go.
#[must_use]
pub fn name_for(path: &Path) -> String {
    if let Some(known) = Known::of(path) {
        return known.name.to_owned();
    }
    let stem = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    let stem = stem.split(".so").next().unwrap_or_default();
    let mut name: String =
        stem.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(36).collect();
    name = name.trim_matches('-').to_owned();
    if name.is_empty() { "module".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tuf_ceremony::profile::Profile;

    fn is_name(name: &str) -> bool {
        let zeros = "0".repeat(64);
        let text = format!(
            "format = 1\ndrivers = [{name:?}]\n[module.{name}]\npath = \"/m.so\"\nsha256 = \"{zeros}\"\n"
        );
        Profile::read(text.as_bytes()).is_ok()
    }

    #[test]
    fn a_module_is_known_by_its_file_under_any_version_and_not_by_half_a_name() {
        let name = |path| Known::of(Path::new(path)).map(|known| known.name);
        assert_eq!(name("/usr/lib/x86_64-linux-gnu/libykcs11.so.2.2.0"), Some("ykcs11"));
        assert_eq!(name("/usr/lib/softhsm/libsofthsm2.so"), Some("softhsm2"));
        assert_eq!(name("/usr/lib/pkcs11/p11-kit-proxy.so"), Some("p11-kit-proxy"));
        assert_eq!(name("/usr/lib/libsofthsm2.sold"), None);
        assert_eq!(name("/"), None);
    }

    #[test]
    fn every_name_is_one_that_a_profile_takes() {
        for known in KNOWN {
            assert!(is_name(known.name), "{}", known.name);
            assert_eq!(KNOWN.iter().filter(|other| other.name == known.name).count(), 1, "{}", known.name);
        }
        for (path, name) in [("/x/Lib Acme_P11.so.3", "lib-acme-p11"), ("/x/--.so", "module")] {
            assert_eq!(name_for(Path::new(path)), name);
            assert!(is_name(name));
        }
    }
}

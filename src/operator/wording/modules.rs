//! Sentences on the PKCS#11 modules of a machine, of which none was loaded.

use super::counted;
use crate::discovery::Nature;

/// The heading.
pub const HEADING: &str = "PKCS#11 modules that were found; none was loaded";
/// Nothing was found.
pub const NONE_FOUND: &str =
    "No module was found: neither p11-kit's configuration nor the usual places lead to one.";
/// Labels.
pub const FILE: &str = "file";
/// A label: what stands behind a module.
pub const WHAT: &str = "what";
/// A label: where it was found.
pub const FOUND: &str = "found";
/// A label: its digest, over the whole line.
pub const SHA256: &str = "SHA-256";
/// A label: whether a profile pins it.
pub const PINNED: &str = "pinned";
/// A label: what is odd.
pub const ODD: &str = "ODD";

/// What stands behind a module.
pub fn nature(nature: Nature) -> &'static str {
    match nature {
        Nature::Program => "a program that keeps keys in files: no device",
        Nature::Cards => "smart cards, through pcscd",
        Nature::Tpm => "this machine's own TPM",
        Nature::Hsm => "an HSM, through its maker's service on this machine",
        Nature::Networked => "an HSM that most reach over a network, which only online roles get",
        Nature::Forwards => "other modules, whichever p11-kit's configuration names: pin those instead",
        Nature::Certificates => "certificates, and no keys",
        Nature::Records => "another module, and a file in which all that passes is written, PINs too",
    }
}
/// What is not known.
pub const UNKNOWN: &str = "not known to this program by its name";

/// Found in a configuration; the path is cleaned.
pub fn configured(file: &str, for_us: bool) -> String {
    if for_us { format!("p11-kit's {file}") } else { format!("p11-kit's {file}, for other programs only") }
}
/// Found in the profile.
pub const IN_PROFILE: &str = "the machine's profile";
/// Found where modules usually lie.
pub const USUAL_PLACE: &str = "a usual place";
/// Other names of the file; cleaned.
pub fn also(paths: &str) -> String {
    format!("also as {paths}")
}

/// A profile pins it.
pub fn pinned(name: &str) -> String {
    format!("yes, as {name}")
}
/// A profile names the path and pins another file.
pub fn pinned_otherwise(name: &str, pinned: &str) -> String {
    format!("NO: {name} in the profile pins another file at this path, SHA-256 {pinned}")
}
/// The profile does not name it.
pub const NOT_PINNED: &str = "no";
/// It cannot be loaded here.
pub const OTHER_MACHINE: &str = "it is for another kind of machine, and cannot be loaded here";
/// It is no library at all.
pub const NO_LIBRARY: &str = "it is no library";

/// A module behind a program; both are cleaned.
pub fn remote(file: &str, command: &str) -> String {
    format!("p11-kit's {file} leads to another program: {command}. Such modules are never run here.")
}
/// Configuration that cannot be followed; both are cleaned.
pub fn unread(file: &str, why: &str) -> String {
    format!("ODD: {file} cannot be followed: {why}", why = why.trim_end_matches('.')) + "."
}

/// The end: what to do with the list.
pub fn pin_some(example: &str) -> String {
    format!(
        "To use one, pin it: `conclave modules {example} > machine.toml` writes a profile for it; then --profile machine.toml."
    )
}
/// The end: how many are pinned.
pub fn pinned_count(pinned: u64, found: u64) -> String {
    format!("The profile pins {pinned} of {}.", counted(found, "module", "modules"))
}

/// In a profile that was written: what it is for.
pub const PROFILE_COMMENT: &str = "# A machine profile: read it, complete it, then use it with --profile.";
/// In a profile that was written: a module needs variables.
pub fn needs_variables(variables: &str) -> String {
    format!("# environment = {{ {variables} }}  # needed: fill it in")
}
/// In a profile that was written: a module needs a text at its start.
pub fn needs_init(init: &str) -> String {
    format!("# needed, with the path filled in:\n# init = {init}")
}
/// In a profile that was written: a module that is reached over a network.
pub const NETWORK_COMMENT: &str = "# network = true  # for online roles only, where its device needs one";

/// A name that nothing found has.
pub fn no_such(name: &str) -> String {
    format!("No module {name} was found.")
}
/// The driver for PIV cards is asked for.
pub const PIV_IS_NO_MODULE: &str =
    "\"piv\" is no module: this program brings it along, and nothing is pinned for it.";
/// Advice: where it belongs.
pub const PIV_AMONG_DRIVERS: &str = "Name only modules here; then write piv into the profile's first lines, as drivers = [\"softhsm2\", \"piv\"].";
/// Advice: which names there are; cleaned.
pub fn names_are(names: &str) -> String {
    if names.is_empty() {
        return "Install the package that holds the module, or name its file with --module.".to_owned();
    }
    format!("Name one of these: {names}.")
}
/// A module that no profile should pin.
pub fn serves_nothing(name: &str) -> String {
    format!("{name} is no module for a ceremony.")
}
/// The cause: what stands behind it.
pub fn leads_to(what: &str) -> String {
    format!("it leads to {what}")
}
/// A module's file that cannot be pinned.
pub fn cannot_pin(name: &str) -> String {
    format!("{name} cannot be pinned.")
}
/// Advice: choose another module.
pub const NAME_ANOTHER: &str = "Name another module; `conclave modules` lists them.";

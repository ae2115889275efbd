//! The text of a machine profile (`docs/spec/profile.md`) that pins modules which were found. It is printed for a person to
//! read and complete; the strict reader has taken every piece of it before that.

use std::fmt::Write as _;

use tuf_ceremony::profile::{FORMAT, Profile};

use super::Named;
use crate::discovery::{Fit, ModuleFile, Nature};
use crate::fault::Fault;
use crate::operator::clean::{identifier, quoted_path};
use crate::operator::wording::modules as said;
use crate::report::NAME;

/// The driver that this program brings along for PIV cards.
const PIV: &str = "piv";

/// Those that were named, in that order.
pub(super) fn chosen<'n>(modules: &'n [Named], names: &[String]) -> Result<Vec<&'n Named>, Fault> {
    let find = |name: &String| {
        modules.iter().find(|module| module.name == *name).ok_or_else(|| {
            if name == PIV {
                return Fault::refused(said::PIV_IS_NO_MODULE).now(said::PIV_AMONG_DRIVERS);
            }
            let known: Vec<&str> = modules.iter().map(|module| module.name.as_str()).collect();
            Fault::refused(said::no_such(&identifier(name, NAME))).now(said::names_are(&known.join(", ")))
        })
    };
    names.iter().map(find).collect()
}

/// A whole profile.
pub(super) fn profile(chosen: &[&Named]) -> Result<String, Fault> {
    let names: Vec<String> = chosen.iter().map(|named| toml(&named.name)).collect();
    let mut text = format!("{}\n{}", said::PROFILE_COMMENT, head(&names.join(", ")));
    for named in chosen {
        text.push('\n');
        text.push_str(&entry(named)?);
    }
    match Profile::read(text.as_bytes()) {
        Ok(_) => Ok(text),
        Err(fault) => {
            Err(Fault::refused(said::cannot_pin(&names.join(", "))).because(&fault).now(said::NAME_ANOTHER))
        }
    }
}

/// One module's piece of it.
pub(super) fn entry(named: &Named) -> Result<String, Fault> {
    let Named { name, found, .. } = named;
    let nature = found.known.map(|known| known.nature);
    if let Some(nature) = nature.filter(|nature| !nature.serves()) {
        return Err(Fault::refused(said::serves_nothing(name))
            .because_of(said::leads_to(said::nature(nature)))
            .now(said::NAME_ANOTHER));
    }
    let refused =
        |why: String| Fault::refused(said::cannot_pin(name)).because_of(why).now(said::NAME_ANOTHER);
    let file = match &found.file {
        Ok(ModuleFile { fit: Fit::OtherMachine, .. }) => return Err(refused(said::OTHER_MACHINE.to_owned())),
        Ok(ModuleFile { fit: Fit::NoLibrary, .. }) => return Err(refused(said::NO_LIBRARY.to_owned())),
        Ok(file) => file,
        Err(fault) => return Err(refused(fault.to_string())),
    };
    let path = found.path.to_str().ok_or_else(|| refused(quoted_path(&found.path)))?;
    let mut text =
        format!("[module.{name}]\npath = {}\nsha256 = {}\n", toml(path), toml(&file.sha256.to_string()));
    let variables: Vec<String> = found
        .known
        .iter()
        .flat_map(|known| known.variables)
        .map(|name| format!("{name} = \"...\""))
        .collect();
    if !variables.is_empty() {
        let _ = writeln!(text, "{}", said::needs_variables(&variables.join(", ")));
    }
    if let Some(init) = found.known.and_then(|known| known.init) {
        let _ = writeln!(text, "{}", said::needs_init(&toml(init)));
    }
    if nature == Some(Nature::Networked) {
        let _ = writeln!(text, "{}", said::NETWORK_COMMENT);
    }
    match Profile::read(format!("{}{text}", head(&toml(name))).as_bytes()) {
        Ok(_) => Ok(text),
        Err(fault) => Err(refused(fault.to_string())),
    }
}

fn head(names: &str) -> String {
    format!("format = {FORMAT}\ndrivers = [{names}]\n")
}

/// A TOML string in printable ASCII.
fn toml(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            ' '..='~' => out.push(c),
            other => {
                let _ = write!(out, "\\U{:08x}", u32::from(other));
            }
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_any_letters_is_read_as_it_was() {
        for path in ["/usr/lib/a.so", "/opt/caf\u{e9} \"x\"\\/m.so", "/\u{1f511}.so"] {
            let zeros = "0".repeat(64);
            let text = format!("{}[module.m]\npath = {}\nsha256 = \"{zeros}\"\n", head("\"m\""), toml(path));
            assert!(text.is_ascii());
            let profile = Profile::read(text.as_bytes()).unwrap();
            assert_eq!(profile.modules().next().unwrap().1.path, path);
        }
    }
}
